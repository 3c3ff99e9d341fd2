"""What of a session is kept from somebody who reads it: what is said of proposals that an interest keeps them from, and
documents of proposals that are not open to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.board.models import AgendaItem, BoardSession, Considered
from fundapp.board.queries.sessions import items_of, reads_all
from fundapp.board.rules.agenda import AgendaReader, Under
from fundapp.board.rules.withholding import Hidden, Silent
from fundapp.proposals.models import Proposal, ProposalReader
from fundapp.proposals.queries.proposals import closed_to
from fundapp.reference.models import Country

Names = Mapping[str, str]
Titled = Sequence[tuple[AgendaItem, Names]]  # items with their titles as somebody reads them


def silent_to(session: Session, actor: Actor) -> Silent:
    """What texts must not tell somebody: of the proposals that an interest keeps them from; one query, none for whoever
    is kept from nothing."""
    closed = closed_to(actor)
    if not closed:
        return Silent(())
    asked = sa.select(Proposal.reference, Proposal.title, Country).outerjoin(Country, Country.code == Proposal.country)
    rows = session.execute(asked.where(Proposal.id.in_(sorted(closed))))
    return Silent(tuple(Hidden(row[0], row[1], states_of(row[2])) for row in rows))


def agenda_reader(session: Session, actor: Actor, of: BoardSession, fund_id: int) -> AgendaReader:
    """What of a session's agenda is kept from somebody in the pages of a fund; one query, none for whoever
    reads it all."""
    return agenda_readers(session, actor, [of.id], fund_id)[of.id]


def agenda_readers(session: Session, actor: Actor, sessions: Collection[int], fund_id: int) -> dict[int, AgendaReader]:
    """The same of several sessions, by their ids; one query."""
    closed, whole = closed_to(actor), reads_all(actor, fund_id)
    if whole and not closed:
        return {key: AgendaReader() for key in sessions}
    columns = sa.select(*OF_AGENDA, opened_by_name(actor.id).label("opened"))
    rows = session.execute(put_before(columns, sessions, closed)).all()
    return {key: reader_from(rows, key, closed, whole=whole) for key in sessions}


def reader_from(rows: Sequence[Any], key: int, closed: frozenset[int], *, whole: bool) -> AgendaReader:
    """The same from rows that were read. States are looked for where the proposal is before the session: elsewhere
    they say nothing of it."""
    hidden: dict[int, Hidden] = {}
    under: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        here = row.session_id == key
        if row.proposal in closed and (here or row.proposal not in hidden):
            hidden[row.proposal] = Hidden(row.reference, row.title, states_of(row.Country) if here else ())
        if here:
            how = "closed" if row.proposal in closed else "open" if whole or row.opened else "unopened"
            under[row.item][how] += 1
    return AgendaReader(Silent(tuple(hidden.values())), {item: Under(**many) for item, many in under.items()})


def states_of(state: Country | None) -> tuple[str, ...]:
    """What a State is called, in any language."""
    return tuple(state.names.values()) if state else ()


def items_read(session: Session, actor: Actor, of: BoardSession, fund_id: int) -> Titled:
    """The agenda as a fund sees it and as somebody reads it: the items with their titles; two queries."""
    kept = agenda_reader(session, actor, of, fund_id)
    found = ((one, kept.titles(one.id, one.kind.value, one.names)) for one in items_of(session, of, fund_id))
    return [(one, titles) for one, titles in found if titles is not None]


# What is read of proposals to know what is kept from a reader
OF_AGENDA = (Considered.session_id, Considered.item_id.label("item"), Proposal.id.label("proposal"), Proposal.reference,
             Proposal.title, Country)  # fmt: skip


def put_before(columns: Any, sessions: Collection[int], closed: frozenset[int]) -> sa.Select[Any]:
    """Of the proposals before sessions, and of whatever else is closed to somebody."""
    put = sa.and_(
        Considered.proposal_id == Proposal.id, Considered.removed_at.is_(None), Considered.session_id.in_(sessions)
    )
    asked = (
        columns.select_from(Proposal).outerjoin(Considered, put).outerjoin(Country, Country.code == Proposal.country)
    )
    found: sa.Select[Any] = asked.where(sa.or_(Considered.id.is_not(None), Proposal.id.in_(sorted(closed))))
    return found


def opened_by_name(person: int) -> sa.ColumnElement[bool]:
    """Whether a proposal is open to somebody by name."""
    reader = ProposalReader
    return sa.exists().where(
        reader.proposal_id == Proposal.id, reader.person_id == person, reader.ended_at.is_(None)
    )  # fmt: skip
