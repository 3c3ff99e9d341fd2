"""Working on files that people sent: reading what waits, taking in what was agreed to, as the person who said so."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic
from typing import TypeVar

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Refused
from fundapp.kernel.clock import now
from fundapp.kernel.database import Busy, db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import Files
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.layouts import recognise, rows
from fundapp.recommendations.layouts.incoming import About, Incoming, incoming
from fundapp.recommendations.models import Upload
from fundapp.recommendations.operations import preview
from fundapp.recommendations.operations.importing import Tick
from fundapp.recommendations.operations.sending import (
    STALE,
    Claim,
    TakenOver,
    claim_upload,
    note_progress,
    note_reading,
    read_again,
    take_in,
    turn_down,
)
from fundapp.recommendations.queries import world
from fundapp.recommendations.queries.sent_in import waits
from fundapp.recommendations.reporting import Heard, Report, Told, kept_report, opened, sampled, summary
from fundapp.recommendations.rules import Reading, Stage

EVERY = 0.5  # seconds between two notes of how far the reading is
PATIENCE = 60  # times that a busy database is asked again, five seconds each: an import holds SQLite for as long
arrived = Event()  # a file waits: whoever works on them in this process need not wait for the next round
T = TypeVar("T")


def work_waiting(files: Files) -> int:
    """Work on all files that wait, oldest first; how many there were. Each is claimed first, so that two processes
    never work on the same."""
    done = 0
    while waits(db.session(), now() - STALE) and (claim := _claim()) is not None:
        with _answered(claim):
            _take(claim, files) if claim.stage is Stage.TAKING else _read(claim, files)
        done += 1
    db.session.remove()
    return done


def _claim() -> Claim | None:
    with unit_of_work(Console()) as work:
        return claim_upload(work, None)


@contextmanager
def _answered(claim: Claim) -> Iterator[None]:
    """Whatever goes wrong with a file is said on its page; what nobody foresaw is also raised, for the log."""
    try:
        yield
    except TakenOver:
        return  # somebody gave the file up, or another process works on it
    except Refusal as refusal:
        _turn_down(claim, *refusal.faults)
    except Refused:
        _turn_down(claim, Fault("upload.not-permitted", {"number": claim.key}))
    except FileNotFoundError:  # gone while it was read
        _turn_down(claim, Fault("upload.vanished", {"name": claim.name}))
    except Busy:
        raise  # the claim runs out, and the file is worked on again
    except Exception:
        _turn_down(claim, Fault("upload.failed", {"number": claim.key}))
        raise


def _turn_down(claim: Claim, *faults: Fault) -> None:
    def say() -> None:
        with unit_of_work(Console()) as work:
            turn_down(work, claim, faults)

    try:
        patiently(say)
    except TakenOver:
        return


def patiently(job: Callable[[], T]) -> T:
    """Do something as soon as nobody else writes: reading a large file must not be in vain because an import is being
    stored."""
    for _ in range(PATIENCE):
        try:
            return job()
        except Busy:
            continue
    return job()


def actor_of(text: str) -> Person:
    """The person whom a file's row names; refused when they are no longer there."""
    found = db.session().get(Person, int(text[7:])) if text.startswith("person:") and text[7:].isdigit() else None
    if found is None:
        raise Refused(f"{text} is nobody")
    return found


def content(upload: Upload, files: Files) -> Incoming:
    """The kept content of a file that was sent; refused when it is no longer on the disk."""
    try:
        return incoming(files.path(upload.digest), upload.name)
    except Refusal as refusal:
        if refusal.faults[0].code == "file.missing":
            raise refuse("upload.vanished", name=upload.name) from None
        raise


def _read(claim: Claim, files: Files) -> None:
    """Read a file and compare it with the register, and store nothing of it."""
    session = db.session()
    upload, person = session.get_one(Upload, claim.key), actor_of(claim.actor)
    file, about = content(upload, files), About(upload.state, upload.session)
    layout = recognise(file, upload.layout or None)
    sample: list[dict[str, object]] = []
    with opened(files) as kept:
        text = io.TextIOWrapper(kept, "utf-8", newline="", write_through=True)
        report = Report(text)
        reading = Reading(file.name, world(session, upload.language), Heard(report))
        tick = _ticking(claim, person, report)
        outcome = preview(session, sampled(rows(file, layout, reading, about), sample), reading, tick, Told(report))
        if not outcome.rows and not reading.faults:
            raise refuse("recommendation.no-rows", name=file.name)
        report.settle()
        text.flush()
        digest = kept_report(files, kept)
        text.detach()

    def say() -> None:
        with unit_of_work(person) as work:
            note_reading(work, claim, layout, summary(outcome, reading, sample), digest)

    patiently(say)


def _ticking(claim: Claim, person: Person, report: Report) -> Tick:
    """Say how far the reading is, not more than twice a second; a database that is busy is not waited for."""
    said = monotonic()

    def tick(rows: int, share: float) -> None:
        nonlocal said
        report.settle()
        if monotonic() - said < EVERY:
            return
        said = monotonic()
        try:
            with unit_of_work(person, aside=True) as work:
                note_progress(work, claim, rows, round(share * 1000))
        except Busy:
            return

    return tick


def _take(claim: Claim, files: Files) -> None:
    """Take a file in as somebody agreed to; where it would do something else by now, it is read again instead."""
    upload, person = db.session().get_one(Upload, claim.key), actor_of(claim.actor)
    file = content(upload, files)

    def take() -> None:
        with unit_of_work(person) as work:
            take_in(work, claim, file)

    try:
        patiently(take)
    except TakenOver:
        raise
    except Refusal as refusal:
        _again(claim, person, refusal)


def _again(claim: Claim, person: Person, refusal: Refusal) -> None:
    def say() -> None:
        with unit_of_work(person) as work:
            read_again(work, claim, refusal.faults)

    patiently(say)
