"""The lines of a budget as its page keeps them: rows of plain text. What differs between two of them, and every sum by
the name under which pages, scripts and answers know it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fundapp.kernel.errors import Fault
from fundapp.kernel.money import decimal_text
from fundapp.proposals.rules.budget import LONGEST, ErpClass, Line, Quarter, Totals, quarter_of
from fundapp.proposals.rules.fields import FIELDS, LONGEST_LINE

Row = Mapping[str, str]  # of a budget: column -> text, and its id
FIELD = FIELDS["budget"][0]
COLUMNS = tuple(column.name for column in FIELD.columns)


def row_of(line: Line) -> dict[str, str]:
    """A line as its page keeps it, without an id."""
    found = {
        "class": line.erp_class.value,
        "what": line.what,
        "grade": line.grade,
        "unit": line.unit,
        "unit_cost": decimal_text(line.unit_cents),
        "quantity": f"{line.quantity.normalize():f}",
        "activity": line.activity,
        "quarter": str(line.quarter or ""),
        "reason": line.reason,
    }
    return {name: text for name, text in found.items() if text}


def says(row: Row) -> tuple[str, ...]:
    """What a row says, column by column; the unit of staff is always a month."""
    is_staff = row.get("class") == ErpClass.STAFF.value
    return tuple("" if name == "unit" and is_staff else row.get(name, "") for name in COLUMNS)


def too_long(rows: Iterable[Row]) -> list[Fault]:
    """Texts that no line can hold, by the number of the row and its column."""
    return [
        Fault("budget.long", {"found": found, "largest": most}, number, name)
        for number, row in enumerate(rows, 1)
        for name in COLUMNS
        if (found := len(row.get(name, ""))) > (most := LONGEST.get(name, LONGEST_LINE))
    ]


# ---------------------------------------------------------------------------------------------------- two budgets


@dataclass(frozen=True, slots=True)
class Change:
    """A line that two budgets say otherwise, and in which columns."""

    before: Row
    after: Row
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What becomes of a budget: lines that are added, changed, gone, how many stay, and all of them as they then stand,
    each under the id that it had."""

    added: tuple[Row, ...]
    changed: tuple[Change, ...]
    gone: tuple[Row, ...]
    same: int
    rows: tuple[Row, ...]

    @property
    def alike(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.changed or self.gone)


def compare(before: Sequence[Row], after: Sequence[Row]) -> Comparison:
    """Lines that say the same are the same; of the others, those of one class and description; what is left is new or
    gone. A file has no ids, so that these are not asked."""
    pairs = _paired(before, after)
    ids = {n: before[pairs[n]]["id"] if n in pairs else "" for n in range(len(after))}
    rows = tuple({**{k: v for k, v in row.items() if k != "id"}, "id": ids[n]} for n, row in enumerate(after))
    changes = (_change(before[old], rows[new]) for new, old in sorted(pairs.items()))
    changed = tuple(one for one in changes if one.columns)
    taken = set(pairs.values())
    return Comparison(
        tuple(row for n, row in enumerate(rows) if n not in pairs),
        changed,
        tuple(row for n, row in enumerate(before) if n not in taken),
        len(pairs) - len(changed),
        rows,
    )


def _change(before: Row, after: Row) -> Change:
    differ = zip(COLUMNS, says(before), says(after), strict=True)
    return Change(before, after, tuple(name for name, old, new in differ if old != new))


def _paired(before: Sequence[Row], after: Sequence[Row]) -> dict[int, int]:
    """Places of lines after -> places of the same lines before."""
    found: dict[int, int] = {}
    for key in (says, lambda row: (row.get("class", ""), row.get("what", ""))):
        there: dict[tuple[str, ...], list[int]] = {}
        taken = set(found.values())
        for place, row in enumerate(before):
            if place not in taken:
                there.setdefault(key(row), []).append(place)
        for place, row in enumerate(after):
            if place not in found and (known := there.get(key(row))):
                found[place] = known.pop(0)
    return found


# ----------------------------------------------------------------------------------------------------------- sums


def sums(totals: Totals) -> dict[str, int]:
    """Every sum in cents by its name: "total", "class:120", "year:2027", "activity:A1", "quarter:2027-Q1"; what belongs
    to none has nothing behind the colon."""
    found = {"direct": totals.direct, "support": totals.support, "total": totals.total}
    found |= {f"class:{one.value}": cents for one, cents in totals.by_class.items()}
    found |= {f"year:{year or ''}": cents for year, cents in totals.by_year.items()}
    found |= {f"activity:{name}": cents for name, cents in totals.by_activity.items()}
    found |= {f"quarter:{quarter or ''}": cents for quarter, cents in totals.by_quarter.items()}
    return found


def names_in(rows: Iterable[Row], over: Iterable[Quarter], planned: Iterable[str]) -> Iterator[str]:
    """The names of all sums that there may be while somebody writes: of the proposal's own quarters and activities, and
    of those that its lines name beside."""
    listed = list(rows)
    yield from (f"class:{one.value}" for one in ErpClass)
    named = (quarter_of(row.get("quarter", "")) for row in listed)
    quarters = sorted({str(one) for one in (*over, *named) if one})
    yield from (f"year:{year}" for year in sorted({one[:4] for one in quarters}))
    yield "year:"
    activities = dict.fromkeys([*planned, *(row.get("activity", "") for row in listed)])
    yield from (f"activity:{one}" for one in activities if one)
    yield "activity:"
    yield from (f"quarter:{one}" for one in quarters)
    yield "quarter:"
