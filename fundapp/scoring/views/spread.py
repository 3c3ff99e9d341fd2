"""How the totals of a call are spread, and how each reviewer scores beside the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Response, render_template
from flask_babel import gettext as _

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell
from fundapp.proposals.views.calls.blueprint import does, fund_here
from fundapp.scoring.queries.ranking import Ranking, reviewers
from fundapp.scoring.queries.ranking import ranking as ranking_of
from fundapp.scoring.queries.reviewers import loads
from fundapp.scoring.rules.bands import Band, bands
from fundapp.scoring.rules.reviewing import mean_of_all, of_reviewers
from fundapp.scoring.views.blueprint import Scored, blueprint, scored_at
from fundapp.scoring.views.round_parts import files

DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Line:
    """A reviewer: what is assigned and given, the mean and the deviation of their totals, by how many points they give
    more than others to the same; `lost`: whether they are no reviewer any more."""

    name: str
    assigned: int
    given: int
    mean: Decimal | None
    sd: Decimal | None
    above: Decimal | None
    lost: bool


@blueprint.get("/<code>/spread")
@needs(Permission.SCORING_READ)
def spread(code: str) -> str:
    """The distribution of totals and the reviewers, with charts."""
    scored = scored_at(code)
    found = _ranking(scored)
    lines, totals = _lines(scored, found), _totals(found)
    return render_template(
        "scoring/spread.html",
        call=scored.call,
        bands=bands(totals),
        ranked=len(totals),
        median=totals[(len(totals) - 1) // 2] if totals else None,  # from above: at least half lie there or higher
        threshold=scored.round.threshold,
        reviewers=lines,
        charted=[(one.name, one.mean, one.sd) for one in lines if one.mean is not None],
        middle=mean_of_all(found.ranked),
        lenient=does(Permission.SCORING_RUN),
        band_of=band_of,
        files=files("spread_file", code, _("Reviewers")) + files("bands_file", code, _("Distribution")),
    )


@blueprint.get("/<code>/spread.<any(csv, xlsx):kind>")
@needs(Permission.SCORING_READ)
@exports
def spread_file(code: str, kind: str) -> Response:
    """The reviewers as a file."""
    scored, lenient = scored_at(code), does(Permission.SCORING_RUN)
    headings = [_("Reviewer"), _("Sheets given"), _("Assigned"), _("Mean total"), _("Standard deviation")]
    rows = [_cells(one, lenient) for one in _lines(scored, _ranking(scored))]
    more = [_("Against the others")] if lenient else []
    return file(kind, f"{fund_here().code}-{scored.call.code}-reviewers", headings + more, rows, len(rows))


@blueprint.get("/<code>/distribution.<any(csv, xlsx):kind>")
@needs(Permission.SCORING_READ)
@exports
def bands_file(code: str, kind: str) -> Response:
    """How many proposals lie in each band of totals, as a file."""
    scored = scored_at(code)
    rows: list[tuple[Cell, ...]] = [(band_of(one), one.many) for one in bands(_totals(_ranking(scored)))]
    headings = (_("Total of 100"), _("Proposals"))
    return file(kind, f"{fund_here().code}-{scored.call.code}-distribution", headings, rows, len(rows))


def band_of(band: Band) -> str:
    """A band as the table names it."""
    return f"{band.low}{DASH}{band.high}"


def _ranking(scored: Scored) -> Ranking:
    return ranking_of(db.session(), actor(), scored.call, scored.round, scored.scales, language(), now())


def _totals(found: Ranking) -> list[Decimal]:
    """The totals of what is ranked, the highest first."""
    return [one.total for one in found.ranked if one.total is not None]


def _lines(scored: Scored, found: Ranking) -> Sequence[Line]:
    session, fund = db.session(), fund_here()
    known, scoring = loads(session, actor(), fund.id, scored.round), of_reviewers(found.ranked)
    people = reviewers(session, fund.id, {one.person for one in known})
    lines = []
    for one in known:
        its = scoring.get(one.person)
        figures = (its.mean, its.sd, its.above) if its else (None, None, None)
        lines.append(Line(one.name, one.assigned, one.given, *figures, not people[one.person].holds))
    return lines


def _cells(one: Line, lenient: bool) -> tuple[Cell, ...]:
    figures = [one.mean, one.sd, *([one.above] if lenient else [])]
    return (one.name, one.given, one.assigned, *("" if figure is None else figure for figure in figures))
