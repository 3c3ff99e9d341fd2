"""Reading the periods of a fund: where each stands, what its checklist tells, what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.finance.models import (
    Annotation,
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
from fundapp.finance.queries.statements import differences
from fundapp.finance.rules.books import EARLIER
from fundapp.finance.rules.closing import (
    Item,
    Month,
    Move,
    OpenYears,
    Point,
    Span,
    Ticked,
    Told,
    open_years,
    told_commitments,
    told_imports,
    told_matches,
    told_printed,
    told_support_costs,
    told_tie_out,
)
from fundapp.funds.models import Fund
from fundapp.ledger.models import Account, JournalEntry, Period, PeriodStage, Posting
from fundapp.ledger.queries import earliest_year, last_closed
from fundapp.ledger.rules import Nature, first_day, last_day

SUPPORT = "EXP.PSC"
_LINE, _ACCOUNT, _EXTRACT = Posting.__table__.c, Account.__table__.c, ExtractLine.__table__.c
_RUN = SupportCosts.__table__.c
ORDER = list(Point)


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
    """The checklist of a period: what the tables tell of each point, and what was said of it since closing began. What
    was printed is looked through only while the period is being closed: it takes as long as all the rest."""
    said = {} if period is None else _said(session, period)
    told = (
        *_counted(session, fund, span),
        _tie_out(session, fund, span, period.stage if period is not None else PeriodStage.OPEN),
    )
    return sorted((Item(one, said.get(one.point)) for one in told), key=lambda item: ORDER.index(item.point))


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


def _counted(session: Session, fund: Fund, span: Span) -> Iterator[Told]:
    """What the tables tell of every point but the last; two queries."""
    expired = _open_commitments(fund, span).subquery()
    left = sa.cast(sa.func.coalesce(sa.func.sum(expired.c.cents), 0), sa.BigInteger)
    parts = (*_of_extracts(fund, span), *_of_bank_statements(fund, span), sa.select(sa.func.count(expired.c.cents)))
    counts = session.execute(sa.select(*(part.scalar_subquery() for part in (*parts, sa.select(left))))).one()
    batches, waiting, statements, unmatched, commitments, cents = counts
    yield told_imports(batches, waiting)
    yield told_matches(statements, unmatched)
    yield told_commitments(commitments, int(cents), whole_year=not span.month)
    yield _support_costs(session, fund, span)


def _of_extracts(fund: Fund, span: Span) -> Iterator[sa.Select[int]]:
    """Batches that cover days of the period, and lines in it that wait."""
    yield sa.select(sa.func.count(ExtractBatch.id)).where(
        ExtractBatch.fund_id == fund.id, ExtractBatch.undone_at.is_(None), ExtractBatch.first <= span.last,
        ExtractBatch.last >= span.first,
    )  # fmt: skip
    newer = ExtractLine.__table__.alias()
    yield sa.select(sa.func.count(_EXTRACT.id)).where(
        _EXTRACT.fund_id == fund.id, _EXTRACT.waits != "", _EXTRACT.posted_on.between(span.first, span.last),
        ~sa.exists().where(
            newer.c.fund_id == _EXTRACT.fund_id, newer.c.source == _EXTRACT.source,
            newer.c.document == _EXTRACT.document, newer.c.line == _EXTRACT.line,
            newer.c.revision > _EXTRACT.revision,
        ),
        sa.exists().where(ExtractBatch.id == _EXTRACT.batch_id, ExtractBatch.undone_at.is_(None)),
    )  # fmt: skip


def _of_bank_statements(fund: Fund, span: Span) -> Iterator[sa.Select[int]]:
    """Bank statements that cover days of the period, and receipts on them that nobody has matched or passed over."""
    yield sa.select(sa.func.count(BankStatement.id)).where(
        BankStatement.fund_id == fund.id, BankStatement.first <= span.last, BankStatement.last >= span.first
    )
    yield sa.select(sa.func.count(BankLine.id)).where(
        BankLine.fund_id == fund.id, BankLine.minor > 0, BankLine.passed_at.is_(None),
        BankLine.booked_on.between(span.first, span.last),
        ~sa.exists().where(Receipt.bank_line_id == BankLine.id, Receipt.undone_at.is_(None)),
    )  # fmt: skip


def _support_costs(session: Session, fund: Fund, span: Span) -> Told:
    """The expenditure of each month of the period now, beside that of its last run; one query."""
    month = sa.cast(sa.extract("month", _LINE.posted_on), sa.Integer)
    spent = (
        sa.select(sa.literal(0).label("run"), month.label("month"), sa.cast(sa.func.sum(_LINE.cents), sa.BigInteger))
        .join(Account.__table__, _ACCOUNT.id == _LINE.account_id)
        .where(
            _ACCOUNT.nature == Nature.EXPENDITURE, _ACCOUNT.code.not_in((SUPPORT, EARLIER)), _LINE.fund_id == fund.id,
            _LINE.posted_on.between(span.first, span.last),
        )
        .group_by(month)
    )  # fmt: skip
    runs = sa.select(_RUN.run, _RUN.month, _RUN.base_cents).where(_RUN.fund_id == fund.id, _RUN.year == span.year)
    if span.month:
        runs = runs.where(_RUN.month == span.month)
    found: dict[str, Month] = {}
    for run, of, cents in session.execute(sa.union_all(spent, runs).order_by("run")):
        name = str(Span(span.year, of))
        known = found.get(name, Month(0, None))
        found[name] = replace(known, run_base=int(cents)) if run else Month(int(cents), None)
    return told_support_costs(found)


def _open_commitments(fund: Fund, span: Span) -> sa.Select[int]:
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
    return asked.where(Commitment.expires_on <= span.last) if span.month else asked


def _tie_out(session: Session, fund: Fund, span: Span, stage: PeriodStage) -> Told:
    """What was printed for the period, and, while it is being closed, what of it is not explained; one query for the
    document with its notes, and those of its arithmetic."""
    document = PublishedDocument
    newest = sa.select(sa.func.max(document.id)).where(
        document.fund_id == fund.id, document.first == span.first, document.last == span.last
    )
    asked = sa.select(document, Annotation.subject).outerjoin(Annotation, Annotation.document_id == document.id)
    rows = session.execute(asked.where(document.id == newest.scalar_subquery())).all()
    if not rows:
        return told_tie_out(None, 0, whole_year=not span.month)
    found, noted = rows[0][0], {subject for _document, subject in rows}
    if stage is not PeriodStage.CLOSING:
        return told_printed(found.symbol, closed=stage is PeriodStage.CLOSED)
    off = [one for one in differences(session, fund, found) if one.id not in noted]
    return told_tie_out(found.symbol, len(off), whole_year=not span.month)


def shut_days(session: Session, fund_id: int) -> list[tuple[date, date]]:
    """The first and last day of each closed period."""
    asked = sa.select(Period.first, Period.last).where(Period.fund_id == fund_id, Period.stage == PeriodStage.CLOSED)
    return [(first, last) for first, last in session.execute(asked)]


def years_to_close(session: Session, fund_id: int, today: date) -> OpenYears:
    """The years that are over, were kept here and are not closed, and the one that can be sealed. A year of which there
    is only what a printed document says was closed elsewhere, long ago. At most four queries."""
    found = open_years(
        earliest_year(session, fund_id), last_closed(session, fund_id), shut_days(session, fund_id), today
    )
    return replace(found, open=_kept_here(session, fund_id, found.open))


def _kept_here(session: Session, fund_id: int, years: Sequence[int]) -> tuple[int, ...]:
    """Those of the years with entries that come from no printed document, nor undo what does; one query."""
    entry, document = JournalEntry.__table__.c, PublishedDocument
    printed = sa.select(document.symbol).where(document.fund_id == fund_id)
    own = (entry.fund_id == fund_id) & (entry.source.is_(None) | entry.source.not_in(printed))
    asked = [sa.exists().where(own, entry.posted_on.between(first_day(year), last_day(year))) for year in years]
    if not asked:
        return ()
    return tuple(year for year, has in zip(years, session.execute(sa.select(*asked)).one(), strict=True) if has)
