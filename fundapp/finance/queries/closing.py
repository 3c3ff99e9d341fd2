"""Reading the periods of a fund: where each stands, what its checklist tells, what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.checks import Status
from fundapp.finance.models import (
    BankLine,
    BankStatement,
    Commitment,
    CommitmentMove,
    CommitmentStage,
    ExtractBatch,
    ExtractLine,
    PeriodCheck,
    PeriodMove,
    PublishedDocument,
    Receipt,
    Reopening,
    SupportCosts,
)
from fundapp.finance.queries.statements import examine, notes
from fundapp.finance.rules.books import EARLIER
from fundapp.finance.rules.closing import (
    Item,
    Month,
    Move,
    Point,
    Span,
    Ticked,
    Told,
    told_commitments,
    told_imports,
    told_matches,
    told_support_costs,
    told_tie_out,
)
from fundapp.funds.models import Fund
from fundapp.ledger.models import Account, Period, PeriodStage, Posting
from fundapp.ledger.rules import Nature

SUPPORT = "EXP.PSC"
_LINE, _ACCOUNT, _EXTRACT = Posting.__table__.c, Account.__table__.c, ExtractLine.__table__.c


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A month or year of a fund in a list: its period, where it was ever begun to close."""

    span: Span
    period: Period | None

    @property
    def stage(self) -> PeriodStage:
        """Whether it takes entries."""
        return self.period.stage if self.period is not None else PeriodStage.OPEN


def period_of(session: Session, fund_id: int, span: Span) -> Period | None:
    """The period of these days, where it was ever begun to close."""
    return session.scalar(
        sa.select(Period).where(Period.fund_id == fund_id, Period.first == span.first, Period.last == span.last)
    )


def rows_of_year(session: Session, fund_id: int, year: int) -> list[PeriodRow]:
    """A year and its months, each with its period; one query."""
    spans = [Span(year), *Span(year).months]
    asked = sa.select(Period).where(
        Period.fund_id == fund_id, Period.first >= spans[0].first, Period.last <= spans[0].last
    )
    known = {(one.first, one.last): one for one in session.scalars(asked)}
    return [PeriodRow(span, known.get((span.first, span.last))) for span in spans]


def moves(session: Session, period: Period) -> Sequence[PeriodMove]:
    """What happened to a period, the newest first."""
    asked = sa.select(PeriodMove).where(PeriodMove.period_id == period.id)
    return session.scalars(asked.order_by(PeriodMove.id.desc())).all()


def reopenings(session: Session, period: Period) -> Sequence[Reopening]:
    """Who asked to open a period again, the newest first."""
    asked = sa.select(Reopening).where(Reopening.period_id == period.id)
    return session.scalars(asked.order_by(Reopening.id.desc())).all()


def last_move(session: Session, period: Period) -> datetime | None:
    """When something happened to a period last."""
    newest = sa.select(sa.func.max(PeriodMove.at)).where(PeriodMove.period_id == period.id)
    found: datetime | None = session.scalar(newest)
    return found


def checklist(session: Session, fund: Fund, span: Span, period: Period | None) -> list[Item]:
    """The checklist of a period: what the tables tell of each point, and what was said of it since closing began."""
    said = {} if period is None else _said(session, period)
    told = (
        _imports(session, fund, span),
        _matches(session, fund, span),
        _support_costs(session, fund, span),
        _commitments(session, fund, span),
        _tie_out(session, fund, span),
    )
    return [Item(one, said.get(one.point)) for one in told]


def _said(session: Session, period: Period) -> dict[Point, Ticked]:
    """The last that was said of each point since the period last began to close."""
    begun = sa.select(sa.func.max(PeriodMove.at)).where(
        PeriodMove.period_id == period.id, PeriodMove.move == Move.BEGUN
    )
    asked = sa.select(PeriodCheck).where(PeriodCheck.period_id == period.id, PeriodCheck.at >= begun.scalar_subquery())
    return {
        Point(one.code): Ticked(one.seen_to, one.note, one.by, one.at)
        for one in session.scalars(asked.order_by(PeriodCheck.id))
    }


def _imports(session: Session, fund: Fund, span: Span) -> Told:
    batches = sa.select(sa.func.count()).where(
        ExtractBatch.fund_id == fund.id, ExtractBatch.undone_at.is_(None), ExtractBatch.first <= span.last,
        ExtractBatch.last >= span.first,
    )  # fmt: skip
    newer = ExtractLine.__table__.alias()
    waiting = sa.select(sa.func.count()).where(
        _EXTRACT.fund_id == fund.id, _EXTRACT.waits != "", _EXTRACT.posted_on.between(span.first, span.last),
        ~sa.exists().where(
            newer.c.fund_id == _EXTRACT.fund_id, newer.c.source == _EXTRACT.source,
            newer.c.document == _EXTRACT.document, newer.c.line == _EXTRACT.line,
            newer.c.revision > _EXTRACT.revision,
        ),
        sa.exists().where(ExtractBatch.id == _EXTRACT.batch_id, ExtractBatch.undone_at.is_(None)),
    )  # fmt: skip
    found, left = session.execute(sa.select(batches.scalar_subquery(), waiting.scalar_subquery())).one()
    return told_imports(found, left)


def _matches(session: Session, fund: Fund, span: Span) -> Told:
    statements = sa.select(sa.func.count()).where(
        BankStatement.fund_id == fund.id, BankStatement.first <= span.last, BankStatement.last >= span.first
    )
    unmatched = sa.select(sa.func.count()).where(
        BankLine.fund_id == fund.id, BankLine.minor > 0, BankLine.passed_at.is_(None),
        BankLine.booked_on.between(span.first, span.last),
        ~sa.exists().where(Receipt.bank_line_id == BankLine.id, Receipt.undone_at.is_(None)),
    )  # fmt: skip
    found, left = session.execute(sa.select(statements.scalar_subquery(), unmatched.scalar_subquery())).one()
    return told_matches(found, left)


def _support_costs(session: Session, fund: Fund, span: Span) -> Told:
    spent = (
        sa.select(_LINE.posted_on, sa.func.sum(_LINE.cents))
        .join(Account.__table__, _ACCOUNT.id == _LINE.account_id)
        .where(
            _ACCOUNT.nature == Nature.EXPENDITURE, _ACCOUNT.code.not_in((SUPPORT, EARLIER)), _LINE.fund_id == fund.id,
            _LINE.posted_on.between(span.first, span.last),
        )
        .group_by(_LINE.posted_on)
    )  # fmt: skip
    bases: dict[str, int] = {}
    for on, cents in session.execute(spent):
        name = str(Span(on.year, on.month))
        bases[name] = bases.get(name, 0) + int(cents)
    wanted = [SupportCosts.fund_id == fund.id, SupportCosts.year == span.year]
    if span.month:
        wanted.append(SupportCosts.month == span.month)
    asked = sa.select(SupportCosts.month, SupportCosts.base_cents).where(*wanted).order_by(SupportCosts.run)
    runs = {str(Span(span.year, month)): base for month, base in session.execute(asked)}
    names = {*bases, *runs}
    return told_support_costs({name: Month(bases.get(name, 0), runs.get(name)) for name in names})


def _commitments(session: Session, fund: Fund, span: Span) -> Told:
    """What is open of each at the end of the period and not carried over: of a year all, of a month what expired."""
    left = sa.func.sum(CommitmentMove.cents - CommitmentMove.carried_cents)
    asked = (
        sa.select(left.label("cents"))
        .join(Commitment, Commitment.id == CommitmentMove.commitment_id)
        .where(
            Commitment.fund_id == fund.id, Commitment.stage.in_((CommitmentStage.APPROVED, CommitmentStage.CLOSED)),
            CommitmentMove.moved_on <= span.last,
        )
        .group_by(Commitment.id)
        .having(left > 0)
    )  # fmt: skip
    if span.month:
        asked = asked.where(Commitment.expires_on <= span.last)
    open_ = asked.subquery()
    number, cents = session.execute(sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(open_.c.cents), 0))
                                    .select_from(open_)).one()  # fmt: skip
    return told_commitments(number, int(cents), whole_year=not span.month)


def _tie_out(session: Session, fund: Fund, span: Span) -> Told:
    asked = sa.select(PublishedDocument).where(
        PublishedDocument.fund_id == fund.id, PublishedDocument.first == span.first, PublishedDocument.last == span.last
    )
    found = session.scalars(asked.order_by(PublishedDocument.id.desc()).limit(1)).first()
    if found is None:
        return told_tie_out(None, 0, whole_year=not span.month)
    noted = notes(session, found)
    off = [one for one in examine(session, fund, found).checks if one.status is Status.DIFFERS and one.id not in noted]
    return told_tie_out(found.symbol, len(off), whole_year=not span.month)


def shut_days(session: Session, fund_id: int) -> list[tuple[date, date]]:
    """The first and last day of each closed period."""
    asked = sa.select(Period.first, Period.last).where(Period.fund_id == fund_id, Period.stage == PeriodStage.CLOSED)
    return [(first, last) for first, last in session.execute(asked)]
