"""Sessions of the Board: planned, changed, opened, closed, cancelled and taken up again; and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from board_sessions import DAY, WHY, Change, again, do, moves, other_fund, plan, refused, said
from boards import considered, opened, seated
from calls import fund, someone
from commands import everything
from flask import Flask

from fundapp.access.models import Person
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Refused, Role
from fundapp.board.models import (
    ItemKind,
    SessionStage,
    Way,
)
from fundapp.board.operations.participants import (
    note_presence,
)
from fundapp.board.operations.sessions import (
    add_item,
    cancel_session,
    change_session,
    close_session,
    open_session,
    reopen_session,
)
from fundapp.board.queries.session_list import SessionsWanted, next_numbers, sessions_of
from fundapp.board.queries.session_telling import DECLARE, heard, reminders
from fundapp.board.queries.sessions import participants_of
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice, Proposal
from fundapp.proposals.operations.interests import recuse

LONG_AGO = datetime.combine(date(2020, 1, 1), datetime.min.time())

# ---------------------------------------------------------------------------------------------------------- planning


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"until": date(2020, 1, 1)}, [("session.backwards", "until")]),
        ({"until": date(2099, 1, 1)}, [("session.lasting", "until")]),
        ({"since": date(1999, 1, 1), "until": date(1999, 1, 1)}, [("call.year", "since"), ("call.year", "until")]),
        ({"since": date(2020, 11, 16), "until": date(2020, 11, 18)}, [("session.past", "since")]),
        ({"zone": "Europe/Nowhere"}, [("call.no-zone", "zone")]),
        ({"way": Way.PLACE, "place": "  "}, [("session.no-place", "place")]),
        ({"hosts": "x" * 301}, [("call.long", "hosts")]),
        ({"numbers": {}}, [("session.no-number", None)]),
        ({"way": Way.WRITTEN}, [("session.no-silence", "silent_on")]),
        ({"way": Way.WRITTEN, "silent_until": LONG_AGO}, [("session.silence-over", "silent_on")]),
    ],
)
def test_what_is_wrong_with_a_session(demo: Flask, more: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    seated()
    before = everything()
    with pytest.raises(Refusal) as found:
        plan(said(**more))
    assert [(one.code, one.field) for one in found.value.faults] == faults
    assert everything() == before


def test_silence_does_not_end_before_the_first_day(demo: Flask) -> None:
    with pytest.raises(Refusal, match="silence-early"):
        plan(said(way=Way.WRITTEN, silent_until=now() + 2 * DAY))
    made = plan(said(way=Way.WRITTEN, silent_until=now() + 31 * DAY))
    assert made.silent_until is not None
    assert plan(said(41, silent_until=now() + 2 * DAY)).silent_until is None, "only a written procedure has silence"


def test_a_number_is_given_once_and_for_each_fund(demo: Flask) -> None:
    both = {fund().id: 40, other_fund().id: 77}
    made = plan(said(numbers=both))
    assert {one.fund_id: one.number for one in again(made).numbers} == both
    assert next_numbers(db.session(), list(both)) == {fund().id: 41, other_fund().id: 78}
    for numbers, field in (({fund().id: 40}, fund().id), ({fund().id: 41, other_fund().id: 77}, other_fund().id)):
        with pytest.raises(Refusal) as found:
            plan(said(numbers=numbers))
        assert [(one.code, one.field) for one in found.value.faults] == [("session.number-known", f"number_{field}")]
    for strange in (0, -1, 10_000):
        with pytest.raises(Refusal, match=r"session\.number "):
            plan(said(strange))
    with pytest.raises(Refusal, match="other-board"):
        plan(said(numbers={9_999: 1}))


def test_a_session_of_the_past_is_put_down_for_the_record_and_says_so(demo: Flask) -> None:
    made = plan(said(13, since=date(2020, 2, 17), until=date(2020, 2, 21), record=True))
    assert moves(made) == ["record"] and participants_of(db.session(), made) == []
    do(made, lambda work, of: change_session(work, of, said(13, since=of.since, until=of.until, place="Here"), 1))
    assert again(made).place == "Here", "what is past already may be corrected"


def test_only_a_secretary_of_the_fund_runs_sessions(demo: Flask) -> None:
    seated()
    for role in Role:
        if role is not Role.SECRETARY:
            with pytest.raises(Refused):
                plan(said(), someone(role))
    made = plan(said())
    trustee = someone(Role.TRUSTEE)
    changes: list[Change] = [
        open_session,
        lambda work, of: cancel_session(work, of, WHY),
        lambda work, of: add_item(work, of, ItemKind.OTHER, {"en": "A"}),
        lambda work, of: change_session(work, of, said(), 1),
        lambda work, of: note_presence(work, of, {}),
    ]
    for change in changes:
        with pytest.raises(Refused):
            do(made, change, trustee)


def test_who_comes_second_is_told(demo: Flask) -> None:
    made = plan(said())
    do(made, lambda work, of: change_session(work, of, said(41, place="By video"), 1))
    assert refused(made, lambda work, of: change_session(work, of, said(42), 1)) == [("session.changed", None)]
    assert refused(made, lambda work, of: cancel_session(work, of, WHY, 1)) == [("session.changed", None)]
    found = again(made)
    assert (found.number(fund().id), found.place, found.version) == (41, "By video", 2)
    do(made, lambda work, of: change_session(work, of, said(43, place="By video"), 2))
    assert again(made).version == 3, "a change of its number alone is one of its version too"
    taken = refused(
        made, lambda work, of: change_session(work, of, said(numbers={other_fund().id: 5}), 3)
    )  # fmt: skip
    assert taken == [("session.number-kept", f"number_{fund().id}")]
    plan(said(50))
    assert refused(made, lambda work, of: change_session(work, of, said(50), 3))[0][0] == "session.number-known"


# ------------------------------------------------------------------------------------------------------------- steps


def test_the_steps_of_a_session(demo: Flask) -> None:
    made = plan(said())
    assert refused(made, open_session) == [("session.no-agenda", None)]
    assert refused(made, lambda work, of: close_session(work, of, WHY)) == [("session.stands-otherwise", None)]
    assert refused(made, lambda work, of: reopen_session(work, of, WHY)) == [("session.stands-otherwise", None)]
    do(made, lambda work, of: add_item(work, of, ItemKind.POLICY, {"en": "Adoption of the agenda"}))
    do(made, open_session)
    assert refused(made, open_session) == [("session.stands-otherwise", None)]
    assert refused(made, close_session) == [("call.no-reason", "reason")]
    assert refused(made, lambda work, of: close_session(work, of, "x" * 2001)) == [("call.long", "reason")]
    do(made, lambda work, of: close_session(work, of, "Its minutes are on paper."))
    assert refused(made, lambda work, of: cancel_session(work, of, WHY)) == [("session.stands-otherwise", None)]
    assert refused(made, lambda work, of: add_item(work, of, ItemKind.OTHER, {"en": "Late"}))
    assert refused(made, lambda work, of: reopen_session(work, of, " ")) == [("call.no-reason", "reason")]
    do(made, lambda work, of: reopen_session(work, of, "A slip in the record."))
    assert again(made).stage is SessionStage.OPEN
    do(made, lambda work, of: cancel_session(work, of, WHY))
    do(made, lambda work, of: reopen_session(work, of, "It is held after all."))
    assert again(made).stage is SessionStage.PLANNED
    assert moves(made) == ["plan", "open", "close", "reopen", "cancel", "reopen"]


def test_a_trustee_closes_no_session_before_its_minutes_are_approved(shown: Flask) -> None:
    made = opened()
    trustee = someone(Role.TRUSTEE)
    assert refused(made, lambda work, of: close_session(work, of, WHY), trustee) == [("session.no-minutes", None)]
    with pytest.raises(Refused):
        do(made, lambda work, of: close_session(work, of, WHY), someone(Role.DESK_OFFICER))


def test_a_written_procedure_is_not_opened_once_silence_is_over(demo: Flask) -> None:
    made = plan(said(since=today(), until=today() + DAY, way=Way.WRITTEN, silent_until=now() + DAY))
    do(made, lambda work, of: add_item(work, of, ItemKind.PROPOSALS, {"en": "Proposals"}, fund()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fundapp.kernel.work.now", lambda: now() + 2 * DAY)
        assert refused(made, open_session) == [("session.silence-over", None)]
    do(made, open_session)
    assert again(made).stage is SessionStage.OPEN


def test_trustees_are_told_that_a_session_is_open_or_called_off(shown: Flask) -> None:
    made = opened()
    people = {one.person_id for one in seated()}

    def told(kind: str) -> set[int]:
        return set(db.session().scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))

    assert told("session-opened") == people and told("session-cancelled") == set()
    notices = db.session().scalars(sa.select(Notice).where(Notice.kind == "session-opened")).all()
    person = someone(Role.TRUSTEE)
    found = list(heard(db.session(), person, fund().id, [one for one in notices if one.person_id == person.id], now()))
    assert [one.reference for one in found] == ["UPR 25"]
    do(made, lambda work, of: cancel_session(work, of, WHY))
    assert told("session-cancelled") == people
    db.session().expire_all()
    assert list(heard(db.session(), person, fund().id, list(notices), now())) == [], "it is open no more"


def test_trustees_are_reminded_of_what_they_have_not_declared(shown: Flask) -> None:
    made = opened()
    near = datetime.combine(made.since - 7 * DAY, datetime.min.time()) + timedelta(hours=8)
    found = list(reminders(db.session(), near))
    assert {one.person_id for one in found} == {one.person_id for one in seated()}
    assert {one.kind for one in found} == {DECLARE} and len({one.once for one in found}) == 1
    assert list(reminders(db.session(), now())) == [], "a fortnight before is early"
    kept = seated()[1].person_id
    for one in considered(made):
        with unit_of_work(someone(Role.SECRETARY)) as work:
            proposal = work.session.get_one(Proposal, one.proposal_id)
            recuse(work, proposal, work.session.get_one(Person, kept), "A national of the State")
    assert kept not in {one.person_id for one in reminders(db.session(), near)}, "kept from all, nothing to declare"


# ---------------------------------------------------------------------------------------------------------- the list


def test_what_comes_next_comes_first(demo: Flask) -> None:
    plan(said(13, since=date(2020, 2, 17), until=date(2020, 2, 21), place="Geneva", way=Way.PLACE, record=True))
    plan(said(14, since=date(2020, 11, 16), until=date(2020, 11, 18), record=True))
    plan(said(42, since=today() + 60 * DAY, until=today() + 60 * DAY))
    plan(said(41))
    off = plan(said(43))
    do(off, lambda work, of: cancel_session(work, of, WHY))

    def numbers(**more: Any) -> list[int]:
        found = sessions_of(db.session(), Console(), fund(), SessionsWanted(**more), today())
        return [one.number for one in found]

    assert numbers() == [41, 42, 43, 14, 13]
    assert numbers(sort="number") == [13, 14, 41, 42, 43] and numbers(sort="-number")[0] == 43
    assert numbers(year=2020) == [14, 13] and numbers(words="geneva") == [13]
    assert numbers(stage=SessionStage.CANCELLED) == [43] and numbers(way=Way.PLACE) == [13]


def test_a_role_in_another_fund_reads_no_counts(shown: Flask) -> None:
    opened()
    with unit_of_work(Console()) as work:
        person = add_person(work, None, "reader@example.org", "correct horse battery")
        grant(work, person, Role.REVIEWER)
    row = sessions_of(db.session(), person, fund(), SessionsWanted(), today())[0]
    assert (row.items, row.proposals) == (0, 0)
    row = sessions_of(db.session(), someone(Role.AUDITOR), fund(), SessionsWanted(), today())[0]
    assert (row.items, row.proposals) == (2, 4)
