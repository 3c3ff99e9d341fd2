"""Reading a call's ranking: its proposals, the sheets that count, who gave them. What is closed to whoever asks is not
there: it is in no count, no mean and no rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Grant, Person
from fundapp.access.policy import Actor, Role
from fundapp.proposals.models import Call
from fundapp.proposals.queries.calls import CALL, EXTENSION
from fundapp.proposals.queries.proposals import PROPOSAL, Scope, scope, within
from fundapp.proposals.rules import local
from fundapp.reference.models import Country, CountryStatus, Region
from fundapp.reference.rules import Group, Status, holds
from fundapp.scoring.models import Assignment, RoundException, Score, ScoreSheet, ScoringRound
from fundapp.scoring.rules.combining import NOT_RANKED, Candidate, Ranked, Sheet, Steps, Terms, ranked
from fundapp.scoring.rules.scales import HIGHEST, LOWEST, Scale

_ASSIGNMENT, _SCORE, _SHEET = Assignment.__table__, Score.__table__, ScoreSheet.__table__
_EXCEPTION, _STATUS = RoundException.__table__, CountryStatus.__table__
_COUNTRY, _REGION, _PERSON, _GRANT = Country.__table__, Region.__table__, Person.__table__, Grant.__table__
ROUND, FUND = sa.bindparam("round", type_=sa.BigInteger), sa.bindparam("fund", type_=sa.BigInteger)
CELL, ROW = "\x1f", "\x1e"
DIGITS = HIGHEST - LOWEST + 2  # what a criterion may have been given, none as well
CHUNK = 16  # criteria whose steps one number holds: 12 ** 16 is below 2 ** 63


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal of a call that is scored, with what is said beside its score. `state`: the State's name in the
    reader's language; `region` as the M49 standard has it; `statuses` on the day that counts for the call; `cents` that
    it asks for; `left_out`: the stage for which it is not ranked; `excepted`: it may be ranked on few sheets."""

    id: int
    reference: str
    title: str
    language: str
    stage: str
    country: str
    state: str
    group: Group | None
    region: str
    statuses: tuple[Status, ...]
    cents: int
    left_out: str
    excepted: bool


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody whose sheets count. `holds`: whether they are a reviewer of the fund still."""

    id: int
    name: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in the ranking with all that is said of it."""

    proposed: Proposed
    ranked: Ranked


@dataclass(frozen=True, slots=True)
class Ranking:
    """A call's ranking as somebody sees it: best first, then what has no total, then what is left out."""

    terms: Terms
    rows: tuple[Row, ...]
    reviewers: Mapping[int, Reviewer]

    @property
    def ranked(self) -> list[Ranked]:
        """The figures alone, as the rules of agreement take them."""
        return [row.ranked for row in self.rows]


def ranking(
    session: Session, actor: Actor, call: Call, of: ScoringRound, scales: Sequence[Scale], language: str, now: datetime
) -> Ranking:
    """The ranking of a call; three queries."""
    seen = scope(actor, call.fund_id)
    proposals = proposed(session, seen, call, of, language, now)
    sheets = counting(session, seen, of, scales)
    people = reviewers(session, call.fund_id, {sheet.reviewer for sheet in sheets})
    lost = frozenset(key for key, one in people.items() if not one.holds)
    terms = Terms(scales, of.sheets, of.threshold, lost)
    candidates = (Candidate(key, one.left_out, one.excepted) for key, one in proposals.items())
    rows = (Row(proposals[one.proposal], one) for one in ranked(candidates, sheets, terms))
    return Ranking(terms, tuple(rows), people)


def counting(session: Session, seen: Scope, of: ScoringRound, scales: Sequence[Scale]) -> list[Sheet]:
    """The sheets of a round that count, by proposal, as they were given; one query."""
    if not scales:
        return []  # nothing can be scored
    given = {"round": of.id} | {f"criterion{place}": scale.id for place, scale in enumerate(scales)}
    rows = session.execute(_sheets(seen, len(scales)), given).all()
    codes = itemgetter(*range(2, 2 + -(-len(scales) // CHUNK)))
    steps = {code: steps_of(code, len(scales)) for code in set(map(codes, rows))}  # several give the same
    return [Sheet(row[0], row[1], steps[codes(row)]) for row in rows]


def steps_of(codes: int | Sequence[int], many: int) -> Steps:
    """The steps of a sheet out of the number or numbers that stand for them: a digit for each criterion, 0 for none."""
    steps: list[int | None] = []
    for code in (codes,) if isinstance(codes, int) else codes:
        rest = code
        for _ in range(min(CHUNK, many - len(steps))):
            rest, digit = divmod(rest, DIGITS)
            steps.append(digit - 1 + LOWEST if digit else None)
    return tuple(steps)


@lru_cache(maxsize=64)  # to put the question together takes long beside asking it
def _sheets(seen: Scope, many: int) -> sa.Select[Any]:
    """A row for each sheet, its steps in a number: read five times as fast as a row for each score."""
    assignment = _ASSIGNMENT.c
    codes = [_code(range(first, min(first + CHUNK, many))) for first in range(0, many, CHUNK)]
    return (
        sa.select(assignment.proposal_id, assignment.person_id, *codes)
        .join_from(_ASSIGNMENT, PROPOSAL, PROPOSAL.c.id == assignment.proposal_id)
        .where(*counts(seen))
        .order_by(assignment.proposal_id, assignment.sheet_id)
    )


def _code(places: range) -> sa.ScalarSelect[int]:
    """The steps on some criteria of a sheet in one number."""
    score = _SCORE.c
    worth = [
        (score.criterion_id == sa.bindparam(f"criterion{place}", type_=sa.BigInteger),
         (score.step + (1 - LOWEST)) * sa.literal(DIGITS ** (place - places.start), sa.BigInteger))
        for place in places
    ]  # fmt: skip
    total = sa.cast(sa.func.coalesce(sa.func.sum(sa.case(*worth)), 0), sa.BigInteger)
    asked = sa.select(total).where(score.sheet_id == _ASSIGNMENT.c.sheet_id)
    return asked.correlate(_ASSIGNMENT).scalar_subquery()


def counts(seen: Scope) -> tuple[sa.ColumnElement[bool], ...]:
    """What makes an assignment one whose sheet counts in the round, for whoever asks; its proposal is joined."""
    return (
        _ASSIGNMENT.c.round_id == ROUND,
        _ASSIGNMENT.c.ended_at.is_(None),
        _ASSIGNMENT.c.sheet_id.is_not(None),
        PROPOSAL.c.stage.not_in(sorted(NOT_RANKED)),
        within(seen),
    )


# ------------------------------------------------------------------------------------------------- what is ranked


def proposed(
    session: Session, seen: Scope, call: Call, of: ScoringRound, language: str, now: datetime
) -> dict[int, Proposed]:
    """The proposals that are scored, by reference, and those that were to be and stand elsewhere by now; one query."""
    given = {"round": of.id, "call": call.id}
    rows = session.execute(_proposals(seen, language), given).all()
    closes = max((moment for row in rows[:1] for moment in (row.extended, call.closes_at) if moment), default=None)
    day = (local(closes, call.zone) if closes and closes <= now else now).date()
    return {row[0]: _proposed(row, day) for row in rows}


def _proposed(row: Any, day: date) -> Proposed:
    key, reference, title, language, stage, country, cents, state, group, part, whole, statuses, excepted, _ = row
    return Proposed(
        key, reference, title, language, stage, country or "", state or "", group, whole or part or "",
        _held(statuses or "", day), cents, stage if stage in NOT_RANKED else "", bool(excepted),
    )  # fmt: skip


@lru_cache(maxsize=1_024)  # few States, and on one day
def _held(text: str, day: date) -> tuple[Status, ...]:
    """The statuses that hold on a day, of all that a State has or had."""
    found = []
    for status, since, until in (row.split(CELL) for row in text.split(ROW) if row):
        if holds(_day(since), _day(until), day):
            found.append(Status(status))
    return tuple(sorted(found, key=list(Status).index))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=64)
def _proposals(seen: Scope, language: str) -> sa.Select[Any]:
    of, call = PROPOSAL.c, sa.bindparam("call", type_=sa.BigInteger)
    excepted = sa.exists().where(_EXCEPTION.c.round_id == ROUND, _EXCEPTION.c.proposal_id == of.id)
    assigned = sa.exists().where(_ASSIGNMENT.c.round_id == ROUND, _ASSIGNMENT.c.proposal_id == of.id)
    extended = sa.select(sa.func.max(EXTENSION.c.closes_at)).where(EXTENSION.c.call_id == call).scalar_subquery()
    return (
        sa.select(
            of.id, of.reference, of.title, of.language, of.stage, of.country, of.total_cents,
            _COUNTRY.c[f"name_{language}"].label("state"), _COUNTRY.c.regional_group, _COUNTRY.c.subregion,
            _REGION.c.within.label("region"), _statuses().label("statuses"), excepted.label("excepted"),
            extended.label("extended"),
        )
        .select_from(PROPOSAL)
        .join(_COUNTRY, _COUNTRY.c.code == of.country, isouter=True)
        .join(_REGION, _REGION.c.code == _COUNTRY.c.subregion, isouter=True)
        .where(of.call_id == call, sa.or_(of.stage.not_in(sorted(NOT_RANKED)), assigned), within(seen))
        .order_by(of.number)
    )  # fmt: skip


def _statuses() -> sa.ScalarSelect[Any]:
    """All statuses that the State has or had, with their days, in one text."""
    held = _STATUS.c
    days = (sa.func.coalesce(sa.cast(day, sa.String), "") for day in (held.since, held.until))
    text: sa.ColumnElement[str] = sa.type_coerce(held.status, sa.String)
    for day in days:
        text = text + CELL + day
    asked = sa.select(sa.func.aggregate_strings(text, ROW)).where(held.country == PROPOSAL.c.country)
    return asked.correlate(PROPOSAL).scalar_subquery()


# ------------------------------------------------------------------------------------------------------ who scored


def reviewers(session: Session, fund_id: int, people: Iterable[int]) -> dict[int, Reviewer]:
    """These people by id, by name, and whether they are reviewers of the fund still; one query."""
    held = sa.exists().where(
        _GRANT.c.person_id == _PERSON.c.id, _GRANT.c.role == Role.REVIEWER, _GRANT.c.ended_at.is_(None),
        sa.or_(_GRANT.c.fund_id.is_(None), _GRANT.c.fund_id == FUND),
    )  # fmt: skip
    name = sa.func.coalesce(sa.func.nullif(_PERSON.c.name, ""), _PERSON.c.email).label("name")
    asked = sa.select(_PERSON.c.id, name, _PERSON.c.email, sa.and_(_PERSON.c.active, held).label("holds"))
    rows = session.execute(asked.where(_PERSON.c.id.in_(sorted(people))), {"fund": fund_id}).all()
    many = Counter(row.name for row in rows)
    found = [Reviewer(row.id, _told_apart(row, many), bool(row.holds)) for row in rows]
    return {one.id: one for one in sorted(found, key=lambda one: (one.name.casefold(), one.id))}


def _told_apart(row: Any, many: Mapping[str, int]) -> str:
    """A name, with the address where two have the same: a table by names would take them for one."""
    return row.name if many[row.name] == 1 else f"{row.name} ({row.email})"


# ------------------------------------------------------------------------------------------------- every score


def scores(seen: Scope) -> sa.Select[Any]:
    """What asks for every score that counts in a round: by proposal, sheet and criterion; `round` is to be given."""
    person = _ASSIGNMENT.c.person_id
    return (
        sa.select(PROPOSAL.c.reference, person, _SCORE.c.criterion_id, _SCORE.c.step, _SCORE.c.reason, _SHEET.c.at)
        .join_from(_ASSIGNMENT, PROPOSAL, PROPOSAL.c.id == _ASSIGNMENT.c.proposal_id)
        .join(_SHEET, _SHEET.c.id == _ASSIGNMENT.c.sheet_id)
        .join(_SCORE, _SCORE.c.sheet_id == _SHEET.c.id)
        .where(*counts(seen))
        .order_by(PROPOSAL.c.number, _SHEET.c.id, _SCORE.c.criterion_id)
    )


def all_rounds(session: Session, fund_id: int | None = None) -> Sequence[sa.Row[Call, ScoringRound]]:
    """The calls that have a round, with it, newest first; of a fund, or of all."""
    asked = sa.select(Call, ScoringRound).join(ScoringRound, ScoringRound.call_id == Call.id)
    if fund_id is not None:
        asked = asked.where(CALL.c.fund_id == fund_id)
    return session.execute(asked.order_by(CALL.c.code.desc(), CALL.c.fund_id)).all()
