"""What waits for a person of the money: to record, to match, to look up; to approve, release and certify."""

from __future__ import annotations

from collections.abc import Iterator

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp.finance.queries.closing import years_to_close as open_years
from fundapp.finance.queries.waiting import Afoot, afoot
from fundapp.kernel.clock import today
from fundapp.proposals.queries.proposals import closed_to
from fundapp.web.cases import Case, Waiting


def _found(case: Case) -> Afoot:
    """Counted once a page, for whoever records and certifies alike."""
    if "money_afoot" not in g:
        g.money_afoot = afoot(case.session, case.fund.id, case.person.id, closed_to(case.person), today())
    found: Afoot = g.money_afoot
    return found


def to_record(case: Case) -> Iterator[Waiting]:
    """What a finance officer has to see to."""
    found = _found(case)
    if many := found.overdue:
        text = ngettext("%(num)d instalment is overdue", "%(num)d instalments are overdue", many)
        yield Waiting(text, url_for("finance.ageing"), due=True)
    if many := found.unmatched:
        text = ngettext("Match %(num)d line of a bank statement", "Match %(num)d lines of bank statements", many)
        yield Waiting(text, url_for("finance.bank"))
    if many := found.unsettled:
        text = ngettext("Say what %(num)d receipt pays for", "Say what %(num)d receipts pay for", many)
        yield Waiting(text, url_for("finance.receipts"))
    if many := found.drafts:
        text = ngettext("%(num)d pledge does not bind yet", "%(num)d pledges do not bind yet", many)
        yield Waiting(text, url_for("donors.pledges"))
    if many := found.unknown:
        text = ngettext(
            "Say what %(num)d line of an extract is for", "Say what %(num)d lines of extracts are for", many
        )
        yield Waiting(text, url_for("finance.extracts_waiting"))


def to_certify(case: Case) -> Iterator[Waiting]:
    """What others prepared, for a certifying officer to settle."""
    found = _found(case)
    if many := found.commitments:
        text = ngettext("Approve %(num)d commitment", "Approve %(num)d commitments", many)
        yield Waiting(text, url_for("finance.commitments"))
    if many := found.allotments:
        text = ngettext("Release %(num)d allotment", "Release %(num)d allotments", many)
        yield Waiting(text, url_for("finance.projects"))
    if many := found.changes:
        text = ngettext(
            "Approve %(num)d reduction, write-off or refund",
            "Approve %(num)d reductions, write-offs or refunds",
            many,
        )
        yield Waiting(text, url_for("finance.pledge_changes"))
    if many := found.manual:
        text = ngettext("Certify %(num)d entry made by hand", "Certify %(num)d entries made by hand", many)
        yield Waiting(text, url_for("finance.manual"))
    if many := found.reopenings:
        text = ngettext(
            "Answer %(num)d request to open a period again", "Answer %(num)d requests to open periods again", many
        )
        yield Waiting(text, url_for("finance.periods"))
    if many := found.to_certify:
        text = ngettext("Certify %(num)d statement", "Certify %(num)d statements", many)
        yield Waiting(text, url_for("finance.certificates"))


def to_look_through(case: Case) -> Iterator[Waiting]:
    """Statements that somebody else prepared, to be looked through before they are certified."""
    if many := _found(case).to_review:
        text = ngettext("Look through %(num)d statement", "Look through %(num)d statements", many)
        yield Waiting(text, url_for("finance.certificates"))


def years_to_close(case: Case) -> Iterator[Waiting]:
    """Years that are over and whose books, kept here, are open; and the year that can be sealed now. Years that are
    known from print alone are nobody's task: they stand in the list of years."""
    found = open_years(case.session, case.fund.id, today())
    if found.open:
        first, many = found.open[0], len(found.open)
        text = ngettext("Close the year %(years)s", "Close the years %(years)s", many, years=", ".join(
            str(year) for year in found.open
        ))  # fmt: skip
        note = ngettext("It is over, and its books are open", "They are over, and their books are open", many)
        yield Waiting(text, url_for("finance.periods", year=first), note)
    if found.to_seal:
        text = _("Seal the year %(year)s", year=found.to_seal)
        yield Waiting(text, url_for("finance.years"), _("All of its days are closed. Sealed, it is added up for good."))
