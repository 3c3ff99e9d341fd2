"""Charts drawn on the server as SVG: figures and words in, markup out. Pure; a table beside each has its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from markupsafe import Markup

SERIES = 6  # as many as there are colours that can be told apart: classes c1 to c6
LEFT, RIGHT, TOP, BASE, FOOT = 46, 1000, 26, 266, 288
BETWEEN = 40  # room around the line between biennia and years
BAR, LETTERS = 68, 70  # widest bar, width of a period's label
ROOM = 17  # height of a part that holds its figure
STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Series:
    """One donor's amounts, in cents, a figure for each period."""

    name: str
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What the chart says to whoever does not see it, and how it writes thousands of dollars."""

    title: str
    description: str
    thousands: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Scale:
    """From dollars to the height on the paper; ticks are whole steps and nil is one of them."""

    step: int
    lowest: int
    steps: int

    def y(self, cents: float) -> float:
        """How far down the paper an amount is."""
        return BASE - (cents / self.step - self.lowest) * (BASE - TOP) / self.steps

    @property
    def ticks(self) -> list[int]:
        """The amounts that have a line."""
        return [(self.lowest + number) * self.step for number in range(self.steps + 1)]


def largest(series: Sequence[Series], others: str, kept: int = SERIES - 1) -> tuple[Series, ...]:
    """The series with the largest totals, in that order, and all others in one."""
    ranked = sorted(series, key=lambda one: (-sum(one.amounts), one.name))
    if len(ranked) <= kept + 1:
        return tuple(ranked)
    rest = tuple(sum(amounts) for amounts in zip(*(one.amounts for one in ranked[kept:]), strict=True))
    return (*ranked[:kept], Series(others, rest))


def scale(series: Sequence[Series]) -> Scale:
    """Three steps of a round amount reach over the highest bar; refunds that outweigh gifts hang below nil."""
    columns = list(zip(*(one.amounts for one in series), strict=True))
    high = max([sum(part for part in column if part > 0) for column in columns], default=0)
    low = min([sum(part for part in column if part < 0) for column in columns], default=0)
    step = _round_step(max(high, -low) / 3)
    below = -(low // step)
    above = max(-(-high // step), 1)
    return Scale(step, -below, below + above)


def _round_step(least: float) -> int:
    """The next round amount: 60 000 dollars, not 57 413."""
    for power in count():
        for factor in STEPS:
            step = int(factor * 10**power)
            if step >= max(least, 100_000):  # a thousand dollars
                return step
    raise AssertionError("count() never ends")


def stacked(
    periods: Sequence[str], series: Sequence[Series], told: Told, *, years_from: int | None = None, id: str = "chart"
) -> Markup:
    """Bars of stacked parts, one for each period. years_from: where single years follow biennia; a line says so."""
    assert len(series) <= SERIES
    scaled = scale(series)
    places = list(_places(len(periods), years_from))
    parts = [*_grid(scaled, told), *_bars(places, series, scaled, told), *_labels(places, periods)]
    if years_from:
        middle = (places[years_from - 1][0] + places[years_from][0]) / 2
        parts.append(Markup('<path class="x" d="M{0} 12V294" stroke-dasharray="3 4"/>').format(px(middle)))
    return framed(parts, told.title, told.description, 300, id)


def framed(parts: Iterable[Markup], title: str, description: str, height: int, id: str) -> Markup:
    """A drawing that says what it shows to whoever does not see it."""
    frame = Markup(
        '<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}'
        '</title><desc id="{id}-d">{text}</desc>{parts}</svg>'
    )
    drawn = Markup("").join(parts)
    return frame.format(width=RIGHT, height=height, id=id, title=title, text=description, parts=drawn)


def px(place: float) -> str:
    """A place on the paper as SVG writes it, to a tenth."""
    return f"{place:.1f}".removesuffix(".0")


def _places(periods: int, years_from: int | None) -> Iterator[tuple[float, float]]:
    """The middle and the width of each bar."""
    gap = BETWEEN if years_from else 0
    slot = (RIGHT - LEFT - gap) / max(periods, 1)
    for number in range(periods):
        after = gap if years_from and number >= years_from else 0
        yield LEFT + slot * (number + 0.5) + after, min(BAR, slot * 0.6)


def _grid(scaled: Scale, told: Told) -> Iterator[Markup]:
    for amount in scaled.ticks:
        y = scaled.y(amount)
        kind = "g" if amount else "x"
        yield Markup('<path class="{}" d="M{} {}H{}"/>').format(kind, LEFT, px(y + 0.5), RIGHT)
        yield lettering(LEFT - 8, y + 4, told.thousands(amount // 100_000), anchor="end")


def lettering(x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> Markup:
    """Words on the paper; kind: how they look, anchor: where of them the place is."""
    css = Markup(' class="{}"').format(kind) if kind else Markup("")
    return Markup('<text{} x="{}" y="{}" text-anchor="{}">{}</text>').format(css, px(x), px(y), anchor, words)


def _bars(
    places: Sequence[tuple[float, float]], series: Sequence[Series], scaled: Scale, told: Told
) -> Iterator[Markup]:
    for number, (middle, width) in enumerate(places):
        up = down = 0
        for colour, one in enumerate(series, start=1):
            amount = one.amounts[number]
            start = up if amount > 0 else down
            yield from _part(middle, width, scaled.y(start), scaled.y(start + amount), colour, amount, told)
            up, down = up + max(amount, 0), down + min(amount, 0)
        total = sum(one.amounts[number] for one in series)
        if total:
            yield lettering(middle, scaled.y(up) - 7, told.thousands(_rounded(total)), "t")


def _part(
    middle: float, width: float, start: float, end: float, colour: int, cents: int, told: Told
) -> Iterator[Markup]:
    top, height = min(start, end), abs(end - start)
    if not cents:
        return
    yield Markup('<rect class="c{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        colour, px(middle - width / 2), px(top), px(width), px(height)
    )
    if height >= ROOM and width >= ROOM * 2:
        yield lettering(middle, top + height / 2 + 4, told.thousands(_rounded(cents)), "w")


def _rounded(cents: int) -> int:
    """Thousands of dollars, halves away from nil."""
    whole = (abs(cents) + 50_000) // 100_000
    return whole if cents > 0 else -whole


def _labels(places: Sequence[tuple[float, float]], periods: Sequence[str]) -> Iterator[Markup]:
    """Under each bar its period; under every second or third where they would touch."""
    apart = (RIGHT - LEFT) / max(len(periods), 1)
    every = max(1, -(-LETTERS // max(1, int(apart))))
    for number, ((middle, _), label) in enumerate(zip(places, periods, strict=True)):
        if number % every == 0:
            yield lettering(middle, FOOT, label)


def meter(length: float) -> Markup:
    """A bar in a cell, -1 to 1 of what the column has room for; the figure stands beside it."""
    if length < 0:
        left = 5 + 45 * length
        bar = Markup('<rect class="neg" x="{}" y="1" width="{}" height="8"/>').format(px(left), px(5 - left))
    else:
        bar = Markup('<rect x="5" y="0" width="{}" height="10"/>').format(px(90 * length))
    frame = Markup(
        '<svg class="app-meter" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '{}<path d="M5 0v10"/></svg>'
    )
    return frame.format(bar)


def legend(series: Sequence[Series]) -> Markup:
    """Which colour is whose, in the order of the parts from below."""
    key = Markup(
        '<li><svg class="app-key c{}" viewBox="0 0 12 12" aria-hidden="true" focusable="false">'
        '<rect width="12" height="12"/></svg>{}</li>'
    )
    rows = [key.format(number, one.name) for number, one in enumerate(series, start=1)]
    return Markup('<ul class="app-legend">{}</ul>').format(Markup("").join(rows))
