"""The letter to an office about a decision: what may be shared and nothing else, in six languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from deciding import APPROVE, DECLINE, DEFER, before, condition, proposal, taken, with_conditions
from flask import Flask
from pypdf import PdfReader
from test_board_decision_pages import HERE, office_person, reference, signed
from visiting import as_a

from fundapp.board.rules.letter import Condition, LetterFacts
from fundapp.kernel.languages import LANGUAGES
from fundapp.publishing.blocks import Heading, Paragraph, Table
from fundapp.publishing.documents.decision_letter import decision_letter
from fundapp.publishing.drawing import draw
from fundapp.publishing.words import Words

FACTS = LetterFacts(
    "UPR", {"en": "Voluntary Fund"}, "2020-1", {"en": "A call"}, "2020-1-004", "Un mécanisme national", "fr",
    "Pacific office", {"en": "Fiji", "ar": "فيجي", "zh": "斐济"}, (13, date(2020, 10, 26), date(2020, 10, 27)),
    "approve-with-conditions", 50_000_00, 40_000_00, {"010": 30_000_00, "155": 10_000_00}, True,
    [Condition("Le ministère confirme.", "office", date(2027, 3, 31), True),
     Condition("Le plan est publié.", "secretariat", date(2027, 6, 30), False)],
    "Il était parmi les premiers.", date(2020, 11, 17), None, datetime(2026, 1, 2, 10, 5, tzinfo=UTC),
)  # fmt: skip


def pdf_text(file: bytes) -> str:
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_drawn_in_six_languages(language: str) -> None:
    file = draw(FACTS, language, "pdf")
    said = pdf_text(file)
    assert "2020-1-004" in said and "Un mécanisme national" in said and "Le ministère confirme." in said
    info = PdfReader(BytesIO(file))
    assert (
        len(info.pages) <= 2 and Words(language).text("Decision on the proposal") == info.metadata.title.split(":")[0]
    )  # type: ignore[union-attr]


def test_what_a_letter_says_of_each_decision() -> None:
    def said(facts: LetterFacts) -> list[str]:
        return [block.text for block in decision_letter(facts, Words("en")) if isinstance(block, Paragraph)]

    assert said(FACTS) == [
        "The proposal is approved with the conditions that stand below.",
        "No money is allotted before the conditions marked so are met.",
        "Il était parmi les premiers.",
    ]
    plain = replace(FACTS, amount=None, classes={}, conditions=(), reasons="")
    assert said(replace(plain, outcome="decline")) == ["The proposal is not approved."]
    assert said(replace(plain, outcome="approve", supersedes=date(2020, 11, 1)))[1].endswith(
        "of that of 1 November 2020."
    )
    blocks = decision_letter(replace(plain, outcome="defer"), Words("en"))
    assert [block.text for block in blocks if isinstance(block, Heading)] == ["The decision"]
    assert sum(isinstance(block, Table) for block in blocks) == 1


@pytest.mark.usefixtures("one_click")
def test_an_office_takes_its_letter_away_and_no_other(shown: Flask) -> None:
    key = before()[0]
    name, client = reference(key), signed(shown, office_person(key))
    assert client.get(f"{HERE}/{name}/letter.pdf").status_code == 404
    assert as_a(shown, "secretary").get(f"{HERE}/{name}/letter.pdf").status_code == 404
    taken(key, replace(with_conditions(condition(text="The ministry confirms.")), reasons="For the file alone."))
    answer = client.get(f"{HERE}/{name}/letter.pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert f"UPR-{name}-decision-{proposal(key).language}.pdf" in answer.headers["Content-Disposition"]
    said = pdf_text(client.get(f"{HERE}/{name}/letter.pdf?language=en").data)
    assert "The ministry confirms." in said and APPROVE.shared in said and "40 000.00" in said.replace("\xa0", " ")
    assert "For the file alone" not in said
    assert client.get(f"{HERE}/{name}/letter.pdf?language=de").status_code == 409
    for language in LANGUAGES:
        assert client.get(f"{HERE}/{name}/letter.pdf?language={language}").data.startswith(b"%PDF")
    assert as_a(shown, "reviewer").get(f"{HERE}/{name}/letter.pdf").status_code == 403
    assert as_a(shown, "trustee").get(f"{HERE}/{name}/letter.pdf").status_code == 404


@pytest.mark.usefixtures("one_click")
def test_the_letter_is_of_the_decision_that_stands(shown: Flask) -> None:
    key = before(outcome="defer")[0]
    taken(key, DEFER)
    taken(key, DECLINE)
    said = pdf_text(as_a(shown, "secretary").get(f"{HERE}/{reference(key)}/letter.pdf?language=en").data)
    assert "is not approved" in said and "takes the place of that of" in said and DEFER.shared not in said
