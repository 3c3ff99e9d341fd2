"""Reading statements that were prepared to be certified, and whether they are still what they were."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from fundapp.finance.drawn import contributions, statement
from fundapp.finance.models import Certificate, CertificateStage, StatementKind
from fundapp.finance.rules.certifying import Certified, Signed, Statement, digest_of, read
from fundapp.funds.models import Fund
from fundapp.kernel.errors import Fault
from fundapp.kernel.trail import Trace

LIVING = (CertificateStage.PREPARED, CertificateStage.REVIEWED)
# What can be certified, and how its facts are drawn from the books.
DRAWN: Mapping[StatementKind, Callable[[Session, Fund, date, date], Statement]] = {
    StatementKind.INCOME: statement,
    StatementKind.CONTRIBUTIONS: lambda session, fund, first, last: contributions(session, fund, last),
}


def certificates(session: Session, fund_id: int) -> Sequence[Certificate]:
    """The statements of a fund that were prepared to be certified, the newest period first; without their facts."""
    asked = sa.select(Certificate).where(Certificate.fund_id == fund_id).options(defer(Certificate.content))
    return session.scalars(asked.order_by(Certificate.last.desc(), Certificate.id.desc())).all()


def certificate(session: Session, fund_id: int, key: int) -> Certificate | None:
    """One of the fund by its key."""
    return session.scalar(sa.select(Certificate).where(Certificate.id == key, Certificate.fund_id == fund_id))


def certificate_numbered(session: Session, fund_id: int, number: str) -> Certificate | None:
    """A certified statement of the fund by its number."""
    return session.scalar(
        sa.select(Certificate).where(Certificate.fund_id == fund_id, Certificate.number == number)
    )  # fmt: skip


def same_span(session: Session, fund_id: int, kind: StatementKind, first: date, last: date) -> Sequence[Certificate]:
    """What was prepared of a statement of these days, the newest last."""
    wanted = (Certificate.fund_id == fund_id, Certificate.kind == kind, Certificate.first == first)
    return session.scalars(
        sa.select(Certificate).where(*wanted, Certificate.last == last).order_by(Certificate.id)
    ).all()  # fmt: skip


def how_many_certified(session: Session, fund_id: int, year: int) -> int:
    """How many numbers of a year are given."""
    counted = sa.select(sa.func.count()).where(
        Certificate.fund_id == fund_id, Certificate.number.startswith(f"{year}-")
    )
    return session.scalar(counted) or 0


def from_the_books(session: Session, fund: Fund, found: Certificate) -> Statement:
    """The same statement as the books have it now."""
    return DRAWN[found.kind](session, fund, found.first, found.last)


def as_certified(found: Certificate, names: Mapping[str, str]) -> Certified:
    """A statement out of its snapshot, with who did what; names: actor -> name."""

    def signed(by: str | None, at: object) -> Signed | None:
        return Signed(names.get(by, by), at) if by and at else None  # type: ignore[arg-type]

    prepared = Signed(names.get(found.prepared_by, found.prepared_by), found.prepared_at)
    reviewed, certified = signed(found.reviewed_by, found.reviewed_at), signed(found.certified_by, found.certified_at)
    facts = read(found.content, found.prepared_at)
    return Certified(facts, found.number or "", found.layout, found.digest, prepared, reviewed, certified)


def faults_of(session: Session, found: Certificate) -> list[Fault]:
    """What is wrong with a statement that is kept: its facts are not those of its digest, or not those that the trail
    recorded when it was prepared, or too few people signed it."""
    name = found.number or f"#{found.id}"
    wrong = [] if digest_of(found.content) == found.digest else [Fault("certificate.altered", {"number": name})]
    recorded = session.scalars(
        sa.select(Trace.change)
        .where(Trace.subject == "certificate", Trace.subject_id == found.id)
        .order_by(Trace.id)
        .limit(1)
    ).first()
    if recorded is None or json.loads(recorded).get("digest") != [None, found.digest]:
        wrong.append(Fault("certificate.not-as-recorded", {"number": name}))
    people = [found.prepared_by, found.reviewed_by, found.certified_by]
    if found.stage is CertificateStage.CERTIFIED and len({*people} - {None}) < len(people):
        wrong.append(Fault("certificate.too-few", {"number": name}))
    return wrong
