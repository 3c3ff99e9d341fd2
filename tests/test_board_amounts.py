"""What a proposal asks for before the Board is what the version asks for that was put before it."""

from __future__ import annotations

import pytest
from advising import all_declare, board, client_of, of_nobody, refused
from board_sessions import plain
from boards import opened
from calls import someone
from flask import Flask
from minuted import changed as change
from visiting import as_a, text_of

from fundapp.access.policy import Role
from fundapp.board.models import BoardSession, Considered
from fundapp.board.operations.advising import open_ballot
from fundapp.board.queries.record import minutes_facts
from fundapp.board.rules.advising import Said
from fundapp.kernel.database import db
from fundapp.kernel.languages import figure
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal

pytestmark = pytest.mark.usefixtures("one_click")


def test_what_is_asked_for_later_changes_nothing_before_the_board(shown: Flask) -> None:
    of = opened()
    key, one, trustees = of.id, of_nobody(of), board()
    all_declare(one, trustees)
    asked = db.session().get_one(Considered, one.id).asked_cents
    change(Proposal, one.proposal, total_cents=99_123_45)
    assert asked not in (0, 99_123_45)
    place = f"/proposals/{one.reference}"
    pages = ("", place, f"{place}/ballot", f"{place}/advise", "/minutes")
    for page in pages:
        said = plain(text_of(as_a(shown, "secretary"), f"/UPR/board/sessions/25{page}"))
        assert "99 123" not in said, page
    assert figure(asked, "en").replace("\N{NO-BREAK SPACE}", " ") in plain(
        text_of(client_of(shown, trustees[0]), "/UPR/board/sessions/25")
    )
    facts = minutes_facts(db.session(), db.session().get_one(BoardSession, key))
    assert [each.asked for item in facts.items for each in item.proposals if each.reference == one.reference] == [asked]
    with refused("advice.amount-more"), unit_of_work(someone(Role.SECRETARY)) as work:
        open_ballot(work, work.session.get_one(Considered, one.id), Said("support", asked + 1))
