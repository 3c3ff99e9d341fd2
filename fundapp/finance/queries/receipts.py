"""Lists of receipts, one of them, and the money of a pledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from fundapp.contributions.models import Instalment, Pledge
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.models import PledgeChange, Receipt, Settlement, Thanks
from fundapp.finance.queries.receiving import Part, binding, parts, purses
from fundapp.finance.rules.receiving import Purse
from fundapp.funds.models import Fund
from fundapp.kernel.text import fold

SORTS = ("date", "number", "donor", "dollars")
LEFT, UNTHANKED, UNDONE = "left", "unthanked", "undone"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of receipts is narrowed to."""

    q: str = ""
    year: int | None = None
    state: str = ""
    sort: str = "-date"


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt as lists show it: whose, and what became of it."""

    receipt: Receipt
    donor: str
    name: str
    purse: Purse
    thanked: date | None


def receipts(session: Session, fund: Fund, wanted: Wanted, language: str, on: date) -> list[ReceiptRow]:
    """The receipts of a fund; six queries."""
    asked = sa.select(Receipt).where(Receipt.fund_id == fund.id)
    if wanted.year is not None:
        asked = asked.where(Receipt.received_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    asked = asked.where(Receipt.undone_at.is_not(None) if wanted.state == UNDONE else Receipt.undone_at.is_(None))
    if wanted.state == UNTHANKED:
        asked = asked.where(~sa.exists().where(Thanks.receipt_id == Receipt.id))
    found = session.scalars(asked.order_by(Receipt.received_on, Receipt.id)).all()
    names, became, thanked = names_of_donors(session, on), purses(session, found), _thanked(session, fund)
    rows = [
        ReceiptRow(
            one, names[one.donor_id][0], names[one.donor_id][1][language], became[one.id], thanked.get(one.id)
        )
        for one in found
    ]  # fmt: skip
    words = fold(wanted.q)
    if words:
        rows = [row for row in rows if words in fold(f"{row.receipt.number} {row.name} {row.receipt.reference}")]
    if wanted.state == LEFT:
        rows = [row for row in rows if row.purse.left > 0]
    return _sorted(rows, wanted.sort)


def _thanked(session: Session, fund: Fund) -> dict[int, date]:
    """Receipt's key -> the day on which its donor was thanked."""
    asked = sa.select(Thanks.receipt_id, Thanks.thanked_on).join(Receipt, Receipt.id == Thanks.receipt_id)
    return {key: day for key, day in session.execute(asked.where(Receipt.fund_id == fund.id))}  # noqa: C416 - rows


def thanks_for(session: Session, receipt: Receipt) -> Thanks | None:
    """The letter of thanks that was sent for a receipt; one query."""
    return session.scalar(sa.select(Thanks).where(Thanks.receipt_id == receipt.id))


def _sorted(rows: list[ReceiptRow], sort: str) -> list[ReceiptRow]:
    keys = {
        "number": lambda row: row.receipt.number,
        "donor": lambda row: (fold(row.name), row.receipt.received_on),
        "dollars": lambda row: row.receipt.cents,
    }
    key = keys.get(sort.removeprefix("-"), lambda row: (row.receipt.received_on, row.receipt.id))
    return sorted(rows, key=key, reverse=sort.startswith("-"))


def receipt_numbered(session: Session, fund: Fund, number: str) -> Receipt | None:
    """The receipt of a number."""
    asked = sa.select(Receipt).where(Receipt.fund_id == fund.id, Receipt.number == number)
    return session.scalar(asked.options(joinedload(Receipt.donor)))


def settled_by(session: Session, receipt: Receipt) -> list[tuple[Settlement, Instalment, Pledge]]:
    """What a receipt settles; one query."""
    asked = (
        sa.select(Settlement, Instalment, Pledge)
        .join(Instalment, Instalment.id == Settlement.instalment_id)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .where(Settlement.receipt_id == receipt.id)
        .order_by(Settlement.id)
    )
    return [(one, instalment, pledge) for one, instalment, pledge in session.execute(asked)]


def open_for(session: Session, receipt: Receipt) -> list[Part]:
    """The instalments that a receipt may settle, oldest due first; one query."""
    of = binding(receipt.fund_id, receipt.donor_id) & (Pledge.currency == receipt.currency)
    return [part for part in parts(session, of) if part.stands.outstanding > 0]


def parts_of(session: Session, pledge: Pledge) -> list[Part]:
    """The instalments of a pledge and where each stands; one query."""
    return sorted(parts(session, Instalment.pledge_id == pledge.id), key=lambda part: part.instalment.number)


def settlements_of(session: Session, pledge: Pledge) -> list[tuple[Settlement, Receipt, int]]:
    """What was paid of a pledge, with the receipt and the number of the instalment; one query."""
    asked = (
        sa.select(Settlement, Receipt, Instalment.number)
        .join(Receipt, Receipt.id == Settlement.receipt_id)
        .join(Instalment, Instalment.id == Settlement.instalment_id)
        .where(Instalment.pledge_id == pledge.id)
        .order_by(Settlement.settled_on, Settlement.id)
    )
    return [(one, receipt, number) for one, receipt, number in session.execute(asked)]


def changes(
    session: Session, fund: Fund, *, pledge: Pledge | None = None, receipt: Receipt | None = None
) -> Sequence[PledgeChange]:
    """Reductions, write-offs and refunds, newest first: of a fund, a pledge or a receipt."""
    asked = sa.select(PledgeChange).where(PledgeChange.fund_id == fund.id).options(joinedload(PledgeChange.pledge))
    if pledge is not None:
        asked = asked.where(PledgeChange.pledge_id == pledge.id)
    if receipt is not None:
        asked = asked.where(PledgeChange.receipt_id == receipt.id)
    return session.scalars(asked.order_by(PledgeChange.id.desc())).all()


def change_of(session: Session, fund: Fund, key: int) -> PledgeChange | None:
    """The change of a key."""
    return session.scalar(sa.select(PledgeChange).where(PledgeChange.fund_id == fund.id, PledgeChange.id == key))


def receipts_behind(session: Session, of: Sequence[PledgeChange]) -> dict[int, Receipt]:
    """Receipt's key -> the receipt that a refund is of; one query."""
    keys = [one.receipt_id for one in of if one.receipt_id]
    return {one.id: one for one in session.scalars(sa.select(Receipt).where(Receipt.id.in_(keys)))}
