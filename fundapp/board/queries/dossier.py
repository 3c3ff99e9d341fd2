"""Reading the dossier of a session for one reader, with nothing in it that is not open to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor, Permission, may
from fundapp.board.models import AgendaDocument, AgendaItem, BoardSession, SessionStage
from fundapp.board.queries.briefs import Around, around, facts_of
from fundapp.board.queries.seeing import Before, Handed, before_session, calls_of, carried, handed, seen_now
from fundapp.board.queries.sessions import items_of, participants_of
from fundapp.board.queries.situations import situation_on
from fundapp.board.queries.snapshots import kept_in, seen_in, situation_in, snapshots_of
from fundapp.board.rules.dossier import (
    Attending,
    Brief,
    Chosen,
    Item,
    Known,
    OfSession,
    Paper,
    RankingFacts,
    ScenarioFacts,
    SessionDossier,
)
from fundapp.board.rules.seen import SeenProposal, Share, placed
from fundapp.funds.models import Board, Fund
from fundapp.proposals.models import Call
from fundapp.proposals.queries.calls import Subject
from fundapp.proposals.rules import local
from fundapp.scoring.models import Scenario
from fundapp.scoring.queries.scenarios import asked_of, chosen_in
from fundapp.scoring.rules.scenarios import Candidate

SEEN_ALREADY = (SessionStage.OPEN, SessionStage.CLOSED)


def session_dossier(session: Session, actor: Actor, of: BoardSession, fund: Fund, at: datetime) -> SessionDossier:
    """Everything for a session that somebody may read: of the proposals, those that are open to them. From the opening
    on scores and the fund's situation are those that the Board saw; before that those of this moment, for the
    secretariat. About as many queries for thirty proposals as for one."""
    opened = of.stage in SEEN_ALREADY or may(actor, Permission.SCORING_READ, Subject(fund.id))
    known = before_session(session, actor, of, fund.id) if opened else []
    found = [one for one in known if one.open]
    calls = calls_of(session, found) if found else {}
    texts = handed(session, fund.id, found, calls) if found else {}
    rows = snapshots_of(session, actor, of, fund.id) if opened else []
    seen = _seen(session, actor, of, fund.id, found, calls, texts, rows)
    things = around(session, fund, known, texts.values())
    places = {one.seen.reference: one for code in calls for one in placed(_of_call(code, found, seen))}
    return SessionDossier(
        _session(session, of, fund), at, opened, _items(session, of, fund.id), _people(session, of),
        tuple(_ranking(call, _of_call(key, found, seen), things) for key, call in calls.items()),
        _scenarios(session, calls, found, things),
        tuple(
            Brief(facts_of(one, texts[one.id], fund, calls[one.call_id], things, at), places[one.reference])
            for one in found
        ),
        tuple(
            Known(one.reference, one.title, one.language, things.names(one.country), one.office)
            for one in known
            if not one.open
        ),
        situation_in(rows) or situation_on(session, fund, local(at, of.zone).date()),
        kept_in(rows),
    )  # fmt: skip


def _seen(
    session: Session, actor: Actor, of: BoardSession, fund_id: int, found: Sequence[Before],
    calls: Mapping[int, Call], texts: Mapping[int, Handed], rows: Sequence[Any],
) -> dict[int, SeenProposal]:  # fmt: skip
    """What the Board saw of each; of what was never kept, what there is to see now."""
    kept = seen_in(rows)
    missing = [one for one in found if one.id not in kept]
    if not missing:
        return kept
    return kept | seen_now(session, actor, fund_id, missing, calls, texts)


def _of_call(key: int, found: Iterable[Before], seen: Mapping[int, SeenProposal]) -> list[SeenProposal]:
    return [seen[one.id] for one in found if one.call_id == key]


def _session(session: Session, of: BoardSession, fund: Fund) -> OfSession:
    return OfSession(
        fund.code, fund.names, session.get_one(Board, of.board_id).names, of.number(fund.id), of.since, of.until,
        of.way.value, of.place, of.hosts, of.stage.value, of.quorum, of.silent_until, of.zone,
    )  # fmt: skip


def _items(session: Session, of: BoardSession, fund_id: int) -> tuple[Item, ...]:
    found = items_of(session, of, fund_id)
    document = AgendaDocument
    asked = (
        sa.select(document.item_id, document.title, document.language, document.name)
        .join(AgendaItem, AgendaItem.id == document.item_id)
        .where(AgendaItem.session_id == of.id, document.removed_at.is_(None))
        .order_by(document.id)
    )
    papers: dict[int, list[Paper]] = {}
    for item, title, language, name in session.execute(asked):
        papers.setdefault(item, []).append(Paper(title, language, name))
    return tuple(
        Item(number, one.kind.value, one.names, tuple(papers.get(one.id, ()))) for number, one in enumerate(found, 1)
    )


def _people(session: Session, of: BoardSession) -> tuple[Attending, ...]:
    return tuple(
        Attending(one.name, one.capacity.value, one.function, one.present) for one in participants_of(session, of)
    )


def _ranking(call: Call, rows: Sequence[SeenProposal], known: Around) -> RankingFacts:
    criteria = next((one.scores.criteria for one in rows if one.scores), ())
    states = {one.state: known.names(one.state) for one in rows}
    return RankingFacts(call.code, call.names, criteria, tuple(placed(rows)), states)


def _scenarios(
    session: Session, calls: Mapping[int, Call], found: Sequence[Before], known: Around
) -> tuple[ScenarioFacts, ...]:  # fmt: skip
    """The scenarios carried to the Board, of each what its reader sees; one query."""
    of = {one.id: one for one in found}
    return tuple(
        _scenario(scenario, calls[key], of, known)
        for key, scenario in (carried(session, calls) if calls else {}).items()
    )


def _scenario(scenario: Scenario, call: Call, of: Mapping[int, Before], known: Around) -> ScenarioFacts:
    candidates, chosen = asked_of(scenario)[0], chosen_in(scenario)
    shown = [one for one in candidates if one.id in of]
    rows = tuple(_chosen(scenario.name, one, chosen.get(one.id, 0), of[one.id], known) for one in shown)
    return ScenarioFacts(scenario.name, call.code, scenario.envelope_cents, rows, len(shown) == len(candidates))


def _chosen(name: str, one: Candidate, step: int, before: Before, known: Around) -> Chosen:
    share = Share(name, step, one.at(step)) if step else None
    return Chosen(one.reference, before.title, before.language, known.names(before.country), one.cents, share)
