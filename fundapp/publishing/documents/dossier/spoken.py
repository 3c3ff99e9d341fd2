"""Texts of a proposal in the language that they were written in, each with the translation beside it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.proposals.rules.fields import COURTESY
from fundapp.publishing.blocks import Block, Cell, Heading, Line, Paragraph, Said
from fundapp.publishing.documents.dossier.labels import language_name
from fundapp.publishing.words import Words

LATIN = ("en", "fr", "es", "ru")
CHINESE = ("CJK UNIFIED", "CJK COMPAT")


def tongue(text: str, otherwise: str) -> str:
    """The language that a text of unknown language is set in: that of its letters, where most of them are Arabic or
    Chinese, else the one given, where that is written in other letters."""
    letters = [letter for letter in text[:400] if letter.isalpha()]
    arabic = sum(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in letters)
    chinese = sum(unicodedata.name(letter, "").startswith(CHINESE) for letter in letters)
    if 2 * arabic > len(letters):
        return "ar"
    if 3 * chinese > len(letters):
        return "zh"
    return otherwise if otherwise in LATIN or not letters else "en"


def own(language: str, words: Words) -> str:
    """The language of a text as blocks have it: none where it is the document's."""
    return "" if language == words.language else language


def cell(text: object, language: str, words: Words) -> Cell:
    """A text in a cell, in its language."""
    said = str(text or "")
    if not said:
        return None
    return Said(said, language) if own(language, words) else said


def typed(text: object, facts: DossierFacts, words: Words) -> Cell:
    """A cell of what the office typed: words in the proposal's language or figures."""
    said = str(text or "")
    return cell(said, tongue(said, facts.written.language), words)


def translation(facts: DossierFacts, words: Words) -> str:
    """What stands over a translation: that it is for courtesy, and its language."""
    return words.text("Courtesy translation: %(language)s", language=language_name(facts.written.courtesy, words))


def prose(title: str, content: Mapping[str, Any], name: str, facts: DossierFacts, words: Words) -> Iterator[Block]:
    """A text under its title, and the translation after it; nothing where neither is written."""
    text, courtesy = str(content.get(name) or ""), str(content.get(name + COURTESY) or "")
    if not (text.strip() or courtesy.strip()):
        return
    if title:
        yield Heading(title, 2)
    if text.strip():
        yield Paragraph(text, own(facts.written.language, words))
    yield from translated(courtesy, facts, words)


def translated(courtesy: str, facts: DossierFacts, words: Words) -> Iterator[Block]:
    """A translation, marked as one."""
    if courtesy.strip():
        yield Heading(translation(facts, words), 3)
        yield Paragraph(courtesy, own(facts.written.courtesy or facts.written.language, words))


def courtesy_line(
    row: Mapping[str, Any], names: Iterable[str | None], facts: DossierFacts, words: Words
) -> Iterator[Line]:
    """The translations of a row's texts as a line under it: first what it is, then under each text its own. names: the
    fields of the columns after the first; None where a column has no text."""
    found = [str(row.get(f"{name}{COURTESY}") or "") if name else "" for name in names]
    if any(text.strip() for text in found):
        language = facts.written.courtesy or facts.written.language
        cells = (cell(text, language, words) for text in found)
        yield Line("memo", (words.text("Courtesy translation"), *cells))
