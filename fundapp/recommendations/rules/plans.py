"""What a State's implementation plan holds: its measures, what is wrong with one, what it puts into practice. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import get_close_matches

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import LANGUAGES
from fundapp.recommendations.rules.following import Progress
from fundapp.recommendations.rules.register import Difference, Mechanism

LONGEST = {"title": 300, "reference": 40, "text": 4_000, "responsible": 300, "indicator": 4_000, "project": 200}
MOST_LINKS = 400  # recommendations of one measure; whole cycles have fewer
OPEN = frozenset({Progress.NOT_STARTED, Progress.UNDER_WAY})
MOST_NEAREST = 3
MOST_STRANGE = 50  # names that mean nothing: for the first of them the nearest are looked for, which takes its time


@dataclass(frozen=True, slots=True)
class Planned:
    """What somebody says of a plan: its title, the language of its texts, its first and last day."""

    title: str
    language: str = "en"
    since: date | None = None
    until: date | None = None

    def faults(self) -> list[Fault]:
        """What is wrong with it, field by field."""
        found = _lengths({"title": self.title})
        if not self.title:
            found.append(Fault("plan.no-title", {}, field="title"))
        if self.language not in LANGUAGES:
            found.append(Fault("plan.language", {"text": self.language[:20]}, field="language"))
        if self.since and self.until and self.until < self.since:
            found.append(Fault("plan.upside-down", {"since": self.since.isoformat()}, field="until"))
        return found


@dataclass(frozen=True, slots=True)
class Doing:
    """What a measure says: what is to be done, by whom, until when, how one will know, and how far it has come."""

    reference: str
    text: str
    responsible: str = ""
    due: date | None = None
    indicator: str = ""
    progress: Progress = Progress.NOT_STARTED
    project: str = ""

    def faults(self) -> list[Fault]:
        """What is wrong with it, field by field."""
        words = {name: value for name in LONGEST if name != "title" and (value := getattr(self, name))}
        found = _lengths(words)
        if not self.reference:
            found.append(Fault("measure.no-reference", {}, field="reference"))
        if not self.text:
            found.append(Fault("measure.no-text", {}, field="text"))
        return found


FIELDS = tuple(one.name for one in fields(Doing))


def _lengths(words: Mapping[str, str]) -> list[Fault]:
    return [
        Fault("measure.long", {"found": len(text), "largest": LONGEST[name]}, field=name)
        for name, text in words.items()
        if len(text) > LONGEST[name]
    ]


def told(faults: Sequence[Fault]) -> None:
    """Refuse for all of these faults, where there are any."""
    if faults:
        raise Refusal(*faults)


def tidy(text: str) -> str:
    """A text of several lines as it is kept: no blank ends of lines, no empty lines around it, no signs of control."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_plain(line).rstrip() for line in lines).strip()


def one_line(text: str) -> str:
    """A text that is kept on one line."""
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Without signs that a file of others or a database cannot hold: controls, halves of characters."""
    if text.isprintable():
        return text
    kinds = ((letter, unicodedata.category(letter)) for letter in text)
    return "".join(" " if kind in ("Cc", "Zl", "Zp") else letter for letter, kind in kinds if kind not in ("Cs", "Cn"))


def overdue(due: date | None, progress: Progress, on: date) -> bool:
    """Whether the day is over and the measure still open."""
    return due is not None and due < on and progress in OPEN


def outside(due: date | None, since: date | None, until: date | None) -> bool:
    """Whether a day lies outside the plan's own: said, and not refused."""
    return due is not None and ((since is not None and due < since) or (until is not None and due > until))


# ------------------------------------------------------------------------------------------ naming recommendations

_SYMBOL = re.compile(r"[A-Z]{1,6}(?:/[\w.-]+)+")
_CYCLE = re.compile(r"\(?\b(?:cycle|ciclo|цикл|الجولة)\s*[:.]?\s*(\d)\b\)?|第(\d)轮|^(\d)\s*:\s*(?=\d)", re.IGNORECASE)
_PARAGRAPH_WORD = re.compile(r"^(?:paragraphs?|paras?|párrs?|párrafos?|пп?|الفقرة|§+|第)\.?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:#|№|(?:no|n[.º°o]+)\.?\s)\s*(\d{1,15})$", re.IGNORECASE)
_BRACKET = re.compile(r"\[([^\[\]]+)\]\s*(?:\[[a-z/]+\])?\s*$")
_MARK = re.compile(r"^[-–•*]\s*")


@dataclass(frozen=True, slots=True)
class Named:
    """A recommendation as somebody names it: by number in the register, or by paragraph with cycle or symbol."""

    written: str
    number: int | None = None
    symbol: str = ""
    cycle: int | None = None
    paragraph: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A recommendation of a State as it can be named; `kept` is the number that counts where it was joined."""

    number: int
    kept: int
    mechanism: Mechanism
    cycle: int | None
    symbol: str
    paragraph: str

    def shown(self) -> str:
        """How it is named to people: symbol and paragraph, or cycle and paragraph, or its number."""
        if self.paragraph and self.symbol:
            return f"{self.symbol} {self.paragraph}"
        if self.paragraph and self.cycle:
            return f"{self.paragraph} (cycle {self.cycle})"
        return f"#{self.number}"


def names_in(text: str, symbol: str = "", cycle: int | None = None) -> list[Named]:
    """The recommendations that a cell or a field names, with the symbol or cycle that stands beside it."""
    found: list[Named] = []
    for line in text.splitlines():
        bare = _MARK.sub("", line.strip())
        bracket = _BRACKET.search(bare)
        for part in [bracket[1]] if bracket else re.split(r"[;,،、；，]", bare):
            if words := one_line(part):
                one = named(words, symbol, cycle)
                symbol = one.symbol or symbol
                found += [one] if one.paragraph or one.number is not None or not one.symbol else []
    return list(dict.fromkeys(found))


def named(words: str, symbol: str = "", cycle: int | None = None) -> Named:
    """One such name."""
    if number := _NUMBER.fullmatch(words):
        return Named(words, number=int(number[1]))
    rest = words
    if said := _SYMBOL.search(rest):
        symbol, rest = said[0], (rest[: said.start()] + " " + rest[said.end() :]).strip(" :")
    if of := _CYCLE.search(rest):
        cycle = int(next(filter(None, of.groups())))
        rest = (rest[: of.start()] + " " + rest[of.end() :]).strip()
    paragraph = _PARAGRAPH_WORD.sub("", rest.strip(" :")).strip(" .:")
    return Named(words, symbol=symbol, cycle=cycle, paragraph=paragraph)


class Shelf:
    """The recommendations of one State, to find those that people name."""

    def __init__(self, placed: Iterable[Placed]) -> None:
        self.of = {one.number: one for one in placed}
        self._by: dict[str, list[Placed]] = {}
        self.strange = 0
        for one in self.of.values():
            self._by.setdefault(one.paragraph.casefold(), []).append(one)

    def candidates(self, name: Named) -> list[Placed]:
        """Those that a name may mean, each by the one that counts."""
        if name.number is not None:
            found = [self.of[name.number]] if name.number in self.of else []
        else:
            found = self._by.get(name.paragraph.casefold(), []) if name.paragraph else []
            found = [one for one in found if name.cycle in (None, one.cycle)]
            found = _of_symbol(found, name.symbol) if name.symbol else found
            if not found and name.paragraph.isascii() and name.paragraph.isdigit() and not name.symbol:
                found = [one for one in [self.of.get(int(name.paragraph[:15]))] if one]
        kept = dict.fromkeys(one.kept for one in found)
        return [self.of[number] for number in kept if number in self.of]

    def nearest(self, name: Named) -> list[str]:
        """Names that are close to one that means nothing here; none after many such names."""
        self.strange += 1
        if self.strange > MOST_STRANGE:
            return []
        known = {paragraph for paragraph in self._by if paragraph}
        close = get_close_matches(name.paragraph.casefold(), known, MOST_NEAREST, 0.5)
        return [self._by[paragraph][0].shown() for paragraph in close]

    def numbers(self, names: Iterable[Named]) -> tuple[list[int], list[Fault]]:
        """The numbers of the recommendations that are named, each once, and what is wrong with the names."""
        numbers: dict[int, None] = {}
        faults: list[Fault] = []
        for name in names:
            found = self.candidates(name)
            if len(found) == 1:
                numbers[found[0].number] = None
            elif found:
                choice = [f"{one.shown()} = #{one.number}" for one in found[:6]]
                faults.append(Fault("measure.which", {"text": name.written[:80], "found": choice}, field="links"))
            else:
                near = self.nearest(name)
                values = {"text": name.written[:80], "nearest": near}
                faults.append(Fault("measure.no-recommendation", values, field="links"))
        if len(numbers) > MOST_LINKS:
            faults.append(Fault("measure.links", {"largest": MOST_LINKS}, field="links"))
        return list(numbers), faults

    def name(self, number: int) -> str:
        """The shortest name that means this recommendation and no other: what a file carries."""
        one = self.of.get(number)
        if one is None:
            return f"#{number}"
        shown = one.shown()
        return shown if [hit.number for hit in self.candidates(named(shown))] == [one.kept] else f"#{number}"


def _of_symbol(found: Sequence[Placed], symbol: str) -> list[Placed]:
    """Those of a document; where there are none, those of which the register does not know the document."""
    of = [one for one in found if one.symbol.casefold() == symbol.casefold()]
    return of or [one for one in found if not one.symbol]


# ------------------------------------------------------------------------------------------------ comparing files


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A measure as a file has it: `given` are the fields that the file has columns for."""

    row: int
    doing: Doing
    given: frozenset[str]
    links: tuple[int, ...] = ()  # numbers of recommendations


@dataclass(frozen=True, slots=True)
class Known:
    """A measure as the plan has it, with the numbers of its recommendations."""

    id: int
    doing: Doing
    links: tuple[int, ...] = ()
    withdrawn: bool = False


def measure_differences(known: Known, row: PlanRow, say: Callable[[int], str]) -> tuple[Difference, ...]:
    """What a row says otherwise of a measure; a column that the file lacks says nothing."""
    found = [
        Difference(name, _shown(getattr(known.doing, name)), _shown(getattr(row.doing, name)))
        for name in FIELDS
        if name in row.given and getattr(known.doing, name) != getattr(row.doing, name)
    ]
    if "links" in row.given and set(row.links) != set(known.links):
        before, after = ("; ".join(sorted(map(say, numbers))) or "-" for numbers in (known.links, row.links))
        found.append(Difference("links", before, after))
    return tuple(found)


def merged_measure(known: Known, row: PlanRow) -> tuple[Doing, tuple[int, ...]]:
    """The measure as it is after the row: what the file has columns for, and the rest as it was."""
    said = {name: getattr(row.doing, name) for name in FIELDS if name in row.given and name != "reference"}
    return replace(known.doing, **said), row.links if "links" in row.given else known.links


def _shown(value: object) -> str:
    if isinstance(value, Progress):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "-")
