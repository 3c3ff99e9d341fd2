"""The dossier of a session: what its reader may read of it, on the page and as PDF, and what the Board saw."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from boards import considered, eligible, item_of, opened, planned, trustees
from calls import fund, someone
from commands import Command, command
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from scoring import the_call
from test_proposal_pages import as_person
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import AgendaItem, BoardSession, BoardSnapshot, SnapshotKind
from fundapp.board.operations.sessions import consider
from fundapp.board.queries.dossier import session_dossier
from fundapp.board.queries.snapshots import digest_seen, kept_in
from fundapp.board.rules import seen as rules
from fundapp.board.rules import situation as situations
from fundapp.board.rules.dossier import SessionDossier
from fundapp.finance.situation import situation
from fundapp.kernel.base import Entity
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import open_to, recuse
from fundapp.scoring.models import Assignment, ScoringRound
from fundapp.scoring.operations.scenarios import carry_scenario, save_scenario
from fundapp.scoring.operations.sheets import reopen_sheet
from fundapp.scoring.rules.scenarios import Candidate, Limits, kept_candidates, kept_limits

__all__ = ["command"]  # a fixture

NUMBER = 25
PAGE, FILE = f"/UPR/board/sessions/{NUMBER}/dossier", f"/UPR/board/sessions/{NUMBER}/dossier.pdf"


def read(of: BoardSession, who: Person) -> SessionDossier:
    """The dossier as somebody reads it now."""
    db.session.rollback()
    session, person = key_of(of), key_of(who)
    there = db.session.get_one(BoardSession, session)
    return session_dossier(db.session(), db.session.get_one(Person, person), there, fund(), NUMBER, now())


def key_of(one: Entity) -> int:
    """The key of a row that may be of a request that is over."""
    identity = sa.inspect(one).identity
    assert identity
    return int(identity[0])


def declared(of: BoardSession, who: Person, *places: int) -> None:
    """Open some of the proposals before a session to a trustee, by their places."""
    ids, key = [considered(of)[place].proposal_id for place in places], who.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        for one in ids:
            open_to(work, work.session.get_one(Proposal, one), work.session.get_one(Person, key))


def kept_from(of: BoardSession, who: Person, place: int) -> str:
    """Keep a trustee from a proposal; its reference."""
    proposal, key = considered(of)[place].proposal_id, who.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        one = work.session.get_one(Proposal, proposal)
        recuse(work, one, work.session.get_one(Person, key), "A national of the State.")
        return one.reference


def carried(step: int = 100) -> None:
    """Carry a scenario to the Board in which the first of the eligible proposals is funded alone."""
    call = the_call("2020-1")
    rows = [Candidate(one.id, one.reference, Decimal(70), one.total_cents, "african", "KEN", False)
            for one in eligible(call)]  # fmt: skip
    with unit_of_work(someone(Role.SECRETARY)) as work:
        of = work.session.scalars(sa.select(ScoringRound).where(ScoringRound.call_id == call.id)).one()
        asked = {"candidates": kept_candidates(rows), "limits": kept_limits(Limits(987_654_00))}
        found = {"chosen": {str(rows[0].id): step}, "hundredths": 7000, "cents": rows[0].at(step), "gap": "0",
                 "milliseconds": 1}  # fmt: skip
        carry_scenario(work, save_scenario(work, of, "First alone", 987_654_00, asked, found))


def pdf_text(client: FlaskClient, language: str = "en") -> str:
    answer = client.get(f"{FILE}?language={language}")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)


# ------------------------------------------------------------------------------------------------------ what is in it


def test_it_holds_everything_for_the_session(scored: Flask) -> None:
    carried()
    of = opened(proposals=None)
    found = read(of, someone(Role.SECRETARY))
    assert len(found.items) == 2 and len(found.people) == 5
    assert len(found.briefs) == len(found.rankings[0].rows) == 28 and not found.unopened
    assert found.scenarios[0].whole and found.scenarios[0].given == found.briefs[0].placed.seen.cents
    assert found.situation and found.situation.last_entry
    assert len(found.kept) == 29 and all(one.right for one in found.kept)


def test_places_are_those_of_the_totals(scored: Flask) -> None:
    rows = read(opened(proposals=None), someone(Role.SECRETARY)).rankings[0].rows
    totals = [one.seen.scores.total for one in rows if one.seen.scores and one.seen.scores.total is not None]
    assert totals == sorted(totals, reverse=True)
    for before, one in pairwise(rows):
        same = before.seen.scores and one.seen.scores and before.seen.scores.total == one.seen.scores.total
        assert (before.rank == one.rank) == bool(same)


def test_the_page_says_it_in_few_questions_however_many_proposals(scored: Flask) -> None:
    carried()
    planned(proposals=None)
    client = as_a(scored, "secretary")
    text_of(client, PAGE)
    with statements() as asked:
        page = text_of(client, PAGE)
    assert len(asked) <= 15, asked
    assert "2020-1-001" in page and "First alone" in page and "Financial situation" in page


def test_the_file_is_in_the_language_that_is_asked_for(scored: Flask) -> None:
    opened()
    client = as_a(scored, "secretary")
    said = pdf_text(client)
    for text in ("Agenda", "Ranking", "Financial situation", "2020-1-001", "What the Board saw", "Participants"):
        assert text in said, text
    assert client.get(f"{FILE}?language=ar").data.startswith(b"%PDF")
    assert client.get(f"{FILE}?language=xx").status_code == 409


@pytest.mark.parametrize("role", Role)
def test_who_reads_it(scored: Flask, role: Role) -> None:
    opened()
    reads = role in (Role.SECRETARY, Role.DESK_OFFICER, Role.APPROVING_OFFICER, Role.TRUSTEE, Role.AUDITOR)
    client = as_a(scored, role.value)
    assert client.get(PAGE).status_code == (200 if reads else 403)
    assert client.get(FILE).status_code == (200 if reads else 403)


@pytest.mark.parametrize("number", ["26", "0", "999999999999", "-1", "x"])
def test_of_a_session_that_there_is_not_there_is_none(scored: Flask, number: str) -> None:
    opened()
    client = as_a(scored, "secretary")
    for name in ("dossier", "dossier.pdf", "seen/1.json"):
        assert client.get(f"/UPR/board/sessions/{number}/{name}").status_code == 404


# ------------------------------------------------------------------------------------------------------- for a trustee


def test_a_trustee_reads_what_is_open_to_them(scored: Flask) -> None:
    carried()
    of, who = opened(), trustees()[0]
    declared(of, who, 0, 2)
    found = read(of, who)
    assert [one.facts.reference for one in found.briefs] == ["2020-1-001", "2020-1-003"]
    assert [one.reference for one in found.unopened] == ["2020-1-002", "2020-1-004"]
    assert {one.seen.reference for one in found.rankings[0].rows} == {"2020-1-001", "2020-1-003"}
    assert {one.rank for one in found.rankings[0].rows} == {1, 2}
    assert [one.reference for one in found.scenarios[0].rows] == ["2020-1-001", "2020-1-003"]
    assert {one.reference for one in found.kept} == {"", "2020-1-001", "2020-1-003"}


def test_a_trustee_learns_no_sum_that_tells_of_others(scored: Flask) -> None:
    carried()
    of, who = opened(), trustees()[0]
    declared(of, who, 0)
    client = as_person(scored, who)
    page, said = text_of(client, PAGE), pdf_text(client)
    for text in (page, said.replace("\N{NO-BREAK SPACE}", " ")):
        assert "987 654" not in text.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
        assert "sums are left out" in text


def test_nothing_is_there_of_a_proposal_that_a_trustee_is_kept_from(scored: Flask) -> None:
    carried()
    of, who = opened(), trustees()[1]
    declared(of, who, 0, 1, 2, 3)
    with_it = read(of, who)
    away = kept_from(of, who, 1)
    title = next(one.title for one in map(_proposal, with_it.briefs) if one.reference == away)
    client = as_person(scored, db.session.get_one(Person, key_of(who)))
    page, said = text_of(client, PAGE), pdf_text(client)
    assert away not in page and away not in said and title not in page and title not in said
    found = read(of, who)
    assert [one.rank for one in found.rankings[0].rows] == _places(found)
    key = next(one.key for one in with_it.kept if one.reference == away)
    assert client.get(f"/UPR/board/sessions/{NUMBER}/seen/{key}.json").status_code == 404


def _proposal(one: object) -> Proposal:
    reference = one.facts.reference  # type: ignore[attr-defined]
    return db.session.scalars(sa.select(Proposal).where(Proposal.reference == reference)).one()


def _places(found: SessionDossier) -> list[int | None]:
    """The places that the proposals have among those that are shown."""
    totals = [one.seen.scores.total if one.seen.scores else None for one in found.rankings[0].rows]
    return [None if one is None else 1 + sum(other > one for other in totals if other is not None) for one in totals]


def test_before_the_session_is_open_a_trustee_reads_the_agenda_alone(scored: Flask) -> None:
    of, who = planned(), trustees()[0]
    declared(of, who, 0)
    found = read(of, who)
    assert not found.opened and found.items and not (found.briefs or found.rankings or found.unopened or found.kept)
    client = as_person(scored, who)
    page = text_of(client, PAGE)
    assert "The session is not open yet" in page and "2020-1-001" not in page
    assert "2020-1-001" not in pdf_text(client)
    assert "2020-1-001" in text_of(as_a(scored, "secretary"), PAGE)


# ------------------------------------------------------------------------------------------------- what the Board saw


def test_what_the_board_saw_stays_when_scores_change(scored: Flask) -> None:
    of, secretary = opened(), someone(Role.SECRETARY)
    first = read(of, secretary)
    _reopen_a_sheet("2020-1-001")
    then = read(of, secretary)
    assert then.briefs[0].placed.seen == first.briefs[0].placed.seen
    assert [one.digest for one in then.kept] == [one.digest for one in first.kept]
    ranked = text_of(as_a(scored, "secretary"), "/UPR/scoring/2020-1/ranking?q=2020-1-001")
    total = first.briefs[0].placed.seen.scores
    assert total and f">{total.total}<" not in ranked


def _reopen_a_sheet(reference: str) -> None:
    with unit_of_work(someone(Role.SECRETARY)) as work:
        given = sa.select(Assignment).join(Proposal, Proposal.id == Assignment.proposal_id)
        one = work.session.scalars(
            given.where(Proposal.reference == reference, Assignment.sheet_id.is_not(None)).order_by(Assignment.id)
        ).first()
        assert one
        reopen_sheet(work, one, "It was given on the wrong proposal.")


def test_a_proposal_that_comes_before_an_open_session_is_kept_from_then_on(scored: Flask) -> None:
    of = opened(proposals=2)
    item, third = item_of(of).id, eligible(the_call("2020-1"))[2].id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        consider(work, work.session.get_one(AgendaItem, item), work.session.get_one(Proposal, third))
    kept = db.session.scalars(sa.select(BoardSnapshot).order_by(BoardSnapshot.id)).all()
    assert [one.proposal_id for one in kept if one.kind is SnapshotKind.PROPOSAL][-1] == third
    assert digest_seen(db.session(), db.session.get_one(BoardSession, of.id), third) == kept[-1].digest


def test_the_digest_is_that_of_the_file(scored: Flask) -> None:
    of = opened()
    client = as_a(scored, "secretary")
    for one in read(of, someone(Role.SECRETARY)).kept:
        answer = client.get(f"/UPR/board/sessions/{NUMBER}/seen/{one.key}.json")
        assert hashlib.sha256(answer.data).hexdigest() == one.digest
        assert json.loads(answer.data)["reference" if one.reference else "on"]


def test_a_digest_that_is_wrong_is_told(scored: Flask) -> None:
    opened()
    kept = db.session.scalars(sa.select(BoardSnapshot).order_by(BoardSnapshot.id)).first()
    assert kept and kept_in([(kept, "x")])[0].right
    db.session.expunge(kept)
    kept.content += " "
    assert not kept_in([(kept, "x")])[0].right


def test_what_is_kept_is_read_back_as_it_was(scored: Flask) -> None:
    carried(50)
    found = read(opened(), someone(Role.SECRETARY))
    for one in found.seen:
        assert rules.seen_from(json.loads(json.dumps(rules.kept(one)))) == one
    unscored = replace(found.seen[0], scores=None, share=None)
    assert rules.seen_from(rules.kept(unscored)) == unscored
    assert found.situation
    assert situations.situation_from(json.loads(json.dumps(situations.kept(found.situation)))) == found.situation


def test_the_situation_is_that_of_the_books(scored: Flask) -> None:
    found = situation(db.session(), fund(), now().date().replace(year=2020, month=12, day=31))
    assert found.balance == 2_208_495_68 and found.expenditure == 512_323_71 and found.income == 367_826_59
    assert found.opening + found.income - found.expenditure + found.adjustments == found.balance
    later = situation(db.session(), fund(), now().date())
    assert later.reserve_year == 2020 and later.reserve == 76_848_56 and later.free == later.cash - later.reserve


# --------------------------------------------------------------------------------------------------- the command line


def test_the_command_writes_the_file(scored: Flask, command: Command, tmp_path: Path) -> None:
    opened()
    file = tmp_path / "dossier.pdf"
    done = command("session", "dossier", "UPR", str(NUMBER), "--language", "es", "--output", str(file))
    assert done.status == 0 and file.read_bytes().startswith(b"%PDF")
    refused = command("session", "dossier", "UPR", "26", "--output", str(tmp_path / "none.pdf"))
    assert refused.status == 1 and "no session 26" in refused.err and not (tmp_path / "none.pdf").exists()


@pytest.fixture(autouse=True)
def _people(one_click: None) -> Iterator[None]:
    """The demonstration's people sign in without proof."""
    yield
