"""Charts laid out on paper: row by row, their head again on each sheet."""

from __future__ import annotations

from dataclasses import replace

from fundapp.publishing.bars import Part, Plot, Sizes, Strip, Text
from fundapp.publishing.blocks import Bars
from fundapp.publishing.paper import Box, Stack
from fundapp.publishing.typesetting import Style

GREYS = (0.22, 0.85, 1.0)  # of the parts of a bar: told apart in black and white too
FRAME = 0.22
SIZES = Sizes(width=0.0, letters=8.0, small=6.5, leading=10.0, bar=9.0, between=2.0, gap=6.5)


class PlotLayout:
    """Puts one chart on the sheets of a stack."""

    def __init__(self, stack: Stack, chart: Bars) -> None:
        self.stack, self.chart, self.setter = stack, chart, stack.setter
        self.title = self.setter.scaled(10, 14, "bold")
        plain = self.setter.scaled(SIZES.letters, SIZES.leading)
        small = self.setter.scaled(SIZES.small, SIZES.leading)
        self.styles = {
            "unit": self.setter.scaled(SIZES.letters, SIZES.leading, "italic"),
            "key": plain,
            "label": plain,
            "name": replace(small, grey=0.3),
            "total": self.setter.scaled(SIZES.letters, SIZES.leading, "bold"),
            "part": small,
        }
        looser = plain.leading / SIZES.leading
        sizes = replace(
            SIZES,
            width=stack.measure,
            leading=plain.leading,
            letters=plain.size,
            small=small.size,
            bar=SIZES.bar * looser,
        )
        self.plot = Plot(chart, sizes, lambda text, size: self.setter.width(text, replace(plain, size=size)))

    def place(self) -> None:
        """Put the whole chart down."""
        head, strips = self.plot.head(), list(self.plot.strips())
        opening = self.title.leading + head.height + sum(strip.height for strip in strips[:2])
        self.stack.need(opening)
        self._open(self.chart.title, head)
        for strip in strips:
            if self.stack.need(strip.height):
                self._open(self.chart.continued % {"title": self.chart.title}, head)
            self._put(strip)
        self.stack.y += 8

    def _open(self, title: str, head: Strip) -> None:
        self.stack.write(title, self.title)
        self.stack.y += 3
        self._put(head)

    def _put(self, strip: Strip) -> None:
        top = self.stack.y
        for part in strip.parts:
            self._part(part, top)
        if strip.axis is not None:
            self.stack.box(Box(strip.axis - 0.3, top, 0.6, strip.height, FRAME))
        for text in strip.texts:
            self.stack.ink(text.text, text.x, top + text.y, self._style(text), text.anchor)
        self.stack.y += strip.height

    def _part(self, part: Part, top: float) -> None:
        grey = GREYS[min(part.part, len(GREYS) - 1)]
        self.stack.box(Box(part.x, top + part.y, part.width, part.height, grey, FRAME))

    def _style(self, text: Text) -> Style:
        style = self.styles[text.kind]
        dark = text.kind == "part" and GREYS[min(text.part, len(GREYS) - 1)] < 0.5
        return replace(style, grey=1.0) if dark else style
