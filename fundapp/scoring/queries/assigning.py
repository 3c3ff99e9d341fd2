"""Who can score what: reviewers with what keeps them from a proposal, and the proposals that are to be scored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Person
from fundapp.access.policy import Actor, Role
from fundapp.proposals.models import Call, Proposal, ProposalMove, ProposalWriter
from fundapp.proposals.queries.proposals import visible
from fundapp.proposals.rules.stages import Stage
from fundapp.scoring.models import Assignment, ReviewerProfile, ScoringRound
from fundapp.scoring.rules.assigning import Want, needed_for
from fundapp.scoring.rules.rounds import Reviewer, ToScore

SCORED_STAGES: list[str] = [Stage.ELIGIBLE]  # in which a proposal counts; packages above this one add theirs


def holds_role(fund_id: int) -> sa.ColumnElement[bool]:
    """Whether a person holds the role of reviewer in a fund now, as a filter."""
    return sa.exists().where(
        Grant.person_id == Person.id,
        Grant.role == Role.REVIEWER,
        Grant.ended_at.is_(None),
        sa.or_(Grant.fund_id.is_(None), Grant.fund_id == fund_id),
    )


def reviewers_of(session: Session, fund_id: int) -> list[Reviewer]:
    """Everybody who can be asked to score in a fund, by name; five queries."""
    profile = ReviewerProfile.__table__
    asked = sa.select(
        Person.id, Person.name, Person.closed, profile.c.languages, profile.c.most, profile.c.nationality
    ).outerjoin(profile, profile.c.person_id == Person.id)
    rows = session.execute(asked.where(Person.active, holds_role(fund_id)).order_by(Person.name, Person.id)).all()
    ids = [row.id for row in rows]
    offices, worked = _offices(session, ids), _worked_on(session, ids)
    found = []
    for key, name, closed, languages, most, nationality in rows:
        kept = {int(one.partition(":")[2]) for one in closed.split() if one.startswith("proposal:")}
        found.append(
            Reviewer(
                key,
                name,
                frozenset(languages.split() if languages else ()),
                most,
                nationality,
                frozenset(offices[key]),
                frozenset(worked[key]),
                frozenset(kept),
            )
        )
    return found


def _offices(session: Session, ids: Collection[int]) -> defaultdict[int, set[int]]:
    asked = sa.select(Grant.person_id, Grant.office_id).where(
        Grant.person_id.in_(ids), Grant.office_id.is_not(None), Grant.ended_at.is_(None)
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person, office in session.execute(asked):
        found[person].add(office or 0)
    return found


def _worked_on(session: Session, ids: Collection[int]) -> defaultdict[int, set[int]]:
    """What each wrote in, cleared or handed in; what they did of it for the secretariat is no work on it."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    writer = sa.select(ProposalWriter.person_id, ProposalWriter.proposal_id).where(ProposalWriter.person_id.in_(ids))
    for person, proposal in session.execute(writer):
        found[person].add(proposal)
    known = {f"person:{one}": one for one in ids}
    moved = sa.select(ProposalMove.by, ProposalMove.proposal_id).where(
        ProposalMove.by.in_(known), ProposalMove.move.in_(("clear", "submit", "submit-again"))
    )
    for by, proposal in session.execute(moved):
        found[known[by]].add(proposal)
    return found


def to_score(session: Session, actor: Actor, call: Call, round_: ScoringRound) -> list[ToScore]:
    """The proposals of a call that are to be scored, in the order of their numbers; two queries."""
    asked = sa.select(
        Proposal.id, Proposal.reference, Proposal.language, Proposal.country, Proposal.office_id, Proposal.courtesy
    ).where(Proposal.call_id == call.id, Proposal.stage.in_(SCORED_STAGES), visible(actor, call.fund_id))
    rows = session.execute(asked.order_by(Proposal.number)).all()
    by: defaultdict[int, set[int]] = defaultdict(set)
    for proposal, person, _ in _standing_in(session, round_):
        by[proposal].add(person)
    return [
        ToScore(key, reference, language, country, office, frozenset(by[key]), courtesy)
        for key, reference, language, country, office, courtesy in rows
    ]


def _standing_in(session: Session, round_: ScoringRound) -> Sequence[tuple[int, int, int | None]]:
    """Who scores what, by ids, and the sheet that counts."""
    asked = sa.select(Assignment.proposal_id, Assignment.person_id, Assignment.sheet_id).where(
        Assignment.round_id == round_.id, Assignment.ended_at.is_(None)
    )
    return [(proposal, person, sheet) for proposal, person, sheet in session.execute(asked)]


def wanted(session: Session, actor: Actor, round_: ScoringRound) -> Want:
    """What is to be planned for a round, as it is for whoever plans; eight queries. Of those who score a proposal now
    each that is a reviewer still, or has given a sheet, counts for it. A load is of proposals that the one who plans
    may see."""
    proposals = to_score(session, actor, round_.call, round_)
    people = reviewers_of(session, round_.fund_id)
    known, able = {one.id for one in proposals}, {one.id for one in people}
    counting, load = Counter[int](), Counter[int]()
    for proposal, person, sheet in _standing_in(session, round_):
        if proposal in known:
            load[person] += 1
            counting[proposal] += person in able or sheet is not None
    needed = needed_for(round_.sheets, counting, proposals)
    return Want(tuple(proposals), tuple(people), needed, load, round_.bars_nationality)


def standing(session: Session, proposal: Proposal, person: int) -> Assignment | None:
    """The assignment of somebody to a proposal that has not ended."""
    asked = sa.select(Assignment).where(
        Assignment.proposal_id == proposal.id, Assignment.person_id == person, Assignment.ended_at.is_(None)
    )
    return session.scalars(asked).one_or_none()
