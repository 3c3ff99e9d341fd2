"""Decisions: prepared by one, taken by another, held against advice, budget and envelope; fixed, and superseded only by
another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from boards import item_of, planned
from calls import fund, second_secretary, someone
from crowd import meeting, together
from deciding import (
    APPROVE,
    DECLINE,
    DEFER,
    advised,
    before,
    condition,
    conditions,
    decisions,
    in_days,
    prepared,
    proposal,
    refused,
    set_envelope,
    set_fund,
    set_stage,
    take,
    taken,
    with_conditions,
)
from flask import Flask
from scoring_seen import keep_from, open_scoring

from fundapp.access.models import Person
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Refused, Role
from fundapp.board.models import (
    AgendaItem,
    BoardSession,
    Considered,
    DecisionDraft,
    DecisionOutcome,
    SessionStage,
)
from fundapp.board.operations.deciding import decide, prepare_decision
from fundapp.board.operations.sessions import consider
from fundapp.board.queries.deciding import allotment_waits_for, budgeted, draft_of, envelope_for, standing_decision
from fundapp.board.rules.deciding import Advised, Condition, GivenDecision, Known, against, decision_faults, shares
from fundapp.board.rules.following import Standing, reminder, standing
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice, ProposalMove
from fundapp.scoring.models import ScoringRound
from fundapp.scoring.operations.scenarios import carry_scenario, save_scenario


def raised(key: int, said: GivenDecision) -> tuple[Fault, ...]:
    with pytest.raises(Refusal) as found:
        prepared(key, said)
    return found.value.faults


def asked(key: int) -> int:
    return budgeted(db.session(), db.session.get_one(Considered, key)).total


# ---------------------------------------------------------------------------------------------------------- the rules


TODAY = in_days(0)
KNOWN = Known(50_000_00, Advised("support"), False, TODAY)


def codes(said: GivenDecision, known: Known = KNOWN) -> list[tuple[str, str | None]]:
    return [(one.code, one.field) for one in decision_faults(said, known)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (APPROVE, []),
        (DECLINE, [("decision.against-advice", "against_advice")]),
        (DEFER, []),
        (GivenDecision("maybe"), [("decision.no-outcome", "outcome")]),
        (GivenDecision(""), [("decision.no-outcome", "outcome")]),
        (replace(APPROVE, amount=None), [("decision.no-amount", "amount")]),
        (replace(APPROVE, amount=0), [("decision.no-amount", "amount")]),
        (replace(APPROVE, amount=-5), [("decision.no-amount", "amount")]),
        (replace(APPROVE, amount=50_000_01), [("decision.above-asked", "amount")]),
        (replace(APPROVE, classes={"010": 39_999_99}), [("decision.classes-sum", "amount")]),
        (replace(APPROVE, classes={"010": 30_000_00, "160": 10_000_00}), []),
        (replace(APPROVE, classes={"999": 40_000_00}), [("decision.no-class", "amount")]),
        (replace(APPROVE, classes={"010": 50_000_00, "160": -10_000_00}), [("decision.no-class", "class_160")]),
        (replace(DEFER, amount=1), [("decision.amount-idle", "amount")]),
        (replace(DEFER, shared="No."), [("decision.no-shared", "shared")]),
        (replace(APPROVE, conditions=(condition(),)), [("decision.conditions-idle", "outcome")]),
        (replace(with_conditions(), conditions=()), [("decision.no-conditions", "text_1")]),
        (with_conditions(condition(2, owner="")), [("decision.condition-owner", "owner_2")]),
        (with_conditions(condition(owner="the State")), [("decision.condition-owner", "owner_1")]),
        (with_conditions(condition(due_on=None)), [("decision.condition-date", "due_1")]),
        (with_conditions(condition(due_on=in_days(-1))), [("decision.condition-past", "due_1")]),
        (with_conditions(condition(due_on=in_days(0))), []),
        (with_conditions(condition(due_on=in_days(36_500))), [("decision.condition-far", "due_1")]),
        (with_conditions(condition(text=" ")), [("decision.condition-empty", "text_1")]),
        (with_conditions(condition(text="x" * 1_001)), [("call.long", "text_1")]),
        (
            with_conditions(condition(text="Same"), condition(2, text=" same ")),
            [("decision.condition-twice", "text_2")],
        ),
        (with_conditions(*map(condition, range(1, 12))), [("decision.many-conditions", "outcome")]),
        (replace(APPROVE, reasons="x" * 5_001), [("call.long", "reasons")]),
    ],
)
def test_what_a_decision_must_hold(said: GivenDecision, expected: list[tuple[str, str | None]]) -> None:
    assert codes(said) == expected


def test_the_sum_is_held_against_the_envelope() -> None:
    known = replace(KNOWN, envelope=100_000_00, approved=60_000_00)
    assert codes(APPROVE, known) == []
    (fault,) = decision_faults(replace(APPROVE, amount=40_000_01), known)
    assert fault.code == "decision.above-envelope"
    assert fault.values == {"sum_cents": 100_000_01, "envelope_cents": 100_000_00, "over_cents": 1}


@pytest.mark.parametrize(
    ("outcome", "amount", "advice", "departs"),
    [
        ("approve", 10, Advised("support"), False),
        ("approve", 10, Advised("support", 10), False),
        ("approve", 11, Advised("support", 10), True),
        ("approve", 10, Advised("support-with-conditions", 10), True),
        ("approve-with-conditions", 10, Advised("support-with-conditions", 10), False),
        ("approve", 10, Advised("defer"), True),
        ("approve", 10, Advised("not-support"), True),
        ("decline", None, Advised("support"), True),
        ("decline", None, Advised("not-support"), False),
        ("defer", None, Advised("support"), False),
        ("decline", None, None, False),
    ],
)
def test_what_goes_against_the_advice(
    outcome: str, amount: int | None, advice: Advised | None, departs: bool
) -> None:  # fmt: skip
    assert against(GivenDecision(outcome, amount), advice) is departs


def test_a_fund_may_need_the_boards_approval() -> None:
    strict = replace(KNOWN, board_approves=True, advised=None)
    why = replace(APPROVE, against_advice="It cannot wait for a session.")
    assert codes(why, strict) == [("decision.no-advice", None)]
    assert codes(why, replace(strict, advised=Advised("defer"))) == [("decision.not-approved", "outcome")]
    assert codes(why, replace(strict, advised=Advised("support"))) == []
    lenient = replace(strict, board_approves=False)
    assert codes(APPROVE, lenient) == [("decision.without-advice", "against_advice")]
    assert codes(why, lenient) == []


def test_an_amount_is_shared_out_to_the_cent() -> None:
    found = shares(100, {"010": 1, "120": 1, "160": 1})
    assert sum(found.values()) == 100 and sorted(found.values()) == [33, 33, 34]
    assert shares(100, {}) == {} and shares(50, {"010": 100}) == {"010": 50}


def test_when_a_condition_is_brought_back_to_mind() -> None:
    assert [reminder(in_days(days), TODAY) for days in (15, 14, 4, 3, 1, 0)] == [
        None, "ahead-14", "ahead-14", "ahead-3", "ahead-3", "ahead-3",
    ]  # fmt: skip
    assert [reminder(in_days(-days), TODAY) for days in (1, 30, 31, 61)] == ["late-0", "late-0", "late-1", "late-2"]
    assert standing(None, in_days(-1), TODAY) is Standing.OVERDUE and standing("met", in_days(-1), TODAY) == "met"
    assert standing("reopened", in_days(0), TODAY) is Standing.SOON and standing(None, in_days(31), TODAY) == "open"
    assert standing(None, in_days(-1), TODAY, lapsed=True) is Standing.LAPSED


# ------------------------------------------------------------------------------------------------- one after the other


def test_a_decision_is_prepared_by_one_and_taken_by_another(shown: Flask) -> None:
    key = before()[0]
    made = taken(key, with_conditions(condition(), condition(2, before_allotment=False)))
    found = proposal(key)
    (one,) = decisions()
    assert (one.id, one.outcome, one.amount_cents) == (made, DecisionOutcome.CONDITIONS, 40_000_00)
    assert one.prepared_by == str(someone(Role.DESK_OFFICER)) and one.by == str(someone(Role.APPROVING_OFFICER))
    assert found.stage == "approved" and found.before == "eligible"
    assert [row.position for row in conditions()] == [1, 2]
    assert [row.position for row in allotment_waits_for(db.session(), found)] == [1]
    assert db.session.scalar(sa.select(DecisionDraft.id)) is None
    last = db.session.scalars(sa.select(ProposalMove).order_by(ProposalMove.id.desc())).first()
    assert last is not None and (last.move, last.to, last.reason) == ("approve", "approved", APPROVE.shared)
    assert trail.verify(db.session())[1] is None


def test_whoever_prepared_it_does_not_take_it(shown: Flask) -> None:
    key = before()[0]
    with unit_of_work(Console()) as work:
        both = add_person(work, None, "both@example.org", "correct horse battery", name="Both")
        for role in (Role.SECRETARY, Role.APPROVING_OFFICER):
            grant(work, both, role)
    with unit_of_work(db.session.get_one(Person, both.id)) as work:
        draft = prepare_decision(work, work.session.get_one(Considered, key), APPROVE).id
    with pytest.raises(Refused), unit_of_work(db.session.get_one(Person, both.id)) as work:
        decide(work, work.session.get_one(DecisionDraft, draft), 1)
    with pytest.raises(Refused), unit_of_work(someone(Role.SECRETARY)) as work:
        decide(work, work.session.get_one(DecisionDraft, draft), 1)
    assert not decisions() and take(draft)


def test_what_is_not_said_rightly_changes_nothing(shown: Flask) -> None:
    key = before()[0]
    assert refused(key, replace(APPROVE, amount=asked(key) + 1)) == [("decision.above-asked", "amount")]
    assert refused(key, DECLINE) == [("decision.against-advice", "against_advice")]
    assert refused(key, with_conditions(Condition("", "", None), condition(2, due_on=in_days(-1)))) == [
        ("decision.condition-empty", "text_1"), ("decision.condition-owner", "owner_1"),
        ("decision.condition-date", "due_1"), ("decision.condition-past", "due_2"),
    ]  # fmt: skip


def test_the_sum_of_a_call_stays_within_its_envelope(shown: Flask) -> None:
    first, second, third, *_ = before()
    of = proposal(first).call_id
    with unit_of_work(Console()) as work:
        set_envelope(work, None, of, 90_000_00)
    for key in (first, second):
        taken(key)
    kept = prepared(third, replace(APPROVE, amount=10_000_00))
    with pytest.raises(Refusal) as said:
        prepared(third, replace(APPROVE, amount=10_000_01), version=1)
    (fault,) = said.value.faults
    assert fault.values == {"sum_cents": 90_000_01, "envelope_cents": 90_000_00, "over_cents": 1}
    with unit_of_work(Console()) as work:
        set_envelope(work, None, of, 85_000_00)
    with pytest.raises(Refusal, match="above-envelope"):
        take(kept)
    assert len(decisions()) == 2 and proposal(third).stage == "eligible"
    # another decision on the second leaves room again
    taken(second, replace(APPROVE, amount=5_000_00))
    take(kept)
    assert envelope_for(db.session(), proposal(third)).approved == 45_000_00


def test_the_scenario_carried_to_the_board_says_the_envelope(shown: Flask) -> None:
    key = before()[0]
    open_scoring()
    with unit_of_work(someone(Role.SECRETARY)) as work:
        of = work.session.scalars(sa.select(ScoringRound)).one()
        made = save_scenario(work, of, "For the Board", 39_999_99, {"candidates": [], "limits": {}}, {"chosen": {}})
        carry_scenario(work, made)
    (fault,) = raised(key, APPROVE)
    assert fault.values == {"sum_cents": 40_000_00, "envelope_cents": 39_999_99, "over_cents": 1}
    # whoever is kept from a proposal of the call is not told the sum
    keep_from(20, Role.DESK_OFFICER)
    (fault,) = raised(key, APPROVE)
    assert (fault.code, dict(fault.values)) == ("decision.above-envelope-kept", {})


def test_a_decision_is_superseded_only_by_another(shown: Flask) -> None:
    key = before()[0]
    first = taken(key, with_conditions())
    second = taken(key, replace(DECLINE, against_advice="The State took its consent back."))
    one, two = decisions()
    assert (one.id, two.id, two.supersedes_id) == (first, second, first)
    assert standing_decision(db.session(), proposal(key)).id == second  # type: ignore[union-attr]
    assert proposal(key).stage == "declined" and not allotment_waits_for(db.session(), proposal(key))
    assert two.against_advice and not one.against_advice
    with pytest.raises(Exception, match="append-only"), unit_of_work(someone(Role.APPROVING_OFFICER)) as work:
        work.operation = "tests.change"
        work.session.get_one(type(one), first).amount_cents = 1
        work.session.flush()
    assert decisions()[0].amount_cents == 40_000_00


def test_one_that_is_deferred_comes_before_the_next_session(shown: Flask) -> None:
    key = before()[0]
    taken(key, DEFER)
    assert proposal(key).stage == "eligible"
    other = planned(26, proposals=0)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        old = work.session.get_one(Considered, key)
        again = consider(work, work.session.get_one(AgendaItem, item_of(other).id), old.proposal, old).id
        set_stage(work, work.session.get_one(BoardSession, other.id), SessionStage.OPEN)
    assert refused(key, APPROVE) == [("decision.not-last", None)]
    advised(again)
    taken(again)
    assert proposal(again).stage == "approved"
    assert [one.outcome.value for one in decisions()] == ["defer", "approve"]
    assert decisions()[1].supersedes_id == decisions()[0].id


@pytest.mark.parametrize("stage", [SessionStage.PLANNED, SessionStage.CANCELLED])
def test_nothing_is_decided_at_a_session_that_does_not_meet(shown: Flask, stage: SessionStage) -> None:
    key = before()[0]
    with unit_of_work(someone(Role.SECRETARY)) as work:
        of = work.session.get_one(Considered, key).session_id
        set_stage(work, work.session.get_one(BoardSession, of), stage)
    assert refused(key, APPROVE) == [("decision.not-before", None)]


def test_a_fund_that_needs_the_boards_approval(shown: Flask) -> None:
    key = before(outcome=None)[0]
    assert refused(key, APPROVE) == [("decision.without-advice", "against_advice")]
    with unit_of_work(Console()) as work:
        set_fund(work, None, fund().id, True)
    why = replace(APPROVE, against_advice="It cannot wait for the session.")
    assert refused(key, why) == [("decision.no-advice", None)]
    advised(key, "not-support")
    assert refused(key, why) == [("decision.not-approved", "outcome")]
    advised(key, "support", 30_000_00)
    assert refused(key, APPROVE) == [("decision.against-advice", "against_advice")]
    taken(key, replace(APPROVE, amount=30_000_00))


def test_a_draft_that_somebody_changed_is_looked_at_again(shown: Flask) -> None:
    key = before()[0]
    draft = prepared(key)
    assert refused(key, APPROVE, version=0) == [("decision.changed", None)]
    prepared(key, replace(APPROVE, amount=30_000_00), version=1, by=Role.SECRETARY)
    with pytest.raises(Refusal, match=r"decision\.changed"):
        take(draft, version=1)
    take(draft, version=2)
    assert decisions()[0].amount_cents == 30_000_00


def test_who_hears_of_it(shown: Flask) -> None:
    key = before()[0]
    draft = prepared(key)
    prepared(key, APPROVE, version=1)
    approving = someone(Role.APPROVING_OFFICER).id
    asked_for = sa.select(Notice.person_id, Notice.kind).where(Notice.kind.like("decision-%"))
    assert db.session.execute(asked_for).all() == [(approving, "decision-prepared")]
    take(draft)
    kinds = {kind for person, kind in db.session.execute(asked_for) if person != approving}
    assert kinds <= {"decision-approved", "decision-recorded"} and "decision-recorded" in kinds


# ------------------------------------------------------------------------------------------------------- two at once


@pytest.fixture
def shared(shown: Flask, tmp_path: Path) -> Iterator[tuple[Flask, list[int]]]:
    keys = before()
    with meeting(shown, tmp_path) as found:
        yield found, keys


def test_of_two_who_decide_at_once_one_does(shared: tuple[Flask, list[int]]) -> None:
    app, keys = shared
    with app.app_context():
        prepared(keys[0])
        with unit_of_work(Console()) as work:
            other = add_person(work, None, "other@example.org", "correct horse battery", name="Other")
            grant(work, other, Role.APPROVING_OFFICER)
        people = [someone(Role.APPROVING_OFFICER).id, other.id]
    met = threading.Barrier(2, timeout=10)

    def takes(person: int) -> object:
        actor = db.session.get_one(Person, person)
        met.wait()
        with unit_of_work(actor) as work:
            found = draft_of(work.session, work.session.get_one(Considered, keys[0]))
            return decide(work, found, 1).id if found else "found it decided"

    answers = together(app, *[lambda one=one: takes(one) for one in people])
    with app.app_context():
        assert len(decisions()) == 1 and trail.verify(db.session())[1] is None
        assert decisions()[0].id in answers and {"found it decided", "decision.taken"} & set(answers), answers


def test_two_decisions_at_once_do_not_go_above_the_envelope(shared: tuple[Flask, list[int]]) -> None:
    app, keys = shared
    with app.app_context():
        of = proposal(keys[0]).call_id
        with unit_of_work(Console()) as work:
            set_envelope(work, None, of, 70_000_00)
        drafts = [prepared(key) for key in keys[:2]]
    met = threading.Barrier(2, timeout=10)

    def takes(draft: int) -> object:
        actor = someone(Role.APPROVING_OFFICER)
        met.wait()
        with unit_of_work(actor) as work:
            return decide(work, work.session.get_one(DecisionDraft, draft), 1).id

    answers = together(app, *[lambda one=one: takes(one) for one in drafts])
    with app.app_context():
        assert len(decisions()) == 1 and "decision.above-envelope" in answers, answers


def test_two_who_prepare_at_once(shared: tuple[Flask, list[int]]) -> None:
    app, keys = shared
    with app.app_context():
        people = [someone(Role.DESK_OFFICER).id, second_secretary().id]
    met = threading.Barrier(2, timeout=10)

    def prepares(person: int) -> object:
        actor = db.session.get_one(Person, person)
        met.wait()
        with unit_of_work(actor) as work:
            return prepare_decision(work, work.session.get_one(Considered, keys[0]), APPROVE).id

    answers = together(app, *[lambda one=one: prepares(one) for one in people])
    with app.app_context():
        assert "decision.changed" in answers, answers
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DecisionDraft)) == 1
