"""Pages of the Board as a body, with what can be typed wrongly, and the command line."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
import sqlalchemy as sa
from board_seats import DAY, HERE, do, send, term_of, trustee, until
from boards import planned, seated
from calls import faults, fund
from commands import Command, command, everything, one_sentence
from flask import Flask
from visiting import as_a, statements, text_of

from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Role
from fundapp.board.models import ChairTerm, Trustee, TrusteeTerm
from fundapp.board.operations import members
from fundapp.board.rules.terms import (
    last_day,
)
from fundapp.funds.models import Board, Fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.reference.rules import Group

__all__ = ["command"]  # a fixture
pytestmark = pytest.mark.usefixtures("one_click")


# ------------------------------------------------------------------------------------------------------------- pages


def test_the_board_s_page(shown: Flask) -> None:
    planned()
    until(trustee(3), today() + 20 * DAY)
    until(trustee(4), today() - DAY)
    page = text_of(as_a(shown, "secretary"), HERE)
    assert page.count('<tr role="row"><th scope="row"') == 5 + 1  # seats, and one of the past
    assert "runs out" in page and "vacant" in page and "Who follows" not in page and ">Renew<" in page
    assert "Session 25" in page and "(days left: 20)" in page and "The next term to end is that of Klaas" in page
    reader = text_of(as_a(shown, "trustee"), HERE)
    assert "Fill a seat" not in reader and "Renew<" not in reader and "Klaas Verbeek" in reader


def test_the_board_on_another_day(demo: Flask) -> None:
    seated()
    client = as_a(demo, "auditor")
    page = text_of(client, f"{HERE}?on=2020-10-26")
    assert "26 October 2020" in page and "The Board cannot do its work" not in page and "Klaas" in page
    answer = client.get(f"{HERE}?on=2020-13-26")
    assert answer.status_code == 400 and "2020-13-26" in answer.text


@pytest.mark.parametrize("address", ["", "?on=2020-10-26", "/trustees/{0}"])
def test_queries_do_not_grow(shown: Flask, address: str) -> None:
    planned()
    client, key = as_a(shown, "secretary"), trustee(0).id
    here = f"{HERE}{address.format(key)}"
    with statements(shown) as before:
        text_of(client, here)
    since = date(2000, 1, 1)

    def more(work: Work, board: Board) -> None:
        for number in range(8):
            one = members.add_trustee(work, board, f"Past {number}", "GHA", None)
            start = date(since.year + 2 * number, 1, 1)
            members.appoint(work, board, one, Group.AFRICAN, start, last_day(start, 2), 1)

    do(more)
    with statements(shown) as after:
        text_of(client, here)
    assert len(before) == len(after) <= 14


def test_a_trustee_is_recorded_and_seated_in_the_browser(demo: Flask) -> None:
    with unit_of_work(Console()) as work:
        person = add_person(work, None, "new@example.org", "correct horse battery", name="Neue Person")
        grant(work, person, Role.TRUSTEE)
        key = person.id
    client = as_a(demo, "secretary")
    assert "Neue Person" in text_of(client, f"{HERE}/trustees/new")
    status, page = send(client, "/trustees/new", name="Esi <b>", country="GHA", person=key, version="")
    assert status == 302 and "The trustee is recorded." in page and "Esi &lt;b&gt;" in page
    made = db.session.scalars(sa.select(Trustee)).one()
    given = {"trustee": made.id, "seat": "african", "since": "٢٠٢٦-٠١-٠١", "until": "", "number": "١"}
    status, page = send(client, "/appoint", **given)
    assert status == 302 and "2028-12-31" in page and "first term" in page and "Neue Person" in page
    status, page = send(client, "/appoint", **given)
    assert status == 422 and any("holds this seat from" in one for one in faults(page))
    assert db.session.scalar(sa.select(sa.func.count(TrusteeTerm.id))) == 1


def test_a_term_of_the_past_is_said_to_be_one(demo: Flask) -> None:
    do(lambda w, b: members.add_trustee(w, b, "Esi", "GHA", None))
    key = db.session.scalars(sa.select(Trustee.id)).one()
    given = {"seat": "african", "since": "2019-01-01", "until": (today() - DAY).isoformat(), "number": "1"}
    client = as_a(demo, "secretary")
    status, page = send(client, "/appoint", trustee=key, **given | {"until": "2019-12-31"})
    assert status == 302 and "recorded as one of the past" in page and "Held a seat until 31 December 2019" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trustee": ""}, "Choose a trustee of this Board."),
        ({"trustee": "9" * 30}, "Choose a trustee of this Board."),
        ({"seat": "martian"}, "Choose a seat."),
        ({"since": "tomorrow"}, "“tomorrow” is no date. Write it like 2026-12-15."),
        ({"since": "20260101"}, "“20260101” is no date. Write it like 2026-12-15."),
        ({"since": ""}, "Give the day."),
        ({"since": "0206-01-01"}, "0206-01-01 cannot be right"),
        ({"since": "9999-12-31"}, "9999-12-31 cannot be right"),
        ({"until": "2026-02-30"}, "“2026-02-30” is no date. Write it like 2026-12-15."),
        ({"until": "2025-12-31"}, "The term ends before it begins."),
        ({"number": "first"}, "This is no whole number: first"),
        ({"number": "3"}, "Terms are counted from 1 to 2: nobody holds more."),
        ({"number": "0"}, "Terms are counted from 1 to 2: nobody holds more."),
    ],
)
def test_a_seat_asked_for_wrongly(demo: Flask, changed: dict[str, str], said: str) -> None:
    do(lambda w, b: members.add_trustee(w, b, "Esi", "GHA", None))
    key = str(db.session.scalars(sa.select(Trustee.id)).one())
    given = {"trustee": key, "seat": "african", "since": "2026-01-01", "until": "", "number": "1"} | changed
    client, before = as_a(demo, "secretary"), everything()
    status, page = send(client, "/appoint", **given)
    assert status == 422 and any(one.startswith(said) for one in faults(page)), faults(page)
    assert everything() == before


def test_what_is_offered_follows_from_the_seat(demo: Flask) -> None:
    client = as_a(demo, "secretary")
    one = trustee(1)
    page = text_of(client, f"{HERE}/appoint?trustee={one.id}")
    assert 'value="2029-01-01"' in page and 'value="2031-12-31"' in page and 'value="2"' in page
    of = term_of(one).id
    do(lambda w, b: members.end_term(w, b, w.session.get_one(TrusteeTerm, of), today() - DAY, "Resigned.", 1))
    page = text_of(client, f"{HERE}/appoint?seat=african")
    assert f'value="{today()}"' in page and 'value="2028-12-31"' in page  # the rest of the term
    assert "left early: the term was to last until" in page
    text_of(client, f"{HERE}/appoint?seat=nowhere&trustee={'9' * 30}")


def test_a_term_is_ended_and_taken_back_in_the_browser(demo: Flask) -> None:
    one = trustee(0)
    of, client = term_of(one).id, as_a(demo, "secretary")
    page = text_of(client, f"{HERE}/terms/{of}/end")
    assert "This trustee chairs the Board" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]  # type: ignore[index]
    status, page = send(client, f"/terms/{of}/end", ended_on="", reason="", version=version)
    assert status == 422 and {"Give the day.", "Give the reason."} <= {*faults(page)}
    when = {"ended_on": (today() - DAY).isoformat(), "reason": "Took another\r\noffice.\0", "version": version}
    status, page = send(client, f"/terms/{of}/end", **when)
    assert status in (302, 400)
    if status == 400:  # zero bytes are asked wrongly, and nothing is done
        status, page = send(client, f"/terms/{of}/end", **when | {"reason": "Took another\r\noffice."})
    assert status == 302 and "Ended early" in page and "Took another<br>office." in page
    assert "Took another" not in text_of(as_a(demo, "reviewer"), f"{HERE}/trustees/{one.id}")
    assert "Took another" in text_of(as_a(demo, "auditor"), f"{HERE}/trustees/{one.id}")
    status, page = send(client, f"/terms/{of}/end", **when | {"reason": "Again."})
    assert status == 409 and "Somebody changed this meanwhile" in page
    status, page = send(client, f"/terms/{of}/resume", version="3")
    assert status == 409
    current = re.search(r'name="version" value="(\d+)"', text_of(client, f"{HERE}/terms/{of}/resume"))
    assert current
    status, page = send(client, f"/terms/{of}/resume", version=current[1])
    assert status == 302 and "The term goes on as it was given." in page


def test_two_people_change_a_trustee(demo: Flask) -> None:
    one, client = trustee(1), as_a(demo, "secretary")
    given = {"name": "Sefanaia V.", "country": "FJI", "person": str(one.person_id), "version": "1"}
    status, page = send(client, f"/trustees/{one.id}/change", **given)
    assert status == 302 and "Sefanaia V." in page
    status, page = send(client, f"/trustees/{one.id}/change", **given | {"name": "Other"})
    assert status == 409 and "Somebody changed this meanwhile" in page and 'value="Other"' in page
    assert 'name="version" value="2"' in page
    status, page = send(client, f"/trustees/{one.id}/change", **given | {"person": "999999", "version": "2"})
    assert status == 422 and "There is nobody of that kind: choose again." in faults(page)
    status, page = send(client, f"/trustees/{one.id}/change", **given | {"person": "zz", "version": "2"})
    assert status == 422


def test_a_chair_who_makes_way_too_early_is_told_of(shown: Flask) -> None:
    planned()
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/chair")
    assert "The chair of today has not covered so many yet" in page
    given = {"trustee": str(trustee(2).id), "since": today().isoformat(), "until": ""}
    status, page = send(client, "/chair", **given)
    assert status == 302 and "A chair covers at least so many by the rules: 2." in page and "fewer than 2" in page
    status, page = send(client, "/chair", **given)
    assert status == 422 and any("chairs" in one or "Somebody" in one for one in faults(page))
    assert send(client, "/chair", trustee="", since="x", until="y")[0] == 422
    of = db.session.scalars(sa.select(ChairTerm.id).where(ChairTerm.until.is_(None))).one()
    assert send(client, f"/chair/{of}/end", until="", version="1")[0] == 422
    status, page = send(client, f"/chair/{of}/end", until=(today() + 30 * DAY).isoformat(), version="1")
    assert status == 302 and "nobody is to chair after that" in page


def test_the_rules_in_the_browser(demo: Flask) -> None:
    seated()
    client = as_a(demo, "secretary")
    given = {"quorum": "4", "term_years": "3", "most_terms": "2", "chair_sessions": "2", "version": "1"}
    for wrong in ("six", "6", "", "-1", "3.5"):
        status, page = send(client, "/rules", **given | {"quorum": wrong})
        assert status == 422 and faults(page), wrong
    status, page = send(client, "/rules", **given, approves="y")
    assert status == 302 and "An item needs 4 trustees" in page and "approval first" in page
    assert db.session.get_one(Fund, fund().id).board_approves
    status, page = send(client, "/rules", **given)
    assert status == 409 and db.session.get_one(Fund, fund().id).board_approves


@pytest.mark.parametrize("role", ["trustee", "desk-officer", "auditor", "reviewer"])
def test_others_read_and_change_nothing(demo: Flask, role: str) -> None:
    one = trustee(0)
    client, of = as_a(demo, role), term_of(one).id
    text_of(client, HERE)
    text_of(client, f"{HERE}/trustees/{one.id}")
    for address in ("/appoint", "/trustees/new", f"/trustees/{one.id}/change", f"/terms/{of}", "/chair", "/rules"):
        assert client.get(f"{HERE}{address}").status_code == 403, address
        assert client.post(f"{HERE}{address}", data={}).status_code == 403, address


def test_an_office_does_not_read_of_the_board(demo: Flask) -> None:
    seated()
    assert as_a(demo, "field-officer").get(HERE).status_code in (403, 404)


# ------------------------------------------------------------------------------------------------------ command line


def test_the_board_on_the_command_line(demo: Flask, command: Command) -> None:
    until(trustee(4), today() - DAY)
    said = command("board", "show", "UPR")
    assert (said.status, said.err) == (0, "")
    assert f"vacant since {today()}" in said.out and "filled      4 of 5; quorum 3" in said.out
    assert "Klaas Verbeek (Netherlands (Kingdom of the)), term 1, 2026-01-01 to 2028-12-31" in said.out
    assert "! Group of Eastern European States: the term of Bohdan Marchuk ended on" in said.out
    found = json.loads(command("board", "show", "UPR", "--format", "json").out)
    assert found["board"] == "AHA" and found["funds"] == ["AHA", "UPR"] and found["chair"]["since"] == "2026-01-01"
    assert [one["trustee"] for one in found["seats"]].count(None) == 1 and found["past"][0]["name"] == "Bohdan Marchuk"
    past = json.loads(command("board", "show", "UPR", "--on", "2020-10-26", "--format", "json").out)
    assert past["on"] == "2020-10-26" and not any(one["trustee"] for one in past["seats"])


def test_a_board_that_was_never_seated_on_the_command_line(seeded: Flask, command: Command) -> None:
    said = command("board", "show", "AHA")
    assert said.status == 0 and said.out.count("never filled") == 10 and "chair       -" in said.out


def test_the_command_line_refuses(demo: Flask, command: Command) -> None:
    assert "There is no fund XXX" in one_sentence(command("board", "show", "XXX"))
    assert command("board", "show", "UPR", "--on", "2020-13-26").status == 2
