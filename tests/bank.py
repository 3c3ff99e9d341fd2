"""Bank statements and rates for tests, built here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import sqlalchemy as sa
import xlsxwriter
from receiving import the_fund

from fundapp.access.operations import Console
from fundapp.finance.layouts.bank import read_bank
from fundapp.finance.models import BankLine
from fundapp.finance.operations.bank import TakenIn, import_statements
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work

ACCOUNT = "CH9300762011623852957"
Paid = tuple[str, str, str, str]  # day (200615), amount (C60000,00), reference, details


def mt940(
    *moved: Paid, opening: str = "1000,00", closing: str = "", currency: str = "CHF", number: str = "123/1"
) -> bytes:
    """A statement as SWIFT MT940; the closing balance is worked out where it is not given."""
    cents = _cents(opening) + sum(_cents(amount[1:]) * (1 if amount[0] == "C" else -1) for _d, amount, _r, _t in moved)
    end = closing or f"{cents // 100},{cents % 100:02}"
    lines = [":20:STMT", f":25:{ACCOUNT}", f":28C:{number}", f":60F:C200601{currency}{opening}"]
    for day, amount, reference, details in moved:
        lines += [f":61:{day}{day[2:]}{amount}NTRF{reference or 'NONREF'}", f":86:{details}"]
    return "\r\n".join(["{1:F01BANKCHZZAXXX0000000000}{4:", *lines, f":62F:C200630{currency}{end}", "-}"]).encode()


def _cents(text: str) -> int:
    return int(text.replace(",", ""))


def entry(
    amount: str, day: str = "2020-06-15", *, side: str = "CRDT", payer: str = "", said: str = "", reference: str = "",
    status: str = "<Sts>BOOK</Sts>", currency: str = "CHF", more: str = "",
) -> str:  # fmt: skip
    """An entry of a camt.053 with one payment."""
    given = reference or "NOTPROVIDED"
    name = f"<RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties>" if payer else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{given}</EndToEndId>"
        f"</Refs>{name}<RmtInf><Ustrd>{said}</Ustrd></RmtInf></TxDtls>{more}</NtryDtls></Ntry>"
    )


def camt053(*entries: str, opening: str = "1000.00", closing: str, version: str = "02", currency: str = "CHF") -> bytes:
    """A statement as ISO 20022 camt.053."""

    def balance(kind: str, amount: str, day: str) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt>'
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{space}">'
        f"<BkToCstmrStmt><Stmt><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><Acct><Id><IBAN>{ACCOUNT}</IBAN></Id></Acct>"
        f"{balance('OPBD', opening, '2020-06-01')}{balance('CLBD', closing, '2020-06-30')}{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def taken_in(content: bytes, name: str = "june.sta", digest: str = "a" * 64, fund: str = "UPR") -> TakenIn:
    """What taking in a file brings."""
    with unit_of_work(Console()) as work:
        return import_statements(work, the_fund(fund), read_bank(content, name), name, digest)


def lines() -> list[BankLine]:
    """The movements, oldest first."""
    db.session.rollback()
    return list(db.session().scalars(sa.select(BankLine).order_by(BankLine.booked_on, BankLine.number)))


def rate_sheet(path: Path, headings: Sequence[str], *rows: Sequence[object]) -> Path:
    """A workbook of rates; days and figures as a spreadsheet keeps them."""
    with xlsxwriter.Workbook(path) as book:
        sheet, as_day = book.add_worksheet(), book.add_format({"num_format": "dd mmm yyyy"})
        for number, row in enumerate((headings, *rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, as_day)
                else:
                    sheet.write(number, column, cell)
    return path
