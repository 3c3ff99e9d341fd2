"""Reviews and their days: what is refused and where, what is reckoned, and two people at one review."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from crowd import meeting, together
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from lists import info
from reviewed import DAYS, REVIEWED, ahead, as_a, faults, questions, record, slovenia, take
from signing_in import done, one_of_each

from fundapp.access.operations import Anonymous, Console
from fundapp.access.policy import Refused, Role
from fundapp.kernel import trail
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES, month_and_year
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.operations import GivenReview, record_letter, record_review
from fundapp.recommendations.queries.reviews import coming, every_review, reviews_of, without_letter
from fundapp.recommendations.rules import Days, EntryPoint, Mark, Moment, cycle_of, entry_points, month_of, placed
from fundapp.recommendations.rules.reviews import begins, is_over, later, review_faults

ADDRESS = "/recommendations/states/SVN/reviews/4"
NOTHING = Days()


@pytest.fixture
def one_click(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The demonstration's people sign in without proof."""
    monkeypatch.setitem(demo.config, "FUNDAPP_DEMONSTRATION", True)
    return demo


# --------------------------------------------------------------------------------------------------------- the rules


@pytest.mark.parametrize(
    ("days", "symbol", "wrong"),
    [
        (DAYS, "A/HRC/59/15", []),
        (DAYS, "A/HRC/59/15 and Add.1/Rev.1", []),
        (replace(DAYS, session=40), "", [("review.session", "session")]),
        (replace(DAYS, session=55), "", [("review.session", "session")]),
        (replace(DAYS, session=0), "", [("review.session", "session")]),
        (replace(DAYS, reviewed_on=date(2025, 1, 1)), "", []),
        (replace(DAYS, reviewed_on=date(2025, 3, 31)), "", []),
        (replace(DAYS, reviewed_on=date(2025, 4, 1)), "", [("review.session-month", "reviewed_on")]),
        (replace(DAYS, reviewed_on=date(2024, 12, 31)), "", [("review.session-month", "reviewed_on")]),
        (replace(DAYS, documents_due=REVIEWED), "", [("review.before-documents", "reviewed_on")]),
        (replace(DAYS, adopted_on=REVIEWED), "", [("review.before-review", "adopted_on")]),
        (replace(DAYS, midterm_due=DAYS.adopted_on), "", [("review.before-adoption", "midterm_due")]),
        (replace(DAYS, next_on=DAYS.midterm_due), "", [("review.before-mid-term", "next_on")]),
        (replace(NOTHING, documents_due=date(2025, 1, 2), next_on=date(2025, 1, 1)), "",
         [("review.before-documents", "next_on")]),
        (replace(NOTHING, documents_due=date(2007, 12, 31)), "", [("review.too-early", "documents_due")]),
        (replace(NOTHING, next_on=date(2060, 1, 1)), "", [("review.too-late", "next_on")]),
        (NOTHING, "<b>A/HRC</b>", [("review.symbol", "symbol")]),
        (NOTHING, "A/" + "9" * 60, [("review.symbol", "symbol")]),
        (NOTHING, "١/٢", [("review.symbol", "symbol")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(days: Days, symbol: str, wrong: list[tuple[str, str]]) -> None:
    found = review_faults(4, days, symbol, date(2026, 1, 1))
    assert [(fault.code, fault.field) for fault in found] == wrong


def test_several_things_are_said_at_once() -> None:
    days = Days(1, date(1999, 1, 1), date(1998, 1, 1))
    found = {(fault.code, fault.field) for fault in review_faults(4, days, "?", date(2026, 1, 1))}
    assert found == {
        ("review.session", "session"),
        ("review.too-early", "documents_due"),
        ("review.too-early", "reviewed_on"),
        ("review.before-documents", "reviewed_on"),
        ("review.symbol", "symbol"),
    }


def test_cycles_are_those_of_the_table_and_the_one_after() -> None:
    for cycle, taken in ((0, False), (1, True), (4, True), (5, True), (6, False)):
        assert (review_faults(cycle, NOTHING, "", today()) == []) is taken
    assert [begins(cycle) for cycle in (1, 4, 5)] == [date(2008, 4, 1), date(2022, 11, 1), date(2027, 5, 1)]


@given(st.integers(1, 54), st.dates(date(2008, 1, 1), date(2040, 1, 1)))
def test_moments_of_a_session_come_in_their_order(session: int, on: date) -> None:
    points = entry_points(Days(session))
    assert [point.moment for point in points] == list(Moment)
    assert points[1].on == month_of(session) and all(point.reckoned for point in points)
    marks = [one.mark for one in placed(points, on)]
    assert marks.count(Mark.NEXT) == (marks[-1] is not Mark.PAST)
    assert marks == sorted(marks, key=[Mark.PAST, Mark.NEXT, Mark.AHEAD].index)
    assert cycle_of(session) is not None


def test_a_reckoned_moment_is_over_with_its_month() -> None:
    reckoned, recorded = (EntryPoint(Moment.REVIEW, date(2025, 1, 28), how) for how in (True, False))
    assert [is_over(reckoned, day) for day in (date(2025, 1, 31), date(2025, 2, 1))] == [False, True]
    assert [is_over(recorded, day) for day in (date(2025, 1, 28), date(2025, 1, 29))] == [False, True]


def test_months_are_said_in_each_language() -> None:
    said = {language: month_and_year(date(2025, 5, 1), language) for language in LANGUAGES}
    assert said == {
        "ar": "أيار/مايو 2025",
        "zh": "2025年5月",
        "en": "May 2025",
        "fr": "mai 2025",
        "ru": "май 2025 года",
        "es": "mayo de 2025",
    }


# ---------------------------------------------------------------------------------------------- recording and reading


def test_what_is_recorded_is_read_again(seeded: Flask) -> None:
    assert record(symbol=" A/HRC/59/15 ") == 1
    [found] = reviews_of(db.session(), "SVN")
    assert (found.days, found.symbol, found.version, found.recommended) == (DAYS, "A/HRC/59/15", 1, False)
    assert {point.moment for point in found.points if point.reckoned} == {Moment.LETTER, Moment.NEXT_DOCUMENTS}
    assert record(replace(DAYS, next_on=None), version=1) == 2
    [found] = reviews_of(db.session(), "SVN")
    assert found.days.next_on is None and found.points[-1].on == later(REVIEWED, 54)
    assert trail.verify(db.session())[1] is None


def test_bad_days_are_refused_and_nothing_is_written(seeded: Flask) -> None:
    with faults(("review.session", "session"), ("review.before-review", "adopted_on")):
        record(Days(1, reviewed_on=REVIEWED, adopted_on=REVIEWED))
    with faults(("review.empty", None)):
        record(NOTHING)
    with faults(("review.cycle", None)):
        record(cycle=6)
    with faults(("review.state", None)):
        record(state="XXX")
    assert every_review(db.session()) == []


def test_a_record_can_be_emptied(seeded: Flask, tmp_path: Path) -> None:
    slovenia(tmp_path)
    record(NOTHING, version=record())
    [found] = reviews_of(db.session(), "SVN")
    assert found.days == Days(48) and found.recommended  # what the recommendations tell of it


def test_who_may_not_is_refused(seeded: Flask) -> None:
    people = one_of_each()
    for role in set(Role) - {Role.SECRETARY, Role.DESK_OFFICER}:
        with pytest.raises(Refused):
            record(by=people[role])
    with pytest.raises(Refused):
        record(by=Anonymous())
    record(by=people[Role.DESK_OFFICER])
    assert "recommendations.record_review" in done()


def test_recommendations_tell_of_reviews(seeded: Flask, tmp_path: Path) -> None:
    slovenia(tmp_path)
    [found] = every_review(db.session())
    assert (found.state, found.cycle, found.days, found.version) == ("SVN", 4, Days(48), 0)
    record(Days(reviewed_on=REVIEWED))
    [found] = every_review(db.session())
    assert found.days == Days(48, reviewed_on=REVIEWED)


def test_the_review_that_came_takes_the_place_of_what_was_reckoned(seeded: Flask) -> None:
    record(Days(reviewed_on=date(2020, 1, 30)), cycle=3)
    record()
    third, fourth = reviews_of(db.session(), "SVN")
    assert Moment.NEXT_REVIEW not in {point.moment for point in third.points}
    assert Moment.NEXT_REVIEW in {point.moment for point in fourth.points}


def test_reviews_are_read_in_three_queries(seeded: Flask, tmp_path: Path) -> None:
    slovenia(tmp_path)
    record()
    with questions() as asked:
        assert reviews_of(db.session(), "SVN") and every_review(db.session())
    assert len(asked) == 2 * 3


def test_letters_that_are_lacking(seeded: Flask, tmp_path: Path) -> None:
    slovenia(tmp_path)
    record()
    record(Days(reviewed_on=date(2025, 1, 20)), state="FJI")  # none of its recommendations is here

    def lacking(on: date) -> list[tuple[str, date]]:
        found = [(due.review.state, due.point.on) for due in without_letter(every_review(db.session()), on)]
        db.session.remove()
        return found

    assert lacking(date(2025, 10, 30)) == []
    assert lacking(date(2025, 10, 31)) == [("SVN", date(2025, 6, 30))]
    with unit_of_work(Console()) as work:
        record_letter(work, None, "SVN", 4, date(2025, 9, 1))
    assert lacking(date(2025, 10, 31)) == []


def test_what_comes_next(seeded: Flask) -> None:
    record()
    found = coming(reviews_of(db.session(), "SVN"), date(2027, 6, 1), 120)
    assert [due.point.moment for due in found] == [Moment.MID_TERM]
    assert coming(reviews_of(db.session(), "SVN"), date(2027, 7, 1), 120) == []


# --------------------------------------------------------------------------------------------------------- the page


def typed(**given: str) -> dict[str, str]:
    """What is sent by the form where nothing else is said."""
    usual = {"version": "0", "session": "48", "reviewed_on": "2025-01-28", "symbol": "A/HRC/59/15"}
    return usual | given


def test_the_page_records_and_leads_back_to_the_state(one_click: Flask) -> None:
    client = as_a(one_click, "desk-officer")
    assert "Save the days" in client.get(ADDRESS).text
    saved = client.post(ADDRESS, data=typed())
    assert (saved.status_code, saved.location) == (302, "/recommendations/states/SVN")
    page = client.get(ADDRESS).text
    assert 'value="2025-01-28"' in page and 'name="version" value="1"' in page
    assert "28 January 2025" in page and "about April 2025" in page  # reckoned from it


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(one_click: Flask) -> None:
    client = as_a(one_click, "secretary")
    given = typed(session="12", adopted_on="2025-02-30", symbol="<script>x")
    answer = client.post(ADDRESS, data=given)
    assert answer.status_code == 422 and "There is no such day in the calendar." in answer.text
    assert 'value="2025-02-30"' in answer.text and 'value="&lt;script&gt;x"' in answer.text
    answer = client.post(ADDRESS, data=given | {"adopted_on": "2024-01-01"})
    assert answer.status_code == 422
    for sentence in ("Session 12 does not belong to cycle 4.", "later than the day of the review", "like A/HRC/59/15,"):
        assert sentence in answer.text, sentence
    assert 'id="session-error"' in answer.text and 'href="#adopted_on"' in answer.text
    for text in ("x", "4.5", "-1", "99999", "４８x"):
        assert "Write a whole number." in client.post(ADDRESS, data=typed(session=text)).text, text
    for text in ("28/01/2025", "20250128", "2025-1-28", "2025-01-28T00:00"):
        assert "Write the day as year, month and day" in client.post(ADDRESS, data=typed(reviewed_on=text)).text, text
    assert "nothing is there to be saved" in client.post(ADDRESS, data={"version": "0"}).text
    assert reviews_of(db.session(), "SVN") == []
    assert client.post(ADDRESS, data=typed(session="٤٨")).status_code == 302  # figures of any script


def test_addresses_that_are_none(one_click: Flask) -> None:
    client = as_a(one_click, "secretary")
    for path in ("SVN/reviews/0", "SVN/reviews/6", "XXX/reviews/4", "svn/reviews/4", "SVN/reviews/x"):
        assert client.get(f"/recommendations/states/{path}").status_code == 404, path
    assert as_a(one_click, "field-officer").get(ADDRESS).status_code == 403
    assert as_a(one_click, "auditor").post(ADDRESS, data=typed()).status_code == 403
    assert one_click.test_client().get(ADDRESS).status_code == 302


def test_two_at_one_review_lose_nothing(one_click: Flask) -> None:
    mine, theirs = as_a(one_click, "desk-officer"), as_a(one_click, "secretary")
    assert theirs.post(ADDRESS, data=typed(adopted_on="2025-06-30", symbol="A/HRC/59/15")).status_code == 302
    late = mine.post(ADDRESS, data=typed(reviewed_on="2025-01-29", symbol="A/HRC/59/16"))
    assert late.status_code == 409 and "Somebody else has saved this review meanwhile" in late.text
    for value in ("2025-01-28", "2025-06-30", "A/HRC/59/15"):  # theirs
        assert f'<bdi dir="ltr">{value}</bdi>' in late.text, value
    for value in ("2025-01-29", "A/HRC/59/16"):  # mine, beside theirs and in the form
        assert f'<bdi dir="ltr">{value}</bdi>' in late.text and f'value="{value}"' in late.text, value
    assert 'name="version" value="1"' in late.text
    again = typed(version="1", reviewed_on="2025-01-29", symbol="A/HRC/59/16")
    assert mine.post(ADDRESS, data=again).status_code == 302
    [found] = reviews_of(db.session(), "SVN")
    assert (found.days.reviewed_on, found.days.adopted_on, found.version) == (date(2025, 1, 29), None, 2)


@pytest.mark.slow
def test_of_two_at_the_same_moment_one_is_told(seeded: Flask, tmp_path: Path) -> None:
    with meeting(seeded, tmp_path) as app:

        def save() -> int:
            with unit_of_work(Console()) as work:
                found = record_review(work, None, "SVN", 4, GivenReview(DAYS), 0)
                return found.version

        answers = together(app, save, save)
    assert sorted(map(str, answers)) == ["1", "review.changed"]


# ------------------------------------------------------------------------------------------------------- the home page


def waits(app: Flask, role: str) -> list[tuple[str, str]]:
    """What waits for the demonstration's person of a role."""
    page = as_a(app, role).get("/UPR/").text.split("<footer")[0]
    return re.findall(r'<li><a class="govuk-link" href="([^"]+)">([^<]+)</a>', page)


def test_letters_wait_for_those_who_record_them(one_click: Flask, tmp_path: Path) -> None:
    names = ("Albania", "Belgium", "Chile", "Denmark", "Egypt", "Fiji", "Greece")
    take(info(tmp_path / "i.csv", *({"To": name, "Text": f"Do {name}", "Session": "30"} for name in names)))
    take(info(tmp_path / "old.csv", {"To": "Kenya", "Session": "19", "Text": "Before there were letters"}))
    for role in ("desk-officer", "secretary"):
        found = [one for one in waits(one_click, role) if "seats of the Board" not in one[1]]
        assert [text for _, text in found] == [
            *(f"Record the High Commissioner&#39;s letter to {name}" for name in names[:5]),
            "2 more letters are not recorded",
        ]
        assert found[0][0] == "/recommendations/states/ALB/letters/new?cycle=3"
    assert waits(one_click, "trustee") == waits(one_click, "field-officer") == []
    with unit_of_work(Console()) as work:
        record_letter(work, None, "ALB", 3, date(2018, 12, 1))
    assert "Albania" not in str(waits(one_click, "secretary"))


def test_an_office_is_told_what_comes_in_its_country(one_click: Flask) -> None:
    reviewed = later(today(), -24)
    record(Days(reviewed_on=reviewed, midterm_due=ahead(119)), state="FJI")
    record(Days(reviewed_on=reviewed, midterm_due=ahead(121)), state="SEN")
    record(Days(reviewed_on=reviewed, midterm_due=ahead(5)), state="KEN")
    assert waits(one_click, "head-of-office") == [("/recommendations/states/FJI", "Fiji: Mid-term report due")]
    assert waits(one_click, "field-officer") == []
    record(Days(reviewed_on=reviewed, midterm_due=ahead(0)), state="SEN", version=1)
    [(href, text)] = waits(one_click, "field-officer")
    assert href == "/recommendations/states/SEN" and text  # in French
