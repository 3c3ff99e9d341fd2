"""What decisions, conditions and the stages that follow them are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.board.models import ConditionMove, DecisionOutcome, Owner
from fundapp.board.rules.following import Standing
from fundapp.proposals.move_words import MOVES, NEXT, Moving
from fundapp.proposals.words import PROPOSAL_MARKS, PROPOSAL_STAGES

OUTCOMES: dict[DecisionOutcome, LazyString] = {
    DecisionOutcome.APPROVE: _l("Approve"),
    DecisionOutcome.CONDITIONS: _l("Approve with conditions"),
    DecisionOutcome.DEFER: _l("Defer to a later session"),
    DecisionOutcome.DECLINE: _l("Decline"),
}
# The same once it is decided.
DECIDED: dict[DecisionOutcome, LazyString] = {
    DecisionOutcome.APPROVE: _l("Approved"),
    DecisionOutcome.CONDITIONS: _l("Approved with conditions"),
    DecisionOutcome.DEFER: _l("Deferred"),
    DecisionOutcome.DECLINE: _l("Declined"),
}
DECISION_MARKS = {"approve": "done", "approve-with-conditions": "done", "defer": "held", "decline": "no"}
OWNERS: dict[Owner, LazyString] = {Owner.OFFICE: _l("The office"), Owner.SECRETARIAT: _l("The secretariat")}
STANDINGS: dict[Standing, LazyString] = {
    Standing.OPEN: _l("Still open"),
    Standing.SOON: _l("Due soon"),
    Standing.OVERDUE: _l("Overdue"),
    Standing.MET: _l("Met"),
    Standing.WAIVED: _l("Waived"),
    Standing.LAPSED: _l("Lapsed with its decision"),
}
STANDING_MARKS = {"open": "1", "soon": "3", "overdue": "back", "met": "done", "waived": "held", "lapsed": "no"}
STEPS: dict[ConditionMove, LazyString] = {
    ConditionMove.MET: _l("Met"),
    ConditionMove.WAIVED: _l("Waived"),
    ConditionMove.REOPENED: _l("Opened again"),
}
# Classes of expenditure, by their code.
CLASSES: dict[str, LazyString] = {
    "010": _l("Staff and other personnel costs"),
    "120": _l("Contractual services"),
    "125": _l("General operating and other direct costs"),
    "130": _l("Supplies, commodities and materials"),
    "135": _l("Equipment, vehicles and furniture"),
    "140": _l("Transfers to implementing partners"),
    "145": _l("Grants out"),
    "155": _l("Programme support costs"),
    "160": _l("Travel"),
}

PROPOSAL_STAGES |= {"approved": _l("Approved"), "declined": _l("Declined")}
PROPOSAL_MARKS |= {"approved": "done", "declined": "no"}
MOVES |= {
    "approve": Moving(_l("Approve"), "", _l("The proposal is approved."), _l("Approved")),
    "decline": Moving(_l("Decline"), "", _l("The proposal is not approved."), _l("Declined")),
    "defer": Moving(_l("Defer"), "", _l("The decision is deferred."), _l("Decision deferred")),
}
NEXT |= {
    "approved": _l("Money is allotted to it, once the conditions that money waits for are met."),
    "declined": _l("It is not funded by this call."),
}
