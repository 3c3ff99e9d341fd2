"""Who may do what: the whole policy on one page. Unlisted means refused."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from fundapp.access.rules import (
    Actor,
    Held,
    Role,
    Rule,
    Way,
    anyone,
    holds,
    holds_everywhere,
    holds_for_it,
    is_handed_in,
    is_known,
    is_opened_to,
    is_the_author,
    is_the_console,
    is_the_owner,
    is_the_subject,
    is_theirs,
    kept_from_nothing,
    not_the_preparer,
    not_the_reviewer,
    not_the_subject,
)

__all__ = ["POLICY", "Actor", "Held", "Permission", "Refused", "Role", "Rule", "Way", "holds", "may"]

# Roles that must not sign in with a password alone.
SECOND_FACTOR = frozenset({Role.FINANCE_OFFICER, Role.CERTIFYING_OFFICER, Role.APPROVING_OFFICER, Role.ADMINISTRATOR})
# Roles that are given for one office.
OF_AN_OFFICE = frozenset({Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE})
# Roles that touch money: never together with the one that says who may.
OF_MONEY = frozenset({Role.FINANCE_OFFICER, Role.CERTIFYING_OFFICER, Role.APPROVING_OFFICER})
# Nobody holds both: the administrator sees to people and never to money, the auditor changes nothing.
APART = (
    *((Role.ADMINISTRATOR, role) for role in sorted(OF_MONEY)),
    *((Role.AUDITOR, role) for role in Role if role is not Role.AUDITOR),
)


class Permission(StrEnum):
    """What an endpoint or an operation asks for, as `thing:verb`."""

    ANYONE = "page:anyone"
    SIGNED_IN = "page:signed-in"
    DEMONSTRATION = "page:demonstration"
    OWN_SIGN_IN = "sign-in:own"
    PERSON_READ = "person:read"
    PERSON_ADD = "person:add"
    PERSON_DISABLE = "person:disable"
    SECOND_FACTOR_FORGET = "second-factor:forget"
    OFFICE_OPEN = "office:open"
    ROLE_GRANT = "role:grant"
    TRAIL_READ = "trail:read"
    REFERENCE_LOAD = "reference:load"
    FUND_SET_UP = "fund:set-up"
    LETTER_SEND = "letter:send"
    BOOKS_READ = "books:read"
    ENTRY_POST = "entry:post"
    ENTRY_ATTRIBUTE = "entry:attribute"
    YEAR_CLOSE = "year:close"
    PUBLISHED_READ = "published:read"
    PUBLISHED_IMPORT = "published:import"
    PUBLISHED_ANNOTATE = "published:annotate"
    CONTRIBUTION_IMPORT = "contribution:import"
    DONOR_ADD = "donor:add"
    RECOMMENDATION_READ = "recommendation:read"
    RECOMMENDATION_IMPORT = "recommendation:import"
    RECOMMENDATION_JOIN = "recommendation:join"
    REVIEW_RECORD = "review:record"
    FOLLOW_UP_RECORD = "follow-up:record"
    FOLLOW_UP_WITHDRAW = "follow-up:withdraw"
    PLAN_RECORD = "plan:record"
    EVIDENCE_JUDGE = "evidence:judge"
    CALL_READ = "call:read"
    CALL_READ_DRAFT = "call-draft:read"
    CALL_PREPARE = "call:prepare"
    CALL_OPEN = "call:open"
    CALL_EXTEND = "call:extend"
    PROPOSAL_READ = "proposal:read"
    PROPOSAL_WRITE = "proposal:write"
    PROPOSAL_CLEAR = "proposal:clear"
    PROPOSAL_SUBMIT = "proposal:submit"
    PROPOSAL_WITHDRAW = "proposal:withdraw"
    PROPOSAL_SCREEN = "proposal:screen"
    PROPOSAL_REINSTATE = "proposal:reinstate"
    PROPOSAL_ASSIGN = "proposal:assign"
    DOSSIER_MAKE = "dossier:make"
    NOTICE_CHOOSE = "notice:choose"
    NOTICE_TELL = "notice:tell"
    VIEW_SAVE = "view:save"
    INTEREST_DECLARE = "interest:declare"
    INTEREST_JUDGE = "interest:judge"
    CRITERIA_READ = "criteria:read"
    CRITERIA_REVISE = "criteria:revise"
    SCORING_READ = "scoring:read"
    SCORING_RUN = "scoring:run"
    SCORE = "score:give"
    SHEET_READ = "sheet:read"
    MODERATION_SAY = "moderation:say"
    SCENARIO_READ = "scenario:read"
    SCENARIO_MAKE = "scenario:make"
    BOARD_READ = "board:read"
    BOARD_SEAT = "board:seat"
    SESSION_READ = "session:read"
    SESSION_RUN = "session:run"
    SESSION_CLOSE = "session:close"
    CONSIDERED_READ = "considered:read"
    TRUSTEE_DECLARE = "trustee:declare"
    TRUSTEE_SAY = "trustee:say"
    ADVICE_RECORD = "advice:record"
    QUESTION_ANSWER = "board-question:answer"
    DECISION_PREPARE = "decision:prepare"
    DECISION_TAKE = "decision:take"
    DECISION_READ = "decision:read"
    CONDITION_FOLLOW = "condition:follow"
    CONDITION_WAIVE = "condition:waive"
    MINUTES_WRITE = "minutes:write"
    MINUTES_APPROVE = "minutes:approve"
    RATE_IMPORT = "rate:import"
    DONOR_READ = "donor:read"
    DONOR_KEEP = "donor:keep"
    PLEDGE_RECORD = "pledge:record"
    RECEIPT_RECORD = "receipt:record"
    PLEDGE_CHANGE_PREPARE = "pledge-change:prepare"
    PLEDGE_CHANGE_APPROVE = "pledge-change:approve"
    DONOR_WRITE_TO = "donor:write-to"
    SPENDING_READ = "spending:read"
    ALLOTMENT_PREPARE = "allotment:prepare"
    ALLOTMENT_RELEASE = "allotment:release"
    COMMITMENT_RAISE = "commitment:raise"
    COMMITMENT_APPROVE = "commitment:approve"
    EXPENDITURE_IMPORT = "expenditure:import"
    EXPENDITURE_UNDO = "expenditure:undo"
    MANUAL_PREPARE = "manual-entry:prepare"
    MANUAL_CERTIFY = "manual-entry:certify"
    SUPPORT_COSTS_POST = "support-costs:post"
    PERIOD_PREPARE = "period:prepare"
    PERIOD_CLOSE = "period:close"
    PERIOD_REOPEN_ASK = "period-reopening:ask"
    PERIOD_REOPEN = "period:reopen"
    STATEMENT_PREPARE = "statement:prepare"
    STATEMENT_REVIEW = "statement:review"
    STATEMENT_CERTIFY = "statement:certify"
    AUDIT_PACK = "audit-pack:make"


class Refused(Exception):
    """The policy does not allow it."""


MONEY = holds(Role.FINANCE_OFFICER)
READS_BOOKS = holds(
    Role.FINANCE_OFFICER, Role.CERTIFYING_OFFICER, Role.APPROVING_OFFICER, Role.SECRETARY, Role.DESK_OFFICER,
    Role.TRUSTEE, Role.AUDITOR,
)  # fmt: skip
READS_MONEY = holds(
    Role.FINANCE_OFFICER, Role.CERTIFYING_OFFICER, Role.APPROVING_OFFICER, Role.SECRETARY, Role.DESK_OFFICER,
    Role.AUDITOR,
)  # fmt: skip
CERTIFIES = holds(Role.CERTIFYING_OFFICER)
REGISTER = holds(Role.SECRETARY, Role.DESK_OFFICER)
FIELD = holds(Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE)
READS_PROPOSALS = holds(Role.SECRETARY, Role.DESK_OFFICER, Role.APPROVING_OFFICER)
PEOPLE = holds(Role.ADMINISTRATOR)
ANY_ROLE = holds(*Role)
BEYOND_OFFICES = holds(*(role for role in Role if role not in OF_AN_OFFICE))

POLICY: dict[Permission, tuple[Way, ...]] = {
    Permission.ANYONE: ((anyone,),),
    Permission.SIGNED_IN: ((is_known,),),
    Permission.DEMONSTRATION: ((anyone,),),
    Permission.OWN_SIGN_IN: ((is_the_subject,),),
    Permission.PERSON_READ: ((PEOPLE,), (holds(Role.AUDITOR),)),
    Permission.PERSON_ADD: ((is_the_console,), (PEOPLE,)),
    Permission.PERSON_DISABLE: ((is_the_console,), (holds_everywhere(Role.ADMINISTRATOR), not_the_subject)),
    Permission.SECOND_FACTOR_FORGET: ((is_the_console,), (holds_everywhere(Role.ADMINISTRATOR), not_the_subject)),
    Permission.OFFICE_OPEN: ((is_the_console,), (PEOPLE,)),
    Permission.ROLE_GRANT: ((is_the_console,), (holds_for_it(Role.ADMINISTRATOR), not_the_subject)),
    # one trail for all funds: it would tell who holds a role in one what was changed in another, and of everything that
    # was done, so that whoever is kept from anything does not read it
    Permission.TRAIL_READ: ((holds_everywhere(Role.ADMINISTRATOR, Role.AUDITOR), kept_from_nothing),),
    Permission.REFERENCE_LOAD: ((is_the_console,),),
    Permission.FUND_SET_UP: ((is_the_console,),),
    Permission.LETTER_SEND: ((is_the_console,),),
    Permission.BOOKS_READ: ((READS_BOOKS,), (is_the_console,)),
    # what a certifying officer approves is posted with it
    Permission.ENTRY_POST: ((MONEY,), (CERTIFIES,), (is_the_console,)),
    Permission.ENTRY_ATTRIBUTE: ((MONEY,),),
    Permission.YEAR_CLOSE: ((holds(Role.CERTIFYING_OFFICER),), (is_the_console,)),
    # with it go the officers' notes, which are for those of the fund
    Permission.PUBLISHED_READ: ((ANY_ROLE,), (is_the_console,)),
    Permission.PUBLISHED_IMPORT: ((MONEY,), (is_the_console,)),
    Permission.PUBLISHED_ANNOTATE: ((MONEY,),),
    Permission.CONTRIBUTION_IMPORT: ((MONEY,), (is_the_console,)),
    Permission.DONOR_ADD: ((MONEY,), (is_the_console,)),
    Permission.RECOMMENDATION_READ: ((is_known,), (is_the_console,)),
    Permission.RECOMMENDATION_IMPORT: ((REGISTER,), (is_the_console,)),
    Permission.RECOMMENDATION_JOIN: ((REGISTER,),),
    # reviews, their days and the High Commissioner's letters
    Permission.REVIEW_RECORD: ((REGISTER,), (is_the_console,)),
    Permission.FOLLOW_UP_RECORD: ((REGISTER,), (FIELD,), (is_the_console,)),
    Permission.FOLLOW_UP_WITHDRAW: ((REGISTER,), (FIELD, is_the_author), (is_the_console,)),
    Permission.PLAN_RECORD: ((REGISTER,), (FIELD,), (is_the_console,)),
    # not those who write proposals: it is what these are scored beside
    Permission.EVIDENCE_JUDGE: ((REGISTER,), (holds(Role.REVIEWER),)),
    Permission.CALL_READ: ((ANY_ROLE,), (is_the_console,)),
    # what has not opened yet: an office that knew it early would have a start on the others
    Permission.CALL_READ_DRAFT: ((BEYOND_OFFICES,), (is_the_console,)),
    Permission.CALL_PREPARE: ((holds(Role.SECRETARY, Role.DESK_OFFICER),),),
    # four eyes: whoever worked on the draft last has somebody else open it
    Permission.CALL_OPEN: ((holds(Role.SECRETARY), not_the_preparer), (is_the_console,)),
    # and what else is done to a call that is open: exceptions, corrections of its guidance, cancelling it
    Permission.CALL_EXTEND: ((holds(Role.SECRETARY),), (is_the_console,)),
    # an office its own from the first word; others from the moment it is handed in; `visible` is the same as a filter
    Permission.PROPOSAL_READ: (
        (FIELD,),
        (READS_PROPOSALS, is_handed_in),
        (holds(Role.REVIEWER, Role.TRUSTEE), is_handed_in, is_opened_to),
        (holds(Role.AUDITOR),),
        (is_the_console,),
    ),
    Permission.PROPOSAL_WRITE: ((FIELD,), (is_the_console,)),
    Permission.PROPOSAL_CLEAR: ((holds(Role.HEAD_OF_OFFICE),),),
    Permission.PROPOSAL_SUBMIT: ((FIELD,),),
    Permission.PROPOSAL_WITHDRAW: ((holds(Role.HEAD_OF_OFFICE),),),
    Permission.PROPOSAL_SCREEN: ((REGISTER, is_handed_in),),
    Permission.PROPOSAL_REINSTATE: ((holds(Role.SECRETARY), is_handed_in),),
    # which desk officer sees to a proposal, or to a region
    Permission.PROPOSAL_ASSIGN: ((holds(Role.SECRETARY), is_handed_in),),
    # made in the background, each person their own
    Permission.DOSSIER_MAKE: ((FIELD,), (READS_PROPOSALS,), (is_the_console,)),
    # how one is told of proposals, and the telling itself, which a round in the background does
    Permission.NOTICE_CHOOSE: ((is_the_subject,),),
    Permission.NOTICE_TELL: ((is_the_console,),),
    # a list as somebody wants to find it again: their own
    Permission.VIEW_SAVE: (
        (FIELD, is_the_owner),
        (READS_PROPOSALS, is_the_owner),
        (holds(Role.REVIEWER), is_the_owner),
    ),
    # to say that one has an interest in a proposal is the reviewer's own act; to keep somebody from it the secretary's
    # (a trustee declares before the proposal is opened to them)
    Permission.INTEREST_DECLARE: ((holds(Role.REVIEWER), is_opened_to), (holds(Role.TRUSTEE),)),
    Permission.INTEREST_JUDGE: ((holds(Role.SECRETARY),), (is_the_console,)),
    # what proposals are scored on is no secret: offices write for it
    Permission.CRITERIA_READ: ((ANY_ROLE,), (is_the_console,)),
    Permission.CRITERIA_REVISE: ((holds(Role.SECRETARY),), (is_the_console,)),
    # ranking, matrix, who scores what: not the reviewers, who would see the others' scores before they gave theirs
    Permission.SCORING_READ: ((READS_PROPOSALS,), (holds(Role.AUDITOR),), (is_the_console,)),
    # opening, assigning, reopening, exceptions, closing
    Permission.SCORING_RUN: ((holds(Role.SECRETARY),), (is_the_console,)),
    Permission.SCORE: ((holds(Role.REVIEWER), is_the_owner),),
    # a sheet that was given: `sheets_seen` is the same as a filter
    Permission.SHEET_READ: ((READS_PROPOSALS,), (holds(Role.REVIEWER),), (holds(Role.AUDITOR),), (is_the_console,)),
    Permission.MODERATION_SAY: ((holds(Role.SECRETARY),), (holds(Role.REVIEWER), is_opened_to)),
    Permission.SCENARIO_READ: ((READS_PROPOSALS,), (holds(Role.AUDITOR),)),
    Permission.SCENARIO_MAKE: ((REGISTER,), (is_the_console,)),
    # who sits on the Board, when it meets: no secret of those who work with the fund
    Permission.BOARD_READ: ((BEYOND_OFFICES,), (is_the_console,)),
    Permission.BOARD_SEAT: ((holds(Role.SECRETARY),), (is_the_console,)),
    Permission.SESSION_READ: ((READS_PROPOSALS,), (holds(Role.TRUSTEE),), (holds(Role.AUDITOR),), (is_the_console,)),
    Permission.SESSION_RUN: ((holds(Role.SECRETARY),), (is_the_console,)),
    # a trustee by approving its minutes as whoever chairs: the operation asks for that
    Permission.SESSION_CLOSE: ((holds(Role.SECRETARY),), (holds(Role.TRUSTEE),), (is_the_console,)),
    # a proposal before the Board: to a trustee once they have declared that they have no interest in it
    Permission.CONSIDERED_READ: (
        (READS_PROPOSALS,),
        (holds(Role.TRUSTEE), is_opened_to),
        (holds(Role.AUDITOR),),
        (is_the_console,),
    ),
    # what a trustee says, each for themselves: interests, notes, questions, votes; the secretary records for others
    Permission.TRUSTEE_DECLARE: ((holds(Role.TRUSTEE), is_theirs), (holds(Role.SECRETARY),), (is_the_console,)),
    Permission.TRUSTEE_SAY: ((holds(Role.TRUSTEE), is_theirs),),
    Permission.ADVICE_RECORD: ((holds(Role.SECRETARY),), (is_the_console,)),
    Permission.QUESTION_ANSWER: ((REGISTER,),),
    # four eyes: whoever prepared a decision does not take it
    Permission.DECISION_PREPARE: ((REGISTER,), (is_the_console,)),
    Permission.DECISION_TAKE: ((holds(Role.APPROVING_OFFICER), not_the_preparer),),
    # offices those on their own proposals
    Permission.DECISION_READ: ((FIELD,), (READS_BOOKS,), (is_the_console,)),
    Permission.CONDITION_FOLLOW: ((REGISTER,), (is_the_console,)),
    Permission.CONDITION_WAIVE: ((holds(Role.APPROVING_OFFICER),),),
    Permission.MINUTES_WRITE: ((holds(Role.SECRETARY),), (is_the_console,)),
    # whoever chairs, and nobody for them
    Permission.MINUTES_APPROVE: ((holds(Role.TRUSTEE), is_theirs),),
    # ------------------------------------------------------------------------------------------------ the money
    Permission.RATE_IMPORT: ((MONEY,), (is_the_console,)),
    # who gives, what they promise and pay, whom to write to there
    Permission.DONOR_READ: ((READS_MONEY,), (is_the_console,)),
    # contacts, names, aliases, who was asked for a contribution
    Permission.DONOR_KEEP: ((MONEY,), (holds(Role.SECRETARY),), (is_the_console,)),
    Permission.PLEDGE_RECORD: ((MONEY,), (is_the_console,)),
    # and bank statements, and what a receipt settles
    Permission.RECEIPT_RECORD: ((MONEY,), (is_the_console,)),
    # that less is paid than was promised, or money goes back: prepared by one, approved by another
    Permission.PLEDGE_CHANGE_PREPARE: ((MONEY,), (is_the_console,)),
    Permission.PLEDGE_CHANGE_APPROVE: ((CERTIFIES, not_the_preparer),),
    Permission.DONOR_WRITE_TO: ((MONEY,), (holds(Role.SECRETARY),), (is_the_console,)),
    # allotments, commitments, expenditure of projects; what an interest keeps somebody from is left out
    Permission.SPENDING_READ: ((READS_MONEY,), (is_the_console,)),
    Permission.ALLOTMENT_PREPARE: ((MONEY,), (is_the_console,)),
    Permission.ALLOTMENT_RELEASE: ((CERTIFIES, not_the_preparer),),
    Permission.COMMITMENT_RAISE: ((MONEY,), (is_the_console,)),
    Permission.COMMITMENT_APPROVE: ((CERTIFIES, not_the_preparer),),
    Permission.EXPENDITURE_IMPORT: ((MONEY,), (is_the_console,)),
    Permission.EXPENDITURE_UNDO: ((MONEY,), (is_the_console,)),
    Permission.MANUAL_PREPARE: ((MONEY,), (is_the_console,)),
    Permission.MANUAL_CERTIFY: ((CERTIFIES, not_the_preparer),),
    Permission.SUPPORT_COSTS_POST: ((MONEY,), (is_the_console,)),
    # the checklist, and that a period begins to close
    Permission.PERIOD_PREPARE: ((MONEY,), (CERTIFIES,), (is_the_console,)),
    Permission.PERIOD_CLOSE: ((CERTIFIES,), (is_the_console,)),
    Permission.PERIOD_REOPEN_ASK: ((MONEY,), (CERTIFIES,)),
    Permission.PERIOD_REOPEN: ((CERTIFIES, not_the_preparer),),
    # three people: prepared, looked through, certified
    Permission.STATEMENT_PREPARE: ((MONEY,), (is_the_console,)),
    Permission.STATEMENT_REVIEW: (
        (holds(Role.FINANCE_OFFICER, Role.CERTIFYING_OFFICER, Role.APPROVING_OFFICER), not_the_preparer),
    ),
    Permission.STATEMENT_CERTIFY: ((CERTIFIES, not_the_preparer, not_the_reviewer),),
    Permission.AUDIT_PACK: ((MONEY,), (CERTIFIES,), (holds(Role.AUDITOR),), (is_the_console,)),
}


def is_closed_to(actor: Actor, subject: Any) -> bool:
    """Whether somebody is kept from it, by an interest in it: to them it is not there, whatever roles they hold."""
    closed: frozenset[str] = getattr(actor, "closed_names", frozenset())
    return bool(closed) and (str(subject) in closed or getattr(subject, "part_of", "") in closed)


def kept_apart(held: Iterable[Role], role: Role) -> Role | None:
    """A role among those held that nobody may have together with this one."""
    return next((other for other in held if (other, role) in APART or (role, other) in APART), None)


def may(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Whether the policy allows it: one of the permission's ways, all of its rules; to someone disabled, nothing."""
    if not getattr(actor, "active", True):
        return permission is Permission.ANYONE
    if subject is not None and is_closed_to(actor, subject):
        return False
    return any(all(rule(actor, subject) for rule in way) for way in POLICY.get(permission, ()))
