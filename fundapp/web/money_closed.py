"""The end of the demonstration's year 2020: its checklist is seen to, it closes, and its statements are certified."""

from __future__ import annotations

from fundapp.access.policy import Role
from fundapp.finance.models import Certificate, StatementKind
from fundapp.finance.operations.certifying import certify_statement, prepare_statement, review_statement
from fundapp.finance.operations.closing import begin_closing, close_period, see_to
from fundapp.finance.queries.closing import checklist
from fundapp.finance.rules.closing import Point, Span
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import Period
from fundapp.web.money_out import certifying, finance
from fundapp.web.proposals import person_of

YEAR = Span(2020)
KINDS = (StatementKind.INCOME, StatementKind.CONTRIBUTIONS)
# What is said of a point that the tables do not tell to be in order
NOTES = {
    Point.MATCHES: "No bank statement is kept of this year: receipts were recorded from the bank's advices.",
    Point.TIE_OUT: "A contribution of Table 1 is not in Table 2, whose total is not the sum of its rows;"
    " the differences are those of the document as it was printed.",
}


def demonstrate(fund: Fund) -> None:
    """Close the year, and have its statements prepared, looked through and certified by three people."""
    _close(fund)
    with unit_of_work(finance()) as work:
        prepared = [prepare_statement(work, fund, kind, YEAR.first, YEAR.last) for kind in KINDS]
        work.session.flush()
        keys = [one.id for one in prepared]
    with unit_of_work(person_of(db.session(), Role.APPROVING_OFFICER)) as work:
        for key in keys:
            one = work.session.get_one(Certificate, key)
            review_statement(work, one, one.version)
    with unit_of_work(certifying()) as work:
        for key in keys:
            one = work.session.get_one(Certificate, key)
            certify_statement(work, one, one.version)


def _close(fund: Fund) -> None:
    with unit_of_work(finance()) as work:
        period = begin_closing(work, fund, YEAR)
        work.session.flush()
        key = period.id
        for item in checklist(work.session, fund, YEAR, period):
            if not item.met and item.point in NOTES:
                see_to(work, period, item.point, True, NOTES[item.point], period.version)
    with unit_of_work(certifying()) as work:
        period = work.session.get_one(Period, key)
        close_period(work, period, period.version)
