"""Bank statements: taking them in once, what a movement is proposed to pay, what people decide."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from bank import camt053, entry, lines, mt940, taken_in
from calls import someone
from flask import Flask
from receiving import balance, bound, instalments, paid, put, rates, the_fund

from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.contributions.models import Donor, DonorAlias, Instalment
from fundapp.contributions.queries import donor_by_code
from fundapp.finance.models import BankLine, BankStatement, Receipt, Settlement
from fundapp.finance.operations.bank import accept, look_again, pass_by
from fundapp.finance.operations.receiving import undo_receipt
from fundapp.finance.queries.bank import (
    LineState,
    Wanted,
    counts,
    open_instalments,
    proposed,
    statements,
    unmatched,
)
from fundapp.finance.queries.bank import lines as listed
from fundapp.finance.rules.matching import Match, Strength
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.money import Money
from fundapp.kernel.text import fold
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify

FIRST, SECOND = date(2020, 6, 30), date(2020, 12, 31)
SWISS = ("200615", "C60000,00", "AGR 2020-001", "/ORDP/NAME/SWITZERLAND/REMI/VOLUNTARY FUND")


def refused(call: object, *given: object) -> list[str]:
    with pytest.raises(Refusal) as found:
        call(*given)  # type: ignore[operator]
    return [fault.code for fault in found.value.faults]


# ---------------------------------------------------------------------------------------------------- taking files in


def test_a_file_comes_in_once_and_overlapping_statements_bring_no_movement_twice(demo: Flask) -> None:
    first = taken_in(mt940(SWISS, SWISS))
    assert (first.statements, first.lines, first.known) == (1, 2, 0)  # two alike on a day are two
    assert refused(taken_in, mt940(SWISS, SWISS)) == ["bank.again"]
    later = taken_in(mt940(SWISS, SWISS, ("200701", "C5,00", "", "X"), number="124/1"), "july.sta", "b" * 64)
    assert (later.lines, later.known) == (1, 2)
    assert len(lines()) == 3
    assert balance("AST.CASH", None) == balance("AST.CASH", None)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 0


def test_a_statement_that_does_not_begin_where_the_last_one_ended_is_marked(demo: Flask) -> None:
    taken_in(mt940(SWISS))
    taken_in(mt940(("200720", "C5,00", "", "X"), opening="61007,00", number="125/1"), "c.sta", "c" * 64)
    newest, oldest = statements(db.session(), the_fund().id)
    assert (oldest.gap, oldest.lines, oldest.waiting) == (None, 1, 1)
    assert newest.gap == Money(7_00, "CHF")


def test_a_currency_that_nobody_knows_is_refused_and_nothing_is_kept(demo: Flask) -> None:
    assert refused(taken_in, mt940(SWISS, currency="XXQ")) == ["rate.currency-unknown"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BankStatement)) == 0


# ------------------------------------------------------------------------------------------------ what people decide


def codes(match: Match) -> set[str]:
    return {reason.code for reason in match.reasons}


def swiss() -> tuple[list[int], BankLine]:
    """A pledge of 60 000 francs and 40 000, and a movement that pays the first."""
    rates()
    parts = instalments(bound(date(2020, 2, 1), parts=[(60_000_00, FIRST), (40_000_00, SECOND)]))
    taken_in(mt940(SWISS))
    return parts, lines()[0]


def decide(line: BankLine, parts: list[tuple[int, int]], donor: str = "CHE", version: int | None = None) -> str:
    key, seen = line.id, line.version if version is None else version
    with unit_of_work(Console()) as work:
        chosen = [(work.session.get_one(Instalment, one), minor) for one, minor in parts]
        who = donor_by_code(work.session, donor)
        return accept(work, work.session.get_one(BankLine, key), who, chosen, seen).number


def passed(line: BankLine, reason: str = "Interest of the bank", version: int | None = None) -> None:
    key, seen = line.id, line.version if version is None else version
    with unit_of_work(Console()) as work:
        pass_by(work, work.session.get_one(BankLine, key), reason, seen)


def proposals() -> dict[int, list[Match]]:
    rows, _total = listed(db.session(), the_fund().id, Wanted())
    return dict(proposed(db.session(), the_fund(), rows))


def test_a_movement_is_proposed_and_nothing_is_booked_until_somebody_accepts(demo: Flask) -> None:
    parts, line = swiss()
    cash, debt = balance("AST.CASH", None), balance("AST.RECEIVABLE")
    best = proposals()[line.id][0]
    assert (best.strength, best.choice) == (Strength.STRONG, f"{parts[0]}:6000000")
    assert balance("AST.CASH", None) == cash
    assert unmatched(db.session(), the_fund().id, date(2020, 6, 1), date(2020, 6, 30)) == 1
    number = decide(line, [(parts[0], 60_000_00)])
    receipt = db.session().scalars(sa.select(Receipt)).one()
    assert (receipt.number, receipt.bank_line_id, receipt.reference) == (number, line.id, "AGR 2020-001")
    assert (receipt.received_on, receipt.minor, receipt.cents) == (date(2020, 6, 15), 60_000_00, 62_500_00)
    assert balance("AST.CASH", None) - cash == 62_500_00
    assert balance("AST.RECEIVABLE") == debt - 61_855_67
    assert unmatched(db.session(), the_fund().id, date(2020, 6, 1), date(2020, 6, 30)) == 0
    assert proposals() == {}
    assert verify(db.session()).holds


def test_a_movement_is_accepted_once(demo: Flask) -> None:
    parts, line = swiss()
    decide(line, [(parts[0], 60_000_00)])
    assert refused(decide, line, [(parts[1], 1_00)]) == ["receipt.line-twice"]
    assert refused(passed, line) == ["receipt.line-twice"]


def test_a_receipt_that_is_taken_back_lets_its_movement_wait_again(demo: Flask) -> None:
    parts, line = swiss()
    decide(line, [(parts[0], 60_000_00)])
    with unit_of_work(Console()) as work:
        undo_receipt(work, work.session.scalars(sa.select(Receipt)).one(), "Of another donor")
    assert counts(db.session(), the_fund().id)[LineState.WAITING] == 1
    assert decide(line, [(parts[0], 60_000_00)]) == "R2020-0002"


def test_one_movement_may_pay_two_instalments_or_none(demo: Flask) -> None:
    parts, line = swiss()
    decide(line, [(parts[0], 20_000_00), (parts[1], 40_000_00)])
    settled = db.session().scalars(sa.select(Settlement.minor).order_by(Settlement.id)).all()
    assert settled == [20_000_00, 40_000_00]
    taken_in(mt940(("200620", "C5,00", "", "MORE"), number="124/1"), "b.sta", "b" * 64)
    decide(lines()[-1], [])
    assert balance("LIA.ADVANCE") == -5_21


def test_more_than_came_in_more_than_is_open_or_anothers_instalment_books_nothing(demo: Flask) -> None:
    parts, line = swiss()
    [other] = instalments(bound(date(2020, 2, 1), parts=[(90_000_00, FIRST)], donor="DEU", number="2020-002"))
    cash = balance("AST.CASH", None)
    for given, donor, code in (
        ([(parts[0], 60_000_01)], "CHE", "bank.more"),
        ([(parts[1], 40_000_01)], "CHE", "settle.over-instalment"),
        ([(parts[0], -1)], "CHE", "receipt.amount"),
        ([(parts[0], 1_00), (parts[0], 1_00)], "CHE", "bank.choice"),
        ([(other, 1_00)], "CHE", "bank.choice"),
        ([(parts[0], 1_00)], "DEU", "bank.choice"),
    ):
        assert refused(decide, line, given, donor) == [code]
    assert balance("AST.CASH", None) == cash
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 0


def test_a_missing_rate_stops_the_receipt_and_says_which(demo: Flask) -> None:
    taken_in(mt940(SWISS))
    assert refused(decide, lines()[0], []) == ["rate.missing"]
    assert counts(db.session(), the_fund().id)[LineState.WAITING] == 1


def test_what_is_no_receipt_is_passed_with_a_reason_and_may_be_looked_at_again(demo: Flask) -> None:
    _parts, line = swiss()
    assert refused(passed, line, "no") == ["reason.short"]
    passed(line)
    assert refused(passed, lines()[0]) == ["bank.passed"]
    assert refused(decide, lines()[0], []) == ["bank.passed"]
    [row], _total = listed(db.session(), the_fund().id, Wanted(state="passed"))
    assert (row.passed_reason, row.passed_by) == ("Interest of the bank", "console")
    key, version = row.id, row.version
    with unit_of_work(Console()) as work:
        look_again(work, work.session.get_one(BankLine, key), version)
    assert counts(db.session(), the_fund().id) == {
        LineState.WAITING: 1, LineState.RECEIVED: 0, LineState.PASSED: 0, LineState.OUT: 0,
    }  # fmt: skip


def test_whoever_decides_on_what_they_no_longer_see_is_told(demo: Flask) -> None:
    parts, line = swiss()
    before = line.version
    passed(line)
    assert refused(passed, line, "Interest of the bank", before) == ["bank.changed"]
    assert refused(decide, line, [(parts[0], 1_00)], "CHE", before) == ["bank.changed"]


def test_what_was_paid_out_is_no_receipt(demo: Flask) -> None:
    taken_in(mt940(("200616", "D100,50", "", "CHARGES")))
    assert refused(decide, lines()[0], []) == ["bank.paid-out"]
    assert counts(db.session(), the_fund().id)[LineState.OUT] == 1


def test_a_donor_is_known_by_what_people_noted_and_by_a_name_in_any_language(demo: Flask) -> None:
    rates()
    [key] = instalments(bound(date(2020, 2, 1), parts=[(999_00, date(2021, 6, 1))]))
    with unit_of_work(Console()) as work:
        who = work.session.scalars(sa.select(Donor.id).where(Donor.code == "CHE")).one()
        put(work, DonorAlias(donor_id=who, form=fold("EDA Bern"), said="EDA Bern", at=work.at, by="test"))
    taken_in(camt053(
        entry("10.00", said="EDA BERN"), entry("11.00", said="Confédération: SUIZA"), entry("12.00", said="سويسرا"),
        closing="1033.00",
    ))  # fmt: skip
    for line in lines():
        [match] = proposals()[line.id]
        assert match.choice.startswith(f"{key}:"), line.text
        assert "match.donor" in codes(match), line.text


def test_what_is_paid_is_proposed_no_more(demo: Flask) -> None:
    parts, line = swiss()
    decide(line, [(parts[0], 60_000_00)])
    assert [one.instalment for one in open_instalments(db.session(), the_fund())] == [parts[1]]
    assert paid(date(2020, 7, 1), 1_00)


def test_only_who_records_receipts_takes_statements_in(demo: Flask) -> None:
    taken_in(mt940(SWISS))
    line = lines()[0]
    for role in (Role.AUDITOR, Role.CERTIFYING_OFFICER, Role.SECRETARY):
        with pytest.raises(Refused), unit_of_work(someone(role)) as work:
            pass_by(work, work.session.get_one(BankLine, line.id), "Interest of the bank", line.version)
