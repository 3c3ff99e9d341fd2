"""The auditor's pack of a year: one zip with the journal, the statements, the trail, and sums to check them by."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import IO

from sqlalchemy.orm import Session

from fundapp.contributions.queries import names_of_donors
from fundapp.finance.queries import account_names, contributions, statement
from fundapp.finance.queries.accounts import CardLine, journal_lines
from fundapp.finance.queries.audit import Sealed, SealedEntry, certified, closings, sealed_entries, trail_of
from fundapp.finance.queries.parts import projects
from fundapp.finance.queries.reports import drawn
from fundapp.finance.rules.reports import KINDS, Report
from fundapp.finance.statements import Contributions, IncomeExpenditure
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.kernel.money import Money
from fundapp.kernel.sheets import Cell, csv_pieces
from fundapp.publishing.documents.audit_guide import SUMS, guide
from fundapp.publishing.drawing import draw
from fundapp.publishing.words import Words

GUIDE = "README.txt"
__all__ = ["GUIDE", "SUMS", "Packed", "pack"]
FORMS = ("csv", "pdf")
JOURNAL = (
    "entry", "line", "date", "memo", "source", "account", "donor", "project", "debit", "credit", "currency", "amount",
    "rate",
)  # fmt: skip
ENTRIES = ("line", "entry", "date", "memo", "source", "corrects", "posted_at", "posted_by", "operation", "sha256")
TRAIL = ("line", "row", "at", "by", "operation", "what", "which", "change", "hash_before", "sha256")


@dataclass(slots=True)
class Packed:
    """What was packed: the sum of each file, and the sum of the list of those sums, by which a pack is known."""

    files: dict[str, str] = field(default_factory=dict)
    seal: str = ""


@dataclass(slots=True)
class _Pack:
    """A zip that is being written, file by file; a file is never whole in memory."""

    archive: zipfile.ZipFile
    at: datetime
    packed: Packed = field(default_factory=Packed)

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file, and add it up on the way."""
        info = zipfile.ZipInfo(name, (self.at.year, self.at.month, self.at.day, self.at.hour, self.at.minute, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        total = hashlib.sha256()
        with self.archive.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                total.update(piece)
                file.write(piece)
        self.packed.files[name] = total.hexdigest()

    def table(self, name: str, headings: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> None:
        """Write a table as CSV."""
        self.add(name, (piece.encode() for piece in csv_pieces(headings, rows)))


def pack(session: Session, fund: Fund, year: int, language: str, out: IO[bytes]) -> Packed:
    """Write the pack of a year; the same books make the same files, the day on which they were drawn apart."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        made = _Pack(archive, now())
        made.add(GUIDE, [guide(fund.code, fund.names, year, Words(language)).encode()])
        _journal(made, session, fund, first, last)
        _statements(made, session, fund, (first, last), language)
        _trail(made, session, fund, first, last)
        _keys(made, session, fund, last)
        for number, kind, content, _ in certified(session, fund.id, first, last):
            made.add(f"certificates/{number}-{kind}.json", [content.encode()])
        rows = ((year, many, at.isoformat(), by, mark) for year, many, at, by, mark in closings(session, fund.id))
        made.table("closed-years.csv", ("year", "entries", "closed_at", "closed_by", "sha256"), rows)
        sums = "".join(f"{total}  {name}\n" for name, total in sorted(made.packed.files.items())).encode()
        made.add(SUMS, [sums])
        made.packed.seal = made.packed.files.pop(SUMS)
    return made.packed


def _journal(made: _Pack, session: Session, fund: Fund, first: date, last: date) -> None:
    """The lines, and the entries as they were sealed: the text of each, and its digest."""
    donors = {key: code for key, (code, _names) in names_of_donors(session, date.max).items()}
    made.table("journal.csv", JOURNAL, (_line(line, donors) for line in journal_lines(session, fund.id, first, last)))
    made.table("entries.csv", ENTRIES, map(_entry, count(1), sealed_entries(session, fund.id, first, last)))
    made.add("entries.txt", (f"{one.text}\n".encode() for one in sealed_entries(session, fund.id, first, last)))


def _trail(made: _Pack, session: Session, fund: Fund, first: date, last: date) -> None:
    """What was done with the money, by whom and when, and the text of each row, whose sum is its hash."""
    made.table("trail.csv", TRAIL, map(_trace, count(1), trail_of(session, fund.id, first, first, last)))
    made.add("trail.txt", (f"{one.text}\n".encode() for one in trail_of(session, fund.id, first, first, last)))


def _line(line: CardLine, donors: dict[int, str]) -> tuple[Cell, ...]:
    amount = Decimal(abs(line.cents)).scaleb(-2)
    sides: tuple[Cell, Cell] = (amount, None) if line.cents > 0 else (None, amount)
    original: tuple[Cell, ...] = ("", None, "")
    if line.currency:
        original = (line.currency, Money(line.minor or 0, line.currency).amount, str(line.rate))
    return (
        line.entry, line.number, line.on.isoformat(), line.memo, line.source or "", line.account,
        donors.get(line.donor_id or 0, ""), line.project or "", *sides, *original,
    )  # fmt: skip


def _entry(number: int, one: SealedEntry) -> tuple[Cell, ...]:
    return (
        number, one.id, one.on.isoformat(), one.memo, one.source or "", one.corrects, one.at.isoformat(), one.actor,
        one.operation, one.digest,
    )  # fmt: skip


def _trace(number: int, one: Sealed) -> tuple[Cell, ...]:
    return (
        number, one.id, one.at.isoformat(), one.actor, one.operation, one.subject, one.subject_id, one.change,
        one.previous, one.hash,
    )  # fmt: skip


def _statements(made: _Pack, session: Session, fund: Fund, span: tuple[date, date], language: str) -> None:
    """Every statement of the year, to read and to reckon with."""
    facts: dict[str, IncomeExpenditure | Contributions | Report] = {
        "income-expenditure": statement(session, fund, *span),
        "contributions": contributions(session, fund, span[1]),
        **{kind: drawn(session, kind, fund, *span) for kind in KINDS},
    }
    for name, one in facts.items():
        for form in FORMS:
            made.add(f"statements/{name}.{form}", [draw(one, language, form)])


def _keys(made: _Pack, session: Session, fund: Fund, last: date) -> None:
    """What the codes of the journal mean."""
    names = account_names(session)
    made.table("accounts.csv", ("account", "name"), ((code, one["en"]) for code, one in sorted(names.items())))
    donors = sorted(names_of_donors(session, last).values(), key=lambda known: known[0])
    made.table("donors.csv", ("donor", "name"), ((code, one["en"]) for code, one in donors))
    found = projects(session, fund.id).values()
    made.table("projects.csv", ("project", "title"), ((one.code, one.title) for one in found))
