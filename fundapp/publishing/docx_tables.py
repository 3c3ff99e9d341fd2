"""Tables of Word files: a head that is repeated on each page, groups over all columns, figures that are not turned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fundapp.kernel.languages import direction, figure
from fundapp.publishing.blocks import Cell, Column, Figure, Line, Said, Table, cell_lines
from fundapp.publishing.wordml import Element, element, line_end, lined, paragraph, runs

TWIPS = 20  # a point has twenty
LETTER = 5.4  # points that a figure in a table takes, and the letters of a head
WHITE = 14.0
NARROWEST, TIGHTEST = 54.0, 34.0
INDENT = 220  # twips a level
HAIR, FINE, STRONG = ("single", 2, "B8B8B8"), ("single", 4, "000000"), ("single", 8, "000000")
TWICE = ("double", 4, "000000")
RULES = {
    "group": {"bottom": FINE},
    "total": {"top": FINE, "bottom": FINE},
    "grand": {"top": FINE, "bottom": TWICE},
}
BOLD = frozenset({"group", "total", "grand"})


def table(block: Table, language: str, measure: float) -> Element:
    """The table over the width of the text, in points."""
    widths = [round(width * TWIPS) for width in _widths(block, measure)]
    made = element("tbl", properties(language, sum(widths), block.title))
    made.append(element("tblGrid", *(element("gridCol", w=width) for width in widths)))
    if not block.headless:
        made.append(_head(block.columns, widths, language))
    for line in block.rows:
        made.append(_row(line, widths, language))
    return made


def properties(language: str, width: int, title: str) -> Element:
    """What is true of the whole table: its direction and width, and a title for whoever does not see it."""
    made = element("tblPr")
    if direction(language) == "rtl":
        made.append(element("bidiVisual"))
    made.append(element("tblW", w=width, type="dxa"))
    made.append(element("tblLayout", type="fixed"))
    # The same at both sides: programs disagree whether these are turned with the table
    edges = (("top", 30), ("left", 70), ("bottom", 30), ("right", 70))
    made.append(element("tblCellMar", *(element(edge, w=wide, type="dxa") for edge, wide in edges)))
    if title:
        made.append(element("tblCaption", val=" ".join(cell_lines(title))))
    return made


def _widths(block: Table, measure: float) -> list[float]:
    """Figures take what the longest takes; columns of words share the rest, in points."""
    fixed = [_figures(block, place) if column.figures else 0.0 for place, column in enumerate(block.columns)]
    left = max(measure - sum(fixed), 120.0)
    shares = sum(column.share for column in block.columns if not column.figures) or 1.0
    return [
        width if column.figures else left * column.share / shares
        for column, width in zip(block.columns, fixed, strict=True)
    ]


def _figures(block: Table, place: int) -> float:
    column = block.columns[place]
    cells = (row.cells[place] for row in block.rows)
    longest = max((len(figure(cell.minor, "en", cell.places)) for cell in cells if isinstance(cell, Figure)), default=1)
    words = [word for line in cell_lines(column.title) for word in (line.split(" ") if column.tight else [line])]
    title = max(map(len, words))
    if column.tight:
        return max(TIGHTEST, LETTER * max(longest, title)) + WHITE / 2
    return max(NARROWEST, LETTER * max(longest, title)) + WHITE


def _head(columns: Iterable[Column], widths: list[int], language: str) -> Element:
    made = element("tr", element("trPr", element("cantSplit"), element("tblHeader")))
    for column, width in zip(columns, widths, strict=True):
        words = list(_lines(Said(column.title, ""), language))
        cell = paragraph("TableHead", language, *words, keep=True, flush="right" if column.figures else "")
        made.append(element("tc", cell_properties(width, 1, {"top": STRONG, "bottom": FINE}, "bottom"), cell))
    return made


def _row(line: Line, widths: list[int], language: str) -> Element:
    made = element("tr", element("trPr", element("cantSplit")))
    rules = RULES.get(line.kind, {"bottom": HAIR})
    if line.kind == "group":
        about = cell_properties(sum(widths), len(widths), rules, "bottom")
        made.append(element("tc", about, *_paragraphs(line.cells[0], line, language, first=True)))
        return made
    for place, (cell, width) in enumerate(zip(line.cells, widths, strict=True)):
        about = cell_properties(width, 1, rules, "top")
        made.append(element("tc", about, *_paragraphs(cell, line, language, first=place == 0)))
    return made


def cell_properties(width: int, span: int, rules: dict[str, tuple[str, int, str]], stands: str) -> Element:
    """What is true of a cell: its width in twips, over how many columns, its rules, and where its words stand."""
    made = element("tcPr", element("tcW", w=width, type="dxa"))
    if span > 1:
        made.append(element("gridSpan", val=span))
    if rules:
        made.append(element("tcBorders", *lined(**rules)))
    made.append(element("vAlign", val=stands))
    return made


def _paragraphs(cell: Cell, line: Line, language: str, *, first: bool) -> Iterator[Element]:
    bold = line.kind in BOLD
    style = "TableGroup" if line.kind == "group" else "TableText"
    if isinstance(cell, Figure):
        text = figure(cell.minor, language, cell.places)
        yield paragraph(style, language, *runs(text, "en", bold=bold), flush="right")
        return
    said = cell if isinstance(cell, Said) else Said(cell or "", "")
    content = list(_lines(said, language, bold=bold))
    if first and line.mark:
        content += runs(f" {line.mark}", language, raised=True)
    indent = line.level * INDENT if first else 0
    yield paragraph(style, said.language or language, *content, keep=line.kind == "group", indent=indent)


def _lines(said: Said, language: str, *, bold: bool = False) -> Iterator[Element]:
    for number, text in enumerate(cell_lines(said.text)):
        if number:
            yield line_end()
        yield from runs(text, language, said.language, bold=bold)
