"""Which format draws what: one way in for pages and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fundapp.board.rules.dossier import SessionDossier
from fundapp.board.rules.letter import LetterFacts
from fundapp.finance.rules.donor_letters import DonorAccount, ReceiptFacts, ReminderFacts, ThanksFacts
from fundapp.finance.statements import Contributions, IncomeExpenditure
from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.publishing import docx, pdf, plain, xlsx
from fundapp.publishing.blocks import Block
from fundapp.publishing.documents.contributions import contributions
from fundapp.publishing.documents.decision_letter import decision_letter
from fundapp.publishing.documents.donor_letters import donor_statement, receipt, reminder, thanks
from fundapp.publishing.documents.dossier import dossier
from fundapp.publishing.documents.income_expenditure import income_expenditure
from fundapp.publishing.documents.infographic import infographic
from fundapp.publishing.documents.minutes import MinutesPrinted, minutes
from fundapp.publishing.documents.recommendation_matrix import matrix
from fundapp.publishing.documents.session_dossier import session_dossier
from fundapp.publishing.plain import as_csv, as_json, as_text
from fundapp.publishing.words import Words
from fundapp.recommendations.matrix import MatrixFacts, TrendFacts

Register = MatrixFacts | TrendFacts
ToDonor = ReminderFacts | ReceiptFacts | ThanksFacts | DonorAccount
Facts = plain.Facts | Register | ToDonor | DossierFacts | MinutesPrinted | SessionDossier | LetterFacts
Drawn = TypeVar("Drawn")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What is drawn by which document
DOCUMENTS: Mapping[type[Any], Callable[[Any, Words], tuple[Block, ...]]] = {
    IncomeExpenditure: income_expenditure,
    Contributions: contributions,
    MatrixFacts: matrix,
    TrendFacts: infographic,
    DossierFacts: dossier,
    SessionDossier: session_dossier,
    MinutesPrinted: minutes,
    LetterFacts: decision_letter,
    ReminderFacts: reminder,
    ReceiptFacts: receipt,
    ThanksFacts: thanks,
    DonorAccount: donor_statement,
}


@dataclass(frozen=True)
class Format(Generic[Drawn]):
    """A format of file: what browsers call it, and how it is drawn."""

    mimetype: str
    draw: Callable[[Drawn, Words], bytes]


def _blocks(facts: Facts, words: Words) -> tuple[Block, ...]:
    return DOCUMENTS[type(facts)](facts, words)


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
# What everything else is: documents of the register, dossiers of proposals, minutes
PRINTED: dict[str, Format[Any]] = {"pdf": Format("application/pdf", _pdf), "docx": Format(WORD, _docx)}
REGISTER_FORMATS: dict[str, Format[Register]] = PRINTED
DOSSIER_FORMATS: dict[str, Format[DossierFacts]] = PRINTED
MINUTES_FORMATS: dict[str, Format[MinutesPrinted]] = PRINTED
# What is laid out for paper alone: the dossier of a session, and the letter about a decision
SESSION_FORMATS: dict[str, Format[SessionDossier]] = {"pdf": PRINTED["pdf"]}
LETTER_FORMATS: dict[str, Format[LetterFacts]] = {"pdf": PRINTED["pdf"]}


def draw(facts: Facts, language: str, kind: str) -> bytes:
    """A document as a file in one language; kind is a key of the formats of such facts."""
    words = Words(language)
    if isinstance(facts, IncomeExpenditure | Contributions):
        return FORMATS[kind].draw(facts, words)
    return PRINTED[kind].draw(facts, words)
