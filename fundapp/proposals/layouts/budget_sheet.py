"""A budget as a workbook in our own layout: written in any of the six languages, read in all of them.

The first row is hidden and holds the keys of the columns, so that a sheet written in Arabic comes in at an office that
works in French; where somebody took it out, the headings are known in six languages. Sums are there for people: they
are numbers and no formulas, nothing reads them back, and the program adds up again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import xlsxwriter

from fundapp.kernel.errors import Fault, Faults, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES, direction
from fundapp.kernel.money import Money, seen
from fundapp.kernel.sheets import Source, SourceRow
from fundapp.kernel.text import fold
from fundapp.proposals.rules.amounts import cents_of, quantity_of
from fundapp.proposals.rules.budget import (
    MONTH,
    MOST_LINES,
    ErpClass,
    Line,
    Quarter,
    Totals,
    quarter_of,
)
from fundapp.recommendations.layouts.incoming import Incoming
from fundapp.recommendations.layouts.sheet import bare, cell_text, guarded, table
from fundapp.recommendations.rules.plans import one_line

COLUMNS = (
    "class",
    "class_name",
    "what",
    "grade",
    "unit",
    "unit_cost",
    "quantity",
    "total",
    "activity",
    "quarter",
    "reason",
)
NEEDED = ("class", "what", "unit_cost", "quantity")
WIDTHS = {"class": 8, "class_name": 34, "what": 44, "grade": 10, "quantity": 11, "quarter": 11, "reason": 40}
AMOUNT = "#,##0.00_);(#,##0.00);-_)"
OLDER = b"\xd0\xcf\x11\xe0"  # what workbooks of the older kind begin with, and any that is locked
PICTURES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")  # and other papers that are no tables
_LENGTHENED = re.compile(r"-?\d+\.\d{3}0", re.ASCII)
Found = TypeVar("Found")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Headings, names of classes and other words of the sheet: key -> language -> word."""
    text = resources.files("fundapp.proposals").joinpath("data", "budget_words.csv").read_text("utf-8")
    return {row.pop("key"): row for row in csv.DictReader(io.StringIO(text))}


def word(key: str, language: str) -> str:
    """A word of the sheet; of a class, its name."""
    return words()[key][language]


# --------------------------------------------------------------------------------------------------------- writing


Written = Line | Mapping[str, str]  # a line, or what was typed of one that nobody can understand


def write(lines: Iterable[Written], totals: Totals, language: str) -> bytes:
    """The budget as a workbook: a sheet of lines, and one of what they come to by class."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    look = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "amount": book.add_format({"num_format": AMOUNT, "valign": "top"}),
        "sum": book.add_format({"num_format": AMOUNT, "bold": True}),
    }
    _lines(_sheet(book, "budget", language), lines, language, look)
    _totals(_sheet(book, "totals", language), totals, language, look)
    book.close()
    return out.getvalue()


def _sheet(book: Any, key: str, language: str) -> Any:
    sheet = book.add_worksheet(word(key, language))
    if direction(language) == "rtl":
        sheet.right_to_left()
    return sheet


def _lines(sheet: Any, lines: Iterable[Written], language: str, look: Mapping[str, Any]) -> None:
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.freeze_panes(2, 0)
    for column, key in enumerate(COLUMNS):
        sheet.write_string(0, column, key)
        sheet.write_string(1, column, word(key, language), look["head"])
        sheet.set_column(column, column, WIDTHS.get(key, 16))
    for row, line in enumerate(lines, 2):
        for column, cell in enumerate(cells(line, language)):
            _put(sheet, row, column, cell, look)


def _put(sheet: Any, row: int, column: int, cell: str | Decimal, look: Mapping[str, Any]) -> None:
    """Numbers as numbers, text as text: a class like 010 keeps its nought."""
    if isinstance(cell, Decimal):
        sheet.write_number(row, column, float(cell), look["amount"])
    elif cell:
        sheet.write_string(row, column, cell, look["text"])


def headings(language: str) -> tuple[str, ...]:
    """What the columns are called."""
    return tuple(word(key, language) for key in COLUMNS)


def cells(line: Written, language: str) -> tuple[str | Decimal, ...]:
    """The row of a line; of one that nobody can understand, what was typed."""
    if not isinstance(line, Line):
        return tuple(guarded(line.get(key, "")) for key in COLUMNS)
    is_staff = line.erp_class is ErpClass.STAFF
    found: dict[str, str | Decimal] = {
        "class": line.erp_class.value,
        "class_name": word(line.erp_class.value, language),
        "what": line.what,
        "grade": line.grade,
        "unit": word("month", language) if is_staff else line.unit,
        "unit_cost": Money(line.unit_cents).amount,
        "quantity": line.quantity,
        "total": Money(line.cents).amount,
        "activity": line.activity,
        "quarter": str(line.quarter or ""),
        "reason": line.reason,
    }
    return tuple(guarded(cell) if isinstance(cell, str) else cell for cell in (found[key] for key in COLUMNS))


def _totals(sheet: Any, totals: Totals, language: str, look: Mapping[str, Any]) -> None:
    rows: list[tuple[str, str, int, str]] = [
        (one.value, word(one.value, language), cents, "amount")
        for one, cents in totals.by_class.items()
        if one is not ErpClass.SUPPORT
    ]
    rows.append(("", word("direct", language), totals.direct, "sum"))
    rows.append((ErpClass.SUPPORT.value, word(ErpClass.SUPPORT.value, language), totals.support, "amount"))
    rows.append(("", word("whole", language), totals.total, "sum"))
    for column, key in enumerate(("class", "class_name", "total")):
        sheet.write_string(0, column, word(key, language), look["head"])
        sheet.set_column(column, column, WIDTHS.get(key, 20))
    for row, (code, name, cents, kind) in enumerate(rows, 1):
        sheet.write_string(row, 0, code)
        sheet.write_string(row, 1, name)
        sheet.write_number(row, 2, float(Money(cents).amount), look[kind])


# --------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Read:
    """A line as a file has it; `row` is that of the sheet as its reader sees it."""

    row: int
    line: Line


@dataclass(frozen=True, slots=True)
class BudgetFile:
    """A file as it was read: its lines, the headings by column, and those that mean nothing here."""

    name: str
    lines: tuple[Read, ...]
    headings: Mapping[str, str]
    unread: tuple[str, ...] = ()

    def placed(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults of rules, with the columns called as the file calls them."""
        return [replace(fault, column=self.headings.get(fault.column or "", fault.column)) for fault in faults]


def read(file: Incoming, language: str, faults: Faults) -> BudgetFile:
    """The lines of a budget in a file, workbook or CSV; what cannot be understood goes to the faults.

    language: that of the writer, for amounts that are typed as text. Whether the lines are sound, the rules say.
    """
    source = _table(file)
    columns, rows = _columns(source, language)
    if len(rows) > MOST_LINES:
        raise refuse("csv.rows", name=source.name, largest=MOST_LINES)
    reading = _Reading(columns, language, faults)
    lines = tuple(found for row in rows if (found := reading.line(row)))
    headings = {key: column.said for key, column in columns.items()}
    unread = tuple(heading for heading in source.headings if heading not in {one.at for one in columns.values()})
    return BudgetFile(source.name, lines, headings, unread)


def _table(file: Incoming) -> Source:
    """The sheet of a file; what is another kind of file is refused by what it is, not by what it lacks."""
    head = file.head(4)
    if head.startswith(OLDER):
        raise refuse("budget.old-workbook", name=file.name)
    if head.startswith(PICTURES):
        raise refuse("budget.no-table", name=file.name)
    try:
        return table(file, _number_text)
    except Refusal as refused:
        if refused.faults[0].code == "file.not-text":
            raise refuse("budget.no-table", name=file.name) from None
        raise


def _number_text(cell: object) -> str:
    """A number of a workbook as text that no language reads otherwise: never three decimals, which could be a group."""
    if not isinstance(cell, float) or cell.is_integer():
        return cell_text(cell)
    text = format(Decimal(repr(round(cell, 6))), "f")
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: what it is called where the rows are looked up (`at`), and what its reader sees (`said`)."""

    at: str
    said: str


@cache
def _keys() -> Mapping[str, str]:
    """Folded heading of any language -> the column that it means."""
    known = {fold(word(key, language)): key for key in COLUMNS for language in LANGUAGES}
    return known | {fold(key): key for key in COLUMNS} | {key: key for key in COLUMNS}


def key_of(heading: str) -> str | None:
    """The column that a heading means."""
    return _keys().get(heading.strip()) or _keys().get(fold(heading))


def _columns(source: Source, language: str) -> tuple[dict[str, _Column], Sequence[SourceRow]]:
    """The columns by their keys, and the rows without the one of headings that stands below the keys."""
    rows: Sequence[SourceRow] = source.rows
    said = {heading: heading for heading in source.headings}
    if rows and _is_heading(rows[0]):
        said |= {at: heading for at, cell in rows[0].cells.items() if (heading := one_line(cell))}
        rows = rows[1:]
    found: dict[str, _Column] = {}
    for at in source.headings:
        key = key_of(at)
        if key in found:
            raise refuse("budget.columns", name=source.name, found=[found[key].said, said[at]])
        if key:
            found[key] = _Column(at, said[at])
    missing = [word(key, language) for key in NEEDED if key not in found]
    if missing:
        there = ", ".join(said.values())[:300]
        values = [{"name": source.name, "heading": heading, "there": there} for heading in missing]
        raise Refusal(*(Fault("csv.column-missing", one, row=1) for one in values))
    return found, rows


def _is_heading(row: SourceRow) -> bool:
    """Whether the row below the keys says what the columns are called: words, and no figures where a line has some."""
    cells = [row.cells.get(key, "") for key in ("class", "unit_cost", "quantity")]
    is_words = all(any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell)) for cell in cells)
    return is_words and not _code_of(cells[0])


@dataclass(slots=True)
class _Reading:
    """A file being read: where each column stands, in what language, and where the faults go."""

    columns: Mapping[str, _Column]
    language: str
    faults: Faults

    def cell(self, row: SourceRow, key: str) -> str:
        """What a row says in a column."""
        column = self.columns.get(key)
        return bare(row.cells.get(column.at, "")) if column else ""

    def line(self, row: SourceRow) -> Read | None:
        """A line; None where something in it cannot be understood."""
        erp_class = self._asked(row, "class", lambda text: _class_of(text or self.cell(row, "class_name")))
        unit_cents = self._asked(row, "unit_cost", lambda text: cents_of(text, self.language, negative=True))
        quantity = self._asked(row, "quantity", lambda text: quantity_of(text, self.language))
        quarter = self._asked(row, "quarter", _quarter_of)
        if erp_class is None or unit_cents is None or quantity is None or quarter is None:
            return None
        said = {key: one_line(self.cell(row, key)) for key in ("what", "unit", "activity", "grade", "reason")}
        said["activity"] = seen(said["activity"]).strip()
        if erp_class is ErpClass.STAFF:
            said["unit"] = MONTH
        line = Line(erp_class, unit_cents=unit_cents, quantity=quantity, quarter=quarter.it, **said)
        return Read(row.number, line)

    def _asked(self, row: SourceRow, key: str, understand: Callable[[str], Found]) -> Found | None:
        try:
            return understand(one_line(self.cell(row, key)))
        except Refusal as refused:
            for fault in map(_as_in_the_sheet, refused.faults):
                self.faults.append(replace(fault, row=row.number, column=self.columns[key].said))
            return None


def _as_in_the_sheet(fault: Fault) -> Fault:
    """The fault without the nought that _number_text put behind three decimals: nobody finds it in the cell."""
    text = str(fault.values.get("text", ""))
    if fault.code != "amount.decimals" or not _LENGTHENED.fullmatch(text):
        return fault
    return replace(fault, values={**fault.values, "text": text[:-1], "found": 3})


@dataclass(frozen=True, slots=True)
class _Perhaps:
    """A quarter, or none."""

    it: Quarter | None


def _quarter_of(text: str) -> _Perhaps:
    found = quarter_of(text) if text else None
    if text and found is None:
        raise refuse("budget.no-quarter", text=text[:40])
    return _Perhaps(found)


def _code_of(text: str) -> str | None:
    """The code of a class by itself or by its name in any language; a spreadsheet makes 10 of 010."""
    text = seen(text)
    code = text.zfill(3) if text.isascii() and text.isdigit() else _classes().get(fold(text), "")
    return code if code in {one.value for one in ErpClass} else None


def _class_of(text: str) -> ErpClass:
    if not text:
        raise refuse("budget.class-empty")
    if not (code := _code_of(text)):
        raise refuse("budget.no-class", text=text[:60], known=[one.value for one in ErpClass])
    return ErpClass(code)


@cache
def _classes() -> Mapping[str, str]:
    return {fold(word(one.value, language)): one.value for one in ErpClass for language in LANGUAGES}
