"""Reading the dossiers that somebody asked for: their own alone, and what is to be worked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.funds.models import Fund
from fundapp.kernel.errors import refuse
from fundapp.proposals.models import Call, DossierJob, Proposal
from fundapp.proposals.queries.dossier import seen_ids
from fundapp.proposals.queries.proposals import closed_to
from fundapp.proposals.rules.dossier_jobs import JobStage

PAGE = 50  # jobs on a page: the newest
LONGEST_KEY = 10  # digits
JOB, PROPOSAL, CALL = DossierJob.__table__, Proposal.__table__, Call.__table__


def own_job(session: Session, actor: Actor, fund: Fund, key: int) -> DossierJob | None:
    """A job that somebody asked for themselves; none for anybody else's, nor for one with a proposal that an interest
    keeps them from by now: the archive has it, and the count would tell of it."""
    asked = sa.select(DossierJob).where(JOB.c.id == key, JOB.c.person_id == actor.id, JOB.c.fund_id == fund.id)
    found = session.scalars(asked).one_or_none()
    return found if found and closed_to(actor).isdisjoint(found.proposals["ids"]) else None


def own_jobs(session: Session, actor: Actor, fund: Fund) -> Sequence[DossierJob]:
    """The jobs that somebody asked for in a fund, newest first."""
    asked = sa.select(DossierJob).where(JOB.c.person_id == actor.id, JOB.c.fund_id == fund.id)
    found, closed = session.scalars(asked.order_by(JOB.c.id.desc())), closed_to(actor)
    return list(islice((one for one in found if closed.isdisjoint(one.proposals["ids"])), PAGE))


def locked_job(session: Session, key: int) -> DossierJob | None:
    """A job, held until the unit of work ends."""
    return session.get(DossierJob, key, with_for_update=True, populate_existing=True)


def to_make(since: datetime) -> sa.Select[DossierJob]:
    """The job to work on next: the oldest that waits, or that somebody began and left before that moment."""
    left = sa.and_(JOB.c.stage == JobStage.MAKING, JOB.c.claimed_at <= since)
    return sa.select(DossierJob).where(sa.or_(JOB.c.stage == JobStage.WAITING, left)).order_by(JOB.c.id).limit(1)


def dossiers_wait(session: Session, since: datetime) -> bool:
    """Whether a job is to be worked on; asked without the lock that claiming it takes."""
    return session.scalar(to_make(since).with_only_columns(JOB.c.id)) is not None


def to_throw_away(before: datetime) -> sa.Select[DossierJob]:
    """A job whose archive was made before that moment and is kept still."""
    asked = sa.select(DossierJob).where(JOB.c.stage == JobStage.DONE, JOB.c.done_at <= before)
    return asked.order_by(JOB.c.id).limit(1)


def old_archives(session: Session, before: datetime) -> bool:
    """Whether there is one; asked without a lock."""
    return session.scalar(to_throw_away(before).with_only_columns(JOB.c.id)) is not None


def archive_is_named(session: Session, digest: str) -> bool:
    """Whether a job still has the archive of a digest."""
    return bool(session.scalar(sa.select(sa.exists().where(JOB.c.digest == digest))))


def chosen(session: Session, actor: Actor, fund: Fund, asked: Mapping[str, Sequence[str]]) -> list[int]:
    """The proposals that the query of an address means, of those that somebody may read: `ids` by number, or `call`
    and `stage`; without either, all of them."""
    which: list[sa.ColumnElement[bool]] = []
    if "ids" in asked:
        which.append(PROPOSAL.c.id.in_(numbers(asked["ids"])))
    if codes := [code[:20] for code in asked.get("call", ()) if code]:
        which.append(
            PROPOSAL.c.call_id.in_(sa.select(CALL.c.id).where(CALL.c.fund_id == fund.id, CALL.c.code.in_(codes)))
        )
    if stages := [stage[:40] for stage in asked.get("stage", ()) if stage]:
        which.append(PROPOSAL.c.stage.in_(stages))
    return seen_ids(session, actor, fund, *which)


def numbers(texts: Sequence[str]) -> list[int]:
    """The ids of an address, each alone or several with commas between; refused where one is no number."""
    found: list[Any] = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    if wrong := next((part for part in found if not _is_key(part)), None):
        raise refuse("dossiers.no-number", text=wrong[:40])
    return [int(part) for part in found]


def _is_key(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) < LONGEST_KEY
