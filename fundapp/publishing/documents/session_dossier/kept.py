"""What the Board saw, with the digests by which it is known again, on paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.board.rules.dossier import Kept, SessionDossier
from fundapp.publishing.blocks import Block, Cell, Column, Heading, Line, Note, Notes, PageBreak, Table
from fundapp.publishing.documents.dossier.spoken import cell
from fundapp.publishing.words import Words


def kept(facts: SessionDossier, words: Words) -> Iterator[Block]:
    """What was kept when the session was opened, and of each proposal that came later; nothing before that."""
    if not facts.kept:
        return
    yield PageBreak()
    yield Heading(words.text("What the Board saw"))
    columns = (
        Column(words.text("Of what"), share=1.2),
        Column(words.text("Kept at"), share=1.3),
        Column(words.text("Digest (SHA-256)"), share=2.6),
        Column(words.text("Check"), share=0.8),
    )
    lines = tuple(Line("account", tuple(_cells(one, words))) for one in facts.kept)
    yield Table(words.text("What the Board saw"), "", columns, lines, words.text("%(title)s (continued)"))
    yield Notes(
        (
            Note(
                words.text(
                    "Of each proposal its version, scores and budget are kept, and the fund’s financial situation, as "
                    "they were shown to the Board. The check says whether the digest is that of what is kept."
                )
            ),
        )
    )


def _cells(one: Kept, words: Words) -> Iterator[Cell]:
    yield words.code(one.reference) if one.reference else words.text("Financial situation")
    yield words.text("%(date)s at %(time)s UTC", date=words.date(one.at.date()), time=words.time(one.at))
    yield cell(one.digest, "en", words)
    yield words.text("Right") if one.right else words.text("Wrong")
