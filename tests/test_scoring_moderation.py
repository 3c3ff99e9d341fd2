"""Disagreement between reviewers: where it is, who may see it, what is said of it and what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from calls import faults, second_secretary, someone
from commands import everything
from flask import Flask
from flask.testing import FlaskClient
from scoring_seen import (
    CODES,
    HERE,
    give,
    keep_from,
    open_scoring,
    proposal,
    proposal_in,
    reopen,
    reviewer,
    round_in,
    round_now,
    scored,
    shut,
)
from visiting import as_a, statements, text_of

from conftest import vandal
from fundapp.access.policy import Refused, Role
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work
from fundapp.scoring.models import Moderation, ModerationComment, Outcome
from fundapp.scoring.operations.moderating import conclude, say

LETTER, NATIONAL = CODES[1], CODES[2]
# 1: apart by three on the letter. 2: by two on national systems. 3: by one. 4: one alone. 5: one has "not applicable"
GIVEN: dict[int, dict[str, Any]] = {
    1: {"demo": [4, 4, 3, 3, 3], "Ada": [3, 1, 3, 3, 3]},
    2: {"Ada": [2, 2, 4, 3, 3], "Ben": [2, 2, 2, 3, 3]},
    3: {"demo": [2, 2, 2, 2, 2], "Ben": [3, 3, 3, 3, 3]},
    4: {"Ada": [0, 0, 0, 0, 0]},
    5: {"Ada": [4, None, 3, 3, 3], "Ben": [4, 0, 3, 3, 3]},
}
PAGE = f"{HERE}/moderation/2020-1-001/{LETTER}"

pytestmark = pytest.mark.usefixtures("one_click")


def listed(page: str) -> list[tuple[str, str]]:
    """Reference and criterion of the disagreements of a list, in their order."""
    return re.findall(rf'href="{HERE}/moderation/([\d-]+)/([a-z-]+)"', page)


def send(client: FlaskClient, act: str, page: str = PAGE, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"{page}/{act}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def refused(change: Callable[[Work], Any], by: Any) -> list[tuple[str, str | None]]:
    """The codes and fields of a refusal, after which all is as it was."""
    before = everything()
    with pytest.raises(Refusal) as found, unit_of_work(by) as work:
        change(work)
    assert everything() == before
    return [(fault.code, fault.field) for fault in found.value.faults]


def concluded(number: int, name: str, outcome: Outcome, note: str = "", seen: int = 0) -> Callable[[Work], Any]:
    return lambda work: conclude(work, proposal_in(work, number), round_in(work), name, outcome, note, seen)


def said(number: int, name: str, text: str) -> Callable[[Work], Any]:
    return lambda work: say(work, proposal_in(work, number), round_in(work), name, text)


def stands() -> int:
    """The id of the last outcome; 0 for none."""
    db.session().rollback()
    return db.session().scalar(sa.select(sa.func.max(Moderation.id))) or 0


# -------------------------------------------------------------------------------------------------------------- list


def test_the_widest_disagreement_comes_first(shown: Flask) -> None:
    scored(GIVEN)
    page = text_of(as_a(shown, "secretary"), f"{HERE}/moderation")
    assert listed(page) == [("2020-1-001", LETTER), ("2020-1-002", NATIONAL)]
    assert "2 disagreements" in page and "2 without an outcome" in page
    for role in ("desk-officer", "approving-officer", "auditor"):
        assert listed(text_of(as_a(shown, role), f"{HERE}/moderation")) == listed(page), role


@pytest.mark.parametrize("role", ["reviewer", "trustee", "field-officer", "finance-officer", "administrator"])
def test_the_list_is_for_the_secretariat(shown: Flask, role: str) -> None:
    scored(GIVEN)
    assert as_a(shown, role).get(f"{HERE}/moderation").status_code in (403, 404)


def test_there_is_no_list_before_scoring_opens(shown: Flask) -> None:
    client = as_a(shown, "secretary")
    assert client.get(f"{HERE}/moderation").status_code == 404
    open_scoring()
    assert "No disagreement" in text_of(client, f"{HERE}/moderation")
    assert client.get("/UPR/scoring/2099-1/moderation").status_code == 404


def test_what_was_concluded_stays_listed_when_it_is_none_any_more(shown: Flask) -> None:
    scored(GIVEN)
    reopen(1, "Ada")
    give(1, "Ada", [3, 3, 3, 3, 3])
    client = as_a(shown, "secretary")
    assert listed(text_of(client, f"{HERE}/moderation")) == [("2020-1-002", NATIONAL)]
    assert client.get(PAGE).status_code == 404
    reopen(1, "Ada")
    give(1, "Ada", [3, 1, 3, 3, 3])
    with unit_of_work(someone(Role.SECRETARY)) as work:
        concluded(1, LETTER, Outcome.REVISED)(work)
    reopen(1, "Ada")
    give(1, "Ada", [3, 4, 3, 3, 3])
    page = text_of(client, f"{HERE}/moderation")
    assert listed(page) == [("2020-1-002", NATIONAL), ("2020-1-001", LETTER)]
    assert "The reviewers were apart; by now they are not." in text_of(client, PAGE)
    narrowed = text_of(client, f"{HERE}/moderation?which=waiting")
    assert listed(narrowed) == [("2020-1-002", NATIONAL)] and "Show all" in narrowed


def test_the_list_asks_as_much_whatever_it_lists(shown: Flask) -> None:
    scored({1: GIVEN[1]})
    client = as_a(shown, "secretary")
    text_of(client, f"{HERE}/moderation")
    with statements() as few:
        text_of(client, f"{HERE}/moderation")
    for number in (2, 5, 6, 7):
        for name in ("Ada", "Ben", "Cleo"):
            give(number, name, [4, 0, 4, 0, 4] if name == "Ben" else [0, 4, 0, 4, 0])
    with statements() as many:
        page = text_of(client, f"{HERE}/moderation")
    assert len(listed(page)) > 15 and len(many) == len(few) <= 10


# --------------------------------------------------------------------------------------------------------------- one


def test_both_reasons_stand_side_by_side(shown: Flask) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    text_of(client, PAGE)
    with statements() as asked:
        page = text_of(client, PAGE)
    assert len(asked) <= 15
    for words in (
        f"Reason of demo {LETTER}", f"Reason of Ada {LETTER}", "Reviewer Ada", "The program had suggested 2.",
        "The reviewers are 3 steps apart, on a scale from 0 to 4.", "Nothing is written down yet.",
    ):  # fmt: skip
        assert words in page, words
    assert NATIONAL not in page.split("<main")[1]
    whole = f"/UPR/scoring/sheets/2020-1-001/{reviewer('Ada').id}"
    assert f'href="{whole}"' in page and f"Reason of Ada {LETTER}" in text_of(client, whole)
    three = text_of(client, f"{HERE}/moderation/2020-1-002/{NATIONAL}")
    assert page.index("Reason of demo") < page.index("Reason of Ada")  # the highest first
    assert three.index("Reason of Ada") < three.index("Reason of Ben")


@pytest.mark.parametrize(
    "address",
    [
        f"2020-1-001/{NATIONAL}", "2020-1-001/none", f"2020-1-003/{LETTER}", f"2020-1-005/{LETTER}",
        f"2026-1-001/{LETTER}", f"2099-1-001/{LETTER}", f"1/{LETTER}", f"2020-1-004/{LETTER}",
    ],
)  # fmt: skip
def test_no_page_without_a_disagreement(shown: Flask, address: str) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    assert client.get(f"{HERE}/moderation/{address}").status_code == 404
    for act in ("say", "conclude"):
        assert client.post(f"{HERE}/moderation/{address}/{act}", data={"text": "Here."}).status_code == 404


def test_earlier_sheets_are_for_the_secretariat(shown: Flask) -> None:
    scored(GIVEN)
    reopen(1, "Ada")
    page = as_a(shown, "secretary").get(PAGE)
    assert page.status_code == 404  # one sheet that counts is no disagreement
    give(1, "Ada", [3, 0, 3, 3, 3], "Second thought of")
    page_of_secretary, page_of_reviewer = (text_of(as_a(shown, role), PAGE) for role in ("secretary", "reviewer"))
    assert f"Reason of Ada {LETTER}" in page_of_secretary and f"Reason of Ada {LETTER}" not in page_of_reviewer
    assert f"Second thought of Ada {LETTER}" in page_of_secretary
    assert f"Second thought of Ada {LETTER}" in page_of_reviewer
    assert "Because." in page_of_reviewer


# ---------------------------------------------------------------------------------------------------- who sees which


def test_a_reviewer_sees_it_who_gave_a_sheet(shown: Flask) -> None:
    scored(GIVEN)
    client = as_a(shown, "reviewer")
    page = text_of(client, PAGE)
    assert f"Reason of Ada {LETTER}" in page and "Write the outcome down" not in page
    assert f"{HERE}/moderation?" not in page and f'href="{HERE}/moderation"' not in page
    assert client.get(f"{HERE}/moderation/2020-1-002/{NATIONAL}").status_code == 404
    assert send(client, "say", text="The letter names the area.")[0] == 302
    assert send(client, "conclude", outcome="kept")[0] == 403
    assert send(client, "say", f"{HERE}/moderation/2020-1-002/{NATIONAL}", text="Hello there.")[0] == 404
    reopen(1, "demo")  # theirs counts no more: others' are hidden again
    give(1, "Ben", [0, 4, 0, 0, 0])
    assert client.get(PAGE).status_code == 404 and send(client, "say", text="And yet.")[0] == 404
    with pytest.raises(Refused), unit_of_work(someone(Role.REVIEWER)) as work:
        said(1, LETTER, "And yet.")(work)


def test_a_reviewer_sees_none_where_the_round_hides_others(shown: Flask) -> None:
    scored(GIVEN, shows_others=False)
    client = as_a(shown, "reviewer")
    assert client.get(PAGE).status_code == 404 and send(client, "say", text="Why?")[0] == 404
    assert as_a(shown, "secretary").get(PAGE).status_code == 200
    with pytest.raises(Refused), unit_of_work(someone(Role.REVIEWER)) as work:
        said(1, LETTER, "Why?")(work)


@pytest.mark.parametrize("role", ["trustee", "field-officer", "head-of-office", "finance-officer", "administrator"])
def test_others_see_none(shown: Flask, role: str) -> None:
    scored(GIVEN)
    client = as_a(shown, role)
    assert client.get(PAGE).status_code in (403, 404)
    assert send(client, "say", text="Let me in.")[0] in (403, 404)


@pytest.mark.parametrize("role", ["desk-officer", "approving-officer", "auditor"])
def test_those_who_read_do_not_write(shown: Flask, role: str) -> None:
    scored(GIVEN)
    client = as_a(shown, role)
    page = text_of(client, PAGE)
    assert "<textarea" not in page and "Reason of Ada" in page
    assert send(client, "say", text="Let me in.")[0] == 403 == send(client, "conclude", outcome="kept")[0]


def test_to_whom_a_proposal_is_closed_there_is_no_disagreement(shown: Flask) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    keep_from(1, Role.SECRETARY)
    page = text_of(client, f"{HERE}/moderation")
    assert listed(page) == [("2020-1-002", NATIONAL)] and "1 disagreement<" in page
    assert client.get(PAGE).status_code == 404
    for act in ("say", "conclude"):
        assert send(client, act, text="I may not.", outcome="kept")[0] == 404
    for change in (said(1, LETTER, "I may not."), concluded(1, LETTER, Outcome.KEPT)):
        with pytest.raises(Refused), unit_of_work(someone(Role.SECRETARY)) as work:
            change(work)
    keep_from(1, Role.REVIEWER)
    assert as_a(shown, "reviewer").get(PAGE).status_code == 404


# -------------------------------------------------------------------------------------------------------------- said


def test_what_is_said_stays(shown: Flask) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    status, page = send(client, "say", text="What does the letter\r\nsay\x07?")
    assert status == 302 and "What does the letter<br>say?" in page and "The comment is there." in page
    status, page = send(client, "say", text="What does the letter\nsay?")
    assert status == 409 and "You have just said this." in page
    assert send(as_a(shown, "reviewer"), "say", text="It names the area.")[0] == 302
    page = text_of(client, PAGE)
    assert page.index("What does the letter") < page.index("It names the area.")
    assert 'data-l="Comments"><bdi dir="ltr">2</bdi>' in text_of(client, f"{HERE}/moderation")
    assert trail.verify(db.session())[1] is None
    with pytest.raises(sa.exc.DatabaseError), vandal() as connection:
        connection.execute(sa.update(ModerationComment).values(text="Other"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Write what you want to say."), (" \n\x07 ", "Write what you want to say."), ("x" * 2001, "2001")],
)
def test_what_cannot_be_said_is_named(shown: Flask, text: str, sentence: str) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    before = everything()
    status, page = send(client, "say", text=text)
    assert status == 422 and sentence in "".join(faults(page))
    assert everything() == before


# ----------------------------------------------------------------------------------------------------------- outcome


def test_the_last_outcome_stands(shown: Flask) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    status, page = send(client, "conclude", outcome="kept", note="", seen="")
    assert status == 302 and "The scores are kept as they are" in page
    note = "One reads the letter more narrowly than the other."
    status, page = send(client, "conclude", outcome="noted", note=note, seen=str(stands()))
    assert status == 302 and note in page and "followed by another" in page
    rows = text_of(client, f"{HERE}/moderation")
    assert (
        "Noted by the secretary" in rows
        and "The scores are kept as they are" not in rows
        and "1 without an outcome" in rows
    )
    assert trail.verify(db.session())[1] is None
    with pytest.raises(sa.exc.DatabaseError), vandal() as connection:
        connection.execute(sa.delete(Moderation))


def test_two_secretaries_do_not_decide_past_each_other(shown: Flask) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    with unit_of_work(second_secretary()) as work:
        concluded(1, LETTER, Outcome.KEPT)(work)
    status, page = send(client, "conclude", outcome="noted", note="We leave it at that.", seen="")
    assert status == 409 and "Another outcome was written down meanwhile" in page
    assert "We leave it at that." in page  # what was typed stays
    [seen] = re.findall(r'name="seen" value="(\d+)"', page)
    assert send(client, "conclude", outcome="noted", note="We leave it at that.", seen=seen)[0] == 302


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 30, "٣"])
def test_a_number_that_is_none_is_that_of_no_outcome(shown: Flask, seen: str) -> None:
    scored(GIVEN)
    assert send(as_a(shown, "secretary"), "conclude", outcome="kept", seen=seen)[0] == 302


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose what became of the disagreement."),
        ({"outcome": "forgotten"}, "Choose what became of the disagreement."),
        ({"outcome": "noted"}, "Write in the note how you see it"),
        ({"outcome": "noted", "note": " short "}, "Write in the note how you see it"),
        ({"outcome": "kept", "note": "x" * 2001}, "2001"),
        ({"outcome": "revised"}, "No reviewer has given a sheet again"),
    ],
)
def test_what_is_no_outcome_is_named(shown: Flask, data: dict[str, str], sentence: str) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    before = everything()
    status, page = send(client, "conclude", **data)
    assert status == 422 and sentence in "".join(faults(page))
    assert everything() == before


def test_revised_only_where_a_sheet_was_given_again(shown: Flask) -> None:
    scored(GIVEN)
    secretary = someone(Role.SECRETARY)
    assert refused(concluded(1, LETTER, Outcome.REVISED), secretary) == [("moderation.not-revised", "outcome")]
    reopen(1, "Ada")
    give(1, "Ada", [3, 2, 3, 3, 3])
    with unit_of_work(secretary) as work:
        concluded(1, LETTER, Outcome.REVISED)(work)
    again = concluded(1, LETTER, Outcome.REVISED, seen=stands())
    assert refused(again, someone(Role.SECRETARY)) == [("moderation.not-revised", "outcome")]  # not since that


def test_of_a_closed_scoring_no_more_is_written(shown: Flask) -> None:
    scored(GIVEN)
    shut()
    client = as_a(shown, "secretary")
    page = text_of(client, PAGE)
    assert "<textarea" not in page and "The scoring of this call is closed" in page
    for act, data in (("say", {"text": "Late."}), ("conclude", {"outcome": "kept"})):
        status, page = send(client, act, **data)
        assert status == 409 and "The scoring of this call is closed." in page


def test_a_disagreement_is_of_its_own_call(shown: Flask) -> None:
    scored(GIVEN)
    secretary = someone(Role.SECRETARY)
    for number, name in ((3, LETTER), (1, "none"), (1, NATIONAL), (5, LETTER)):
        assert refused(concluded(number, name, Outcome.KEPT), secretary) == [("moderation.none", None)]
        assert refused(said(number, name, "Hello."), secretary) == [("moderation.none", None)]
    assert proposal(1).call_id == round_now().call_id and reviewer("Ada").name == "Reviewer Ada"
