"""Documents as PDF: sheets drawn with ReportLab. Text can be searched and copied; the file is not tagged."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from fundapp.publishing.blocks import Block, Properties, legible, properties
from fundapp.publishing.layout import Layout
from fundapp.publishing.paper import HEIGHT, SIDE, WIDTH, Ink, Rule, Sheet
from fundapp.publishing.typesetting import Typesetter


def render(document: Sequence[Block], language: str) -> bytes:
    """The document as a PDF file on A4, in the direction of its language."""
    setter = Typesetter(language)
    file = BytesIO()
    canvas = _canvas(file, language, properties(document))
    painter = _Painter(canvas, setter)
    for sheet in Layout(setter).lay(document):
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


class _Painter:
    """Draws sheets; in Arabic the start edge is on the right."""

    def __init__(self, canvas: Canvas, setter: Typesetter) -> None:
        self.canvas, self.setter = canvas, setter
        self.leftward = setter.direction == "rtl"
        self.outlined = 0

    def paint(self, sheet: Sheet) -> None:
        """Draw one sheet and go on to the next."""
        for title, y in sheet.entries:
            self._outline(title, y)
        for mark in sheet.marks:
            self._rule(mark) if isinstance(mark, Rule) else self._ink(mark)
        self.canvas.showPage()

    def _outline(self, title: str, y: float) -> None:
        key = f"part-{self.outlined}"
        self.outlined += 1
        self.canvas.bookmarkPage(key, fit="XYZ", left=0, top=HEIGHT - y + 20)
        self.canvas.addOutlineEntry(legible(title), key, level=0)

    def _rule(self, rule: Rule) -> None:
        y = HEIGHT - rule.y
        self.canvas.setLineWidth(rule.weight)
        self.canvas.setStrokeGray(rule.grey)
        self.canvas.line(self._x(rule.x), y, self._x(rule.to), y)

    def _ink(self, ink: Ink) -> None:
        """A line, piece by piece in the order in which it is read, which is what a reader of the file goes by."""
        pieces, x, y = [], self._left(ink), HEIGHT - ink.y
        for run in self.setter.runs(ink.text, ink.style):
            pieces.append((x, run))
            x += run.width
        line = self.canvas.beginText(x, y)
        line.setFillGray(ink.style.grey)
        for left, run in reversed(pieces) if self.leftward else pieces:
            line.setTextOrigin(left, y)
            line.setFont(run.font, ink.style.size)
            line.textOut(run.text)
        self.canvas.drawText(line)

    def _left(self, ink: Ink) -> float:
        """Where the left-hand end of the line is, from the left of the sheet."""
        width = self.setter.width(ink.text, ink.style)
        if ink.anchor == "right":
            return SIDE + ink.x - width
        begins = (ink.anchor == "start") != self.leftward
        return self._x(ink.x) - (0.0 if begins else width)

    def _x(self, x: float) -> float:
        return WIDTH - SIDE - x if self.leftward else SIDE + x
