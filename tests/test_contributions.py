"""Donors and schedules: a State is known by any of its names, everybody else by their own, and nothing is booked."""

from __future__ import annotations

from datetime import date

import pytest
from books import CERTIFIER
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from money import OWN, rows_of

from fundapp.access.operations import Console
from fundapp.access.policy import Refused
from fundapp.contributions.models import DonorKind
from fundapp.contributions.operations import load_schedule, other_code
from fundapp.contributions.queries import donors, names_of_donors, scheduled, schedules
from fundapp.contributions.rules import UN_SCHEDULE, Given, Names, recognise, understand
from fundapp.funds.queries import funds, named_fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.sheets import Source, SourceRow
from fundapp.kernel.work import unit_of_work
from fundapp.web.seed import names as known_names

HEADINGS = ("year", "fund_code", "contributor", "group", "amount_usd")
STATES = {"France": "FRA", "the Netherlands": "NLD", "Netherlands": "NLD"}
KNOWN = Names(STATES.get, lambda text: "-")


def source(*found: tuple[str, ...]) -> Source:
    return Source(
        "s.csv", HEADINGS, tuple(SourceRow(n, dict(zip(HEADINGS, row, strict=True))) for n, row in enumerate(found, 2))
    )


def row(
    contributor: str, amount: str, group: str = "Government", year: str = "2020", fund: str = "UPR"
) -> tuple[str, ...]:
    return year, fund, contributor, group, amount


def load(*found: tuple[str, ...], only: str | None = None) -> tuple[int, int]:
    with unit_of_work(Console()) as work:
        every = funds(work.session)
        given_rows = understand(source(*found), [fund.code for fund in every], known_names(work.session), only)
        loaded = load_schedule(work, None, given_rows, name="s.csv", layout=UN_SCHEDULE, funds=every)
    return loaded.added, loaded.known


def of(code: str) -> dict[tuple[int, str], int]:
    return dict(scheduled(db.session(), named_fund(db.session(), code).id))


def test_rows_are_understood() -> None:
    found = understand(
        source(row(" France ", "1 234.50"), row("Ford", "(5)", "Others", fund="AHA")), ["UPR", "AHA"], KNOWN
    )
    assert found == [
        Given(2, 2020, "UPR", "France", "FRA", 123450),
        Given(3, 2020, "AHA", "Ford", None, -500),
    ]


def test_only_the_rows_of_one_fund_if_asked_but_all_are_read() -> None:
    both = source(row("France", "1"), row("France", "2", fund="AHA"))
    assert [given_row.cents for given_row in understand(both, ["UPR", "AHA"], KNOWN, "AHA")] == [200]
    with pytest.raises(Refusal) as refusal:
        understand(source(row("France", "1"), row("Nobody", "2", fund="AHA")), ["UPR", "AHA"], KNOWN, "UPR")
    assert [(fault.code, fault.row) for fault in refusal.value.faults] == [("donor.unknown", 3)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the Netherlands", "Netherlands"),
        ("Ford Foundation", "FORD  foundation."),
        ("Fundación Ñandú", "FUNDACION NANDU"),
    ],
)
def test_the_same_donor_under_two_spellings_stands_twice(one: str, other: str) -> None:
    group = "Government" if one in STATES else "Others"
    with pytest.raises(Refusal) as refusal:
        understand(source(row(one, "1", group), row(other, "2", group)), ["UPR"], KNOWN)
    [fault] = refusal.value.faults
    assert (fault.code, fault.row, fault.values["other"]) == ("schedule.twice", 3, 2)


def test_signs_alone_are_names_too() -> None:
    found = understand(source(row("!!!", "1", "Others"), row("???", "2", "Others")), ["UPR"], KNOWN)
    assert len({other_code(given_row.name) for given_row in found}) == 2


@given(st.text(min_size=1, max_size=255))
def test_codes_are_short_and_the_same_for_the_same_name(name: str) -> None:
    code = other_code(name)
    assert code == other_code(name.upper().lower()) or name.upper().lower().casefold() != name.casefold()
    assert 3 < len(code) <= 60
    assert code == code.strip()


def test_a_layout_is_recognised_or_named() -> None:
    assert recognise(source(row("France", "1")), None) == UN_SCHEDULE
    with pytest.raises(Refusal) as refusal:
        recognise(source(row("France", "1")), "excel")
    assert refusal.value.faults[0].code == "layout.unknown"
    with pytest.raises(Refusal) as refusal:
        recognise(Source("x.csv", ("year", "amount_usd"), ()), None)
    assert [fault.column for fault in refusal.value.faults] == ["fund_code", "contributor", "group"]


def test_a_schedule_is_kept_beside_the_books(seeded: Flask) -> None:
    assert load(row("France", "5"), row("Rumania", "-7.25"), row("Ford Foundation", "1", "Others", fund="AHA")) == (
        3,
        0,
    )
    assert of("UPR") == {(2020, "FRA"): 500, (2020, "ROU"): -725}
    assert of("AHA") == {(2020, "ford-foundation"): 100}
    known = donors(db.session())
    assert known["ROU"].kind is DonorKind.STATE
    assert {known["ford-foundation"].names[language] for language in LANGUAGES} == {"Ford Foundation"}
    assert [(kept.name, kept.rows) for kept in schedules(db.session())] == [("s.csv", 3)]


def test_what_is_new_is_added_to_what_was_there(seeded: Flask) -> None:
    load(row("France", "5"))
    assert load(row("France", "5"), row("France", "6", year="2021")) == (1, 1)
    assert of("UPR") == {(2020, "FRA"): 500, (2021, "FRA"): 600}
    assert load(row("France", "5"), row("France", "9", fund="AHA"), only="AHA") == (1, 0)
    for again in ((row("France", "5"),), (row("France", "6", year="2021"), row("France", "5"))):
        with pytest.raises(Refusal) as refusal:
            load(*again)
        assert refusal.value.faults[0].code == "schedule.nothing-new"


def test_a_row_that_changed_refuses_all_of_them(seeded: Flask) -> None:
    load(row("France", "5"))
    with pytest.raises(Refusal) as refusal:
        load(row("France", "5.01"), row("Spain", "1"))
    [fault] = refusal.value.faults
    assert (fault.code, fault.row, fault.column) == ("schedule.changed", 2, "amount_usd")
    assert (fault.values["cents"], fault.values["earlier_cents"]) == (501, 500)
    assert of("UPR") == {(2020, "FRA"): 500}
    assert "ESP" not in donors(db.session())


def test_whoever_certifies_does_not_load(seeded: Flask) -> None:
    with pytest.raises(Refused), unit_of_work(CERTIFIER) as work:
        load_schedule(work, None, [], name="s", layout=UN_SCHEDULE, funds=[])


def test_the_whole_schedule_of_the_demonstration(demo: Flask) -> None:
    found = of("UPR") | {(year, f"AHA {code}"): cents for (year, code), cents in of("AHA").items()}
    printed = [
        int(text) for each in rows_of(OWN / "trust_fund_schedule.csv") for text in list(each.values())[3:] if text
    ]
    assert len(found) == len(printed) == 216
    assert sum(found.values()) == sum(printed) * 100
    assert (found[2020, "ROU"], found[2018, "AHA CHE"]) == (4779000, -7842600)


def test_a_state_has_the_name_of_its_day(demo: Flask) -> None:
    def name(code: str, on: date, language: str) -> str:
        return next(names[language] for known, names in names_of_donors(db.session(), on).values() if known == code)

    assert name("NLD", date(2020, 12, 31), "zh") == "荷兰"
    assert name("NLD", date.max, "zh") != ""
    assert name("TUR", date(2020, 12, 31), "en") == "Turkey"
    assert name("TUR", date(2024, 12, 31), "en") == "Türkiye"
