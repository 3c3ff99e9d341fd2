"""The dossier of one proposal, beside the same text drawn on a bare canvas: as many strings, in the same fonts, shaped
for their script, in lines that fit; without tables, headings that stay with what follows, or an outline."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from bench.measure import Measure, in_turns, ms
from fundapp.kernel.languages import LANGUAGES, direction
from fundapp.proposals.rules.content import budget
from fundapp.proposals.rules.dossier import DossierFacts, Edition, Filed, Linked, Written
from fundapp.proposals.rules.fields import FIELDS, Kind
from fundapp.publishing import pdf
from fundapp.publishing.blocks import Block, Figure, Heading, Line, Notes, Paragraph, Said, Table, Title
from fundapp.publishing.documents.dossier import dossier
from fundapp.publishing.fonts import Script, face
from fundapp.publishing.shaping import visual
from fundapp.publishing.typesetting import Typesetter
from fundapp.publishing.words import Words
from fundapp.recommendations.rules import Position

TARGET = 2.0
SIDE, FOOT, SIZE, LEADING = 62.0, 66.0, 10.0, 14.0
RATE = Decimal("0.13")
SENTENCES = {
    "en": "The ministry reports late, and no national mechanism follows the recommendations of the review in {n}.",
    "ar": "تتأخر الوزارة في تقديم التقارير، ولا توجد آلية وطنية تتابع توصيات الاستعراض في عام {n}.",
}
WORDS = 400  # of a text: what the pages of a proposal allow


def measure(rounds: int) -> Iterator[Measure]:
    """In English, and in Arabic, whose letters are joined and turned line by line."""
    for language in SENTENCES:
        yield _beside(language, rounds)


def _beside(language: str, rounds: int) -> Measure:
    blocks = dossier(_facts(language), Words(language))
    setter = Typesetter(language)
    strings = [string for block in blocks for string in strings_of(block, setter)]
    ours, other = partial(pdf.render, blocks, language), partial(bare, strings, language)
    sheets = [len(PdfReader(BytesIO(draw())).pages) for draw in (ours, other)]
    times = in_turns(ours, other, rounds=rounds)
    ratio = statistics.median(one / other for one, other in zip(*times, strict=True))
    mine, theirs = (statistics.median(found) for found in times)
    told = f"bare canvas {ms(theirs)}, {sheets[1]} pages"
    return Measure(f"dossier in {language}, {sheets[0]} pages", ms(mine), told, ratio, TARGET)


def bare(strings: Sequence[str], language: str) -> bytes:
    """Each string in lines that fit, one line under the other. Latin letters in Arabic are drawn in their own font, as
    the dossier has to."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1)
    script: Script = "arabic" if language == "ar" else "latin"
    name, way, y = face(script, "regular").name, direction(language), A4[1] - FOOT
    canvas.setFont(name, SIZE)
    for string in strings:
        for line in simpleSplit(string, name, SIZE, A4[0] - 2 * SIDE):
            if y < FOOT:
                canvas.showPage()
                canvas.setFont(name, SIZE)
                y = A4[1] - FOOT
            drawn = visual(line, way)
            if way == "rtl":
                canvas.drawRightString(A4[0] - SIDE, y, drawn)
            else:
                canvas.drawString(SIDE, y, drawn)
            y -= LEADING
    canvas.save()
    return file.getvalue()


def strings_of(block: Block, setter: Typesetter) -> Iterator[str]:
    """Every text of a block, as it is printed."""
    if isinstance(block, Title):
        yield from (block.text, block.sub)
    elif isinstance(block, Heading):
        yield block.text
    elif isinstance(block, Paragraph):
        yield from block.text.splitlines()
    elif isinstance(block, Notes):
        yield from (note.text for note in block.items)
    elif isinstance(block, Table):
        yield from (column.title for column in block.columns)
        for line in block.rows:
            yield from _cells(line, setter)


def _cells(line: Line, setter: Typesetter) -> Iterator[str]:
    for cell in line.cells:
        if isinstance(cell, Figure):
            yield setter.figure(cell)
        elif cell is not None:
            yield from (cell.text if isinstance(cell, Said) else cell).split("\n")


def _facts(language: str) -> DossierFacts:
    """A proposal that says as much as its pages allow: texts of four hundred words, 40 lines, 12 indicators."""
    whole = _whole(language)
    names = {code: f"Name {code}" for code in LANGUAGES}
    linked = tuple(
        Linked(str(n), {language: _text(language, 40)}, "A/HRC/47/19", f"140.{n}", Position.SUPPORTED) for n in range(8)
    )
    at = datetime(2027, 3, 9, 10, 5, tzinfo=UTC)
    return DossierFacts(
        "UPR", names, "2027-1", names, "2027-1-001", "Office", Written(whole, language, "", Edition(1, "ab" * 32, at)),
        at, RATE, budget(whole, RATE), state=names, areas=(names,), recommendations=linked,
        documents=tuple(Filed("other", None, f"Title {n}", f"file-{n}.pdf", "cd" * 32, 9_000) for n in range(5)),
    )  # fmt: skip


def _whole(language: str) -> dict[str, dict[str, Any]]:
    short, long = _text(language, 25), _text(language, WORDS)
    whole: dict[str, dict[str, Any]] = {
        name: {one.name: long for one in fields if one.kind is Kind.TEXT} for name, fields in FIELDS.items()
    }
    whole["context"]["title"] = short
    whole["results"] = {
        "outcomes": [{"id": f"C{n}", "text": short} for n in (1, 2)],
        "outputs": [{"id": f"P{n}", "text": short, "outcome": f"C{1 + n % 2}"} for n in range(1, 5)],
        "indicators": [
            {"id": f"I{n}", "text": short, "of": f"P{1 + n % 4}", "baseline": "0", "target": "40", "means": short}
            for n in range(1, 13)
        ],
    }
    whole["activities"] = {
        "starts": "2027-Q1", "ends": "2028-Q4",
        "planned": [
            {"id": f"A{n}", "text": short, "output": "P1", "quarters": ["2027-Q1", "2028-Q2"]} for n in range(1, 11)
        ],
    }  # fmt: skip
    whole["risks"]["named"] = [
        {"id": f"R{n}", "text": short, "likelihood": "low", "impact": "high", "measure": short} for n in range(1, 7)
    ]
    whole["budget"]["lines"] = [
        {"id": f"B{n}", "class": ("120", "125", "160")[n % 3], "what": short, "unit": "day", "unit_cost": "100.00",
         "quantity": "12", "activity": f"A{1 + n % 10}"}
        for n in range(1, 41)
    ]  # fmt: skip
    return whole


def _text(language: str, words: int) -> str:
    """So many words, no sentence twice."""
    sentence = SENTENCES[language]
    many = -(-words // len(sentence.split()))
    return " ".join(sentence.format(n=2000 + n) for n in range(many))
