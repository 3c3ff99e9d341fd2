"""A year of the demonstration's books, closed and certified by people of the tests."""

from __future__ import annotations

from datetime import date

from calls import someone
from opened import fund

from fundapp.access.models import Person
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Role
from fundapp.access.queries import person_by_email
from fundapp.finance.models import StatementKind
from fundapp.finance.operations.certifying import certify_statement, prepare_statement, review_statement
from fundapp.finance.operations.closing import begin_closing, close_period, see_to
from fundapp.finance.queries.certifying import certificates
from fundapp.finance.queries.closing import period_of
from fundapp.finance.rules.closing import Point, Span
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.models import Period
from fundapp.ledger.operations import post
from fundapp.ledger.queries import accounts

YEAR = Span(2020)
FIRST, LAST = YEAR.first, YEAR.last


def officer() -> Person:
    return someone(Role.FINANCE_OFFICER)


def certifier() -> Person:
    return someone(Role.CERTIFYING_OFFICER)


def second_certifier() -> Person:
    """Another certifying officer."""
    if (known := person_by_email(db.session(), "second-certifier@example.org")) is not None:
        return known
    with unit_of_work(Console()) as work:
        made = add_person(work, None, "second-certifier@example.org", "correct horse battery", name="Second")
        grant(work, made, Role.CERTIFYING_OFFICER)
    return made


def period(span: Span = YEAR) -> Period:
    found = period_of(db.session(), fund().id, span)
    assert found
    return found


def begun(span: Span = YEAR) -> None:
    with unit_of_work(officer()) as work:
        begin_closing(work, work.session.get_one(Fund, fund().id), span)


def ticked(span: Span = YEAR) -> None:
    """Each point of the checklist is seen to, whatever the tables tell."""
    for point in Point:
        with unit_of_work(officer()) as work:
            found = period(span)
            see_to(work, found, point, True, f"looked at {point}", found.version)


def close(span: Span = YEAR) -> str:
    with unit_of_work(certifier()) as work:
        found = period(span)
        close_period(work, found, found.version)
    return "closed"


def closed(span: Span = YEAR) -> None:
    begun(span)
    ticked(span)
    close(span)


def add(on: date, cents: int = 1100) -> int:
    """An entry: staff costs paid out of cash."""
    with unit_of_work(officer()) as work:
        of, ids = work.session.get_one(Fund, fund().id), accounts(work.session)
        lines = (Line(ids["EXP.STAFF"], cents), Line(ids["AST.CASH"], -cents))
        return post(work, of, Entry(of.id, on, "late", lines))


def prepared(kind: StatementKind = StatementKind.INCOME) -> int:
    with unit_of_work(officer()) as work:
        return prepare_statement(work, work.session.get_one(Fund, fund().id), kind, FIRST, LAST).id


def certified(kind: StatementKind = StatementKind.INCOME) -> int:
    """A statement of 2020 that three people certified; its key."""
    key = prepared(kind)
    for by, act in ((second_certifier(), review_statement), (certifier(), certify_statement)):
        with unit_of_work(by) as work:
            [found] = [one for one in certificates(work.session, fund().id) if one.id == key]
            act(work, found, found.version)
    return key
