"""What is spent, for tests: project accounts, allotments, commitments, each by its two people."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from calls import fund, someone

from fundapp.access.policy import Role
from fundapp.finance.models import Allotment, Commitment, CommitmentMove, ProjectAccount
from fundapp.finance.operations.accounts import open_older_account, prepare_allotment, release_allotment
from fundapp.finance.operations.commitments import (
    approve_commitment,
    cancel_commitment,
    carry_over,
    change_commitment,
    liquidate,
    raise_commitment,
)
from fundapp.finance.rules.commitments import GivenCommitment
from fundapp.finance.rules.spending import GivenAccount, GivenAllotment
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.operations import post
from fundapp.ledger.queries import accounts, balances

OFFICER, CERTIFIER = Role.FINANCE_OFFICER, Role.CERTIFYING_OFFICER
WHY = "As the office asked on paper."
OPENED, DAY = date(2021, 1, 4), date(2021, 3, 1)


def project(code: str = "P1", **more: Any) -> int:
    """An account that is older than the program, by id."""
    said = GivenAccount(code, more.pop("title", f"Project {code}"), opened_on=OPENED, **more)
    with unit_of_work(someone(OFFICER)) as work:
        return open_older_account(work, fund(), said).id


def prepared(of: int, since: date = OPENED, /, **classes: int) -> int:
    """An allotment, by id; classes as c010=100_00."""
    said = GivenAllotment(since, {name[1:]: cents for name, cents in classes.items()}, WHY)
    with unit_of_work(someone(OFFICER)) as work:
        return prepare_allotment(work, work.session.get_one(ProjectAccount, of), said).id


def release(key: int) -> None:
    with unit_of_work(someone(CERTIFIER)) as work:
        found = work.session.get_one(Allotment, key)
        release_allotment(work, found, found.version)


def allotted(code: str = "P1", **classes: int) -> int:
    """A project with money, by id."""
    key = project(code)
    release(prepared(key, OPENED, **(classes or {"c010": 1_000_00, "c120": 500_00})))
    return key


def given(of: int | None, cents: int = 100_00, **more: Any) -> GivenCommitment:
    """A commitment that lacks nothing."""
    said: dict[str, Any] = {
        "account": "EXP.STAFF", "erp_class": "010", "payee": "Salote Tukana", "purpose": "Adviser, four months",
        "reference": "", "committed_on": DAY, "expires_on": date(2021, 12, 31),
    }  # fmt: skip
    return GivenCommitment(project_id=of, cents=cents, **{**said, **more})


def raised(of: int | None, cents: int = 100_00, **more: Any) -> int:
    with unit_of_work(someone(OFFICER)) as work:
        return raise_commitment(work, fund(), given(of, cents, **more)).id


def approve(key: int) -> int:
    with unit_of_work(someone(CERTIFIER)) as work:
        found = work.session.get_one(Commitment, key)
        approve_commitment(work, found, found.version)
    return key


def committed(of: int | None, cents: int = 100_00, **more: Any) -> int:
    return approve(raised(of, cents, **more))


def paid(key: int, cents: int, on: date = DAY) -> None:
    with unit_of_work(someone(OFFICER)) as work:
        found = work.session.get_one(Commitment, key)
        liquidate(work, found, cents, on, WHY, found.version)


def changed(key: int, by: int, on: date = DAY) -> None:
    with unit_of_work(someone(CERTIFIER)) as work:
        found = work.session.get_one(Commitment, key)
        change_commitment(work, found, by, on, WHY, found.version)


def cancelled(key: int, on: date = DAY) -> None:
    with unit_of_work(someone(CERTIFIER)) as work:
        found = work.session.get_one(Commitment, key)
        cancel_commitment(work, found, on, WHY, found.version)


def carried(year: int = 2021) -> list[int]:
    with unit_of_work(someone(OFFICER)) as work:
        return [one.id for one in carry_over(work, fund(), year)]


def spend(of: int | None, cents: int, on: date = DAY, account: str = "EXP.STAFF") -> int:
    """Expenditure as an extract books it."""
    with unit_of_work(someone(OFFICER)) as work:
        known = accounts(work.session)
        lines = (Line(known[account], cents, project_id=of), Line(known["AST.CASH"], -cents))
        return post(work, fund(), Entry(fund().id, on, "an extract", lines))


def receive(cents: int, on: date = OPENED) -> None:
    with unit_of_work(someone(OFFICER)) as work:
        known = accounts(work.session)
        lines = (Line(known["AST.CASH"], cents), Line(known["INC.CONTRIB"], -cents))
        post(work, fund(), Entry(fund().id, on, "a gift", lines))


def balance(code: str, on: date = date(2025, 12, 31)) -> int:
    db.session().rollback()
    return balances(db.session(), fund().id, on).get(code, 0)


def commitment(key: int) -> Commitment:
    db.session().rollback()
    return db.session.get_one(Commitment, key)


def moves(key: int) -> list[tuple[str, int, int, date]]:
    return [(str(one.step), one.cents, one.carried_cents, one.moved_on) for one in commitment(key).moves]


def count(model: Any) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


def open_and_carried(on: date) -> tuple[int, int]:
    """What is open of all commitments of the fund at the end of a day, and what of it is booked as owed."""
    move = CommitmentMove
    asked = (
        sa.select(sa.func.coalesce(sa.func.sum(move.cents), 0), sa.func.coalesce(sa.func.sum(move.carried_cents), 0))
        .join(Commitment, Commitment.id == move.commitment_id)
        .where(Commitment.fund_id == fund().id, move.moved_on <= on)
    )
    left, owed = db.session().execute(asked).one()
    return int(left), int(owed)
