"""Conditions of decisions followed to the end: met, waived, opened again, overdue; the list, and reminders."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from calls import second_secretary, someone
from crowd import meeting, together
from deciding import APPROVE, before, condition, conditions, in_days, proposal, taken, with_conditions
from flask import Flask
from flask.testing import FlaskClient
from scoring_seen import keep_from
from test_board_decision_pages import office_person, plain, reference, signed
from visiting import as_a, statements, text_of

from fundapp.access.models import Letter, Person
from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.board.models import ConditionMove, ConditionStep, DecisionCondition
from fundapp.board.operations.conditions import meet_condition, reopen_condition, waive_condition
from fundapp.board.queries.deciding import allotment_waits_for
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice
from fundapp.proposals.operations.letters import remind
from fundapp.proposals.rounds import tell_due

HERE = "/UPR/board/conditions"
WHY = "The letter of the ministry is there."


def with_condition(**more: object) -> tuple[int, int]:
    """A proposal before the Board, by id, approved with a condition, by id."""
    key = before()[0]
    taken(key, with_conditions(condition(**more)))
    return key, conditions()[0].id


def meet(key: int, seen: int = 0, by: Role = Role.DESK_OFFICER) -> int:
    with unit_of_work(someone(by)) as work:
        return meet_condition(work, work.session.get_one(DecisionCondition, key), WHY, seen).id


def waive(key: int, seen: int = 0, by: Role = Role.APPROVING_OFFICER) -> int:
    with unit_of_work(someone(by)) as work:
        return waive_condition(work, work.session.get_one(DecisionCondition, key), WHY, seen).id


def reopen(key: int, seen: int, why: str = WHY) -> int:
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        return reopen_condition(work, work.session.get_one(DecisionCondition, key), why, seen).id


def waits(key: int) -> int:
    return len(allotment_waits_for(db.session(), proposal(key)))


def test_money_waits_until_a_condition_is_met_or_waived(shown: Flask) -> None:
    key, one = with_condition()
    assert waits(key) == 1
    first = meet(one)
    assert waits(key) == 0
    second = reopen(one, first)
    assert waits(key) == 1
    waive(one, second)
    assert waits(key) == 0
    moves = db.session.scalars(sa.select(ConditionStep.move).order_by(ConditionStep.id)).all()
    assert moves == [ConditionMove.MET, ConditionMove.REOPENED, ConditionMove.WAIVED]


def test_steps_out_of_order_and_without_reason(shown: Flask) -> None:
    _key, one = with_condition()
    with pytest.raises(Refusal, match=r"condition\.open"):
        reopen(one, 0)
    first = meet(one)
    with pytest.raises(Refusal, match=r"condition\.changed"):
        meet(one)
    with pytest.raises(Refusal, match=r"condition\.settled"):
        waive(one, first)
    for why in ("", "  short ", "x" * 5_001):
        with pytest.raises(Refusal):
            reopen(one, first, why)
    with pytest.raises(Refused):
        waive(one, first, by=Role.SECRETARY)
    with pytest.raises(Refused):
        meet(one, first, by=Role.APPROVING_OFFICER)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ConditionStep)) == 1


def test_conditions_lapse_with_their_decision(shown: Flask) -> None:
    key, one = with_condition()
    taken(key, APPROVE)
    with pytest.raises(Refusal, match=r"condition\.lapsed"):
        meet(one)
    assert waits(key) == 0


@pytest.fixture
def shared(shown: Flask, tmp_path: Path) -> Iterator[tuple[Flask, int]]:
    _key, one = with_condition()
    with meeting(shown, tmp_path) as found:
        yield found, one


def test_of_two_who_meet_it_at_once_one_does(shared: tuple[Flask, int]) -> None:
    app, one = shared
    with app.app_context():
        people = [someone(Role.DESK_OFFICER).id, second_secretary().id]
    met = threading.Barrier(2, timeout=10)

    def meets(person: int) -> object:
        actor = db.session.get_one(Person, person)
        met.wait()
        with unit_of_work(actor) as work:
            return meet_condition(work, work.session.get_one(DecisionCondition, one), WHY).id

    answers = together(app, *[lambda who=who: meets(who) for who in people])
    assert "condition.changed" in answers, answers
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ConditionStep)) == 1


# ---------------------------------------------------------------------------------------------------------- reminders


def at_noon(days: int) -> datetime:
    return datetime.combine(in_days(days), time(12))


def reminded() -> list[tuple[int, str]]:
    asked = sa.select(Notice.person_id, Notice.kind).where(Notice.kind.in_(["condition-due", "condition-overdue"]))
    return [(person, kind) for person, kind in db.session.execute(asked.order_by(Notice.id))]


def test_whoever_sees_to_it_is_reminded_and_once_it_is_late_the_secretariat_too(shown: Flask) -> None:
    key = before()[0]
    office = office_person(key).id
    taken(key, with_conditions(condition(due_on=in_days(30))))
    tell_due(at_noon(10))
    assert reminded() == []
    tell_due(at_noon(16))
    tell_due(at_noon(17))
    due = [person for person, kind in reminded()]
    assert office in due and len(due) == len(set(due)) and {kind for _, kind in reminded()} == {"condition-due"}
    tell_due(at_noon(27))
    assert [person for person, _ in reminded()].count(office) == 2
    tell_due(at_noon(31))
    late = {person for person, kind in reminded() if kind == "condition-overdue"}
    assert office in late and len(late) > 1
    count = len(reminded())
    tell_due(at_noon(40))
    assert len(reminded()) == count
    tell_due(at_noon(62))
    assert len(reminded()) == count + len(late)
    asked = sa.select(Letter.body).where(Letter.person_id == office).order_by(Letter.id.desc())
    body = db.session.scalars(asked).first()
    assert body and "The ministry confirms part 1." in body and f"/UPR/board/decisions/{reference(key)}" in body


def test_of_one_that_is_met_meanwhile_nobody_hears(shown: Flask) -> None:
    key = before()[0]
    office = office_person(key).id
    taken(key, with_conditions(condition(due_on=in_days(10))))
    with unit_of_work(Console()) as work:
        assert remind(work, None, at_noon(0)) > 0
    meet(conditions()[0].id)
    tell_due(at_noon(0) + timedelta(days=1))
    bodies = db.session.scalars(sa.select(Letter.body).where(Letter.person_id == office)).all()
    assert bodies and not any("due soon" in body or "bient" in body for body in bodies)


# -------------------------------------------------------------------------------------------------------------- pages


@pytest.fixture
def clicked(shown: Flask, one_click: None) -> Flask:
    return shown


def read(client: FlaskClient, query: str = "") -> list[list[str]]:
    answer = client.get(f"{HERE}/list.csv{query}", buffered=True)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))[1:]


def test_the_list_is_narrowed_ordered_and_taken_along(clicked: Flask) -> None:
    first, second, *_ = before()
    taken(first, with_conditions(condition(1), condition(2, owner="secretariat", before_allotment=False)))
    taken(second, with_conditions(condition(3, due_on=in_days(0)), condition(4, due_on=in_days(90))))
    meet(conditions()[0].id)
    client = as_a(clicked, "secretary")
    assert [row[3][-2] for row in read(client)] == ["3", "1", "2", "4"]
    for query, many in (
        ("standing=met", 1), ("standing=open", 1), ("standing=soon", 2), ("standing=still-open", 3),
        ("standing=overdue", 0), ("standing=odd", 4), ("owner=secretariat", 1), ("money=waits", 3), ("money=free", 1),
        ("q=part+3", 1), (f"q={reference(first)}", 2), ("q=nothing+like+it", 0), (f"q={'x' * 500}", 0),
    ):  # fmt: skip
        assert len(read(client, f"?{query}")) == many, query
        assert client.get(f"{HERE}?{query}").status_code == 200
    assert [row[3][-2] for row in read(client, "?sort=-due")] == ["4", "2", "1", "3"]
    assert client.get(f"{HERE}?sort=luck&page=99").status_code == 200
    assert client.get(f"{HERE}/list.xlsx").data.startswith(b"PK")
    page = plain(text_of(client, HERE))
    assert "4 conditions" in page and "money waits for 2" in page


def test_a_condition_in_the_browser(clicked: Flask) -> None:
    _key, one = with_condition()
    desk, approving = as_a(clicked, "desk-officer"), as_a(clicked, "approving-officer")
    page = text_of(desk, f"{HERE}/{one}")
    assert "Record that it is met" in page and "Waive it" not in page
    short = desk.post(f"{HERE}/{one}/meet", data={"version": "0", "reason": "ok"})
    assert short.status_code == 422 and "at least 10 characters" in plain(short.text)
    assert desk.post(f"{HERE}/{one}/waive", data={"version": "0", "reason": WHY}).status_code == 404
    assert approving.post(f"{HERE}/{one}/waive", data={"version": "0", "reason": WHY}).status_code == 302
    stale = desk.post(f"{HERE}/{one}/meet", data={"version": "0", "reason": WHY})
    assert stale.status_code == 409 and "took a step on this condition meanwhile" in plain(stale.text)
    assert WHY in text_of(desk, f"{HERE}/{one}") and "Open it again" in text_of(desk, f"{HERE}/{one}")
    for address in ("999", "99999999999999", "0", f"{one}/burn"):
        assert desk.get(f"{HERE}/{address}").status_code == 404
        assert desk.post(f"{HERE}/{address}").status_code in (404, 405)
    assert desk.get(f"/AHA/board/conditions/{one}").status_code == 404
    client = as_a(clicked, "secretary")
    client.get(f"{HERE}/{one}")
    with statements() as asked:
        text_of(client, f"{HERE}/{one}")
    assert len(asked) <= 15


def test_an_office_sees_its_own_and_whoever_is_kept_from_one_does_not(clicked: Flask) -> None:
    first, second, *_ = before()
    for key in (first, second):
        taken(key, with_conditions())
    client = signed(clicked, office_person(first))
    mine, other = [one.id for one in conditions()]
    same = proposal(first).office_id == proposal(second).office_id
    assert client.get(f"{HERE}/{mine}").status_code == 200
    assert client.get(f"{HERE}/{other}").status_code == (200 if same else 404)
    assert client.post(f"{HERE}/{mine}/meet", data={"version": "0", "reason": WHY}).status_code == 404
    assert len(read(client)) == (2 if same else 1)
    keep_from(int(reference(second)[-3:]), Role.DESK_OFFICER)
    desk = as_a(clicked, "desk-officer")
    assert desk.get(f"{HERE}/{other}").status_code == 404 and len(read(desk)) == 1
    assert desk.post(f"{HERE}/{other}/meet", data={"version": "0", "reason": WHY}).status_code == 404
