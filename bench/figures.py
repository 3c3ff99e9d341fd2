"""The statement and the table of contributions over books of any size, beside DuckDB; and the journal verified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from time import perf_counter

import sqlalchemy as sa

from bench import books
from bench.duck import Duck
from bench.measure import Measure, medians, ms, rate
from fundapp.funds.models import Fund
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.ledger.queries import contributions, statement_figures, verify

CLOSED = (date(2020, 1, 1), date(2020, 12, 31))
OPEN = (date(2025, 1, 1), date(2025, 12, 31))
ODD = (date(2018, 3, 2), date(2023, 6, 30))
Seconds = dict[str, float]


def measure(size: int, smaller: int, rounds: int) -> Iterator[Measure]:
    """All of it; times at the smaller size are what those at the larger are compared with."""
    times: dict[int, Seconds] = {}
    for entries in (smaller, size):
        with books.instance():
            books.load(entries)
            found, times[entries] = _sized(entries, rounds)
            if entries == size:
                yield from found
    for name in ("closed year", "open year"):
        small, large = times[smaller][name], times[size][name]
        ours, other = f"{ms(large)} at {size:,}", f"{ms(small)} at {smaller:,}"
        yield Measure(f"statement, {name}: size", ours, other, large / small, 12)


def _sized(entries: int, rounds: int) -> tuple[list[Measure], Seconds]:
    """The measures of one size of books, without closed years first."""
    fund = db.session.scalars(sa.select(Fund.id).where(Fund.code == "UPR")).one()
    db.session.remove()
    duck, found, times = Duck(books.database()), list[Measure](), Seconds()
    of = f"{entries:,} entries"

    def statement(name: str, period: tuple[date, date], target: float | None) -> None:
        pair = _pair(
            lambda: statement_figures(db.session(), fund, *period), lambda: duck.statement(fund, *period), rounds
        )
        times[name] = pair[0]
        found.append(
            Measure(f"statement, {name}, {of}", ms(pair[0]), f"DuckDB {ms(pair[1])}", pair[0] / pair[1], target)
        )

    statement("no year closed", CLOSED, None)
    closing = perf_counter()
    books.close_years()
    closing = (perf_counter() - closing) / len(books.YEARS) / 3
    statement("closed year", CLOSED, 1.0)
    statement("open year", OPEN, 1.0)
    statement("not at year ends", ODD, None)
    ours, theirs = _pair(
        lambda: contributions(db.session(), fund, OPEN[1]), lambda: duck.contributions(fund, OPEN[1]), rounds
    )
    found.append(Measure(f"contributions, {of}", ms(ours), f"DuckDB {ms(theirs)}", ours / theirs, 1.0))
    found.append(_verified(entries, closing))
    return found, times


def _pair(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> list[float]:
    """Both times, of answers that are the same."""
    one, other = ours(), theirs()
    if one != other:
        raise SystemExit(f"bench: the answers differ:\n{one}\n{other}")
    return medians(ours, theirs, rounds=rounds)


def _verified(entries: int, closing: float) -> Measure:
    db.session.remove()
    start = perf_counter()
    result = verify(db.session())
    taken = perf_counter() - start
    length, wrong = trail.verify(db.session())
    if not result.holds or wrong or result.entries != entries or length < entries:
        raise SystemExit(f"bench: the books do not hold: {result.faults[:3]} {wrong}")
    return Measure("journal verified", rate(entries, taken), f"closing a year {ms(closing)}", taken / closing)
