"""Countries under the names the United Nations gives them, and what else the fund takes from the world."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from time import perf_counter

import pytest
import sqlalchemy as sa
from conftest import vandal
from flask import Flask
from sqlalchemy import event

from fundapp.access.operations import Console
from fundapp.access.policy import Refused
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.text import fold
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import NoWork, unit_of_work
from fundapp.reference import queries, source
from fundapp.reference.models import TABLES, Country, Goal, Target, TreatyBody
from fundapp.reference.operations import Counts, load
from fundapp.reference.rules import (
    Footing,
    Gazetteer,
    Group,
    Standing,
    Status,
    bare,
    gathered,
    holds,
    order_key,
    target_codes,
)

SCHEDULE = Path(__file__).parents[2] / "shared" / "fund" / "un_schedule_contributions_2017_2024.csv"
TODAY = date(2026, 11, 20)


def loaded() -> Counts:
    with unit_of_work(Console()) as work:
        return load(work, None)


@pytest.fixture
def world(app: Flask) -> Flask:
    loaded()
    return app


@pytest.fixture(scope="module")
def spellings() -> Gazetteer:
    codes = {row[key]: row["code"] for row in source.countries() for key in ("code", "alpha2", "m49")}
    return Gazetteer({row["form"]: row["country"] for row in source.aliases()}, codes)


# ---------------------------------------------------------------------------------------------------- the data


def members() -> list[source.Row]:
    return [row for row in source.countries() if row["standing"] is Standing.MEMBER]


def test_every_member_state_is_there() -> None:
    standings = Counter(row["standing"] for row in source.countries())
    assert standings[Standing.MEMBER] == 193
    assert {row["code"] for row in source.countries() if row["standing"] is Standing.OBSERVER} == {"PSE", "VAT"}
    assert {row["code"] for row in source.countries() if row["standing"] is Standing.NON_MEMBER} == {"COK", "NIU"}


def test_regional_groups_hold_every_member_state_once() -> None:
    found = Counter(row["regional_group"] for row in members())
    assert found == {
        Group.AFRICAN: 54,
        Group.ASIA_PACIFIC: 54,
        Group.EASTERN_EUROPEAN: 23,
        Group.LATIN_AMERICAN: 33,
        Group.WESTERN: 29,  # with Türkiye and, though it only observes, the United States: both vote in it
    }
    special = {row["code"]: row["footing"] for row in members() if row["footing"] is not Footing.MEMBER}
    assert special == {"USA": Footing.OBSERVER, "TUR": Footing.ELECTIONS}


@pytest.mark.parametrize(
    "code, group",
    [
        ("IRN", Group.ASIA_PACIFIC),
        ("MEX", Group.LATIN_AMERICAN),
        ("DNK", Group.WESTERN),
        ("UKR", Group.EASTERN_EUROPEAN),
        ("GHA", Group.AFRICAN),
        ("ISR", Group.WESTERN),
        ("CYP", Group.ASIA_PACIFIC),
        ("KIR", Group.ASIA_PACIFIC),
        ("AUS", Group.WESTERN),
        ("GEO", Group.EASTERN_EUROPEAN),
    ],
)
def test_states_sit_where_they_sit(code: str, group: Group) -> None:
    assert next(row["regional_group"] for row in members() if row["code"] == code) is group


SCRIPTS = {"ar": ("\u0600", "\u06ff"), "zh": ("\u4e00", "\u9fff"), "ru": ("\u0400", "\u04ff")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_written_in_their_language(language: str) -> None:
    names = [row[f"name_{language}"] for row in source.countries()]
    assert all(name and name == name.strip() and "'" not in name and "  " not in name for name in names)
    assert len(set(names)) == len(names)
    first, last = SCRIPTS.get(language, ("A", "ɏ"))
    wrong = [name for name in names if not all(first <= letter <= last for letter in name if letter.isalpha())]
    assert wrong == []


def test_names_that_are_easily_got_wrong() -> None:
    names = {row["code"]: row for row in source.countries()}
    assert (names["DOM"]["name_zh"], names["DMA"]["name_zh"]) == ("多米尼加共和国", "多米尼克")
    assert (names["COG"]["name_zh"], names["COD"]["name_zh"]) == ("刚果", "刚果民主共和国")
    assert names["ALA"]["name_ru"] == "Аландские острова"
    assert names["NLD"]["name_fr"] == "Pays-Bas (Royaume des)"
    assert names["CIV"]["name_en"] == "Côte d’Ivoire"
    genitive = [row["name_ru"] for row in source.countries() if row["name_ru"].endswith(("ских островов", "ой"))]
    assert genitive == []


def test_every_member_has_its_currency_and_subregion() -> None:
    currencies = {row["code"] for row in source.currencies()}
    subregions = {row["code"] for row in source.regions() if row["within"]}
    assert all(row["currency"] in currencies and row["subregion"] in subregions for row in members())
    exponents = {row["code"]: row["exponent"] for row in source.currencies()}
    assert (exponents["JPY"], exponents["KWD"], exponents["USD"]) == (0, 3, 2)


@pytest.mark.parametrize("status, count", [(Status.LDC, 44), (Status.LLDC, 32), (Status.SIDS, 37)])
def test_special_situations_of_member_states_today(status: Status, count: int) -> None:
    states = {row["code"] for row in members()}
    held = {row["country"] for row in source.statuses() if row["status"] is status and row["until"] is None}
    assert len(held & states) == count


def test_goals_have_169_targets() -> None:
    codes = [row["code"] for row in source.targets()]
    assert len(source.goals()) == 17 and len(codes) == len(set(codes)) == 169
    assert Counter(row["goal"] for row in source.targets())[17] == 19
    assert target_codes(16, 2, 2) == ["16.1", "16.2", "16.a", "16.b"]


def test_the_data_says_where_it_comes_from() -> None:
    folder = Path(source.__file__).parent / "data"
    told = (folder / "SOURCES.md").read_text("utf-8")
    assert [path.name for path in folder.glob("*.csv") if path.name not in told] == []


# --------------------------------------------------------------------------------------------- finding a country


def test_every_name_means_its_country(spellings: Gazetteer) -> None:
    rows = [(row, row["code"]) for row in source.countries()]
    rows += [(row, row["country"]) for row in source.former_names()]
    lost = [
        (code, row[f"name_{language}"])
        for row, code in rows
        for language in LANGUAGES
        if spellings.resolve(row[f"name_{language}"]) != code
    ]
    assert lost == []


@pytest.mark.parametrize(
    "text, code",
    [
        ("United Kingdom of Great Britain and Northern Ireland", "GBR"),
        ("UK", "GBR"),
        ("Great Britain", "GBR"),
        ("英国", "GBR"),
        ("Republic of Korea", "KOR"),
        ("South Korea", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("Democratic People's Republic of Korea", "PRK"),
        ("Russia", "RUS"),
        ("Россия", "RUS"),
        ("Bolivia", "BOL"),
        ("BOLIVIA (PLURINATIONAL STATE OF)", "BOL"),
        ("玻利维亚", "BOL"),
        ("Viet Nam", "VNM"),
        ("Vietnam", "VNM"),
        ("Ivory Coast", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("State of Palestine", "PSE"),
        ("Holy See", "VAT"),
        ("the Netherlands", "NLD"),
        ("Netherlands (the)", "NLD"),
        ("荷兰", "NLD"),
        ("Government of the Netherlands", "NLD"),
        ("Turkey", "TUR"),
        ("Türkiye*", "TUR"),
        ("Swaziland", "SWZ"),
        ("The former Yugoslav Republic of Macedonia", "MKD"),
        ("Czech Republic", "CZE"),
        ("DR Congo", "COD"),
        ("Congo", "COG"),
        ("St. Lucia", "LCA"),
        ("Trinidad & Tobago", "TTO"),
        ("多米尼加", "DOM"),
        ("多米尼克", "DMA"),
        ("Dominica", "DMA"),
        ("Guinea", "GIN"),
        ("Guinée équatoriale", "GNQ"),
        ("Niger", "NER"),
        ("النيجر", "NER"),
        ("نيجيريا", "NGA"),
        ("جمهورية ايران الاسلامية", "IRN"),
        ("Romania²", "ROU"),
        (" DEU ", "DEU"),
        ("DE", "DEU"),
        ("276", "DEU"),
    ],
)
def test_what_people_write_is_understood(spellings: Gazetteer, text: str, code: str) -> None:
    assert spellings.resolve(text) == code


@pytest.mark.parametrize("text", ["", "  ", "*", "in", "European Union", "Ford Foundation", "Atlantis", "Korea", "999"])
def test_what_is_no_country_is_left_alone(spellings: Gazetteer, text: str) -> None:
    assert spellings.resolve(text) is None


@pytest.mark.parametrize(
    "text, code",
    [("Rumenia", "ROU"), ("Rumania", "ROU"), ("Swizerland", "CHE"), ("Untied Kingdom", "GBR"), ("Германиа", "DEU")],
)
def test_a_slip_of_the_pen_gets_a_suggestion(spellings: Gazetteer, text: str, code: str) -> None:
    assert spellings.nearest(text)[0] == code


def test_nothing_close_is_nothing_suggested(spellings: Gazetteer) -> None:
    assert spellings.nearest("Ministry of Silly Walks") == [] == spellings.nearest("")


def test_no_alias_contradicts_a_name() -> None:
    """An alias may settle what two countries share; it may not take another country's own name."""
    own = {fold(row[f"name_{language}"]): row["code"] for row in source.countries() for language in LANGUAGES}
    taken = [row for row in source.aliases() if own.get(row["form"], row["country"]) != row["country"]]
    assert taken == []


def test_a_shared_spelling_is_nobodys_until_settled() -> None:
    names = {"AAA": iter(["Guinea", "Papua"]), "BBB": iter(["guinea"])}
    assert gathered(names, {}) == {"papua": "AAA"}
    assert gathered({"AAA": iter(["Guinea"]), "BBB": iter(["guinea"])}, {"Guinea!": "BBB"}) == {"guinea": "BBB"}


def test_small_rules() -> None:
    assert bare("Bolivia (Plurinational State of)") == "Bolivia" and bare("Chad") is None and bare("(x)") is None
    assert holds(None, None, TODAY) and holds(TODAY, None, TODAY) and not holds(None, TODAY, TODAY)
    assert order_key("العراق", "Iraq", "ar") < order_key("غانا", "Ghana", "ar")
    assert order_key("ألمانيا", "Germany", "ar") < order_key("بلجيكا", "Belgium", "ar")
    assert order_key("丹麦", "Denmark", "zh") < order_key("中国", "Zimbabwe", "zh")


# ------------------------------------------------------------------------------------------------ in the database


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
    assert SCHEDULE.exists(), f"{SCHEDULE} is missing: it holds the contributors that must be understood"
    with SCHEDULE.open(encoding="utf-8") as file:
        wanted = {row["contributor"] for row in csv.DictReader(file) if row["group"] in ("Government", "Mixed")}
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
