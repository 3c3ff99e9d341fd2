"""What people are to be reminded of, who waits to be told of anything, and what each may still hear."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Letter, Office, Person
from fundapp.access.policy import OF_AN_OFFICE, Permission, may
from fundapp.proposals.models import Call, Notice, NoticeChoice, Proposal, ProposalSection, ProposalVersion
from fundapp.proposals.queries.calls import CALL, CLOSING, Subject, offices_of
from fundapp.proposals.queries.places import places_of_calls
from fundapp.proposals.queries.proposals import visible
from fundapp.proposals.queries.screening import may_screen
from fundapp.proposals.rules.fields import Whole
from fundapp.proposals.rules.reminders import digest_since, due_reminder, key, window
from fundapp.proposals.rules.stages import Stage
from fundapp.reference.models import Country, Region

CALL_CLOSES, RETURN_DUE = "call-closes", "return-due"
UNSENT = frozenset({Stage.DRAFT, Stage.CLEARED})
DIGEST_LETTER, SINGLE_LETTER = "proposals-digest", "proposals-single"


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that a person is to be reminded of, and what makes it one of its kind."""

    fund_id: int
    person_id: int
    proposal_id: int | None
    kind: str
    once: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """Somebody of an office: for which funds, and the State it is in."""

    person_id: int
    office_id: int
    fund_id: int | None
    state: str
    group: str | None
    regions: frozenset[str]


def reminders(session: Session, at: datetime) -> list[Reminder]:
    """The reminders that are due and were not laid down yet."""
    people = _people(session)
    wanted = [*_of_calls(session, at, people), *_of_returns(session, at, people)]
    wanted += [one for telling in TELLINGS for one in telling.reminders(session, at)]
    keys = {one.once for one in wanted}
    asked = sa.select(Notice.person_id, Notice.once).where(Notice.once.in_(keys))
    known = {(row.person_id, row.once) for row in session.execute(asked)} if keys else set()
    found = {(one.person_id, one.once): one for one in wanted}
    return [one for which, one in found.items() if which not in known]


def _people(session: Session) -> list[Posted]:
    country, sub = Country.__table__, Region.__table__.alias("sub")
    asked = (
        sa.select(
            Grant.person_id, Grant.office_id, Grant.fund_id, Office.country, country.c.regional_group,
            country.c.subregion, sub.c.within,
        )
        .join(Person, Person.id == Grant.person_id)
        .join(Office, Office.id == Grant.office_id)
        .join(country, country.c.code == Office.country, isouter=True)
        .join(sub, sub.c.code == country.c.subregion, isouter=True)
        .where(Person.active, Grant.ended_at.is_(None), Grant.role.in_(sorted(OF_AN_OFFICE)))
        .order_by(Grant.person_id, Grant.id)
    )  # fmt: skip
    return [
        Posted(
            row.person_id, row.office_id, row.fund_id, row.country, row.regional_group,
            frozenset(filter(None, (row.subregion, row.within))),
        )
        for row in session.execute(asked)
    ]  # fmt: skip


def _closing(session: Session, at: datetime) -> Sequence[Any]:
    """Open calls that close soon."""
    asked = sa.select(CALL.c.id, CALL.c.fund_id, CLOSING.label("closes")).where(
        CALL.c.opened_at.is_not(None), CALL.c.cancelled_at.is_(None), CALL.c.opens_at <= at, at < CLOSING,
        window(at) > CLOSING,
    )  # fmt: skip
    return session.execute(asked.order_by(CALL.c.id)).all()


def _of_calls(session: Session, at: datetime, people: Sequence[Posted]) -> Iterator[Reminder]:
    """Of a close: to offices that have something to hand in still, and to those the call is for that have nothing."""
    calls = _closing(session, at)
    if not calls:
        return
    keys = [call.id for call in calls]
    stages: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    asked = sa.select(Proposal.call_id, Proposal.office_id, Proposal.stage).where(Proposal.call_id.in_(keys))
    for row in session.execute(asked):
        stages[row.call_id, row.office_id].add(row.stage)
    places = places_of_calls(session, keys)
    for call in calls:
        days = due_reminder(call.closes, at)
        for one in people if days else ():
            there = stages[call.id, one.office_id] - {Stage.DISCARDED}
            begun = bool(there & UNSENT)
            asked_for = not there and places[call.id].includes(one.state, one.group, one.regions)
            if one.fund_id in (None, call.fund_id) and (begun or asked_for):
                once = key("close", call.id, call.closes, days or 0)
                details = {"call": call.id, "due": call.closes.isoformat()}
                yield Reminder(call.fund_id, one.person_id, None, CALL_CLOSES, once, details)


def _of_returns(session: Session, at: datetime, people: Sequence[Posted]) -> Iterator[Reminder]:
    """Of changes that are due: to the office, and on the last day to the desk officer too."""
    asked = sa.select(Proposal).where(
        Proposal.stage == Stage.RETURNED, Proposal.due_at > at, Proposal.due_at < window(at)
    )
    for found in session.scalars(asked.order_by(Proposal.id)):
        assert found.due_at
        days = due_reminder(found.due_at, at)
        if days is None:
            continue
        told = {
            one.person_id for one in people if one.office_id == found.office_id and one.fund_id in (None, found.fund_id)
        }
        if days == 1 and found.officer_id:
            able = may_screen(found.fund_id).where(Person.id == found.officer_id)
            told |= set(session.scalars(able))
        once, details = key("return", found.id, found.due_at, days), {"due": found.due_at.isoformat()}
        for person in sorted(told):
            yield Reminder(found.fund_id, person, found.id, RETURN_DUE, once, details)


# ----------------------------------------------------------------------------------------------------- who is told


def wants_single(session: Session, person_id: int) -> bool:
    """Whether somebody wants a letter for each thing instead of a digest."""
    asked = sa.select(NoticeChoice.single).where(NoticeChoice.person_id == person_id)
    return bool(session.scalar(asked))


def had_digest(session: Session, person_id: int, at: datetime) -> bool:
    """Whether somebody had the digest of this day."""
    asked = sa.select(Letter.id).where(
        Letter.person_id == person_id, Letter.kind == DIGEST_LETTER, Letter.written_at >= digest_since(at)
    )
    return session.scalars(asked.limit(1)).one_or_none() is not None


def people_due(session: Session, at: datetime) -> list[int]:
    """The people who are to be told now: whoever wants single letters, at once; of the others those for whom something
    was laid down before the digest of this day, and who have not had it."""
    single = sa.exists().where(NoticeChoice.person_id == Notice.person_id, NoticeChoice.single)
    had = sa.exists().where(
        Letter.person_id == Notice.person_id, Letter.kind == DIGEST_LETTER, Letter.written_at >= digest_since(at)
    )
    asked = sa.select(Notice.person_id).where(
        Notice.told_at.is_(None), Notice.at <= at, sa.or_(single, sa.and_(Notice.at < digest_since(at), ~had))
    )
    return list(session.scalars(asked.distinct().order_by(Notice.person_id)))


# -------------------------------------------------------------------------------------------------- what may be heard


@dataclass(frozen=True, slots=True)
class Heard:
    """A notice that a person may hear of still: the proposal as they may read it (reference, title), or the
    call with the person's proposals to it that wait to be handed in, or for their sheet."""

    notice: Notice
    fund_id: int
    reference: str
    title: str = ""
    zone: str = "UTC"
    call: Call | None = None
    unsent: tuple[str, ...] = ()


def heard(session: Session, person: Person, waiting: Sequence[Notice], at: datetime) -> list[Heard]:
    """What of these notices a person may hear at this moment; the rest is not for them any more, or is not so."""
    found: list[Heard] = []
    for fund_id in sorted({one.fund_id for one in waiting}):
        mine = [one for one in waiting if one.fund_id == fund_id]
        if may(person, Permission.PROPOSAL_READ, Subject(fund_id)):
            found += _of_proposals(session, person, fund_id, mine)
        if may(person, Permission.CALL_READ, Subject(fund_id)):
            found += _of_closes(session, person, fund_id, mine, at)
        found += [one for telling in TELLINGS for one in telling.heard(session, person, fund_id, mine, at)]
    order = {one.id: number for number, one in enumerate(waiting)}
    return sorted(found, key=lambda one: (one.fund_id, one.reference, order[one.notice.id]))


@dataclass(frozen=True, slots=True)
class Telling:
    """What a package above this one tells of calls and proposals: its reminders that are due, and what of waiting
    notices of its kinds a person may hear."""

    reminders: Callable[[Session, datetime], Iterable[Reminder]]
    heard: Callable[[Session, Person, int, Sequence[Notice], datetime], Iterable[Heard]]


TELLINGS: list[Telling] = []  # packages above this one add theirs


def _of_proposals(session: Session, person: Person, fund_id: int, waiting: Sequence[Notice]) -> Iterator[Heard]:
    keys = {one.proposal_id for one in waiting if one.proposal_id}
    asked = sa.select(Proposal, Call.zone).join(Call, Call.id == Proposal.call_id)
    rows = session.execute(asked.where(Proposal.id.in_(keys), visible(person, fund_id))).all() if keys else []
    known, zones = {found.id: found for found, _ in rows}, {found.id: zone for found, zone in rows}
    mine = offices_of(person, fund_id)
    titles = _titles(session, [one.id for one in known.values() if one.office_id not in mine])
    # while it is changed, lists say what was handed in; its office knows it by what it writes
    titles |= _written(
        session, [one.id for one in known.values() if one.office_id in mine and one.stage == Stage.RETURNED]
    )
    for notice in waiting:
        found = known.get(notice.proposal_id or 0)
        if found is None or not _is_so(notice, found):
            continue
        title = titles.get(found.id) or (found.title if found.office_id in mine else "")
        yield Heard(notice, fund_id, found.reference, title, zones[found.id])


def _is_so(notice: Notice, found: Proposal) -> bool:
    """Whether a reminder is still of a deadline that there is; what happened stays so."""
    if notice.kind != RETURN_DUE:
        return True
    return (
        found.stage == Stage.RETURNED and found.due_at is not None and found.due_at.isoformat() == notice.details["due"]
    )


def _titles(session: Session, proposals: Sequence[int]) -> dict[int, str]:
    """The titles of proposals as they were handed in last."""
    if not proposals:
        return {}
    asked = sa.select(ProposalVersion.proposal_id, ProposalVersion.content)
    asked = asked.where(ProposalVersion.proposal_id.in_(proposals)).order_by(ProposalVersion.number)
    return {row.proposal_id: _title(json.loads(row.content)["sections"]) for row in session.execute(asked)}


def _written(session: Session, proposals: Sequence[int]) -> dict[int, str]:
    """The titles of proposals as they are being written; one query."""
    asked = sa.select(ProposalSection.proposal_id, ProposalSection.content).where(
        ProposalSection.proposal_id.in_(proposals), ProposalSection.name == "context"
    )
    found = session.execute(asked) if proposals else ()
    return {row.proposal_id: _title({"context": row.content}) for row in found}


def _title(whole: Whole) -> str:
    return " ".join(str(whole.get("context", {}).get("title", "")).split())


def _of_closes(
    session: Session, person: Person, fund_id: int, waiting: Sequence[Notice], at: datetime
) -> Iterator[Heard]:
    offices = offices_of(person, fund_id)
    for notice in waiting:
        if notice.kind != CALL_CLOSES or not offices:
            continue
        call = session.get(Call, notice.details["call"])
        closes = session.scalar(sa.select(CLOSING).select_from(CALL).where(CALL.c.id == notice.details["call"]))
        gone = call is None or call.cancelled_at is not None or closes is None or closes <= at
        if gone or closes is None or call is None or closes.isoformat() != notice.details["due"]:
            continue
        asked = sa.select(Proposal.reference, Proposal.stage).where(
            Proposal.call_id == call.id, Proposal.office_id.in_(offices), Proposal.stage != Stage.DISCARDED,
            visible(person, fund_id),
        )  # fmt: skip
        there = session.execute(asked.order_by(Proposal.number)).all()
        unsent = tuple(row.reference for row in there if row.stage in UNSENT)
        if unsent or not there:
            yield Heard(notice, fund_id, call.code, zone=call.zone, call=call, unsent=unsent)
