"""The dossier of a session of the Board: all that a trustee needs for it, in one document to be read away from the
program. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.board.rules.dossier import SessionDossier
from fundapp.publishing.blocks import Block, Contents, Foot, Masthead, PageBreak
from fundapp.publishing.documents.session_dossier.brief import brief, plan
from fundapp.publishing.documents.session_dossier.front import agenda, cover, people, title, unopened
from fundapp.publishing.documents.session_dossier.kept import kept
from fundapp.publishing.documents.session_dossier.money import scenario, situation
from fundapp.publishing.documents.session_dossier.scores import ranking
from fundapp.publishing.words import Words

CONTENTS = Contents()


def session_dossier(facts: SessionDossier, words: Words) -> tuple[Block, ...]:
    """The whole dossier of a session, to be printed."""
    return tuple(_blocks(facts, words))


def _blocks(facts: SessionDossier, words: Words) -> Iterator[Block]:
    session = facts.session
    drawn = words.text("Drawn on %(date)s", date=words.date(facts.generated_at.date()))
    yield Masthead(words.name(session.fund, session.fund_code), session.fund_code, (drawn,), facts.generated_at)
    yield from cover(facts, words)
    yield CONTENTS
    yield PageBreak()
    yield from agenda(facts, words)
    yield from people(facts, words)
    yield from unopened(facts, words)
    for found in facts.rankings:
        yield from ranking(found, words)
    for one in facts.scenarios:
        yield from scenario(one, words)
    yield from situation(facts, words)
    for proposal in facts.briefs:
        yield PageBreak()
        yield from brief(proposal, words)
        yield PageBreak()
        yield from plan(proposal, words)
    yield from kept(facts, words)
    yield Foot(f"{session.fund_code} · {title(facts, words)}", words.text("Page %(page)s of %(pages)s"))
