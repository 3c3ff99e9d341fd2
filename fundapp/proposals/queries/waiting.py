"""What waits for whom: drafts that can be opened, calls that close soon, and who else could open one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Office, Person
from fundapp.access.policy import Actor, Role
from fundapp.funds.models import Fund
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.models import Call, CallArea, CallPlace
from fundapp.proposals.queries.calls import CALL, CLOSING, CallRow, offices_of, rank_of, reads_drafts, row_of, seen
from fundapp.proposals.rules import Stage
from fundapp.reference.models import Country, Region

_COUNTRY, _SUB = Country.__table__, Region.__table__


def drafts_ready(session: Session, actor: Actor, fund: Fund, now: datetime) -> list[Call]:
    """The drafts of a fund that have what opening asks of them, oldest first; one query."""
    if not reads_drafts(actor, fund.id):
        return []
    texts = sa.or_(*(sa.and_(CALL.c[f"name_{x}"] != "", CALL.c[f"guidance_{x}"] != "") for x in LANGUAGES))
    asked = sa.select(Call).where(
        CALL.c.fund_id == fund.id, CALL.c.opened_at.is_(None), CALL.c.cancelled_at.is_(None), texts,
        CALL.c.opens_at.is_not(None), CALL.c.envelope_cents.is_not(None), CALL.c.ceiling_cents.is_not(None),
        sa.or_(CALL.c.standing, CALL.c.closes_at > now), sa.exists().where(CallArea.call_id == CALL.c.id),
    )  # fmt: skip
    return list(session.scalars(asked.order_by(Call.id)))


def closing_soon(session: Session, actor: Actor, fund: Fund, now: datetime, days: int) -> list[CallRow]:
    """Open calls for the States of somebody's offices that close within so many days, soonest first; two queries."""
    offices = offices_of(actor, fund.id)
    if not offices:
        return []
    rank = rank_of(now)
    asked = (
        sa.select(CALL, rank.label("stage"), CLOSING.label("closing"))
        .where(*seen(actor, fund.id, now), rank == Stage.OPEN.value, now + timedelta(days=days) >= CLOSING)
        .order_by(CLOSING, CALL.c.id)
    )
    rows = [row_of(found) for found in session.execute(asked)]
    fits = _for_offices(session, [row.id for row in rows], offices) if rows else set()
    return [row for row in rows if row.id in fits]


def _for_offices(session: Session, calls: Collection[int], offices: Collection[int]) -> set[int]:
    """Which of these calls are for a State of these offices."""
    place, sub = CallPlace.__table__, _SUB.alias("sub")
    states = (
        sa.select(_COUNTRY.c.code, _COUNTRY.c.regional_group, _COUNTRY.c.subregion, sub.c.within)
        .join(sub, sub.c.code == _COUNTRY.c.subregion, isouter=True)
        .where(_COUNTRY.c.code.in_(sa.select(Office.__table__.c.country).where(Office.__table__.c.id.in_(offices))))
        .subquery()
    )
    fits = sa.exists().select_from(place.join(states, sa.or_(
        place.c.state == states.c.code, place.c.regional_group == states.c.regional_group,
        place.c.region == states.c.subregion, place.c.region == states.c.within,
    ))).where(place.c.call_id == CALL.c.id)  # fmt: skip
    everywhere = ~sa.exists().where(place.c.call_id == CALL.c.id)
    return set(session.scalars(sa.select(CALL.c.id).where(CALL.c.id.in_(calls), sa.or_(everywhere, fits))))


def others_who_open(session: Session, found: Call) -> int:
    """How many secretaries of the fund did not work on the draft last, and so may open the call."""
    held = Grant.__table__
    asked = (
        sa.select(sa.func.count(sa.distinct(held.c.person_id)))
        .join(Person.__table__, Person.__table__.c.id == held.c.person_id)
        .where(
            held.c.role == Role.SECRETARY,
            held.c.ended_at.is_(None),
            sa.or_(held.c.fund_id.is_(None), held.c.fund_id == found.fund_id),
            Person.__table__.c.active,
            held.c.person_id != (found.prepared_by_id or 0),
        )
    )
    return session.scalar(asked) or 0
