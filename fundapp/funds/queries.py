"""Reading the funds and their rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.funds.models import (
    Board,
    Criterion,
    FocusArea,
    Fund,
    FundLayout,
    StatementLayout,
    StatementLine,
    SupportCostRate,
)
from fundapp.kernel.errors import refuse


def funds(session: Session) -> Sequence[Fund]:
    """All funds, the one this program was made for first."""
    return session.scalars(sa.select(Fund).order_by(Fund.id)).all()


def fund_by_code(session: Session, code: str) -> Fund | None:
    """The fund known by a code such as "UPR"."""
    return session.scalar(sa.select(Fund).where(Fund.code == code))


def named_fund(session: Session, code: str) -> Fund:
    """The fund someone names on the command line; an unknown one is refused with those there are."""
    found = fund_by_code(session, code)
    if found is None:
        raise refuse("fund.unknown", code=code, known=", ".join(fund.code for fund in funds(session)) or "-")
    return found


def hold(session: Session, held: Sequence[Fund]) -> None:
    """Wait for whoever else looks at what these funds lack, and hold them to the end of the unit of work: two would
    both find it lacking, and add it twice. Always in the same order, so that nobody waits in a circle."""
    keys = [fund.id for fund in held]
    session.execute(sa.select(Fund.id).where(Fund.id.in_(keys)).order_by(Fund.id).with_for_update())


def next_number(
    session: Session, column: sa.orm.InstrumentedAttribute[str], fund_id: int, begins: str, width: int
) -> str:
    """The next number of a fund that begins so: one more than the last; the fund is held, so that no other takes it."""
    asked = sa.select(column).where(column.class_.fund_id == fund_id, column.startswith(begins))
    last = session.scalar(asked.order_by(sa.func.length(column).desc(), column.desc()).limit(1))
    return f"{begins}{int(last.removeprefix(begins)) + 1 if last else 1:0{width}}"


def layout(session: Session, fund: Fund, on: date | None = None) -> Sequence[StatementLine]:
    """The lines the fund prints its income and expenditure in for periods that end on a day, in their order; those it
    began with where no day is said."""
    held = sa.select(FundLayout.layout_id).where(FundLayout.fund_id == fund.id, FundLayout.since <= (on or date.min))
    newest = held.order_by(FundLayout.since.desc()).limit(1).scalar_subquery()
    wanted = sa.func.coalesce(newest, fund.layout_id)
    return session.scalars(
        sa.select(StatementLine).where(StatementLine.layout_id == wanted).order_by(StatementLine.position)
    ).all()


def layouts(session: Session, fund: Fund) -> list[tuple[date, StatementLayout]]:
    """From which day on the fund prints which layout, the oldest first; one query."""
    held = sa.select(FundLayout.since, StatementLayout).join(
        StatementLayout, StatementLayout.id == FundLayout.layout_id
    )
    found = session.execute(held.where(FundLayout.fund_id == fund.id).order_by(FundLayout.since))
    return [(since, one) for since, one in found]


def support_cost_rate(session: Session, fund: Fund, on: date) -> Decimal:
    """The share of expenditure charged for programme support on a day: the newest rate on or before it."""
    rate = session.scalar(
        sa.select(SupportCostRate.rate)
        .where(SupportCostRate.fund_id == fund.id, SupportCostRate.since <= on)
        .order_by(SupportCostRate.since.desc())
        .limit(1)
    )
    return rate if rate is not None else Decimal(0)


def to_check(session: Session) -> list[tuple[str, str, str, list[str]]]:
    """Terms that a native speaker has not seen: (what it is, its code, in English, the languages)."""
    found: list[tuple[str, str, str, list[str]]] = []
    for model in (Fund, Board, StatementLine, Criterion, FocusArea):
        asked = sa.select(model.code, model.name_en, model.to_check).where(model.to_check != "").order_by(model.id)
        rows = dict.fromkeys((code, name, languages) for code, name, languages in session.execute(asked))
        found += [(model.__tablename__, code, name, languages.split(",")) for code, name, languages in rows]
    return found


def board(session: Session, fund: Fund) -> Board:
    """The Board that oversees the fund."""
    return session.get_one(Board, fund.board_id)


def criteria(session: Session, fund: Fund) -> Sequence[Criterion]:
    """What the fund's proposals are scored on, in their order: the newest edition."""
    asked = sa.select(Criterion).where(Criterion.fund_id == fund.id, Criterion.edition == newest_edition(fund.id))
    return session.scalars(asked.order_by(Criterion.position)).all()


def newest_edition(fund_id: int) -> sa.ScalarSelect[int]:
    """The number of the edition of a fund's criteria that holds now, as part of a query."""
    return sa.select(sa.func.max(Criterion.edition)).where(Criterion.fund_id == fund_id).scalar_subquery()


def focus_areas(session: Session, fund: Fund) -> Sequence[FocusArea]:
    """What a proposal to the fund can be for, in order."""
    return session.scalars(sa.select(FocusArea).where(FocusArea.fund_id == fund.id).order_by(FocusArea.position)).all()
