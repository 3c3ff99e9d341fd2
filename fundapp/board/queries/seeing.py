"""Reading what the Board sees of the proposals before a session: what they ask for, and what their reviewers gave."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
    on: date
    moment: Any
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


def calls_of(session: Session, found: Iterable[Before]) -> dict[int, Call]:
    """The calls that proposals are to, by id; one query."""
    asked = sa.select(Call).where(Call.id.in_({one.call_id for one in found}))
    return {call.id: call for call in session.scalars(asked.order_by(Call.code))}


def handed(session: Session, fund_id: int, found: Sequence[Before], calls: Mapping[int, Call]) -> dict[int, Handed]:
    """What was handed in of each, by the id of the proposal; two queries."""
    version, rate = ProposalVersion, SupportCostRate
    rates = session.execute(sa.select(rate.since, rate.rate).where(rate.fund_id == fund_id).order_by(rate.since)).all()
    of = {one.version_id: one for one in found}
    rows = session.execute(
        sa.select(version.id, version.number, version.content, version.digest, version.at).where(version.id.in_(of))
    )
    known: dict[int, Handed] = {}
    for key, number, content, digest, at in rows:
        fixed, call, day = json.loads(content), calls[of[key].call_id], at.date()
        charged = next((one.rate for one in reversed(rates) if one.since <= day), Decimal(0))
        money = budget(fixed["sections"], charged, floor=call.floor_cents, ceiling=call.ceiling_cents)
        known[of[key].id] = Handed(
            number, digest, day, at, fixed["language"], fixed["courtesy"], fixed["sections"], charged, money
        )
    return known


def seen_now(
    session: Session, actor: Actor, fund_id: int, found: Sequence[Before], calls: Mapping[int, Call],
    texts: Mapping[int, Handed],
) -> dict[int, SeenProposal]:  # fmt: skip
    """What there is to see of each at this moment, by id; for the proposals of one call three queries."""
    scores, shares = scores_now(session, scope(actor, fund_id), found), shares_now(session, found)
    return {
        one.id: _seen(one, texts[one.id], calls[one.call_id].code, scores.get(one.id), shares.get(one.id))
        for one in found
    }


def _seen(one: Before, text: Handed, call: str, scores: Scores | None, share: Share | None) -> SeenProposal:
    totals = text.budget.totals
    by_class = {code.value: totals.by_class[code] for code in TYPED if totals.by_class.get(code)}
    return SeenProposal(
        one.reference, call, one.title, one.language, one.country, one.office, text.number, text.digest, text.on,
        totals.total, totals.support, by_class, scores, share,
    )  # fmt: skip


def scores_now(session: Session, seen: Scope, found: Iterable[Before]) -> dict[int, Scores]:
    """What reviewers gave these proposals, by id; none of a call whose scoring was not opened."""
    by_call: defaultdict[int, list[Before]] = defaultdict(list)
    for one in found:
        by_call[one.call_id].append(one)
    known: dict[int, Scores] = {}
    for of, scales in _rounds(session, by_call):
        candidates = [
            Candidate(one.id, one.stage if one.stage in NOT_RANKED else "") for one in by_call[of.call_id]
        ]  # fmt: skip
        sheets = counting(session, seen, of, scales)
        for row in ranked(candidates, sheets, Terms(scales, of.sheets, of.threshold)):
            if not is_left_out(row.flags):
                known[row.proposal] = scores_of(row, scales)
    return known


def _rounds(session: Session, calls: Iterable[int]) -> list[tuple[ScoringRound, tuple[Scale, ...]]]:
    asked = (
        sa.select(ScoringRound, CallCriterion, CallScale)
        .join(CallCriterion, CallCriterion.call_id == ScoringRound.call_id)
        .join(CallScale, CallScale.criterion_id == CallCriterion.id)
        .where(ScoringRound.call_id.in_(calls))
        .order_by(ScoringRound.id, CallCriterion.position)
    )
    found: dict[ScoringRound, list[Scale]] = {}
    for of, one, scale in session.execute(asked):
        found.setdefault(of, []).append(
            Scale(
                one.id, one.code, one.names, scale.question, one.weight, scale.lowest, scale.highest, scale.may_skip,
                scale.threshold, {},
            )
        )  # fmt: skip
    return [(of, tuple(scales)) for of, scales in found.items()]


def carried(session: Session, calls: Iterable[int]) -> dict[int, Scenario]:
    """The scenarios carried to the Board, by the id of their call; one query."""
    asked = (
        sa.select(ScoringRound.call_id, Scenario)
        .join(Scenario, Scenario.round_id == ScoringRound.id)
        .where(ScoringRound.call_id.in_(calls), Scenario.carried_at.is_not(None))
    )
    return dict(session.execute(asked).all())


def shares_now(session: Session, found: Iterable[Before]) -> dict[int, Share]:
    """What the scenarios carried to the Board give proposals, by id; one query."""
    known: dict[int, Share] = {}
    for scenario in carried(session, {one.call_id for one in found}).values():
        chosen = chosen_in(scenario)
        for one in asked_of(scenario)[0]:
            step = chosen.get(one.id, 0)
            known[one.id] = Share(scenario.name, step, one.at(step))
    return known
