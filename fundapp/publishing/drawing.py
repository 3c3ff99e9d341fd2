"""Which format draws what: one way in for pages and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fundapp.finance.statements import IncomeExpenditure
from fundapp.publishing import pdf, xlsx
from fundapp.publishing.blocks import Block
from fundapp.publishing.documents.contributions import contributions
from fundapp.publishing.documents.income_expenditure import income_expenditure
from fundapp.publishing.plain import Facts, as_csv, as_json, as_text
from fundapp.publishing.words import Words


@dataclass(frozen=True, slots=True)
class Format:
    """A format of file: what browsers call it, and how it is drawn."""

    mimetype: str
    draw: Callable[[Facts, Words], bytes]


def _blocks(facts: Facts, words: Words) -> tuple[Block, ...]:
    if isinstance(facts, IncomeExpenditure):
        return income_expenditure(facts, words)
    return contributions(facts, words)


FORMATS = {
    "text": Format("text/plain; charset=utf-8", lambda facts, words: as_text(facts, words).encode()),
    # With the mark by which spreadsheets know UTF-8 only where a person downloads it: see publishing.views
    "csv": Format("text/csv; charset=utf-8", lambda facts, words: as_csv(facts, words).encode()),
    "json": Format("application/json", lambda facts, words: as_json(facts, words).encode()),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda facts, words: xlsx.render(_blocks(facts, words), words.language),
    ),
    "pdf": Format("application/pdf", lambda facts, words: pdf.render(_blocks(facts, words), words.language)),
}


def draw(facts: Facts, language: str, kind: str) -> bytes:
    """A statement as a file in one language; kind is a key of FORMATS."""
    return FORMATS[kind].draw(facts, Words(language))
