"""Rounds of scoring as the secretary runs them: opened, assigned, closed, and what each refuses."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from calls import do, draft, faults, fund, opened, second_secretary, someone
from crowd import meeting, together
from flask import Flask
from flask.testing import FlaskClient
from scoring import assigned, eligible, given, opened_round, reviewers, settings, the_call, the_round
from visiting import as_a, statements, text_of

from fundapp.access.models import Letter, Office, Person
from fundapp.access.operation import operation
from fundapp.access.operations import Console, add_person, end_grant, grant
from fundapp.access.policy import Permission, Refused, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call, Notice, Proposal, ProposalWriter, Recusal
from fundapp.proposals.operations import cancel_call, moving
from fundapp.proposals.operations.interests import recuse
from fundapp.proposals.queries import named_call
from fundapp.proposals.rounds import tell_due
from fundapp.scoring.models import Assignment, ReviewerProfile, ScoringRound
from fundapp.scoring.operations.assigning import assign, assign_planned
from fundapp.scoring.operations.rounds import change_scoring, close_scoring, open_scoring, reopen_scoring
from fundapp.scoring.queries.assigning import wanted
from fundapp.scoring.queries.rounds import round_of
from fundapp.scoring.rules.assigning import plan

HERE = "/UPR/scoring"


@pytest.fixture(autouse=True)
def one_click(shown: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration's people sign in without proof."""
    monkeypatch.setitem(shown.config, "FUNDAPP_DEMONSTRATION", True)


@operation(Permission.FUND_SET_UP, name="tests.add_rows")
def add_rows(work: Work, _: None, *rows: Any) -> None:
    """Rows that no operation of these tests makes."""
    work.session.add_all(rows)


def day(days: int) -> str:
    return (now() + timedelta(days=days)).date().isoformat()


def typed(**changed: str) -> dict[str, str]:
    """The form of settings, with changes."""
    found = {"sheets": "2", "due_on": day(20), "due_hour": "", "zone": "Europe/Zurich", "threshold": "50"}
    found |= {"shows_others": "y", "bars_nationality": "y", "reason": "The Board meets early.", "version": "0"}
    return found | changed


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"{HERE}{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def test_every_page_asks_few_questions(shown: Flask) -> None:
    client = as_a(shown, "secretary")
    assert "2026-1" in text_of(client, HERE)
    text_of(client, f"{HERE}/2026-1/open")
    status, page = send(client, "/2026-1/open", **typed())
    assert status == 302, faults(page)
    reviewers(3)
    one = eligible()[0]
    for address in (
        "", "/2026-1", "/2026-1/change", "/2026-1/close", "/2026-1/assign", f"/2026-1/assign?proposal={one.reference}",
        "/2026-1/balance", "/2026-1/recuse", f"/2026-1/exception/{one.reference}", "/reviewers",
        f"/reviewers/{someone(Role.REVIEWER).id}",
    ):  # fmt: skip
        with statements() as asked:
            text_of(client, HERE + address)
        assert len(asked) <= 15, (address, asked)


def refused(change: Any, by: Person | None = None) -> list[str]:
    """The codes of a refusal, after which nothing was recorded."""
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Trace))
    who = (by or someone(Role.SECRETARY)).id
    with pytest.raises(Refusal) as found, unit_of_work(db.session.get_one(Person, who)) as work:
        change(work)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Trace)) == before
    return [fault.code for fault in found.value.faults]


def in_work(work: Work, code: str = "2026-1") -> ScoringRound:
    found = round_of(work.session, named_call(work.session, fund(), code))
    assert found
    return found


# ----------------------------------------------------------------------------------------------------------- opening


def test_a_call_that_is_open_asks_why_it_is_scored_early(shown: Flask) -> None:
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/2026-1/open")
    assert "The call has not closed yet" in page
    status, page = send(client, "/2026-1/open", **typed(reason=""))
    assert status == 422 and faults(page)
    status, page = send(client, "/2026-1/open", **typed())
    assert status == 302 and "Scoring of 2026-1" in page and "The Board meets early." in page
    assert client.get(f"{HERE}/2026-1/open").status_code == 409  # twice


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"sheets": "0"}, "sheets", "Each proposal needs from 1 to 10 sheets."),
        ({"sheets": "99"}, "sheets", "Each proposal needs from 1 to 10 sheets."),
        ({"sheets": "two"}, "sheets", "This is no whole number: two"),
        ({"due_on": ""}, "due_on", "Say until when sheets are given."),
        ({"due_on": "2020-01-01"}, "due_on", "The deadline has passed already."),
        ({"due_on": "soon"}, "due_on", "“soon”"),
        ({"due_hour": "25:99"}, "due_hour", "25:99"),
        ({"zone": "Moon/Sea"}, "zone", "Moon/Sea"),
        ({"threshold": "101"}, "threshold", "The threshold must lie between 0 and 100."),
        ({"threshold": "much"}, "threshold", "much"),
        ({"reason": "x" * 3000}, "reason", "2"),
        ({"reason": "a\x00b" * 3}, "", ""),
    ],
)
def test_what_is_no_setting_is_said_beside_its_field(
    shown: Flask, changed: dict[str, str], field: str, said: str
) -> None:
    client = as_a(shown, "secretary")
    status, page = send(client, "/2026-1/open", **typed(**changed))
    if not field:
        assert status == 400  # signs that are no letters are refused at the door
        return
    assert status == 422 and f'id="{field}-error"' in page and any(said in one for one in faults(page)), faults(page)
    assert (
        db.session.scalars(sa.select(ScoringRound.id).where(ScoringRound.call_id == the_call("2026-1").id)).all() == []
    )


def test_calls_that_cannot_be_scored(shown: Flask) -> None:
    draft("2031-1")
    opened("2031-2")
    do(lambda work, call: cancel_call(work, call, "A mistake", call.version), "2031-2")
    client = as_a(shown, "secretary")
    for code, said in (("2031-1", "is a draft"), ("2031-2", "cancelled")):
        page = client.get(f"{HERE}/{code}/open")
        assert page.status_code == 409 and said in page.text, code
        assert refused(lambda work, code=code: open_scoring(work, named_call(work.session, fund(), code), settings()))
    assert client.get(f"{HERE}/2031-9/open").status_code == 404 == client.get(f"{HERE}/2031-9").status_code
    assert client.get(f"{HERE}/2026-1").status_code == 404  # not opened for scoring


def test_only_the_secretary_runs_a_round(shown: Flask) -> None:
    opened_round()
    for role in ("desk-officer", "approving-officer", "auditor"):
        client = as_a(shown, role)
        page = text_of(client, f"{HERE}/2026-1")
        assert "Assign by a plan" not in page and "/close" not in page and "Recuse" not in page
        for step in ("open", "change", "close", "reopen", "assign", "balance", "recuse"):
            assert client.get(f"{HERE}/2026-1/{step}").status_code == 403
            assert client.post(f"{HERE}/2026-1/{step}").status_code == 403
    assert as_a(shown, "reviewer").get(f"{HERE}/2026-1").status_code == 403
    with pytest.raises(Refused), unit_of_work(someone(Role.DESK_OFFICER)) as work:
        close_scoring(work, in_work(work), 1)


# ---------------------------------------------------------------------------------------------------------- assigning


def test_nobody_scores_with_an_interest(shown: Flask) -> None:
    opened_round()
    one = eligible()[0]
    key, place, state = one.id, one.office_id, one.country
    office_worker, national, author, kept = (person.id for person in reviewers(5)[1:])
    with unit_of_work(Console()) as work:
        grant(
            work, work.session.get_one(Person, office_worker), Role.FIELD_OFFICER,
            office=work.session.get_one(Office, place),
        )  # fmt: skip
        add_rows(
            work, None, ProposalWriter(proposal_id=key, person_id=author, since=work.at),
            ReviewerProfile(person_id=national, nationality=state, languages="en", most=None),
        )  # fmt: skip
        recuse(work, work.session.get_one(Proposal, key), work.session.get_one(Person, kept), "Knows them well.")
    client = as_a(shown, "secretary")
    for person, said in (
        (office_worker, "works for the office of"), (national, "is a national of the State of"),
        (author, "worked on"), (kept, "is kept from"), (someone(Role.AUDITOR).id, "is no reviewer of this fund"),
    ):  # fmt: skip
        status, page = send(client, "/2026-1/assign", proposal=str(key), person=str(person))
        assert status == 409 and said in page, (said, faults(page))
    for proposal, person in (("", ""), ("0", "0"), ("999999", str(national)), ("x", "y"), (str(key), "999999")):
        assert send(client, "/2026-1/assign", proposal=proposal, person=person)[0] == 422
    assert db.session.scalars(sa.select(Assignment.id).where(Assignment.proposal_id == key)).all() == []
    page = text_of(client, f"{HERE}/2026-1/assign?proposal={db.session.get_one(Proposal, key).reference}")
    assert all(said in page for said in ("of their own office", "nationals of", "they worked on it", "kept from it"))
    with unit_of_work(someone(Role.SECRETARY)) as work:
        round_ = in_work(work)
        change_scoring(work, round_, settings(bars_nationality=False), round_.version, "They are few.")
    assert send(client, "/2026-1/assign", proposal=str(key), person=str(national))[0] == 302


def test_assigned_twice_and_of_another_call(shown: Flask) -> None:
    opened_round()
    one, who = eligible()[0].id, reviewers(2)[1].id
    client = as_a(shown, "secretary")
    assert send(client, "/2026-1/assign", proposal=str(one), person=str(who))[0] == 302
    status, page = send(client, "/2026-1/assign", proposal=str(one), person=str(who))
    assert status == 409 and "scores 2026-1-001 already" in page
    other = db.session.scalars(sa.select(Proposal).where(Proposal.stage == "in-screening")).first()
    assert other
    assert send(client, "/2026-1/assign", proposal=str(other.id), person=str(who))[0] == 422
    strange = other.id
    found = refused(
        lambda work: assign(
            work, in_work(work), work.session.get_one(Proposal, strange), work.session.get_one(Person, who)
        )
    )
    assert found == ["round.not-scored"]


def test_a_plan_is_looked_at_and_then_made_as_it_was_shown(shown: Flask) -> None:
    opened_round()
    reviewers(4)
    client = as_a(shown, "secretary")
    count = sa.select(sa.func.count()).select_from(Assignment).where(Assignment.round_id == the_round().id)
    page = text_of(client, f"{HERE}/2026-1/balance")
    assert db.session.scalar(count) == 0
    [digest] = re.findall(r'name="plan" value="([0-9a-f]{16})"', page)
    assert send(client, "/2026-1/balance", plan="0" * 16)[0] == 409
    assert send(client, "/2026-1/balance", plan="")[0] == 409
    one, who = eligible()[0].id, reviewers(2)[1].id
    assert send(client, "/2026-1/assign", proposal=str(one), person=str(who))[0] == 302
    status, page = send(client, "/2026-1/balance", plan=digest)
    assert status == 409 and "Something changed since you looked at the plan" in page
    [digest] = re.findall(r'name="plan" value="([0-9a-f]{16})"', page)
    assert send(client, "/2026-1/balance", plan=digest)[0] == 302
    db.session.rollback()
    assert db.session.scalar(count) == 2 * len(eligible())
    loads = Counter(db.session.scalars(sa.select(Assignment.person_id).where(Assignment.round_id == the_round().id)))
    assert max(loads.values()) - min(loads.values()) <= 1
    page = text_of(client, f"{HERE}/2026-1/balance")
    assert "Nothing to assign" in page
    assert send(client, "/2026-1/balance", plan=digest)[0] == 409
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == "score-assigned")).all()
    assert len(told) == 2 * len(eligible())


def test_taken_back_before_a_sheet_is_given_and_not_after(shown: Flask) -> None:
    opened_round()
    first, second = eligible()[0], eligible()[1]
    who = reviewers(2)[1].id
    reference, other = first.reference, second.reference
    made = assigned(first, db.session.get_one(Person, who)).id
    given(assigned(second, db.session.get_one(Person, who)))
    client = as_a(shown, "secretary")
    assert send(client, f"/2026-1/unassign/{reference}/{who}", reason="")[0] == 422
    status, page = send(client, f"/2026-1/unassign/{other}/{who}", reason="They are away for a month.")
    assert status == 409 and "have it reopened" in page
    for address in (f"/2026-1/unassign/{reference}/9999", f"/2026-1/unassign/2026-1-987/{who}"):
        assert client.get(HERE + address).status_code == 404 == client.post(HERE + address).status_code
    assert send(client, f"/2026-1/unassign/{reference}/{who}", reason="They are away for a month.")[0] == 302
    db.session.rollback()
    assert db.session.get_one(Assignment, made).ended == "taken-back"
    assert client.get(f"{HERE}/2026-1/unassign/{reference}/{who}").status_code == 404
    assert assigned(eligible()[0], db.session.get_one(Person, who))  # they may be given it again


# ----------------------------------------------------------------------------------------------------------- interests


def test_recused_and_lifted(shown: Flask) -> None:
    opened_round()
    one, who = eligible()[0], reviewers(2)[1].id
    key, reference = one.id, one.reference
    made = given(assigned(one, db.session.get_one(Person, who))).id
    client = as_a(shown, "secretary")
    sent = {"proposal": str(key), "person": str(who), "reason": "Their sister works for the ministry."}
    assert send(client, "/2026-1/recuse", **(sent | {"reason": "so"}))[0] == 422
    assert send(client, "/2026-1/recuse", **(sent | {"person": "999999"}))[0] == 422
    assert send(client, "/2026-1/recuse", **(sent | {"proposal": "999999"}))[0] == 422
    status, page = send(client, "/2026-1/recuse", **sent)
    assert status == 302 and "Their sister works for the ministry." in page
    assert db.session.get_one(Assignment, made).ended == "recused"
    status, page = send(client, "/2026-1/recuse", **sent)
    assert status == 409 and "is kept from" in page
    recusal = db.session.scalars(sa.select(Recusal.id).where(Recusal.proposal_id == key)).one()
    assert client.get(f"{HERE}/2026-1/lift/999999").status_code == 404
    assert send(client, f"/2026-1/lift/{recusal}", reason="")[0] == 422
    status, page = send(client, f"/2026-1/lift/{recusal}", reason="She has left the ministry.")
    assert status == 302 and "lifted" in page
    assert send(client, f"/2026-1/lift/{recusal}", reason="She has left the ministry.")[0] == 409
    db.session.rollback()
    assert not db.session.get_one(Person, who).closed_names
    assert db.session.get_one(Assignment, made).ended == "recused"  # what they gave does not count again
    assert assigned(eligible()[0], db.session.get_one(Person, who)).sheet_id is None
    assert reference


# ------------------------------------------------------------------------------------------------- closing and reopening


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
