"""An invented proposal to be printed: in any language, with much or nothing in it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.rules.content import budget
from fundapp.proposals.rules.dossier import DossierFacts, Edition, Exchange, Filed, Linked, Said, Written
from fundapp.proposals.rules.fields import FIELDS, Kind
from fundapp.recommendations.rules import Position

AT = datetime(2027, 3, 9, 10, 5, tzinfo=UTC)
RATE = Decimal("0.13")
TEXTS = {
    "ar": "تتأخر التقارير، ولا توجد آلية وطنية (حتى عام 2026) تتابع تنفيذ التوصيات.",
    "zh": "报告迟交，没有国家机制（截至2026年）跟踪建议的落实情况。",
    "en": "Reports come late, and no national mechanism (up to 2026) follows the recommendations.",
    "fr": "Les rapports arrivent tard, et aucun mécanisme national (jusqu’en 2026) ne suit les recommandations.",
    "ru": "Доклады поступают поздно, и ни один национальный механизм (до 2026 года) не следит за рекомендациями.",
    "es": "Los informes llegan tarde y ningún mecanismo nacional (hasta 2026) sigue las recomendaciones.",
}


def six(text: str) -> dict[str, str]:
    """A name that says in which language it is."""
    return {language: f"{text} {language}" for language in LANGUAGES}


def sections(language: str = "en", courtesy: str = "", *, lines: int = 6, indicators: int = 4) -> dict[str, Any]:
    """What a proposal says that says everything; each text ends in the name of its field."""
    whole: dict[str, Any] = {}
    for name, fields in FIELDS.items():
        whole[name] = {}
        for field in fields:
            if field.kind is Kind.TEXT:
                whole[name][field.name] = f"{TEXTS[language]}\n\n{TEXTS[language]} [{name}.{field.name}]"
                if courtesy:
                    whole[name][f"{field.name}_courtesy"] = f"{TEXTS[courtesy]} [{name}.{field.name}]"
    text = TEXTS[language]
    more = {"text_courtesy": TEXTS[courtesy]} if courtesy else {}
    whole["country"]["country"] = "FJI"
    whole["consent"] |= {"form": "request", "date": "2026-01-15", "signatory": "Ana Vuki"}
    whole["context"]["title"] = text[:40]
    whole["recommendations"]["linked"] = [{"id": "1", "number": "7"}, {"id": "2", "number": "8", "reason": text}]
    whole["focus-areas"]["chosen"] = ["1"]
    whole["results"] = {
        "outcomes": [{"id": "C1", "text": text, **more}],
        "outputs": [{"id": "P1", "text": text, "outcome": "C1", **more}, {"id": "P2", "text": text}],
        "indicators": [
            {
                "id": f"I{n}", "text": f"{text} {n}", "of": ("C1", "P1", "P2", "")[n % 4], "baseline": "0",
                "target": str(10 * n), "by_sex": "yes", "women": str(6 * n), "men": str(4 * n), "means": text,
            }
            for n in range(1, indicators + 1)
        ],
    }  # fmt: skip
    whole["activities"] = {
        "starts": "2027-Q2", "ends": "2028-Q4",
        "planned": [
            {"id": f"A{n}", "text": text, "output": "P1", "quarters": [f"2027-Q{n + 1}", f"2028-Q{n}"], **more}
            for n in (1, 2, 3)
        ],
    }  # fmt: skip
    whole["national-systems"] |= {"bodies": text[:30], "laws": text[:30]}
    whole["goals"]["targets"] = ["16.6", "16.10", "5.c"]
    whole["gender"]["marker"] = "2"
    whole["risks"]["named"] = [
        {"id": "R1", "text": text, "likelihood": "medium", "impact": "high", "measure": text, **more}
    ]
    whole["other-funding"]["declared"] = "yes"
    whole["budget"]["lines"] = [line(n, text) for n in range(1, lines + 1)]
    whole["contacts"]["people"] = [
        {"id": "K1", "name": "Ana Vuki", "function": text[:20], "email": "ana@example.org", "phone": "+679 331 1000"}
    ]
    whole["questions"] = {"why-now": f"{text} [questions]"}
    return whole


def line(number: int, text: str) -> dict[str, str]:
    """A line of a budget: staff, or a service of 100 dollars a day."""
    more = {"id": f"B{number}", "what": f"{text[:40]} {number}", "activity": f"A{1 + number % 3}"}
    if number % 5 == 1:
        staff = {"class": "010", "grade": "P-3", "unit_cost": "9000.00", "quantity": "2.5"}
        return {**more, **staff, "quarter": "2027-Q2"}
    return {**more, "class": ("120", "125", "160")[number % 3], "unit": "day", "unit_cost": "100.00", "quantity": "12"}


def facts(whole: dict[str, Any], language: str = "en", courtesy: str = "", *, fixed: bool = True) -> DossierFacts:
    """The facts of such a proposal."""
    edition = Edition(2, "0123456789abcdef" * 4, datetime(2027, 2, 1, 8, 0, tzinfo=UTC)) if fixed else None
    recommended = (
        Linked("7", TEXTS, "A/HRC/47/19", "140.7", Position.SUPPORTED),
        Linked("8", {"en": TEXTS["en"]}, "A/HRC/47/19", "140.8", Position.NOTED),
    )
    return DossierFacts(
        "UPR", six("Fund"), "2027-1", six("Call"), "2027-1-001", "Regional Office for the Pacific",
        Written(whole, language, courtesy, edition), AT, RATE, budget(whole, RATE),
        state=six("Fiji"),
        statuses=("ldc", "sids"),
        areas=(six("Area"),),
        goals={5: six("Equality"), 16: six("Peace")},
        recommendations=recommended if whole.get("recommendations", {}).get("linked") else (),
        documents=(
            Filed("consent", None, "Letter of request", "letter.pdf", "ab" * 32, 182_400),
            Filed("work-plan", six("Plan"), "Plan of work", "plan.docx", "cd" * 32, 999),
        ) if whole else (),
        asked={"why-now": six("Why now?")} if whole else {},
        exchanges=(
            Exchange("budget", Said("Why are there two posts?", AT), (Said(TEXTS[language], AT),)),
            Exchange("gender", Said(TEXTS["ar"], AT)),
        ) if whole else (),
    )  # fmt: skip
