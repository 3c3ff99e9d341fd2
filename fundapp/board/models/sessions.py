"""Tables of a Board's sessions: their numbers, participants, agenda and documents, and what is kept of what the Board
saw. Moments are UTC; the zone beside them is the one in which they were said."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.board.models.members import BY, Trustee
from fundapp.kernel.base import Entity, SixNames

DIGEST = sa.String(64)
LANGUAGE = sa.String(2)


class Way(StrEnum):
    """How a Board meets: at a place, online, or not at all, by written procedure."""

    PLACE = "place"
    ONLINE = "online"
    WRITTEN = "written"


class SessionStage(StrEnum):
    """Where a session stands: planned; opened to the trustees, with its dossier; closed, once its minutes are approved;
    cancelled."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class BoardSession(Entity):
    """A meeting of a Board, or a written procedure in its place. `quorum` is copied from the Board's rules when it is
    planned; `silent_until`: by when a trustee objects in a written procedure, after which silence is consent."""

    __tablename__ = "board_session"
    board_id: Mapped[int] = mapped_column(sa.ForeignKey("board.id"), index=True)
    since: Mapped[date]
    until: Mapped[date]
    zone: Mapped[str] = mapped_column(sa.String(60))
    way: Mapped[Way]
    place: Mapped[str] = mapped_column(sa.String(200))
    hosts: Mapped[str] = mapped_column(sa.String(300))
    quorum: Mapped[int]
    silent_until: Mapped[datetime | None]
    stage: Mapped[SessionStage]
    stage_since: Mapped[datetime]
    planned_at: Mapped[datetime]
    planned_by: Mapped[str] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    numbers: Mapped[list[SessionNumber]] = relationship(viewonly=True, order_by="SessionNumber.fund_id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it

    @property
    def fund_ids(self) -> frozenset[int]:
        """The funds whose Board meets: a role in one of them counts."""
        return frozenset(one.fund_id for one in self.numbers)

    def number(self, fund_id: int) -> int:
        """The number that it has for a fund."""
        return next(one.number for one in self.numbers if one.fund_id == fund_id)


class OfSession:
    """What belongs to a session, as the policy judges it."""

    if TYPE_CHECKING:
        session: Mapped[BoardSession]

    @property
    def fund_ids(self) -> frozenset[int]:
        """The funds whose Board meets."""
        return self.session.fund_ids


class SessionNumber(Entity):
    """The number that a session has for a fund: one meeting has two where the Board serves two funds."""

    __tablename__ = "session_number"
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("board_session.id"))
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    number: Mapped[int]
    __table_args__ = (sa.UniqueConstraint("session_id", "fund_id"), sa.UniqueConstraint("fund_id", "number"))


class SessionMove(Entity):
    """A step of a session, as planning, opening, closing, reopening or cancelling, with its reason; never changed."""

    __tablename__ = "session_move"
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("board_session.id"), index=True)
    move: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class Capacity(StrEnum):
    """In what capacity somebody takes part in a session."""

    CHAIR = "chair"
    TRUSTEE = "trustee"
    SECRETARIAT = "secretariat"
    HOST = "host"
    OBSERVER = "observer"
    GUEST = "guest"


class Participant(OfSession, Entity):
    """Somebody who is to take part in a session; `present`: none before that is known. Trustees are named by who they
    are."""

    __tablename__ = "session_participant"
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("board_session.id"), index=True)
    trustee_id: Mapped[int | None] = mapped_column(sa.ForeignKey("trustee.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    capacity: Mapped[Capacity]
    function: Mapped[str] = mapped_column(sa.String(200))
    present: Mapped[bool | None]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    trustee: Mapped[Trustee | None] = relationship(viewonly=True)
    session: Mapped[BoardSession] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class ItemKind(StrEnum):
    """What an item of an agenda is about."""

    MATTERS = "matters-arising"
    POLICY = "policy"
    FINANCE = "finance"
    PROPOSALS = "proposals"
    BRIEFING = "briefing"
    OTHER = "other"


class AgendaItem(OfSession, Entity, SixNames):
    """An item of a session's agenda; its name is its title, empty in the languages that have none. `fund_id`: the fund
    that it is of, none for what the funds of the Board share; `call_id`: the call whose proposals it takes up."""

    __tablename__ = "agenda_item"
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("board_session.id"), index=True)
    position: Mapped[int]
    kind: Mapped[ItemKind]
    fund_id: Mapped[int | None] = mapped_column(sa.ForeignKey("fund.id"))
    call_id: Mapped[int | None] = mapped_column(sa.ForeignKey("call.id"))
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    session: Mapped[BoardSession] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class AgendaText(Entity):
    """What the minutes say on an item in a language, in the words of the secretariat."""

    __tablename__ = "agenda_text"
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    language: Mapped[str] = mapped_column(LANGUAGE)
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("item_id", "language"),)


class AgendaDocument(Entity):
    """A document for an item of the agenda: a file, kept by its digest. Taken off, the file stays."""

    __tablename__ = "agenda_document"
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[str] = mapped_column(LANGUAGE)
    name: Mapped[str] = mapped_column(sa.String(255))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    digest: Mapped[str] = mapped_column(DIGEST)
    size: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(BY)


class SnapshotKind(StrEnum):
    """What a snapshot holds: a proposal with its scores and budget, or the financial situation of a fund."""

    PROPOSAL = "proposal"
    SITUATION = "situation"


class BoardSnapshot(Entity):
    """What the Board saw, on the day: canonical JSON and its SHA-256; never changed. `proposal_id` or `fund_id` says of
    what."""

    __tablename__ = "board_snapshot"
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("board_session.id"), index=True)
    kind: Mapped[SnapshotKind]
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(DIGEST)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
