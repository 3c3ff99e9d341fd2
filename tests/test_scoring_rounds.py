"""Rounds of scoring as the secretary runs them: opened, assigned, closed, and what each refuses."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import sqlalchemy as sa
from calls import do, draft, faults, fund, opened, someone
from flask import Flask
from running import HERE, add_rows, in_work, refused, send, typed
from scoring import assigned, eligible, given, opened_round, reviewers, settings, the_call, the_round
from visiting import as_a, statements, text_of

from fundapp.access.models import Office, Person
from fundapp.access.operations import Console, grant
from fundapp.access.policy import Refused, Role
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice, Proposal, ProposalWriter, Recusal
from fundapp.proposals.operations import cancel_call
from fundapp.proposals.operations.interests import recuse
from fundapp.proposals.queries import named_call
from fundapp.scoring.models import Assignment, ReviewerProfile, ScoringRound
from fundapp.scoring.operations.assigning import assign
from fundapp.scoring.operations.rounds import change_scoring, close_scoring, open_scoring

pytestmark = pytest.mark.usefixtures("one_click")


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
    for proposal, whom in (("", ""), ("0", "0"), ("999999", str(national)), ("x", "y"), (str(key), "999999")):
        assert send(client, "/2026-1/assign", proposal=proposal, person=whom)[0] == 422
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
    assert assigned(eligible()[0], db.session.get_one(Person, who)).ended_at is None  # they may be given it again


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
