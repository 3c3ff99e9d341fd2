"""What the program knows on each criterion of a proposal: things with their sources, and the counts that a step is
suggested by. Read from what was handed in last, never from what is being written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.kernel.errors import Refusal
from fundapp.proposals.queries.picking import is_number
from fundapp.proposals.rules import words
from fundapp.proposals.rules.content import budget
from fundapp.proposals.rules.fields import Whole, rows_of
from fundapp.recommendations.models import HighCommissionerLetter
from fundapp.recommendations.queries.evidence import MOST_ABOUT, Evidence, EvidenceFound, Named, evidence_for
from fundapp.recommendations.queries.listing import Listed
from fundapp.recommendations.rules.evidence import Strength
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.suggestion import Facts, suggested

YEARS, SHOWN = 5, 6  # within which something is recent; how many of each are laid out
SAME_MEASURE = frozenset({Strength.BOTH, Strength.PERSON})  # theme and target alike, or a person said so
SAME_THEME = SAME_MEASURE | {Strength.THEME}


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that is laid beside a criterion. kind: what it is, a code; text in `language`, empty where the page says
    it in words of its own; endpoint and values: what it opens."""

    kind: str
    text: str = ""
    language: str = ""
    source: str = ""
    on: date | None = None
    strength: str = ""
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Laid:
    """What is laid beside a criterion: things, how many there are of those that are not all shown, the counts, and the
    step that these suggest, none where too little is known."""

    items: tuple[Item, ...]
    total: int
    facts: Facts
    step: int | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a version: by criterion, and the recommendations that it names, by number as text."""

    by_criterion: Mapping[str, Laid]
    recommendations: Mapping[str, Listed]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked once for all criteria."""

    whole: Whole
    numbers: tuple[int, ...]
    found: EvidenceFound | None
    letters: int
    since: date
    reference: str


def laid(
    session: Session,
    actor: Actor,
    handed_in: str,
    scales: Sequence[Scale],
    state: str | None,
    on: date,
    language: str,
) -> Beside:
    """What is known on each criterion of what was handed in, as its version has it. on: the day that counts as today.
    Nine queries at most, whatever the proposal names."""
    content = json.loads(handed_in)
    whole: Whole = content["sections"]
    rows = rows_of(whole.get("recommendations"), "linked")
    numbers = tuple(int(row["number"]) for row in rows if is_number(str(row.get("number", ""))))[:MOST_ABOUT]
    found = _found(session, actor, numbers, language)
    known = _Known(
        whole, numbers, found, _letters(session, state), on.replace(year=on.year - YEARS, day=1),
        str(content["reference"]),
    )  # fmt: skip
    named = {str(about.listed.number): about.listed for about in (found.about if found else ())}
    return Beside({scale.code: _laid(known, scale) for scale in scales}, named)


def _letters(session: Session, state: str | None) -> int:
    """How many letters to a State stand."""
    letter = HighCommissionerLetter
    asked = sa.select(sa.func.count()).select_from(letter).where(letter.state == state, letter.withdrawn_at.is_(None))
    return (session.scalar(asked) or 0) if state else 0


def _found(session: Session, actor: Actor, numbers: tuple[int, ...], language: str) -> EvidenceFound | None:
    """What other mechanisms said; none where no recommendation is named, or one that the register has no more."""
    try:
        return evidence_for(session, actor, numbers, language) if numbers else None
    except Refusal:
        return None


def _laid(known: _Known, scale: Scale) -> Laid:
    on = ON.get(scale.code)
    if on is None:
        return Laid((), 0, {}, None)
    items, facts = on(known)
    return Laid(tuple(items[:SHOWN]), len(items), facts, suggested(scale, facts))


Found = tuple[list[Item], dict[str, int]]


def _treaty_bodies(known: _Known) -> Found:
    matches = known.found.matches if known.found else ()
    strong = [one for one in matches if one.strength in SAME_THEME]
    recent = [one for one in strong if one.issued and one.issued >= known.since]
    same = {one.listed.body for one in recent if one.strength in SAME_MEASURE}
    order = sorted(matches, key=lambda one: (-one.strength.rank, -(one.issued.toordinal() if one.issued else 0)))
    facts = {
        "recommendations": len(known.numbers),
        "matches": known.found.total if known.found else 0,
        "bodies-recent": len({one.listed.body for one in recent}),
        "bodies-same-measure": len(same),
    }
    return [_match(one) for one in order], facts


def _match(one: Evidence) -> Item:
    listed = one.listed
    return Item(
        "match", listed.text, one.language, " ".join(filter(None, (listed.body, listed.symbol))), one.issued,
        one.strength.value, "recommendations.recommendation", {"number": listed.number},
    )  # fmt: skip


def _letter(known: _Known) -> Found:
    areas = known.found.areas if known.found else ()
    facts = {
        "recommendations": len(known.numbers),
        "letters": known.letters,
        "areas": len(areas),
        "areas-target": _many(areas, SAME_THEME | {Strength.TARGET}),
        "areas-theme": _many(areas, SAME_THEME),
        "areas-same-measure": _many(areas, SAME_MEASURE),
    }
    order = sorted(areas, key=lambda one: -one.strength.rank)
    items = [
        Item(
            "area", one.area.sentence, one.area.language, "", one.area.sent_on, one.strength.value,
            "recommendations.letter", {"key": one.area.letter},
        )
        for one in order
    ]  # fmt: skip
    return items, facts


def _many(areas: Iterable[Named], strengths: frozenset[Strength]) -> int:
    return sum(one.strength in strengths for one in areas)


def _systems(known: _Known) -> Found:
    said = known.whole.get("national-systems", {})
    complete, _ = _indicators(known.whole)
    afterwards = str(known.whole.get("sustainability", {}).get("afterwards", ""))
    facts = {
        "bodies": int(bool(said.get("bodies"))),
        "laws": int(bool(said.get("laws"))),
        "strengthening": int(bool(said.get("strengthening"))),
        "afterwards": int(bool(afterwards)),
        "indicators-complete": complete,
    }
    texts = [(kind, str(said.get(kind, ""))) for kind in ("bodies", "laws", "strengthening")]
    return [_own(known, kind, text) for kind, text in (*texts, ("afterwards", afterwards)) if text], facts


def _own(known: _Known, kind: str, text: str) -> Item:
    """What the proposal says, in its own language, which the page knows."""
    return Item(kind, text, "own", "", None, "", "proposal.text", {"reference": known.reference})


def _goals(known: _Known) -> Found:
    said = known.whole.get("goals", {})
    named = [str(one) for one in said.get("targets", ())]
    of_recommendations = {goal for about in (known.found.about if known.found else ()) for goal in about.goals}
    goals = {code.partition(".")[0] for code in of_recommendations if "." not in code}
    shared = [code for code in named if code in of_recommendations or code.partition(".")[0] in goals]
    complete, every = _indicators(known.whole)
    facts = {
        "targets": len(named),
        "targets-shared": len(shared),
        "alignment": int(bool(said.get("alignment"))),
        "indicators-complete": complete,
        "indicators-complete-share": 100 * complete // every if every else 0,
    }
    items = [Item("shared" if code in shared else "target", code, "code") for code in (*shared, *named)]
    unique = list({item.text: item for item in reversed(items)}.values())[::-1]
    text = str(said.get("alignment", ""))
    return [*unique, *([_own(known, "alignment", text)] if text else [])], facts


def _gender(known: _Known) -> Found:
    said = known.whole.get("gender", {})
    marker, analysis = str(said.get("marker", "")), str(said.get("analysis", ""))
    indicators = rows_of(known.whole.get("results"), "indicators")
    by_sex = sum(row.get("by_sex") == "yes" for row in indicators)
    facts = {
        "marker": int(marker) if marker.isdigit() else 0,
        "by-sex-share": 100 * by_sex // len(indicators) if indicators else 0,
        "budget-share": _share_of_budget(known.whole),
        "analysis": words.count(analysis),
    }
    return ([_own(known, "analysis", analysis)] if analysis else []), facts


def _share_of_budget(whole: Whole) -> int:
    """The per cent of the direct costs that goes to activities with a gender marker of 2 or 3."""
    found = budget(whole, Decimal(0)).totals
    planned = rows_of(whole.get("activities"), "planned")
    marked = {str(row.get("id")) for row in planned if str(row.get("marker", "")) in ("2", "3")}
    of_marked = sum(cents for activity, cents in found.by_activity.items() if activity in marked)
    return 100 * of_marked // found.total if found.total > 0 else 0


def _indicators(whole: Whole) -> tuple[int, int]:
    """How many indicators have a baseline and a target, and how many there are."""
    rows = rows_of(whole.get("results"), "indicators")
    return sum(bool(row.get("baseline")) and bool(row.get("target")) for row in rows), len(rows)


ON: Mapping[str, Callable[[_Known], Found]] = {
    "treaty-body-overlap": _treaty_bodies,
    "high-commissioner-letter": _letter,
    "national-systems": _systems,
    "sdg-alignment": _goals,
    "gender-perspective": _gender,
}
