"""Reading what the Board sees of the proposals before a session: what they ask for, and what their reviewers gave."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office
from fundapp.access.policy import Actor
from fundapp.board.models import BoardSession, Considered
from fundapp.board.queries.sessions import before_the_board
from fundapp.board.rules.seen import Scores, SeenProposal, Share, is_left_out, scores_of
from fundapp.funds.models import SupportCostRate
from fundapp.proposals.models import Call, CallCriterion, CallScale, Proposal, ProposalVersion
from fundapp.proposals.queries.proposals import Scope, scope, visible
from fundapp.proposals.rules.budget import TYPED
from fundapp.proposals.rules.content import Budget, budget
from fundapp.proposals.rules.fields import Whole
from fundapp.scoring.models import Scenario, ScoringRound
from fundapp.scoring.queries.ranking import counting
from fundapp.scoring.queries.scenarios import asked_of, chosen_in
from fundapp.scoring.rules.combining import NOT_RANKED, Candidate, Terms, ranked
from fundapp.scoring.rules.scales import Scale


@dataclass(frozen=True, slots=True)
class Before:
    """A proposal before a session; `open`: whether whoever asks may read it."""

    id: int
    version_id: int
    reference: str
    title: str
    language: str
    country: str
    stage: str
    office: str
    call_id: int
    open: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed in of a proposal before a session, and what its budget comes to at the rate of that day."""

    number: int
    digest: str
    at: datetime
    language: str
    courtesy: str
    whole: Whole
    rate: Decimal
    budget: Budget


def before_session(session: Session, actor: Actor, of: BoardSession, fund_id: int) -> list[Before]:
    """The proposals before a session that somebody may know of, by reference; one query."""
    asked = (
        sa.select(
            Proposal.id, Considered.version_id, Proposal.reference, Proposal.title, Proposal.language, Proposal.country,
            Proposal.stage, Office.name, Proposal.call_id,
            sa.case((visible(actor, fund_id), True), else_=False).label("open"),
        )
        .join(Considered, Considered.proposal_id == Proposal.id)
        .join(Office, Office.id == Proposal.office_id)
        .where(Considered.session_id == of.id, before_the_board(actor, fund_id))
        .order_by(Proposal.reference)
    )  # fmt: skip
    return [
        Before(key, version, reference, title, language, country or "", stage, office, call_id, bool(is_open))
        for key, version, reference, title, language, country, stage, office, call_id, is_open in session.execute(asked)
    ]


def handed(session: Session, fund_id: int, found: Sequence[Before]) -> tuple[dict[int, Handed], dict[int, Call]]:
    """What was handed in of each, by the id of the proposal, and the calls that they are to by id; one query."""
    version, rate, of = ProposalVersion, SupportCostRate, {one.version_id: one for one in found}
    charged = (
        sa.select(rate.rate)
        .where(rate.fund_id == fund_id, rate.since <= version.at)
        .order_by(rate.since.desc())
        .limit(1)
        .correlate(version)
        .scalar_subquery()
    )
    columns = (version.id, version.number, version.content, version.digest, version.at, charged, Call)
    asked = sa.select(*columns).select_from(version).join(Proposal, Proposal.id == version.proposal_id)
    rows = session.execute(asked.join(Call, Call.id == Proposal.call_id).where(version.id.in_(of)).order_by(Call.code))
    known: dict[int, Handed] = {}
    calls: dict[int, Call] = {}
    for key, number, content, digest, at, part, call in rows if found else ():
        calls[call.id] = call
        known[of[key].id] = _handed(json.loads(content), part or Decimal(0), call, (number, digest, at))
    return known, calls


def _handed(fixed: Mapping[str, Any], rate: Decimal, call: Call, named: tuple[int, str, datetime]) -> Handed:
    number, digest, at = named
    money = budget(fixed["sections"], rate, floor=call.floor_cents, ceiling=call.ceiling_cents)
    return Handed(number, digest, at, fixed["language"], fixed["courtesy"], fixed["sections"], rate, money)


def seen_now(
    session: Session, actor: Actor, fund_id: int, found: Sequence[Before], calls: Mapping[int, Call],
    texts: Mapping[int, Handed],
) -> tuple[dict[int, SeenProposal], dict[int, Scenario]]:  # fmt: skip
    """What there is to see of each at this moment, by id, and the scenarios carried to the Board by the id of their
    call; one query, and one more for each call."""
    rounds = rounds_of(session, calls)
    scores = scores_now(session, scope(actor, fund_id), found, rounds)
    scenarios = {of.call_id: scenario for of, (_, scenario) in rounds.items() if scenario is not None}
    shares = shares_in(scenarios.values())
    seen = {
        one.id: _seen(one, texts[one.id], calls[one.call_id].code, scores.get(one.id), shares.get(one.id))
        for one in found
    }
    return seen, scenarios


def _seen(one: Before, text: Handed, call: str, scores: Scores | None, share: Share | None) -> SeenProposal:
    totals = text.budget.totals
    by_class = {code.value: totals.by_class[code] for code in TYPED if totals.by_class.get(code)}
    return SeenProposal(
        one.reference, call, one.title, one.language, one.country, one.office, text.number, text.digest, text.at.date(),
        totals.total, totals.support, by_class, scores, share,
    )  # fmt: skip


Rounds = Mapping[ScoringRound, tuple[tuple[Scale, ...], Scenario | None]]


def scores_now(session: Session, seen: Scope, found: Iterable[Before], rounds: Rounds) -> dict[int, Scores]:
    """What reviewers gave these proposals, by id; none of a call whose scoring was not opened. A query for each."""
    by_call: defaultdict[int, list[Before]] = defaultdict(list)
    for one in found:
        by_call[one.call_id].append(one)
    known: dict[int, Scores] = {}
    for of, (scales, _) in rounds.items():
        candidates = [Candidate(one.id, one.stage if one.stage in NOT_RANKED else "") for one in by_call[of.call_id]]
        sheets = counting(session, seen, of, scales)
        for row in ranked(candidates, sheets, Terms(scales, of.sheets, of.threshold)):
            if not is_left_out(row.flags):
                known[row.proposal] = scores_of(row, scales)
    return known


def rounds_of(session: Session, calls: Iterable[int]) -> Rounds:
    """The scoring of calls, with its criteria and the scenario that was carried to the Board; one query."""
    asked = (
        sa.select(ScoringRound, CallCriterion, CallScale, Scenario)
        .select_from(ScoringRound)
        .join(CallCriterion, CallCriterion.call_id == ScoringRound.call_id)
        .join(CallScale, CallScale.criterion_id == CallCriterion.id)
        .outerjoin(Scenario, sa.and_(Scenario.round_id == ScoringRound.id, Scenario.carried_at.is_not(None)))
        .where(ScoringRound.call_id.in_(calls))
        .order_by(ScoringRound.id, CallCriterion.position)
    )
    scales: defaultdict[ScoringRound, list[Scale]] = defaultdict(list)
    scenarios: dict[ScoringRound, Scenario | None] = {}
    for of, one, scale, scenario in session.execute(asked):
        scales[of].append(_scale(one, scale))
        scenarios[of] = scenario
    return {of: (tuple(found), scenarios[of]) for of, found in scales.items()}


def _scale(one: CallCriterion, scale: CallScale) -> Scale:
    return Scale(
        one.id, one.code, one.names, scale.question, one.weight, scale.lowest, scale.highest, scale.may_skip,
        scale.threshold, {},
    )  # fmt: skip


def carried(session: Session, calls: Iterable[int]) -> dict[int, Scenario]:
    """The scenarios carried to the Board, by the id of their call; one query."""
    asked = (
        sa.select(ScoringRound.call_id, Scenario)
        .join(Scenario, Scenario.round_id == ScoringRound.id)
        .where(ScoringRound.call_id.in_(calls), Scenario.carried_at.is_not(None))
    )
    return dict(session.execute(asked).all())


def shares_in(scenarios: Iterable[Scenario]) -> dict[int, Share]:
    """What scenarios give proposals, by id."""
    known: dict[int, Share] = {}
    for scenario in scenarios:
        chosen = chosen_in(scenario)
        for one in asked_of(scenario)[0]:
            step = chosen.get(one.id, 0)
            known[one.id] = Share(scenario.name, step, one.at(step))
    return known
