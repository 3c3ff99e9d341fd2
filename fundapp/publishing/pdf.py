"""Documents as PDF: sheets drawn with ReportLab. Text can be searched and copied; the file is not tagged."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from fundapp.kernel.languages import direction
from fundapp.publishing.blocks import Block, Properties, legible, properties
from fundapp.publishing.layout import laid
from fundapp.publishing.paper import SIDE, UPRIGHT, Box, Ink, Link, Rule, Sheet
from fundapp.publishing.typesetting import Typesetter

# Between two lines: readers that go by the order of a file would else take a label and its figure for one word. The
# font stays as it is.
APART = "ET BT"


def render(document: Sequence[Block], language: str) -> bytes:
    """The document as a PDF file on A4, upright or across, in the direction of its language."""
    setter = Typesetter(language)
    file = BytesIO()
    canvas = _canvas(file, language, properties(document))
    painter = _Painter(canvas, setter)
    for sheet in laid(setter, document):
        painter.paint(sheet)
    canvas.save()
    return file.getvalue()


def _canvas(file: BytesIO, language: str, said: Properties) -> Canvas:
    canvas = Canvas(file, pagesize=A4, pageCompression=1, lang=language)
    canvas.setTitle(": ".join(part for part in (said.title, said.subject) if part))
    canvas.setAuthor(said.author)
    canvas.setSubject(said.subject)
    canvas.setCreator("fundapp")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    if language == "ar":
        canvas.setViewerPreference("Direction", "R2L")
    return canvas


def _key(entry: int) -> str:
    """What an entry of the outline is known by in the file."""
    return f"part-{entry}"


class _Painter:
    """Draws sheets; in Arabic the start edge is on the right."""

    def __init__(self, canvas: Canvas, setter: Typesetter) -> None:
        self.canvas, self.setter = canvas, setter
        self.leftward = setter.direction == "rtl"
        self.outlined = 0
        self.size = UPRIGHT  # of the sheet being drawn
        self.grey: float | None = None  # of what is filled on it now: letters and boxes
        self.type: tuple[str, float] = ("", 0.0)  # font and size of the letters that are being drawn

    def paint(self, sheet: Sheet) -> None:
        """Draw one sheet and go on to the next: what lies under the letters, then all letters as one text, which names
        its font where that changes and not line by line."""
        self.size, self.grey, self.type = sheet.size, None, ("", 0.0)
        self.canvas.setPageSize((sheet.size.width, sheet.size.height))
        for title, y in sheet.entries:
            self._outline(title, y)
        text = self.canvas.beginText()
        for mark in sheet.marks:
            if not isinstance(mark, Ink):
                self._mark(mark)
        for mark in sheet.marks:
            if isinstance(mark, Ink):
                self._ink(mark, text)
        self.canvas.drawText(text)
        self.canvas.showPage()

    def _mark(self, mark: Rule | Box | Link) -> None:
        if isinstance(mark, Rule):
            self._rule(mark)
        elif isinstance(mark, Box):
            self._box(mark)
        else:
            self._link(mark)

    def _link(self, link: Link) -> None:
        start, top = self._x(link.x + (link.width if self.leftward else 0.0)), self.size.height - link.y
        place = (start, top - link.height, start + link.width, top)
        self.canvas.linkRect("", _key(link.entry), place, relative=0, thickness=0)

    def _outline(self, title: str, y: float) -> None:
        key = _key(self.outlined)
        self.outlined += 1
        self.canvas.bookmarkPage(key, fit="XYZ", left=0, top=self.size.height - y + 20)
        self.canvas.addOutlineEntry(legible(title), key, level=0)

    def _rule(self, rule: Rule) -> None:
        y = self.size.height - rule.y
        self.canvas.setLineWidth(rule.weight)
        self.canvas.setStrokeGray(rule.grey)
        self.canvas.line(self._x(rule.x), y, self._x(rule.to), y)

    def _box(self, box: Box) -> None:
        self.canvas.setFillGray(box.grey)
        self.grey = box.grey
        self.canvas.setLineWidth(0.6)
        self.canvas.setStrokeGray(box.outline or 0.0)
        start = self._x(box.x + (box.width if self.leftward else 0.0))
        y = self.size.height - box.y - box.height
        self.canvas.rect(start, y, box.width, box.height, fill=1, stroke=int(box.outline is not None))

    def _ink(self, ink: Ink, text: PDFTextObject) -> None:
        """A line, piece by piece in the order in which it is read, which is what a reader of the file goes by."""
        runs = self.setter.runs(ink.text, ink.style, ink.language)
        pieces, x, y = [], self._left(ink, sum(run.width for run in runs)), self.size.height - ink.y
        for run in runs:
            pieces.append((x, run))
            x += run.width
        leftward = direction(ink.language) == "rtl" if ink.language else self.leftward
        ordered = pieces[::-1] if leftward else pieces
        if self.grey != ink.style.grey:
            text.setFillGray(ink.style.grey)
            self.grey = ink.style.grey
        text._code.append(APART)  # type: ignore[attr-defined]
        for left, run in ordered:
            text.setTextOrigin(left, y)
            if self.type != (run.font, ink.style.size):
                self.type = (run.font, ink.style.size)
                text.setFont(*self.type)
            # textOut would measure it again, to know where it ends
            text._textOut(run.text)  # type: ignore[attr-defined]

    def _left(self, ink: Ink, width: float) -> float:
        """Where the left-hand end of the line is, from the left of the sheet."""
        if ink.anchor == "right":
            return SIDE + ink.x - width
        if ink.anchor == "middle":
            return self._x(ink.x) - width / 2
        begins = (ink.anchor == "start") != self.leftward
        return self._x(ink.x) - (0.0 if begins else width)

    def _x(self, x: float) -> float:
        return self.size.width - SIDE - x if self.leftward else SIDE + x
