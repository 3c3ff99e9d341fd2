"""Rounds that are closed and opened again, two secretaries at once, reviewers who are so no more, reminders."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from calls import second_secretary, someone
from crowd import meeting, together
from flask import Flask
from running import HERE, in_work, refused, send, typed
from scoring import assigned, eligible, given, opened_round, reviewers, settings, the_call, the_round
from visiting import as_a, text_of

from fundapp.access.models import Letter, Office, Person
from fundapp.access.operations import Console, add_person, end_grant, grant
from fundapp.access.policy import Role
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, Notice, Proposal
from fundapp.proposals.operations import moving
from fundapp.proposals.rounds import tell_due
from fundapp.scoring.models import Assignment
from fundapp.scoring.operations.assigning import assign_planned
from fundapp.scoring.operations.rounds import close_scoring, open_scoring, reopen_scoring
from fundapp.scoring.queries.assigning import wanted
from fundapp.scoring.rules.assigning import plan

pytestmark = pytest.mark.usefixtures("one_click")


def test_a_round_closes_when_all_is_in_or_excepted(shown: Flask) -> None:
    opened_round()
    rows, people = [one.id for one in eligible()], [one.id for one in reviewers(2)]
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/2026-1/close")
    assert "It cannot be closed yet" in page and "2026-1-001" in page
    status, page = send(client, "/2026-1/close", version="1", reason="")
    assert status == 409 and f"{len(rows)} (2026-1-001" in page
    for place, key in enumerate(rows):
        for who in people[: 2 if place else 1]:
            given(assigned(db.session.get_one(Proposal, key), db.session.get_one(Person, who)), (place + who) % 4)
    assert refused(lambda work: close_scoring(work, in_work(work), in_work(work).version)) == ["round.lacks"]
    assert send(client, "/2026-1/exception/2026-1-001", reason="")[0] == 422
    assert send(client, "/2026-1/exception/2026-1-001", reason="Nobody else reads its language.")[0] == 302
    status, page = send(client, "/2026-1/exception/2026-1-001", reason="Nobody else reads its language.")
    assert status == 409 and "has an exception already" in page
    assert client.get(f"{HERE}/2026-1/exception/2026-1-987").status_code == 404
    assert send(client, "/2026-1/close", version="9", reason="")[0] == 409
    version = str(the_round().version)
    assert send(client, "/2026-1/close", version=version, reason="All is in.")[0] == 302
    told = set(db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "score-closed")))
    assert told == set(people)
    for step in ("close", "change", "assign", "balance"):
        assert client.get(f"{HERE}/2026-1/{step}").status_code == 409
    version = str(the_round().version)
    assert send(client, "/2026-1/reopen", version=version, reason="")[0] == 422
    assert send(client, "/2026-1/reopen", version=version, reason="One reviewer asked to look again.")[0] == 302
    assert client.get(f"{HERE}/2026-1/reopen").status_code == 409  # it is open
    assert refused(lambda work: reopen_scoring(work, in_work(work), in_work(work).version, "Once more, please."))


def test_of_two_secretaries_the_second_sees_what_the_first_did(shown: Flask) -> None:
    opened_round()
    client = as_a(shown, "secretary")
    data = typed(version="1", reason="More time is needed.", sheets="3")
    assert send(client, "/2026-1/change", **data)[0] == 302
    status, page = send(client, "/2026-1/change", **(data | {"sheets": "1"}))
    assert status == 409 and "Somebody changed the scoring of this call meanwhile" in page
    db.session.rollback()
    assert the_round().sheets == 3
    assert "More time is needed." in text_of(client, f"{HERE}/2026-1")
    page = text_of(client, f"{HERE}/2026-1/change")
    assert 'value="3"' in page


def test_two_at_once(shown: Flask, tmp_path: Path) -> None:
    """Two secretaries open the same call, and two assign the same plan: one of each is refused."""
    second = second_secretary().id
    call = the_call("2026-1").id
    who = [someone(Role.SECRETARY).id, second]
    reviewers(3)
    db.session.remove()

    def open_it(person: int) -> object:
        with unit_of_work(db.session.get_one(Person, person)) as work:
            return open_scoring(work, work.session.get_one(Call, call), settings(), "The Board meets early.").sheets

    def assign_it(person: int, digest: str) -> object:
        with unit_of_work(db.session.get_one(Person, person)) as work:
            return assign_planned(work, in_work(work), digest)

    with meeting(shown, tmp_path) as app:
        found = together(app, *(lambda one=one: open_it(one) for one in who))
        assert sorted(map(str, found)) == ["2", "round.known"]
        with app.app_context():
            digest = plan(wanted(db.session(), someone(Role.SECRETARY), the_round())).digest
            many = 2 * len(eligible())
            db.session.remove()
        found = together(app, *(lambda one=one: assign_it(one, digest) for one in who))
        assert sorted(map(str, found)) == sorted([str(many), "round.plan-empty"])


# ------------------------------------------------------------------------------------------------------------ the pages


def test_a_reviewer_who_is_one_no_more_is_shown(shown: Flask) -> None:
    opened_round()
    who = reviewers(2)[1].id
    assigned(eligible()[0], db.session.get_one(Person, who))
    with unit_of_work(Console()) as work:
        person = work.session.get_one(Person, who)
        end_grant(work, person, person.grants[0].id)
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/2026-1")
    assert "Reviewers who are so no more" in page and "no reviewer any more" in page
    assert "no reviewer any more" in text_of(client, f"{HERE}/reviewers")
    assert client.get(f"{HERE}/reviewers/{who}").status_code == 404
    db.session.rollback()
    first = plan(wanted(db.session(), someone(Role.SECRETARY), the_round())).pairs[:2]
    assert [one for one, _ in first] == [eligible()[0].id] * 2  # what they have does not count as a sheet to come


def test_what_is_known_of_reviewers(shown: Flask) -> None:
    who = reviewers(2)[1].id
    client = as_a(shown, "secretary")
    sent = {"nationality": "FRA", "languages": ["fr", "en"], "most": "3", "version": "0"}
    assert send(client, f"/reviewers/{who}", **(sent | {"most": "0"}))[0] == 422
    assert send(client, f"/reviewers/{who}", **(sent | {"most": "many"}))[0] == 422
    assert send(client, f"/reviewers/{who}", **(sent | {"nationality": "XXX"}))[0] == 422
    status, page = send(client, f"/reviewers/{who}", **sent)
    assert status == 302 and "France" in page and "français" in page.lower()
    status, page = send(client, f"/reviewers/{who}", **sent)
    assert status == 409 and "Somebody changed what is known of" in page
    for address in ("/reviewers/999999", f"/reviewers/{someone(Role.AUDITOR).id}"):
        assert client.get(HERE + address).status_code == 404 == client.post(HERE + address, data=sent).status_code


def test_more_sheets_than_there_are_reviewers(shown: Flask) -> None:
    opened_round(sheets=9)
    client = as_a(shown, "secretary")
    assert "Too few reviewers" in text_of(client, f"{HERE}/2026-1")
    assert "There are no more reviewers." in text_of(client, f"{HERE}/2026-1/balance")


def test_a_proposal_that_is_withdrawn_is_named_and_left_out(shown: Flask) -> None:
    opened_round()
    first = eligible()[0]
    reference, place = first.reference, first.office_id
    made = given(assigned(first, reviewers(2)[1])).id
    with unit_of_work(Console()) as work:
        head = add_person(work, None, "head.of.it@example.org", "correct horse battery", name="Head")
        grant(work, head, Role.HEAD_OF_OFFICE, office=work.session.get_one(Office, place))
    with unit_of_work(head) as work:
        one = work.session.scalars(sa.select(Proposal).where(Proposal.reference == reference)).one()
        moving.withdraw(work, one, moving.Given("The ministry is gone."))
    page = text_of(as_a(shown, "secretary"), f"{HERE}/2026-1")
    assert reference in page.partition('id="out"')[2] and reference not in page.partition('id="out"')[0]
    assert db.session.get_one(Assignment, made).ended_at is None  # it stays on record


def test_those_who_score_are_reminded_seven_days_and_a_day_before(shown: Flask) -> None:
    opened_round()
    who = reviewers(3)
    done, waits, idle = (one.id for one in who)
    one = eligible()[0].id
    given(assigned(db.session.get_one(Proposal, one), db.session.get_one(Person, done)))
    assigned(db.session.get_one(Proposal, one), db.session.get_one(Person, waits))
    due = the_round().due_at
    for days, many in ((10, 0), (7, 1), (6, 1), (1, 2)):
        db.session.remove()
        tell_due(due - timedelta(days=days))
        found = db.session.scalars(sa.select(Notice.person_id).where(Notice.kind == "score-due")).all()
        assert found == [waits] * many, days
    letters = db.session.scalars(sa.select(Letter).where(Letter.person_id == waits).order_by(Letter.id)).all()
    assert "2026-1-001" in letters[0].body and "The proposal is yours to score." in letters[0].body
    assert any("Not given yet: 2026-1-001" in one.body and "/UPR/scoring/mine" in one.body for one in letters)
    assert not db.session.scalars(sa.select(Letter).where(Letter.person_id == idle)).all()
