"""What the timeline of a proposal tells, and whom: whose desk it came to, and what was found on the checklist."""

from __future__ import annotations

import re
from datetime import timedelta

from calls import second_secretary, someone
from flask import Flask
from proposing import again, begun, head, in_screening, submitted, write, writer
from screened import GOOD, add_items, marked
from test_proposal_pages import PLACE, as_person
from visiting import statements, text_of

from fundapp.access.models import Office, Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, CallCheck, Proposal
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.screening import assign_officer
from fundapp.proposals.operations.writing import Beginning, copy_proposal
from fundapp.proposals.rules.checklist import Marked, Verdict

NOTE = "The analysis names nobody."


def told(app: Flask, person: Person, proposal: Proposal) -> str:
    """The timeline of a proposal as somebody reads it, without the tags."""
    page = text_of(as_person(app, person), f"{PLACE}/{again(proposal).reference}/timeline").partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def returned(proposal: Proposal) -> Proposal:
    proposal = again(proposal)
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        moving.return_proposal(work, proposal, moving.Given("Say more.", now() + timedelta(days=10)))
    return again(proposal)


def test_whose_desk_it_came_to_is_told_to_all_who_read_it(registered: Flask) -> None:
    made = in_screening()
    other = second_secretary()
    with unit_of_work(someone(Role.SECRETARY)) as work:
        assign_officer(work, made, work.session.get_one(Person, other.id))
    desk = someone(Role.DESK_OFFICER)
    for person in (writer(), desk, someone(Role.AUDITOR)):
        page = told(registered, person, made)
        assert page.count("Whose desk it is on") == 2, page  # and not when it was begun, for nobody
        assert page.index("Whose desk it is on : Second") < page.index(f"Whose desk it is on : {desk.name}")


def test_marks_are_the_secretariats_until_the_office_is_told(registered: Flask) -> None:
    made = in_screening()
    bad = Verdict.NOT_FULFILLED.value
    marked(made, {"consent": Marked(GOOD), "gender": Marked(bad, NOTE)})
    desk = told(registered, someone(Role.DESK_OFFICER), made)
    assert desk.count("Points of the checklist were marked") == 1  # both in one go
    assert f"The gender page is filled in: Not fulfilled {NOTE}" in desk
    assert desk.index("requests the project") < desk.index("The gender page")
    for person in (writer(), head(), someone(Role.AUDITOR)):
        assert "checklist" not in told(registered, person, made)
    made = returned(made)
    office = told(registered, writer(), made)
    assert "The gender page is filled in: Not fulfilled" in office and NOTE not in office
    assert "checklist" not in told(registered, someone(Role.AUDITOR), made)


def test_what_is_marked_after_the_office_was_told_waits_for_the_next_telling(registered: Flask) -> None:
    made = in_screening()
    marked(made, {"consent": Marked(GOOD)})
    made = returned(made)
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        moving.lift_return(work, made)
    marked(again(made), {"gender": Marked(GOOD)})
    office = told(registered, writer(), made)
    assert "requests the project" in office and "The gender page" not in office
    assert told(registered, someone(Role.SECRETARY), made).count("Points of the checklist were marked") == 2


def test_a_calls_own_points_have_its_words(registered: Flask) -> None:
    made = submitted()
    with unit_of_work(Console()) as work:
        call = work.session.get_one(Call, made.call_id)
        add_items(work, call, CallCheck(code="own", required=False, name_en="A plan of travel"))
    made = again(made)
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        moving.start_screening(work, made)
    marked(again(made), {"own": Marked(GOOD)})
    assert "A plan of travel: Fulfilled" in told(registered, someone(Role.DESK_OFFICER), made)
    address = f"{PLACE}/{again(made).reference}/timeline"
    client = as_person(registered, someone(Role.DESK_OFFICER))
    text_of(client, address)
    with statements() as asked:
        text_of(client, address)
    assert len(asked) <= 10, asked


def test_a_proposal_begins_once(registered: Flask) -> None:
    made = begun()
    assert told(registered, writer(), made).count("Began a proposal") == 1
    write(made, {"gender": {"analysis": "One"}})
    page = told(registered, writer(), made)
    assert page.count("Began a proposal") == 1 and "Country and partners" not in page
    key = again(made).id
    with unit_of_work(writer()) as work:
        earlier = work.session.get_one(Proposal, key)
        where = Beginning(work.session.get_one(Call, earlier.call_id), work.session.get_one(Office, earlier.office_id))
        copied = copy_proposal(work, where, earlier).id
    page = told(registered, writer(), db.session.get_one(Proposal, copied))
    assert page.count("Copied an earlier proposal") == 1 and "Began a proposal" not in page
