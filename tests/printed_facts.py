"""The statements of 2020 as facts, to be printed: figures of A/HRC/47/19, labels of the fund's own statement layout."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from fundapp.finance.statements import Contribution, Contributions, FundFacts, IncomeExpenditure, Row
from fundapp.kernel.languages import LANGUAGES, long_date

DATA = Path(__file__).parent.parent / "fundapp" / "funds" / "data"
DRAWN = datetime(2021, 1, 5, 14, 5, tzinfo=UTC)
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)
AMOUNTS = {
    "INC.CONTRIB": 34659713,
    "INC.FX": None,
    "INC.FX.PRIOR": 46612,
    "INC.FX.SGP": 0,
    "INC.MISC": 2076334,
    "INC.TOTAL": 36782659,
    "EXP.STAFF": 31797513,
    "EXP.OTHERPERS": 6705623,
    "EXP.TRAVELSTAFF": 78664,
    "EXP.TRAVELREP": -564759,
    "EXP.CONTRACT": 6451717,
    "EXP.OPERATING": 2188124,
    "EXP.EQUIPMENT": 0,
    "EXP.GRANTS": -1321862,
    "EXP.PSC": 5897351,
    "EXP.TOTAL": 51232371,
    "PRIOR.ADJ": 0,
    "NET": -14449712,
    "OPENING": 235299280,
    "PLEDGES.PRIOR": -10500000,
    "PLEDGES.CURRENT": 0,
    "CLOSING": 220849568,
}
# ar, zh, en, fr, ru, es
DONORS = {
    "AUS": "أستراليا|澳大利亚|Australia|Australie|Австралия|Australia",
    "COL": "كولومبيا|哥伦比亚|Colombia|Colombie|Колумбия|Colombia",
    "FRA": "فرنسا|法国|France|France|Франция|Francia",
    "DEU": "ألمانيا|德国|Germany|Allemagne|Германия|Alemania",
    "IND": "الهند|印度|India|Inde|Индия|India",
    "KAZ": "كازاخستان|哈萨克斯坦|Kazakhstan|Kazakhstan|Казахстан|Kazajstán",
    "MAR": "المغرب|摩洛哥|Morocco|Maroc|Марокко|Marruecos",
    "NLD": "هولندا|荷兰|Netherlands|Pays-Bas|Нидерланды|Países Bajos",
    "NOR": "النرويج|挪威|Norway|Norvège|Норвегия|Noruega",
    "OMN": "عمان|阿曼|Oman|Oman|Оман|Omán",
    "PAK": "باكستان|巴基斯坦|Pakistan|Pakistan|Пакистан|Pakistán",
    "PRY": "باراغواي|巴拉圭|Paraguay|Paraguay|Парагвай|Paraguay",
    "KOR": "جمهورية كوريا|大韩民国|Republic of Korea|République de Corée|Республика Корея|República de Corea",
    "RUS": "الاتحاد الروسي|俄罗斯联邦|Russian Federation|Fédération de Russie|Российская Федерация|Federación de Rusia",
    "SAU": "المملكة العربية السعودية|沙特阿拉伯|Saudi Arabia|Arabie saoudite|Саудовская Аравия|Arabia Saudita",
    "SGP": "سنغافورة|新加坡|Singapore|Singapour|Сингапур|Singapur",
    "ESP": "إسبانيا|西班牙|Spain|Espagne|Испания|España",
    "ARE": "الإمارات العربية المتحدة|阿拉伯联合酋长国|United Arab Emirates|Émirats arabes unis"
    "|Объединенные Арабские Эмираты|Emiratos Árabes Unidos",
    "GBR": "المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية|大不列颠及北爱尔兰联合王国"
    "|United Kingdom of Great Britain and Northern Ireland|Royaume-Uni de Grande-Bretagne et d’Irlande du Nord"
    "|Соединенное Королевство Великобритании и Северной Ирландии|Reino Unido de Gran Bretaña e Irlanda del Norte",
}
GIVEN = """
2008-2009 COL 40000 RUS 450000 GBR 45326
2010-2011 DEU 148148 MAR 500000 RUS 200000 GBR 133707
2012-2013 AUS 387580 DEU 475664 KAZ 9975 NOR 849114
2014-2015 DEU 242844 KAZ 53890 NLD 30000 NOR 601733 OMN 10000
2016-2017 FRA 22753 DEU 221631 KAZ 10000 NOR 475367 PRY 3000 KOR 50000 SAU 150000 ESP 111485 ARE 100000
2018 FRA 23229 DEU 124224 NOR 357270 PAK 3000 KOR 50000 RUS 200000 SAU 70000 SGP 5000 ESP 56818
2019 PAK 3000 KOR 50000 SAU 75000 ESP 27352
2020 FRA 128807 IND 100000 KAZ 10000 PAK 5000 KOR 50000 SGP 5000
"""


def in_six(joined: str) -> Mapping[str, str]:
    """A name in six languages, written with | between them."""
    return dict(zip(LANGUAGES, joined.split("|"), strict=True))


def fund() -> FundFacts:
    """The voluntary fund, as its own data names it."""
    return FundFacts("UPR", _names(next(row for row in _read("funds.csv") if row["code"] == "UPR")))


def income_expenditure(basis: str = "accrual") -> IncomeExpenditure:
    """Income and expenditure of 2020."""
    rows = tuple(_row(line) for line in _read("statement_lines.csv") if line["code"] in AMOUNTS)
    return IncomeExpenditure(fund(), FIRST, LAST, basis, rows, 77, DRAWN)


def contributions(unattributed: int = 4779013) -> Contributions:
    """Contributions since 2008, and what the books name no donor for, in cents."""
    rows = [row for line in GIVEN.strip().splitlines() for row in _given(line.split())]
    if unattributed:
        rows.append(Contribution("2020", None, {}, unattributed))
    return Contributions(fund(), LAST, "accrual", tuple(rows), sum(row.amount for row in rows), 46, DRAWN)


def _given(words: list[str]) -> list[Contribution]:
    period, pairs = words[0], zip(words[1::2], words[2::2], strict=True)
    return [Contribution(period, donor, in_six(DONORS[donor]), int(dollars) * 100) for donor, dollars in pairs]


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _names(row: Mapping[str, str]) -> dict[str, str]:
    return {language: row[f"name_{language}"] for language in LANGUAGES}


def _row(line: Mapping[str, str]) -> Row:
    labels = {language: _label(text, language) for language, text in _names(line).items()}
    return Row(line["code"], line["section"], line["kind"], int(line["level"]), labels, AMOUNTS[line["code"]])


def _label(text: str, language: str) -> str:
    opening, closing = long_date(FIRST, language), long_date(LAST, language)
    return text.format(period="2020", before="2019", opening=opening, closing=closing)
