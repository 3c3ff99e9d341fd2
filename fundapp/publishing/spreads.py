"""Spreads laid out on paper: row by row on one scale, its head again on each sheet."""

from __future__ import annotations

from fundapp.publishing.blocks import Figure, Spread, Spreads
from fundapp.publishing.paper import Box, Rule, Stack, base

LABEL, FIGURE = 0.42, 46.0  # the share of the width that labels take, and what the figure at the end takes, in points
PALE, DARK = 0.78, 0.1
BAR, TICK, TALL = 4.5, 2.4, 10.0
SCALE = 4  # parts of the scale that are named


class SpreadLayout:
    """Puts one chart of spreads on the sheets of a stack."""

    def __init__(self, stack: Stack, chart: Spreads) -> None:
        self.stack, self.chart, self.setter = stack, chart, stack.setter
        self.title = self.setter.scaled(10, 14, "bold")
        self.unit = self.setter.scaled(8, 10, "italic")
        self.plain, self.bold = self.setter.scaled(8.5, 14), self.setter.scaled(8.5, 14, "bold")
        self.small = self.setter.scaled(7, 10, grey=0.3)
        self.left = stack.measure * LABEL
        self.width = stack.measure - self.left - FIGURE

    def place(self) -> None:
        """Put the whole chart down."""
        head = self.title.leading + self.unit.leading + self.small.leading + 6
        self.stack.need(head + 3 * self.plain.leading)
        self._open(self.chart.title)
        for row in self.chart.rows:
            if self.stack.need(self.plain.leading):
                self._open(self.chart.continued % {"title": self.chart.title})
            self._put(row)
        self.stack.y += 8

    def _open(self, title: str) -> None:
        stack = self.stack
        stack.write(title, self.title)
        if self.chart.unit:
            stack.write(self.chart.unit, self.unit)
        for part in range(SCALE + 1):
            text = str(self.chart.whole // 100 * part // SCALE)
            stack.ink(
                text, self._at(self.chart.whole * part // SCALE), stack.y + base(self.small), self.small, "middle"
            )
        stack.y += self.small.leading + 2

    def _at(self, value: int) -> float:
        return self.left + self.width * value / self.chart.whole

    def _put(self, row: Spread) -> None:
        stack, middle = self.stack, self.stack.y + self.plain.leading / 2
        line = self.setter.lines(row.label, self.left - 12, self.plain)[0]
        stack.ink(line, 0, stack.y + base(self.plain), self.plain)
        stack.sheet.marks.append(Rule(self._at(0), self._at(self.chart.whole), middle, 0.3, 0.72))
        low, high = self._at(row.low), self._at(row.high)
        stack.box(Box(low, middle - BAR / 2, max(high - low, 0.8), BAR, PALE))
        stack.box(Box(self._at(row.middle) - TICK / 2, middle - TALL / 2, TICK, TALL, DARK))
        end = stack.measure if self.setter.direction == "ltr" else FIGURE
        stack.ink(self.setter.figure(Figure(row.middle)), end, stack.y + base(self.bold), self.bold, "right")
        stack.y += self.plain.leading
