"""The dossier of a session of the Board: thirty proposals as PDF, beside the same texts drawn on a bare canvas, as the
dossier of one proposal is; whether it takes as long by the page for ten; and the memory of a program that only draws.

`python -m bench.board LANGUAGE` draws it once and says how much memory that held at most, in MB.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from bench.dossier import SENTENCES, TARGET, bare, strings_of
from bench.measure import Measure, in_turns, ms
from fundapp.board.rules.dossier import Attending, Brief, Chosen, Item, Kept, OfSession, RankingFacts, SessionDossier
from fundapp.board.rules.dossier import ScenarioFacts as Carried
from fundapp.board.rules.seen import Given, Placed, Scores, SeenProposal, Share, placed
from fundapp.board.rules.situation import Situation
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.rules.content import budget
from fundapp.proposals.rules.dossier import DossierFacts, Edition, Linked, Written
from fundapp.proposals.rules.fields import FIELDS, Kind
from fundapp.publishing import pdf
from fundapp.publishing.blocks import Abridged, Block, Contents, Heading, Spreads, Title
from fundapp.publishing.documents.session_dossier import session_dossier
from fundapp.publishing.layout import Layout
from fundapp.publishing.paper import Ink
from fundapp.publishing.typesetting import Typesetter
from fundapp.publishing.words import Words
from fundapp.recommendations.rules import Position

MANY, FEW = 30, 10
LINEAR = 1.2  # how much longer a page of thirty proposals may take than one of ten
MEMORY = 150.0  # MB
AT, RATE = datetime(2027, 3, 9, 10, 5, tzinfo=UTC), Decimal("0.13")
CHINESE = "该部报告迟交，没有国家机制跟踪{n}年审议建议的落实情况。"
NAMES = {code: f"Name {code}" for code in LANGUAGES}


def measure(rounds: int) -> Iterator[Measure]:
    """Time beside a bare canvas in English and Arabic, then by the page, then memory in three languages."""
    for language in SENTENCES:
        yield _beside(language, rounds)
    yield _linear(rounds)
    for language in (*SENTENCES, "zh"):
        yield _memory(language)


def _beside(language: str, rounds: int) -> Measure:
    blocks = _blocks(language, MANY)
    strings = [*_strings(blocks, language), *_abridged(blocks, language)]
    ours, other = partial(pdf.render, blocks, language), partial(bare, strings, language)
    sheets = [len(PdfReader(BytesIO(draw())).pages) for draw in (ours, other)]
    times = in_turns(ours, other, rounds=rounds, warm=1)
    ratio = statistics.median(one / two for one, two in zip(*times, strict=True))
    mine, theirs = (statistics.median(found) for found in times)
    told = f"bare canvas {ms(theirs)}, {sheets[1]} pages"
    return Measure(f"session dossier in {language}, {sheets[0]} pages", ms(mine), told, ratio, TARGET)


def _linear(rounds: int) -> Measure:
    jobs = [partial(pdf.render, _blocks("en", many), "en") for many in (MANY, FEW)]
    sheets = [len(PdfReader(BytesIO(job())).pages) for job in jobs]
    times = in_turns(*jobs, rounds=rounds, warm=1)
    each = [statistics.median(found) / number for found, number in zip(times, sheets, strict=True)]
    name = f"session dossier, a page of {sheets[0]}"
    return Measure(name, ms(each[0]), f"a page of {sheets[1]}: {ms(each[1])}", each[0] / each[1], LINEAR)


def _memory(language: str) -> Measure:
    words = [sys.executable, "-m", "bench.board", language]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=True)
    most, size = map(float, done.stdout.split())
    return Measure(f"memory to draw it in {language}", f"{most:,.0f} MB", f"a file of {size:,.1f} MB", most, MEMORY)


def _strings(blocks: Sequence[Block], language: str) -> Iterator[str]:
    """Every text of the dossier but those that are abridged, as it is printed."""
    listed = [block.text for block in blocks if isinstance(block, Title | Heading) and _is_listed(block)]
    setter = Typesetter(language)
    for block in blocks:
        if isinstance(block, Contents):
            yield from (text for place, title in enumerate(listed[1:]) for text in (title, str(place)))
        elif isinstance(block, Spreads):
            yield from (text for row in block.rows for text in (row.label, str(row.middle)))
        elif isinstance(block, Abridged):
            yield from (passage.title for passage in block.passages)
        else:
            yield from strings_of(block, setter)


def _is_listed(block: Title | Heading) -> bool:
    return isinstance(block, Title) or block.level == 1


def _abridged(blocks: Sequence[Block], language: str) -> Iterator[str]:
    """What of the texts there was room for, a string for each page."""
    layout = Layout(Typesetter(language))
    for sheet in layout.lay(blocks):
        if found := [mark.text for mark in sheet.marks if isinstance(mark, Ink) and mark.style == layout.plain]:
            yield " ".join(found)


# ------------------------------------------------------------------------------------------------- what is drawn


def _blocks(language: str, many: int) -> tuple[Block, ...]:
    return session_dossier(facts(language, many), Words(language))


def facts(language: str, many: int) -> SessionDossier:
    """A session with so many proposals before it, each of which fills its pages."""
    briefs = [_facts(language, number) for number in range(1, many + 1)]
    seen = {one.facts.reference: one for one in map(_placed, briefs, range(1, many + 1))}
    rows = tuple(placed(one.placed.seen for one in seen.values()))
    places = {one.seen.reference: one for one in rows}
    session = OfSession("UPR", NAMES, NAMES, 25, date(2027, 4, 1), date(2027, 4, 2), "online", "", "", "open", 3, None,
                        "UTC")  # fmt: skip
    chosen = tuple(_chosen(one.facts, language) for one in seen.values())
    return SessionDossier(
        session, AT, True, tuple(Item(n, "policy", NAMES) for n in range(1, 9)),
        tuple(Attending(f"Name {n}", "trustee", "", None) for n in range(5)),
        (RankingFacts("2027-1", NAMES, rows[0].seen.scores.criteria if rows[0].seen.scores else (), rows,
                      {"FJI": NAMES}),),
        (Carried("Even", "2027-1", 200_000_000, chosen, True),),
        tuple(Brief(one.facts, places[reference]) for reference, one in seen.items()), (),
        Situation(date(2027, 3, 9), 100, 200, 50, 0, 10, Decimal("0.15"), 2026, 900, date(2027, 3, 1)),
        tuple(Kept(n, f"2027-1-{n:03}", AT, "ab" * 32, True) for n in range(1, many + 1)),
    )  # fmt: skip


def _placed(one: DossierFacts, number: int) -> Brief:
    criteria = tuple(
        Given(f"c{place}", NAMES, 20, 0, 4, (1, 2, 3), Decimal("2.00"), True) for place in range(5)
    )  # fmt: skip
    total = Decimal(9_000 - 100 * number).scaleb(-2)
    scores = Scores(total, (total - 5, total, total + 5), Decimal("5.00"), 3, False, False, criteria)
    seen = SeenProposal(
        one.reference, "2027-1", "Title", "en", "FJI", "Office", 1, "ab" * 32, AT.date(), one.totals.total,
        one.totals.support, {}, scores, Share("Even", 100, one.totals.total),
    )  # fmt: skip
    return Brief(one, Placed(number, seen))


def _chosen(one: DossierFacts, language: str) -> Chosen:
    return Chosen(one.reference, _words(language, 9), language, NAMES, one.totals.total, Share("Even", 100, 1_000_000))


def _facts(language: str, number: int) -> DossierFacts:
    whole = _whole(language)
    linked = tuple(Linked(str(n), {}, "A/HRC/47/19", f"140.{n}", Position.SUPPORTED) for n in range(8))
    return DossierFacts(
        "UPR", NAMES, "2027-1", NAMES, f"2027-1-{number:03}", "Office",
        Written(whole, language, "", Edition(1, "ab" * 32, AT)), AT, RATE, budget(whole, RATE), state=NAMES,
        areas=(NAMES,), recommendations=linked,
    )  # fmt: skip


def _whole(language: str) -> dict[str, dict[str, Any]]:
    short, long = _words(language, 9), _text(language, 300)
    whole: dict[str, dict[str, Any]] = {
        name: {one.name: long for one in fields if one.kind is Kind.TEXT} for name, fields in FIELDS.items()
    }
    whole["context"]["title"] = short
    whole["results"] = {
        "outcomes": [{"id": "C1", "text": short}],
        "outputs": [{"id": f"P{n}", "text": short, "outcome": "C1"} for n in (1, 2)],
        "indicators": [
            {"id": f"I{n}", "text": short, "of": f"P{1 + n % 2}", "baseline": "0", "target": "40", "means": short}
            for n in range(1, 4)
        ],
    }
    whole["activities"] = {
        "starts": "2027-Q1", "ends": "2027-Q4",
        "planned": [{"id": f"A{n}", "text": short, "output": "P1", "quarters": ["2027-Q1"]} for n in range(1, 6)],
    }  # fmt: skip
    whole["risks"]["named"] = [
        {"id": f"R{n}", "text": short, "likelihood": "low", "impact": "high", "measure": short} for n in range(1, 3)
    ]
    whole["budget"]["lines"] = [
        {"id": f"B{n}", "class": ("120", "125", "160")[n % 3], "what": short, "unit": "day", "unit_cost": "100.00",
         "quantity": "12", "activity": f"A{1 + n % 4}"}
        for n in range(1, 10)
    ]  # fmt: skip
    return whole


def _text(language: str, words: int) -> str:
    """So many words, no sentence twice; a Chinese word is two characters."""
    sentence = SENTENCES.get(language, CHINESE)
    long = len(sentence.split()) if language in SENTENCES else len(sentence) // 2
    return " ".join(sentence.format(n=2000 + n) for n in range(-(-words // long)))


def _words(language: str, words: int) -> str:
    """The beginning of a sentence."""
    text = _text(language, words)
    return text[: 2 * words] if language == "zh" else " ".join(text.split()[:words])


def peak() -> float:
    """The most memory that this program has held, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    drawn = pdf.render(_blocks(sys.argv[1], MANY), sys.argv[1])
    print(f"{peak()} {len(drawn) / 1e6}")
