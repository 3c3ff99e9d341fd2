"""Reading what the Board saw, as it was kept on the day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.board.models import BoardSession, BoardSnapshot, SnapshotKind
from fundapp.board.rules.dossier import Kept
from fundapp.board.rules.seen import SeenProposal, seen_from
from fundapp.board.rules.situation import Situation, situation_from
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import visible
from fundapp.proposals.rules.record import digest

Snapshot = sa.Row[BoardSnapshot, str]


def snapshots_of(session: Session, actor: Actor, of: BoardSession, fund_id: int) -> Sequence[Any]:
    """What was kept of a session for a fund, each with the reference of its proposal, oldest first: of proposals, those
    that somebody may read; one query."""
    asked = (
        sa.select(BoardSnapshot, sa.func.coalesce(Proposal.reference, "").label("reference"))
        .outerjoin(Proposal, Proposal.id == BoardSnapshot.proposal_id)
        .where(
            BoardSnapshot.session_id == of.id,
            BoardSnapshot.fund_id == fund_id,
            sa.or_(BoardSnapshot.proposal_id.is_(None), visible(actor, fund_id)),
        )
    )
    return session.execute(asked.order_by(BoardSnapshot.id)).all()


def snapshot_at(session: Session, actor: Actor, of: BoardSession, fund_id: int, key: int) -> Any | None:
    """One of them; none for one of a proposal that somebody may not read, as for one that is not there."""
    return next((row for row in snapshots_of(session, actor, of, fund_id) if row[0].id == key), None)


def kept_in(rows: Iterable[Any]) -> tuple[Kept, ...]:
    """What there is, and whether each digest is right."""
    return tuple(
        Kept(one.id, reference, one.at, one.digest, digest(one.content) == one.digest) for one, reference in rows
    )


def seen_in(rows: Iterable[Any]) -> dict[int, SeenProposal]:
    """The proposals as the Board saw them last, by id."""
    last = {one.proposal_id: one for one, _ in rows if one.kind is SnapshotKind.PROPOSAL}
    return {key: seen_from(json.loads(one.content)) for key, one in last.items() if key is not None}


def situation_in(rows: Iterable[Any]) -> Situation | None:
    """The fund's situation as the Board saw it last; none where none was kept."""
    last = None
    for one, _ in rows:
        last = one if one.kind is SnapshotKind.SITUATION else last
    return situation_from(json.loads(last.content)) if last else None


def digest_seen(session: Session, of: BoardSession, proposal_id: int) -> str | None:
    """The digest of what the Board saw of a proposal at a session last; what a decision names."""
    asked = sa.select(BoardSnapshot.digest).where(
        BoardSnapshot.session_id == of.id, BoardSnapshot.proposal_id == proposal_id
    )
    return session.scalar(asked.order_by(BoardSnapshot.id.desc()).limit(1))
