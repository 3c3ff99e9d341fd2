"""OHCHR's thematic lists of recommendations in Word, one State and cycle each, in their four layouts.

cycle 2: Recommendation | Recommending state/s | Position | rights and affected persons
cycles 2 and 3: Recommendation | Position | Full list of themes | Assessment/comments on level of implementation
cycle 4: Recommendation and recommending State | Position of the State under review | Human rights themes and groups of
persons | Relevant SDGs. The third of the older ones has the columns of the second, and codes before its themes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zipfile import ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from fundapp.kernel.errors import refuse
from fundapp.kernel.text import fold
from fundapp.recommendations.layouts.incoming import About, Incoming, clean, lines, unique
from fundapp.recommendations.layouts.package import opened
from fundapp.recommendations.layouts.word import Row, Table, paragraphs, tables, too_deep
from fundapp.recommendations.rules import Here, Label, Mechanism, Reading, Recommended, cycle_of
from fundapp.recommendations.rules.register import LONGEST_TEXT
from fundapp.recommendations.themes import LONGEST, persons, theme

DOCUMENT = "word/document.xml"
LARGEST = 16 * 1024**2  # bytes of the document and its headers unpacked; the largest real one has 2 MB
# What the heading of a column begins with, folded -> what the column is
ROLES = {
    "recommending state": "states",
    "recommendation": "text",
    "position": "position",
    "full list of themes": "themes",
    "human rights themes": "themes",
    "rights": "themes",
    "relevant sdg": "goals",
    "assessment": "assessment",
}
NEEDED = ("text", "position", "themes")
_TITLE = re.compile(
    r"UPR of (.{2,80}?)\s*\((\d)\s*(?:st|nd|rd|th) Cycle\W+(\d{1,3})\s*(?:st|nd|rd|th) Session", re.IGNORECASE
)
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,4}){1,2})\.?\s+")
_SOURCE = re.compile(r"Source of Position\s*:\s*", re.IGNORECASE)
_SYMBOL = re.compile(r"A/HRC/(?:WG\.6/)?\d+(?:/[A-Z]{3})?/\d+")
_SECTION = re.compile(r"Theme\s*:\s*", re.IGNORECASE)
_PERSONS = re.compile(r"(?:groups of persons|affected persons)\s*:?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """Whose review the list is of: State, cycle and session."""

    state: str
    cycle: int
    session: int | None


def recognises(names: set[str]) -> bool:
    """Whether the parts of a packed file are those of a Word document."""
    return DOCUMENT in names


def rows(file: Incoming, reading: Reading, about: About) -> Iterator[Recommended]:
    """The recommendations of all tables of the document that are such lists; rows are counted over its tables."""
    with opened(file) as package:
        found, said = _content(package, file.name)
    title = _title(said, reading, about)
    lists = [(table, roles) for table in found if (roles := _roles(table))]
    if not lists:
        raise refuse("list.no-table", name=file.name)
    done, whole = 0, sum(len(table.rows) for table, _ in lists)
    for table, roles in lists:
        if missing := [role for role in NEEDED if role not in roles]:
            raise refuse("list.no-column", row=table.rows[0].number, name=file.name, column_kind=missing[0])
        yield from _rows(table, roles, title, reading)
        done += len(table.rows)
        reading.reached(done / whole)


def _content(package: ZipFile, name: str) -> tuple[list[Table], list[str]]:
    """The tables of the document, and what its headers and paragraphs say."""
    parts = [part for part in package.namelist() if re.fullmatch(r"word/(?:document|header\d*)\.xml", part)]
    if DOCUMENT not in parts:
        raise refuse("list.no-table", name=name)
    if sum(package.getinfo(part).file_size for part in parts) > LARGEST:
        raise refuse("package.swells", name=name)
    try:
        trees = {part: fromstring(package.read(part), forbid_dtd=True) for part in parts}
    except (ParseError, DefusedXmlException, LookupError, ValueError):  # the last two for an encoding nobody knows
        raise refuse("package.broken", name=name) from None
    if any(too_deep(tree) for tree in trees.values()):
        raise refuse("package.broken", name=name)
    return tables(trees[DOCUMENT]), [text for tree in trees.values() for text in paragraphs(tree)]


def _title(said: Sequence[str], reading: Reading, about: About) -> Title:
    """The State and session that the document names, or that the person does; two that differ are refused."""
    found = next((match for text in said if (match := _TITLE.search(clean(text)))), None)
    if found is None:
        state, cycle = about.state, about.session and cycle_of(about.session)
        if not state or not cycle:
            raise refuse("list.no-title", name=reading.name)
        return Title(state, cycle, about.session)
    state, session = reading.world.state(found[1]), int(found[3])
    if state is None:
        nearest = reading.world.nearest(found[1]) or "-"
        raise refuse("state.unknown", name=reading.name, text=found[1], nearest=nearest)
    if cycle_of(session) != int(found[2]):
        raise refuse("recommendation.cycle", name=reading.name, session=session, cycle=int(found[2]))
    if about.state not in (None, state) or about.session not in (None, session):
        raise refuse("list.other-title", name=reading.name, title=found[0])
    return Title(state, int(found[2]), session)


def _roles(table: Table) -> dict[str, int]:
    """What each column of a list is; nothing for a table that is none."""
    found: dict[str, int] = {}
    for place, cell in enumerate(table.rows[0].cells if table.rows else ()):
        form = fold(cell)
        if role := next((role for begin, role in ROLES.items() if form.startswith(begin)), None):
            found.setdefault(role, place)
    return found if "text" in found else {}


def _rows(table: Table, roles: dict[str, int], title: Title, reading: Reading) -> Iterator[Recommended]:
    section: Label | None = None
    width = len(table.rows[0].cells)
    for row in table.rows[1:]:
        here = Here(reading, row.number)
        if len(row.cells) == 1 and row.spans[0] >= width:
            section = _section(row, here) or section
        elif len(row.cells) != width or any(span != 1 for span in row.spans) or row.joined:
            here.wrong("list.merged", "-", found=len(row.cells), wanted=width)
        elif any(clean(cell) for cell in row.cells) and row.cells != table.rows[0].cells:
            yield from _row({role: row.cells[place] for role, place in roles.items()}, section, title, here)


def _section(row: Row, here: Here) -> Label | None:
    """The theme that a row across the whole table names."""
    text = clean(row.cells[0])
    if text and not _SECTION.match(text):
        here.wrong("list.section", "-", text=text[:80])
    return theme(_SECTION.sub("", text)) if text and here.clean else None


def _row(cells: dict[str, str], section: Label | None, title: Title, here: Here) -> Iterator[Recommended]:
    if len(cells["text"]) > 2 * LONGEST_TEXT:  # not looked through for States: that would take for ever
        here.wrong("recommendation.text-long", "Recommendation", largest=LONGEST_TEXT)
        return
    said, _, source = (clean(part) for part in _parted(_SOURCE, cells["text"]))
    number = _NUMBER.match(said)
    text = said[number.end() :] if number else said
    if "states" in cells:
        states = _listed(cells["states"], here)
    else:
        text, states = trailing(text, here)
    text = here.text(text.rstrip(" ;"), "Recommendation")
    if number is None:
        here.wrong("list.no-number", "Recommendation", text=said[:60])
    position = here.position(clean(cells["position"]), "Position")
    themes, groups = _labels(cells["themes"], section, here)
    goals = here.goals(lines(cells.get("goals", "")), "Relevant SDGs")
    source = here.short(source, "Recommendation", 200)
    if not here.clean or number is None:
        return
    symbol = _SYMBOL.search(source)
    yield Recommended(
        row=here.row,
        key=f"upr:{title.state}:{title.cycle}:{number[1]}",
        mechanism=Mechanism.UPR,
        state=title.state,
        texts={here.reading.world.language: text},
        cycle=title.cycle,
        session=title.session,
        symbol=symbol[0] if symbol else "",
        paragraph=number[1],
        position=position,
        position_source=source,
        assessment=clean(cells.get("assessment", "")),
        states=states,
        themes=themes,
        persons=groups,
        goals=goals,
    )


def _parted(mark: re.Pattern[str], text: str) -> tuple[str, str, str]:
    """What stands before and after a mark."""
    found = mark.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _labels(cell: str, section: Label | None, here: Here) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    """The themes of a row, with that of its section, and its groups of persons."""
    before, _, after = _parted(_PERSONS, cell)
    found = unique(here.short(line, "Themes", LONGEST) for line in lines(before))
    groups = unique(here.short(line, "Themes", LONGEST) for line in lines(after))
    themes = tuple(theme(text) for text in found)
    if section and section.text not in found and (section.code is None or section.code not in {t.code for t in themes}):
        themes = (section, *themes)
    return themes, tuple(persons(text) for text in groups)


def _listed(cell: str, here: Here) -> tuple[str, ...]:
    """The States of a cell that names them on lines, or with semicolons or commas between."""
    world = here.reading.world
    names = [part for line in lines(cell) for part in ([line] if world.state(line) else _split(line, here))]
    if not names:
        here.wrong("recommendation.no-state", "Recommending state")
    return unique(here.state(name, "Recommending state") for name in names)


def _split(text: str, here: Here) -> list[str]:
    """Names with marks between them; a name may have a comma or an "and" of its own."""
    for mark in (r"\s*;\s*", r"\s*,\s*", r"\s*(?:,|\band\b|\bet\b|\by\b)\s*"):
        parts = [part for part in re.split(mark, text.strip(" ;,.")) if part]
        if all(here.reading.world.state(part) for part in parts):
            return parts
    return [part for part in re.split(r"\s*[;,]\s*", text) if part]


def trailing(text: str, here: Here) -> tuple[str, tuple[str, ...]]:
    """The words of a recommendation, and the States in the parentheses that end it."""
    rest, found = text.rstrip(" ;.*"), list[str]()
    while (begin := _opening(rest)) is not None:
        names = _split(rest[begin + 1 : -1], here)
        codes = [here.reading.world.state(name) for name in names]
        if not names or None in codes:
            break
        found = [code for code in codes if code] + found
        rest = rest[:begin].rstrip(" ;,")
    if not found or _mistaken(rest, here):
        begin = _opening(rest)
        named = rest[begin + 1 : -1] if begin is not None else ""
        if named:
            here.state(named, "Recommendation")
        else:
            here.wrong("recommendation.no-state", "Recommendation")
    return rest, unique(found)


def _opening(text: str) -> int | None:
    """Where the parentheses begin that the text ends with; they may hold others."""
    depth = 0
    for place in range(len(text) - 1, -1, -1) if text.endswith(")") else ():
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return place
    return None


def _mistaken(rest: str, here: Here) -> bool:
    """Whether parentheses before those of known States hold what was meant for one: "(Franse) (Spain)". Short names
    in capitals are not: "(NMIRF) (Spain)"."""
    begin = _opening(rest)
    named = rest[begin + 1 : -1] if begin is not None else ""
    return len(named) > 3 and named[:1].isupper() and not named.isupper() and bool(here.reading.world.nearest(named))
