"""What whoever runs the scoring of a call looks at: calls and their rounds, who scores what, who is kept from what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Person
from fundapp.access.policy import OF_AN_OFFICE, Actor
from fundapp.funds.models import Fund
from fundapp.proposals.models import Call, Kept, Proposal, Recusal
from fundapp.proposals.queries.calls import CLOSING
from fundapp.proposals.queries.proposals import closed_to, visible
from fundapp.proposals.rules.stages import OF_THE_OFFICE
from fundapp.reference.models import Country
from fundapp.scoring.models import Assignment, Ended, RoundException, RoundMove, ScoreSheet, ScoringRound
from fundapp.scoring.queries.assigning import SCORED_STAGES, holds_role

CALL = Call.__table__
COUNTRY = Country.__table__


@dataclass(frozen=True, slots=True)
class CallScored:
    """A call that is scored, or could be: its round, how many proposals are to be scored, how many sheets they have of
    those they need."""

    call: Call
    round: ScoringRound | None
    closes: datetime | None
    proposals: int
    given: int
    assigned: int

    @property
    def needed(self) -> int:
        """How many sheets all of its proposals need together."""
        return self.proposals * self.round.sheets if self.round else 0


@dataclass(frozen=True, slots=True)
class Scorer:
    """Somebody who scores a proposal, or did: when the sheet that counts was given, how it ended, and whether they
    hold the role no more."""

    proposal: int
    person: int
    name: str
    given_at: datetime | None
    ended: Ended | None
    end_reason: str
    has_role: bool
    number: int | None


@dataclass(frozen=True, slots=True)
class Overseen:
    """A proposal of a round: who scores it, and the exception that it has, as the reason for it."""

    id: int
    reference: str
    title: str
    language: str
    state: str
    scorers: tuple[Scorer, ...]
    ended: tuple[Scorer, ...]
    excepted: str | None

    @property
    def given(self) -> int:
        """Sheets that count."""
        return sum(one.given_at is not None for one in self.scorers)


@dataclass(frozen=True, slots=True)
class KeptFrom:
    """Somebody who is kept from a proposal, and why."""

    key: int
    reference: str
    person: int
    name: str
    kind: Kept
    reason: str
    at: datetime
    by: str
    lifted_at: datetime | None
    lift_reason: str


def calls_scored(session: Session, actor: Actor, fund: Fund) -> list[CallScored]:
    """The calls of a fund that were opened, the newest first; two queries."""
    seen = visible(actor, fund.id)
    counts = (
        sa.select(
            Proposal.call_id,
            sa.func.count(sa.distinct(Proposal.id)).label("proposals"),
            sa.func.count(Assignment.sheet_id).label("given"),
            sa.func.count(Assignment.id).label("assigned"),
        )
        .outerjoin(Assignment, sa.and_(Assignment.proposal_id == Proposal.id, Assignment.ended_at.is_(None)))
        .where(Proposal.stage.in_(SCORED_STAGES), seen)
        .group_by(Proposal.call_id)
        .subquery()
    )
    asked = (
        sa.select(Call, ScoringRound, CLOSING, counts.c.proposals, counts.c.given, counts.c.assigned)
        .outerjoin(ScoringRound, ScoringRound.call_id == Call.id)
        .outerjoin(counts, counts.c.call_id == Call.id)
        .where(Call.fund_id == fund.id, Call.opened_at.is_not(None), Call.cancelled_at.is_(None))
        .order_by(Call.opens_at.desc(), Call.id.desc())
    )
    return [
        CallScored(call, round_, closes, many or 0, given or 0, assigned or 0)
        for call, round_, closes, many, given, assigned in session.execute(asked)
    ]


def overseen(session: Session, actor: Actor, call: Call, round_: ScoringRound, language: str) -> list[Overseen]:
    """The proposals that are scored, in the order of their numbers; three queries."""
    state = COUNTRY.c[f"name_{language}"]
    asked = (
        sa.select(Proposal.id, Proposal.reference, Proposal.title, Proposal.language, state.label("state"))
        .outerjoin(COUNTRY, COUNTRY.c.code == Proposal.country)
        .where(Proposal.call_id == call.id, Proposal.stage.in_(SCORED_STAGES), visible(actor, call.fund_id))
    )
    rows = session.execute(asked.order_by(Proposal.number)).all()
    scorers: defaultdict[int, list[Scorer]] = defaultdict(list)
    for one in _scorers(session, round_, call.fund_id, [row.id for row in rows]):
        scorers[one.proposal].append(one)
    excepted = _exceptions(session, round_)
    return [
        Overseen(
            row.id, row.reference, row.title, row.language, row.state or "",
            tuple(one for one in scorers[row.id] if one.ended is None),
            tuple(one for one in scorers[row.id] if one.ended is not None),
            excepted.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def _scorers(session: Session, round_: ScoringRound, fund_id: int, proposals: Sequence[int]) -> list[Scorer]:
    asked = (
        sa.select(
            Assignment.proposal_id, Person.id, Person.name, ScoreSheet.at, Assignment.ended, Assignment.end_reason,
            sa.and_(Person.active, holds_role(fund_id)), ScoreSheet.number,
        )
        .join(Person, Person.id == Assignment.person_id)
        .outerjoin(ScoreSheet, ScoreSheet.id == Assignment.sheet_id)
        .where(Assignment.round_id == round_.id, Assignment.proposal_id.in_(proposals))
        .order_by(Person.name, Assignment.id)
    )  # fmt: skip
    return [
        Scorer(proposal, person, name, at, ended, reason, bool(holds), number)
        for proposal, person, name, at, ended, reason, holds, number in session.execute(asked)
    ]


def _exceptions(session: Session, round_: ScoringRound) -> Mapping[int, str]:
    asked = sa.select(RoundException.proposal_id, RoundException.reason).where(RoundException.round_id == round_.id)
    return {row.proposal_id: row.reason for row in session.execute(asked.order_by(RoundException.id))}


def left_out(session: Session, actor: Actor, call: Call) -> list[tuple[str, str]]:
    """Reference and stage of what was handed in to a call and is not scored: withdrawn, not eligible or not screened
    to the end; one query."""
    asked = sa.select(Proposal.reference, Proposal.stage).where(
        Proposal.call_id == call.id,
        Proposal.stage.not_in((*SCORED_STAGES, *sorted(OF_THE_OFFICE))),
        visible(actor, call.fund_id),
    )
    return [(row.reference, row.stage) for row in session.execute(asked.order_by(Proposal.number))]


def moves_of(session: Session, round_: ScoringRound) -> Sequence[RoundMove]:
    """What happened to a round, newest first; one query."""
    asked = sa.select(RoundMove).where(RoundMove.round_id == round_.id).order_by(RoundMove.id.desc())
    return session.scalars(asked).all()


def kept_from(session: Session, actor: Actor, call: Call) -> list[KeptFrom]:
    """Who is, or was, kept from proposals of a call, newest first; one query."""
    asked = (
        sa.select(
            Recusal.id, Proposal.reference, Person.id, Person.name, Recusal.kind, Recusal.reason, Recusal.at,
            Recusal.by, Recusal.lifted_at, Recusal.lift_reason,
        )
        .join(Proposal, Proposal.id == Recusal.proposal_id)
        .join(Person, Person.id == Recusal.person_id)
        .where(Proposal.call_id == call.id, visible(actor, call.fund_id))
        .order_by(Recusal.id.desc())
    )  # fmt: skip
    return [
        KeptFrom(key, reference, person, name, kind, reason, at, by, lifted_at, lift_reason)
        for key, reference, person, name, kind, reason, at, by, lifted_at, lift_reason in session.execute(asked)
    ]


def recusal_of(session: Session, actor: Actor, call: Call, key: int) -> tuple[Recusal, Proposal] | None:
    """What keeps somebody from a proposal of a call, and the proposal; none for one that somebody may not see."""
    asked = sa.select(Recusal, Proposal).join(Proposal, Proposal.id == Recusal.proposal_id)
    found = session.execute(
        asked.where(Recusal.id == key, Proposal.call_id == call.id, visible(actor, call.fund_id))
    ).one_or_none()
    return (found[0], found[1]) if found else None


def scored_proposals(session: Session, actor: Actor, call: Call) -> Sequence[Proposal]:
    """The proposals of a call that are scored, in the order of their numbers; one query."""
    asked = sa.select(Proposal).where(
        Proposal.call_id == call.id, Proposal.stage.in_(SCORED_STAGES), visible(actor, call.fund_id)
    )
    return session.scalars(asked.order_by(Proposal.number)).all()


def is_kept(session: Session, actor: Actor, call: Call) -> bool:
    """Whether an interest keeps somebody from a proposal of a call that is scored: they cannot tell whether all of its
    sheets are in."""
    keys = sorted(closed_to(actor))
    asked = sa.select(Proposal.id).where(
        Proposal.call_id == call.id, Proposal.stage.in_(SCORED_STAGES), Proposal.id.in_(keys)
    )
    return bool(keys) and session.scalars(asked.limit(1)).one_or_none() is not None


def reviewers_there_are(session: Session, fund_id: int) -> int:
    """How many can be asked to score in a fund; one query."""
    asked = sa.select(sa.func.count()).select_from(Person).where(Person.active, holds_role(fund_id))
    return session.scalar(asked) or 0


def who_may_be_kept(session: Session, fund: Fund) -> list[tuple[int, str]]:
    """Id and name of those who hold a role in a fund beyond the offices: whoever may be kept from a proposal."""
    holds = sa.exists().where(
        Grant.person_id == Person.id,
        Grant.ended_at.is_(None),
        Grant.role.not_in(sorted(OF_AN_OFFICE)),
        sa.or_(Grant.fund_id.is_(None), Grant.fund_id == fund.id),
    )
    asked = sa.select(Person.id, Person.name).where(Person.active, holds).order_by(Person.name, Person.id)
    return [(row.id, row.name) for row in session.execute(asked)]
