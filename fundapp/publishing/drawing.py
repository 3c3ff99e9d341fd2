"""Which format draws what: one way in for pages and the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from fundapp.board.rules.letter import LetterFacts
from fundapp.finance.statements import Contributions, IncomeExpenditure
from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.publishing import docx, pdf, plain, xlsx
from fundapp.publishing.blocks import Block
from fundapp.publishing.documents.contributions import contributions
from fundapp.publishing.documents.decision_letter import decision_letter
from fundapp.publishing.documents.dossier import dossier
from fundapp.publishing.documents.income_expenditure import income_expenditure
from fundapp.publishing.documents.infographic import infographic
from fundapp.publishing.documents.recommendation_matrix import matrix
from fundapp.publishing.plain import as_csv, as_json, as_text
from fundapp.publishing.words import Words
from fundapp.recommendations.matrix import MatrixFacts, TrendFacts

Register = MatrixFacts | TrendFacts
Facts = plain.Facts | Register | DossierFacts | LetterFacts
Drawn = TypeVar("Drawn")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Format(Generic[Drawn]):
    """A format of file: what browsers call it, and how it is drawn."""

    mimetype: str
    draw: Callable[[Drawn, Words], bytes]


def _blocks(facts: Facts, words: Words) -> tuple[Block, ...]:
    if isinstance(facts, IncomeExpenditure):
        return income_expenditure(facts, words)
    if isinstance(facts, DossierFacts):
        return dossier(facts, words)
    if isinstance(facts, LetterFacts):
        return decision_letter(facts, words)
    if isinstance(facts, Contributions):
        return contributions(facts, words)
    return matrix(facts, words) if isinstance(facts, MatrixFacts) else infographic(facts, words)


def _pdf(facts: Facts, words: Words) -> bytes:
    return pdf.render(_blocks(facts, words), words.language)


def _docx(facts: Facts, words: Words) -> bytes:
    return docx.render(_blocks(facts, words), words.language)


# What a statement is drawn as
FORMATS: dict[str, Format[plain.Facts]] = {
    "text": Format("text/plain; charset=utf-8", lambda facts, words: as_text(facts, words).encode()),
    # With the mark by which spreadsheets know UTF-8 only where a person downloads it: see publishing.views
    "csv": Format("text/csv; charset=utf-8", lambda facts, words: as_csv(facts, words).encode()),
    "json": Format("application/json", lambda facts, words: as_json(facts, words).encode()),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda facts, words: xlsx.render(_blocks(facts, words), words.language),
    ),
    "pdf": Format("application/pdf", _pdf),
}
# What the documents of the register of recommendations are drawn as
REGISTER_FORMATS: dict[str, Format[Register]] = {
    "pdf": Format("application/pdf", _pdf),
    "docx": Format(WORD, _docx),
}

# And the dossier of a proposal
DOSSIER_FORMATS: dict[str, Format[DossierFacts]] = {
    "pdf": Format("application/pdf", _pdf),
    "docx": Format(WORD, _docx),
}

# And the letter about a decision
LETTER_FORMATS: dict[str, Format[LetterFacts]] = {"pdf": Format("application/pdf", _pdf)}


def draw(facts: Facts, language: str, kind: str) -> bytes:
    """A document as a file in one language; kind is a key of FORMATS, REGISTER_FORMATS or DOSSIER_FORMATS."""
    if isinstance(facts, DossierFacts):
        return DOSSIER_FORMATS[kind].draw(facts, Words(language))
    if isinstance(facts, LetterFacts):
        return LETTER_FORMATS[kind].draw(facts, Words(language))
    if isinstance(facts, MatrixFacts | TrendFacts):
        return REGISTER_FORMATS[kind].draw(facts, Words(language))
    return FORMATS[kind].draw(facts, Words(language))
