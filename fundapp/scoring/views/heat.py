"""The cells of the matrix: a mean painted in one of five shades, with its figure. Drawn in Python and not by the
template, for a page has thousands; what comes from outside is escaped where it enters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from fundapp.access.views.address import language
from fundapp.kernel.languages import direction, figure
from fundapp.scoring.rules.combining import Ranked
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.shades import shade
from fundapp.scoring.rules.totals import HUNDRED, Spread

FIGURES = ("mean", "median", "range", "sd")  # what a cell may show; its shade is always that of the mean


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal of the matrix: amounts in cents, `running` with those of all that stand above it."""

    reference: str
    title: str
    language: str
    cents: int
    running: int
    country: str
    ranked: Ranked


@dataclass(frozen=True, slots=True)
class Heat:
    """What the cells need to know: the scales, how many sheets each proposal needs, words that every row has."""

    scales: Sequence[Scale]
    wanted: int
    apart_at: str  # the address of the page on a disagreement, with "0-0-0" and "criterion" where it names them
    show: str  # one of FIGURES
    cents: bool  # whether any amount has cents: a column of figures has one precision
    tongue: str = field(default_factory=language)
    untitled: str = field(default_factory=lambda: str(escape(_("without a title yet"))))
    apart: str = field(default_factory=lambda: str(escape(_("reviewers two or more apart"))))
    skipped: str = field(default_factory=lambda: str(escape(_("not applicable"))))
    unscored: str = field(default_factory=lambda: str(escape(_("not scored yet"))))
    unranked: str = field(default_factory=lambda: str(escape(_("none"))))

    def body(self, lines: Iterable[Line]) -> Markup:
        """The rows of the matrix."""
        at = str(url_for("proposal.one", reference="0-0-0")).removesuffix("0-0-0")
        rows = "".join(self._row(line, at) for line in lines)
        return Markup(rows)  # noqa: S704 - escaped cell by cell

    def _row(self, line: Line, at: str) -> str:
        found = line.ranked
        pairs = zip(found.spreads, self.scales, strict=True)
        cells = "".join(self._cell(each, one, line) if found.sheets else self._blank() for each, one in pairs)
        rank = self._bdi(str(found.rank)) if found.rank is not None else self._none()
        sheets = self._bdi(f"{found.n}/{self.wanted}")
        if found.n < self.wanted:
            sheets = f'<span class="app-tag app-tag--warn">{sheets}</span>'
        return (
            f'<tr><th scope="row"><a href="{at}{line.reference}">{self._title(line)}</a>'
            f' <span class="app-small app-under">{self._bdi(line.reference)}{self._of(line.country)}</span></th>'
            f'{cells}{self._total(found.total)}<td class="app-num">{rank}</td><td class="app-num">{sheets}</td>'
            f'<td class="app-num">{self._amount(line.cents)}</td>'
            f'<td class="app-num">{self._amount(line.running)}</td></tr>\n'
        )

    def _title(self, line: Line) -> str:
        title = str(escape(line.title)) or self.untitled
        if line.language == self.tongue or not line.title:
            return title
        return f'<span lang="{line.language}" dir="{direction(line.language)}">{title}</span>'

    def _of(self, country: str) -> str:
        return f" · {escape(country)}" if country else ""

    def _cell(self, each: Spread | None, scale: Scale, line: Line) -> str:
        if each is None:
            hidden = f'<span class="govuk-visually-hidden">{self.skipped}</span>'
            return f'<td class="app-h app-h-na"><span aria-hidden="true">-</span>{hidden}</td>'
        shown, kind = self._shown(each), shade(each.mean, scale.lowest, scale.highest)
        if each.apart:
            to = self.apart_at.replace("0-0-0", line.reference).replace("criterion", scale.code)
            said = f'<span class="govuk-visually-hidden"> {self.apart}</span>'
            shown = f'<a class="app-fig" href="{to}"><span class="app-split">{shown}</span>{said}</a>'
        return f'<td class="app-h app-h{kind}">{shown}</td>'

    def _shown(self, each: Spread) -> str:
        if self.show == "range":
            return self._bdi(f"{each.lowest}\N{EN DASH}{each.highest}")
        number = {"median": each.median, "sd": each.sd}.get(self.show, each.mean)
        return self._none() if number is None else self._bdi(self.figure(number))

    def _blank(self) -> str:
        hidden = f'<span class="govuk-visually-hidden">{self.unscored}</span>'
        return f'<td class="app-h app-none"><span aria-hidden="true">\N{HORIZONTAL ELLIPSIS}</span>{hidden}</td>'

    def _total(self, total: Decimal | None) -> str:
        if total is None:
            return f'<td class="app-h">{self._none()}</td>'
        return f'<td class="app-h app-h{shade(total, 0, HUNDRED)}"><b>{self._bdi(self.figure(total))}</b></td>'

    def figure(self, number: Decimal) -> str:
        """A mean or a total with its two decimals."""
        return figure(int(number.scaleb(2)), self.tongue, 2, nil=figure(1, self.tongue, 2).replace("1", "0"))

    def _amount(self, cents: int) -> str:
        if not cents:
            return self._none()
        return self._bdi(figure(cents, self.tongue, 2) if self.cents else figure(cents // 100, self.tongue, 0))

    def _none(self) -> str:
        said = f'<span class="govuk-visually-hidden">{self.unranked}</span>'
        return f'<span class="app-none" aria-hidden="true">-</span>{said}'

    @staticmethod
    def _bdi(text: str) -> str:
        return f'<bdi dir="ltr">{text}</bdi>'
