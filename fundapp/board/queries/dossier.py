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
from fundapp.board.queries.seeing import Before, Handed, before_session, carried, handed, seen_now
from fundapp.board.queries.sessions import participants_of
from fundapp.board.queries.situations import situation_on
from fundapp.board.queries.snapshots import kept_in, seen_in, situation_in, snapshots_of
from fundapp.board.queries.withheld import agenda_reader
from fundapp.board.rules.agenda import AgendaReader
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


def session_dossier(
    session: Session, actor: Actor, of: BoardSession, fund: Fund, number: int, at: datetime
) -> SessionDossier:  # fmt: skip
    """Everything for a session, by the number that it has for a fund, that somebody may read: of the proposals, those
    that are open to them. From the opening on scores and the fund's situation are those that the Board saw; before that
    those of this moment, for the secretariat. As many queries for thirty proposals of a call as for one."""
    was_open = of.stage in SEEN_ALREADY
    opened = was_open or may(actor, Permission.SCORING_READ, Subject(fund.id))
    known = before_session(session, actor, of, fund.id) if opened else []
    found = [one for one in known if one.open]
    texts, calls = handed(session, fund.id, found) if found else ({}, {})
    rows = snapshots_of(session, actor, of, fund.id) if was_open else []
    seen, scenarios = _seen(session, actor, fund.id, found, calls, texts, rows)
    things = around(session, fund, known, texts.values())
    places = {one.seen.reference: one for key in calls for one in placed(_of_call(key, found, seen))}
    board, items = _agenda(session, of, fund.id, agenda_reader(session, actor, of, fund.id))
    return SessionDossier(
        _session(of, fund, number, board), at, opened, items, _people(session, of),
        tuple(_ranking(call, _of_call(key, found, seen), things) for key, call in calls.items()),
        tuple(_scenario(scenario, calls[key].code, found, things) for key, scenario in scenarios.items()),
        tuple(
            Brief(facts_of(one, texts[one.id], fund, calls[one.call_id], things, at), places[one.reference])
            for one in found
        ),
        tuple(_known(one, things) for one in known if not one.open),
        situation_in(rows) or situation_on(session, fund, local(at, of.zone).date()),
        kept_in(rows),
    )  # fmt: skip


def _known(one: Before, things: Around) -> Known:
    return Known(one.reference, one.title, one.language, things.names(one.country), one.office)


def _seen(
    session: Session, actor: Actor, fund_id: int, found: Sequence[Before], calls: Mapping[int, Call],
    texts: Mapping[int, Handed], rows: Sequence[Any],
) -> tuple[Mapping[int, SeenProposal], Mapping[int, Scenario]]:  # fmt: skip
    """What the Board saw of each, or of what was never kept what there is to see now; and the scenarios."""
    kept = seen_in(rows)
    if missing := [one for one in found if one.id not in kept]:
        now, scenarios = seen_now(session, actor, fund_id, missing, calls, texts)
        return kept | now, scenarios
    return kept, carried(session, calls) if calls else {}


def _of_call(key: int, found: Iterable[Before], seen: Mapping[int, SeenProposal]) -> list[SeenProposal]:
    return [seen[one.id] for one in found if one.call_id == key]


def _session(of: BoardSession, fund: Fund, number: int, board: Board) -> OfSession:
    return OfSession(
        fund.code, fund.names, board.names, number, of.since, of.until, of.way.value, of.place, of.hosts,
        of.stage.value, of.quorum, of.silent_until, of.zone,
    )  # fmt: skip


def _agenda(session: Session, of: BoardSession, fund_id: int, kept: AgendaReader) -> tuple[Board, tuple[Item, ...]]:
    """The Board, and the items as the fund sees them with their documents, but for what is kept from the reader; one
    query."""
    item, document = AgendaItem, AgendaDocument
    own = sa.or_(item.fund_id.is_(None), item.fund_id == fund_id)
    asked = (
        sa.select(Board, item, document)
        .select_from(Board)
        .outerjoin(item, sa.and_(item.session_id == of.id, item.removed_at.is_(None), own))
        .outerjoin(document, sa.and_(document.item_id == item.id, document.removed_at.is_(None)))
        .where(Board.id == of.board_id)
        .order_by(item.position, item.id, document.id)
    )
    rows: Sequence[Any] = session.execute(asked).all()
    papers: dict[AgendaItem, list[Paper]] = {}
    for _, one, paper in rows:
        if one is not None:
            its = papers.setdefault(one, [])
            if paper is not None and kept.reads(one.id, one.kind.value, paper.title, paper.name):
                its.append(Paper(paper.title, paper.language, paper.name))
    read = ((one, kept.titles(one.id, one.kind.value, one.names)) for one in papers)
    there = [(one, titles) for one, titles in read if titles is not None]
    items = (
        Item(number, one.kind.value, titles, tuple(papers[one])) for number, (one, titles) in enumerate(there, 1)
    )  # fmt: skip
    return rows[0][0], tuple(items)


def _people(session: Session, of: BoardSession) -> tuple[Attending, ...]:
    return tuple(
        Attending(one.name, one.capacity.value, one.function, one.present) for one in participants_of(session, of)
    )


def _ranking(call: Call, rows: Sequence[SeenProposal], known: Around) -> RankingFacts:
    criteria = next((one.scores.criteria for one in rows if one.scores), ())
    states = {one.state: known.names(one.state) for one in rows}
    return RankingFacts(call.code, call.names, criteria, tuple(placed(rows)), states)


def _scenario(scenario: Scenario, call: str, found: Iterable[Before], known: Around) -> ScenarioFacts:
    """A scenario carried to the Board: of it, what its reader sees."""
    candidates, chosen, of = asked_of(scenario)[0], chosen_in(scenario), {one.id: one for one in found}
    shown = [one for one in candidates if one.id in of]
    rows = tuple(_chosen(scenario.name, one, chosen.get(one.id, 0), of[one.id], known) for one in shown)
    return ScenarioFacts(scenario.name, call, scenario.envelope_cents, rows, len(shown) == len(candidates))


def _chosen(name: str, one: Candidate, step: int, before: Before, known: Around) -> Chosen:
    share = Share(name, step, one.at(step)) if step else None
    return Chosen(one.reference, before.title, before.language, known.names(before.country), one.cents, share)
