"""The register as facts to be printed: a State's matrix, and its trend by theme."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.kernel.languages import LANGUAGES
from fundapp.recommendations.matrix import (
    MatrixFacts,
    MatrixGoal,
    MatrixRow,
    MatrixTheme,
    Names,
    Tally,
    TrendFacts,
    TrendRow,
    as_written,
    sections,
)
from fundapp.recommendations.models import REC, RecommendationImport
from fundapp.recommendations.queries.comparing import stored
from fundapp.recommendations.queries.listing import counts, may_read
from fundapp.recommendations.queries.states import CycleRow, Positions, cycles_of, themes_in
from fundapp.recommendations.rules import Label, Mechanism, Position, Recommended
from fundapp.recommendations.themes import person_names, theme_names
from fundapp.reference.models import Country, Goal

_DIGITS = re.compile(r"(\d+)")


def matrix_facts(
    session: Session, actor: Actor, state: str, cycle: int, *, at: datetime, language: str
) -> MatrixFacts | None:
    """The recommendations of one review of a State by theme, each text in the language asked for or the first there
    is; None where there are none. Five queries."""
    may_read(actor)
    asked = (
        sa.select(REC.c.id, REC.c.session, RecommendationImport.name)
        .join(RecommendationImport, RecommendationImport.id == REC.c.import_id)
        .where(*counts(), REC.c.state == state, REC.c.mechanism == Mechanism.UPR, REC.c.cycle == cycle)
    )
    rows = session.execute(asked).all()
    if not rows:
        return None
    found = sorted(stored(session, [row.id for row in rows]).values(), key=_in_order)
    countries, goals = _countries(session, state, found), _goals(session)
    symbols = sorted({one.symbol for one in found if one.symbol})
    return MatrixFacts(
        countries[state],
        cycle,
        next((row.session for row in rows if row.session), None),
        at,
        tuple(symbols) or tuple(sorted({row.name for row in rows})),
        sections((_row(one, countries, goals, language) for one in found), tuple(theme_names())),
    )


def _in_order(one: Recommended) -> tuple[object, ...]:
    """139.2 before 139.10; what has no paragraph comes last, by its words."""
    parts = [int(part) for part in _DIGITS.findall(one.paragraph)]
    return (not parts, parts, next(iter(one.texts.values()), ""))


def _row(one: Recommended, countries: Mapping[str, Names], goals: Mapping[int, Names], language: str) -> MatrixRow:
    tongue = language if language in one.texts else next(iter(one.texts))
    return MatrixRow(
        one.paragraph,
        one.texts[tongue],
        tongue,
        tuple(countries[code] for code in one.states),
        one.position,
        tuple(_theme(label) for label in one.themes),
        tuple(person_names().get(label.code or "") or as_written(label.text) for label in one.persons),
        _with_targets(one.goals, goals),
    )


def _theme(label: Label) -> MatrixTheme:
    known = theme_names().get(label.code or "")
    return MatrixTheme(label.code if known else None, known or as_written(label.text))


def _with_targets(codes: Iterable[str], goals: Mapping[int, Names]) -> tuple[MatrixGoal, ...]:
    targets: dict[int, list[str]] = {}
    for code in codes:
        number, _, rest = code.partition(".")
        targets.setdefault(int(number), []).extend([code] if rest else [])
    return tuple(MatrixGoal(number, goals[number], tuple(targets[number])) for number in sorted(targets))


def _countries(session: Session, state: str, found: Iterable[Recommended]) -> dict[str, Names]:
    codes = {state, *(code for one in found for code in one.states)}
    table = Country.__table__
    columns = [table.c[f"name_{language}"] for language in LANGUAGES]
    rows = session.execute(sa.select(table.c.code, *columns).where(table.c.code.in_(codes)))
    return {code: dict(zip(LANGUAGES, names, strict=True)) for code, *names in rows}


def _goals(session: Session) -> dict[int, Names]:
    table = Goal.__table__
    columns = [table.c[f"name_{language}"] for language in LANGUAGES]
    rows = session.execute(sa.select(table.c.number, *columns))
    return {number: dict(zip(LANGUAGES, names, strict=True)) for number, *names in rows}


def trend_facts(session: Session, actor: Actor, state: str, cycle: int | None, *, at: datetime) -> TrendFacts | None:
    """Supported and noted by theme in a cycle (None: the newest) beside the cycle before it in the register, most
    recommendations first; None where there are none. Three queries."""
    cycles = [row for row in cycles_of(session, actor, state) if cycle is None or row.cycle <= cycle]
    if not cycles or cycle not in (None, cycles[0].cycle):
        return None
    return trend_of(session, actor, state, _countries(session, state, ())[state], cycles, at=at)


def trend_of(
    session: Session, actor: Actor, state: str, names: Names, cycles: Sequence[CycleRow], *, at: datetime
) -> TrendFacts:
    """The same for the first of these cycles beside the second; one query."""
    now, before = cycles[0], cycles[1] if len(cycles) > 1 else None
    themes = themes_in(session, actor, state, [row.cycle for row in cycles[:2]])
    return TrendFacts(
        names,
        now.cycle,
        before.cycle if before else None,
        at,
        tuple(_trend(themes, now, before)),
        _tally(now.positions),
        _tally(before.positions) if before else Tally(0, 0),
    )


def _trend(
    themes: Mapping[str | None, Mapping[int, Positions]], now: CycleRow, before: CycleRow | None
) -> list[TrendRow]:
    found: list[TrendRow] = []
    for code, cycles in themes.items():
        earlier = _tally(cycles.get(before.cycle)) if before else Tally(0, 0)
        found.append(TrendRow(theme_names().get(code or ""), _tally(cycles.get(now.cycle)), earlier))
    # other themes last, then by how many there are now
    return sorted(found, key=lambda row: (row.names is None, -row.now.total, -row.before.total))


def _tally(positions: Positions | None) -> Tally:
    found: Mapping[Position | None, int] = positions or {}
    return Tally(*(found.get(position, 0) for position in (Position.SUPPORTED, Position.NOTED, Position.PENDING)))
