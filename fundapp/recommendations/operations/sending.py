"""A file that somebody sends: received, claimed by whoever reads it, read, and then taken in or given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Faults, Refusal, refuse
from fundapp.kernel.files import Kept
from fundapp.kernel.work import Work
from fundapp.recommendations.layouts.incoming import About, Incoming
from fundapp.recommendations.models import Upload, UploadProgress
from fundapp.recommendations.operations.importing import import_file
from fundapp.recommendations.queries import world
from fundapp.recommendations.queries.sent_in import CLAIMED, OVER, locked, same_open, to_do
from fundapp.recommendations.rules import Reading, Stage, Tolerated

STALE = timedelta(minutes=5)  # without progress, after which a claimed file is anybody's again
COUNTS = ("rows", "added", "translated", "changed", "wrong")  # that must be the same when a file is taken in
_PROGRESS = UploadProgress.__table__


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as somebody sent it, and what they say of it; `layout` is empty where the reader is to recognise it."""

    name: str
    kept: Kept
    layout: str
    language: str
    about: About
    good_rows: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that this process works on, and since when: a claim that somebody took over is worth nothing."""

    key: int
    name: str
    stage: Stage
    at: datetime
    actor: str  # who sent it, or who decided to take it in


@operation(Permission.RECOMMENDATION_IMPORT)
def receive_file(work: Work, subject: None, sent: Sent) -> tuple[Upload, bool]:
    """Put a file in line to be read. The same file with the same words that is under way is not read twice: then the
    second value is False."""
    words: dict[str, Any] = {
        "digest": sent.kept.digest,
        "layout": sent.layout,
        "state": sent.about.state,
        "session": sent.about.session,
        "language": sent.language,
        "good_rows": sent.good_rows,
    }
    if (known := same_open(work.session, words)) is not None:
        return known, False
    upload = Upload(
        **words,
        name=sent.name[:255],
        size=sent.kept.size,
        apply_changes=False,
        stage=Stage.WAITING,
        found={},
        at=work.at,
        by=str(work.actor)[:255],
    )
    work.session.add(upload)
    return upload, True


@operation(Permission.RECOMMENDATION_IMPORT)
def claim_upload(work: Work, subject: None) -> Claim | None:
    """Take the next file to work on, for this process alone; whoever claims and dies leaves it free after a while."""
    upload = work.session.scalar(to_do(work.at - STALE).with_for_update(skip_locked=True))
    if upload is None:
        return None
    upload.stage = Stage.READING if upload.stage in (Stage.WAITING, Stage.READING) else Stage.TAKING
    upload.claimed_at = work.at
    work.session.execute(sa.delete(_PROGRESS).where(_PROGRESS.c.upload_id == upload.id))
    actor = upload.by if upload.stage is Stage.READING else str(upload.found.get("decided_by") or upload.by)
    return Claim(upload.id, upload.name, upload.stage, work.at, actor)


@operation(Permission.RECOMMENDATION_IMPORT)
def note_progress(work: Work, claim: Claim, rows: int, share: int) -> None:
    """Say how far the reading of a file is: rows, and thousandths of the whole (nil where that is not known). A file
    that somebody gave up meanwhile, or took over, need not be read to its end."""
    _claimed(work, claim)
    values = {"rows": rows, "share": share, "at": work.at}
    moved: Any = work.session.execute(sa.update(_PROGRESS).where(_PROGRESS.c.upload_id == claim.key).values(values))
    if not moved.rowcount:
        work.session.execute(sa.insert(_PROGRESS).values(upload_id=claim.key, **values))


@operation(Permission.RECOMMENDATION_IMPORT)
def note_reading(work: Work, claim: Claim, layout: str, found: dict[str, Any], report: str) -> None:
    """Keep what reading a file found: from here on it waits for a decision."""
    upload = _claimed(work, claim)
    upload.layout, upload.found, upload.report = layout, {**_kept_on(upload), **found}, report
    _settle(work, upload, Stage.READ)


@operation(Permission.RECOMMENDATION_IMPORT)
def turn_down(work: Work, claim: Claim, faults: Sequence[Fault]) -> None:
    """Say why a file cannot be read at all; nothing of it is in the register."""
    upload = _claimed(work, claim)
    upload.found, upload.report = {"faults": [as_json(fault) for fault in faults]}, None
    _settle(work, upload, Stage.REFUSED)


@operation(Permission.RECOMMENDATION_IMPORT)
def agree(work: Work, upload: Upload, seen: str, *, apply_changes: bool) -> None:
    """Decide to take a file in, after looking at what that would do. `seen` is the digest of the report looked at."""
    _decidable(upload)
    if upload.report != seen:
        raise refuse("upload.seen-other", name=upload.name)
    found = upload.found
    if found["wrong"] and not upload.good_rows:
        raise refuse("upload.wrong-rows", name=upload.name, number=found["wrong"])
    if not found["added"] + found["translated"] + (found["changed"] if apply_changes else 0):
        raise refuse("upload.nothing-new", name=upload.name)
    upload.found = {**found, "decided_by": str(work.actor)}
    upload.apply_changes, upload.stage = apply_changes, Stage.DUE


@operation(Permission.RECOMMENDATION_IMPORT)
def take_in(work: Work, claim: Claim, file: Incoming) -> None:
    """Take a file in as it was agreed to: all of it, or nothing where it would now do anything else."""
    upload = _claimed(work, claim)
    reading = Reading(file.name, world(work.session, upload.language), Tolerated() if upload.good_rows else Faults())
    about = About(upload.state, upload.session)
    outcome = import_file(work, None, file, upload.layout, reading, about=about, apply_changes=upload.apply_changes)
    wrong = len(reading.faults) + getattr(reading.faults, "more", 0)
    now = (outcome.rows, outcome.added, outcome.translated, outcome.changed, wrong)
    if now != tuple(upload.found[name] for name in COUNTS):
        raise refuse("upload.register-moved", name=upload.name)
    upload.import_id = outcome.import_id
    _settle(work, upload, Stage.TAKEN)


@operation(Permission.RECOMMENDATION_IMPORT)
def read_again(work: Work, claim: Claim, faults: Sequence[Fault]) -> None:
    """Put a file back in line that would now do something else than was agreed to, and say why."""
    upload = _claimed(work, claim)
    upload.found, upload.report = {"again": [as_json(fault) for fault in faults]}, None
    _settle(work, upload, Stage.WAITING)


@operation(Permission.RECOMMENDATION_IMPORT)
def give_up(work: Work, upload: Upload) -> None:
    """Leave a file that is not being taken in yet: nothing of it goes into the register."""
    if upload.stage not in (Stage.WAITING, Stage.READING, Stage.READ, Stage.DUE):
        raise refuse("upload.over" if upload.stage in OVER else "upload.decided", name=upload.name)
    _settle(work, upload, Stage.GIVEN_UP)


def as_json(fault: Fault) -> dict[str, Any]:
    """A fault as a column of JSON keeps it."""
    values = {name: value if isinstance(value, int) else str(value) for name, value in fault.values.items()}
    return {"code": fault.code, "values": values, "row": fault.row, "column": fault.column}


def _decidable(upload: Upload) -> None:
    if upload.stage in (Stage.DUE, Stage.TAKING, Stage.TAKEN):
        raise refuse("upload.decided", name=upload.name)
    if upload.stage in OVER:
        raise refuse("upload.over", name=upload.name)
    if upload.stage is not Stage.READ:
        raise refuse("upload.not-read", name=upload.name)


def _claimed(work: Work, claim: Claim) -> Upload:
    """The file of a claim that still holds."""
    upload = locked(work.session, claim.key)
    if upload is None or upload.stage not in CLAIMED or upload.claimed_at != claim.at:
        raise TakenOver(Fault("upload.taken-over", {"number": claim.key}))
    return upload


def _kept_on(upload: Upload) -> dict[str, Any]:
    """Of what was found before, why it had to be read again."""
    return {name: upload.found[name] for name in ("again",) if name in upload.found}


def _settle(work: Work, upload: Upload, stage: Stage) -> None:
    upload.stage, upload.claimed_at = stage, None
    work.session.execute(sa.delete(_PROGRESS).where(_PROGRESS.c.upload_id == upload.id))


class TakenOver(Refusal):
    """Another process works on the file by now: whatever this one found is not wanted."""
