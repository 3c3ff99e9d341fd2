"""fundapp board show: who sits on a Board on a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import click

from fundapp.board.queries.members import Body, body
from fundapp.board.rules.seats import Held, Seat, graver, other_groups, signing_in, to_see_to
from fundapp.funds.models import Board, Fund
from fundapp.funds.queries import board as board_of
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.text import printable
from fundapp.web.sentences import sentence

LANGUAGE = "en"
NOTHING = "-"


@click.group("board")
def board() -> None:
    """The Board of Trustees of a fund."""


@board.command("show")
@click.argument("fund")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day, like 2020-10-26; today.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(fund: str, on: datetime | None, kind: str) -> None:
    """Who sits on the Board of FUND on a day, who chairs, the rules, and what should be seen to."""
    found = named_fund(db.session(), fund)
    of = board_of(db.session(), found)
    facts = _facts(found, of, body(db.session(), of, found.id, on.date() if on else today(), LANGUAGE))
    if kind == "json":
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in _lines(facts):
        click.echo(printable(line))


def _facts(fund: Fund, of: Board, found: Body) -> dict[str, Any]:
    state = found.state
    told = (*graver(state), *to_see_to(state), *other_groups(found.seats))
    signing = signing_in(found.seats, found.still_signing_in) if found.day == today() else ()
    return {
        "board": of.code,
        "name": of.name(LANGUAGE),
        "funds": sorted(one.code for one in of.funds),
        "on": found.day.isoformat(),
        "seats": [_seat(found, one) for one in found.seats],
        "chair": {"name": state.chair.name, "since": state.chair.since.isoformat()} if state.chair else None,
        "quorum": found.rules.quorum,
        "term_years": found.rules.term_years,
        "most_terms": found.rules.most_terms,
        "chair_sessions": found.rules.chair_sessions,
        "approves": fund.board_approves,
        "past": [{"name": one.name, "until": one.last_day.isoformat()} for one in found.past if one.last_day],
        "to_see_to": [sentence(one) for one in (*told, *signing)],
    }


def _seat(found: Body, seat: Seat) -> dict[str, Any]:
    held = seat.now
    about = {"group": seat.group, "seat": seat.names[LANGUAGE], "trustee": None}
    if held is None:
        return about | {"vacant_since": _day(seat.vacant_since)}
    return about | {
        "trustee": held.name,
        "country": held.country or None,
        "country_name": found.countries[held.country] or None,
        "term": held.number,
        "since": held.since.isoformat(),
        "until": held.last_day.isoformat(),
        "next": _next(seat.next),
    }


def _next(held: Held | None) -> dict[str, str] | None:
    return {"trustee": held.name, "since": held.since.isoformat()} if held else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    yield f"{facts['name']}  {facts['on']}"
    width = max(len(seat["seat"]) for seat in facts["seats"])
    for seat in facts["seats"]:
        yield f"  {seat['seat'].ljust(width)}  {_held(seat)}"
    chair = facts["chair"]
    yield f"chair       {chair['name']}, since {chair['since']}" if chair else f"chair       {NOTHING}"
    filled = sum(seat["trustee"] is not None for seat in facts["seats"])
    yield f"filled      {filled} of {len(facts['seats'])}; quorum {facts['quorum']}"
    yield f"terms       {facts['term_years']} years, at most {facts['most_terms']}"
    yield "decision    " + ("needs the Board's approval" if facts["approves"] else "needs the Board's advice")
    for told in facts["to_see_to"]:
        yield f"! {told}"


def _held(seat: dict[str, Any]) -> str:
    if seat["trustee"] is None:
        return f"vacant since {seat['vacant_since']}" if seat["vacant_since"] else "never filled"
    state = seat["country_name"] or NOTHING
    follows = f"; then {seat['next']['trustee']} from {seat['next']['since']}" if seat["next"] else ""
    return f"{seat['trustee']} ({state}), term {seat['term']}, {seat['since']} to {seat['until']}{follows}"


COMMANDS = (board,)
