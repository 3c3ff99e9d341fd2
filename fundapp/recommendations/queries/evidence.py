"""What other mechanisms said, and letters named, on the matters of recommendations of the review."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.kernel.errors import refuse
from fundapp.recommendations.models import GOAL, LABEL, REC
from fundapp.recommendations.queries.judgements import Area, Judged, areas, judged
from fundapp.recommendations.queries.listing import Listed, listed, listing, may_read, with_words
from fundapp.recommendations.rules import LabelKind, Mechanism, Verdict
from fundapp.recommendations.rules.evidence import (
    Match,
    Sought,
    Strength,
    match,
    seek,
    strong_enough,
    target_order,
)
from fundapp.recommendations.themes import related

PAGE = 200  # matches that are told at once, the newest first
MOST_ABOUT = 50  # recommendations for which evidence is asked for at once
OTHERS = (Mechanism.TREATY_BODY, Mechanism.SPECIAL_PROCEDURE)


@dataclass(frozen=True, slots=True)
class About:
    """A recommendation of the review for which evidence is looked for; numbers: its own, and those joined to it."""

    listed: Listed
    language: str
    themes: tuple[str, ...]
    goals: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """For which recommendation something was found (0: for none by name), and how."""

    number: int
    match: Match


@dataclass(frozen=True, slots=True)
class Evidence:
    """What another mechanism said on the same matter, and how it was found; language is that of its text."""

    listed: Listed
    language: str
    issued: date | None
    hits: tuple[Hit, ...]

    @property
    def strength(self) -> Strength:
        """That of its best match."""
        return _best(self.hits)

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes in common."""
        return tuple(sorted({theme for hit in self.hits for theme in hit.match.themes}))

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets in common."""
        return tuple(sorted({code for hit in self.hits for code in hit.match.targets}, key=target_order))


@dataclass(frozen=True, slots=True)
class Named:
    """An area of a letter of the High Commissioner that matches, and how it was found."""

    area: Area
    hits: tuple[Hit, ...]

    @property
    def strength(self) -> Strength:
        """That of its best match."""
        return _best(self.hits)


@dataclass(frozen=True, slots=True)
class Rejected:
    """What a person said is no evidence, with the reason: a recommendation or an area of a letter."""

    judged: Judged
    listed: Listed | None
    language: str
    area: Area | None


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """Evidence for recommendations of the review: matches of other mechanisms (a page of them, newest first), areas of
    letters, the targets and goals in common, what was rejected and what people said.

    total: matches as they were asked for; by_mechanism: how many of each.
    """

    about: tuple[About, ...]
    matches: tuple[Evidence, ...]
    total: int
    by_mechanism: Mapping[Mechanism, int]
    areas: tuple[Named, ...]
    targets: tuple[str, ...]
    goals: tuple[int, ...]
    rejected: tuple[Rejected, ...]
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A recommendation of the review and what may be evidence for it: how the rules match them, what was said."""

    about: About
    found: Evidence | None
    area: Area | None
    match: Match | None
    judged: Judged | None


@dataclass(frozen=True, slots=True)
class Which:
    """Which of the matches: of a mechanism, at least so strong, which page of how many."""

    mechanism: Mechanism | None = None
    at_least: Strength | None = None
    page: int = 1
    rows: int = PAGE


EVERY = Which()


@dataclass(slots=True)
class _Candidate:
    id: int
    number: int
    mechanism: Mechanism
    issued: date | None
    themes: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)


def evidence(
    session: Session,
    actor: Actor,
    state: str,
    themes: Iterable[str],
    targets: Iterable[str],
    *,
    about: Iterable[int] = (),
    language: str = "en",
    which: Which = EVERY,
) -> EvidenceFound:
    """What treaty bodies, special procedures and letters told the State on these themes or targets, newest first; what
    people added or rejected for the recommendations `about` counts. Five queries."""
    may_read(actor)
    return _found(session, state, [seek(themes, targets, related, numbers=about)], (), language, which)


def evidence_for(
    session: Session, actor: Actor, numbers: Collection[int], language: str = "en", which: Which = EVERY
) -> EvidenceFound:
    """Evidence for recommendations of the review of one State, by their themes and targets. Eight queries."""
    may_read(actor)
    found = _about(session, numbers, language)
    states = {one.listed.state for one in found}
    if len(states) > 1:
        raise refuse("address.several-states", states=sorted(states))
    each = [seek(a.themes, a.goals, related, number=a.listed.number, numbers=a.numbers) for a in found]
    return _found(session, states.pop(), each, tuple(found), language, which)


def _about(session: Session, numbers: Collection[int], language: str) -> list[About]:
    """The recommendations with what those joined to them say; one that was joined to another is that other."""
    if not 0 < len(numbers) <= MOST_ABOUT:
        raise refuse("address.how-many", most=MOST_ABOUT)
    counts_as = sa.func.coalesce(REC.c.joined_to, REC.c.number)
    roots = sa.select(counts_as).where(REC.c.number.in_(numbers), REC.c.standing)
    asked = spoken(language).add_columns(counts_as.label("root"))
    mine = sa.or_(REC.c.number.in_(roots), REC.c.joined_to.in_(roots))
    rows = session.execute(asked.where(mine, REC.c.standing).order_by(REC.c.number)).all()
    if missing := set(numbers) - {row.number for row in rows}:
        raise refuse("address.no-recommendation", numbers=sorted(missing))
    if others := [row.number for row in rows if row.mechanism is not Mechanism.UPR]:
        raise refuse("address.not-of-the-review", numbers=others)
    themes, goals = _said(session, [row.id for row in rows])
    found = []
    for root in (row for row in rows if row.number == row.root):
        ids = [row.id for row in rows if row.root == root.number]
        whole = [tuple(dict.fromkeys(code for one in ids for code in part[one])) for part in (themes, goals)]
        family = tuple(row.number for row in rows if row.root == root.number)
        found.append(About(listed(root), root.language, whole[0], whole[1], family))
    return found


def _said(session: Session, ids: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """The themes, and the goals or targets, of some recommendations."""
    themes: dict[int, list[str]] = defaultdict(list)
    asked = sa.select(LABEL.c.recommendation_id, LABEL.c.code).where(
        LABEL.c.recommendation_id.in_(ids), LABEL.c.kind == LabelKind.THEME, LABEL.c.code.is_not(None)
    )
    for identity, code in session.execute(asked.order_by(LABEL.c.recommendation_id, LABEL.c.place)):
        themes[identity].append(code)
    goals: dict[int, list[str]] = defaultdict(list)
    for row in session.execute(sa.select(GOAL).where(GOAL.c.recommendation_id.in_(ids))):
        goals[row.recommendation_id].append(row.target or str(row.goal))
    return themes, goals


def _found(
    session: Session, state: str, each: Sequence[Sought], about: tuple[About, ...], language: str, which: Which
) -> EvidenceFound:
    said = judged(session, {number for sought in each for number in sought.numbers})
    latest = {(one.number, one.found, one.area): one for one in said}
    known = _candidates(session, state, each)
    _with_added(known, said)
    hits = {
        one.id: hits
        for one in known.values()
        if (hits := _hits(each, latest, one.themes, one.goals, found=one.number))
        and which.mechanism in (None, one.mechanism)
        and strong_enough(_best(hits), which.at_least)
    }
    order = sorted((known[identity] for identity in hits), key=_newest)
    shown = [one.id for one in order[(which.page - 1) * which.rows :][: which.rows]]
    letters = areas(session, state)
    named = [Named(a, h) for a in letters if (h := _hits(each, latest, [a.theme or ""], a.goals, area=a.id))]
    rejected = [one for one in latest.values() if one.verdict is Verdict.REJECTED]
    rows = _rows(session, {*shown, *(one.id for one in rejected if one.id)}, language)
    every = [hit.match for found in (*hits.values(), *(one.hits for one in named)) for hit in found]
    by_id = {area.id: area for area in letters}
    return EvidenceFound(
        about,
        tuple(Evidence(listed(row := rows[one]), row.language, row.issued, hits[one]) for one in shown if one in rows),
        len(order),
        Counter(one.mechanism for one in order),
        tuple(one for one in named if strong_enough(one.strength, which.at_least)),
        tuple(sorted({code for one in every for code in one.targets}, key=target_order)),
        tuple(sorted({goal for one in every for goal in one.goals})),
        tuple(one for judgement in rejected if (one := _rejected(judgement, rows, by_id))),
        tuple(latest.values()),
    )


def _newest(one: _Candidate) -> tuple[int, int]:
    """The newest first, those without a day last."""
    return (-one.issued.toordinal() if one.issued else 0), one.number


def _candidates(session: Session, state: str, each: Sequence[Sought]) -> dict[int, _Candidate]:
    """What other mechanisms told the State on one of the themes, or on a goal; with these themes and goals."""
    themes = {theme for sought in each for theme in (*sought.themes, *sought.near)}
    goals = {goal for sought in each for goal in sought.goals}
    ours = sa.select(REC.c.id, REC.c.number, REC.c.mechanism, REC.c.issued).where(
        REC.c.state == state, REC.c.mechanism.in_(OTHERS), REC.c.standing, REC.c.joined_to.is_(None)
    )
    found: dict[int, _Candidate] = {}
    on_theme = ours.add_columns(LABEL.c.code).join(LABEL, LABEL.c.recommendation_id == REC.c.id)
    on_theme = on_theme.where(LABEL.c.kind == LabelKind.THEME, LABEL.c.code.in_(themes))
    for row in session.execute(on_theme):
        found.setdefault(row.id, _Candidate(*row[:4])).themes.append(row.code)
    on_goal = ours.add_columns(GOAL.c.goal, GOAL.c.target).join(GOAL, GOAL.c.recommendation_id == REC.c.id)
    for row in session.execute(on_goal.where(GOAL.c.goal.in_(goals))):
        found.setdefault(row.id, _Candidate(*row[:4])).goals.append(row.target or str(row.goal))
    return found


def _with_added(known: dict[int, _Candidate], said: Iterable[Judged]) -> None:
    """Matches that a person made are looked at even where nothing is in common."""
    for one in said:
        if one.verdict is Verdict.ADDED and one.id and one.found and one.mechanism:
            known.setdefault(one.id, _Candidate(one.id, one.found, one.mechanism, one.issued))


def _hits(
    each: Sequence[Sought],
    latest: Mapping[tuple[int, int | None, int | None], Judged],
    themes: Collection[str],
    goals: Collection[str],
    *,
    found: int | None = None,
    area: int | None = None,
) -> tuple[Hit, ...]:
    """For which of those that are sought it is evidence; not where a person said that it is none."""
    own, codes, hits = frozenset(themes), frozenset(goals), []
    for sought in each:
        said = [one for number in sought.numbers if (one := latest.get((number, found, area)))] if latest else []
        verdict = max(said, key=lambda one: one.judgement).verdict if said else None
        if verdict is Verdict.REJECTED:
            continue
        if way := match(sought, own, codes, linked=verdict is Verdict.ADDED):
            hits.append(Hit(sought.number, way))
    return tuple(hits)


def _best(hits: Sequence[Hit]) -> Strength:
    return max((hit.match.strength for hit in hits), key=lambda strength: strength.rank)


def spoken(language: str) -> sa.Select[Any]:
    """A list's columns with the row's id and its day."""
    return listing(language).add_columns(REC.c.id, REC.c.issued)


def _rows(session: Session, ids: Collection[int], language: str) -> dict[int, sa.Row[Any]]:
    return {row.id: row for row in session.execute(spoken(language).where(REC.c.id.in_(ids)))}


def _rejected(one: Judged, rows: Mapping[int, sa.Row[Any]], letters: Mapping[int, Area]) -> Rejected | None:
    """With what it is about; nothing where that no longer stands."""
    if one.area is not None:
        return Rejected(one, None, "", letters[one.area]) if one.area in letters else None
    row = rows.get(one.id or 0)
    return Rejected(one, listed(row), row.language, None) if row is not None else None


def between(
    session: Session, actor: Actor, number: int, language: str, *, found: int | None = None, area: int | None = None
) -> Between:
    """One recommendation of the review beside one of another mechanism or an area of a letter; seven queries."""
    may_read(actor)
    [about] = _about(session, [number], language)
    sought = seek(about.themes, about.goals, related, number=about.listed.number, numbers=about.numbers)
    named = next((one for one in areas(session, about.listed.state) if one.id == area), None)
    stands = (REC.c.number == found, REC.c.standing, REC.c.joined_to.is_(None))
    row = session.execute(spoken(language).where(*stands)).one_or_none() if named is None else None
    themes, goals = _said(session, [row.id] if row is not None else [])
    if row is not None:
        way = match(sought, themes[row.id], goals[row.id])
    else:
        way = match(sought, [named.theme or ""], named.goals) if named else None
    told = [one for one in judged(session, about.numbers) if (one.found, one.area) == (found, area)]
    other = Evidence(listed(row), row.language, row.issued, ()) if row is not None else None
    return Between(about, other, named, way, told[-1] if told else None)


def to_add(session: Session, actor: Actor, state: str, text: str, language: str, most: int = 25) -> list[Evidence]:
    """Recommendations of other mechanisms to a State, by their number, their symbol or the beginnings of their words;
    newest first."""
    may_read(actor)
    words = with_words(session, text)
    holds = words.has(REC.c.id) if words else sa.false()
    if not (told := text.strip().casefold()):
        return []
    ways = [sa.func.lower(REC.c.symbol).contains(told, autoescape=True), holds]
    if told.isascii() and told.isdigit() and len(told) <= 12:
        ways.append(REC.c.number == int(told))
    mine = (REC.c.state == state, REC.c.mechanism.in_(OTHERS), REC.c.standing, REC.c.joined_to.is_(None))
    asked = spoken(language).where(*mine, sa.or_(*ways)).order_by(REC.c.issued.desc().nulls_last(), REC.c.number)
    return [Evidence(listed(row), row.language, row.issued, ()) for row in session.execute(asked.limit(most))]
