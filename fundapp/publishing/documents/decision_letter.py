"""The letter to an office about the decision on its proposal. Pure: facts and words in, blocks out."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.board.rules.letter import LetterFacts
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.rules.budget import ErpClass
from fundapp.publishing.blocks import (
    Block,
    Cell,
    Column,
    Figure,
    Foot,
    Heading,
    Line,
    Masthead,
    Note,
    Notes,
    Paragraph,
    Said,
    Table,
    Title,
)
from fundapp.publishing.documents.dossier.cover import pairs
from fundapp.publishing.documents.dossier.labels import class_name, dollars
from fundapp.publishing.words import Words


def decision_letter(facts: LetterFacts, words: Words) -> tuple[Block, ...]:
    """What the office is told: the decision, the amount, the conditions and the reasons that may be shared."""
    return tuple(_blocks(facts, words))


def _blocks(facts: LetterFacts, words: Words) -> Iterator[Block]:
    day = words.text("Decided on %(date)s", date=words.date(facts.decided_on))
    yield Masthead(words.name(facts.fund, facts.fund_code), facts.fund_code, (day,), facts.generated_at)
    yield Title(words.text("Decision on the proposal"), words.code(facts.reference))
    yield pairs(_about(facts, words))
    yield Heading(words.text("The decision"))
    for sentence in _sentences(facts, words):
        yield Paragraph(sentence)
    if facts.reasons:
        yield Heading(words.text("Reasons"), 2)
        yield Paragraph(facts.reasons, _other(facts, words))
    if facts.amount:
        yield from _classes(facts, words)
    if facts.conditions:
        yield from _conditions(facts, words)
    yield Notes(tuple(_notes(facts, words)))
    line = f"{facts.fund_code} · {words.code(facts.reference)} · {words.text('Decision on the proposal')}"
    yield Foot(line, words.text("Page %(page)s of %(pages)s"))


def _other(facts: LetterFacts, words: Words) -> str:
    """The language of the office's texts and of those to it, where it is not the letter's."""
    return facts.language if facts.language != words.language and facts.language in LANGUAGES else ""


def _spoken(text: str, language: str) -> Cell:
    return Said(text, language) if language else text


def _about(facts: LetterFacts, words: Words) -> Iterator[tuple[str, Cell]]:
    yield words.text("Office"), Said(facts.office, "en") if words.language != "en" else facts.office
    if facts.state:
        yield words.text("State"), words.name(facts.state)
    yield words.text("Proposal"), _spoken(facts.title, _other(facts, words))
    call = words.name(facts.call) or next(filter(None, facts.call.values()), "")
    yield words.text("Call"), f"{words.code(facts.call_code)} {call}".strip()
    number, since, until = facts.session
    days = words.date(since) if since == until else f"{words.date(since)} – {words.date(until)}"
    yield words.text("Session"), f"{words.code(str(number))} · {days}"
    yield words.text("Amount requested"), dollars(facts.asked, words)
    if facts.amount:
        yield words.text("Amount approved"), dollars(facts.amount, words)


def _sentences(facts: LetterFacts, words: Words) -> Iterator[str]:
    said = {
        "approve": words.text("The proposal is approved."),
        "approve-with-conditions": words.text("The proposal is approved with the conditions that stand below."),
        "defer": words.text(
            "The decision on the proposal is deferred. The proposal stays eligible and can come before a later session."
        ),
        "decline": words.text("The proposal is not approved."),
    }
    yield said.get(facts.outcome, facts.outcome)
    if facts.supersedes:
        yield words.text("This decision takes the place of that of %(date)s.", date=words.date(facts.supersedes))
    if any(one.before_allotment for one in facts.conditions):
        yield words.text("No money is allotted before the conditions marked so are met.")


def _classes(facts: LetterFacts, words: Words) -> Iterator[Block]:
    known = {one.value: one for one in ErpClass}
    rows = [
        Line("account", (class_name(known[code], words), Figure(cents)))
        for code, cents in sorted(facts.classes.items())
        if code in known
    ]
    total = Line("grand", (words.text("Total"), Figure(facts.amount or 0)))
    columns = (Column(words.text("Class")), Column(words.text("Amount"), figures=True))
    title = words.text("Approved by class of expenditure")
    yield Heading(title, 2)
    yield Table(
        title, words.text("United States dollars"), columns, (*rows, total), words.text("%(title)s (continued)")
    )  # fmt: skip


def _conditions(facts: LetterFacts, words: Words) -> Iterator[Block]:
    owners = {"office": words.text("The office"), "secretariat": words.text("The secretariat")}
    money = {True: words.text("Before money is allotted"), False: None}
    title, language = words.text("Conditions"), _other(facts, words)
    columns = (
        Column(words.text("No."), share=0.35),
        Column(words.text("Condition"), share=2.6),
        Column(words.text("Who sees to it"), share=1.0),
        Column(words.text("To be met by"), share=1.1),
        Column(words.text("Money"), share=1.1),
    )
    rows = tuple(
        Line(
            "account",
            (
                words.count(number), _spoken(one.text, language), owners.get(one.owner, one.owner),
                words.date(one.due_on), money[one.before_allotment],
            ),
        )
        for number, one in enumerate(facts.conditions, 1)
    )  # fmt: skip
    yield Heading(title, 2)
    yield Table(title, "", columns, rows, words.text("%(title)s (continued)"))


def _notes(facts: LetterFacts, words: Words) -> Iterator[Note]:
    if facts.amount and facts.shared_out and facts.amount != facts.asked:
        yield Note(words.text("The amount is shared out over the classes in proportion to the budget of the proposal."))
    if _other(facts, words) and (facts.reasons or facts.conditions):
        yield Note(words.text("Reasons and conditions are given in the language in which they were written."))
    moment = facts.generated_at
    yield Note(
        words.text(
            "Drawn on %(date)s at %(time)s UTC from the records of the fund.",
            date=words.date(moment.date()),
            time=words.time(moment),
        )
    )
