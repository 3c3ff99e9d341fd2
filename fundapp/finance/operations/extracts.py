"""Extracts of expenditure: taken in, booked when what was unknown has a name, taken back. One transaction each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.finance.layouts.extracts import Tick, lines_of, no_tick
from fundapp.finance.models import ExtractBatch, ExtractLine
from fundapp.finance.operations.commitments import liquidate_extract
from fundapp.finance.operations.profiles import name_unknown, profile_in_use
from fundapp.finance.queries.extracts import (
    Profile,
    built_on,
    entries_of,
    expenditure_accounts,
    known_lines,
    profile,
    project_keys,
    spent_of,
    waiting,
    with_commitments,
)
from fundapp.finance.rules.books import CASH
from fundapp.finance.rules.extracts import (
    UNDONE,
    Known,
    Plan,
    Resolve,
    compared,
    given_back,
    pieces,
    resolver,
    revised,
)
from fundapp.finance.rules.revisions import Kept, Revisions, Spent
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.clock import today
from fundapp.kernel.errors import refuse
from fundapp.kernel.work import Work
from fundapp.ledger.operations import post_many, reverse
from fundapp.ledger.queries import accounts, first_open_day, shut
from fundapp.ledger.rules import open_day
from fundapp.recommendations.layouts.incoming import Incoming

LINE = ExtractLine.__table__
COLUMNS = tuple(column.name for column in LINE.columns if column.name != "id")
TOGETHER = 5_000  # lines that post nothing and are written at a time
BEFORE_DAYS = 4  # cells of a revision that stand before its days
MANY = 8_000  # lines of entries that are posted at a time
LONGEST_REASON = 2_000
Paid = Counter[tuple[str, date, int]]  # number of a commitment, day, entry -> cents


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: the batch, or none where it brought nothing new; numbers of commitments nobody knows."""

    batch: ExtractBatch | None
    plan: Plan
    strange: tuple[str, ...] = ()


def looked_at(session: Session, fund: Fund, file: Incoming, source: str, tick: Tick = no_tick) -> Plan:
    """What a file would come to; nothing is changed."""
    found = profile(session, fund, source)
    return _plan(session, fund, found, lines_of(file, found.layout, today(), tick))


@operation(Permission.EXPENDITURE_IMPORT)
def take_extract(work: Work, fund: Fund, file: Incoming, source: str, tick: Tick = no_tick) -> Taken:
    """Take in an extract whole, or nothing of it: new lines post, changed ones their difference, unknown ones wait."""
    hold(work.session, [fund])
    found = profile(work.session, fund, source)
    plan = _plan(work.session, fund, found, lines_of(file, found.layout, today(), tick))
    if not plan.revisions:
        return Taken(None, plan)
    made = ExtractBatch(
        fund_id=fund.id, profile_id=profile_in_use(work, fund, found), source=source, name=file.name[:255],
        digest=file.digest(), rows=plan.rows, added=plan.added, changed=plan.changed, same=plan.same,
        waiting=plan.waiting, cents=plan.cents, first=plan.first, last=plan.last, at=work.at, by=str(work.actor),
        undone_reason="",
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    strange = _book(work, fund, made, plan.revisions)
    return Taken(made, plan, tuple(strange))


@operation(Permission.EXPENDITURE_IMPORT)
def name_and_book(work: Work, fund: Fund, source: str, what: str, text: str, means: str) -> int:
    """Say what an unknown project or class means, and book the lines that waited for nothing else; how many."""
    hold(work.session, [fund])
    name_unknown(work, fund, source, what, text, means)
    return book_waiting(work, fund, source)


@operation(Permission.EXPENDITURE_IMPORT)
def book_waiting(work: Work, fund: Fund, source: str) -> int:
    """Book the lines that waited and whose project and class are known by now; how many."""
    hold(work.session, [fund])
    meant = _resolver(work.session, fund, profile(work.session, fund, source))
    rows = waiting(work.session, fund, source)
    known = known_lines(work.session, fund, source, (row.document for row in rows))
    booked = 0
    for key, of_batch in groupby(rows, key=lambda row: row.batch_id):
        made, cents = Revisions(), 0
        for row in of_batch:
            spent = spent_of(row)
            project, account, waits = meant(spent)
            if row.account_id is not None and waits in ("", "class"):  # the file named the account
                account, waits = row.account_id, ""
            if not waits:
                booked += 1
                fresh = revised(spent, known[row.document, row.line], (project, account, waits))
                made.add(fresh)
                cents += sum(move.cents for one in fresh for move in one.moves)
        if made:
            batch = work.session.get_one(ExtractBatch, key)
            batch.cents += cents
            _book(work, fund, batch, made)
    return booked


@operation(Permission.EXPENDITURE_UNDO)
def undo_extract(work: Work, fund: Fund, batch: ExtractBatch, reason: str) -> int:
    """Take a batch back whole: each of its entries is reversed, and its lines count as if they had never come; says
    how many entries. Refused where a later batch changed lines of it."""
    hold(work.session, [fund])
    work.session.refresh(batch)
    if batch.fund_id != fund.id:
        raise refuse("extract.no-batch")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise refuse("extract.no-reason", largest=LONGEST_REASON)
    if batch.undone_at is not None:
        raise refuse("extract.undone", name=batch.name)
    if (later := built_on(work.session, batch.id)) is not None:
        raise refuse("extract.built-on", name=batch.name, later=later)
    posted = entries_of(work.session, batch.id)
    documents = with_commitments(work.session, batch.id)
    before = known_lines(work.session, fund, batch.source, documents) if documents else {}
    undoing = {number: _take_back(work, fund, batch, number, day) for number, day in posted}
    batch.undone_at, batch.undone_by, batch.undone_reason = work.at, str(work.actor), reason.strip()
    work.session.flush()
    if before and undoing:
        after = known_lines(work.session, fund, batch.source, documents)
        day, number = max(undoing.values())
        given: Paid = Counter()
        for commitment, cents in given_back(before, after):
            given[commitment, day, number] += cents
        _pay_commitments(work, fund, given)
    return len(posted)


def _take_back(work: Work, fund: Fund, batch: ExtractBatch, number: int, day: date) -> tuple[date, int]:
    on = first_open_day(work.session, fund.id, day)
    return on, reverse(work, fund, number, on, f"{UNDONE}{batch.source} {batch.id}, {day.isoformat()}")


def _plan(session: Session, fund: Fund, found: Profile, rows: Iterable[Spent]) -> Plan:
    def before(some: Sequence[Spent]) -> Mapping[tuple[str, str], Known]:
        return known_lines(session, fund, found.code, (row.document for row in some))

    return compared(rows, before, _resolver(session, fund, found))


def _resolver(session: Session, fund: Fund, found: Profile) -> Resolve:
    return resolver(found.layout, expenditure_accounts(session), project_keys(session, fund))


def _book(work: Work, fund: Fund, batch: ExtractBatch, revisions: Revisions) -> list[str]:
    """Post what revisions move, and keep them; the numbers of commitments that nobody knows."""
    closed = shut(work.session, fund.id)
    cash = accounts(work.session)[CASH]
    about = f"{batch.source} {batch.id}"
    made = pieces(fund.id, cash, revisions.moving(), about, lambda day: open_day(day, closed))
    paid: Paid = Counter()
    for some in _so_many(made, MANY, lambda piece: len(piece.entry.lines)):
        numbers = post_many(work, fund, [piece.entry for piece in some])
        for number, piece in zip(numbers, some, strict=True):
            _keep(work, batch, piece.revisions, number, piece.entry.on)
            for commitment, cents in (pay for one in piece.revisions for pay in one.pays):
                paid[commitment, piece.entry.on, number] += cents
    resting = revisions.resting()
    while others := list(islice(resting, TOGETHER)):
        _keep(work, batch, others)
    work.note("extract_line", batch.id, {"lines": len(revisions), "digest": batch.digest})
    return _pay_commitments(work, fund, paid) if paid else []


def _so_many(items: Iterable[Any], most: int, size: Callable[[Any], int]) -> Iterator[list[Any]]:
    """Items in lists whose sizes come to about so many."""
    some: list[Any] = []
    held = 0
    for item in items:
        some.append(item)
        held += size(item)
        if held >= most:
            yield some
            some, held = [], 0
    if some:
        yield some


def _keep(
    work: Work, batch: ExtractBatch, revisions: Sequence[Kept], entry: int | None = None, on: date | None = None
) -> None:
    """Write revisions that one entry posts, or none does."""
    fund, source, key = batch.fund_id, batch.source, batch.id
    booked = None if on is None else on.isoformat()
    rows: list[tuple[Any, ...]] = []
    for on_day, of_day in groupby(revisions, key=itemgetter(0)):
        day = on_day.isoformat()
        for _day, cells, _moves, _pays in of_day:
            rows.append((key, fund, source, *cells[:BEFORE_DAYS], day, booked, *cells[BEFORE_DAYS:], entry))
    work.put(LINE, COLUMNS, rows)


def _pay_commitments(work: Work, fund: Fund, paid: Paid) -> list[str]:
    """Take off commitments what lines say they pay, once for each day and entry; the numbers that nobody knows."""
    return liquidate_extract(work, fund, [(number, cents, on, entry) for (number, on, entry), cents in paid.items()])
