"""The moves of a proposal from stage to stage: each asks what rules.stages says of it, and leaves a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Actor, Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import (
    Call,
    Proposal,
    ProposalMove,
    ProposalVersion,
    ProposalWriter,
)
from fundapp.proposals.operations.telling import notices
from fundapp.proposals.operations.writing import index
from fundapp.proposals.queries import closing_of, course, exceptions_for
from fundapp.proposals.queries.proposals import asked_of, contents, files_of, judged, written_sections
from fundapp.proposals.queries.screening import desk_of, filled, last_number, marks, passed, people_of, unanswered
from fundapp.proposals.rules import MINUTE, may_submit
from fundapp.proposals.rules.completeness import consent_given
from fundapp.proposals.rules.content import facts
from fundapp.proposals.rules.record import canonical, digest
from fundapp.proposals.rules.stages import COURSE, Move, Stage, allowed, destination, missing

LONGEST_REASON = 5_000


@dataclass(frozen=True, slots=True)
class Given:
    """What is said with a move: a reason, and until when a returned proposal comes back."""

    reason: str = ""
    until: datetime | None = None


@operation(Permission.PROPOSAL_CLEAR)
def clear(work: Work, proposal: Proposal) -> None:
    """Clear a draft: the head of office stands by it."""
    _move(work, proposal, "clear")


@operation(Permission.PROPOSAL_WRITE)
def reopen(work: Work, proposal: Proposal) -> None:
    """Take the clearance back, to write on."""
    _move(work, proposal, "reopen")


@operation(Permission.PROPOSAL_SUBMIT)
def submit(work: Work, proposal: Proposal) -> None:
    """Hand a proposal in: what it says now becomes a version that nobody changes."""
    _move(work, proposal, "submit")
    _fix(work, proposal)


@operation(Permission.PROPOSAL_SUBMIT)
def take_back(work: Work, proposal: Proposal) -> None:
    """Take a proposal back that nobody has looked at yet, while it can still be handed in again."""
    _move(work, proposal, "take-back")


@operation(Permission.PROPOSAL_CLEAR)
def submit_again(work: Work, proposal: Proposal) -> None:
    """Hand a returned proposal in again, changed: a new version."""
    _move(work, proposal, "submit-again")
    index(work, proposal)
    _fix(work, proposal)


@operation(Permission.PROPOSAL_WITHDRAW)
def withdraw(work: Work, proposal: Proposal, given: Given) -> None:
    """Withdraw a proposal, with the reason."""
    _move(work, proposal, "withdraw", given)


@operation(Permission.PROPOSAL_WRITE)
def discard(work: Work, proposal: Proposal) -> None:
    """Put a draft aside; it can be brought back."""
    _move(work, proposal, "discard")


@operation(Permission.PROPOSAL_WRITE)
def bring_back(work: Work, proposal: Proposal) -> None:
    """Bring a draft back that was put aside."""
    _move(work, proposal, "bring-back")


@operation(Permission.PROPOSAL_SCREEN)
def start_screening(work: Work, proposal: Proposal) -> None:
    """Begin to screen a proposal; whoever does sees to it from now on, unless somebody does already."""
    _move(work, proposal, "start-screening")
    if proposal.officer_id is None and isinstance(work.actor, Person):
        proposal.officer_id = work.actor.id


@operation(Permission.PROPOSAL_SCREEN)
def put_back(work: Work, proposal: Proposal) -> None:
    """Undo the beginning of a screening in which nothing was found yet."""
    _move(work, proposal, "put-back")


@operation(Permission.PROPOSAL_SCREEN)
def return_proposal(work: Work, proposal: Proposal, given: Given) -> None:
    """Return a proposal to its office for changes, with the reason and a deadline."""
    _move(work, proposal, "return", given)


@operation(Permission.PROPOSAL_SCREEN)
def lift_return(work: Work, proposal: Proposal) -> None:
    """Undo a return in which nothing was changed yet."""
    _move(work, proposal, "lift-return")


@operation(Permission.PROPOSAL_SCREEN)
def find_eligible(work: Work, proposal: Proposal) -> None:
    """Find a proposal eligible: it goes on to be scored."""
    _move(work, proposal, "find-eligible")


@operation(Permission.PROPOSAL_SCREEN)
def find_ineligible(work: Work, proposal: Proposal, given: Given) -> None:
    """Find a proposal not eligible, with the reason."""
    _move(work, proposal, "find-ineligible", given)


@operation(Permission.PROPOSAL_SCREEN)
def screen_again(work: Work, proposal: Proposal, given: Given) -> None:
    """Take a finding back, with the reason, and screen on."""
    _move(work, proposal, "screen-again", given)


@operation(Permission.PROPOSAL_REINSTATE)
def reinstate(work: Work, proposal: Proposal, given: Given) -> None:
    """Put a withdrawn proposal back where it stood."""
    _move(work, proposal, "reinstate", given)


def _move(work: Work, proposal: Proposal, name: str, given: Given = Given()) -> None:
    session = work.session
    session.refresh(proposal, with_for_update=True)
    move = COURSE.move(name)
    if not allowed(proposal.stage, name):
        raise refuse("proposal.stands-otherwise", reference=proposal.reference)
    _told(given)
    asking = _Asking(session, work.actor, work.at, proposal, given)
    known = {need: CONDITIONS[need](asking) for need in move.needs}
    if lacks := missing(name, known):
        raise Refusal(*(Fault(f"proposal.needs-{need}", asking.values(need)) for need in lacks))
    _stand(work, proposal, move, given)
    details = {"reason": given.reason, "due": given.until.isoformat() if given.until else ""}
    session.add_all(notices(session, proposal, move.tells, details, by=work.actor.id, at=work.at))


SAID_WITH_IT = ("reason-given", "deadline-ahead")  # conditions that whoever makes a move fulfils with it


def unmet(session: Session, actor: Actor, at: datetime, proposal: Proposal, name: str) -> list[Fault]:
    """What stands in the way of a move before anything is said with it; nothing is changed."""
    asking = _Asking(session, actor, at, proposal, Given())
    needs = [need for need in COURSE.move(name).needs if need not in SAID_WITH_IT]
    return [Fault(f"proposal.needs-{need}", asking.values(need)) for need in needs if not CONDITIONS[need](asking)]


def _told(given: Given) -> None:
    if (found := len(given.reason)) > LONGEST_REASON:
        raise Refusal(Fault("call.long", {"found": found, "largest": LONGEST_REASON}, field="reason"))


def _stand(work: Work, proposal: Proposal, move: Move, given: Given) -> None:
    origin, to = proposal.stage, destination(move.name, proposal.before)
    proposal.before, proposal.stage, proposal.stage_since = origin, to, work.at
    proposal.due_at = given.until
    work.session.add(
        ProposalMove(
            proposal_id=proposal.id, move=move.name, origin=origin, to=to, reason=given.reason, due_at=given.until,
            at=work.at, by=str(work.actor),
        )
    )  # fmt: skip


def _fix(work: Work, proposal: Proposal) -> None:
    """Keep what a proposal says as a version; from the first on it is on somebody's desk."""
    fixed(work.session, proposal, at=work.at, by=str(work.actor))
    proposal.submitted_at = proposal.submitted_at or work.at
    if proposal.officer_id is None:
        proposal.officer_id = desk_of(work.session, proposal)


def fixed(session: Session, proposal: Proposal, *, at: datetime, by: str) -> ProposalVersion:
    """A version of what a proposal says, with its digest, beside the earlier ones."""
    text = canonical(
        {
            "reference": proposal.reference,
            "language": proposal.language,
            "courtesy": proposal.courtesy,
            "sections": contents(written_sections(session, proposal)),
            "documents": files_of(session, proposal),
            "total_cents": proposal.total_cents,
        }
    )
    number = 1 + last_number(session, proposal)
    made = ProposalVersion(proposal_id=proposal.id, number=number, content=text, digest=digest(text), at=at, by=by)
    session.add(made)
    return made


# ------------------------------------------------------------------------------------------------------- conditions


class _Asking:
    """A move that is asked for: what its conditions need to know, each found out once."""

    def __init__(self, session: Session, actor: Actor, at: datetime, proposal: Proposal, given: Given) -> None:
        self.session, self.actor, self.at = session, actor, at
        self.proposal, self.given = proposal, given
        self._judged: tuple[Mapping[str, object], int, int] | None = None

    @property
    def call(self) -> Call:
        """The call of the proposal."""
        return self.session.get_one(Call, self.proposal.call_id)

    def judge(self) -> tuple[Mapping[str, object], int, int]:
        """The facts of the proposal, how much it lacks, and how many faults its budget has."""
        if self._judged is None:
            whole = contents(written_sections(self.session, self.proposal))
            asked = asked_of(self.session, self.call)
            day: date = self.at.date()
            found = judged(self.session, self.proposal, whole, asked, day)
            known = facts(whole, found.world)
            check = known.get("budget.check")
            self._judged = known, len(found.lacking), check if isinstance(check, int) else 1
        return self._judged

    def in_time(self) -> bool:
        """Whether the office may hand in now: the call is open, or there is an exception."""
        late = exceptions_for(self.session, self.call)
        closes = closing_of(self.session, self.call)
        return may_submit(course(self.call, closes), late, self.proposal.office_id, self.at)

    def values(self, need: str) -> dict[str, object]:
        """What the sentence about a condition says beside it."""
        if need == "complete":
            return {"found": self.judge()[1]}
        return {"code": self.call.code} if need == "call-open-or-exception" else {}


def _not_the_writer(asking: _Asking) -> bool:
    people = people_of(asking.session, asking.proposal, office=True)
    asked = sa.select(ProposalWriter.person_id).where(ProposalWriter.proposal_id == asking.proposal.id)
    return len(people) < 2 or asking.actor.id not in set(asking.session.scalars(asked))


def _never_returned(asking: _Asking) -> bool:
    asked = sa.select(ProposalMove.id).where(
        ProposalMove.proposal_id == asking.proposal.id, ProposalMove.move == "return"
    )
    return asking.session.scalars(asked.limit(1)).first() is None


def _return_in_time(asking: _Asking) -> bool:
    due = asking.proposal.due_at
    if due is None or asking.at < due + MINUTE:
        return True
    late = exceptions_for(asking.session, asking.call)
    return any(one.office_id == asking.proposal.office_id and asking.at < one.until + MINUTE for one in late)


def _unchanged(asking: _Asking) -> bool:
    """Nothing was written since: no page, no document."""
    return asking.proposal.saved_at <= asking.proposal.stage_since


CONDITIONS: Mapping[str, Callable[[_Asking], bool]] = {
    "complete": lambda asking: asking.judge()[1] == 0,
    "consent-given": lambda asking: consent_given(asking.judge()[0]),
    "budget-within-limits": lambda asking: asking.judge()[2] == 0,
    "not-the-writer": _not_the_writer,
    "call-open-or-exception": _Asking.in_time,
    "return-in-time-or-exception": _return_in_time,
    "never-returned": _never_returned,
    "reason-given": lambda asking: bool(asking.given.reason.strip()),
    "deadline-ahead": lambda asking: asking.given.until is not None and asking.given.until > asking.at,
    # whoever decides on proposals adds stages of their own: one that stands in none of them has not been decided on
    "nothing-decided": lambda asking: asking.proposal.stage in set(Stage),
    "nothing-marked": lambda asking: not marks(asking.session, asking.proposal),
    "unchanged-since-return": _unchanged,
    "checklist-filled": lambda asking: filled(asking.session, asking.proposal),
    "checklist-passed": lambda asking: passed(asking.session, asking.proposal),
    "questions-answered": lambda asking: unanswered(asking.session, asking.proposal) == 0,
}
