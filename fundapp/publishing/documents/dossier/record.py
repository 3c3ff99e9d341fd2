"""Contacts, documents, and what was asked and answered in screening, as parts of a dossier. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.kernel.languages import NO_BREAK
from fundapp.proposals.rules.dossier import DossierFacts, Filed, Said
from fundapp.proposals.rules.fields import rows_of
from fundapp.publishing.blocks import Block, Cell, Column, Heading, Line, Paragraph, Table
from fundapp.publishing.documents.dossier.labels import nothing, section_title
from fundapp.publishing.documents.dossier.spoken import cell, own, tongue, typed
from fundapp.publishing.words import Words

KILOBYTE = 1000


def contacts(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """Whom to turn to in the office."""
    rows = rows_of(facts.whole.get("contacts"), "people")
    if not rows:
        yield Paragraph(nothing(words))
        return
    columns = (
        Column(words.text("Name"), share=1.3),
        Column(words.text("Function"), share=1.4),
        Column(words.text("E-mail"), share=1.6),
        Column(words.text("Telephone"), share=1.1),
    )
    lines = [
        Line(
            "account",
            (
                *(typed(row.get(name), facts, words) for name in ("name", "function")),
                *(cell(row.get(name), "en", words) for name in ("email", "phone")),
            ),
        )
        for row in rows
    ]
    yield Table(words.text("Contacts"), "", columns, tuple(lines), words.text("%(title)s (continued)"))


def documents(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The documents that go with the proposal: they are files of their own, known by their digests."""
    if not facts.documents:
        yield Paragraph(words.text("No documents are attached."))
        return
    columns = (
        Column(words.text("Kind"), share=1.2),
        Column(words.text("Title and file"), share=2.0),
        Column(words.text("Size"), share=0.7),
        Column(words.text("Digest (SHA-256)"), share=2.0),
    )
    lines = tuple(Line("account", tuple(_document(one, facts, words))) for one in facts.documents)
    yield Table(words.text("List of documents"), "", columns, lines, words.text("%(title)s (continued)"))


def _document(one: Filed, facts: DossierFacts, words: Words) -> Iterator[Cell]:
    yield _kind(one, words)
    yield typed("\n".join(part for part in (one.title, one.file) if part), facts, words)
    yield size(one.size, words)
    yield cell(one.digest, "en", words)


def _kind(one: Filed, words: Words) -> str:
    known = {"consent": words.text("Request or consent of the State"), "other": words.text("Other document")}
    names = one.names or {}
    return words.name(names) or next(filter(None, names.values()), "") or known.get(one.kind, one.kind)


def size(number: int, words: Words) -> str:
    """The size of a file, in kilobytes rounded up."""
    found = words.text("%(number)s kB", number=words.code(words.count(-(-number // KILOBYTE))))
    return found.replace(" ", NO_BREAK)


def exchanges(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """What the secretariat asked and the office answered; nothing where nothing was asked."""
    for number, one in enumerate(facts.exchanges, 1):
        title = words.text(
            "Question %(number)s of the secretariat, %(date)s: %(section)s",
            number=words.count(number),
            date=words.date(one.question.at.date()),
            section=section_title(one.section, words),
        )
        yield Heading(title, 2)
        yield _paragraph(one.question, facts, words)
        for answer in one.answers:
            day = words.date(answer.at.date())
            yield Heading(words.text("Answer of the office, %(date)s", date=day), 3)
            yield _paragraph(answer, facts, words)
        if not one.answers:
            yield Heading(words.text("There is no answer yet."), 3)


def _paragraph(said: Said, facts: DossierFacts, words: Words) -> Paragraph:
    return Paragraph(said.text, own(tongue(said.text, facts.written.language), words))
