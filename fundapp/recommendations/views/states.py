"""The States of the register, and one State: its reviews, what it was recommended, and what became of that."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.text import fold
from fundapp.recommendations.queries import by_body, cycles_of, names, states, trend_facts
from fundapp.recommendations.views.blueprint import blueprint, state_of
from fundapp.reference.rules import order_key


@blueprint.get("/states", endpoint="states")
@needs(Permission.RECOMMENDATION_READ)
def states_page() -> str:
    """The States with recommendations in the register, by name."""
    session, spoken = db.session(), language()
    known, wanted = names(session, spoken), fold(request.args.get("q", "")[:100])
    rows = [row for row in states(session, actor()) if wanted in fold(known.countries.get(row.code, row.code))]
    rows.sort(key=lambda row: order_key(known.countries.get(row.code, row.code), row.code, spoken))
    return render_template("recommendations/states.html", rows=rows, names=known)


@blueprint.get("/states/<code>")
@needs(Permission.RECOMMENDATION_READ)
def state(code: str) -> str:
    """A State: its reviews and their days, the trend, letters, the matrix, plans, other mechanisms."""
    country, session, who = state_of(code), db.session(), actor()
    cycles = cycles_of(session, who, country.code)
    return render_template(
        "recommendations/state.html",
        country=country,
        name=country.name(language()),
        cycles=cycles,
        bodies=by_body(session, who, country.code),
        trend=trend_facts(session, who, country.code, None, at=now()),
        **_beside(country.code),
    )


def _beside(code: str) -> dict[str, Any]:
    """What else the page of a State shows."""
    return {}
