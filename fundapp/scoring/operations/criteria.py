"""Revising a fund's criteria: a new edition, for the calls that open from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.funds.models import CriteriaEdition, Criterion, CriterionAnchor, Fund
from fundapp.funds.queries import criteria, hold
from fundapp.kernel.errors import Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.proposals.rules.calls import reason_faults
from fundapp.scoring.queries.rounds import scales_now
from fundapp.scoring.rules.scales import Scale, faults_of


@operation(Permission.CRITERIA_REVISE)
def revise_criteria(work: Work, fund: Fund, changed: Sequence[Scale], edition: int, reason: str) -> int:
    """Make a new edition of the fund's criteria; calls that were opened keep theirs. Says its number.

    changed: all of them, in their order. edition: the one that the change was made from.
    """
    hold(work.session, [fund])
    now = criteria(work.session, fund)
    newest = max((one.edition for one in now), default=0)
    if newest != edition:
        raise refuse("criteria.meanwhile", number=newest)
    faults = [*faults_of(changed, LANGUAGES), *reason_faults(reason.strip())]
    if faults:
        raise Refusal(*faults)
    if list(changed) == list(scales_now(work.session, fund)):
        raise refuse("criteria.same", number=newest)
    known = {one.code: one for one in now}
    for position, scale in enumerate(changed, start=1):
        _write(work, fund, scale, position, newest + 1, known.get(scale.code))
    work.session.add(
        CriteriaEdition(
            fund_id=fund.id, number=newest + 1, reason=reason.strip(), at=work.at, by=str(work.actor)
        )
    )  # fmt: skip
    return newest + 1


def _write(work: Work, fund: Fund, scale: Scale, position: int, edition: int, before: Criterion | None) -> None:
    same = before is not None and before.names == dict(scale.names)
    row = Criterion(
        fund_id=fund.id, edition=edition, position=position, code=scale.code, weight=scale.weight,
        lowest=scale.lowest, highest=scale.highest, may_skip=scale.may_skip, threshold=scale.threshold,
        to_check=before.to_check if same and before else "",
        **_six("name", scale.names), **_six("question", scale.question),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    work.session.add_all(
        CriterionAnchor(criterion_id=row.id, step=step, **_six("name", scale.anchors[step])) for step in scale.steps
    )


def _six(part: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{part}_{language}": texts.get(language, "") for language in LANGUAGES}
