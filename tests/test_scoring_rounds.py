"""Rounds of scoring as the secretary runs them: opened, assigned, closed, and what each refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from calls import faults, fund, second_secretary, someone
from flask import Flask
from flask.testing import FlaskClient
from scoring import assigned, eligible, given, opened_round, reviewers, the_call, the_round
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.operations import Console, end_grant
from fundapp.access.policy import Refused, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Notice, Proposal, Recusal
from fundapp.proposals.operations.interests import lift_recusal, recuse
from fundapp.scoring.models import Assignment, RoundException, ScoringRound
from fundapp.scoring.operations.assigning import assign_planned, unassign
from fundapp.scoring.operations.rounds import close_scoring, except_proposal, open_scoring, reopen_scoring

HERE = "/UPR/scoring"


@pytest.fixture(autouse=True)
def one_click(shown: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration's people sign in without proof."""
    monkeypatch.setitem(shown.config, "FUNDAPP_DEMONSTRATION", True)


def day(days: int) -> str:
    return (now() + timedelta(days=days)).date().isoformat()


def typed(**changed: str) -> dict[str, str]:
    """The form of settings, with changes."""
    found = {"sheets": "2", "due_on": day(20), "due_hour": "", "zone": "Europe/Zurich", "threshold": "50"}
    found |= {"shows_others": "y", "bars_nationality": "y", "reason": "The Board meets early.", "version": "0"}
    return found | changed


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"{HERE}{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def test_pages(shown: Flask) -> None:
    client = as_a(shown, "secretary")
    print(len(eligible()))
    assert "2026-1" in text_of(client, HERE)
    text_of(client, f"{HERE}/2026-1/open")
    status, page = send(client, "/2026-1/open", **typed())
    assert status == 302, faults(page)
    reviewers(3)
    one = eligible()[0]
    for address in (
        "", "/2026-1", "/2026-1/change", "/2026-1/close", "/2026-1/assign", f"/2026-1/assign?proposal={one.reference}",
        "/2026-1/balance", "/2026-1/recuse", f"/2026-1/exception/{one.reference}", "/reviewers",
        f"/reviewers/{someone(Role.REVIEWER).id}",
    ):  # fmt: skip
        with statements() as asked:
            text_of(client, HERE + address)
        print(address, len(asked))
        assert len(asked) <= 15, (address, asked)
