"""The calendar of reviews: on the page, as a table, and as a file that people's own calendars read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from lists import info
from reviewed import DAYS, REVIEWED, ahead, as_a, questions, record, slovenia, take

from fundapp.access.operations import Console
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.icalendar import LINE, Event, calendar_text, escaped, folded
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.operations import record_letter
from fundapp.recommendations.queries.reviews import reviews_of
from fundapp.recommendations.rules import Days, placed
from fundapp.recommendations.rules.reviews import later
from fundapp.reference.models import Country
from fundapp.reference.rules import Standing

PAGE = "/recommendations/calendar"
ALL = f"{PAGE}?from=2008-01-01"


@pytest.fixture
def one_click(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The demonstration's people sign in without proof."""
    monkeypatch.setitem(demo.config, "FUNDAPP_DEMONSTRATION", True)
    return demo


def rows(page: str) -> list[str]:
    """The rows of the page as words."""
    body = page.split('<tbody role="rowgroup">')[1].split("</tbody>", maxsplit=1)[0] if "<tbody" in page else ""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def unfolded(text: str) -> list[str]:
    """The lines of a calendar file as they were before they were folded."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def events(text: str) -> Iterator[dict[str, str]]:
    """The events of a calendar file: name -> value; every line stands in one and names something."""
    lines = unfolded(text)
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    for part in "\n".join(lines).split("BEGIN:VEVENT\n")[1:]:
        yield dict(line.split(":", 1) for line in part.split("\nEND:VEVENT")[0].split("\n"))


# ------------------------------------------------------------------------------------------------------------ the file


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_lines_are_folded_and_come_back_whole(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}"
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= LINE for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == line
    assert all(piece.startswith(" ") for piece in pieces[1:]) and "\n" not in line and "\r" not in line


def test_signs_that_would_end_a_value_are_marked() -> None:
    assert escaped("a;b,c\\d\r\ne\rf\x00\x1b") == "a\\;b\\,c\\\\d\\ne\\nf"
    event = Event("u@x", date(2024, 2, 28), "x\r\nEND:VEVENT", until=date(2024, 2, 29))
    [found] = events(calendar_text("n", [event], datetime.fromisoformat("2025-01-02T03:04:05")))
    assert found["SUMMARY"] == "x\\nEND:VEVENT" and found["DTSTAMP"] == "20250102T030405Z"
    assert (found["DTSTART;VALUE=DATE"], found["DTEND;VALUE=DATE"]) == ("20240228", "20240301")


# ------------------------------------------------------------------------------------------------------------ the page


def test_moments_by_their_day(one_click: Flask) -> None:
    record()
    with unit_of_work(Console()) as work:
        record_letter(work, None, "SVN", 4, date(2025, 9, 1))
    page = as_a(one_click, "trustee").get(ALL).text
    assert rows(page) == [
        "Slovenia 15 July 2024 Documents due 4 / 48 recorded",
        "Slovenia 28 January 2025 Review in the Working Group 4 / 48 recorded",
        "Slovenia 30 June 2025 Adoption of the outcome 4 / 48 recorded",
        "Slovenia 1 September 2025 Letter of the High Commissioner 4 / 48 recorded",
        "Slovenia 30 June 2027 Mid-term report due 4 / 48 recorded",
        "Slovenia about January 2029 Documents of the next review due 5 reckoned",
        "Slovenia 2 July 2029 Next review 5 recorded",
    ]
    assert '<time datetime="2029-01">about January 2029</time>' in page
    arabic = as_a(one_click, "trustee").get(f"{ALL}&lang=ar").text
    assert "كانون الثاني/يناير 2029" in arabic and '<html lang="ar" dir="rtl"' in arabic


def test_from_today_on_where_nothing_is_said(one_click: Flask) -> None:
    record(Days(documents_due=ahead(-40), midterm_due=ahead(0), next_on=ahead(400)), cycle=4)
    record(Days(midterm_due=ahead(-1)), state="FJI", cycle=4)
    shown = rows(as_a(one_click, "auditor").get(PAGE).text)
    assert shown == []  # of neither the review nor its session is known
    record(Days(reviewed_on=later(today(), -30), midterm_due=ahead(0)), state="KEN", cycle=4)
    record(Days(reviewed_on=later(today(), -30), midterm_due=ahead(-1)), state="FJI", cycle=4, version=1)
    shown = rows(as_a(one_click, "auditor").get(PAGE).text)
    assert shown[0].startswith("Kenya") and "Mid-term report due" in shown[0]
    assert [row.split()[0] for row in shown].count("Kenya") == 3 and not [
        r for r in shown if "Fiji" in r and "Mid" in r
    ]


def test_filters(one_click: Flask) -> None:
    record()
    record(Days(reviewed_on=date(2025, 1, 20)), state="FJI")
    client = as_a(one_click, "auditor")

    def count(query: str) -> int:
        page = client.get(f"{PAGE}?{query}")
        assert page.status_code == 200, query
        return len(rows(page.text))

    assert count("from=2008-01-01") == 14
    assert count("from=2008-01-01&state=FJI") == 7
    assert count("from=2008-01-01&moment=mid-term") == 2
    assert count("from=2008-01-01&group=eastern-european") == 7
    assert count("from=2008-01-01&region=054&moment=review") == 1  # Melanesia
    assert count("year=2025") == 6  # reviews, adoptions, letters
    assert count("year=2025&to=2025-01-31") == 2
    assert count("from=2025-01-21&to=2025-01-28") == 1
    assert count("to=2024-07-31") == 2  # a reckoned moment is any day of its month
    assert count("to=2024-07-14") == 1
    assert count("from=2008-01-01&state=&moment=&page=99") == 14
    for query, said in (
        ("year=1999", "There is nothing for the year 1999"),
        ("year=x", "is no number"),
        ("from=2025-13-01", "is no date"),
        ("from=2025-02-01&to=2025-01-01", "before it begins"),
        ("moment=party", "cannot be chosen here"),
        ("state=XXX", "cannot be chosen here"),
        ("group=%3Cb%3E", "“&lt;b&gt;” (group) cannot be chosen here"),
        ("region=999", "cannot be chosen here"),
    ):
        answer = client.get(f"{PAGE}?{query}")
        assert answer.status_code == 400 and said in answer.text, query
    for query in ("from=0001-01-01&to=9999-12-31", "from=9999-12-31", "to=0001-01-01"):
        assert client.get(f"{PAGE}?{query}").status_code == 200, query


def test_files_have_the_same_filters(one_click: Flask) -> None:
    record()
    client = as_a(one_click, "trustee")
    page = client.get(f"{ALL}&moment=next-review").text
    assert 'href="/recommendations/calendar.csv?from=2008-01-01&amp;moment=next-review"' in page
    said = client.get("/recommendations/calendar.csv?from=2008-01-01&moment=next-review", buffered=True)
    assert said.text.splitlines()[1:] == ["2029-07-02,No,SVN,Slovenia,Next review,5,"]
    every = client.get("/recommendations/calendar.csv?from=2029-01-01", buffered=True).text
    assert "2029-01,Yes,SVN,Slovenia,Documents of the next review due,5," in every
    assert client.get("/recommendations/calendar.xlsx?year=2029").data.startswith(b"PK")
    wrong = client.get("/recommendations/calendar.ics?moment=party")
    assert wrong.status_code == 400 and wrong.mimetype == "text/plain"
    assert client.get("/recommendations/calendar.pdf").status_code == 404
    assert one_click.test_client().get("/recommendations/calendar.ics").status_code == 302


def test_a_file_for_calendars(one_click: Flask) -> None:
    record()
    client = as_a(one_click, "trustee")
    answer = client.get("/recommendations/calendar.ics?from=2029-01-01")
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calendar.ics"'
    reckoned, recorded = events(answer.get_data(as_text=True))
    assert recorded["UID"] == "SVN-5-review@fundapp" and recorded["SUMMARY"] == "Slovenia: Next review"
    assert (recorded["DTSTART;VALUE=DATE"], recorded["DTEND;VALUE=DATE"]) == ("20290702", "20290703")
    assert (reckoned["DTSTART;VALUE=DATE"], reckoned["DTEND;VALUE=DATE"]) == ("20290101", "20290201")
    assert (recorded["STATUS"], reckoned["STATUS"]) == ("CONFIRMED", "TENTATIVE")
    assert reckoned["DESCRIPTION"] == "Cycle 5\\nReckoned: nobody has recorded the day."
    assert recorded["URL"].endswith("/recommendations/states/SVN")
    record(Days(48, reviewed_on=REVIEWED, next_on=date(2029, 7, 9)), version=1)  # moved, and known again
    record(Days(documents_due=date(2029, 1, 8), reviewed_on=date(2029, 7, 10)), cycle=5)  # and when it is the review
    again = {one["UID"]: one["DTSTART;VALUE=DATE"] for one in events(client.get("/recommendations/calendar.ics").text)}
    assert (again["SVN-5-review@fundapp"], again["SVN-5-documents@fundapp"]) == ("20290710", "20290108")


@pytest.mark.slow
def test_every_member_state(one_click: Flask, tmp_path: Path) -> None:
    members = db.session.execute(
        sa.select(Country.code, Country.name_en).where(Country.standing == Standing.MEMBER).order_by(Country.id)
    ).all()
    assert len(members) == 193
    client = as_a(one_click, "trustee")

    def asked() -> int:
        client.get(ALL)
        with questions() as found:
            assert client.get(ALL).status_code == 200
        return len(found)

    slovenia(tmp_path)
    before = asked()
    sessions = [str(27 + n % 14) for n in range(193)]
    take(info(tmp_path / "all.csv", *(
        {"To": name, "From": "Iceland" if name != "Iceland" else "Kenya", "Text": f"Do {n}", "Session": sessions[n]}
        for n, (_, name) in enumerate(members)
    )))  # fmt: skip
    assert asked() == before <= 12
    first = client.get(ALL).text
    assert len(rows(first)) == 50 and 'aria-label="Page 2"' in first
    whole = list(events(client.get(f"{PAGE}.ics?from=2008-01-01").get_data(as_text=True)))
    # seven moments of each, but of Slovenia's third review: the fourth is known, and takes the place of the last two
    assert len(whole) == 193 * 7 + 7 - 2 == len({one["UID"] for one in whole})
    days = [one["DTSTART;VALUE=DATE"] for one in whole]
    assert days == sorted(days)


def test_the_timeline_on_a_page_of_a_state(seeded: Flask) -> None:
    record()
    part = '{% from "recommendations/_timeline.html" import reviews with context %}{{ reviews("SVN", found, true) }}'
    found = [(one, placed(one.points, date(2026, 6, 1))) for one in reviews_of(db.session(), "SVN")]
    with seeded.test_request_context("/?lang=en"):
        said = re.sub(r"\s+", " ", render_template_string(part, found=found))
        nothing = render_template_string(part, found=[])
    assert "Cycle 4, session 48" in said and said.count("app-time__now") == 1
    assert '<time datetime="2025-01-28">28 January 2025</time>Review in the Working Group <span class="app-tag app-tag--good">Done</span>' in said  # fmt: skip # noqa: E501
    assert '<time datetime="2027-06-30">30 June 2027</time>Mid-term report due <span class="app-tag app-tag--warn">Comes next</span>' in said  # fmt: skip # noqa: E501
    assert '<time datetime="2025-07">about July 2025</time>Letter of the High Commissioner <span class="app-tag">No letter recorded</span> <span class="app-quiet">· reckoned</span>' in said  # fmt: skip # noqa: E501
    assert "No review is known here." in nothing and DAYS.next_on is not None
