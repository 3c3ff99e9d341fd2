"""Three sources side by side, row by row: who is in one and not in the other is found by comparing, never by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from money import ROOT, Tables, schedule, tables, tied

from fundapp.finance.printed import PrintedDonor
from fundapp.finance.tie_out import Tie, TieYear, tie_out

SCHEDULE = schedule()
Given = dict[tuple[int, str], int]
ROWS = st.dictionaries(st.tuples(st.integers(2018, 2020), st.sampled_from("ABCDE")), st.integers(-(10**6), 10**6))


def ties(found: Tables, scheduled: Mapping[tuple[int, str], int]) -> dict[str, Tie]:
    return {tie.subject: tie for year in tied(found.printed(), scheduled) for tie in year.ties}


def differing(found: Tables, scheduled: Mapping[tuple[int, str], int]) -> dict[str, str]:
    return {subject: tie.finding.code for subject, tie in ties(found, scheduled).items() if not tie.agrees}


KNOWN = {
    "2018-RUS": "tie.moved",
    "2019-RUS": "tie.moved",
    "2019-FRA": "tie.missing",
    "2019-DEU": "tie.missing",
    "2019-SGP": "tie.missing",
    "2019-ESP": "tie.one-dollar",
    "2020-Romania": "tie.missing-explains",
}


def test_what_the_two_sources_do_not_share_is_found() -> None:
    assert differing(tables(), SCHEDULE) == KNOWN
    found = ties(tables(), SCHEDULE)
    assert found["2020-Romania"].finding.values == {"cents": 4779013}
    for subject in ("2018-RUS", "2019-RUS"):
        assert found[subject].finding.values == {"printed": 2018, "scheduled": 2019}


def test_nobody_is_named_in_the_program() -> None:
    folders = [ROOT / "fundapp" / name for name in ("finance", "contributions", "publishing", "web")]
    code = "".join(path.read_text("utf-8") for folder in folders for path in Path(folder).rglob("*.py"))
    assert not [word for word in ('"ROU"', "Romania", "47790", "4779013", '"RUS"', '"ARE"') if word in code]


@given(st.text("ABCDEFGHIJ", min_size=3, max_size=3), st.integers(1, 10**6))
def test_anybody_else_in_their_place_is_found_as_well(code: str, dollars: int) -> None:
    scheduled = {key: cents for key, cents in SCHEDULE.items() if key != (2020, "Romania")}
    assert differing(tables(), scheduled) == {k: v for k, v in KNOWN.items() if k != "2020-Romania"}
    lacking = 4779013
    scheduled[2020, code] = dollars * 100
    explains = abs(lacking - dollars * 100) < 100
    assert differing(tables(), scheduled)[f"2020-{code}"] == ("tie.missing-explains" if explains else "tie.missing")


def test_a_row_that_the_schedule_lacks_is_found() -> None:
    scheduled = {key: cents for key, cents in SCHEDULE.items() if key != (2020, "IND")}
    assert differing(tables(), scheduled)["2020-IND"] == "tie.not-scheduled"


def test_years_that_changed_places_are_found() -> None:
    found = tables()
    for row in found.table2:
        row["period"] = {"2018": "2019", "2019": "2018"}.get(row["period"], row["period"])
    wrong = differing(found, SCHEDULE)
    assert wrong["2018-NOR"] == wrong["2019-NOR"] == "tie.moved"
    assert "2019-RUS" not in wrong  # what was printed a year too early now agrees
    assert "2020-FRA" not in wrong


@given(st.sampled_from([key for key in SCHEDULE if 2018 <= key[0] <= 2020 and SCHEDULE[key]]), st.integers(101, 10**8))
def test_any_figure_that_changes_is_found_and_no_other(key: tuple[int, str], by: int) -> None:
    before, after = differing(tables(), SCHEDULE), differing(tables(), SCHEDULE | {key: SCHEDULE[key] + by})
    subject = f"{key[0]}-{key[1]}"
    assert subject in after
    others = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} - {subject}
    assert others <= {f"{year}-{key[1]}" for year in (key[0] - 1, key[0] + 1)}  # what was moved is no longer


def row(first: int, donor: str, cents: int, last: int = 0) -> PrintedDonor:
    return PrintedDonor(f"{first}", first, last or first, donor, cents, "")


def out(donors: list[PrintedDonor], scheduled: Given, table1: dict[int, int] | None = None) -> dict[int, TieYear]:
    return {year.year: year for year in tie_out(donors, scheduled, {}, table1 or {}, {})}


def test_a_contribution_of_nothing_is_none() -> None:
    found = out([row(2020, "A", 0), row(2020, "B", 500)], {(2020, "B"): 500, (2020, "C"): 0})
    assert [tie.donor for tie in found[2020].ties] == ["B"]
    assert found[2020].ties[0].agrees


def test_a_contribution_taken_back_is_compared_like_any_other() -> None:
    found = out([row(2020, "A", -24150)], {(2020, "A"): -24150, (2020, "B"): -100})
    assert [tie.finding.code for tie in found[2020].ties] == ["tie.agrees", "tie.missing"]
    assert (found[2020].printed, found[2020].scheduled, found[2020].finding.code) == (-24150, -24250, "tie.year-high")


def test_only_a_neighbouring_year_that_both_sources_have_is_where_a_row_was_moved_to() -> None:
    far = out([row(2018, "A", 5), row(2020, "B", 7)], {(2018, "B"): 7, (2020, "A"): 5})
    assert {tie.finding.code for year in far.values() for tie in year.ties} == {"tie.missing", "tie.not-scheduled"}
    # 2017 is printed within a biennium: the same amount there says nothing of 2018
    biennial = out([row(2016, "A", 5, 2017), row(2018, "A", 5)], {(2017, "A"): 5, (2018, "B"): 1})
    assert biennial[2018].ties[0].finding.code == "tie.not-scheduled"
    assert list(biennial) == [2018]


def test_a_year_of_table1_is_tied_out_even_where_table2_has_nothing_of_it() -> None:
    found = out([row(2019, "A", 5)], {(2020, "B"): 700, (2021, "B"): 9}, {2020: 700})
    assert list(found) == [2020]
    assert found[2020].ties[0].finding.code == "tie.missing-explains"
    assert out([row(2019, "A", 5, 2020)], {(2020, "B"): 700}, {2020: 700}) == {}


def test_without_table2_only_the_totals_are_compared() -> None:
    found = out([], {(2020, "B"): 700}, {2020: 750})[2020]
    assert (found.ties, found.scheduled, found.table1, found.finding.code) == ((), 700, 750, "tie.no-table2")


@given(ROWS, ROWS)
def test_rows_agree_when_the_sources_say_the_same(printed: Given, scheduled: Given) -> None:
    found = out([row(year, donor, cents) for (year, donor), cents in printed.items()], scheduled)
    for year in found.values():
        assert year.printed == sum(tie.printed or 0 for tie in year.ties)
        assert year.scheduled == sum(tie.scheduled or 0 for tie in year.ties)
        for tie in year.ties:
            assert tie.agrees == ((tie.printed or 0) == (tie.scheduled or 0))
    expected = {y for y, _ in printed} & {y for y, _ in scheduled}
    assert set(found) == expected
