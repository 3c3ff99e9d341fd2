"""The States of the register, and one State: its reviews, what it was recommended, and what became of that."""

from __future__ import annotations

from flask import render_template, request

from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.text import fold
from fundapp.recommendations.queries import by_body, cycles_of, names, states, trend_of
from fundapp.recommendations.queries.following import progress_in
from fundapp.recommendations.queries.letters import letters_of
from fundapp.recommendations.queries.plans import plans_of
from fundapp.recommendations.queries.reviews import reviews_of
from fundapp.recommendations.rules import placed
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
    country, session, who = state_of(code), db.session(), signed_in()
    cycles = cycles_of(session, who, country.code)
    return render_template(
        "recommendations/state.html",
        country=country,
        name=country.name(language()),
        cycles=cycles,
        trend=trend_of(session, who, country.code, country.names, cycles, at=now()) if cycles else None,
        bodies=by_body(session, who, country.code),
        reviews=[(one, placed(one.points, today())) for one in reversed(reviews_of(session, country.code))],
        letters=letters_of(session, country.code),
        progress=progress_in(session, country.code, cycles[0].cycle) if cycles else None,
        plans=plans_of(session, who, country.code, today()),
        records=may(who, Permission.REVIEW_RECORD),
        plans_for=may(who, Permission.PLAN_RECORD),
    )
