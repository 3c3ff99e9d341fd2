"""Documents as Word files: paragraphs in real styles, tables that can be edited, in the direction of the language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Pt

from fundapp.kernel.languages import direction
from fundapp.publishing import blocks
from fundapp.publishing.docx_bars import chart, key
from fundapp.publishing.docx_styles import dress
from fundapp.publishing.docx_tables import TWIPS, table
from fundapp.publishing.wordml import TAGS, Element, element, folio, paragraph, run, runs, tab, tongue

HEIGHT, WIDTH = 841.9, 595.3  # A4
SIDE, TOP, BOTTOM = 62.0, 60.0, 60.0
LONGEST_PROPERTY = 255
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # of a document that does not say when it was drawn
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
ABOUT = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>fundapp</Application></Properties>"
)


def render(document: Sequence[blocks.Block], language: str) -> bytes:
    """The document as a Word file on A4; the same document is the same file to the byte."""
    made = Document()
    _describe(made, blocks.properties(document), language)
    dress(made, language)
    across = any(isinstance(block, blocks.Paper) and block.across for block in document)
    writer = _Writer(language, (HEIGHT if across else WIDTH) - 2 * SIDE)
    section = made.sections[0]
    for block in document:
        for written in writer.write(block):
            section._sectPr.addprevious(written)
    for written in writer.apart():
        section._sectPr.addprevious(written)
    _page(section, language, across=across)
    _around(section, writer)
    file = BytesIO()
    made.save(file)
    return _steady(file.getvalue())


def _describe(made: Any, said: blocks.Properties, language: str) -> None:
    """What the file says of itself, in place of what its template said."""
    core, drawn = made.core_properties, said.drawn or UNDATED
    day = (drawn if drawn.tzinfo is None else drawn.astimezone(UTC)).replace(microsecond=0, tzinfo=None)
    core.title, core.subject = said.title[:LONGEST_PROPERTY], said.subject[:LONGEST_PROPERTY]
    core.author = core.last_modified_by = said.author[:LONGEST_PROPERTY]
    core.language, core.comments, core.revision = TAGS[language], "", 1
    core.created = core.modified = day
    package = made.part.package
    for name, link in list(package.rels.items()):
        if link.reltype.endswith("/thumbnail"):
            del package.rels[name]
        elif link.reltype.endswith("/extended-properties"):
            old = link.target_part
            link._target = Part(old.partname, old.content_type, ABOUT, package)
    fonts = made.settings.element.find(qn("w:themeFontLang"))
    fonts.getparent().replace(fonts, tongue(language, "themeFontLang"))


def _page(section: Section, language: str, *, across: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Pt(HEIGHT), Pt(WIDTH)) if across else (Pt(WIDTH), Pt(HEIGHT))
    section.left_margin = section.right_margin = Pt(SIDE)
    section.top_margin, section.bottom_margin = Pt(TOP), Pt(BOTTOM)
    section.header_distance = section.footer_distance = Pt(32)
    if direction(language) == "rtl":
        section._sectPr.find(qn("w:docGrid")).addprevious(element("bidi"))


def _around(section: Section, writer: _Writer) -> None:
    """The foot of every page, and the running head of each but the first."""
    section.different_first_page_header_footer = True
    _fill(section.first_page_header, element("p"))
    _fill(section.header, writer.head())
    for foot in (section.first_page_footer, section.footer):
        _fill(foot, writer.foot())


def _fill(story: Any, content: Element) -> None:
    story.is_linked_to_previous = False
    held = story._element
    for old in list(held):
        held.remove(old)
    held.append(content)


def _steady(file: bytes) -> bytes:
    """The same archive without the time at which it was made."""
    steady = BytesIO()
    with ZipFile(BytesIO(file)) as old, ZipFile(steady, "w") as new:
        for name in old.namelist():
            entry = ZipInfo(name, ZIP_DATE)
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return steady.getvalue()


class _Writer:
    """Writes blocks as elements of the body of a Word file."""

    def __init__(self, language: str, measure: float) -> None:
        self.language, self.measure = language, measure
        self.leftward = direction(language) == "rtl"
        self.masthead, self.last = blocks.Masthead("", ""), blocks.Foot("", "")
        self.under = self.turning = False  # whether a table stands above, and whether a new page begins
        self._put: dict[type, Callable[[Any], Iterator[Element]]] = {
            blocks.Masthead: self._masthead,
            blocks.Title: self._title,
            blocks.Heading: lambda block: self._text(f"Heading{block.level}", block.text),
            blocks.Paragraph: self._paragraphs,
            blocks.Table: self._table,
            blocks.Bars: self._bars,
            blocks.Notes: self._notes,
        }

    def write(self, block: blocks.Block) -> Iterator[Element]:
        """The elements of one block."""
        if type(block) in self._put:
            yield from self.apart()
            yield from self._put[type(block)](block)
        elif isinstance(block, blocks.PageBreak):
            self.turning, self.under = True, False
        elif isinstance(block, blocks.Foot):
            self.last = block

    def apart(self) -> Iterator[Element]:
        """White under a table, or the turn to a new page: a break of its own could fall on an empty one."""
        if self.under or self.turning:
            made = paragraph("Apart", self.language)
            if self.turning:
                made.pPr.find(qn("w:pStyle")).addnext(element("pageBreakBefore"))
            yield made
        self.under = self.turning = False

    def _text(self, style: str, text: str, own: str = "") -> Iterator[Element]:
        yield paragraph(style, own or self.language, *runs(text, self.language, own))

    def _paragraphs(self, block: blocks.Paragraph) -> Iterator[Element]:
        for text in block.text.splitlines():
            if text.strip():
                yield from self._text("Normal", text, block.language)

    def _masthead(self, block: blocks.Masthead) -> Iterator[Element]:
        self.masthead = block
        yield self._apart("Masthead", block.fund, run(blocks.legible(block.symbol), bold=True))
        for text in block.particulars:
            yield from self._text("Particulars", text)

    def _apart(self, style: str, text: str, *end: Element) -> Element:
        """A line with something at its end."""
        made = paragraph(style, self.language, *runs(text, self.language), tab(), *end)
        stop = element("tab", val="right", pos=round(self.measure * TWIPS))
        made.pPr.find(qn("w:pStyle")).addnext(element("tabs", stop))
        return made

    def head(self) -> Element:
        """The running head of a page."""
        return self._apart("Header", self.masthead.fund, run(blocks.legible(self.masthead.symbol), bold=True))

    def foot(self) -> Element:
        """The foot of a page."""
        return self._apart("Footer", self.last.text, *folio(self.last.folio, self.language))

    def _title(self, block: blocks.Title) -> Iterator[Element]:
        yield from self._text("Title", block.text, block.language)
        yield from self._text("Subtitle", block.sub)

    def _table(self, block: blocks.Table) -> Iterator[Element]:
        if block.unit:
            yield from self._text("Unit", block.unit)
        yield table(block, self.language, self.measure)
        self.under = True

    def _bars(self, block: blocks.Bars) -> Iterator[Element]:
        yield from self._text("Heading1", block.title)
        yield paragraph("Unit", self.language, *key(block, self.language))
        yield chart(block, self.language, self.measure)
        self.under = True

    def _notes(self, block: blocks.Notes) -> Iterator[Element]:
        marked = any(note.mark for note in block.items)
        for note in block.items:
            begins = [*runs(note.mark, self.language), tab()] if note.mark else []
            begins = begins or ([tab()] if marked else [])
            style = "MarkedNote" if marked else "Note"
            yield paragraph(style, self.language, *begins, *runs(note.text, self.language))
