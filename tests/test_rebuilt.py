"""The files of the rebuilt year add up to the printed Table 1 to the cent, and agree among themselves."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from rebuilt_year import (
    ALLOTMENTS,
    COMMITMENTS,
    INSTALMENTS,
    PLEDGES,
    RATES,
    RECEIPTS,
    SPENT,
    cents,
    committed,
    gains,
    income,
    lines,
    minor,
    promised,
    rate,
    support_costs,
    unpaid,
)

from fundapp.kernel.money import exponent, parse_printed
from fundapp.web.written import table

PRINTED = [row for row in table("a_hrc_47_19.csv") if row["part"] == "table1"]
# A heading has no amount; the balances are opened from the document and follow from the net
FILED = [row for row in PRINTED if row["says"] and row["place"] not in ("OPENING", "CLOSING")]
TABLE_2 = {
    row["of"]: row["says"] for row in table("a_hrc_47_19.csv") if row["place"] == "2020" and row["part"] == "table2"
}


@pytest.mark.parametrize(("code", "printed"), [(row["place"], row["says"]) for row in FILED])
def test_the_files_come_to_the_printed_line(code: str, printed: str) -> None:
    assert lines()[code] == parse_printed(printed)


def test_the_balance_follows_from_the_net() -> None:
    printed = {row["place"]: parse_printed(row["says"]) or 0 for row in PRINTED if row["says"]}
    closing = printed["OPENING"] + lines()["NET"]
    assert closing // 100 * 100 == printed["CLOSING"]  # the cents were cut off


def test_donors_give_what_table_2_says_and_romania_what_it_lacks() -> None:
    said = {code: parse_printed(amount) for code, amount in TABLE_2.items()}
    assert income() == said | {"ROU": 4_779_013}


def test_what_was_booked_in_earlier_years_is_what_table_2_printed_of_them() -> None:
    earlier: Counter[str] = Counter()
    for row in INSTALMENTS:
        if PLEDGES[row["pledge"]]["binds_on"] < "2020":
            earlier[row["pledge"]] += promised(row["pledge"], row["number"])
    table_2 = [row for row in table("a_hrc_47_19.csv") if row["part"] == "table2"]
    printed = {(row["of"], row["place"]): parse_printed(row["says"]) for row in table_2}
    assert {pledge: printed[PLEDGES[pledge]["donor"], pledge[-4:]] for pledge in earlier} == earlier


def test_the_pledge_of_2019_makes_the_printed_gain_alone() -> None:
    found = gains()
    assert (found["ESP-2019"], sum(found.values())) == (46_612, 46_612)


def test_a_pledge_in_swiss_francs_is_paid_in_two_parts_at_two_rates_that_make_up_for_each_other() -> None:
    parts = [row for row in RECEIPTS if row["pledge"] == "ROU-2020"]
    booked = rate("CHF", PLEDGES["ROU-2020"]["binds_on"])
    rates = {rate(row["currency"], row["received_on"]) for row in parts}
    assert [row["currency"] for row in parts] == ["CHF", "CHF"]
    assert len(rates | {booked}) == 3
    assert gains()["ROU-2020"] == 0


def test_unpaid_pledges_are_of_earlier_years_and_partly_not_yet_due() -> None:
    due = {row["due_on"] for row in INSTALMENTS if row["pledge"] in unpaid()}
    assert sum(unpaid().values()) == 10_500_000
    assert max(due) > "2020-12-31" > min(due)


def test_instalments_are_paid_as_they_were_promised() -> None:
    for row in RECEIPTS:
        one = next(i for i in INSTALMENTS if (i["pledge"], i["number"]) == (row["pledge"], row["instalment"]))
        pledge = PLEDGES[row["pledge"]]
        assert (row["donor"], row["currency"], row["amount"]) == (pledge["donor"], pledge["currency"], one["amount"])


def test_every_amount_has_a_rate_of_its_day() -> None:
    moved = [(row["currency"], row["received_on"]) for row in RECEIPTS]
    moved += [(row["currency"], row["binds_on"]) for row in PLEDGES.values()]
    moved += [(row["currency"], row["posted_on"]) for row in SPENT]
    assert all(rate(*one) > 0 for one in moved)


def test_rates_are_one_a_day_and_currency_and_some_begin_within_a_month() -> None:
    assert len({(code, since) for code, since, _ in RATES}) == len(RATES)
    assert any(not since.endswith("-01") for _, since, _ in RATES)


def test_the_months_support_costs_lack_what_the_erp_trues_up() -> None:
    assert sum(support_costs()) == 5_893_553
    assert [row["usd"] for row in SPENT if row["account"] == "EXP.PSC"] == ["37.98"]


def test_a_document_and_line_are_one_line_of_the_year() -> None:
    known = {(row["document"], row["line"]) for row in SPENT}
    assert len(known) == len(SPENT) > 300
    assert all(date.fromisoformat(row["posted_on"]).year == 2020 for row in SPENT)


def test_an_amount_of_the_extract_is_what_its_dollars_were_at_the_rate_of_the_day() -> None:
    for row in SPENT:
        dollars = minor(row["amount"], row["currency"]) / 10 ** exponent(row["currency"]) / float(
            rate(row["currency"], row["posted_on"])
        )  # fmt: skip
        assert abs(dollars - float(row["usd"])) < 0.01


def test_refunds_and_nothing_else_make_two_lines_negative() -> None:
    negative = {row["account"] for row in SPENT if cents(row["usd"]) < 0}
    assert {"EXP.TRAVELREP", "EXP.GRANTS"} < negative
    assert all(row["kind"] in ("refund", "reversal") for row in SPENT if cents(row["usd"]) < 0)


def test_what_pays_a_commitment_is_of_its_project_and_line_and_no_more_than_it() -> None:
    for one in COMMITMENTS:
        paid = [row for row in SPENT if row["commitment"] == one["number"]]
        assert all((row["project"], row["account"]) == (one["project"], one["account"]) for row in paid)
        assert all(row["posted_on"] >= one["committed_on"] for row in paid)
    left = {number: cents_left for number, cents_left in committed().items() if cents_left}
    assert left == {"C2020-0005": 125_000, "C2020-0008": 640_000}


def test_grants_stay_below_50_000_dollars() -> None:
    assert all(abs(cents(row["usd"])) < 5_000_000 for row in SPENT if row["account"] == "EXP.GRANTS")


def test_projects_spend_and_commit_no_more_than_they_were_allotted_of_a_class() -> None:
    allotted = {(row["project"], row["class"]): cents(row["usd"]) for row in ALLOTMENTS}
    used: Counter[tuple[str, str]] = Counter()
    for row in (*SPENT, *COMMITMENTS):
        if row["project"] and not row.get("commitment"):
            used[row["project"], row["class"]] += cents(row["usd"])
    assert used and all(amount <= allotted[key] for key, amount in used.items())
