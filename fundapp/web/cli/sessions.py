"""fundapp session list and show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from fundapp.access.operations import Console
from fundapp.board.models import BoardSession
from fundapp.board.queries.session_list import SessionRow, SessionsWanted, sessions_of
from fundapp.board.queries.session_page import agenda, people_and_moves, standings
from fundapp.board.queries.sessions import session_numbered
from fundapp.board.rules.agenda import AgendaReader
from fundapp.board.rules.sessions import presence
from fundapp.funds.models import Fund
from fundapp.funds.queries import named_fund
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.text import printable
from fundapp.proposals.rules import best

LANGUAGE, NOTHING, LARGEST = "en", "-", 100_000
PRESENT = {True: "present", False: "away", None: NOTHING}


@click.group("session")
def session() -> None:
    """Sessions of the Board of Trustees."""


@session.command("list")
@click.argument("fund")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_sessions(fund: str, kind: str) -> None:
    """The sessions of FUND, what comes next first: number, days, how and where, stage, proposals."""
    rows = sessions_of(db.session(), Console(), named_fund(db.session(), fund), SessionsWanted(), today())
    if kind == "json":
        click.echo(json.dumps([_listed(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        facts = _listed(row)
        cells = (facts["number"], facts["since"], facts["until"], facts["way"], facts["place"], facts["stage"])
        click.echo(printable("  ".join(str(cell or NOTHING) for cell in (*cells, f"{row.proposals} proposals"))))
    if not rows:
        click.echo("No sessions.")


def _listed(row: SessionRow) -> dict[str, Any]:
    return {
        "number": row.number, "since": row.since.isoformat(), "until": row.until.isoformat(), "zone": row.zone,
        "way": row.way.value, "place": row.place, "hosts": row.hosts, "stage": row.stage.value, "items": row.items,
        "proposals": row.proposals, "minutes_approved": row.approved,
    }  # fmt: skip


@session.command("show")
@click.argument("fund")
@click.argument("number", type=click.IntRange(1, LARGEST))
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(fund: str, number: int, kind: str) -> None:
    """Session NUMBER of FUND: its agenda, the proposals before it and how each fares, who takes part."""
    of = named_fund(db.session(), fund)
    facts = _facts(session_found(of, number), of, number)
    if kind == "json":
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in _lines(facts):
        click.echo(printable(line))


def session_found(fund: Fund, number: int) -> BoardSession:
    """The session of a number; refused, with those there are, where there is none."""
    if (found := session_numbered(db.session(), fund, number)) is not None:
        return found
    rows = sessions_of(db.session(), Console(), fund, SessionsWanted(sort="number"), today())
    raise refuse("session.unknown", fund=fund.code, number=number, known=[row.number for row in rows])


def _facts(of: BoardSession, fund: Fund, number: int) -> dict[str, Any]:
    database = db.session()
    people, moves = people_and_moves(database, of)
    seen = presence(people, of.quorum)
    funds = {one.fund_id: database.get_one(Fund, one.fund_id).code for one in of.numbers}
    return {
        "fund": fund.code, "number": number,
        "numbers": {funds[one.fund_id]: one.number for one in of.numbers},
        "since": of.since.isoformat(), "until": of.until.isoformat(), "zone": of.zone, "way": of.way.value,
        "place": of.place, "hosts": of.hosts, "stage": of.stage.value,
        "silent_until": of.silent_until.isoformat() + "Z" if of.silent_until else None,
        "quorum": of.quorum, "present": seen.present,
        "agenda": _agenda(of, fund),
        "participants": [
            {"name": one.name, "capacity": one.capacity.value, "function": one.function, "present": one.present}
            for one in people
        ],
        "moves": [{"at": one.at.isoformat() + "Z", "move": one.move, "reason": one.reason} for one in reversed(moves)],
    }  # fmt: skip


def _agenda(of: BoardSession, fund: Fund) -> list[dict[str, Any]]:
    rows = standings(db.session(), Console(), of, fund.id, LANGUAGE)
    return [
        {
            "place": place, "title": best(entry.names, LANGUAGE).text, "kind": entry.item.kind.value,
            "documents": [paper.title for paper in entry.papers],
            "proposals": [
                {
                    "reference": one.reference, "country": one.state, "asked_cents": one.cents,
                    "advice": one.advice.value if one.advice else None, "advised_cents": one.advised_cents,
                    "decision": one.decision.value if one.decision else None, "decided_cents": one.decided_cents,
                    "interests_declared": one.declared,
                }
                for one in rows
                if one.item_id == entry.item.id
            ],
        }
        for place, entry in enumerate(agenda(db.session(), of, fund.id, AgendaReader()), 1)
    ]  # fmt: skip


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    numbers = ", ".join(f"{fund} {number}" for fund, number in facts["numbers"].items())
    yield f"session     {numbers}"
    yield f"days        {facts['since']} to {facts['until']} ({facts['zone']})"
    yield f"place       {'  '.join(one for one in (facts['way'], facts['place'], facts['hosts']) if one)}"
    yield f"stage       {facts['stage']}"
    if facts["silent_until"]:
        yield f"silence     until {facts['silent_until']}"
    yield f"quorum      {facts['quorum']}, present {facts['present']}"
    for item in facts["agenda"]:
        yield f"{item['place']}. {item['title']}  ({item['kind']})"
        yield from (f"   document  {title}" for title in item["documents"])
        for one in item["proposals"]:
            yield f"   {one['reference']}  {one['country']}  {one['decision'] or one['advice'] or 'no advice yet'}"
    for one in facts["participants"]:
        yield f"{one['capacity']:<12}{one['name']}  {PRESENT[one['present']]}"


COMMANDS = (session,)
