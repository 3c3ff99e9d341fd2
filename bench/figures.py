"""The statement and the table of contributions over books of any size, beside DuckDB; and the journal verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench import books
from bench.duck import Duck
from bench.measure import Measure, medians, ms, rate
from fundapp.funds.models import Fund
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.ledger.queries import StatementFigures, contributions, statement_figures, verify

Period = tuple[date, date]
CLOSED: Period = (date(2020, 1, 1), date(2020, 12, 31))
OPEN: Period = (date(2025, 1, 1), date(2025, 12, 31))
ODD: Period = (date(2018, 3, 2), date(2023, 6, 30))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Books of one size and a session of their own, so that two sizes can be asked in turns."""

    entries: int
    fund_id: int
    session: Session

    def statement(self, period: Period) -> StatementFigures:
        """The figures of a period."""
        return statement_figures(self.session, self.fund_id, *period)


@contextmanager
def shelf(entries: int) -> Iterator[Shelf]:
    """New books of that size, no year closed."""
    with books.instance():
        books.load(entries)
        fund_id = db.session.scalars(sa.select(Fund.id).where(Fund.code == "UPR")).one()
        db.session.remove()
        with Session(db.engine) as session:
            yield Shelf(entries, fund_id, session)


def measure(size: int, smaller: int, rounds: int) -> Iterator[Measure]:
    """All of it, and how time grows from the smaller size to the larger."""
    with shelf(smaller) as small:
        books.close_years()
        with shelf(size) as large:
            yield from _beside_duck(large, rounds)
            for name, period in (("closed year", CLOSED), ("open year", OPEN)):
                few, many = medians(_asking(small, period), _asking(large, period), rounds=rounds)
                ours, other = f"{ms(many)} at {size:,}", f"{ms(few)} at {smaller:,}"
                yield Measure(f"statement, {name}: size", ours, other, many / few, 12)


def _asking(of: Shelf, period: Period) -> Callable[[], object]:
    return lambda: of.statement(period)


def _beside_duck(large: Shelf, rounds: int) -> Iterator[Measure]:
    """With no year closed, to say what closing them is worth; then with all but the last closed."""
    duck = Duck(books.database())
    yield _statement(large, duck, "no year closed", CLOSED, None, rounds)
    large.session.rollback()
    start = perf_counter()
    books.close_years()
    closing = (perf_counter() - start) / len(books.YEARS) / books.FUNDS
    yield _statement(large, duck, "closed year", CLOSED, 1.0, rounds)
    yield _statement(large, duck, "open year", OPEN, 1.0, rounds)
    yield _statement(large, duck, "not at year ends", ODD, None, rounds)
    ours, theirs = _pair(
        lambda: contributions(large.session, large.fund_id, OPEN[1]),
        lambda: duck.contributions(large.fund_id, OPEN[1]),
        rounds,
    )
    yield Measure(f"contributions, {large.entries:,} entries", ms(ours), f"DuckDB {ms(theirs)}", ours / theirs, 1.0)
    duck.connection.close()
    large.session.rollback()
    yield _verified(large, closing)


def _statement(large: Shelf, duck: Duck, name: str, period: Period, target: float | None, rounds: int) -> Measure:
    ours, theirs = _pair(lambda: large.statement(period), lambda: duck.statement(large.fund_id, *period), rounds)
    title = f"statement, {name}, {large.entries:,} entries"
    return Measure(title, ms(ours), f"DuckDB {ms(theirs)}", ours / theirs, target)


def _pair(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> list[float]:
    """Both times, of answers that are the same."""
    one, other = ours(), theirs()
    if one != other:
        raise SystemExit(f"bench: the answers differ:\n{one}\n{other}")
    return medians(ours, theirs, rounds=rounds)


def _verified(large: Shelf, closing: float) -> Measure:
    start = perf_counter()
    result = verify(large.session)
    taken = perf_counter() - start
    length, wrong = trail.verify(large.session)
    if not result.holds or wrong or result.entries != large.entries or length < large.entries:
        raise SystemExit(f"bench: the books do not hold: {result.faults[:3]} {wrong}")
    large.session.rollback()
    title, pace = "journal verified, in closings of a year", rate(large.entries, taken)
    return Measure(title, pace, f"a closing {ms(closing)}", taken / closing)
