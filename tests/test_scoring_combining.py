"""How sheets become a ranking, held against fractions worked out in the plainest way."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.scoring.rules.combining import Candidate, Kind, Mark, Ranked, Sheet, Terms, ranked, sheets_of
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.totals import deviation, printed, spread

Steps = tuple[int | None, ...]


def scale(code: str, weight: int, lowest: int = 0, highest: int = 4, threshold: Decimal | None = None) -> Scale:
    return Scale(0, code, {}, {}, weight, lowest, highest, True, threshold, {})


FIVE = [scale(code, 20) for code in "abcde"]
MIXED = [scale("a", 50, 0, 4), scale("b", 30, 1, 5), scale("c", 20, 0, 10)]


def rank_of(
    sheets: Mapping[int, Sequence[Steps]], scales: Sequence[Scale] = FIVE, wanted: int = 2
) -> dict[int, Ranked]:
    """The ranking of these sheets, by proposal."""
    given = [
        Sheet(proposal, reviewer, steps) for proposal, those in sheets.items() for reviewer, steps in enumerate(those)
    ]
    return {one.proposal: one for one in ranked(map(Candidate, sheets), given, Terms(scales, wanted))}


def flags(found: Ranked) -> list[str]:
    return [str(flag) for flag in found.flags]


def half_up(value: Fraction) -> Decimal:
    """Two decimals of a fraction, in plain sight."""
    with localcontext() as context:
        context.prec = 60
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_ties_share_a_rank() -> None:
    found = rank_of({7: [(1,) * 5] * 2, 5: [(4,) * 5] * 2, 9: [(2,) * 5, (4,) * 5], 4: [(3,) * 5] * 2})
    assert [(one.proposal, one.rank, one.total) for one in found.values()] == [
        (5, 1, Decimal("100.00")), (9, 2, Decimal("75.00")), (4, 2, Decimal("75.00")), (7, 4, Decimal("25.00")),
    ]  # fmt: skip


def test_what_rounds_to_the_same_shares_a_rank() -> None:
    seventh = [scale("a", 99, 0, 7), scale("b", 1, 0, 10)]
    found = rank_of({1: [(1, 1)], 2: [(1, 1), (1, 1)]}, seventh)
    assert found[1].rank == found[2].rank == 1
    close = [scale("a", 9_999, 0, 1), scale("b", 1, 0, 10)]
    tied = rank_of({1: [(1, 9)], 2: [(1, 8)]}, close)  # 99.999 and 99.998
    assert {one.total for one in tied.values()} == {Decimal("100.00")} and {one.rank for one in tied.values()} == {1}


def test_a_step_not_applicable_is_left_out_and_never_zero() -> None:
    found = rank_of({1: [(4, None, 4), (4, None, 8)]}, MIXED)[1]
    # 50 and 20 of the weights are left: (50 x 1 + 20 x 0.6) / 70
    assert (found.total, found.spreads[1]) == (half_up(Fraction(6_200, 70)), None)
    one_skips = rank_of({1: [(4, None, 4), (4, 3, 8)]}, MIXED)[1]
    assert one_skips.total == half_up(Fraction(50 + 15 + 12)) and one_skips.spreads[1] == spread((3,))
    assert one_skips.own == (half_up(Fraction(5_800, 70)), Decimal("81.00"))
    nothing = rank_of({1: [(None,) * 3] * 2, 2: [(0, 1, 0)] * 2}, MIXED)
    assert (nothing[1].total, nothing[1].rank, nothing[1].sd) == (None, None, None)
    assert flags(nothing[1]) == ["not-applicable-only"] and (nothing[2].total, nothing[2].rank) == (Decimal("0.00"), 1)


def test_what_is_said_beside_a_rank() -> None:
    scales = [scale("a", 50, threshold=Decimal("2.5")), scale("b", 50)]
    sheets = [Sheet(1, 1, (2, 1)), Sheet(1, 2, (2, 3)), Sheet(2, 1, (3, 3)), Sheet(4, 1, (4, 4))]
    candidates = [Candidate(1), Candidate(2, excepted=True), Candidate(3), Candidate(4, left_out="withdrawn")]
    found = ranked(candidates, sheets, Terms(scales, 2, Decimal(60), {2}))
    assert [(one.proposal, one.rank, flags(one)) for one in found] == [
        (2, 1, ["few-sheets:1/2", "exception", "one-reviewer"]),
        (1, 2, ["under-threshold", "under-threshold:a", "apart:b", "lost-role"]),
        (3, None, ["few-sheets:0/2"]),
        (4, None, ["left-out:withdrawn"]),
    ]
    assert (found[0].sd, found[0].n, found[3].sheets) == (None, 1, ())
    assert [flag.found for flag in found[1].flags if flag.kind is Kind.LOST] == [1]


def test_a_call_without_criteria_ranks_nothing() -> None:
    found = ranked([Candidate(1)], [Sheet(1, 1, ())], Terms([], 1))
    assert [(one.total, one.rank) for one in found] == [(None, None)]


def test_a_spread() -> None:
    found = spread((1, 2, 2, 4))
    assert (found.n, found.lowest, found.highest, found.apart) == (4, 1, 4, True)
    assert (found.mean, found.median, found.sd) == (Decimal("2.25"), Decimal(2), Decimal("1.26"))
    assert (spread((3, 4)).median, spread((3, 4)).apart, spread((3,)).sd) == (Decimal("3.5"), False, None)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ((1, 8), "0.13"), ((1, 200), "0.01"), ((-1, 200), "-0.01"), ((49, 10_000), "0.00"), ((200, 3), "66.67"),
        ((0, 7), "0.00"),
    ],
)  # fmt: skip
def test_two_decimals_half_up(value: tuple[int, int], said: str) -> None:
    assert printed(*value) == Decimal(said) == half_up(Fraction(*value))


def test_marks_are_sheets() -> None:
    marks = [Mark(1, 2, code, step) for code, step in (("b", None), ("a", 3), ("c", 10))]
    assert sheets_of(marks, MIXED) == (Sheet(1, 2, (3, None, 10)),)


# ----------------------------------------------------------------------------------------------------- for any sheets

SHEET = st.tuples(
    *(st.one_of(st.none(), st.integers(one.lowest, one.highest)) for one in MIXED)
)  # what may be given on each
CALL = st.dictionaries(st.integers(1, 30), st.lists(SHEET, max_size=6), max_size=8)


def plain_total(columns: Sequence[Sequence[int]]) -> Fraction | None:
    """The total as the formula says it, in fractions."""
    scored = [(column, one) for column, one in zip(columns, MIXED, strict=True) if column]
    if not scored:
        return None
    shares = [
        one.weight * (Fraction(sum(column), len(column)) - one.lowest) / (one.highest - one.lowest)
        for column, one in scored
    ]
    return 100 * sum(shares, Fraction(0)) / sum(one.weight for _, one in scored)


def columns_of(sheets: Sequence[Steps]) -> list[list[int]]:
    return [[step for sheet in sheets if (step := sheet[place]) is not None] for place in range(len(MIXED))]


@given(CALL)
def test_totals_are_the_formula_and_ranks_go_by_them(call: dict[int, list[Steps]]) -> None:
    found = rank_of(call, MIXED)
    assert set(found) == set(call)
    totals = {key: plain_total(columns_of(sheets)) for key, sheets in call.items()}
    for key, one in found.items():
        exact = totals[key]
        assert one.exact == exact and one.total == (None if exact is None else half_up(exact))
        if one.total is None:
            assert one.rank is None
        else:
            assert 0 <= one.total <= 100
            assert one.rank == 1 + sum(1 for other in found.values() if (other.total or -1) > one.total)
    ranks = [one.rank for one in found.values()]
    assert ranks == sorted(ranks, key=lambda rank: (rank is None, rank or 0))


@given(CALL)
def test_spreads_and_deviations_are_those_of_the_sheets(call: dict[int, list[Steps]]) -> None:
    for key, one in rank_of(call, MIXED).items():
        for each, column in zip(one.spreads, columns_of(call[key]), strict=True):
            assert (each is None) == (not column)
            if each:
                assert each.exact == Fraction(sum(column), len(column)) and each.mean == half_up(each.exact)
                assert each.median == Decimal(str(statistics.median(column)))
                assert (each.lowest, each.highest) == (min(column), max(column))
                assert each.apart == (max(column) - min(column) >= 2)
        owns = [plain_total(columns_of([sheet])) for sheet in call[key]]
        told = [own for own in owns if own is not None]
        assert one.own == tuple(None if own is None else half_up(own) for own in owns)
        assert (one.sd is None) == (len(told) < 2)
        if one.sd is not None:
            mean = sum(told, Fraction(0)) / len(told)
            variance = sum(((own - mean) ** 2 for own in told), Fraction(0)) / (len(told) - 1)
            assert one.sd == root(variance)


def root(square: Fraction) -> Decimal:
    """A square root to two decimals, with sixty digits on the way."""
    with localcontext() as context:
        context.prec = 60
        return (Decimal(square.numerator) / Decimal(square.denominator)).sqrt().quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(CALL)
def test_the_order_of_sheets_changes_nothing(call: dict[int, list[Steps]]) -> None:
    turned = {key: list(reversed(sheets)) for key, sheets in call.items()}
    one, other = rank_of(call, MIXED), rank_of(turned, MIXED)
    for key in call:
        assert (one[key].total, one[key].rank, one[key].spreads, one[key].sd, one[key].flags) == (
            other[key].total, other[key].rank, other[key].spreads, other[key].sd, other[key].flags,
        )  # fmt: skip


@given(CALL, st.integers(1, 30))
def test_without_one_proposal_the_others_stand_as_if_it_had_never_been(call: dict[int, list[Steps]], gone: int) -> None:
    rest = {key: sheets for key, sheets in call.items() if key != gone}
    whole, without = rank_of(call, MIXED), rank_of(rest, MIXED)
    assert [whole[key].total for key in rest] == [without[key].total for key in rest]
    ranks = [one.rank for one in without.values() if one.rank]
    assert not ranks or min(ranks) == 1


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 12)), min_size=2, max_size=8))
def test_a_deviation_is_right_to_its_last_digit(values: list[tuple[int, int]]) -> None:
    exact = [Fraction(*value) for value in values]
    mean = sum(exact, Fraction(0)) / len(exact)
    assert deviation(values) == root(sum(((one - mean) ** 2 for one in exact), Fraction(0)) / (len(exact) - 1))
