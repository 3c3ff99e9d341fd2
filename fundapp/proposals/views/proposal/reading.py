"""All that a proposal says on one page, its translation beside it; and the values of its fields in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.funds.queries import support_cost_rate
from fundapp.kernel.database import db
from fundapp.proposals.asked import OPTIONS, QUARTERS, said
from fundapp.proposals.forms.budget import LABELS, lines_of
from fundapp.proposals.models import ProposalMove
from fundapp.proposals.queries.calls import items_of
from fundapp.proposals.queries.facing import Facing, areas_named, said_in
from fundapp.proposals.queries.picking import linked
from fundapp.proposals.queries.proposals import moves as moves_of
from fundapp.proposals.queries.proposals import writers_of
from fundapp.proposals.rules import Item
from fundapp.proposals.rules.budget import quarter_of
from fundapp.proposals.rules.budget_rows import sums
from fundapp.proposals.rules.content import budget
from fundapp.proposals.rules.fields import COURTESY, DOCUMENTS, QUESTIONS, Field, Kind, Whole, fields_of, rows_of
from fundapp.proposals.rules.stages import OF_THE_OFFICE
from fundapp.proposals.views.calls.blueprint import fund_here, text_for
from fundapp.proposals.views.proposal.blueprint import blueprint
from fundapp.proposals.views.proposal.budget import words_of_lines
from fundapp.proposals.views.proposal.parts import facing_at, people
from fundapp.proposals.words import SECTIONS

# Recommendations are picked on a page of their own, which has its own words.
OF_RECOMMENDATIONS = {"linked": _l("Recommendations"), "number": _l("Recommendation"), "reason": _l("Why this one")}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: its code, and what its columns say under their labels."""

    code: str
    cells: list[tuple[Any, Any, bool]]  # label, value, whether it is the proposal's own words


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as it is read: own says that it is in the proposal's language, a code of a list is in the reader's."""

    label: Any
    value: Any
    own: bool = True
    courtesy: str = ""
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes in a proposal mean."""

    states: Mapping[str, str]
    areas: Mapping[str, str]
    recommendations: Mapping[str, Any]
    questions: Mapping[str, str]


def names_for(found: Facing, *wholes: Whole) -> Names:
    """What the codes in these contents mean; three queries."""
    session = db.session()
    numbers = {str(row.get("number", "")) for one in wholes for row in rows_of(one.get("recommendations"), "linked")}
    states = {found.country.code: found.country.name} if found.country else {}
    return Names(
        states,
        areas_named(session, found.proposal, language()),
        linked(session, actor(), sorted(numbers), language()),
        {one.code: text_for(one.names) for one in items_of(session, found.call)[Item.QUESTION]},
    )


def label_of(section: str, names: Names, *fields: str) -> Any:
    """What a field is called; a question of the call is its own label."""
    if section == QUESTIONS:
        return names.questions.get(fields[0], fields[0])
    known: Mapping[str, Any] = {"recommendations": OF_RECOMMENDATIONS, "budget": LABELS}.get(section, {})
    own = known.get(fields[-1])
    return own or said(section, *fields).label


def value_of(one: Field, value: Any, names: Names) -> tuple[Any, bool]:
    """A value in words, and whether these are the proposal's own."""
    if one.kind is Kind.SEVERAL:
        return ", ".join(str(_coded(one, code, names)) for code in value), False
    if one.kind in (Kind.ONE, Kind.QUARTER):
        return _coded(one, str(value), names), False
    return value, one.kind in (Kind.TEXT, Kind.LINE)


def _coded(one: Field, code: str, names: Names) -> Any:
    if one.source == "recommendations":
        found = names.recommendations.get(code)
        return found.text if found else code
    if one.kind is Kind.QUARTER or one.source == "quarters":
        quarter = quarter_of(code)
        return str(QUARTERS[quarter.number]) % {"year": quarter.year} if quarter else code
    known: Mapping[str, Any] = {"states": names.states, "areas": names.areas}.get(one.source, OPTIONS)
    return known.get(code, code) if one.source in ("states", "areas", "") else code


def sections_of(whole: Whole, names: Names) -> list[tuple[str, Any, list[Shown]]]:
    """Section, its title, and what it says; those that say nothing are left out."""
    found = []
    for section, title in SECTIONS.items():
        content = whole.get(section, {})
        if section not in (DOCUMENTS, "budget") and content:
            fields = fields_of(section, names.questions)
            found.append((section, title, [_shown(section, one, content, names) for one in fields]))
    return found


def _shown(section: str, one: Field, content: Mapping[str, Any], names: Names) -> Shown:
    label = label_of(section, names, one.name)
    if one.kind is Kind.ROWS:
        return Shown(label, "", rows=[_row(section, one, row, names) for row in rows_of(content, one.name)])
    value = content.get(one.name, "")
    text, own = value_of(one, value, names) if value else ("", True)
    return Shown(label, text, own, str(content.get(one.name + COURTESY, "")))


def _row(section: str, one: Field, row: Mapping[str, Any], names: Names) -> Row:
    cells = [
        (label_of(section, names, one.name, column.name), *value_of(column, row[column.name], names))
        for column in one.columns
        if row.get(column.name)
    ]
    return Row(str(row["id"]) if one.prefix else "", cells)


@blueprint.get("/<reference>/text")
@needs(Permission.PROPOSAL_READ)
def text(reference: str) -> str:
    """All that a proposal says."""
    found = facing_at(reference)
    whole = said_in(db.session(), found)
    return render_template(
        "proposals/proposal/text.html",
        facing=found,
        proposal=found.proposal,
        sections=sections_of(whole, names_for(found, whole)),
        **_budget(found, whole),
    )


def _budget(found: Facing, whole: Whole) -> dict[str, Any]:
    """The lines of the budget with what each comes to, and the sums by class: those of a version at the rate of support
    costs of its day."""
    fixed = None if found.at_work else found.version
    rate = support_cost_rate(db.session(), fund_here(), fixed.at.date()) if fixed else found.rate
    understood = budget(whole, rate)
    amounts = sums(understood.totals)
    if fixed:
        amounts["total"] = int(json.loads(fixed.content)["total_cents"])
    known = {key: line.cents for key, line in zip(understood.ids, understood.lines, strict=True)}
    lines = lines_of(rows_of(whole.get("budget"), "lines"), language())
    for line in lines:
        line.cents = known.get(line.id)
    said = words_of_lines()
    classes = [(f"class:{one}", text) for one, text in said["class_words"].items() if amounts.get(f"class:{one}")]
    return {"lines_of": lines, "labels": LABELS, "sums": amounts, "classes": classes, **said}


@blueprint.get("/<reference>/people", endpoint="people")
@needs(Permission.PROPOSAL_READ)
def people_page(reference: str) -> str:
    """Who has to do with a proposal: its office, its desk officer, who wrote, who cleared it, who handed it in."""
    found = facing_at(reference)
    moves = moves_of(db.session(), found.proposal)
    steps = {one.move: one for one in moves if one.move in ("clear", "submit", "submit-again", "start-screening")}
    if not found.own:  # a clearance counts once it was handed in
        steps = {name: one for name, one in steps.items() if one.id <= _handed_in(moves)}
    return render_template(
        "proposals/proposal/people.html",
        facing=found,
        proposal=found.proposal,
        steps=list(steps.values()),
        writers=writers_of(db.session(), found.proposal),
        people=people(one.by for one in moves),
    )


def _handed_in(moves: Sequence[ProposalMove]) -> int:
    """The last move that others than the office know of."""
    return max((one.id for one in moves if one.to not in OF_THE_OFFICE), default=0)
