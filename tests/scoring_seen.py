"""A scored call for the tests of what the secretariat looks at: its round, its reviewers, the sheets they gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from calls import fund, someone

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Permission, Role
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call, Proposal, ProposalVersion
from fundapp.proposals.operations.interests import open_to, recuse
from fundapp.proposals.queries import named_call
from fundapp.scoring.models import Assignment, Score, ScoreSheet, ScoringRound, SheetReopening
from fundapp.scoring.queries.rounds import scales_of

CALL = "2020-1"
HERE = f"/UPR/scoring/{CALL}"
CODES = ["treaty-body-overlap", "high-commissioner-letter", "national-systems", "sdg-alignment", "gender-perspective"]
Steps = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a round of the tests asks."""

    sheets: int = 2
    shows_others: bool = True
    threshold: Decimal | None = Decimal(50)


@operation(Permission.SCORING_RUN, name="tests.open_scoring")
def _open(work: Work, call: Call, asked: Asked) -> ScoringRound:
    made = ScoringRound(
        call_id=call.id, open=True, sheets=asked.sheets, due_at=work.at + timedelta(days=10), zone="UTC",
        shows_others=asked.shows_others, bars_nationality=True, threshold=asked.threshold, opened_at=work.at,
        opened_by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.SCORING_RUN, name="tests.close_scoring")
def _shut(work: Work, round: ScoringRound) -> None:
    round.open = False


@operation(Permission.SCORING_RUN, name="tests.give_sheet")
def _give(
    work: Work, proposal: Proposal, round: ScoringRound, person: Person, steps: Steps, reason: str
) -> ScoreSheet:  # fmt: skip
    """Assign the proposal to somebody unless it is, and have them give a sheet that counts from now on."""
    asked = sa.select(Assignment).where(
        Assignment.proposal_id == proposal.id, Assignment.person_id == person.id, Assignment.ended_at.is_(None)
    )
    assigned = work.session.scalars(asked).one_or_none() or Assignment(
        round_id=round.id, proposal_id=proposal.id, person_id=person.id, at=work.at, by="test", end_reason=""
    )
    work.session.add(assigned)
    before = sa.select(sa.func.max(ScoreSheet.number)).where(
        ScoreSheet.proposal_id == proposal.id, ScoreSheet.person_id == person.id
    )
    version = sa.select(ProposalVersion.id).where(ProposalVersion.proposal_id == proposal.id)
    sheet = ScoreSheet(
        round_id=round.id, proposal_id=proposal.id, person_id=person.id,
        number=(work.session.scalar(before) or 0) + 1,
        version_id=work.session.scalar(version.order_by(ProposalVersion.number.desc()).limit(1)), at=work.at,
        by=str(person),
    )  # fmt: skip
    work.session.add(sheet)
    work.session.flush()
    call = work.session.get_one(Call, proposal.call_id)
    for scale, step in zip(scales_of(work.session, call), steps, strict=True):
        work.session.add(
            Score(
                sheet_id=sheet.id, criterion_id=scale.id, step=step, suggested=2, reason=f"{reason} {scale.code}",
                apart="Because." if step == 0 else "",
            )
        )  # fmt: skip
    assigned.sheet_id = sheet.id
    return sheet


@operation(Permission.SCORING_RUN, name="tests.reopen_sheet")
def _reopen(work: Work, proposal: Proposal, person: Person) -> None:
    asked = sa.select(Assignment).where(
        Assignment.proposal_id == proposal.id, Assignment.person_id == person.id, Assignment.ended_at.is_(None)
    )
    assigned = work.session.scalars(asked).one()
    work.session.add(SheetReopening(sheet_id=assigned.sheet_id, reason="To look again", at=work.at, by=str(work.actor)))
    assigned.sheet_id = None


@operation(Permission.SCORING_RUN, name="tests.assign")
def _assign(work: Work, proposal: Proposal, round: ScoringRound, person: Person) -> None:
    work.session.add(
        Assignment(
            round_id=round.id, proposal_id=proposal.id, person_id=person.id, at=work.at, by="test", end_reason=""
        )
    )  # fmt: skip


def call() -> Call:
    """The call that is scored."""
    db.session().rollback()
    return named_call(db.session(), fund(), CALL)


def proposal(number: int) -> Proposal:
    """A proposal of it, by number."""
    db.session().rollback()
    asked = sa.select(Proposal).where(Proposal.reference == f"{CALL}-{number:03}", Proposal.fund_id == fund().id)
    return db.session().scalars(asked).one()


def round_now() -> ScoringRound:
    """Its round as the table has it."""
    db.session().rollback()
    return db.session().scalars(sa.select(ScoringRound)).one()


def open_scoring(**asked: Any) -> None:
    """Open the scoring of the call."""
    with unit_of_work(Console()) as work:
        _open(work, named_call(work.session, fund(), CALL), Asked(**asked))


def shut() -> None:
    """Close it."""
    with unit_of_work(Console()) as work:
        _shut(work, work.session.scalars(sa.select(ScoringRound)).one())


def reviewer(name: str) -> Person:
    """A reviewer; "demo" is the one of the demonstration, who can sign in with a click; made when first asked for."""
    db.session().rollback()
    if name == "demo":
        return someone(Role.REVIEWER)
    email = f"{name.lower()}@reviewers.example.org"
    known = db.session().scalars(sa.select(Person).where(Person.email == email)).one_or_none()
    if known is None:
        with unit_of_work(Console()) as work:
            known = add_person(work, None, email, "correct horse battery", name=f"Reviewer {name}")
            grant(work, known, Role.REVIEWER)
    return known


def assign(number: int, name: str) -> None:
    """Assign a proposal to a reviewer, who has not given a sheet."""
    person = reviewer(name)
    with unit_of_work(Console()) as work:
        open_to(work, proposal_in(work, number), person)
        _assign(work, proposal_in(work, number), round_in(work), person)


def give(number: int, name: str, steps: Steps, reason: str = "Reason of") -> None:
    """Have a reviewer give a sheet on a proposal, assigned to them if it was not."""
    person = reviewer(name)
    with unit_of_work(Console()) as work:
        open_to(work, proposal_in(work, number), person)
        _give(work, proposal_in(work, number), round_in(work), person, steps, f"{reason} {name}")


def reopen(number: int, name: str) -> None:
    """Reopen the sheet of a reviewer."""
    person = reviewer(name)
    with unit_of_work(Console()) as work:
        _reopen(work, proposal_in(work, number), person)


def keep_from(number: int, role: Role) -> None:
    """Keep the demonstration's person of a role from a proposal."""
    person = someone(role)
    with unit_of_work(Console()) as work:
        recuse(work, proposal_in(work, number), person, "Has an interest in it.")


def proposal_in(work: Work, number: int) -> Proposal:
    """A proposal by number, within a unit of work."""
    asked = sa.select(Proposal).where(Proposal.reference == f"{CALL}-{number:03}")
    return work.session.scalars(asked).one()


def round_in(work: Work) -> ScoringRound:
    """The round, within a unit of work."""
    return work.session.scalars(sa.select(ScoringRound)).one()


def scored(given: Mapping[int, Mapping[str, Steps]], **asked: Any) -> None:
    """Open the scoring and have these sheets given: number of the proposal -> reviewer -> steps."""
    open_scoring(**asked)
    for number, sheets in given.items():
        for name, steps in sheets.items():
            give(number, name, steps)
