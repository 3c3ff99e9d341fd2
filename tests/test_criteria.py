"""The criteria of a fund: scales whose steps all say what they stand for, editions, and calls that keep theirs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from calls import faults, fund, opened, past
from flask import Flask
from flask.testing import FlaskClient
from visiting import as_a, statements, text_of

from conftest import vandal
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.funds.models import CriteriaEdition, Criterion
from fundapp.funds.operations import set_up
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import CallScale
from fundapp.proposals.operations.criteria import fix_scales
from fundapp.scoring.queries.criteria import editions, scales_in
from fundapp.scoring.queries.rounds import scales_now, scales_of
from fundapp.scoring.rules.scales import Scale, faults_of

CODES = ["treaty-body-overlap", "high-commissioner-letter", "national-systems", "sdg-alignment", "gender-perspective"]
HERE = "/UPR/scoring/criteria"

pytestmark = pytest.mark.usefixtures("one_click")


def now() -> tuple[Scale, ...]:
    return scales_now(db.session(), fund())


def typed(**changed: str) -> dict[str, str]:
    """The form of weights as the page shows it, with changes."""
    found = {f"{one.code}.weight": str(one.weight) for one in now()}
    found |= {f"{one.code}.threshold": "" for one in now()}
    found |= {"high-commissioner-letter.may_skip": "y"}
    found |= {"edition": str(editions(db.session(), fund())[0].number), "reason": "The Board asked for it."}
    return found | {name.replace("__", ".").replace("_", "-"): value for name, value in changed.items()}


def words(client: FlaskClient, code: str, **changed: str) -> dict[str, str]:
    [one] = [scale for scale in now() if scale.code == code]
    found = {
        "highest": str(one.highest),
        "edition": str(editions(db.session(), fund())[0].number),
        "reason": "Plainer.",
    }
    for language in LANGUAGES:
        found |= {f"name_{language}": one.names[language], f"question_{language}": one.question[language]}
        found |= {f"{code}.{step}_{language}": one.anchors[step][language] for step in one.steps}
    return found | changed


# ------------------------------------------------------------------------------------------------------------- rules


def scale(code: str = "a", weight: int = 100, **more: Any) -> Scale:
    values: dict[str, Any] = {
        "id": 0, "code": code, "names": {}, "question": {}, "weight": weight, "lowest": 0, "highest": 2,
        "may_skip": False, "threshold": None, "anchors": {step: {"en": "x", "fr": "y"} for step in range(3)},
    }  # fmt: skip
    return Scale(**(values | more))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], [("criteria.none", None)]),
        ([scale(weight=99)], [("criteria.weights", None)]),
        ([scale(weight=101), scale("b", -1)], [("criteria.weight", "b.weight")]),
        ([scale(highest=0)], [("criteria.scale", "a.highest")]),
        ([scale(highest=11)], [("criteria.scale", "a.highest")]),
        ([scale(highest=3)], [("criteria.anchor", "a.3")]),
        ([scale(anchors={0: {"en": "x", "fr": " "}, 1: {"en": "x", "fr": "y"}, 2: {"fr": "y"}})],
         [("criteria.anchor", "a.0"), ("criteria.anchor", "a.2")]),
        ([scale(threshold=Decimal("2.01"))], [("criteria.threshold", "a.threshold")]),
        ([scale(threshold=Decimal("2"))], []),
    ],
)  # fmt: skip
def test_what_is_wrong_with_criteria(found: list[Scale], said: list[tuple[str, str | None]]) -> None:
    assert [(one.code, one.field) for one in faults_of(found, ("en", "fr"))] == said


def test_what_may_be_scored() -> None:
    assert [step for step in (-1, 0, 1, 2, 3, None) if scale().takes(step)] == [0, 1, 2]
    assert scale(may_skip=True).takes(None)


# ------------------------------------------------------------------------------------------------------- of the fund


def test_a_fund_begins_with_five_criteria_that_lack_nothing(demo: Flask) -> None:
    found = now()
    assert [one.code for one in found] == CODES
    assert not list(faults_of(found, LANGUAGES))
    assert [one.code for one in found if one.may_skip] == ["high-commissioner-letter"]
    assert all(one.question[language] for one in found for language in LANGUAGES)


def test_a_fund_that_was_set_up_before_there_were_scales_gets_them(demo: Flask) -> None:
    with vandal() as connection:
        for table in ("criteria_edition", "criterion_anchor"):
            for guard in ("kept", "not_emptied") if connection.dialect.name == "postgresql" else ("no_delete",):
                on = f" on {table}" if connection.dialect.name == "postgresql" else ""
                connection.exec_driver_sql(f"drop trigger {table}_{guard}{on}")
            connection.exec_driver_sql(f"delete from {table}")
        connection.execute(sa.update(Criterion).values(question_en=""))
    assert [fault.code for fault in faults_of(now(), LANGUAGES)] == ["criteria.anchor"] * 25
    for _ in range(2):
        with unit_of_work(Console()) as work:
            set_up(work, None)
        assert not list(faults_of(now(), LANGUAGES)) and all(one.question["en"] for one in now())
    assert [one.number for one in editions(db.session(), fund())] == [1]


def test_a_call_keeps_the_criteria_that_it_was_opened_with(demo: Flask) -> None:
    call = opened()
    before = scales_of(db.session(), call)
    client = as_a(demo, "secretary")
    changed = typed(treaty_body_overlap__weight="30", national_systems__weight="10", sdg_alignment__threshold="1,5")
    assert client.post(f"{HERE}/revise", data=changed).status_code == 302
    assert [one.weight for one in now()] == [30, 20, 10, 20, 20]
    assert now()[3].threshold == Decimal("1.5")
    assert scales_of(db.session(), call) == before and [one.weight for one in before] == [20] * 5
    assert scales_in(db.session(), fund(), 1)[0].weight == 20
    later = scales_of(db.session(), opened("2031-2"))
    assert [one.weight for one in later] == [30, 20, 10, 20, 20]
    assert [one.anchors for one in later] == [one.anchors for one in now()]
    assert set(db.session.scalars(sa.select(CallScale.edition))) == {1, 2}


def test_a_call_of_before_gets_the_scales_of_today_once(demo: Flask) -> None:
    call = past()
    assert len(scales_of(db.session(), call)) == 5
    with unit_of_work(Console()) as work:
        assert fix_scales(work, work.session.merge(call)) == 0


# -------------------------------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize("role", Role)
def test_who_reads_and_who_changes(demo: Flask, role: Role) -> None:
    client, changes = as_a(demo, role.value), role is Role.SECRETARY
    assert client.get(HERE).status_code == 200
    assert ("Change weights" in text_of(client, HERE)) == changes
    for address in ("/revise", "/gender-perspective"):
        assert client.get(HERE + address).status_code == (200 if changes else 403), address
    assert client.post(f"{HERE}/revise", data=typed()).status_code == (409 if changes else 403)  # nothing is changed


def test_the_page_shows_every_step_and_asks_little(demo: Flask) -> None:
    client = as_a(demo, "field-officer")
    client.get(HERE)
    with statements() as asked:
        page = text_of(client, HERE)
    assert len(asked) <= 6, asked
    for one in now():
        assert all(one.anchors[step]["en"].replace("’", "&#39;") in page or one.anchors[step]["en"] in page
                   for step in one.steps)  # fmt: skip
    assert client.get(f"{HERE}?edition=7").status_code == 404
    assert client.get(f"{HERE}?edition=x").status_code == 400


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sdg_alignment__weight": "19"}, "The weights total 99 and not 100."),
        ({"sdg_alignment__weight": "many"}, "This is no whole number: many"),
        ({"sdg_alignment__weight": ""}, "This is no whole number"),
        ({"sdg_alignment__weight": "-20"}, "This is no whole number: -20"),
        ({"sdg_alignment__weight": "0", "gender_perspective__weight": "40"}, "needs a weight of 1 or more"),
        ({"sdg_alignment__threshold": "4.5"}, "The threshold of sdg-alignment does not lie on its scale."),
        ({"sdg_alignment__threshold": "NaN"}, "no figure with at most two decimals"),
        ({"sdg_alignment__threshold": "1e1"}, "does not lie on its scale"),
        ({"reason": " "}, "reason"),
        ({}, "Nothing is changed: edition 1 says the same."),
        ({"edition": "0", "sdg_alignment__threshold": "1"}, "Edition 1 was made meanwhile."),
    ],
)
def test_weights_typed_wrongly(demo: Flask, changed: dict[str, str], said: str) -> None:
    answer = as_a(demo, "secretary").post(f"{HERE}/revise", data=typed(**changed))
    assert answer.status_code in (409, 422)
    assert any(said in one for one in faults(answer.text)) or said in answer.text, faults(answer.text)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CriteriaEdition)) == 2  # one of each fund


def test_a_weight_in_arabic_figures(demo: Flask) -> None:
    changed = typed(sdg_alignment__weight="١٩", gender_perspective__weight="٢١", sdg_alignment__threshold="١٫٥")
    assert as_a(demo, "secretary").post(f"{HERE}/revise", data=changed).status_code == 302
    assert [one.weight for one in now()] == [20, 20, 20, 19, 21] and now()[3].threshold == Decimal("1.5")


def test_a_longer_scale_asks_what_its_new_step_stands_for(demo: Flask) -> None:
    client, code = as_a(demo, "secretary"), "gender-perspective"
    refused = client.post(f"{HERE}/{code}", data=words(client, code, highest="5"))
    assert refused.status_code == 422 and f'name="{code}.5_ar"' in refused.text
    fifth = {f"{code}.5_{language}": f"five {language}" for language in LANGUAGES}
    lacking = client.post(f"{HERE}/{code}", data=words(client, code, highest="5") | fifth | {f"{code}.5_ru": " "})
    assert lacking.status_code == 422 and "Write it in this language too." in lacking.text
    assert client.post(f"{HERE}/{code}", data=words(client, code, highest="5") | fifth).status_code == 302
    assert now()[4].highest == 5 and now()[4].anchors[5]["ru"] == "five ru"
    assert scales_in(db.session(), fund(), 1)[4].highest == 4


@pytest.mark.parametrize(
    ("highest", "said"), [("11", "must lie between 0 and 10"), ("0", "must lie between"), ("x", "no whole number: x")]
)
def test_a_scale_typed_wrongly(demo: Flask, highest: str, said: str) -> None:
    client = as_a(demo, "secretary")
    answer = client.post(f"{HERE}/gender-perspective", data=words(client, "gender-perspective", highest=highest))
    assert answer.status_code in (409, 422) and said in answer.text


def test_two_who_change_at_once_both_are_heard(demo: Flask) -> None:
    client = as_a(demo, "secretary")
    mine = typed(sdg_alignment__threshold="1")
    theirs = typed(gender_perspective__threshold="2")
    assert client.post(f"{HERE}/revise", data=theirs).status_code == 302
    answer = client.post(f"{HERE}/revise", data=mine)
    assert answer.status_code == 409 and "Edition 2 was made meanwhile." in answer.text
    assert 'name="sdg-alignment.threshold" type="text" value="1"' in answer.text
    assert 'name="edition" value="2"' in answer.text


def test_words_that_are_too_long(demo: Flask) -> None:
    client = as_a(demo, "secretary")
    long = words(client, "gender-perspective", name_en="x" * 201)
    assert "at most 200" in client.post(f"{HERE}/gender-perspective", data=long).text
    assert client.get(f"{HERE}/nothing").status_code == 404
