"""The tables of A/HRC/47/19 for tests: as files, as sources, understood; and what a test may change in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from printed_facts import DONORS, in_six

from fundapp.finance.checks import Check, Frame, checks
from fundapp.finance.printed import COLUMNS, STATED, TABLE1, TABLE2, Printed, understand
from fundapp.finance.rules import LayoutLine
from fundapp.finance.tie_out import TieYear, tie_out
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.money import parse_printed
from fundapp.kernel.sheets import Source, SourceRow

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "fund"
OWN = ROOT / "fundapp" / "web" / "demonstration"
SYMBOL = "A/HRC/47/19"
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
PARTS = (TABLE1, TABLE2, STATED)

Row = dict[str, str]


def source_file(name: str) -> Path:
    """A file of the fund's sources, which lie beside the repository and not in it."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"the printed source is not there: {path}")
    return path


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@dataclass
class Tables:
    """The three tables as rows that a test may change before they are read."""

    table1: list[Row] = field(default_factory=list)
    table2: list[Row] = field(default_factory=list)
    stated: list[Row] = field(default_factory=list)

    def part(self, name: str) -> list[Row]:
        found: list[Row] = getattr(self, name)
        return found

    def line(self, code: str) -> Row:
        return next(row for row in self.table1 if row["line"] == code)

    def donor(self, period: str, code: str) -> Row:
        return next(row for row in self.table2 if (row["period"], row["donor_iso3"]) == (period, code))

    def of_period(self, period: str) -> list[Row]:
        return [row for row in self.table2 if row["period"] == period]

    def sources(self, *parts: str) -> dict[str, Source]:
        return {part: as_source(f"{part}.csv", self.part(part)) for part in parts or PARTS}

    def printed(self, *parts: str, period: tuple[date, date] | None = None) -> Printed:
        return understand(self.sources(*parts), KINDS, lambda code: len(code) == 3, lambda _: "-", period)

    def write(self, folder: Path) -> list[Path]:
        return [write(folder / f"{part}.csv", self.part(part)) for part in PARTS if self.part(part)]


def tables() -> Tables:
    """As printed; the labels that name the period of Table 1 are ours."""
    found = rows_of(OWN / "a_hrc_47_19.csv")
    made = Tables()
    for part in PARTS:
        cells = [(row["place"], row["of"], row["says"]) for row in found if row["part"] == part]
        made.part(part).extend(dict(zip(COLUMNS[part], cell, strict=True)) for cell in cells)
    labels = {"OPENING": "Balance, 1 January 2020", "CLOSING": "Balance, 31 December 2020"}
    for row in made.table1:
        row["label"] = labels.get(row["line"], "")
    return made


def as_source(name: str, rows: Sequence[Row]) -> Source:
    return Source(name, tuple(rows[0]), tuple(SourceRow(n, row) for n, row in enumerate(rows, 2)))


def csv_of(rows: Sequence[Mapping[str, str]], separator: str = ",", end: str = "\n") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    path.write_bytes(csv_of(rows).encode())
    return path


def printed_figure(cents: int) -> str:
    """As a table prints it, with a plain space between groups."""
    whole, part = divmod(abs(cents), 100)
    text = f"{whole:,}".replace(",", " ") + f".{part:02}"
    return f"({text})" if cents < 0 else text if cents else "-"


def change(row: Row, by: int) -> None:
    """Print another amount: so many cents more."""
    row["printed"] = printed_figure((parse_printed(row["printed"]) or 0) + by)


def _layout() -> list[Row]:
    return rows_of(ROOT / "fundapp" / "funds" / "data" / "statement_lines.csv")


LAYOUT = [
    LayoutLine(
        row["code"],
        row["section"],
        row["kind"],
        int(row["level"]),
        row["if_moved"] == "1",
        {language: row[f"name_{language}"] for language in LANGUAGES},
    )
    for row in _layout()
]
KINDS = {row["code"]: row["kind"] for row in _layout()}
ACCOUNTS = {row["code"]: row["section"] for row in _layout() if row["kind"] == "account"}
NAMES = {code: in_six(names) for code, names in DONORS.items()}
FRAME = Frame(
    frozenset(code for code, section in ACCOUNTS.items() if section == "income"),
    frozenset(code for code, section in ACCOUNTS.items() if section == "expenditure"),
    Decimal("0.13"),
    NAMES,
)


def schedule() -> dict[tuple[int, str], int]:
    """What the schedule says of UPR: (year, donor) -> cents, donors by the code of their English name here."""
    codes = {names["en"]: code for code, names in NAMES.items()}
    found: dict[tuple[int, str], int] = {}
    for row in rows_of(OWN / "trust_fund_schedule.csv"):
        for year in range(2017, 2025):
            if row["fund"] == "UPR" and row[str(year)]:
                code = codes.get(row["contributor"], row["contributor"])
                found[year, code] = int(row[str(year)]) * 100
    return found


def tied(printed: Printed, scheduled: Mapping[tuple[int, str], int]) -> tuple[TieYear, ...]:
    received = printed.cents("INC.CONTRIB")
    year = printed.first.year
    table1 = {year: received} if received is not None and year == printed.last.year else {}
    english = {code: names["en"] for code, names in NAMES.items()}
    return tie_out(printed.donors, scheduled, {}, table1, english)


def checked(found: Tables, scheduled: Mapping[tuple[int, str], int] | None = None) -> dict[str, Check]:
    """Every check of the tables by its id."""
    printed = found.printed()
    return by_id(checks(printed, FRAME, tied(printed, scheduled) if scheduled is not None else ()))


def by_id(found: Iterable[Check]) -> dict[str, Check]:
    listed = list(found)
    made = {check.id: check for check in listed}
    assert len(made) == len(listed), "two checks have the same id"
    return made


def figures(check: Check) -> tuple[str, str, str]:
    return check.printed, check.computed, check.difference


def six(make: Callable[[str], object]) -> dict[str, object]:
    return {language: make(language) for language in LANGUAGES}
