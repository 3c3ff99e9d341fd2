"""Pieces of a Word file: elements, runs in the direction of their letters, fields, and properties in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from fundapp.kernel.languages import direction
from fundapp.publishing.blocks import legible

Element = Any  # lxml comes without types
# Letters, figures and signs that are written from left to right, also within Arabic
LEFT = "0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1eff\u4e00-\u9fff"
FOREIGN = re.compile(f"([{LEFT}](?:[{LEFT} -~\u00a0\u2010-\u2019]*[{LEFT}%])?)")
# What Word, LibreOffice and readers of the screen call the six languages
TAGS = {"ar": "ar-SA", "zh": "zh-CN", "en": "en-GB", "fr": "fr-FR", "ru": "ru-RU", "es": "es-ES"}
LARGER = 1.1  # Arabic letters are small for their size
PLACES = re.compile(r"%\((page|pages)\)s")
FIELDS = {"page": "PAGE", "pages": "NUMPAGES"}


def element(tag: str, *children: Element, **attributes: object) -> Element:
    """An element of the language of Word files; attributes are named without their prefix."""
    made = OxmlElement(f"w:{tag}", attrs={qn(f"w:{name}"): str(value) for name, value in attributes.items()})
    for child in children:
        made.append(child)
    return made


def size(points: float) -> list[Element]:
    """The size of letters, in half points as Word counts."""
    return [element("sz", val=round(points * 2)), element("szCs", val=round(points * 2 * LARGER))]


def tongue(language: str, tag: str = "lang") -> Element:
    """Which language words are in, for spelling and for voices."""
    own = TAGS.get(language, language)
    return element(
        tag,
        val=TAGS["en"] if language in ("ar", "zh") else own,
        eastAsia=TAGS["zh"],
        bidi=own if direction(language) == "rtl" else TAGS["ar"],
    )


def paragraph(
    style: str, language: str, *content: Element, keep: bool = False, flush: str = "", indent: int = 0
) -> Element:
    """A paragraph in the direction of its language; flush: the physical side it is set against, for figures.

    indent: how far it is set in from the start edge, in twentieths of a point.
    """
    wanted = element("pPr", element("pStyle", val=style))
    if keep:
        wanted.append(element("keepNext"))
    if direction(language) == "rtl" and not flush:
        wanted.append(element("bidi"))
    if indent:
        wanted.append(element("ind", left=indent))
    if flush:
        wanted.append(element("jc", val=flush))
    return element("p", wanted, *content)


def runs(text: str, language: str, own: str = "", *, bold: bool = False, raised: bool = False) -> Iterator[Element]:
    """Words as runs; own: their language where it is not the document's. Latin words in Arabic are no Arabic runs."""
    leftward = direction(own or language) == "rtl"
    for place, part in enumerate(FOREIGN.split(legible(text)) if leftward else [legible(text)]):
        if part:
            yield run(part, own, leftward and place % 2 == 0, bold=bold, raised=raised)


def run(text: str, own: str = "", leftward: bool = False, *, bold: bool = False, raised: bool = False) -> Element:
    """One run of words."""
    look = element("rPr")
    if bold:
        look.extend([element("b"), element("bCs")])
    if raised:
        look.append(element("vertAlign", val="superscript"))
    if leftward:
        look.append(element("rtl"))
    if own:
        look.append(tongue(own))
    words = element("t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element("r", look, words) if len(look) else element("r", words)


def filled(text: str, fill: str, colour: str, leftward: bool) -> Element:
    """A run of words on a ground of a colour."""
    made = run(text, "", leftward)
    look = made.find(qn("w:rPr"))
    if look is None:
        look = element("rPr")
        made.insert(0, look)
    look.insert(0, element("color", val=colour))
    look.insert(1, element("shd", val="clear", color="auto", fill=fill))
    return made


def tab() -> Element:
    """A step to the next stop."""
    return element("r", element("tab"))


def line_end() -> Element:
    """The end of a line within a paragraph."""
    return element("r", element("br"))


def folio(text: str, language: str) -> Iterator[Element]:
    """A text with %(page)s and %(pages)s, which the reader's program counts."""
    for place, part in enumerate(PLACES.split(text)):
        if place % 2:
            yield element("fldSimple", run("1"), instr=FIELDS[part])
        else:
            yield from runs(part, language)


def lined(**edges: tuple[str, int, str]) -> list[Element]:
    """Rules at edges: the kind of line, eighths of a point, colour."""
    order = [edge for edge in ("top", "bottom") if edge in edges]
    return [element(edge, val=edges[edge][0], sz=edges[edge][1], space=0, color=edges[edge][2]) for edge in order]
