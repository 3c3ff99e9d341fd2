"""What the pages of scoring share: their place in the address, the call and the round that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from fundapp.access.views.address import language
from fundapp.kernel.database import db
from fundapp.kernel.languages import decimal_mark
from fundapp.proposals.models import Call
from fundapp.proposals.views.calls.blueprint import call_at
from fundapp.scoring.models import ScoringRound
from fundapp.scoring.queries.rounds import round_of, scales_of
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.words import BESIDE, FACTS, KINDS, YES_NO

blueprint = Blueprint("scoring", __name__, url_prefix="/<fund:fund>/scoring")
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Scored:
    """A call that is being scored: its round and the scales of its criteria, in their order."""

    call: Call
    round: ScoringRound
    scales: tuple[Scale, ...]


def scored_at(code: str) -> Scored:
    """The scoring of an address; 404 where there is no such call, or its scoring was not opened; four queries."""
    call = call_at(code)
    found = round_of(db.session(), call)
    return Scored(call, found, scales_of(db.session(), call)) if found else abort(404)


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "scoring_beside": BESIDE,
        "scoring_kinds": KINDS,
        "scoring_facts": FACTS,
        "scoring_yes_no": YES_NO,
        "decimal_mark_here": decimal_mark(language()),
    }
