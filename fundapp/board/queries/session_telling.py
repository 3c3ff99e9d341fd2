"""What trustees are reminded of before a session, and what of it they may still hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Permission, may
from fundapp.board.models import BoardSession, Considered, Interest, Participant, SessionStage, Trustee
from fundapp.funds.models import Board, Fund
from fundapp.proposals.models import Notice, Proposal, Recusal
from fundapp.proposals.queries.reminding import TELLINGS, Heard, Reminder, Telling
from fundapp.proposals.rules.calls import said_moment
from fundapp.proposals.rules.reminders import due_reminder, key

OPENED, CANCELLED, DECLARE = "session-opened", "session-cancelled", "session-declare"
OF_A_SESSION = frozenset({OPENED, CANCELLED, DECLARE})
DAYS = (7, 1)  # before the first day of a session


def reminders(session: Session, at: datetime) -> Iterator[Reminder]:
    """Of sessions that begin soon, to trustees who have not declared their interests; two queries where one is
    near."""
    near = sa.select(BoardSession).where(
        BoardSession.stage == SessionStage.OPEN, BoardSession.since > at.date(),
        BoardSession.since < at.date() + timedelta(days=9),
    )  # fmt: skip
    for of in session.scalars(near.order_by(BoardSession.id)).all():
        begins = begins_at(of)
        days = due_reminder(begins, at)
        if days not in DAYS:
            continue
        for person, fund_id in session.execute(_undeclared(of.id)):
            details = {"session": of.id, "due": begins.isoformat()}
            yield Reminder(fund_id, person, None, DECLARE, key("session", of.id, begins, days), details)


def begins_at(of: BoardSession) -> datetime:
    """The moment at which the first day of a session begins where it is held."""
    return said_moment(of.since, None, of.zone, last=False, field="since")


def _undeclared(session_id: int) -> sa.Select[int, int]:
    """The people who have an interest to declare before a session, each with a fund of the proposals."""
    said = sa.exists().where(Interest.considered_id == Considered.id, Interest.trustee_id == Trustee.id)
    kept = sa.exists().where(
        Recusal.proposal_id == Considered.proposal_id, Recusal.person_id == Trustee.person_id,
        Recusal.lifted_at.is_(None),
    )  # fmt: skip
    return (
        sa.select(Person.id, sa.func.min(Proposal.fund_id))
        .join(Trustee, Trustee.person_id == Person.id)
        .join(Participant, Participant.trustee_id == Trustee.id)
        .join(Considered, Considered.session_id == Participant.session_id)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .where(Participant.session_id == session_id, Participant.removed_at.is_(None), Person.active)
        .where(Considered.removed_at.is_(None), ~said, ~kept)
        .group_by(Person.id)
        .order_by(Person.id)
    )


def heard(session: Session, person: Person, fund_id: int, waiting: Sequence[Notice], at: datetime) -> Iterator[Heard]:
    """What of these notices a trustee may hear: of sessions that stand as they say, by the number for the fund."""
    for notice in (one for one in waiting if one.kind in OF_A_SESSION):
        of = session.get(BoardSession, notice.details["session"])
        if of is None or not may(person, Permission.SESSION_READ, of) or not _is_so(session, notice, of, person, at):
            continue
        fund, board = session.get_one(Fund, fund_id), session.get_one(Board, of.board_id)
        name = f"{fund.code} {of.number(fund_id)}"
        yield Heard(notice, fund_id, name, title=board.name(person.language), zone=of.zone)


def _is_so(session: Session, notice: Notice, of: BoardSession, person: Person, at: datetime) -> bool:
    """Whether a notice is still of what there is."""
    if notice.kind == CANCELLED:
        return of.stage == SessionStage.CANCELLED
    if of.stage != SessionStage.OPEN or notice.fund_id not in of.fund_ids:
        return False
    if notice.kind == OPENED:
        return True
    same = begins_at(of).isoformat() == notice.details["due"] and begins_at(of) > at
    return same and any(key == person.id for key, _ in session.execute(_undeclared(of.id)))


TELLINGS.append(Telling(reminders, heard))
