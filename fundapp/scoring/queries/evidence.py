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
from fundapp.proposals.rules.fields import MARKS, Whole, rows_of
from fundapp.recommendations.models import REC, HighCommissionerLetter
from fundapp.recommendations.queries.evidence import MOST_ABOUT, Evidence, EvidenceFound, Hit, Named, evidence_for
from fundapp.recommendations.queries.listing import Listed
from fundapp.recommendations.rules import Mechanism
from fundapp.recommendations.rules.evidence import Strength
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.suggestion import Facts, suggested

YEARS, SHOWN = 5, 6  # within which something is recent; how many of each are laid out
SAME_MEASURE = frozenset({Strength.BOTH, Strength.PERSON})  # theme and target alike, or a person said so
SAME_THEME = SAME_MEASURE | {Strength.THEME}


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that is laid beside a criterion. kind: what it is, a code; text in `language`, empty where the page says
    it in words of its own; endpoint and values: what it opens; of: the paragraphs of the recommendations that it
    is on."""

    kind: str
    text: str = ""
    language: str = ""
    source: str = ""
    on: date | None = None
    strength: str = ""
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """What is laid beside a criterion: things, how many there are of those that are not all shown, the counts, and the
    step that these suggest, none where too little is known. every: the numbers by which the register tells all of it,
    where it does."""

    items: tuple[Item, ...]
    total: int
    facts: Facts
    step: int | None
    every: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a version: by criterion, and the recommendations that it names, by number as text."""

    by_criterion: Mapping[str, Laid]
    recommendations: Mapping[str, Listed]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is asked once for all criteria. since and on: the days from and until which something is recent."""

    whole: Whole
    found: EvidenceFound | None
    letters: int
    since: date
    on: date
    reference: str

    @property
    def recommendations(self) -> int:
        """How many of the recommendations named the register has."""
        return len(self.found.about) if self.found else 0

    def paragraphs(self, hits: Iterable[Hit]) -> tuple[str, ...]:
        """Of the recommendations for which something was found."""
        known = {one.listed.number: one.listed for one in (self.found.about if self.found else ())}
        about = [known[number] for number in sorted({hit.number for hit in hits}) if number in known]
        return tuple(one.paragraph or str(one.number) for one in about)


def laid(
    session: Session,
    actor: Actor,
    handed_in: str,
    scales: Sequence[Scale],
    state: str | None,
    on: date,
    language: str,
) -> Beside:
    """What is known on each criterion of what was handed in, as its version has it. on: the day that counts as today;
    recent is what was issued in the five years before it. Nine queries at most, whatever the proposal names."""
    content = json.loads(handed_in)
    whole: Whole = content["sections"]
    rows = rows_of(whole.get("recommendations"), "linked")
    named = {int(row["number"]) for row in rows if is_number(str(row.get("number", "")))}
    numbers, letters = _register(session, state, sorted(named)[:MOST_ABOUT])
    found = _found(session, actor, numbers, language)
    known = _Known(whole, found, letters, years_before(on, YEARS), on, str(content["reference"]))
    about = {str(one.listed.number): one.listed for one in (found.about if found else ())}
    return Beside({scale.code: _laid(known, scale) for scale in scales}, about)


def years_before(on: date, years: int) -> date:
    """The same day so many years before; of 29 February the 28th."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def _register(session: Session, state: str | None, named: Sequence[int]) -> tuple[list[int], int]:
    """Which of these are recommendations of the State's reviews that stand (one that was taken back since says nothing,
    and hides nothing of what the others say), and how many letters to the State stand; one query."""
    letter = HighCommissionerLetter
    ours = (REC.c.number.in_(named), REC.c.state == state, REC.c.mechanism == Mechanism.UPR, REC.c.standing)
    asked = sa.union_all(
        sa.select(sa.literal("recommendation").label("kind"), REC.c.number.label("number")).where(*ours),
        sa.select(sa.literal("letters"), sa.func.count()).where(letter.state == state, letter.withdrawn_at.is_(None)),
    )
    rows = [(row.kind, row.number) for row in session.execute(asked)]
    numbers = sorted(number for kind, number in rows if kind == "recommendation")
    return numbers, sum(number for kind, number in rows if kind == "letters")


def _found(session: Session, actor: Actor, numbers: Sequence[int], language: str) -> EvidenceFound | None:
    """What other mechanisms said; none where no recommendation is named that the register has."""
    try:
        return evidence_for(session, actor, numbers, language) if numbers else None
    except Refusal:  # one was taken back this moment: too little is known, and nothing is suggested
        return None


def _laid(known: _Known, scale: Scale) -> Laid:
    on = ON.get(scale.code)
    if on is None:
        return Laid((), 0, {}, None)
    items, facts = on(known)
    about = known.found.about if known.found and scale.code in FROM_REGISTER else ()
    every = tuple(one.listed.number for one in about)
    total = max(len(items), facts.get("matches", 0))
    return Laid(tuple(items[:SHOWN]), total, facts, suggested(scale, facts), every)


Found = tuple[list[Item], dict[str, int]]


def _treaty_bodies(known: _Known) -> Found:
    matches = known.found.matches if known.found else ()
    strong = [one for one in matches if one.strength in SAME_THEME]
    recent = [one for one in strong if one.issued and known.since <= one.issued <= known.on]
    same = {one.listed.body for one in recent if one.strength in SAME_MEASURE}
    order = sorted(matches, key=lambda one: (-one.strength.rank, -(one.issued.toordinal() if one.issued else 0)))
    facts = {
        "recommendations": known.recommendations,
        "matches": known.found.total if known.found else 0,
        "bodies-recent": len({one.listed.body for one in recent}),
        "bodies-same-measure": len(same),
    }
    return [_match(known, one) for one in order], facts


def _match(known: _Known, one: Evidence) -> Item:
    listed = one.listed
    return Item(
        "match", listed.text, one.language, " ".join(filter(None, (listed.body, listed.symbol))), one.issued,
        one.strength.value, "recommendations.recommendation", {"number": listed.number},
        known.paragraphs(one.hits),
    )  # fmt: skip


def _letter(known: _Known) -> Found:
    areas = known.found.areas if known.found else ()
    facts = {
        "recommendations": known.recommendations,
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
            "recommendations.letter", {"key": one.area.letter}, known.paragraphs(one.hits),
        )
        for one in order
    ]  # fmt: skip
    return items, facts


def _many(areas: Iterable[Named], strengths: frozenset[Strength]) -> int:
    return sum(one.strength in strengths for one in areas)


def _systems(known: _Known) -> Found:
    said = known.whole.get("national-systems", {})
    texts = [("national-systems", kind, str(said.get(kind, ""))) for kind in ("bodies", "laws", "strengthening")]
    for section, kind in (("sustainability", "afterwards"), ("country", "partners")):
        texts.append((section, kind, str(known.whole.get(section, {}).get(kind, ""))))
    facts = {kind: int(bool(text)) for _section, kind, text in texts if kind != "partners"}
    outcomes = {str(row.get("id")) for row in rows_of(known.whole.get("results"), "outcomes")}
    measured = [row for row in rows_of(known.whole.get("results"), "indicators") if row.get("of") in outcomes]
    facts["outcome-indicators"] = sum(map(_is_complete, measured))
    return [_own(known, *one) for one in texts if one[2]], facts


def _own(known: _Known, section: str, kind: str, text: str) -> Item:
    """What the proposal says, in its own language, which the page knows."""
    values = {"reference": known.reference, "_anchor": f"on-{section}"}
    return Item(kind, text, "own", "", None, "", "proposal.text", values)


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
    order = dict.fromkeys((*shared, *named))
    items = [Item("shared" if code in shared else "target", code, "code") for code in order]
    text = str(said.get("alignment", ""))
    return [*([_own(known, "goals", "alignment", text)] if text else []), *items], facts


def _gender(known: _Known) -> Found:
    said = known.whole.get("gender", {})
    marker, analysis = str(said.get("marker", "")), str(said.get("analysis", ""))
    indicators = rows_of(known.whole.get("results"), "indicators")
    by_sex = sum(row.get("by_sex") == "yes" for row in indicators)
    facts = {
        "marker": int(marker) if marker in MARKS else 0,
        "by-sex-share": 100 * by_sex // len(indicators) if indicators else 0,
        "budget-share": _share_of_budget(known.whole),
        "analysis": words.count(analysis),
    }
    return ([_own(known, "gender", "analysis", analysis)] if analysis else []), facts


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
    return sum(map(_is_complete, rows)), len(rows)


def _is_complete(indicator: Mapping[str, Any]) -> bool:
    return bool(indicator.get("baseline")) and bool(indicator.get("target"))


FROM_REGISTER = frozenset({"treaty-body-overlap", "high-commissioner-letter"})
ON: Mapping[str, Callable[[_Known], Found]] = {
    "treaty-body-overlap": _treaty_bodies,
    "high-commissioner-letter": _letter,
    "national-systems": _systems,
    "sdg-alignment": _goals,
    "gender-perspective": _gender,
}
