"""A section as it is drawn: its controls in order, each with its words, its value and what can be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from fundapp.access.views.address import language
from fundapp.funds.models import Fund
from fundapp.funds.queries import focus_areas
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.proposals.asked import INTRODUCTIONS, OPTIONS, QUARTERS, Said, said
from fundapp.proposals.forms.sections import OFF, ROOT, Apart
from fundapp.proposals.queries.asking import (
    areas_offered,
    questions_of,
    state_name,
    states_offered,
    targets_by_goal,
)
from fundapp.proposals.rules.budget import quarter_of
from fundapp.proposals.rules.calls import best
from fundapp.proposals.rules.content import NAMES, day, period
from fundapp.proposals.rules.fields import COURTESY, QUESTIONS, Content, Field, Kind, Whole, following_id, rows_of
from fundapp.proposals.views.proposal.blueprint import Here
from fundapp.reference.queries import goals

YEARS_AHEAD = 6
SHORT = 70  # letters of another row's text in a list to choose from
ANY_ID = "__id__"  # stands for the id in the row that a script copies


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen."""

    value: str
    label: str


Options = Sequence[Option]


@dataclass(frozen=True, slots=True)
class Control:
    """A field as it is drawn. groups: of many choices, those that belong together under a heading. source: the rows
    that it names. spoken: the language of its label where that is not the page's."""

    name: str
    field: Field
    said: Said
    value: Any
    options: Options = ()
    groups: Sequence[tuple[str, Options]] = ()
    courtesy: str = ""
    source: str = ""
    spoken: str = ""

    @property
    def kind(self) -> str:
        """How it is filled in."""
        return self.field.kind.value

    @property
    def key(self) -> str:
        """Its name among the faults of the page."""
        return self.name.removeprefix(ROOT)

    @property
    def is_day(self) -> bool:
        """Whether it holds a day that a calendar can show; what is none stays as it was typed."""
        return day(str(self.value)) is not None


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is drawn."""

    id: str
    name: str
    controls: Sequence[Control]
    off: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as they are drawn. blank: the one that a script copies; added: the id of the one that was asked for."""

    name: str
    field: Field
    said: Said
    rows: Sequence[Row]
    blank: Row
    added: str = ""
    kind: str = "rows"

    @property
    def key(self) -> str:
        """Its name among the faults of the page."""
        return self.field.name


@dataclass(frozen=True, slots=True)
class Sources:
    """What can be chosen on a page, by the name of the source; targets by goal."""

    section: str
    options: Mapping[str, Options] = field(default_factory=dict)
    goals: Sequence[tuple[str, Options]] = ()
    questions: Mapping[str, Any] = field(default_factory=dict)


def drawn(found: Here, section: str, fields: Iterable[Field], content: Content, more: str = "") -> list[Control | Rows]:
    """The controls of a section with what was typed in them. more: the rows of which one more was asked for."""
    listed = list(fields)
    sources = sources_of(found, section, content)
    return [
        _rows(sources, one, content, more) if one.kind is Kind.ROWS else _control(sources, one, content, ROOT)
        for one in listed
    ]


def introduction(section: str) -> str:
    """What a page is for, in a sentence."""
    return str(INTRODUCTIONS.get(section, ""))


def named(blocks: Iterable[Control | Rows]) -> dict[str, str]:
    """What each control is called, with its row where it is of one; the letter of consent is on another page."""
    found = {"document": str(_("The letter"))}
    for one in blocks:
        found[one.key] = str(one.said.label)
        for row in one.rows if isinstance(one, Rows) else ():
            found |= {part.key: f"{row.name} {row.id}, {part.said.label}" for part in row.controls}
    return found


def _control(sources: Sources, one: Field, content: Content, prefix: str, *within: str) -> Control:
    value = content.get(one.name, [] if one.kind is Kind.SEVERAL else "")
    made = Control(prefix + one.name, one, said(sources.section, *within, one.name), value)
    made = replace(made, courtesy=str(content.get(one.name + COURTESY, "")))
    if one.name in sources.questions:
        spoken = best(sources.questions[one.name], language())
        made = replace(made, said=Said(spoken.text), spoken="" if spoken.own else spoken.language)
    if one.source == "targets":
        return replace(made, groups=sources.goals)
    chosen = value if isinstance(value, list) else [value]
    options = sources.options.get(one.source or one.kind.value, ())
    if one.options:
        options = [Option(code, str(OPTIONS.get(code, code))) for code in one.options]
    source = " ".join(rows for _section, rows in NAMES.get((within[-1], one.name), ())) if within else ""
    return replace(made, options=_with(options, chosen), source=source)


def _with(options: Options, chosen: Iterable[Any]) -> Options:
    """What can be chosen, and what was chosen although it can not be any more: it is not lost by saving the page."""
    known = {one.value for one in options}
    gone = [
        Option(str(one), _("%(code)s (not offered any more)", code=one)) for one in chosen if one and one not in known
    ]
    return [*options, *gone]


def _rows(sources: Sources, one: Field, content: Content, more: str) -> Rows:
    rows = rows_of(content, one.name)
    following = following_id(one, [row for row in rows if row["id"]])
    drawn_rows = []
    for row in rows:
        key = row["id"] or f"{one.prefix}{following}"
        following += not row["id"]
        drawn_rows.append(_row(sources, one, {**row, "id": key}))
    added = ""
    if not rows or more == one.name:
        added = f"{one.prefix}{following}"
        drawn_rows.append(_row(sources, one, {"id": added}))
    blank = _row(sources, one, {"id": ANY_ID})
    name = said(sources.section, one.name)
    return Rows(ROOT + one.name, one, name, drawn_rows, blank, added if more == one.name else "")


def _row(sources: Sources, one: Field, row: Mapping[str, Any]) -> Row:
    prefix = f"{ROOT}{one.name}.{row['id']}."
    controls = [_control(sources, column, row, prefix, one.name) for column in one.columns]
    return Row(row["id"], str(said(sources.section, one.name).one), controls, OFF in row)


# ------------------------------------------------------------------------------------------------------------- sources


def sources_of(found: Here, section: str, content: Content) -> Sources:
    """What can be chosen on a page of a proposal: nothing is asked of the tables that the page does not show."""
    whole: Whole = {**found.whole, section: content}
    session, code = db.session(), language()
    match section:
        case "country":
            offered = states_offered(session, found.call.id, code)
            chosen = str(content.get("country", ""))
            if chosen and chosen not in dict(offered):
                offered = [(chosen, state_name(session, chosen, code)), *offered]
            return Sources(section, {"states": [Option(*pair) for pair in offered]})
        case "focus-areas":
            return Sources(section, {"areas": [Option(*pair) for pair in _areas(found, code)]})
        case "goals":
            names = {goal.number: goal.name(code) for goal in goals(session)}
            groups = [
                (f"{number}. {names.get(number, '')}", [Option(target, target) for target in codes])
                for number, codes in targets_by_goal(session).items()
            ]
            return Sources(section, goals=groups)
        case "results" | "activities":
            return Sources(section, _of_rows(whole) | _of_quarters(found, whole))
        case _ if section == QUESTIONS:
            return Sources(section, questions=dict(questions_of(session, found.call)))
    return Sources(section)


def _areas(found: Here, code: str) -> list[tuple[str, str]]:
    """The focus areas of the call, or of the fund where it names none."""
    session = db.session()
    offered = areas_offered(session, found.call, code)
    if offered:
        return offered
    fund = session.get_one(Fund, found.call.fund_id)
    return [(str(area.id), area.name(code)) for area in focus_areas(session, fund)]


def _of_rows(whole: Whole) -> dict[str, Options]:
    outcomes, outputs = (
        [
            Option(row["id"], f"{row['id']} · {_short(row.get('text', ''))}")
            for row in rows_of(whole.get("results"), name)
        ]
        for name in ("outcomes", "outputs")
    )
    return {"outcomes": outcomes, "outputs": outputs, "results": [*outcomes, *outputs]}


def _short(text: object) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= SHORT else line[: SHORT - 1].rstrip() + "…"


def quarter_name(text: str) -> str:
    """A quarter in words; what is none, as it was typed."""
    found = quarter_of(text)
    return str(QUARTERS[found.number]) % {"year": found.year} if found else text


def _of_quarters(found: Here, whole: Whole) -> dict[str, Options]:
    first = min(today().year, (found.call.opens_at or found.proposal.begun_at).year)
    every = [f"{year}-Q{n}" for year in range(first, today().year + YEARS_AHEAD) for n in (1, 2, 3, 4)]
    over = [str(one) for one in period(whole.get("activities"))]
    return {
        Kind.QUARTER.value: [Option(one, quarter_name(one)) for one in every],
        "quarters": [Option(one, one) for one in over],
    }


# --------------------------------------------------------------------------------------------------- two texts of one


@dataclass(frozen=True, slots=True)
class Pair:
    """Where two people wrote different things: what it is called, and both texts; rows as labels and texts."""

    apart: Apart
    label: str
    theirs: Sequence[tuple[str, str]]
    mine: Sequence[tuple[str, str]]


def pairs(found: Here, section: str, differing: Iterable[Apart]) -> list[Pair]:
    """What differs, in words."""
    listed = list(differing)
    if not listed:
        return []
    sources = sources_of(found, section, found.whole.get(section, {}))
    return [_pair(sources, one) for one in listed]


def _pair(sources: Sources, one: Apart) -> Pair:
    if one.row:
        name = f"{said(sources.section, one.field.name).one} {one.row}"
        sides = [_cells(sources, one.field, row or {}) for row in (one.theirs, one.mine)]
        return Pair(one, name, *sides)
    control = _control(sources, one.field, {}, ROOT)
    name = str(control.said.label)
    if one.courtesy:
        name = _("Translation: %(name)s", name=name)
    return Pair(one, name, *([("", _shown(control, value))] for value in (one.theirs, one.mine)))


def _cells(sources: Sources, one: Field, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    controls = [_control(sources, column, row, ROOT, one.name) for column in one.columns]
    found = [(str(made.said.label), _shown(made, made.value)) for made in controls if made.value]
    return [*found, *((_("Translation: %(name)s", name=c.said.label), c.courtesy) for c in controls if c.courtesy)]


def _shown(control: Control, value: Any) -> str:
    labels = {one.value: one.label for one in control.options}
    if isinstance(value, list):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    return labels.get(str(value), str(value)) if value else ""
