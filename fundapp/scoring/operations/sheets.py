"""Score sheets: saved as they are filled in, given whole, reopened with a reason; and stepping aside."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.operations.interests import abstain
from fundapp.proposals.queries.proposals import last_version
from fundapp.proposals.rules.calls import reason_faults
from fundapp.scoring.models import Assignment, Ended, Score, ScoreDraft, ScoreSheet, ScoringRound, SheetReopening
from fundapp.scoring.queries.assigning import SCORED_STAGES
from fundapp.scoring.queries.rounds import scales_of
from fundapp.scoring.queries.sheets import draft_of
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.sheets import LONGEST_REASON, PARTS, Filled, gaps, is_apart, kept

LONGEST_DRAFT = 2 * LONGEST_REASON  # characters that a draft keeps of a text: too long is said when it is given


@operation(Permission.SCORE)
def save_draft(work: Work, assignment: Assignment, sheet: Mapping[str, Filled], version: int) -> ScoreDraft:
    """Save what is filled in so far. version: of the draft that was seen, 0 for none; of another it is refused."""
    _may_score(work, assignment)
    codes = {one.code for one in _scales(work, assignment)}
    if unknown := sorted(set(sheet) - codes):
        raise refuse("sheet.unknown", criterion=unknown[0][:40])
    for code, one in sheet.items():
        for part in PARTS:
            if (found := len(getattr(one, part))) > LONGEST_DRAFT:
                values = {"found": found, "largest": LONGEST_REASON}
                raise Refusal(Fault("call.long", values, field=f"{code}.{part}"))
    draft = draft_of(work.session, assignment)
    if (draft.version if draft else 0) != version:
        raise refuse("sheet.saved-elsewhere")
    if draft is None:
        draft = ScoreDraft(assignment_id=assignment.id, content=kept(sheet), saved_at=work.at)
        work.session.add(draft)
    else:
        draft.content, draft.saved_at = kept(sheet), work.at
    return draft


@operation(Permission.SCORE)
def give_sheet(
    work: Work,
    assignment: Assignment,
    sheet: Mapping[str, Filled],
    suggested: Mapping[str, int | None],
    version: int,
) -> ScoreSheet:
    """Give a sheet, whole: from then on it is fixed, and counts. version: the number of the version of the proposal
    that was read; refused where a newer was handed in meanwhile."""
    work.session.refresh(assignment, with_for_update=True)
    _may_score(work, assignment)
    proposal = work.session.get_one(Proposal, assignment.proposal_id)
    newest = last_version(work.session, proposal)
    if newest is None or newest.number != version:
        raise refuse("sheet.newer-version", reference=proposal.reference)
    scales = _scales(work, assignment)
    if lacks := list(gaps(scales, sheet, suggested)):
        raise Refusal(*lacks)
    before = sa.select(sa.func.max(ScoreSheet.number)).where(
        ScoreSheet.round_id == assignment.round_id,
        ScoreSheet.proposal_id == assignment.proposal_id,
        ScoreSheet.person_id == assignment.person_id,
    )
    made = ScoreSheet(
        round_id=assignment.round_id, proposal_id=assignment.proposal_id, person_id=assignment.person_id,
        number=1 + (work.session.scalar(before) or 0), version_id=newest.id, at=work.at, by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    work.session.add_all(_score(made, scale, sheet[scale.code], suggested.get(scale.code)) for scale in scales)
    assignment.sheet_id = made.id
    return made


def _score(made: ScoreSheet, scale: Scale, one: Filled, suggested: int | None) -> Score:
    step = one.given(scale)
    apart = one.apart.strip() if is_apart(step, suggested) else ""
    return Score(
        sheet_id=made.id, criterion_id=scale.id, step=step, suggested=suggested, reason=one.reason.strip(), apart=apart
    )


@operation(Permission.SCORING_RUN)
def reopen_sheet(work: Work, assignment: Assignment, reason: str) -> None:
    """Open a sheet again that was given, with the reason: it stays on record and counts no more, until it is given
    anew."""
    if faults := reason_faults(reason.strip()):
        raise Refusal(*faults)
    work.session.refresh(assignment, with_for_update=True)
    if not work.session.get_one(ScoringRound, assignment.round_id).open:
        raise refuse("round.is-closed")
    if assignment.ended_at is not None:
        raise refuse("round.ended")
    if assignment.sheet_id is None:
        raise refuse("sheet.not-given")
    work.session.add(
        SheetReopening(sheet_id=assignment.sheet_id, reason=reason.strip(), at=work.at, by=str(work.actor))
    )
    assignment.sheet_id = None


@operation(Permission.SCORE)
def abstain_from(work: Work, assignment: Assignment, reason: str) -> None:
    """Step aside from a proposal because of an interest in it: from then on it is not there for whoever does."""
    if assignment.ended_at is not None:
        raise refuse("round.ended")
    if assignment.sheet_id is not None:
        raise refuse("sheet.abstain-late")
    abstain(work, work.session.get_one(Proposal, assignment.proposal_id), reason)
    assignment.end(work.at, str(work.actor), Ended.ABSTAINED, reason)


def _may_score(work: Work, assignment: Assignment) -> None:
    """An assignment that stands, in a round that is open, on a proposal that still counts, and no sheet yet."""
    proposal = work.session.get_one(Proposal, assignment.proposal_id)
    if assignment.ended_at is not None:
        raise refuse("round.ended")
    if not work.session.get_one(ScoringRound, assignment.round_id).open:
        raise refuse("round.is-closed")
    if proposal.stage not in SCORED_STAGES:
        raise refuse("round.not-scored", reference=proposal.reference)
    if assignment.sheet_id is not None:
        raise refuse("sheet.given")


def _scales(work: Work, assignment: Assignment) -> tuple[Scale, ...]:
    call_id = work.session.get_one(ScoringRound, assignment.round_id).call_id
    return scales_of(work.session, work.session.get_one(Call, call_id))
