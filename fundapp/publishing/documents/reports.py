"""The statements beside the first two, put in words: for a page, a document and a file alike. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from fundapp.finance.rules.reports import (
    AVAILABLE,
    BALANCE,
    BUDGET,
    COMMITMENTS,
    COMPARED,
    RECEIVABLES,
    TRIAL,
    Amount,
    Label,
    Report,
    ReportCell,
    ReportRow,
    Term,
)
from fundapp.publishing.blocks import Block, Cell, Column, Figure, Kind, Line, Note, Notes, Paper, Table, Title
from fundapp.publishing.documents.parts import basis, foot, masthead, origin, signs
from fundapp.publishing.words import Words

ACROSS = frozenset({COMMITMENTS, RECEIVABLES, TRIAL, BUDGET})
Say = Callable[[Words, Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Worded:
    """A row in words: its cells are text, figures or nothing."""

    row: ReportRow
    label: str
    cells: tuple[str | Figure | None, ...]


def title(kind: str, words: Words) -> str:
    """What a statement is called."""
    return {
        BALANCE: words.text("Statement of changes in fund balance"),
        COMPARED: words.text("Income and expenditure, with the period before"),
        BUDGET: words.text("Statement of budget against actual"),
        COMMITMENTS: words.text("Commitments outstanding"),
        RECEIVABLES: words.text("Contributions receivable, by age"),
        AVAILABLE: words.text("Cash, and what is available to commit"),
        TRIAL: words.text("Trial balance"),
    }[kind]


def span(facts: Report, words: Words) -> str:
    """The time that a statement covers, or the day on which it holds."""
    if facts.first is None:
        return words.text("As at %(date)s", date=words.date(facts.last))
    return words.text("%(first)s to %(last)s", first=words.date(facts.first), last=words.date(facts.last))


def report(facts: Report, words: Words) -> tuple[Block, ...]:
    """A statement, to be printed."""
    name, covered = title(facts.kind, words), span(facts, words)
    table = Table(
        title=name,
        unit=words.text("United States dollars"),
        columns=tuple(_columns(facts, words)),
        rows=tuple(_line(one) for one in worded(facts, words)),
        continued=words.text("%(title)s (continued)"),
    )
    paper = (Paper(across=True),) if facts.kind in ACROSS else ()
    return (
        *paper,
        masthead(facts.fund, facts.generated_at, words, basis(facts.basis, words)),
        Title(name, covered),
        table,
        Notes(tuple(_notes(facts, words))),
        foot(facts.fund, name, covered, words),
    )


def _columns(facts: Report, words: Words) -> Iterator[Column]:
    tight = len(facts.columns) > 3
    yield Column(said(facts.head, words), share=2.0 if tight else 1.0)
    for column in facts.columns:
        yield Column(said(column.head, words), figures=column.figures, tight=tight and column.figures)


def _line(one: Worded) -> Line:
    cells: list[Cell] = [one.label, *one.cells]
    return Line(cast(Kind, one.row.kind), tuple(cells), one.row.level)


def worded(facts: Report, words: Words) -> Iterator[Worded]:
    """The rows in words."""
    for row in facts.rows:
        yield Worded(row, said(row.label, words), tuple(_cell(cell, words) for cell in row.cells))


def _cell(cell: ReportCell, words: Words) -> str | Figure | None:
    if cell is None:
        return None
    if isinstance(cell, Amount):
        return Figure(cell.cents)
    return words.code(cell.isoformat()) if isinstance(cell, date) else said(cell, words)


def said(label: Label, words: Words) -> str:
    """A label in words."""
    if isinstance(label, str):
        return label
    if isinstance(label, Term):
        return TERMS[label.code](words, label.values)
    return words.name(label)


def cell_names(facts: Report, words: Words) -> dict[tuple[str, str], tuple[str, str]]:
    """Row and column -> what both are called: a row within a project or of a donor with its name before it."""
    heads = [(column.code, said(column.head, words)) for column in facts.columns]
    found, group = {}, ("", "")
    for row in facts.rows:
        label = said(row.label, words)
        group = (row.code, label) if row.kind == "group" else group
        inside = row.kind != "group" and group[0] and (row.level or row.code.startswith(f"{group[0]}/"))
        for code, head in heads:
            found[row.code, code] = (f"{group[1]}: {label}" if inside else label, head)
    return found


def notes(facts: Report, words: Words) -> list[str]:
    """What stands under a statement."""
    return [said(note, words) for note in facts.notes]


def _notes(facts: Report, words: Words) -> Iterator[Note]:
    for text in notes(facts, words):
        yield Note(text)
    yield signs(words)
    if facts.entries is not None:
        yield origin(facts.entries, facts.generated_at, words)


def _reserve(words: Words, values: Mapping[str, Any]) -> str:
    rate: Decimal = values["rate"]
    return words.text(
        "The reserve is %(rate)s per cent of the expenditure of %(year)s: %(amount)s.",
        rate=words.code(words.figure(round(rate * 10_000)).removesuffix("00").rstrip(".,")),
        year=words.code(str(values["year"])),
        amount=words.code(words.figure(values["amount"])),
    )


def _dated(words: Words, values: Mapping[str, Any]) -> str:
    whole = words.period(values["first"], values["last"])
    return words.code(whole.replace("/", " / ") if "/" in whole else whole)


def _instalment(words: Words, values: Mapping[str, Any]) -> str:
    return words.text(
        "Pledge %(pledge)s, instalment %(number)s", pledge=words.code(values["pledge"]), number=values["number"]
    )


TERMS: dict[str, Say] = {
    "line": lambda w, _: w.text("Line"),
    "amount": lambda w, _: w.text("Amount"),
    "total": lambda w, _: w.text("Total"),
    "account": lambda w, _: w.text("Account"),
    "number": lambda w, _: w.text("Number"),
    "span": _dated,
    "change": lambda w, _: w.text("Change"),
    "section.income": lambda w, _: w.text("Income"),
    "section.expenditure": lambda w, _: w.text("Expenditure"),
    "section.adjustment": lambda w, _: w.text("Adjustments"),
    "total.income": lambda w, _: w.text("Total income"),
    "total.expenditure": lambda w, _: w.text("Total expenditure"),
    "opening": lambda w, _: w.text("Balance when the period began"),
    "closing": lambda w, _: w.text("Balance when the period ends"),
    "made-of": lambda w, _: w.text("What the balance is made of"),
    "net-assets": lambda w, _: w.text("Assets less liabilities"),
    "difference": lambda w, _: w.text("Difference"),
    "trial.opening-debit": lambda w, _: w.text("Before, debit"),
    "trial.opening-credit": lambda w, _: w.text("Before, credit"),
    "trial.debits": lambda w, _: w.text("Debits"),
    "trial.credits": lambda w, _: w.text("Credits"),
    "trial.closing-debit": lambda w, _: w.text("After, debit"),
    "trial.closing-credit": lambda w, _: w.text("After, credit"),
    "project-class": lambda w, _: w.text("Project and class of expenditure"),
    "no-project": lambda w, _: w.text("Of no project"),
    "total-of-project": lambda w, _: w.text("Total of the project"),
    "budget.allotted": lambda w, _: w.text("Allotted"),
    "budget.committed": lambda w, _: w.text("Committed"),
    "budget.spent-period": lambda w, _: w.text("Spent in the period"),
    "budget.spent": lambda w, _: w.text("Spent in all"),
    "budget.left": lambda w, _: w.text("Left"),
    "budget.used": lambda w, _: w.text("Used"),
    "per-cent": lambda w, v: w.text("%(number)s per cent", number=w.code(w.count(v["number"]))),
    "note.budget": lambda w, _: w.text(
        "Allotted is what was released to a project by the end of the period. Used is what is committed or spent of it."
    ),
    "note.committed": lambda w, _: w.text(
        "Committed is what is open of approved commitments and not yet booked as expenditure."
    ),
    "commitment.project": lambda w, _: w.text("Project"),
    "commitment.class": lambda w, _: w.text("Class"),
    "commitment.payee": lambda w, _: w.text("Payee"),
    "commitment.committed": lambda w, _: w.text("Committed on"),
    "commitment.expires": lambda w, _: w.text("Expires on"),
    "commitment.raised": lambda w, _: w.text("Raised"),
    "commitment.paid": lambda w, _: w.text("Paid"),
    "commitment.cancelled": lambda w, _: w.text("Cancelled"),
    "commitment.open": lambda w, _: w.text("Outstanding"),
    "commitment.carried": lambda w, _: w.text("Of it carried over"),
    "note.outstanding": lambda w, _: w.text(
        "Raised includes later changes. What was carried over a year’s end is booked as expenditure of that year."
    ),
    "donor-pledge": lambda w, _: w.text("Donor and instalment"),
    "instalment": _instalment,
    "no-instalment": lambda w, _: w.text("Of no instalment"),
    "nobody": lambda w, _: w.text("Not attributed to a donor"),
    "total-of-donor": lambda w, _: w.text("Total of the donor"),
    "due": lambda w, _: w.text("Due on"),
    "age.current": lambda w, _: w.text("Not due yet"),
    "age.30": lambda w, _: w.text("1 to 30 days"),
    "age.90": lambda w, _: w.text("31 to 90 days"),
    "age.365": lambda w, _: w.text("91 to 365 days"),
    "age.older": lambda w, _: w.text("Over 365 days"),
    "age.none": lambda w, _: w.text("No due date"),
    "note.recognised": lambda w, _: w.text("Amounts are those at which the contributions were recognised."),
    "note.age": lambda w, _: w.text("Age is counted in days from the day an instalment was due."),
    "available.cash": lambda w, _: w.text("Cash"),
    "available.balance": lambda w, _: w.text("Fund balance"),
    "available.receivable": lambda w, _: w.text("Pledged and not paid yet"),
    "available.paid-in": lambda w, _: w.text("Paid in"),
    "available.committed": lambda w, _: w.text("Commitments outstanding"),
    "available.reserve": lambda w, _: w.text("Operating reserve, kept back"),
    "available.allotted": lambda w, _: w.text("Allotted and not committed yet"),
    "available.left": lambda w, _: w.text("Available to commit"),
    "note.available": lambda w, _: w.text(
        "Money is committed against what has been paid in alone. Cash, for information, includes what was received in "
        "advance."
    ),
    "note.reserve": _reserve,
}  # fmt: skip
