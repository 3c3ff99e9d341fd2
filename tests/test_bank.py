"""Bank statements: what files say, what is refused of them, what a movement may pay and why, what people decide."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from bank import ACCOUNT, camt053, entry, lines, mt940, taken_in
from calls import someone
from flask import Flask
from receiving import balance, bound, instalments, paid, put, rates, the_fund

from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.contributions.models import Donor, DonorAlias, Instalment
from fundapp.contributions.queries import donor_by_code
from fundapp.finance.layouts.bank import read_bank
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
from fundapp.finance.rules.bank import Movement
from fundapp.finance.rules.matching import Match, Open, Strength, matches, names_of
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


# ------------------------------------------------------------------------------------------------------ what files say


def test_an_mt940_says_who_paid_how_much_and_by_which_reference() -> None:
    content = mt940(SWISS, ("200616", "D100,50", "", "166?00CHARGES?20Bank charges?32THE BANK"))
    [found] = read_bank(content, "june.sta")
    assert (found.account, found.currency, found.number) == (ACCOUNT, "CHF", "123/1")
    assert (found.opening, found.closing) == (1_000_00, 60_899_50)
    assert (found.first, found.last) == (date(2020, 6, 1), date(2020, 6, 30))
    first, second = found.movements
    assert (first.booked_on, first.minor, first.reference) == (date(2020, 6, 15), 60_000_00, "AGR 2020-001")
    assert first.counterparty == "SWITZERLAND"
    assert "VOLUNTARY FUND" in first.text
    assert (second.minor, second.counterparty, second.reference) == (-100_50, "THE BANK", "")


def test_pages_of_one_mt940_statement_are_put_together_and_several_statements_stay_apart() -> None:
    head = f":20:A\n:25:{ACCOUNT}\n:28C:1/1\n"
    pages = (
        f"{head}:60F:C200601CHF0,\n:61:2006150615C5,NTRFONE\n:86:ONE\n:62M:C200615CHF5,\n-\n"
        f"{head}:60M:C200615CHF5,\n:61:2006160616C7,NTRFTWO\n:86:TWO\n:62F:C200616CHF12,\n-\n"
    )
    more = pages.replace("28C:1/", "28C:2/").replace("60F:C200601CHF0,", "60F:C200617CHF0,")
    one, two = read_bank((pages + more).encode(), "x.sta")
    assert [movement.minor for movement in one.movements] == [5_00, 7_00]
    assert (one.closing, two.number) == (12_00, "2/1")


def test_a_camt053_of_any_version_says_the_same() -> None:
    for version in ("02", "04", "08"):
        payer = "SWITZERLAND" if version != "08" else "</Nm><Pty><Nm>SWITZERLAND</Nm></Pty><Nm>"
        content = camt053(
            entry("60000.00", payer=payer, said="Voluntary Fund", reference="AGR 2020-001"),
            entry("100.50", "2020-06-16", side="DBIT"),
            entry("5.00", status="<Sts><Cd>PDNG</Cd></Sts>"),
            closing="60899.50",
            version=version,
        )
        [found] = read_bank(content, "june.xml")
        assert (found.account, found.number, found.closing) == (ACCOUNT, "7", 60_899_50)
        assert [one.minor for one in found.movements] == [60_000_00, -100_50]
        assert found.movements[0].counterparty == "SWITZERLAND"
        assert found.movements[0].reference == "AGR 2020-001"


def test_payments_that_a_bank_books_together_are_movements_of_their_own() -> None:
    def part(amount: str, name: str) -> str:
        return (
            f'<TxDtls><Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
            f"<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties></TxDtls>"
        )

    whole = (
        '<Ntry><Amt Ccy="CHF">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2020-06-15</Dt></BookgDt><NtryDtls>{part('10.00', 'FRANCE')}{part('20.00', 'GERMANY')}"
        "</NtryDtls></Ntry>"
    )
    [found] = read_bank(camt053(whole, closing="1030.00"), "x.xml")
    assert [(one.minor, one.counterparty) for one in found.movements] == [(10_00, "FRANCE"), (20_00, "GERMANY")]
    [found] = read_bank(camt053(whole.replace("20.00</Amt>", "19.00</Amt>"), closing="1030.00"), "x.xml")
    assert [one.minor for one in found.movements] == [30_00]


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><Document>&b;</Document>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bank.no-layout"),
        (b"date;amount\n2020-01-01;5\n", "bank.no-layout"),
        (b"\x00\x01\x02:20:", "file.not-text"),
        (b"<html><body>no</body></html>", "bank.no-layout"),
        (b"<Document><unclosed>", "bank.broken"),
        (BOMB, "bank.broken"),
        (OUTSIDE, "bank.broken"),
        (mt940(SWISS)[:-60], "bank.cut"),
        (mt940(SWISS)[: len(mt940(SWISS)) // 2], "bank.broken"),
        (mt940(SWISS, closing="61001,00"), "bank.sums"),
        (mt940(SWISS).replace(b"C60000,00", b"Csixty"), "bank.broken"),
        (mt940(SWISS, opening="1000,001", closing="61000,00"), "bank.amount"),
        (camt053(entry("5.00"), closing="1005.00")[:-40], "bank.broken"),
        (camt053(entry("5.00"), closing="1006.00"), "bank.sums"),
        (camt053(entry("5.00", currency="EUR"), closing="1005.00"), "bank.several"),
        (camt053(entry("5.00", day="soon"), closing="1005.00"), "bank.broken"),
        (camt053(entry("five"), closing="1005.00"), "bank.broken"),
        (camt053(entry("-5.00"), closing="1005.00"), "bank.broken"),
        (camt053(entry("5.00", side="BOTH"), closing="1005.00"), "bank.broken"),
        (camt053(entry("5.001"), closing="1005.00"), "bank.amount"),
        (camt053(entry("5.00"), closing="1005.00").replace(b"CLBD", b"ITBD"), "bank.cut"),
    ],
)
def test_a_file_that_is_cut_changed_or_something_else_is_refused(content: bytes, code: str) -> None:
    assert refused(read_bank, content, "x.sta") == [code]


@pytest.mark.parametrize("content", [mt940(SWISS, SWISS), camt053(entry("5.00"), entry("7.00"), closing="1012.00")])
def test_a_file_cut_at_any_place_is_whole_or_refused(content: bytes) -> None:
    whole = read_bank(content, "x")
    for end in range(0, len(content), 7):
        try:
            found = read_bank(content[:end], "x")
        except Refusal:
            continue
        assert found == whole, end


# ------------------------------------------------------------------------------------------- what it may pay, pure

NAMES = names_of(
    [
        (1, fold("Switzerland")), (1, fold("Schweizerische Eidgenossenschaft")), (2, fold("France")),
        (3, fold("Guinea")), (None, fold("Equatorial Guinea")), (4, "瑞士联邦"), (5, "uk"),
    ]
)  # fmt: skip


def an_open(key: int = 10, minor: int = 60_000_00, *, donor: int = 1, pledge: str = "2020-001", number: int = 1,
            reference: str = "AGR 77/2020", due: date = FIRST, currency: str = "CHF") -> Open:  # fmt: skip
    return Open(key, number, pledge, reference, donor, Money(minor, currency), due)


def found(text: str, *opens: Open, minor: int = 60_000_00, on: date = date(2020, 6, 25)) -> list[Match]:
    return matches(Movement(on, minor, "", "", text), "CHF", opens, NAMES)


def codes(match: Match) -> set[str]:
    return {reason.code for reason in match.reasons}


def test_amount_reference_name_and_day_together_settle_it_and_each_is_said() -> None:
    [one] = found("Agr-77/2020 SWITZERLAND", an_open())
    assert one.strength is Strength.STRONG
    assert codes(one) == {"match.reference", "match.donor", "match.amount", "match.before"}
    assert one.choice == "10:6000000"


def test_another_donor_in_the_text_speaks_against_it() -> None:
    assert found("FRANCE", an_open()) == []
    first, second = found("FRANCE, AGR 77/2020", an_open(), an_open(11, donor=2, pledge="2020-002", reference=""))
    assert (first.donor, second.donor) == (2, 1)
    assert "match.other-donor" in codes(second)


def test_a_longer_name_is_not_the_shorter_one_within_it() -> None:
    guinea = an_open(donor=3, reference="")
    [one] = found("REPUBLIC OF EQUATORIAL GUINEA", guinea)
    assert "match.donor" not in codes(one)
    [one] = found("MINISTRY OF FINANCE GUINEA", guinea)
    assert "match.donor" in codes(one)
    assert NAMES.named("guineas") == {}


def test_names_without_blanks_between_words_and_spellings_with_accents_are_found() -> None:
    assert NAMES.named("付款人瑞士联邦财政部") == {4: fold("瑞士联邦")}
    assert NAMES.named("SCHWEIZERISCHE  EIDGENOSSENSCHAFT, Bern") == {1: "schweizerische eidgenossenschaft"}
    assert NAMES.named("uk aid") == {}


def test_a_part_too_much_and_charges_are_told_apart() -> None:
    for minor, code in ((30_000_00, "match.part"), (59_990_00, "match.charges"), (70_000_00, "match.over")):
        [one] = found("SWITZERLAND", an_open(), minor=minor)
        assert code in codes(one)
        assert one.minor == min(minor, 60_000_00)


def test_instalments_of_one_pledge_that_come_to_the_amount_are_proposed_together() -> None:
    parts = [an_open(10, 40_000_00), an_open(11, 20_000_00, number=2, due=SECOND), an_open(12, 5_00, number=3)]
    first = found("SWITZERLAND", *parts[:2])[0]
    assert first.choice == "10:4000000+11:2000000"
    assert "match.amounts" in codes(first)


def test_what_is_more_than_the_first_instalment_goes_on_to_the_next() -> None:
    parts = [an_open(10, 40_000_00), an_open(11, 40_000_00, number=2, due=SECOND)]
    first = found("SWITZERLAND AGR 77/2020", *parts)[0]
    assert first.choice == "10:4000000+11:2000000"
    assert "match.part" in codes(first)


def test_nothing_is_proposed_for_what_was_paid_out_or_is_in_another_currency() -> None:
    assert found("SWITZERLAND AGR 77/2020", an_open(), minor=-60_000_00) == []
    assert found("SWITZERLAND AGR 77/2020", an_open(currency="EUR")) == []
    assert found("NOBODY", an_open(due=date(2019, 1, 1)), minor=1_00) == []


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
