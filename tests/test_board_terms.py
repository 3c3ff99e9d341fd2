"""Terms and chairs by their rules, and what of the Board should be seen to on a day."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from board_seats import DAY, HERE, do, said_of, seen, trustee, until
from boards import FIRST, planned, seated, the_board
from flask import Flask
from visiting import as_a, text_of

from fundapp.access.models import Grant, Person
from fundapp.access.operations import Console, end_grant
from fundapp.board.models import Trustee
from fundapp.board.operations import members
from fundapp.board.queries.sitting import sitting
from fundapp.board.rules.lanes import years_of
from fundapp.board.rules.seats import other_groups, signing_in
from fundapp.board.rules.terms import (
    Chairing,
    GivenRules,
    Term,
    chair_faults,
    day_faults,
    rules_faults,
    seated_through,
    term_faults,
)
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.reference.rules import Group

pytestmark = pytest.mark.usefixtures("one_click")


# ------------------------------------------------------------------------------------------------------------- rules


def test_a_term_that_was_never_taken_up_keeps_nobody_away() -> None:
    never = Term(1, 7, 1, date(2026, 1, 1), date(2025, 12, 31))
    new = Term(1, 8, 1, date(2025, 6, 1), date(2027, 1, 1))
    assert not new.overlaps(never) and not list(term_faults(new, [never], years=3, most=2))


def test_numbers_of_terms_follow_their_days() -> None:
    later = Term(1, 7, 1, date(2026, 1, 1), date(2026, 12, 31))
    early = Term(1, 7, 2, date(2023, 1, 1), date(2024, 1, 1))
    assert [fault.code for fault in term_faults(early, [later], years=3, most=2)] == ["board.term-counted-later"]


def test_who_is_seated_through_which_day() -> None:
    first, second = Term(1, 7, 1, date(2020, 1, 1), date(2022, 12, 31)), Term(2, 7, 2, date(2023, 1, 1), FIRST)
    assert seated_through([second, first], date(2021, 1, 1)) == FIRST
    assert seated_through([first], date(2023, 1, 1)) is None


@pytest.mark.parametrize(
    ("since", "until", "codes"),
    [
        (date(2021, 1, 1), None, []),
        (date(2019, 1, 1), date(2019, 12, 31), ["board.chair-unseated"]),
        (date(2026, 1, 1), None, ["board.chair-over"]),
        (date(2021, 1, 1), date(2026, 1, 1), ["board.chair-past"]),
        (date(2021, 1, 1), date(2020, 6, 1), ["board.chair-backwards"]),
        (date(2020, 2, 1), None, ["board.chair-before"]),
        (date(2020, 2, 1), date(2020, 8, 1), ["board.chair-taken"]),
        (date(2020, 2, 1), date(2020, 5, 1), []),
    ],
)
def test_who_chairs_is_seated_and_alone(since: date, until: date | None, codes: list[str]) -> None:
    terms, other = [Term(1, 7, 1, date(2020, 1, 1), date(2022, 12, 31))], Chairing(8, date(2020, 6, 1), None)
    assert [one.code for one in chair_faults(Chairing(7, since, until), "Ada", terms, [other])] == codes


@pytest.mark.parametrize("day", [date(206, 1, 1), date(1945, 10, 23), date(2037, 1, 1), date(9999, 12, 31)])
def test_a_day_that_cannot_be_right(day: date) -> None:
    assert [one.field for one in day_faults((("since", day), ("until", None)), date(2026, 11, 28))] == ["since"]
    assert not day_faults((("since", date(2036, 12, 31)),), date(2026, 11, 28))


def test_rules_have_their_limits() -> None:
    assert not list(rules_faults(GivenRules(5, 10, 5, 10)))
    assert {one.field for one in rules_faults(GivenRules(6, 0, 6, -1))} == {
        "quorum", "term_years", "most_terms", "chair_sessions",
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------- what to see to


def test_a_whole_board_leaves_nothing_to_see_to(demo: Flask) -> None:
    seated()
    found = seen()
    assert said_of(found) == [] and found.state.filled == 5 and found.past == [] and found.next_end
    assert [one.code for one in other_groups(found.seats)] == ["board.other-group"]  # Fiji in an African seat
    assert signing_in(found.seats, found.still_signing_in) == []


def test_a_seat_that_was_never_filled(demo: Flask) -> None:
    found = seen()
    assert said_of(found) == ["board.under-quorum", "board.no-chair"] + ["board.seat-never"] * 5
    assert years_of(found.seats, found.terms, today()) is None


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (-1, "board.seat-over"), (0, "board.term-runs-out"), (180, "board.term-runs-out"), (181, None),
    ],
)  # fmt: skip
def test_a_term_that_ended_yesterday_or_soon_will(demo: Flask, days: int, code: str | None) -> None:
    until(trustee(1), today() + days * DAY)
    found = seen()
    assert said_of(found) == ([code] if code else [])
    vacant = [seat.group for seat in found.seats if seat.now is None]
    assert vacant == ([Group.AFRICAN] if days < 0 else [])
    assert len(sitting(db.session(), the_board().id, today())) == 5 - len(vacant)


def test_the_last_term_is_said_to_be_so(demo: Flask) -> None:
    one, soon = trustee(1), today() + 30 * DAY
    do(lambda work, board: members.set_rules(work, board, GivenRules(3, 3, 1, 2), 1))
    until(one, soon)
    assert said_of(seen()) == ["board.last-term-runs-out"]


def test_a_successor_ends_the_warning(demo: Flask) -> None:
    soon = today() + 30 * DAY
    until(trustee(1), soon)
    do(lambda work, board: members.appoint(
        work, board, members.add_trustee(work, board, "Ada", None, None), Group.AFRICAN, soon + DAY, soon + 90 * DAY, 1
    ))  # fmt: skip
    found = seen()
    assert said_of(found) == [] and found.seats[0].follows
    assert said_of(seen(soon + 91 * DAY)) == ["board.seat-over"]


def test_a_seat_waits_for_somebody(demo: Flask) -> None:
    until(trustee(1), today() - DAY)
    later = today() + 20 * DAY
    do(lambda work, board: members.appoint(
        work, board, members.add_trustee(work, board, "Ada", None, None), Group.AFRICAN, later, later + 90 * DAY, 1
    ))  # fmt: skip
    assert said_of(seen()) == ["board.seat-waits"]


def test_a_chair_whose_seat_runs_out_is_followed_by_nobody(demo: Flask) -> None:
    until(trustee(0), today() + 10 * DAY)
    assert said_of(seen()) == ["board.term-runs-out", "board.chair-runs-out"]
    assert said_of(seen(today() + 11 * DAY)) == ["board.no-chair", "board.seat-over"]


def test_a_session_whose_quorum_will_be_lacking(shown: Flask) -> None:
    planned()
    for number in (1, 2, 3):
        until(trustee(number), today() + 5 * DAY)
    codes = said_of(seen())
    assert codes == ["board.session-under-quorum", *["board.term-runs-out"] * 3]


def test_who_can_sign_in_is_looked_at(demo: Flask) -> None:
    until(trustee(1), today() - DAY)
    gone = db.session.get_one(Trustee, trustee(2).id).person_id
    with unit_of_work(Console()) as work:
        asked = sa.select(Grant).where(Grant.person_id == gone, Grant.ended_at.is_(None))
        for one in work.session.scalars(asked).all():
            end_grant(work, work.session.get_one(Person, gone), one.id)
    found = seen()
    told = signing_in(found.seats, found.still_signing_in)
    assert [(one.code, one.values["names"]) for one in told] == [
        ("board.cannot-sign-in", ["Ofelia Duarte"]), ("board.still-signs-in", ["Sefanaia Vakatora"]),
    ]  # fmt: skip
    page = text_of(as_a(demo, "secretary"), HERE)
    assert "cannot sign in as trustees: Ofelia Duarte" in page
    assert "cannot sign in as trustees" not in text_of(as_a(demo, "trustee"), HERE)
