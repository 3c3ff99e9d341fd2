"""Files that people send with a proposal, whole or part by part: looked at, scanned, kept."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.files import PART, Store, copied
from fundapp.kernel.scanning import Scanner
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.layouts.documents import named, type_of
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.documents import (
    Arrived,
    Elsewhere,
    cut_upload,
    finish_upload,
    forget_uploads,
    give_up_upload,
    large,
    receive_part,
)
from fundapp.proposals.queries.documents import UPLOAD, OnItsWay, parts_in_use, upload_of
from fundapp.proposals.rules.documents import file_name
from fundapp.recommendations.layouts.incoming import Incoming

PARTS = "parts"  # what is there of files on their way, apart from what documents are made of
STALE = timedelta(days=2)
TRY_AGAIN = frozenset({"file.store-away", "document.scanner-away", "file.store-other"})


@dataclass(frozen=True, slots=True)
class Counter:
    """Where files are handed in: the store that keeps them, the scanner, and the bytes of the largest that is taken."""

    store: Store
    scanner: Scanner | None
    largest: int

    @property
    def parts(self) -> Store:
        """Where parts of files on their way are kept."""
        return self.store.within(PARTS)


def taken(counter: Counter, stream: IO[bytes], sent: str) -> Arrived:
    """Look at a file and keep it; refused with what is wrong with it, and then nothing of it is kept."""
    name = file_name(sent)
    with tempfile.TemporaryDirectory(prefix="fundapp-document-") as folder:
        path = Path(folder) / "file"
        copied(stream, path, name, counter.largest)
        found = type_of(Incoming(name, path))
        if counter.scanner:
            with path.open("rb") as content:
                counter.scanner.look(content, name)
        with path.open("rb") as content:
            kept = counter.store.keep(content, name, counter.largest)
    return Arrived(named(name, found), found.media_type, kept)


class Lost(Exception):
    """A part of a file on its way is no longer kept."""

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest


class Joined(io.RawIOBase):
    """The parts of a file, one after the other."""

    def __init__(self, parts: Store, digests: Iterable[str]) -> None:
        self._pieces = _pieces(parts, digests)
        self._rest = b""

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill as much of a buffer as there is."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _pieces(parts: Store, digests: Iterable[str]) -> Iterator[bytes]:
    for digest in digests:
        try:
            with parts.open(digest) as part:
                while piece := part.read(PART):
                    yield piece
        except FileNotFoundError:
            raise Lost(digest) from None


def go_on(counter: Counter, person: Person, proposal: Proposal, key: int, offset: int, part: bytes) -> int:
    """Take a part of a file; how many bytes are there now. Elsewhere is raised when it does not begin where the others
    end, and for whoever asks to finish what is not whole."""
    if part:
        kept = counter.parts.keep(io.BytesIO(part), "part", len(part))
        with unit_of_work(person) as work:
            return receive_part(work, proposal, key, offset, kept)
    found = upload_of(db.session(), proposal, person.id, key)
    if found is not None and offset != found.received:
        raise Elsewhere(found.received)
    return offset


def finish(counter: Counter, person: Person, proposal: Proposal, upload: OnItsWay) -> None:
    """Make a document of a file that is there to its last byte. One that is refused for good is given up; where only
    the scanner or the store does not answer, it can be asked for again."""
    digests = [digest for digest, _size in upload.parts]
    try:
        whole = io.BufferedReader(Joined(counter.parts, digests))
        arrived = taken(counter, whole, upload.name)
        with unit_of_work(person) as work:
            finish_upload(work, proposal, upload.id, arrived)
    except Lost as lost:
        with unit_of_work(person) as work:
            cut_upload(work, proposal, upload.id, lost.digest)
        found = upload_of(db.session(), proposal, person.id, upload.id)
        raise Elsewhere(found.received if found else 0) from None
    except Refusal as refusal:
        if not any(fault.code in TRY_AGAIN for fault in refusal.faults):
            with unit_of_work(person) as work:
                give_up_upload(work, proposal, upload.id)
            _drop(counter.parts, digests, db.session())
        raise
    _drop(counter.parts, digests, db.session())


def too_large(size: int, counter: Counter) -> Fault | None:
    """What is wrong with a file of so many bytes."""
    return large(size, counter.largest) if size > counter.largest else None


def _drop(parts: Store, digests: Iterable[str], session: Session) -> None:
    """Keep parts no longer that no file on its way needs. One that somebody sends at this very moment may be missing
    then: that is noticed when the file is put together, and the part asked for again."""
    for digest in sorted(set(digests) - parts_in_use(session)):
        parts.drop(digest)


def forget(counter: Counter) -> int:
    """Forget files that began to arrive long ago and never did; how many."""
    session, before = db.session(), now() - STALE
    old = session.execute(UPLOAD.select().where(UPLOAD.c.at < before)).all()
    if not old:
        session.rollback()
        return 0
    with unit_of_work(Console()) as work:
        gone = forget_uploads(work, None, before)
    _drop(counter.parts, [digest for row in old for digest, _size in row.parts["parts"]], db.session())
    return gone
