"""Pledges and receipts for tests: rates, a pledge with its instalments, binding, paying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import sqlalchemy as sa

from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.contributions.models import Donor, Earmark, Instalment, Pledge, PledgeKind, PledgeStage
from fundapp.contributions.queries import donor_by_code
from fundapp.finance.models import Receipt, Settlement
from fundapp.finance.operations.receiving import Received, bind, receive, settle
from fundapp.funds.models import Fund
from fundapp.funds.queries import fund_by_code
from fundapp.kernel.database import db
from fundapp.kernel.money import Money
from fundapp.kernel.work import Work, unit_of_work
from fundapp.ledger.models import Account, Posting
from fundapp.reference.models import ExchangeRate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RATES = (
    ("CHF", date(2020, 1, 1), "0.970"),
    ("CHF", date(2020, 6, 1), "0.960"),
    ("CHF", date(2020, 10, 1), "0.920"),
    ("CHF", date(2021, 1, 1), "0.890"),
    ("EUR", date(2020, 1, 1), "0.900"),
    ("JPY", date(2020, 1, 1), "109.5"),
)


def the_fund(code: str = "UPR") -> Fund:
    found = fund_by_code(db.session(), code)
    assert found is not None
    return found


def officer() -> Console:
    return Console()


def put(work: Work, *rows: object) -> None:
    """Rows that another part of the program writes by its own operations."""
    before, work.operation = work.operation, "test.put"
    work.session.add_all(rows)
    work.session.flush()
    work.operation = before


def rates(*given: tuple[str, date, str]) -> None:
    """Rates of exchange."""
    with unit_of_work(Console()) as work:
        put(
            work,
            *(
                ExchangeRate(currency=code, since=since, rate=Decimal(rate), source="test", at=NOW, by="test")
                for code, since, rate in given or RATES
            ),
        )


def pledge(
    parts: Sequence[tuple[int, date]] = ((100_000_00, date(2020, 6, 30)), (100_000_00, date(2020, 12, 31))),
    *,
    donor: str = "CHE",
    currency: str = "CHF",
    number: str = "2020-001",
    fund: str = "UPR",
    minor: int | None = None,
    language: str = "fr",
) -> int:
    """A draft of a pledge with its instalments; its key."""
    with unit_of_work(Console()) as work:
        made = Pledge(
            fund_id=the_fund(fund).id, donor_id=donor_by_code(work.session, donor).id, number=number,
            kind=PledgeKind.AGREEMENT, reference=f"AGR {number}", currency=currency,
            minor=sum(part for part, _ in parts) if minor is None else minor,
            announced_on=date(2020, 1, 15), earmark=Earmark.NONE, earmarked_for="", conditions="", reporting="",
            language=language, stage=PledgeStage.DRAFT, prepared_by="test", prepared_at=NOW, cancel_reason="",
        )  # fmt: skip
        put(work, made)
        put(work, *(Instalment(pledge_id=made.id, number=n, minor=part, due_on=due)
                    for n, (part, due) in enumerate(parts, 1)))  # fmt: skip
        return made.id


def bound(on: date = date(2020, 1, 20), **more: object) -> int:
    """A pledge that binds; its key."""
    key = pledge(**more)  # type: ignore[arg-type]
    with unit_of_work(officer()) as work:
        bind(work, work.session.get_one(Pledge, key), on)
    return key


def instalments(key: int) -> list[int]:
    asked = sa.select(Instalment.id).where(Instalment.pledge_id == key).order_by(Instalment.number)
    return list(db.session().scalars(asked))


def paid(
    on: date, minor: int, currency: str = "CHF", *, donor: str = "CHE", reference: str = "", fund: str = "UPR"
) -> int:
    """A receipt; its key."""
    with unit_of_work(officer()) as work:
        found = the_fund(fund)
        who = donor_by_code(work.session, donor)
        made = receive(work, found, who, Received(on, Money(minor, currency), reference))
        work.session.flush()
        return made.id


def settles(receipt: int, instalment: int, minor: int) -> Settlement:
    with unit_of_work(officer()) as work:
        made = settle(work, work.session.get_one(Receipt, receipt), work.session.get_one(Instalment, instalment), minor)
    return db.session.get_one(Settlement, made.id)


def balance(code: str, donor: str | None = "CHE", fund: str = "UPR", since: date = date(2000, 1, 1)) -> int:
    """What an account holds for a donor (None: whoever), debit positive, in cents."""
    asked = (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(Posting.cents), 0), sa.BigInteger))
        .join(Account, Account.id == Posting.account_id)
        .where(Account.code == code, Posting.fund_id == the_fund(fund).id, Posting.posted_on >= since)
    )
    if donor is not None:
        asked = asked.where(Posting.donor_id == sa.select(Donor.id).where(Donor.code == donor).scalar_subquery())
    return int(db.session().scalars(asked).one())


def who(role: Role) -> str:
    """The address of the demonstration's person of a role."""
    return f"{role.value}@example.org"
