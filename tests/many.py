"""Many proposals for tests, and the plain way to find out whose they are to see."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from calls import fund, opened, past, someone
from flask.testing import FlaskClient

from bench.many import seed
from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.models import Proposal
from fundapp.proposals.rules.stages import OF_THE_OFFICE

LIST = "/UPR/proposals"
SIZE = 240
Rows = list[Any]


def fill() -> None:
    """Proposals of many offices to a call of long ago and to one that is open."""
    past("2010-1", closed=datetime.fromisoformat("2010-06-30T12:00"))
    opened("2031-1")
    seed(db.session(), fund(), SIZE, now())


def every() -> Rows:
    """All proposals as the table has them."""
    db.session().rollback()
    return list(db.session().execute(sa.select(Proposal.__table__).order_by(Proposal.id)))


def seen(role: Role) -> Rows:
    """Those that the demonstration's person of a role may see, found one by one."""
    held = {grant.office_id for grant in someone(role).grants if grant.office_id}
    if held:
        return [row for row in every() if row.office_id in held]
    return [row for row in every() if role is Role.AUDITOR or row.stage not in OF_THE_OFFICE]


def listed(client: FlaskClient, **words: Any) -> list[str]:
    """The references of a list, as its file has them."""
    answer = client.get(f"{LIST}/list.csv?{urlencode(words, doseq=True)}", buffered=True)
    assert answer.status_code == 200, answer.text
    return [row[0] for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))][1:]
