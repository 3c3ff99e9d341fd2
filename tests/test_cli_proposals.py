"""fundapp proposal list and show, and what waits for whom on the home page."""

from __future__ import annotations

import json

from calls import DAY, opened, someone
from commands import Command, command, one_sentence, rows
from flask import Flask
from proposing import cleared, complete, head, in_screening, returned, submitted, writer
from test_proposal_pages import as_person
from visiting import waiting

from fundapp.access.policy import Role
from fundapp.kernel.clock import now

__all__ = ["command"]


def test_proposals_are_listed_by_call_and_stage(registered: Flask, command: Command) -> None:
    submitted()
    complete("2031-2")
    assert [row["reference"] for row in rows(command("proposal", "list", "UPR", "--format", "csv").out)] == [
        "2031-1-001", "2031-2-001",
    ]  # fmt: skip
    (found,) = json.loads(command("proposal", "list", "UPR", "--stage", "draft", "--format", "json").out)
    assert (found["reference"], found["total"], found["done"]) == ("2031-2-001", "22600.00", 100)
    assert command("proposal", "list", "UPR", "--call", "2031-1").out.startswith("2031-1-001  submitted  PACIFIC  FJI")
    assert command("proposal", "list", "AHA").out == "No proposals.\n"
    assert "2031-9" in one_sentence(command("proposal", "list", "UPR", "--call", "2031-9"))
    assert command("proposal", "list", "UPR", "--stage", "nowhere").status == 2


def test_a_proposal_is_shown_with_its_versions_and_moves(registered: Flask, command: Command) -> None:
    returned()
    text = command("proposal", "show", "UPR", "2031-1-001").out
    assert "stage       returned" in text and "version     1 " in text and "Say more of the budget." in text
    found = json.loads(command("proposal", "show", "UPR", "2031-1-001", "--format", "json").out)
    assert [one["move"] for one in found["moves"]] == ["clear", "submit", "start-screening", "return"]
    assert found["versions"][0]["sections"]["gender"]["marker"] == "2"
    assert "no proposal" in one_sentence(command("proposal", "show", "UPR", "2031-1-002"))
    assert "no proposal" in one_sentence(command("proposal", "show", "AHA", "2031-1-001"))


def test_an_office_is_told_what_it_can_move_on(demo: Flask) -> None:
    opened("2031-8")
    opened("2031-9", closes_at=now() + 3 * DAY)
    client = as_person(demo, writer())
    assert waiting(client) == ["The call 2031-9 closes", "Begin a proposal to the call 2031-8"]


def test_each_of_an_office_is_told_what_they_can_do(registered: Flask) -> None:
    complete("2031-1")
    cleared("2031-2")
    returned("2031-3")
    author, chief = (waiting(as_person(registered, one)) for one in (writer(), head()))
    assert "Hand the proposal 2031-2-001 in" in author and "Clear the proposal 2031-1-001" not in author
    assert "Clear the proposal 2031-1-001" in chief
    assert "Change the proposal 2031-3-001, which was returned" in author
    elsewhere = waiting(as_person(registered, writer("WAFRICA")))
    assert not [one for one in elsewhere if "-001" in one]


def test_a_desk_officer_is_told_what_arrived(registered: Flask) -> None:
    submitted("2031-1")
    in_screening("2031-2")
    found = waiting(as_person(registered, someone(Role.DESK_OFFICER)))
    assert "1 proposal was handed in and is on nobody&#39;s desk" in found
    assert "Decide on the proposal 2031-2-001" in found
