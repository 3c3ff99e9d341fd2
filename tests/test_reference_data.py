"""What the program knows about the world before it has a database, and how it reads what people write."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.text import fold
from fundapp.reference import source
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

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def spellings() -> Gazetteer:
    codes = {row[key]: row["code"] for row in source.countries() for key in ("code", "alpha2", "m49")}
    return Gazetteer({row["form"]: row["country"] for row in source.aliases()}, codes)


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
