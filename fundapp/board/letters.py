"""What letters say of decisions and their conditions, and where each leads; told by the rounds that tell of
proposals."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from fundapp.board.models import Decision, DecisionCondition
from fundapp.board.queries.deciding import conditions_of
from fundapp.board.queries.telling import DUE, OVERDUE, PREPARED, STEPS, TAKEN, TAKEN_DESK
from fundapp.kernel.database import db
from fundapp.kernel.languages import figure, long_date
from fundapp.proposals.letters import KINDS, LINKS, SAYING
from fundapp.proposals.queries.reminding import Heard

KINDS |= {
    PREPARED: _l("A decision on the proposal is prepared, and waits for you to take it."),
    TAKEN_DESK: _l("It was decided on the proposal."),
    TAKEN["approve"]: _l("The proposal is approved."),
    TAKEN["approve-with-conditions"]: _l("The proposal is approved with conditions."),
    TAKEN["defer"]: _l("The decision on the proposal is deferred to a later session."),
    TAKEN["decline"]: _l("The proposal is not approved."),
    STEPS["met"]: _l("A condition of the decision is met."),
    STEPS["waived"]: _l("A condition of the decision is waived."),
    STEPS["reopened"]: _l("A condition of the decision is open again."),
    DUE: _l("A condition of the decision is due soon."),
    OVERDUE: _l("A condition of the decision is overdue."),
}
LINKS |= dict.fromkeys((PREPARED, TAKEN_DESK, *TAKEN.values(), *STEPS.values(), DUE, OVERDUE), ("board.decision", True))


def _decision_lines(language: str, one: Heard) -> Iterator[str]:
    """The amount, how many conditions there are, and the reasons that may be shared."""
    made = db.session().get_one(Decision, one.notice.details["decision"])
    if made.amount_cents:
        yield _("Amount approved, in United States dollars: %(amount)s", amount=figure(made.amount_cents, language))
    if many := len(conditions_of(db.session(), [made.id])[made.id]):
        yield ngettext("The decision has %(num)s condition.", "The decision has %(num)s conditions.", many)
    if made.shared:
        yield _("Reason: %(text)s", text=made.shared)


def _condition_lines(language: str, one: Heard) -> Iterator[str]:
    """The condition, until when it is to be met, and what was said with a step."""
    found = db.session().get_one(DecisionCondition, one.notice.details["condition"])
    yield found.text
    yield _("To be met by: %(day)s", day=long_date(found.due_on, language))
    if reason := one.notice.details.get("reason"):
        yield _("Reason: %(text)s", text=reason)


SAYING |= dict.fromkeys(TAKEN.values(), _decision_lines)
SAYING |= dict.fromkeys((*STEPS.values(), DUE, OVERDUE), _condition_lines)
