"""Implementation plans on both databases: what is recorded, who may, two at once, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from commands import everything
from crowd import meeting, together
from flask import Flask
from plans import FULL, PLAIN, a_plan, content, listed, measure_id, register
from signing_in import one_of_each

from conftest import vandal
from fundapp.access.models import Person
from fundapp.access.operations import Anonymous, Console
from fundapp.access.policy import Refused, Role
from fundapp.kernel import trail
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.models import Measure, Recommendation
from fundapp.recommendations.operations import (
    add_measure,
    change_measure,
    change_plan,
    link_measure,
    open_plan,
    undo_import,
    unlink_measure,
    withdraw_measure,
    withdraw_plan,
)
from fundapp.recommendations.queries import imports, named_import
from fundapp.recommendations.queries.plans import late_for, measures_on, named_plan, plans_of, shelf
from fundapp.recommendations.rules import Progress
from fundapp.recommendations.rules.plans import Doing, Planned, Shelf, names_in
from fundapp.reference.queries import country

SPAN = (date(2026, 1, 1), date(2029, 12, 31))


def refused(work: Callable[[], object]) -> list[tuple[str, str | None]]:
    """What is refused, and of which field."""
    before = everything()
    with pytest.raises(Refusal) as error:
        work()
    db.session.remove()
    assert everything() == before
    return [(fault.code, fault.field) for fault in error.value.faults]


def add(plan: int, doing: Doing, *links: int) -> int:
    with unit_of_work(Console()) as work:
        return add_measure(work, named_plan(work.session, plan), doing, links).id


def change(measure: int, doing: Doing, version: int, *links: int) -> None:
    with unit_of_work(Console()) as work:
        change_measure(work, work.session.get_one(Measure, measure), doing, version, links)


def holds() -> bool:
    _, problem = trail.verify(db.session())
    db.session.remove()
    return problem is None


# ----------------------------------------------------------------------------------------------------------- plans


def test_a_plan_is_begun_changed_and_withdrawn(seeded: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key = a_plan(FULL, PLAIN, links=[numbers["4 140.7"], numbers["4 140.8"]])
    with unit_of_work(Console()) as work:
        plan = named_plan(work.session, key)
        change_plan(work, plan, Planned("Another", "fr", None, None), plan.version)
    assert len(content(key)) == 2
    [row] = plans_of(db.session(), Console(), "SVN", date(2027, 7, 1))
    assert (row.title, row.language, row.total, row.late) == ("Another", "fr", 2, 1)
    assert row.counts == {Progress.UNDER_WAY: 1, Progress.NOT_STARTED: 1}
    with unit_of_work(Console()) as work:
        withdraw_plan(work, named_plan(work.session, key))
    assert plans_of(db.session(), Console(), "SVN", today()) == []
    assert measures_on(db.session(), Console(), numbers["4 140.7"], today()) == []
    assert refused(lambda: add(key, PLAIN)) == [("plan.unknown", None)]
    assert holds()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (Planned(""), [("plan.no-title", "title")]),
        (Planned("x" * 301), [("measure.long", "title")]),
        (Planned("x", "xx"), [("plan.language", "language")]),
        (Planned("x", "en", date(2027, 1, 1), date(2026, 1, 1)), [("plan.upside-down", "until")]),
        (Planned("Plan 2026-2029"), [("plan.title-taken", "title")]),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_by_field(
    seeded: Flask, said: Planned, wrong: list[tuple[str, str | None]]
) -> None:
    a_plan()

    def begin() -> None:
        with unit_of_work(Console()) as work:
            found = country(work.session, "SVN")
            assert found
            open_plan(work, found, said)

    assert refused(begin) == wrong


def test_two_states_may_use_one_title(seeded: Flask) -> None:
    assert a_plan() != a_plan(state="FJI")


def test_who_changes_a_plan_second_is_told(seeded: Flask) -> None:
    key = a_plan()

    def say(title: str) -> None:
        with unit_of_work(Console()) as work:
            change_plan(work, named_plan(work.session, key), Planned(title), 1)

    say("First")
    assert refused(lambda: say("Second")) == [("plan.changed", None)]


# -------------------------------------------------------------------------------------------------------- measures


def test_a_measure_keeps_what_it_says_and_what_it_is_for(seeded: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key = a_plan(FULL, links=[numbers["4 140.7"], numbers["treaty-body"]])
    assert content(key) == [(FULL, tuple(sorted((numbers["4 140.7"], numbers["treaty-body"]))))]
    [row] = measures_on(db.session(), Console(), numbers["treaty-body"], date(2027, 7, 1))
    assert (row.doing, row.late, row.outside, row.plan) == (FULL, True, False, "Plan 2026-2029")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (replace(PLAIN, reference=""), [("measure.no-reference", "reference")]),
        (replace(PLAIN, text=""), [("measure.no-text", "text")]),
        (replace(PLAIN, text="x" * 4001, project="y" * 201), [("measure.long", "text"), ("measure.long", "project")]),
        (FULL, [("measure.reference-taken", "reference")]),
    ],
)
def test_what_is_wrong_with_a_measure_is_said_by_field(
    seeded: Flask, said: Doing, wrong: list[tuple[str, str | None]]
) -> None:
    key = a_plan(FULL)
    assert refused(lambda: add(key, said)) == wrong


def test_four_thousand_characters_are_kept(seeded: Flask) -> None:
    key = a_plan(replace(PLAIN, text="ж" * 4000))
    assert len(listed(key)[0].doing.text) == 4000


def test_a_withdrawn_reference_can_be_used_again(seeded: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key = a_plan(FULL, links=[numbers["4 140.7"]])
    number = measure_id(key, "1.1")
    with unit_of_work(Console()) as work:
        withdraw_measure(work, work.session.get_one(Measure, number))
    assert content(key) == []
    again = replace(PLAIN, reference="1.1")
    add(key, again, numbers["4 140.8"])
    assert content(key) == [(again, (numbers["4 140.8"],))]


def test_only_recommendations_of_the_state_that_stand_are_named(seeded: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key = a_plan()
    abroad = next(iter(shelf(db.session(), "FJI").of))
    assert refused(lambda: add(key, PLAIN, abroad)) == [("measure.strange", "links")]
    assert refused(lambda: add(key, PLAIN, 999_999)) == [("measure.strange", "links")]
    add(key, PLAIN, numbers["4 140.7"])


def test_one_that_was_joined_counts_as_the_kept_one(seeded: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    other, kept = numbers["treaty-body"], numbers["4 140.9"]
    key = a_plan(FULL, links=[other])
    with vandal() as connection:  # the verb that joins is somebody else's
        table = Recommendation.__table__
        connection.execute(sa.update(table).where(table.c.number == other).values(joined_to=kept))
    assert content(key) == [(FULL, (kept,))]
    assert [row.doing.reference for row in measures_on(db.session(), Console(), kept, today())] == ["1.1"]
    add(key, PLAIN, other)
    assert content(key)[1] == (PLAIN, (kept,))
    number = measure_id(key, "1.1")
    with unit_of_work(Console()) as work:
        unlink_measure(work, work.session.get_one(Measure, number), kept)
    assert content(key)[0] == (FULL, ())


def test_linking_and_unlinking(seeded: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key = a_plan(PLAIN)
    measure = measure_id(key, "1.2")
    for _ in range(2):  # the second time adds nothing
        with unit_of_work(Console()) as work:
            link_measure(work, work.session.get_one(Measure, measure), [numbers["4 140.7"], numbers["4 140.8"]])
    assert content(key) == [(PLAIN, tuple(sorted((numbers["4 140.7"], numbers["4 140.8"]))))]
    version = listed(key)[0].version
    with unit_of_work(Console()) as work:
        unlink_measure(work, work.session.get_one(Measure, measure), numbers["4 140.7"])
    assert content(key) == [(PLAIN, (numbers["4 140.8"],))]
    assert refused(lambda: change(measure, FULL, version, numbers["4 140.7"])) == [("measure.changed", None)]


def test_an_import_that_a_measure_points_at_is_not_undone(seeded: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    a_plan(PLAIN, links=[numbers["4 140.7"]])

    def undo() -> None:
        with unit_of_work(Console()) as work:
            undo_import(work, named_import(work.session, imports(work.session)[-1].id))

    assert refused(undo) == [("import.in-use", None)]


def test_late_is_only_what_is_open_and_over(seeded: Flask) -> None:
    day = date(2026, 5, 1)
    doings = [replace(PLAIN, reference=progress.value, due=day, progress=progress) for progress in Progress]
    key = a_plan(*doings, replace(PLAIN, reference="later", due=date(2999, 1, 1)))
    assert [row.doing.reference for row in listed(key, late=True)] == ["not-started", "under-way"]
    assert [row.doing.reference for row in listed(key) if row.outside] == ["later"]
    [row] = plans_of(db.session(), Console(), "SVN", day)
    assert row.late == 0  # on the day itself nothing is late


# ------------------------------------------------------------------------------------------------- two, and nobody


def test_two_who_add_one_reference_at_once(seeded: Flask, tmp_path: Path) -> None:
    key = a_plan()
    with meeting(seeded, tmp_path) as app:
        answers = together(app, lambda: add(key, PLAIN), lambda: add(key, replace(PLAIN, text="Other")))
        assert sorted(isinstance(answer, int) for answer in answers) == [False, True], answers
        assert "measure.reference-taken" in answers


def test_two_who_change_one_measure_at_once(seeded: Flask, tmp_path: Path) -> None:
    key = a_plan(PLAIN)
    measure = measure_id(key, "1.2")
    with meeting(seeded, tmp_path) as app:
        jobs = [lambda text=text: change(measure, replace(PLAIN, text=text), 1) for text in ("One", "Two")]
        assert sorted(map(str, together(app, *jobs))) == ["None", "measure.changed"]


def test_who_may(seeded: Flask) -> None:
    key = a_plan(PLAIN)
    people = {role: who.id for role, who in one_of_each().items()}
    may = {Role.SECRETARY, Role.DESK_OFFICER, Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE}
    for role in Role:
        who = db.session.get_one(Person, people[role])
        doing = replace(PLAIN, reference=role.value)
        if role in may:
            with unit_of_work(who) as work:
                add_measure(work, named_plan(work.session, key), doing)
        else:
            with pytest.raises(Refused), unit_of_work(who) as work:
                add_measure(work, named_plan(work.session, key), doing)
    assert {row.doing.reference for row in listed(key)} == {"1.2", *(role.value for role in may)}
    with pytest.raises(Refused):
        plans_of(db.session(), Anonymous(), "SVN", today())
    with pytest.raises(Refused):
        late_for(db.session(), Anonymous(), [1], today())


# ------------------------------------------------------------------------------------------ naming recommendations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("140.8, 140.9", ["4 140.8", "4 140.9"]),
        ("140.8; 140.8", ["4 140.8"]),
        ("para. 140.8", ["4 140.8"]),
        ("§140.8 - ", []),
        ("A/HRC/59/15 140.8, 140.9", ["4 140.8", "4 140.9"]),
        ("A/HRC/59/15, para. 140.8", ["4 140.8"]),
        ("A/HRC/59/15:140.8", ["4 140.8"]),
        ("A/HRC/43/9 140.7", ["3 140.7"]),
        ("A/HRC/43/9 115.2", ["3 115.2"]),  # the register does not know its document
        ("cycle 4 140.7", ["4 140.7"]),
        ("140.7 (cycle 3)", ["3 140.7"]),
        ("4: 140.7", ["4 140.7"]),
        ("ciclo 3: 140.7\n140.9", ["3 140.7", "4 140.9"]),
        ("- Ratify it [A/HRC/59/15 140.8]\n- Train them, and others [140.9] [draft]", ["4 140.8", "4 140.9"]),
        ("140.8、140.9", ["4 140.8", "4 140.9"]),
    ],
)
def test_names_of_recommendations(seeded: Flask, tmp_path: Path, text: str, found: list[str]) -> None:
    numbers = register(tmp_path / "r")
    known = shelf(db.session(), "SVN")
    got, faults = known.numbers(names_in(text))
    if found:
        assert (got, faults) == ([numbers[name] for name in found], [])
    else:
        assert [fault.code for fault in faults] == ["measure.no-recommendation"]


def test_a_number_of_the_register(seeded: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    known, number = shelf(db.session(), "SVN"), numbers["treaty-body"]
    for text in (f"#{number}", f"no. {number}", f"№ {number}", str(number)):
        assert known.numbers(names_in(text)) == ([number], []), text


def test_what_cannot_be_found_is_named_with_the_nearest(seeded: Flask, tmp_path: Path) -> None:
    register(tmp_path / "r")
    known = shelf(db.session(), "SVN")
    [wrong] = known.numbers(names_in("140.77"))[1]
    assert wrong.code == "measure.no-recommendation" and wrong.values["text"] == "140.77"
    assert any("140.7" in str(near) for near in wrong.values["nearest"])  # type: ignore[attr-defined]
    [which] = known.numbers(names_in("140.7"))[1]
    assert which.code == "measure.which" and len(which.values["found"]) == 2  # type: ignore[arg-type]
    assert [fault.code for fault in known.numbers(names_in("A/HRC/1/1 140.8"))[1]] == ["measure.no-recommendation"]
    assert known.numbers(names_in("140.7", cycle=3))[1] == []


def test_every_recommendation_has_a_name_that_means_it(seeded: Flask, tmp_path: Path) -> None:
    register(tmp_path / "r")
    known = shelf(db.session(), "SVN")
    for number in known.of:
        assert known.numbers(names_in(known.name(number))) == ([number], [])
    assert Shelf([]).name(7) == "#7"
