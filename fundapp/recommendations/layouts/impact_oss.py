"""Recommendations as IMPACT OSS has them: the template of its import, and the list that it downloads.

Template: title, reference, accepted, response; its second row explains them and is no recommendation. List: id, the
same and more columns by their names, then a column for each kind of category, its values a line each ("- Title
[short]"). It writes CSV in UTF-8; a workbook made of that is read as well, where the layout is named.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fundapp.kernel.errors import refuse
from fundapp.kernel.sheets import SourceRow
from fundapp.kernel.text import fold
from fundapp.recommendations.layouts.incoming import About, Incoming, clean, first_number, in_error, lines, unique
from fundapp.recommendations.layouts.sheet import bare, table
from fundapp.recommendations.layouts.uhri import mechanism
from fundapp.recommendations.rules import Here, Mechanism, Position, Reading, Recommended, cycle_of
from fundapp.recommendations.themes import LONGEST, persons, theme

# What a column is called, folded -> what it is. Categories are named as each installation likes: the usual ones.
_NAMES = {
    "title": "title",
    "reference": "reference, ref",
    "description": "description",
    "accepted": "accepted, support level, position",
    "response": "response, government response, state response",
    "state": "state, country, state under review",
    "body": "mechanism, body, human rights bodies, un mechanisms, recommending mechanisms, hr bodies",
    "cycle": "cycle, cycles, upr cycles, reporting cycles, human rights body cycles",
    "session": "session, sessions, upr session",
    "symbol": "symbol, document symbol",
    "recommending": "recommending state, recommending states",
    "themes": "themes, issues, human rights issues, human rights themes, thematic clusters, human rights",
    "persons": "affected persons, population groups, persons groups, groups of persons",
    "goals": "sdgs, sdg, sdg goals, sdg targets, sustainable development goals",
}
_FIELD = {fold(name): field for field, names in _NAMES.items() for name in names.split(", ")}
_TEMPLATE = re.compile(r"title\s*\|", re.IGNORECASE)
_SHORT = re.compile(r"\s*\[([^\[\]]+)\]$")
_PARAGRAPH = re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,4})(?![\d.])")
_YES = {Position.SUPPORTED: "true,t,yes,y,1", Position.NOTED: "false,f,no,n,0"}
_SAID = {word: position for position, words in _YES.items() for word in words.split(",")}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Field -> the heading of its column, for those that the file has."""

    of: Mapping[str, str]

    def name(self, field: str) -> str:
        """The heading, or what it would be."""
        return self.of.get(field, field)

    def cell(self, row: SourceRow, field: str) -> str:
        """What the row says of the field."""
        return bare(row.cells[self.of[field]]) if field in self.of else ""


def recognises(file: Incoming) -> bool:
    """Whether a CSV begins with the headings of this layout: a title, a reference, and one more of its own words."""
    head = file.head().decode("utf-8-sig", "replace").splitlines()
    found = set(next(csv.reader(io.StringIO(head[0])), [])) if head else set()
    own = {"accepted", "support_level", "response"} | {name for name in found if name.startswith("connected_")}
    return {"title", "reference"} <= found and bool(found & own)


def rows(file: Incoming, reading: Reading, about: About) -> Iterator[Recommended]:
    """The recommendations of the file; a row without a State is of the one that the person gives."""
    source = table(file)
    columns = _columns(source.headings, source.name)
    if "state" not in columns.of and not about.state:
        raise refuse("impact.no-state", name=source.name)
    for row in source.rows:
        if _TEMPLATE.match(columns.cell(row, "title")):
            reading.left_out += 1
        elif heading := in_error(row.cells):
            Here(reading, row.number).wrong("recommendation.cell-error", heading, text=row.cells[heading].strip())
        else:
            yield from _row(row, columns, Here(reading, row.number), about)


def _columns(headings: tuple[str, ...], name: str) -> _Columns:
    found: dict[str, str] = {}
    for heading in headings:
        if field := _FIELD.get(fold(heading)):
            found.setdefault(field, heading)
    if missing := [field for field in ("title", "reference") if field not in found]:
        raise refuse(
            "csv.column-missing",
            row=1,
            column=missing[0],
            name=name,
            heading=missing[0],
            there=", ".join(headings[:12]),
        )
    return _Columns(found)


def _row(row: SourceRow, columns: _Columns, here: Here, about: About) -> Iterator[Recommended]:
    title, more = (clean(columns.cell(row, field)) for field in ("title", "description"))
    text = here.text(title if more in ("", title) else f"{title} {more}", columns.name("title"))
    reference = here.short(clean(columns.cell(row, "reference")), columns.name("reference"), 40)
    if not reference:
        here.wrong("recommendation.empty", columns.name("reference"))
    state = _state(row, columns, here, about)
    of, body = _mechanism(row, columns, here)
    cycle, session = _when(row, columns, here, about) if of is Mechanism.UPR else (None, None)
    position = _position(columns.cell(row, "accepted"), columns.name("accepted"), here)
    themes, groups = (_labels(row, columns, field, here) for field in ("themes", "persons"))
    recommending = _values(row, columns, "recommending")
    by = unique(here.state(name, columns.name("recommending")) for name in recommending)
    goals = here.goals(_values(row, columns, "goals"), columns.name("goals"))
    symbol = here.short(clean(columns.cell(row, "symbol")), columns.name("symbol"), 60)
    numbered = _PARAGRAPH.search(reference) if of is Mechanism.UPR else None
    if not here.clean:
        return
    yield Recommended(
        row=here.row,
        key=f"impact-oss:{state}:{body[:60] or of.value}:{cycle or '-'}:{reference}",
        mechanism=of,
        state=state,
        texts={here.reading.world.language: text},
        body=body,
        cycle=cycle,
        session=session,
        symbol=symbol,
        paragraph=numbered[1] if numbered else reference,
        position=position,
        position_source="IMPACT OSS" if position else "",
        assessment=clean(columns.cell(row, "response")),
        states=by,
        themes=tuple(theme(label) for label in themes),
        persons=tuple(persons(label) for label in groups),
        goals=goals,
    )


def _values(row: SourceRow, columns: _Columns, field: str) -> tuple[str, ...]:
    """The values of a cell, without the short title that follows each in brackets."""
    return unique(_SHORT.sub("", value) for value in lines(columns.cell(row, field)))


def _labels(row: SourceRow, columns: _Columns, field: str, here: Here) -> tuple[str, ...]:
    return tuple(here.short(label, columns.name(field), LONGEST) for label in _values(row, columns, field))


def _state(row: SourceRow, columns: _Columns, here: Here, about: About) -> str:
    """The State of the row, or the one given; a row of another State than the one given is a fault."""
    name = clean(columns.cell(row, "state"))
    if not name:
        if not about.state:
            here.wrong("impact.row-state", columns.name("state"))
        return about.state or ""
    found = here.state(name, columns.name("state"))
    if found and about.state not in (None, found):
        here.wrong("impact.other-state", columns.name("state"), text=name[:80])
    return found


def _mechanism(row: SourceRow, columns: _Columns, here: Here) -> tuple[Mechanism, str]:
    """Who recommends; where nothing is said, the review: its template speaks of what a State accepts."""
    written = lines(columns.cell(row, "body"))
    if not written:
        return Mechanism.UPR, ""
    if len(written) > 1:
        here.wrong("impact.bodies", columns.name("body"))
    short = _SHORT.search(written[0])
    for name in (short[1] if short else "", _SHORT.sub("", written[0])):
        of, body = mechanism(here.short(name, columns.name("body"), 120), here.reading.world)
        if name and of is not Mechanism.SPECIAL_PROCEDURE:
            return of, body
    return Mechanism.SPECIAL_PROCEDURE, _SHORT.sub("", written[0])


def _when(row: SourceRow, columns: _Columns, here: Here, about: About) -> tuple[int | None, int | None]:
    """Cycle and session, as far as they are known."""
    written, words = (clean(columns.cell(row, field)) for field in ("session", "cycle"))
    session = here.session(first_number(written), columns.name("session")) if written else about.session
    number = first_number(words)
    cycle = here.cycle(number, columns.name("cycle")) if len(number) == 1 else None  # and no year
    here.in_cycle(session, cycle, columns.name("cycle"))
    return cycle or (cycle_of(session) if session else None), session


def _position(text: str, column: str, here: Here) -> Position | None:
    """What the State says: true or false, or a word for it; nothing where the cell is empty."""
    word = _SHORT.sub("", clean(text)).casefold()
    return _SAID.get(word) or (here.position(word, column) if word else None)
