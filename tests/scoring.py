"""Calls that are being scored, for tests: their rounds, reviewers, assignments and sheets, made by the operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from calls import fund, someone

from fundapp.access.models import Person, Scope
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Role
from fundapp.access.queries import person_by_email
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.queries import named_call
from fundapp.proposals.queries.proposals import last_version
from fundapp.scoring.models import Assignment, ScoringRound
from fundapp.scoring.operations.assigning import assign
from fundapp.scoring.operations.rounds import open_scoring
from fundapp.scoring.operations.sheets import give_sheet
from fundapp.scoring.queries.rounds import round_of
from fundapp.scoring.rules.rounds import GivenRound
from fundapp.scoring.rules.sheets import Filled

CODES = ("treaty-body-overlap", "high-commissioner-letter", "national-systems", "sdg-alignment", "gender-perspective")
WHY = "Because of what the proposal says."


def settings(**more: Any) -> GivenRound:
    """What a round is set to, with changes."""
    values: dict[str, Any] = {"sheets": 2, "due_at": now() + timedelta(days=14), "zone": "Europe/Zurich"}
    return GivenRound(**(values | more))


def the_call(code: str) -> Call:
    return named_call(db.session(), fund(), code)


def opened_round(code: str = "2026-1", reason: str = "The Board meets early.", **more: Any) -> ScoringRound:
    """The scoring of a call, opened by the secretary."""
    with unit_of_work(someone(Role.SECRETARY)) as work:
        call = work.session.get_one(Call, the_call(code).id)
        made = open_scoring(work, call, settings(**more), reason).id
    return db.session.get_one(ScoringRound, made)


def the_round(code: str = "2026-1") -> ScoringRound:
    found = round_of(db.session(), the_call(code))
    assert found
    return found


def reviewers(number: int) -> list[Person]:
    """So many reviewers of the fund: the demonstration's, and others."""
    found = [someone(Role.REVIEWER)]
    for place in range(1, number):
        email = f"reviewer.{place}@example.org"
        if (known := person_by_email(db.session(), email)) is None:
            with unit_of_work(Console()) as work:
                known = add_person(work, None, email, "correct horse battery", name=f"Reviewer {place}")
                grant(work, known, Role.REVIEWER, fund=work.session.get_one(Scope, fund().id))
        found.append(known)
    return found[:number]


def eligible(code: str = "2026-1") -> list[Proposal]:
    """The proposals of a call that are to be scored."""
    asked = sa.select(Proposal).where(Proposal.call_id == the_call(code).id, Proposal.stage == "eligible")
    return list(db.session.scalars(asked.order_by(Proposal.number)))


def assigned(proposal: Proposal, person: Person) -> Assignment:
    """Somebody scores a proposal, as the secretary wants it."""
    key, who, call_id = proposal.id, person.id, proposal.call_id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        round_ = work.session.scalars(sa.select(ScoringRound).where(ScoringRound.call_id == call_id)).one()
        one = work.session.get_one(Proposal, key)
        made = assign(work, round_, one, work.session.get_one(Person, who)).id
    return db.session.get_one(Assignment, made)


def sheet(steps: Mapping[str, int | None] | int | None = 3) -> dict[str, Filled]:
    """A sheet that lacks nothing: the same step everywhere, or a step by criterion."""
    given = steps if isinstance(steps, Mapping) else dict.fromkeys(CODES, steps)
    return {code: Filled("na" if step is None else str(step), WHY) for code, step in given.items()}


def given(assignment: Assignment, steps: Mapping[str, int | None] | int | None = 3) -> Assignment:
    """Whoever is assigned gives a sheet."""
    key, who = assignment.id, assignment.person_id
    with unit_of_work(db.session.get_one(Person, who)) as work:
        one = work.session.get_one(Assignment, key)
        version = last_version(work.session, work.session.get_one(Proposal, one.proposal_id))
        assert version
        give_sheet(work, one, sheet(steps), {}, version.number)
    return db.session.get_one(Assignment, key)
