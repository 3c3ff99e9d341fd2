"""The home page: what waits for whoever is signed in, the newest year of the books, what was last written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from werkzeug.routing import BuildError

from fundapp.access.gate import signed_in
from fundapp.access.models import Person
from fundapp.access.policy import Permission, may
from fundapp.access.verbs import OPERATIONS
from fundapp.access.words import ROLES
from fundapp.finance.queries import unattributed
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.web.cases import Case, Waiting
from fundapp.web.figures import Happened, Year, latest_entries, latest_traces, newest_year
from fundapp.web.funds import OfFund
from fundapp.web.waiting import waiting


@dataclass(frozen=True, slots=True)
class Home:
    """What the template reads; parts that the person may not see are empty."""

    roles: list[Any]
    todo: list[Waiting]
    year: Year | None
    lacking: int
    booked: list[Happened]
    recorded: list[Happened]
    statement: str
    contributions: str
    tie_out: str


def home(fund: Fund) -> Home:
    """The home page of the person who asks, in a fund."""
    session, person = db.session(), signed_in()
    reads_books = may(person, Permission.BOOKS_READ, OfFund(fund.id))
    year = newest_year(session, fund) if reads_books else None
    lacking = unattributed(session, fund.id, year.number) if year else 0
    return Home(
        roles=[ROLES[role] for role in sorted({grant.role for grant in person.grants if _in(grant, fund)})],
        todo=waiting(Case(session, person, fund, year, lacking), frozenset(current_app.view_functions)),
        year=year,
        lacking=lacking,
        booked=latest_entries(session, fund) if reads_books else [],
        recorded=_recorded(person, fund),
        statement=_page("finance.statement", year),
        contributions=_page("finance.contributions", year),
        tie_out=_page("finance.tie_out", year),
    )


def _in(grant: Any, fund: Fund) -> bool:
    return grant.fund_id in (None, fund.id)


def _recorded(person: Person, fund: Fund) -> list[Happened]:
    if not may(person, Permission.TRAIL_READ):
        return []
    named = latest_traces(db.session())
    return [Happened(one.at, str(OPERATIONS.get(one.text, one.text)), one.actor) for one in named]


def _page(endpoint: str, year: Year | None) -> str:
    """The address of a page about the year; empty where the application has no such page."""
    try:
        return url_for(endpoint, year=year.number) if year else ""
    except BuildError:
        return ""
