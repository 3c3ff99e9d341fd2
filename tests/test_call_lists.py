"""Who sees which calls, in which order, and what waits for whom."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from calls import DAY, Change, again, do, draft, fund, given, let_in, office, opened, past, second_secretary, someone
from flask import Flask

from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Permission, Refused, Role, may
from fundapp.kernel import trail
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call
from fundapp.proposals.operations import (
    cancel_call,
    change_call,
    extend_call,
    open_call,
    prepare_call,
)
from fundapp.proposals.queries import (
    CallsWanted,
    calls,
    closing_soon,
    course,
    drafts_ready,
    whole,
)
from fundapp.proposals.queries import call as call_of
from fundapp.proposals.rules import GivenItem, Places, Stage, stage

CONSENT = GivenItem("consent", {"en": "Consent"})
WHY = GivenItem("why", {"en": "Why?"}, limit=100)


def listed(who: Any, wanted: CallsWanted = CallsWanted()) -> list[tuple[str, Stage]]:  # noqa: B008
    db.session().rollback()
    return [(row.code, row.stage) for row in calls(db.session(), who, fund(), wanted, now())[0]]


# --------------------------------------------------------------------------------------------------- who sees what


def test_offices_see_what_has_opened(demo: Flask) -> None:
    draft("2031-1")
    draft("2031-2")
    do(lambda work, call: open_call(work, call, 1), "2031-2")  # scheduled
    opened("2031-3")
    past("2021-1")
    draft("2031-4")
    do(lambda work, call: cancel_call(work, call, "A mistake", 1), "2031-4")
    opened("2031-5")
    do(lambda work, call: cancel_call(work, call, "No money", call.version), "2031-5")
    everyone = [
        ("2031-3", Stage.OPEN), ("2031-2", Stage.SCHEDULED), ("2031-1", Stage.DRAFT), ("2021-1", Stage.CLOSED),
        ("2031-5", Stage.CANCELLED), ("2031-4", Stage.CANCELLED),
    ]  # fmt: skip
    seen = [("2031-3", Stage.OPEN), ("2021-1", Stage.CLOSED), ("2031-5", Stage.CANCELLED)]
    for role in Role:
        assert listed(someone(role)) == (seen if role.value in ("field-officer", "head-of-office") else everyone), role
    officer = someone(Role.FIELD_OFFICER)
    assert listed(officer, CallsWanted(stage=Stage.DRAFT)) == [] == listed(officer, CallsWanted(words="2031-1"))
    for code in ("2031-1", "2031-2", "2031-4", "none"):
        assert call_of(db.session(), officer, fund(), code, now()) is None


def test_the_stage_of_a_list_is_that_of_the_rules(demo: Flask) -> None:
    draft("2031-1")
    opened("2031-2", standing=True, closes_at=None)
    past("2021-1", closed=now().replace(second=0, microsecond=0))
    past("2021-2", closed=now() - DAY)
    at = now()
    for row in calls(db.session(), Console(), fund(), CallsWanted(), at)[0]:
        found = again(row.code)
        assert row.stage is stage(course(found, row.closing), at), row.code


def test_what_closes_next_comes_first(demo: Flask) -> None:
    opened("2031-1", closes_at=now() + 30 * DAY)
    opened("2031-2", closes_at=now() + 3 * DAY)
    opened("2031-3", standing=True, closes_at=None)
    past("2021-1", closed=now() - 300 * DAY)
    past("2021-2", closed=now() - 3 * DAY)
    assert [code for code, _ in listed(Console())] == ["2031-2", "2031-1", "2031-3", "2021-2", "2021-1"]
    do(lambda work, call: extend_call(work, call, now() + 60 * DAY, "UTC", "why"), "2031-2")
    assert [code for code, _ in listed(Console())][:2] == ["2031-1", "2031-2"]
    assert [code for code, _ in listed(Console(), CallsWanted(sort="-code"))][:1] == ["2031-3"]
    area = min(given().areas)
    assert len(listed(Console(), CallsWanted(area_id=area))) == 5 and not listed(Console(), CallsWanted(area_id=999))
    assert listed(Console(), CallsWanted(words="CALL 2021-2")) == [("2021-2", Stage.CLOSED)]
    assert listed(Console(), CallsWanted(words="100%")) == []


def test_an_office_reads_of_its_own_exception_alone(demo: Flask) -> None:
    past()
    for code in ("PACIFIC", "WAFRICA"):
        do(partial(let_in, code, now() + DAY, f"Because of {code}"), "2021-1")
    reasons = {
        role: [one.reason for one in whole(db.session(), someone(role), again("2021-1")).exceptions]
        for role in (Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE, Role.TRUSTEE)
    }
    assert reasons[Role.FIELD_OFFICER] == ["Because of WAFRICA"]
    assert reasons[Role.HEAD_OF_OFFICE] == ["Because of PACIFIC"]
    assert len(reasons[Role.TRUSTEE]) == 2


def test_a_role_in_another_fund_is_none_in_this(demo: Flask) -> None:
    draft()
    other = second_secretary("aha@example.org", code="AHA")
    with pytest.raises(Refused):
        calls(db.session(), other, fund(), CallsWanted(), now())
    changes: list[Change] = [
        lambda work, call: open_call(work, call, 1),
        lambda work, call: change_call(work, call, given(), 1),
        lambda work, call: prepare_call(work, fund(), given("2031-7")),
        lambda work, call: cancel_call(work, call, "why", 1),
    ]
    for change in changes:
        with pytest.raises(Refused), unit_of_work(other) as work:
            change(work, again())


def test_roles_in_both_see_drafts(demo: Flask) -> None:
    draft()
    with unit_of_work(Console()) as work:
        both = add_person(work, None, "both@example.org", "correct horse battery")
        grant(work, both, Role.FIELD_OFFICER, office=office())
    assert listed(both) == []
    with unit_of_work(Console()) as work:
        grant(work, both, Role.DESK_OFFICER)
    assert listed(both) == [("2031-1", Stage.DRAFT)]


# ----------------------------------------------------------------------------------------------------- what waits


def test_drafts_that_wait_are_those_that_lack_nothing(demo: Flask) -> None:
    draft("2031-1")
    draft("2031-2", areas=frozenset())
    draft("2031-3", title={"fr": "Appel"})
    draft("2031-4", closes_at=None)
    draft("2031-5", standing=True, closes_at=None)
    opened("2031-6")

    def ready(role: Role) -> list[str]:
        return [one.code for one in drafts_ready(db.session(), someone(role), fund(), now())]

    assert ready(Role.SECRETARY) == ["2031-1", "2031-5"] and ready(Role.FIELD_OFFICER) == []
    mine = draft("2031-7", by=Role.SECRETARY)
    assert not may(someone(Role.SECRETARY), Permission.CALL_OPEN, mine)


@pytest.mark.parametrize(
    ("places", "fits"),
    [
        (Places(), True),
        (Places(states=frozenset({"FJI"})), True),
        (Places(groups=frozenset({"asia-pacific"})), True),
        (Places(regions=frozenset({"054"})), True),  # Melanesia
        (Places(regions=frozenset({"009"})), True),  # Oceania
        (Places(states=frozenset({"SEN"}), groups=frozenset({"african"})), False),
    ],
)
def test_an_office_is_told_of_a_call_for_its_state(demo: Flask, places: Places, fits: bool) -> None:
    opened(closes_at=now() + 10 * DAY, places=places)
    opened("2031-2", closes_at=now() + 15 * DAY)
    soon = closing_soon(db.session(), someone(Role.HEAD_OF_OFFICE), fund(), now(), 14)
    assert [row.code for row in soon] == (["2031-1"] if fits else [])
    assert closing_soon(db.session(), someone(Role.SECRETARY), fund(), now(), 14) == []


def test_the_demonstration_has_calls(registered: Flask) -> None:
    rows, total = calls(db.session(), Console(), fund(), CallsWanted(sort="code"), now())
    assert total == 3 and rows[0].code == "2020-1" and rows[0].stage is Stage.CLOSED
    for row in rows[:2]:
        found = again(row.code)
        assert all(found.names.values()) and all(found.guidance.values())
    assert rows[2].stage is Stage.DRAFT and trail.verify(db.session())[1] is None
    assert db.session().scalar(sa.select(sa.func.count()).select_from(Call)) == 3
