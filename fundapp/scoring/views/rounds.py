"""The calls that are scored, and the round of one: how far each proposal is, who scores it, and what happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from flask import render_template

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.views.calls.blueprint import does, fund_here
from fundapp.proposals.words import PROPOSAL_STAGES
from fundapp.scoring.queries.overseeing import (
    calls_scored,
    kept_from,
    left_out,
    moves_of,
    overseen,
    reviewers_there_are,
)
from fundapp.scoring.round_words import ENDED, KEPT, MOVES
from fundapp.scoring.views.blueprint import blueprint, scored_at


@blueprint.get("")
@needs(Permission.SCORING_READ)
def rounds() -> str:
    """The calls whose proposals are scored, or could be."""
    found = calls_scored(db.session(), actor(), fund_here())
    return render_template(
        "scoring/rounds.html",
        scored=[one for one in found if one.round],
        others=[one for one in found if not one.round],
        now=now(),
        runs=does(Permission.SCORING_RUN),
    )


@blueprint.get("/<code>")
@needs(Permission.SCORING_READ)
def round(code: str) -> str:
    """How far the scoring of a call is."""
    found = scored_at(code)
    session = db.session()
    rows = overseen(session, actor(), found.call, found.round, language())
    moves, kept = moves_of(session, found.round), kept_from(session, actor(), found.call)
    names = names_of(session, {*(one.by for one in moves), *(one.by for one in kept)})
    scorers = [one for row in rows for one in row.scorers]
    load, given = Counter(one.name for one in scorers), Counter(one.name for one in scorers if one.given_at)
    return render_template(
        "scoring/round.html",
        call=found.call,
        round=found.round,
        rows=rows,
        lacking=[row for row in rows if row.given < found.round.sheets and row.excepted is None],
        given=sum(row.given for row in rows),
        needed=found.round.sheets * len(rows),
        load=[(name, many, given[name]) for name, many in sorted(load.items())],
        lost=sorted({(one.person, one.name) for one in scorers if not one.has_role}),
        left_out=_by_stage(left_out(session, actor(), found.call)),
        moves=moves,
        kept=kept,
        people={by: actor_name(by, names) for by in (*(one.by for one in moves), *(one.by for one in kept))},
        move_words=MOVES,
        ended_words=ENDED,
        kept_words=KEPT,
        runs=does(Permission.SCORING_RUN),
        judges=does(Permission.INTEREST_JUDGE),
        there_are=reviewers_there_are(session, found.call.fund_id),
        late=found.round.open and found.round.due_at < now(),
    )


def _by_stage(rows: Sequence[tuple[str, str]]) -> list[tuple[Any, list[str]]]:
    """What is not scored, by the stage in words."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for reference, stage in rows:
        found[stage].append(reference)
    return [(PROPOSAL_STAGES.get(stage, stage), references) for stage, references in sorted(found.items())]
