"""The register: recommendations as they were imported. Rows are added and never changed; an import that is undone, or
a row that a later import replaced, no longer stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import BESIDE_MODELS, Base, Entity
from fundapp.kernel.work import OWN_TRAIL, OWN_UPDATE
from fundapp.recommendations.rules import LabelKind, Mechanism, Position

NO_ROWID = {"sqlite_with_rowid": False}  # a part is found by its key alone: one tree for it instead of two


class RecommendationImport(Entity):
    """A file that was taken in: its digest, when and by whom, what it added and changed; undone as a whole."""

    __tablename__ = "recommendation_import"
    name: Mapped[str] = mapped_column(sa.String(255))
    layout: Mapped[str] = mapped_column(sa.String(20))
    digest: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(255))
    added: Mapped[int]
    changed: Mapped[int]
    undone_at: Mapped[datetime | None]


class Recommendation(Base):
    """One recommendation as one import has it.

    key: what it is known again by; number: the id of its first version, which others point at; standing: this version
    counts; joined_to: the number of the same recommendation from another source, which counts in its place; body: the
    code of a treaty body or the name of a special procedure; issued: the day of the document; turn: its place in lists
    (rules.turn), which its parts repeat so that each filter has its list in order.
    """

    __tablename__ = "recommendation"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation_import.id"), index=True)
    row: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(160))
    digest: Mapped[str] = mapped_column(sa.String(64))
    standing: Mapped[bool]
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation.id"))
    joined_to: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendation.id"))
    mechanism: Mapped[Mechanism]
    body: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    cycle: Mapped[int | None]
    session: Mapped[int | None]
    symbol: Mapped[str] = mapped_column(sa.String(60))
    paragraph: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[Position | None]
    position_source: Mapped[str] = mapped_column(sa.String(200))
    issued: Mapped[date | None]
    assessment: Mapped[str] = mapped_column(sa.Text)
    turn: Mapped[int] = mapped_column(server_default="0")


class RecommendationText(Base):
    """The words of a recommendation in one language; `search` is their folded form, of which PostgreSQL has an index.
    SQLite's stands apart (WORDS), and what was taken in since then has nothing here: half of what is written."""

    __tablename__ = "recommendation_text"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)
    search: Mapped[str] = mapped_column(sa.Text)


class RecommendingState(Base):
    """A State that made a recommendation in the review; several may make one together."""

    __tablename__ = "recommending_state"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    country: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"), primary_key=True)
    turn: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        sa.Index("ix_recommending_state_country", "country", "turn", "recommendation_id"),
        NO_ROWID,
    )


class RecommendationLabel(Base):
    """A theme or a group of persons of a recommendation, as the file has it; `code` is the one in use, or empty."""

    __tablename__ = "recommendation_label"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    kind: Mapped[LabelKind] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(sa.String(255))
    code: Mapped[str | None] = mapped_column(sa.String(160))
    turn: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        sa.Index("ix_recommendation_label_code", "code", "kind", "turn", "recommendation_id"),
        NO_ROWID,
    )


class RecommendationGoal(Base):
    """A goal of a recommendation, or a target of it; `target` is empty where the goal alone is named."""

    __tablename__ = "recommendation_goal"
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), primary_key=True)
    goal: Mapped[int] = mapped_column(sa.ForeignKey("goal.number"), primary_key=True, autoincrement=False)
    target: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    turn: Mapped[int] = mapped_column(server_default="0")
    __table_args__ = (
        sa.Index("ix_recommendation_goal_goal", "goal", "turn", "recommendation_id"),
        sa.Index("ix_recommendation_goal_target", "target", "turn", "recommendation_id"),
        NO_ROWID,
    )


REC, TEXT, BY, LABEL, GOAL = (
    kind.__table__
    for kind in (Recommendation, RecommendationText, RecommendingState, RecommendationLabel, RecommendationGoal)
)
# SQLite's index of words: a text has eight times the id of its recommendation, and the place of its language
WORDS = sa.table("recommendation_words", sa.column("rowid", sa.Integer), sa.column("search", sa.Text))
PARTS = (RecommendationText, RecommendingState, RecommendationLabel, RecommendationGoal)
OWN_TRAIL |= {"recommendation", WORDS.name, *(part.__tablename__ for part in PARTS)}
OWN_UPDATE |= {"recommendation"}
BESIDE_MODELS |= {WORDS.name}


def _where(name: str, which: Sequence[sa.ColumnElement[bool]], *columns: sa.Column[Any], **how: Any) -> None:
    """An index of some rows. SQLite takes it only where a question has the condition word for word, and of a column
    that stands for itself SQLAlchemy asks there whether it is 1."""
    stands = REC.c.standing
    in_sqlite = [stands == sa.true() if one is stands else one for one in which]
    sa.Index(name, *columns, sqlite_where=sa.and_(*in_sqlite), postgresql_where=sa.and_(*which), **how)


def _indexes() -> None:
    stands, counts = [REC.c.standing], [REC.c.standing, REC.c.joined_to.is_(None)]
    _where("uq_recommendation_key_standing", stands, REC.c.key, unique=True)
    columns = ("turn", "state", "cycle", "session", "mechanism", "position")
    _where("ix_recommendation_turn", counts, *(REC.c[name] for name in columns))
    of_a_state = ("state", "mechanism", "cycle", "session", "turn")  # few: sorted by turn when they are read
    _where("ix_recommendation_state", counts, *(REC.c[name] for name in of_a_state))
    for column in (REC.c.symbol, REC.c.paragraph):
        filled = [*stands, column != sa.literal_column("''", sa.String())]
        ops = {column.name: "text_pattern_ops"}
        _where(f"ix_recommendation_{column.name}", filled, column, REC.c.turn, postgresql_ops=ops)
    _where("ix_recommendation_fallen", [sa.or_(~REC.c.standing, REC.c.joined_to.is_not(None))], REC.c.turn)
    for column in (REC.c.replaces_id, REC.c.joined_to):
        _where(f"ix_recommendation_{column.name}", [column.is_not(None)], column)


_indexes()
