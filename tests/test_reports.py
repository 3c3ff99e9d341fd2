"""The statements beside the first two: what they add up to, on which day, and for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from spent import (
    a_year_of_spending,
    allotted,
    committed,
    entered,
    francs,
    fund,
    paid,
    pledged,
    project,
    some_proposal,
)

from fundapp.access.operations import Console
from fundapp.finance.models import CommitmentStep, Receipt
from fundapp.finance.queries.accounts import card, named_account
from fundapp.finance.queries.ageing import unpaid
from fundapp.finance.queries.evidence import evidence
from fundapp.finance.queries.receipts import settled_by
from fundapp.finance.queries.reports import drawn
from fundapp.finance.queries.spending import projects, uses
from fundapp.finance.rules.ageing import Age, age
from fundapp.finance.rules.reports import (
    AVAILABLE,
    BALANCE,
    BUDGET,
    COMMITMENTS,
    COMPARED,
    KINDS,
    RECEIVABLES,
    TRIAL,
    Report,
    year_before,
)
from fundapp.finance.rules.spending import Use
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.operations import close_year, reverse
from fundapp.ledger.queries import verify
from fundapp.publishing.drawing import REPORT_FORMATS, draw

FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)


def of(kind: str, last: date = LAST, first: date = FIRST, closed: tuple[int, ...] = ()) -> Report:
    return drawn(db.session(), kind, fund(), first, last, closed)


def codes(report: Report) -> list[str]:
    return [row.code for row in report.rows]


def test_the_balance_goes_from_what_was_held_to_what_is_held(demo: Flask) -> None:
    found = of(BALANCE, date(2020, 12, 31), date(2020, 1, 1))
    assert found.amount("OPENING", "amount") == 235299280
    assert found.amount("INC.TOTAL", "amount") == 36782659
    assert found.amount("EXP.TOTAL", "amount") == -51232371
    assert found.amount("CLOSING", "amount") == 220849568
    assert found.amount("AST.CASH", "amount") + found.amount("AST.RECEIVABLE", "amount") == 220849568
    assert found.amount("NET.ASSETS", "amount") == found.amount("CLOSING", "amount")
    assert found.amount("CLOSING", "before") == found.amount("OPENING", "amount")
    assert "DIFFERENCE" not in codes(found)


def test_income_and_expenditure_stand_beside_the_year_before(demo: Flask) -> None:
    a_year_of_spending()
    found = of(COMPARED)
    assert found.amount("EXP.CONTRACT", "amount") == 1_500_00
    assert found.amount("EXP.CONTRACT", "before") == 6451717
    assert found.amount("EXP.CONTRACT", "change") == 1_500_00 - 6451717
    assert found.amount("CLOSING", "before") == 220849568


def test_a_trial_balance_adds_up_to_the_same_on_both_sides(demo: Flask) -> None:
    a_year_of_spending()
    entered(date(2021, 6, 1), "AST.CASH", "INC.CONTRIB", 900_00, origin=francs(900_00))
    found = of(TRIAL)
    for one in ("opening", "closing"):
        assert found.amount("TOTAL", f"{one}-debit") == found.amount("TOTAL", f"{one}-credit")
    assert found.amount("TOTAL", "debits") == found.amount("TOTAL", "credits") == 1_500_00 + 300_00 + 900_00
    assert found.amount("AST.CASH", "debits") == 900_00
    assert found.amount("AST.CASH", "credits") == 1_800_00


def test_a_trial_balance_is_the_same_once_years_are_closed(demo: Flask) -> None:
    a_year_of_spending()
    before = [of(TRIAL, last, first).rows for first, last in ((FIRST, LAST), (date(2020, 3, 1), date(2021, 6, 30)))]
    for year in range(2009, 2022):
        with unit_of_work(Console()) as work:
            close_year(work, fund(), year)
    after = [of(TRIAL, last, first).rows for first, last in ((FIRST, LAST), (date(2020, 3, 1), date(2021, 6, 30)))]
    assert before == after
    assert verify(db.session()).holds


def test_a_budget_stands_against_what_is_committed_and_spent(demo: Flask) -> None:
    a_year_of_spending()
    found = of(BUDGET)
    assert [found.amount("P-1/120", one) for one in ("allotted", "committed", "spent", "left")] == [
        10_000_00, 2_500_00, 1_500_00, 6_000_00,
    ]  # fmt: skip
    assert found.amount("P-1/160", "allotted") == 2_000_00
    assert found.amount("P-1/160", "left") == 1_700_00
    assert found.amount("P-1/total", "left") == 7_700_00
    assert found.amount("TOTAL", "left") == 7_700_00
    assert not any(row.warns for row in found.rows)
    half = of(BUDGET, date(2021, 2, 28))
    assert [half.amount("P-1/total", one) for one in ("committed", "spent")] == [4_000_00, 0]
    later = of(BUDGET, LAST, date(2021, 4, 1))
    assert [later.amount("P-1/total", one) for one in ("spent-period", "spent")] == [300_00, 1_800_00]


def test_spending_beyond_the_budget_is_marked(demo: Flask) -> None:
    key = project()
    allotted(key, FIRST, c120=100_00)
    entered(date(2021, 3, 1), "EXP.CONTRACT", "AST.CASH", 150_00, project_id=key)
    found = of(BUDGET)
    assert {row.code for row in found.rows if row.warns} == {"P-1/120", "P-1/total"}
    allotted(key, date(2021, 6, 1), c120=-20_00)
    assert of(BUDGET).amount("P-1/120", "allotted") == 80_00
    assert of(BUDGET, date(2021, 5, 31)).amount("P-1/120", "allotted") == 100_00


def test_what_is_carried_over_is_not_counted_twice(demo: Flask) -> None:
    key = project()
    allotted(key, FIRST, c120=1_000_00)
    committed(
        "C2021-0001", key, "EXP.CONTRACT", (CommitmentStep.APPROVED, 600_00, FIRST, 0),
        (CommitmentStep.CARRIED, 0, LAST, 600_00),
    )  # fmt: skip
    entered(LAST, "EXP.CONTRACT", "LIA.COMMITMENTS", 600_00, project_id=key)
    found = of(BUDGET)
    assert [found.amount("P-1/120", one) for one in ("committed", "spent", "left")] == [0, 600_00, 400_00]
    left = of(COMMITMENTS)
    assert left.amount("C2021-0001", "open") == left.amount("C2021-0001", "carried") == 600_00


def test_commitments_outstanding_on_a_day(demo: Flask) -> None:
    key = a_year_of_spending()
    committed("C2021-0002", None, "EXP.OPERATING", (CommitmentStep.APPROVED, 70_00, date(2021, 10, 1), 0))
    committed(
        "C2021-0003", key, "EXP.CONTRACT", (CommitmentStep.APPROVED, 50_00, date(2021, 10, 1), 0),
        (CommitmentStep.CANCELLED, -50_00, date(2021, 11, 1), 0),
    )  # fmt: skip
    found = of(COMMITMENTS)
    assert codes(found) == ["C2021-0001", "C2021-0002", "TOTAL"]
    assert [found.amount("C2021-0001", one) for one in ("raised", "paid", "cancelled", "open")] == [
        4_000_00, 1_500_00, 0, 2_500_00,
    ]  # fmt: skip
    assert found.amount("TOTAL", "open") == 2_570_00
    assert found.rows[0].warns  # it expired in September
    early = of(COMMITMENTS, date(2021, 2, 15))
    assert early.amount("TOTAL", "open") == 4_000_00 and not early.rows[0].warns


def test_receivables_by_age_add_up_to_the_account(demo: Flask) -> None:
    keys = pledged("2021-001", "CHE", date(2021, 1, 15), (500_00, date(2021, 3, 1)), (300_00, date(2021, 12, 31)))
    pledged("2021-002", "NOR", date(2021, 2, 1), (80_00, date(2021, 6, 30)))
    paid("R2021-0001", "CHE", date(2021, 4, 1), keys[0], 200_00)
    found = of(RECEIVABLES, date(2021, 7, 15))
    assert found.amount("2021-001/1", "age-365") == 300_00  # 136 days
    assert found.amount("2021-001/2", "age-current") == 300_00
    assert found.amount("2021-002/1", "age-30") == 80_00
    assert found.amount("none/-", "no-date") == 105_000_00  # what Table 1 says of 2019, of no donor
    assert found.amount("TOTAL", "total") == 105_680_00
    [cash] = [row for row in of(AVAILABLE, date(2021, 7, 15)).rows if row.code == "AST.RECEIVABLE"]
    assert cash.cells[0].cents == -105_680_00  # type: ignore[union-attr]
    assert of(RECEIVABLES, date(2021, 3, 31)).amount("2021-001/1", "age-30") == 500_00
    assert "2021-001/1" not in codes(of(RECEIVABLES, date(2021, 1, 14)))


def test_a_receipt_that_was_undone_is_owed_again(demo: Flask) -> None:
    [key] = pledged("2021-001", "CHE", date(2021, 1, 15), (500_00, date(2021, 3, 1)))
    made = paid("R2021-0001", "CHE", date(2021, 4, 1), key, 500_00)
    assert "2021-001/1" not in codes(of(RECEIVABLES))
    with unit_of_work(Console()) as work:
        again = work.session.get(Receipt, made.id)
        assert again
        entry = reverse(work, fund(), settled_by(db.session(), again)[0][0].entry_id or 0, date(2021, 5, 1), "undone")
        work.operation = "tests.undo"
        again.undone_at, again.undone_entry_id = now(), entry
        work.session.flush()
        work.operation = None
    assert of(RECEIVABLES).amount("2021-001/1", "total") == 500_00
    assert "2021-001/1" not in codes(of(RECEIVABLES, date(2021, 4, 30)))


def test_what_is_available_leaves_out_what_is_promised_to_others(demo: Flask) -> None:
    before = of(AVAILABLE)
    a_year_of_spending()
    after = of(AVAILABLE)
    assert after.amount("COMMITTED", "amount") == -2_500_00
    assert after.amount("ALLOTTED", "amount") == -7_700_00
    assert after.amount("CLOSING", "amount") == before.amount("CLOSING", "amount") - 1_800_00
    spent = 2_500_00 + 7_700_00 + 1_800_00
    reserve = (after.amount("RESERVE", "amount") or 0) - (before.amount("RESERVE", "amount") or 0)
    assert after.amount("AVAILABLE", "amount") == (before.amount("AVAILABLE", "amount") or 0) - spent + reserve
    lines = ("PAID-IN", "COMMITTED", "RESERVE", "ALLOTTED")
    assert sum(after.amount(one, "amount") for one in lines) == after.amount("AVAILABLE", "amount")


def test_a_statement_and_the_pages_say_the_same_of_each_project(rebuilt: Flask) -> None:
    for on in (date(2020, 3, 31), date(2020, 9, 15), date(2020, 12, 31), date(2021, 6, 30)):
        found, rows = of(BUDGET, on, date(on.year, 1, 1)), projects(db.session(), Console(), fund(), on)
        assert rows
        for row in rows:
            if f"{row.code}/total" in codes(found):
                said = [found.amount(f"{row.code}/total", one) for one in ("allotted", "committed", "spent", "left")]
                assert said == [row.use.allotted, row.use.committed, row.use.spent, row.use.left]
                assert found.amount(f"{row.code}/total", "spent-period") == row.use.since
            else:
                assert row.use == Use()
        assert -of(AVAILABLE, on).amount("COMMITTED", "amount") == found.amount("TOTAL", "committed")
        by_group = uses(db.session(), fund().id, on).values()
        left = sum(max(use.left, 0) for groups in by_group for use in groups.values())
        assert -of(AVAILABLE, on).amount("ALLOTTED", "amount") == left


def test_the_list_of_what_is_unpaid_says_what_the_statement_says(rebuilt: Flask) -> None:
    seen = 0
    for on in (date(2019, 12, 31), date(2020, 3, 31), date(2020, 9, 15), date(2020, 12, 31), date(2021, 6, 30)):
        found, listed = of(RECEIVABLES, on), unpaid(db.session(), fund(), on, "en")
        owed = {f"{one.pledge}/{one.number}": one.cents for one in listed if one.stands.recognised is not None}
        assert {code: found.amount(code, "total") for code in codes(found) if code in owed} == owed
        beside = sum(found.amount(code, "total") for code in codes(found) if code.endswith("/-"))
        assert found.amount("TOTAL", "total") == sum(owed.values()) + beside
        seen += len(owed)
    assert seen


def test_a_proposal_closed_to_the_reader_is_not_there(shown: Flask) -> None:
    proposal = some_proposal()
    a_year_of_spending(proposal)
    for kind in (BUDGET, COMMITMENTS):
        seen, kept = of(kind), of(kind, closed=(proposal,))
        assert "P-1" in str(seen.rows) and "P-1" not in str(kept.rows)
        assert "C2021-0001" not in str(kept.rows)
    assert of(BUDGET, closed=(proposal,)).amount("TOTAL", "allotted") == 0


@pytest.mark.parametrize("form", REPORT_FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_is_drawn_in_each_language_and_format(demo: Flask, language: str, form: str) -> None:
    a_year_of_spending()
    pledged("2021-001", "CHE", date(2021, 1, 15), (500_00, date(2021, 3, 1)))
    for kind in KINDS:
        assert draw(of(kind), language, form)


def test_a_card_carries_its_balance_over_pages(demo: Flask) -> None:
    for day in range(1, 120):
        entered(FIRST + timedelta(days=day), "EXP.OPERATING", "AST.CASH", day)
    cash = named_account(db.session(), "AST.CASH")
    assert cash
    found, seen = card(db.session(), fund().id, cash.id, FIRST, LAST), 0
    opening, balance = found.opening, found.opening
    while True:
        assert found.brought == balance
        for line, after in found.lines:
            balance += line.cents
            assert after == balance
        seen += len(found.lines)
        if found.after is None:
            break
        found = card(db.session(), fund().id, cash.id, FIRST, LAST, found.after)
    assert (seen, found.count) == (119, 119)
    assert balance == found.closing == opening - sum(range(1, 120))


def test_an_entry_says_what_it_was_posted_for(demo: Flask) -> None:
    [key] = pledged("2021-001", "CHE", date(2021, 1, 15), (500_00, date(2021, 3, 1)))
    made = paid("R2021-0001", "CHE", date(2021, 4, 1), key, 200_00)
    kinds = {(one.kind, one.number) for one in evidence(db.session(), made.entry_id)}
    assert kinds == {("receipt", "R2021-0001")}
    settled = settled_by(db.session(), made)[0][0].entry_id or 0
    assert {(one.kind, one.number) for one in evidence(db.session(), settled)} == {("settlement", "R2021-0001")}


def test_the_period_before_is_as_long() -> None:
    assert year_before(date(2020, 1, 1), date(2021, 12, 31)) == (date(2018, 1, 1), date(2019, 12, 31))
    assert year_before(date(2020, 2, 29), date(2020, 3, 31)) == (date(2019, 2, 28), date(2019, 3, 31))
    assert year_before(date(2020, 7, 1), date(2021, 6, 30)) == (date(2018, 7, 1), date(2019, 6, 30))


@given(st.integers(-400, 800))
def test_each_day_of_age_is_in_one_class(days: int) -> None:
    place = age(date(2021, 1, 1), date(2021, 1, 1) + timedelta(days=days))
    edges = (0, 30, 90, 365)
    assert tuple(Age).index(place) == sum(days > edge for edge in edges)


def test_nothing_is_written_by_reading(demo: Flask) -> None:
    count = sa.select(sa.func.count()).select_from(sa.table("trace"))
    before = db.session().scalar(count)
    for kind in KINDS:
        of(kind)
    assert db.session().scalar(count) == before
