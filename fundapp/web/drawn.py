"""What templates draw with: the chart of contributions, and a check's figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup

from fundapp.finance.views.contributions import Giver
from fundapp.kernel.languages import figure
from fundapp.kernel.money import parse_printed
from fundapp.publishing import svg
from fundapp.publishing.documents import infographic
from fundapp.publishing.words import Words
from fundapp.recommendations.matrix import TrendFacts
from fundapp.web.charts import Series, Told, largest, legend, stacked
from fundapp.web.languages import language
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


def _thousands(amount: int) -> str:
    return figure(amount, language(), 0, nil="0")


def init(app: Flask) -> None:
    """Give templates the chart, and the reading of plain figures."""
    app.jinja_env.globals["stacked_chart"] = stacked_chart
    app.jinja_env.globals["trend_chart"] = trend_chart
    app.jinja_env.filters["is_amount"] = lambda text: bool(AMOUNT.fullmatch(text))
    app.jinja_env.filters["is_count"] = lambda text: bool(COUNT.fullmatch(text))
    app.jinja_env.filters["in_cents"] = parse_printed
