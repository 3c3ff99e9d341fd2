"""The pages of one proposal: begun, its task list, its moves, its versions side by side, what happened to it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from time import time
from typing import Any

import pytest
import sqlalchemy as sa
from calls import DAY, faults, office, opened, past, someone
from flask import Flask
from flask.testing import FlaskClient
from proposing import (
    begun,
    cleared,
    complete,
    head,
    in_screening,
    returned,
    submitted,
    write,
    writer,
)
from visiting import statements, text_of

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.rules.course import COURSE as WHOLE
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.move_words import GROUPS, MOVES, NEXT
from fundapp.proposals.operations import except_office, moving
from fundapp.proposals.operations.interests import open_to
from fundapp.proposals.rules import local
from fundapp.proposals.rules.record import digest
from fundapp.proposals.rules.stages import COURSE
from fundapp.proposals.views.proposal.steps import EXPLAINED, PLAIN
from fundapp.proposals.words import SECTIONS

PLACE = "/UPR/proposals"


def as_person(app: Flask, person: Person) -> FlaskClient:
    """A browser in which somebody has signed in, and reads English."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie.update(_user_id=person.fs_uniquifier, _fresh=True, fs_paa=time())
    client.get("/help?lang=en")
    return client


def post(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(PLACE + address, data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def step(client: FlaskClient, reference: str, move: str, **data: Any) -> tuple[int, str]:
    """Make a move on its page."""
    return post(client, f"/{reference}/step/{move}", **data)


def at(reference: str) -> Proposal:
    """A proposal as the table has it now."""
    db.session().rollback()
    return db.session().scalars(sa.select(Proposal).where(Proposal.reference == reference)).one()


# ------------------------------------------------------------------------------------------------------- beginning


def test_an_office_begins_a_proposal_and_reads_what_to_do(registered: Flask) -> None:
    opened()
    client = as_person(registered, writer())
    page = text_of(client, f"{PLACE}/new?call=2031-1")
    assert 'value="2031-1" checked' in page and "days left" in page
    assert "/UPR/proposals/new?call=2031-1" in text_of(client, "/UPR/calls/2031-1")
    code, page = post(client, "/new", call="2031-1", language="fr", courtesy="en")
    assert code == 302 and "2031-1-001" in page and "What happens next" in page
    assert "not started" in page and "Français" in page and "Clear the proposal" not in page  # a field officer


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"call": "2021-1", "language": "en"}, "Choose the call that the proposal is for."),
        ({"call": "", "language": "en"}, "Choose the call that the proposal is for."),
        ({"call": "2031-1\x07", "language": "en"}, "Choose the call that the proposal is for."),
        ({"call": "2031-1", "language": "xx"}, "Choose the language in which the proposal is written."),
        ({"call": "2031-1", "language": "en", "courtesy": "en"}, "Choose another language for the translation"),
    ],
)
def test_what_cannot_be_begun_is_said_beside_its_field(registered: Flask, data: dict[str, str], told: str) -> None:
    opened()
    past()
    client = as_person(registered, writer())
    code, page = post(client, "/new", **data)
    assert code == 422 and any(told in one for one in faults(page)), faults(page)


def test_without_an_open_call_there_is_nothing_to_begin(demo: Flask) -> None:
    past()
    client = as_person(demo, writer())
    assert "No call is open for your office" in text_of(client, f"{PLACE}/new")
    assert post(client, "/new", call="2021-1", language="en")[0] == 200


def test_an_exception_opens_a_closed_call_to_its_office_alone(demo: Flask) -> None:
    from_the_desk(past())
    client, other = as_person(demo, writer()), as_person(demo, writer("WAFRICA"))
    assert "by exception" in text_of(client, f"{PLACE}/new")
    assert "No call is open for your office" in text_of(other, f"{PLACE}/new")
    assert post(client, "/new", call="2021-1", language="en")[0] == 302


def from_the_desk(found: Any) -> None:
    """Let the office of the Pacific hand in late."""
    with unit_of_work(someone(Role.SECRETARY)) as work:
        except_office(work, found, office(), now() + DAY, "UTC", "A storm")


def test_an_earlier_proposal_is_copied_without_its_consent(registered: Flask) -> None:
    made = submitted().reference
    opened("2031-2")
    client = as_person(registered, writer())
    code, page = post(client, f"/{made}/copy", call="2031-2")
    assert code == 302 and "2031-2-001" in page and "A national mechanism" in page
    assert post(client, f"/{made}/copy", call="2031-9")[0] == 422


def test_languages_are_chosen_while_it_is_written(registered: Flask) -> None:
    made = begun().reference
    client = as_person(registered, writer())
    assert post(client, f"/{made}/languages", language="es", courtesy="en")[0] == 302
    assert (at(made).language, at(made).courtesy) == ("es", "en")
    assert post(client, f"/{made}/languages", language="es", courtesy="es")[0] == 422
    done = submitted("2031-2").reference
    assert client.get(f"{PLACE}/{done}/languages").status_code == 409


# ------------------------------------------------------------------------------------------------------------ moves


def test_what_is_lacking_stands_where_the_move_would_be(registered: Flask) -> None:
    made = begun().reference
    page = text_of(as_person(registered, head()), f"{PLACE}/{made}/step/clear")
    assert "This is not possible yet" in page and "Choose the gender marker" in page
    assert "The request or consent of the State is missing" in page and "<button" not in page.partition("<main")[2]


def test_the_whole_way_of_a_proposal_on_its_pages(registered: Flask) -> None:
    made = complete().reference
    chief, author = as_person(registered, head()), as_person(registered, writer())
    desk = as_person(registered, someone(Role.DESK_OFFICER))
    assert desk.get(f"{PLACE}/{made}").status_code == 404
    assert step(chief, made, "clear", stage="draft")[0] == 302
    code, page = step(author, made, "submit", stage="cleared")
    assert code == 302 and "The proposal is handed in." in page and "Undo:" in page
    code, page = step(desk, made, "start-screening", stage="submitted")
    assert code == 302 and "Put it back unscreened" in page
    later = (now() + 10 * DAY).date().isoformat()
    code, page = step(desk, made, "return", stage="in-screening", reason="Say more.", until_on=later, zone="UTC")
    assert code == 302 and "Say more." in page
    assert "Say more." in text_of(author, f"{PLACE}/{made}")
    write(at(made), {"gender": {"marker": "3", "analysis": "More of it."}})
    assert "Take the return back" not in text_of(desk, f"{PLACE}/{made}")
    assert step(chief, made, "submit-again", stage="returned")[0] == 302
    assert at(made).stage == "submitted"


def test_a_reason_and_a_day_are_asked_for_beside_their_fields(registered: Flask) -> None:
    made = in_screening().reference
    desk = as_person(registered, someone(Role.DESK_OFFICER))
    code, page = step(desk, made, "return", stage="in-screening", zone="UTC")
    assert code == 422 and {"Give the reason.", "Give a deadline that is still to come."} <= set(faults(page))
    code, page = step(desk, made, "return", stage="in-screening", zone="UTC", reason="x", until_on="2020-01-01")
    assert code in (409, 422) and "Give a deadline that is still to come." in page
    code, page = step(desk, made, "return", stage="in-screening", zone="Mars", reason="x", until_on="soon")
    assert code == 422 and any("soon" in one for one in faults(page)), faults(page)
    code, page = step(desk, made, "return", zone="UTC", reason="x" * 6000, until_on="2035-01-01")
    assert code == 422 and at(made).stage == "in-screening"


def test_a_return_suggests_a_deadline_that_can_be_changed(registered: Flask) -> None:
    made = in_screening().reference
    desk = as_person(registered, someone(Role.DESK_OFFICER))
    page = text_of(desk, f"{PLACE}/{made}/step/return")
    here = local(now(), "Europe/Zurich").date()  # the zone of the call
    suggested = re.search(r'name="until_on" type="date" value="([\d-]+)"', page)
    assert suggested and suggested[1] in {(here + timedelta(days=days)).isoformat() for days in (13, 14)}
    assert "A deadline 14 days from today is suggested" in page and 'value="Europe/Zurich"' in page
    data = {"stage": "in-screening", "zone": "Europe/Zurich", "until_on": suggested[1], "until_hour": ""}
    assert step(desk, made, "return", reason="Say more.", **data)[0] == 302
    due = at(made).due_at
    assert due and f"{local(due, 'Europe/Zurich'):%Y-%m-%d %H:%M}" == f"{suggested[1]} 23:59"
    assert "is suggested" not in text_of(as_person(registered, head()), f"{PLACE}/{made}/step/withdraw")


def test_twice_out_of_order_and_stale_are_said_plainly(registered: Flask) -> None:
    made = cleared().reference
    author = as_person(registered, writer())
    assert step(author, made, "submit", stage="draft")[0] == 409
    assert at(made).stage == "cleared"
    assert step(author, made, "submit", stage="cleared")[0] == 302
    code, page = step(author, made, "submit", stage="cleared")
    assert code == 409 and "is not where it was" in page
    assert step(author, made, "discard")[0] == 409
    assert author.get(f"{PLACE}/{made}/step/dance").status_code == 404
    assert step(author, made, "start-screening")[0] == 404
    assert author.get(f"{PLACE}/{made}/step/withdraw").status_code == 404  # the head of office's


def test_every_move_of_the_course_has_words_and_a_verb() -> None:
    assert {move.name for move in WHOLE.moves} == set(MOVES)
    assert {move.name for move in COURSE.moves} == set(PLAIN) | set(EXPLAINED)
    assert set(WHOLE.stages()) == set(NEXT)
    grouped = [name for _, part in GROUPS for name in part]
    assert sorted(grouped) == sorted(SECTIONS)


# ---------------------------------------------------------------------------------------------------------- reading


def test_everybody_else_reads_the_last_version_and_not_what_is_written(registered: Flask) -> None:
    made = write(returned(), {"context": {"title": "A secret title", "problem": "Not yet said"}}).reference
    desk = as_person(registered, someone(Role.DESK_OFFICER))
    for page in ("", "/text", "/versions", "/timeline", "/people"):
        assert "secret" not in text_of(desk, f"{PLACE}/{made}{page}"), page
    assert at(made).title == "A national mechanism that reports"
    assert "A secret title" in text_of(as_person(registered, writer()), f"{PLACE}/{made}")
    assert "Not yet said" not in text_of(desk, f"{PLACE}/{made}/text")
    assert "Not yet said" in text_of(as_person(registered, writer()), f"{PLACE}/{made}/text")


def test_all_texts_stand_on_one_page_in_their_languages(registered: Flask) -> None:
    made = begun().reference
    client = as_person(registered, writer())
    assert post(client, f"/{made}/languages", language="ar", courtesy="en")[0] == 302
    write(at(made), {"context": {"title": "عنوان", "problem": "المشكلة", "problem_courtesy": "The problem\n\nagain"}})
    page = text_of(client, f"{PLACE}/{made}/text")
    assert '<div lang="ar" dir="rtl"><p>المشكلة</p></div>' in page
    assert '<div lang="en" dir="ltr"><p>The problem</p><p>again</p></div>' in page


def test_the_text_page_shows_the_lines_of_the_budget_and_the_sums_by_class(registered: Flask) -> None:
    made = returned()
    line = {"id": "B1", "class": "125", "what": "Hall", "unit": "day", "unit_cost": "250.50", "quantity": "4"}
    write(made, {"budget": {"lines": [line]}})
    reference = at(made.reference).reference
    own = text_of(as_person(registered, writer()), f"{PLACE}/{reference}/text").replace("\u00a0", " ")
    others = text_of(as_person(registered, someone(Role.DESK_OFFICER)), f"{PLACE}/{reference}/text").replace(
        "\u00a0", " "
    )
    for said in ("Hall", "250.50", "1 002.00", "125 Operating", "155", "130.26", "1 132.26"):
        assert said in own.partition('id="on-budget"')[2], said
    for said in ("A trainer", "500.00", "20 000.00", "120 Contractual", "2 600.00", "22 600.00"):
        assert said in others.partition('id="on-budget"')[2], said
    assert "Hall" not in others and "A trainer" not in own


def test_two_versions_stand_side_by_side_word_by_word(registered: Flask) -> None:
    made = write(returned(), {"inclusion": {"left-behind": "People on remote islands."}}).reference
    author, desk = as_person(registered, writer()), as_person(registered, someone(Role.DESK_OFFICER))
    page = text_of(author, f"{PLACE}/{made}/compare?from=1&to=now")
    assert "<del>outer</del>" in page and "<ins>remote</ins>" in page
    assert desk.get(f"{PLACE}/{made}/compare?from=1&to=now").status_code == 409
    chief, proposal = head(), at(made)
    with unit_of_work(chief) as work:
        moving.submit_again(work, proposal)
    page = text_of(desk, f"{PLACE}/{made}/compare?from=1&to=2")
    assert "<ins>remote</ins>" in page
    assert "<del>remote</del>" in text_of(desk, f"{PLACE}/{made}/compare?from=2&to=1")
    assert "Nothing differs" in text_of(desk, f"{PLACE}/{made}/compare?from=2&to=2")
    for bad in ("from=7&to=1", "from=x&to=1", "from=-1&to=1", "from=1&to=%07"):
        assert desk.get(f"{PLACE}/{made}/compare?{bad}").status_code == 409, bad


def test_a_version_is_a_file_with_its_digest(registered: Flask) -> None:
    made = submitted().reference
    desk = as_person(registered, someone(Role.DESK_OFFICER))
    answer = desk.get(f"{PLACE}/{made}/versions/1.json")
    page = text_of(desk, f"{PLACE}/{made}/versions").replace("<wbr>", "")
    assert digest(answer.get_data(as_text=True)) in page
    assert json.loads(answer.get_data())["reference"] == made
    assert "attachment" in answer.headers["Content-Disposition"]
    assert desk.get(f"{PLACE}/{made}/versions/2.json").status_code == 404


def test_the_timeline_keeps_an_offices_steps_from_others(registered: Flask) -> None:
    made = in_screening().reference
    client = as_person(registered, writer())
    assert post(client, f"/{made}/comments", section="gender", text="Is this enough?")[0] == 302
    own = text_of(client, f"{PLACE}/{made}/timeline")
    others = text_of(as_person(registered, someone(Role.DESK_OFFICER)), f"{PLACE}/{made}/timeline")
    for said in ("Saved a page of a proposal", "Is this enough?", "Cleared", "Began a proposal"):
        assert said in own and said not in others.partition("<main")[2], said
    for said in ("Handed in", "Screening began"):
        assert said in own and said in others, said


def test_colleagues_comment_and_settle(registered: Flask) -> None:
    made = begun().reference
    client = as_person(registered, writer())
    place = f"/{made}/comments"
    assert post(client, place, section="gender", text="  ")[0] == 422
    assert post(client, place, section="nothing", text="x")[0] == 422
    assert post(client, place, section="gender", text="x" * 5001)[0] == 422
    code, page = post(client, place, section="gender", text="<b>Enough?</b>")
    assert code == 302 and "&lt;b&gt;Enough?" in page
    (settle,) = re.findall(rf"{place}/\d+/settle", page)
    assert post(as_person(registered, head()), settle)[0] == 302
    assert "Settled" in text_of(client, PLACE + place)
    assert post(client, place + "/999999/settle")[0] == 409
    assert as_person(registered, someone(Role.DESK_OFFICER)).get(PLACE + place).status_code == 403


@pytest.mark.parametrize("make", [begun, complete, cleared, submitted, in_screening, returned])
def test_a_proposals_page_asks_little(registered: Flask, make: Any) -> None:
    made = make().reference
    for client in (
        as_person(registered, writer()),
        as_person(registered, head()),
        as_person(registered, someone(Role.DESK_OFFICER)),
    ):
        address = f"{PLACE}/{made}"
        client.get(address)
        with statements() as asked:
            there = client.get(address).status_code == 200
        assert len(asked) <= 5 or not there, [one[:100] for one in asked]  # all of them, that of who is signed in too


def test_to_whom_it_is_open_by_name_its_page_asks_as_little(registered: Flask) -> None:
    made, reviewer = in_screening(), someone(Role.REVIEWER)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        open_to(work, made, reviewer)
    address = f"{PLACE}/{made.reference}"
    client = as_person(registered, reviewer)
    client.get(address)
    with statements() as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 5, [one[:100] for one in asked]


def test_what_is_drawn_once_leads_to_the_proposal_of_the_page(registered: Flask) -> None:
    first, second = in_screening().reference, in_screening("2031-2").reference
    for person, own, others in (
        (writer(), "Comments", "Screening"),
        (someone(Role.DESK_OFFICER), "Screening", "Comments"),
    ):
        client = as_person(registered, person)
        for mine, other in ((first, second), (second, first)):
            page = text_of(client, f"{PLACE}/{mine}")
            tabs = re.search(r'<nav class="app-chosen".*?</nav>', page, re.DOTALL)
            assert tabs and tabs[0].count(f'href="{PLACE}/{mine}') == tabs[0].count("href=") == 9
            assert f">{own}<" in tabs[0] and f">{others}<" not in tabs[0]
            assert page.count(f"{mine}/dossier.") == 14 and other not in page and "0000-0-000" not in page
            assert 'aria-current="page">Summary<' in page
            assert 'aria-current="page">Timeline<' in text_of(client, f"{PLACE}/{mine}/timeline")
        assert 'aria-current="page">Сводка<' in text_of(client, f"{PLACE}/{first}?lang=ru")
        client.get("/help?lang=en")


@pytest.mark.parametrize(
    "page", ["text", "versions", "timeline", "people", "comments", "step/withdraw", "compare?from=1&to=1"]
)
def test_pages_under_it_ask_little(registered: Flask, page: str) -> None:
    made = in_screening().reference
    client = as_person(registered, head())
    client.get(f"{PLACE}/{made}/{page}")
    with statements() as asked:
        assert client.get(f"{PLACE}/{made}/{page}").status_code == 200
    assert len(asked) <= 15, [one[:100] for one in asked]
