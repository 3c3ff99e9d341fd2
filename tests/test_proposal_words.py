"""Words are counted as Microsoft Word counts them, script by script."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.proposals.rules.words import count, cut, over

LATIN = [
    ("", 0),
    (" \t\r\n\u00a0\u2003\u3000 ", 0),
    ("One", 1),
    ("The fund  pays\tfor\nfour things.", 6),
    ("well-being of father-in-law", 3),
    ("don't, l'État, l’État", 3),
    ("June 30, 2003", 3),
    ("06/30/2003", 1),
    ('abc123 1.23 "$" http://www.example.com', 4),
    ("10 000 dollars", 3),
    ("10\u00a0000\u202f000 dollars", 2),
    ("M.\u00a0Dupont", 2),
    ("Quoi\u00a0: «\u00a0rien\u00a0» n’est fait\u202f!", 4),
    ("¿Qué se hará? ¡Nada!", 4),
    ("the State—and its people—agree", 6),
    ("the State — and its people", 6),
    ("2018–2020", 2),
    ("—", 1),
    ("- a", 2),
    ("a & b", 3),
    ("...", 1),
    ("e\u0301te\u0301 décidé", 2),
    ("\u0301", 0),
    ("zero\u200bwidth\u200d\ufeff \u200b", 1),
    ("hy\u00adphen", 1),
    ("A/HRC/47/19, para. 45", 3),
    ("a\x00b \x00", 1),
    ("\x1c\x85", 0),
]
CYRILLIC = [
    ("Фонд оплачивает четыре дела.", 4),
    ("Совет — это пять человек", 5),
    ("по-русски, №\u00a05", 3),
    ("«Права человека»", 2),
    ("1\u00a0234,56 долл. США", 3),
    ("ещё е\u0308", 2),
]
ARABIC = [
    ("حقوق الإنسان", 2),
    ("حُقُوقُ الإِنْسَانِ", 2),
    ("ما العمل؟", 2),
    ("١٢٣٤٫٥٦ دولار", 2),
    ("الاستعراض الدوري الشامل، والتوصيات", 4),
    ("می\u200cخواهم", 1),
    ("\u200fحقوق\u200f \u202bالإنسان\u202c", 2),
    ("و ـ", 2),
]
CHINESE = [
    ("人权", 2),
    ("普遍定期审议", 6),
    ("人权。", 3),
    ("人权,", 3),
    ("执行UPR建议", 5),
    ("2020年", 2),
    ("共有47 790.13美元", 6),
    ("“人权”", 4),
    ("人权——发展", 6),
    ("等等……", 4),
    ("《世界人权宣言》", 8),
    ("１２３", 3),
    ("人\U000e0100权", 2),
    ("𠮷田", 2),
    ("人\u3000权", 2),
    ("SDG16.3和UHRI。", 4),
    ("人権カード", 5),
]
MIXED = [
    ("👍", 1),
    ("👩🏽\u200d⚖️ judge", 2),
    ("🇫🇯 Fiji", 2),
    ("ok👍👍", 1),
    ("UPR 普遍 review مراجعة обзор", 6),
    ("한국어 단어", 2),
    ("\u202eabc", 1),
]


@pytest.mark.parametrize(("text", "words"), [*LATIN, *CYRILLIC, *ARABIC, *CHINESE, *MIXED])
def test_words_are_counted_as_word_does(text: str, words: int) -> None:
    assert count(text) == words


def test_a_chinese_comma_of_either_width_is_seen() -> None:
    assert count("人权，") == 3
    assert count("人,权") == 3


LETTERS = st.text(
    alphabet=st.one_of(
        st.sampled_from(" \u00a0\n—–“”…·-’«»:.a1é人权。，ж ح\u200b\u200d\u0301\ufe0f👍٣"), st.characters()
    ),
    max_size=60,
)


@given(LETTERS, st.integers(0, 12))
def test_an_excerpt_begins_the_text_and_is_no_longer_than_allowed(text: str, limit: int) -> None:
    found = cut(text, limit)
    assert text.startswith(found)
    assert count(found) <= limit
    if count(text) <= limit:
        assert found == text


@given(LETTERS, LETTERS)
def test_texts_apart_are_counted_apart(one: str, other: str) -> None:
    assert count(f"{one}\n{other}") == count(one) + count(other)


@given(LETTERS, st.integers(0, 20))
def test_what_is_too_much_is_what_a_limit_leaves(text: str, limit: int) -> None:
    assert over(text, limit) == max(0, count(text) - limit)


@given(st.lists(st.from_regex(r"[A-Za-zа-яء-ي0-9'-]{1,9}", fullmatch=True), max_size=30))
def test_words_between_blanks_are_as_many_as_they_are(words: list[str]) -> None:
    assert count(" \t".join(words)) == len(words)
    assert count(cut(" ".join(words), 5)) == min(5, len(words))


def test_an_excerpt_is_cut_between_words() -> None:
    assert cut("One two  three", 2) == "One two"
    assert cut("执行UPR建议", 3) == "执行UPR"
    assert cut("a—b", 1) == "a—"
    assert cut("anything", 0) == ""


@pytest.mark.parametrize("letters", ["—…", "\u200b", "人", "a\u00a0", "“", "1\u00a0", "é ", "«\u00a0", "—"])
def test_a_long_text_takes_no_longer_than_its_length(letters: str) -> None:
    """A text made to be slow is not: 200,000 letters in well under a second on any machine."""
    started = time.perf_counter()
    count(letters * (200_000 // len(letters)))
    assert time.perf_counter() - started < 3


@given(st.text(alphabet=st.one_of(st.sampled_from(" \n’«»—\u00a0\u0301"), st.characters(max_codepoint=0x700))))
def test_plain_text_is_counted_as_any_other(text: str) -> None:
    assert count(text) == count(text + "\u200b")  # is no word, and none of what is counted at once
