"""What a proposal said each time it was handed in: the versions, each as a file, and any two of them side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, render_template, request

from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.proposals.models import ProposalVersion
from fundapp.proposals.queries.facing import Facing
from fundapp.proposals.queries.proposals import contents, written_sections
from fundapp.proposals.queries.proposals import versions as versions_of
from fundapp.proposals.rules.fields import COURTESY, Field, Whole, fields_of
from fundapp.proposals.rules.record import Difference, differences
from fundapp.proposals.rules.word_by_word import Part, marked
from fundapp.proposals.views.proposal.blueprint import blueprint
from fundapp.proposals.views.proposal.parts import facing_at, people
from fundapp.proposals.views.proposal.reading import Names, label_of, names_for, value_of
from fundapp.proposals.words import SECTIONS

NOW = "now"  # instead of the number of a version: what the office is writing


@dataclass(frozen=True, slots=True)
class Apart:
    """A field that two versions say otherwise: what it is called, the code of its row, and both texts in parts."""

    label: Any
    row: str
    translation: bool
    before: list[Part]
    after: list[Part]


@blueprint.get("/<reference>/versions")
@needs(Permission.PROPOSAL_READ)
def versions(reference: str) -> str:
    """What was handed in, newest first."""
    found = facing_at(reference)
    rows = versions_of(db.session(), found.proposal)
    return render_template(
        "proposals/proposal/versions.html",
        facing=found,
        proposal=found.proposal,
        rows=rows,
        people=people(row.by for row in rows),
    )


@blueprint.get("/<reference>/versions/<int:number>.json")
@needs(Permission.PROPOSAL_READ)
@exports
def version_file(reference: str, number: int) -> Response:
    """A version as it was fixed, letter by letter: its digest is that of the file."""
    found = facing_at(reference)
    row = next((row for row in versions_of(db.session(), found.proposal) if row.number == number), None)
    if row is None:
        abort(404)
    name = f"{found.proposal.reference}-version-{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(row.content, mimetype="application/json", headers=headers)


@blueprint.get("/<reference>/compare")
@needs(Permission.PROPOSAL_READ)
def compare(reference: str) -> str:
    """Two versions side by side; an office may also compare with what it is writing."""
    found = facing_at(reference)
    rows = versions_of(db.session(), found.proposal)
    known = [str(row.number) for row in rows] + ([NOW] if found.own else [])
    before, after = _wanted(found, known)
    one, other = (_said(found, rows, name) for name in (before, after))
    return render_template(
        "proposals/proposal/compare.html",
        facing=found,
        proposal=found.proposal,
        known=known,
        before=before,
        after=after,
        sections=list(_apart(differences(one, other), names_for(found, one, other))),
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


def _said(found: Facing, rows: Sequence[ProposalVersion], name: str) -> Whole:
    if name == NOW:
        return contents(written_sections(db.session(), found.proposal))
    sections: Whole = json.loads(next(row.content for row in rows if str(row.number) == name))["sections"]
    return sections


def _apart(found: Sequence[Difference], names: Names) -> Iterator[tuple[Any, list[Apart]]]:
    """What differs under the titles of its sections."""
    for section in dict.fromkeys(one.section for one in found):
        title = SECTIONS.get(section, section)
        yield title, [_in_words(one, names) for one in found if one.section == section]


def _in_words(one: Difference, names: Names) -> Apart:
    parts = one.field.removesuffix(COURTESY).split(".")
    field = _field(one.section, parts, names)
    texts = ["" if value in ("", []) else str(value_of(field, value, names)[0]) for value in (one.before, one.after)]
    label = label_of(one.section, names, *parts)
    return Apart(label, one.row, one.field.endswith(COURTESY), *marked(*texts))


def _field(section: str, parts: Sequence[str], names: Names) -> Field:
    known = {one.name: one for one in fields_of(section, names.questions)}
    first = known.get(parts[0], Field(parts[0]))
    return first.column(parts[1]) if len(parts) > 1 else first
