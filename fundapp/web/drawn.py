"""What templates draw with: charts of contributions and of scores, and a check's figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup

from fundapp.board.rules.approved import Sum
from fundapp.finance.views.contributions import Giver
from fundapp.kernel.languages import figure
from fundapp.kernel.money import parse_printed
from fundapp.publishing import svg
from fundapp.publishing.documents import infographic
from fundapp.publishing.words import Words
from fundapp.recommendations.matrix import TrendFacts
from fundapp.scoring.rules.bands import WHOLE, Band
from fundapp.web import spreads
from fundapp.web.charts import Series, Told, largest, legend, stacked
from fundapp.web.languages import hundredth, language
from fundapp.web.sentences import listed

AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}")
COUNT = re.compile(r"-?[0-9]+")
MOST = 5  # donors that have a colour of their own


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its legend and what it shows in a sentence."""

    drawing: Markup
    legend: Markup
    finding: str


def stacked_chart(periods: Sequence[str], givers: Sequence[Giver], single: int) -> Drawn:
    """Contributions by period and donor; `single` is where single years follow biennia."""
    series = largest([Series(giver.name, giver.amounts) for giver in givers], _("All others"), MOST)
    total = sum(giver.total for giver in givers)
    top = sorted((giver.total for giver in givers), reverse=True)[:MOST]
    percent = round(100 * sum(top) / total) if total > 0 else 0
    finding = _("The %(number)s largest donors gave %(percent)s per cent", number=len(top), percent=percent)
    names = listed(one.name for one in series)
    told = Told(finding, _("Bars by period, parts by donor: %(names)s.", names=names), _thousands)
    return Drawn(stacked(periods, series, told, years_from=single or None), legend(series), finding)


def trend_chart(facts: TrendFacts) -> Drawn:
    """Recommendations to a State by theme and position, this cycle beside the one before: the chart of the document."""
    shown = infographic.bars(facts, Words(language()))
    return Drawn(
        svg.draw(shown, language(), "trend-chart"), Markup(""), shown.title
    )  # it says itself which part is what


def totals_chart(bands: Sequence[Band], median: Decimal, threshold: Decimal | None) -> Drawn:
    """How many proposals lie in each band of totals; a line at the threshold."""
    finding = _("At least half of the ranked proposals total %(median)s or more", median=hundredth(median))
    said = [_("Columns by band of ten, from 0 to 100.")]
    if threshold is not None:
        said.append(_("A dashed line stands at the threshold of %(threshold)s.", threshold=hundredth(threshold)))
    mark = None if threshold is None else float(threshold) / WHOLE
    labels, counts = [f"{band.low}\N{EN DASH}{band.high}" for band in bands], [band.many for band in bands]
    drawing = spreads.columns(labels, counts, finding, " ".join(said), mark)
    return Drawn(drawing, Markup(""), finding)


def reviewers_chart(rows: Sequence[tuple[str, Decimal, Decimal | None]], middle: Decimal) -> Drawn:
    """The mean of each reviewer's totals with one standard deviation around it, and the mean of all."""
    low, high = min(mean for _name, mean, _sd in rows), max(mean for _name, mean, _sd in rows)
    finding = _(
        "The means of the reviewers lie between %(low)s and %(high)s of 100", low=hundredth(low), high=hundredth(high)
    )
    around = [spreads.Around(name, float(mean), None if sd is None else float(sd)) for name, mean, sd in rows]
    text = _("A row for each reviewer; a dashed line stands at the mean of all, %(mean)s.", mean=hundredth(middle))
    return Drawn(spreads.around(around, finding, text, float(middle)), Markup(""), finding)


def approved_chart(regions: Sequence[Sum]) -> Drawn:
    """What was approved by region, the part for least developed countries and small island developing States first."""
    first, whole = regions[0], sum(one.cents for one in regions)
    finding = _(
        "%(region)s: the largest part, %(percent)s per cent of what was approved",
        region=first.name, percent=round(100 * first.cents / whole) if whole else 0,
    )  # fmt: skip
    series = (
        Series(_("Least developed countries and small island developing States"), tuple(o.priority for o in regions)),
        Series(_("Other States"), tuple(one.cents - one.priority for one in regions)),
    )
    text = _("A column for each region: %(names)s.", names=listed(one.name for one in regions))
    names = [one.name for one in regions]
    return Drawn(stacked(names, series, Told(finding, text, _thousands), id="approved"), legend(series), finding)


def burn_chart(periods: Sequence[str], burnt: Sequence[tuple[int, int]], title: str) -> Drawn:
    """After each quarter, what was spent of an allotment and what was left."""
    series = (
        Series(_("Spent"), tuple(a for a, _b in burnt)),
        Series(_("Left of the allotment"), tuple(b for _a, b in burnt)),
    )
    text = _("A column for each quarter: what was spent to its end, and what was left of the allotment.")
    return Drawn(stacked(periods, series, Told(title, text, _thousands), id="burn"), legend(series), title)


def _thousands(amount: int) -> str:
    return figure(amount, language(), 0, nil="0")


def init(app: Flask) -> None:
    """Give templates the chart, and the reading of plain figures."""
    app.jinja_env.globals["stacked_chart"] = stacked_chart
    app.jinja_env.globals["trend_chart"] = trend_chart
    app.jinja_env.globals["totals_chart"] = totals_chart
    app.jinja_env.globals["reviewers_chart"] = reviewers_chart
    app.jinja_env.globals["approved_chart"] = approved_chart
    app.jinja_env.globals["burn_chart"] = burn_chart
    app.jinja_env.filters["is_amount"] = lambda text: bool(AMOUNT.fullmatch(text))
    app.jinja_env.filters["is_count"] = lambda text: bool(COUNT.fullmatch(text))
    app.jinja_env.filters["in_cents"] = parse_printed
