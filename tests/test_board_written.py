"""A written procedure in the pages: planned, opened, declared on, silent or objected to, and advised on when its moment
has passed; and a fund that decides with the Board's approval alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from advising import One, Who, board, changed, client_of, of_nobody
from board_sessions import plain, send, session_of, typed
from boards import eligible, seated
from calls import faults, fund
from deciding import advised, before, reference, set_fund
from flask import Flask
from flask.testing import FlaskClient
from test_board_decision_pages import typed as decision
from visiting import as_a, text_of

from fundapp.access.operations import Console
from fundapp.board.models import Advice, AdviceWay, AgendaItem, Decision, ItemKind
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.queries import named_call

pytestmark = pytest.mark.usefixtures("one_click")
HERE = "/UPR/board/sessions/30"


def planned_in_pages(app: Flask) -> One:
    """A written procedure with two proposals, opened, on which all five have declared."""
    seated()
    client, ends = as_a(app, "secretary"), today() + timedelta(days=9)
    status, page = send(client, "/new", **typed(way="written", since=today().isoformat(), until=ends.isoformat(),
                                                silent_on=""))  # fmt: skip
    assert status == 422 and "silence" in " ".join(faults(page)).casefold()
    said = typed(way="written", since=today().isoformat(), until=ends.isoformat(), silent_on=ends.isoformat())
    assert send(client, "/new", **said)[0] == 302
    call = named_call(db.session(), fund(), "2020-1")
    names = [one.reference for one in eligible(call)[:4]]
    call_id = str(call.id)
    send(client, "/30/items/new", kind="proposals", fund=str(fund().id), call=call_id, name_en="Late", version="0")
    item = db.session().scalars(sa.select(AgendaItem.id).where(AgendaItem.kind == ItemKind.PROPOSALS)).one()
    assert send(client, f"/30/items/{item}/proposals", proposal=names)[0] == 302
    status, page = send(client, "/30/open", version="1")
    assert status == 302 and "Written procedure" in page and "Silence lasts until" in page, page
    one = of_nobody(session_of(30))
    for who in board():
        data = {"kind": "none", "reason": "Knows nobody of the office there."}
        assert client_of(app, who).post(f"{HERE}/interests/{one.reference}", data=data).status_code == 302
    return one


def put(client: FlaskClient, one: One, page: str, **data: Any) -> tuple[int, str]:
    answer = client.post(f"{HERE}/proposals/{one.reference}/{page}", data=data)
    return answer.status_code, answer.get_data(as_text=True)


def over() -> None:
    changed(session_of(30).id, silent_until=now() - timedelta(minutes=1))


def advice() -> list[AdviceWay]:
    db.session().rollback()
    return list(db.session().scalars(sa.select(Advice.way)))


def test_silence_is_consent_when_its_moment_has_passed(shown: Flask) -> None:
    one = planned_in_pages(shown)
    secretary, said = as_a(shown, "secretary"), {"outcome": "support", "amount": "10000"}
    assert put(secretary, one, "ballot", **said, motion="")[0] == 302
    early = put(secretary, one, "advise", **said, way="silence", seen="0", reasons="", conditions="")
    assert early[0] in (409, 422)
    assert not advice()
    over()
    trustee = client_of(shown, board()[1])
    status, page = put(trustee, one, "vote", choice="against", reason="It comes too late.")
    assert status in (409, 422) and "over" in plain(page)
    assert put(secretary, one, "advise", **said, way="silence", seen="0", reasons="", conditions="")[0] == 302
    assert advice() == [AdviceWay.SILENCE]
    assert "silence" in plain(text_of(trustee, f"{HERE}/proposals/{one.reference}")).casefold()


def test_an_objection_breaks_the_silence(shown: Flask) -> None:
    one = planned_in_pages(shown)
    secretary, said = as_a(shown, "secretary"), {"outcome": "support", "amount": "10000"}
    trustees: list[Who] = board()
    put(secretary, one, "ballot", **said, motion="")
    objector = client_of(shown, trustees[1])
    status, page = put(objector, one, "vote", choice="against", reason="")
    assert status in (409, 422) and faults(page)
    assert put(objector, one, "vote", choice="against", reason="The budget does not add up.")[0] == 302
    over()
    status, page = put(secretary, one, "advise", **said, way="silence", seen="0", reasons="", conditions="")
    assert status in (409, 422) and not advice() and "object" in plain(page).casefold()
    page = text_of(secretary, f"{HERE}/proposals/{one.reference}")
    assert "The budget does not add up." in page
    # it goes to a vote or to a meeting: closed, one against and nobody for it is lost
    assert put(secretary, one, "ballot/close")[0] == 302
    status, page = put(secretary, one, "advise", **said, way="vote", seen="0", reasons="", conditions="")
    assert status in (409, 422) and not advice()


def test_where_the_board_approves_nothing_is_decided_without_it(shown: Flask) -> None:
    with unit_of_work(Console()) as work:
        set_fund(work, None, fund().id, True)
    without = before(outcome=None)[0]
    desk, name = as_a(shown, "desk-officer"), reference(without)
    answer = desk.post(f"/UPR/board/decisions/{name}/prepare", data=decision(against_advice="The State cannot wait."))
    assert answer.status_code in (409, 422) and "advice" in plain(answer.text)
    assert not db.session().scalars(sa.select(Decision)).all()

    advised(without, "not-support")
    answer = desk.post(f"/UPR/board/decisions/{name}/prepare", data=decision(against_advice="The State cannot wait."))
    assert answer.status_code in (409, 422)
    advised(without, "support")
    answer = desk.post(f"/UPR/board/decisions/{name}/prepare", data=decision())
    assert answer.status_code == 302
    approving = as_a(shown, "approving-officer")
    assert approving.post(f"/UPR/board/decisions/{name}/decide", data={"version": "1"}).status_code == 302
    assert len(db.session().scalars(sa.select(Decision)).all()) == 1
