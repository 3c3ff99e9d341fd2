"""The auditor's pack: whole, checked with sha256sum alone, and made for nobody who is kept from a part of the books."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from commands import Command, command, one_sentence
from flask import Flask
from opened import refused
from spent import a_year_of_spending, entered, francs, fund, pledged, some_proposal
from visiting import as_a

from fundapp.finance.queries.audit import may_be_packed, trail_of
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.ledger.models import JournalEntry
from fundapp.publishing.audit_pack import GUIDE, SUMS, pack

__all__ = ["command"]


def packed(year: int, language: str = "en") -> zipfile.ZipFile:
    out = io.BytesIO()
    pack(db.session(), fund(), year, language, out)
    return zipfile.ZipFile(out)


def checked(folder: Path) -> int:
    """What the program says that anybody has."""
    return subprocess.run(
        ["sha256sum", "-c", "--strict", SUMS], check=False, cwd=folder, capture_output=True
    ).returncode


def table(found: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found.read(name).decode(), newline="")))


def test_sha256sum_alone_finds_it_whole_and_notices_a_change(demo: Flask, tmp_path: Path) -> None:
    a_year_of_spending()
    packed(2021).extractall(tmp_path)
    assert checked(tmp_path) == 0
    listed = {line.split("  ")[1] for line in (tmp_path / SUMS).read_text().splitlines()}
    there = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert there == listed | {SUMS}
    with (tmp_path / "journal.csv").open("a") as file:
        file.write("1,1,2021-01-01,added,,AST.CASH,,,1.00,,,,\n")
    assert checked(tmp_path) == 1


def test_each_entry_and_row_of_the_trail_can_be_added_up(demo: Flask) -> None:
    entered(
        date(2021, 6, 1),
        "AST.CASH",
        "INC.CONTRIB",
        900_00,
        "from Zürich, «francs»\nin two lines",
        origin=francs(900_00),
    )
    pledged("2021-001", "CHE", date(2021, 1, 15), (500_00, date(2021, 3, 1)))
    found = packed(2021)
    for name in ("entries", "trail"):
        rows, texts = table(found, f"{name}.csv"), found.read(f"{name}.txt").decode().split("\n")
        assert rows and len(texts) == len(rows) + 1
        for row, text in zip(rows, texts, strict=False):
            assert hashlib.sha256(text.encode()).hexdigest() == row["sha256"], row
    kept = {one.digest for one in db.session().query(JournalEntry).filter(JournalEntry.posted_on >= date(2021, 1, 1))}
    assert {row["sha256"] for row in table(found, "entries.csv")} == kept
    assert {row["what"] for row in table(found, "trail.csv")} >= {
        "journal_entry",
        "pledge",
        "instalment",
        "recognition",
    }


def test_the_journal_balances_and_says_what_was_paid_in_another_currency(demo: Flask) -> None:
    a_year_of_spending()
    entered(date(2021, 6, 1), "AST.CASH", "INC.CONTRIB", 900_00, origin=francs(900_00))
    rows = table(packed(2021), "journal.csv")
    for side in ("debit", "credit"):
        assert sum(float(row[side] or 0) for row in rows) == 2_700.00
    assert [row["amount"] for row in rows if row["currency"] == "CHF"] == ["810.00", "-810.00"]
    assert {row["project"] for row in rows} == {"P-1", ""}


def test_another_fund_is_not_in_it(demo: Flask) -> None:
    pledged("2021-001", "CHE", date(2021, 1, 15), (500_00, date(2021, 3, 1)))
    span = (date(2021, 1, 1), date(2021, 1, 1), date(2021, 12, 31))
    assert list(trail_of(db.session(), fund().id, *span))
    assert not list(trail_of(db.session(), fund().id + 1, *span))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_is_there_in_each_language(demo: Flask, language: str) -> None:
    guide = packed(2020, language).read(GUIDE).decode()
    assert "sha256sum -c SHA256SUMS" in guide and "tr -d '\\n' | sha256sum" in guide


def test_a_year_without_entries_has_none(demo: Flask, command: Command, tmp_path: Path) -> None:
    with refused("audit.year"):
        may_be_packed(db.session(), fund(), 1999, ())
    said = command("audit-pack", "UPR", "1999", "--output", tmp_path / "a.zip")
    assert said.status == 1 and "1999" in one_sentence(said)
    assert not list(tmp_path.iterdir())
    assert command("audit-pack", "UPR", "2020", "--output", tmp_path / "no" / "a.zip").status == 1
    assert command("audit-pack", "UPR", "2020", "--output", tmp_path / "a.zip").status == 0
    assert zipfile.ZipFile(tmp_path / "a.zip").testzip() is None


def test_whoever_is_kept_from_a_project_makes_no_pack(shown: Flask) -> None:
    proposal = some_proposal()
    a_year_of_spending(proposal)
    with refused("audit.closed"):
        may_be_packed(db.session(), fund(), 2021, (proposal,))
    assert may_be_packed(db.session(), fund(), 2021, (proposal + 1,)) == 2


@pytest.mark.usefixtures("one_click")
def test_the_page_offers_the_years(demo: Flask) -> None:
    client = as_a(demo, "auditor")
    assert "/UPR/finance/statements/audit-pack/2020.zip" in client.get("/UPR/finance/statements/audit-pack").text
    answer = client.get("/UPR/finance/statements/audit-pack/2020.zip", buffered=True)
    assert answer.status_code == 200 and zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None
    assert client.get("/UPR/finance/statements/audit-pack/1999.zip").status_code in (400, 409, 422)
    assert client.get("/UPR/finance/statements/audit-pack/0.zip").status_code == 404
    for role in ("trustee", "field-officer", "secretary"):
        other = as_a(demo, role)
        assert other.get("/UPR/finance/statements/audit-pack").status_code in (403, 404), role
        assert other.get("/UPR/finance/statements/audit-pack/2020.zip").status_code in (403, 404), role
