"""What is done to the Board as a body, and what is refused: then all is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from board_seats import DAY, HERE, Change, do, refused, said_of, seen, send, term_of, trustee, until
from boards import FIRST, seated, the_board
from calls import faults, fund, second_secretary, someone
from crowd import meeting, together
from flask import Flask
from visiting import as_a

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.operations import Console
from fundapp.access.policy import Permission, Refused, Role
from fundapp.board.models import BoardRules, ChairTerm, Trustee, TrusteeTerm
from fundapp.board.operations import members
from fundapp.board.queries.sitting import sitting
from fundapp.board.rules.terms import (
    GivenRules,
    last_day,
)
from fundapp.funds.models import Board, Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.reference.rules import Group

pytestmark = pytest.mark.usefixtures("one_click")


def test_a_trustee_is_recorded_once(demo: Flask) -> None:
    one = trustee(1)
    assert refused(lambda w, b: members.add_trustee(w, b, " sefanaia  VAKATORA", "FJI", None)) == {
        ("board.trustee-known", "name")
    }
    person = db.session.get_one(Person, one.person_id)
    assert refused(lambda w, b: members.add_trustee(w, b, "Other", "XXX", person)) == {
        ("board.no-state", "country"), ("board.person-known", "person"),
    }  # fmt: skip
    assert refused(lambda w, b: members.add_trustee(w, b, " ", None, None)) == {("board.no-name", "name")}
    assert refused(lambda w, b: members.add_trustee(w, b, "x" * 201, None, None)) == {("call.long", "name")}


def test_somebody_of_another_fund_signs_in_as_no_trustee(demo: Flask) -> None:
    finance = someone(Role.FINANCE_OFFICER)
    assert refused(lambda w, b: members.add_trustee(w, b, "Other", None, finance)) == {
        ("board.person-no-trustee", "person")
    }


@operation(Permission.FUND_SET_UP, name="tests.another_board")
def another_board(work: Work, _: None) -> Board:
    """A Board of another fund."""
    names = {f"name_{language}": "Other" for language in ("ar", "zh", "en", "fr", "ru", "es")}
    made = Board(code="OTHER", **names)
    work.session.add(made)
    return made


def test_a_trustee_of_another_board_is_not_ours(demo: Flask) -> None:
    seated()
    with unit_of_work(Console()) as work:
        of = another_board(work, None)
        members.constitute(work, of)
        other = members.add_trustee(work, of, "Somebody", None, None)
        held = members.appoint(work, of, other, Group.AFRICAN, FIRST, date(2026, 12, 31), 1)
        key, term = other.id, held.id
    client = as_a(demo, "secretary")
    for address in (f"/trustees/{key}", f"/trustees/{key}/change", f"/terms/{term}", f"/terms/{term}/end"):
        assert client.get(f"{HERE}{address}").status_code == 404
    until(trustee(1), today() - DAY)
    given = {"trustee": key, "seat": "african", "since": today().isoformat(), "until": "", "number": "1"}
    status, page = send(client, "/appoint", **given)
    assert status == 422 and "Choose a trustee of this Board." in faults(page)
    assert refused(lambda w, b: members.appoint(
        w, b, w.session.get_one(Trustee, key), Group.AFRICAN, today(), today() + DAY, 1
    )) == {("board.other-board", None)}  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "number", "codes"),
    [
        (date(2029, 1, 1), date(2031, 12, 31), 2, set()),
        (date(2029, 1, 1), date(2032, 1, 1), 2, {("board.term-long", "until")}),
        (date(2029, 1, 1), date(2028, 12, 31), 2, {("board.term-backwards", "until")}),
        (date(2029, 1, 1), date(2031, 12, 31), 1, {("board.term-counted", "number")}),
        (date(2029, 1, 1), date(2031, 12, 31), 3, {("board.term-number", "number")}),
        (date(2028, 12, 31), date(2029, 12, 31), 2, {("board.seat-held", "since")}),
        (date(9999, 1, 1), date(9999, 12, 31), 2, {("board.day-far", "since"), ("board.day-far", "until")}),
    ],
)
def test_another_term(demo: Flask, since: date, until: date, number: int, codes: set[tuple[str, str | None]]) -> None:
    key = trustee(1).id

    def give(work: Work, board: Board) -> None:
        members.appoint(work, board, work.session.get_one(Trustee, key), Group.AFRICAN, since, until, number)

    if codes:
        assert refused(give) == codes
    else:
        do(give)
        assert len(db.session.get_one(Trustee, key).terms) == 2


def test_a_replacement_mid_term(demo: Flask) -> None:
    one = trustee(1)
    of, ended = term_of(one).id, today() - DAY
    do(lambda w, b: members.end_term(w, b, w.session.get_one(TrusteeTerm, of), ended, "Resigned.", 1))
    assert said_of(seen()) == ["board.seat-left"]
    do(lambda w, b: members.appoint(
        w, b, members.add_trustee(w, b, "Ada", "GHA", None), Group.AFRICAN, today(), date(2028, 12, 31), 1
    ))  # fmt: skip
    found = seen()
    assert said_of(found) == [] and found.past[0].name == "Sefanaia Vakatora"
    assert found.past[0].terms[0].end_reason == "Resigned."
    assert {one.name for one in sitting(db.session(), the_board().id, ended)} >= {"Sefanaia Vakatora"}
    assert refused(lambda w, b: members.resume_term(w, b, w.session.get_one(TrusteeTerm, of), 2)) == {
        ("board.seat-taken", "since")
    }


def test_the_end_is_taken_back(demo: Flask) -> None:
    of = term_of(trustee(1)).id
    assert refused(lambda w, b: members.resume_term(w, b, w.session.get_one(TrusteeTerm, of), 1)) == {
        ("board.not-ended", None)
    }
    do(lambda w, b: members.end_term(w, b, w.session.get_one(TrusteeTerm, of), FIRST, "A mistake.", 1))
    do(lambda w, b: members.resume_term(w, b, w.session.get_one(TrusteeTerm, of), 2))
    assert said_of(seen()) == [] and term_of(trustee(1)).end_reason == ""


@pytest.mark.parametrize(
    ("ended", "reason", "codes"),
    [
        (None, "Why.", {("board.no-day", "ended_on")}),
        (FIRST - 2 * DAY, "Why.", {("board.ended-before", "ended_on")}),
        (date(2028, 12, 31), "Why.", {("board.ended-after", "ended_on")}),
        (FIRST, " ", {("board.no-reason", "reason")}),
        (FIRST, "x" * 2_001, {("call.long", "reason")}),
    ],
)
def test_an_end_that_is_none(
    demo: Flask, ended: date | None, reason: str, codes: set[tuple[str, str | None]]
) -> None:  # fmt: skip
    of = term_of(trustee(1)).id
    assert refused(lambda w, b: members.end_term(w, b, w.session.get_one(TrusteeTerm, of), ended, reason, 1)) == codes


def test_a_term_ends_once_and_as_it_was_seen(demo: Flask) -> None:
    of = term_of(trustee(1)).id
    end = members.end_term
    assert refused(lambda w, b: end(w, b, w.session.get_one(TrusteeTerm, of), FIRST, "Why.", 7)) == {
        ("board.changed", None)
    }
    do(lambda w, b: end(w, b, w.session.get_one(TrusteeTerm, of), FIRST, "Why.", 1))
    assert refused(lambda w, b: end(w, b, w.session.get_one(TrusteeTerm, of), FIRST, "Why.", 2)) == {
        ("board.ended-already", None)
    }


def test_who_leaves_the_seat_leaves_the_chair(demo: Flask) -> None:
    of, ended = term_of(trustee(0)).id, today() - 3 * DAY
    do(lambda w, b: members.end_term(w, b, w.session.get_one(TrusteeTerm, of), ended, "Resigned.", 1))
    assert db.session.scalars(sa.select(ChairTerm.until)).one() == ended
    assert said_of(seen()) == ["board.no-chair", "board.seat-left"]


def test_a_seat_that_was_never_taken_up_is_free(demo: Flask) -> None:
    one = trustee(0)
    of = term_of(one).id
    do(lambda w, b: members.end_term(w, b, w.session.get_one(TrusteeTerm, of), FIRST - DAY, "Declined.", 1))
    found = seen()
    assert found.chairs == [] and found.past == [] and [m.name for m in found.without_seat] == [one.name]
    do(lambda w, b: members.appoint(
        w, b, w.session.get_one(Trustee, one.id), Group.ASIA_PACIFIC, FIRST, last_day(FIRST, 3), 1
    ))  # fmt: skip
    assert seen().state.filled == 5


def test_a_term_is_corrected(demo: Flask) -> None:
    of = term_of(trustee(1)).id
    change = members.change_term
    do(lambda w, b: change(w, b, w.session.get_one(TrusteeTerm, of), FIRST + DAY, date(2028, 12, 30), 2, 1))
    found = term_of(trustee(1))
    assert (found.since, found.until, found.number) == (FIRST + DAY, date(2028, 12, 30), 2)

    def term(work: Work) -> TrusteeTerm:
        return work.session.get_one(TrusteeTerm, of)

    assert refused(lambda w, b: change(w, b, term(w), FIRST, FIRST, 1, 1)) == {("board.changed", None)}
    assert refused(lambda w, b: change(w, b, term(w), FIRST, date(2030, 1, 1), 1, 2)) == {("board.term-long", "until")}
    do(lambda w, b: members.end_term(w, b, term(w), date(2027, 1, 1), "Why.", 2))
    assert refused(lambda w, b: change(w, b, term(w), FIRST, date(2026, 12, 31), 1, 3)) == {
        ("board.ended-already", None)
    }


def test_the_chair_goes_round(demo: Flask) -> None:
    first, second = trustee(0).id, trustee(2).id
    chair = members.set_chair

    def named(key: int, since: date, until: date | None = None) -> Change:
        return lambda w, b: chair(w, b, w.session.get_one(Trustee, key), since, until)

    assert refused(named(first, today())) == {("board.chairs-already", "trustee")}
    assert refused(named(second, FIRST - DAY)) >= {("board.chair-unseated", "since")}
    do(named(second, today()))
    found = seen()
    assert found.state.chair and found.state.chair.trustee == second and found.chairs[1].until == today() - DAY
    assert found.short == {found.chairs[1].id}  # no session in that time
    assert refused(named(first, FIRST)) >= {("board.chair-before", "until")}
    assert refused(named(first, today(), today() + DAY)) == {("board.chair-taken", "since")}


def test_the_chair_has_a_last_day(demo: Flask) -> None:
    seated()
    of = db.session.scalars(sa.select(ChairTerm.id)).one()
    end = members.end_chair

    def chair(work: Work) -> ChairTerm:
        return work.session.get_one(ChairTerm, of)

    assert refused(lambda w, b: end(w, b, chair(w), date(2029, 1, 1), 1)) == {("board.chair-past", "until")}
    assert refused(lambda w, b: end(w, b, chair(w), FIRST - 2 * DAY, 1)) == {("board.chair-backwards", "until")}
    assert refused(lambda w, b: end(w, b, chair(w), today(), 9)) == {("board.changed", None)}
    do(lambda w, b: end(w, b, chair(w), today() + DAY, 1))
    assert said_of(seen()) == ["board.chair-runs-out"]
    do(lambda w, b: end(w, b, chair(w), FIRST - DAY, 2))
    assert said_of(seen()) == ["board.no-chair"] and seen().chairs == []


def test_chairs_of_the_past_are_recorded_with_their_last_day(demo: Flask) -> None:
    since = date(2019, 1, 1)

    def past(work: Work, board: Board) -> None:
        one = members.add_trustee(work, board, "Esi", "GHA", None)
        members.appoint(work, board, one, Group.AFRICAN, since, date(2021, 12, 31), 1)
        members.set_chair(work, board, one, since, date(2020, 12, 31))

    seated()
    do(past)
    found = seen(date(2020, 10, 26))
    assert found.state.chair and found.state.chair.name == "Esi" and found.state.filled == 1
    assert seen().state.chair != found.state.chair


def test_the_rules_are_as_they_were_seen(demo: Flask) -> None:
    set_rules = members.set_rules
    assert refused(lambda w, b: set_rules(w, b, GivenRules(0, 3, 2, 2), 1)) == {("board.rule", "quorum")}
    do(lambda w, b: set_rules(w, b, GivenRules(4, 4, 3, 1), 1))
    assert refused(lambda w, b: set_rules(w, b, GivenRules(3, 3, 2, 2), 1)) == {("board.changed", None)}
    found = db.session.scalars(sa.select(BoardRules)).one()
    assert (found.quorum, found.term_years, found.most_terms, found.chair_sessions) == (4, 4, 3, 1)


@pytest.mark.parametrize("role", [Role.TRUSTEE, Role.DESK_OFFICER, Role.ADMINISTRATOR, Role.APPROVING_OFFICER])
def test_only_a_secretary_seats_the_board(demo: Flask, role: Role) -> None:
    with pytest.raises(Refused), unit_of_work(someone(role)) as work:
        members.add_trustee(work, work.session.get_one(Board, the_board().id), "Ada", None, None)


def test_approval_is_each_fund_s_own(demo: Flask) -> None:
    second = second_secretary(code="AHA")
    with pytest.raises(Refused), unit_of_work(second) as work:
        members.require_approval(work, work.session.get_one(Fund, fund().id), True)


@pytest.fixture
def shared(demo: Flask, tmp_path: Path) -> Iterator[Flask]:
    seated()
    do(lambda w, b: members.add_trustee(w, b, "Ada", "GHA", None))
    do(lambda w, b: members.add_trustee(w, b, "Ben", "GHA", None))
    of = term_of(trustee(1)).id
    do(lambda w, b: members.end_term(w, b, w.session.get_one(TrusteeTerm, of), today() - DAY, "Resigned.", 1))
    db.session.remove()
    with meeting(demo, tmp_path) as app:
        yield app


def fill(name: str) -> str:
    """Give the vacant seat to somebody."""
    with unit_of_work(someone(Role.SECRETARY)) as work:
        board = work.session.get_one(Board, the_board().id)
        one = work.session.scalars(sa.select(Trustee).where(Trustee.name == name)).one()
        members.appoint(work, board, one, Group.AFRICAN, today(), today() + DAY, 1)
    return "done"


def take_back() -> str:
    """Have whoever left the seat hold it again."""
    with unit_of_work(someone(Role.SECRETARY)) as work:
        board = work.session.get_one(Board, the_board().id)
        ended = work.session.scalars(sa.select(TrusteeTerm).where(TrusteeTerm.ended_on.is_not(None))).one()
        members.resume_term(work, board, ended, ended.version)
    return "done"


def test_of_three_who_fill_a_seat_at_once_one_does(shared: Flask) -> None:
    said = together(shared, lambda: fill("Ada"), lambda: fill("Ben"), take_back)
    assert sorted(map(str, said)) == ["board.seat-taken", "board.seat-taken", "done"]
    with shared.app_context():
        assert len([one for one in sitting(db.session(), the_board().id, today()) if one.group is Group.AFRICAN]) == 1


def test_of_two_who_record_somebody_at_once_one_does(shared: Flask) -> None:
    def record() -> str:
        do(lambda w, b: members.add_trustee(w, b, "Chika", "NGA", None))
        return "done"

    assert sorted(map(str, together(shared, record, record))) == ["board.trustee-known", "done"]
