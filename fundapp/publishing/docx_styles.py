"""The styles of Word files: ours in place of those of the template they are made from."""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

from fundapp.publishing.wordml import Element, element, lined, size, tongue

FONTS = {"ascii": "Arial", "hAnsi": "Arial", "cs": "Arial", "eastAsia": "Microsoft YaHei"}
LINES = 264  # distance of lines, in 240ths of what the font asks for


@dataclass(frozen=True, slots=True)
class Look:
    """How the paragraphs of a style look: letters in points, white above and under, a rule under."""

    letters: float
    above: float = 0.0
    under: float = 0.0
    bold: bool = False
    italic: bool = False
    colour: str = "000000"
    rule: int = 0  # eighths of a point
    level: int | None = None  # in the outline, from 0
    hang: int = 0  # twips that the first line stands out
    keep: bool = False


STYLES = {
    "Normal": Look(10, under=6),
    "Header": Look(7.5, colour="444444", rule=4),
    "Footer": Look(7.5, colour="444444"),
    "Title": Look(15, above=10, under=3, bold=True, level=0, keep=True),
    "Subtitle": Look(10, under=14, rule=12, keep=True),
    "Heading 1": Look(12, above=14, under=4, bold=True, level=1, keep=True),
    "Heading 2": Look(10, above=7, under=2, bold=True, level=2, keep=True),
    "Heading 3": Look(8, under=1, italic=True, colour="444444", level=3, keep=True),
    "Masthead": Look(10, under=6, rule=4),
    "Particulars": Look(8.5, colour="444444"),
    "Note": Look(7.5, under=2, colour="333333"),
    "Marked Note": Look(7.5, under=2, colour="333333", hang=220),
    "Apart": Look(4),
    "Unit": Look(8, above=6, under=3, italic=True, keep=True),
    "Table Head": Look(8, italic=True),
    "Table Text": Look(9),
    "Bar Text": Look(8, above=1, under=1),
    "Table Group": Look(9, above=6, bold=True),
}


def dress(document: Document, language: str) -> None:
    """Put the styles, the fonts and the language of the document in place."""
    _defaults(document.styles.element, language)
    for name, look in STYLES.items():
        if name not in document.styles:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style = document.styles[name].element
        for old in style.xpath("w:pPr | w:rPr | w:basedOn | w:link"):
            style.remove(old)
        if name != "Normal":
            style.find(qn("w:name")).addnext(element("basedOn", val="Normal"))
        style.append(_paragraphs(look))
        style.append(_letters(look))


def _defaults(styles: Element, language: str) -> None:
    defaults = styles.find(qn("w:docDefaults"))
    for old in list(defaults):
        defaults.remove(old)
    letters = element("rPr", element("rFonts", **FONTS), *size(10), tongue(language))
    lines = element("pPr", element("spacing", before=0, after=0, line=LINES, lineRule="auto"))
    defaults.extend([element("rPrDefault", letters), element("pPrDefault", lines)])


def _paragraphs(look: Look) -> Element:
    made = element("pPr")
    if look.keep:
        made.append(element("keepNext"))
    if look.rule:
        made.append(element("pBdr", *lined(bottom=("single", look.rule, "000000"))))
    made.append(element("spacing", before=round(look.above * 20), after=round(look.under * 20)))
    if look.hang:
        made.append(element("ind", left=look.hang, hanging=look.hang))
    if look.level is not None:
        made.append(element("outlineLvl", val=look.level))
    return made


def _letters(look: Look) -> Element:
    made = element("rPr")
    if look.bold:
        made.extend([element("b"), element("bCs")])
    if look.italic:
        made.append(element("i"))  # Arabic letters have none
    made.append(element("color", val=look.colour))
    made.extend(size(look.letters))
    return made
