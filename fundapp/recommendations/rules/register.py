"""What is known of recommendations without asking a database: positions, cycles, keys, what a change is. Pure."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from fundapp.kernel.errors import MOST_FAULTS, Fault, Faults
from fundapp.kernel.text import fold

LONGEST_TEXT = 20_000  # characters; the longest real one has 650


class Mechanism(StrEnum):
    """Who recommends: States in the review, a treaty body, or a special procedure."""

    UPR = "upr"
    TREATY_BODY = "treaty-body"
    SPECIAL_PROCEDURE = "special-procedure"


class Position(StrEnum):
    """What the State under review says of a recommendation; only the review asks for it."""

    SUPPORTED = "supported"
    NOTED = "noted"
    PENDING = "pending"


class LabelKind(StrEnum):
    """What a label of a recommendation speaks of: a theme, or a group of persons."""

    THEME = "theme"
    PERSONS = "persons"


# First and last session of each cycle of the review: 2008-2011, 2012-2016, 2017-2022, from November 2022.
SESSIONS = {1: (1, 12), 2: (13, 26), 3: (27, 40), 4: (41, 54)}
_POSITIONS = {
    Position.SUPPORTED: "supported,accepted,supports,enjoys the support",
    Position.NOTED: "noted,notes,not supported,rejected,not accepted",
    Position.PENDING: "pending,pending response,to be examined,under consideration,no response",
}
_POSITION = {word: position for position, words in _POSITIONS.items() for word in words.split(",")}
# The last session of each year from 2008; the 54th is in 2027.
_LAST_OF_YEAR = (3, 6, 9, 12, 14, 17, 20, 23, 26, 28, 31, 34, 36, 39, 41, 44, 47, 50, 53, 54)
_YEAR, _STATE, _ID = 12, 15, 33  # bits of a turn
# Each byte of ASCII as it is searched for: letters small, all that is neither letter nor figure a blank
_PLAIN = bytes(ord(chr(sign).lower()) if sign < 128 and chr(sign).isalnum() else 32 for sign in range(256))
_CJK = re.compile(r"[\u3400-\u9fff]+")
_ARTICLE = re.compile(r"(?<!\w)(?:[وبكف]?ال|لل)(?=[\u0621-\u064a]{3})")
_LONGEST_WORD = 60  # letters that are searched for


@cache
def cycle_of(session: int) -> int | None:
    """The cycle of the review that a session belongs to."""
    return next((cycle for cycle, (first, last) in SESSIONS.items() if first <= session <= last), None)


@lru_cache(maxsize=256)
def session_of(text: str) -> int | None:
    """The session that a cell names by its number; None for what is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return number if cycle_of(number) else None


@cache
def year_of(session: int) -> int:
    """The year that a session of the review met in."""
    return 2008 + bisect_left(_LAST_OF_YEAR, session)


def turn(year: int, state: str, number: int) -> int:
    """The place of a recommendation in every list: the newest year first (0 is none known, and last), then by State,
    then as they were taken in. One whole number, so that a list is read on from the last one shown by one index."""
    return _group(year, state) | number


@cache
def _group(year: int, state: str) -> int:
    return before(year) | state_bits(state)


def before(year: int) -> int:
    """Where the turns of a year begin; those of later years are all smaller."""
    return ((1 << _YEAR) - 1 - year) << (_STATE + _ID)


@cache
def state_bits(state: str) -> int:
    """The State in a turn: its code, five bits a letter."""
    return sum((ord(letter) & 31) << (5 * place) for place, letter in enumerate(reversed(state))) << _ID


@lru_cache(maxsize=256)
def position_of(text: str) -> Position | None:
    """The position that a file's word means; None for a word that nobody knows."""
    return _POSITION.get(" ".join(text.casefold().replace("/", " ").split()).strip(" .*"))


@lru_cache(maxsize=8192)  # the words of a row make its key, and are stored when its batch is
def searchable(text: str) -> str:
    """The words of a text as they are searched for: folded, Arabic without its article, Chinese as pairs of signs and
    the last sign alone, each between blanks."""
    if text.isascii():
        words = text.encode().translate(_PLAIN).strip()
        while b"  " in words:  # few are apart by more than one: faster than splitting and joining all
            words = words.replace(b"  ", b" ")
        return f" {words.decode()} "
    return f" {_CJK.sub(lambda found: _pairs(found[0], last=True), _folded(text))} "


def sought(text: str) -> list[str]:
    """The words that a person looks for; each is found as the beginning of a word."""
    words = _CJK.sub(lambda found: _pairs(found[0], last=len(found[0]) == 1), _folded(text)).split()
    return [word[:_LONGEST_WORD] for word in dict.fromkeys(words)]


def _folded(text: str) -> str:
    return _ARTICLE.sub("", fold(text))


def _pairs(signs: str, *, last: bool) -> str:
    return f" {' '.join(signs[n : n + 2] for n in range(len(signs) - (not last)))} "


class Label(NamedTuple):
    """A theme or a group of persons as it was written, and the one in use that it is read as."""

    text: str
    code: str | None


@lru_cache(maxsize=4096)
def _several(texts: tuple[str, ...]) -> str:
    return "\0".join((str(len(texts)), *sorted(texts)))


@lru_cache(maxsize=4096)
def _labels(labels: tuple[Label, ...]) -> str:
    return "\0".join((str(len(labels)), *(label.text for label in labels)))


class Recommended(NamedTuple):
    """A recommendation as a file has it; `row` counts the file's rows from 1, `key` is what it is known again by."""

    row: int
    key: str
    mechanism: Mechanism
    state: str
    texts: Mapping[str, str]
    body: str = ""
    cycle: int | None = None
    session: int | None = None
    symbol: str = ""
    paragraph: str = ""
    position: Position | None = None
    position_source: str = ""
    issued: date | None = None
    assessment: str = ""
    states: tuple[str, ...] = ()
    themes: tuple[Label, ...] = ()
    persons: tuple[Label, ...] = ()
    goals: tuple[str, ...] = ()  # "16" a goal, "16.3" a target

    def facts(self) -> dict[str, object]:
        """All that it says but its words, as JSON knows it."""
        return {
            "body": self.body,
            "cycle": self.cycle,
            "session": self.session,
            "symbol": self.symbol,
            "paragraph": self.paragraph,
            "position": self.position.value if self.position else None,
            "position_source": self.position_source,
            "issued": self.issued.isoformat() if self.issued else None,
            "assessment": self.assessment,
            "states": sorted(self.states),
            "themes": [label.text for label in self.themes],
            "persons": [label.text for label in self.persons],
            "goals": sorted(self.goals),
        }

    def digest(self) -> str:
        """The mark of all that it says: equal when nothing changed. No cell holds the sign between them."""
        facts = (
            f"{self.body}\0{self.cycle}\0{self.session}\0{self.symbol}\0{self.paragraph}\0{self.position or ''}\0"
            f"{self.position_source}\0{self.issued}\0{self.assessment}\0{_several(self.states)}\0"
            f"{_labels(self.themes)}\0{_labels(self.persons)}\0{_several(self.goals)}"
        )
        said = [f"{language}\0{text}" for language, text in sorted(self.texts.items())]
        return hashlib.sha256("\0".join((facts, *said)).encode()).hexdigest()

    @property
    def year(self) -> int:
        """The year it was made in; 0 where the file does not say."""
        if self.issued and not self.session:
            return self.issued.year
        session = self.session or (SESSIONS[self.cycle][0] if self.cycle in SESSIONS else 0)
        return year_of(session) if session else 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file says otherwise than the register: field, what it was, what the file says."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that says otherwise of a recommendation that is known."""

    row: int
    key: str
    differences: tuple[Difference, ...]


def differences(known: Recommended, given: Recommended) -> tuple[Difference, ...]:
    """What a row changes; nothing where it brings the same recommendation in a further language."""
    if translates(known, given):
        return ()
    before, after = known.facts(), given.facts()
    found = [
        Difference(name, _shown(before[name]), _shown(after[name])) for name in before if before[name] != after[name]
    ]
    for language, text in given.texts.items():
        if known.texts.get(language) != text:
            found.append(Difference(f"text:{language}", known.texts.get(language, ""), text))
    return tuple(found)


def translates(known: Recommended, given: Recommended) -> bool:
    """Whether a row has none of the languages that are there: its labels are then words of its own language."""
    return not known.texts.keys() & given.texts.keys()


def merged(known: Recommended, given: Recommended) -> Recommended:
    """The recommendation as it is after the row: with a further language, or with what the row says."""
    texts = {**known.texts, **given.texts}
    facts = known if translates(known, given) else given
    return facts._replace(row=given.row, key=known.key, texts=texts)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "-"
    return "-" if value in (None, "") else str(value)


@dataclass(frozen=True, slots=True)
class World:
    """What names in files mean to this installation: States, treaty bodies (folded name -> code), targets."""

    state: Callable[[str], str | None]
    nearest: Callable[[str], str]
    bodies: Mapping[str, str]
    targets: frozenset[str]
    language: str = "en"  # of the texts of the file


class Tolerated(Faults):
    """Faults of a file whose good rows are wanted all the same: the first are kept, the others counted."""

    more = 0

    def append(self, fault: Fault) -> None:
        """Note a fault, and read on."""
        if len(self) < MOST_FAULTS:
            list.append(self, fault)
        else:
            self.more += 1


@dataclass(slots=True)
class Reading:
    """A file being read: where its faults go, how many of its rows are no recommendations, and what share of it is
    read, from 0 to 1."""

    name: str
    world: World
    faults: Faults
    left_out: int = 0
    share: float = 0.0

    def reached(self, share: float) -> None:
        """So much of the file is read."""
        self.share = share


@dataclass(slots=True)
class Here:
    """The row being read; `clean` while nothing is wrong with it."""

    reading: Reading
    row: int
    clean: bool = field(default=True)

    def wrong(self, code: str, column: str, **values: object) -> None:
        """Say what is wrong with a cell of the row."""
        self.clean = False
        self.reading.faults.append(Fault(code, {"name": self.reading.name, **values}, self.row, column))

    def state(self, text: str, column: str) -> str:
        """The State that a name means; a name that nobody knows is a fault, with the nearest."""
        world = self.reading.world
        if found := world.state(text):
            return found
        self.wrong("state.unknown", column, text=text[:80], nearest=world.nearest(text[:80]) or "-")
        return ""

    def position(self, text: str, column: str) -> Position | None:
        """The position that a word means; a word that nobody knows is a fault."""
        if (found := position_of(text)) is None:
            self.wrong("recommendation.position", column, text=text[:80])
        return found

    def text(self, text: str, column: str) -> str:
        """The words of the recommendation; none, or too many, is a fault."""
        if not text:
            self.wrong("recommendation.no-text", column)
        elif len(text) > LONGEST_TEXT:
            self.wrong("recommendation.text-long", column, largest=LONGEST_TEXT)
        return text

    def short(self, text: str, column: str, largest: int) -> str:
        """A cell that is kept whole where it is not too long."""
        if len(text) > largest:
            self.wrong("recommendation.cell-long", column, largest=largest)
        return text

    def session(self, text: str, column: str) -> int | None:
        """The number of a session of the review."""
        if (found := session_of(text)) is None:
            self.wrong("recommendation.session", column, text=text[:40])
        return found

    def cycle(self, text: str, column: str) -> int | None:
        """The number of a cycle of the review; a number that is none is a fault, words without one say nothing."""
        if text.isascii() and text.isdigit():
            if len(text) < 3 and int(text) in SESSIONS:
                return int(text)
            self.wrong("recommendation.no-cycle", column, text=text[:40])
        return None

    def in_cycle(self, session: int | None, cycle: int | None, column: str) -> None:
        """A session that contradicts the cycle is a fault."""
        if session is not None and cycle is not None and cycle_of(session) != cycle:
            self.wrong("recommendation.cycle", column, session=session, cycle=cycle)

    def goal(self, text: str, column: str) -> str | None:
        """The goal or target that a cell names: "16 - PEACE, …" is 16, "16.3 …" a target."""
        found = re.match(r"(?:SDG\s*|Goal\s*|Target\s*)?(\d{1,2})(?:\.(\d{1,2}|[a-z]))?(?![\w.])", text, re.IGNORECASE)
        if found and 1 <= int(found[1]) <= 17:
            code = f"{int(found[1])}.{found[2].lower()}" if found[2] else str(int(found[1]))
            if "." not in code or code in self.reading.world.targets:
                return code
        self.wrong("recommendation.goal", column, text=text[:80])
        return None

    def goals(self, texts: Iterable[str], column: str) -> tuple[str, ...]:
        """The goals and targets of a cell, each once."""
        return tuple(dict.fromkeys(code for text in texts if (code := self.goal(text, column))))


def once(rows: Iterable[Recommended], reading: Reading) -> Iterator[Recommended]:
    """The rows, each recommendation once; a second row for one is a fault."""
    seen: dict[str, int] = {}
    for found in rows:
        if found.key in seen:
            values = {"name": reading.name, "other": seen[found.key]}
            reading.faults.append(Fault("recommendation.twice", values, found.row))
            continue
        seen[found.key] = found.row
        yield found
