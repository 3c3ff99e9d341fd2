"""The pages of a proposal as parts of its dossier: choices in a list, texts under their titles, tables. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fundapp.proposals.rules.content import day
from fundapp.proposals.rules.dossier import DossierFacts, Linked
from fundapp.proposals.rules.fields import COURTESY, FIELDS, QUESTIONS, Content, Field, Kind, rows_of
from fundapp.publishing.blocks import Block, Cell, Column, Heading, Line, Note, Notes, Paragraph, Table
from fundapp.publishing.documents.dossier.cover import Pair, pairs
from fundapp.publishing.documents.dossier.labels import choice, field_title, nothing, position_name
from fundapp.publishing.documents.dossier.spoken import cell, courtesy_line, own, prose, translated, typed
from fundapp.publishing.words import Words

Part = Callable[[DossierFacts, Words], Iterator[Block]]


def fields(section: str) -> Part:
    """A part that has no table: first what was chosen, then the texts."""

    def part(facts: DossierFacts, words: Words) -> Iterator[Block]:
        content = facts.whole.get(section, {})
        found = [*_listed(section, content, facts, words)]
        if found:
            yield pairs(found)
        texts = [*_texts(section, content, facts, words)]
        yield from texts
        if not (found or texts):
            yield Paragraph(nothing(words))

    return part


def _listed(section: str, content: Content, facts: DossierFacts, words: Words) -> Iterator[Pair]:
    for one in FIELDS[section]:
        value = content.get(one.name)
        if one.kind in (Kind.LINE, Kind.DAY, Kind.ONE) and value:
            yield field_title(f"{section}.{one.name}", words), _value(one, str(value), facts, words)


def _value(one: Field, value: str, facts: DossierFacts, words: Words) -> Cell:
    if one.kind is Kind.DAY:
        known = day(value)
        return words.date(known) if known else typed(value, facts, words)
    if one.source == "states":
        return words.name(facts.state) if facts.state else value
    return choice(value, words) if one.kind is Kind.ONE else typed(value, facts, words)


def _texts(section: str, content: Content, facts: DossierFacts, words: Words) -> Iterator[Block]:
    for one in FIELDS[section]:
        if one.kind is Kind.TEXT:
            yield from prose(field_title(f"{section}.{one.name}", words), content, one.name, facts, words)


def context(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """Problem and context; the title stands on the cover."""
    found = [*_texts("context", facts.whole.get("context", {}), facts, words)]
    yield from found or (Paragraph(nothing(words)),)


def targets(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The goals with the targets that the project contributes to."""
    content = facts.whole.get("goals", {})
    goals: dict[int, list[str]] = {}
    for code in content.get("targets", ()):
        number = code.partition(".")[0]
        goals.setdefault(int(number) if number.isdigit() else 0, []).append(code)
    rows = [
        (f"{words.count(number)} – {words.name(facts.goals.get(number, {}))}", words.several(map(words.code, codes)))
        for number, codes in sorted(goals.items())
    ]
    if rows:
        columns = (Column(words.text("Goal")), Column(words.text("Targets")))
        title = words.text("Goals and targets")
        yield Table(title, "", columns, tuple(Line("account", row) for row in rows), _continued(words))
    texts = [*_texts("goals", content, facts, words)]
    yield from texts
    if not (rows or texts):
        yield Paragraph(nothing(words))


def linked(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The recommendations with their text, the State's position, and why one that it only noted is among them."""
    if not facts.recommendations:
        yield Paragraph(nothing(words))
        return
    reasons = {str(row.get("number", "")): row for row in rows_of(facts.whole.get("recommendations"), "linked")}
    columns = (
        Column(words.text("Symbol and paragraph"), share=1.15),
        Column(words.text("Recommendation"), share=3.4),
        Column(words.text("Position"), share=0.9),
    )
    lines = [line for one in facts.recommendations for line in _linked(one, reasons.get(one.key, {}), facts, words)]
    yield Table(words.text("Recommendations"), "", columns, tuple(lines), _continued(words))
    if any(one.texts and words.language not in one.texts for one in facts.recommendations):
        yield Notes(
            (Note(words.text("The texts of recommendations are given in the document's language where there is one.")),)
        )


def _linked(one: Linked, row: dict[str, Any], facts: DossierFacts, words: Words) -> Iterator[Line]:
    if not one.texts:
        gone = words.text("The register does not have this recommendation any more.")
        yield Line("account", (words.code(one.key), gone, None))
    else:
        language = words.language if words.language in one.texts else "en" if "en" in one.texts else min(one.texts)
        source = "\n".join(words.code(part) for part in (one.symbol, one.paragraph) if part)
        text = cell(one.texts[language], language, words)
        yield Line("account", (source, text, position_name(one.position, words)))
    if reason := row.get("reason"):
        yield Line("account", (words.text("Reason"), cell(reason, facts.written.language, words), None))
    yield from courtesy_line(row, ("reason", None), facts, words)


def risks(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The risks with what is done against each."""
    rows = rows_of(facts.whole.get("risks"), "named")
    if not rows:
        yield Paragraph(nothing(words))
        return
    columns = (
        Column(words.text("Number"), share=1.15),
        Column(words.text("Risk"), share=2.2),
        Column(words.text("Likelihood"), share=0.85),
        Column(words.text("Impact"), share=0.85),
        Column(words.text("Measure against it"), share=2.2),
    )
    lines = [line for row in rows for line in _risk(row, facts, words)]
    yield Table(words.text("Risks"), "", columns, tuple(lines), _continued(words))


def _risk(row: dict[str, Any], facts: DossierFacts, words: Words) -> Iterator[Line]:
    language = facts.written.language
    levels = (choice(str(row.get(name) or ""), words) for name in ("likelihood", "impact"))
    text, measure = (cell(row.get(name), language, words) for name in ("text", "measure"))
    yield Line("account", (words.code(row["id"]), text, *levels, measure))
    yield from courtesy_line(row, ("text", None, None, "measure"), facts, words)


def questions(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The call's own questions, each with its answer; nothing where it asks none and none was answered."""
    content = facts.whole.get(QUESTIONS, {})
    answered = (name.removesuffix(COURTESY) for name in content)
    for code in dict.fromkeys((*facts.asked, *answered)):
        yield Heading(words.name(facts.asked.get(code, {})) or _first(facts, code), 2)
        answer, courtesy = str(content.get(code) or ""), str(content.get(code + COURTESY) or "")
        if answer.strip():
            yield Paragraph(answer, own(facts.written.language, words))
        elif not courtesy.strip():
            yield Paragraph(nothing(words))
        yield from translated(courtesy, facts, words)


def _first(facts: DossierFacts, code: str) -> str:
    return next(filter(None, facts.asked.get(code, {}).values()), code)


def _continued(words: Words) -> str:
    return words.text("%(title)s (continued)")
