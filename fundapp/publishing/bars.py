"""Bars that lie, laid out: for each row its label, its bars in parts and their figures, placed in points. Pure.

Places are from the start edge and from the top of a strip: whoever draws them turns them round in Arabic. What is the
same on paper and on the screen is here; the sizes of letters are given, for nobody knows the screen's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from fundapp.kernel.languages import grouped
from fundapp.publishing.blocks import BarRow, Bars, legible
from fundapp.publishing.breaking import lines

Kind = Literal["unit", "key", "label", "name", "total", "part"]
Measure = Callable[[str, float], float]  # how wide a text is in letters of a size
LABELS = 0.36  # the most of the width that labels take
THINNER = 0.85  # bars after the first, to which they are compared
SINK = 0.36  # how far under the middle of a line its letters stand, of their size


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of a chart: its width, letters and figures, distance of lines, height of a bar and white between."""

    width: float
    letters: float
    small: float
    leading: float
    bar: float
    between: float
    gap: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar, or with `bar` None its key; `part` counts from 0."""

    x: float
    y: float
    width: float
    height: float
    part: int
    bar: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text with its base line at y; a figure in a part says in which."""

    text: str
    x: float
    y: float
    kind: Kind
    anchor: Literal["start", "middle", "end"] = "start"
    part: int = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of the chart that is not cut: its head, or a row."""

    height: float
    parts: tuple[Part, ...]
    texts: tuple[Text, ...]
    axis: float | None = None  # where the line is from which bars grow


class Plot:
    """One chart in its sizes."""

    def __init__(self, chart: Bars, sizes: Sizes, measure: Measure) -> None:
        self.chart, self.sizes, self.measure = chart, sizes, measure
        labels = max((self._wide(legible(row.label)) for row in chart.rows), default=0.0)
        self.labels = min(labels + 12, sizes.width * LABELS)
        names = [self._wide(name, sizes.small) for name in chart.bars] if len(chart.bars) > 1 else []
        self.axis = self.labels + (max(names) + 8 if names else 0.0)
        most = max((sum(bar) for row in chart.rows for bar in row.values), default=0)
        room = sizes.width - self.axis - self._wide(grouped(most)) - 8
        self.unit = max(room, 1.0) / max(most, 1)  # points for a count of one

    def _wide(self, text: str, size: float = 0.0) -> float:
        return self.measure(text, size or self.sizes.letters)

    def head(self) -> Strip:
        """What is counted, and which part is which."""
        size, x, y = self.sizes, 0.0, self.sizes.leading
        texts, parts = [Text(legible(self.chart.unit), 0.0, self._base(0.0, y), "unit")], []
        edge = size.letters * 0.85
        for place, name in enumerate(self.chart.parts):
            wide = edge + 5 + self._wide(legible(name))
            if x and x + wide > size.width:
                x, y = 0.0, y + size.leading
            parts.append(Part(x, y + (size.leading - edge) / 2, edge, edge, place))
            texts.append(Text(legible(name), x + edge + 5, self._base(y, size.leading), "key"))
            x += wide + 18
        return Strip(y + size.leading + size.gap, tuple(parts), tuple(texts))

    def strips(self) -> Iterator[Strip]:
        """The rows from the first to the last."""
        for row in self.chart.rows:
            yield self._strip(row)

    def _strip(self, row: BarRow) -> Strip:
        size = self.sizes
        label = lines(legible(row.label), self.labels - 10, self._wide)
        heights = [size.bar * (THINNER if place else 1.0) for place in range(len(row.values))]
        tall = sum(heights) + size.between * (len(heights) - 1)
        within = max(tall, len(label) * size.leading)
        above = size.gap / 2
        texts = [
            Text(line, 0.0, self._base(above + (within - len(label) * size.leading) / 2 + place * size.leading,
                                       size.leading), "label")
            for place, line in enumerate(label)
        ]  # fmt: skip
        parts: list[Part] = []
        y = above + (within - tall) / 2
        for place, (values, height) in enumerate(zip(row.values, heights, strict=True)):
            parts += self._bar(values, place, y, height)
            texts += self._figures(values, place, y, height)
            y += height + size.between
        return Strip(within + size.gap, tuple(parts), tuple(texts), self.axis)

    def _bar(self, values: tuple[int, ...], bar: int, y: float, height: float) -> Iterator[Part]:
        ends = list(accumulate(values))
        for part, (value, end) in enumerate(zip(values, ends, strict=True)):
            if value:
                yield Part(self.axis + (end - value) * self.unit, y, value * self.unit, height, part, bar)

    def _figures(self, values: tuple[int, ...], bar: int, y: float, height: float) -> Iterator[Text]:
        """The bar's name before it, its sum at its end, and where there is room the figure of each part in it."""
        size = self.sizes
        if len(self.chart.bars) > 1:
            yield Text(legible(self.chart.bars[bar]), self.axis - 5, self._base(y, height, size.small), "name", "end")
        total = self.axis + sum(values) * self.unit + 4
        yield Text(grouped(sum(values)), total, self._base(y, height), "total")
        if sum(map(bool, values)) < 2 or height < size.small:
            return
        for part in self._bar(values, bar, y, height):
            if part.width > self._wide(grouped(values[part.part]), size.small) + 4:
                middle, under = part.x + part.width / 2, self._base(y, height, size.small)
                yield Text(grouped(values[part.part]), middle, under, "part", "middle", part.part)

    def _base(self, y: float, height: float, size: float = 0.0) -> float:
        return y + height / 2 + (size or self.sizes.letters) * SINK
