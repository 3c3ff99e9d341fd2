"""The pages of scenarios: limits as they are typed, what is kept of a choice, two side by side, one for the Board."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from calls import faults, someone
from flask import Flask
from flask.testing import FlaskClient
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.scoring.models import Scenario
from fundapp.scoring.operations.assigning import recuse_reviewer

HERE = "/UPR/scoring/2020-1/scenarios"

pytestmark = pytest.mark.usefixtures("one_click")


def typed(**more: str) -> dict[str, str]:
    values = {"name": "A", "envelope": "600 000,00", "steps": "100", "per_country": "1", "priority_share": ""}
    return values | more


def made(client: FlaskClient, **more: str) -> str:
    answer = client.post(f"{HERE}/new", data=typed(**more))
    assert answer.status_code == 302, faults(answer.text)
    return str(answer.location)


def plain(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page.replace("<wbr>", ""))


@pytest.mark.parametrize("role", Role)
def test_who_reads_and_who_makes(scored: Flask, role: Role) -> None:
    client = as_a(scored, role.value)
    reads = role in (Role.SECRETARY, Role.DESK_OFFICER, Role.APPROVING_OFFICER, Role.AUDITOR)
    makes = role in (Role.SECRETARY, Role.DESK_OFFICER)
    assert client.get(HERE).status_code == (200 if reads else 403)
    assert client.get(f"{HERE}/new").status_code == (200 if makes else 403)
    assert client.post(f"{HERE}/new", data=typed()).status_code == (302 if makes else 403)


def test_a_scenario_says_what_it_funds_what_it_leaves_out_and_why(scored: Flask) -> None:
    client = as_a(scored, "secretary")
    address = made(client, floor_african="3", priority_share="30", include="2020-1-003")
    client.get(address)
    with statements() as asked:
        page = text_of(client, address)
    assert len(asked) <= 15, asked
    found = db.session.scalars(sa.select(Scenario)).one()
    assert found.found["gap"] == "0" and found.found["cents"] <= found.envelope_cents == 600_000_00
    words = plain(page)
    assert "2020-1-003" in words and "At least 3 from" in words and "At least 30 % of the money" in words
    out = 28 - len(found.found["chosen"])
    assert page.count("What it would displace") == out > 0
    assert "Scores or amounts have changed since" not in page


def test_what_one_more_would_displace_is_worked_out_when_it_is_asked(scored: Flask) -> None:
    client = as_a(scored, "secretary")
    address = made(client)
    chosen = db.session.scalars(sa.select(Scenario)).one().found["chosen"]
    every = {one.id: one.reference for one in db.session.scalars(sa.select(Proposal)) if one.reference[:4] == "2020"}
    left_out = next(name for key, name in every.items() if str(key) not in chosen)
    words = plain(text_of(client, f"{address}?displace={left_out}"))
    assert f"What {left_out} would displace" in words and "What would change" in words
    assert "would displace" not in plain(text_of(client, f"{address}?displace=2020-1-999")).replace("it would", "")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"envelope": ""}, "amount"),
        ({"envelope": "many"}, "many"),
        ({"envelope": "0"}, "more than nothing"),
        ({"name": " "}, "Give the scenario a name."),
        ({"name": "x" * 121}, "at most 120"),
        ({"priority_share": "101"}, "from 0 to 100"),
        ({"priority_share": "-1"}, "no whole number: -1"),
        ({"per_country": "0"}, "At least one proposal for a State"),
        ({"steps": "75"}, "with 100 among them"),
        ({"steps": "100, x"}, "no whole number: x"),
        ({"steps": "100 90 80 70 60 50"}, "At most 5 steps"),
        ({"include": "2020-1-001", "exclude": "2020-1-001"}, "must be funded and must not be: 2020-1-001"),
        ({"include": "2020-1-999, 2026-1-001"}, "not among the proposals that could be funded: 2020-1-999, 2026-1-001"),
        ({"floor_african": "three"}, "no whole number: three"),
    ],
)
def test_limits_typed_wrongly_are_said_beside_their_field(scored: Flask, more: dict[str, str], said: str) -> None:
    answer = as_a(scored, "secretary").post(f"{HERE}/new", data=typed(**more))
    assert answer.status_code in (409, 422) and said in plain(answer.text)
    assert db.session.scalar(sa.select(Scenario.id)) is None


def test_limits_that_clash_are_named_and_what_was_typed_stays(scored: Flask) -> None:
    more = {"envelope": "50000", "include": "2020-1-001, 2020-1-002", "floor_weog": "1"}
    answer = as_a(scored, "secretary").post(f"{HERE}/new", data=typed(**more))
    words = plain(answer.text)
    assert answer.status_code == 422 and "These limits cannot all hold" in words
    assert "the least number of proposals from" in words and 'value="50000"' in answer.text


def test_amounts_and_numbers_in_arabic_figures(scored: Flask) -> None:
    client = as_a(scored, "secretary")
    made(client, envelope="٦٠٠٠٠٠٫٠٠", per_country="١", steps="١٠٠، ٧٥")
    found = db.session.scalars(sa.select(Scenario)).one()
    assert found.envelope_cents == 600_000_00 and found.asked["limits"]["steps"] == [100, 75]


def test_a_name_is_taken_once_and_another_like_it_begins_with_its_limits(scored: Flask) -> None:
    client = as_a(scored, "secretary")
    address = made(client, per_country="2", exclude="2020-1-001")
    again = client.post(f"{HERE}/new", data=typed())
    assert again.status_code == 422 and "There is a scenario of this name: A." in plain(again.text)
    key = address.rsplit("/", 1)[1]
    page = text_of(client, f"{HERE}/new?from={key}")
    assert 'name="per_country" type="text" value="2"' in page and "2020-1-001" in page


def test_two_side_by_side_and_one_for_the_board(scored: Flask) -> None:
    client = as_a(scored, "secretary")
    one, two = made(client), made(client, name="B", envelope="300000")
    first, second = (int(address.rsplit("/", 1)[1]) for address in (one, two))
    page = plain(text_of(client, f"{HERE}/compare?one={first}&two={second}"))
    assert "those that differ come first" in page and "yes" in page
    assert "Choose two scenarios." in text_of(client, f"{HERE}/compare?one={first}&two=999")
    assert client.get(f"{HERE}/compare?one=x").status_code == 400
    for key in (first, second):
        assert client.post(f"{HERE}/{key}/carry").status_code == 302
    carried = list(db.session.scalars(sa.select(Scenario.id).where(Scenario.carried_at.is_not(None))))
    assert carried == [second]
    assert client.post(f"{HERE}/{second}/aside").status_code == 409
    assert client.post(f"{HERE}/{first}/aside").status_code == 302
    assert "Put aside" in text_of(client, HERE)
    assert client.post(f"{HERE}/{first}/carry").status_code == 409
    assert client.post(f"{HERE}/{first}/take").status_code == 302
    assert as_a(scored, "auditor").post(f"{HERE}/{first}/carry").status_code == 403


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_scenario_as_a_file(scored: Flask, kind: str) -> None:
    client = as_a(scored, "secretary")
    answer = client.get(f"{made(client)}.{kind}", buffered=True)
    assert answer.status_code == 200
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert len(rows) == 29 and rows[0][0] == "Reference"
        assert sum(row[5] == "100" for row in rows[1:]) == len(
            db.session.scalars(sa.select(Scenario)).one().found["chosen"]
        )


def test_of_a_proposal_that_is_closed_to_somebody_no_scenario_tells(scored: Flask) -> None:
    address = made(as_a(scored, "secretary"))
    desk = as_a(scored, "desk-officer")
    assert desk.get(address).status_code == 200
    who = someone(Role.DESK_OFFICER).id
    key: Any = db.session.scalar(sa.select(Proposal.id).where(Proposal.reference == "2020-1-001"))
    with unit_of_work(someone(Role.SECRETARY)) as work:
        one = work.session.get_one(Proposal, key)
        recuse_reviewer(work, one, work.session.get_one(Person, who), "It is of a former office.")
    assert desk.get(address).status_code == 404
    assert address.rsplit("/", 1)[1] not in re.findall(r"scenarios/(\d+)", text_of(desk, HERE))
    assert "2020-1-001" not in plain(text_of(desk, f"{HERE}/new"))
    own = made(desk, name="Mine")
    assert "2020-1-001" not in plain(text_of(desk, own))


def test_a_name_that_only_a_hidden_scenario_has_is_free(scored: Flask) -> None:
    """To refuse or to number it would tell of what is closed to somebody: the hidden one gets the number."""
    secretary, desk = as_a(scored, "secretary"), as_a(scored, "desk-officer")
    hidden = made(secretary, name="A" * 120)
    who = someone(Role.DESK_OFFICER).id
    key: Any = db.session.scalar(sa.select(Proposal.id).where(Proposal.reference == "2020-1-001"))
    with unit_of_work(someone(Role.SECRETARY)) as work:
        one = work.session.get_one(Proposal, key)
        recuse_reviewer(work, one, work.session.get_one(Person, who), "It is of a former office.")
    own = made(desk, name="A" * 120)
    again = desk.post(f"{HERE}/new", data=typed(name="A" * 120))
    assert again.status_code == 422 and "There is a scenario of this name" in plain(again.text)
    assert "A" * 120 in plain(text_of(desk, own)) and desk.get(hidden).status_code == 404
    assert "A" * 116 + " (2)" in plain(text_of(secretary, hidden))
    assert secretary.post(f"{HERE}/new", data=typed(name="A" * 120)).status_code == 422
