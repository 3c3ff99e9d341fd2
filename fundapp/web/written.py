"""What the demonstration's proposals say, put together from invented parts in six languages; and their letters."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fundapp.proposals.rules.fields import COURTESY, FIELDS, QUESTIONS, fields_of, kept

Pages = dict[str, dict[str, Any]]
QUESTION = "lasting"  # what both calls ask beside the pages
# Text -> focus area, targets, gender marker
ABOUT = {
    "mechanism": ("national-mechanisms", ("16.6", "16.10"), "2"),
    "plan": ("implementation-plans", ("16.6", "17.18"), "1"),
    "detention": ("key-recommendations", ("16.3", "16.a"), "2"),
    "violence": ("key-recommendations", ("5.2", "16.1"), "3"),
    "disability": ("key-recommendations", ("4.5", "4.a"), "2"),
    "KHM": ("implementation-plans", ("1.4", "16.6"), "2"),
    "NGA": ("key-recommendations", ("16.3", "16.6"), "1"),
    "PER": ("implementation-plans", ("16.7", "10.2"), "2"),
    "MDA": ("national-mechanisms", ("16.6", "17.18"), "2"),
    "SRB": ("implementation-plans", ("5.c", "16.7", "17.18"), "2"),
    "URY": ("national-mechanisms", ("16.6", "16.a"), "2"),
}


@dataclass(frozen=True, slots=True)
class Linked:
    """A recommendation that a proposal takes up, by its number; of one only noted, a reason is given."""

    number: int
    noted: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a proposal is about: its text by name, the languages, the State's names by language, and what else it names.
    turn: which of the parts and figures it has."""

    text: str
    language: str
    state: Mapping[str, str]
    area: int
    linked: Sequence[Linked]
    quarters: Sequence[str]
    consent_on: str
    contacts: Sequence[tuple[str, str]]
    turn: int
    courtesy: str = ""


def table(name: str) -> list[dict[str, str]]:
    """The rows of a file of the demonstration."""
    return list(csv.DictReader(io.StringIO(_file(name))))


def _file(name: str) -> str:
    return resources.files("fundapp.web.demonstration").joinpath(name).read_text("utf-8")


@cache
def words(language: str) -> dict[str, Any]:
    """The parts of a language."""
    found: dict[str, Any] = json.loads(_file(f"proposals_{language}.json"))
    return found


@cache
def _narrated() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_file("proposals_narrated.json"))
    return found


def pages(told: Told) -> Pages:
    """All pages of a proposal but its documents, as they are kept; nothing lacks."""
    given = _pages(told, told.language)
    if told.courtesy:
        _beside(given, _pages(told, told.courtesy))
    return {name: kept(fields_of(name, (QUESTION,)), given[name]) for name in (*FIELDS, QUESTIONS)}


def _beside(given: Pages, other: Pages) -> None:
    """Put the same texts in another language beside those of the proposal, on its first pages."""
    for name, field in (
        ("country", "partners"),
        ("context", "problem"),
        ("context", "context"),
        ("gender", "analysis"),
    ):
        given[name][field + COURTESY] = other[name][field]


def _pages(told: Told, language: str) -> Pages:
    said, marker = words(language), ABOUT[told.text][2]
    text = _narrated()[told.text] if told.text in _narrated() else said["themes"][told.text]
    pick = _Pick(said["pools"], told.turn)
    return {
        "country": {"country": told.state["code"], "partners": pick("partners")},
        "consent": {
            "form": ("request", "consent")[told.turn % 2], "date": told.consent_on, "signatory": pick("signatory"),
        },
        "context": {
            "title": text["title"].format(state=told.state[language]), "problem": text["problem"],
            "context": f"{text['context']}\n\n{said['mark']}",
        },
        "recommendations": {"linked": [_linked(one, pick.pools["noted"]) for one in told.linked]},
        "focus-areas": {"chosen": [str(told.area)]},
        "results": _results(text, pick, told.turn),
        "activities": _activities(text, told.quarters),
        "national-systems": {"strengthening": text["strengthening"], "bodies": text["bodies"]},
        "goals": {"targets": [*ABOUT[told.text][1]], "alignment": pick("alignment")},
        "gender": {"marker": marker, "analysis": text["gender"]},
        "inclusion": {"left-behind": text["left"]},
        "risks": {"named": [*_risks(pick, told.turn)]},
        "sustainability": {"afterwards": pick("afterwards")},
        "other-funding": {"declared": "no"},
        "monitoring": {"plan": pick("monitoring")},
        "budget": {"lines": [*_lines(pick.pools, told)]},
        "contacts": {
            "people": [
                {"id": f"K{n}", "name": name, "email": email, "function": pick.pools["function"] if n == 1 else ""}
                for n, (name, email) in enumerate(told.contacts, 1)
            ]
        },
        QUESTIONS: {QUESTION: pick("lasting")},
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pick:
    """One of several ways to say a thing, another for each turn and thing."""

    pools: Mapping[str, Any]
    turn: int

    def __call__(self, name: str, more: int = 0) -> Any:
        found = self.pools[name]
        return found[(self.turn + len(name) // 4 + more) % len(found)]


def _linked(one: Linked, reason: str) -> dict[str, str]:
    return {"number": str(one.number), "reason": reason if one.noted else ""}


def _results(text: Mapping[str, Any], pick: _Pick, turn: int) -> dict[str, Any]:
    women, men = 18 + turn % 9, 16 + turn * 3 % 11
    return {
        "outcomes": [{"id": "C1", "text": text["outcome"]}],
        "outputs": [{"id": f"P{n}", "text": one, "outcome": "C1"} for n, one in enumerate(text["outputs"], 1)],
        "indicators": [
            {
                "id": "I1", "text": text["indicators"][0], "of": "C1", "baseline": str(turn % 7),
                "target": str(20 + 5 * (turn % 8)), "by_sex": "no", "means": pick.pools["means"][0],
            },
            {
                "id": "I2", "text": text["indicators"][1], "of": "P2", "baseline": "0", "target": str(women + men),
                "by_sex": "yes", "women": str(women), "men": str(men), "means": pick.pools["means"][1],
            },
        ],
    }  # fmt: skip


def _activities(text: Mapping[str, Any], quarters: Sequence[str]) -> dict[str, Any]:
    when = (quarters[:2], quarters[1:3], quarters[-2:])
    return {
        "starts": quarters[0],
        "ends": quarters[-1],
        "planned": [
            {
                "id": f"A{n}",
                "text": one,
                "output": f"P{min(n, 2)}",
                "quarters": [*when[n - 1]],
                "marker": str(n - 1 or 2),
            }
            for n, one in enumerate(text["activities"], 1)
        ],
    }


def _risks(pick: _Pick, turn: int) -> Iterator[dict[str, str]]:
    levels = ("low", "medium", "high")
    for n in range(2):
        text, measure = pick("risks", n)
        likelihood, impact = levels[(turn + n) % 3], levels[(turn + n + 1) % 3]
        yield {"id": f"R{n + 1}", "text": text, "likelihood": likelihood, "impact": impact, "measure": measure}


def _lines(said: Mapping[str, Any], told: Told) -> Iterator[dict[str, str]]:
    turn, units = told.turn, said["units"]
    first, second, last = told.quarters[0], told.quarters[1], told.quarters[-1]
    found = [
        ("010", "staff", "", 3_900 + 75 * (turn % 6), 2 + turn % 3, "", ""),
        ("120", "expert", units["day"], 420 + 10 * (turn % 9), 15 + turn % 11, "A1", first),
        ("120", "trainer", units["workshop"], 2_350 + 125 * (turn % 7), 4, "A2", second),
        ("160", "travel", units["trip"], 310 + 15 * (turn % 8), 18 + turn % 13, "A2", second),
        ("130", "printing", units["copy"], 6.5, 300 + 20 * (turn % 10), "A3", last),
        ("125", "operating", units["workshop"], 285, 4, "A2", ""),
    ]
    if turn % 2:
        found.append(("135", "equipment", units["piece"], 870, 3, "A2", first))
    if ABOUT[told.text][2] != "1":
        found.append(("145", "grants", units["grant"], 9_000 + 500 * (turn % 5), 1, "A3", last))
    for n, (code, what, unit, cost, many, activity, quarter) in enumerate(found, 1):
        grade = "NO-B" if code == "010" else ""
        yield {
            "id": f"B{n}", "class": code, "what": said["budget"][what], "grade": grade, "unit": unit or "month",
            "unit_cost": f"{cost:.2f}", "quantity": str(many), "activity": activity, "quarter": quarter,
        }  # fmt: skip


def letter(*lines: str) -> bytes:
    """A letter as a PDF of one page, in Latin letters: no more than a reader of PDF needs."""
    shown = "".join(f"({_escaped(line)}) Tj 0 -22 Td " for line in lines)
    text = f"BT /F1 13 Tf 70 760 Td {shown}ET".encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    )
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(made)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return made + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, rows, trailer)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
