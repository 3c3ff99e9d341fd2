"""Charts of Word files: a table whose bars are words on a ground, so that they are read, turned and edited as words."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.kernel.languages import direction, grouped
from fundapp.publishing.blocks import BarRow, Bars
from fundapp.publishing.docx_tables import TWIPS, cell_properties, properties
from fundapp.publishing.wordml import LARGER, Element, element, filled, paragraph, runs

GROUNDS = (("404040", "FFFFFF"), ("D0D0D0", "000000"), ("F2F2F2", "000000"))  # of parts: ground and letters
LABELS, NAMES = 0.36, 0.12  # of the width of the text
SPACE = 2.25  # points that a space takes in the letters of a bar
DIGIT = 2  # spaces that a figure is wide
SLACK = 0.8  # of the room is used: letters are wider where the font is another


def key(block: Bars, language: str) -> Iterator[Element]:
    """What is counted, and which ground is which part."""
    yield from runs(f"{block.unit}: ", language)
    leftward = direction(language) == "rtl"
    for place, name in enumerate(block.parts):
        yield filled(" " * 5, *_ground(place), leftward)
        yield from runs(f" {name}   ", language)


def chart(block: Bars, language: str, measure: float) -> Element:
    """The chart over the width of the text, in points: a row for each label, a line for each bar."""
    shares = (LABELS, NAMES, 1 - LABELS - NAMES)
    widths = [round(measure * share * TWIPS) for share in shares]
    most = max((sum(bar) for row in block.rows for bar in row.values), default=0)
    space = SPACE * (LARGER if direction(language) == "rtl" else 1)
    room = measure * shares[2] * SLACK / space - DIGIT * (len(grouped(most)) + 1)
    made = element("tbl", properties(language, sum(widths), block.description or block.title))
    made.append(element("tblGrid", *(element("gridCol", w=width) for width in widths)))
    for row in block.rows:
        made.append(_row(block, row, widths, language, room / max(most, 1)))
    return made


def _row(block: Bars, row: BarRow, widths: list[int], language: str, unit: float) -> Element:
    several = len(block.bars) > 1
    names = [paragraph("BarText", language, *runs(bar if several else "", language)) for bar in block.bars]
    bars = [paragraph("BarText", language, *_bar(bar, language, unit)) for bar in row.values]
    label = [paragraph("TableText", language, *runs(row.label, language))]
    made = element("tr", element("trPr", element("cantSplit")))
    for width, content in zip(widths, (label, names, bars or [paragraph("BarText", language)]), strict=True):
        made.append(element("tc", cell_properties(width, 1, {}, "center"), *content))
    return made


def _bar(values: tuple[int, ...], language: str, unit: float) -> Iterator[Element]:
    """The parts of a bar with the figure of each on its ground, and their sum at the end."""
    leftward = direction(language) == "rtl"
    for place, value in enumerate(values):
        if value:
            white = max(0, round(value * unit) - DIGIT * len(grouped(value)))
            before = white // 2
            text = " " * before + grouped(value) + " " * (white - before)
            yield filled(text, *_ground(place), leftward)
    yield from runs(f" {grouped(sum(values))}", language, bold=True)


def _ground(part: int) -> tuple[str, str]:
    return GROUNDS[min(part, len(GROUNDS) - 1)]
