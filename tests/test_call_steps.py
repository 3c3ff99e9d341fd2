"""What follows a draft on its pages: it is opened, extended, corrected, cancelled; and what the home page says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from calls import DAY, again, draft, faults, office, opened, second_secretary, send
from commands import everything
from flask import Flask
from visiting import as_a, text_of, waiting

from fundapp.access.policy import Role
from fundapp.kernel.clock import now

UNTIL = {"until_on": "2031-12-15", "until_hour": "", "zone": "Pacific/Fiji", "reason": "A cyclone"}
ITEM = {"code": "consent", "name_en": "Consent", "required": "y", "limit": "", "version": "1"}
MOST_QUERIES = 12

pytestmark = pytest.mark.usefixtures("one_click")


def test_who_prepared_it_reads_why_they_do_not_open_it(demo: Flask) -> None:
    draft(by=Role.SECRETARY)
    client = as_a(demo, "secretary")
    page = text_of(client, "/UPR/calls/2031-1/open")
    assert "the fund has no other secretary" in page and '<button type="submit" class="govuk-button"' not in page
    assert client.post("/UPR/calls/2031-1/open", data={"version": "1"}).status_code == 403
    second_secretary()
    assert "Another secretary of the fund opens it" in text_of(client, "/UPR/calls/2031-1/open")


def test_a_draft_that_lacks_something_is_not_opened(demo: Flask) -> None:
    draft(envelope=None)
    client = as_a(demo, "secretary")
    assert "how much there is for all proposals together" in text_of(client, "/UPR/calls/2031-1/open")
    status, page = send(client, "/2031-1/open", version="1")
    assert status == 409 and "how much there is for all proposals together" in page and not again().opened_at
    draft("2031-2")
    status, page = send(client, "/2031-2/open", version="7")
    assert status == 409 and "Somebody else changed the call 2031-2" in page


def test_an_extension_an_exception_a_correction_an_end(demo: Flask) -> None:
    opened()
    client = as_a(demo, "secretary")
    status, page = send(client, "/2031-1/extend", **UNTIL)
    assert status == 302 and "extended</span>" in page and "15 December 2031" in page and "A cyclone" in page
    late = UNTIL | {"until_on": "2031-12-20", "office": str(office().id)}
    status, page = send(client, "/2031-1/exception", **late)
    assert status == 302 and "Regional Office for the Pacific" in page
    assert "Regional Office for the Pacific" not in text_of(as_a(demo, "field-officer"), "/UPR/calls/2031-1")
    texts = {"title_en": "A call", "guidance_en": "Do that.", "reason": "A slip", "version": str(again().version)}
    status, page = send(client, "/2031-1/correct", **texts)
    assert status == 302 and "Do that." in page and "A slip" in page
    status, page = send(client, "/2031-1/correct", **texts)
    assert status == 409 and "Somebody else changed the call" in page
    status, page = send(client, "/2031-1/cancel", reason="No money", version=str(again().version))
    assert status == 302 and "This call was cancelled" in page and "No money" in page
    for step in ("extend", "exception", "correct", "cancel", "change", "open"):
        assert client.get(f"/UPR/calls/2031-1/{step}").status_code == 409, step


@pytest.mark.parametrize(
    ("step", "change", "said"),
    [
        ("extend", {"until_on": ""}, "Give the day"),
        ("extend", {"until_on": "soon"}, "“soon” is no date"),
        ("extend", {"until_on": "2021-01-01"}, "this is not after the close as it is now"),
        ("extend", {"reason": " "}, "Give the reason"),
        ("extend", {"reason": "x" * 2001}, "at most 2000"),
        ("extend", {"zone": "Mars"}, "“Mars” is no time zone"),
        ("extend", {"until_on": "2031-03-30", "until_hour": "02:30", "zone": "Europe/Zurich"}, "there is no 02:30"),
        ("exception", {"office": ""}, "Choose an office"),
        ("exception", {"office": "999999"}, "Choose an office"),
        ("exception", {"office": "x", "until_on": "2021-01-01"}, "until then every office may submit"),
        ("correct", {"title_en": ""}, "do not take it away"),
        ("cancel", {"reason": ""}, "Give the reason"),
    ],
)
def test_bad_steps_change_nothing(demo: Flask, step: str, change: dict[str, str], said: str) -> None:
    opened()
    data = UNTIL | {"title_en": "A", "guidance_en": "B", "version": str(again().version)} | change
    client = as_a(demo, "secretary")
    before = everything()
    status, page = send(client, f"/2031-1/{step}", **data)
    assert status == 422 and any(said in fault for fault in faults(page)), faults(page)
    assert everything() == before


def test_a_standing_call(demo: Flask) -> None:
    opened(standing=True, closes_at=None)
    client = as_a(demo, "secretary")
    page = text_of(client, "/UPR/calls/2031-1")
    assert (
        "proposals are taken at any time" in page
        and "/extend" not in page
        and "stands open" in text_of(client, "/UPR/calls")
    )
    assert client.get("/UPR/calls/2031-1/extend").status_code == 409


# ------------------------------------------------------------------------------------------------------- home page


def test_the_home_page_says_what_waits(demo: Flask) -> None:
    draft("2031-1")
    draft("2031-2", by=Role.SECRETARY)
    opened("2031-3", closes_at=now() + timedelta(days=13, hours=12))
    opened("2031-4", closes_at=now() + 15 * DAY)
    calls, seats = ["Open the call 2031-1", "The call 2031-2 waits"], "5 seats of the Board are vacant"
    assert waiting(as_a(demo, "secretary")) == [*calls, seats]
    for role in ("field-officer", "head-of-office"):
        found = waiting(as_a(demo, role))
        assert found == ["The call 2031-3 closes", "Begin a proposal to the call 2031-4"], role
    assert waiting(as_a(demo, "desk-officer")) == [] == waiting(as_a(demo, "trustee"))


def test_the_navigation_has_calls(demo: Flask) -> None:
    page = text_of(as_a(demo, "trustee"), "/UPR/calls")
    assert page.index(">Home<") < page.index(">Proposals<") < page.index(">Contributions<")
