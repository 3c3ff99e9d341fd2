"""Which records are likely to be one recommendation: by the rule, and tried on the real export of UPR Info."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import read, sample

from fundapp.recommendations.rules.pairs import Record, Why, likely, marked, source_of
from fundapp.recommendations.rules.register import Recommended, searchable

RATIFY = "Ratify the Optional Protocol to the Convention against Torture"
CHILD = "Ratify the Optional Protocol to the Convention on the Rights of the Child"
OTHERS = [f"Consider measure {n} on matter {n * 7} without delay" for n in range(20)]


def record(number: int, text: str = RATIFY, states: str = "ISL", **more: Any) -> Record:
    facts: dict[str, Any] = {"state": "SVN", "cycle": 4, "texts": {"en": text}, "states": frozenset(states.split())}
    return Record(number, **{**facts, **more})


def found(*theirs: Record, ours: Record | None = None) -> list[tuple[int, float, str]]:
    noise = [record(100 + n, text, "TUV") for n, text in enumerate(OTHERS)]
    pairs = likely([ours or record(1), *noise], list(theirs))
    return [(pair.theirs, pair.score, " ".join(pair.why)) for pair in pairs]


def test_the_same_words_are_one_whatever_their_signs() -> None:
    assert found(record(2, "ratify the optional protocol, to the convention against TORTURE;")) == [
        (2, 1.0, "same-words same-states")
    ]
    assert found(record(2, states="ISL PRT")) == [(2, 1.0, "same-words states-in-common")]


@pytest.mark.parametrize("more", [{"state": "FJI"}, {"cycle": 3}, {"texts": {"fr": RATIFY}}, {"states": "PRT"}])
def test_what_cannot_be_one(more: dict[str, Any]) -> None:
    assert found(record(2, **more)) == []


def test_sessions_count_where_both_are_known() -> None:
    ours = record(1, session=48)
    assert found(record(2, session=47), ours=ours) == []
    assert len(found(record(2, session=48), ours=ours)) == len(found(record(2), ours=ours)) == 1


def test_words_must_be_more_alike_where_no_states_are_known() -> None:
    near = "Ratify without delay the Protocol to the Convention against Torture and punish torture"
    assert [why for _, _, why in found(record(2, near))] == ["alike-words same-states"]
    assert found(record(2, near, "")) == []
    assert [why for _, _, why in found(record(2, RATIFY + " soon", ""))] == ["alike-words"]


def test_a_part_is_in_the_one_pair_that_is_its_best() -> None:
    lists = [record(1, RATIFY, "ISL PRT"), record(2, f"{RATIFY} and punish", "ISL PRT")]
    info = [record(3, RATIFY, "ISL"), record(4, RATIFY, "PRT"), record(5, "Ratify the treaty on torture", "FJI")]
    assert [(pair.ours, pair.theirs) for pair in likely(lists, info)] == [(1, 3), (1, 4)]
    assert {Why.SAME_WORDS} == {pair.why[0] for pair in likely(lists, info)}
    assert [(pair.ours, pair.theirs) for pair in likely(info, lists)] == [(3, 1), (4, 1)]


def test_nothing_to_compare() -> None:
    assert likely([], []) == [] == likely([record(1)], []) == likely([record(1, "")], [record(2, "-")])
    assert [source_of(one) for one in ("uhri-xlsx", "uhri-json", "upr-info")] == ["uhri", "uhri", "upr-info"]


def test_chinese_is_compared_by_pairs_of_signs() -> None:
    ours, theirs = (
        record(1, texts={"zh": "批准《禁止酷刑公约任择议定书》"}),
        record(2, texts={"zh": "批准禁止酷刑公约任择议定书。"}),
    )
    assert found(theirs, ours=ours)[0][0] == 2


def test_what_differs_is_marked() -> None:
    assert marked("Train all judges", "Train judges, and police") == (
        [(False, "Train "), (True, "all "), (False, "judges")],
        [(False, "Train "), (False, "judges, "), (True, "and police")],
    )
    assert marked("Same", "same;") == ([(False, "Same")], [(False, "same;")])
    long = "word " * 1500
    assert marked(long, "x") == ([(True, long)], [(True, "x")])
    assert marked("禁止", "止") == ([(True, "禁"), (False, "止")], [(False, "止")])
    assert marked("", "") == ([], [])


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_pieces_add_up_to_the_texts(ours: str, theirs: str) -> None:
    for pieces, text in zip(marked(ours, theirs), (ours, theirs), strict=True):
        assert "".join(piece for _, piece in pieces) == text


# ------------------------------------------------------------------------------------------------------ a real file

OTHERWISE = {"ensure": "guarantee", "strengthen": "enhance", "combat": "fight", "continue": "keep", "measures": "steps"}


def reworded(text: str, chance: random.Random) -> str:
    """As another editor writes it: of fifty words three go, three come, and some say the same in other words."""
    words = []
    for word in text.split():
        turn = chance.random()
        if turn >= 0.06:
            words.append(OTHERWISE.get(word.lower(), word) if chance.random() < 0.6 else word)
        if turn > 0.94:
            words.append(chance.choice(["the", "all", "necessary", "further", "its"]))
    return " ".join(words) + chance.choice(["", ";", "."])


def as_a_list(
    rows: list[Recommended], chance: random.Random
) -> tuple[list[Record], list[Record], set[tuple[int, int]]]:
    """A list of the Office made of a State's rows: States in one row where they said the same, a tenth left out."""
    together: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        together[searchable(row.texts["en"]), row.session].append(number)
    ours, truth = [], set()
    for key, numbers in enumerate(together.values()):
        if chance.random() < 0.1:
            continue
        first, states = rows[numbers[0]], frozenset(state for n in numbers for state in rows[n].states)
        ours.append(Record(key, first.state, 2, {"en": reworded(first.texts["en"], chance)}, states))
        truth |= {(key, 10_000 + n) for n in numbers}
    theirs = [
        Record(10_000 + n, row.state, 2, row.texts, frozenset(row.states), row.session) for n, row in enumerate(rows)
    ]
    return ours, theirs, truth


def test_lists_made_of_the_real_export_are_found_again() -> None:
    rows, _ = read(sample("upr_info_sessions_18-20.csv"))
    by_state: dict[str, list[Recommended]] = defaultdict(list)
    for row in rows:
        by_state[row.state].append(row)
    right = wrong = missed = 0
    chance = random.Random(20261127)
    for found_rows in by_state.values():
        ours, theirs, truth = as_a_list(found_rows, chance)
        proposed = {(pair.ours, pair.theirs) for pair in likely(ours, theirs)}
        right, wrong, missed = (
            right + len(proposed & truth),
            wrong + len(proposed - truth),
            missed + len(truth - proposed),
        )
    precision, recall = right / (right + wrong), right / (right + missed)
    assert right > 6_000
    assert precision > 0.995 and recall > 0.99, (precision, recall)


def test_each_of_a_large_review_finds_its_own() -> None:
    chance = random.Random(4)
    rare = [f"w{n}" for n in range(3_000)]
    texts = [" ".join(["the", "State", "should", *chance.sample(rare, 20)]) for _ in range(2_000)]
    ours = [record(n, reworded(text, chance), "ISL PRT") for n, text in enumerate(texts[:300])]
    theirs = [record(10_000 + n, text, chance.choice(["ISL", "PRT"])) for n, text in enumerate(texts)]
    assert len(likely(ours, theirs)) == 300
