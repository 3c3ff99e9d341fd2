"""A certified statement as it is kept: its facts as plain values, and back; and what the books say otherwise since.
Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fundapp.finance.rules.kept_reports import report_again, report_kept
from fundapp.finance.rules.reports import Amount, Report
from fundapp.finance.statements import Contribution, Contributions, FundFacts, IncomeExpenditure, Row

Statement = IncomeExpenditure | Contributions | Report
EDITION = 1  # of the way in which facts are written
LONGEST_NOTE = 2000
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did a step of certifying, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Certified:
    """A statement with its standing: what a document of it says. certified: None while it is on its way."""

    facts: Statement
    number: str
    layout: str
    digest: str
    prepared: Signed
    reviewed: Signed | None
    certified: Signed | None

    @property
    def last(self) -> date:
        """The last day of the statement."""
        return self.facts.last


@dataclass(frozen=True, slots=True)
class Compared:
    """A line as it was certified beside what the books say now; cents, None for a header or a line that is not there.

    key: line, or period and donor, or row and column. labels: none where it is of a statement of cells.
    """

    key: tuple[str, str]
    kind: str
    level: int
    labels: Mapping[str, str]
    certified: int | None
    now: int | None

    @property
    def restated(self) -> int:
        """By how much the books differ from what was certified."""
        return (self.now or 0) - (self.certified or 0)


def written(facts: Statement) -> str:
    """The facts as they are kept: canonical JSON, without the moment at which they were drawn."""
    return _JSON.encode(
        _own(facts) | {
            "edition": EDITION, "fund": {"code": facts.fund.code, "names": dict(facts.fund.names)},
            "last": facts.last.isoformat(), "basis": facts.basis, "entries": facts.entries,
        }
    )  # fmt: skip


def _own(facts: Statement) -> dict[str, Any]:
    """What a statement of its kind alone has."""
    if isinstance(facts, Report):
        return report_kept(facts)
    if isinstance(facts, IncomeExpenditure):
        rows: list[dict[str, Any]] = [
            {
                "line": row.line, "section": row.section, "kind": row.kind, "level": row.level,
                "labels": dict(row.labels), "cents": row.amount,
            }
            for row in facts.rows
        ]  # fmt: skip
        return {"kind": "income-expenditure", "first": facts.first.isoformat(), "rows": rows}
    rows = [
        {"period": row.period, "donor": row.donor, "labels": dict(row.labels), "cents": row.amount}
        for row in facts.rows
    ]
    return {"kind": "contributions", "total": facts.total, "rows": rows}


def digest_of(content: str) -> str:
    """The SHA-256 of what is kept."""
    return hashlib.sha256(content.encode()).hexdigest()


def read(content: str, at: datetime) -> Statement:
    """The facts that were kept; at: when they were drawn."""
    kept = json.loads(content)
    fund, last = FundFacts(kept["fund"]["code"], kept["fund"]["names"]), date.fromisoformat(kept["last"])
    if kept["kind"] == "income-expenditure":
        rows = tuple(
            Row(row["line"], row["section"], row["kind"], row["level"], row["labels"], row["cents"])
            for row in kept["rows"]
        )
        return IncomeExpenditure(
            fund, date.fromisoformat(kept["first"]), last, kept["basis"], rows, kept["entries"], at
        )  # fmt: skip
    if kept["kind"] != "contributions":
        return report_again(kept, fund, last, at)
    given = tuple(Contribution(row["period"], row["donor"], row["labels"], row["cents"]) for row in kept["rows"])
    return Contributions(fund, last, kept["basis"], given, kept["total"], kept["entries"], at)


def compared(then: Statement, now: Statement) -> list[Compared]:
    """Each line as certified beside the books, in the order of the certified statement; lines that came since follow
    the line before them."""
    old, new = _lines(then), _lines(now)
    since: dict[tuple[str, str] | None, list[tuple[str, str]]] = {}  # a line that was certified -> those after it
    before = None
    for key in new:
        if key in old:
            before = key
        else:
            since.setdefault(before, []).append(key)
    keys = [*since.get(None, ()), *(one for key in old for one in (key, *since.get(key, ())))]
    found = []
    for key in keys:
        kind, level, labels, _ = old.get(key) or new[key]
        found.append(
            Compared(key, kind, level, labels, old[key][3] if key in old else None, new[key][3] if key in new else None)
        )
    return found


def differ(then: Statement, now: Statement) -> bool:
    """Whether any figure of a statement is another now."""
    return any(one.restated for one in compared(then, now))


_Line = tuple[str, int, Mapping[str, str], int | None]


def _lines(facts: Statement) -> dict[tuple[str, str], _Line]:
    if isinstance(facts, IncomeExpenditure):
        return {(row.line, ""): (row.kind, row.level, row.labels, row.amount) for row in facts.rows}
    if isinstance(facts, Report):
        return {
            (row.code, column.code): (row.kind, row.level, {}, cell.cents)
            for row in facts.rows
            for column, cell in zip(facts.columns, row.cells, strict=True)
            if isinstance(cell, Amount)
        }
    found: dict[tuple[str, str], _Line] = {
        (row.period, row.donor or ""): ("account", 1, row.labels, row.amount) for row in facts.rows
    }
    return found | {("TOTAL", ""): ("grand", 0, {}, facts.total)}


def numbered(year: int, known: int) -> str:
    """The number of the next certified statement of a year: "2020-01"."""
    return f"{year}-{known + 1:02}"
