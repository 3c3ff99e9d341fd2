"""Calls in the database: who does what, what is refused and leaves nothing behind, and what offices do not learn."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from calls import (
    DAY,
    Change,
    again,
    do,
    draft,
    fund,
    given,
    let_in,
    office,
    opened,
    past,
    refused,
    second_secretary,
    someone,
    weigh,
)
from flask import Flask

from conftest import vandal
from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.kernel import trail
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call, CallCriterion
from fundapp.proposals.operations import (
    GivenTexts,
    ask_for,
    cancel_call,
    change_call,
    correct_texts,
    except_office,
    extend_call,
    open_call,
    prepare_call,
    stop_asking,
)
from fundapp.proposals.queries import (
    closing_of,
    course,
    exceptions_for,
    others_who_open,
    stage_of,
    whole,
    written,
)
from fundapp.proposals.rules import GivenItem, Item, Places, Stage, may_submit

CONSENT = GivenItem("consent", {"en": "Consent"})
WHY = GivenItem("why", {"en": "Why?"}, limit=100)


# -------------------------------------------------------------------------------------------------------- preparing


def test_a_draft_keeps_what_was_said(demo: Flask) -> None:
    places = Places(frozenset({"SEN", "FJI"}), frozenset({"grulac"}), frozenset({"054"}))
    draft(places=places, title={"en": "A", "ar": "ب"}, guidance={"zh": "丙"})
    found = again()
    said = written(db.session(), found)
    assert said.places == places and said.title["ar"] == "ب" and said.guidance["zh"] == "丙"
    assert said == given(places=places, title=found.names, guidance=found.guidance, opens_at=said.opens_at,
                         closes_at=said.closes_at)  # fmt: skip
    assert stage_of(db.session(), found, now()) is Stage.DRAFT and found.prepared_by_id == someone(Role.DESK_OFFICER).id
    assert trail.verify(db.session())[1] is None


def test_a_draft_may_be_unfinished_and_changes(demo: Flask) -> None:
    draft(opens_at=None, closes_at=None, envelope=None, floor=None, ceiling=None, areas=frozenset(), title={})
    full = given(places=Places(groups=frozenset({"african"})))
    do(lambda work, call: change_call(work, call, full, 1))
    assert written(db.session(), again()).places.groups == {"african"}
    do(lambda work, call: change_call(work, call, replace(full, places=Places(), areas=frozenset()), call.version))
    assert written(db.session(), again()).places.everywhere and not written(db.session(), again()).areas


def test_what_is_wrong_with_a_draft_is_refused(demo: Flask) -> None:
    draft()
    other = given("2031-2")
    aha = fund("AHA").id

    def prepare(said: Any) -> list[tuple[str, str | None]]:
        return refused(lambda work, _: prepare_call(work, fund(), said))

    assert prepare(given()) == [("call.code-taken", "code")]
    assert prepare(replace(other, code="x")) == [("call.code", "code")]
    assert prepare(replace(other, areas=frozenset({999}))) == [("call.strange-area", "areas")]
    assert prepare(replace(other, areas=given(of="AHA").areas)) == [("call.strange-area", "areas")]
    for places, field in (
        (Places(states=frozenset({"XXX"})), "states"),
        (Places(groups=frozenset({"martian"})), "groups"),
        (Places(regions=frozenset({"777"})), "regions"),
    ):
        assert prepare(replace(other, places=places)) == [("call.strange-place", field)]
    assert prepare(replace(other, floor=0, envelope=-5)) == [("call.no-money", "envelope"), ("call.no-money", "floor")]
    draft(of="AHA")  # the same code in another fund is another call
    assert again().fund_id != aha


def test_who_comes_second_is_told(demo: Flask) -> None:
    draft()
    do(lambda work, call: change_call(work, call, given(floor=5_00), 1), by=Role.DESK_OFFICER)
    assert refused(lambda work, call: change_call(work, call, given(), 1)) == [("call.changed", None)]
    assert refused(lambda work, call: ask_for(work, call, Item.DOCUMENT, CONSENT, 1)) == [("call.changed", None)]
    assert refused(lambda work, call: open_call(work, call, 1)) == [("call.changed", None)]


def test_documents_and_questions(demo: Flask) -> None:
    draft()
    do(lambda work, call: ask_for(work, call, Item.DOCUMENT, CONSENT, 1))
    do(lambda work, call: ask_for(work, call, Item.QUESTION, WHY, 2))
    assert refused(lambda work, call: ask_for(work, call, Item.DOCUMENT, CONSENT, 3)) == [("call.item-taken", "code")]
    assert refused(lambda work, call: ask_for(work, call, Item.QUESTION, CONSENT, 3)) == [("call.item-limit", "limit")]
    assert refused(lambda work, call: ask_for(work, call, Item.QUESTION, WHY, 3, "gone")) == [("call.item-gone", None)]
    assert refused(lambda work, call: stop_asking(work, call, Item.QUESTION, "gone", 3)) == [("call.item-gone", None)]
    do(lambda work, call: ask_for(work, call, Item.QUESTION, replace(WHY, code="reason", limit=9), 3, "why"))
    do(lambda work, call: stop_asking(work, call, Item.DOCUMENT, "consent", 4))
    everything_said = whole(db.session(), Console(), again())
    assert not everything_said.documents and [(q.code, q.number) for q in everything_said.questions] == [("reason", 9)]


def _ask(one: GivenItem, work: Work, call: Call) -> None:
    ask_for(work, call, Item.DOCUMENT, one, call.version)


def test_there_are_not_too_many(demo: Flask) -> None:
    draft()
    for number in range(30):
        one = replace(CONSENT, code=f"d{number}")
        do(partial(_ask, one))
    assert refused(lambda work, call: ask_for(work, call, Item.DOCUMENT, CONSENT, 31)) == [("call.items", None)]
    do(lambda work, call: ask_for(work, call, Item.DOCUMENT, replace(CONSENT, code="d0b"), 31, "d0"))


# ---------------------------------------------------------------------------------------------------------- opening


def test_four_eyes(demo: Flask) -> None:
    found, secretary = draft(by=Role.SECRETARY), someone(Role.SECRETARY)
    assert others_who_open(db.session(), found) == 0
    with pytest.raises(Refused), unit_of_work(secretary) as work:
        open_call(work, found, 1)
    with pytest.raises(Refused), unit_of_work(someone(Role.DESK_OFFICER)) as work:
        open_call(work, found, 1)
    second_secretary("elsewhere@example.org", code="AHA")
    assert others_who_open(db.session(), found) == 0
    other = second_secretary()
    assert others_who_open(db.session(), found) == 1
    with unit_of_work(other) as work:
        open_call(work, found, 1)
    assert again().opened_by == f"person:{other.id}"


def test_a_desk_officer_who_looks_at_the_draft_frees_its_only_secretary(demo: Flask) -> None:
    found = draft(by=Role.SECRETARY)
    do(lambda work, call: change_call(work, call, written(work.session, found), 1), by=Role.DESK_OFFICER)
    do(lambda work, call: open_call(work, call, call.version))
    assert again().opened_at


def test_criteria_are_fixed_when_it_opens(demo: Flask) -> None:
    found = opened()
    first = whole(db.session(), Console(), found)
    assert first.fixed and sum(first.weights) == 100 and len(first.criteria) == 5
    with unit_of_work(Console()) as work:
        weigh(work, None, fund().id, 15)
    assert whole(db.session(), Console(), again()).weights == first.weights
    draft("2031-2")
    assert refused(lambda work, call: open_call(work, call, 1), "2031-2") == [("call.weights", None)]


def test_what_is_lacking_is_all_said_at_once(demo: Flask) -> None:
    draft(opens_at=None, closes_at=None, envelope=None, floor=None, ceiling=None, areas=frozenset(), title={})
    assert [code for code, _ in refused(lambda work, call: open_call(work, call, 1))] == [
        "call.lacks-text", "call.lacks-opening", "call.lacks-closing", "call.lacks-envelope", "call.lacks-ceiling",
        "call.lacks-areas",
    ]  # fmt: skip
    draft("2031-2", opens_at=now() - 9 * DAY, closes_at=now() - DAY)
    assert refused(lambda work, call: open_call(work, call, 1), "2031-2") == [("call.over", "closes_on")]


def test_a_call_that_is_released_late_opens_at_once(demo: Flask) -> None:
    before = now()
    found = opened(opens_at=before - 5 * DAY)
    assert found.opens_at and found.opens_at >= before and stage_of(db.session(), found, now()) is Stage.OPEN
    draft("2031-2")
    do(lambda work, call: open_call(work, call, 1), "2031-2")
    assert stage_of(db.session(), again("2031-2"), now()) is Stage.SCHEDULED


def test_what_was_opened_is_fixed(demo: Flask) -> None:
    opened()
    version = again().version
    assert refused(lambda work, call: change_call(work, call, given(), version)) == [("call.fixed", None)]
    assert refused(lambda work, call: ask_for(work, call, Item.DOCUMENT, CONSENT, version)) == [("call.fixed", None)]
    assert refused(lambda work, call: stop_asking(work, call, Item.DOCUMENT, "x", version)) == [("call.fixed", None)]
    assert refused(lambda work, call: open_call(work, call, version)) == [("call.fixed", None)]


def test_the_database_keeps_what_applicants_rely_on(demo: Flask) -> None:
    opened()
    do(lambda work, call: extend_call(work, call, now() + 60 * DAY, "UTC", "why"))
    do(lambda work, call: except_office(work, call, office(), now() + 90 * DAY, "UTC", "why"))
    do(lambda work, call: correct_texts(work, call, GivenTexts({"en": "B"}, {"en": "C"}), "why", call.version))
    for table in ("call_criterion", "call_extension", "call_exception", "call_correction"):
        for statement in (f"update {table} set id = id", f"delete from {table}"):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"), vandal() as connection:
                connection.exec_driver_sql(statement)
    assert db.session().scalar(sa.select(sa.func.count()).select_from(CallCriterion)) == 5


# ------------------------------------------------------------------------------------------------------ afterwards


def test_an_extension_makes_the_close_later(demo: Flask) -> None:
    found = past()
    assert stage_of(db.session(), found, now()) is Stage.CLOSED
    until = now() + DAY
    do(lambda work, call: extend_call(work, call, until, "Pacific/Fiji", "A cyclone"), "2021-1")
    assert closing_of(db.session(), again("2021-1")) == until
    assert stage_of(db.session(), again("2021-1"), now()) is Stage.OPEN
    assert refused(lambda work, call: extend_call(work, call, until, "UTC", "again"), "2021-1") == [
        ("call.not-later", "until_on")
    ]
    assert refused(lambda work, call: extend_call(work, call, until + DAY, "UTC", ""), "2021-1") == [
        ("call.no-reason", "reason")
    ]
    [step] = whole(db.session(), Console(), again("2021-1")).extensions
    assert (step.until, step.zone, step.reason) == (until, "Pacific/Fiji", "A cyclone")


def test_what_cannot_be_extended(demo: Flask) -> None:
    past()
    later = now() + 60 * DAY
    assert refused(lambda work, call: extend_call(work, call, now() - DAY, "UTC", "why"), "2021-1") == [
        ("call.until-over", "until_on")
    ]
    draft("2031-2")
    assert refused(lambda work, call: extend_call(work, call, later, "UTC", "why"), "2031-2") == [("call.draft", None)]
    opened(standing=True, closes_at=None)
    assert refused(lambda work, call: extend_call(work, call, later, "UTC", "why")) == [("call.standing", None)]
    do(lambda work, call: cancel_call(work, call, "Not needed", 1), "2031-2")
    assert refused(lambda work, call: extend_call(work, call, later, "UTC", "why"), "2031-2") == [
        ("call.cancelled", None)
    ]


def test_an_exception_is_for_one_office(demo: Flask) -> None:
    found = past()
    pacific, until = office(), now() + DAY
    do(lambda work, call: except_office(work, call, office(), until, "UTC", "The line was down"), "2021-1")
    late, at = exceptions_for(db.session(), found), now()
    run = course(again("2021-1"), closing_of(db.session(), found))
    assert may_submit(run, late, pacific.id, at) and not may_submit(run, late, office("WAFRICA").id, at)
    assert not may_submit(run, late, pacific.id, until + DAY)
    for given_until, given_office, reason, answer in (
        (until, "PACIFIC", "why", [("call.exception-there", "until_on")]),
        (now() - DAY, "WAFRICA", "why", [("call.until-over", "until_on")]),
        (now() - 9 * DAY, "WAFRICA", "why", [("call.exception-early", "until_on")]),
        (until, "", "", [("call.no-reason", "reason"), ("call.no-office", "office")]),
    ):
        asked = partial(let_in, given_office, given_until, reason)
        assert refused(asked, "2021-1") == answer
    do(lambda work, call: except_office(work, call, office(), until + DAY, "UTC", "Still down"), "2021-1")


def test_texts_are_corrected_and_never_taken_away(demo: Flask) -> None:
    opened()
    version = again().version

    def correct(title: dict[str, str], guidance: dict[str, str], reason: str = "A slip") -> Change:
        return lambda work, call: correct_texts(work, call, GivenTexts(title, guidance), reason, version)

    assert refused(correct({"en": "A call"}, {"en": "Do this."})) == [("call.nothing-corrected", None)]
    assert refused(correct({"en": "A call"}, {})) == [("call.emptied", "guidance_en")]
    assert refused(correct({"en": "B"}, {"en": "B"}, "")) == [("call.no-reason", "reason")]
    assert refused(correct({"en": "x" * 251}, {"en": "B"})) == [("call.long", "title_en")]
    do(correct({"en": "A call", "fr": "Un appel"}, {"en": "Do that."}))
    assert again().names["fr"] == "Un appel" and again().guidance["en"] == "Do that."
    [step] = whole(db.session(), Console(), again()).corrections
    assert set(step.languages) == {"en", "fr"}
    assert refused(correct({"en": "B"}, {"en": "B"})) == [("call.changed", None)]
    past()
    with_texts = GivenTexts({"en": "B"}, {"en": "B"})
    assert refused(lambda work, call: correct_texts(work, call, with_texts, "why", call.version), "2021-1") == [
        ("call.not-corrected", None)
    ]


def test_a_call_is_cancelled_with_a_reason_once(demo: Flask) -> None:
    opened()
    past()
    assert refused(lambda work, call: cancel_call(work, call, "", call.version)) == [("call.no-reason", "reason")]
    do(lambda work, call: cancel_call(work, call, "No money", call.version))
    assert stage_of(db.session(), again(), now()) is Stage.CANCELLED and again().cancel_reason == "No money"
    assert refused(lambda work, call: cancel_call(work, call, "x", call.version)) == [("call.cancelled", None)]
    assert refused(lambda work, call: cancel_call(work, call, "x", call.version), "2021-1") == [("call.closed", None)]
    draft("2031-2")
    do(lambda work, call: cancel_call(work, call, "A mistake", 1), "2031-2")
    assert refused(lambda work, call: change_call(work, call, given("2031-2"), 2), "2031-2") == [
        ("call.cancelled", None)
    ]
