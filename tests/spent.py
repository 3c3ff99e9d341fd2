"""Money of 2021 for tests, row by row: a project with a budget, what is committed and spent of it, what donors owe.

Entries go through the ledger's own operations; the rows beside them are written as the operations of each part do.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from fundapp.access.operations import Console
from fundapp.contributions.models import Donor, Earmark, Instalment, Pledge, PledgeKind, PledgeStage
from fundapp.finance.models import (
    Allotment,
    AllotmentLine,
    AllotmentStage,
    Commitment,
    CommitmentMove,
    CommitmentStage,
    CommitmentStep,
    ProjectAccount,
    Receipt,
    Recognition,
    Settlement,
)
from fundapp.finance.rules.spending import choices_of
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.base import Base
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.money import Money
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry, Line, Origin
from fundapp.ledger.operations import post
from fundapp.ledger.queries import accounts
from fundapp.proposals.models import Proposal

BY = {"by": "console", "at": now()}
PREPARED = {"prepared_by_id": None, "prepared_by": "console", "prepared_at": now()}
SETTLED = {"settled_by": "console", "settled_at": now(), "answer": ""}


def fund() -> Fund:
    return named_fund(db.session(), "UPR")


def put(*rows: Base) -> None:
    """Rows, as an operation of the test's own."""
    with unit_of_work(Console()) as work:
        work.operation = "tests.put"
        work.session.add_all(rows)
        work.session.flush()
        work.operation = None


def entered(on: date, debit: str, credit: str, cents: int, memo: str = "tests", **more: Any) -> int:
    """An entry of two lines; more: donor, project, of both lines; origin of the debit."""
    keys, origin = accounts(db.session()), more.pop("origin", None)
    with unit_of_work(Console()) as work:
        lines = (
            Line(keys[debit], cents, origin=origin, **more),
            Line(keys[credit], -cents, origin=-origin if origin else None, **more),
        )
        return post(work, fund(), Entry(fund().id, on, memo, lines))


def donor_id(code: str) -> int:
    found = db.session().scalar(sa.select(Donor.id).where(Donor.code == code))
    assert found
    return found


def project(code: str = "P-1", proposal: int | None = None) -> int:
    """A project account; it is part of a proposal where one is named."""
    made = ProjectAccount(
        fund_id=fund().id, code=code, erp_code=None, title=f"Work of {code}", country=None, proposal_id=proposal,
        decision_id=None, opened_on=date(2021, 1, 1), ends_on=None, closed_on=None, version=1, **BY,
    )  # fmt: skip
    put(made)
    return made.id


def some_proposal() -> int:
    found = db.session().scalar(sa.select(Proposal.id).order_by(Proposal.id))
    assert found
    return found


def allotted(project_id: int, since: date, **classes: int) -> None:
    """Money for a project by class, c120=… for class 120; released."""
    number = 1 + len(db.session().scalars(sa.select(Allotment).where(Allotment.project_id == project_id)).all())
    made = Allotment(
        fund_id=fund().id, project_id=project_id, number=number, stage=AllotmentStage.RELEASED, since=since,
        reason="tests", version=1, **PREPARED, **SETTLED,
    )  # fmt: skip
    put(made)
    put(*(
        AllotmentLine(allotment_id=made.id, erp_class=name[1:], cents=cents) for name, cents in classes.items()
    ))  # fmt: skip


def committed(number: str, project_id: int | None, account: str, *moves: tuple[CommitmentStep, int, date, int]) -> None:
    """A commitment with its steps: (step, cents, day, carried)."""
    made = Commitment(
        fund_id=fund().id, number=number, project_id=project_id, account_id=accounts(db.session())[account],
        erp_class=choices_of(account)[0], payee="Somebody Ltd", purpose="work", reference="", committed_on=moves[0][2],
        expires_on=date(2021, 9, 30), cents=moves[0][1], stage=CommitmentStage.APPROVED, version=1, **PREPARED,
        **SETTLED,
    )  # fmt: skip
    put(made)
    put(*(
        CommitmentMove(
            commitment_id=made.id, step=step, cents=cents, carried_cents=carried, moved_on=day, reason="",
            entry_id=None, **BY,
        )
        for step, cents, day, carried in moves
    ))  # fmt: skip


def pledged(number: str, donor: str, on: date, *instalments: tuple[int, date]) -> list[int]:
    """A pledge in dollars that binds on a day, each instalment recognised; returns the keys of the instalments."""
    cents, key = sum(amount for amount, _ in instalments), donor_id(donor)
    made = Pledge(
        fund_id=fund().id, donor_id=key, number=number, kind=PledgeKind.AGREEMENT, reference="", currency="USD",
        minor=cents, announced_on=on, binds_on=on, ends_on=None, earmark=Earmark.NONE, earmarked_for="", conditions="",
        support_cost_rate=None, reporting="", report_due_on=None, language="en", stage=PledgeStage.BINDING,
        bound_by="console", bound_at=now(), cancelled_by=None, cancelled_at=None, cancel_reason="", version=1,
        **PREPARED,
    )  # fmt: skip
    put(made)
    keys = []
    for place, (amount, due) in enumerate(instalments, 1):
        one = Instalment(pledge_id=made.id, number=place, minor=amount, due_on=due)
        put(one)
        entry = entered(on, "AST.RECEIVABLE", "INC.CONTRIB", amount, f"pledge {number}", donor_id=key)
        put(Recognition(
            instalment_id=one.id, fund_id=fund().id, recognised_on=on, minor=amount, rate=Decimal(1), cents=amount,
            entry_id=entry, **BY,
        ))  # fmt: skip
        keys.append(one.id)
    return keys


def paid(number: str, donor: str, on: date, instalment: int, cents: int) -> Receipt:
    """A receipt that settles part of an instalment."""
    key = donor_id(donor)
    entry = entered(on, "AST.CASH", "LIA.ADVANCE", cents, f"receipt {number}", donor_id=key)
    made = Receipt(
        fund_id=fund().id, donor_id=key, number=number, received_on=on, currency="USD", minor=cents, rate=Decimal(1),
        cents=cents, reference=f"REF {number}", note="", bank_line_id=None, entry_id=entry, undone_at=None,
        undone_by=None, undone_reason="", undone_entry_id=None, version=1, **BY,
    )  # fmt: skip
    put(made)
    settled = entered(on, "LIA.ADVANCE", "AST.RECEIVABLE", cents, f"receipt {number}", donor_id=key)
    put(Settlement(
        receipt_id=made.id, instalment_id=instalment, settled_on=on, minor=cents, cents=cents, recognised_cents=cents,
        entry_id=settled, **BY,
    ))  # fmt: skip
    return made


def francs(cents: int) -> Origin:
    """Dollars that were francs, at 0.9 for one dollar."""
    return Origin(Money(cents * 9 // 10, "CHF"), Decimal("0.9"))


def a_year_of_spending(proposal: int | None = None) -> int:
    """A project that is allotted 10,000 and 2,000, has 4,000 committed of which 1,500 are paid, and spent 300 more."""
    key = project(proposal=proposal)
    allotted(key, date(2021, 1, 1), c120=10_000_00, c160=2_000_00)
    entered(date(2021, 3, 1), "EXP.CONTRACT", "AST.CASH", 1_500_00, project_id=key)
    entered(date(2021, 5, 1), "EXP.TRAVELSTAFF", "AST.CASH", 300_00, project_id=key)
    committed(
        "C2021-0001", key, "EXP.CONTRACT",
        (CommitmentStep.APPROVED, 4_000_00, date(2021, 2, 1), 0),
        (CommitmentStep.LIQUIDATED, -1_500_00, date(2021, 3, 1), 0),
    )  # fmt: skip
    return key
