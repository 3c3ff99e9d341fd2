"""The scoring of a call from its opening to its close: settings, exceptions, and a reason for each step back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Refused, may
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.operations.criteria import fix_scales
from fundapp.proposals.queries import closing_of
from fundapp.proposals.rules.calls import reason_faults
from fundapp.scoring.models import RoundException, RoundMove, ScoringRound
from fundapp.scoring.operations.telling import round_notices
from fundapp.scoring.queries.assigning import SCORED_STAGES
from fundapp.scoring.queries.overseeing import is_kept
from fundapp.scoring.queries.progress import lacking
from fundapp.scoring.queries.rounds import round_of, scales_of
from fundapp.scoring.queries.telling import CLOSED, REOPENED
from fundapp.scoring.rules.rounds import GivenRound, faults_of


@operation(Permission.SCORING_RUN)
def open_scoring(work: Work, call: Call, said: GivenRound, reason: str = "") -> ScoringRound:
    """Open the scoring of a call that has closed; of one that has not, with the reason."""
    work.session.refresh(call, with_for_update=True)  # of two that open it the second finds the round of the first
    if call.cancelled_at:
        raise refuse("call.cancelled", code=call.code)
    if round_of(work.session, call):
        raise refuse("round.known", code=call.code)
    if call.opened_at is None:
        raise refuse("round.draft", code=call.code)
    closes = closing_of(work.session, call)
    early = not call.standing and (closes is None or closes > work.at)
    _told([*faults_of(said, work.at), *(reason_faults(reason.strip()) if early else ())])
    fix_scales(work, call)
    if not scales_of(work.session, call):
        raise refuse("round.no-scales", code=call.code)
    made = ScoringRound(call_id=call.id, open=True, opened_at=work.at, opened_by=str(work.actor))
    _set(made, said)
    work.session.add(made)
    work.session.flush()
    _moved(work, made, "open", reason)
    return made


@operation(Permission.SCORING_RUN)
def change_scoring(work: Work, round_: ScoringRound, said: GivenRound, version: int, reason: str) -> None:
    """Change what an open round is set to, with the reason; sheets that were given stay as they are."""
    _held(work, round_, version)
    _open(round_)
    _told([*faults_of(said, work.at), *reason_faults(reason.strip())])
    _set(round_, said)
    _moved(work, round_, "change", reason)


@operation(Permission.SCORING_RUN)
def close_scoring(work: Work, round_: ScoringRound, version: int, reason: str = "") -> None:
    """Close the scoring of a call: every proposal has the sheets that it needs, or an exception."""
    _held(work, round_, version)
    _open(round_)
    _sees_all(work, round_)
    if lacks := lacking(work.session, work.actor, round_):
        references = ", ".join(one.reference for one in lacks[:5]) + (" …" if len(lacks) > 5 else "")
        raise refuse("round.lacks", count=len(lacks), references=references)
    round_.open, round_.closed_at = False, work.at
    _moved(work, round_, "close", reason)
    work.session.add_all(round_notices(work.session, round_, CLOSED, by=work.actor.id, at=work.at))


@operation(Permission.SCORING_RUN)
def reopen_scoring(work: Work, round_: ScoringRound, version: int, reason: str) -> None:
    """Open a scoring again that was closed, with the reason."""
    _held(work, round_, version)
    if round_.open:
        raise refuse("round.is-open")
    _sees_all(work, round_)
    _told(reason_faults(reason.strip()))
    round_.open, round_.closed_at = True, None
    _moved(work, round_, "reopen", reason)
    work.session.add_all(round_notices(work.session, round_, REOPENED, by=work.actor.id, at=work.at))


@operation(Permission.SCORING_RUN)
def except_proposal(work: Work, round_: ScoringRound, proposal: Proposal, reason: str) -> RoundException:
    """Let a proposal be ranked on fewer sheets than the round asks for, with the reason."""
    if not may(work.actor, Permission.PROPOSAL_READ, proposal):
        raise Refused(f"an exception needs {Permission.PROPOSAL_READ}")
    work.session.refresh(round_, with_for_update=True)  # of two that except the same the second finds the first's
    _open(round_)
    if proposal.call_id != round_.call_id or proposal.stage not in SCORED_STAGES:
        raise refuse("round.not-scored", reference=proposal.reference)
    _told(reason_faults(reason.strip()))
    known = sa.select(RoundException.id).where(
        RoundException.round_id == round_.id, RoundException.proposal_id == proposal.id
    )
    if work.session.scalar(known) is not None:
        raise refuse("round.excepted", reference=proposal.reference)
    made = RoundException(
        round_id=round_.id, proposal_id=proposal.id, reason=reason.strip(), at=work.at, by=str(work.actor)
    )
    work.session.add(made)
    return made


def _held(work: Work, round_: ScoringRound, version: int) -> None:
    work.session.refresh(round_, with_for_update=True)
    if round_.version != version:
        raise refuse("round.changed")


def _sees_all(work: Work, round_: ScoringRound) -> None:
    """Whoever is kept from one of the proposals cannot tell whether all is in: somebody else does it."""
    if is_kept(work.session, work.actor, round_.call):
        raise refuse("round.kept")


def _open(round_: ScoringRound) -> None:
    if not round_.open:
        raise refuse("round.is-closed")


def _told(faults: Sequence[Fault]) -> None:
    if faults:
        raise Refusal(*faults)


def _set(round_: ScoringRound, said: GivenRound) -> None:
    round_.sheets, round_.due_at, round_.zone = said.sheets, said.due_at, said.zone
    round_.shows_others, round_.bars_nationality = said.shows_others, said.bars_nationality
    round_.threshold = said.threshold


def _moved(work: Work, round_: ScoringRound, move: str, reason: str) -> None:
    work.session.add(RoundMove(round_id=round_.id, move=move, reason=reason.strip(), at=work.at, by=str(work.actor)))
