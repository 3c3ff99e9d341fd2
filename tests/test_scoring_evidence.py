"""What is laid beside each criterion: read from what was handed in and from the register, with few questions asked; and
the page that tells how a step was suggested."""

from __future__ import annotations

import json
from datetime import date
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from calls import fund, someone
from evidence_rows import health, letter, number_of, people, works
from flask import Flask, url_for
from scoring import CODES, assigned, eligible, opened_round, reviewers
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.operations import Anonymous, Console
from fundapp.access.policy import Refused, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import last_version
from fundapp.recommendations.operations import judge
from fundapp.recommendations.rules import Verdict
from fundapp.recommendations.rules.evidence import Strength
from fundapp.scoring.operations.assigning import recuse_reviewer
from fundapp.scoring.queries.evidence import SHOWN, Beside, Laid, laid, years_before
from fundapp.scoring.queries.rounds import scales_now
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.suggestion import RULES
from fundapp.scoring.words import BESIDE, FACTS, KINDS

MOST_QUERIES, MOST_ON_A_PAGE = 9, 15
HERE = "/UPR/scoring/criteria"
TREATY, LETTER, SYSTEMS, GOALS, GENDER = CODES
DAY = date(2025, 6, 1)
Sections = dict[str, Any]


@pytest.fixture(autouse=True)
def one_click(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration's people sign in without proof."""
    if "shown" in request.fixturenames:
        monkeypatch.setitem(request.getfixturevalue("shown").config, "FUNDAPP_DEMONSTRATION", True)


def handed_in(*numbers: int, **sections: Any) -> str:
    """What a version has: the recommendations that it names, and its other sections."""
    whole: Sections = {"recommendations": {"linked": [{"number": str(number)} for number in numbers]}, **sections}
    return json.dumps({"reference": "2031-1-001", "sections": whole})


def beside(text: str, *, state: str | None = "SVN", on: date = DAY, actor: Any = None, language: str = "en") -> Beside:
    return laid(db.session(), actor or Console(), text, scales_now(db.session(), fund()), state, on, language)


def on(code: str, *numbers: int, when: date = DAY, state: str | None = "SVN", **sections: Any) -> Laid:
    """What is laid beside one criterion."""
    return beside(handed_in(*numbers, **sections), on=when, state=state).by_criterion[code]


def sources(found: Laid) -> list[str]:
    return [one.source for one in found.items]


# --------------------------------------------------------------------------------------------- what the register knows


@pytest.mark.parametrize(
    ("when", "bodies", "same", "step"),
    [
        (date(2023, 3, 14), 0, 0, 1),  # the day before the first was issued
        (date(2023, 3, 15), 1, 1, 2),
        (date(2023, 12, 31), 1, 1, 2),
        (date(2024, 1, 1), 2, 1, 3),
        (date(2028, 3, 15), 2, 1, 3),  # five years on
        (date(2028, 3, 16), 1, 0, 2),
        (date(2029, 1, 2), 0, 0, 1),
    ],
)
def test_recent_is_what_was_issued_in_the_five_years_before_the_day(
    seeded: Flask, tmp_path: Path, when: date, bodies: int, same: int, step: int
) -> None:
    health(tmp_path)
    found = on(TREATY, number_of("r7"), when=when)
    assert found.facts == {
        "recommendations": 1, "matches": 3, "bodies-recent": bodies, "bodies-same-measure": same,
    }  # fmt: skip
    assert found.step == step


def test_matches_tell_where_they_stand_how_strong_they_are_and_what_they_are_on(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    r7, r8 = number_of("r7"), number_of("r8")
    found = on(TREATY, r7, r8)
    assert [(one.strength, one.on) for one in found.items] == [
        ("theme-and-target", date(2023, 3, 15)), ("theme", date(2024, 1, 1)), ("target", None),
    ]  # fmt: skip
    assert {one.of for one in found.items} == {("140.7",)}
    assert {one.language for one in found.items} == {"en"} and found.every == (r7, r8)
    assert sources(found)[1] == "SR on health A/HRC/1"


def test_what_people_said_of_a_match_counts(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    people()
    r7, both, near = number_of("r7"), number_of("both"), number_of("near")
    assert on(TREATY, r7).step == 3
    with works(Role.REVIEWER) as work:
        judge(work, None, r7, Verdict.REJECTED, "It speaks of something else.", found=both)
    assert on(TREATY, r7).step == 2  # one body is left
    with works(Role.REVIEWER) as work:
        judge(work, None, r7, Verdict.ADDED, "Paragraph 30 asks for the same.", found=near)
    found = on(TREATY, r7)
    assert found.facts["bodies-same-measure"] == 1 and found.items[0].strength == "person" and found.step == 3


def test_a_recommendation_that_is_not_there_hides_nothing_of_the_others(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    letter("right-health", "5.2")
    r7 = number_of("r7")
    alone = beside(handed_in(r7)).by_criterion
    for others in ((999_999,), (number_of("both"),), (number_of("uhri:where:FJI"), r7)):
        assert beside(handed_in(r7, *others)).by_criterion == alone, others
    assert (alone[TREATY].step, alone[LETTER].step) == (3, 4)


@pytest.mark.parametrize("state", ["SVN", "FJI", None])
def test_nothing_is_suggested_where_no_recommendation_is_known(
    seeded: Flask, tmp_path: Path, state: str | None
) -> None:
    health(tmp_path)
    letter("right-health", "5.2")
    numbers = () if state == "SVN" else (number_of("r7"),)
    for code in (TREATY, LETTER):
        found = on(code, *numbers, state=state)
        assert (found.step, found.items, found.facts["recommendations"], found.every) == (None, (), 0, ())


@pytest.mark.parametrize(
    ("theme", "goals", "step", "strength"),
    [
        ("right-health", ("5.2",), 4, "theme-and-target"),
        ("right-health", (), 3, "theme"),
        (None, ("5.2",), 2, "target"),
        ("sexual-reproductive-health-rights", (), 1, "related"),
        ("right-work", ("16",), 0, ""),
    ],
)
def test_an_area_of_a_letter_by_how_it_matches(
    seeded: Flask, tmp_path: Path, theme: str | None, goals: tuple[str, ...], step: int, strength: str
) -> None:
    health(tmp_path)
    letter(theme, *goals)
    letter(theme, *goals, state="FJI")  # to another State
    found = on(LETTER, number_of("r7"))
    assert (found.step, found.facts["letters"]) == (step, 1)
    assert [(one.strength, one.on, one.of) for one in found.items] == (
        [(strength, date(2025, 10, 1), ("140.7",))] if strength else []
    )


def test_without_a_letter_nothing_is_suggested_on_it(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    assert on(LETTER, number_of("r7")).step is None
    letter("right-health", "5.2", letter_withdrawn=now())
    found = on(LETTER, number_of("r7"))
    assert (found.step, found.facts["letters"], found.items) == (None, 0, ())


def test_whoever_may_not_read_the_register_is_laid_nothing_of_it(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    with pytest.raises(Refused):
        beside(handed_in(number_of("r7")), actor=Anonymous())


# --------------------------------------------------------------------------------------------- what the proposal says

INDICATORS = [
    {"id": "I1", "of": "C1", "baseline": "0", "target": "3", "by_sex": "no"},
    {"id": "I2", "of": "P1", "baseline": "0", "target": "40", "by_sex": "yes"},
    {"id": "I3", "of": "P1", "baseline": "0", "by_sex": "yes"},
]
RESULTS = {"outcomes": [{"id": "C1"}], "outputs": [{"id": "P1", "outcome": "C1"}], "indicators": INDICATORS}


def test_national_systems_counts_what_is_filled_in_and_judges_no_word(seeded: Flask) -> None:
    said = {"strengthening": "The mechanism stays.", "bodies": "The mechanism", "laws": "قانون الميزانية"}
    after, partners = {"afterwards": "Le ministère paie."}, {"country": "SVN", "partners": "The ministry"}
    more: Sections = {"national-systems": said, "country": partners, "sustainability": after, "results": RESULTS}
    found = on(SYSTEMS, **more)
    assert found.step == 4
    assert found.facts == {"bodies": 1, "laws": 1, "strengthening": 1, "afterwards": 1, "outcome-indicators": 1}
    assert [one.kind for one in found.items] == ["bodies", "laws", "strengthening", "afterwards", "partners"]
    assert {one.language for one in found.items} == {"own"}
    unmeasured = {**RESULTS, "indicators": INDICATORS[1:]}  # of outputs alone
    assert on(SYSTEMS, **more | {"results": unmeasured}).step == 3
    assert on(SYSTEMS).step == 0 and on(SYSTEMS).items == ()


def test_targets_are_shared_by_target_or_by_a_goal_that_has_none_and_come_first(seeded: Flask, tmp_path: Path) -> None:
    health(tmp_path)  # the first recommendation is on 3.4 and 5.2
    said = {"targets": ["16.6", "5.2", "3.8", "3.4"], "alignment": "Reports feed the national review."}
    found = on(GOALS, number_of("r7"), goals=said)
    assert [(one.kind, one.text) for one in found.items[1:]] == [
        ("shared", "5.2"), ("shared", "3.4"), ("target", "16.6"), ("target", "3.8"),
    ]  # fmt: skip
    assert (found.facts["targets"], found.facts["targets-shared"], found.step) == (4, 2, 2)
    complete = {**RESULTS, "indicators": INDICATORS[:2]}
    assert on(GOALS, number_of("r7"), goals=said, results=RESULTS).step == 3  # an indicator has no target
    assert on(GOALS, number_of("r7"), goals=said, results=complete).step == 4
    assert on(GOALS, goals=said, results=complete).step == 1  # no recommendation shares them


def test_what_the_work_and_the_goals_share_is_shown_however_many_targets_are_named(seeded: Flask) -> None:
    found = on(GOALS, goals={"targets": [f"3.{n}" for n in range(1, 10)], "alignment": "Together."})
    assert (found.items[0].kind, len(found.items), found.total) == ("alignment", SHOWN, 10)


def budget_lines(*parts: tuple[str, str]) -> dict[str, Any]:
    lines = [
        {"id": f"B{n}", "class": "120", "what": "x", "unit": "day", "unit_cost": cost, "quantity": "1", "activity": of}
        for n, (of, cost) in enumerate(parts, 1)
    ]
    return {"lines": lines}


PLANNED = {"planned": [{"id": "A1", "marker": "2"}, {"id": "A2", "marker": "1"}, {"id": "A3", "marker": "3"}]}


@pytest.mark.parametrize(
    ("lines", "share"),
    [
        ([("A1", "50.00"), ("A2", "50.00")], 50),
        ([("A1", "49.99"), ("A2", "50.01")], 49),  # never rounded up
        ([("A1", "20.00"), ("A3", "20.00"), ("", "60.00")], 40),  # what is for all activities is for none of them
        ([("A9", "10.00")], 0),  # of an activity that is not planned
        ([("A1", "a lot")], 0),  # not understood
        ([], 0),
    ],
)
def test_the_share_of_the_budget_on_activities_that_carry_the_marker(
    seeded: Flask, lines: list[tuple[str, str]], share: int
) -> None:
    found = on(GENDER, activities=PLANNED, budget=budget_lines(*lines))
    assert found.facts["budget-share"] == share


def test_the_gender_perspective_as_it_is_counted(seeded: Flask) -> None:
    analysis = "Women are half of those who are trained, and they chair the working groups on the budget."
    parts: Sections = {
        "results": RESULTS, "activities": PLANNED, "budget": budget_lines(("A1", "60.00"), ("A2", "40.00")),
    }  # fmt: skip
    found = on(GENDER, gender={"marker": "3", "analysis": analysis}, **parts)
    assert found.facts == {"marker": 3, "by-sex-share": 66, "budget-share": 60, "analysis": 17}
    assert found.step == 4
    assert on(GENDER, gender={"marker": "2", "analysis": analysis}, **parts).step == 3
    for marker in ("", "²", "٣", "4", "-1", "many"):  # what is no marker is none
        assert on(GENDER, gender={"marker": marker, "analysis": analysis}, **parts).facts["marker"] == 0, marker
    assert on(GENDER).step == 0


def test_a_version_with_nothing_or_with_strange_things_in_it_is_read(seeded: Flask) -> None:
    strange: Sections = {
        "recommendations": {"linked": [{"number": "²"}, {"number": "-1"}, {"number": "9" * 40}, {}]},
        "results": {"indicators": "none"}, "goals": {}, "budget": {"lines": [{"id": "B1"}]},
    }  # fmt: skip
    for sections in ({}, strange):
        text = json.dumps({"reference": "2031-1-001", "sections": sections})
        steps = [one.step for one in beside(text).by_criterion.values()]
        assert steps == [None, None, 0, 0, 0], sections


def test_a_criterion_of_the_funds_own_has_no_rule(seeded: Flask) -> None:
    own = Scale(0, "of-the-fund", {}, {}, 100, 0, 4, True, None, {})
    found = laid(db.session(), Console(), handed_in(), [own], "SVN", DAY, "en")
    assert found.by_criterion == {"of-the-fund": Laid((), 0, {}, None)}


def test_five_years_before_a_leap_day() -> None:
    assert years_before(date(2024, 2, 29), 5) == date(2019, 2, 28)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)
    assert years_before(date(2026, 11, 28), 5) == date(2021, 11, 28)


# ------------------------------------------------------------------------------------------------ on the demonstration


def test_every_proposal_of_the_demonstration_is_laid_out_in_nine_queries(shown: Flask) -> None:
    scales = scales_now(db.session(), fund())
    asked = sa.select(Proposal).order_by(Proposal.id)
    known = [(one, version) for one in db.session.scalars(asked) if (version := last_version(db.session(), one))]
    assert len(known) > 40
    steps: dict[str, set[int | None]] = {code: set() for code in CODES}
    for turn, (proposal, version) in enumerate(known):
        language = LANGUAGES[turn % len(LANGUAGES)]
        with statements() as told:
            found = laid(db.session(), Console(), version.content, scales, proposal.country, DAY, language)
        assert len(told) <= MOST_QUERIES
        for code, one in found.by_criterion.items():
            holds_together(one)
            steps[code].add(one.step)
    assert all(len(found) > 1 for code, found in steps.items() if code != SYSTEMS), steps


def holds_together(found: Laid) -> None:
    """What is laid out has words, opens something, and is no more than is shown at once."""
    assert len(found.items) <= SHOWN and found.total >= len(found.items)
    assert set(found.facts) <= set(FACTS)
    for one in found.items:
        assert one.kind in KINDS and (not one.strength or one.strength in set(Strength))
        if one.endpoint:
            assert url_for(one.endpoint, **({"fund": "UPR"} | dict(one.values)))


def test_facts_are_those_that_the_rules_ask_for(seeded: Flask) -> None:
    found = beside(handed_in()).by_criterion
    assert set(found) == set(BESIDE)
    for code, one in found.items():
        rule = RULES[code]
        needed = {fact for needs in (rule.knows, *(clause.needs for clause in rule.clauses)) for fact, _ in needs}
        assert needed <= set(one.facts), code


# ----------------------------------------------------------------------------------------- how was this suggested


@pytest.mark.parametrize("code", CODES)
def test_the_page_prints_the_rule_that_runs(shown: Flask, code: str) -> None:
    client = as_a(shown, "field-officer")  # offices write for it
    page = text_of(client, f"{HERE}/{code}/how")
    for clause in RULES[code].clauses:
        with shown.test_request_context():
            assert all(escape(str(FACTS[fact])) in page for fact, _least in clause.needs)
    with statements() as asked:
        client.get(f"{HERE}/{code}/how")
    assert len(asked) <= MOST_ON_A_PAGE


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_there_in_every_language(shown: Flask, language: str) -> None:
    client = as_a(shown, "secretary")
    reference = eligible()[0].reference
    page = text_of(client, f"{HERE}/{GENDER}/how?proposal={reference}&lang={language}")
    assert f'lang="{language}"' in page and ('dir="rtl"' in page.split("<body")[0]) == (language == "ar")


@pytest.mark.parametrize("code", ["nothing", "é" * 300, "treaty-body-overlap "])
def test_the_page_of_what_is_no_criterion_is_not_there(shown: Flask, code: str) -> None:
    client = as_a(shown, "secretary")
    assert client.get(f"{HERE}/{quote(code)}/how").status_code == 404
    assert client.get(f"{HERE}/a%00b/how").status_code == 400


def asks(app: Flask, role: str, reference: str) -> int:
    return as_a(app, role).get(f"{HERE}/{TREATY}/how", query_string={"proposal": reference}).status_code


def test_a_proposals_facts_are_held_against_the_rule(shown: Flask) -> None:
    client, proposal = as_a(shown, "secretary"), eligible("2020-1")[0]
    client.get(f"{HERE}/{TREATY}/how?proposal={proposal.reference}")
    with statements() as asked:
        page = text_of(client, f"{HERE}/{TREATY}/how?proposal={proposal.reference}")
    assert len(asked) <= MOST_ON_A_PAGE, len(asked)
    assert proposal.reference in page and "What was counted" in page and page.count("this proposal<") == 1


def test_a_proposal_that_somebody_may_not_see_is_not_there(shown: Flask) -> None:
    reference = eligible()[0].reference
    opened_round()
    for other in ("2026-1-999", "nothing", "x" * 5000):
        assert asks(shown, "secretary", other) == 404, other
    assert asks(shown, "secretary", "a\x00b") == 400
    assert asks(shown, "reviewer", reference) == 404
    assigned(eligible()[0], reviewers(1)[0])
    assert asks(shown, "reviewer", reference) == 200
    with unit_of_work(someone(Role.SECRETARY)) as work:
        one = work.session.get_one(Proposal, eligible()[0].id)
        recuse_reviewer(work, one, work.session.get_one(Person, reviewers(1)[0].id), "A member of the family.")
    assert asks(shown, "reviewer", reference) == 404
    for role in ("field-officer", "head-of-office", "trustee", "finance-officer"):
        assert asks(shown, role, reference) in (403, 404), role
    assert as_a(shown, "field-officer").get(f"{HERE}/{TREATY}/how").status_code == 200
