"""The budget of a proposal as tables of its dossier: line by line, and what it comes to in three ways. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fundapp.proposals.rules.budget import MONTH, TYPED, ErpClass
from fundapp.proposals.rules.budget import Line as Costed
from fundapp.proposals.rules.content import amount, quantity
from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.proposals.rules.fields import rows_of
from fundapp.publishing.blocks import Block, Cell, Column, Figure, Heading, Line, Note, Notes, Paragraph, Table
from fundapp.publishing.documents.dossier.cover import support_label
from fundapp.publishing.documents.dossier.labels import class_name, nothing
from fundapp.publishing.documents.dossier.spoken import typed
from fundapp.publishing.words import Words

Rows = Iterable[tuple[Cell, int]]


def money(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The lines by class, then the sums by class, by year and by activity."""
    if not rows_of(facts.whole.get("budget"), "lines"):
        yield Paragraph(nothing(words))
        return
    yield from budget_lines(facts, words)
    if not facts.totals.total:
        return
    classes: Rows = ((class_name(code, words), cents) for code, cents in facts.totals.by_class.items())
    yield from sums(words.text("Budget by class"), words.text("Class"), classes, words)
    years: Rows = ((_year(year, words), cents) for year, cents in facts.totals.by_year.items())
    yield from sums(words.text("Budget by year, support costs included"), words.text("Year"), years, words)
    kinds: Rows = ((_activity(key, facts, words), cents) for key, cents in _in_order(facts.totals.by_activity))
    yield from sums(words.text("Budget by activity, support costs included"), words.text("Activity"), kinds, words)


def _in_order(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """A2 before A10; what no activity is named for comes last."""
    return sorted(found.items(), key=lambda one: (not one[0], len(one[0]), one[0]))


def _year(year: int | None, words: Words) -> str:
    return str(year) if year else words.text("No year named")


def _activity(key: str, facts: DossierFacts, words: Words) -> str:
    return words.code(key) if key else words.text("No activity named")


def sums(title: str, first: str, found: Rows, words: Words) -> Iterator[Block]:
    """Amounts under their names, and what they come to."""
    rows = [(name, cents) for name, cents in found]
    columns = (Column(first), Column(words.text("Amount"), figures=True))
    lines = [Line("account", (name, Figure(cents))) for name, cents in rows]
    total = Line("grand", (words.text("Total"), Figure(sum(cents for _, cents in rows))))
    yield Heading(title, 2)
    unit = words.text("United States dollars")
    yield Table(title, unit, columns, (*lines, total), words.text("%(title)s (continued)"))


def budget_lines(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The lines by class, with what each class comes to; nothing where there are none."""
    if rows_of(facts.whole.get("budget"), "lines"):
        yield _lines(facts, words)
        yield Notes(tuple(_notes(words)))


def _lines(facts: DossierFacts, words: Words) -> Table:
    columns = (
        Column(words.text("Line"), share=0.75),
        Column(words.text("Description"), share=2.6),
        Column(words.text("Unit"), share=1.15),
        Column(words.text("Activity and quarter"), share=1.15),
        Column(words.text("Unit cost"), figures=True, tight=True),
        Column(words.text("Quantity"), figures=True, tight=True),
        Column(words.text("Amount"), figures=True, tight=True),
    )
    title, again = words.text("Budget lines"), words.text("%(title)s (continued)")
    return Table(title, words.text("United States dollars"), columns, tuple(_by_class(facts, words)), again)


def _by_class(facts: DossierFacts, words: Words) -> Iterator[Line]:
    rows = rows_of(facts.whole.get("budget"), "lines")
    counted = {key: line for key, line in zip(facts.budget.ids, facts.budget.lines, strict=True) if _counts(line)}
    for code in TYPED:
        ours = [row for row in rows if (line := counted.get(row["id"])) and line.erp_class is code]
        if ours:
            yield Line("group", (class_name(code, words), *[None] * 6))
            for row in ours:
                yield from _line(row, counted[row["id"]], facts, words)
            label = words.text("Total, class %(number)s", number=words.code(code.value))
            yield _total("total", label, facts.totals.by_class[code])
    if left := [row for row in rows if row["id"] not in counted]:
        yield Line("group", (words.text("Lines that are not complete and are not counted"), *[None] * 6))
        for row in left:
            yield from _line(row, None, facts, words)
    yield _total("total", words.text("Direct costs"), facts.totals.direct)
    yield _total("account", support_label(facts, words), facts.totals.support)
    yield _total("grand", words.text("Amount requested"), facts.totals.total)


def _counts(line: Costed) -> bool:
    return line.cents > 0 and line.erp_class in TYPED


def _total(kind: Any, label: str, cents: int) -> Line:
    return Line(kind, (None, label, None, None, None, None, Figure(cents)))


def _line(row: Mapping[str, Any], line: Costed | None, facts: DossierFacts, words: Words) -> Iterator[Line]:
    staff = line is not None and line.erp_class is ErpClass.STAFF
    unit = words.text("month") if staff and line and line.unit == MONTH else row.get("unit")
    grade = str(row.get("grade") or "")
    where = "\n".join(words.code(str(row[name])) for name in ("activity", "quarter") if row.get(name))
    cost, many = amount(str(row.get("unit_cost", ""))), quantity(str(row.get("quantity", "")))
    yield Line(
        "account",
        (
            words.code(row["id"]),
            typed(row.get("what"), facts, words),
            f"{unit}, {words.code(grade)}" if staff and grade else typed(unit, facts, words),
            where or None,
            None if cost is None else Figure(cost),
            None if many is None else Figure(int(many.scaleb(2))),
            None if line is None else Figure(line.cents),
        ),
    )
    if reason := row.get("reason"):
        cells = (words.text("Reason"), typed(reason, facts, words), *[None] * 5)
        yield Line("memo", cells, 0)


def _notes(words: Words) -> Iterator[Note]:
    yield Note(words.text("Support costs are worked out on the direct costs at the rate of the fund."))
    yield Note(
        words.text("A line without a quarter is spread over the whole period, one without an activity is for all.")
    )
