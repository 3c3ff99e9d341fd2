"""Screening for tests: what is marked and refused, calls with documents and points, proposals that lack something."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from calls import opened, someone
from flask.testing import FlaskClient
from proposing import (
    add_consent,
    again,
    begun,
    pages,
    write,
    writer,
)
from visiting import text_of

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.operations import Console
from fundapp.access.policy import Permission, Role
from fundapp.kernel.base import Base
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.screening import (
    mark,
)
from fundapp.proposals.queries.looking import looked
from fundapp.proposals.rules.checklist import Marked, Seen, Verdict

GOOD = Verdict.FULFILLED.value
Pages = dict[str, dict[str, Any]]


def officer() -> Person:
    return someone(Role.DESK_OFFICER)


def seen(proposal: Proposal) -> dict[str, Seen]:
    db.session().rollback()
    call = db.session().get_one(Call, proposal.call_id)
    found = looked(db.session(), proposal, call, "en")
    assert found
    return dict(found.seen)


def why(change: Any, by: Any) -> list[tuple[str, str | None]]:
    """The codes and fields of a refusal, after which all is as it was."""
    before = rows()
    with pytest.raises(Refusal) as found, unit_of_work(by) as work:
        change(work)
    assert rows() == before
    return [(fault.code, fault.field) for fault in found.value.faults]


def rows() -> dict[str, list[str]]:
    """All that the tables hold; what tests have in their hands stays there."""
    session = db.session()
    session.rollback()
    return {table.name: sorted(map(repr, session.execute(sa.select(table)))) for table in Base.metadata.sorted_tables}


def marked(proposal: Proposal, given: dict[str, Marked], number: int = 1, last: int = 0) -> int:
    with unit_of_work(officer()) as work:
        return mark(work, proposal, given, number, last)


@operation(Permission.FUND_SET_UP, name="tests.add_items")
def add_items(work: Work, call: Call, *rows: Any) -> None:
    """Documents or points that a call has, whatever its stage."""
    for row in rows:
        row.call_id, row.position = call.id, 1
        for code in ("ar", "zh", "fr", "ru", "es"):
            setattr(row, f"name_{code}", "")
        work.session.add(row)


def with_items(*rows: Any) -> None:
    call = opened("2031-1")
    with unit_of_work(Console()) as work:
        add_items(work, work.session.get_one(Call, call.id), *rows)


def sent(given: Pages) -> Proposal:
    """A proposal with these pages that was handed in past all conditions, as an import of old ones might."""
    made = begun()
    with unit_of_work(writer()) as work:
        add_consent(work, made)
    made = write(made, pages() | given)
    with unit_of_work(Console()) as work:
        force(work, made)
    return again(made)


@operation(Permission.FUND_SET_UP, name="tests.force")
def force(work: Work, made: Proposal) -> None:
    """Hand in what lacks something."""
    made.stage = "in-screening"
    moving._fix(work, made)


def form_of(page: str) -> dict[str, str]:
    """What the form of the checklist would send as it stands."""
    data = dict(re.findall(r'<input type="hidden" name="(version|last)" value="(\d+)"', page))
    for name, value in re.findall(r'name="([a-z-]+-verdict)" type="radio" value="([a-z-]+)" checked', page):
        data[name] = value
    for name, note in re.findall(r'<textarea[^>]* name="([a-z-]+-note)"[^>]*>\n([^<]*)</textarea>', page):
        data[name] = note
    return data


def post(client: FlaskClient, made: Proposal, address: str, **data: Any) -> tuple[int, str]:
    answer = client.post(f"/UPR/proposals/{made.reference}/{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.text
