"""Reading what donors promise: lists of pledges, one with its papers, and who was asked for a contribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from fundapp.contributions.models import (
    Answered,
    Appeal,
    Donor,
    Earmark,
    Instalment,
    Pledge,
    PledgeFile,
    PledgeKind,
    PledgeStage,
)
from fundapp.contributions.queries.donors import name_in, of_country
from fundapp.funds.models import Fund
from fundapp.kernel.text import fold
from fundapp.reference.models import Country
from fundapp.reference.rules import order_key

PAGE = 50
SORTS = ("number", "donor", "announced", "due")
NEWEST = "-number"
APPEAL_SORTS = ("asked", "who", "follow")


@dataclass(frozen=True, slots=True)
class PledgesWanted:
    """Which pledges; what is empty asks for nothing. words: of number, reference and donor."""

    words: str = ""
    stage: PledgeStage | None = None
    kind: PledgeKind | None = None
    earmark: Earmark | None = None
    currency: str = ""
    year: int | None = None
    donor: int | None = None
    sort: str = NEWEST


@dataclass(frozen=True, slots=True)
class PledgeRow:
    """A pledge in a list. next_due: the first of its instalments that is due today or later or, where it is known what
    was paid, the first that is not paid, overdue where that day has passed; last_due: the last."""

    id: int
    number: str
    donor: int
    code: str
    name: str
    english: str
    kind: PledgeKind
    stage: PledgeStage
    reference: str
    currency: str
    minor: int
    announced_on: date
    binds_on: date | None
    earmark: Earmark
    earmarked_for: str
    instalments: int
    next_due: date | None
    last_due: date | None
    overdue: bool = False


def pledge_rows(
    session: Session, fund: Fund, language: str, wanted: PledgesWanted, today: date,
    unpaid: Mapping[int, date] | None = None,
) -> list[PledgeRow]:  # fmt: skip
    """The pledges that are wanted, in the order asked for. unpaid: key of a pledge that binds -> the day on which the
    first of its instalments is due that is not paid, if whoever asks knows. One query."""
    rows = [PledgeRow(*row) for row in session.execute(_asked(fund, language, wanted, today))]
    if unpaid is not None:
        rows = [_owing(row, unpaid.get(row.id), today) if row.stage is PledgeStage.BINDING else row for row in rows]
    found = [row for row in rows if _fits(row, wanted.words)]
    return sorted(found, key=lambda row: _turn(row, wanted.sort, language), reverse=wanted.sort.startswith("-"))


def _owing(row: PledgeRow, due: date | None, today: date) -> PledgeRow:
    return replace(row, next_due=due, overdue=due is not None and due < today)


def _asked(fund: Fund, language: str, wanted: PledgesWanted, today: date) -> sa.Select[Any]:
    coming = sa.case((Instalment.due_on >= today, Instalment.due_on))
    parts = (
        sa.select(
            Instalment.pledge_id,
            sa.func.count().label("many"),
            sa.func.min(coming).label("coming"),
            sa.func.max(Instalment.due_on).label("last"),
        )
        .group_by(Instalment.pledge_id)
        .subquery()
    )
    asked = (
        sa.select(Pledge.id, Pledge.number, Pledge.donor_id, Donor.code, name_in(language), name_in("en"))
        .add_columns(Pledge.kind, Pledge.stage, Pledge.reference, Pledge.currency, Pledge.minor, Pledge.announced_on)
        .add_columns(Pledge.binds_on, Pledge.earmark, Pledge.earmarked_for)
        .add_columns(sa.func.coalesce(parts.c.many, 0), parts.c.coming, parts.c.last)
        .join(Donor, Donor.id == Pledge.donor_id)
        .outerjoin(Country, of_country())
        .outerjoin(parts, parts.c.pledge_id == Pledge.id)
        .where(Pledge.fund_id == fund.id)
    )
    for column, value in (
        (Pledge.stage, wanted.stage), (Pledge.kind, wanted.kind), (Pledge.earmark, wanted.earmark),
        (Pledge.currency, wanted.currency or None), (Pledge.donor_id, wanted.donor),
    ):  # fmt: skip
        asked = asked.where(column == value) if value is not None else asked
    if wanted.year is not None:
        asked = asked.where(Pledge.number.like(f"{wanted.year}-%"))
    return asked


def _fits(row: PledgeRow, words: str) -> bool:
    text = fold(f"{row.number} {row.reference} {row.name} {row.english} {row.code}")
    return all(word in text for word in fold(words).split())


def _turn(row: PledgeRow, sort: str, language: str) -> tuple[object, ...]:
    year, number = row.number.split("-", 1)
    turn = int(year), int(number)
    by = sort.lstrip("-")
    if by == "donor":
        return (*order_key(row.name, row.english, language), *turn)
    days = {"announced": row.announced_on, "due": row.next_due or date.max}
    return (days[by], *turn) if by in days else turn


def by_currency(rows: Iterable[PledgeRow]) -> list[tuple[str, int]]:
    """What pledges promise together, but for those that are cancelled: minor units, by currency."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.stage is not PledgeStage.CANCELLED:
            found[row.currency] += row.minor
    return sorted(found.items())


def pledge_numbered(session: Session, fund: Fund, number: str) -> Pledge | None:
    """The pledge of a number, and with it its donor; one query."""
    asked = sa.select(Pledge).where(Pledge.fund_id == fund.id, Pledge.number == number)
    return session.scalar(asked.options(joinedload(Pledge.donor)))


def pledge_alike(session: Session, fund: Fund, own: int, like: dict[str, Any]) -> str | None:
    """The number of another pledge of a fund that stands and has these values."""
    asked = sa.select(Pledge.number).filter_by(**like)
    asked = asked.where(Pledge.fund_id == fund.id, Pledge.id != own, Pledge.stage != PledgeStage.CANCELLED)
    return session.scalar(asked.order_by(Pledge.id).limit(1))


def papers_of(session: Session, pledge: Pledge) -> Sequence[PledgeFile]:
    """The papers of a pledge, those taken off left out."""
    asked = sa.select(PledgeFile).where(PledgeFile.pledge_id == pledge.id, PledgeFile.removed_at.is_(None))
    return session.scalars(asked.order_by(PledgeFile.id)).all()


@dataclass(frozen=True, slots=True)
class AppealsWanted:
    """Which requests; what is empty asks for nothing."""

    words: str = ""
    answer: Answered | None = None
    year: int | None = None
    donor: int | None = None
    sort: str = "-asked"


@dataclass(frozen=True, slots=True)
class AppealRow:
    """A request in a list; who was asked under what it is called today, or as it was written; pledge: its number."""

    id: int
    donor: int | None
    name: str
    asked_on: date
    purpose: str
    currency: str
    minor: int | None
    answer: Answered
    follow_up_on: date | None
    note: str
    pledge: str | None


def appeal_rows(session: Session, fund: Fund, language: str, wanted: AppealsWanted) -> list[AppealRow]:
    """The requests that are wanted, in the order asked for. One query."""
    name = sa.func.coalesce(name_in(language), Appeal.name)
    asked = (
        sa.select(Appeal.id, Appeal.donor_id, name, Appeal.asked_on, Appeal.purpose, Appeal.currency, Appeal.minor)
        .add_columns(Appeal.answer, Appeal.follow_up_on, Appeal.note, Pledge.number)
        .select_from(Appeal)
        .outerjoin(Donor, Donor.id == Appeal.donor_id)
        .outerjoin(Country, of_country())
        .outerjoin(Pledge, Pledge.id == Appeal.pledge_id)
        .where(Appeal.fund_id == fund.id)
    )
    if wanted.answer is not None:
        asked = asked.where(Appeal.answer == wanted.answer)
    if wanted.donor is not None:
        asked = asked.where(Appeal.donor_id == wanted.donor)
    if wanted.year is not None:
        asked = asked.where(Appeal.asked_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    rows = [AppealRow(*row) for row in session.execute(asked)]
    words = fold(wanted.words).split()
    found = [row for row in rows if all(word in fold(f"{row.name} {row.purpose} {row.note}") for word in words)]
    return sorted(found, key=lambda row: _appeal_turn(row, wanted.sort), reverse=wanted.sort.startswith("-"))


def _appeal_turn(row: AppealRow, sort: str) -> tuple[object, ...]:
    by = sort.lstrip("-")
    if by == "who":
        return fold(row.name), row.asked_on, row.id
    return (row.follow_up_on or date.max, row.id) if by == "follow" else (row.asked_on, row.id)


def appeal_at(session: Session, fund: Fund, key: int) -> Appeal | None:
    """A request of a fund by its key."""
    found = session.get(Appeal, key)
    return found if found is not None and found.fund_id == fund.id else None
