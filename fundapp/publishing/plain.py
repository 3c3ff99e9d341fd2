"""Statements for machines and terminals: CSV, JSON and text. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from unicodedata import east_asian_width

from fundapp.finance.statements import Contributions, IncomeExpenditure
from fundapp.kernel.languages import figure
from fundapp.kernel.money import decimal_text
from fundapp.kernel.sheets import csv_text
from fundapp.publishing.words import Words, donor

TOTAL = "TOTAL"
Facts = IncomeExpenditure | Contributions


def _dollars(cents: int | None) -> Decimal | None:
    return None if cents is None else Decimal(cents).scaleb(-2)


def as_csv(facts: Facts, words: Words) -> str:
    """The statement as CSV: line,label,amount or period,donor,label,amount; amounts are plain decimals."""
    if isinstance(facts, IncomeExpenditure):
        lines = [(row.line, row.labels[words.language], _dollars(row.amount)) for row in facts.rows]
        return csv_text(("line", "label", "amount"), lines)
    rows = [(row.period, row.donor or "", donor(row, words), _dollars(row.amount)) for row in facts.rows]
    total = (TOTAL, "", words.text("Total"), _dollars(facts.total))
    return csv_text(("period", "donor", "label", "amount"), [*rows, total])


def as_json(facts: Facts, words: Words) -> str:
    """The statement as JSON with what it was made from; amounts are decimals as text, null for a header line."""
    about: dict[str, object] = {
        "fund": {"code": facts.fund.code, "name": facts.fund.names[words.language]},
        "language": words.language,
        "currency": "USD",
        "generated_at": facts.generated_at.isoformat(timespec="seconds") + "Z",
        "entries": facts.entries,
    }
    if isinstance(facts, IncomeExpenditure):
        about |= {"period": {"from": facts.first.isoformat(), "to": facts.last.isoformat()}, "basis": facts.basis}
        about["lines"] = [
            {
                "line": row.line,
                "label": row.labels[words.language],
                "amount": None if row.amount is None else decimal_text(row.amount),
            }
            for row in facts.rows
        ]
    else:
        about |= {"period": {"from": None, "to": facts.last.isoformat()}, "basis": facts.basis}
        about["rows"] = [
            {
                "period": row.period,
                "donor": row.donor,
                "label": donor(row, words),
                "amount": decimal_text(row.amount),
            }
            for row in facts.rows
        ]
        about["total"] = decimal_text(facts.total)
    return json.dumps(about, ensure_ascii=False, indent=2) + "\n"


def as_text(facts: Facts, words: Words) -> str:
    """The statement for a terminal: labels to one side, figures in a column."""
    if isinstance(facts, IncomeExpenditure):
        title = words.text("Statement of income and expenditure")
        span = words.text("%(first)s to %(last)s", first=words.date(facts.first), last=words.date(facts.last))
        rows = [
            ("  " * row.level + row.labels[words.language], _printed(row.amount, words.language)) for row in facts.rows
        ]
    else:
        title = words.text("Contributions by period and donor")
        span = words.text("Up to %(last)s", last=words.date(facts.last))
        rows = _contribution_lines(facts, words)
    head = [facts.fund.names[words.language], title, f"{span} · {words.text('United States dollars')}", ""]
    return "\n".join([*head, *aligned(rows)]) + "\n"


def _contribution_lines(facts: Contributions, words: Words) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for period in facts.periods():
        lines.append((period, ""))
        lines += [
            ("  " + donor(row, words), _printed(row.amount, words.language))
            for row in facts.rows
            if row.period == period
        ]
    return [*lines, (words.text("Total"), _printed(facts.total, words.language))]


def _printed(cents: int | None, language: str) -> str:
    return "" if cents is None else figure(cents, language)


def width(text: str) -> int:
    """How many columns of a terminal the text takes: an ideograph takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def aligned(rows: Sequence[tuple[str, str]]) -> list[str]:
    """Two columns, the second flush right; a closing parenthesis hangs, so that decimals stand under each other."""
    left = max((width(label) for label, _ in rows), default=0)
    right = max((len(amount.removesuffix(")")) for _, amount in rows), default=0)
    return [
        f"{label}{' ' * (left - width(label) + 2)}{' ' * (right - len(amount.removesuffix(')')))}{amount}".rstrip()
        for label, amount in rows
    ]
