"""The matrix of a call: proposals by criteria as a heat table, in the order of the ranking. Five questions in all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file, last_page
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.sheets import Cell
from fundapp.proposals.rules import is_code
from fundapp.proposals.views.calls.blueprint import fund_here, text_for
from fundapp.scoring.queries.matrix import Matrix
from fundapp.scoring.queries.matrix import matrix as matrix_of
from fundapp.scoring.rules.scales import NOT_APPLICABLE, Scale
from fundapp.scoring.rules.shades import SHADES
from fundapp.scoring.rules.totals import Spread
from fundapp.scoring.views.blueprint import blueprint
from fundapp.scoring.views.heat import FIGURES, Heat, Line
from fundapp.scoring.views.ranking import unranked
from fundapp.scoring.views.round_parts import files

PAGE = 60
SHOWN = {"mean": _l("Mean"), "median": _l("Median"), "range": _l("Range"), "sd": _l("Standard deviation")}


@blueprint.get("/<code>/matrix")
@needs(Permission.SCORING_READ)
def matrix(code: str) -> str:
    """The means of the reviewers on each criterion, in five shades."""
    found, show = _matrix_at(code), request.args.get("show", "mean")
    if show not in FIGURES:
        raise refuse("address.no-choice", name="show", text=show[:20], known=list(FIGURES))
    shades, legend = _legend(found)
    apart_at = url_for("scoring.disagreement", code=code, reference="0-0-0", name="criterion")
    heat = Heat(found.scales, found.round.sheets, apart_at, show, any(its.cents % 100 for its, _one in found.rows))
    lines = list(_lines(found))
    last = last_page(len(lines), PAGE)
    page = min(page_of(request.args), last)
    return render_template(
        "scoring/matrix.html",
        call=found.call,
        scales=found.scales,
        body=heat.body(lines[PAGE * (page - 1) : PAGE * page]),
        rows=any(one.sheets for _its, one in found.rows),
        others=unranked(((its, one) for its, one in found.rows if its.left_out), found.scales),
        show=show,
        shown=SHOWN,
        page=page,
        last=last,
        shades=shades,
        legend=legend,
        files=files("matrix_file", code),
    )


@blueprint.get("/<code>/matrix.<any(csv, xlsx):kind>")
@needs(Permission.SCORING_READ)
@exports
def matrix_file(code: str, kind: str) -> Response:
    """The matrix as a file; amounts are dollars."""
    found = _matrix_at(code)
    headings = [_("Rank"), _("Reference"), _("Title"), _("Country"), _("Requested")]
    headings += [text_for(one.names) for one in found.scales]
    headings += [more for one in found.scales for more in _more(one)]
    headings += [_("Total"), _("Sheets"), _("Sheets asked for"), _("Running total"), _("Reviewers apart")]
    rows = list(_cells(found))
    return file(kind, f"{fund_here().code}-{found.call.code}-matrix", headings, rows, len(rows))


def _matrix_at(code: str) -> Matrix:
    known = matrix_of(db.session(), actor(), fund_here(), code, language(), now()) if is_code(code) else None
    return known or abort(404)


def _lines(found: Matrix) -> Iterator[Line]:
    """The proposals that are in the round, each with what it and all above it ask for."""
    running = 0
    for its, one in found.rows:
        if not its.left_out:
            running += its.cents
            yield Line(its.reference, its.title, its.language, its.cents, running, its.state or its.country, one)


def _legend(found: Matrix) -> tuple[list[Decimal], str]:
    """What each shade stands for, and of what: steps where all criteria have one scale, shares of it where not."""
    scales = {(one.lowest, one.highest) for one in found.scales}
    if len(scales) == 1:
        [(low, high)] = scales
        steps = [low + Decimal(high - low) * place / (SHADES - 1) for place in range(SHADES)]
        return steps, str(_("Mean of the reviewers, %(lowest)s to %(highest)s:", lowest=low, highest=high))
    shares = [Decimal(100) * place / (SHADES - 1) for place in range(SHADES)]
    return shares, str(_("Mean of the reviewers, in per cent of the scale:"))


def _cells(found: Matrix) -> Iterator[tuple[Cell, ...]]:
    for line in _lines(found):
        one = line.ranked
        apart = [text_for(scale.names) for scale, each in zip(found.scales, one.spreads, strict=True) if _apart(each)]
        means = [each.mean if each else NOT_APPLICABLE if one.sheets else "" for each in one.spreads]
        around = [figure for each in one.spreads for figure in _around(each)]
        yield (
            _known(one.rank), line.reference, line.title, line.country, _dollars(line.cents), *means, *around,
            _known(one.total), one.n, found.round.sheets, _dollars(line.running), "; ".join(apart),
        )  # fmt: skip


def _known(figure: Cell) -> Cell:
    return "" if figure is None else figure


def _more(one: Scale) -> tuple[str, ...]:
    name = text_for(one.names)
    return (
        _("Median: %(name)s", name=name), _("Lowest: %(name)s", name=name), _("Highest: %(name)s", name=name),
        _("Standard deviation: %(name)s", name=name),
    )  # fmt: skip


def _around(each: Spread | None) -> tuple[Cell, ...]:
    """Median, lowest, highest and deviation of a criterion, as a file has them."""
    return ("",) * 4 if each is None else (each.median, each.lowest, each.highest, _known(each.sd))


def _apart(each: Spread | None) -> bool:
    return each is not None and each.apart


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
