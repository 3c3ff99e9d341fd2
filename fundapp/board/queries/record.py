"""The record of a session as the facts of its minutes: all of it, whoever reads; rules/minutes.py says who reads what.
A constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.board.models import (
    AgendaItem,
    AgendaText,
    BoardSession,
    Considered,
    FollowUpAction,
    Participant,
    SessionNumber,
    SessionStage,
    Trustee,
)
from fundapp.board.queries.outcomes import Put, advised, decided, interests, kept_apart
from fundapp.board.rules.minutes import (
    SHARED,
    Action,
    Arising,
    Attending,
    Before,
    Item,
    MinutesFacts,
    Numbered,
)
from fundapp.funds.models import Fund
from fundapp.proposals.models import Proposal
from fundapp.reference.models import Country


@dataclass(frozen=True, slots=True)
class Held:
    """A session of the Board among the others: its days, and the numbers that it has."""

    id: int
    since: date
    until: date
    numbers: tuple[Numbered, ...]


def minutes_facts(session: Session, of: BoardSession) -> MinutesFacts:
    """What the record says of a session, for its minutes; eight queries at most."""
    held, codes = _held(session, of)
    this, earlier = held[-1], held[:-1]
    last = earlier[-1] if earlier else None
    put = _put(session, [of.id, *([last.id] if last else [])])
    people = _participants(session, of)
    proposals = _before(session, put, codes, [one for one, _ in people], last.id if last else 0, of.until)
    actions = _actions(session, held, codes)
    return MinutesFacts(
        this.numbers, of.since, of.until, of.zone, of.way.value, of.quorum, of.place, of.hosts, of.silent_until,
        tuple(Attending(one.name, one.capacity.value, one.function, one.present, _names(s)) for one, s in people),
        tuple(_items(session, of, codes, put, proposals)),
        tuple(action for action, at in actions if at.id == of.id),
        _arising(of, last, actions, put, proposals),
    )  # fmt: skip


def _names(state: Country | None) -> Mapping[str, str] | None:
    return state.names if state else None


def _held(session: Session, of: BoardSession) -> tuple[list[Held], dict[int, str]]:
    """The sessions of the Board up to this one, which is the last, without those that were cancelled; and the codes of
    their funds."""
    asked = (
        sa.select(BoardSession, SessionNumber, Fund)
        .join(SessionNumber, SessionNumber.session_id == BoardSession.id)
        .join(Fund, Fund.id == SessionNumber.fund_id)
        .where(BoardSession.board_id == of.board_id, (BoardSession.since < of.since) | (BoardSession.id == of.id))
        .where((BoardSession.stage != SessionStage.CANCELLED) | (BoardSession.id == of.id))
        .order_by(BoardSession.since, BoardSession.id, Fund.id)
    )
    found: dict[int, list[Numbered]] = {}
    days: dict[int, tuple[date, date]] = {}
    codes: dict[int, str] = {}
    for one, number, fund in session.execute(asked):
        found.setdefault(one.id, []).append(Numbered(fund.code, fund.names, number.number))
        days[one.id], codes[fund.id] = (one.since, one.until), fund.code
    order = sorted(found, key=lambda key: (key == of.id, days[key][0], key))
    return [Held(key, *days[key], tuple(found[key])) for key in order], codes


def _participants(session: Session, of: BoardSession) -> Sequence[tuple[Participant, Country | None]]:
    asked = (
        sa.select(Participant, Country)
        .outerjoin(Trustee, Trustee.id == Participant.trustee_id)
        .outerjoin(Country, Country.code == Trustee.country)
        .options(sa.orm.contains_eager(Participant.trustee))
        .where(Participant.session_id == of.id, Participant.removed_at.is_(None))
        .order_by(Participant.id)
    )
    return [(*row,) for row in session.execute(asked)]


def _put(session: Session, sessions: Iterable[int]) -> list[Put]:
    asked = (
        sa.select(Considered, Proposal, Country)
        .join(Proposal, Proposal.id == Considered.proposal_id)
        .outerjoin(Country, Country.code == Proposal.country)
        .where(Considered.session_id.in_(list(sessions)), Considered.removed_at.is_(None))
        .order_by(Proposal.reference, Considered.id)
    )
    return [Put(*row) for row in session.execute(asked)]


def _before(
    session: Session, put: Sequence[Put], codes: Mapping[int, str], people: Sequence[Participant], last: int,
    until: date,
) -> dict[int, Before]:  # fmt: skip
    """The proposals of this session and of the one before (`last`), by the id under which they were put before it."""
    if not put:
        return {}
    known = interests(session, put)
    apart, advice = kept_apart(known, put, people), advised(session, put, known)
    earlier = {one.considered.id for one in put if one.considered.session_id == last}
    decisions = decided(session, put, earlier, until)
    return {
        one.considered.id: Before(
            one.proposal.id, one.proposal.reference, one.proposal.title, one.proposal.language,
            codes[one.proposal.fund_id], _names(one.state), one.considered.asked_cents,
            one.considered.deferred_from_id is not None,
            () if one.considered.id in earlier else apart.get(one.considered.id, ()),
            advice.get(one.considered.id), decisions.get(one.considered.id),
        )
        for one in put
    }  # fmt: skip


def _items(
    session: Session, of: BoardSession, codes: Mapping[int, str], put: Sequence[Put], proposals: Mapping[int, Before]
) -> list[Item]:  # fmt: skip
    asked = (
        sa.select(AgendaItem, AgendaText)
        .outerjoin(AgendaText, AgendaText.item_id == AgendaItem.id)
        .where(AgendaItem.session_id == of.id, AgendaItem.removed_at.is_(None))
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    items: dict[int, AgendaItem] = {}
    texts: dict[int, dict[str, str]] = {}
    rows: list[tuple[AgendaItem, AgendaText | None]] = [(*row,) for row in session.execute(asked)]
    for item, text in rows:
        items[item.id] = item
        if text is not None and text.text:
            texts.setdefault(item.id, {})[text.language] = text.text
    under: dict[int, list[Before]] = {}
    for one in put:
        under.setdefault(one.considered.item_id, []).append(proposals[one.considered.id])
    return [
        Item(
            key, item.kind.value, codes.get(item.fund_id or 0, SHARED), _written(item.names), texts.get(key, {}),
            tuple(under.get(key, ())),
        )
        for key, item in items.items()
    ]  # fmt: skip


def _written(names: Mapping[str, str]) -> dict[str, str]:
    return {language: name for language, name in names.items() if name}


def _actions(
    session: Session, held: Sequence[Held], codes: Mapping[int, str]
) -> list[tuple[Action, Held]]:  # fmt: skip
    """The actions of this session and of those before it, as they stood at the end of this one."""
    by_id = {one.id: one for one in held}
    asked = (
        sa.select(FollowUpAction, AgendaItem.fund_id)
        .outerjoin(AgendaItem, AgendaItem.id == FollowUpAction.item_id)
        .where(FollowUpAction.session_id.in_(list(by_id)))
        .order_by(FollowUpAction.id)
    )
    found = []
    for one, fund_id in session.execute(asked):
        at = by_id[one.session_id]
        done = one.done_at.date() if one.done_at and at.id != held[-1].id else None
        known = done is not None and done <= held[-1].until
        action = Action(
            one.text, one.owner, codes.get(fund_id or 0, SHARED), one.due_on, one.item_id, at.numbers,
            done if known else None, one.done_note if known else "",
        )  # fmt: skip
        found.append((action, at))
    return found


def _arising(
    of: BoardSession, last: Held | None, actions: Sequence[tuple[Action, Held]], put: Sequence[Put],
    proposals: Mapping[int, Before],
) -> Arising | None:  # fmt: skip
    if last is None:
        return None
    left = tuple(
        action for action, at in actions
        if at.id != of.id and (action.done_on is None or action.done_on > last.until)
    )  # fmt: skip
    before = tuple(proposals[one.considered.id] for one in put if one.considered.session_id == last.id)
    return Arising(last.numbers, last.since, last.until, left, before)
