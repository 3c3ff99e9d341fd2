"""fundapp donor and fundapp pledge: what they list is what the pages do."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from commands import Command, command, one_sentence, rows
from flask import Flask
from pledges import do, donor, drafted

from fundapp.contributions.operations import add_alias, add_contact
from fundapp.contributions.rules.register import GivenContact

__all__ = ["command"]  # a fixture
CONTACT = GivenContact("Anna", "", "anna@example.org")


def test_donors_are_listed_and_shown(demo: Flask, command: Command) -> None:
    drafted()
    found = donor()
    do(lambda work: add_alias(work, found, "EDA"))
    do(lambda work: add_contact(work, found, CONTACT))
    do(lambda work: add_contact(work, found, replace(CONTACT, name="Bea\u202e")))
    listed = rows(command("donor", "list", "UPR", "--format", "csv").out)
    assert {row["code"]: row["drafts"] for row in listed}["CHE"] == "1" and len(listed) > 20
    assert len(json.loads(command("donor", "list", "UPR", "--format", "json").out)) == len(listed)
    shown = command("donor", "show", "UPR", "CHE").out
    assert "Switzerland" in shown and "EDA" in shown and "50000.00 CHF" in shown and "\u202e" not in shown
    facts = json.loads(command("donor", "show", "UPR", "CHE", "--format", "json").out)
    assert facts["spellings"] == ["EDA"] and facts["pledges"][0]["number"] == "2020-001"
    assert facts["names"]["fr"] == "Suisse"


def test_pledges_are_listed(demo: Flask, command: Command) -> None:
    assert command("pledge", "list", "UPR").out == "No pledges.\n"
    drafted()
    said = command("pledge", "list", "UPR", "--stage", "draft", "--year", "2020").out
    assert "2020-001" in said and "50000.00" in said and "NV 12/2020" in said
    assert rows(command("pledge", "list", "UPR", "--format", "csv").out)[0]["paid"] == "0.00"
    assert command("pledge", "list", "UPR", "--stage", "binding").out == "No pledges.\n"
    assert command("pledge", "list", "AHA", "--format", "json").out == "[]\n"


@pytest.mark.parametrize(
    "words", [("donor", "list", "XXX"), ("donor", "show", "UPR", "NOBODY"), ("pledge", "list", "X")]
)
def test_what_nobody_knows_is_refused_in_a_sentence(demo: Flask, command: Command, words: tuple[str, ...]) -> None:
    said = command(*words)
    assert said.status == 1 and one_sentence(said)
