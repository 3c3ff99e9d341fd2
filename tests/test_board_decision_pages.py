"""The pages of decisions: who sees what of one, preparing and taking it in the browser, the list and the command."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from boards import seated
from calls import someone
from commands import Command, command
from deciding import (
    APPROVE,
    DECLINE,
    HERE,
    before,
    condition,
    conditions,
    decisions,
    in_days,
    office_person,
    plain,
    prepared,
    proposal,
    reference,
    set_envelope,
    signed,
    taken,
    with_conditions,
)
from flask import Flask
from flask.testing import FlaskClient
from scoring_seen import keep_from
from visiting import as_a, statements, text_of

from fundapp.access.models import Letter, Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.board.models import Considered, DecisionDraft
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice
from fundapp.proposals.operations.interests import open_to
from fundapp.proposals.rounds import tell_due

__all__ = ["command"]  # a fixture

pytestmark = pytest.mark.usefixtures("one_click")


def typed(**more: str) -> dict[str, str]:
    said = {
        "outcome": "approve-with-conditions", "amount": "40 000,00", "version": "0", "shared": "It was ranked first.",
        "text_1": "The ministry confirms.", "owner_1": "office", "due_1": in_days(30).isoformat(), "before_1": "y",
    }  # fmt: skip
    return said | more


def test_a_decision_in_the_browser(shown: Flask) -> None:
    key = before()[0]
    name = reference(key)
    desk, approving = as_a(shown, "desk-officer"), as_a(shown, "approving-officer")
    assert "Prepare a decision" in text_of(desk, f"{HERE}/{name}")
    form = text_of(desk, f"{HERE}/{name}/prepare")
    assert 'value="approve" checked' in form and "Envelope of the call" in form
    assert approving.get(f"{HERE}/{name}/decide").status_code == 409
    answer = desk.post(f"{HERE}/{name}/prepare", data=typed())
    assert answer.status_code == 302, plain(answer.text)
    page = text_of(desk, answer.location)
    assert "A decision is prepared and waits to be taken" in page and "You prepared it" in page
    assert desk.get(f"{HERE}/{name}/decide").status_code == 403
    page = text_of(approving, f"{HERE}/{name}/decide")
    assert "The ministry confirms." in page and "Take this decision" in page
    assert approving.post(f"{HERE}/{name}/decide", data={"version": "1"}).status_code == 302
    page = plain(text_of(approving, f"{HERE}/{name}"))
    assert "Approved with conditions" in page and "40 000" in page and "money waits for it" in page
    again = approving.post(f"{HERE}/{name}/decide", data={"version": "1"})
    assert again.status_code == 409 and "It was decided on" in plain(again.text)
    assert len(decisions()) == 1
    summary = plain(text_of(desk, f"/UPR/proposals/{name}"))
    assert "Approved" in summary and "Money is allotted to it" in summary
    assert "Approved" in plain(text_of(desk, f"/UPR/proposals/{name}/timeline"))
    assert name in text_of(desk, "/UPR/proposals?stage=approved")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"outcome": ""}, "Say what is decided."),
        ({"outcome": "burn"}, "Say what is decided."),
        ({"amount": "many"}, "many"),
        ({"amount": ""}, "Say which amount is approved"),
        ({"amount": "999 999 999"}, "is more than the proposal asks for"),
        ({"amount": "-1"}, "Error:"),
        ({"amount": "٤٠٠٠٠", "class_010": "10000"}, "30 000.00 away from the amount of 40 000.00"),
        ({"class_010": "x"}, "x"),
        ({"due_1": "31.12.2030"}, "This is no day: 31.12.2030"),
        ({"due_1": "2030-02-30"}, "This is no day"),
        ({"due_1": ""}, "Say until when the condition is to be met."),
        ({"due_1": "2020-01-01"}, "1 January 2020 has passed already"),
        ({"owner_1": ""}, "Say who sees to the condition."),
        ({"owner_1": "nobody"}, "Say who sees to the condition."),
        ({"text_1": " "}, "Say what the condition is."),
        ({"text_1": "x" * 1_001}, "1000"),
        ({"text_1": "", "owner_1": "", "due_1": "", "before_1": ""}, "Say at least one condition"),
        ({"outcome": "approve"}, "There are conditions"),
        ({"outcome": "decline"}, "leave the amounts empty"),
        ({"shared": "x" * 5_001}, "5000"),
        ({"version": "7"}, "Somebody changed what is prepared meanwhile"),
        ({"version": "x" * 99, "outcome": ""}, "Say what is decided."),
    ],
)
def test_what_is_typed_wrongly_is_said_beside_its_field(shown: Flask, more: dict[str, str], said: str) -> None:
    key = before()[0]
    answer = as_a(shown, "desk-officer").post(f"{HERE}/{reference(key)}/prepare", data=typed(**more))
    assert answer.status_code in (409, 422) and said in plain(answer.text), plain(answer.text)[:3_000]
    assert db.session.scalar(sa.select(DecisionDraft.id)) is None


def test_what_goes_above_the_envelope_says_the_sum(shown: Flask) -> None:
    key = before()[0]
    of, name = proposal(key).call_id, reference(key)
    with unit_of_work(Console()) as work:
        set_envelope(work, None, of, 39_000_00)
    answer = as_a(shown, "desk-officer").post(f"{HERE}/{name}/prepare", data=typed())
    said = "With it, 40 000.00 dollars of the call would be approved, which is 1 000.00 more than its envelope of 39"
    assert answer.status_code == 422 and said in plain(answer.text)


def test_two_who_prepare_see_each_other(shown: Flask) -> None:
    key = before()[0]
    name = reference(key)
    prepared(key, APPROVE, by=Role.SECRETARY)
    answer = as_a(shown, "desk-officer").post(f"{HERE}/{name}/prepare", data=typed())
    page = plain(answer.text)
    assert answer.status_code == 409 and "Somebody else changed it meanwhile" in page and "The ministry" in page
    version = re.findall(r'name="version" value="(\d+)"', answer.text)[0]
    assert as_a(shown, "desk-officer").post(f"{HERE}/{name}/prepare", data=typed(version=version)).status_code == 302


@pytest.mark.parametrize("role", Role)
def test_who_prepares_and_who_takes(shown: Flask, role: Role) -> None:
    key = before()[0]
    name = reference(key)
    prepared(key, APPROVE, by=Role.SECRETARY if role is not Role.SECRETARY else Role.DESK_OFFICER)
    client = as_a(shown, role.value)
    prepares, takes = role in (Role.SECRETARY, Role.DESK_OFFICER), role is Role.APPROVING_OFFICER
    assert client.get(f"{HERE}/{name}/prepare").status_code == (200 if prepares else 403)
    assert client.get(f"{HERE}/{name}/decide").status_code == (200 if takes else 403)
    if not takes:
        assert client.post(f"{HERE}/{name}/decide", data={"version": "1"}).status_code == 403
        assert not decisions()
    reads = prepares or takes or role is Role.AUDITOR
    hidden = 404 if role not in (Role.REVIEWER, Role.ADMINISTRATOR) else 403
    assert client.get(f"{HERE}/{name}").status_code == (200 if reads else hidden)
    listed = client.get(HERE)
    assert listed.status_code == (403 if hidden == 403 else 200) and (name in listed.text) is reads


def test_an_office_reads_the_reasons_that_may_be_shared_and_no_others(shown: Flask) -> None:
    key, other, *_ = before(outcome="not-support")
    name = reference(key)
    client = signed(shown, office_person(key))
    assert client.get(f"{HERE}/{name}").status_code == 404
    said = replace(DECLINE, reasons="The partner is on a list.")
    taken(key, said)
    page = plain(text_of(client, f"{HERE}/{name}"))
    assert "Others came before it." in page and "Declined" in page
    for secret in ("on a list", "Not support", "Advice of the Board", str(someone(Role.DESK_OFFICER).name), "Prepare"):
        assert secret not in page, secret
    assert name in text_of(client, HERE) and "Advice" not in plain(text_of(client, HERE))
    same_office = proposal(other).office_id == proposal(key).office_id
    taken(other, replace(DECLINE))
    assert client.get(f"{HERE}/{reference(other)}").status_code == (200 if same_office else 404)
    assert client.get(f"{HERE}/{name}/prepare").status_code == 403


def test_the_office_is_told_in_its_language(shown: Flask) -> None:
    key = before()[0]
    person = office_person(key)
    taken(key, with_conditions())
    tell_due(now() + timedelta(days=1))
    asked = sa.select(Letter.body).where(Letter.person_id == person.id)
    (body,) = db.session.scalars(asked).all()
    assert (
        reference(key) in body
        and "40 000,00" in body.replace("\xa0", " ").replace("\u202f", " ")
        and APPROVE.shared in body
    )
    assert f"/UPR/board/decisions/{reference(key)}" in body
    assert db.session.scalar(sa.select(Notice.told_at).where(Notice.person_id == person.id)) is not None


def test_a_trustee_reads_what_is_open_to_them_and_never_a_draft(shown: Flask) -> None:
    seated()
    first, second, *_ = before()
    trustee = someone(Role.TRUSTEE)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        found = work.session.get_one(Considered, first).proposal
        open_to(work, found, work.session.get_one(Person, trustee.id))
    prepared(first)
    taken(second)
    client = as_a(shown, "trustee")
    page = plain(text_of(client, f"{HERE}/{reference(first)}"))
    assert "Nothing is decided yet" in page and "is prepared" not in page
    assert client.get(f"{HERE}/{reference(second)}").status_code == 404
    listed = text_of(client, HERE)
    assert reference(first) in listed and reference(second) not in listed and "Prepared" not in plain(listed)


def test_whoever_is_kept_from_a_proposal_finds_nothing_of_its_decision(shown: Flask) -> None:
    first, second, *_ = before()
    taken(first, with_conditions(condition(text="A secret condition.")))
    taken(second)
    name, other = reference(first), reference(second)
    keep_from(int(name[-3:]), Role.APPROVING_OFFICER)
    client = as_a(shown, "approving-officer")
    missing = client.get(f"{HERE}/2020-1-999")
    for address in ("", "/prepare", "/decide"):
        assert client.get(f"{HERE}/{name}{address}").status_code in (404, 403), address
    code = re.compile(r"""[0-9a-f]{4}(-[0-9a-f]{4}){2}|(?<=name="csrf_token" value=")[^"]+""")  # another each second
    found, none = (code.sub("", page.text) for page in (client.get(f"{HERE}/{name}"), missing))
    assert found.replace(name, "") == none.replace("2020-1-999", "")
    key = conditions()[0].id
    for address in (
        HERE, f"{HERE}/list.csv", "/UPR/board/conditions", "/UPR/board/conditions/list.csv",
        f"/UPR/board/approved/{in_days(0).year}", f"/UPR/board/approved/{in_days(0).year}.csv",
    ):  # fmt: skip
        text = client.get(address, buffered=True).text
        assert name not in text and "secret condition" not in text, address
    assert other in text_of(client, HERE)
    assert client.get(f"/UPR/board/conditions/{key}").status_code == 404
    form = text_of(client, f"{HERE}/{other}")
    assert "Envelope of the call" not in form


def test_finance_officers_read_what_was_decided_and_no_more(shown: Flask) -> None:
    first, second, *_ = before()
    taken(first, with_conditions())
    client = as_a(shown, "finance-officer")
    page = plain(text_of(client, f"{HERE}/{reference(first)}"))
    assert "40 000" in page and "Advice of the Board" not in page
    assert client.get(f"{HERE}/{reference(second)}").status_code == 404


def test_what_is_decided_stays_in_the_ranking_and_its_pages(scored: Flask) -> None:
    key = before()[0]
    name, client = reference(key), as_a(scored, "secretary")

    def found() -> list[str]:
        pages = [client.get(f"/UPR/scoring/2020-1/{page}.csv", buffered=True).text for page in ("ranking", "matrix")]
        return [next(line for line in page.splitlines() if name in line) for page in pages]

    earlier = found()
    taken(key)
    assert found() == earlier and "Approved" in plain(text_of(client, f"/UPR/proposals/{name}"))


@pytest.mark.parametrize("address", ["2020-1-999", "x", "../decisions", "2020-1-001/letter.txt"])
def test_what_is_not_there(shown: Flask, address: str) -> None:
    client = as_a(shown, "secretary")
    assert client.get(f"{HERE}/{address}").status_code == 404
    assert client.get(f"/AHA/board/decisions/{address}").status_code == 404


def test_pages_ask_the_database_little_whatever_they_list(shown: Flask) -> None:
    keys = before(proposals=None)
    client = as_a(shown, "secretary")
    name = reference(keys[0])

    def counts() -> list[int]:
        found = []
        for address in (HERE, f"{HERE}/{name}", f"{HERE}/{name}/prepare", "/UPR/board/conditions"):
            client.get(address)
            with statements() as asked:
                text_of(client, address)
            found.append(len(asked))
        return found

    taken(keys[0], with_conditions())
    few = counts()
    for key in keys[1:6]:
        taken(key, with_conditions(condition(), condition(2)))
    assert counts() == few and max(few) <= 15, few


def read(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_list_is_narrowed_and_taken_along(shown: Flask) -> None:
    keys = before()
    taken(keys[0])
    prepared(keys[1])
    client = as_a(shown, "secretary")
    every = read(client, f"{HERE}/list.csv")
    assert len(every) == 5 and every[0][0] == "Reference" and every[1][7:9] == ["Approved", "40000.00"]
    for query, many in (
        ("state=decided", 1), ("state=prepared", 1), ("state=waiting", 2), ("state=odd", 4), ("session=25", 4),
        ("session=99", 0), ("session=x", 0), (f"year={in_days(0).year}", 1), ("year=1999", 0), ("year=99999999999", 0),
        (f"q={reference(keys[2])}", 1), (f"q={'x' * 500}", 0),
    ):  # fmt: skip
        assert len(read(client, f"{HERE}/list.csv?{query}")) == 1 + many, query
        assert client.get(f"{HERE}?{query}").status_code == 200
    assert client.get(f"{HERE}/list.xlsx").data.startswith(b"PK")


# ------------------------------------------------------------------------------------------------------ the command


def test_the_command_lists_decisions(shown: Flask, command: Command) -> None:
    keys = before()
    taken(keys[0], with_conditions())
    year = str(in_days(0).year)
    said = command("decision", "list", "UPR", "--year", year, "--format", "json")
    (row,) = json.loads(said.out)
    assert (row["reference"], row["decision"], row["approved"]) == (
        reference(keys[0]), "approve-with-conditions", "40000.00",
    )  # fmt: skip
    assert command("decision", "list", "UPR", "--year", "1999", "--format", "json").out == "[]\n"
    text = command("decision", "list", "UPR").out
    assert reference(keys[0]) in text and text.count("\n") == 5
    assert command("decision", "list", "UPR", "--format", "csv").out.startswith("session,reference,")
    assert command("decision", "list", "XXX").status == 1
    assert command("decision", "list", "UPR", "--year", "x").status == 2
