"""What minutes say of a proposal: who took no part, how the Board came to its advice, what was decided. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.board.rules.minutes import Advised, Apart, Before, Condition, Decided
from fundapp.publishing.blocks import Block, Cell, Heading, Paragraph
from fundapp.publishing.documents.dossier.cover import Pair, pairs
from fundapp.publishing.documents.dossier.labels import dollars
from fundapp.publishing.documents.dossier.spoken import cell, own, tongue
from fundapp.publishing.documents.minutes_words import advice, decision, interest, owner, vote
from fundapp.publishing.words import Words


def proposal_said(one: Before, words: Words) -> Iterator[Block]:
    """A proposal under its item."""
    state = words.name(one.state) if one.state else ""
    yield Heading(" · ".join(filter(None, (words.code(one.reference), state))), 2)
    if one.withheld:
        yield Paragraph(one.title, own(one.language, words))
        yield Paragraph(words.text("What was said of it is not open to whoever reads this."))
        return
    yield pairs(_facts(one, words))


def _facts(one: Before, words: Words) -> Iterator[Pair]:
    yield words.text("Title"), cell(one.title, one.language, words)
    yield words.text("Amount requested"), dollars(one.asked, words)
    if one.again:
        yield words.text("Before the Board"), words.text("again, after it was deferred")
    if one.recused:
        yield words.text("Took no part"), "\n".join(_apart(who, words) for who in one.recused)
    if one.advice is None:
        yield words.text("Advice"), words.text("No advice is recorded.")
    else:
        yield from _advice(one.advice, words)
    if one.decision:
        yield from _decision(one.decision, words)


def _apart(who: Apart, words: Words) -> str:
    kind = interest(who.kind, words)
    return f"{who.name} ({kind})" if kind else who.name


def _advice(one: Advised, words: Words) -> Iterator[Pair]:
    yield words.text("Advice"), advice(one.outcome, one.way, words)
    if one.taking_part:
        taking = words.ntext("%(number)s trustee", "%(number)s trustees", one.taking_part)
        yield words.text("Taking part"), taking
    if one.way == "vote":
        yield words.text("Votes"), _votes(one, words)
    if one.amount is not None:
        yield words.text("Amount advised"), dollars(one.amount, words)
    if one.reasons:
        yield words.text("Reasons"), spoken(one.reasons, words)
    if one.conditions:
        yield words.text("Conditions advised"), spoken(one.conditions, words)


def _votes(one: Advised, words: Words) -> str:
    counts = words.text(
        "in favour %(number)s, against %(against)s, abstaining %(abstaining)s",
        number=words.count(one.in_favour),
        against=words.count(one.against),
        abstaining=words.count(one.abstained),
    )
    lines = [counts]
    for choice in ("for", "against", "abstain"):
        if names := [voted.name for voted in one.votes if voted.choice == choice and voted.counts]:
            lines.append(f"{vote(choice, words)}: {words.several(names)}")
    if names := [voted.name for voted in one.votes if not voted.counts]:
        said = words.text("Voted, then counted no more for an interest")
        lines.append(f"{said}: {words.several(names)}")
    return "\n".join(lines)


def _decision(one: Decided, words: Words) -> Iterator[Pair]:
    day = words.date(one.on)
    yield words.text("Decision"), f"{decision(one.outcome, words)} · {day}"
    if one.amount is not None:
        yield words.text("Amount approved"), dollars(one.amount, words)
    for condition in one.conditions:
        yield words.text("Condition"), spoken(condition.text, words)
        yield "", _due(condition, words)
    if one.reasons:
        yield words.text("Reasons of the decision"), spoken(one.reasons, words)
    if one.against_advice:
        yield words.text("Why against the advice"), spoken(one.against_advice, words)


def _due(one: Condition, words: Words) -> str:
    """Who sees to a condition, and until when."""
    due = words.text("until %(date)s", date=words.date(one.due_on))
    more = [owner(one.owner, words), due]
    if one.before_allotment:
        more.append(words.text("before the allotment"))
    return " · ".join(more)


def spoken(text: str, words: Words) -> Cell:
    """Words of people, in whichever language their letters are of."""
    lines = "\n".join(line for line in text.splitlines() if line.strip())
    return cell(lines, tongue(lines, words.language), words)
