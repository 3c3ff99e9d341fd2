"""A statement of cells as plain values, and back: for each that `rules.reports` knows. Pure.

What comes from data (names of accounts, donors, projects) is kept as it was called; a Term is kept by its code. What a
figure opens is not kept: it is looked up in the books.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fundapp.finance.rules.reports import Amount, Report, ReportColumn, ReportRow, Term
from fundapp.finance.statements import FundFacts


def plain(value: Any) -> Any:
    """A cell, a label or a value of a term as JSON has it; what JSON has no type for says what it is."""
    if isinstance(value, Amount):
        return {"cents": value.cents}
    if isinstance(value, Term):
        return {"term": value.code, "values": {name: plain(one) for name, one in value.values.items()}}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    return {"names": dict(value)} if isinstance(value, Mapping) else value


def again(kept: Any) -> Any:
    """The same, out of what `plain` made of it."""
    if not isinstance(kept, dict):
        return kept
    if "term" in kept:
        return Term(kept["term"], {name: again(one) for name, one in kept["values"].items()})
    if "cents" in kept:
        return Amount(kept["cents"])
    if "date" in kept:
        return date.fromisoformat(kept["date"])
    return Decimal(kept["decimal"]) if "decimal" in kept else kept["names"]


def report_kept(facts: Report) -> dict[str, Any]:
    """What of a statement is kept beside its fund, its last day and its basis."""
    return {
        "kind": facts.kind,
        "first": facts.first.isoformat() if facts.first else None,
        "head": plain(facts.head),
        "columns": [
            {"code": one.code, "head": plain(one.head), "figures": one.figures} for one in facts.columns
        ],
        "rows": [
            {
                "code": row.code, "kind": row.kind, "level": row.level, "label": plain(row.label), "warns": row.warns,
                "cells": [plain(cell) for cell in row.cells],
            }
            for row in facts.rows
        ],
        "notes": [plain(note) for note in facts.notes],
    }  # fmt: skip


def report_again(kept: Mapping[str, Any], fund: FundFacts, last: date, at: datetime) -> Report:
    """The statement that was kept."""
    columns = tuple(ReportColumn(one["code"], again(one["head"]), one["figures"]) for one in kept["columns"])
    rows = tuple(
        ReportRow(
            row["code"], row["kind"], row["level"], again(row["label"]), tuple(again(cell) for cell in row["cells"]),
            None, row["warns"],
        )
        for row in kept["rows"]
    )  # fmt: skip
    first = date.fromisoformat(kept["first"]) if kept["first"] else None
    notes = tuple(again(note) for note in kept["notes"])
    return Report(
        kept["kind"], fund, first, last, kept["basis"], again(kept["head"]), columns, rows, notes, kept["entries"], at
    )  # fmt: skip
