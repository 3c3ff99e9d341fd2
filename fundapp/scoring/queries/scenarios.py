"""Reading scenarios, and the proposals that they choose among."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import closed_to
from fundapp.reference.models import Country
from fundapp.scoring.models import Scenario, ScoringRound
from fundapp.scoring.rules.scenarios import Candidate, candidates_from, limits_from


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of a proposal beside its figures."""

    title: str
    language: str
    country: str


def scenarios_of(session: Session, actor: Actor, round_: ScoringRound) -> list[Scenario]:
    """The scenarios of a round, newest first; none that a proposal stands in that an interest keeps somebody from: its
    sums would tell of it. One query."""
    asked = sa.select(Scenario).where(Scenario.round_id == round_.id).order_by(Scenario.id.desc())
    closed = closed_to(actor)
    return [one for one in session.scalars(asked) if closed.isdisjoint(row[0] for row in one.asked["candidates"])]


def scenario_of(session: Session, actor: Actor, round_: ScoringRound, key: int) -> Scenario | None:
    """A scenario of a round; none for one that somebody may not see, as for one that is not there."""
    return next((one for one in scenarios_of(session, actor, round_) if one.id == key), None)


def asked_of(scenario: Scenario) -> tuple[list[Candidate], Any]:
    """The candidates and the limits of a scenario, as they were."""
    return candidates_from(scenario.asked["candidates"]), limits_from(scenario.asked["limits"])


def chosen_in(scenario: Scenario) -> dict[int, int]:
    """Id of a proposal that a scenario funds -> at which step."""
    return {int(key): step for key, step in scenario.found["chosen"].items()}


def about(session: Session, ids: Sequence[int], language: str) -> Mapping[int, About]:
    """Titles and States of proposals by id; one query."""
    name = Country.__table__.c[f"name_{language}"]
    asked = sa.select(Proposal.id, Proposal.title, Proposal.language, name.label("country"))
    rows = session.execute(asked.outerjoin(Country, Country.code == Proposal.country).where(Proposal.id.in_(ids)))
    return {row.id: About(row.title, row.language, row.country or "") for row in rows}
