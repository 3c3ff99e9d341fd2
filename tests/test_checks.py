"""Differences come out of arithmetic: change one figure, and the checks it enters say so, and no other does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from money import FRAME, Tables, by_id, change, checked, figures, printed_figure, schedule, tables, tied

from fundapp.finance.checks import Check, Status, checks

SCHEDULE = schedule()
# DOMAIN, section 5: what the printed tables get wrong. id -> printed, computed, difference, status
KNOWN = {
    "income-total": ("367826.59", "367826.59", "0.00", "agrees"),
    "expenditure-total": ("512323.71", "512323.71", "0.00", "agrees"),
    "net": ("-144497.12", "-144497.12", "0.00", "agrees"),
    "closing": ("2208495.00", "2208495.68", "-0.68", "differs"),
    "table2-total": ("6924591.00", "6665917.00", "258674.00", "differs"),
    "table2-against-table1": ("298807.00", "346597.13", "-47790.13", "differs"),
    "donors-against-table2": ("18", "19", "-1", "differs"),
    "support-costs": ("58973.51", "58935.53", "37.98", "differs"),
    "unpaid-pledges": ("2208495.00", "2103495.68", "104999.32", "note"),
    "donor-order-2019": ("KOR, SAU, ESP, PAK", "PAK, KOR, SAU, ESP", "", "differs"),
    "donor-count": ("18", "18", "0", "agrees"),
    "country-count": ("28", "28", "0", "agrees"),
}
BY_SCHEDULE = {
    "schedule-against-table1-2020": ("346597.13", "346597.00", "0.13", "agrees"),
    "tie-out-2018-RUS": ("200000.00", "0.00", "200000.00", "differs"),
    "tie-out-2019-RUS": ("0.00", "200000.00", "-200000.00", "differs"),
    "tie-out-2019-FRA": ("0.00", "142854.00", "-142854.00", "differs"),
    "tie-out-2019-DEU": ("0.00", "114155.00", "-114155.00", "differs"),
    "tie-out-2019-SGP": ("0.00", "5000.00", "-5000.00", "differs"),
    "tie-out-2019-ESP": ("27352.00", "27353.00", "-1.00", "differs"),
    "tie-out-2020-Romania": ("0.00", "47790.00", "-47790.00", "differs"),
}
# What enters which check, by the meaning of each: line of Table 1 -> ids
ENTERS = {
    "INC.CONTRIB": {"income-total", "table2-against-table1", "schedule-against-table1-2020"},
    "INC.TOTAL": {"income-total", "net"},
    "EXP.TOTAL": {"expenditure-total", "net"},
    "PRIOR.ADJ": {"net"},
    "NET": {"net", "closing", "unpaid-pledges"},
    "OPENING": {"closing", "unpaid-pledges"},
    "PLEDGES.PRIOR": {"unpaid-pledges"},
    "PLEDGES.CURRENT": {"unpaid-pledges"},
    "CLOSING": {"closing", "unpaid-pledges"},
}
FIGURES = [row["line"] for row in tables().table1 if row["line"] != "INC.FX"]
AMOUNTS = st.one_of(st.integers(101, 10**10), st.integers(-(10**10), -101))


def entered(code: str) -> set[str]:
    if code in ENTERS:
        return ENTERS[code]
    return {"income-total"} if code.startswith("INC.") else {"expenditure-total", "support-costs"}


def changed(before: dict[str, Check], after: dict[str, Check]) -> set[str]:
    """The checks whose figures are others, those that are new and those that went."""
    return {
        name for name in before.keys() | after.keys()
        if name not in before or name not in after or figures(before[name]) != figures(after[name])
    }  # fmt: skip


def sound() -> Tables:
    """The same tables without a fault: what was cut off, left out and out of order put right."""
    found = tables()
    for code, text in (
        ("EXP.PSC", "58 935.53"),
        ("EXP.TOTAL", "512 285.73"),
        ("NET", "(144 459.14)"),
        ("CLOSING", "2 208 533.66"),
    ):
        found.line(code)["printed"] = text
    *rows, total = found.table2
    rows = [row for row in rows if (row["period"], row["donor_iso3"]) != ("2019", "PAK")]
    rows.insert(34, {"period": "2019", "donor_iso3": "PAK", "printed": "3 000"})
    rows.append({"period": "2020", "donor_iso3": "ESP", "printed": "47 790.13"})
    total["printed"] = "6 713 707.13"
    found.table2 = [*rows, total]
    found.stated[0]["value"] = "19"
    found.stated.append({"paragraph": "45", "fact": "donor", "value": "ARE"})
    return found


def test_the_printed_tables_are_found_wrong_where_they_are() -> None:
    found = checked(tables(), SCHEDULE)
    assert {name: (*figures(check), check.status.value) for name, check in found.items()} == KNOWN | BY_SCHEDULE
    assert found["closing"].explanation.code == "explain.cut-off"
    assert found["support-costs"].explanation.values == {"cents": 45335020, "percent": "13", "implied": "13.0084"}
    assert [names["en"] for names in found["donors-against-table2"].explanation.values["donors"]] == [  # type: ignore[attr-defined]
        "United Arab Emirates"
    ]
    assert [names["en"] for names in found["donor-order-2019"].explanation.values["donors"]] == ["Pakistan"]  # type: ignore[attr-defined]
    assert found["tie-out-2020-Romania"].explanation.values == {"cents": 4779013}


def test_sound_tables_are_found_sound() -> None:
    found = checked(sound())
    notes = {name for name, check in found.items() if check.status is Status.NOTE}
    assert notes == {"unpaid-pledges", "schedule"}
    assert {name for name, check in found.items() if not check.agrees} == notes


@given(st.sampled_from(FIGURES), AMOUNTS)
def test_any_figure_of_table1_changes_the_checks_it_enters_and_no_other(code: str, by: int) -> None:
    found = tables()
    change(found.line(code), by)
    before, after = checked(tables(), SCHEDULE), checked(found, SCHEDULE)
    assert changed(before, after) == entered(code)


@given(st.sampled_from(FIGURES), AMOUNTS)
def test_any_figure_of_table1_that_is_wrong_is_found(code: str, by: int) -> None:
    found = sound()
    change(found.line(code), by)
    after = checked(found)
    wrong = {name for name, check in after.items() if check.status is Status.DIFFERS}
    assert wrong == entered(code) - {"unpaid-pledges", "schedule-against-table1-2020"}
    if "unpaid-pledges" in entered(code):
        assert changed(checked(sound()), after) == entered(code)


@given(st.integers(0, 44), AMOUNTS)
def test_any_figure_of_table2_changes_the_checks_it_enters_and_no_other(number: int, by: int) -> None:
    found = tables()
    row = found.table2[number]
    change(row, by)
    period, donor = row["period"], row["donor_iso3"]
    expected = {"table2-total"}
    if period in ("2018", "2019", "2020"):
        expected.add(f"tie-out-{period}-{donor}")
    if period == "2020":
        expected.add("table2-against-table1")
    after = checked(found, SCHEDULE)
    found_changed = changed(checked(tables(), SCHEDULE), after)
    assert found_changed - {f"tie-out-{period}-{donor}"} == expected - {f"tie-out-{period}-{donor}"}
    if after.get(f"tie-out-{period}-{donor}"):  # unless the change happens to be what the schedule says
        assert expected == found_changed
    assert after["table2-total"].status is Status.DIFFERS or by == 25867400


@given(st.integers(0, 44), AMOUNTS)
def test_any_figure_of_table2_that_is_wrong_is_found(number: int, by: int) -> None:
    found = sound()
    row = found.table2[number]
    change(row, by)
    wrong = {name for name, check in checked(found).items() if check.status is Status.DIFFERS}
    assert wrong == {"table2-total"} | ({"table2-against-table1"} if row["period"] == "2020" else set())


@given(st.integers(1, 99))
def test_one_cent_is_a_difference(cents: int) -> None:
    for code, names in (
        ("INC.TOTAL", {"income-total", "net"}),
        ("CLOSING", {"closing"}),
        ("EXP.PSC", {"support-costs", "expenditure-total"}),
    ):
        found = sound()
        change(found.line(code), cents)
        wrong = {name for name, check in checked(found).items() if check.status is Status.DIFFERS}
        assert wrong == names
        assert checked(found)["closing"].explanation.code == (
            "explain.too-high" if code == "CLOSING" else "explain.adds-up"
        )


@given(st.data())
def test_any_two_donors_that_change_places_are_found(data: st.DataObject) -> None:
    found = sound()
    period = data.draw(st.sampled_from(sorted({row["period"] for row in found.table2} - {"TOTAL"})))
    rows = found.of_period(period)
    one, other = data.draw(st.lists(st.sampled_from(range(len(rows))), min_size=2, max_size=2, unique=True))
    first, second = found.table2.index(rows[one]), found.table2.index(rows[other])
    found.table2[first], found.table2[second] = found.table2[second], found.table2[first]
    after = checked(found)
    wrong = {name for name, check in after.items() if check.status is Status.DIFFERS}
    assert wrong == {f"donor-order-{period}"}
    displaced = after[f"donor-order-{period}"].explanation.values["donors"]
    moved = {FRAME.label(row["donor_iso3"])["en"] for row in (rows[one], rows[other])}
    named = {names["en"] for names in displaced}  # type: ignore[attr-defined]
    assert len(named) == 1 and named <= moved if abs(one - other) == 1 else moved <= named


def test_donors_stand_in_the_order_of_names_without_accents_and_case() -> None:
    names = {
        "CIV": "Côte d’Ivoire",
        "CRI": "Costa Rica",
        "HRV": "Croatia",
        "XEU": "european Union",
        "TUR": "Türkiye",
        "TKM": "Turkmenistan",
    }
    frame = type(FRAME)(
        frozenset(),
        frozenset(),
        FRAME.support_rate,
        {code: dict.fromkeys(FRAME.names["FRA"], name) for code, name in names.items()},
    )
    assert sorted(names, key=frame.order) == ["CRI", "CIV", "HRV", "XEU", "TUR", "TKM"]


@pytest.mark.parametrize("said", ["17", "19", "0"])
def test_a_count_that_is_wrong_is_found(said: str) -> None:
    found = tables()
    found.stated[0]["value"] = said
    after = checked(found)
    assert after["donor-count"].status is Status.DIFFERS
    assert figures(after["donor-count"]) == (said, "18", str(int(said) - 18))
    assert changed(checked(tables()), after) == {"donor-count", "donors-against-table2"}
    assert after["donors-against-table2"].status is Status.DIFFERS  # as many, but not the same, is a difference too
    assert after["country-count"].agrees


def test_a_list_that_lacks_a_donor_or_has_one_more_is_found() -> None:
    found = sound()
    gone = next(row for row in found.stated if row["value"] == "OMN")
    found.stated.remove(gone)
    wrong = {name: check for name, check in checked(found).items() if check.status is Status.DIFFERS}
    assert set(wrong) == {"donor-count", "donors-against-table2"}
    assert wrong["donors-against-table2"].explanation.code == "explain.only-table"
    found.stated.append({**gone, "value": "CHE"})  # as many again, but not the same
    wrong = {name: check for name, check in checked(found).items() if check.status is Status.DIFFERS}
    assert set(wrong) == {"donors-against-table2"}
    assert wrong["donors-against-table2"].explanation.code == "explain.donors-part"


def test_two_paragraphs_that_count_are_two_checks() -> None:
    found = tables()
    found.stated.append({"paragraph": "46", "fact": "donor_count", "value": "0"})
    after = checked(found)
    assert {"donor-count-1", "donor-count-2", "donors-against-table2-1", "donors-against-table2-2"} <= set(after)
    assert after["donor-count-2"].agrees
    assert after["donor-count-2"].title.values == {"paragraph": "46"}


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [
        ("2 208 496", "explain.rounded", "note"),
        ("2 208 495", "explain.cut-off", "differs"),
        ("2 208 497", "explain.too-high", "differs"),
        ("2 208 494", "explain.too-low", "differs"),
        ("2 208 495.68", "explain.adds-up", "agrees"),
        ("2 208 495.67", "explain.too-low", "differs"),
    ],
)
def test_cents_cut_off_are_told_from_cents_rounded(text: str, code: str, status: str) -> None:
    found = tables()
    found.line("CLOSING")["printed"] = text
    check = checked(found)["closing"]
    assert (check.explanation.code, check.status.value) == (code, status)


def test_any_total_may_be_printed_in_whole_dollars() -> None:
    found = tables()
    found.line("INC.TOTAL")["printed"] = "367 827"
    assert checked(found)["income-total"].status is Status.NOTE
    found.line("INC.TOTAL")["printed"] = "367 826"
    assert checked(found)["income-total"].explanation.code == "explain.cut-off"


def test_negative_amounts_are_cut_off_towards_nothing_and_rounded_away_from_it() -> None:
    found = tables()
    found.line("NET")["printed"] = "(144 497)"
    assert checked(found)["net"].explanation.code == "explain.rounded"
    change(found.line("EXP.TOTAL"), 50)
    found.line("NET")["printed"] = "(144 497)"
    assert checked(found)["net"].explanation.code == "explain.cut-off"


def test_unpaid_pledges_that_are_deducted_are_seen() -> None:
    found = tables()
    found.line("CLOSING")["printed"] = "2 103 495.68"
    check = checked(found)["unpaid-pledges"]
    assert (check.difference, check.explanation.code) == ("0.00", "explain.memorandum-deducted")


def test_a_total_that_is_not_printed_is_a_note() -> None:
    found = tables()
    for code in ("INC.TOTAL", "NET", "CLOSING"):
        found.table1.remove(found.line(code))
    found.table2.pop()
    after = checked(found)
    for name, computed in (
        ("income-total", "367826.59"),
        ("net", "-144497.12"),
        ("closing", "2208495.68"),
        ("table2-total", "6665917.00"),
    ):
        assert (figures(after[name]), after[name].status) == (("", computed, ""), Status.NOTE)


def test_a_year_of_which_table2_has_nothing_is_compared_with_nothing() -> None:
    found = tables()
    found.table2 = [row for row in found.table2 if row["period"] != "2020"]
    check = checked(found, SCHEDULE)["table2-against-table1"]
    assert figures(check) == ("0.00", "346597.13", "-346597.13")
    assert check.status is Status.DIFFERS
    assert "tie-out-2020-FRA" in checked(found, SCHEDULE)


def test_a_biennium_that_reaches_beyond_the_period_is_not_compared() -> None:
    found = tables()
    for row in found.of_period("2020"):
        row["period"] = "2020-2021"
    check = checked(found, SCHEDULE)["table2-against-table1"]
    assert (check.status, check.explanation.code) == (Status.NOTE, "explain.periods-differ")
    assert not [name for name in checked(found, SCHEDULE) if name.startswith("tie-out-2020")]


def test_half_a_year_is_not_set_beside_rows_of_a_year() -> None:
    printed = tables().printed(period=(date(2020, 1, 1), date(2020, 6, 30)))
    check = by_id(checks(printed, FRAME, ()))["table2-against-table1"]
    assert (check.status, check.explanation.code) == (Status.NOTE, "explain.periods-differ")


def test_table1_of_a_biennium_is_set_beside_the_rows_of_that_biennium() -> None:
    found = tables()
    found.line("OPENING")["label"], found.line("CLOSING")["label"] = "1 January 2016", "31 December 2017"
    found.line("INC.CONTRIB")["printed"] = "1 144 236"
    check = checked(found, SCHEDULE)["table2-against-table1"]
    assert (figures(check), check.title.values) == (("1144236.00", "1144236.00", "0.00"), {"period": "2016-2017"})
    assert not [name for name in checked(found, SCHEDULE) if name.startswith("schedule-against-table1")]


def test_without_table2_or_paragraphs_there_is_less_to_check() -> None:
    printed = tables().printed("table1")
    found = by_id(checks(printed, FRAME, tied(printed, SCHEDULE)))
    table1 = {"income-total", "expenditure-total", "net", "closing", "support-costs", "unpaid-pledges"}
    assert set(found) == table1 | {"schedule-against-table1-2020"}
    assert {name: figures(found[name]) for name in table1} == {name: KNOWN[name][:3] for name in table1}


def test_no_support_costs_where_the_fund_has_no_rate() -> None:
    printed = tables().printed()
    frame = type(FRAME)(FRAME.income, FRAME.expenditure, FRAME.support_rate * 0, FRAME.names)
    assert "support-costs" not in by_id(checks(printed, frame, ()))


def test_nothing_spent_but_support_costs_is_no_division_by_nothing() -> None:
    found = tables()
    for row in found.table1:
        if row["line"].startswith("EXP.") and row["line"] != "EXP.PSC":
            row["printed"] = "-"
    check = checked(found)["support-costs"]
    assert figures(check) == ("58973.51", "0.00", "58973.51")


@given(st.integers(-(10**13), 10**13), st.integers(-(10**13), 10**13))
def test_figures_of_any_size_are_added_up_exactly(staff: int, charged: int) -> None:
    found = tables()
    found.line("EXP.STAFF")["printed"], found.line("EXP.PSC")["printed"] = (
        printed_figure(staff),
        printed_figure(charged),
    )
    total = 51232371 - 31797513 - 5897351 + staff + charged
    after = checked(found)
    assert int(after["expenditure-total"].computed.replace(".", "")) == total
    direct = total - charged
    due = int(after["support-costs"].computed.replace(".", ""))
    assert abs(due * 100 - direct * 13) <= 50  # to the nearest cent


def test_the_newest_period_may_be_given() -> None:
    printed = tables().printed(period=(date(2019, 1, 1), date(2019, 12, 31)))
    found = by_id(checks(printed, FRAME, ()))
    assert found["table2-against-table1"].printed == "155352.00"
