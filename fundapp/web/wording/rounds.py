"""Sentences about the scoring of a call: who scores, exceptions, closing, interests."""

from fundapp.web.wording.marked import marked as _l

ROUNDS: dict[str, str] = {
    "interest.known": _l("%(name)s is kept from %(reference)s already."),
    "interest.lifted": _l("This is lifted already, or is about another proposal than %(reference)s."),
    "reason.short": _l("Give the reason, in at least %(smallest)s characters."),
    "round.known": _l("The scoring of the call %(code)s was opened before."),
    "round.draft": _l("The call %(code)s is a draft: nothing can be scored yet."),
    "round.no-scales": _l(
        "The criteria of the call %(code)s have no scales, and the fund has none for their codes: revise the fund's criteria first."
    ),
    "round.sheets": _l("Each proposal needs from 1 to %(most)s sheets."),
    "round.past": _l("The deadline has passed already."),
    "round.threshold": _l("The threshold must lie between 0 and 100."),
    "round.lacks": _l("Proposals that lack sheets and have no exception: %(count)s (%(references)s)."),
    "round.is-open": _l("The scoring is open."),
    "round.is-closed": _l("The scoring of this call is closed."),
    "round.changed": _l("Somebody changed the scoring of this call meanwhile: look at it again."),
    "round.not-scored": _l("%(reference)s is not among the eligible proposals of this call, and is not scored."),
    "round.excepted": _l("%(reference)s has an exception already."),
    "round.no-reviewer": _l("%(name)s is no reviewer of this fund."),
    "round.interest-office": _l("%(name)s works for the office of %(reference)s."),
    "round.interest-nationality": _l("%(name)s is a national of the State of %(reference)s."),
    "round.interest-worked": _l("%(name)s worked on %(reference)s."),
    "round.interest-kept": _l("%(name)s is kept from %(reference)s by an interest."),
    "round.assigned": _l("%(name)s scores %(reference)s already."),
    "round.ended": _l("This assignment has ended."),
    "round.sheet-given": _l("A sheet was given: have it reopened, or recuse the reviewer."),
    "reviewer.changed": _l("Somebody changed what is known of %(name)s meanwhile: look at it again."),
    "reviewer.no-state": _l("There is no State with the code %(text)s."),
    "reviewer.most": _l("A reviewer takes from 1 to %(most)s proposals of a call; leave it empty for no limit."),
    "round.no-due": _l("Say until when sheets are given."),
    "round.no-proposal": _l("Choose a proposal that is scored in this call."),
    "round.no-person": _l("Choose a person."),
    "round.kept": _l("An interest keeps you from a proposal of this call: somebody else of the secretariat does this."),
    "round.plan-changed": _l("Something changed since you looked at the plan. This is the plan as it is now."),
    "round.plan-empty": _l("There is nothing that can be assigned."),
}
