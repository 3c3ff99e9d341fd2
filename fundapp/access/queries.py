"""Reading people, their roles, their letters and the trail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from fundapp.access.models import Grant, Letter, Office, Person, Scope, Throttle
from fundapp.access.policy import SECOND_FACTOR, Role
from fundapp.kernel.clock import now
from fundapp.kernel.text import fold
from fundapp.kernel.trail import Trace

PAGE = 50  # rows of a list
_SIGNED_IN = (
    sa.select(Person)
    .options(joinedload(Person.every_grant))
    .where(Person.fs_uniquifier == sa.bindparam("uniquifier"), Person.active)
)


def person_of_session(session: Session, uniquifier: str) -> Person | None:
    """Whoever a session cookie names, with their roles, in one query; nobody when they are disabled."""
    return session.scalars(_SIGNED_IN, {"uniquifier": uniquifier}).unique().one_or_none()


def person_by_email(session: Session, email: str) -> Person | None:
    """The person who signs in with an address."""
    return session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))


def person_by_invitation(session: Session, fingerprint: str) -> Person | None:
    """The person a link in an invitation was sent to; nobody once it is used or another was sent."""
    return session.scalar(sa.select(Person).where(Person.invitation == fingerprint, Person.active))


# ------------------------------------------------------------------------------------------------------- people


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a list of people is narrowed to, how it is sorted and which page it shows."""

    words: str = ""
    role: Role | None = None
    office_id: int | None = None
    state: str = ""  # active | disabled | invited
    sort: str = "name"
    page: int = 1


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A role as a list shows it, with the codes of its fund and office (None: all funds, no office)."""

    id: int
    role: Role
    fund: str | None
    office: str | None
    given_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as a list shows them."""

    id: int
    name: str
    email: str
    language: str
    active: bool
    invited: bool
    second_factor: bool
    last_sign_in: datetime | None
    roles: tuple[HeldRow, ...] = ()


_INVITED = sa.and_(Person.active, Person.password.is_(None), Person.invitation.is_not(None))
_STATES = {"active": Person.active, "disabled": ~Person.active, "invited": _INVITED}
SORTS = {"name": Person.name, "email": Person.email, "last": Person.current_login_at}


def people(session: Session, wanted: PeopleFilter, *, all_pages: bool = False) -> tuple[list[PersonRow], int]:
    """A page of the people wanted, or all of them, and how many they are; three queries whatever the number."""
    matching = _matching(wanted)
    total = session.scalar(sa.select(sa.func.count()).select_from(Person).where(*matching)) or 0
    column = SORTS.get(wanted.sort.lstrip("-"), Person.name)
    order = column.desc() if wanted.sort.startswith("-") else column.asc()
    statement = _PERSON_ROW.where(*matching).order_by(order.nulls_last(), Person.id)
    if not all_pages:
        statement = statement.limit(PAGE).offset((wanted.page - 1) * PAGE)
    found = session.execute(statement).all()
    held = roles_held(session, [row.id for row in found])
    return [PersonRow(*row, roles=tuple(held.get(row.id, ()))) for row in found], total


_PERSON_ROW = sa.select(
    Person.id,
    Person.name,
    Person.email,
    Person.language,
    Person.active,
    _INVITED.label("invited"),
    Person.tf_primary_method.is_not(None).label("second_factor"),
    Person.current_login_at,
)


def _matching(wanted: PeopleFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        Person.sought.contains(word, autoescape=True) for word in fold(wanted.words).split()
    ]
    if wanted.state in _STATES:
        found.append(sa.type_coerce(_STATES[wanted.state], sa.Boolean))
    held: list[sa.ColumnElement[bool]] = [Grant.ended_at.is_(None)]
    if wanted.role is not None:
        held.append(Grant.role == wanted.role)
    if wanted.office_id is not None:
        held.append(Grant.office_id == wanted.office_id)
    if len(held) > 1:
        found.append(sa.exists().where(Grant.person_id == Person.id, *held))
    return found


def roles_held(session: Session, people: Sequence[int], *, ended: bool = False) -> dict[int, list[HeldRow]]:
    """Person -> the roles they hold, or held as well, in the order they were given."""
    fund, office = sa.orm.aliased(Scope), sa.orm.aliased(Scope)
    statement = (
        sa.select(Grant.person_id, Grant.id, Grant.role, fund.code, office.code, Grant.given_at, Grant.ended_at)
        .outerjoin(fund, fund.id == Grant.fund_id)
        .outerjoin(office, office.id == Grant.office_id)
        .where(Grant.person_id.in_(people))
        .order_by(Grant.id)
    )
    if not ended:
        statement = statement.where(Grant.ended_at.is_(None))
    found: dict[int, list[HeldRow]] = {}
    for row in session.execute(statement):
        values: Any = tuple(row)
        found.setdefault(values[0], []).append(HeldRow(*values[1:]))
    return found


def person_by_id(session: Session, person_id: int) -> Person | None:
    """One person."""
    return session.get(Person, person_id)


def offices(session: Session) -> Sequence[Office]:
    """All field presences, by name."""
    return session.scalars(sa.select(Office).order_by(Office.name)).all()


def scopes(session: Session, kind: str) -> Sequence[Scope]:
    """The funds, or the offices, as access knows them: by code."""
    return session.scalars(sa.select(Scope).where(Scope.kind == kind).order_by(Scope.id)).all()


def scope_by_code(session: Session, kind: str, code: str) -> Scope | None:
    """The fund or the office known by a code."""
    return session.scalar(sa.select(Scope).where(Scope.kind == kind, Scope.code == code.strip().upper()))


def without_second_factor(session: Session) -> int:
    """How many people hold a role that needs a second factor and have not set one up."""
    needing = sa.exists().where(
        Grant.person_id == Person.id, Grant.ended_at.is_(None), Grant.role.in_(sorted(SECOND_FACTOR))
    )
    missing = sa.select(sa.func.count()).select_from(Person)
    return session.scalar(missing.where(Person.active, Person.tf_primary_method.is_(None), needing)) or 0


def invitations_open(session: Session) -> tuple[int, datetime | None]:
    """How many people were invited and have not come, and since when (UTC) the first of them."""
    number, since = session.execute(sa.select(sa.func.count(), sa.func.min(Person.invited_at)).where(_INVITED)).one()
    return number, since


# ------------------------------------------------------------------------------------------- letters, throttle


def letters_waiting(session: Session) -> int:
    """How many letters no server has taken yet."""
    return session.scalar(sa.select(sa.func.count()).select_from(Letter).where(Letter.sent_at.is_(None))) or 0


def letters_refused(session: Session) -> int:
    """How many letters a server would not take, so far."""
    refused = sa.select(sa.func.count()).where(Letter.sent_at.is_(None), Letter.failure.is_not(None))
    return session.scalar(refused) or 0


def letters(session: Session, most: int = PAGE) -> Sequence[Letter]:
    """The last letters written, newest first."""
    return session.scalars(sa.select(Letter).order_by(Letter.id.desc()).limit(most)).all()


def use_ends_at(session: Session, key: str) -> datetime | None:
    """When the window of a counted key ends; None when none runs. The key as kept: a digest."""
    return session.scalar(sa.select(Throttle.ends_at).where(Throttle.key == key, Throttle.ends_at > now()))


# -------------------------------------------------------------------------------------------------------- trail


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What the trail is narrowed to; the dates are whole days in UTC, both included."""

    actor: str = ""
    operation: str = ""
    subject: str = ""
    subject_id: int | None = None
    since: date | None = None
    until: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One change: old and new value of each column, as they were written."""

    id: int
    at: datetime
    actor: str
    operation: str
    subject: str
    subject_id: int
    change: dict[str, Any]
    hash: str

    @property
    def columns(self) -> list[tuple[str, Any, Any]]:
        """Column, before, after. A journal notes sums and digests instead: those have no before."""
        return [
            (name, *value) if isinstance(value, list) and len(value) == 2 else (name, None, value)
            for name, value in self.change.items()
        ]


_TRACE = sa.select(*Trace.__table__.c)


def _traced(wanted: TrailFilter) -> list[sa.ColumnElement[bool]]:
    table = Trace.__table__.c
    found: list[sa.ColumnElement[bool]] = [
        table[name] == value
        for name in ("actor", "operation", "subject", "subject_id")
        if (value := getattr(wanted, name)) not in ("", None)
    ]
    if wanted.since:
        found.append(table.at >= datetime.combine(wanted.since, time.min))
    if wanted.until:
        found.append(table.at <= datetime.combine(wanted.until, time.max))
    return found


def _trace_row(row: sa.Row[Any]) -> TraceRow:
    values = dict(row._mapping)
    return TraceRow(**{**values, "change": json.loads(values["change"])})


def traces(session: Session, wanted: TrailFilter) -> tuple[list[TraceRow], int]:
    """A page of the trail, newest first, and how many changes there are; two queries."""
    where = _traced(wanted)
    total = session.scalar(sa.select(sa.func.count()).select_from(Trace).where(*where)) or 0
    page = _TRACE.where(*where).order_by(Trace.id.desc()).limit(PAGE).offset((wanted.page - 1) * PAGE)
    return [_trace_row(row) for row in session.execute(page)], total


def every_trace(session: Session, wanted: TrailFilter) -> Iterator[TraceRow]:
    """All of the trail that is wanted, oldest first, a few rows in memory at a time."""
    statement = _TRACE.where(*_traced(wanted)).order_by(Trace.id).execution_options(yield_per=1000)
    with session.execute(statement) as rows:  # closed also when whoever reads goes away
        for row in rows:
            yield _trace_row(row)


def trace(session: Session, trace_id: int) -> TraceRow | None:
    """One change of the trail."""
    row = session.execute(_TRACE.where(Trace.id == trace_id)).one_or_none()
    return None if row is None else _trace_row(row)


def operations_traced(session: Session) -> Sequence[str]:
    """The operations that left a trace, for a filter."""
    return session.scalars(sa.select(Trace.operation).distinct().order_by(Trace.operation)).all()


def subjects_traced(session: Session) -> Sequence[str]:
    """The kinds of rows that were changed, for a filter."""
    return session.scalars(sa.select(Trace.subject).distinct().order_by(Trace.subject)).all()


def names_of(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Actor as the trail writes it ("person:7") -> the person's name, also of those disabled since."""
    ids = {int(actor[7:]) for actor in actors if actor.startswith("person:") and actor[7:].isdigit()}
    found = session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {f"person:{person_id}": name for person_id, name in found}


def everyone(session: Session) -> Sequence[tuple[int, str]]:
    """Id and name of all people, for a filter."""
    return [(row.id, row.name) for row in session.execute(sa.select(Person.id, Person.name).order_by(Person.name))]
