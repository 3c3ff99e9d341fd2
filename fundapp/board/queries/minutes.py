"""Reading minutes: the versions that were kept, who reads what of them, who approves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import (
    BoardSession,
    Capacity,
    ChairTerm,
    Minutes,
    MinutesApproval,
    Participant,
    SessionNumber,
    SessionStage,
    Trustee,
)
from fundapp.board.queries.withheld import silent_to
from fundapp.board.rules.keeping import canonical, digest, read
from fundapp.board.rules.minutes import MinutesFacts, Reader, read_by
from fundapp.funds.models import Fund
from fundapp.proposals.models import ProposalReader
from fundapp.proposals.queries.proposals import HandedIn, closed_to


@dataclass(frozen=True, slots=True)
class Version:
    """Minutes as they were kept: when and by whom (`name` of a person), and who approved them; `content` of the last
    one alone."""

    id: int
    number: int
    digest: str
    at: datetime
    by: str
    approved_at: datetime | None = None
    chair: str = ""
    name: str = ""
    content: str = ""


def versions_of(session: Session, of: BoardSession) -> Sequence[Version]:
    """The versions of a session's minutes, the last one first; one query."""
    last = sa.case((Minutes.number == sa.func.max(Minutes.number).over(), Minutes.content))
    asked = (
        sa.select(
            Minutes.id, Minutes.number, Minutes.digest, Minutes.at, Minutes.by, MinutesApproval.at, Trustee.name,
            Person.name, last,
        )
        .outerjoin(MinutesApproval, MinutesApproval.minutes_id == Minutes.id)
        .outerjoin(Trustee, Trustee.id == MinutesApproval.trustee_id)
        .outerjoin(Person, Minutes.by == sa.literal("person:") + sa.cast(Person.id, sa.String))
        .where(Minutes.session_id == of.id)
        .order_by(Minutes.number.desc())
    )  # fmt: skip
    return [Version(*row[:6], *(text or "" for text in row[6:])) for row in session.execute(asked)]


def kept_minutes(session: Session, version: Version) -> MinutesFacts:
    """What a version says; one query at most."""
    asked = sa.select(Minutes.content).where(Minutes.id == version.id)
    return read(MinutesFacts, version.content or session.scalars(asked).one())


def last_minutes(session: Session, of: BoardSession) -> Minutes | None:
    """The version that was kept last; none before the first."""
    asked = sa.select(Minutes).where(Minutes.session_id == of.id).order_by(Minutes.number.desc()).limit(1)
    return session.scalars(asked).one_or_none()


def is_approved(session: Session, minutes: Minutes) -> bool:
    """Whether the chair approved a version."""
    asked = sa.select(MinutesApproval.id).where(MinutesApproval.minutes_id == minutes.id)
    return session.scalar(asked) is not None


def reader_of(
    session: Session, actor: Actor, fund: Fund | None, every: frozenset[int] = frozenset(), known: Reader | None = None
) -> Reader:  # fmt: skip
    """What somebody may read of minutes in the pages of a fund, or of all the funds (`every` by their ids); at most two
    queries, one where they are `known` as a reader of one fund."""
    fund_ids = frozenset({fund.id}) if fund else every
    whole = all(may(actor, Permission.CONSIDERED_READ, HandedIn(one)) for one in fund_ids)
    closed = closed_to(actor)
    return Reader(
        fund.code if fund else None,
        closed,
        known.hidden if known else tuple(silent_to(session, actor).hidden),
        None if whole else frozenset(_opened(session, actor)),
    )


def as_read(
    session: Session, actor: Actor, of: BoardSession, facts: MinutesFacts, known: Reader | None = None
) -> str:  # fmt: skip
    """The digest of what somebody reads of a session's minutes, of the funds all: that is what they say they read when
    they keep them; two queries at most."""
    return digest(canonical(read_by(facts, reader_of(session, actor, None, of.fund_ids, known))))


def to_approve(session: Session, actor: Actor, fund: Fund) -> Sequence[int]:
    """The sessions of a fund, by their numbers, whose minutes wait for somebody to approve them as their chair; one
    query."""
    later = sa.orm.aliased(Minutes)
    waits = sa.exists().where(
        Minutes.session_id == BoardSession.id,
        ~sa.exists().where(MinutesApproval.minutes_id == Minutes.id),
        ~sa.exists().where(later.session_id == Minutes.session_id, later.number > Minutes.number),
    )
    asked = (
        sa.select(SessionNumber.number)
        .join(BoardSession, BoardSession.id == SessionNumber.session_id)
        .join(Participant, Participant.session_id == BoardSession.id)
        .join(Trustee, Trustee.id == Participant.trustee_id)
        .where(SessionNumber.fund_id == fund.id, BoardSession.stage == SessionStage.OPEN, waits)
        .where(Participant.capacity == Capacity.CHAIR, Participant.removed_at.is_(None), Trustee.person_id == actor.id)
    )
    return session.scalars(asked.order_by(SessionNumber.number)).all()


def _opened(session: Session, actor: Actor) -> Sequence[int]:
    asked = sa.select(ProposalReader.proposal_id)
    return session.scalars(
        asked.where(ProposalReader.person_id == actor.id, ProposalReader.ended_at.is_(None))
    ).all()  # fmt: skip


def sees_drafts(reader: Reader) -> bool:
    """Whether somebody reads minutes before they are kept: not trustees, who get what the secretariat sends them."""
    return reader.opened is None


def chair_of(session: Session, of: BoardSession) -> Trustee | None:
    """Who approves the minutes of a session: the trustee who took part as its chair, or where none did whoever chaired
    the Board on its last day; at most two queries."""
    took = sa.select(Trustee).join(Participant, Participant.trustee_id == Trustee.id)
    found = session.scalars(
        took.where(
            Participant.session_id == of.id,
            Participant.capacity == Capacity.CHAIR,
            Participant.removed_at.is_(None),
            sa.or_(Participant.present.is_(None), Participant.present.is_(True)),
        ).order_by(Participant.id)
    ).first()
    return found or session.scalars(_chairs(of)).first()


def _chairs(of: BoardSession) -> sa.Select[Trustee]:
    chair = ChairTerm
    asked = sa.select(Trustee).join(chair, chair.trustee_id == Trustee.id)
    until = sa.or_(chair.until.is_(None), chair.until >= of.until)
    return asked.where(chair.board_id == of.board_id, chair.since <= of.until, until).order_by(chair.since.desc())
