"""Adding the whole journal up again, beside what the trail noted of each entry when it was posted.

Streams through the tables in the order of their keys, side by side: memory holds one entry and the totals of the years.
What this believes is the trail's note; whether the trail itself still holds, `kernel.trail.verify` says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.errors import Fault
from fundapp.kernel.trail import Trace
from fundapp.ledger.core import FEWEST_LINES, sha256
from fundapp.ledger.models import ClosedYear, JournalEntry, Posting, PostingOrigin, YearTotal
from fundapp.ledger.rules import NO_DONOR, last_day

ENTRY, LINE, ORIGIN, TOTAL, TRACE = (
    table.__table__ for table in (JournalEntry, Posting, PostingOrigin, YearTotal, Trace)
)
CHUNK = 2000
MOST_FAULTS = 100  # more of them say nothing new
_END = float("inf")

Key = tuple[int, int, int, int]  # fund, year, account, donor


@dataclass(slots=True)
class Verification:
    """What was read, and what is wrong with it; the books hold when there are no faults."""

    entries: int = 0
    postings: int = 0
    years: int = 0
    faults: list[Fault] = field(default_factory=list)
    found: int = 0  # how many faults, also beyond those listed

    def wrong(self, code: str, **values: object) -> None:
        """Note a fault."""
        self.found += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(code, values))

    @property
    def holds(self) -> bool:
        """Whether the books are as they were written."""
        return not self.found


class _Rows:
    """Rows of a table in the order of their first column, taken entry by entry."""

    def __init__(self, session: Session, statement: sa.Select[Any]) -> None:
        self._rows = iter(session.execute(statement.execution_options(yield_per=CHUNK)))
        self._next: Any = next(self._rows, None)

    @property
    def key(self) -> float:
        return self._next[0] if self._next is not None else _END

    def take(self, key: float) -> list[Any]:
        """The rows of this key."""
        rows = []
        while self._next is not None and self._next[0] == key:
            rows.append(self._next)
            self._next = next(self._rows, None)
        return rows


def verify(session: Session) -> Verification:
    """Re-add the journal: each entry balances, is sealed and is what the trail noted; closed years add up to their
    totals. Says which entry or year is wrong."""
    result, totals, counts = Verification(), {}, {}  # type: Verification, dict[Key, list[int]], dict[tuple[int, int], int]
    for found in _entries(session):
        _check(result, found)
        _add(found, totals, counts)
    _check_years(session, result, totals, counts)
    return result


@dataclass(slots=True)
class _Found:
    """What the tables say under one number."""

    number: int
    entry: Any
    lines: list[Any]
    origins: dict[int, Any]
    notes: list[Any]


def _entries(session: Session) -> Iterator[_Found]:
    entries = _Rows(session, sa.select(ENTRY).order_by(ENTRY.c.id))
    lines = _Rows(session, sa.select(LINE).order_by(LINE.c.entry_id, LINE.c.number))
    origins = _Rows(session, sa.select(ORIGIN).order_by(ORIGIN.c.entry_id, ORIGIN.c.number))
    notes = _Rows(
        session,
        sa.select(TRACE.c.subject_id, TRACE.c.at, TRACE.c.actor, TRACE.c.operation, TRACE.c.change)
        .where(TRACE.c.subject == "journal_entry")
        .order_by(TRACE.c.subject_id),
    )
    while (key := min(entries.key, lines.key, origins.key, notes.key)) != _END:
        entry = entries.take(key)
        evidence = {row.number: row for row in origins.take(key)}
        yield _Found(int(key), entry[0] if entry else None, lines.take(key), evidence, notes.take(key))


def _check(result: Verification, found: _Found) -> None:
    entry, number = found.entry, found.number
    if entry is None:
        result.wrong("journal.missing", entry=number)
        return
    result.entries += 1
    result.postings += len(found.lines)
    if not entry.sealed:
        result.wrong("journal.unsealed", entry=number)
    if len(found.lines) < FEWEST_LINES or sum(line.cents for line in found.lines):
        result.wrong("journal.unbalanced", entry=number, left=sum(line.cents for line in found.lines))
    if any((line.fund_id, line.posted_on) != (entry.fund_id, entry.posted_on) for line in found.lines):
        result.wrong("journal.copies", entry=number)
    if [line.number for line in found.lines] != list(range(1, len(found.lines) + 1)):
        result.wrong("journal.line-missing", entry=number)
    if _digest(found) != entry.digest:
        result.wrong("journal.changed", entry=number)
    _check_note(result, found)


def _check_note(result: Verification, found: _Found) -> None:
    entry = found.entry
    if not found.notes:
        result.wrong("journal.not-in-trail", entry=found.number)
    elif len(found.notes) > 1:
        result.wrong("journal.twice-in-trail", entry=found.number)
    else:
        note = found.notes[0]
        said = json.loads(note.change).get("digest")
        if (said, note.at, note.actor, note.operation) != (entry.digest, entry.at, entry.actor, entry.operation):
            result.wrong("journal.trail-differs", entry=found.number)


def _digest(found: _Found) -> str:
    """As core.digest, from the rows: building an Entry would refuse what this is to report."""
    lines = []
    for line in found.lines:
        plain = [line.account_id, line.cents, line.donor_id, line.project_id]
        if origin := found.origins.get(line.number):
            plain += [origin.minor, origin.currency, str(origin.rate)]
        lines.append(plain)
    entry = found.entry
    return sha256([entry.fund_id, entry.posted_on.isoformat(), entry.memo, entry.source, entry.corrects_id, lines])


def _add(found: _Found, totals: dict[Key, list[int]], counts: dict[tuple[int, int], int]) -> None:
    """Add an entry to what its year moved."""
    entry = found.entry
    if entry is None:
        return
    year = (entry.fund_id, entry.posted_on.year)
    counts[year] = counts.get(year, 0) + 1
    seen = set()
    for line in found.lines:
        key = (*year, line.account_id, line.donor_id or NO_DONOR)
        total = totals.setdefault(key, [0, 0, 0])
        total[0 if line.cents > 0 else 1] += abs(line.cents)
        if key not in seen:
            seen.add(key)
            total[2] += 1


def _check_years(
    session: Session, result: Verification, totals: dict[Key, list[int]], counts: dict[tuple[int, int], int]
) -> None:
    stored: dict[tuple[int, int], list[Any]] = {}
    for row in session.execute(sa.select(TOTAL).order_by(TOTAL.c.fund_id, TOTAL.c.account_id, TOTAL.c.donor_id)):
        stored.setdefault((row.fund_id, row.year), []).append(
            [row.account_id, row.donor_id, row.debits, row.credits, row.entries]
        )
    computed: dict[tuple[int, int], list[Any]] = {}
    for (fund, year, account, donor), sums in sorted(totals.items()):
        computed.setdefault((fund, year), []).append([account, donor, *sums])
    due: dict[int, int] = {}  # fund -> the year that closes next
    for closed in session.scalars(sa.select(ClosedYear).order_by(ClosedYear.fund_id, ClosedYear.year)):
        key = (closed.fund_id, closed.year)
        result.years += 1
        _check_year(session, result, closed, stored.pop(key, []), computed.get(key, []), counts.get(key, 0))
        if closed.year != due.get(closed.fund_id, closed.year) or _is_left_open(counts, *key, due):
            result.wrong("year.not-in-order", year=closed.year, due=due.get(closed.fund_id, min(counts)[1]))
        due[closed.fund_id] = closed.year + 1
    for fund, year in stored:
        result.wrong("year.totals-without", fund=fund, year=year)


def _is_left_open(counts: dict[tuple[int, int], int], fund: int, year: int, due: dict[int, int]) -> bool:
    """Whether entries lie before the first year that was closed."""
    return fund not in due and any(f == fund and y < year for f, y in counts)


def _check_year(
    session: Session, result: Verification, closed: ClosedYear, stored: list[Any], computed: list[Any], entries: int
) -> None:
    if stored != computed:
        result.wrong("year.totals-differ", fund=closed.fund_id, year=closed.year)
    if entries != closed.entries:
        result.wrong("year.entries-differ", fund=closed.fund_id, year=closed.year, stored=closed.entries, found=entries)
    mark = sha256([closed.fund_id, closed.year, closed.entries, stored])
    note = session.scalar(
        sa.select(TRACE.c.change).where(TRACE.c.subject == "closed_year", TRACE.c.subject_id == closed.id)
    )
    said = json.loads(note)["digest"][1] if note else None
    if mark != closed.digest or said != mark or closed.last_day != last_day(closed.year):
        result.wrong("year.changed", fund=closed.fund_id, year=closed.year)
