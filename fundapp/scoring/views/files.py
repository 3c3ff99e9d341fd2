"""A call's ranking as a file, and every score that it rests on: from the second the first can be worked out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.sheets import Cell
from fundapp.kernel.text import fold
from fundapp.proposals.queries.choices import known
from fundapp.proposals.queries.proposals import scope
from fundapp.proposals.views.calls.blueprint import fund_here, text_for
from fundapp.scoring.forms.ranking import RankingFilterForm, Wanted
from fundapp.scoring.queries.ranking import Ranking, Row, ranking, scores
from fundapp.scoring.rules.agreement import Normalised, normalised
from fundapp.scoring.rules.scales import NOT_APPLICABLE, Scale
from fundapp.scoring.views.blueprint import Scored, blueprint, scored_at
from fundapp.scoring.views.flags import KINDS, said

SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Chosen:
    """The ranking that an address names, and which of its rows it asks for."""

    scored: Scored
    whole: Ranking
    rows: tuple[Row, ...]


@blueprint.get("/<code>/ranking.<any(csv, xlsx):kind>")
@needs(Permission.SCORING_READ)
@exports
def ranking_file(code: str, kind: str) -> Response:
    """The ranking as it is filtered; what has no rank comes last."""
    chosen = _chosen(code)
    scales, beside = chosen.scored.scales, normalised(chosen.whole.ranked)
    headings = [_("Rank"), _("Reference"), _("Title"), _("Country (code)"), _("Country"), _("Total")]
    headings += [_("Mean: %(name)s", name=text_for(one.names)) for one in scales]
    headings += [_("Reviewers"), _("Standard deviation"), _("Normalised total"), _("Normalised rank")]
    headings += [_("Asked for"), _("Flags")]
    rows = [_cells(row, beside, chosen.whole.terms.scales) for row in chosen.rows]
    return file(kind, f"{fund_here().code}-{code}-ranking", headings, rows, len(rows))


def _cells(row: Row, beside: Mapping[int, Normalised], scales: Any) -> tuple[Cell, ...]:
    what, figures = row.proposed, row.ranked
    level = beside.get(what.id)
    return (
        figures.rank, what.reference, what.title, what.country, what.state, figures.total,
        *(one.mean if one else None for one in figures.spreads), figures.n, figures.sd,
        level.total if level else None, level.rank if level else None, Decimal(what.cents).scaleb(-2),
        SEPARATOR.join(one.words for one in said(figures.flags, scales)),
    )  # fmt: skip


@blueprint.get("/<code>/sheets.<any(csv, xlsx):kind>")
@needs(Permission.SCORING_READ)
@exports
def sheets_file(code: str, kind: str) -> Response:
    """Every score that counts, of the proposals that the ranking shows with the same filters."""
    chosen = _chosen(code)
    headings = [_("Call"), _("Proposal"), _("Reviewer"), _("Criterion (code)"), _("Weight"), _("Lowest step")]
    headings += [_("Highest step"), _("Step, or na for not applicable"), _("Reason"), _("Given at (UTC)")]
    total = sum(row.ranked.n for row in chosen.rows) * len(chosen.scored.scales)
    return file(kind, f"{fund_here().code}-{code}-sheets", headings, _every(chosen, code), total)


def _every(chosen: Chosen, code: str) -> Iterator[tuple[Cell, ...]]:
    """The rows of the file; what they need of this request is worked out now, for they are read when it is over."""
    asked = scores(scope(actor(), fund_here().id))
    wanted = frozenset(row.proposed.reference for row in chosen.rows)
    names = {key: one.name for key, one in chosen.whole.reviewers.items()}
    return _read(asked, chosen.scored.round.id, code, wanted, names, {one.id: one for one in chosen.scored.scales})


def _read(
    asked: Any, of: int, code: str, wanted: frozenset[str], names: Mapping[int, str], scales: Mapping[int, Scale]
) -> Iterator[tuple[Cell, ...]]:
    with db.session().execute(asked.execution_options(yield_per=500), {"round": of}) as rows:
        for reference, person, criterion, step, reason, at in rows:
            # a sheet that was given since the ranking was read is in neither of the two
            if reference in wanted and person in names and (one := scales.get(criterion)):
                yield (
                    code, reference, names[person], one.code, one.weight, one.lowest, one.highest,
                    NOT_APPLICABLE if step is None else step, reason, at.isoformat(" ", "seconds"),
                )  # fmt: skip


def _chosen(code: str) -> Chosen:
    """What the address asks for; refused where its filters are wrong, for a file has no field to say it beside."""
    scored, at, tongue, session = scored_at(code), now(), language(), db.session()
    offered = known(session, actor(), fund_here(), tongue, at)
    form = RankingFilterForm(request.args).offer(
        offered.world, {kind.value: label for kind, label in KINDS.items()}, tongue
    )
    wanted, faults = form.wanted(offered.world, offered.statuses_on(scored.call.id), request.args.get("sort", ""))
    if faults:
        raise Refusal(*(Fault(one.code, one.values) for one in faults))
    whole = ranking(session, actor(), scored.call, scored.round, scored.scales, tongue, at)
    return Chosen(scored, whole, tuple(row for row in whole.rows if _takes(wanted, row)))


def _takes(wanted: Wanted, row: Row) -> bool:
    what, kinds = row.proposed, {flag.kind for flag in row.ranked.flags}
    return wanted.takes(what.country, kinds, fold(f"{what.reference} {what.title} {what.state}"))
