"""The Universal Human Rights Index as a workbook, its headings as the index spells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.recommendations.layouts.incoming import About, Incoming, clean, in_error, lines
from fundapp.recommendations.layouts.package import opened, refuse_formulas
from fundapp.recommendations.layouts.uhri import Annotation, recommended
from fundapp.recommendations.layouts.workbook import LATE, Workbook
from fundapp.recommendations.rules import Here, Reading, Recommended

COLUMNS = {
    "id": "OHCHR Annotation Id",
    "text": "Text",
    "body": "Reccomending Body",
    "symbol": "Document Symbol",
    "issued": "Document Publication Date",
    "countries": "Countries Concerned",
    "themes": "Themes",
    "persons": "Affected Persons",
    "goals": "Sdgs",
    "session": "UPR Session",
    "positions": "UPR Position",
    "recommending": "UPR Reccomending States",
}
TYPE = "Type"  # recommendations, or mere observations


def recognises(names: set[str]) -> bool:
    """Whether the parts of a packed file are those of a workbook."""
    return "xl/workbook.xml" in names


def rows(file: Incoming, reading: Reading, about: About) -> Iterator[Recommended]:
    """The recommendations of the first sheet."""
    with opened(file) as package:
        book = Workbook(package, file.name, reading.reached)
        refuse_formulas(package, file.name, but=book.sheet)
        found = book.rows()
        start, cells = next(found, (1, {}))
        places = _places({place: clean(str(cell)) for place, cell in cells.items()}, file.name, start)
        for number, cells in found:
            row = {name: cells.get(place, "") for name, place in places.items()}
            if any(cell != "" for cell in row.values()):
                yield from _row(row, Here(reading, number), later=LATE * book.late)


def _places(there_are: dict[int, str], name: str, row: int) -> dict[str, int]:
    """Field -> its column, whatever the order and the case of the headings."""
    wanted = {column.casefold(): column for column in (*COLUMNS.values(), TYPE)}
    headings: dict[str, int] = {}
    for place, heading in there_are.items():
        if column := wanted.get(heading.casefold()):
            if column in headings:
                raise refuse("csv.heading-twice", row=row, column=column, name=name, heading=column)
            headings[column] = place
    if missing := [column for column in COLUMNS.values() if column not in headings]:
        there = ", ".join([*there_are.values()][:12])[:200] or "-"
        raise Refusal(
            *(Fault("csv.column-missing", {"name": name, "heading": c, "there": there}, row, c) for c in missing)
        )
    found = {field: headings[column] for field, column in COLUMNS.items()}
    return found | ({"type": headings[TYPE]} if TYPE in headings else {})


def _row(cells: Mapping[str, Any], here: Here, later: int) -> Iterator[Recommended]:
    text = {name: str(cell) for name, cell in cells.items()}
    issued = cells["issued"]
    kind = text.get("type", "").casefold()
    if kind.strip() and "recommendation" not in kind:
        here.reading.left_out += 1
        return
    if field := in_error(cells):
        here.wrong("recommendation.cell-error", COLUMNS.get(field, TYPE), text=text[field].strip())
        return
    found = Annotation(
        id=clean(text["id"]),
        text=clean(text["text"]),
        body=" ".join(lines(text["body"])),
        symbol=clean(text["symbol"]),
        issued=issued + later if isinstance(issued, int | float) else issued,
        countries=lines(text["countries"]),
        themes=lines(text["themes"]),
        persons=lines(text["persons"]),
        goals=lines(text["goals"]),
        session=clean(text["session"]),
        positions=lines(text["positions"]),
        recommending=lines(text["recommending"]),
    )
    yield from recommended(found, here, COLUMNS)
