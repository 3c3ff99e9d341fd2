"""A proposal in two pages for a trustee: what it is, what it costs, how it was scored, and what it says as far as there
is room; and after them its results, activities, risks and budget. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.board.rules.dossier import Brief
from fundapp.board.rules.seen import Share
from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.proposals.rules.fields import COURTESY
from fundapp.publishing.blocks import Abridged, Block, Cell, Heading, Note, Notes, Passage, Title
from fundapp.publishing.documents.dossier.cover import (
    Pair,
    pairs,
    period_line,
    recommendations_line,
    support_label,
    title_of,
)
from fundapp.publishing.documents.dossier.labels import (
    class_name,
    dollars,
    field_title,
    language_name,
    section_title,
    status_name,
)
from fundapp.publishing.documents.dossier.money import budget_lines, sums
from fundapp.publishing.documents.dossier.plan import activities, results
from fundapp.publishing.documents.dossier.sections import risks
from fundapp.publishing.documents.dossier.spoken import cell, own
from fundapp.publishing.documents.session_dossier.scores import own_scores
from fundapp.publishing.words import Words

SHEETS = 2
TEXTS = (
    ("context", "problem"),
    ("context", "context"),
    ("national-systems", "strengthening"),
    ("goals", "alignment"),
    ("gender", "analysis"),
    ("inclusion", "left-behind"),
    ("sustainability", "afterwards"),
)
PLAN = {"results": results, "activities": activities, "risks": risks, "budget": budget_lines}


def brief(one: Brief, words: Words) -> Iterator[Block]:
    """The two pages."""
    facts = one.facts
    said, language = said_in(facts, "context", "title", title_of(facts), words)
    yield Title(heading(facts, words), said or words.text("Without a title"), "", language if said else "")
    yield pairs(main_facts(one, words))
    if one.placed.seen.scores:
        yield Heading(words.text("Scores"), 2)
        yield own_scores(one.placed.seen.scores, words)
    if facts.totals.direct:
        classes = [(class_name(code, words), cents) for code, cents in facts.totals.by_class.items() if cents]
        yield from sums(words.text("Budget by class"), words.text("Class"), classes, words)
    passages = tuple(passages_of(facts, words))
    if passages:
        yield Abridged(passages, SHEETS)


def heading(facts: DossierFacts, words: Words) -> str:
    """Which proposal it is, in a line."""
    state = words.name(facts.state) if facts.state else ""
    return f"{words.code(facts.reference)} {state}".strip()


def said_in(facts: DossierFacts, section: str, name: str, text: str, words: Words) -> tuple[str, str]:
    """A text in the document's language where there is a translation into it, or as it was written; and in which."""
    written = facts.written
    courtesy = str(facts.whole.get(section, {}).get(name + COURTESY) or "")
    if written.language != words.language and written.courtesy == words.language and courtesy.strip():
        return courtesy, ""
    return text, own(written.language, words)


def main_facts(one: Brief, words: Words) -> Iterator[Pair]:
    """What a trustee has to know first."""
    facts, seen = one.facts, one.placed.seen
    yield words.text("Office"), cell(facts.office, "en", words)
    if facts.statuses:
        statuses = (status_name(code, words) for code in facts.statuses)
        yield words.text("Situation of the State"), words.several(statuses)
    yield words.text("Focus areas"), "\n".join(map(words.name, facts.areas)) or words.text("None chosen")
    yield words.text("Recommendations"), recommendations_line(facts, words)
    marker = str(facts.whole.get("gender", {}).get("marker") or "")
    yield words.text("Gender marker"), words.code(marker) or words.text("Not given")
    yield words.text("Period of the activities"), period_line(facts, words)
    yield words.text("Amount requested"), dollars(facts.totals.total, words)
    yield support_label(facts, words), dollars(facts.totals.support, words)
    if seen.share:
        yield words.text("In the scenario carried to the Board"), _share(seen.share, words)
    if one.placed.rank is not None:
        yield words.text("Rank"), words.count(one.placed.rank)
    yield words.text("Language of the texts"), _languages(facts, words)


def _share(share: Share, words: Words) -> Cell:
    return dollars(share.cents, words) if share.step else words.text("Left out")


def _languages(facts: DossierFacts, words: Words) -> str:
    written = language_name(facts.written.language, words)
    if facts.written.courtesy and facts.written.courtesy == words.language:
        courtesy = language_name(facts.written.courtesy, words)
        return words.text("%(written)s; courtesy translation: %(language)s", written=written, language=courtesy)
    return written


def passages_of(facts: DossierFacts, words: Words) -> Iterator[Passage]:
    """The texts that a brief gives, each in the document's language where it is there."""
    for section, name in TEXTS:
        found = str(facts.whole.get(section, {}).get(name) or "")
        text, language = said_in(facts, section, name, found, words)
        if text.strip():
            yield Passage(field_title(f"{section}.{name}", words), text, language)


def plan(one: Brief, words: Words) -> Iterator[Block]:
    """The tables of the proposal: results, activities, risks and budget, under its name."""
    yield Heading(words.text("%(proposal)s: plan and budget", proposal=heading(one.facts, words)), 2)
    yield Notes((Note(words.text("Texts that end in an ellipsis before this page are whole in the proposal’s own "
                                 "dossier.")),))  # fmt: skip
    for name, part in PLAN.items():
        if found := tuple(part(one.facts, words)):
            yield Heading(section_title(name, words), 2)
            yield from found
