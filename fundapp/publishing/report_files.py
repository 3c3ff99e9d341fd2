"""The statements beside the first two for machines and terminals: CSV, JSON and text. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from fundapp.finance.rules.reports import Amount, Report, ReportCell
from fundapp.kernel.languages import figure
from fundapp.kernel.money import decimal_text
from fundapp.kernel.sheets import Cell, csv_text
from fundapp.publishing.blocks import Figure
from fundapp.publishing.documents.reports import Worded, notes, said, span, title, worded
from fundapp.publishing.plain import width
from fundapp.publishing.words import Words


def report_csv(facts: Report, words: Words) -> str:
    """Columns line, label and those of the statement by their codes; amounts are plain decimals, days ISO 8601."""
    rows = [(one.row.code, one.label, *_plain(one, words)) for one in worded(facts, words) if one.row.kind != "group"]
    return csv_text(("line", "label", *(column.code for column in facts.columns)), rows)


def _plain(one: Worded, words: Words) -> list[Cell]:
    return [_bare(cell, words) for cell in one.row.cells]


def _bare(cell: ReportCell, words: Words) -> Cell:
    if cell is None:
        return None
    if isinstance(cell, Amount):
        return Decimal(cell.cents).scaleb(-2)
    return cell.isoformat() if isinstance(cell, date) else said(cell, words)


def report_json(facts: Report, words: Words) -> str:
    """The statement with what it was made from; amounts are decimals as text."""
    about: dict[str, object] = {
        "statement": facts.kind,
        "title": title(facts.kind, words),
        "fund": {"code": facts.fund.code, "name": facts.fund.names[words.language]},
        "language": words.language,
        "currency": "USD",
        "basis": facts.basis,
        "period": {"from": facts.first.isoformat() if facts.first else None, "to": facts.last.isoformat()},
        "generated_at": facts.generated_at.isoformat(timespec="seconds") + "Z",
        "entries": facts.entries,
        "columns": [{"code": column.code, "label": said(column.head, words)} for column in facts.columns],
        "lines": [_json_line(one, facts, words) for one in worded(facts, words)],
        "notes": notes(facts, words),
    }
    return json.dumps(about, ensure_ascii=False, indent=2) + "\n"


def _json_line(one: Worded, facts: Report, words: Words) -> dict[str, object]:
    found: dict[str, object] = {"line": one.row.code, "kind": one.row.kind, "label": one.label}
    for column, cell in zip(facts.columns, one.row.cells, strict=True):
        found[column.code] = decimal_text(cell.cents) if isinstance(cell, Amount) else _bare(cell, words)
    return found


def report_text(facts: Report, words: Words) -> str:
    """The statement for a terminal, in columns as wide as what stands in them."""
    grid: list[list[str]] = [["", *(said(column.head, words) for column in facts.columns)]]
    for one in worded(facts, words):
        cells = [_shown(cell, words) for cell in one.cells]
        grid.append(["  " * one.row.level + one.label, *cells])
    head = [facts.fund.names[words.language], title(facts.kind, words)]
    head.append(f"{span(facts, words)} · {words.text('United States dollars')}")
    flush = [False, *(column.figures for column in facts.columns)]
    return "\n".join([*head, "", *_aligned(grid, flush), "", *notes(facts, words)]) + "\n"


def _shown(cell: str | Figure | None, words: Words) -> str:
    if isinstance(cell, Figure):
        return figure(cell.minor, words.language, cell.places)
    return cell or ""


def _aligned(grid: Sequence[Sequence[str]], flush: Sequence[bool]) -> list[str]:
    """Columns side by side, figures flush right; a closing parenthesis hangs."""
    hung = [[cell if not right or cell.endswith(")") else f"{cell} " for cell, right in zip(row, flush, strict=True)]
            for row in grid]  # fmt: skip
    widths = [max(width(row[place]) for row in hung) for place in range(len(flush))]
    return [
        "  ".join(
            (" " * (most - width(cell)) + cell) if right else cell + " " * (most - width(cell))
            for cell, most, right in zip(row, widths, flush, strict=True)
        ).rstrip()
        for row in hung
    ]
