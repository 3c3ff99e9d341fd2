"""The command line gives the fund's figures in six languages and five formats, and the printed tables as printed."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from commands import Command, command, everything, rows
from flask import Flask
from money import PARTS, SYMBOL, change, csv_of, source_file, tables, write
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from conftest import ROOT, Instance
from fundapp.finance.checks import Status
from fundapp.kernel.languages import LANGUAGES, figure
from fundapp.web.sentences import SENTENCES

__all__ = ["command"]  # a fixture
YEAR = ("--from", "2020-01-01", "--to", "2020-12-31")
LINES = [row["line"] for row in tables().table1]
AMOUNTS = {
    row["line"]: row["printed"].replace(" ", "").replace("(", "-").replace(")", "") for row in tables().table1
} | {"CLOSING": "2208495.68"}
AMOUNTS = {line: "0.00" if text == "-" else text for line, text in AMOUNTS.items()}
UNATTRIBUTED = {
    "ar": "غير منسوبة إلى جهة مانحة",
    "zh": "未归属于任何捐助方",
    "en": "Not attributed to a donor",
}


def income(command: Command, language: str, kind: str, *more: str) -> str:
    said = command("statement", "income-expenditure", "UPR", *YEAR, "--language", language, "--format", kind, *more)
    assert (said.status, said.err) == (0, "")
    return said.out


def given(command: Command, language: str, kind: str, to: str = "2020-12-31") -> str:
    said = command("statement", "contributions", "UPR", "--to", to, "--language", language, "--format", kind)
    assert (said.status, said.err) == (0, "")
    return said.out


@pytest.mark.parametrize("language", LANGUAGES)
def test_income_and_expenditure_as_csv(demo: Flask, command: Command, language: str) -> None:
    text = income(command, language, "csv")
    assert text.splitlines()[0] == "line,label,amount"
    assert "\r" not in text
    found = rows(text)
    assert [row["line"] for row in found] == LINES
    assert {row["line"]: row["amount"] for row in found} == AMOUNTS
    assert len({row["label"] for row in found}) == 22
    assert not [row for row in found if not row["label"] or "{" in row["label"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_contributions_as_csv(demo: Flask, command: Command, language: str) -> None:
    text = given(command, language, "csv")
    assert text.splitlines()[0] == "period,donor,label,amount"
    found = rows(text)
    named = [row for row in found if row["donor"]]
    assert len(named) == 44
    assert sum(round(float(row["amount"]) * 100) for row in named) == 666591700
    assert {(row["period"], row["donor"]) for row in named} == {
        (row["period"], row["donor_iso3"]) for row in tables().table2[:-1]
    }
    *_, nobody, total = found
    assert (nobody["period"], nobody["donor"], nobody["amount"]) == ("2020", "", "47790.13")
    assert nobody["label"] == UNATTRIBUTED.get(language, nobody["label"])
    assert (total["period"], total["donor"], total["amount"]) == ("TOTAL", "", "6713707.13")
    assert len(found) == 46


def test_labels_are_in_their_language_and_donors_in_the_same_order(demo: Flask, command: Command) -> None:
    found = {language: rows(given(command, language, "csv")) for language in LANGUAGES}
    orders = {language: [(row["period"], row["donor"]) for row in found[language]] for language in LANGUAGES}
    assert all(order == orders["en"] for order in orders.values())
    assert len({row["label"] for language in LANGUAGES for row in found[language] if row["donor"] == "ESP"}) >= 5
    assert len({found[language][-2]["label"] for language in LANGUAGES}) == 6
    assert len({found[language][-1]["label"] for language in LANGUAGES}) >= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_as_json_with_what_it_was_made_from(demo: Flask, command: Command, language: str) -> None:
    found = json.loads(income(command, language, "json"))
    assert [(row["line"], row["amount"] or "") for row in found["lines"]] == list(AMOUNTS.items())
    assert found["lines"][1]["amount"] is None
    about = {key: found[key] for key in ("language", "basis", "currency", "entries", "period")}
    period = {"from": "2020-01-01", "to": "2020-12-31"}
    assert about == {"language": language, "basis": "accrual", "currency": "USD", "entries": 17, "period": period}
    assert found["fund"]["code"] == "UPR"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["generated_at"])
    sums = json.loads(given(command, language, "json"))
    assert (len(sums["rows"]), sums["total"], sums["entries"]) == (45, "6713707.13", 45)
    assert sums["rows"][-1]["donor"] is None
    assert [(row["period"], row["donor"] or "", row["label"], row["amount"]) for row in sums["rows"]] == [
        tuple(row.values()) for row in rows(given(command, language, "csv"))[:-1]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_as_text(demo: Flask, command: Command, language: str) -> None:
    text = income(command, language, "text")
    for cents in (51232371, -14449712, 235299280, -10500000, 220849568):
        assert figure(cents, language) in text
    assert len(text.splitlines()) == 26
    assert figure(671370713, language) in given(command, language, "text")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_as_a_workbook(demo: Flask, command: Command, language: str) -> None:
    content = income(command, language, "xlsx").encode("utf-8", "surrogateescape")
    cells = [
        cell
        for row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        for cell in row
    ]
    numbers = {round(cell * 100) for cell in cells if isinstance(cell, float)}
    assert {round(float(text) * 100) for text in AMOUNTS.values() if text} <= numbers
    content = given(command, language, "xlsx").encode("utf-8", "surrogateescape")
    cells = [
        cell
        for row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        for cell in row
    ]
    numbers = {round(cell * 100) for cell in cells if isinstance(cell, float)}
    assert {671370713, 4779013, 84911400} <= numbers


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_as_pdf(demo: Flask, command: Command, language: str) -> None:
    content = income(command, language, "pdf").encode("utf-8", "surrogateescape")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    digits = re.sub(r"[\s\u00a0]", "", text).replace(",", ".")
    for amount in ("512323.71", "144497.12", "2352992.80", "2208495.68"):
        assert amount in digits


def test_a_file_is_written_whole(demo: Flask, command: Command, tmp_path: Path) -> None:
    out = tmp_path / "s.csv"
    said = command("statement", "contributions", "UPR", "--to", "2020-12-31", "--format", "csv", "--output", out)
    assert (said.status, said.out) == (0, "")
    assert out.read_text() == given(command, "en", "csv")
    assert [path.name for path in tmp_path.iterdir()] == ["s.csv"]
    assert said.err == f"{out}: {out.stat().st_size} bytes.\n"
    link = tmp_path / "link.csv"
    link.symlink_to(out)
    out.write_text("old")
    command("statement", "contributions", "UPR", "--to", "2020-12-31", "--format", "csv", "--output", link)
    assert link.is_symlink() and out.read_text() == given(command, "en", "csv")


def test_a_device_is_written_to_and_not_replaced(demo: Flask, command: Command) -> None:
    said = command("statement", "contributions", "UPR", "--to", "2020-12-31", "--output", "/dev/null")
    assert said.status == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("part", PARTS)
def test_the_printed_copy_is_the_source_byte_for_byte(seeded: Flask, command: Command, part: str) -> None:
    files = [source_file(f"A_HRC_47_19_{name}.csv") for name in PARTS]
    assert command("published", "import", "UPR", SYMBOL, *files).status == 0
    shown = command("published", "show", "UPR", SYMBOL).out
    sections = dict(re.findall(r"^# (\w+)\n(.*?)(?=^# |\Z)", shown, re.MULTILINE | re.DOTALL))
    assert sections[part].encode() == files[PARTS.index(part)].read_bytes()
    as_json = json.loads(command("published", "show", "UPR", SYMBOL, "--format", "json").out)
    assert csv_of(as_json["tables"][part]).encode() == files[PARTS.index(part)].read_bytes()
    assert as_json["period"] == {"from": "2020-01-01", "to": "2020-12-31"}


def test_the_sources_give_the_figures_that_the_demonstration_has(seeded: Flask, command: Command) -> None:
    files = [source_file(f"A_HRC_47_19_{name}.csv") for name in PARTS]
    said = command("published", "import", "UPR", SYMBOL, *reversed(files))
    assert said == type(said)(0, f"{SYMBOL}: 449 cells kept as printed; 57 entries opened the books.\n", "")
    said = command("import", "contributions", source_file("un_schedule_contributions_2017_2024.csv"))
    assert said.status == 0
    assert "216 rows loaded, 0 were there already." in said.out
    assert {row["line"]: row["amount"] for row in rows(income(command, "zh", "csv"))} == AMOUNTS
    assert given(command, "en", "csv").endswith("TOTAL,,Total,6713707.13\n")
    again = command("import", "contributions", source_file("un_schedule_contributions_2017_2024.csv"))
    assert again.status == 1


def test_the_check_as_json_has_every_test_with_its_figures(demo: Flask, command: Command) -> None:
    said = command("published", "check", "UPR", SYMBOL, "--format", "json")
    assert (said.status, said.err) == (0, "")
    found = json.loads(said.out)
    checks = {check["id"]: check for check in found["checks"]}
    assert len(checks) == len(found["checks"]) == 20
    for check in checks.values():
        assert list(check) == ["id", "title", "printed", "computed", "difference", "status", "explanation"]
        assert check["title"] and check["explanation"]
        assert check["status"] in {status.value for status in Status}
    assert checks["tie-out-2020-ROU"]["printed"] == "0.00"
    assert checks["tie-out-2020-ROU"]["computed"] == "47790.00"
    assert "Romania" in checks["tie-out-2020-ROU"]["title"]
    assert "47\u00a0790.13" in checks["tie-out-2020-ROU"]["explanation"]
    assert "United Arab Emirates" in checks["donors-against-table2"]["explanation"]
    assert [year["year"] for year in found["tie_out"]] == [2018, 2019, 2020]
    assert {row["donor"] for row in found["tie_out"][2]["donors"]} == {"FRA", "IND", "KAZ", "PAK", "KOR", "ROU", "SGP"}


def test_the_check_as_text_says_each_test_in_two_lines(demo: Flask, command: Command) -> None:
    said = command("published", "check", "UPR", SYMBOL)
    assert said.status == 0
    assert len(said.out.splitlines()) == 41
    assert "differs  Table 2 adds up to its total: 6924591.00 | 6665917.00 | 258674.00\n" in said.out


def test_a_table_with_one_figure_changed_is_found_wrong(seeded: Flask, command: Command, tmp_path: Path) -> None:
    found = tables()
    change(found.line("EXP.STAFF"), 1)
    assert command("published", "import", "UPR", "A/HRC/99/1", *found.write(tmp_path)).status == 0
    checks = json.loads(command("published", "check", "UPR", "A/HRC/99/1", "--format", "json").out)["checks"]
    by_id = {check["id"]: check for check in checks}
    assert by_id["expenditure-total"]["difference"] == "-0.01"
    assert by_id["schedule"]["status"] == "note"


def test_a_dry_run_changes_nothing(seeded: Flask, command: Command, tmp_path: Path) -> None:
    before = everything()
    said = command("published", "import", "UPR", SYMBOL, *tables().write(tmp_path), "--dry-run")
    assert said.out == "Understood: 22 lines, 44 donor rows. Nothing was changed.\n"
    schedule = [{"year": "2020", "fund_code": "UPR", "contributor": "France", "group": "Government", "amount_usd": "5"}]
    said = command("import", "contributions", write(tmp_path / "s.csv", schedule), "--dry-run")
    assert said.out == "Understood: 1 rows. Nothing was changed.\n"
    assert everything() == before


def test_the_books_and_the_trail_hold(demo: Flask, command: Command) -> None:
    said = command("ledger", "verify")
    assert (said.status, said.out) == (0, "57 entries, 114 postings, 0 closed years: all hold.\n")
    said = command("trail", "verify")
    assert said.status == 0
    assert said.out.endswith("rows: all hold.\n")


def test_every_fault_has_a_sentence() -> None:
    """The codes that the program names; a sentence that wants a value which the code does not carry fails in use."""
    called = re.compile(r'(?:refuse|Fault|wrong)\(\s*"([a-z]+[a-z0-9]*\.[a-z0-9-]+)"')
    text = "".join(path.read_text("utf-8") for path in (ROOT / "fundapp").rglob("*.py"))
    codes = set(called.findall(text))
    assert len(codes) > 80
    assert sorted(codes - set(SENTENCES)) == []


@pytest.mark.slow
def test_a_person_types_it_all(demo_instance: Instance) -> None:
    said = demo_instance("statement", "income-expenditure", "UPR", *YEAR, "--language", "ar", "--format", "csv")
    assert (said.status, said.err) == (0, "")
    assert {row["line"]: row["amount"] for row in rows(said.out)} == AMOUNTS
    assert demo_instance("ledger", "verify").status == 0


@pytest.mark.slow
def test_begun_again_nothing_is_new(demo_instance: Instance) -> None:
    said = demo_instance("init", "--demo")
    assert said.status == 0
    assert said.out == (
        "Ready: 0 reference rows, 0 funds and 0 accounts are new.\nDemonstration data was there already.\n"
    )
    assert "Traceback" not in said.err
