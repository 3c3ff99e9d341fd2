"""The statement of income and expenditure as a document. Pure: facts and words in, blocks out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from fundapp.finance.statements import IncomeExpenditure, Row
from fundapp.publishing.blocks import Block, Column, Figure, Kind, Line, Note, Notes, Table, Title
from fundapp.publishing.documents.parts import basis, foot, masthead, origin, recognised, signs
from fundapp.publishing.words import Words


def income_expenditure(facts: IncomeExpenditure, words: Words) -> tuple[Block, ...]:
    """The statement of income, expenditure and fund balance of a period, to be printed."""
    title = words.text("Statement of income and expenditure")
    span = words.text("%(first)s to %(last)s", first=words.date(facts.first), last=words.date(facts.last))
    return (
        masthead(facts.fund, facts.generated_at, words, basis(facts.basis, words)),
        Title(title, span),
        _table(facts, words, title),
        Notes(tuple(_notes(facts, words))),
        foot(facts.fund, title, span, words),
    )


def _table(facts: IncomeExpenditure, words: Words, title: str) -> Table:
    return Table(
        title=title,
        unit=words.text("United States dollars"),
        columns=(Column(words.text("Line")), Column(_head(facts, words), figures=True)),
        rows=tuple(_lines(facts, words)),
        continued=words.text("%(title)s (continued)"),
    )


def _head(facts: IncomeExpenditure, words: Words) -> str:
    whole = words.period(facts.first, facts.last)
    return words.text("Amount") if "/" in whole else whole


def _lines(facts: IncomeExpenditure, words: Words) -> Iterator[Line]:
    groups = _groups(words)
    for row in facts.rows:
        if row.section in groups:
            yield Line("group", (groups.pop(row.section), None))
        yield _line(row, words)


def _groups(words: Words) -> dict[str, str]:
    """The heads over the first line of a section."""
    return {
        "income": words.text("Income"),
        "expenditure": words.text("Expenditure"),
        "adjustment": words.text("Fund balance"),
    }


def _line(row: Row, words: Words) -> Line:
    amount = None if row.amount is None else Figure(row.amount)
    mark = words.mark(0) if row.kind == "memo" else ""
    return Line(cast(Kind, row.kind), (words.name(row.labels, row.line), amount), row.level, mark)


def _notes(facts: IncomeExpenditure, words: Words) -> Iterator[Note]:
    if any(row.kind == "memo" for row in facts.rows):
        yield Note(words.text("For information only: not deducted from the fund balance."), words.mark(0))
    yield Note(recognised(facts.basis, words))
    yield signs(words)
    yield origin(facts.entries, facts.generated_at, words)
