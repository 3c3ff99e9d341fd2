"""What donors owe on a day: by donor and instalment, and how long it is overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import Instalment, Pledge
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.drawn import facts_of
from fundapp.finance.models import ChangeKind, ChangeStage, PledgeChange, Receipt, Recognition, Settlement
from fundapp.finance.rules.reports import (
    AGE_CODES,
    BEGINNING,
    RECEIVABLES,
    Amount,
    Opens,
    Report,
    ReportCell,
    ReportColumn,
    ReportRow,
    Term,
    age,
    sums,
)
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.kernel.text import fold
from fundapp.ledger.models import Account, JournalEntry, Posting
from fundapp.ledger.rules import RECEIVABLE

NOBODY = "none"


@dataclass(frozen=True, slots=True)
class OwedPart:
    """What is owed of an instalment on a day, in US cents as it was recognised."""

    donor_id: int
    pledge: str
    number: int
    due_on: date
    cents: int


def receivables(session: Session, fund: Fund, on: date) -> Report:
    """Contributions receivable on a day: by donor, each instalment in its class of age, and what the books hold beside
    instalments; the total is the balance of the account. Four queries."""
    parts, names = owed_parts(session, fund.id, on), names_of_donors(session, on)
    booked = _booked(session, fund.id, on)
    keys = sorted(
        {*booked, *(part.donor_id for part in parts)},
        key=lambda key: (not key, fold(names[key][1]["en"]) if key in names else ""),
    )
    rows: list[ReportRow] = []
    for key in keys:
        rows += _of_donor(key, [part for part in parts if part.donor_id == key], booked.get(key, 0), names, on)
    lines = [row.cells for row in rows if row.level]
    grand = ReportRow("TOTAL", "grand", 0, Term("total"), sums(lines, len(AGE_CODES) + 3, len(AGE_CODES) + 2))
    return Report(
        RECEIVABLES, facts_of(fund), None, on, fund.basis.value, Term("donor-pledge"), _columns(), (*rows, grand),
        (Term("note.recognised"), Term("note.age")), None, now(),
    )  # fmt: skip


def _columns() -> tuple[ReportColumn, ...]:
    ages = tuple(ReportColumn(f"age-{code}", Term(f"age.{code}")) for code in AGE_CODES)
    other = ReportColumn("no-date", Term("age.none"))
    return (ReportColumn("due", Term("due"), figures=False), *ages, other, ReportColumn("total", Term("total")))


def _of_donor(
    key: int, parts: list[OwedPart], booked: int, names: dict[int, tuple[str, dict[str, str]]], on: date
) -> Iterator[ReportRow]:
    """A donor's total, and under it what it is made of."""
    code, labels = names.get(key, (NOBODY, {}))
    opens = Opens(RECEIVABLE, BEGINNING, on, donor=code)
    lines: list[ReportRow] = []
    for part in sorted(parts, key=lambda one: (one.due_on, one.pledge, one.number)):
        place = age(part.due_on, on)
        term = Term("instalment", {"pledge": part.pledge, "number": part.number})
        amount = Amount(part.cents, opens)
        thing = Opens(thing="pledge", number=part.pledge)
        cells = (part.due_on, *_in_place(place, amount), amount)
        lines.append(ReportRow(f"{part.pledge}/{part.number}", "account", 1, term, cells, thing, place > 0))
    if rest := booked - sum(part.cents for part in parts):
        amount = Amount(rest, opens)
        lines.append(ReportRow(f"{code}/-", "account", 1, Term("no-instalment"), (None, *_in_place(5, amount), amount)))
    if lines:
        yield ReportRow(code, "group", 0, labels or Term("nobody"), (None,) * (len(AGE_CODES) + 3))
        yield from lines
        if len(lines) > 1:
            total = sums([line.cells for line in lines], len(AGE_CODES) + 3)
            yield ReportRow(f"{code}/total", "total", 0, Term("total-of-donor"), (*total[:-1], Amount(booked, opens)))


def _in_place(place: int, amount: Amount) -> tuple[ReportCell, ...]:
    return tuple(amount if n == place else None for n in range(len(AGE_CODES) + 1))


def _booked(session: Session, fund_id: int, on: date) -> dict[int, int]:
    """Donor (0: none) -> the balance of contributions receivable."""
    donor = sa.func.coalesce(Posting.donor_id, 0)
    found = session.execute(
        sa.select(donor, sa.cast(sa.func.sum(Posting.cents), sa.BigInteger))
        .join(Account, Account.id == Posting.account_id)
        .where(Account.code == RECEIVABLE, Posting.fund_id == fund_id, Posting.posted_on <= on)
        .group_by(donor)
    )
    return {key: int(cents) for key, cents in found if cents}


def owed_parts(session: Session, fund_id: int, on: date) -> list[OwedPart]:
    """What the books say is owed of each instalment at the end of a day; those that owe nothing are left out. An entry
    counts from the day it was posted on. One query."""
    recognised, entry = Recognition.__table__, JournalEntry.__table__
    settled, changed = _settled(on), _changed(on)
    left = recognised.c.cents - sa.func.coalesce(settled.c.cents, 0) - sa.func.coalesce(changed.c.cents, 0)
    found = session.execute(
        sa.select(Pledge.donor_id, Pledge.number, Instalment.number, Instalment.due_on, sa.cast(left, sa.BigInteger))
        .join(Instalment, Instalment.id == recognised.c.instalment_id)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .join(entry, entry.c.id == recognised.c.entry_id)
        .outerjoin(settled, settled.c.instalment_id == Instalment.id)
        .outerjoin(changed, changed.c.instalment_id == Instalment.id)
        .where(recognised.c.fund_id == fund_id, entry.c.posted_on <= on, left != 0)
    )
    return [OwedPart(*row) for row in found]


def _settled(on: date) -> sa.Subquery:
    """Instalment -> what was settled of what was recognised; with its receipt undone it counts no more."""
    entry, undone = sa.alias(JournalEntry.__table__), sa.alias(JournalEntry.__table__)
    day: Any = sa.func.coalesce(entry.c.posted_on, Settlement.settled_on)
    return (
        sa.select(Settlement.instalment_id, sa.func.sum(Settlement.recognised_cents).label("cents"))
        .join(Receipt, Receipt.id == Settlement.receipt_id)
        .outerjoin(entry, entry.c.id == Settlement.entry_id)
        .outerjoin(undone, undone.c.id == Receipt.undone_entry_id)
        .where(day <= on, sa.or_(Receipt.undone_at.is_(None), undone.c.posted_on > on))
        .group_by(Settlement.instalment_id)
        .subquery()
    )


def _changed(on: date) -> sa.Subquery:
    """Instalment -> by how much what is owed was lowered or written off."""
    entry = sa.alias(JournalEntry.__table__)
    day: Any = sa.func.coalesce(entry.c.posted_on, PledgeChange.changed_on)
    return (
        sa.select(PledgeChange.instalment_id, sa.func.sum(PledgeChange.cents).label("cents"))
        .outerjoin(entry, entry.c.id == PledgeChange.entry_id)
        .where(
            PledgeChange.stage == ChangeStage.APPROVED,
            PledgeChange.kind != ChangeKind.REFUND,
            PledgeChange.instalment_id.is_not(None),
            day <= on,
        )
        .group_by(PledgeChange.instalment_id)
        .subquery()
    )
