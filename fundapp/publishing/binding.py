"""Makes the dossiers that people asked for into archives, beside the pages: each proposal as whoever asked may read it
now. A proposal that cannot be drawn is named, and the others are not lost."""

from __future__ import annotations

import logging
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy.exc import SQLAlchemyError

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Actor, Refused
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import Busy, db
from fundapp.kernel.files import Files
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import DossierJob
from fundapp.proposals.operations.jobs import (
    JobClaim,
    MadeElsewhere,
    claim_dossiers,
    give_dossiers_up,
    keep_archive,
    note_made,
    throw_away,
)
from fundapp.proposals.queries.dossier import dossier_facts, seen
from fundapp.proposals.queries.jobs import archive_is_named, dossiers_wait, old_archives
from fundapp.proposals.rules.dossier_jobs import KEPT, LARGEST, STALE
from fundapp.publishing.drawing import draw
from fundapp.recommendations.inbox import patiently

EVERY = 2.0  # seconds between two notes of how far a job is
NOT_PERMITTED, UNFORESEEN, NOTHING_LEFT = "not-permitted", "unforeseen", "nothing-left"
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Archive:
    """The dossiers of several proposals for one reader, as they are put into an archive: which are inside, references
    of those that could not be drawn, and how many the reader may no longer see."""

    reader: Actor
    fund: Fund
    language: str
    form: str
    inside: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    gone: int = 0

    def lacks(self, why: str = "") -> dict[str, object]:
        """What is not inside, and why nothing is where nothing is."""
        return {"failed": self.failed, "gone": self.gone, "why": why}

    def put(self, file: ZipFile, key: int) -> None:
        """Draw one proposal as the reader may see it at this moment, and put it in."""
        session, reference = db.session(), str(key)
        try:
            found = seen(session, self.reader, self.fund, [key])
            if not found:
                self.gone += 1
                return
            reference = found[0].reference
            content = draw(dossier_facts(session, self.reader, found[0], now()), self.language, self.form)
        except (SQLAlchemyError, Busy, Refused):
            raise
        except Exception:
            log.exception("the dossier of %s could not be drawn", reference)
            self.failed.append(reference)
            return
        entry = ZipInfo(f"{self.fund.code}-{reference}-{self.language}.{self.form}", _stamp(now()))
        entry.compress_type = ZIP_DEFLATED
        file.writestr(entry, content)
        self.inside.append(key)


def _stamp(at: datetime) -> tuple[int, int, int, int, int, int]:
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def bind_waiting(files: Files) -> int:
    """Work on all jobs that wait, oldest first, and throw old archives away; how many jobs there were. Each is claimed
    first, so that two processes never make the same."""
    done = 0
    while dossiers_wait(db.session(), now() - STALE) and (claim := _claim()) is not None:
        _Job(claim, files).answer()
        done += 1
    _tidy(files)
    db.session.remove()
    return done


def _claim() -> JobClaim | None:
    with unit_of_work(Console()) as work:
        return claim_dossiers(work, None)


class _Job:
    """A job that this process works on."""

    def __init__(self, claim: JobClaim, files: Files) -> None:
        self.claim, self.files = claim, files
        self.said = monotonic()

    def answer(self) -> None:
        """Make it. Whatever goes wrong is said on its page; what nobody foresaw is also raised, for the log."""
        try:
            self._make()
        except MadeElsewhere:
            return
        except Refused:
            self._give_up({"why": NOT_PERMITTED})
        except Busy:
            raise  # the claim runs out, and the job is worked on again
        except Exception:
            db.session.rollback()
            self._give_up({"why": UNFORESEEN})
            raise

    def _make(self) -> None:
        session = db.session()
        job = session.get_one(DossierJob, self.claim.key)
        ids = list(job.proposals["ids"])
        person, fund = session.get_one(Person, job.person_id), session.get_one(Fund, job.fund_id)
        archive = Archive(person, fund, job.language, job.form)
        with tempfile.TemporaryFile() as kept:
            with ZipFile(kept, "w", ZIP_DEFLATED) as file:
                for made, key in enumerate(ids, 1):
                    archive.put(file, key)
                    self._tick(made)
            if not archive.inside:
                self._give_up(archive.lacks(NOTHING_LEFT))
                return
            kept.seek(0)
            found = self.files.keep(kept, f"{fund.code}.zip", LARGEST)

        def say() -> None:
            with unit_of_work(Console()) as work:
                keep_archive(work, self.claim, found, archive.inside, archive.lacks())

        try:
            patiently(say)
        except MadeElsewhere:
            _forget(found.digest, self.files)
            raise

    def _tick(self, made: int) -> None:
        """Say how far it is; a database that is busy is not waited for."""
        if monotonic() - self.said < EVERY:
            return
        self.said = monotonic()
        with suppress(Busy), unit_of_work(Console()) as work:
            claim = note_made(work, self.claim, made)
            work.after_commit.append(lambda: setattr(self, "claim", claim))

    def _give_up(self, lacks: dict[str, object]) -> None:
        def say() -> None:
            with unit_of_work(Console()) as work:
                give_dossiers_up(work, self.claim, lacks)

        with suppress(MadeElsewhere):
            patiently(say)


def _tidy(files: Files) -> None:
    """Throw the archives away that were kept long enough."""
    while old_archives(db.session(), now() - KEPT):
        with unit_of_work(Console()) as work:
            digest = throw_away(work, None)
        if digest is None:
            return
        _forget(digest, files)


def _forget(digest: str, files: Files) -> None:
    """Remove an archive that no job has any more."""
    if not archive_is_named(db.session(), digest):
        files.drop(digest)
