"""Tables of a Board: its rules, seats, trustees, their terms, and who chairs it."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.kernel.base import Entity
from fundapp.reference.rules import Group

BY = sa.String(255)


class BoardRules(Entity):
    """What a Board goes by, as data: how many trustees must take part, how many years a term has and how many terms
    follow each other, and how many sessions a chair covers at least."""

    __tablename__ = "board_rules"
    board_id: Mapped[int] = mapped_column(sa.ForeignKey("board.id"), unique=True)
    quorum: Mapped[int]
    term_years: Mapped[int]
    most_terms: Mapped[int]
    chair_sessions: Mapped[int]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class BoardSeat(Entity):
    """A seat of a Board: one for each regional group."""

    __tablename__ = "board_seat"
    board_id: Mapped[int] = mapped_column(sa.ForeignKey("board.id"))
    regional_group: Mapped[Group] = mapped_column(sa.ForeignKey("regional_group.code"))
    __table_args__ = (sa.UniqueConstraint("board_id", "regional_group"),)


class Trustee(Entity):
    """Somebody who is or was a trustee; `country` of their nationality; `person_id`: as whom they sign in, none for one
    of the past who never does."""

    __tablename__ = "trustee"
    board_id: Mapped[int] = mapped_column(sa.ForeignKey("board.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    country: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    version: Mapped[int] = mapped_column()
    terms: Mapped[list[TrusteeTerm]] = relationship(viewonly=True, order_by="TrusteeTerm.since")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class TrusteeTerm(Entity):
    """A seat held from one day to another, both included; `number`: the first term of a trustee or the second. One that
    ended before its time says when and why."""

    __tablename__ = "trustee_term"
    trustee_id: Mapped[int] = mapped_column(sa.ForeignKey("trustee.id"), index=True)
    seat_id: Mapped[int] = mapped_column(sa.ForeignKey("board_seat.id"), index=True)
    number: Mapped[int]
    since: Mapped[date]
    until: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it

    @property
    def last_day(self) -> date:
        """The last day on which the seat is held."""
        return min(self.until, self.ended_on) if self.ended_on else self.until

    @property
    def held(self) -> bool:
        """Whether there is a day on which the seat is held: one that ended the day before it began never was."""
        return self.since <= self.last_day


class ChairTerm(Entity):
    """A trustee who chairs a Board from a day on; until none is said, or the day before the next."""

    __tablename__ = "chair_term"
    board_id: Mapped[int] = mapped_column(sa.ForeignKey("board.id"), index=True)
    trustee_id: Mapped[int] = mapped_column(sa.ForeignKey("trustee.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
