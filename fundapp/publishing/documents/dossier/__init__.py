"""The dossier of a proposal: all that it says, in one document that can be scored without writing back. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.publishing.blocks import Block, Foot, Heading, Masthead, PageBreak
from fundapp.publishing.documents.dossier.cover import cover, standing, summary
from fundapp.publishing.documents.dossier.labels import section_title
from fundapp.publishing.documents.dossier.money import money
from fundapp.publishing.documents.dossier.plan import activities, results
from fundapp.publishing.documents.dossier.record import contacts, documents, exchanges
from fundapp.publishing.documents.dossier.sections import context, fields, linked, questions, risks, targets
from fundapp.publishing.words import Words

PARTS = {
    "country": fields("country"),
    "consent": fields("consent"),
    "context": context,
    "recommendations": linked,
    "results": results,
    "activities": activities,
    "national-systems": fields("national-systems"),
    "goals": targets,
    "gender": fields("gender"),
    "inclusion": fields("inclusion"),
    "risks": risks,
    "sustainability": fields("sustainability"),
    "other-funding": fields("other-funding"),
    "monitoring": fields("monitoring"),
    "questions": questions,
    "budget": money,
    "contacts": contacts,
    "documents": documents,
    "exchanges": exchanges,
}


def dossier(facts: DossierFacts, words: Words) -> tuple[Block, ...]:
    """The whole dossier of a proposal, to be printed."""
    return tuple(_blocks(facts, words))


def _blocks(facts: DossierFacts, words: Words) -> Iterator[Block]:
    drawn = words.text("Drawn on %(date)s", date=words.date(facts.generated_at.date()))
    yield Masthead(words.name(facts.fund, facts.fund_code), facts.fund_code, (drawn,), facts.generated_at)
    yield from cover(facts, words)
    yield from summary(facts, words)
    yield PageBreak()
    for name, part in PARTS.items():
        if found := tuple(part(facts, words)):
            yield Heading(section_title(name, words))
            yield from found
    line = f"{facts.fund_code} · {words.code(facts.reference)} · {standing(facts, words)}"
    yield Foot(line, words.text("Page %(page)s of %(pages)s"))
