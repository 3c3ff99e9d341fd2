"""The core of scoring: a round from opening to close, who may score what, sheets that are given and reopened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from calls import someone
from flask import Flask
from scoring import CODES, assigned, eligible, given, opened_round, reviewers, settings, sheet, the_call, the_round

from fundapp.access.models import Person
from fundapp.access.policy import Refused, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, Proposal, ProposalReader
from fundapp.proposals.queries.proposals import last_version, visible
from fundapp.scoring.models import Assignment, Ended, Score, ScoreDraft, ScoreSheet, ScoringRound
from fundapp.scoring.operations.assigning import recuse_reviewer, unassign
from fundapp.scoring.operations.rounds import close_scoring, except_proposal, open_scoring, reopen_scoring
from fundapp.scoring.operations.sheets import abstain_from, give_sheet, reopen_sheet, save_draft
from fundapp.scoring.rules.sheets import Filled

WHY = "A reason that is long enough."


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [one.code for one in refused.value.faults]


def by(person: Person) -> Person:
    return db.session.get_one(Person, person.id)


def seen_by(person: Person) -> set[int]:
    return set(db.session.scalars(sa.select(Proposal.id).where(visible(by(person), eligible()[0].fund_id))))


# -------------------------------------------------------------------------------------------------------------- rounds


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sheets": 0}, "round.sheets"),
        ({"sheets": 11}, "round.sheets"),
        ({"due_at": now() - timedelta(minutes=1)}, "round.past"),
        ({"threshold": -1}, "round.threshold"),
        ({"threshold": 101}, "round.threshold"),
    ],
)
def test_what_a_round_is_not_set_to(shown: Flask, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        opened_round(**changed)
    assert codes(refused) == [code]
    assert db.session.scalar(sa.select(ScoringRound.id)) is None


def test_a_call_that_has_not_closed_needs_a_reason_and_is_opened_once(shown: Flask) -> None:
    with pytest.raises(Refusal) as refused:
        opened_round(reason=" ")
    assert codes(refused) == ["call.no-reason"]
    opened_round()
    with pytest.raises(Refusal) as refused:
        opened_round()
    assert codes(refused) == ["round.known"]
    assert opened_round("2020-1", reason="").open


def test_only_a_secretary_opens(shown: Flask) -> None:
    for role in (Role.DESK_OFFICER, Role.REVIEWER, Role.APPROVING_OFFICER, Role.AUDITOR):
        with pytest.raises(Refused), unit_of_work(someone(role)) as work:
            open_scoring(work, work.session.get_one(Call, the_call("2020-1").id), settings())


def test_a_round_closes_when_every_sheet_is_in_or_excepted(shown: Flask) -> None:
    opened_round(sheets=1)
    first, *rest = eligible()
    given(assigned(first, reviewers(1)[0]))

    def close() -> None:
        with unit_of_work(someone(Role.SECRETARY)) as work:
            found = work.session.get_one(ScoringRound, the_round().id)
            close_scoring(work, found, found.version)

    if rest:
        with pytest.raises(Refusal) as refused:
            close()
        assert codes(refused) == ["round.lacks"] and refused.value.faults[0].values["count"] == len(rest)
    for one in rest:
        with unit_of_work(someone(Role.SECRETARY)) as work:
            found = work.session.get_one(ScoringRound, the_round().id)
            except_proposal(work, found, work.session.get_one(Proposal, one.id), "Nobody can be found for it.")
    close()
    assert not the_round().open
    with pytest.raises(Refusal) as refused:
        close()
    assert codes(refused) == ["round.is-closed"]
    with unit_of_work(someone(Role.SECRETARY)) as work:
        found = work.session.get_one(ScoringRound, the_round().id)
        reopen_scoring(work, found, found.version, "A sheet was wrong.")
    assert the_round().open


def test_two_secretaries_at_once_the_second_is_told(shown: Flask) -> None:
    opened_round()
    version = the_round().version
    with pytest.raises(Refusal) as refused, unit_of_work(someone(Role.SECRETARY)) as work:
        close_scoring(work, work.session.get_one(ScoringRound, the_round().id), version - 1)
    assert codes(refused) == ["round.changed"]


# ----------------------------------------------------------------------------------------------------------- assigning


def test_a_reviewer_sees_what_is_assigned_and_no_more(shown: Flask) -> None:
    opened_round()
    reviewer, proposal = reviewers(1)[0], eligible()[0]
    assert seen_by(reviewer) == set()
    made = assigned(proposal, reviewer)
    assert seen_by(reviewer) == {proposal.id}
    with unit_of_work(someone(Role.SECRETARY)) as work:
        unassign(work, work.session.get_one(Assignment, made.id), WHY)
    assert seen_by(reviewer) == set()
    assert db.session.get_one(Assignment, made.id).ended is Ended.TAKEN_BACK
    assert assigned(proposal, reviewer).id != made.id and seen_by(reviewer) == {proposal.id}


def test_who_is_not_assigned(shown: Flask) -> None:
    opened_round()
    reviewer, proposal = reviewers(1)[0], eligible()[0]
    with pytest.raises(Refusal) as refused:
        assigned(proposal, someone(Role.AUDITOR))
    assert codes(refused) == ["round.no-reviewer"]
    assigned(proposal, reviewer)
    with pytest.raises(Refusal) as refused:
        assigned(proposal, reviewer)
    assert codes(refused) == ["round.assigned"]
    draft = db.session.scalars(sa.select(Proposal).where(Proposal.stage == "draft")).first()
    assert draft
    with pytest.raises(Refused):  # of which the secretary does not know
        assigned(draft, reviewer)


def test_a_recusal_takes_the_proposal_away_whatever_the_roles(shown: Flask) -> None:
    opened_round()
    reviewer, desk, proposal = reviewers(1)[0], someone(Role.DESK_OFFICER), eligible()[0]
    made = given(assigned(proposal, reviewer))
    before = seen_by(desk)
    for person in (reviewer, desk):
        with unit_of_work(someone(Role.SECRETARY)) as work:
            one, who = work.session.get_one(Proposal, proposal.id), work.session.get_one(Person, person.id)
            recuse_reviewer(work, one, who, WHY)
    assert seen_by(reviewer) == set() and seen_by(desk) == before - {proposal.id}
    found = db.session.get_one(Assignment, made.id)
    assert found.ended is Ended.RECUSED and found.sheet_id == made.sheet_id
    with pytest.raises(Refusal) as refused:
        assigned(proposal, reviewer)
    assert codes(refused) == ["round.interest-kept"]
    assert set(db.session.scalars(sa.select(ProposalReader.ended_at.is_(None)))) == {False}


def test_stepping_aside_is_the_reviewers_own_act_and_comes_before_the_sheet(shown: Flask) -> None:
    opened_round()
    reviewer, other = reviewers(2)
    one, two = eligible()[:2]
    aside, late = assigned(one, reviewer), given(assigned(two, reviewer))
    with pytest.raises(Refused), unit_of_work(by(other)) as work:
        abstain_from(work, work.session.get_one(Assignment, aside.id), WHY)
    with pytest.raises(Refusal) as refused, unit_of_work(by(reviewer)) as work:
        abstain_from(work, work.session.get_one(Assignment, late.id), WHY)
    assert codes(refused) == ["sheet.abstain-late"]
    with unit_of_work(by(reviewer)) as work:
        abstain_from(work, work.session.get_one(Assignment, aside.id), WHY)
    assert seen_by(reviewer) == {two.id}
    with pytest.raises(Refused), unit_of_work(by(reviewer)) as work:
        save_draft(work, work.session.get_one(Assignment, aside.id), {}, 0)


# -------------------------------------------------------------------------------------------------------------- sheets


def version_of(proposal: Proposal) -> int:
    found = last_version(db.session(), proposal)
    assert found
    return found.number


def give(assignment: Assignment, filled: dict[str, Filled], suggested: dict[str, int | None] | None = None) -> None:
    key = assignment.id
    version = version_of(db.session.get_one(Proposal, assignment.proposal_id))
    with unit_of_work(db.session.get_one(Person, assignment.person_id)) as work:
        give_sheet(work, work.session.get_one(Assignment, key), filled, suggested or {}, version)


def test_a_draft_is_saved_over_what_was_seen_alone(shown: Flask) -> None:
    opened_round()
    made = assigned(eligible()[0], reviewers(1)[0])
    for version, reason in ((0, "one"), (1, "two")):
        with unit_of_work(by(reviewers(1)[0])) as work:
            one = work.session.get_one(Assignment, made.id)
            save_draft(work, one, {CODES[0]: Filled("3", reason)}, version)
    with pytest.raises(Refusal) as refused, unit_of_work(by(reviewers(1)[0])) as work:
        save_draft(work, work.session.get_one(Assignment, made.id), {}, 1)
    assert codes(refused) == ["sheet.saved-elsewhere"]
    assert db.session.scalars(sa.select(ScoreDraft)).one().content[CODES[0]]["reason"] == "two"
    with pytest.raises(Refusal) as refused, unit_of_work(by(reviewers(1)[0])) as work:
        save_draft(work, work.session.get_one(Assignment, made.id), {"nothing": Filled("3")}, 2)
    assert codes(refused) == ["sheet.unknown"]


@pytest.mark.parametrize(
    ("changed", "suggested", "said"),
    [
        ({CODES[2]: Filled()}, None, ["sheet.blank"]),
        ({CODES[2]: Filled("5", WHY)}, None, ["sheet.off-scale"]),
        ({CODES[2]: Filled("-1", WHY)}, None, ["sheet.off-scale"]),
        ({CODES[2]: Filled("3.5", WHY)}, None, ["sheet.off-scale"]),
        ({CODES[2]: Filled("na", WHY)}, None, ["sheet.may-not-skip"]),
        ({CODES[2]: Filled("3", "short")}, None, ["sheet.no-reason"]),
        ({CODES[2]: Filled("3", "x" * 2_001)}, None, ["call.long"]),
        ({}, {CODES[2]: 1}, ["sheet.no-apart"]),
        ({}, {CODES[2]: 2}, []),
        ({CODES[2]: Filled("3", WHY, "Because it is so.")}, {CODES[2]: 0}, []),
        ({CODES[1]: Filled("na", WHY)}, {CODES[1]: 4}, []),
    ],
)
def test_a_sheet_is_given_whole_or_not_at_all(
    shown: Flask, changed: dict[str, Filled], suggested: dict[str, int | None] | None, said: list[str]
) -> None:
    opened_round()
    made = assigned(eligible()[0], reviewers(1)[0])
    if said:
        with pytest.raises(Refusal) as refused:
            give(made, sheet(3) | changed, suggested)
        assert codes(refused) == said
        assert db.session.scalar(sa.select(ScoreSheet.id)) is None
    else:
        give(made, sheet(3) | changed, suggested)
        assert len(db.session.scalars(sa.select(Score)).all()) == 5


def test_a_sheet_is_given_once_and_reopened_by_the_secretary(shown: Flask) -> None:
    opened_round()
    made = given(assigned(eligible()[0], reviewers(1)[0]), 3)
    first = made.sheet_id
    with pytest.raises(Refusal) as refused:
        given(made, 4)
    assert codes(refused) == ["sheet.given"]
    with unit_of_work(someone(Role.SECRETARY)) as work:
        reopen_sheet(work, work.session.get_one(Assignment, made.id), "Two criteria were mixed up.")
    assert db.session.get_one(Assignment, made.id).sheet_id is None
    again = given(made, 2)
    assert again.sheet_id != first
    assert list(db.session.scalars(sa.select(ScoreSheet.number).order_by(ScoreSheet.id))) == [1, 2]
    assert len(db.session.scalars(sa.select(Score)).all()) == 10


def test_nothing_is_given_to_a_round_that_is_closed_or_on_a_version_that_is_not_the_last(shown: Flask) -> None:
    opened_round(sheets=1)
    made = assigned(eligible()[0], reviewers(1)[0])
    with pytest.raises(Refusal) as refused, unit_of_work(by(reviewers(1)[0])) as work:
        give_sheet(work, work.session.get_one(Assignment, made.id), sheet(3), {}, 0)
    assert codes(refused) == ["sheet.newer-version"]
    for one in eligible():
        with unit_of_work(someone(Role.SECRETARY)) as work:
            found = work.session.get_one(ScoringRound, the_round().id)
            except_proposal(work, found, work.session.get_one(Proposal, one.id), WHY)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        found = work.session.get_one(ScoringRound, the_round().id)
        close_scoring(work, found, found.version)
    with pytest.raises(Refusal) as refused:
        given(made)
    assert codes(refused) == ["round.is-closed"]
