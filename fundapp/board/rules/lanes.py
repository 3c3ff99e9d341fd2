"""The seats of a Board through the years, a lane for each: where on the paper every term lies. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fundapp.board.rules.seats import Held, Seat

WIDTH, HEAD, LANE = 1000, 24, 50  # of the paper, its line of years, and a lane
BEFORE, AFTER = 8, 1  # years before the day that are drawn at most, and after the last term that is known
LETTER = 7.2  # how wide a letter is at most


@dataclass(frozen=True, slots=True)
class Bar:
    """A term on the paper: from where on, how wide, which of the colours, and whether its name has room inside."""

    held: Held
    x: float
    width: float
    colour: int
    named: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A seat on the paper: how far down, and its terms."""

    names: Mapping[str, str]
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Years:
    """The paper: its height, where each year begins, where the day is, and the lanes."""

    height: int
    years: tuple[tuple[int, float], ...]
    today: float
    lanes: tuple[Lane, ...]

    @property
    def colours(self) -> frozenset[int]:
        """The colours that there are: 1 for a term that runs, 2 for one that is over, 3 for one to come."""
        return frozenset(bar.colour for lane in self.lanes for bar in lane.bars)


def years_of(seats: Sequence[Seat], terms: Iterable[Held], day: date) -> Years | None:
    """The seats through the years around a day; none where nothing is to be drawn."""
    taken_up = [one for one in terms if one.taken_up]
    drawn = [one for one in taken_up if one.last_day >= date(day.year - BEFORE, 1, 1)]
    if not drawn:
        return None
    first = max(min(one.since.year for one in drawn), day.year - BEFORE)
    last = max(day.year, *(one.last_day.year for one in drawn)) + AFTER
    start, whole = date(min(first, day.year), 1, 1), (date(last, 1, 1) - date(min(first, day.year), 1, 1)).days

    def place(when: date) -> float:
        return round(WIDTH * min(max((when - start).days, 0), whole) / whole, 1)

    def bar(held: Held) -> Bar:
        x, end = place(held.since), place(held.last_day)
        colour = 1 if held.on(day) else 2 if held.last_day < day else 3
        return Bar(held, x, round(max(end - x, 2), 1), colour, end - x > LETTER * len(held.name) + 12)

    lanes = tuple(
        Lane(seat.names, HEAD + LANE * number, tuple(bar(one) for one in drawn if one.seat == seat.id))
        for number, seat in enumerate(seats)
    )
    years = tuple((year, place(date(year, 1, 1))) for year in range(start.year, last))
    return Years(HEAD + LANE * len(lanes) + 6, years, place(day), lanes)
