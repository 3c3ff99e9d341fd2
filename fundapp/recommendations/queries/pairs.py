"""The same recommendation from several sources: where there are several, which pairs are likely, what was decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.errors import refuse
from fundapp.recommendations.models import BY, GOAL, LABEL, REC, TEXT, Pairing, RecommendationImport
from fundapp.recommendations.rules import Mechanism, Position
from fundapp.recommendations.rules.pairs import Pair, Record, likely, source_of

PAIRED, IMPORTED = Pairing.__table__, RecommendationImport.__table__
_REVIEW = (REC.c.standing, REC.c.mechanism == Mechanism.UPR, REC.c.cycle.is_not(None))
Place = tuple[str, int]  # a State's review: its code, its cycle


@dataclass(frozen=True, slots=True)
class Sources:
    """A State's review that several sources tell of: how many records of each, and how many were joined to others."""

    state: str
    cycle: int
    records: Mapping[str, int]
    joined: int


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair, with what tells which is the richer; joined: records that were joined to it."""

    number: int
    source: str
    paragraph: str
    symbol: str
    session: int | None
    position: Position | None
    texts: Mapping[str, str]
    states: tuple[str, ...]
    themes: tuple[str, ...]
    goals: int
    joined: int

    @property
    def richness(self) -> tuple[int, int, int, int]:
        """What decides which is kept: records joined to it, then labels and States, then goals, then the older."""
        return self.joined, len(self.themes) + len(self.states), self.goals, -self.number


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that nobody has judged yet; kept: the number of the richer."""

    pair: Pair
    ours: Side
    theirs: Side

    @property
    def kept(self) -> int:
        """The richer of the two."""
        return max(self.ours, self.theirs, key=lambda side: side.richness).number


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person said of two records: `kept` and `other` as they stand now."""

    pairing: Pairing
    kept: Side
    other: Side


def sources(session: Session) -> list[Sources]:
    """The States and cycles of which more than one source tells; one query."""
    number = sa.func.count()
    asked = (
        sa.select(REC.c.state, REC.c.cycle, IMPORTED.c.layout, number, sa.func.count(REC.c.joined_to))
        .join_from(REC, IMPORTED, IMPORTED.c.id == REC.c.import_id)
        .where(*_REVIEW)
        .group_by(REC.c.state, REC.c.cycle, IMPORTED.c.layout)
    )
    records: dict[Place, Counter[str]] = defaultdict(Counter)
    joined: Counter[Place] = Counter()
    for state, cycle, layout, count, away in session.execute(asked):
        records[state, cycle][source_of(layout)] += count
        joined[state, cycle] += away
    several = sorted(place for place, found in records.items() if len(found) > 1)
    return [Sources(*place, records[place], joined[place]) for place in several]


def candidates(session: Session, state: str, cycle: int) -> list[Candidate]:
    """The pairs of a State's review that are likely to be one and that nobody has judged, best first; six queries."""
    sides = _sides(session, [(state, cycle)])
    found = _likely(sides, _judged(session, sides))
    return [Candidate(pair, sides[pair.ours][1], sides[pair.theirs][1]) for pair in found]


def waiting(session: Session, places: Sequence[Place]) -> Counter[Place]:
    """How many pairs nobody has judged yet, in each of these reviews; four queries."""
    sides = _sides(session, places, whole=False) if places else {}
    return Counter(sides[pair.ours][0] for pair in _likely(sides, _judged(session, sides)))


def _likely(sides: Mapping[int, tuple[Place, Side]], known: Collection[frozenset[int]]) -> list[Pair]:
    by_source: dict[str, list[Record]] = defaultdict(list)
    for number, ((state, cycle), side) in sides.items():
        by_source[side.source].append(Record(number, state, cycle, side.texts, frozenset(side.states), side.session))
    found = [
        pair
        for ours, theirs in combinations(sorted(by_source), 2)
        for pair in likely(by_source[ours], by_source[theirs])
        if frozenset((pair.ours, pair.theirs)) not in known
    ]
    return sorted(found, key=lambda pair: (-pair.score, pair.ours, pair.theirs))


def _judged(session: Session, numbers: Collection[int]) -> set[frozenset[int]]:
    asked = sa.select(PAIRED.c.kept_id, PAIRED.c.other_id).where(PAIRED.c.undone_at.is_(None))
    rows = session.execute(asked.where(PAIRED.c.kept_id.in_(numbers))) if numbers else ()
    return {frozenset(row) for row in rows}


def _sides(session: Session, places: Sequence[Place], *, whole: bool = True) -> dict[int, tuple[Place, Side]]:
    """The records of some reviews that stand and are not joined to another, by number."""
    here = sa.or_(*(sa.and_(REC.c.state == state, REC.c.cycle == cycle) for state, cycle in places))
    return _gathered(session, sa.and_(*_REVIEW, REC.c.joined_to.is_(None), here), whole=whole)


def _gathered(session: Session, mine: sa.ColumnElement[bool], *, whole: bool = True) -> dict[int, tuple[Place, Side]]:
    """Records with what a page says of them; without labels, goals and what was joined where not the whole is asked."""
    asked = sa.select(
        REC.c.id, REC.c.number, REC.c.state, REC.c.cycle, REC.c.session, REC.c.symbol, REC.c.paragraph,
        REC.c.position, IMPORTED.c.layout,
    ).join_from(REC, IMPORTED, IMPORTED.c.id == REC.c.import_id)  # fmt: skip
    rows = session.execute(asked.where(mine).order_by(REC.c.number)).all()
    ids = sa.select(REC.c.id).where(mine)
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    for row in session.execute(sa.select(TEXT).where(TEXT.c.recommendation_id.in_(ids))):
        texts[row.recommendation_id][row.language] = row.text
    states = _listed(session, sa.select(BY.c.recommendation_id, BY.c.country).where(BY.c.recommendation_id.in_(ids)))
    themes, goals, joined = _labels_and_more(session, ids, mine) if whole else ({}, {}, {})
    return {
        row.number: (
            (row.state, row.cycle),
            Side(
                row.number, source_of(row.layout), row.paragraph, row.symbol, row.session, row.position,
                texts[row.id], tuple(sorted(states.get(row.id, ()))), tuple(themes.get(row.id, ())),
                goals.get(row.id, 0), joined.get(row.number, 0),
            ),
        )
        for row in rows
    }  # fmt: skip


def _labels_and_more(
    session: Session, ids: sa.Select[tuple[int]], mine: sa.ColumnElement[bool]
) -> tuple[dict[int, list[str]], dict[int, int], dict[int, int]]:
    labels = sa.select(LABEL.c.recommendation_id, LABEL.c.label).where(LABEL.c.recommendation_id.in_(ids))
    themes = _listed(session, labels.order_by(LABEL.c.recommendation_id, LABEL.c.kind, LABEL.c.place))
    goal = sa.select(GOAL.c.recommendation_id, sa.func.count()).where(GOAL.c.recommendation_id.in_(ids))
    goals = {row[0]: row[1] for row in session.execute(goal.group_by(GOAL.c.recommendation_id))}
    other = REC.alias("other")
    away = sa.select(other.c.joined_to, sa.func.count()).where(
        other.c.standing, other.c.joined_to.in_(sa.select(REC.c.number).where(mine))
    )
    joined = {row[0]: row[1] for row in session.execute(away.group_by(other.c.joined_to))}
    return themes, goals, joined


def _listed(session: Session, asked: sa.Select[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for identity, text in session.execute(asked):
        found[identity].append(text)
    return found


def decided(session: Session, state: str, cycle: int, *, page: int = 1, rows: int = 50) -> tuple[list[Decided], int]:
    """What was said of pairs of a State's review and still holds, newest first, and how many there are."""
    kept = REC.alias("kept")
    here = sa.select(kept.c.number).where(kept.c.state == state, kept.c.cycle == cycle, kept.c.standing)
    holds = (Pairing.undone_at.is_(None), Pairing.kept_id.in_(here))
    total = session.scalar(sa.select(sa.func.count()).select_from(Pairing).where(*holds)) or 0
    asked = sa.select(Pairing).where(*holds).order_by(Pairing.id.desc())
    found = session.scalars(asked.limit(rows).offset((page - 1) * rows)).all()
    numbers = {number for one in found for number in (one.kept_id, one.other_id)}
    sides = _gathered(session, sa.and_(REC.c.number.in_(numbers), REC.c.standing), whole=False)
    whole = [one for one in found if one.kept_id in sides and one.other_id in sides]
    return [Decided(one, sides[one.kept_id][1], sides[one.other_id][1]) for one in whole], total


def named_pairing(session: Session, identity: int) -> Pairing:
    """The pairing of that number; refused when there is none."""
    found = session.get(Pairing, identity)
    if found is None:
        raise refuse("pair.unknown", number=identity)
    return found


def joined_numbers(session: Session, number: int) -> tuple[int, ...]:
    """The numbers that count as this recommendation, that of the one which is kept first: what was said of any of them
    (follow-up, judgements, measures) was said of it."""
    this = REC.alias("this")
    root = sa.select(sa.func.coalesce(this.c.joined_to, this.c.number)).where(this.c.number == number).limit(1)
    kept = root.scalar_subquery()
    asked = sa.select(REC.c.number, REC.c.joined_to).where(sa.or_(REC.c.number == kept, REC.c.joined_to == kept))
    found = {row.number: row.joined_to for row in session.execute(asked.order_by(REC.c.number))}
    return tuple(sorted(found, key=lambda one: (found[one] is not None, one))) or (number,)
