"""Calls apart from any database: stages, moments in their zones, who may still submit, what can be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.kernel.errors import Refusal
from fundapp.proposals.forms.calls import ZONES
from fundapp.proposals.rules import (
    Course,
    GivenCall,
    GivenItem,
    Item,
    Late,
    Places,
    Stage,
    best,
    closing,
    is_zone,
    item_faults,
    lacking,
    left,
    local,
    may_submit,
    reason_faults,
    said_moment,
    stage,
    wrong,
)


def utc(text: str) -> datetime:
    """A moment as the tables keep it."""
    return datetime.fromisoformat(text)


NOON = utc("2026-06-01T12:00")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RELEASED = Course(opened_at=NOON - 9 * DAY, opens_at=NOON, closing=NOON + 30 * DAY)
FULL = GivenCall(
    "2026-1", {"fr": "Appel"}, {"fr": "Faites ceci."}, NOON, NOON + 30 * DAY, "Pacific/Fiji",
    envelope=100_00, floor=1_00, ceiling=50_00, areas=frozenset({1}),
)  # fmt: skip


def codes(found: Any) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.field) for fault in found]


# ----------------------------------------------------------------------------------------------------------- stages


@pytest.mark.parametrize(
    ("course", "at", "found"),
    [
        (Course(), NOON, Stage.DRAFT),
        (Course(opens_at=NOON - DAY, closing=NOON + DAY), NOON, Stage.DRAFT),  # nobody has opened it
        (RELEASED, NOON - MINUTE, Stage.SCHEDULED),
        (RELEASED, NOON, Stage.OPEN),
        (RELEASED, NOON + 30 * DAY, Stage.OPEN),
        (RELEASED, NOON + 30 * DAY + timedelta(seconds=59), Stage.OPEN),  # the closing minute counts in full
        (RELEASED, NOON + 30 * DAY + MINUTE, Stage.CLOSED),
        (replace(RELEASED, closing=None), NOON + 9999 * DAY, Stage.OPEN),
        (replace(RELEASED, cancelled_at=NOON), NOON + DAY, Stage.CANCELLED),
        (Course(cancelled_at=NOON), NOON, Stage.CANCELLED),
    ],
)
def test_a_call_has_a_stage(course: Course, at: datetime, found: Stage) -> None:
    assert stage(course, at) is found


def test_who_may_submit() -> None:
    over = NOON + 31 * DAY
    late = [Late(7, over + DAY), Late(8, over - DAY)]
    assert may_submit(RELEASED, [], 7, NOON)
    assert not may_submit(RELEASED, late, 7, NOON - MINUTE)  # an exception opens nothing early
    assert may_submit(RELEASED, late, 7, over)
    assert may_submit(RELEASED, late, 7, over + DAY) and not may_submit(RELEASED, late, 7, over + DAY + MINUTE)
    assert not may_submit(RELEASED, late, 8, over)  # its time is over as well
    assert not may_submit(RELEASED, late, 9, over)
    assert not may_submit(replace(RELEASED, cancelled_at=NOON), late, 7, over)
    assert not may_submit(Course(), late, 7, over)


def test_extensions_move_the_close() -> None:
    assert closing(NOON, []) == NOON
    assert closing(NOON, [NOON + DAY, NOON + 3 * DAY]) == NOON + 3 * DAY
    assert closing(None, []) is None


def test_how_long_there_is() -> None:
    assert left(NOON + DAY, NOON) == (1, 0, 1)
    assert left(NOON, NOON + timedelta(seconds=30)) == (0, 0, 0)
    assert left(NOON, NOON + DAY) == (0, 0, 0)


# ---------------------------------------------------------------------------------------------------------- moments


def test_a_day_alone_is_its_first_or_last_minute() -> None:
    day = date(2026, 12, 15)
    assert said_moment(day, None, "Europe/Zurich", last=True, field="x") == utc("2026-12-15T22:59")
    assert said_moment(day, None, "Europe/Zurich", last=False, field="x") == utc("2026-12-14T23:00")
    assert said_moment(day, time(18), "Pacific/Fiji", last=True, field="x") == utc("2026-12-15T06:00")


@pytest.mark.parametrize(
    ("zone", "day", "hour", "code", "first", "until"),
    [
        ("Europe/Zurich", date(2026, 3, 29), time(2, 30), "call.hour-skipped", "02:00", "03:00"),
        ("Europe/Zurich", date(2026, 3, 29), time(2), "call.hour-skipped", "02:00", "03:00"),
        ("Europe/Zurich", date(2026, 10, 25), time(2, 30), "call.hour-twice", "02:00", "03:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "call.hour-skipped", "02:00", "02:30"),
        ("Africa/Cairo", date(2026, 4, 24), time(0), "call.hour-skipped", "00:00", "01:00"),
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_an_hour_that_is_not_clear_is_answered(
    zone: str, day: date, hour: time, code: str, first: str, until: str, last: bool
) -> None:
    with pytest.raises(Refusal) as refused:
        said_moment(day, hour, zone, last=last, field="closes_hour")
    [fault] = refused.value.faults
    assert (fault.code, fault.field) == (code, "closes_hour")
    assert (fault.values["first"], fault.values["last"], fault.values["hour"]) == (first, until, f"{hour:%H:%M}")


def test_the_edges_of_a_change_of_clocks_are_clear() -> None:
    for day, hours in ((date(2026, 3, 29), ("01:59", "03:00")), (date(2026, 10, 25), ("01:59", "03:00"))):
        for hour in hours:
            said = said_moment(day, time.fromisoformat(hour), "Europe/Zurich", last=True, field="x")
            assert f"{local(said, 'Europe/Zurich'):%H:%M}" == hour


def test_a_day_alone_is_clear_where_midnight_is_not() -> None:
    """Clocks of Cairo jump over midnight; those of Asunción showed 23:59 twice: the later one is the end of a day."""
    assert said_moment(date(2026, 4, 24), None, "Africa/Cairo", last=False, field="x") == utc("2026-04-23T22:00")
    assert said_moment(date(2023, 3, 25), None, "America/Asuncion", last=True, field="x") == utc("2023-03-26T03:59")


def test_a_day_that_was_left_out_is_answered() -> None:
    with pytest.raises(Refusal) as refused:
        said_moment(date(2011, 12, 30), None, "Pacific/Apia", last=True, field="closes_on")
    assert codes(refused.value.faults) == [("call.hour-skipped", "closes_on")]


@pytest.mark.parametrize("zone", ["", "Europe", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime", "Zürich\0"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(Refusal) as refused:
        said_moment(date(2026, 1, 1), None, zone, last=True, field="x")
    assert codes(refused.value.faults) == [("call.no-zone", "zone")]
    assert codes(wrong(replace(FULL, zone=zone))) == [("call.no-zone", "zone")]


@pytest.mark.parametrize("year", [1, 2007, 2101, 9999])
def test_a_year_out_of_sight_is_refused(year: int) -> None:
    with pytest.raises(Refusal) as refused:
        said_moment(date(year, 1, 1), None, "UTC", last=True, field="opens_on")
    assert codes(refused.value.faults) == [("call.year", "opens_on")]


@given(st.dates(date(2008, 1, 1), date(2099, 12, 31)), st.none() | st.times(), st.sampled_from(ZONES), st.booleans())
def test_what_is_taken_is_what_clocks_show(day: date, hour: time | None, zone: str, last: bool) -> None:
    hour = hour.replace(second=0, microsecond=0) if hour else None
    try:
        said = said_moment(day, hour, zone, last=last, field="x")
    except Refusal as refusal:
        assert {fault.code for fault in refusal.faults} <= {"call.hour-skipped", "call.hour-twice"}
        assert hour is not None or last
        return
    here = local(said, zone)
    assert here.date() == day
    if hour is not None:
        assert here.time() == hour
        other = here.replace(tzinfo=ZoneInfo(zone), fold=1 - here.fold)
        assert other.utcoffset() == here.utcoffset()  # and it is shown once


def test_the_zones_that_are_offered_are_there() -> None:
    assert all(map(is_zone, ZONES)) and len(set(ZONES)) == len(ZONES)


# ------------------------------------------------------------------------------------------------------ what is said


def test_a_full_call_lacks_nothing() -> None:
    assert wrong(FULL) == [] and lacking(FULL, [60, 40], NOON) == []
    standing = replace(FULL, standing=True, closes_at=None)
    assert lacking(standing, [100], NOON + 999 * DAY) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"code": ""}, [("call.code", "code")]),
        ({"code": "2026-0"}, [("call.code", "code")]),
        ({"code": "2026-100"}, [("call.code", "code")]),
        ({"code": "new"}, [("call.code", "code")]),
        ({"code": "2026-1\n"}, [("call.code", "code")]),
        ({"title": {"fr": "x" * 251}}, [("call.long", "title_fr")]),
        ({"guidance": {"ru": "ы" * 20_001, "fr": "x"}}, [("call.long", "guidance_ru")]),
        ({"closes_at": NOON}, [("call.upside-down", "closes_on")]),
        ({"closes_at": NOON - DAY}, [("call.upside-down", "closes_on")]),
        ({"standing": True}, [("call.standing-closes", "closes_on")]),
        ({"envelope": 0}, [("call.no-money", "envelope")]),
        ({"floor": -1}, [("call.no-money", "floor")]),
        ({"ceiling": 10**14}, [("call.much-money", "ceiling")]),
        ({"floor": 51_00}, [("call.floor-above-ceiling", "floor")]),
        ({"ceiling": 101_00}, [("call.ceiling-above-envelope", "ceiling")]),
        ({"floor": 101_00, "ceiling": None}, [("call.floor-above-envelope", "floor")]),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(change: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert codes(wrong(replace(FULL, **change))) == found


def test_floor_ceiling_and_envelope_may_be_the_same() -> None:
    assert wrong(replace(FULL, floor=50_00, envelope=50_00)) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"title": {"en": "A"}, "guidance": {"fr": "B"}}, ("call.lacks-text", "title_en")),
        ({"opens_at": None}, ("call.lacks-opening", "opens_on")),
        ({"closes_at": None}, ("call.lacks-closing", "closes_on")),
        ({"envelope": None}, ("call.lacks-envelope", "envelope")),
        ({"ceiling": None}, ("call.lacks-ceiling", "ceiling")),
        ({"areas": frozenset()}, ("call.lacks-areas", "areas")),
    ],
)
def test_what_is_lacking_is_asked_for_when_it_is_opened(change: dict[str, Any], found: tuple[str, str]) -> None:
    assert wrong(replace(FULL, **change)) == []
    assert codes(lacking(replace(FULL, **change), [100], NOON)) == [found]


def test_a_floor_may_be_missing_and_weights_total_100() -> None:
    assert lacking(replace(FULL, floor=None), [100], NOON) == []
    assert codes(lacking(FULL, [20, 20, 20, 20], NOON)) == [("call.weights", None)]
    assert codes(lacking(FULL, [], NOON)) == [("call.weights", None)]
    assert codes(lacking(FULL, [100], NOON + 30 * DAY)) == [("call.over", "closes_on")]


def test_for_which_states_it_is() -> None:
    assert Places().includes("FJI", None, ())
    some = Places(frozenset({"SEN"}), frozenset({"asia-pacific"}), frozenset({"019", "155"}))
    assert some.includes("SEN", "african", {"011", "002"}) and some.includes("FJI", "asia-pacific", {"054"})
    assert some.includes("PER", "grulac", {"005", "019"}) and some.includes("CHE", "weog", {"155", "150"})
    assert not some.includes("GHA", "african", {"011", "002"}) and not some.includes("COK", None, set())


def test_a_text_in_the_readers_language_or_another() -> None:
    assert best({"en": "A", "fr": "B"}, "fr").own
    assert (best({"en": "A", "fr": "B"}, "ru").text, best({"en": "", "zh": "丙"}, "ru").language) == ("A", "zh")
    assert best({}, "ar").text == ""


@pytest.mark.parametrize(
    ("kind", "said", "found"),
    [
        (Item.DOCUMENT, GivenItem("consent", {"en": "Consent"}), []),
        (Item.QUESTION, GivenItem("q1", {"ar": "لماذا؟"}, limit=250), []),
        (Item.DOCUMENT, GivenItem("", {"en": "A"}), [("call.item-code", "code")]),
        (Item.DOCUMENT, GivenItem("Letter of consent", {"en": "A"}), [("call.item-code", "code")]),
        (Item.DOCUMENT, GivenItem("a" * 41, {"en": "A"}), [("call.item-code", "code")]),
        (Item.DOCUMENT, GivenItem("a--b", {"en": "A"}), [("call.item-code", "code")]),
        (Item.DOCUMENT, GivenItem("a", {"en": ""}), [("call.item-no-name", "name_en")]),
        (Item.DOCUMENT, GivenItem("a", {"es": "x" * 201}), [("call.long", "name_es")]),
        (Item.QUESTION, GivenItem("a", {"es": "x" * 201}, limit=1), []),
        (Item.QUESTION, GivenItem("a", {"en": "A"}), [("call.item-limit", "limit")]),
        (Item.QUESTION, GivenItem("a", {"en": "A"}, limit=5001), [("call.item-limit", "limit")]),
    ],
)
def test_documents_and_questions(kind: Item, said: GivenItem, found: list[tuple[str, str]]) -> None:
    assert codes(item_faults(kind, said)) == found


def test_a_reason_is_given() -> None:
    assert codes(reason_faults("")) == [("call.no-reason", "reason")]
    assert codes(reason_faults("x" * 2001)) == [("call.long", "reason")]
    assert reason_faults("A cyclone") == []
