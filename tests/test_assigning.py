"""Plans of who scores what: as good as the best of all plans there are, never with an interest, the same each time."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest

from fundapp.scoring.rules.assigning import Plan, Want, needed_for, plan, reads
from fundapp.scoring.rules.rounds import Interest, Reviewer, ToScore, interests

Cost = tuple[int, int, int]
LANGUAGES = ("en", "fr", "es")


def person(key: int, languages: str = "en", **more: Any) -> Reviewer:
    return Reviewer(key, f"Reviewer {key}", frozenset(languages.split()), **more)


def proposal(key: int, language: str = "en", **more: Any) -> ToScore:
    return ToScore(key, f"2026-1-{key:03}", language, more.pop("country", "FJI"), more.pop("office", 1), **more)


def want(proposals: list[ToScore], people: list[Reviewer], sheets: int = 2, **more: Any) -> Want:
    load: dict[int, int] = more.pop("load", {})
    needed = needed_for(sheets, Counter({one.id: len(one.by) for one in proposals}), proposals)
    return Want(tuple(proposals), tuple(people), needed, load, **more)


def cost(asked: Want, pairs: list[tuple[int, int]]) -> Cost:
    """What a plan costs, counted anew."""
    given = Counter(one for one, _ in pairs)
    taken = Counter(two for _, two in pairs)
    known = {one.id: one for one in asked.proposals}
    people = {one.id: one for one in asked.reviewers}
    return (
        sum((asked.needed[key] - given[key]) ** 2 for key in known),
        sum(not reads(people[two], known[one]) for one, two in pairs),
        sum((asked.load.get(key, 0) + taken[key]) ** 2 for key in people),
    )


def lawful(asked: Want, pairs: list[tuple[int, int]]) -> bool:
    taken = Counter(two for _, two in pairs)
    people = {one.id: one for one in asked.reviewers}
    return all(
        one.most is None or not taken[key] or asked.load.get(key, 0) + taken[key] <= one.most
        for key, one in people.items()
    )


def best_of_all(asked: Want) -> Cost:
    """The least cost among all plans."""
    ways = []
    for one in asked.proposals:
        able = [
            two.id
            for two in asked.reviewers
            if two.id not in one.by and not interests(two, one, bars_nationality=asked.bars_nationality)
        ]
        many = range(min(asked.needed[one.id], len(able)) + 1)
        ways.append([[(one.id, key) for key in some] for count in many for some in combinations(able, count)])
    plans = ([pair for part in way for pair in part] for way in product(*ways))
    return min(cost(asked, pairs) for pairs in plans if lawful(asked, pairs))


def at_random(seed: int) -> Want:
    dice = random.Random(seed)
    people = [
        person(
            key,
            " ".join(dice.sample(LANGUAGES, dice.randint(0, 2))),
            most=dice.choice((None, None, 1, 2, 3)),
            nationality=dice.choice((None, "FJI", "SEN")),
            offices=frozenset(dice.sample((1, 2), dice.randint(0, 1))),
            worked_on=frozenset(dice.sample(range(10, 15), dice.randint(0, 1))),
            closed=frozenset(dice.sample(range(10, 15), dice.randint(0, 1))),
        )
        for key in range(1, dice.randint(2, 5))
    ]
    proposals = [
        proposal(
            key,
            dice.choice(LANGUAGES),
            country=dice.choice(("FJI", "SEN", "PER")),
            office=dice.choice((1, 2, 3)),
            by=frozenset(dice.sample([one.id for one in people], dice.randint(0, 1))),
            courtesy=dice.choice(("", "", "en")),
        )
        for key in range(10, 10 + dice.randint(1, 5))
    ]
    load = Counter(key for one in proposals for key in one.by)
    return want(proposals, people, dice.randint(1, 3), load=load, bars_nationality=dice.random() < 0.7)


@pytest.mark.parametrize("seed", range(300))
def test_no_plan_is_better(seed: int) -> None:
    asked = at_random(seed)
    found = plan(asked)
    pairs = list(found.pairs)
    assert len(set(pairs)) == len(pairs) and lawful(asked, pairs)
    known, people = {one.id: one for one in asked.proposals}, {one.id: one for one in asked.reviewers}
    for one, two in pairs:
        assert two not in known[one].by
        assert not interests(people[two], known[one], bars_nationality=asked.bars_nationality)
    assert cost(asked, pairs) == best_of_all(asked)
    assert found == plan(asked)
    given = Counter(one for one, _ in pairs)
    assert {one.proposal.id: one.sheets for one in found.short} == {
        key: asked.needed[key] - given[key] for key in known if asked.needed[key] > given[key]
    }


def test_the_load_is_alike_and_languages_come_first() -> None:
    people = [person(1, "en"), person(2, "en fr"), person(3, "fr")]
    french, english = [proposal(key, "fr") for key in range(10, 14)], [proposal(key) for key in range(20, 24)]
    found = plan(want(french + english, people, 1))
    assert not found.strange and not found.short
    assert sorted(found.load.values()) == [2, 3, 3]
    found = plan(want(english, [person(1, "en"), person(2, "es")], 1))
    assert found.load == {1: 4, 2: 0}  # who reads it, however many that makes
    found = plan(want(english, [person(1, "en", most=3), person(2, "es")], 1))
    assert found.load == {1: 3, 2: 1} and len(found.strange) == 1
    found = plan(want([replace(english[0], language="ar", courtesy="es")], [person(1, "en"), person(2, "es")], 1))
    assert found.pairs == ((20, 2),)


def test_what_cannot_be_filled_says_why() -> None:
    people = [
        person(1, offices=frozenset({1})),
        person(2, nationality="FJI"),
        person(3, worked_on=frozenset({10})),
        person(4, closed=frozenset({10})),
        person(5, most=0),
        person(6),
    ]
    [short] = plan(want([proposal(10, by=frozenset({6}))], people, 3)).short
    assert short.sheets == 2
    assert {kind: [one.id for one in some] for kind, some in short.interests.items()} == {
        Interest.OFFICE: [1],
        Interest.NATIONALITY: [2],
        Interest.WORKED: [3],
        Interest.KEPT: [4],
    }
    assert [one.id for one in short.full] == [5]
    again = plan(want([proposal(10, by=frozenset({6}))], people, 3, bars_nationality=False))
    assert again.pairs == ((10, 2),) and again.short[0].sheets == 1


def test_what_is_short_is_shared() -> None:
    """With two sheets for two proposals that need two each, each gets one."""
    found = plan(want([proposal(10), proposal(11)], [person(1, most=1), person(2, most=1)], 2))
    assert sorted(one for one, _ in found.pairs) == [10, 11]
    assert [one.sheets for one in found.short] == [1, 1]


def test_nobody_and_nothing() -> None:
    assert plan(want([], [], 2)) == Plan((), {}, frozenset(), ())
    assert plan(want([proposal(10)], [], 2)).short[0].sheets == 2
    assert plan(want([proposal(10, by=frozenset({1, 2}))], [person(1), person(2)], 2)).pairs == ()


def test_a_large_call_is_planned_in_seconds() -> None:
    dice = random.Random(7)
    people = [person(key, " ".join(dice.sample(LANGUAGES, 2)), offices=frozenset({key % 13})) for key in range(1, 25)]
    proposals = [proposal(key, dice.choice(LANGUAGES), office=dice.randint(0, 12)) for key in range(100, 700)]
    begun = time.perf_counter()
    found = plan(want(proposals, people, 3))
    assert time.perf_counter() - begun < 20
    assert not found.short and not found.strange and max(found.load.values()) - min(found.load.values()) <= 1
