"""The verbs of certification: three people prepare, look through and certify a statement, which then never changes."""

from __future__ import annotations

from datetime import date

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.finance.models import Certificate, CertificateStage, StatementKind
from fundapp.finance.queries.certifying import (
    DRAWN,
    LIVING,
    from_the_books,
    how_many_certified,
    open_kinds,
    same_span,
)
from fundapp.finance.queries.closing import shut_days
from fundapp.finance.queries.statements import layout_code
from fundapp.finance.rules.certifying import LONGEST_NOTE, digest_of, numbered, written
from fundapp.finance.rules.closing import covered, not_before
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.ledger.queries import last_closed


@operation(Permission.STATEMENT_PREPARE)
def prepare_statement(
    work: Work, fund: Fund, kind: StatementKind, first: date, last: date, note: str = ""
) -> Certificate:
    """Keep a statement of days that are closed as the books have it, to be looked through and certified by others."""
    hold(work.session, [fund])
    _may_see(work, fund, kind)
    if last < first:
        raise refuse("period.upside-down", first=first.isoformat(), last=last.isoformat())
    if len(note) > LONGEST_NOTE:
        raise Refusal(Fault("certificate.note-long", {"largest": LONGEST_NOTE}, field="note"))
    _closed(work, fund, first, last)
    facts = DRAWN[kind](work.session, fund, first, last)
    content = written(facts)
    for earlier in same_span(work.session, fund.id, kind, first, last):
        if earlier.stage in LIVING:
            raise refuse("certificate.on-its-way", day=f"{earlier.prepared_at:%Y-%m-%d}")
        if earlier.stage is CertificateStage.CERTIFIED and earlier.digest == digest_of(content):
            raise refuse("certificate.same", number=earlier.number)
    made = Certificate(
        fund_id=fund.id, kind=kind, number=None, first=first, last=last, layout=layout_code(work.session, fund, last),
        content=content, digest=digest_of(content), entries=facts.entries or 0,
        stage=CertificateStage.PREPARED, prepared_by_id=work.actor.id or None, prepared_by=str(work.actor),
        prepared_at=work.at, note=note.strip(),
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.STATEMENT_REVIEW)
def review_statement(work: Work, found: Certificate, version: int) -> None:
    """Say that a prepared statement was looked through; never by whoever prepared it."""
    _held(work, found, version, CertificateStage.PREPARED)
    not_before(work.at, found.prepared_at)
    found.stage, found.reviewed_by_id, found.reviewed_by = CertificateStage.REVIEWED, work.actor.id, str(work.actor)
    found.reviewed_at = work.at


@operation(Permission.STATEMENT_CERTIFY)
def certify_statement(work: Work, found: Certificate, version: int) -> str:
    """Certify a statement that was looked through, and number it; never by whoever prepared or looked it through."""
    _held(work, found, version, CertificateStage.REVIEWED)
    not_before(work.at, found.prepared_at, found.reviewed_at)
    number = numbered(found.last.year, how_many_certified(work.session, found.fund_id, found.last.year))
    found.stage, found.number = CertificateStage.CERTIFIED, number
    found.certified_by, found.certified_at = str(work.actor), work.at
    return number


@operation(Permission.STATEMENT_PREPARE)
def withdraw_statement(work: Work, found: Certificate, version: int) -> None:
    """Withdraw a statement that is not certified yet: another can be prepared."""
    _withdraw(work, found, version)


@operation(Permission.STATEMENT_REVIEW)
def send_back_statement(work: Work, found: Certificate, version: int) -> None:
    """Send a statement back instead of looking it through or certifying it; it is withdrawn."""
    _withdraw(work, found, version)


def _withdraw(work: Work, found: Certificate, version: int) -> None:
    _seen(work, found, version, *LIVING)
    found.stage, found.withdrawn_by, found.withdrawn_at = CertificateStage.WITHDRAWN, str(work.actor), work.at


def _held(work: Work, found: Certificate, version: int, stage: CertificateStage) -> None:
    """Hold the fund and look whether the statement is as it was seen, its days closed, and the books as it says."""
    fund = _seen(work, found, version, stage)
    _closed(work, fund, found.first, found.last)
    if digest_of(found.content) != found.digest:
        raise refuse("certificate.altered", number=f"#{found.id}")
    if digest_of(written(from_the_books(work.session, fund, found))) != found.digest:
        raise refuse("certificate.outdated")


def _seen(work: Work, found: Certificate, version: int, *stages: CertificateStage) -> Fund:
    fund = work.session.get_one(Fund, found.fund_id)
    hold(work.session, [fund])
    work.session.refresh(found)
    _may_see(work, fund, found.kind)
    if found.stage not in stages or found.version != version:
        raise refuse("certificate.changed")
    return fund


def _may_see(work: Work, fund: Fund, kind: StatementKind) -> None:
    """A statement is whole: nobody signs one of which something is kept from them."""
    if kind not in open_kinds(work.session, fund, work.actor):
        raise Refusal(Fault("certificate.kept", field="kind"))


def _closed(work: Work, fund: Fund, first: date, last: date) -> None:
    shut, sealed = shut_days(work.session, fund.id), last_closed(work.session, fund.id)
    if not covered(first, last, [*shut, (date.min, date(sealed, 12, 31))] if sealed else shut):
        raise refuse("certificate.not-closed", first=first.isoformat(), last=last.isoformat())
