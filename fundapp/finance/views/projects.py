"""Pages of projects' money: the list, and one project with its classes, quarters, allotments and commitments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.page import file, filters, paged
from fundapp.access.words import actor_name
from fundapp.finance.forms.spending import ProjectFilterForm
from fundapp.finance.models import ProjectAccount
from fundapp.finance.queries.commitments import Wanted, commitments
from fundapp.finance.queries.spending import (
    PAGE,
    SORTS,
    Row,
    account,
    allotments,
    projects,
    quarters,
    uses,
    waiting_decisions,
)
from fundapp.finance.rules.books import EXPENDITURE_TOTAL
from fundapp.finance.rules.reports import BEGINNING
from fundapp.finance.rules.spending import Use, accounts_of, forecast, pace, quarter_days, total
from fundapp.finance.spending_words import (
    ALLOTMENT_STAGES,
    COMMITMENT_STAGES,
    MARKS,
    PACES,
    STEPS,
    classes_said,
)
from fundapp.finance.views.blueprint import blueprint, day, fund_for
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell

EVERY = ""  # group of classes: all of them
MOST_QUARTERS = 8  # of a project that are shown: the table of more would not fit beside the page


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """What the templates of spending ask."""
    return {
        "allotment_stages": ALLOTMENT_STAGES,
        "commitment_stages": COMMITMENT_STAGES,
        "commitment_steps": STEPS,
        "spending_paces": PACES,
        "spending_marks": MARKS,
        "classes_said": classes_said,
        "behind_allotted": behind_allotted,
        "behind_committed": behind_committed,
        "behind_spent": behind_spent,
        "quarter_days": quarter_days,
    }


def behind_allotted(code: str, on: date, group: str = EVERY) -> str:
    """The allotments that what is allotted to a project by a day is made of."""
    return url_for("finance.allotted", code=code, classes=group or None, on=on.isoformat())


def behind_committed(code: str, on: date, group: str = EVERY) -> str:
    """The commitments of a project as they stood on a day."""
    return url_for("finance.commitments", project=code, classes=group or None, on=on.isoformat())


def behind_spent(code: str, on: date, group: str = EVERY, since: date = BEGINNING) -> str:
    """The entries that what a project spent by a day is made of."""
    line = ",".join(accounts_of(group)) if group else EXPENDITURE_TOTAL
    days: dict[str, Any] = {"from": since.isoformat(), "to": on.isoformat()}
    return url_for("finance.entries", project=code, line=line, **days)


def _listed() -> list[Row]:
    sort = request.args.get("sort", "")
    words = ProjectFilterForm(request.args).words
    found = fund_for(Permission.SPENDING_READ)
    known = sort if sort.lstrip("-") in SORTS else "code"
    return projects(db.session(), actor(), found, day("on") or today(), words, known)


@blueprint.get("/projects", endpoint="projects")
@needs(Permission.SPENDING_READ)
def projects_page() -> str:
    """The projects with what they may spend, have committed and spent, and where they will stand at the year's end."""
    fund, rows = fund_for(Permission.SPENDING_READ), _listed()
    prepares = may(actor(), Permission.ALLOTMENT_PREPARE, fund)
    return render_template(
        "finance/projects.html",
        form=ProjectFilterForm(request.args),
        **paged(rows, PAGE),
        whole=total([row.use for row in rows]),
        on=day("on") or today(),
        waiting=waiting_decisions(db.session(), actor(), fund) if prepares else [],
        prepares=prepares,
        filters=filters(("q", "on", "sort")),
    )


@blueprint.get("/projects/list.<any(csv, xlsx):kind>")
@needs(Permission.SPENDING_READ)
@exports
def projects_file(kind: str) -> Response:
    """The projects as they are filtered."""
    rows = _listed()
    headings = (
        _("Project"), _("Title"), _("Country"), _("Allotted"), _("Committed"), _("Spent"), _("Left"),
        _("Forecast to the year's end"), _("Pace"),
    )  # fmt: skip
    return file(kind, f"{fund_for(Permission.SPENDING_READ).code}-projects", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[Row]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        use = row.use
        amounts = (use.allotted, use.committed, use.spent, use.left, row.foreseen)
        yield row.code, row.title, row.country, *(Decimal(one).scaleb(-2) for one in amounts), str(PACES[row.pace])


def project_at(code: str) -> ProjectAccount:
    """The project account of an address; 404 where there is none, or none for whoever asks."""
    return account(db.session(), actor(), fund_for(Permission.SPENDING_READ), code) or abort(404)


@blueprint.get("/projects/<code>")
@needs(Permission.SPENDING_READ)
def project(code: str) -> str:
    """A project's money: by class and quarter, its allotments and commitments."""
    found, on, session = project_at(code), today(), db.session()
    used = uses(session, found.fund_id, on, found.id).get(found.id, {})
    spent = quarters(session, found.fund_id, found.id, on)
    shown = slice(-MOST_QUARTERS, None)
    whole = total(used.values())
    this_year = sum(one.cents for one in spent if one.year == on.year)
    foreseen = forecast(whole.spent - this_year, this_year, whole.committed, on)
    given = allotments(session, found.id)
    names = names_of(session, {one.prepared_by for one in given} | {one.settled_by for one in given if one.settled_by})
    return render_template(
        "finance/project.html",
        project=found,
        on=on,
        used=used,
        whole=whole,
        quarters=spent[shown],
        groups=sorted({group for one in spent for group in one.spent}),
        burnt=_burnt(whole, [one.cents for one in spent])[shown],
        foreseen=foreseen,
        pace=pace(whole.allotted, foreseen),
        allotments=given,
        commitments=commitments(session, actor(), fund_for(Permission.SPENDING_READ), Wanted(project=code)),
        people={one: actor_name(one, names) for one in names},
        prepares=found.closed_on is None and may(actor(), Permission.ALLOTMENT_PREPARE, found),
        raises=found.closed_on is None and may(actor(), Permission.COMMITMENT_RAISE, found),
    )


def _burnt(whole: Use, spent: list[int]) -> list[tuple[int, int]]:
    """After each quarter, what was spent so far and what of the allotment was not."""
    found, so_far = [], 0
    for cents in spent:
        so_far += cents
        found.append((max(so_far, 0), max(whole.allotted - so_far, 0)))
    return found
