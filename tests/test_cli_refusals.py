"""What cannot be done is refused in a sentence that says where, and the books are as before."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from commands import Command, command, everything, one_sentence, rows
from flask import Flask
from money import PARTS, SYMBOL, Row, Tables, change, csv_of, tables
from python_calamine import CalamineWorkbook

from fundapp.access.demonstration import invented
from fundapp.access.policy import Role
from fundapp.contributions.operations import other_code
from fundapp.contributions.queries import donors
from fundapp.finance.operations import attribute
from fundapp.funds.queries import named_fund
from fundapp.kernel import sheets, workbook
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import JournalEntry

__all__ = ["command"]  # a fixture
TEXT = csv_of(tables().table1)
LINES = TEXT.splitlines()
Make = Callable[[], bytes]


def altered(line: int, text: str) -> bytes:
    """The file with another text in a line, the heading being line 1."""
    found = list(LINES)
    found[line - 1] = text
    return "\n".join([*found, ""]).encode()


def named(change_row: Callable[[list[Row]], object]) -> bytes:
    found = tables()
    change_row(found.table1)
    return csv_of(found.table1).encode()


def figure(text: str) -> Make:
    return lambda: named(lambda found: found[4].update(printed=text))


HEADING = LINES[0]
# name of the case -> the file, and what is said of it
NO_TABLES: dict[str, tuple[Make, tuple[str, ...]]] = {
    "xlsx": (lambda: workbook.xlsx(["a"], [["b"]]), ("workbook", "Save the sheet as CSV")),
    "xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("workbook",)),
    "png": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ("not text",)),
    "binary": (lambda: bytes(range(256)) * 9, ("not text",)),
    "nul": (lambda: TEXT.replace("NET", "NE\0T").encode(), ("not text",)),
    "nul far down": (lambda: b"\n" * 9000 + b"\0", ("not text",)),
    "empty": (lambda: b"", ("empty",)),
    "blank": (lambda: b"\n \r\n", ("empty",)),
    "latin-1": (lambda: TEXT.replace("Balance", "Montant à").encode("latin-1"), ("UTF-8", "line 20")),
    "utf-16": (lambda: TEXT.encode("utf-16"), ("UTF-8", "line 1")),
    "mac roman": (lambda: TEXT.replace("Balance", "Montant à").replace("\n", "\r").encode("mac_roman"), ("line 20",)),
    "missing column": (lambda: TEXT.replace("printed", "figures", 1).encode(), ("column printed", "lacks")),
    "doubled column": (lambda: TEXT.replace("section", "line", 1).encode(), ("column line", "twice")),
    "nameless column": (lambda: TEXT.replace("section", "", 1).encode(), ("column 2", "no name")),
    "ragged, short": (lambda: altered(7, "INC.TOTAL,total"), ("Row 7:", "2 cells", "4")),
    "ragged, long": (lambda: altered(7, "INC.TOTAL,total,1,2,3,4"), ("Row 7:", "6 cells")),
    "unclosed quote": (lambda: altered(7, 'INC.TOTAL,total,"367 826.59,'), ("Row 7:", "quotation mark")),
    "another table": (lambda: b"a,b\n1,2\n", ("none of the tables", "a, b")),
    "heading alone": (HEADING.encode, ("INC.CONTRIB", "missing")),
    "line unknown": (lambda: altered(7, "INC.SUM,total,367 826.59,"), ("Row 7, column line", "INC.SUM")),
    "line twice": (lambda: altered(7, "INC.MISC,income,20 763.34,"), ("Row 7, column line", "twice")),
    "no figure": (lambda: altered(7, "INC.TOTAL,total,,"), ("Row 7, column printed", "no figure")),
    "figure of a header": (lambda: altered(3, "INC.FX,income,1.00,"), ("Row 3, column printed", "header line")),
    "too large": (figure("9" * 14), ("Row 6, column printed", "too large")),
    "far too large": (figure("9" * 5000), ("Row 6, column printed", "no figure")),
    "cell too long": (figure("9" * 10_001), ("Row 6, column printed", "10000 characters")),
    "upside down": (lambda: TEXT.replace("1 January 2020", "1 January 2021").encode(), ("2020-12-31", "2021-01-01")),
} | {
    f"figure {text}": (figure(text), ("Row 6, column printed", text))
    for text in ("12,34,5", "1.234,56", "NaN", "1e9", "١٢٣", "--5", "(5", "5)", "1 23", "=1+1", "inf", "0x1F")
}  # fmt: skip


@pytest.mark.parametrize("case", NO_TABLES)
def test_a_file_that_is_no_table_is_refused(seeded: Flask, command: Command, tmp_path: Path, case: str) -> None:
    make, words = NO_TABLES[case]
    path = tmp_path / "table1.csv"
    path.write_bytes(make())
    before = everything()
    said = command("published", "import", "UPR", SYMBOL, path)
    sentence = one_sentence(said)
    assert said.status == 1
    assert len(sentence.splitlines()) == 1 or case == "heading alone"
    assert all(word in sentence for word in words), sentence
    if case != "upside down":
        assert "table1.csv" in sentence
    assert everything() == before


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_marks_and_separators_make_no_difference(
    seeded: Flask, command: Command, tmp_path: Path, end: str, separator: str
) -> None:
    found = tables()
    for part in PARTS:
        text = "\ufeff" + csv_of(found.part(part), separator, end)
        (tmp_path / f"{part}.csv").write_bytes(text.encode())
    said = command("published", "import", "UPR", SYMBOL, *(tmp_path / f"{part}.csv" for part in PARTS))
    assert (said.status, said.err) == (0, "")
    assert "57 entries opened the books" in said.out
    shown = command("published", "show", "UPR", SYMBOL).out
    assert shown == "".join(f"# {part}\n{csv_of(found.part(part))}" for part in PARTS)


def with_donor(**cells: str) -> Tables:
    found = tables()
    found.table2[3].update(cells)
    return found


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (with_donor(donor_iso3="GER"), ("Row 5, column donor_iso3", "GER", "Nearest")),
        (with_donor(donor_iso3="Germny"), ("Row 5, column donor_iso3", "DEU")),
        (with_donor(donor_iso3=""), ("Row 5, column donor_iso3",)),
        (with_donor(donor_iso3="x" * 9000), ("Row 5, column donor_iso3",)),
        (with_donor(donor_iso3="\x1b[2J\x1b]0;x\x07"), ("Row 5, column donor_iso3", "\ufffd[2J")),
        (with_donor(period="2011-2010"), ("Row 5, column period", "2010", "2011")),
        (with_donor(period="10/11"), ("Row 5, column period", "10/11")),
        (with_donor(donor_iso3="MAR"), ("Row 6, column donor_iso3", "MAR stands twice for 2010-2011")),
        (with_donor(printed=""), ("Row 5, column printed",)),
    ],
)
def test_a_row_that_cannot_be_is_named(
    seeded: Flask, command: Command, tmp_path: Path, found: Tables, words: tuple[str, ...]
) -> None:
    before = everything()
    said = command("published", "import", "UPR", SYMBOL, *found.write(tmp_path))
    sentence = one_sentence(said)
    assert said.status == 1
    assert all(word in sentence for word in (*words, "table2.csv")), sentence
    assert everything() == before


def test_the_same_twice_is_refused_and_says_since_when(demo: Flask, command: Command, tmp_path: Path) -> None:
    assert command("published", "import", "UPR", "A/HRC/48/1", *tables().write(tmp_path)).status == 0
    before = everything()
    said = command("published", "import", "UPR", "A/HRC/48/1", *tables().write(tmp_path))
    assert (said.status, "already loaded" in one_sentence(said), "the same figures" in said.err) == (1, True, True)
    other = tables()
    change(other.line("NET"), 1)
    said = command("published", "import", "UPR", "A/HRC/48/1", *other.write(tmp_path))
    assert (said.status, "with other figures" in one_sentence(said)) == (1, True)
    one, *_ = tables().write(tmp_path)
    said = command("published", "import", "UPR", "A/HRC/48/2", one, one)
    assert (said.status, "are the same table" in one_sentence(said)) == (1, True)
    assert everything() == before


def test_table2_alone_is_no_document(seeded: Flask, command: Command, tmp_path: Path) -> None:
    said = command("published", "import", "UPR", SYMBOL, tables().write(tmp_path)[1])
    assert (said.status, "None of the files is Table 1" in one_sentence(said)) == (1, True)


def schedule(*found: tuple[str, str, str, str, str]) -> bytes:
    headings = ("year", "fund_code", "contributor", "group", "amount_usd")
    return csv_of([dict(zip(headings, cells, strict=True)) for cells in found]).encode()


FRANCE = ("2020", "UPR", "France", "Government", "128807")
SCHEDULES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "donor": (schedule(FRANCE, ("2020", "UPR", "Roumanie et Cie", "Government", "1")), ("Row 3, column contributor",)),
    "nearest": (schedule(FRANCE, ("2020", "UPR", "Roumanya", "Government", "1")), ("Roumanya", "ROU")),
    "no donor": (schedule(FRANCE, ("2020", "UPR", " ", "Others", "1")), ("Row 3, column contributor",)),
    "long donor": (schedule(FRANCE, ("2020", "UPR", "x" * 256, "Others", "1")), ("Row 3, column contributor", "255")),
    "year": (schedule(("20", *FRANCE[1:])), ("Row 2, column year", "20")),
    "year to come": (schedule(("2101", *FRANCE[1:])), ("Row 2, column year",)),
    "endless year": (schedule(("9" * 5000, *FRANCE[1:])), ("Row 2, column year",)),
    "arabic year": (schedule(("٢٠٢٠", *FRANCE[1:])), ("Row 2, column year",)),
    "fund": (schedule(("2020", "upr", *FRANCE[2:])), ("Row 2, column fund_code", "UPR")),
    "amount": (schedule((*FRANCE[:4], "12,34,5")), ("Row 2, column amount_usd", "12,34,5")),
    "no amount": (schedule((*FRANCE[:4], "")), ("Row 2, column amount_usd",)),
    "huge amount": (schedule((*FRANCE[:4], "9" * 14)), ("Row 2, column amount_usd",)),
    "twice": (schedule(FRANCE, FRANCE), ("Row 3, column contributor", "twice for 2020")),
    "twice, spelled otherwise": (
        schedule(FRANCE, ("2020", "UPR", "the FRANCE", "Government", "1")),
        ("Row 3, column contributor", "twice"),
    ),
    "other twice": (
        schedule(("2020", "UPR", "Ford Foundation", "Others", "1"), ("2020", "UPR", "FORD-Foundation", "Others", "2")),
        ("Row 3, column contributor", "twice"),
    ),
    "no column": (b"year,contributor\n2020,France\n", ("column fund_code", "column amount_usd")),
    "no rows": (b"year,fund_code,contributor,group,amount_usd\n", ("no row",)),
}  # fmt: skip


@pytest.mark.parametrize("case", SCHEDULES)
def test_a_schedule_that_cannot_be_is_refused(seeded: Flask, command: Command, tmp_path: Path, case: str) -> None:
    content, words = SCHEDULES[case]
    path = tmp_path / "schedule.csv"
    path.write_bytes(content)
    before = everything()
    said = command("import", "contributions", path)
    sentence = one_sentence(said)
    assert said.status == 1
    assert all(word in sentence for word in (*words, "schedule.csv")), sentence
    assert everything() == before


def test_a_schedule_is_loaded_once_and_never_changed(seeded: Flask, command: Command, tmp_path: Path) -> None:
    path = tmp_path / "schedule.csv"
    path.write_bytes(schedule(FRANCE))
    assert command("import", "contributions", path).status == 0
    before = everything()
    said = command("import", "contributions", path)
    assert (said.status, "adds nothing" in one_sentence(said)) == (1, True)
    path.write_bytes(schedule((*FRANCE[:4], "128808"), ("2021", *FRANCE[1:])))
    said = command("import", "contributions", path)
    assert said.status == 1
    assert "Row 2, column amount_usd" in one_sentence(said)
    assert "128\u00a0808.00 here and 128\u00a0807.00 as loaded before" in said.err
    assert everything() == before
    path.write_bytes(schedule(FRANCE, ("2021", *FRANCE[1:])))
    assert "1 rows loaded, 1 were there already." in command("import", "contributions", path).out


def test_a_schedule_is_never_booked(demo: Flask, command: Command, tmp_path: Path) -> None:
    entries = sa.select(sa.func.count()).select_from(JournalEntry.__table__)
    before = db.session.scalar(entries)
    (tmp_path / "s.csv").write_bytes(schedule(("2025", *FRANCE[1:])))
    assert command("import", "contributions", tmp_path / "s.csv", "--fund", "UPR").status == 0
    assert db.session.scalar(entries) == before


def test_many_faults_are_not_all_listed(seeded: Flask, command: Command, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_bytes(schedule(*[("1", "x", "y", "Government", "z")] * 5000))
    said = command("import", "contributions", tmp_path / "s.csv")
    assert said.status == 1
    assert len(said.err.splitlines()) == 101
    assert said.err.splitlines()[-1] == "There may be more: these are the first 100."


MISUSES = [
    ("published", "show", "UPR"),
    ("published", "show", "UPR", SYMBOL, "--format", "pdf"),
    ("published", "import", "UPR", SYMBOL),
    ("published", "import", "UPR", SYMBOL, "x.csv", "--from", "2020-01-01"),
    ("statement", "income-expenditure", "UPR", "--from", "2020-01-01"),
    ("statement", "income-expenditure", "UPR", "--from", "2020-13-01", "--to", "2020-12-31"),
    ("statement", "income-expenditure", "UPR", "--from", "2019-02-29", "--to", "2020-12-31"),
    ("statement", "income-expenditure", "UPR", "--from", "01.01.2020", "--to", "2020-12-31"),
    ("statement", "income-expenditure", "UPR", "--from", "0000-01-01", "--to", "2020-12-31"),
    ("statement", "contributions", "UPR", "--to", "10000-01-01"),
    ("statement", "contributions", "UPR", "--to", "2020-12-31", "--language", "de"),
    ("statement", "contributions", "UPR", "--to", "2020-12-31", "--language", "EN"),
    ("statement", "contributions", "UPR", "--to", "2020-12-31", "--format", "docx"),
    ("statement", "contributions", "UPR", "--to", "2020-12-31", "--output", "/tmp"),
    ("statement", "balance", "UPR"),
    ("ledger", "close-year", "UPR", "last"),
    ("ledger", "verify", "more"),
    ("import", "expenses", "x.csv"),
    ("nothing",),
    ("ledger", "verify", "--quick"),
    ("published",),
]


@pytest.mark.parametrize("words", MISUSES, ids=" ".join)
def test_misuse_is_told_from_refusal(demo: Flask, command: Command, words: tuple[str, ...]) -> None:
    said = command(*words)
    assert said.status == 2
    assert one_sentence(said).startswith("Usage:")


REFUSALS = {
    ("published", "show", "XYZ", SYMBOL): "There is no fund XYZ. There are: UPR, AHA.",
    ("published", "show", "upr", SYMBOL): "There is no fund upr. There are: UPR, AHA.",
    ("published", "show", "UPR", "A/1"): "No document A/1 is loaded for UPR. There are: A/HRC/47/19.",
    ("published", "check", "AHA", SYMBOL): "No document A/HRC/47/19 is loaded for AHA. There are: -.",
    ("published", "show", "UPR", "\udcff"): "An argument has bytes that are no letters.",
    ("published", "show", "UPR", "\x1b[31m"): "No document \ufffd[31m is loaded for UPR. There are: A/HRC/47/19.",
    ("published", "import", "UPR", "x", "/nowhere/x.csv"): "There is no file /nowhere/x.csv.",
    ("published", "import", "UPR", "x", "/tmp"): "/tmp is a folder; name a file.",
    ("import", "contributions", "/nowhere/x.csv"): "There is no file /nowhere/x.csv.",
    ("statement", "income-expenditure", "UPR", "--from", "2020-12-31", "--to", "2020-01-01"):
        "The period ends on 2020-01-01, before it begins on 2020-12-31.",
    ("statement", "contributions", "UPR", "--to", "2020-12-31", "--output", "/nowhere/x.csv"):
        "/nowhere/x.csv cannot be written: No such file or directory. Nothing was changed.",
    ("statement", "contributions", "UPR", "--to", "2020-12-31", "--output", "/dev/full"):
        "/dev/full cannot be written: No space left on device. Nothing was changed.",
    ("ledger", "close-year", "UPR", "2019"): "2019 is not the year that closes next: that is 2009.",
    ("ledger", "close-year", "UPR", "9999"): "9999 is not over.",
}  # fmt: skip


@pytest.mark.parametrize("words", REFUSALS, ids=lambda words: " ".join(words).encode("ascii", "replace").decode())
def test_what_is_not_there_is_said(demo: Flask, command: Command, words: tuple[str, ...]) -> None:
    before = everything()
    said = command(*words)
    assert (said.status, one_sentence(said)) == (1, REFUSALS[words])
    assert everything() == before


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_ends_of_the_calendar_are_days_like_others(demo: Flask, command: Command, year: str) -> None:
    for kind in ("text", "csv", "json"):
        for words in (("contributions", "UPR"), ("income-expenditure", "UPR", "--from", "0001-01-01")):
            assert command("statement", *words, "--to", f"{year}-12-31", "--format", kind).status == 0


def test_a_donor_that_looks_like_a_formula_is_text(demo: Flask, command: Command, tmp_path: Path) -> None:
    """A schedule names them, a person attributes to them: what follows is what a spreadsheet opens."""
    names = ["=cmd|' /C calc'!A0", "+1", "@x", "-2+3", "\uff1d1+1", "!!!", "???"]
    content = schedule(*[("2025", "UPR", name, "Others", "-5") for name in names])
    (tmp_path / "s.csv").write_bytes(content)
    said = command("import", "contributions", tmp_path / "s.csv")
    assert (said.status, said.err) == (0, "")
    attribute_to(names, 100)
    found = rows(command("statement", "contributions", "UPR", "--to", "2020-12-31", "--format", "csv").out)
    labels = {row["label"] for row in found}
    assert {f"'{name}" for name in names[:5]} | set(names[5:]) <= labels
    assert not [label for label in labels if label.startswith(sheets.HARMFUL)]
    out = tmp_path / "s.xlsx"
    assert (
        command("statement", "contributions", "UPR", "--to", "2020-12-31", "--format", "xlsx", "--output", out).status
        == 0
    )
    cells = CalamineWorkbook.from_filelike(io.BytesIO(out.read_bytes())).get_sheet_by_index(0).to_python()
    assert set(names) <= {cell for row in cells for cell in row if isinstance(cell, str)}
    assert b"<f>" not in sheet_of(out)


def sheet_of(path: Path) -> bytes:
    with ZipFile(path) as packed:
        return packed.read("xl/worksheets/sheet1.xml")


def attribute_to(names: list[str], cents: int) -> None:
    with unit_of_work(invented(db.session(), Role.FINANCE_OFFICER)) as work:
        known = donors(work.session)
        for name in names:
            attribute(work, named_fund(work.session, "UPR"), known[other_code(name)], cents, date(2020, 12, 31), "test")
    db.session.remove()


def test_a_year_that_is_closed_opens_no_books(seeded: Flask, command: Command, tmp_path: Path) -> None:
    said = command("ledger", "close-year", "UPR", "2020")
    assert (said.status, one_sentence(said)) == (1, "2020 cannot be closed: the books have no entry.")
