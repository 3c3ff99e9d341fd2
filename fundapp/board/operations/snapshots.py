"""Keeping what the Board sees, on the day that it sees it."""

from __future__ import annotations

from collections.abc import Collection

from fundapp.access.operation import operation
from fundapp.access.operations import Console
from fundapp.access.policy import Permission
from fundapp.board.models import BoardSession, BoardSnapshot, SnapshotKind
from fundapp.board.queries.seeing import before_session, handed, seen_now
from fundapp.board.queries.situations import situation_on
from fundapp.board.rules import seen, situation
from fundapp.funds.models import Fund
from fundapp.kernel.work import Work
from fundapp.proposals.rules import local
from fundapp.proposals.rules.record import canonical, digest


@operation(Permission.SESSION_RUN)
def keep_seen(work: Work, of: BoardSession, proposals: Collection[int] | None = None) -> int:
    """Keep what the Board sees of the proposals before a session, and of each of its funds; or of some proposals alone.
    How many snapshots there are of it. It is read as the program sees it: all of it, also what an interest keeps from
    whoever opens the session."""
    made = 0
    for fund_id in sorted(of.fund_ids):
        found = [
            one
            for one in before_session(work.session, Console(), of, fund_id)
            if proposals is None or one.id in proposals
        ]
        texts, calls = handed(work.session, fund_id, found)
        now, _ = seen_now(work.session, Console(), fund_id, found, calls, texts)
        for key, one in now.items():
            _keep(work, of, fund_id, key, canonical(seen.kept(one)))
        made += len(now) + (_situation(work, of, fund_id) if proposals is None else 0)
    return made


def _situation(work: Work, of: BoardSession, fund_id: int) -> int:
    day = local(work.at, of.zone).date()
    found = situation_on(work.session, work.session.get_one(Fund, fund_id), day)
    if found is None:
        return 0
    _keep(work, of, fund_id, None, canonical(situation.kept(found)))
    return 1


def _keep(work: Work, of: BoardSession, fund_id: int, proposal_id: int | None, content: str) -> None:
    work.session.add(
        BoardSnapshot(
            session_id=of.id, kind=SnapshotKind.SITUATION if proposal_id is None else SnapshotKind.PROPOSAL,
            proposal_id=proposal_id, fund_id=fund_id, content=content, digest=digest(content), at=work.at,
            by=str(work.actor),
        )
    )  # fmt: skip
