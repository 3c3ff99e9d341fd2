"""A statement that was prepared to be certified, as a document out of its snapshot. Pure: facts and words in, blocks
out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fundapp.finance.rules.certifying import Certified, Signed
from fundapp.finance.rules.reports import Report
from fundapp.finance.statements import IncomeExpenditure
from fundapp.publishing.blocks import Block, Foot, Masthead, Note, Notes
from fundapp.publishing.documents.contributions import contributions
from fundapp.publishing.documents.income_expenditure import income_expenditure
from fundapp.publishing.documents.reports import report
from fundapp.publishing.words import Words


def certificate(found: Certified, words: Words) -> tuple[Block, ...]:
    """The statement with its standing at its head, and who prepared, looked through and certified it at its end."""
    return tuple(_blocks(_plain(found, words), found, words))


def _plain(found: Certified, words: Words) -> tuple[Block, ...]:
    facts = found.facts
    if isinstance(facts, Report):
        return report(facts, words)
    return income_expenditure(facts, words) if isinstance(facts, IncomeExpenditure) else contributions(facts, words)


def _blocks(plain: tuple[Block, ...], found: Certified, words: Words) -> Iterator[Block]:
    for block in plain:
        if isinstance(block, Masthead):
            drawn, _, *particulars = block.particulars
            yield replace(block, particulars=(drawn, standing(found, words), *particulars))
        elif isinstance(block, Notes):
            yield replace(block, items=(*block.items, *_signed(found, words)), signed=True)
        elif isinstance(block, Foot) and found.number:
            yield replace(block, text=f"{block.text} · {words.code(found.number)}")
        else:
            yield block


def standing(found: Certified, words: Words) -> str:
    """What the head says of it."""
    if found.certified is None:
        return words.text("Not certified")
    return words.text(
        "Certified statement %(number)s, %(date)s", number=words.code(found.number),
        date=words.date(found.certified.at.date()),
    )  # fmt: skip


def _signed(found: Certified, words: Words) -> Iterator[Note]:
    steps: tuple[tuple[str, Signed | None], ...] = (
        (words.text("Prepared by %(name)s on %(date)s."), found.prepared),
        (words.text("Reviewed by %(name)s on %(date)s."), found.reviewed),
        (words.text("Certified by %(name)s on %(date)s."), found.certified),
    )
    for sentence, one in steps:
        if one is not None:
            yield Note(sentence % {"name": words.kept(one.name), "date": words.date(one.at.date())})
    digest = words.text("Digest of the statement as kept (SHA-256): %(digest)s", digest=words.code(found.digest))
    yield Note(digest)
