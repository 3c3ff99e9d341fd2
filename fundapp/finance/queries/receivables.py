"""What donors owe on a day: by donor and instalment, and how long it is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.queries import names_of_donors
from fundapp.finance.drawn import facts_of
from fundapp.finance.queries.receiving import Part, binding, parts
from fundapp.finance.rules.ageing import Age, age
from fundapp.finance.rules.reports import (
    BEGINNING,
    RECEIVABLES,
    Amount,
    Opens,
    Report,
    ReportCell,
    ReportColumn,
    ReportRow,
    Term,
    sums,
)
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.kernel.text import fold
from fundapp.ledger.models import Account, Posting
from fundapp.ledger.rules import RECEIVABLE

NOBODY = "none"
AGES = tuple(Age)
AGE_CODES = ("current", "30", "90", "365", "older")  # by which files know their columns


def receivables(session: Session, fund: Fund, on: date) -> Report:
    """Contributions receivable on a day: by donor, each instalment in its class of age, and what the books hold beside
    instalments; the total is the balance of the account. Four queries."""
    owed: defaultdict[int, list[Part]] = defaultdict(list)
    for part in parts(session, binding(fund.id, by=on), on):
        if part.stands.outstanding_cents:  # what is booked only once it is paid is owed nothing of
            owed[part.pledge.donor_id].append(part)
    names, booked = names_of_donors(session, on), _booked(session, fund.id, on)
    keys = sorted(
        {*booked, *owed},
        key=lambda key: (not key, fold(names[key][1]["en"]) if key in names else ""),
    )
    rows: list[ReportRow] = []
    for key in keys:
        rows += _of_donor(key, owed[key], booked.get(key, 0), names, on)
    lines = [row.cells for row in rows if row.level]
    grand = ReportRow("TOTAL", "grand", 0, Term("total"), sums(lines, len(AGES) + 3, len(AGES) + 2))
    return Report(
        RECEIVABLES, facts_of(fund), None, on, fund.basis.value, Term("donor-pledge"), _columns(), (*rows, grand),
        (Term("note.recognised"), Term("note.age")), None, now(),
    )  # fmt: skip


def _columns() -> tuple[ReportColumn, ...]:
    ages = tuple(ReportColumn(f"age-{code}", Term(f"age.{code}")) for code in AGE_CODES)
    other = ReportColumn("no-date", Term("age.none"))
    return (ReportColumn("due", Term("due"), figures=False), *ages, other, ReportColumn("total", Term("total")))


def _of_donor(
    key: int, owed: list[Part], booked: int, names: dict[int, tuple[str, dict[str, str]]], on: date
) -> Iterator[ReportRow]:
    """A donor's total, and under it what it is made of."""
    code, labels = names.get(key, (NOBODY, {}))
    opens = Opens(RECEIVABLE, BEGINNING, on, donor=code)
    lines: list[ReportRow] = []
    for part in owed:
        pledge, number, due_on = part.pledge.number, part.instalment.number, part.instalment.due_on
        place = AGES.index(age(due_on, on))
        term = Term("instalment", {"pledge": pledge, "number": number})
        amount = Amount(part.stands.outstanding_cents, opens)
        thing = Opens(thing="pledge", number=pledge)
        cells = (due_on, *_in_place(place, amount), amount)
        lines.append(ReportRow(f"{pledge}/{number}", "account", 1, term, cells, thing, place > 0))
    if rest := booked - sum(part.stands.outstanding_cents for part in owed):
        amount = Amount(rest, opens)
        lines.append(ReportRow(f"{code}/-", "account", 1, Term("no-instalment"), (None, *_in_place(5, amount), amount)))
    if lines:
        yield ReportRow(code, "group", 0, labels or Term("nobody"), (None,) * (len(AGES) + 3))
        yield from lines
        if len(lines) > 1:
            total = sums([line.cells for line in lines], len(AGES) + 3)
            yield ReportRow(f"{code}/total", "total", 0, Term("total-of-donor"), (*total[:-1], Amount(booked, opens)))


def _in_place(place: int, amount: Amount) -> tuple[ReportCell, ...]:
    return tuple(amount if n == place else None for n in range(len(AGES) + 1))


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
