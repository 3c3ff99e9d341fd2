"""Recommendations by theme, this cycle beside an earlier one: a chart and its figures. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.kernel.languages import NO_BREAK
from fundapp.publishing.blocks import (
    BarRow,
    Bars,
    Block,
    Cell,
    Column,
    Figure,
    Line,
    Note,
    Notes,
    PageBreak,
    Table,
    Title,
)
from fundapp.publishing.documents.parts import register_foot, register_masthead, register_origin, signs
from fundapp.publishing.words import Words
from fundapp.recommendations.matrix import Tally, TrendFacts, TrendRow

TOGETHER = 9  # themes whose chart and table fit one page


def infographic(facts: TrendFacts, words: Words) -> tuple[Block, ...]:
    """How many recommendations a State supported and noted by theme, to be printed."""
    title, span = words.text("Recommendations by theme"), _span(facts, words)
    apart = (PageBreak(),) if len(facts.rows) > TOGETHER else ()
    return (
        register_masthead(facts.generated_at, words),
        Title(title, span),
        bars(facts, words),
        *apart,
        _table(facts, words, title),
        Notes(tuple(_notes(facts, words))),
        register_foot(title, span, words),
    )


def bars(facts: TrendFacts, words: Words) -> Bars:
    """The chart alone, for a page."""
    parts = [words.text("Supported"), words.text("Noted")]
    pending = any(row.now.pending or row.before.pending for row in facts.rows)
    return Bars(
        title=words.text("Supported and noted recommendations by theme"),
        description=_description(facts, words),
        unit=words.text("Number of recommendations"),
        bars=tuple(_cycle(cycle, words) for cycle in _cycles(facts)),
        parts=(*parts, words.text("Pending")) if pending else tuple(parts),
        rows=tuple(BarRow(_name(row, words), tuple(_parts(row, facts, pending))) for row in facts.rows),
        continued=words.text("%(title)s (continued)"),
    )


def _cycles(facts: TrendFacts) -> tuple[int, ...]:
    return (facts.cycle,) if facts.before is None else (facts.cycle, facts.before)


def _cycle(cycle: int, words: Words) -> str:
    return words.text("Cycle %(cycle)s", cycle=cycle)


def _parts(row: TrendRow, facts: TrendFacts, pending: bool) -> Iterator[tuple[int, ...]]:
    for tally in (row.now,) if facts.before is None else (row.now, row.before):
        yield tuple(tally) if pending else (tally.supported, tally.noted)


def _span(facts: TrendFacts, words: Words) -> str:
    state = words.name(facts.state)
    if facts.before is None:
        return words.text("%(state)s: universal periodic review, cycle %(cycle)s", state=state, cycle=facts.cycle)
    return words.text(
        "%(state)s: universal periodic review, cycle %(cycle)s beside cycle %(before)s",
        state=state,
        cycle=facts.cycle,
        before=facts.before,
    )


def _description(facts: TrendFacts, words: Words) -> str:
    """What the chart shows, in the figures of the whole."""
    totals = [(facts.cycle, facts.total_now)]
    totals += [] if facts.before is None else [(facts.before, facts.total_before)]
    return " ".join(
        words.text(
            "Cycle %(cycle)s: supported %(supported)s, noted %(noted)s.",
            cycle=cycle,
            supported=words.count(tally.supported),
            noted=words.count(tally.noted),
        )
        for cycle, tally in totals
    )


def _name(row: TrendRow, words: Words) -> str:
    return words.name(row.names) if row.names else words.text("Other themes")


def _table(facts: TrendFacts, words: Words, title: str) -> Table:
    total = TrendRow(None, facts.total_now, facts.total_before)
    rows = [Line("account", _cells(_name(row, words), row, facts)) for row in facts.rows]
    return Table(
        title=title,
        unit=words.text("Number of recommendations"),
        columns=tuple(_columns(facts, words)),
        rows=(*rows, Line("grand", _cells(words.text("All recommendations"), total, facts), mark=words.mark(0))),
        continued=words.text("%(title)s (continued)"),
    )


def _columns(facts: TrendFacts, words: Words) -> Iterator[Column]:
    yield Column(words.text("Theme"))
    for cycle in _cycles(facts):
        for part in (words.text("Supported"), words.text("Noted"), words.text("Total")):
            yield Column(f"{_cycle(cycle, words).replace(' ', NO_BREAK)}\n{part}", figures=True, tight=True)
    if facts.before is not None:
        yield Column(words.text("Change"), figures=True, tight=True)


def _cells(name: str, row: TrendRow, facts: TrendFacts) -> tuple[Cell, ...]:
    now = _figures(row.now)
    if facts.before is None:
        return (name, *now)
    return (name, *now, *_figures(row.before), Figure(row.now.total - row.before.total, 0))


def _figures(tally: Tally) -> tuple[Figure, ...]:
    return Figure(tally.supported, 0), Figure(tally.noted, 0), Figure(tally.total, 0)


def _notes(facts: TrendFacts, words: Words) -> Iterator[Note]:
    counted = words.text(
        "A recommendation with several themes is counted under each of them, and once among all recommendations."
    )
    yield Note(counted, words.mark(0))
    if facts.total_now.pending or facts.total_before.pending:
        yield Note(words.text("Totals include recommendations on which the position of the State is pending."))
    if facts.before is not None:
        yield Note(words.text("Change: the total of this cycle less that of the cycle before."))
    yield signs(words)
    yield register_origin(facts.generated_at, words)
