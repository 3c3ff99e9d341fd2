"""Sentences about decisions on proposals and their conditions."""

from fundapp.web.wording.marked import marked as _l

DECIDING: dict[str, str] = {
    "decision.no-outcome": _l("Say what is decided."),
    "decision.no-amount": _l("Say which amount is approved: more than nothing."),
    "decision.above-asked": _l("%(amount_cents)s dollars is more than the proposal asks for: %(asked_cents)s dollars."),
    "decision.above-envelope": _l(
        "With it, %(sum_cents)s dollars of the call would be approved, which is %(over_cents)s more than its envelope of %(envelope_cents)s."
    ),
    "decision.above-envelope-kept": _l("With it, more of the call would be approved than its envelope."),
    "decision.no-class": _l("There is no such class of expenditure, or its amount is less than nothing: %(class)s."),
    "decision.classes-sum": _l(
        "The classes add up to %(sum_cents)s dollars, which is %(difference_cents)s away from the amount of %(amount_cents)s."
    ),
    "decision.amount-idle": _l("A decision to defer or to decline gives no money: leave the amounts empty."),
    "decision.no-conditions": _l("Say at least one condition, or approve without conditions."),
    "decision.conditions-idle": _l("There are conditions: approve with conditions, or take them out."),
    "decision.many-conditions": _l("A decision has at most %(most)s conditions."),
    "decision.condition-twice": _l("This condition stands there twice."),
    "decision.condition-empty": _l("Say what the condition is."),
    "decision.condition-owner": _l("Say who sees to the condition."),
    "decision.condition-date": _l("Say until when the condition is to be met."),
    "decision.condition-past": _l("%(day)s has passed already: a condition is to be met today or later."),
    "decision.condition-far": _l("Conditions are to be met before %(year)s."),
    "decision.condition-day": _l("This is no day: %(text)s. Write year, month and day, as 2027-03-31."),
    "decision.no-advice": _l(
        "The Board has given no advice on this proposal yet, and this fund decides only after it."
    ),
    "decision.not-approved": _l(
        "The Board does not support this proposal, and this fund approves only what the Board supports."
    ),
    "decision.without-advice": _l(
        "The Board has given no advice on this proposal: say why it is decided without, in at least %(smallest)s characters."
    ),
    "decision.against-advice": _l("This is not what the Board advised: say why, in at least %(smallest)s characters."),
    "decision.no-shared": _l("Say the reasons that the office may read, in at least %(smallest)s characters."),
    "decision.changed": _l("Somebody changed what is prepared meanwhile: look at it again."),
    "decision.taken": _l("It was decided on %(reference)s meanwhile: look at what was decided."),
    "decision.not-before": _l("%(reference)s is not before the Board at a session that is open or was closed."),
    "decision.not-last": _l("%(reference)s came before a later session: it is decided on there."),
    "decision.stands-otherwise": _l("%(reference)s is not eligible any more: nothing can be decided on it now."),
    "decision.no-draft": _l("No decision on %(reference)s is prepared."),
    "condition.changed": _l("Somebody took a step on this condition meanwhile: look at it again."),
    "condition.open": _l("The condition is open already."),
    "condition.settled": _l("The condition is met or waived already: open it again first."),
    "condition.lapsed": _l("Another decision took the place of the one that this condition is of: it has lapsed."),
}
