"""Donors and pledges for tests: said, recorded as the finance officer does, and sent to the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from calls import fund, someone
from flask.testing import FlaskClient
from visiting import text_of

from conftest import vandal
from fundapp.access.policy import Role
from fundapp.contributions.models import Donor, Pledge, PledgeStage
from fundapp.contributions.operations import draft_pledge, register_donor
from fundapp.contributions.queries import donors
from fundapp.contributions.queries.pledges import pledge_numbered
from fundapp.contributions.rules.pledges import GivenPledge, Part
from fundapp.contributions.rules.register import GivenDonor
from fundapp.kernel.base import Base
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import Work, unit_of_work

HERE = "/UPR/donors"
FIELDS: dict[str, Any] = {
    "kind": "agreement", "reference": "NV 12/2020", "currency": "CHF", "amount": "50 000,00",
    "announced_on": "2020-03-02", "amount_1": "20000", "due_1": "2020-06-30", "amount_2": "", "due_2": "2020-12-31",
    "earmark": "none", "rate": "7,5", "reporting": "A report each year.", "conditions": "", "binds_on": "2020-04-01",
    "language": "fr", "version": "",
}  # fmt: skip


def donor(code: str = "CHE") -> Donor:
    """A donor of the demonstration's books, or a State that comes into the register for it."""
    found = donors(db.session()).get(code)
    if found is None:
        with unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
            register_donor(work, None, GivenDonor("state", code, {}))
        found = donors(db.session())[code]
    return found


def said(code: str = "CHE", **more: Any) -> GivenPledge:
    """A pledge of 50,000 Swiss francs in two parts, in which nothing is wrong."""
    parts = (Part(2_000_000, date(2020, 6, 30)), Part(3_000_000, date(2020, 12, 31)))
    given = GivenPledge(donor(code).id, "agreement", "NV 12/2020", "CHF", 5_000_000, date(2020, 3, 2), parts)
    return replace(given, **more)


def drafted(code: str = "CHE", **more: Any) -> Pledge:
    """A draft as the finance officer records it."""
    given = said(code, **more)
    with unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
        number = draft_pledge(work, fund(), given).number
    return numbered(number)


def numbered(number: str) -> Pledge:
    """A pledge as the table has it now."""
    db.session().rollback()
    return pledge_numbered(db.session(), fund(), number) or pytest.fail(f"no pledge {number}")


def do(change: Callable[[Work], Any]) -> Any:
    """Do it as the finance officer."""
    with unit_of_work(someone(Role.FINANCE_OFFICER)) as work:
        return change(work)


def recorded() -> dict[str, list[str]]:
    """All rows of all tables; what was read before is still of the session afterwards."""
    db.session().rollback()
    found = {
        table.name: sorted(map(repr, db.session.execute(sa.select(table)))) for table in Base.metadata.sorted_tables
    }
    db.session().rollback()
    return found


def refused(change: Callable[[Work], Any]) -> set[tuple[str, str | None]]:
    """Codes and fields of a refusal, after which all is as it was."""
    before = recorded()
    with pytest.raises(Refusal) as found:
        do(change)
    assert recorded() == before
    return {(fault.code, fault.field) for fault in found.value.faults}


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"{HERE}{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def bound(pledge: Pledge) -> None:
    """Have a pledge bind behind the program's back, where only that it binds matters."""
    values = {"stage": PledgeStage.BINDING, "binds_on": date(2020, 4, 1)}
    key, table = pledge.id, Pledge.__table__
    with vandal() as connection:
        connection.execute(sa.update(table).where(table.c.id == key).values(**values))
