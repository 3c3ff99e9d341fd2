"""Files that people send, kept by the digest of their content: the same file is kept once, and never changes. Pure."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from fundapp.kernel.errors import refuse

PART = 1024 * 1024  # bytes read at a time
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: its SHA-256 and its size in bytes."""

    digest: str
    size: int


class Store(Protocol):
    """Where files are kept by their digest: a folder of this machine, or a bucket of an S3-compatible store."""

    def keep(self, stream: IO[bytes], name: str, largest: int) -> Kept:
        """Keep what the stream holds; refused when it is empty or has more bytes than `largest`."""

    def open(self, digest: str) -> IO[bytes]:
        """The file, to be read from any place of it; FileNotFoundError where it is not kept."""

    def exists(self, digest: str) -> bool:
        """Whether the file is kept."""

    def size(self, digest: str) -> int:
        """How many bytes it has; FileNotFoundError where it is not kept."""

    def drop(self, digest: str) -> None:
        """Keep a file no longer; only for one that nothing names any more."""

    def within(self, name: str) -> Store:
        """A store of its own inside this one: what is dropped there is not missed here."""


def known(digest: str) -> str:
    """A digest. A form may hand in anything at all: what is no digest names no place."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{digest[:80]!r} is no digest")
    return digest


@dataclass(frozen=True, slots=True)
class Files:
    """A folder of kept files."""

    folder: Path

    def keep(self, stream: IO[bytes], name: str, largest: int) -> Kept:
        """Keep what the stream holds; a file that is empty or has more bytes than `largest` is refused, and nothing is
        left of it. Nobody sees a part of one: it takes its place when it is whole and on the disk."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _part(self.folder) as part:
            kept = copied(stream, part, name, largest)
            _settle(part, self.path(kept.digest))
        return kept

    def path(self, digest: str) -> Path:
        """Where the file of a digest lies."""
        return self.folder / known(digest)[:2] / digest

    def open(self, digest: str) -> IO[bytes]:
        """The file, to be read from any place of it; FileNotFoundError where it is not kept."""
        return self.path(digest).open("rb")

    def exists(self, digest: str) -> bool:
        """Whether the file is kept."""
        return self.path(digest).is_file()

    def size(self, digest: str) -> int:
        """How many bytes it has; FileNotFoundError where it is not kept."""
        return self.path(digest).stat().st_size

    def within(self, name: str) -> Files:
        """A folder of its own inside this one: what is dropped there is not missed here."""
        return Files(self.folder / name)

    def drop(self, digest: str) -> None:
        """Keep a file no longer; only for one that nothing names any more."""
        self.path(digest).unlink(missing_ok=True)


def copied(stream: IO[bytes], part: Path, name: str, largest: int) -> Kept:
    """Copy what a stream holds to a place on the disk; refused when it is empty, or as soon as it is too much."""
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as file:
        while piece := stream.read(PART):
            size += len(piece)
            if size > largest:
                raise refuse("file.too-large", name=name, size=size, largest=largest)
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise refuse("file.empty", name=name)
    return Kept(digest.hexdigest(), size)


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """A file that is gone at the end, unless it was given another name."""
    number, name = tempfile.mkstemp(dir=folder, prefix=".part-")
    os.close(number)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _settle(part: Path, place: Path) -> None:
    place.parent.mkdir(exist_ok=True, mode=0o700)
    os.replace(part, place)
