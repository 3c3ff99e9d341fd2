"""The ranking as it is read: what counts, what is left out, and for whom a proposal is not there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from calls import fund, someone
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from scoring_moves import end, stand
from scoring_seen import CALL, call, give, keep_from, open_scoring, proposal, reopen, reviewer, round_now, scored
from visiting import statements

from fundapp.access.models import Grant
from fundapp.access.operation import operation
from fundapp.access.operations import Console, add_person, end_grant, grant
from fundapp.access.policy import Actor, Permission, Refused, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import scope
from fundapp.proposals.rules.stages import Stage
from fundapp.reference.rules import Group, Status
from fundapp.scoring.models import RoundException
from fundapp.scoring.queries.ranking import CHUNK, DIGITS, Ranking, Row, all_rounds, counting, ranking, steps_of
from fundapp.scoring.queries.rounds import scales_of
from fundapp.scoring.rules.scales import HIGHEST, LOWEST

FOURS, THREES, TWOS = (4,) * 5, (3,) * 5, (2,) * 5
SKIPPED = (None,) * 5


def seen(actor: Actor | None = None, language: str = "en") -> Ranking:
    """The ranking of the call as somebody sees it."""
    of, found = round_now(), call()
    return ranking(db.session(), actor or Console(), found, of, scales_of(db.session(), found), language, now())


def row(number: int, found: Ranking | None = None) -> Row:
    """A proposal's row."""
    return {one.proposed.reference: one for one in (found or seen()).rows}[f"{CALL}-{number:03}"]


def flags(number: int) -> list[str]:
    return [str(flag) for flag in row(number).ranked.flags]


@operation(Permission.SCORING_RUN, name="tests.except_proposal")
def _except(work: Work, found: Proposal, round: int) -> None:
    work.session.add(RoundException(round_id=round, proposal_id=found.id, reason="Nobody else.", at=work.at, by="test"))


def test_everything_around_a_ranking_takes_three_queries(shown: Flask) -> None:
    scored({1: {"A": FOURS, "B": THREES}, 2: {"A": TWOS, "B": (2, 2, 3, None, 2)}})
    of, found = round_now(), call()
    scales = scales_of(db.session(), found)
    assert of.id and found.id
    with statements() as asked:
        made = ranking(db.session(), Console(), found, of, scales, "fr", now())
    assert len(asked) == 3
    first = made.rows[0]
    assert (first.proposed.reference, first.proposed.country, first.proposed.state) == (f"{CALL}-001", "BHS", "Bahamas")
    assert (first.proposed.group, first.proposed.region) == (Group.LATIN_AMERICAN, "019")
    assert first.proposed.statuses == (Status.SIDS,) and first.proposed.cents > 0
    assert (first.ranked.total, first.ranked.rank, first.ranked.n) == (Decimal("87.50"), 1, 2)
    assert [one.name for one in made.reviewers.values()] == ["Reviewer A", "Reviewer B"]
    assert row(7, made).proposed.state == "République démocratique du Congo"
    # Bhutan was a least developed country on the day that counts for this call, and is none today
    assert row(4, made).proposed.statuses == (Status.LDC, Status.LLDC)


def test_scores_are_read_from_their_index_alone(shown: Flask) -> None:
    scored({1: {"A": FOURS}})
    if db.engine.name != "sqlite":  # few rows: PostgreSQL reads such a table whole
        return
    of, found = round_now(), call()
    scales, seen = scales_of(db.session(), found), scope(Console(), found.fund_id)
    assert of.id
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        counting(db.session(), seen, of, scales)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    statement, given = asked[-1]
    raw: Any = db.session().connection().connection.driver_connection
    plan = [row[3] for row in raw.execute(f"explain query plan {statement}", given)]
    assert any("score USING COVERING INDEX ix_score_sheet_id" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


@given(st.lists(st.one_of(st.none(), st.integers(LOWEST, HIGHEST)), max_size=40))
def test_a_number_holds_the_steps_of_sixteen_criteria(steps: list[int | None]) -> None:
    chunks = [steps[first : first + CHUNK] for first in range(0, len(steps), CHUNK)]
    digits = [[0 if step is None else step - LOWEST + 1 for step in chunk] for chunk in chunks]
    codes = [sum(digit * DIGITS**place for place, digit in enumerate(chunk)) for chunk in digits]
    assert steps_of(codes, len(steps)) == tuple(steps) and max(codes, default=0) < 2**63


def test_what_counts_and_what_does_not(shown: Flask) -> None:
    scored({1: {"A": FOURS, "B": TWOS}, 2: {"A": FOURS, "B": TWOS}, 3: {"A": FOURS}, 4: {"A": SKIPPED, "B": SKIPPED}})
    end(1, "B")  # ended: it stays on record and counts no more
    reopen(2, "B")  # reopened: it does not count until it is given again
    assert [row(number).ranked.total for number in (1, 2)] == [Decimal("100.00")] * 2
    give(2, "B", THREES)
    assert row(2).ranked.total == Decimal("87.50") and row(2).ranked.n == 2
    assert (row(1).ranked.rank, row(3).ranked.rank, row(2).ranked.rank) == (1, 1, 3)
    assert flags(1) == flags(3) == ["few-sheets:1/2", "one-reviewer"]
    assert (row(4).ranked.total, row(4).ranked.rank, flags(4)) == (None, None, ["not-applicable-only"])
    assert flags(5) == ["few-sheets:0/2"] and row(5).ranked.rank is None
    found, of = proposal(3), round_now().id
    with unit_of_work(Console()) as work:
        _except(work, found, of)
    assert flags(3) == ["few-sheets:1/2", "exception", "one-reviewer"]


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.IN_SCREENING, Stage.RETURNED, Stage.INELIGIBLE])
def test_what_stands_elsewhere_is_left_out_and_named(shown: Flask, stage: Stage) -> None:
    scored({1: {"A": FOURS, "B": FOURS}, 2: {"A": TWOS, "B": TWOS}})
    stand(1, stage)
    stand(6, stage)  # which nobody was to score
    found = seen()
    assert (row(2, found).ranked.rank, row(1, found).ranked.rank) == (1, None)
    assert found.rows[-1] == row(1, found) and flags(1) == [f"left-out:{stage}"]
    assert not row(1, found).ranked.sheets and f"{CALL}-006" not in {one.proposed.reference for one in found.rows}
    stand(1, "approved")  # a later package's stage: it was scored, and is ranked
    assert row(1).ranked.rank == 1


def test_a_closed_proposal_is_in_no_rank_and_in_no_figure(shown: Flask) -> None:
    scored({1: {"A": FOURS, "B": FOURS}, 2: {"A": TWOS, "C": TWOS}, 3: {"A": (1,) * 5, "C": (1,) * 5}})
    before = seen(someone(Role.SECRETARY))
    assert [row(number, before).ranked.rank for number in (1, 2, 3)] == [1, 2, 3]
    keep_from(1, Role.SECRETARY)
    after = seen(someone(Role.SECRETARY))
    assert [one.proposed.reference for one in after.rows if one.ranked.rank] == [f"{CALL}-002", f"{CALL}-003"]
    assert [one.ranked.rank for one in after.rows if one.ranked.rank] == [1, 2]  # no gap that tells of it
    assert {one.name for one in after.reviewers.values()} == {"Reviewer A", "Reviewer C"}
    assert len(after.rows) == len(before.rows) - 1
    assert row(1).ranked.rank == 1  # to others it is there


def test_who_may_see_no_proposals_sees_no_ranking(shown: Flask) -> None:
    open_scoring()
    with pytest.raises(Refused):
        seen(someone(Role.FINANCE_OFFICER))


def test_sheets_of_who_lost_the_role_count_and_are_marked(shown: Flask) -> None:
    scored({1: {"A": FOURS, "B": TWOS}})
    person = reviewer("B")
    held = db.session().scalars(sa.select(Grant.id).where(Grant.person_id == person.id)).one()
    with unit_of_work(Console()) as work:
        end_grant(work, person, held)
    assert row(1).ranked.total == Decimal("75.00") and "lost-role" in flags(1)
    assert [one.holds for one in seen().reviewers.values()] == [True, False]


def test_two_of_the_same_name_are_told_apart(shown: Flask) -> None:
    with unit_of_work(Console()) as work:
        made = add_person(work, None, "b@reviewers.example.org", "correct horse battery", name="Reviewer A")
        grant(work, made, Role.REVIEWER)
    scored({1: {"A": FOURS, "B": TWOS}})
    names = [one.name for one in seen().reviewers.values()]
    assert names == ["Reviewer A (a@reviewers.example.org)", "Reviewer A (b@reviewers.example.org)"]


def test_the_calls_that_are_scored(shown: Flask) -> None:
    assert all_rounds(db.session()) == []
    open_scoring()
    assert [found.code for found, _ in all_rounds(db.session(), fund().id)] == [CALL]
    assert all_rounds(db.session(), fund("AHA").id) == []
