"""Screening: what the program sees of a version, marks on the checklist, points that a call adds."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from calls import draft, opened, someone
from calls import send as send_call
from flask import Flask
from proposing import (
    again,
    head,
    in_screening,
    pages,
    submitted,
    write,
    writer,
)
from screened import GOOD, Pages, form_of, marked, officer, seen, sent, why, with_items
from visiting import as_a, text_of

from fundapp.access.policy import Refused, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import CallCheck, CallDocument, ScreeningMark
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.screening import (
    confirm_seen,
    mark,
)
from fundapp.proposals.queries.looking import last_marks
from fundapp.proposals.queries.screening import filled, passed
from fundapp.proposals.rules.checklist import STANDARD, Marked
from fundapp.web.sentences import SENTENCES

pytestmark = pytest.mark.usefixtures("one_click")


# ------------------------------------------------------------------------------------------------- the program's eyes


def test_all_is_seen_in_a_whole_proposal(registered: Flask) -> None:
    found = seen(in_screening())
    assert list(found) == list(STANDARD) and all(one.good for one in found.values())
    assert found["budget"].values == {"total_cents": 22_600_00, "ceiling_cents": 100_000_00}
    assert found["consent"].values["day"] == "2026-01-15"


@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [
        ({"consent": {"form": "request", "date": "2026-01-15"}}, "consent", "no-consent-signatory"),
        ({"consent": {"date": "2026-01-15", "signatory": "x"}}, "consent", "no-consent-form"),
        ({"consent": {"form": "consent", "signatory": "x"}}, "consent", "no-consent-date"),
        ({"consent": {"form": "consent", "date": "2099-01-01", "signatory": "x"}}, "consent", "consent-late"),
        ({"country": {}}, "country", "no-country"),
        ({"country": {"country": "HKG"}}, "country", "not-a-state"),
        ({"budget": {}}, "budget", "no-budget"),
        ({"recommendations": {}}, "recommendations", "no-recommendations"),
        ({"recommendations": {"linked": [{"number": "99999999"}]}}, "recommendations", "recommendations-gone"),
        ({"country": {"country": "SEN"}}, "recommendations", "recommendations-elsewhere"),
        ({"gender": {"analysis": "x"}}, "gender", "no-marker"),
        ({"gender": {"marker": "2"}}, "gender", "no-analysis"),
        ({"gender": {"marker": "0", "analysis": "word " * 401}}, "gender", "long-analysis"),
    ],
)
def test_what_lacks_is_seen(registered: Flask, said: Pages, code: str, reason: str) -> None:
    found = seen(sent(said))[code]
    assert (found.good, found.why) == (False, f"checklist.{reason}")
    assert found.why in SENTENCES


def test_the_budget_is_held_against_the_limits_of_the_call(registered: Flask) -> None:
    line = pages()["budget"]["lines"][0]
    for quantity, reason in (("1", "below"), ("2000", "above")):
        given = {"budget": {"lines": [line | {"quantity": quantity, "reason": "x"}]}}
        assert seen(sent(given))["budget"].why == f"checklist.budget-{reason}"


def test_a_call_for_others_and_missing_documents_are_seen(registered: Flask) -> None:
    with_items(CallDocument(code="letter", required=True, name_en="A letter"))
    found = seen(sent({}))["documents"]
    assert found.why == "checklist.documents-missing"
    assert found.values["missing"] == [dict.fromkeys(("ar", "zh", "en", "fr", "ru", "es"), "A letter")]


# ---------------------------------------------------------------------------------------------------------- marks


def test_one_click_confirms_what_is_seen_and_no_more(registered: Flask) -> None:
    made = sent({"gender": {"marker": "2"}})
    with unit_of_work(officer()) as work:
        assert confirm_seen(work, made, 1) == 5
    assert "gender" not in last_marks(db.session(), made)
    with unit_of_work(officer()) as work:
        assert confirm_seen(work, made, 1) == 0
    assert not filled(db.session(), again(made))


def test_a_mark_says_why_where_it_is_not_plainly_fulfilled(registered: Flask) -> None:
    made = sent({"gender": {"marker": "2"}})

    def given(**said: Marked) -> Any:
        return lambda work: mark(work, made, said, 1, 0)

    assert why(given(consent=Marked("not-fulfilled")), officer()) == [("screening.no-note", "consent-note")]
    assert why(given(budget=Marked("not-applicable")), officer()) == [("screening.no-note", "budget-note")]
    assert why(given(gender=Marked(GOOD)), officer()) == [("screening.otherwise", "gender-note")]
    assert why(given(gender=Marked("perhaps")), officer()) == [("screening.no-verdict", "gender-verdict")]
    assert why(given(gender=Marked(GOOD, "x" * 2001)), officer()) == [("call.long", "gender-note")]
    assert marked(made, {"gender": Marked(GOOD, "It is in the annex."), "strange": Marked(GOOD)}) == 1


def test_marks_are_added_and_the_last_counts(registered: Flask) -> None:
    made = in_screening()
    assert marked(made, {"budget": Marked(GOOD)}) == 1
    assert marked(made, {"budget": Marked(GOOD)}) == 0  # the same again is nothing new
    assert marked(made, {"budget": Marked("not-fulfilled", "Too dear")}) == 1
    rows = db.session().scalars(sa.select(ScreeningMark).order_by(ScreeningMark.id)).all()
    assert [row.verdict for row in rows] == [GOOD, "not-fulfilled"]
    assert last_marks(db.session(), again(made))["budget"].note == "Too dear"


def test_two_officers_notice_each_other(registered: Flask) -> None:
    made = in_screening()
    marked(made, {"budget": Marked("not-fulfilled", "Too dear")})
    other = someone(Role.SECRETARY)
    assert why(lambda work: mark(work, made, {"budget": Marked(GOOD)}, 1, 0), other) == [
        ("screening.marked-meanwhile", "budget-verdict")
    ]
    last = last_marks(db.session(), again(made))["budget"].id
    with unit_of_work(other) as work:
        assert mark(work, made, {"budget": Marked(GOOD)}, 1, last) == 1


def test_marks_are_of_a_version_and_of_a_screening(registered: Flask) -> None:
    made = submitted()
    assert why(lambda work: confirm_seen(work, made, 1), officer()) == [("screening.not-now", None)]
    with unit_of_work(officer()) as work:
        moving.start_screening(work, made)
    assert why(lambda work: confirm_seen(work, made, 2), officer()) == [("screening.other-version", None)]
    for person in (writer(), head()):
        with pytest.raises(Refused), unit_of_work(person) as work:
            confirm_seen(work, made, 1)


def test_a_new_version_is_marked_anew_and_the_page_suggests_the_old_marks(registered: Flask) -> None:
    made = in_screening()
    marked(made, {"budget": Marked("not-fulfilled", "Too dear")})
    with unit_of_work(officer()) as work:
        moving.return_proposal(work, made, moving.Given("Less.", now() + timedelta(days=5)))
    made = write(again(made), {"monitoring": {"plan": "Each month."}})
    with unit_of_work(head()) as work:
        moving.submit_again(work, made)
    with unit_of_work(officer()) as work:
        moving.start_screening(work, made)
    made = again(made)
    assert not filled(db.session(), made)
    page = text_of(as_a(registered, "desk-officer"), f"/UPR/proposals/{made.reference}/screening")
    assert "marked in version 1; to be marked again" in page and "Too dear" in page
    assert re.search(r'name="budget-verdict" type="radio" value="not-fulfilled" checked', page)
    client = as_a(registered, "desk-officer")
    data = form_of(page)
    assert client.post(f"/UPR/proposals/{made.reference}/screening", data=data).status_code == 302
    assert last_marks(db.session(), again(made))["budget"].version_number == 2


def test_the_calls_own_points_must_be_fulfilled_where_it_says_so(registered: Flask) -> None:
    with_items(
        CallCheck(code="two-sites", required=True, name_en="Two sites"),
        CallCheck(code="youth", required=False, name_en="Youth"),
    )
    made = in_screening()
    with unit_of_work(officer()) as work:
        confirm_seen(work, made, 1)
    assert not passed(db.session(), again(made))
    marked(made, {"two-sites": Marked(GOOD)})
    assert passed(db.session(), again(made))
    with unit_of_work(officer()) as work:
        moving.find_eligible(work, made)
    assert again(made).stage == "eligible"


# ---------------------------------------------------------------------------------------------------- points of a call


def test_a_draft_is_given_points_of_its_own(registered: Flask) -> None:
    draft()
    client = as_a(registered, "desk-officer")
    point = {"code": "two-sites", "name_en": "Two sites", "required": "y", "version": "1"}
    status, page = send_call(client, "/2031-1/checks/new", **point)
    assert status == 302 and "Two sites" in page
    status, page = send_call(client, "/2031-1/checks/new", **point | {"code": "consent", "version": "2"})
    assert status == 422 and "is a point of every checklist" in page
    status, page = send_call(client, "/2031-1/checks/two-sites", **point | {"name_en": "Three sites", "version": "2"})
    assert status == 302 and "Three sites" in page
    assert "not eligible before this point" in text_of(client, "/UPR/calls/2031-1/checks/two-sites")
    status, page = send_call(client, "/2031-1/checks/two-sites/drop", version="3")
    assert status == 302 and "Three sites" not in page
    opened("2031-2")
    assert client.get("/UPR/calls/2031-2/checks/new").status_code == 409
