"""The lines of a budget as a page shows and sends them. There may be five hundred: plain fields, named lines-0-what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import Regexp

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import decimal_mark, figure, grouped
from fundapp.proposals.layouts.budget_sheet import word
from fundapp.proposals.rules.amounts import cents_of, quantity_of
from fundapp.proposals.rules.budget import MONTH, ErpClass, quarter_of
from fundapp.proposals.rules.budget_rows import COLUMNS, FIELD, Row
from fundapp.proposals.rules.content import amount, quantity, understood
from fundapp.proposals.rules.fields import following_id, kept
from fundapp.recommendations.rules.plans import one_line

LABELS: dict[str, LazyString] = {
    "class": _l("Class"),
    "what": _l("Description"),
    "grade": _l("Grade"),
    "unit": _l("Unit"),
    "unit_cost": _l("Unit cost"),
    "quantity": _l("Quantity"),
    "activity": _l("Activity"),
    "quarter": _l("Quarter"),
    "reason": _l("Reason"),
}
SPARE = 2  # empty lines below those that are there
MORE = 5  # that "Add more lines" adds
_NAME = re.compile(r"lines-(\d{1,4})-(\w+)", re.ASCII)


def posted_rows(posted: Mapping[str, str], *, without: str = "") -> list[dict[str, str]]:
    """The lines that were sent, in the order of the page, empty ones with them; `at` says how the names of a line's
    fields begin. without: the number of a line that is taken off."""
    found: dict[int, dict[str, str]] = {}
    for name, text in posted.items():
        known = _NAME.fullmatch(name)
        if known and known[2] in (*COLUMNS, "id"):
            found.setdefault(int(known[1]), {})[known[2]] = one_line(text)
    return [_tidy({**found[n], "at": f"lines-{n}"}) for n in sorted(found) if str(n) != without]


def _tidy(row: dict[str, str]) -> dict[str, str]:
    """A quarter in its one form, and a month for staff, whose unit is not asked."""
    if quarter := quarter_of(row.get("quarter", "")):
        row["quarter"] = str(quarter)
    says_more = any(text for name, text in row.items() if name not in ("id", "at", "class", "unit"))
    if row.get("class") == ErpClass.STAFF.value and says_more:
        row["unit"] = MONTH
    return row


def as_kept(rows: Iterable[Mapping[str, str]], language: str) -> list[Row]:
    """Lines as their page will keep them: empty ones left out, amounts understood, each under an id."""
    found: list[Row] = kept([FIELD], understood([FIELD], {FIELD.name: list(rows)}, language)).get(FIELD.name, [])
    return found


def version_of(text: str | None) -> int:
    """The version of a page that was changed; what is none is that of a page which nobody has saved."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def shown_amount(text: str, language: str) -> str:
    """An amount in the reader's own way, that can be typed over; one that was not understood, as it was typed."""
    cents = amount(text)
    if cents is None:
        return text
    shown = figure(abs(cents), language, nil=f"0{decimal_mark(language)}00")
    return f"-{shown}" if cents < 0 else shown


def shown_quantity(text: str, language: str) -> str:
    """A quantity in the reader's own way."""
    found = quantity(text)
    if found is None:
        return text
    whole, _, part = f"{found.normalize():f}".partition(".")
    return grouped(int(whole)) + (f"{decimal_mark(language)}{part}" if part else "")


def said_in(row: Row, name: str, language: str) -> str:
    """What a line says in a column, in the reader's own way."""
    text = row.get(name, "")
    if name == "unit" and row.get("class") == ErpClass.STAFF.value:
        return word("month", language)
    if name == "unit_cost":
        return shown_amount(text, language)
    return shown_quantity(text, language) if name == "quantity" else text


@dataclass(slots=True)
class LineField:
    """A line on the page: its id, what stands in its fields, what it comes to in cents, what is wrong by column."""

    number: int  # from 1
    id: str = ""
    key: str = ""  # in the names of its fields
    values: Mapping[str, str] = field(default_factory=dict)
    cents: int | None = None
    faults: dict[str, list[Fault]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """How the names of its fields begin."""
        return f"lines-{self.key}"

    @property
    def is_staff(self) -> bool:
        """Whether it is of staff: months of a grade at its monthly rate."""
        return self.values.get("class") == ErpClass.STAFF.value


def lines_of(rows: Sequence[Row], language: str, *, spare: int = 0) -> list[LineField]:
    """The lines of a budget as its page shows them, with so many empty ones behind them, each under an id by then."""
    found = [
        LineField(
            number,
            row.get("id", ""),
            str(number - 1),
            dict(row) | {name: said_in(row, name, language) for name in ("unit_cost", "quantity")},
        )
        for number, row in enumerate(rows, 1)
    ]
    first = following_id(FIELD, rows)
    empty = ((n, len(rows) + n) for n in range(spare))
    return found + [LineField(at + 1, f"{FIELD.prefix}{first + n}", str(at)) for n, at in empty]


def place(lines: Sequence[LineField], faults: Iterable[Fault], language: str) -> list[Fault]:
    """Put each fault of a line beside its field; those of the whole are returned."""
    rest = []
    for fault in faults:
        if fault.row and fault.column and fault.row <= len(lines):
            line = lines[fault.row - 1]
            closer = _closer(fault, line, language)
            line.faults.setdefault(fault.column, []).append(replace(closer, row=None, column=None))
        else:
            rest.append(fault)
    return rest


def _closer(fault: Fault, line: LineField, language: str) -> Fault:
    """Why an amount could not be understood, as whoever reads in the language would be told while typing."""
    if fault.code not in ("amount.none", "quantity.none") or fault.column not in ("unit_cost", "quantity"):
        return fault
    text = line.values.get(fault.column, "")
    try:
        cents_of(text, language, negative=True) if fault.column == "unit_cost" else quantity_of(text, language)
    except Refusal as refused:
        [found] = refused.faults
        return Fault(found.code, found.values, fault.row, fault.column)
    return fault


class LookForm(FlaskForm):
    """A file to look at before it takes the place of the budget."""

    file = FileField(
        _l("File"), description=_l("XLSX, or CSV in UTF-8, with the columns of the file that you can fetch here.")
    )


class TakeForm(FlaskForm):
    """A file that was looked at, and the version of the budget beside which."""

    digest = HiddenField(validators=[Regexp(r"[0-9a-f]{64}\Z")])
    name = HiddenField()
    version = HiddenField()
