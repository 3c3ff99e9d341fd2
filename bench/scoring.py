"""The ranking of a call beside DuckDB over the same rows: means, medians, deviations, totals and ranks."""

from __future__ import annotations

import csv
import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench import books, many
from bench.measure import Measure, medians, ms
from fundapp.access.models import Grant, Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.models import Proposal, ProposalVersion
from fundapp.proposals.queries import named_call
from fundapp.proposals.rules.stages import Stage
from fundapp.reference.rules import Group
from fundapp.scoring.models import Assignment, Score, ScoreSheet, ScoringRound
from fundapp.scoring.queries.ranking import Ranking, ranking
from fundapp.scoring.queries.rounds import round_of, scales_of
from fundapp.scoring.rules.agreement import agreement, normalised
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.scenarios import Candidate, Limits
from fundapp.scoring.solving import solve
from fundapp.web.seed import before_scores, initialise

SEED = 5
CALL = "2020-1"
SIZE, REVIEWERS = 600, 6
CANDIDATES = 300  # of a scenario
SKIPPED = 0.03  # of the scores: "not applicable"
TARGET = 2.5
THREADS = 2
TABLES = {
    "proposal": ("id bigint, reference varchar, title varchar, stage varchar, country varchar, cents bigint,"
                 " call bigint", "select id, reference, title, stage, country, total_cents, call_id from proposal"),
    "assignment": ("round bigint, proposal bigint, person bigint, sheet bigint, ended timestamp",
                   "select round_id, proposal_id, person_id, sheet_id, ended_at from assignment"),
    "score": ("sheet bigint, criterion bigint, step smallint", "select sheet_id, criterion_id, step from score"),
    "criterion": ("id bigint, weight double, lowest double, highest double",
                  "select c.id, weight, lowest, highest from call_criterion c join call_scale s"
                  " on s.criterion_id = c.id"),
    "country": ("code varchar, name varchar, grouped varchar, subregion varchar",
                "select code, name_en, regional_group, subregion from country"),
}  # fmt: skip
RANKING = """
prepare ranking as
with given as (
  select a.proposal, a.person, s.criterion, s.step, (s.step - c.lowest) / (c.highest - c.lowest) as share, c.weight
  from assignment a join proposal p on p.id = a.proposal join score s on s.sheet = a.sheet
  join criterion c on c.id = s.criterion
  where a.round = $1 and a.ended is null and p.stage = 'eligible'
), spread as (
  select proposal, criterion, count(step) as n, avg(step) as mean, median(step) as median, min(step) as lowest,
    max(step) as highest, stddev_samp(step) as sd, avg(share) as share, any_value(weight) as weight
  from given group by all
), own as (
  select proposal, person, 100 * sum(weight * share) / sum(weight) filter (step is not null) as total
  from given group by all
), reviewed as (
  select proposal, stddev_samp(total) as sd, count(*) as n from own group by all
), total as (
  select proposal, round(100 * sum(weight * share) / sum(weight) filter (n > 0), 2) as total from spread group by all
), placed as (
  select proposal, total, rank() over (order by total desc) as rank from total where total is not null
)
select p.id, p.reference, p.title, p.country, o.name, o.grouped, p.cents, t.total, t.rank, r.sd, r.n,
  s.criterion, s.n, s.mean, s.median, s.lowest, s.highest, s.sd
from proposal p left join placed t on t.proposal = p.id left join reviewed r on r.proposal = p.id
  left join spread s on s.proposal = p.id left join country o on o.code = p.country
where p.call = $2 and p.stage = 'eligible'
order by t.rank nulls last, p.id, s.criterion
"""
Row = dict[str, Any]


class Duck:
    """DuckDB with a copy of what a ranking reads."""

    def __init__(self, file: Path) -> None:
        self.connection = duckdb.connect(config={"threads": THREADS})
        for name, (columns, rows) in TABLES.items():
            with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as text:
                with closing(sqlite3.connect(file)) as database:
                    csv.writer(text).writerows(database.execute(rows))
                text.flush()
                self.connection.execute(f"create table {name} ({columns})")
                self.connection.execute(f"copy {name} from '{text.name}' (header false)")
        self.connection.execute(RANKING)

    def ranking(self, round: int, call: int) -> list[tuple[Any, ...]]:
        """A row for each proposal and criterion."""
        rows: list[tuple[Any, ...]] = self.connection.execute(f"execute ranking({round}, {call})").fetchall()
        return rows


def measure(rounds: int) -> Iterator[Measure]:
    """All of it."""
    yield from _scenario(rounds)
    with books.instance(mode="demonstration"):
        initialise(demo=False)
        before_scores()
        seed(db.session(), named_fund(db.session(), "UPR"))
        with Session(db.engine) as session:
            call = named_call(session, named_fund(session, "UPR"), CALL)
            of = round_of(session, call)
            assert of
            duck, scales = Duck(books.database()), scales_of(session, call)
            at, of_id, call_id = now(), of.id, call.id
            who = Console()

            def ours() -> Ranking:
                return ranking(session, who, call, of, scales, "en", at)

            _compare(ours(), duck.ranking(of_id, call_id), scales)
            one, other = medians(ours, lambda: duck.ranking(of_id, call_id), rounds=rounds)
            name = f"ranking of {SIZE} proposals x {REVIEWERS} reviewers x {len(scales)} criteria"
            yield Measure(name, ms(one), f"DuckDB {ms(other)}", one / other, TARGET)
            made = ours().ranked
            beside, plain = medians(lambda: (agreement(made), normalised(made)), ours, rounds=rounds)
            yield Measure("alpha and the normalised ranking", ms(beside), f"the ranking {ms(plain)}", beside / plain)


def _scenario(rounds: int) -> Iterator[Measure]:
    """A scenario over 300 proposals with each of the six limits; a second is what it may take, and no gap is left."""
    chance = Random(SEED)
    found = [
        Candidate(
            key, f"2031-1-{key:03d}", Decimal(chance.randint(2_000, 9_900)) / 100, chance.randint(15_000_00, 50_000_00),
            chance.choice(list(Group)), str(chance.randint(1, 90)), chance.random() < 0.4,
        )
        for key in range(1, CANDIDATES + 1)
    ]  # fmt: skip
    limits = Limits(
        2_000_000_00, dict.fromkeys(Group, 8), 40, 2, frozenset({1, 2}), frozenset({3, 4}), (100, 75),
        frozenset(range(1, 31)),
    )  # fmt: skip
    times, gaps = [], []
    for _ in range(max(3, rounds // 12)):
        solved = solve(found, limits)
        times.append(solved.seconds)
        gaps.append(solved.gap)
    seconds = statistics.median(times)
    yield Measure(f"a scenario over {CANDIDATES} proposals, 6 limits", ms(seconds), "a second", seconds, 1)
    yield Measure("the gap that the solver proves", f"{max(gaps):g}", "none", max(gaps), 0)


def _compare(ours: Ranking, theirs: list[tuple[Any, ...]], scales: tuple[Scale, ...]) -> None:
    """DuckDB reckons with floats: what it finds is the same within half of the last digit."""
    places = {scale.id: place for place, scale in enumerate(scales)}
    found = {row.proposed.id: row.ranked for row in ours.rows}
    for key, *_, total, _rank, sd, n, criterion, scored, mean, median, lowest, highest, _sd in theirs:
        one = found[key]
        each = one.spreads[places[criterion]] if criterion else None
        pairs = [(one.total, total), (one.sd, sd)]
        if each:
            pairs += [(each.mean, mean), (each.median, median)]
        wrong = (each.n, each.lowest, each.highest) != (scored, lowest, highest) if each else bool(scored)
        apart = any(abs(float(a) - b) > 0.0101 if a is not None else b is not None for a, b in pairs)
        if wrong or apart or one.n != (n or 0):
            raise SystemExit(f"bench: the rankings differ at {key}:\n{one}\n{pairs}")
    if len(found) != len({row[0] for row in theirs}):
        raise SystemExit("bench: the rankings are not of the same proposals")


def seed(session: Session, fund: Fund) -> None:
    """A round of the demonstration's call with that many proposals more, each scored by six of twelve reviewers.

    Written straight into the tables, because giving thousands of sheets through the door takes minutes.
    """
    random = Random(SEED)
    call = named_call(session, fund, CALL)
    rows = [row for row in many.rows(session, fund, 12 * SIZE, now()) if row["call_id"] == call.id][:SIZE]
    for row in rows:
        row["stage"] = Stage.ELIGIBLE.value
    scales, call_id = [scale.id for scale in scales_of(session, call)], call.id
    session.rollback()
    with session.get_bind().engine.begin() as connection:
        connection.info["writes"] = "bench"
        try:
            _write(connection, rows, call_id, scales, random)
        finally:
            del connection.info["writes"]


def _write(connection: sa.Connection, rows: list[Row], call: int, scales: list[int], random: Random) -> None:
    """Proposals with a version each; a round; assignments, their sheets and scores."""
    table, at = Proposal.__table__, now()
    before = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
    _add(connection, Proposal, rows)
    keys = list(connection.scalars(sa.select(table.c.id).where(table.c.id > before).order_by(table.c.id)))
    made = [
        {"proposal_id": key, "number": 1, "content": "{}", "digest": "0" * 64, "at": at, "by": "bench"} for key in keys
    ]
    _add(connection, ProposalVersion, made)
    of_version = ProposalVersion.__table__.c
    versions = dict(connection.execute(sa.select(of_version.proposal_id, of_version.id)).tuples().all())
    round = {
        "call_id": call, "open": True, "sheets": REVIEWERS, "due_at": at + timedelta(days=9), "zone": "UTC",
        "shows_others": True, "bars_nationality": True, "threshold": "50", "opened_at": at, "opened_by": "bench",
        "version": 1,
    }  # fmt: skip
    _add(connection, ScoringRound, [round])
    people = _reviewers(connection)
    given = [(key, person) for key in keys for person in random.sample(people, REVIEWERS)]
    sheets = [
        {"id": number, "round_id": 1, "proposal_id": key, "person_id": person, "number": 1,
         "version_id": versions[key], "at": at, "by": "bench"}
        for number, (key, person) in enumerate(given, 1)
    ]  # fmt: skip
    _add(connection, ScoreSheet, sheets)
    _add(connection, Assignment, [
        {"round_id": 1, "proposal_id": key, "person_id": person, "sheet_id": number, "at": at, "by": "bench",
         "end_reason": "", "version": 1}
        for number, (key, person) in enumerate(given, 1)
    ])  # fmt: skip
    _add(connection, Score, [
        {"sheet_id": sheet["id"], "criterion_id": scale, "step": step(random), "suggested": 2,
         "reason": "Because. " * 20, "apart": ""}
        for sheet in sheets for scale in scales
    ])  # fmt: skip


def step(random: Random) -> int | None:
    """What a reviewer gives."""
    return None if random.random() < SKIPPED else random.choices(range(5), (5, 15, 30, 35, 15))[0]


def _add(connection: sa.Connection, model: Any, rows: list[Row]) -> None:
    connection.execute(sa.insert(model.__table__), rows)


def _reviewers(connection: sa.Connection) -> list[int]:
    """Twelve people more, reviewers of all funds."""
    person = Person.__table__
    first = 1 + (connection.scalar(sa.select(sa.func.max(person.c.id))) or 0)
    keys = list(range(first, first + 2 * REVIEWERS))
    for key in keys:
        name = {"id": key, "email": f"bench{key}@example.org", "name": f"Reviewer {key}", "sought": f"reviewer {key}"}
        connection.execute(sa.insert(person), name | {"fs_uniquifier": f"bench{key}", "version": 1})
    _add(connection, Grant, [{"person_id": key, "role": Role.REVIEWER, "given_at": now()} for key in keys])
    return keys
