"""The ranking of a call: what its reviewers gave, combined; filters choose what is shown and never change a rank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import last_page
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import decimal_mark
from fundapp.kernel.text import fold
from fundapp.proposals.queries.choices import World, known
from fundapp.proposals.views.calls.blueprint import fund_here, place, text_for
from fundapp.scoring.forms.ranking import FILTERS, RankingFilterForm
from fundapp.scoring.queries.ranking import Proposed, Ranking
from fundapp.scoring.queries.ranking import Row as Placed
from fundapp.scoring.queries.ranking import ranking as ranking_of
from fundapp.scoring.rules.agreement import Agreement, Meaning, Normalised, agreement, normalised
from fundapp.scoring.rules.combining import Ranked
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.views.blueprint import Answer, blueprint, scored_at
from fundapp.scoring.views.flags import KINDS, Said, said
from fundapp.scoring.views.round_parts import files

PAGE = 60
MEANINGS = {
    Meaning.RELIABLE: _l("The reviewers read the scale alike: conclusions can rest on their scores."),
    Meaning.TENTATIVE: _l("The reviewers agree well enough for tentative conclusions."),
    Meaning.WEAK: _l("The reviewers agree little: look at the disagreements before anything rests on the ranking."),
    Meaning.AGAINST: _l("The reviewers agree less than chance would have it: they read the scale in different ways."),
    Meaning.NO_PAIRS: _l("Nothing was scored by two reviewers yet, so agreement cannot be told."),
    Meaning.NO_VARIATION: _l("Everybody gave the same step everywhere, so agreement cannot be told."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the page; `normalised`: the rank once the leniency of its reviewers is taken off."""

    reference: str
    title: str
    language: str
    country: str
    state: str
    rank: int | None
    normalised: int | None
    total: Decimal | None
    means: Sequence[tuple[Decimal | None, bool]]  # and whether reviewers are two or more apart
    n: int
    sd: Decimal | None
    kinds: frozenset[str]
    flags: Sequence[Said]
    sought: str


@blueprint.get("/<code>/ranking")
@needs(Permission.SCORING_READ)
def ranking(code: str) -> Answer:
    """The ranking of a call, as it is filtered."""
    scored, spoken, at = scored_at(code), language(), now()
    found = ranking_of(db.session(), actor(), scored.call, scored.round, scored.scales, spoken, at)
    offered = known(db.session(), actor(), fund_here(), spoken, at)
    form = RankingFilterForm(request.args).offer(
        offered.world, {str(key): label for key, label in KINDS.items()}, spoken
    )
    wanted, faults = form.wanted(offered.world, offered.statuses_on(scored.call.id), request.args.get("sort", ""))
    rows = _rows(found, scored.scales)
    fitting = [row for row in rows if row.rank is not None and wanted.takes(row.country, row.kinds, row.sought)]
    shown = _ordered(fitting, wanted.sort, offered.world)
    last = last_page(len(shown), PAGE)
    page = min(page_of(request.args), last)
    rest = place(form, faults)
    query = urlencode({name: request.args[name] for name in FILTERS if request.args.get(name)}) if not faults else ""
    drawn = render_template(
        "scoring/ranking.html",
        call=scored.call,
        scales=scored.scales,
        labels=[text_for(one.names) for one in scored.scales],
        form=form,
        faults=rest,
        chips=form.chips(),
        rows=shown[PAGE * (page - 1) : PAGE * page],
        total=len(shown),
        ranked=sum(1 for row in rows if row.rank is not None),
        others=[row for row in rows if row.rank is None],
        page=page,
        last=last,
        agreement=agreed(agreement(found.ranked)) if any(one.sheets for one in found.ranked) else "",
        files=files("ranking_file", code, "", query) + files("sheets_file", code, _("Every score"), query),
    )
    return drawn, 400 if faults else 200


@dataclass(frozen=True, slots=True)
class Unranked:
    """A proposal that is not ranked, and why."""

    reference: str
    title: str
    language: str
    flags: Sequence[Said]


def unranked(rows: Iterable[tuple[Proposed, Ranked]], scales: Sequence[Scale]) -> list[Unranked]:
    """What is not ranked, by name and with the reason."""
    return [Unranked(its.reference, its.title, its.language, said(one.flags, scales)) for its, one in rows]


def agreed(found: Agreement) -> str:
    """How far reviewers agree, in a sentence."""
    meaning = str(MEANINGS[found.meaning])
    if found.alpha is None:
        return meaning
    return str(_("Alpha is %(alpha)s. %(meaning)s", alpha=_thousandths(found.alpha), meaning=meaning))


def _thousandths(alpha: Decimal) -> str:
    """Three decimals with the decimal mark of the page; a minus that stays before the figure in Arabic."""
    shown = f"{abs(alpha):.3f}".replace(".", decimal_mark(language()))
    return f"\N{LEFT-TO-RIGHT MARK}\N{MINUS SIGN}{shown}" if alpha < 0 else shown


def _rows(found: Ranking, scales: Sequence[Scale]) -> list[Row]:
    beside = normalised(found.ranked)
    return [_row(one, beside, scales) for one in found.rows]


def _row(one: Placed, beside: Mapping[int, Normalised], scales: Sequence[Scale]) -> Row:
    its, what = one.proposed, one.ranked
    level = beside.get(its.id)
    return Row(
        its.reference, its.title, its.language, its.country, its.state, what.rank, level.rank if level else None,
        what.total, [(each.mean, each.apart) if each else (None, False) for each in what.spreads], what.n, what.sd,
        frozenset(flag.kind for flag in what.flags), said(what.flags, scales, short=True),
        fold(f"{its.reference} {its.title} {its.state}"),
    )  # fmt: skip


def _ordered(rows: list[Row], sort: str, world: World) -> list[Row]:
    """In another order than that of the ranking; what has nothing to be ordered by comes last."""
    places = {code: place for place, code in enumerate(world.countries)}
    of: dict[str, Callable[[Row], Any]] = {
        "normalised": lambda row: row.normalised,
        "sd": lambda row: row.sd,
        "state": lambda row: places.get(row.country),
    }
    name, down = sort.lstrip("-"), sort.startswith("-")
    if name not in of:
        return rows[::-1] if down else rows
    has = [row for row in rows if of[name](row) is not None]
    return sorted(has, key=of[name], reverse=down) + [row for row in rows if of[name](row) is None]
