"""What an extract comes to, kept small: as objects its lines would take five times the memory. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from marshal import dumps, loads
from typing import Any, NamedTuple


class Spent(NamedTuple):
    """A line as a file says it. minor: of its currency; cents: US cents; account: where the file names it."""

    row: int
    posted_on: date
    document: str
    line: str
    project: str
    erp_class: str
    commitment: str
    kind: str
    text: str
    currency: str
    minor: int | None
    cents: int
    account: str = ""

    def facts(self) -> tuple[object, ...]:
        """What must be the same for a line to be the same."""
        return self[1:12]


class Move(NamedTuple):
    """So many cents on an account, for a project."""

    account_id: int
    project_id: int | None
    cents: int


class Revision(NamedTuple):
    """What is kept of a line, and what it posts on its day. `of` says what it was or is, `cents` what of it stands."""

    of: Spent
    revision: int
    posted_on: date
    cents: int
    project_id: int | None
    account_id: int | None
    waits: str
    moves: tuple[Move, ...]
    pays: tuple[tuple[str, int], ...]  # number of a commitment, cents


class Kept(NamedTuple):
    """A revision as it is read again: its day; the cells that are written of it, without its days; its moves as
    (account, project, cents); and what it pays of commitments."""

    posted_on: date
    cells: tuple[object, ...]
    moves: Sequence[tuple[int, int | None, int]]
    pays: Sequence[tuple[str, int]]


class Revisions:
    """Revisions, each as the bytes of its plain values: read as often as is wanted, never changed."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._days = array("l")
        self._moving = array("b")

    def __len__(self) -> int:
        return len(self._packed)

    def add(self, given: Iterable[Revision]) -> None:
        """Keep some more."""
        for of, revision, day, cents, project, account, waits, moves, pays in given:
            row, _day, document, line, said, erp_class, commitment, kind, text, currency, minor, _cents, _account = of
            cells = (
                document, line, revision, row, said, erp_class, commitment, kind, text, currency, minor, cents, project,
                account, waits,
            )  # fmt: skip
            self._packed.append(dumps((cells, tuple(map(tuple, moves)), pays)))
            self._days.append(day.toordinal())
            self._moving.append(bool(moves))

    def moving(self) -> Iterator[Kept]:
        """Those that post, by their days, and of a day in their order."""
        days = self._days
        places = sorted((n for n, moves in enumerate(self._moving) if moves), key=days.__getitem__)
        for ordinal, of_day in groupby(places, key=days.__getitem__):
            day = date.fromordinal(ordinal)
            for place in of_day:
                yield Kept(day, *self._read(place))

    def resting(self) -> Iterator[Kept]:
        """Those that post nothing."""
        for place, moves in enumerate(self._moving):
            if not moves:
                yield Kept(date.fromordinal(self._days[place]), *self._read(place))

    def _read(self, place: int) -> tuple[Any, Any, Any]:
        cells, moves, pays = loads(self._packed[place])  # noqa: S302 - bytes of our own, a moment old
        return cells, moves, pays
