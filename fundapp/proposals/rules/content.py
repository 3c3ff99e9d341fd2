"""What a proposal's pages say, understood: amounts, days, quarters, the budget, and the facts it is judged by. Pure.

Amounts and days that were understood as they were typed are kept in one form ("1234.56", "2027-03-31"), whatever the
language; what was not understood stays as it was typed, and says so when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.money import decimal_text
from fundapp.proposals.rules.amounts import cents_of, quantity_of
from fundapp.proposals.rules.budget import (
    MONTH,
    ErpClass,
    Limits,
    Line,
    Quarter,
    Totals,
    faults,
    quarter_of,
    quarters,
    totals,
)
from fundapp.proposals.rules.completeness import BARE, MARKERS, MOST_QUARTERS, ODD, TODAY, Facts
from fundapp.proposals.rules.fields import FIELDS, QUESTIONS, Content, Field, Kind, Whole, rows_of
from fundapp.reference.source import targets

LONGEST_CODE, MOST_CODES = 20, 10  # of codes that there are not, in a sentence
_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{2})?", re.ASCII)
_QUANTITY = re.compile(r"\d{1,9}(?:\.\d{1,2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLASSES = frozenset(one.value for one in ErpClass)


def understood(fields: Iterable[Field], given: Content, language: str) -> dict[str, Any]:
    """What was typed on a page in a language, with amounts, quantities, days and quarters in their one form where they
    can be understood."""
    found = dict(given)
    for one in fields:
        value = given.get(one.name)
        if one.kind is Kind.ROWS and isinstance(value, list):
            found[one.name] = [understood(one.columns, row, language) for row in value]
        elif isinstance(value, str) and value.strip():
            found[one.name] = _plain(one.kind, value, language)
    return found


def _plain(kind: Kind, text: str, language: str) -> str:
    try:
        if kind is Kind.AMOUNT:
            cents = amount(text)
            return decimal_text(cents_of(text, language, negative=True) if cents is None else cents)
        if kind is Kind.QUANTITY:
            many = quantity(text)
            return f"{(quantity_of(text, language) if many is None else many).normalize():f}"
    except Refusal:
        return text
    if kind is Kind.QUARTER and (quarter := quarter_of(text)):
        return str(quarter)
    return text


def amount(text: str) -> int | None:
    """The cents of an amount in its one form; None for what was not understood."""
    return int(Decimal(text).scaleb(2)) if _AMOUNT.fullmatch(text) else None


def quantity(text: str) -> Decimal | None:
    """A quantity in its one form; None for what was not understood."""
    return Decimal(text) if _QUANTITY.fullmatch(text) else None


def marker(said: object) -> int | None:
    """A gender marker; None for what is none. Other scripts have figures of their own, and some are no numbers."""
    return next((mark for mark in MARKERS if said == str(mark)), None)


def day(text: str) -> date | None:
    """A day in its one form; None for what is none."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def period(content: Content | None) -> tuple[Quarter, ...]:
    """The quarters from the start of the activities to their end; none where either is missing or they are upside
    down."""
    said = content or {}
    first, last = quarter_of(str(said.get("starts", ""))), quarter_of(str(said.get("ends", "")))
    return quarters(first, last)[:MOST_QUARTERS] if first and last else ()


def length(content: Content | None) -> int | None:
    """How many quarters there are from the start to the end, less than one where they are upside down; None where
    either is missing."""
    said = content or {}
    first, last = quarter_of(str(said.get("starts", ""))), quarter_of(str(said.get("ends", "")))
    return 4 * (last.year - first.year) + last.number - first.number + 1 if first and last else None


# ------------------------------------------------------------------------------------------------------- budget


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget as its page has it: the lines that could be understood with the ids of their rows, what they come to,
    and all that is wrong, each fault with the number of its row, from 1."""

    lines: tuple[Line, ...]
    ids: tuple[str, ...]
    totals: Totals
    faults: tuple[Fault, ...]


def budget(whole: Whole, rate: Decimal, *, floor: int | None = None, ceiling: int | None = None) -> Budget:
    """The budget of a proposal at a rate of support costs, held against the limits of its call, in cents."""
    over = period(whole.get("activities"))
    rows = rows_of(whole.get("budget"), "lines")
    wrong: list[Fault] = []
    read = [(n, row["id"], line) for n, row in enumerate(rows, 1) if (line := _line_of(n, row, wrong))]
    lines = tuple(line for _, _, line in read)
    known = {row["id"] for row in rows_of(whole.get("activities"), "planned")}
    limits = Limits(floor, ceiling, over, known)
    wrong += faults(lines, rate, limits, [n for n, _, _ in read])
    order = sorted(wrong, key=lambda fault: (fault.row is None, fault.row or 0))
    return Budget(lines, tuple(key for _, key, _ in read), totals(lines, rate, over), tuple(order))


def _line_of(number: int, row: Mapping[str, Any], wrong: list[Fault]) -> Line | None:
    code = str(row.get("class", ""))
    said = {key: str(row.get(key, "")) for key in ("what", "unit", "activity", "grade", "reason")}
    cents, many = amount(str(row.get("unit_cost", ""))), quantity(str(row.get("quantity", "")))
    when = quarter_of(str(row.get("quarter", "")))
    if row.get("quarter") and when is None:
        wrong.append(Fault("budget.no-quarter", {"text": str(row["quarter"])[:40]}, number, "quarter"))
    before = len(wrong)
    if code not in _CLASSES:
        wrong.append(Fault("budget.class-empty", {}, number, "class"))
    if cents is None:
        text = str(row.get("unit_cost", ""))[:40]
        wrong.append(Fault("amount.none" if text else "amount.empty", {"text": text}, number, "unit_cost"))
    if many is None:
        text = str(row.get("quantity", ""))[:40]
        wrong.append(Fault("quantity.none" if text else "quantity.empty", {"text": text}, number, "quantity"))
    if len(wrong) > before or cents is None or many is None:
        return None
    if code == ErpClass.STAFF.value:
        said["unit"] = MONTH
    return Line(ErpClass(code), unit_cents=cents, quantity=many, quarter=when, **said)


# -------------------------------------------------------------------------------------------------------- facts


@dataclass(frozen=True, slots=True)
class World:
    """What is known of a proposal beside its pages: the day, the rate of support costs, the call's limits in cents, how
    many documents there are of each kind, which linked recommendations were only noted."""

    today: date
    rate: Decimal
    floor: int | None = None
    ceiling: int | None = None
    documents: Mapping[str, int] = field(default_factory=dict)
    noted: Collection[str] = ()


# The facts of each section by name: put together once, for a page is judged by forty of them.
_FACTS = {section: tuple((f"{section}.{one.name}", one) for one in fields) for section, fields in FIELDS.items()}


def facts(whole: Whole, world: World) -> Facts:
    """What completeness is judged by, as "section.field"."""
    found: dict[str, object] = {TODAY: world.today}
    for section, fields in _FACTS.items():
        content = whole.get(section, {})
        for key, one in fields:
            found[key] = _fact(one, content)
    found |= {f"{QUESTIONS}.{code}": text for code, text in whole.get(QUESTIONS, {}).items()}
    found |= {f"documents.{kind}": many for kind, many in world.documents.items()}
    found["consent.document"] = world.documents.get("consent", 0)
    found["activities.period"] = length(whole.get("activities"))
    found["gender.marker"] = marker(found["gender.marker"])
    for key, bare in _bare(whole, world):
        found[key + BARE] = bare
    if odd := unknown_targets(whole.get("goals")):
        found["goals.targets" + ODD] = odd
    checked = budget(whole, world.rate, floor=world.floor, ceiling=world.ceiling)
    found["budget.check"] = len(checked.faults) if found["budget.lines"] else None
    return found


def _fact(one: Field, content: Content) -> object:
    value = content.get(one.name)
    if one.kind in (Kind.ROWS, Kind.SEVERAL):
        return len(value) if isinstance(value, list) else 0
    return day(str(value)) if one.kind is Kind.DAY and value else value


@cache
def _targets() -> frozenset[str]:
    return frozenset(row["code"] for row in targets())


def unknown_targets(content: Content | None) -> tuple[str, ...]:
    """The codes among the targets that no goal has, as far as a sentence can hold them; they came with a copy, a file
    or a page that somebody else drew, and nobody takes them off but whoever writes."""
    found = (content or {}).get("targets")
    odd = [str(code) for code in found if code not in _targets()] if isinstance(found, list) else []
    return tuple(code if len(code) <= LONGEST_CODE else f"{code[: LONGEST_CODE - 1]}…" for code in odd[:MOST_CODES])


def _bare(whole: Whole, world: World) -> Iterator[tuple[str, int]]:
    """How many rows of each kind lack what each must have."""
    held = Held(whole, world.noted)
    for section, name in (
        ("recommendations", "linked"), ("results", "outputs"), ("results", "indicators"), ("activities", "planned"),
        ("risks", "named"), ("contacts", "people"),
    ):  # fmt: skip
        rows = rows_of(whole.get(section), name)
        yield f"{section}.{name}", sum(1 for row in rows if held.lacks(section, name, row))


NEEDED: Mapping[tuple[str, str], Sequence[str]] = {
    ("results", "outcomes"): ("text",),
    ("results", "outputs"): ("text", "outcome"),
    ("results", "indicators"): ("text", "of", "baseline", "target", "by_sex"),
    ("activities", "planned"): ("text", "output", "quarters"),
    ("risks", "named"): ("text", "measure"),
    ("contacts", "people"): ("name", "email"),
}


# Columns that name a row: where those rows are.
NAMES: Mapping[tuple[str, str], Sequence[tuple[str, str]]] = {
    ("outputs", "outcome"): (("results", "outcomes"),),
    ("indicators", "of"): (("results", "outcomes"), ("results", "outputs")),
    ("planned", "output"): (("results", "outputs"),),
}


class Held:
    """The rows of a proposal held against what each must have. What they name, and the activities' period, is looked
    up once for all of them. noted: the recommendations that the State only noted, by number as text."""

    def __init__(self, whole: Whole, noted: Collection[str] = ()) -> None:
        self._whole, self._noted = whole, noted
        self._ids: dict[tuple[str, str], set[str]] = {}

    def lacks(self, section: str, name: str, row: Mapping[str, Any]) -> tuple[str, ...]:
        """The columns that a row must still fill. An indicator by sex says women and men; a recommendation that the
        State only noted says why it is among them; quarters lie within the activities' period."""
        needed = [*NEEDED.get((section, name), ())]
        if name == "indicators" and row.get("by_sex") == "yes":
            needed += ["women", "men"]
        if name == "linked" and row.get("number") in self._noted:
            needed.append("reason")
        missing = [key for key in needed if not row.get(key) or self._is_gone(name, key, row)]
        if name == "planned" and "quarters" not in missing and not self._over.intersection(row["quarters"]):
            missing.append("quarters")
        return tuple(missing)

    @cached_property
    def _over(self) -> frozenset[str]:
        return frozenset(str(quarter) for quarter in period(self._whole.get("activities")))

    def _is_gone(self, name: str, key: str, row: Mapping[str, Any]) -> bool:
        """Whether a row names another that is not there any more."""
        places = NAMES.get((name, key))
        if places is None:
            return False
        if (name, key) not in self._ids:
            named = (rows_of(self._whole.get(where), rows) for where, rows in places)
            self._ids[name, key] = {one["id"] for rows in named for one in rows}
        return row[key] not in self._ids[name, key]


def lacks(
    section: str, name: str, row: Mapping[str, Any], whole: Whole, noted: Collection[str] = ()
) -> tuple[str, ...]:
    """The columns that a single row must still fill."""
    return Held(whole, noted).lacks(section, name, row)
