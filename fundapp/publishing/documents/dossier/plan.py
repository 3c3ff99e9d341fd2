"""Results and activities of a proposal as tables of its dossier. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fundapp.proposals.rules.budget import Quarter, quarter_of
from fundapp.proposals.rules.content import period
from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.proposals.rules.fields import rows_of
from fundapp.publishing.blocks import Block, Cell, Column, Heading, Line, Note, Notes, Paragraph, Table
from fundapp.publishing.documents.dossier.labels import nothing
from fundapp.publishing.documents.dossier.spoken import cell, courtesy_line, typed
from fundapp.publishing.words import Words

Row = Mapping[str, Any]
TOGETHER = 8  # quarters whose columns have room beside each other
TAKES_PLACE = "×"


def results(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """Outcomes, under each its indicators and outputs, under each output its indicators."""
    content = facts.whole.get("results")
    lines = tuple(_results(content or {}, facts, words))
    if not lines:
        yield Paragraph(nothing(words))
        return
    columns = (
        Column(words.text("Level"), share=1.3),
        Column(words.text("Result or indicator"), share=2.5),
        Column(words.text("Baseline"), share=0.95),
        Column(words.text("Target"), share=0.95),
        Column(words.text("Target by sex"), share=1.1),
        Column(words.text("Means of verification"), share=1.95),
    )
    yield Table(words.text("Results framework"), "", columns, lines, words.text("%(title)s (continued)"))


def _results(content: Row, facts: DossierFacts, words: Words) -> Iterator[Line]:
    outcomes, outputs, indicators = (rows_of(content, name) for name in ("outcomes", "outputs", "indicators"))
    known, reached = {row["id"] for row in (*outcomes, *outputs)}, {row["id"] for row in outcomes}
    for outcome in outcomes:
        yield from _result(words.text("Outcome %(number)s", number=words.code(outcome["id"])), outcome, facts, words)
        yield from _indicators(outcome["id"], indicators, facts, words)
        for output in outputs:
            if output.get("outcome") == outcome["id"]:
                yield from _output(output, indicators, facts, words)
    for output in outputs:
        if output.get("outcome") not in reached:
            yield from _output(output, indicators, facts, words)
    for row in indicators:
        if row.get("of") not in known:
            yield from _indicator(row, facts, words)


def _result(label: str, row: Row, facts: DossierFacts, words: Words) -> Iterator[Line]:
    text = cell(row.get("text"), facts.written.language, words)
    yield Line("header", (label, text, None, None, None, None))
    yield from courtesy_line(row, ("text", None, None, None, None), facts, words)


def _output(row: Row, indicators: list[dict[str, Any]], facts: DossierFacts, words: Words) -> Iterator[Line]:
    yield from _result(words.text("Output %(number)s", number=words.code(row["id"])), row, facts, words)
    yield from _indicators(row["id"], indicators, facts, words)


def _indicators(of: str, rows: list[dict[str, Any]], facts: DossierFacts, words: Words) -> Iterator[Line]:
    for row in rows:
        if row.get("of") == of:
            yield from _indicator(row, facts, words)


def _indicator(row: Row, facts: DossierFacts, words: Words) -> Iterator[Line]:
    label = words.text("Indicator %(number)s", number=words.code(row["id"]))
    baseline, target, means = (typed(row.get(name), facts, words) for name in ("baseline", "target", "means"))
    text = cell(row.get("text"), facts.written.language, words)
    yield Line("account", (label, text, baseline, target, _by_sex(row, words), means))
    yield from courtesy_line(row, ("text", None, None, None, None), facts, words)


def _by_sex(row: Row, words: Words) -> Cell:
    lines = [
        sentence
        for name, sentence in (
            ("women", words.text("Women: %(number)s", number=row.get("women"))),
            ("men", words.text("Men: %(number)s", number=row.get("men"))),
        )
        if row.get(name)
    ]
    return "\n".join(lines) or None


def activities(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The activities, and for each the quarters in which it takes place, two years beside each other."""
    rows = rows_of(facts.whole.get("activities"), "planned")
    if not rows:
        yield Paragraph(nothing(words))
        return
    columns = (
        Column(words.text("Number"), share=1.15),
        Column(words.text("Activity"), share=4.2),
        Column(words.text("Output"), share=0.8),
        Column(words.text("Gender marker"), share=0.8),
    )
    lines = tuple(line for row in rows for line in _activity(row, facts, words))
    again = words.text("%(title)s (continued)")
    yield Table(words.text("Activities"), "", columns, lines, again)
    quarters = _quarters(facts, rows)
    if quarters:
        yield Heading(words.text("Calendar of activities"), 2)
    for start in range(0, len(quarters), TOGETHER):
        yield _calendar(quarters[start : start + TOGETHER], rows, words)
    if quarters:
        sentence = words.text("%(sign)s marks a quarter in which the activity takes place.", sign=TAKES_PLACE)
        yield Notes((Note(sentence),))


def _activity(row: Row, facts: DossierFacts, words: Words) -> Iterator[Line]:
    output, marker = (words.code(str(row.get(name) or "")) for name in ("output", "marker"))
    yield Line("account", (words.code(row["id"]), cell(row.get("text"), facts.written.language, words), output, marker))
    yield from courtesy_line(row, ("text", None, None), facts, words)


def _quarters(facts: DossierFacts, rows: list[dict[str, Any]]) -> list[Quarter]:
    """The quarters of the proposal, and those beyond that an activity names."""
    named = (quarter_of(str(text)) for row in rows for text in row.get("quarters", ()))
    return sorted({*period(facts.whole.get("activities")), *filter(None, named)})


def _calendar(quarters: list[Quarter], rows: list[dict[str, Any]], words: Words) -> Table:
    """A column for each quarter; how wide they are does not hang on how many there are."""
    names = [words.text("Q%(number)s", number=quarter.number) for quarter in quarters]
    years = [f"{quarter.year}\n{name}" for quarter, name in zip(quarters, names, strict=True)]
    rest = Column(words.text("Number"), share=1.0 + TOGETHER - len(quarters))
    lines = []
    for row in rows:
        held = {quarter_of(str(text)) for text in row.get("quarters", ())}
        marks = (TAKES_PLACE if quarter in held else None for quarter in quarters)
        lines.append(Line("account", (words.code(row["id"]), *marks)))
    title = words.text("Calendar of activities")
    columns = (rest, *(Column(year) for year in years))
    return Table(title, "", columns, tuple(lines), words.text("%(title)s (continued)"))
