"""The reference tables: loaded once, brought up to date, and asked."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from conftest import vandal
from fundapp.access.operations import Console
from fundapp.access.policy import Refused
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import NoWork, unit_of_work
from fundapp.reference import queries, source
from fundapp.reference.models import TABLES, Country, Goal, Target, TreatyBody
from fundapp.reference.operations import Counts, load
from fundapp.reference.rules import (
    Group,
    Status,
)

SCHEDULE = Path(__file__).parents[1] / "fundapp/web/demonstration/trust_fund_schedule.csv"
TODAY = date(2026, 11, 20)


def loaded() -> Counts:
    with unit_of_work(Console()) as work:
        return load(work, None)


@pytest.fixture
def world(app: Flask) -> Flask:
    loaded()
    return app


def test_loading_twice_adds_nothing(app: Flask) -> None:
    first = loaded()
    stored = [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES]
    assert sum(stored) == first.added + first.same and min(stored) > 0
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Trace))
    assert loaded() == Counts(added=0, changed=0, same=first.added + first.same)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Trace)) == before


def test_the_trail_gets_a_digest_a_table_and_each_correction(world: Flask) -> None:
    traces = db.session.scalars(sa.select(Trace).where(Trace.operation == "reference.load")).all()
    assert {trace.subject for trace in traces} == {table.__tablename__ for table in TABLES} and len(traces) == 10
    with vandal() as connection:
        connection.execute(sa.update(Country.__table__).where(Country.code == "DOM").values(name_zh="多米尼加"))
    assert (loaded().changed, loaded().changed) == (1, 0)
    last = db.session.scalars(sa.select(Trace).order_by(Trace.id.desc())).first()
    assert last is not None and json.loads(last.change) == {"name_zh": ["多米尼加", "多米尼加共和国"]}
    assert trail.verify(db.session())[1] is None


def test_only_the_console_loads(app: Flask) -> None:
    class Stranger:
        id, grants = 7, ()

    with pytest.raises(Refused), unit_of_work(Stranger()) as work:
        load(work, None)
    with pytest.raises(NoWork), unit_of_work(Console()) as work:
        work.session.execute(sa.insert(Goal.__table__).values(number=18))


def test_loading_is_quick(app: Flask) -> None:
    loaded()
    started = perf_counter()
    loaded()
    assert perf_counter() - started < 1.5


def test_names_follow_the_day(world: Flask) -> None:
    session = db.session()
    for day, zh, en in (
        (date(2020, 12, 31), "荷兰", "Netherlands"),
        (TODAY, "荷兰王国", "Netherlands (Kingdom of the)"),
    ):
        assert queries.name_on(session, "NLD", "zh", day) == queries.names_on(session, "zh", day)["NLD"] == zh
        assert queries.name_on(session, "NLD", "en", day) == en
    turkey = [queries.name_on(session, "TUR", "fr", date(2022, month, day)) for month, day in ((5, 31), (6, 1))]
    assert turkey == ["Turquie", "Türkiye"]
    assert queries.name_on(session, "LBY", "es", date(2010, 1, 1)) == "Jamahiriya Árabe Libia"
    assert queries.name_on(session, "XYZ", "en", TODAY) == "XYZ"
    for language in LANGUAGES:
        on = queries.names_on(session, language, date(2012, 1, 1))
        assert on == {row.code: row.name_on(language, date(2012, 1, 1)) for row in session.scalars(sa.select(Country))}


@pytest.mark.parametrize(
    "code, status, last, first_without",
    [
        ("BTN", Status.LDC, date(2023, 12, 12), date(2023, 12, 13)),
        ("VUT", Status.LDC, date(2020, 12, 3), date(2020, 12, 4)),
        ("STP", Status.LDC, date(2024, 12, 12), date(2024, 12, 13)),
        ("GNQ", Status.LDC, date(2017, 6, 3), date(2017, 6, 4)),
    ],
)
def test_status_follows_the_day(world: Flask, code: str, status: Status, last: date, first_without: date) -> None:
    session = db.session()
    assert queries.has_status(session, code, status, last)
    assert not queries.has_status(session, code, status, first_without)
    found = queries.country(session, code)
    assert found is not None and found.has_status(status, last) and not found.has_status(status, first_without)


def test_status_begins_on_a_day(world: Flask) -> None:
    session = db.session()
    assert not queries.has_status(session, "SSD", Status.LDC, date(2012, 12, 17))
    assert queries.has_status(session, "SSD", Status.LDC, date(2012, 12, 18))
    assert len(queries.countries_with(session, Status.LDC, TODAY)) == 44
    assert len(queries.countries_with(session, Status.LDC, date(2020, 12, 31))) == 46
    assert len(queries.countries_with(session, Status.LDC, date(2024, 12, 12))) == 45


def test_every_government_of_the_schedule_is_known(world: Flask) -> None:
    with SCHEDULE.open(encoding="utf-8") as file:
        wanted = {row["contributor"] for row in csv.DictReader(file) if row["kind"] in ("Government", "Mixed")}
    found = queries.gazetteer(db.session())
    assert len(wanted) > 30 and [name for name in wanted if found.resolve(name) is None] == []


@pytest.mark.parametrize(
    "text", ["Korea, Republic of", "Türkiye*", "Turkey", "DOM", "792", "联合王国", "Narnia", "IN", "in"]
)
def test_one_name_is_resolved_as_the_gazetteer_does(world: Flask, text: str) -> None:
    session = db.session()
    found = queries.resolve(session, text)
    assert (found.code if found else None) == queries.gazetteer(session).resolve(text)


def test_suggestions_are_countries(world: Flask) -> None:
    suggested = queries.nearest(db.session(), "Rumenia", 2)
    assert suggested[0].name("ru") == "Румыния" and len(suggested) == 2


@pytest.mark.parametrize("language, first", [("en", "Afghanistan"), ("fr", "Afghanistan"), ("ru", "Австралия")])
def test_countries_are_listed_in_the_order_of_their_names(world: Flask, language: str, first: str) -> None:
    listed = queries.countries(db.session(), language, members=True)
    assert len(listed) == 193 and listed[0].name == first
    assert len(queries.countries(db.session(), language, on=date(2020, 1, 1))) == len(source.countries())


def test_a_list_costs_a_constant_number_of_queries(world: Flask) -> None:
    asked: list[str] = []
    listener = lambda *given: asked.append(given[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    queries.countries(db.session(), "ar", on=date(2020, 1, 1))
    event.remove(db.engine, "before_cursor_execute", listener)
    assert len(asked) <= 6, asked


def test_chinese_lists_follow_the_english_names(world: Flask) -> None:
    english = [row.code for row in queries.countries(db.session(), "en")]
    assert [row.code for row in queries.countries(db.session(), "zh")] == english


def test_goals_bodies_groups_and_currencies(world: Flask) -> None:
    session = db.session()
    assert [goal.number for goal in queries.goals(session)] == list(range(1, 18))
    assert queries.targets(session, 1) == ["1.1", "1.2", "1.3", "1.4", "1.5", "1.a", "1.b"]
    assert session.scalar(sa.select(sa.func.count()).select_from(Target)) == 169
    assert {body.code: body.symbol for body in queries.treaty_bodies(session)}["CESCR"] == "E/C.12"
    assert session.scalar(sa.select(sa.func.count()).select_from(TreatyBody)) == 10
    assert next(group.code for group in queries.regional_groups(session)) is Group.AFRICAN
    assert queries.regional_group(session, "USA") is Group.WESTERN and queries.regional_group(session, "GRL") is None
    assert {region.code: region.within for region in queries.regions(session)}["035"] == "142"
    yen = queries.currency(session, "JPY")
    assert yen is not None and yen.exponent == 0
    usable = [{row.code for row in queries.currencies(session, date(year, 6, 1))} for year in (2022, 2024)]
    assert "HRK" in usable[0] and "HRK" not in usable[1] and "EUR" in usable[1]
    assert all(row.names.keys() == set(LANGUAGES) and all(row.names.values()) for row in queries.goals(session))
