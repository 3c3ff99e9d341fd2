"""To somebody who is kept from a proposal it is not there: every page, file, list, search and letter is as in a world
in which it never was."""

from __future__ import annotations

import difflib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from calls import someone
from dossiers import ask, work
from flask import Flask
from flask.testing import FlaskClient
from kept_away import (
    CALL,
    MARKS,
    everyday,
    everywhere,
    next_reference,
    opened,
    other_secretary,
    scored_and_closed,
    told,
    world,
)
from scoring import the_call, the_round
from test_proposal_pages import as_person

from fundapp.access import gate
from fundapp.access.models import Letter, Person
from fundapp.access.operations import Console, change_own_details, grant
from fundapp.access.policy import Permission, Role, may
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice, Proposal
from fundapp.proposals.rounds import tell_due
from fundapp.scoring.models import ScoringRound
from fundapp.scoring.operations.rounds import close_scoring

ROLES = [
    Role.REVIEWER, Role.DESK_OFFICER, Role.SECRETARY, Role.APPROVING_OFFICER, Role.AUDITOR, Role.HEAD_OF_OFFICE,
]  # fmt: skip


@pytest.fixture(autouse=True)
def many_files(shown: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files may be asked for as often as these tests do."""
    monkeypatch.setattr(gate, "EXPORTS", (10_000, 600))


def person(key: int) -> Person:
    db.session.remove()
    return db.session.get_one(Person, key)


def difference(was: str, now: str) -> str:
    lines = difflib.unified_diff(was.split("\n"), now.split("\n"), n=0, lineterm="")
    return " | ".join(line.strip()[:200] for line in list(lines)[2:9])


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_as_if_it_never_was(shown: Flask, role: Role) -> None:
    key = everyday(role)
    addresses = everywhere(shown, key)
    before = world(shown, as_person(shown, person(key)), addresses)
    away = scored_and_closed(key, role)
    client = as_person(shown, person(key))
    after = world(shown, client, addresses)
    leaks = [
        f"{address}: {before[address][0]} {after[address][0]} {difference(before[address][1], after[address][1])}"
        for address in addresses
        if before[address] != after[address]
    ]
    asked = [address for address in addresses if "?" not in address]  # of the others a page repeats what it is asked
    leaks += [f"{address} says {mark}" for address in asked for mark in MARKS if mark in after[address][1]]
    leaks += told(shown, client, away)
    assert not leaks, "\n".join(leaks)


@pytest.mark.slow
def test_the_looking_finds_what_is_there(shown: Flask) -> None:
    """Somebody who is not kept from it meets it on all of these, so that the test above looks where it would be."""
    key = everyday(Role.REVIEWER)
    reference = next_reference()
    addresses = everywhere(shown, key)
    before = world(shown, as_person(shown, other_secretary()), addresses)
    away = scored_and_closed(key, Role.REVIEWER)
    after = world(shown, as_person(shown, person(other_secretary().id)), addresses)
    changed = {address.partition("?")[0] for address in addresses if before[address] != after[address]}
    assert away.reference == reference and changed >= {
        "/UPR/proposals", "/UPR/proposals/board", "/UPR/proposals/list.csv", "/UPR/proposals/list.xlsx",
        "/UPR/proposals/dossiers", "/UPR/scoring", f"/UPR/scoring/{CALL}",
        f"/UPR/scoring/{CALL}/assign", f"/UPR/scoring/{CALL}/recuse", f"/UPR/scoring/{CALL}/scenarios",
        "/UPR/scoring/reviewers", "/UPR/", "/UPR/proposals/due", "/UPR/proposals/due.ics", "/UPR/proposals/due.csv",
        f"/UPR/scoring/{CALL}/ranking", f"/UPR/scoring/{CALL}/matrix", f"/UPR/scoring/{CALL}/sheets.csv",
        f"/UPR/scoring/{CALL}/moderation", f"/UPR/scoring/{CALL}/spread",
    }  # fmt: skip
    named = {address for address in addresses if reference in after[address][1].replace(address, "")}
    assert len(named) > 40


def bound(app: Flask, client: FlaskClient, form: str) -> str:
    """What all the dossiers of the call say that somebody gets, one after the other."""
    key = ask(client, f"call={the_call(CALL).id}", form=form)
    assert work(app) == 1
    status, text = opened(client, f"/UPR/proposals/dossiers/{key}/dossiers.zip")
    assert status == 200
    return text


@pytest.mark.slow
@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_file_of_all_dossiers_is_as_if_it_never_was(shown: Flask, form: str) -> None:
    """By what the dossiers in it say; somebody who is not kept from it has one more."""
    key = everyday(Role.DESK_OFFICER)
    before = bound(shown, as_person(shown, person(key)), form)
    others = bound(shown, as_person(shown, other_secretary()), form)
    assert before == others and "2026-1-001" in before and len(before) > 10_000
    away = scored_and_closed(key, Role.DESK_OFFICER)
    after = bound(shown, as_person(shown, person(key)), form)
    assert after == before, difference(before, after)
    whole = bound(shown, as_person(shown, person(other_secretary().id)), form)
    assert away.reference in whole and "Hollow" in whole and all(mark not in after for mark in MARKS)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DESK_OFFICER, Role.SECRETARY])
def test_no_letter_tells_of_it(shown: Flask, role: Role) -> None:
    """Notices that waited when somebody was kept from it, reminders of it, and what happens to the round."""
    key = everyday(role)
    tell_due(now() + timedelta(days=1))  # what had waited before
    away = scored_and_closed(key, role)
    waiting = sa.select(sa.func.count()).where(Notice.person_id == key, Notice.proposal_id == away.id)
    assert db.session.scalar(waiting) or role is Role.SECRETARY
    with unit_of_work(someone(role)) as work:
        change_own_details(work, work.session.get_one(Person, key), "Somebody", "en")
    last = db.session.scalar(sa.select(sa.func.max(Letter.id))) or 0
    due = the_round(CALL).due_at
    db.session.remove()
    for at in (now() + timedelta(days=2), due - timedelta(days=7), due - timedelta(days=1)):
        tell_due(at)
        db.session.remove()
    letters = db.session.scalars(sa.select(Letter).where(Letter.id > last)).all()
    told_of = [one for one in letters if away.reference in one.title + one.body or "Hollow" in one.title + one.body]
    assert told_of and all(one.person_id != key for one in told_of)


def test_whoever_is_kept_from_one_does_not_close_the_round(shown: Flask) -> None:
    """They cannot tell whether all is in; and the trail, which tells of everything, is not theirs to read."""
    key = everyday(Role.SECRETARY)
    with unit_of_work(Console()) as work:
        grant(work, work.session.get_one(Person, key), Role.ADMINISTRATOR)
    assert not may(person(key), Permission.TRAIL_READ)
    scored_and_closed(key, Role.SECRETARY)
    round_id, version = the_round(CALL).id, the_round(CALL).version
    with pytest.raises(Refusal) as found, unit_of_work(person(key)) as work:
        close_scoring(work, work.session.get_one(ScoringRound, round_id), version)
    assert [fault.code for fault in found.value.faults] == ["round.kept"]


def test_another_proposal_is_as_before(shown: Flask) -> None:
    """Kept from one, somebody reads the others as they did."""
    key = everyday(Role.REVIEWER)
    away = scored_and_closed(key, Role.REVIEWER)
    client = as_person(shown, person(key))
    other = db.session.scalars(
        sa.select(Proposal.reference).where(Proposal.reference == f"{CALL}-001", Proposal.id != away.id)
    ).one()
    assert client.get(f"/UPR/proposals/{other}").status_code == 200
    assert client.get(f"/UPR/proposals/{away.reference}").status_code == 404
