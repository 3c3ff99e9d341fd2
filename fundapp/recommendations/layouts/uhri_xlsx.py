"""The Universal Human Rights Index as a workbook, its headings as the index spells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from python_calamine import CalamineError, CalamineWorkbook

from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.recommendations.layouts.incoming import About, Incoming, clean, lines
from fundapp.recommendations.layouts.package import opened, refuse_formulas
from fundapp.recommendations.layouts.uhri import Annotation, recommended
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
        refuse_formulas(package, file.name)
    try:
        sheet = CalamineWorkbook.from_path(file.path).get_sheet_by_index(0)
    except (CalamineError, IndexError):
        raise refuse("package.broken", name=file.name) from None
    cells = sheet.iter_rows()
    start = sheet.start[0] + 1 if sheet.start else 1
    headings = [clean(str(cell)) for cell in next(cells, [])]
    places = _places(headings, file.name, start)
    for number, row in enumerate(cells, start + 1):
        found = {name: row[place] for name, place in places.items()}
        if any(cell != "" for cell in row):
            yield from _row(found, Here(reading, number))


def _places(headings: list[str], name: str, row: int) -> dict[str, int]:
    if missing := [column for column in COLUMNS.values() if column not in headings]:
        there = ", ".join(headings[:12])[:200] or "-"
        raise Refusal(
            *(Fault("csv.column-missing", {"name": name, "heading": c, "there": there}, row, c) for c in missing)
        )
    found = {field: headings.index(column) for field, column in COLUMNS.items()}
    return found | ({"type": headings.index(TYPE)} if TYPE in headings else {})


def _plain(cell: object) -> str:
    """A cell as text: a workbook keeps 48 as 48.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _row(cells: Mapping[str, object], here: Here) -> Iterator[Recommended]:
    text = {name: _plain(cell) for name, cell in cells.items()}
    kind = text.get("type", "").casefold()
    if kind.strip() and "recommendation" not in kind:
        here.reading.left_out += 1
        return
    found = Annotation(
        id=clean(text["id"]),
        text=clean(text["text"]),
        body=" ".join(lines(text["body"])),
        symbol=clean(text["symbol"]),
        issued=cells["issued"],
        countries=lines(text["countries"]),
        themes=lines(text["themes"]),
        persons=lines(text["persons"]),
        goals=lines(text["goals"]),
        session=clean(text["session"]),
        positions=lines(text["positions"]),
        recommending=lines(text["recommending"]),
    )
    yield from recommended(found, here, COLUMNS)
