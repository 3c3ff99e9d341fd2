"""Dossiers made in the background: asked for, claimed by whoever makes them, made, kept for a while, thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.funds.models import Fund
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import Kept
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.proposals.models import DossierJob
from fundapp.proposals.queries.dossier import seen
from fundapp.proposals.queries.jobs import locked_job, to_make, to_throw_away
from fundapp.proposals.rules.dossier_jobs import FORMS, KEPT, MOST, STALE, JobStage
from fundapp.proposals.rules.record import canonical


@dataclass(frozen=True, slots=True)
class JobClaim:
    """A job that this process works on, and since when it last said so: one that somebody took over is worth
    nothing."""

    key: int
    at: datetime


class MadeElsewhere(Refusal):
    """Another process works on the job by now."""


@operation(Permission.DOSSIER_MAKE)
def ask_for_dossiers(work: Work, fund: Fund, ids: Sequence[int], language: str, form: str) -> DossierJob:
    """Ask for the dossiers of these proposals, each as whoever asks may read it; those that the same person waits for
    already are not made twice."""
    wanted = list(dict.fromkeys(ids))
    if language not in LANGUAGES:
        raise refuse("language.unknown", language=language[:20], known=", ".join(LANGUAGES))
    if form not in FORMS:
        raise refuse("dossiers.form", text=form[:20], known=", ".join(FORMS))
    if not wanted:
        raise refuse("dossiers.none")
    if len(wanted) > MOST:
        raise refuse("dossiers.many", found=len(wanted), largest=MOST)
    if len(seen(work.session, work.actor, fund, wanted)) < len(wanted):
        raise refuse("dossiers.strange")
    waits = sa.select(DossierJob).filter_by(fund_id=fund.id, person_id=work.actor.id, language=language, form=form)
    for there in work.session.scalars(waits.where(DossierJob.stage == JobStage.WAITING)):
        if there.proposals.get("ids") == wanted:
            return there
    job = DossierJob(
        fund_id=fund.id, person_id=work.actor.id, proposals={"ids": wanted}, language=language, form=form,
        stage=JobStage.WAITING, made=0, total=len(wanted), at=work.at, failure="",
    )  # fmt: skip
    work.session.add(job)
    return job


@operation(Permission.DOSSIER_MAKE)
def claim_dossiers(work: Work, subject: None) -> JobClaim | None:
    """Take the next job to work on, for this process alone; whoever claims and dies leaves it free after a while."""
    job = work.session.scalar(to_make(work.at - STALE).with_for_update(skip_locked=True))
    if job is None:
        return None
    job.stage, job.claimed_at, job.made = JobStage.MAKING, work.at, 0
    return JobClaim(job.id, work.at)


@operation(Permission.DOSSIER_MAKE)
def note_made(work: Work, claim: JobClaim, made: int) -> JobClaim:
    """Say how many dossiers of a job are made."""
    job = _claimed(work, claim)
    job.made, job.claimed_at = made, work.at
    return JobClaim(claim.key, work.at)


@operation(Permission.DOSSIER_MAKE)
def keep_archive(work: Work, claim: JobClaim, kept: Kept, inside: Sequence[int], lacks: Mapping[str, Any]) -> None:
    """Keep the archive of a job: which proposals are in it, and what could not be drawn."""
    job = _claimed(work, claim)
    job.proposals = {**job.proposals, "inside": list(inside)}
    job.digest, job.size, job.failure = kept.digest, kept.size, canonical(lacks) if any(lacks.values()) else ""
    _settle(work, job, JobStage.DONE)
    job.made = len(inside)


@operation(Permission.DOSSIER_MAKE)
def give_dossiers_up(work: Work, claim: JobClaim, lacks: Mapping[str, Any]) -> None:
    """Say that nothing came of a job."""
    job = _claimed(work, claim)
    job.failure = canonical(lacks)
    _settle(work, job, JobStage.FAILED)


@operation(Permission.DOSSIER_MAKE)
def throw_away(work: Work, subject: None) -> str | None:
    """Let the archive of a job go that was kept long enough: its digest, for whoever removes the file."""
    job = work.session.scalar(to_throw_away(work.at - KEPT).with_for_update(skip_locked=True))
    if job is None:
        return None
    digest, job.digest, job.stage = job.digest, None, JobStage.GONE
    return digest


def _claimed(work: Work, claim: JobClaim) -> DossierJob:
    """The job of a claim that still holds."""
    job = locked_job(work.session, claim.key)
    if job is None or job.stage != JobStage.MAKING or job.claimed_at != claim.at:
        raise MadeElsewhere(Fault("dossiers.taken-over", {"number": claim.key}))
    return job


def _settle(work: Work, job: DossierJob, stage: JobStage) -> None:
    job.stage, job.claimed_at, job.done_at = stage, None, work.at
