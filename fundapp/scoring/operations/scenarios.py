"""Keeping scenarios: which proposals could be funded, and which of them goes to the Board."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.scoring.models import Scenario, ScoringRound
from fundapp.scoring.queries.scenarios import scenarios_of
from fundapp.scoring.rules.scenarios import LONGEST_NAME, numbered


@operation(Permission.SCENARIO_MAKE)
def save_scenario(
    work: Work, round_: ScoringRound, name: str, envelope: int, asked: Mapping[str, Any], found: Mapping[str, Any]
) -> Scenario:
    """Keep a scenario under a name: what was asked, and what came out of it."""
    title = " ".join(name.split())
    if not title:
        raise Refusal(Fault("scenario.no-name", field="name"))
    if len(title) > LONGEST_NAME:
        raise Refusal(Fault("call.long", {"found": len(title), "largest": LONGEST_NAME}, field="name"))
    if title in {one.name for one in scenarios_of(work.session, work.actor, round_)}:
        raise Refusal(Fault("scenario.known", {"name": title}, field="name"))
    _make_way(work, round_, title)
    made = Scenario(
        round_id=round_.id, name=title, envelope_cents=envelope, asked=dict(asked), found=dict(found), at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


def _make_way(work: Work, round_: ScoringRound, title: str) -> None:
    """Number a scenario of this name that whoever keeps theirs may not see: were the name refused, or theirs numbered,
    it would tell them that there is one."""
    names = set(work.session.scalars(sa.select(Scenario.name).where(Scenario.round_id == round_.id)))
    if title not in names:
        return
    hidden = sa.select(Scenario).where(Scenario.round_id == round_.id, Scenario.name == title)
    work.session.scalars(hidden).one().name = next(name for name in numbered(title) if name not in names)
    work.session.flush()


@operation(Permission.SCENARIO_MAKE)
def carry_scenario(work: Work, scenario: Scenario) -> None:
    """Carry a scenario to the Board's session, in the place of the one that was."""
    if scenario.removed_at is not None:
        raise refuse("scenario.removed", name=scenario.name)
    if scenario.carried_at is not None:
        raise refuse("scenario.carried", name=scenario.name)
    asked = sa.select(Scenario).where(Scenario.round_id == scenario.round_id, Scenario.carried_at.is_not(None))
    for other in work.session.scalars(asked):
        other.carried_at = other.carried_by = None
    scenario.carried_at, scenario.carried_by = work.at, str(work.actor)


@operation(Permission.SCENARIO_MAKE)
def put_aside(work: Work, scenario: Scenario) -> None:
    """Put a scenario aside, that is not the Board's."""
    if scenario.carried_at is not None:
        raise refuse("scenario.is-the-boards", name=scenario.name)
    scenario.removed_at = work.at


@operation(Permission.SCENARIO_MAKE)
def take_up(work: Work, scenario: Scenario) -> None:
    """Take a scenario up again that was put aside."""
    scenario.removed_at = None
