"""Reading a Board as a body: its seats and who holds them on a day, everybody who is or was a trustee, its chairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Person
from fundapp.access.policy import Role
from fundapp.board.models import (
    BoardRules,
    BoardSeat,
    BoardSession,
    ChairTerm,
    Participant,
    SessionNumber,
    SessionStage,
    Trustee,
    TrusteeTerm,
)
from fundapp.board.queries.sitting import rules_of
from fundapp.board.rules.seats import Chair, Held, Meeting, Seat, State, seat_on, sessions_in, short_chairs
from fundapp.funds.models import Board, Fund
from fundapp.kernel.languages import LANGUAGES
from fundapp.reference.models import Country, RegionalGroup


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is, was or is to be a trustee, with the terms that they took up, the first one first."""

    id: int
    name: str
    country: str
    terms: tuple[Held, ...]
    may_sign_in: bool

    @property
    def last_day(self) -> date | None:
        """The last day on which they hold a seat, as far as is known; none for whoever never had one."""
        return max((one.last_day for one in self.terms), default=None)


@dataclass(frozen=True, slots=True)
class Body:
    """A Board on a day; `countries` are names by their codes."""

    day: date
    rules: BoardRules
    seats: Sequence[Seat]
    members: Sequence[Member]
    chairs: Sequence[Chair]
    sessions: Sequence[Meeting]
    countries: Mapping[str, str]

    @property
    def past(self) -> list[Member]:
        """Those who held a seat before the day and hold none any more, the latest first."""
        found = [one for one in self.members if one.last_day and one.last_day < self.day]
        return sorted(found, key=lambda one: one.last_day or self.day, reverse=True)

    @property
    def without_seat(self) -> list[Member]:
        """Those who are recorded and were given no seat yet."""
        return [one for one in self.members if not one.terms]

    @property
    def still_signing_in(self) -> list[str]:
        """The names of those of the past who can still sign in as a trustee."""
        return [one.name for one in self.past if one.may_sign_in]

    @property
    def short(self) -> frozenset[int]:
        """The chairs who made way too early."""
        return short_chairs(self.chairs, self.rules.chair_sessions)

    @property
    def terms(self) -> list[Held]:
        """The terms that were taken up, or will be."""
        return [term for member in self.members for term in member.terms]

    @property
    def next_end(self) -> Held | None:
        """Of the terms that run, the one that ends first."""
        running = [seat.now for seat in self.seats if seat.now]
        return min(running, key=lambda one: one.last_day, default=None)

    @property
    def state(self) -> State:
        """The Board as the rules judge it."""
        coming = next((one for one in self.sessions if one.until >= self.day), None)
        held = self.terms
        ahead = {
            seat.id: any(one.seat == seat.id and one.on(coming.since) for one in held) for seat in self.seats if coming
        }
        rules = self.rules
        return State(self.day, self.seats, self.chairs, rules.quorum, rules.most_terms, coming, ahead)


def body(session: Session, of: Board, fund_id: int, day: date, language: str) -> Body:
    """A Board on a day, its sessions by the numbers that they have for a fund; six queries."""
    terms = _terms(session, of.id)
    seats = [seat_on(key, group, names, terms, day) for key, group, names in seats_of(session, of.id)]
    sessions = sessions_of(session, of.id, fund_id)
    chairs = covering(chairs_of(session, of.id), sessions)
    members, countries = _members(session, of.id, terms, language)
    return Body(day, rules_of(session, of.id), seats, members, chairs, sessions, countries)


def seats_of(session: Session, board_id: int) -> list[tuple[int, str, Mapping[str, str]]]:
    """The seats of a Board: id, regional group and its names, in the order of the groups; one query."""
    group = RegionalGroup.__table__
    names = [group.c[f"name_{language}"] for language in LANGUAGES]
    asked = (
        sa.select(BoardSeat.id, BoardSeat.regional_group, *names)
        .join(group, group.c.code == BoardSeat.regional_group)
        .where(BoardSeat.board_id == board_id)
        .order_by(group.c.id)
    )
    return [(row[0], row[1], dict(zip(LANGUAGES, row[2:], strict=True))) for row in session.execute(asked)]


def may_sign_in(board_id: int) -> sa.ColumnElement[bool]:
    """Whether the person of a trustee signs in and holds the role in a fund of the Board, as a filter."""
    funds = sa.select(Fund.id).where(Fund.board_id == board_id)
    return sa.exists().where(
        Person.id == Trustee.person_id,
        Person.active,
        Grant.person_id == Person.id,
        Grant.role == Role.TRUSTEE,
        Grant.ended_at.is_(None),
        sa.or_(Grant.fund_id.is_(None), Grant.fund_id.in_(funds)),
    )


def _terms(session: Session, board_id: int) -> list[Held]:
    term = TrusteeTerm
    asked = (
        sa.select(
            term.id, term.version, term.seat_id, term.trustee_id, Trustee.name,
            sa.func.coalesce(Trustee.country, ""), Country.regional_group, term.number, term.since, term.until,
            term.ended_on, term.end_reason, may_sign_in(board_id),
        )
        .join(Trustee, Trustee.id == term.trustee_id)
        .outerjoin(Country, Country.code == Trustee.country)
        .where(Trustee.board_id == board_id)
        .order_by(term.since, term.id)
    )  # fmt: skip
    rows: Sequence[Any] = session.execute(asked).all()
    return [Held(*row) for row in rows]


def _members(
    session: Session, board_id: int, terms: Sequence[Held], language: str
) -> tuple[list[Member], dict[str, str]]:
    country = Country.__table__
    asked = (
        sa.select(Trustee.id, Trustee.name, Trustee.country, may_sign_in(board_id), country.c[f"name_{language}"])
        .outerjoin(country, country.c.code == Trustee.country)
        .where(Trustee.board_id == board_id)
        .order_by(Trustee.name, Trustee.id)
    )
    found, names = [], {}
    for key, name, code, signs_in, state in session.execute(asked):
        own = tuple(one for one in terms if one.trustee == key and one.taken_up)
        found.append(Member(key, name, code or "", own, signs_in))
        names[code or ""] = state or ""
    return found, names


def chairs_of(session: Session, board_id: int) -> list[Chair]:
    """Who chaired, chairs and is to, the latest first, without those who never took it up; one query."""
    asked = (
        sa.select(ChairTerm.id, ChairTerm.version, Trustee.id, Trustee.name, ChairTerm.since, ChairTerm.until)
        .join(Trustee, Trustee.id == ChairTerm.trustee_id)
        .where(ChairTerm.board_id == board_id)
        .order_by(ChairTerm.since.desc(), ChairTerm.id.desc())
    )
    return [one for one in (Chair(*row) for row in session.execute(asked)) if one.term.held]


def covering(chairs: Iterable[Chair], sessions: Sequence[Meeting]) -> list[Chair]:
    """The same with how many sessions began while each chaired."""
    return [replace(one, sessions=sessions_in(one.term, sessions)) for one in chairs]


def sessions_of(session: Session, board_id: int, fund_id: int) -> list[Meeting]:
    """The sessions that are not cancelled, in the order of their days; one query."""
    number = SessionNumber
    asked = (
        sa.select(BoardSession.since, BoardSession.until, sa.func.coalesce(number.number, 0))
        .outerjoin(number, sa.and_(number.session_id == BoardSession.id, number.fund_id == fund_id))
        .where(BoardSession.board_id == board_id, BoardSession.stage != SessionStage.CANCELLED)
        .order_by(BoardSession.since, BoardSession.id)
    )
    return [Meeting(*row) for row in session.execute(asked)]


def signs_in(session: Session, trustee: Trustee) -> bool:
    """Whether a trustee can sign in as one; one query."""
    asked = sa.select(Trustee.id).where(Trustee.id == trustee.id, may_sign_in(trustee.board_id))
    return session.scalar(asked) is not None


def trustee_at(session: Session, board_id: int, key: int) -> Trustee | None:
    """The trustee of a Board by their id; one query."""
    return session.scalars(
        sa.select(Trustee).where(Trustee.board_id == board_id, Trustee.id == key)
    ).one_or_none()  # fmt: skip


def term_at(session: Session, board_id: int, key: int) -> TrusteeTerm | None:
    """The term of a trustee of a Board by its id; one query."""
    asked = sa.select(TrusteeTerm).join(Trustee, Trustee.id == TrusteeTerm.trustee_id)
    return session.scalars(asked.where(Trustee.board_id == board_id, TrusteeTerm.id == key)).one_or_none()


def chair_at(session: Session, board_id: int, key: int) -> ChairTerm | None:
    """A time in the chair of a Board by its id; one query."""
    return session.scalars(
        sa.select(ChairTerm).where(ChairTerm.board_id == board_id, ChairTerm.id == key)
    ).one_or_none()  # fmt: skip


def terms_of(session: Session, board_id: int) -> list[TrusteeTerm]:
    """Every term of a Board; one query."""
    asked = sa.select(TrusteeTerm).join(Trustee, Trustee.id == TrusteeTerm.trustee_id)
    return list(session.scalars(asked.where(Trustee.board_id == board_id)))


def who_may_sign_in(session: Session, of: Board, besides: int | None = None) -> list[tuple[int, str]]:
    """People who hold the role of trustee in a fund of a Board and are nobody's yet, by name; one query. besides: one
    who is offered all the same."""
    holds = sa.exists().where(
        Grant.person_id == Person.id,
        Grant.role == Role.TRUSTEE,
        Grant.ended_at.is_(None),
        sa.or_(Grant.fund_id.is_(None), Grant.fund_id.in_(of.fund_ids)),
    )
    taken = sa.exists().where(Trustee.person_id == Person.id)
    free = sa.and_(Person.active, holds, sa.not_(taken))
    asked = sa.select(Person.id, Person.name).where(sa.or_(free, Person.id == (besides or 0)))
    return [(key, name) for key, name in session.execute(asked.order_by(Person.name, Person.id))]


@dataclass(frozen=True, slots=True)
class Attended:
    """A session that a trustee was to take part in; present: none before that is known."""

    since: date
    number: int
    present: bool | None


def attended(session: Session, trustee: int, fund_id: int) -> list[Attended]:
    """The sessions that a trustee was to take part in, the latest first; one query."""
    number = SessionNumber
    asked = (
        sa.select(BoardSession.since, sa.func.coalesce(number.number, 0), Participant.present)
        .join(Participant, Participant.session_id == BoardSession.id)
        .outerjoin(number, sa.and_(number.session_id == BoardSession.id, number.fund_id == fund_id))
        .where(
            Participant.trustee_id == trustee,
            Participant.removed_at.is_(None),
            BoardSession.stage != SessionStage.CANCELLED,
        )
        .order_by(BoardSession.since.desc())
    )
    return [Attended(*row) for row in session.execute(asked)]
