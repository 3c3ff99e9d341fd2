"""Extracts of expenditure: taken in, booked when what was unknown has a name, taken back. One transaction each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
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
    Plan,
    Resolve,
    Revision,
    Spent,
    compared,
    given_back,
    pieces,
    resolver,
    revised,
)
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
TOGETHER = 5_000  # lines that are written at a time
MANY = 8_000  # lines of entries that are posted at a time
LONGEST_REASON = 2_000
Paid = tuple[str, int, date, int]  # number of a commitment, cents, day, entry


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
    rows = lines_of(file, found.layout, today(), tick)
    plan = _plan(work.session, fund, found, rows)
    if not plan.revisions:
        return Taken(None, plan)
    days = [row.posted_on for row in rows]
    made = ExtractBatch(
        fund_id=fund.id, profile_id=profile_in_use(work, fund, found), source=source, name=file.name[:255],
        digest=file.digest(), rows=plan.rows, added=plan.added, changed=plan.changed, same=plan.same,
        waiting=plan.waiting, cents=plan.cents, first=min(days), last=max(days), at=work.at, by=str(work.actor),
        undone_reason="",
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    del rows
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
        made: list[Revision] = []
        for row in of_batch:
            spent = spent_of(row)
            project, account, waits = meant(spent)
            if row.account_id is not None and waits in ("", "class"):  # the file named the account
                account, waits = row.account_id, ""
            if not waits:
                booked += 1
                made += revised(spent, known[row.document, row.line], (project, account, waits))
        if made:
            batch = work.session.get_one(ExtractBatch, key)
            batch.cents += sum(move.cents for one in made for move in one.moves)
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
        _pay_commitments(work, fund, [(*one, day, number) for one in given_back(before, after)])
    return len(posted)


def _take_back(work: Work, fund: Fund, batch: ExtractBatch, number: int, day: date) -> tuple[date, int]:
    on = first_open_day(work.session, fund.id, day)
    return on, reverse(work, fund, number, on, f"{UNDONE}{batch.source} {batch.id}, {day.isoformat()}")


def _plan(session: Session, fund: Fund, found: Profile, rows: Sequence[Spent]) -> Plan:
    known = known_lines(session, fund, found.code, (row.document for row in rows))
    return compared(rows, known, _resolver(session, fund, found))


def _resolver(session: Session, fund: Fund, found: Profile) -> Resolve:
    return resolver(found.layout, expenditure_accounts(session), project_keys(session, fund))


def _book(work: Work, fund: Fund, batch: ExtractBatch, revisions: Sequence[Revision]) -> list[str]:
    """Post what revisions move, and keep them; the numbers of commitments that nobody knows."""
    closed = shut(work.session, fund.id)
    cash = accounts(work.session)[CASH]
    entry_of: dict[int, tuple[int, date]] = {}  # place of a revision -> its entry and day
    about = f"{batch.source} {batch.id}"
    made = pieces(fund.id, cash, revisions, about, lambda day: open_day(day, closed))
    paid: list[Paid] = []
    for some in _so_many(made, MANY, lambda piece: len(piece.entry.lines)):
        numbers = post_many(work, fund, [piece.entry for piece in some])
        for number, piece in zip(numbers, some, strict=True):
            place = (number, piece.entry.on)
            for one in piece.revisions:
                entry_of[id(one)] = place
                paid += [(commitment, cents, piece.entry.on, number) for commitment, cents in one.pays]
    _keep(work, batch, revisions, entry_of)
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
    work: Work, batch: ExtractBatch, revisions: Sequence[Revision], entry_of: dict[int, tuple[int, date]]
) -> None:
    given = iter(revisions)
    nowhere = (None, None)
    fund, source, key = batch.fund_id, batch.source, batch.id
    iso: dict[date, str] = {}
    while some := list(islice(given, TOGETHER)):
        rows: list[tuple[Any, ...]] = []
        for one in some:
            of, (entry, on) = one.of, entry_of.get(id(one), nowhere)
            day = iso.get(one.posted_on) or iso.setdefault(one.posted_on, one.posted_on.isoformat())
            booked = None if on is None else (iso.get(on) or iso.setdefault(on, on.isoformat()))
            rows.append((
                key, fund, source, of.document, of.line, one.revision, of.row, day, booked, of.project, of.erp_class,
                of.commitment, of.kind, of.text, of.currency, of.minor, one.cents, one.project_id, one.account_id,
                one.waits, entry,
            ))  # fmt: skip
        work.put(LINE, COLUMNS, rows)
    work.note("extract_line", key, {"lines": len(revisions), "digest": batch.digest})


def _pay_commitments(work: Work, fund: Fund, paid: Sequence[Paid]) -> list[str]:
    """Take off commitments what lines say they pay, once for each day and entry; the numbers that nobody knows."""
    sums: dict[tuple[str, date, int], int] = {}
    for number, cents, on, entry in paid:
        sums[number, on, entry] = sums.get((number, on, entry), 0) + cents
    return liquidate_extract(work, fund, [(number, cents, on, entry) for (number, on, entry), cents in sums.items()])
