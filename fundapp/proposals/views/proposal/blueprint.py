"""What the pages of proposals share: their place in the address, the proposal it names, and what its reader sees."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, redirect, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from fundapp.access.gate import actor
from fundapp.access.policy import Permission, may
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.proposals.models import Call, Proposal, ProposalSection, ProposalVersion
from fundapp.proposals.queries.proposals import (
    Asked,
    Judged,
    asked_of,
    contents,
    judged,
    last_version,
    of_the_office,
    written_sections,
)
from fundapp.proposals.queries.proposals import proposal as proposal_of
from fundapp.proposals.rules.fields import Whole
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.proposals.words import PROPOSAL_MARKS, PROPOSAL_STAGES, SECTIONS

blueprint = Blueprint("proposal", __name__, url_prefix="/<fund:fund>/proposals")
Answer = str | Response | tuple[str, int]
REFERENCE = re.compile(r"\d{4}-[1-9]\d?-\d{3,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Here:
    """A proposal as its reader sees it: the office what is being written, everybody else what was handed in last.

    rows: the sections as they stand, for those who write. version: what was handed in last, for those who read that.
    """

    proposal: Proposal
    call: Call
    asked: Asked
    whole: Whole
    own: bool
    rows: Mapping[str, ProposalSection]
    version: ProposalVersion | None

    def saved_here(self, section: str) -> bool:
        """Whether whoever looks saved a section last."""
        row = self.rows.get(section)
        return row is not None and row.saved_by == str(actor())

    def judged(self) -> Judged:
        """How complete it is; three queries."""
        return judged(db.session(), self.proposal, self.whole, self.asked, today())


def proposal_at(reference: str) -> Proposal:
    """The proposal of an address; 404 where there is none, or none that the person may know of."""
    known = REFERENCE.fullmatch(reference)
    found = proposal_of(db.session(), actor(), fund_here(), reference) if known else None
    return found or abort(404)


def here(reference: str) -> Here:
    """The same with all that it says."""
    found = proposal_at(reference)
    session = db.session()
    call = session.get_one(Call, found.call_id)
    own = of_the_office(actor(), found)
    version = None if own else last_version(session, found)
    rows = {} if version else written_sections(session, found)
    whole = json.loads(version.content)["sections"] if version else contents(rows)
    return Here(found, call, asked_of(session, call), whole, own, rows, version)


def writable_at(reference: str) -> Proposal:
    """A proposal in which its office writes; refused where nobody does any more."""
    found = proposal_at(reference)
    if not found.writable:
        raise refuse("proposal.not-writable", reference=found.reference)
    return found


def does(permission: Permission, subject: Any = None) -> bool:
    """Whether whoever looks may do this with a proposal, or in the fund."""
    return may(actor(), permission, subject if subject is not None else fund_here())


def path(endpoint: str, reference: str, **more: str) -> str:
    """The address of a page of a proposal, as templates have it: put together once and kept."""
    kept: Callable[..., str] = current_app.jinja_env.globals["path"]  # type: ignore[assignment]
    return kept(endpoint, reference, **more)


def to_proposal(reference: str) -> Response:
    """Back to a proposal's page."""
    return redirect(url_for("proposal.one", reference=reference))


@blueprint.record_once
def _words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        {
            "proposal_stages": PROPOSAL_STAGES,
            "proposal_marks": PROPOSAL_MARKS,
            "proposal_sections": SECTIONS,
        }
    )
