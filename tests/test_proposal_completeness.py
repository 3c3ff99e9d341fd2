"""What a proposal lacks is named section by section; what it has is counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.proposals.rules.completeness import (
    BARE,
    GATE,
    SECTIONS,
    TODAY,
    Chosen,
    Facts,
    Listed,
    Marker,
    Past,
    Section,
    Some,
    Sound,
    Span,
    Text,
    consent_given,
    lacking,
    sections,
    share_done,
)

DAY = date(2026, 5, 4)


def whole(asked: tuple[Section, ...] = SECTIONS) -> dict[str, object]:
    """The facts of a proposal that has everything."""
    one = {Text: "Words.", Chosen: "FJI", Marker: 0, Past: DAY, Some: 1, Listed: 1, Sound: 0, Span: 4}
    found: dict[str, object] = {
        key: one[type(ask)] for section in asked for key, ask in zip(section.keys(), section.asks, strict=True)
    }
    return found | {TODAY: DAY}


WHOLE = whole()
KEYS = [key for section in SECTIONS for key in section.keys()]  # noqa: SIM118 - a method of ours
OPTIONAL = {"goals.alignment", "other-funding.sources"}


def said(facts: Facts, asked: tuple[Section, ...] = SECTIONS) -> list[tuple[str, str, str | None]]:
    return [(section, fault.code, fault.field) for section, fault in lacking(facts, asked)]


def test_a_whole_proposal_lacks_nothing() -> None:
    assert lacking(WHOLE) == []
    share = share_done(WHOLE, *SECTIONS)
    assert (share.done, share.whole, share.percent, share.begun) == (len(KEYS), True, 100, True)


def test_an_empty_one_lacks_everything_that_must_be_there() -> None:
    assert [field for _, _, field in said({})] == [key for key in KEYS if key not in OPTIONAL]
    share = share_done({}, *SECTIONS)
    assert (share.done, share.of, share.begun, share.percent) == (0, len(KEYS) - len(OPTIONAL), False, 0)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in OPTIONAL])
def test_each_thing_is_missed_where_it_belongs(key: str) -> None:
    [(section, fault)] = lacking(WHOLE | {key: None})
    assert (section, fault.field) == (key.partition(".")[0], key)
    assert lacking({name: fact for name, fact in WHOLE.items() if name != key}) == [(section, fault)]


@pytest.mark.parametrize(
    ("key", "fact", "code"),
    [
        ("context.problem", "word " * 501, "proposal.words"),
        ("context.problem", " \n\u200b", "proposal.no-text"),
        ("context.problem", 5, "proposal.no-text"),
        ("goals.alignment", "字" * 301, "proposal.words"),
        ("consent.document", 0, "proposal.too-few"),
        ("consent.date", None, "proposal.no-day"),
        ("consent.date", "2026-05-04", "proposal.no-day"),
        ("consent.date", DAY + timedelta(1), "proposal.day-to-come"),
        ("consent.signatory", "", "proposal.no-text"),
        ("recommendations.linked", 0, "proposal.too-few"),
        ("recommendations.linked" + BARE, 1, "proposal.bare"),
        ("results.indicators" + BARE, 1, "proposal.bare"),
        ("activities.planned" + BARE, 1, "proposal.bare"),
        ("gender.marker", 4, "proposal.no-marker"),
        ("gender.marker", -1, "proposal.no-marker"),
        ("gender.marker", True, "proposal.no-marker"),
        ("gender.marker", "2", "proposal.no-marker"),
        ("gender.analysis", "", "proposal.no-text"),
        ("budget.lines", 0, "proposal.too-few"),
        ("budget.check", 3, "proposal.faults"),
        ("budget.check", None, "proposal.no-budget"),
        ("country.country", None, "proposal.no-choice"),
        ("other-funding.declared", False, "proposal.no-choice"),
    ],
)
def test_what_is_wrong_with_it_is_said(key: str, fact: object, code: str) -> None:
    field = key.removesuffix(BARE)
    assert said(WHOLE | {key: fact}) == [(key.partition(".")[0], code, field)]


def test_what_is_too_long_is_said_in_words() -> None:
    [(_, fault)] = lacking(WHOLE | {"context.problem": "word " * 512})
    assert fault.values == {"found": 512, "words": 500, "over": 12}


@pytest.mark.parametrize("mark", range(4))
def test_nought_is_a_mark(mark: int) -> None:
    assert lacking(WHOLE | {"gender.marker": mark}) == []


@pytest.mark.parametrize("key", ["consent.document", "consent.date", "consent.signatory"])
def test_nothing_counts_as_consent_but_all_of_it(key: str) -> None:
    assert consent_given(WHOLE)
    assert not consent_given({name: fact for name, fact in WHOLE.items() if name != key})
    assert not consent_given({})
    assert GATE in {section.name for section in SECTIONS}


def test_a_call_has_limits_questions_and_documents_of_its_own() -> None:
    asked = sections({"context.problem": 3, "gender.marker": 9}, {"why-now": 50}, ["logframe", "letter"])
    assert [section.name for section in asked] == [*(one.name for one in SECTIONS), "questions", "documents"]
    facts = whole(asked)
    assert said(facts, asked) == []
    assert said(facts | {"context.problem": "one two three four"}, asked) == [
        ("context", "proposal.words", "context.problem")
    ]
    assert said({**WHOLE, "documents.letter": 1}, asked) == [
        ("questions", "proposal.no-text", "questions.why-now"),
        ("documents", "proposal.too-few", "documents.logframe"),
    ]
    assert sections() == SECTIONS


def test_a_section_is_not_begun_until_something_is_there() -> None:
    [goals] = [section for section in SECTIONS if section.name == "goals"]
    assert (share_done({}, goals).begun, share_done({}, goals).of) == (False, 1)
    half = share_done({"goals.alignment": "Target 16.3"}, goals)
    assert (half.done, half.of, half.begun, half.percent, half.whole) == (1, 2, True, 50, False)
    assert share_done({}).percent == 100


@given(
    st.dictionaries(st.sampled_from([*KEYS, "results.indicators" + BARE]), st.sampled_from([None, "", "x", 0, 1, DAY]))
)
def test_what_is_done_and_what_is_lacking_is_all_there_is(facts: dict[str, object]) -> None:
    for section in SECTIONS:
        share = share_done(facts, section)
        assert share.of - share.done == len(lacking(facts, [section]))
        assert share.whole == (not lacking(facts, [section]))
        assert 0 <= share.percent <= 100 and (share.percent == 100) == share.whole


def test_names_are_told_apart() -> None:
    assert len(set(KEYS)) == len(KEYS)
    assert len({section.name for section in SECTIONS}) == len(SECTIONS)
