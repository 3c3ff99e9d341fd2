"""The matrix of recommendations by theme, as the Office of the High Commissioner prints it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fundapp.publishing.blocks import Block, Column, Line, Note, Notes, Paper, Said, Table, Title
from fundapp.publishing.documents.parts import register_foot, register_masthead, register_origin
from fundapp.publishing.words import Words
from fundapp.recommendations.matrix import MatrixFacts, MatrixGoal, MatrixRow, MatrixSection
from fundapp.recommendations.rules import Position


def matrix(facts: MatrixFacts, words: Words) -> tuple[Block, ...]:
    """The recommendations of one review of a State by theme, to be printed."""
    title, review = words.text("Matrix of recommendations"), _review(facts, words)
    return (
        Paper(across=True),
        register_masthead(facts.generated_at, words),
        Title(title, review),
        _table(facts, words, title),
        Notes(tuple(_notes(facts, words))),
        register_foot(title, review, words),
    )


def _review(facts: MatrixFacts, words: Words) -> str:
    state = words.name(facts.state)
    if facts.session is None:
        return words.text("%(state)s: universal periodic review, cycle %(cycle)s", state=state, cycle=facts.cycle)
    return words.text(
        "%(state)s: universal periodic review, cycle %(cycle)s, session %(session)s",
        state=state,
        cycle=facts.cycle,
        session=facts.session,
    )


def _table(facts: MatrixFacts, words: Words, title: str) -> Table:
    return Table(
        title=title,
        unit=_counts(facts, words),
        columns=(
            Column(words.text("Recommendation and recommending State"), share=4.3),
            Column(words.text("Position"), share=1.15),
            Column(words.text("Other themes and groups of persons"), share=2.5),
            Column(words.text("Sustainable Development Goals"), share=2.2),
        ),
        rows=tuple(line for section in facts.sections for line in _section(section, words)),
        continued=words.text("%(title)s (continued)"),
    )


def _counts(facts: MatrixFacts, words: Words) -> str:
    """How many there are, by position."""
    found = Counter(row.position for row in facts.rows)
    return words.ntext(
        "%(number)s recommendation: supported %(supported)s, noted %(noted)s, pending %(pending)s",
        "%(number)s recommendations: supported %(supported)s, noted %(noted)s, pending %(pending)s",
        len(facts.rows),
        supported=words.count(found[Position.SUPPORTED]),
        noted=words.count(found[Position.NOTED]),
        pending=words.count(found[Position.PENDING]),
    )


def _section(section: MatrixSection, words: Words) -> Iterator[Line]:
    yield Line("group", (_head(section, words), None, None, None))
    for row in section.rows:
        yield Line(
            "account", (_said(row, words), _position(row, words), _labels(row, section, words), _goals(row, words))
        )


def _head(section: MatrixSection, words: Words) -> str:
    if section.theme is None:
        return words.text("Other themes")
    return words.text("Theme: %(theme)s", theme=words.name(section.theme.names))


def _said(row: MatrixRow, words: Words) -> str | Said:
    """Paragraph, text and recommending States: one sentence, so the States are named in the language of the text."""
    named = [names.get(row.language) or words.name(names) for names in row.states]
    states = [f"（{name}）" if row.language == "zh" else f"({name})" for name in named]
    text = " ".join(part for part in (row.paragraph, row.text, *states) if part)
    return text if row.language == words.language else Said(text, row.language)


def _position(row: MatrixRow, words: Words) -> str:
    return {
        Position.SUPPORTED: words.text("Supported"),
        Position.NOTED: words.text("Noted"),
        Position.PENDING: words.text("Pending"),
        None: words.text("Not known"),
    }[row.position]


def _labels(row: MatrixRow, section: MatrixSection, words: Words) -> str:
    """The themes but the one it stands under, and the groups of persons, each on its line."""
    own = section.theme.code if section.theme else None
    lines = [words.name(theme.names) for theme in row.themes if not (own and theme.code == own)]
    if row.persons:
        lines += [words.text("Groups of persons:"), *(words.name(names) for names in row.persons)]
    return "\n".join(lines)


def _goals(row: MatrixRow, words: Words) -> str:
    return "\n".join(line for goal in row.goals for line in _goal(goal, words))


def _goal(goal: MatrixGoal, words: Words) -> Iterator[str]:
    yield f"{goal.number} – {words.name(goal.names)}"
    if goal.targets:
        yield words.text("Targets: %(targets)s", targets=words.several(map(words.code, goal.targets)))


def _notes(facts: MatrixFacts, words: Words) -> Iterator[Note]:
    yield Note(
        words.text("Each recommendation is given once, under the first of its themes; the others stand beside it.")
    )
    if any(row.language != words.language for row in facts.rows):
        yield Note(words.text("The texts of recommendations are given in the language of their source."))
    if unknown := sum(row.position is None for row in facts.rows):
        yield Note(
            words.ntext(
                "The position on %(number)s recommendation is not known.",
                "The position on %(number)s recommendations is not known.",
                unknown,
            )
        )
    if facts.sources:
        yield Note(words.text("Source: %(sources)s", sources=words.several(map(words.code, facts.sources))))
    yield register_origin(facts.generated_at, words)
