"""Picking recommendations for a proposal: from the register, of its State, with a reason where the State noted it."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from proposing import PASSWORD, again, begun, some_recommendation, submitted, version_of, write, writer
from signing_in import sign_in
from visiting import statements, text_of

from fundapp.kernel.database import db
from fundapp.proposals.models import Proposal, ProposalRecommendation
from fundapp.proposals.queries.proposals import written_sections
from fundapp.recommendations.models import REC
from fundapp.recommendations.rules import Mechanism, Position


def enter(app: Flask, code: str = "PACIFIC") -> FlaskClient:
    client = app.test_client()
    assert sign_in(client, writer(code).email, PASSWORD)[0] == 200
    client.get("/help?lang=en")
    return client


def at(proposal: Proposal) -> str:
    return f"/UPR/proposals/{again(proposal).reference}/recommendations"


def number_of(position: Position, state: str = "FJI") -> str:
    where = (REC.c.state == state, REC.c.standing, REC.c.position == position, REC.c.mechanism == Mechanism.UPR)
    found = db.session().scalars(sa.select(REC.c.number).where(*where).order_by(REC.c.number)).first()
    assert found is not None
    return str(found)


def linked(proposal: Proposal) -> list[dict[str, str]]:
    rows = written_sections(db.session(), again(proposal))
    return list(rows["recommendations"].content.get("linked", [])) if "recommendations" in rows else []


def test_supported_ones_are_offered_first_and_noted_ones_when_asked_for(registered: Flask) -> None:
    made, client = begun(), enter(registered)
    first = text_of(client, at(made))
    assert f'value="{number_of(Position.SUPPORTED)}"' in first and f'value="{number_of(Position.NOTED)}"' not in first
    assert f'value="{number_of(Position.NOTED)}"' in text_of(client, at(made) + "?position=noted")


def test_what_is_added_is_kept_and_what_is_taken_off_is_gone(registered: Flask) -> None:
    made, client, number = begun(), enter(registered), number_of(Position.SUPPORTED)
    assert client.post(at(made), data={"version": "0", "add": number}).status_code == 302
    assert linked(made) == [{"id": "1", "number": number}]
    kept = db.session().scalars(sa.select(ProposalRecommendation.number)).all()
    assert [str(one) for one in kept] == [number]
    gone = {"version": "1", "id": "1", "number": number, "off": number}
    assert client.post(at(made), data=gone).status_code == 302
    assert linked(made) == []


def test_a_noted_one_asks_for_its_reason(registered: Flask) -> None:
    made, client, number = begun(), enter(registered), number_of(Position.NOTED)
    client.post(at(made), data={"version": "0", "add": number})
    assert "govuk-error-message" in text_of(client, at(made))
    reason = {"version": "1", "id": "1", "number": number, f"reason-{number}": "لأن الدولة طلبت ذلك"}
    client.post(at(made), data=reason)
    page = text_of(client, at(made))
    assert "لأن الدولة طلبت ذلك" in page and "govuk-error-message" not in page


def test_of_another_state_or_none_is_refused_and_nothing_is_lost(registered: Flask) -> None:
    made, client = begun(), enter(registered)
    other = db.session().scalars(sa.select(REC.c.number).where(REC.c.state != "FJI", REC.c.standing)).first()
    named = number_of(Position.NOTED)
    mine = {"id": "", "number": named, f"reason-{named}": "Because."}
    for wrong in (str(other), "0", "999999999", "x" * 400, "-1", "1e3"):
        answer = client.post(at(made), data={"version": "0", "add": wrong, **mine})
        assert answer.status_code == 409 and "Because." in answer.text
    assert linked(made) == []


def test_a_stale_page_loses_no_reason(registered: Flask) -> None:
    made, client = begun(), enter(registered)
    number, other = number_of(Position.NOTED), number_of(Position.SUPPORTED)
    write(made, {"recommendations": {"linked": [{"number": number, "reason": "Theirs."}, {"number": other}]}})
    answer = client.post(at(made), data={"version": "0", "id": "1", "number": number, f"reason-{number}": "Mine."})
    assert answer.status_code == 409
    assert "Mine." in answer.text and "Theirs." in answer.text and f'value="{other}"' in answer.text
    assert linked(made)[0]["reason"] == "Theirs."


def test_others_and_later_stages_are_kept_out(registered: Flask) -> None:
    made = submitted()
    assert enter(registered, "WAFRICA").get(at(made)).status_code == 404
    assert enter(registered, "WAFRICA").post(at(made), data={"add": some_recommendation()}).status_code == 404
    assert enter(registered).get(at(made)).status_code in (302, 409)
    assert version_of(again(made), "recommendations") == 1


def test_the_page_asks_as_much_whatever_it_lists(registered: Flask) -> None:
    made, client = begun(), enter(registered)
    few = many = 0
    text_of(client, at(made))
    with statements() as asked:
        text_of(client, at(made) + "?q=zzzz")
        few = len(asked)
    rows = [{"number": number_of(Position.SUPPORTED)}, {"number": number_of(Position.NOTED)}]
    write(made, {"recommendations": {"linked": rows}})
    text_of(client, at(made))
    with statements() as asked:
        page = text_of(client, at(made))
        many = len(asked)
    assert len(re.findall('name="number"', page)) == 2
    assert many <= few + 3 <= 15, (few, many)


def test_reasons_save_themselves_and_take_nothing_off(registered: Flask) -> None:
    made, client, number = begun(), enter(registered), number_of(Position.NOTED)
    write(made, {"recommendations": {"linked": [{"number": number}]}})
    draft = {"id": "1", "number": number, f"reason-{number}": "Because.", "off": number}
    answer = client.post(at(made), data=draft, headers={"X-Draft": "1", "If-Match": '"1"'})
    assert (answer.status_code, answer.json and answer.json["version"]) == (200, 2)
    assert linked(made) == [{"id": "1", "number": number, "reason": "Because."}]
    again_sent = client.post(at(made), data=draft, headers={"X-Draft": "1", "If-Match": '"1"'})
    assert again_sent.status_code == 200  # the first answer was lost
    other = {**draft, f"reason-{number}": "Otherwise."}
    stale = client.post(at(made), data=other, headers={"X-Draft": "1", "If-Match": '"1"'})
    assert stale.status_code == 412 and stale.json and "Because." in stale.json["html"]
    somebody = client.post(at(made), data={**draft, "who": "999"}, headers={"X-Draft": "1", "If-Match": '"2"'})
    assert somebody.status_code == 401
