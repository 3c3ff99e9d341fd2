"""An invented State with thirty invented recommendations, to be printed."""

from __future__ import annotations

from datetime import UTC, datetime

from printed_facts import in_six

from fundapp.recommendations.matrix import (
    MatrixFacts,
    MatrixGoal,
    MatrixRow,
    MatrixTheme,
    Names,
    Tally,
    TrendFacts,
    TrendRow,
    as_written,
    sections,
)
from fundapp.recommendations.rules import Position

DRAWN = datetime(2025, 7, 3, 9, 30, tzinfo=UTC)
# ar, zh, en, fr, ru, es
STATE = in_six("جزر الشمال|北方群岛|Northern Isles|Îles du Nord|Северные острова|Islas del Norte")
STATES = [
    in_six(joined)
    for joined in (
        "ملديف|马尔代夫|Maldives|Maldives|Мальдивские Острова|Maldivas",
        "البرتغال|葡萄牙|Portugal|Portugal|Португалия|Portugal",
        "الجبل الأسود|黑山|Montenegro|Monténégro|Черногория|Montenegro",
        "كوت ديفوار|科特迪瓦|Côte d’Ivoire|Côte d’Ivoire|Кот-д’Ивуар|Côte d’Ivoire",
    )
]
THEMES = [
    MatrixTheme(code, in_six(joined))
    for code, joined in (
        (
            "ratification",
            "التصديق على الصكوك الدولية والانضمام إليها|批准和加入国际文书"
            "|Ratification of & accession to international instruments|Ratification des instruments internationaux"
            "|Ратификация международных документов и присоединение к ним|Ratificación de instrumentos internacionales",
        ),
        (
            "education",
            "الحق في التعليم|受教育权|Right to education|Droit à l’éducation|Право на образование"
            "|Derecho a la educación",
        ),
        (
            "prisons",
            "أوضاع الاحتجاز|拘留条件|Conditions of detention|Conditions de détention|Условия содержания под стражей"
            "|Condiciones de detención",
        ),
        (
            "women",
            "النهوض بالمرأة|提高妇女地位|Advancement of women|Promotion de la femme"
            "|Улучшение положения женщин|Adelanto de la mujer",
        ),
        (
            "budget",
            "الميزانية والموارد|预算和资源|Budget & resources (for human rights implementation)|Budget et ressources"
            "|Бюджет и ресурсы|Presupuesto y recursos",
        ),
    )
]
PERSONS = [
    in_six("النساء والفتيات|妇女和女童|Women & girls|Femmes et filles|Женщины и девочки|Mujeres y niñas"),
    in_six("الأطفال|儿童|Children|Enfants|Дети|Niños"),
]
GOALS = [
    MatrixGoal(
        5,
        in_six(
            "المساواة بين الجنسين|性别平等|Gender equality|Égalité entre les sexes|Гендерное равенство"
            "|Igualdad de género"
        ),
        ("5.1", "5.c"),
    ),
    MatrixGoal(
        4,
        in_six(
            "التعليم الجيد|优质教育|Quality education|Éducation de qualité|Качественное образование"
            "|Educación de calidad"
        ),
    ),
    MatrixGoal(
        16,
        in_six(
            "السلام والعدل والمؤسسات القوية|和平、正义与强大机构|Peace, justice and strong institutions"
            "|Paix, justice et institutions efficaces|Мир, правосудие и эффективные институты"
            "|Paz, justicia e instituciones sólidas"
        ),
        ("16.1", "16.3", "16.10"),
    ),
]
TEXTS = [
    "Ratify the Convention for the Protection of All Persons from Enforced Disappearance and recognise the competence "
    "of its Committee (articles 31 and 32), as accepted in A/HRC/59/15",
    "Continue the reform of schools in remote districts, so that each child has a teacher and a desk",
    "Improve the conditions of detention, in line with the Nelson Mandela Rules",
    "Raise the share of women in public office to 50 per cent by 2030",
]


def row(number: int, language: str = "en", text: str = "") -> MatrixRow:
    """One invented recommendation; every thirteenth has a position that nobody knows."""
    positions = [Position.SUPPORTED, Position.SUPPORTED, Position.SUPPORTED, Position.NOTED, Position.PENDING]
    first = number % len(THEMES)
    themes = [THEMES[first], THEMES[(first + 1 + number % 2) % len(THEMES)]]
    written = [MatrixTheme(None, as_written("Freedom of the high seas"))]
    return MatrixRow(
        f"140.{number}",
        text or TEXTS[number % len(TEXTS)],
        language,
        tuple(STATES[: 1 + number % len(STATES)]),
        None if number % 13 == 12 else positions[number % len(positions)],
        tuple(written if number % 11 == 10 else themes),
        tuple(PERSONS[: number % 3]),
        tuple(GOALS[number % 2 : 1 + number % 4]),
    )


def matrix_facts(count: int = 30, language: str = "en", text: str = "") -> MatrixFacts:
    """The matrix of the invented State."""
    rows = [row(number, language, text) for number in range(1, count + 1)]
    order = [theme.code for theme in THEMES if theme.code]
    return MatrixFacts(STATE, 4, 59, DRAWN, ("A/HRC/59/99", "list-of-the-isles.docx"), sections(rows, order))


def trend_facts(count: int = 20, *, compared: bool = True, pending: int = 0) -> TrendFacts:
    """The trend of the invented State; names of themes repeat with a number behind them."""
    rows = []
    for number in range(count):
        names: Names = {key: _numbered(name, number) for key, name in THEMES[number % len(THEMES)].names.items()}
        now = Tally(28 - number, number * 7 % 11, pending if number == 3 else 0)
        rows.append(TrendRow(None if number == count - 1 else names, now, Tally(number * 5 % 23, number % 6)))
    before = Tally(171, 44) if compared else Tally(0, 0)
    return TrendFacts(STATE, 4, 3 if compared else None, DRAWN, tuple(rows), Tally(217, 37, pending), before)


def _numbered(name: str, number: int) -> str:
    return name if number < len(THEMES) else f"{name} {number}"
