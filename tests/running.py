"""Running a round, for tests: its settings as a page sends them, what is refused, rows that no operation makes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from calls import fund, someone
from flask.testing import FlaskClient
from visiting import text_of

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.queries import named_call
from fundapp.scoring.models import ScoringRound
from fundapp.scoring.queries.rounds import round_of

HERE = "/UPR/scoring"


@operation(Permission.FUND_SET_UP, name="tests.add_rows")
def add_rows(work: Work, _: None, *rows: Any) -> None:
    """Rows that no operation of these tests makes."""
    work.session.add_all(rows)


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


def refused(change: Any, by: Person | None = None) -> list[str]:
    """The codes of a refusal, after which nothing was recorded."""
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Trace))
    who = (by or someone(Role.SECRETARY)).id
    with pytest.raises(Refusal) as found, unit_of_work(db.session.get_one(Person, who)) as work:
        change(work)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Trace)) == before
    return [fault.code for fault in found.value.faults]


def in_work(work: Work, code: str = "2026-1") -> ScoringRound:
    found = round_of(work.session, named_call(work.session, fund(), code))
    assert found
    return found
