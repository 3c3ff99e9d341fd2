"""The rules by which a step is suggested: each row, its limits, and that a better fact never lowers a step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.rules import words
from fundapp.scoring.rules.scales import HIGHEST as TOP
from fundapp.scoring.rules.scales import LOWEST as BOTTOM
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.suggestion import A_SENTENCE, HIGHEST, RULES, clause_for, on_scale, suggested
from fundapp.scoring.words import BESIDE, FACTS, YES_NO

CODES = list(RULES)


def scale(code: str, lowest: int = 0, highest: int = HIGHEST) -> Scale:
    return Scale(0, code, {}, {}, 20, lowest, highest, True, None, {})


SCALES = st.tuples(st.integers(BOTTOM, TOP), st.integers(BOTTOM, TOP)).filter(lambda ends: ends[0] < ends[1])


def rows() -> Iterator[tuple[str, int, dict[str, int]]]:
    """Each clause of each rule, with facts that reach its numbers and no more."""
    for code, rule in RULES.items():
        for clause in rule.clauses:
            yield code, clause.step, dict((*rule.knows, *clause.needs))


@pytest.mark.parametrize(("code", "step", "facts"), list(rows()))
def test_each_step_is_reached_by_what_its_row_asks_for(code: str, step: int, facts: dict[str, int]) -> None:
    assert suggested(scale(code), facts) == step


@pytest.mark.parametrize(("code", "step", "facts"), [row for row in rows() if row[1]])
def test_one_short_of_any_number_is_a_lower_step(code: str, step: int, facts: dict[str, int]) -> None:
    rule = RULES[code]
    [clause] = [one for one in rule.clauses if one.step == step]
    known = dict(rule.knows)
    for fact, least in clause.needs:
        short = suggested(scale(code), facts | {fact: least - 1})
        assert short is None if known.get(fact, 0) > least - 1 else short is not None and short < step, fact


@pytest.mark.parametrize("code", CODES)
def test_a_rule_says_every_step_from_the_highest_down(code: str) -> None:
    assert [clause.step for clause in RULES[code].clauses] == [4, 3, 2, 1, 0]
    assert RULES[code].clauses[-1].needs == ()


@pytest.mark.parametrize(
    ("code", "facts", "step"),
    [
        ("treaty-body-overlap", {}, None),  # nothing is known of what others said on nothing
        ("treaty-body-overlap", {"matches": 3, "bodies-recent": 3, "bodies-same-measure": 3}, None),
        ("treaty-body-overlap", {"recommendations": 1}, 0),
        ("treaty-body-overlap", {"recommendations": 1, "matches": 9}, 1),
        ("treaty-body-overlap", {"recommendations": 1, "matches": 9, "bodies-recent": 9, "bodies-same-measure": 1}, 3),
        ("high-commissioner-letter", {"recommendations": 3}, None),  # no letter
        ("high-commissioner-letter", {"letters": 1}, None),  # no recommendation
        ("high-commissioner-letter", {"recommendations": 3, "letters": 1}, 0),
        ("national-systems", {}, 0),
        ("national-systems", {"laws": 1, "bodies": 1, "afterwards": 1, "strengthening": 1}, 3),  # nothing measures it
        ("sdg-alignment", {"targets": 12}, 1),
        ("gender-perspective", {"marker": 3, "by-sex-share": 100, "budget-share": 100}, 0),  # no word of analysis
        ("gender-perspective", {"marker": 3, "by-sex-share": 50, "budget-share": 49, "analysis": 15}, 3),
        ("gender-perspective", {"marker": 2, "by-sex-share": 50, "budget-share": 90, "analysis": 14}, 2),
        ("of-the-fund", {"matches": 3}, None),
    ],
)
def test_what_is_suggested(code: str, facts: dict[str, int], step: int | None) -> None:
    assert suggested(scale(code), facts) == step
    assert (clause_for(code, facts) is None) == (step is None)


FACT_NAMES = sorted({fact for _code, _step, facts in rows() for fact in facts})
COUNTS = st.dictionaries(st.sampled_from(FACT_NAMES), st.integers(0, 120))


@given(st.sampled_from(CODES), COUNTS, COUNTS, SCALES)
def test_a_better_fact_never_lowers_the_step(
    code: str, facts: dict[str, int], more: dict[str, int], ends: tuple[int, int]
) -> None:
    better = {fact: facts.get(fact, 0) + more.get(fact, 0) for fact in {*facts, *more}}
    one = scale(code, *ends)
    before, after = suggested(one, facts), suggested(one, better)
    assert before is None or (after is not None and after >= before)


@given(st.sampled_from(CODES), COUNTS, SCALES)
def test_what_is_suggested_lies_on_the_scale(code: str, facts: dict[str, int], ends: tuple[int, int]) -> None:
    one = scale(code, *ends)
    found = suggested(one, facts)
    assert found is None or one.takes(found)


@given(SCALES)
def test_the_ends_of_a_rule_are_the_ends_of_a_scale(ends: tuple[int, int]) -> None:
    one = scale("national-systems", *ends)
    places = [on_scale(one, step) for step in range(HIGHEST + 1)]
    assert (places[0], places[-1]) == ends
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("ends", "places"),
    [
        ((0, 4), [0, 1, 2, 3, 4]),
        ((1, 5), [1, 2, 3, 4, 5]),
        ((0, 10), [0, 3, 5, 8, 10]),  # half a step goes up
        ((0, 3), [0, 1, 2, 2, 3]),
        ((0, 2), [0, 1, 1, 2, 2]),
        ((0, 1), [0, 0, 1, 1, 1]),
        ((9, 10), [9, 9, 10, 10, 10]),
    ],
)
def test_where_a_step_lies_on_another_scale(ends: tuple[int, int], places: list[int]) -> None:
    assert [on_scale(scale("sdg-alignment", *ends), step) for step in range(HIGHEST + 1)] == places


def test_every_fact_of_a_rule_has_words() -> None:
    assert set(FACT_NAMES) <= set(FACTS) and set(FACTS) >= YES_NO and set(BESIDE) == set(RULES)
    for code, _step, facts in rows():
        assert all(least == 1 for fact, least in facts.items() if fact in YES_NO), code


def test_the_language_of_a_text_does_not_decide_the_step() -> None:
    """The texts of the demonstration say the same in six languages, in 17 to 60 words: all are more than a sentence."""
    folder = resources.files("fundapp.web.demonstration")
    counts = {
        (theme, language): words.count(said["gender"])
        for language in LANGUAGES
        for theme, said in json.loads(folder.joinpath(f"proposals_{language}.json").read_text("utf-8"))[
            "themes"
        ].items()
    }
    assert len(counts) >= 6 * 5 and min(counts.values()) >= A_SENTENCE, counts
