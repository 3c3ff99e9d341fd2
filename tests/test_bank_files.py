"""Bank statements as files: what they say, and what is refused of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from random import Random

import pytest
from bank import ACCOUNT, camt053, entry, mt940

from fundapp.finance.layouts.bank import read_bank
from fundapp.kernel.errors import Refusal

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


def test_a_file_that_was_changed_anywhere_is_read_or_refused_and_never_breaks_the_program() -> None:
    pick = Random(7)
    files = (mt940(SWISS, ("200616", "D1,00", "A", "B")), camt053(entry("5.00"), entry("7.00"), closing="1012.00"))
    for _ in range(400):
        content = bytearray(pick.choice(files))
        for _change in range(pick.randint(1, 6)):
            at, end = pick.randrange(len(content)), pick.randint(1, 30)
            piece = bytes(content[pick.randrange(len(content)) :][:end])
            content[at : at + end * pick.randint(0, 1)] = pick.choice((b"", piece, bytes([pick.randrange(256)])))
        with suppress(Refusal):
            read_bank(bytes(content), "x")
    assert refused(read_bank, b"{1:F01:20:STMT\r\n:25:X", "x") == ["bank.cut"]
