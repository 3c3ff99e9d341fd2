"""The pages of screening: the checklist, questions and answers on the record, who sees to which region."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from calls import fund, someone
from flask import Flask
from proposing import (
    again,
    cleared,
    complete,
    head,
    in_screening,
    returned,
    submitted,
    write,
    writer,
)
from screened import marked, officer, post, why, with_items
from test_proposal_pages import as_person
from visiting import as_a, statements, text_of, waiting

from fundapp.access.models import Person
from fundapp.access.operations import Console, add_person, end_grant, grant
from fundapp.access.policy import Refused, Role
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import CallCheck, Notice
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.screening import (
    answer_question,
    ask_question,
    assign_officer,
    confirm_seen,
    end_desk,
    give_desk,
)
from fundapp.proposals.queries.screening import desk_of, desks, questions
from fundapp.proposals.rules.checklist import Marked

MOST_QUERIES = 15

pytestmark = pytest.mark.usefixtures("one_click")


# ---------------------------------------------------------------------------------------------------- pages


def test_a_desk_officer_screens(registered: Flask) -> None:
    made = submitted()
    client = as_a(registered, "desk-officer")
    address = f"/UPR/proposals/{made.reference}/screening"
    page = text_of(client, address)
    assert "Start the screening" in page and "Save the marks" not in page and again(made).stage == "submitted"
    status, page = post(client, made, "screening/start")
    assert status == 302 and "Confirm all that the program sees fulfilled" in page
    assert (
        "The document is there; it is of 2026-01-15" in page
        and "letter.pdf" in page
        and "22 600" in page.replace("\xa0", " ")
    )
    assert client.post(f"{address}/start").status_code == 409  # twice
    status, page = post(client, made, "screening/confirm", version="1")
    assert status == 302 and "All points are marked" in page
    data = {"version": "1", "last": "9", "gender-verdict": "not-fulfilled", "gender-note": ""}
    status, page = post(client, made, "screening", **data)
    assert (
        status == 422
        and "The gender page is filled in: Say why the point is not fulfilled" in page
        and 'href="#gender-note"' in page
    )
    assert post(client, made, "screening", **data | {"gender-note": "No \x00 figures"})[0] == 400
    status, page = post(client, made, "screening", **data | {"gender-note": "No \x07figures"})
    assert status == 302 and "No figures" in page
    assert client.get(address.replace("screening", "step/find-eligible")).status_code == 200
    status, page = post(client, made, "step/find-eligible")
    assert status == 409 and "Not every point of the checklist is fulfilled" in page
    status, page = post(client, made, "step/return", reason="", until_on="", zone="UTC")
    assert status == 422 and "Give the reason" in page
    status, page = post(client, made, "step/return", reason="More.", until_on="soon", zone="UTC")
    assert status == 422 and "is no date" in page
    status, page = post(client, made, "step/return", reason="More.", until_on="2031-01-05", zone="UTC")
    assert status == 302 and "Returned for changes" in page
    assert again(made).stage == "returned"


def test_screening_is_not_for_offices_nor_before_it_is_handed_in(registered: Flask) -> None:
    made = cleared()
    desk, mine = as_a(registered, "desk-officer"), as_a(registered, "head-of-office")
    for address in ("screening", "questions", "step/return"):
        assert desk.get(f"/UPR/proposals/{made.reference}/{address}").status_code == 404
        assert desk.get(f"/UPR/proposals/2031-1-999/{address}").status_code == 404
    assert mine.get(f"/UPR/proposals/{made.reference}/screening").status_code == 403
    assert desk.post(f"/UPR/proposals/{made.reference}/screening/start").status_code == 404
    other = as_a(registered, "field-officer")  # of another office
    assert other.get(f"/UPR/proposals/{made.reference}/questions").status_code == 404
    assert other.post(f"/UPR/proposals/{made.reference}/questions/1", data={"answer": "x"}).status_code == 404
    assert as_a(registered, "trustee").get(f"/UPR/proposals/{made.reference}/screening").status_code == 403


def test_pages_ask_the_database_little(registered: Flask) -> None:
    with_items(CallCheck(code="two-sites", required=True, name_en="Two sites"))
    made = in_screening()
    with unit_of_work(officer()) as work:
        confirm_seen(work, made, 1)
        for number in range(4):
            ask_question(work, made, "budget", f"Why {number}?")
    reference = made.reference
    for role in ("desk-officer", "secretary"):
        client = as_a(registered, role)
        for address in (f"{reference}/screening", f"{reference}/questions", "telling"):
            text_of(client, f"/UPR/proposals/{address}")
            with statements() as asked:
                text_of(client, f"/UPR/proposals/{address}")
            assert len(asked) <= MOST_QUERIES, (role, address, len(asked), asked)


# ---------------------------------------------------------------------------------------------------- questions


def test_questions_and_answers_are_on_the_record(registered: Flask) -> None:
    made = submitted()
    desk, office = as_a(registered, "desk-officer"), as_a(registered, "head-of-office")
    status, page = post(desk, made, "questions", section="budget", question="Why so many days?\n\nSay more.")
    assert status == 302 and "Why so many days?" in page and "waits for an answer" in page
    for change, said in (
        ({"question": " "}, "Write the question"),
        ({"question": "x" * 5001}, "at most 5000"),
        ({"section": "nothing", "question": "y"}, "Choose a page"),
        ({"section": "budget", "question": "Why so many days?\n\nSay more."}, "This was asked already"),
    ):
        status, page = post(desk, made, "questions", **{"section": "", **change})
        assert status == 422 and said in page
    key = questions(db.session(), made)[0].id
    page = text_of(office, f"/UPR/proposals/{made.reference}/questions")
    assert "Why so many days?" in page and "Ask the office" not in page
    assert post(office, made, "questions", section="", question="Why?")[0] == 403
    assert desk.get(f"/UPR/proposals/{made.reference}/questions/{key}").status_code == 403
    assert office.get(f"/UPR/proposals/{made.reference}/questions/{key + 1}").status_code == 404
    for text in ("Two trainers.", "And travel."):
        status, page = post(office, made, f"questions/{key}", answer=text)
        assert status == 302 and text in page
    status, page = post(office, made, f"questions/{key}", answer="And travel.")
    assert status == 422 and "This was answered already" in page
    status, page = post(office, made, f"questions/{key}", answer="")
    assert status == 422 and "Write the answer" in page
    assert [answer.text for answer in questions(db.session(), again(made))[0].answers] == [
        "Two trainers.",
        "And travel.",
    ]
    kinds = db.session().scalars(sa.select(Notice.kind).order_by(Notice.id)).all()
    assert kinds.count("question-asked") == 4  # the two of the demonstration and the two of the test's office
    assert kinds.count("question-answered") >= 2


def test_an_answer_belongs_to_its_proposal(registered: Flask) -> None:
    made = submitted()
    other = submitted(office_code="WAFRICA")
    with unit_of_work(officer()) as work:
        key = ask_question(work, other, "", "Why?").id
    assert why(lambda work: answer_question(work, made, key, "x"), writer()) == [("screening.no-question", None)]
    with pytest.raises(Refused), unit_of_work(writer()) as work:
        answer_question(work, other, key, "x")


def test_nobody_is_asked_of_what_was_withdrawn(registered: Flask) -> None:
    made = submitted()
    with unit_of_work(officer()) as work:
        key = ask_question(work, made, "", "Why?").id
    with unit_of_work(head()) as work:
        moving.withdraw(work, made, moving.Given("No time."))
    assert why(lambda work: ask_question(work, made, "", "Why not?"), officer()) == [("screening.not-asked", None)]
    assert why(lambda work: answer_question(work, made, key, "x"), head()) == [("screening.not-answered", None)]


def test_a_question_waits_for_the_office_until_somebody_answers_or_nobody_can(registered: Flask) -> None:
    made, other = submitted(), submitted(office_code="WAFRICA")
    with unit_of_work(officer()) as work:
        key = ask_question(work, made, "", "Why?").id
        ask_question(work, made, "budget", "How much?")
        ask_question(work, other, "", "Who?")
    told = f"Answer 2 questions on the proposal {made.reference}"
    theirs = as_person(registered, writer())
    assert [one for one in waiting(theirs) if "question" in one] == [told]
    assert not [one for one in waiting(as_a(registered, "secretary")) if one.startswith("Answer")]
    made = again(made)
    with unit_of_work(writer()) as work:
        answer_question(work, made, key, "So.")
    assert told.replace("2 questions", "1 question") in waiting(theirs)
    assert "1 question<" in text_of(theirs, "/UPR/proposals/due")
    made = again(made)
    with unit_of_work(head()) as work:
        moving.withdraw(work, made, moving.Given("No time."))
    assert not [one for one in waiting(theirs) if "question" in one]
    assert "1 question<" not in text_of(theirs, "/UPR/proposals/due")


def test_offices_see_no_marks(registered: Flask) -> None:
    made = in_screening()
    marked(made, {"budget": Marked("not-fulfilled", "Much too dear")})
    reference = again(made).reference
    office = as_a(registered, "head-of-office")
    for address in ("", "/questions"):
        assert "Much too dear" not in text_of(office, f"/UPR/proposals/{reference}{address}")


# ---------------------------------------------------------------------------------------------------- desks


def second() -> Person:
    with unit_of_work(Console()) as work:
        made = add_person(work, None, "second@example.org", "correct horse battery", name="Second")
        grant(work, made, Role.DESK_OFFICER)
    return made


def test_what_is_handed_in_goes_to_the_nearest_desk(registered: Flask) -> None:
    secretary, other = someone(Role.SECRETARY), second()
    with unit_of_work(secretary) as work:
        give_desk(work, fund(), "009", officer())  # Oceania
    made = complete()
    assert desk_of(db.session(), made) == officer().id
    with unit_of_work(secretary) as work:
        give_desk(work, fund(), "054", other)  # Melanesia
    assert desk_of(db.session(), again(made)) == other.id
    with unit_of_work(head()) as work:
        moving.clear(work, made)
    with unit_of_work(writer()) as work:
        moving.submit(work, made)
    assert again(made).officer_id == other.id
    with unit_of_work(Console()) as work:
        end_grant(work, other, other.grants[0].id)
    assert desk_of(db.session(), again(made)) == officer().id  # whoever left sees to nothing


def test_a_region_has_one_desk_and_it_can_be_ended(registered: Flask) -> None:
    secretary, other = someone(Role.SECRETARY), second()
    with unit_of_work(secretary) as work:
        give_desk(work, fund(), "009", officer())
    assert why(lambda work: give_desk(work, fund(), "009", officer()), secretary) == [("screening.desk-held", "person")]
    assert why(lambda work: give_desk(work, fund(), "x\x00", None), secretary) == [
        ("screening.no-region", "region"), ("screening.no-person", "person")
    ]  # fmt: skip
    author = writer()
    assert why(lambda work: give_desk(work, fund(), "009", author), secretary) == [("screening.no-officer", "person")]
    with pytest.raises(Refused), unit_of_work(officer()) as work:
        give_desk(work, fund(), "009", officer())
    with unit_of_work(secretary) as work:
        give_desk(work, fund(), "009", other)
    [row] = desks(db.session(), Console(), fund().id)
    assert (row.region, row.person_id, row.able) == ("009", other.id, True)
    with unit_of_work(secretary) as work:
        end_desk(work, fund(), row.id)
    assert desks(db.session(), Console(), fund().id) == []
    assert why(lambda work: end_desk(work, fund(), 999), secretary) == [("screening.no-desk", None)]


def test_the_page_of_desks(registered: Flask) -> None:
    client = as_a(registered, "secretary")
    assert "Nobody sees to a region yet" in text_of(client, "/UPR/proposals/desks")
    for data in ({}, {"region": "zzz", "person": "0"}, {"region": "009", "person": "9" * 30}):
        assert client.post("/UPR/proposals/desks", data=data).status_code == 422
    data = {"region": "009", "person": str(officer().id)}
    assert client.post("/UPR/proposals/desks", data=data).status_code == 302
    with statements() as asked:
        page = text_of(client, "/UPR/proposals/desks")
    assert "Oceania" in page and "Lucía Ferrer" in page and len(asked) <= MOST_QUERIES
    key = desks(db.session(), Console(), fund().id)[0].id
    assert client.post(f"/UPR/proposals/desks/{key}/end").status_code == 302
    assert as_a(registered, "desk-officer").get("/UPR/proposals/desks").status_code == 403


def test_a_proposal_is_given_to_somebody_else(registered: Flask) -> None:
    other = second().id
    made = submitted()
    client = as_a(registered, "secretary")
    status, page = post(client, made, "officer", person=str(other))
    assert status == 302 and "Second sees to the proposal now" in page
    made = again(made)
    assert made.officer_id == other
    told = db.session().scalars(sa.select(Notice).where(Notice.kind == "proposal-assigned")).all()
    assert [one.person_id for one in told] == [other]
    assert post(client, made, "officer", person="0")[0] == 409
    stranger = str(writer().id)
    assert post(client, made, "officer", person=stranger)[0] == 409
    made = again(made)
    with pytest.raises(Refused), unit_of_work(officer()) as work:
        assign_officer(work, made, officer())
    hidden = complete()
    with pytest.raises(Refused), unit_of_work(someone(Role.SECRETARY)) as work:
        assign_officer(work, hidden, officer())


def test_the_fixed_version_is_read_and_not_what_is_written(registered: Flask) -> None:
    made = write(returned(), {"context": {"title": "A secret plan", "problem": "x", "context": "y"}})
    page = text_of(as_a(registered, "desk-officer"), f"/UPR/proposals/{made.reference}/screening")
    assert "A secret plan" not in page and "A national mechanism that reports" in page
