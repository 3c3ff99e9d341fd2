"""The graph of a proposal's stages is walked: all is reached, ends are ends, what is undone leads back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.access.policy import Role
from fundapp.proposals.rules.stages import (
    BACK,
    COLUMNS,
    COURSE,
    MOVES,
    WRITABLE,
    Course,
    Move,
    Stage,
    allowed,
    destination,
    drawn,
    ends,
    missing,
    moves_from,
)

SCORING = COURSE.longer(
    Move("score", (Stage.ELIGIBLE,), "scored", "proposal:score", ("reviewer",), ("all-scores-in",), (), "unscore"),
    Move("unscore", ("scored",), Stage.ELIGIBLE, "proposal:score", ("secretary",), ("nothing-decided",)),
)
COURSES = [pytest.param(COURSE, id="proposals"), pytest.param(SCORING, id="with a stage more")]


def reached(course: Course) -> set[str]:
    found, new = {course.begins}, [course.begins]
    while new:
        for move in course.moves_from(new.pop()):
            for stage in course.destinations(move):
                if stage not in found:
                    found.add(stage)
                    new.append(stage)
    return found


def steps(course: Course) -> Iterator[tuple[Move, str, str]]:
    return ((move, origin, to) for move in course.moves for origin in move.origins for to in course.destinations(move))


@pytest.mark.parametrize("course", COURSES)
def test_every_stage_is_reached(course: Course) -> None:
    assert reached(course) == set(course.stages())


def test_the_stages_of_a_proposal_are_these() -> None:
    assert set(COURSE.stages()) == {stage.value for stage in Stage}
    assert "scored" in SCORING.stages() and "scored" not in COURSE.stages()


def test_ends_are_ends() -> None:
    assert set(ends()) == {Stage.INELIGIBLE, Stage.WITHDRAWN, Stage.DISCARDED}
    assert set(ends(SCORING)) == {Stage.INELIGIBLE, Stage.WITHDRAWN, Stage.DISCARDED, "scored"}


@pytest.mark.parametrize("course", COURSES)
def test_no_stage_is_a_trap(course: Course) -> None:
    """Nothing is ever deleted: from everywhere some way leads on or back."""
    assert all(course.moves_from(stage) for stage in course.stages())


@pytest.mark.parametrize("course", COURSES)
def test_what_is_undone_leads_back(course: Course) -> None:
    undone = [move for move in course.moves if move.undone_by]
    assert len(undone) >= 8
    for move in undone:
        back = course.move(str(move.undone_by))
        assert move.to in back.origins
        assert set(move.origins) <= set(course.destinations(back))
        for origin in move.origins:
            assert destination(back.name, origin, course) == (origin if back.to == BACK else back.to)


@pytest.mark.parametrize("course", COURSES)
def test_no_two_moves_are_alike(course: Course) -> None:
    assert max(Counter(move.name for move in course.moves).values()) == 1
    ways = Counter((origin, to) for move, origin, to in steps(course) if move.to != BACK)
    assert max(ways.values()) == 1, ways.most_common(2)
    assert all(origin != to for move, origin, to in steps(course) if move.to != BACK)


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_a_move_is_made_by_roles_that_there_are(move: Move) -> None:
    assert move.roles and set(move.roles) <= {role.value for role in Role}
    thing, _, verb = move.permission.partition(":")
    assert thing == "proposal" and verb
    assert len(set(move.needs)) == len(move.needs)
    assert all(name == name.lower() and " " not in name for name in (move.name, *move.needs, *move.tells))


def test_office_and_secretariat_do_not_make_each_others_moves() -> None:
    office, secretariat = {"field-officer", "head-of-office"}, {"desk-officer", "secretary"}
    for move in MOVES:
        assert set(move.roles) <= office or set(move.roles) <= secretariat


def test_nothing_is_submitted_without_the_consent_of_the_state() -> None:
    into = [move for move in MOVES if move.to in (Stage.SUBMITTED, Stage.ELIGIBLE) and move.name != "put-back"]
    assert len(into) == 3
    assert all("consent-given" in move.needs for move in into)


def test_whoever_wrote_alone_does_not_clear() -> None:
    """Writing ends only at a move of the head of office, and not of the one who wrote it."""
    for stage in WRITABLE:
        on = [move for move in moves_from(stage) if move.to in (Stage.CLEARED, Stage.SUBMITTED)]
        assert [move.roles for move in on] == [("head-of-office",)]
        assert all("not-the-writer" in move.needs for move in on)


@pytest.mark.parametrize(
    ("stage", "moves"),
    [
        (Stage.DRAFT, "clear discard"),
        (Stage.CLEARED, "reopen submit"),
        (Stage.SUBMITTED, "take-back withdraw start-screening"),
        (Stage.IN_SCREENING, "withdraw put-back return find-eligible find-ineligible"),
        (Stage.RETURNED, "submit-again withdraw lift-return"),
        (Stage.ELIGIBLE, "withdraw screen-again"),
        (Stage.INELIGIBLE, "screen-again"),
        (Stage.WITHDRAWN, "reinstate"),
        (Stage.DISCARDED, "bring-back"),
        ("none-such", ""),
    ],
)
def test_a_stage_has_these_moves(stage: str, moves: str) -> None:
    assert [move.name for move in moves_from(stage)] == moves.split()
    assert [move.name for move in MOVES if allowed(stage, move.name)] == moves.split()


def test_what_is_missing_is_named_in_order() -> None:
    needs = COURSE.move("submit").needs
    assert missing("submit", {}) == needs
    assert missing("submit", dict.fromkeys(needs, True)) == ()
    assert missing("submit", dict.fromkeys(needs, True) | {"complete": False}) == ("complete",)
    assert missing("bring-back", {}) == ()


@given(st.sampled_from(MOVES), st.data())
def test_only_what_is_true_is_not_missing(move: Move, data: st.DataObject) -> None:
    facts = data.draw(st.dictionaries(st.sampled_from(move.needs), st.booleans())) if move.needs else {}
    found = missing(move.name, facts)
    assert set(found) | {name for name, true in facts.items() if true} == set(move.needs)
    assert not {name for name in found if facts.get(name)}


def test_who_is_reinstated_comes_back_to_where_they_were() -> None:
    assert destination("reinstate", Stage.RETURNED) == Stage.RETURNED
    assert destination("submit", Stage.DRAFT) == Stage.SUBMITTED
    with pytest.raises(ValueError, match="does not lead back to draft"):
        destination("reinstate", Stage.DRAFT)


def test_a_course_that_contradicts_itself_is_none() -> None:
    with pytest.raises(ValueError, match="one name"):
        COURSE.longer(MOVES[0])
    with pytest.raises(ValueError, match="no move is called never"):
        COURSE.longer(Move("odd", (Stage.DRAFT,), "odd", "proposal:odd", ("secretary",), undone_by="never"))
    with pytest.raises(KeyError):
        missing("none-such", {})


def test_the_table_is_drawn() -> None:
    lines = drawn().splitlines()
    assert len(lines) == len(MOVES) + 2
    assert len({len(line) for line in lines}) == 1
    assert all(line.count("|") == len(COLUMNS) + 1 for line in lines)
    assert [cell.strip() for cell in lines[2].strip("|").split("|")] == [
        *("clear", "draft", "cleared", "head-of-office"),
        "complete, consent-given, budget-within-limits, not-the-writer",
        *("proposal-cleared", "reopen"),
    ]
    assert "DRAFT" in drawn(say=str.upper)
