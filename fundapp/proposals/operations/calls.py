"""What is done to a call: it is prepared, opened by somebody else, extended, corrected, and perhaps cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office, Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.funds.models import Fund
from fundapp.funds.queries import criteria, focus_areas, hold
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.proposals.models import (
    Call,
    CallArea,
    CallCorrection,
    CallCriterion,
    CallException,
    CallExtension,
    CallPlace,
    CallQuestion,
)
from fundapp.proposals.operations.criteria import fix_criteria
from fundapp.proposals.queries import ITEMS, Asking, closing_of, said_of, stage_of, whole
from fundapp.proposals.rules import (
    MOST_ITEMS,
    GivenCall,
    GivenItem,
    Item,
    Places,
    Stage,
    Texts,
    item_faults,
    lacking,
    reason_faults,
    wrong,
)
from fundapp.reference.models import Country, Region, RegionalGroup
from fundapp.reference.rules import Group

TOGETHER = frozenset({Stage.SCHEDULED, Stage.OPEN})


@dataclass(frozen=True, slots=True)
class Opened:
    """Who prepared a call that was held elsewhere, and who opened it."""

    prepared_by: Person
    opened_by: Person


@dataclass(frozen=True, slots=True)
class GivenTexts:
    """The title and the guidance of a call in the languages that it has."""

    title: Texts
    guidance: Texts


# ---------------------------------------------------------------------------------------------------------- a draft


@operation(Permission.CALL_PREPARE)
def prepare_call(work: Work, fund: Fund, said: GivenCall) -> Call:
    """Begin a call of a fund as a draft; what it still lacks is asked for when it is opened."""
    hold(work.session, [fund])  # of two with one code the second must see it
    _told(wrong(said) + _strange(work.session, fund.id, said) + _taken(work.session, fund.id, said.code))
    return _begun(work, fund.id, said)


@operation(Permission.CALL_PREPARE)
def change_call(work: Work, call: Call, said: GivenCall, version: int) -> None:
    """Say otherwise what a draft says; refused where somebody else did so in the meantime."""
    _draft(work.session, call, version)
    taken = _taken(work.session, call.fund_id, said.code, but=call.id)
    _told(wrong(said) + _strange(work.session, call.fund_id, said) + taken)
    _prepared(work, call)  # first: reading what the draft had flushes, and one change is one version
    _say(work, call, said)


@operation(Permission.CALL_PREPARE)
def ask_for(work: Work, call: Call, kind: Item, said: GivenItem, version: int, was: str = "") -> None:
    """Ask for a document or a question, or put a point on the checklist; or say otherwise what the one under the
    code `was` asks."""
    _draft(work.session, call, version)
    there = _items(work.session, call, kind)
    if was and was not in there:
        raise refuse("call.item-gone", text=was)
    found = item_faults(kind, said)
    if said.code != was and said.code in there:
        found.append(Fault("call.item-taken", {"text": said.code}, field="code"))
    if not was and len(there) >= MOST_ITEMS:
        found.append(Fault("call.items", {"largest": MOST_ITEMS}))
    _told(found)
    row = there[was] if was else _item(work, call, kind, 1 + max((one.position for one in there.values()), default=0))
    row.code, row.required = said.code, said.required
    _name(row, said.names)
    if isinstance(row, CallQuestion):
        row.word_limit = said.limit or 0
    work.session.add(row)
    _prepared(work, call)


@operation(Permission.CALL_PREPARE)
def stop_asking(work: Work, call: Call, kind: Item, code: str, version: int) -> None:
    """Take a document, a question or a point of the checklist off a draft; the record keeps what it asked."""
    _draft(work.session, call, version)
    row = _items(work.session, call, kind).get(code)
    if row is None:
        raise refuse("call.item-gone", text=code)
    work.session.delete(row)
    _prepared(work, call)


# ---------------------------------------------------------------------------------------------------- opening and after


@operation(Permission.CALL_OPEN)
def open_call(work: Work, call: Call, version: int) -> None:
    """Release a call: it opens at its moment, or at once where that has passed. From now on what it says is fixed, and
    so are the fund's criteria and weights of today."""
    _draft(work.session, call, version)
    said, weights = _told_of(work, call)
    _told(lacking(said, weights, work.at))
    assert call.opens_at
    call.opens_at = max(call.opens_at, work.at)
    call.opened_at, call.opened_by = work.at, str(work.actor)
    fix_criteria(work.session, call)


@operation(Permission.CALL_EXTEND)
def extend_call(work: Work, call: Call, until: datetime, zone: str, reason: str) -> None:
    """Let a call close later, for all; a call that has closed opens again."""
    closes = _held(work.session, call, work.at)
    found = reason_faults(reason)
    if until <= closes:
        found.append(Fault("call.not-later", field="until_on"))
    elif until <= work.at:
        found.append(Fault("call.until-over", field="until_on"))
    _told(found)
    by = str(work.actor)
    work.session.add(CallExtension(call_id=call.id, closes_at=until, zone=zone, reason=reason, at=work.at, by=by))


@operation(Permission.CALL_EXTEND)
def except_office(work: Work, call: Call, office: Office | None, until: datetime, zone: str, reason: str) -> None:
    """Let one office submit after the close, until a moment."""
    closes = _held(work.session, call, work.at)
    found = reason_faults(reason) + ([] if office else [Fault("call.no-office", field="office")])
    if until <= closes:
        found.append(Fault("call.exception-early", field="until_on"))
    elif until <= work.at:
        found.append(Fault("call.until-over", field="until_on"))
    if office and (before := _excepted_until(work.session, call, office)) and until <= before:
        found.append(Fault("call.exception-there", {"office": office.name}, field="until_on"))
    _told(found)
    assert office
    made = CallException(call_id=call.id, office_id=office.id, until=until, zone=zone, reason=reason)
    made.at, made.by = work.at, str(work.actor)
    work.session.add(made)


@operation(Permission.CALL_EXTEND)
def correct_texts(work: Work, call: Call, said: GivenTexts, reason: str, version: int) -> None:
    """Correct the title or guidance of a call that was opened, or add a language; no text is taken away."""
    _same(work.session, call, version)
    if stage_of(work.session, call, work.at) not in TOGETHER:
        raise refuse("call.not-corrected", code=call.code)
    before = GivenTexts(call.names, call.guidance)
    found = reason_faults(reason) + wrong(GivenCall(call.code, said.title, said.guidance, zone=call.zone))
    _told(found + _emptied(before, said))
    changed = [x for x in LANGUAGES if _both(before, x) != _both(said, x)]
    if not changed:
        raise refuse("call.nothing-corrected")
    _text(call, said)
    by = str(work.actor)
    work.session.add(CallCorrection(call_id=call.id, languages=",".join(changed), reason=reason, at=work.at, by=by))


@operation(Permission.CALL_EXTEND)
def cancel_call(work: Work, call: Call, reason: str, version: int) -> None:
    """Call a call off, with the reason; it stays in the list. One that has closed is over and cannot be."""
    _same(work.session, call, version)
    found = stage_of(work.session, call, work.at)
    if found in (Stage.CLOSED, Stage.CANCELLED):
        raise refuse(f"call.{found}", code=call.code)
    _told(reason_faults(reason))
    call.cancelled_at, call.cancelled_by, call.cancel_reason = work.at, str(work.actor), reason


@operation(Permission.FUND_SET_UP)
def take_over_call(
    work: Work, fund: Fund, said: GivenCall, items: Iterable[tuple[Item, GivenItem]], opened: Opened
) -> Call:
    """Record a call that was opened before this program kept calls, with the criteria as the fund has them now."""
    hold(work.session, [fund])
    _told(lacking(said, [one.weight for one in criteria(work.session, fund)], said.opens_at or work.at))
    _told(_strange(work.session, fund.id, said) + _taken(work.session, fund.id, said.code))
    call = _begun(work, fund.id, said)
    call.opened_at, call.opened_by = said.opens_at, str(opened.opened_by)
    call.prepared_by_id, call.prepared_by = opened.prepared_by.id, str(opened.prepared_by)
    assert said.opens_at
    call.prepared_at = said.opens_at
    for position, (kind, one) in enumerate(items, 1):
        row = _item(work, call, kind, position)
        row.code, row.required = one.code, one.required
        _name(row, one.names)
        if isinstance(row, CallQuestion):
            row.word_limit = one.limit or 0
        work.session.add(row)
    fix_criteria(work.session, call)
    return call


# ---------------------------------------------------------------------------------------------------- what they share


def _told(faults: list[Fault]) -> None:
    if faults:
        raise Refusal(*faults)


def _same(session: Session, call: Call, version: int) -> None:
    """Hold a call to the end of the work; refused where it is not the one that somebody saw."""
    session.refresh(call, with_for_update=True)
    if call.version != version:
        raise refuse("call.changed", code=call.code)


def _draft(session: Session, call: Call, version: int) -> None:
    _same(session, call, version)
    if call.cancelled_at:
        raise refuse("call.cancelled", code=call.code)
    if call.opened_at:
        raise refuse("call.fixed", code=call.code)


def _held(session: Session, call: Call, now: datetime) -> datetime:
    """When a call that was opened closes; refused where it does not, or is no such call. Two wait for one another."""
    session.refresh(call, with_for_update=True)
    found = stage_of(session, call, now)
    if found in (Stage.DRAFT, Stage.CANCELLED):
        raise refuse(f"call.{found}", code=call.code)
    closes = closing_of(session, call)
    if closes is None:
        raise refuse("call.standing", code=call.code)
    return closes


def _taken(session: Session, fund_id: int, code: str, but: int = 0) -> list[Fault]:
    asked = sa.select(Call.id).where(Call.fund_id == fund_id, Call.code == code, Call.id != but)
    there = session.scalar(asked) is not None
    return [Fault("call.code-taken", {"text": code}, field="code")] if there else []


def _strange(session: Session, fund_id: int, said: GivenCall) -> list[Fault]:
    """Focus areas of another fund, and places that there are not."""
    areas = {one.id for one in focus_areas(session, session.get_one(Fund, fund_id))}
    found = [] if said.areas <= areas else [Fault("call.strange-area", field="areas")]
    asked = {
        "states": (Country.code, said.places.states),
        "groups": (RegionalGroup.code, said.places.groups & {*Group}),
        "regions": (Region.code, said.places.regions),
    }
    for name, (column, codes) in asked.items():
        plain = [code for code in codes if code.isprintable()]  # PostgreSQL is not asked for what is no text
        known = set(session.scalars(sa.select(column).where(column.in_(plain)))) if plain else set()
        if odd := sorted(getattr(said.places, name) - {str(code) for code in known}):
            found.append(Fault("call.strange-place", {"found": odd[:10]}, field=name))
    return found


def _begun(work: Work, fund_id: int, said: GivenCall) -> Call:
    call = Call(fund_id=fund_id, opened_at=None, cancelled_at=None, cancel_reason="")
    _facts(call, said)
    _prepared(work, call)
    work.session.add(call)
    work.session.flush()
    _say(work, call, said)
    return call


def _prepared(work: Work, call: Call) -> None:
    """Whoever saves the draft is its preparer from now on, also where nothing is said otherwise: they looked at it."""
    call.prepared_by, call.prepared_at = str(work.actor), work.at
    call.prepared_by_id = work.actor.id if work.actor.id > 0 else None


def _facts(call: Call, said: GivenCall) -> None:
    call.code, call.zone, call.standing = said.code, said.zone, said.standing
    call.opens_at, call.closes_at = said.opens_at, said.closes_at
    call.envelope_cents, call.floor_cents, call.ceiling_cents = said.envelope, said.floor, said.ceiling
    _text(call, GivenTexts(said.title, said.guidance))


def _text(call: Call, said: GivenTexts) -> None:
    for language in LANGUAGES:
        setattr(call, f"name_{language}", said.title.get(language, ""))
        setattr(call, f"guidance_{language}", said.guidance.get(language, ""))


def _name(row: Asking | CallCriterion, names: Mapping[str, str]) -> None:
    for language in LANGUAGES:
        setattr(row, f"name_{language}", names.get(language, ""))


def _both(said: GivenTexts, language: str) -> tuple[str, str]:
    return said.title.get(language, ""), said.guidance.get(language, "")


def _emptied(before: GivenTexts, said: GivenTexts) -> list[Fault]:
    return [
        Fault("call.emptied", field=f"{part}_{language}")
        for language in LANGUAGES
        for part in ("title", "guidance")
        if getattr(before, part).get(language) and not getattr(said, part).get(language)
    ]


def _say(work: Work, call: Call, said: GivenCall) -> None:
    _facts(call, said)
    areas = {row.area_id: row for row in work.session.scalars(sa.select(CallArea).where(CallArea.call_id == call.id))}
    for area_id in said.areas - areas.keys():
        work.session.add(CallArea(call_id=call.id, area_id=area_id))
    for area_id in areas.keys() - said.areas:
        work.session.delete(areas[area_id])
    _place(work, call, said.places)


def _place(work: Work, call: Call, places: Places) -> None:
    rows = work.session.scalars(sa.select(CallPlace).where(CallPlace.call_id == call.id))
    there = {(row.state, row.regional_group, row.region): row for row in rows}
    wanted: list[tuple[str | None, Group | None, str | None]] = [
        *((code, None, None) for code in sorted(places.states)),
        *((None, Group(code), None) for code in sorted(places.groups)),
        *((None, None, code) for code in sorted(places.regions)),
    ]
    for key in wanted:
        if key not in there:
            state, group, region = key
            work.session.add(CallPlace(call_id=call.id, state=state, regional_group=group, region=region))
    for key in there.keys() - set(wanted):
        work.session.delete(there[key])


def _items(session: Session, call: Call, kind: Item) -> dict[str, Asking]:
    table = ITEMS[kind]
    rows: Iterable[Asking] = session.scalars(sa.select(table).where(table.call_id == call.id))
    return {row.code: row for row in rows}


def _item(work: Work, call: Call, kind: Item, position: int) -> Asking:
    return ITEMS[kind](call_id=call.id, position=position)


def _told_of(work: Work, call: Call) -> tuple[GivenCall, list[int]]:
    """What a draft says, and the weights of the fund's criteria."""
    everything = whole(work.session, work.actor, call)
    return replace(said_of(call, everything)), everything.weights


def _excepted_until(session: Session, call: Call, office: Office) -> datetime | None:
    asked = sa.select(sa.func.max(CallException.until))
    return session.scalar(asked.where(CallException.call_id == call.id, CallException.office_id == office.id))
