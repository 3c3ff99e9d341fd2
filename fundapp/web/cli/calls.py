"""fundapp call list, show, open and extend."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import click

from fundapp.access.operations import Console
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.money import decimal_text
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call
from fundapp.proposals.operations import extend_call as extend
from fundapp.proposals.operations import open_call as release
from fundapp.proposals.queries import Asked, CallsWanted, Step, Whole, closing_of, course, named_call, whole
from fundapp.proposals.queries import calls as calls_of
from fundapp.proposals.rules import best, local, said_moment, stage

LANGUAGE = "en"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?", re.ASCII)
NOTHING = "-"


@click.group("call")
def call() -> None:
    """Calls for proposals of a fund."""


@call.command("list")
@click.argument("fund")
def list_calls(fund: str) -> None:
    """The calls of FUND, what closes next first: code, stage, opening and close in UTC, title."""
    session = db.session()
    rows, _ = calls_of(session, Console(), named_fund(session, fund), CallsWanted(), now(), page=None)
    for row in rows:
        closes = "standing" if row.standing else _utc(row.closing)
        cells = (row.code, row.stage.value, _utc(row.opens_at), closes, best(row.title, LANGUAGE).text or NOTHING)
        click.echo(printable("  ".join(cells)))
    if not rows:
        click.echo("No calls.")


@call.command("show")
@click.argument("fund")
@click.argument("code")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(fund: str, code: str, kind: str) -> None:
    """The call CODE of FUND with all that it says."""
    found = _call(fund, code)
    facts = _facts(found, whole(db.session(), Console(), found))
    if kind == "json":
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in _lines(facts, found):
        click.echo(printable(line))


@call.command("open")
@click.argument("fund")
@click.argument("code")
def open_call(fund: str, code: str) -> None:
    """Open the draft CODE of FUND: what it says is fixed from then on."""
    found = _call(fund, code)
    with unit_of_work(Console()) as work:
        release(work, found, found.version)
    opens = found.opens_at
    click.echo(f"{found.code} is released. It opens on {_utc(opens)} UTC.")


@call.command("extend")
@click.argument("fund")
@click.argument("code")
@click.option("--until", required=True, metavar="MOMENT", help="Like 2026-12-15 or 2026-12-15T18:00; 23:59 if no hour.")
@click.option("--zone", required=True, help="The IANA time zone in which that is said, like Europe/Zurich.")
@click.option("--reason", required=True, help="Why; everybody who reads the call sees it.")
def extend_call(fund: str, code: str, until: str, zone: str, reason: str) -> None:
    """Let the call CODE of FUND close later."""
    found = _call(fund, code)
    day, hour = _moment(until)
    closes = said_moment(day, hour, zone, last=True, field="until")
    with unit_of_work(Console()) as work:
        extend(work, found, closes, zone, reason.strip())
    click.echo(f"{found.code} closes on {_utc(closes)} UTC.")


def _call(fund: str, code: str) -> Call:
    session = db.session()
    return named_call(session, named_fund(session, fund), code)


def _moment(text: str) -> tuple[date, time | None]:
    found = _MOMENT.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError(text)
        return date.fromisoformat(found[1]), time.fromisoformat(found[2]) if found[2] else None
    except ValueError:
        raise refuse("call.no-moment", text=text[:40]) from None


def _utc(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else NOTHING


def _iso(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%MZ}" if moment else None


def _dollars(cents: int | None) -> str | None:
    return decimal_text(cents) if cents is not None else None


def _facts(found: Call, everything: Whole) -> dict[str, Any]:
    """All that a call says, for a program to read."""
    closes = closing_of(db.session(), found)
    return {
        "fund": db.session().get_one(Fund, found.fund_id).code,
        "code": found.code,
        "stage": stage(course(found, closes), now()).value,
        "title": {code: found.names[code] for code in LANGUAGES if found.names[code]},
        "guidance": {code: text for code, text in found.guidance.items() if text},
        "opens": _iso(found.opens_at),
        "closes": _iso(closes),
        "zone": found.zone,
        "standing": found.standing,
        "envelope": _dollars(found.envelope_cents),
        "floor": _dollars(found.floor_cents),
        "ceiling": _dollars(found.ceiling_cents),
        "focus_areas": [names["en"] for _, names in everything.areas],
        "places": [{"kind": place.kind, "code": place.code} for place in everything.places],
        "criteria": [{"code": one.code, "weight": one.number} for one in everything.criteria],
        "documents": [_asked(one) for one in everything.documents],
        "questions": [_asked(one) | {"words": one.number} for one in everything.questions],
        "checks": [_asked(one) for one in everything.checks],
        "extensions": [_step(one) for one in everything.extensions],
        "exceptions": [_step(one) | {"office": one.office} for one in everything.exceptions],
        "prepared_by": found.prepared_by,
        "opened_by": found.opened_by,
        "cancelled": {"at": _iso(found.cancelled_at), "reason": found.cancel_reason} if found.cancelled_at else None,
    }


def _asked(one: Asked) -> dict[str, Any]:
    return {"code": one.code, "name": best(one.names, LANGUAGE).text, "required": one.required}


def _step(one: Step) -> dict[str, Any]:
    return {"until": _iso(one.until), "zone": one.zone, "reason": one.reason, "by": one.by}


def _lines(facts: dict[str, Any], found: Call) -> Iterator[str]:
    yield f"{facts['fund']} {facts['code']}: {best(found.names, LANGUAGE).text or NOTHING}"
    yield f"stage       {facts['stage']}"
    yield f"opens       {_here(facts['opens'], found.zone)}"
    yield f"closes      {'stands open' if found.standing else _here(facts['closes'], found.zone)}"
    for name in ("envelope", "floor", "ceiling"):
        yield f"{name:11} {facts[name] or NOTHING}"
    yield f"for         {', '.join(place['code'] for place in facts['places']) or 'every State that may be funded'}"
    for name in facts["focus_areas"]:
        yield f"focus area  {name}"
    for one in facts["criteria"]:
        yield f"criterion   {one['code']} {one['weight']}"
    for kind in ("document", "question", "check"):
        for one in facts[f"{kind}s"]:
            need = "required" if one["required"] else "asked for"
            limit = f", at most {one['words']} words" if kind == "question" else ""
            yield f"{kind:11} {one['name']} ({need}{limit})"
    for one in facts["extensions"]:
        yield f"extended    to {_here(one['until'], one['zone'])}: {one['reason']}"
    for one in facts["exceptions"]:
        yield f"exception   {one['office']} until {_here(one['until'], one['zone'])}: {one['reason']}"
    if facts["cancelled"]:
        yield f"cancelled   {facts['cancelled']['reason']}"


def _here(iso: str | None, zone: str) -> str:
    """A moment as clocks of its zone show it."""
    if iso is None:
        return NOTHING
    return f"{local(datetime.strptime(iso, '%Y-%m-%dT%H:%MZ'), zone):%Y-%m-%d %H:%M} {zone}"  # noqa: DTZ007 - UTC


COMMANDS = (call,)
