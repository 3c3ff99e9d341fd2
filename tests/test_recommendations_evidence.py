"""Evidence for recommendations of the review: how a match is found, what people add and reject, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from evidence_rows import health, letter, number_of, people, take, works
from flask import Flask
from lists import annotation, as_json
from visiting import statements

from fundapp.access.operations import Anonymous, Console
from fundapp.access.policy import Refused, Role
from fundapp.kernel import trail
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.models import EvidenceJudgement
from fundapp.recommendations.operations import judge, undo_import, withdraw_judgement
from fundapp.recommendations.queries import (
    EvidenceFound,
    Which,
    evidence,
    evidence_for,
    imports,
    named_import,
    named_judgement,
    to_add,
)
from fundapp.recommendations.rules import Mechanism, Verdict
from fundapp.recommendations.rules.evidence import Match, Strength, Way, match, seek, strong_enough, target_order
from fundapp.recommendations.themes import related

STRONG = Which(at_least=Strength.TARGET)
WHY = "Paragraph 30 speaks of it."
RELATED = {"right-health": frozenset({"right-food", "right-water"}), "right-food": frozenset({"right-health"})}


def none_related(code: str) -> frozenset[str]:
    return frozenset()


def near(code: str) -> frozenset[str]:
    return RELATED.get(code, frozenset())


# ----------------------------------------------------------------------------------------------------------- rules


@pytest.mark.parametrize(
    ("themes", "goals", "linked", "ways", "strength"),
    [
        (["right-health"], ["3.4", "5.2"], False, "same-theme same-target", Strength.BOTH),
        (["right-health"], ["5"], False, "same-theme", Strength.THEME),
        (["right-life"], ["5.2"], False, "same-target", Strength.TARGET),
        (["right-food"], ["2.1"], False, "related-theme", Strength.RELATED),
        (["right-food"], ["5.2"], False, "same-target related-theme", Strength.TARGET),
        (["right-health"], [], True, "person same-theme", Strength.PERSON),
        ([], [], True, "person", Strength.PERSON),
    ],
)
def test_a_match_has_all_its_ways(
    themes: list[str], goals: list[str], linked: bool, ways: str, strength: Strength
) -> None:
    found = match(seek(["right-health"], ["3.4", "5.2", "16"], near), themes, goals, linked=linked)
    assert found is not None
    assert (" ".join(found.ways), found.strength) == (ways, strength)


def test_a_goal_alone_is_no_match() -> None:
    sought = seek(["right-health"], ["3", "16.3"], near)
    assert match(sought, ["right-life"], ["3", "16"]) is None
    assert match(sought, [], []) is None
    assert match(seek([], [], near), ["right-health"], ["3.4"]) is None


def test_a_match_tells_what_is_in_common() -> None:
    sought = seek(["right-health", "right-food"], ["3.10", "3.2", "3.a", "2"], near)
    found = match(sought, ["right-water", "right-food"], ["3.a", "3.10", "3.2", "2.1"])
    assert found == Match(
        (Way.SAME_THEME, Way.SAME_TARGET, Way.RELATED_THEME),
        ("right-food",),
        (("right-water", "right-health"),),
        ("3.2", "3.10", "3.a"),
        (2, 3),
    )


def test_the_strengths_in_their_order() -> None:
    order = [Strength.RELATED, Strength.TARGET, Strength.THEME, Strength.BOTH, Strength.PERSON]
    assert sorted(Strength, key=lambda one: one.rank) == order
    assert [one for one in order if strong_enough(one, Strength.THEME)] == order[2:]
    assert all(strong_enough(one, None) for one in order)
    assert sorted(["16.10", "3", "3.a", "3.2"], key=target_order) == ["3.2", "3", "3.a", "16.10"]


# --------------------------------------------------------------------------------------------------------- queries


def asked_for(*numbers: int, which: Which = STRONG) -> EvidenceFound:
    found = evidence_for(db.session(), Console(), numbers, "en", which)
    db.session.remove()
    return found


def shown(found: EvidenceFound) -> list[tuple[str, str]]:
    return [(one.listed.symbol, one.strength.value) for one in found.matches]


def test_evidence_for_a_set(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    r7, r8 = number_of("r7"), number_of("r8")
    found = asked_for(r7, r8)
    assert [(one.listed.paragraph, one.listed.number) for one in found.about] == [("140.7", r7), ("140.8", r8)]
    assert shown(found) == [
        ("A/HRC/1", "theme"), ("CEDAW/C/SVN/CO/7", "theme-and-target"), ("CEDAW/C/SVN/CO/7", "target"),
    ]  # fmt: skip
    assert [one.issued for one in found.matches] == [date(2024, 1, 1), date(2023, 3, 15), None]
    assert {hit.number for one in found.matches for hit in one.hits} == {r7}
    assert (found.targets, found.goals, found.total) == (("5.2",), (3, 5), 3)
    assert dict(found.by_mechanism) == {Mechanism.SPECIAL_PROCEDURE: 1, Mechanism.TREATY_BODY: 2}
    assert asked_for(r8).matches == ()


def test_evidence_asks_the_database_as_often_whatever_there_is(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    letter("right-health", "5.2")
    r7, r8, both = number_of("r7"), number_of("r8"), number_of("both")
    people()
    says(Role.REVIEWER, Verdict.REJECTED, r7, found=both)
    asked = []
    for numbers in ([r7], [r7, r8], [r8]):
        with statements() as found:
            evidence_for(db.session(), Console(), numbers)
        asked.append(len(found))
        db.session.remove()
    assert asked == [8, 8, 8]
    with statements() as found:
        evidence(db.session(), Console(), "SVN", ["right-health"], ["5.2"], about=[r7])
    assert len(found) == 5


def test_evidence_is_filtered_and_paged(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    r7 = number_of("r7")
    assert shown(asked_for(r7, which=Which(at_least=Strength.BOTH))) == [("CEDAW/C/SVN/CO/7", "theme-and-target")]
    only = asked_for(r7, which=Which(Mechanism.SPECIAL_PROCEDURE, Strength.TARGET))
    assert (shown(only), only.total) == ([("A/HRC/1", "theme")], 1)
    second = asked_for(r7, which=Which(None, Strength.TARGET, page=2, rows=2))
    assert (shown(second), second.total) == ([("CEDAW/C/SVN/CO/7", "target")], 3)
    every = asked_for(r7, which=Which())
    assert every.total == (4 if "right-food" in related("right-health") else 3)


def test_letters_that_match(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    r7 = number_of("r7")
    same, target = letter("right-health", "5.2"), letter(None, "3.4", "16")
    letter("right-life", "3")
    letter("right-health", state="FJI")
    letter("right-health", letter_withdrawn=now())
    letter("right-health", area_withdrawn=now())
    found = asked_for(r7)
    assert [(one.area.id, one.strength) for one in found.areas] == [(same, Strength.BOTH), (target, Strength.TARGET)]
    assert found.areas[1].area.goals == ("3.4", "16") and found.targets == ("3.4", "5.2")


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([], "address.how-many"), (list(range(1, 52)), "address.how-many"), ([99999], "address.no-recommendation"),
        (["r7", "fiji"], "address.several-states"), (["theme"], "address.not-of-the-review"),
    ],
)  # fmt: skip
def test_what_no_evidence_is_found_for(seeded: Flask, tmp_path: Path, numbers: list[Any], code: str) -> None:
    health(tmp_path)
    take(as_json(tmp_path / "f.json", annotation(AnnotationId="f", Body="UPR", UprSession="48", Countries=["Fiji"])))
    known = {"fiji": number_of("uhri:f:FJI"), "r7": number_of("r7"), "theme": number_of("theme")}
    assert refused(lambda: asked_for(*(known.get(one, one) for one in numbers))) == [code]


def test_only_those_who_may_read(seeded: Flask) -> None:
    for ask in (
        lambda: evidence_for(db.session(), Anonymous(), [1]),
        lambda: evidence(db.session(), Anonymous(), "SVN", [], []),
        lambda: to_add(db.session(), Anonymous(), "SVN", "do", "en"),
    ):
        with pytest.raises(Refused):
            ask()


def test_what_may_be_added_is_found_by_number_symbol_and_words(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    near_by = number_of("near")

    def found(text: str) -> list[str]:
        return [one.listed.text for one in to_add(db.session(), Console(), "SVN", text, "en")]

    assert found("feed") == ["Feed"] == found(str(near_by)) == found("FEED  ")
    assert len(found("cedaw/c/svn")) == 3 and found("%") == [] and found("act do") == ["Do & act."] * 3
    assert found("9" * 30) == [] and found("ratify") == [] and found(" ") == []


# ------------------------------------------------------------------------------------------------------ judgements


def refused(work: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as error:
        work()
    db.session.remove()
    return [fault.code for fault in error.value.faults]


def says(who: Role, verdict: Verdict, about: int, reason: str = WHY, **what: Any) -> int:
    with works(who) as work:
        return judge(work, None, about, verdict, reason, **what).id


def standing() -> list[tuple[str, bool]]:
    found = db.session.execute(
        sa.select(EvidenceJudgement.verdict, EvidenceJudgement.withdrawn_at).order_by(EvidenceJudgement.id)
    )
    told = [(verdict.value, withdrawn is None) for verdict, withdrawn in found]
    db.session.remove()
    return told


def test_a_match_is_rejected_and_taken_back(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    people()
    r7, both, reviewer = number_of("r7"), number_of("both"), Role.REVIEWER
    said = says(reviewer, Verdict.REJECTED, r7, f"  {WHY} ", found=both)
    found = asked_for(r7)
    assert len(found.matches) == 2
    [rejected] = found.rejected
    assert rejected.listed and rejected.listed.number == both
    assert (rejected.judged.reason, rejected.judged.by[:7]) == (WHY, "person:")
    lower = evidence(db.session(), Console(), "SVN", ["right-health"], ["5.2"], about=[r7], which=STRONG)
    assert len(lower.matches) == 2 and len(lower.rejected) == 1
    assert len(evidence(db.session(), Console(), "SVN", ["right-health"], ["5.2"], which=STRONG).matches) == 3
    assert refused(lambda: says(reviewer, Verdict.REJECTED, r7, found=both)) == ["evidence.judged"]
    with works(reviewer) as work:
        withdraw_judgement(work, named_judgement(work.session, said))
    assert len(asked_for(r7).matches) == 3 and asked_for(r7).rejected == ()

    def again() -> None:
        with works(reviewer) as work:
            withdraw_judgement(work, named_judgement(work.session, said))

    assert refused(again) == ["evidence.withdrawn"]
    assert trail.verify(db.session())[1] is None


def test_a_match_is_added_and_a_second_word_takes_the_place_of_the_first(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    people()
    r8, near_by, desk = number_of("r8"), number_of("near"), Role.DESK_OFFICER
    says(desk, Verdict.ADDED, r8, found=near_by)
    assert shown(asked_for(r8)) == [("CEDAW/C/SVN/CO/7", "person")]
    says(desk, Verdict.REJECTED, r8, found=near_by)
    assert standing() == [("added", False), ("rejected", True)]
    assert asked_for(r8).matches == () and len(asked_for(r8).rejected) == 1
    area = letter(None)
    says(desk, Verdict.ADDED, r8, area=area)
    assert [(one.area.id, one.strength) for one in asked_for(r8).areas] == [(area, Strength.PERSON)]
    says(desk, Verdict.REJECTED, r8, area=area)
    assert [one.area.id for one in asked_for(r8).rejected if one.area] == [area]


def test_a_rejection_for_one_leaves_the_match_for_another(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    take(as_json(tmp_path / "m.json", annotation(AnnotationId="r9", Body="UPR", UprSession="48", Text="140.9 Heal")))
    people()
    r7, r9, both, desk = number_of("r7"), number_of("r9"), number_of("both"), Role.DESK_OFFICER
    says(desk, Verdict.REJECTED, r7, found=both)
    found = asked_for(r7, r9)
    [one] = [one for one in found.matches if one.listed.number == both]
    assert [hit.number for hit in one.hits] == [r9] and len(found.rejected) == 1


@pytest.mark.parametrize(
    ("about", "what", "reason", "code"),
    [
        ("r7", {"found": "both"}, "too short", "evidence.reason"),
        ("r7", {"found": "both"}, " " * 20, "evidence.reason"),
        ("r7", {"found": "both"}, "x" * 2001, "evidence.reason"),
        ("both", {"found": "theme"}, WHY, "evidence.not-of-the-review"),
        ("r7", {"found": "r8"}, WHY, "evidence.of-the-review"),
        ("r7", {"found": "r7"}, WHY, "evidence.of-the-review"),
        ("r7", {"found": "uhri:where:FJI"}, WHY, "evidence.other-state"),
        ("r7", {"found": 999_999}, WHY, "evidence.not-standing"),
        (999_999, {"found": "both"}, WHY, "evidence.not-standing"),
        ("r7", {"area": 999_999}, WHY, "evidence.no-area"),
        ("r7", {}, WHY, "evidence.one-match"),
        ("r7", {"found": "both", "area": 1}, WHY, "evidence.one-match"),
    ],
)
def test_what_nobody_may_say(
    seeded: Flask, tmp_path: Path, about: Any, what: dict[str, Any], reason: str, code: str
) -> None:
    health(tmp_path)
    people()
    desk = Role.DESK_OFFICER
    number = about if isinstance(about, int) else number_of(about)
    given = {name: one if isinstance(one, int) else number_of(one) for name, one in what.items()}
    assert refused(lambda: says(desk, Verdict.ADDED, number, reason, **given)) == [code]
    assert standing() == []


def test_a_withdrawn_letter_and_another_states_are_no_evidence(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    people()
    r7, desk = number_of("r7"), Role.DESK_OFFICER
    for area, code in (
        (letter(None, letter_withdrawn=now()), "evidence.no-area"),
        (letter(None, area_withdrawn=now()), "evidence.no-area"),
        (letter(None, state="FJI"), "evidence.other-state"),
    ):
        assert refused(lambda area=area: says(desk, Verdict.ADDED, r7, area=area)) == [code]  # type: ignore[misc]


def test_who_may_judge(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    people()
    r7, both, allowed = number_of("r7"), number_of("both"), set()
    for role in Role:
        try:
            withdrawn = says(role, Verdict.REJECTED, r7, found=both)
        except Refused:
            db.session.remove()
            continue
        allowed.add(role)
        with works(role) as work:
            withdraw_judgement(work, named_judgement(work.session, withdrawn))
    assert allowed == {Role.SECRETARY, Role.DESK_OFFICER, Role.REVIEWER}


def test_what_was_judged_stays_even_withdrawn(seeded: Flask, tmp_path: Path) -> None:
    """An import whose recommendations somebody spoke of cannot be undone: what was said is part of what happened."""
    health(tmp_path)
    people()
    r7, both, desk = number_of("r7"), number_of("both"), Role.DESK_OFFICER
    said = says(desk, Verdict.REJECTED, r7, found=both)
    [kept] = [one.id for one in imports(db.session())]

    def undo() -> None:
        with unit_of_work(Console()) as work:
            undo_import(work, named_import(work.session, kept))

    assert refused(undo) == ["import.in-use"]
    with works(desk) as work:
        withdraw_judgement(work, named_judgement(work.session, said))
    assert refused(undo) == ["import.in-use"]
