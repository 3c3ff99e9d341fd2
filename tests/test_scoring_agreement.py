"""Krippendorff's alpha against examples worked out in print and by brute force; leniency; the normalised ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fundapp.scoring.rules.agreement import Meaning, agreement, alpha_of, leniencies, normalised
from fundapp.scoring.rules.combining import Candidate, Ranked, Sheet, Terms, ranked
from fundapp.scoring.rules.scales import Scale

NO = None
Units = Sequence[Sequence[int | None]]
Metric = Callable[[int, int, Sequence[int]], Fraction]
# four observers, twelve units: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), part C
TWELVE: Units = list(
    zip(
        (1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3),
        (NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO),
        strict=True,
    )
)
# three coders, fifteen units, many missing: the example of the article on alpha in Wikipedia
FIFTEEN: Units = list(
    zip(
        (NO, NO, NO, NO, NO, 3, 4, 1, 2, 1, 1, 3, 3, NO, 3),
        (1, NO, 2, 1, 3, 3, 4, 3, NO, NO, NO, NO, NO, NO, NO),
        (NO, NO, 2, 1, 3, 4, 4, NO, 2, 1, 1, 3, 3, NO, 4),
        strict=True,
    )
)


def nominal(one: int, other: int, _: Sequence[int]) -> Fraction:
    return Fraction(one != other)


def interval(one: int, other: int, _: Sequence[int]) -> Fraction:
    return Fraction((one - other) ** 2)


def ordinal(one: int, other: int, every: Sequence[int]) -> Fraction:
    low, high = sorted((one, other))
    between = sum(1 for value in every if low <= value <= high)
    return (between - Fraction(every.count(low) + every.count(high), 2)) ** 2 if low != high else Fraction(0)


def brute(units: Units, metric: Metric) -> Fraction | None:
    """Alpha by its definition: every pair of values within a unit, and every pair of all of them."""
    paired = [[value for value in unit if value is not None] for unit in units]
    paired = [unit for unit in paired if len(unit) > 1]
    every = [value for unit in paired for value in unit]
    observed = sum(
        (metric(*pair, every) / (len(unit) - 1) for unit in paired for pair in permutations(unit, 2)), Fraction(0)
    )
    expected = sum((metric(*pair, every) for pair in permutations(every, 2)), Fraction(0))
    return 1 - (len(every) - 1) * observed / expected if expected else None


def ours(units: Units) -> Fraction | None:
    return alpha_of([[Fraction(value) for value in unit if value is not None] for unit in units])


def test_brute_force_is_what_is_printed() -> None:
    printed = [(TWELVE, nominal, 0.743), (TWELVE, ordinal, 0.815), (TWELVE, interval, 0.849)]
    printed += [(FIFTEEN, nominal, 0.691), (FIFTEEN, interval, 0.811)]
    for units, metric, said in printed:
        found = brute(units, metric)
        assert found is not None and round(float(found), 3) == said


def test_the_printed_example() -> None:
    found = ours(TWELVE)
    assert found is not None and found == brute(TWELVE, ordinal) and round(float(found), 3) == 0.815
    assert ours(FIFTEEN) == brute(FIFTEEN, ordinal)


UNITS = st.lists(st.lists(st.one_of(st.none(), st.integers(0, 4)), max_size=5), max_size=10)


@given(UNITS)
def test_alpha_is_its_definition(units: list[list[int | None]]) -> None:
    found = ours(units)
    assert found == brute(units, ordinal)
    assert found is None or found <= 1


@given(UNITS)
def test_the_order_of_anything_changes_nothing(units: list[list[int | None]]) -> None:
    turned = [list(reversed(unit)) for unit in reversed(units)]
    assert ours(turned) == ours(units)


@given(UNITS)
def test_only_the_order_of_steps_counts(units: list[list[int | None]]) -> None:
    assert ours([[value if value is None else value**3 + 2 for value in unit] for unit in units]) == ours(units)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(2, 5)), min_size=2))
def test_perfect_agreement_is_one(given: list[tuple[int, int]]) -> None:
    assume(len({step for step, _ in given}) > 1)
    assert ours([[step] * many for step, many in given]) == 1


# -------------------------------------------------------------------------------------------------------- over a call


def scale(code: str, weight: int, lowest: int = 0, highest: int = 4) -> Scale:
    return Scale(0, code, {}, {}, weight, lowest, highest, True, None, {})


TWO = [scale("a", 75), scale("b", 25, 1, 5)]
Given = dict[int, dict[int, tuple[int | None, ...]]]  # proposal -> reviewer -> steps


def call_of(given: Given, scales: Sequence[Scale] = TWO) -> tuple[Ranked, ...]:
    sheets = [Sheet(proposal, who, steps) for proposal, those in given.items() for who, steps in those.items()]
    return ranked(map(Candidate, given), sheets, Terms(scales, 2))


@pytest.mark.parametrize(
    ("given", "alpha", "meaning"),
    [
        ({1: {1: (4, 5), 2: (4, 5)}, 2: {1: (1, 2), 2: (1, 2)}}, "1.000", Meaning.RELIABLE),
        ({1: {1: (4, 1), 2: (0, 5)}, 2: {1: (0, 5), 2: (4, 1)}}, "-0.750", Meaning.AGAINST),
        ({1: {1: (3, 4), 2: (3, 4)}, 2: {1: (3, 4), 2: (3, 4)}}, None, Meaning.NO_VARIATION),
        ({1: {1: (4, 5)}, 2: {2: (3, 1)}}, None, Meaning.NO_PAIRS),
        ({1: {1: (None, 5), 2: (3, None)}}, None, Meaning.NO_PAIRS),
        ({}, None, Meaning.NO_PAIRS),
    ],
)
def test_what_an_alpha_says(given: Given, alpha: str | None, meaning: Meaning) -> None:
    found = agreement(call_of(given))
    assert found.meaning is meaning and found.alpha == (None if alpha is None else Decimal(alpha))


def test_a_criterion_on_its_own_and_what_was_counted() -> None:
    made = call_of({1: {1: (4, 1), 2: (4, None)}, 2: {1: (1, 3), 2: (1, 4), 3: (1, 5)}, 3: {1: (2, 2)}})
    whole, alone = agreement(made), agreement(made, "a")
    assert (alone.alpha, alone.units, alone.values) == (Decimal("1.000"), 2, 5)
    assert (whole.units, whole.values) == (3, 8)
    one_unit = agreement(made, "b")  # all the variation there is lies within it: no better than chance
    assert (one_unit.alpha, one_unit.meaning, one_unit.units) == (Decimal("0.000"), Meaning.WEAK, 1)


def test_scales_of_different_lengths_count_as_shares() -> None:
    one = call_of({1: {1: (4, 5), 2: (4, 5)}, 2: {1: (0, 1), 2: (1, 2)}})
    both = [Fraction(4, 4)] * 2, [Fraction(4, 4)] * 2, [Fraction(0), Fraction(1, 4)], [Fraction(0), Fraction(1, 4)]
    exact = alpha_of(both)
    assert exact is not None and agreement(one).alpha == Decimal(f"{float(exact):.3f}")


def test_a_reviewer_who_gives_a_step_more_everywhere() -> None:
    found = leniencies(call_of({1: {1: (3, 4), 2: (2, 3), 3: (2, 3)}, 2: {1: (2, 2), 2: (1, 1), 3: (1, 1)}}))
    assert {key: one.points for key, one in found.items()} == {
        1: Decimal("25.00"),
        2: Decimal("-12.50"),
        3: Decimal("-12.50"),
    }
    assert {one.compared for one in found.values()} == {4}


def test_leniency_is_weighted_as_a_total_is_and_leaves_out_what_was_skipped() -> None:
    made = call_of({1: {1: (4, 5), 2: (3, None)}, 2: {1: (2, 4), 2: (2, 2)}, 3: {3: (4, 5)}})
    found = leniencies(made)
    # on a: a quarter of the scale above and level; on b, where both scored, half: (75 x 1/4 + 75 x 0 + 25 x 1/2) / 175
    assert (found[1].exact, found[1].compared) == (Fraction(100 * 125, 4 * 175), 3)
    assert (found[3].exact, found[3].points, found[3].compared) == (None, None, 0)


def test_the_normalised_ranking_allows_for_who_is_lenient() -> None:
    given: Given = {
        1: {1: (3, 4), 2: (2, 3)}, 2: {1: (3, 4), 3: (2, 3)}, 3: {2: (3, 4), 3: (3, 4)}, 4: {1: (4, 5), 2: (3, 4)},
    }  # fmt: skip
    made = call_of(given)
    lenient, beside = leniencies(made), normalised(made)
    for one in made:
        its = [lenient[sheet.reviewer].exact for sheet in one.sheets]
        known = [Fraction(0) if each is None else each for each in its]
        assert one.exact is not None
        rest = one.exact - sum(known, Fraction(0)) / len(known)
        assert beside[one.proposal].total == Decimal(round(rest * 100)) / 100
    plain = {one.proposal: one.rank for one in made}
    assert plain == {4: 1, 3: 2, 1: 3, 2: 3}
    assert beside[3].rank == 1  # of two severe reviewers
    assert {one.rank for one in beside.values()} <= {1, 2, 3, 4}


def test_what_has_no_rank_has_none_beside_it() -> None:
    made = call_of({1: {1: (None, None)}, 2: {}, 3: {1: (2, 3)}})
    assert set(normalised(made)) == {3} and normalised(made)[3].total == Decimal("50.00")
    assert normalised(call_of({})) == {} and leniencies(call_of({})) == {}
