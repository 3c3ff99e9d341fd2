"""Contributions by period and donor as a document. Pure: facts and words in, blocks out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from fundapp.finance.statements import Contribution, Contributions
from fundapp.publishing.blocks import Block, Column, Figure, Line, Note, Notes, Table, Title
from fundapp.publishing.documents.parts import basis, foot, masthead, origin, recognised, signs
from fundapp.publishing.words import Words, donor


def contributions(facts: Contributions, words: Words) -> tuple[Block, ...]:
    """What each donor gave in each period since the fund was set up, to be printed."""
    title = words.text("Contributions by period and donor")
    span = words.text("Up to %(last)s", last=words.date(facts.last))
    return (
        masthead(facts.fund, facts.generated_at, words, basis(facts.basis, words)),
        Title(title, span),
        _table(facts, words, title),
        Notes(tuple(_notes(facts, words))),
        foot(facts.fund, title, span, words),
    )


def places(facts: Contributions) -> int:
    """How many decimals the column has: none where every amount is whole dollars, two where one has cents."""
    amounts = [facts.total, *(row.amount for row in facts.rows)]
    return 2 if any(amount % 100 for amount in amounts) else 0


def _table(facts: Contributions, words: Words, title: str) -> Table:
    return Table(
        title=title,
        unit=_unit(facts, words),
        columns=(Column(words.text("Donor")), Column(words.text("Contribution"), figures=True)),
        rows=tuple(_lines(facts, words)),
        continued=words.text("%(title)s (continued)"),
    )


def _unit(facts: Contributions, words: Words) -> str:
    return words.text("United States dollars") if places(facts) else words.text("Whole United States dollars")


def _lines(facts: Contributions, words: Words) -> Iterator[Line]:
    decimals = places(facts)
    for period, rows in groupby(facts.rows, key=lambda row: row.period):
        yield Line("group", (_period(period, words), None))
        for row in rows:
            yield Line("account", (donor(row, words), _figure(row.amount, decimals)), 1, _mark(row, words))
    yield Line("grand", (words.text("Total"), _figure(facts.total, decimals)))


def _figure(cents: int, decimals: int) -> Figure:
    return Figure(cents if decimals else cents // 100, decimals)


def _period(period: str, words: Words) -> str:
    return words.text("%(period)s biennium", period=period) if "-" in period else period


def _mark(row: Contribution, words: Words) -> str:
    return "" if row.donor else words.mark(0)


def _notes(facts: Contributions, words: Words) -> Iterator[Note]:
    if any(row.donor is None for row in facts.rows):
        yield Note(words.text("Income for which the books name no donor."), words.mark(0))
    if places(facts):
        yield Note(words.text("All amounts are given with two decimals because at least one is not in whole dollars."))
    yield Note(words.text("Within each period, donors are listed in the order of their names in English."))
    yield Note(recognised(facts.basis, words))
    yield signs(words)
    yield origin(facts.entries, facts.generated_at, words)
