"""Dossiers that are made in the background: the stages of such a job, and how long what it made is kept. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

FORMS = ("pdf", "docx")
MOST = 2_000  # proposals of one job
LARGEST = 4_000_000_000  # bytes of one archive
STALE = timedelta(minutes=5)  # without progress, after which a job that was begun is anybody's again
KEPT = timedelta(days=7)  # after which an archive is thrown away


class JobStage(StrEnum):
    """Where a job stands; a file is there in DONE alone."""

    WAITING = "waiting"
    MAKING = "making"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"


MOVING = (JobStage.WAITING, JobStage.MAKING)
