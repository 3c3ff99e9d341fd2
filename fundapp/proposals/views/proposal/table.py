"""The table of proposals: what each column says on the page and in a file. Drawn in Python and not by the template,
for a page has hundreds of cells; what comes from outside is escaped where it enters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from fundapp.access.views.address import language
from fundapp.kernel.languages import OWN_NAMES, direction, figure
from fundapp.kernel.sheets import Cell
from fundapp.proposals.queries.choices import Known
from fundapp.proposals.words import PROPOSAL_MARKS, ListWords, list_words

SORTED = {"state": "state", "amount": "amount", "since": "since", "submitted": "submitted"}
LESS = frozenset({"since"})  # left out where there is little room
SEPARATOR = "; "
_NO = '<span class="app-none" aria-hidden="true">-</span>'


@dataclass(frozen=True, slots=True)
class Table:
    """What cells need to know: what can be chosen, in the reader's language, and words that every row has."""

    known: Known
    columns: Sequence[str]
    tongue: str = field(default_factory=language)
    words: ListWords = field(default_factory=lambda: list_words(language()))
    stages: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    purposes: dict[str, list[str]] = field(default_factory=dict)

    def heads(self) -> list[dict[str, Any]]:
        """The heads of the page's table."""
        first = {"label": _("Proposal"), "sort": "reference"}
        return [first, *(self._head(name) for name in self.columns)]

    def _head(self, name: str) -> dict[str, Any]:
        return {
            "label": self.words.columns[name],
            "sort": SORTED.get(name),
            "num": name == "amount",
            "less": name in LESS,
        }

    def headings(self) -> tuple[str, ...]:
        """The heads of a file's table."""
        return (_("Reference"), _("Title"), *(self.words.columns[name] for name in self.columns))

    def cells(self, rows: Iterable[Any]) -> Iterable[tuple[Cell, ...]]:
        """The rows of a file."""
        for row in rows:
            yield (row.reference, row.title, *(PLAIN[name](self, row) for name in self.columns))

    def body(self, rows: Iterable[Any], *, chosen: bool) -> Markup:
        """The rows of the page; chosen: with a box to choose each by."""
        at = url_for("proposal.one", reference="0-0-0").removesuffix("0-0-0")
        untitled, choose = escape(_("without a title yet")), escape(_("Choose"))
        self.labels.update({name: f' data-l="{escape(self.words.columns[name])}"' for name in self.columns})
        lines = []
        for row in rows:
            reference = row.reference
            name = f'name="chosen" value="{reference}" aria-label="{choose} {reference}"'
            box = f'<input class="app-pick" type="checkbox" {name}>' if chosen else ""
            lines.append(
                f'<tr role="row"><th scope="row" role="rowheader">{box}'
                f'<a href="{at}{reference}">{said(row, self.tongue) or untitled}</a> '
                f'<span class="app-small app-under"><bdi dir="ltr">{reference}</bdi></span></th>'
            )
            lines += [DRAWN[name](self, row) for name in self.columns]
            lines.append("</tr>\n")
        return Markup("".join(lines))  # noqa: S704 - escaped cell by cell

    def stage(self, name: str) -> str:
        """A stage as its mark and word."""
        if name not in self.stages:
            self.stages[name] = self._stage(name)
        return self.stages[name]

    def _stage(self, name: str) -> str:
        mark, word = PROPOSAL_MARKS.get(name, "4"), self.words.stages.get(name, name)
        return f'<span class="app-stage app-stage--{mark}">{escape(word)}</span>'

    def tag(self, call: int, country: str) -> str:
        """Which of the special situations a State was in on the day that counts for its call."""
        has = self.known.statuses_on(call).get(country, ())
        return _tag(", ".join(self.words.tags[one] for one in has)) if has else ""

    def areas(self, row: Any) -> list[str]:
        """The focus areas of a proposal by name, in the order of the fund."""
        said = row.areas or ""
        if said not in self.purposes:
            keys = said.split(",")
            self.purposes[said] = [name for key, name in self.known.areas.items() if str(key) in keys]
        return self.purposes[said]


@lru_cache(maxsize=8_192)  # names come on every row, and titles on every visit
def safe(text: str) -> str:
    """Text as a page may print it."""
    return f"{escape(text)}"


@lru_cache(maxsize=8_192)
def _figure(cents: int, tongue: str) -> str:
    """An amount without cents where it has none; nil is said otherwise."""
    shown = figure(cents, tongue, 2) if cents % 100 else figure(cents // 100, tongue, 0)
    return f'<bdi dir="ltr">{shown}</bdi>'


def said(row: Any, tongue: str) -> str:
    """The title of a proposal, marked where it is in another language than the page."""
    title = safe(row.title)
    if row.language == tongue or not title:
        return title
    return f'<span lang="{row.language}" dir="{direction(row.language)}">{title}</span>'


def _day_mark(day: date | None) -> str:
    return _NO if day is None else f'<time datetime="{day}"><bdi dir="ltr">{day}</bdi></time>'


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


def _dated(name: str, of: Callable[[Any], datetime | None]) -> Callable[[Table, Any], str]:
    less = " app-col-less" if name in LESS else ""

    def cell(table: Table, row: Any) -> str:
        moment = of(row)
        return _day_cell(table.labels[name], None if moment is None else moment.date(), less)

    return cell


@lru_cache(maxsize=8_192)  # a page says few days, and the next the same
def _day_cell(label: str, day: date | None, more: str) -> str:
    return f'<td role="cell" class="app-quiet app-cards__full{more}"{label}>{_day_mark(day)}</td>'


def _amount(table: Table, row: Any) -> str:
    shown = _figure(row.total_cents, table.tongue) if row.total_cents else _NO
    return f'<td role="cell" class="app-num"{table.labels["amount"]}>{shown}</td>'


def _quiet(name: str, of: Callable[[Table, Any], str], more: str = "") -> Callable[[Table, Any], str]:
    def cell(table: Table, row: Any) -> str:
        return _words_cell(table.labels[name], of(table, row), more)

    return cell


@lru_cache(maxsize=8_192)  # as are the names of calls, offices and officers
def _words_cell(label: str, text: str, more: str) -> str:
    return f'<td role="cell" class="app-cards__full app-quiet{more}"{label}>{safe(text) or _NO}</td>'


def _state(table: Table, row: Any) -> str:
    code = row.country or ""
    return _state_cell(table.known.world.countries.get(code, ""), table.tag(row.call_id, code) if code else "")


@lru_cache(maxsize=2_048)
def _state_cell(name: str, tags: str) -> str:
    return f'<td role="cell" class="app-cards__full">{safe(name) or _NO}{tags}</td>'


@lru_cache(maxsize=256)
def _tag(said: str) -> str:
    return f' <span class="app-tag app-tag--long">{escape(said)}</span>'


def _plain_amount(_table: Table, row: Any) -> Cell:
    return Decimal(row.total_cents).scaleb(-2)


PLAIN: Mapping[str, Callable[[Table, Any], Cell]] = {
    "call": lambda table, row: table.known.calls[row.call_id].code if row.call_id in table.known.calls else "",
    "state": lambda table, row: table.known.world.countries.get(row.country, ""),
    "office": lambda table, row: row.office,
    "area": lambda table, row: SEPARATOR.join(table.areas(row)),
    "language": lambda table, row: OWN_NAMES.get(row.language, row.language),
    "marker": lambda table, row: row.marker,
    "amount": _plain_amount,
    "stage": lambda table, row: table.words.stages.get(row.stage, row.stage),
    "officer": lambda table, row: row.officer or "",
    "submitted": lambda table, row: _day(row.submitted_at),
    "due": lambda table, row: _day(row.due_at),
    "since": lambda table, row: _day(row.stage_since),
}
DRAWN: Mapping[str, Callable[[Table, Any], str]] = {
    **{
        name: _quiet(name, lambda table, row, name=name: str(PLAIN[name](table, row) or ""))  # type: ignore[misc]
        for name in ("call", "office", "language", "officer")
    },
    "area": _quiet("area", lambda table, row: ", ".join(table.areas(row)), " app-col-words"),
    "marker": _quiet("marker", lambda table, row: "" if row.marker is None else str(row.marker)),
    "state": _state,
    "amount": _amount,
    "stage": lambda table, row: f'<td role="cell">{table.stage(row.stage)}</td>',
    "submitted": _dated("submitted", lambda row: row.submitted_at),
    "due": _dated("due", lambda row: row.due_at),
    "since": _dated("since", lambda row: row.stage_since),
}
