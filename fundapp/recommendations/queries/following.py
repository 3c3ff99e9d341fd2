"""Reading what people say became of recommendations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.queries import names_of
from fundapp.kernel.trail import Trace
from fundapp.recommendations.models import FollowUp, Recommendation, RecommendationLabel, RecommendationText
from fundapp.recommendations.rules import LabelKind, Mechanism, Progress, Says
from fundapp.recommendations.themes import themes

REC, LABEL, TEXT, FOLLOW, TRACE = (
    kind.__table__ for kind in (Recommendation, RecommendationLabel, RecommendationText, FollowUp, Trace)
)
WITHDRAWAL = "recommendations.withdraw_follow_up"


@dataclass(frozen=True, slots=True)
class Followed:
    """The recommendation that follow-up is on; `standing` is false when its import was undone."""

    number: int
    state: str
    mechanism: Mechanism
    cycle: int | None
    issued: date | None
    symbol: str
    paragraph: str
    standing: bool
    joined_to: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says became of a recommendation; `withdrawn_by` and `by` are actors, `names` says who they are."""

    id: int
    progress: Progress
    as_of: date
    says: Says
    source: str
    evidence: str
    language: str
    link: str
    project: str
    at: datetime
    by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None


@dataclass(frozen=True, slots=True)
class History:
    """All that is said of a recommendation, newest day first. `now` is the newest that was not withdrawn; `otherwise`
    is what the State says where `now` is somebody else's and differs, or what others say where `now` is the State's."""

    statements: tuple[Statement, ...]
    now: Statement | None
    otherwise: Statement | None
    names: dict[str, str]


@dataclass(slots=True)
class ProgressIn:
    """How far the recommendations of a review have come; None counts those of which nobody says it."""

    total: int = 0
    counts: Counter[Progress] = field(default_factory=Counter)
    themes: dict[str, Counter[Progress | None]] = field(default_factory=dict)

    @property
    def unknown(self) -> int:
        """Recommendations of which nobody has said anything."""
        return self.total - self.counts.total()


def followed(session: Session, number: int, *, held: bool = False) -> Followed | None:
    """The recommendation of a number as it stands, or as it last stood; none where there never was one. `held` until
    the end of the work, so that nobody undoes its import in the meantime."""
    columns = [REC.c[name] for name in Followed.__slots__]
    asked = sa.select(*columns).where(REC.c.number == number).order_by(REC.c.standing.desc(), REC.c.id.desc())
    asked = asked.limit(1)
    row = session.execute(asked.with_for_update(read=True) if held else asked).first()
    return Followed(*row) if row else None


def words_of(session: Session, number: int, language: str) -> tuple[str, str]:
    """The words of a recommendation and their language: the one asked for, or the first there is."""
    asked = (
        sa.select(TEXT.c.text, TEXT.c.language)
        .join(REC, REC.c.id == TEXT.c.recommendation_id)
        .where(REC.c.number == number)
        .order_by(
            REC.c.standing.desc(),
            REC.c.id.desc(),
            sa.case((TEXT.c.language == language, 0), else_=1),
            TEXT.c.language,
        )
    )
    row = session.execute(asked.limit(1)).first()
    return (row.text, row.language) if row else ("", language)


def statement_by_key(session: Session, key: int) -> FollowUp | None:
    """One thing that somebody said, also one that was withdrawn."""
    return session.get(FollowUp, key)


def said_already(session: Session, number: int, progress: Progress, as_of: date, says: Says, source: str) -> bool:
    """Whether the same is recorded: the same progress on the same day, from the same source."""
    same = (FOLLOW.c.progress == progress, FOLLOW.c.as_of == as_of, FOLLOW.c.says == says, FOLLOW.c.source == source)
    there = sa.exists().where(FOLLOW.c.recommendation_id == number, FOLLOW.c.withdrawn_at.is_(None), *same)
    return bool(session.scalar(sa.select(there)))


def follow_up_of(session: Session, number: int) -> History:
    """All that is said of a recommendation and of the records of other sources joined to it; two queries."""
    joined = sa.select(REC.c.number).where(REC.c.joined_to == number, REC.c.standing)
    withdrawal = sa.and_(
        TRACE.c.subject == FOLLOW.name, TRACE.c.subject_id == FOLLOW.c.id, TRACE.c.operation == WITHDRAWAL
    )
    columns = [FOLLOW.c[name] for name in Statement.__slots__ if name != "withdrawn_by"]
    asked = (
        sa.select(*columns, TRACE.c.actor)
        .outerjoin(TRACE, withdrawal)
        .where(sa.or_(FOLLOW.c.recommendation_id == number, FOLLOW.c.recommendation_id.in_(joined)))
        .order_by(FOLLOW.c.as_of.desc(), FOLLOW.c.id.desc())
    )
    found = tuple(_statement(row) for row in session.execute(asked))
    actors = {actor for one in found for actor in (one.by, one.withdrawn_by) if actor}
    now, otherwise = current(found)
    return History(found, now, otherwise, names_of(session, actors) if actors else {})


def _statement(row: Any) -> Statement:
    return Statement(*row)


def current(found: Sequence[Statement]) -> tuple[Statement | None, Statement | None]:
    """The newest of what stands; and the newest of the other side, the State or everybody else, where it differs."""
    standing = [one for one in found if one.withdrawn_at is None]
    if not standing:
        return None, None
    now = standing[0]
    other = next((one for one in standing if (one.says is Says.STATE) != (now.says is Says.STATE)), None)
    return now, other if other and other.progress is not now.progress else None


def progress_in(session: Session, state: str, cycle: int) -> ProgressIn:
    """How far a State's recommendations of a review have come, all together and by theme; one query."""
    newest = _newest(state)
    theme = sa.and_(LABEL.c.recommendation_id == REC.c.id, LABEL.c.kind == LabelKind.THEME, LABEL.c.code.is_not(None))
    asked = (
        sa.select(REC.c.number, newest.c.progress, LABEL.c.code)
        .outerjoin(newest, sa.and_(newest.c.number == REC.c.number, newest.c.place == 1))
        .outerjoin(LABEL, theme)
        .where(REC.c.state == state, REC.c.mechanism == Mechanism.UPR, REC.c.cycle == cycle)
        .where(REC.c.standing, REC.c.joined_to.is_(None))
    )
    return _counted(session.execute(asked).all())


def _newest(state: str) -> sa.Subquery:
    """What is said of each recommendation of a State, the newest in the first place; of a record that was joined to
    another it counts for that one."""
    said = REC.alias("said")
    number = sa.func.coalesce(said.c.joined_to, said.c.number)
    place = sa.func.row_number().over(partition_by=number, order_by=(FOLLOW.c.as_of.desc(), FOLLOW.c.id.desc()))
    return (
        sa.select(number.label("number"), FOLLOW.c.progress, place.label("place"))
        .join(said, sa.and_(said.c.number == FOLLOW.c.recommendation_id, said.c.standing))
        .where(said.c.state == state, FOLLOW.c.withdrawn_at.is_(None))
        .subquery("newest")
    )


def _counted(rows: Sequence[Any]) -> ProgressIn:
    found, seen, themed = ProgressIn(), set[int](), set[tuple[int, str]]()
    for number, progress, theme in rows:
        if number not in seen:
            seen.add(number)
            found.total += 1
            if progress is not None:
                found.counts[progress] += 1
        if theme is not None and (number, theme) not in themed:
            themed.add((number, theme))
            found.themes.setdefault(theme, Counter())[progress] += 1
    found.themes = dict(sorted(found.themes.items(), key=lambda one: themes().get(one[0], one[0])))
    return found
