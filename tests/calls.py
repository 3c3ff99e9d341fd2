"""Calls for tests: one that lacks nothing, its people, and what is sent to the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from commands import everything
from flask.testing import FlaskClient
from visiting import text_of

from fundapp.access.demonstration import invented
from fundapp.access.models import Office, Person, Scope
from fundapp.access.operation import operation
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Permission, Role
from fundapp.funds.models import Criterion, Fund
from fundapp.funds.queries import focus_areas, fund_by_code
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call
from fundapp.proposals.operations import Opened, except_office, open_call, prepare_call, take_over_call
from fundapp.proposals.queries import named_call
from fundapp.proposals.rules import GivenCall

DAY = timedelta(days=1)
FIELDS: dict[str, Any] = {
    "code": "2031-1", "title_en": "A call", "guidance_en": "Do this.\r\n\r\nThen that.", "zone": "Europe/Zurich",
    "opens_on": "2031-03-01", "opens_hour": "09:00", "closes_on": "2031-06-30", "closes_hour": "",
    "envelope": "1 000 000,00", "floor": "10.000,00", "ceiling": "١٠٠٠٠٠٫٥٠", "states": "", "version": "0",
}  # fmt: skip


def fund(code: str = "UPR") -> Fund:
    found = fund_by_code(db.session(), code)
    assert found
    return found


def someone(role: Role) -> Person:
    """The demonstration's person of a role."""
    found = invented(db.session(), role)
    assert found
    return found


def second_secretary(email: str = "second@example.org", code: str | None = None) -> Person:
    """Another secretary, of one fund or of all."""
    with unit_of_work(Console()) as work:
        made = add_person(work, None, email, "correct horse battery", name="Second")
        grant(work, made, Role.SECRETARY, fund=work.session.get_one(Scope, fund(code).id) if code else None)
    return made


def office(code: str = "PACIFIC") -> Office:
    return db.session().scalars(sa.select(Office).where(Office.code == code)).one()


def given(code: str = "2031-1", *, of: str = "UPR", **more: Any) -> GivenCall:
    """A call that lacks nothing: it opens tomorrow and closes in thirty days."""
    areas = frozenset(area.id for area in focus_areas(db.session(), fund(of)))
    minute = now().replace(second=0, microsecond=0)
    said = GivenCall(
        code, {"en": "A call"}, {"en": "Do this."}, minute + DAY, minute + 30 * DAY, "Europe/Zurich",
        envelope=1_000_000_00, floor=10_000_00, ceiling=100_000_00, areas=areas,
    )  # fmt: skip
    return replace(said, **more)


def draft(code: str = "2031-1", *, by: Role = Role.DESK_OFFICER, of: str = "UPR", **more: Any) -> Call:
    """A draft that lacks nothing."""
    with unit_of_work(someone(by)) as work:
        return prepare_call(work, fund(of), given(code, of=of, **more))


def opened(code: str = "2031-1", **more: Any) -> Call:
    """A call that is open by now."""
    found = draft(code, **{"opens_at": now() - DAY, **more})
    with unit_of_work(someone(Role.SECRETARY)) as work:
        open_call(work, found, found.version)
    return found


def past(code: str = "2021-1", closed: datetime | None = None, **more: Any) -> Call:
    """A call that has closed."""
    until = closed or now() - 2 * DAY
    said = given(code, opens_at=until - 90 * DAY, closes_at=until, **more)
    with unit_of_work(Console()) as work:
        people = Opened(someone(Role.DESK_OFFICER), someone(Role.SECRETARY))
        return take_over_call(work, fund(), said, [], people)


def again(code: str = "2031-1") -> Call:
    """A call as the table has it now."""
    db.session().rollback()
    return named_call(db.session(), fund(), code)


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"/UPR/calls{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


@operation(Permission.FUND_SET_UP, name="tests.weigh")
def weigh(work: Work, _: None, fund_id: int, weight: int) -> None:
    """Give the first criterion of a fund another weight."""
    asked = sa.select(Criterion).where(Criterion.fund_id == fund_id).order_by(Criterion.position)
    work.session.scalars(asked).first().weight = weight  # type: ignore[union-attr]


Change = Callable[[Work, Call], Any]


def refused(change: Change, code: str = "2031-1", by: Role = Role.SECRETARY) -> list[tuple[str, str | None]]:
    """The codes and fields of a refusal, after which all is as it was."""
    before = everything()
    with pytest.raises(Refusal) as found:
        do(change, code, by)
    assert everything() == before
    return [(fault.code, fault.field) for fault in found.value.faults]


def do(change: Change, code: str = "2031-1", by: Role = Role.SECRETARY) -> None:
    """Do it to a call as one of the demonstration's people."""
    with unit_of_work(someone(by)) as work:
        change(work, named_call(work.session, fund(), code))


def let_in(code: str, until: datetime, reason: str, work: Work, call: Call) -> None:
    """Let an office submit late; made a change of a call by `partial`."""
    except_office(work, call, office(code) if code else None, until, "UTC", reason)


def faults(page: str) -> list[str]:
    """The messages beside fields, and those of none."""
    found = re.findall(r'govuk-error-message">.*?</span> (.*?)</p>', page)
    return found + list(re.findall(r"<li>([^<]+)</li>", page.partition("govuk-error-summary__list")[2][:2000]))
