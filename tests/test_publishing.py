"""Words and blocks: the same figures in every language, in that language's words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import printed_facts
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.languages import LANGUAGES
from fundapp.publishing.blocks import Block, Figure, Masthead, Notes, Table, Title, legible, properties
from fundapp.publishing.breaking import NO_START, clusters, lines
from fundapp.publishing.documents.contributions import contributions
from fundapp.publishing.documents.income_expenditure import income_expenditure
from fundapp.publishing.words import CatalogueMissing, Words

OWN_TITLES = {
    "ar": "بيان الإيرادات والنفقات",
    "zh": "收支表",
    "en": "Statement of income and expenditure",
    "fr": "État des recettes et des dépenses",
    "ru": "Ведомость поступлений и расходов",
    "es": "Estado de ingresos y gastos",
}


def both(language: str) -> list[tuple[Block, ...]]:
    words = Words(language)
    statement = income_expenditure(printed_facts.income_expenditure(), words)
    return [statement, contributions(printed_facts.contributions(), words)]


def table(document: tuple[Block, ...]) -> Table:
    return next(block for block in document if isinstance(block, Table))


def figures(document: tuple[Block, ...]) -> list[Figure]:
    return [cell for row in table(document).rows for cell in row.cells if isinstance(cell, Figure)]


def notes(document: tuple[Block, ...]) -> list[str]:
    return [note.text for block in document if isinstance(block, Notes) for note in block.items]


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_and_lines_are_the_same_in_every_language(language: str) -> None:
    for own, english in zip(both(language), both("en"), strict=True):
        assert figures(own) == figures(english)
        shape = [(row.kind, row.level, bool(row.mark)) for row in table(own).rows]
        assert shape == [(row.kind, row.level, bool(row.mark)) for row in table(english).rows]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_is_in_its_own_words(language: str) -> None:
    assert any(isinstance(block, Title) and block.text == OWN_TITLES[language] for block in both(language)[0])
    if language != "en":
        english = {text for document in both("en") for text in notes(document)}
        assert not english & {text for document in both(language) for text in notes(document)}


def test_the_statement_has_its_22_lines_and_their_sums() -> None:
    rows = [row for row in table(both("en")[0]).rows if row.kind != "group"]
    assert len(rows) == 22
    sums = {str(row.cells[0]): row.cells[1] for row in rows if row.kind in ("total", "grand")}
    assert sums["Total expenditure"] == Figure(51232371)
    assert sums["Total fund balance at 31 December 2020"] == Figure(220849568)


def test_contributions_add_up_to_their_total() -> None:
    rows = table(both("en")[1]).rows
    given_by = [row.cells[1] for row in rows if row.kind == "account"]
    total = next(row.cells[1] for row in rows if row.kind == "grand")
    assert len(given_by) == 45
    assert sum(cell.minor for cell in given_by if isinstance(cell, Figure)) == 671370713
    assert total == Figure(671370713)


def test_the_column_has_cents_only_where_one_amount_has() -> None:
    words = Words("en")
    whole = contributions(printed_facts.contributions(unattributed=0), words)
    assert {figure.places for figure in figures(whole)} == {0}
    assert figures(whole)[0] == Figure(40000, 0)
    assert table(whole).unit == "Whole United States dollars"
    assert {figure.places for figure in figures(both("en")[1])} == {2}
    assert table(both("en")[1]).unit == "United States dollars"


def test_periods_open_groups_and_the_unattributed_stays_visible() -> None:
    rows = table(both("en")[1]).rows
    groups = [row.cells[0] for row in rows if row.kind == "group"]
    assert groups[0] == "2008-2009 biennium"
    assert groups[-3:] == ["2018", "2019", "2020"]
    last = rows[-2]
    assert last.cells == ("Not attributed to a donor", Figure(4779013))
    assert last.mark == "a"


def test_a_donor_without_a_name_in_the_language_is_named_in_english_or_by_code() -> None:
    facts = printed_facts.contributions()
    bare = [replace(facts.rows[0], labels={"en": "Colombia"}), replace(facts.rows[1], labels={})]
    document = contributions(replace(facts, rows=tuple(bare)), Words("zh"))
    assert [row.cells[0] for row in table(document).rows[1:3]] == ["Colombia", "RUS"]


def test_cash_and_accrual_are_told_apart() -> None:
    words = Words("en")
    cash = income_expenditure(printed_facts.income_expenditure("cash"), words)
    assert "Contributions are counted as income when the money is received." in notes(cash)
    assert "Contributions are counted as income when the money is received." not in notes(both("en")[0])
    head = next(block for block in cash if isinstance(block, Masthead))
    assert "Accounting basis: cash" in head.particulars


def test_a_period_that_is_not_whole_years_heads_its_column_in_words() -> None:
    part = replace(printed_facts.income_expenditure(), first=date(2020, 2, 1))
    assert table(income_expenditure(part, Words("en"))).columns[1].title == "Amount"
    assert table(both("en")[0]).columns[1].title == "2020"


def test_a_statement_without_rows_is_still_a_document() -> None:
    empty = income_expenditure(replace(printed_facts.income_expenditure(), rows=()), Words("fr"))
    assert table(empty).rows == ()
    assert properties(empty).title == OWN_TITLES["fr"]


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        *[("en", 1, "1 entry"), ("en", 1234, "1\u00a0234 entries"), ("en", 0, "0 entries")],
        *[("ru", 21, "21 записи"), ("ru", 25, "25 записей"), ("fr", 0, "0 écriture "), ("es", 2, "2 asientos")],
        *[("ar", 77, "77 قيداً"), ("ar", 5, "5 قيود"), ("ar", 100, "100 قيد "), ("zh", 77, "77 笔")],
    ],
)
def test_counts_take_the_form_their_language_has(language: str, number: int, expected: str) -> None:
    facts = replace(printed_facts.income_expenditure(), entries=number)
    assert any(expected in text for text in notes(income_expenditure(facts, Words(language))))


def test_the_time_is_given_in_utc() -> None:
    words = Words("en")
    assert words.time(datetime(2021, 1, 5, 16, 5, tzinfo=timezone(timedelta(hours=2)))) == "14:05"
    assert words.time(datetime(2021, 1, 5, 14, 5, tzinfo=UTC).replace(tzinfo=None)) == "14:05"


def test_words_that_are_not_compiled_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CatalogueMissing, match=r"'ru'.*python3 dev\.py assets"):
        Words("ru", tmp_path)
    assert Words("en", tmp_path).text("Donor") == "Donor"


def test_there_are_six_languages_and_no_seventh() -> None:
    with pytest.raises(ValueError, match="'de' is not one of"):
        Words("de")


def test_what_cannot_be_printed_is_made_legible() -> None:
    assert legible("a\x00b\nc\u2028d\ud800") == "a b c d\ufffd"
    assert legible("Åland & <b> 中文 😀 العربية") == "Åland & <b> 中文 😀 العربية"


def narrow(text: str) -> float:
    return float(len(text))


@given(st.text(alphabet="ab 中文，。（） é\u0301", max_size=60), st.integers(4, 20))
def test_breaking_lines_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    broken = lines(text, width, narrow)
    assert "".join(broken).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= width or len(list(clusters(line))) == 1 for line in broken)


def test_chinese_breaks_between_characters_but_not_before_a_closing_sign() -> None:
    text = "人权高专办向参与这些项目的国家传达了它的灵活性，即根据新的国家优先事项，考虑任何必要的调整。"
    for width in range(5, 30):
        assert not any(line[0] in NO_START for line in lines(text, width, narrow)[1:])


def test_a_group_of_digits_stays_on_one_line() -> None:
    broken = lines("grants under 50\u00a0000 dollars", 15, narrow)
    assert any("50\u00a0000" in line for line in broken)


def test_every_formal_sentence_keeps_its_values_in_every_language() -> None:
    folder = Path(__file__).parent.parent / "fundapp" / "translations"
    for language in LANGUAGES:
        catalogue = (folder / language / "LC_MESSAGES" / "reports.po").read_text("utf-8")
        entries = [entry for entry in catalogue.split("\n\n") if "\nmsgid " in entry][1:]
        assert len(entries) > 25
        for entry in entries:
            english, own = re.split(r"\nmsgstr", entry, maxsplit=1)
            wanted = set(re.findall(r"%\(\w+\)s", english))
            for form in own.split("\nmsgstr"):
                assert set(re.findall(r"%\(\w+\)s", form)) == wanted, entry
