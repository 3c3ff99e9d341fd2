"""Who reads what is before the Board: trustees of an open session at which they sit, and nobody after they lost the
seat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from advising import One, Who, all_declare, board, changed, client_of, declares, of_nobody, person_of, rows
from board_sessions import do, listed
from boards import FIRST, opened, planned, the_board
from calls import someone
from commands import Command, command  # noqa: F401
from flask import Flask
from visiting import text_of

from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Role
from fundapp.board.models import BoardSession, SessionStage, Trustee, TrusteeTerm
from fundapp.board.operations.members import change_term, change_trustee, end_term
from fundapp.board.operations.sessions import cancel_session
from fundapp.board.queries.considering import considered_as
from fundapp.board.queries.sessions import considered_at, considered_in
from fundapp.board.rounds import seats_due
from fundapp.funds.models import Board
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import ProposalReader

pytestmark = pytest.mark.usefixtures("one_click")


@pytest.mark.parametrize("stage", [SessionStage.PLANNED, SessionStage.CANCELLED])
def test_before_it_is_opened_no_trustee_is_told_what_is_before_a_session(shown: Flask, stage: SessionStage) -> None:
    made = planned()
    if stage is SessionStage.CANCELLED:
        do(made, lambda work, of: cancel_session(work, of, "Nobody can travel."))
    of = db.session().scalars(sa.select(BoardSession)).one()
    trustee, secretary, one = person_of(board()[1]), someone(Role.SECRETARY), rows(of)[0]
    fund_id, session = min(of.fund_ids), db.session()
    assert considered_in(session, secretary, of, fund_id) and not considered_in(session, trustee, of, fund_id)
    assert considered_at(session, trustee, of, fund_id, one.reference) is None
    assert considered_as(session, secretary, fund_id, 25, one.reference)
    assert considered_as(session, trustee, fund_id, 25, one.reference) is None
    client = client_of(shown, board()[1])
    for page in ("", "/interests", "/dossier"):
        assert one.reference not in text_of(client, f"/UPR/board/sessions/25{page}")
    assert listed(client)[0]["Proposals"] == "0"


def term_of(who: Who) -> TrusteeTerm:
    asked = sa.select(TrusteeTerm).where(TrusteeTerm.trustee_id == who.id)
    return db.session().scalars(asked).one()


def ends(who: Who, day: Any) -> None:
    key = term_of(who).id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        term = work.session.get_one(TrusteeTerm, key)
        end_term(work, work.session.get_one(Board, the_board().id), term, day, "Called elsewhere.", term.version)


def reads(one: One, who: Who) -> bool:
    reader = ProposalReader
    asked = sa.select(reader.id).where(
        reader.proposal_id == one.proposal, reader.person_id == who.person, reader.ended_at.is_(None)
    )
    return db.session().scalar(asked) is not None


def test_whoever_loses_the_seat_reads_no_more_what_is_before_a_session_that_is_not_over(shown: Flask) -> None:
    of = opened()
    one, trustees = of_nobody(of), board()
    all_declare(one, trustees)
    client = client_of(shown, trustees[1])
    assert client.get(f"/UPR/proposals/{one.reference}").status_code == 200
    ends(trustees[1], today() - timedelta(days=1))
    assert not reads(one, trustees[1]) and reads(one, trustees[2])
    for page in (f"/UPR/proposals/{one.reference}", f"/UPR/proposals/{one.reference}/text",
                 f"/UPR/board/sessions/25/proposals/{one.reference}"):  # fmt: skip
        assert client.get(page).status_code == 404, page


def test_what_was_read_for_a_session_that_is_over_stays_read(shown: Flask) -> None:
    of = opened()
    one, trustees = of_nobody(of), board()
    all_declare(one, trustees)
    changed(of.id, stage=SessionStage.CLOSED)
    ends(trustees[1], today() - timedelta(days=1))
    assert reads(one, trustees[1])


def test_a_term_corrected_to_end_before_the_session_does_the_same(shown: Flask) -> None:
    of = opened()
    one, trustees = of_nobody(of), board()
    all_declare(one, trustees)
    key = term_of(trustees[1]).id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        term = work.session.get_one(TrusteeTerm, key)
        change_term(work, work.session.get_one(Board, the_board().id), term, FIRST, today(), 1, term.version)
    assert not reads(one, trustees[1])


def test_a_term_that_runs_out_overnight_ends_them_in_the_next_round(shown: Flask, command: Command) -> None:  # noqa: F811
    of = opened()
    one, trustees = of_nobody(of), board()
    all_declare(one, trustees)
    changed(of.id, since=today() - timedelta(days=3), until=today() + timedelta(days=3))
    ends(trustees[1], today())
    assert reads(one, trustees[1]) and seats_due(now()) == 0, "they sit still"
    assert seats_due(now() + timedelta(days=1)) == 1 and not reads(one, trustees[1])
    assert seats_due(now() + timedelta(days=1)) == 0
    assert command("notices", "tell").status == 0


def test_whoever_signs_in_as_a_trustee_no_more_reads_no_more(shown: Flask) -> None:
    of = opened()
    one, trustees = of_nobody(of), board()
    all_declare(one, trustees)
    with unit_of_work(Console()) as work:
        other = add_person(work, None, "other@example.org", "correct horse battery", name="Another")
        work.session.flush()
        grant(work, other, Role.TRUSTEE)
        key = other.id
    with unit_of_work(someone(Role.SECRETARY)) as work:
        who = work.session.get_one(Trustee, trustees[1].id)
        other = work.session.get_one(type(person_of(trustees[0])), key)
        change_trustee(
            work, work.session.get_one(Board, the_board().id), who, who.name, who.country, other, who.version
        )
    assert not reads(one, trustees[1])


def test_what_was_opened_to_a_reviewer_stays_open(shown: Flask) -> None:
    """Whoever scores it reads it for that."""
    of = opened()
    one, trustees = of_nobody(of), board()
    with unit_of_work(someone(Role.SECRETARY)) as work:
        made = ProposalReader(proposal_id=one.proposal, person_id=trustees[1].person, at=work.at, by="person:1")
        work.operation = "tests.opened"
        work.session.add(made)
        work.session.flush()
        work.operation = None
    declares(one, trustees[1], reason="Knows nobody of the office there.")
    ends(trustees[1], today() - timedelta(days=1))
    assert reads(one, trustees[1])
