"""Two versions of a proposal side by side: its texts word by word, its languages, its documents, what it comes to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _

from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.funds.queries import support_cost_rate
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.proposals.forms.budget import shown_amount, shown_quantity
from fundapp.proposals.layouts.budget_sheet import word
from fundapp.proposals.models import ProposalVersion
from fundapp.proposals.queries.documents import kinds_of
from fundapp.proposals.queries.facing import Facing
from fundapp.proposals.queries.proposals import contents, files_of, written_sections
from fundapp.proposals.queries.proposals import versions as versions_of
from fundapp.proposals.rules.budget import ErpClass
from fundapp.proposals.rules.budget_rows import sums
from fundapp.proposals.rules.content import budget
from fundapp.proposals.rules.fields import COURTESY, Field, Kind, Whole, fields_of
from fundapp.proposals.rules.record import Difference, File, differences, files_apart
from fundapp.proposals.rules.word_by_word import Part, marked
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.proposals.views.proposal.blueprint import blueprint
from fundapp.proposals.views.proposal.documents import addresses
from fundapp.proposals.views.proposal.parts import facing_at
from fundapp.proposals.views.proposal.reading import Names, label_of, names_for, value_of
from fundapp.proposals.words import FATES, SECTIONS

NOW = "now"  # instead of the number of a version: what the office is writing


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two says, and when it was fixed; its languages, its documents, and its sums in cents by name."""

    sections: Whole
    language: str
    courtesy: str
    files: Sequence[File]
    sums: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Apart:
    """A field that two versions say otherwise: what it is called, the code of its row, and both texts in parts."""

    label: Any
    row: str
    translation: bool
    before: list[Part]
    after: list[Part]


@blueprint.get("/<reference>/compare")
@needs(Permission.PROPOSAL_READ)
def compare(reference: str) -> str:
    """Two versions side by side; an office may also compare with what it is writing."""
    found = facing_at(reference)
    rows = versions_of(db.session(), found.proposal)
    known = [str(row.number) for row in rows] + ([NOW] if found.own else [])
    before, after = _wanted(found, known)
    one, other = (_side(found, rows, name) for name in (before, after))
    apart = files_apart(one.files, other.files)
    return render_template(
        "proposals/proposal/compare.html",
        facing=found,
        proposal=found.proposal,
        known=known,
        before=before,
        after=after,
        one=one,
        other=other,
        languages=_languages(one, other),
        sections=list(_apart(one, other, names_for(found, one.sections, other.sections))),
        files=apart,
        kinds={kind.code: kind for kind in kinds_of(db.session(), found.call)} if apart else {},
        address_of=addresses(found.proposal) if apart else None,
        fates=FATES,
        amounts=_amounts(one, other),
    )


def _wanted(found: Facing, known: Sequence[str]) -> tuple[str, str]:
    """Which two; without a word the last two. One that there is not is refused."""
    if not known:
        abort(404)
    usual = (known[max(0, len(known) - 2)], known[-1])
    wanted = tuple(request.args.get(name) or one for name, one in zip(("from", "to"), usual, strict=True))
    for name in wanted:
        if name not in known:
            raise refuse("proposal.no-version", reference=found.proposal.reference, number=_short(name))
    return wanted[0], wanted[1]


def _short(text: str) -> str:
    return "".join(letter for letter in text[:20] if letter.isprintable())


def _side(found: Facing, rows: Sequence[ProposalVersion], name: str) -> Side:
    proposal = found.proposal
    if name == NOW:
        whole = contents(written_sections(db.session(), proposal))
        files = files_of(db.session(), proposal)
        return Side(whole, proposal.language, proposal.courtesy, files, _sums(whole, today()))
    row = next(row for row in rows if str(row.number) == name)
    said: dict[str, Any] = json.loads(row.content)
    # what it came to was fixed with it; its classes are added up at the rate of that day
    amounts = {**_sums(said["sections"], row.at.date()), "total": int(said["total_cents"])}
    return Side(said["sections"], said["language"], said["courtesy"], said["documents"], amounts)


def _sums(whole: Whole, on: date) -> dict[str, int]:
    return sums(budget(whole, support_cost_rate(db.session(), fund_here(), on)).totals)


def _languages(one: Side, other: Side) -> list[tuple[str, str, str]]:
    """The languages that differ: what for, and the code of either side, "" for none."""
    both = [
        (_("Language of the proposal"), one.language, other.language),
        (_("Courtesy translation"), one.courtesy, other.courtesy),
    ]
    return [row for row in both if row[1] != row[2]]


def _amounts(one: Side, other: Side) -> list[tuple[str, int, int]] | None:
    """The classes that come to something else, above the total; none where that is the same too."""
    names = [f"class:{code.value}" for code in ErpClass]
    apart = [name for name in names if one.sums.get(name, 0) != other.sums.get(name, 0)]
    if not apart and one.sums["total"] == other.sums["total"]:
        return None
    return [(_class(name), one.sums.get(name, 0), other.sums.get(name, 0)) for name in apart]


def _class(name: str) -> str:
    code = name.partition(":")[2]
    return f"{code} {word(code, language())}"


def _apart(one: Side, other: Side, names: Names) -> Iterator[tuple[Any, list[Apart]]]:
    """What differs under the titles of its sections."""
    found = differences(one.sections, other.sections)
    for section in dict.fromkeys(row.section for row in found):
        title = SECTIONS.get(section, section)
        yield title, [_in_words(row, names) for row in found if row.section == section]


def _in_words(one: Difference, names: Names) -> Apart:
    parts = one.field.removesuffix(COURTESY).split(".")
    field = _field(one.section, parts, names)
    texts = ["" if value in ("", []) else _said(field, value, names) for value in (one.before, one.after)]
    label = label_of(one.section, names, *parts)
    return Apart(label, one.row, one.field.endswith(COURTESY), *marked(*texts))


def _said(field: Field, value: Any, names: Names) -> str:
    """A value in the reader's own way."""
    if field.kind is Kind.AMOUNT:
        return shown_amount(value, language())
    if field.kind is Kind.QUANTITY:
        return shown_quantity(value, language())
    if field.source == "classes":
        return f"{value} {word(value, language())}" if value in {*ErpClass} else str(value)
    return str(value_of(field, value, names)[0])


def _field(section: str, parts: Sequence[str], names: Names) -> Field:
    known = {one.name: one for one in fields_of(section, names.questions)}
    first = known.get(parts[0], Field(parts[0]))
    return first.column(parts[1]) if len(parts) > 1 else first
