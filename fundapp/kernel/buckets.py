"""Files kept by their digest in an S3-compatible store, through the package obstore, which is an extra."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from fundapp.kernel.errors import refuse
from fundapp.kernel.files import PART, Kept, copied, known

try:
    import obstore
    from obstore import exceptions, store
except ImportError:  # the extra `s3` is not installed: files are on the disk
    obstore = None  # type: ignore[assignment]

IN_MEMORY = 1024 * 1024  # bytes of a file that is read; more go through the disk
TRIES, PATIENCE = 3, timedelta(seconds=20)  # until a store that does not answer is said to be away


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of an S3-compatible store, or a part of one. It is asked nothing before it is used."""

    at: Any
    prefix: str

    @classmethod
    def named(cls, url: str, *, endpoint: str = "", region: str = "", key: str = "", secret: str = "") -> Bucket:
        """The bucket of s3://bucket/prefix, at an endpoint of its own where one is given."""
        where = urlsplit(url)
        more: dict[str, Any] = {"endpoint": endpoint, "access_key_id": key, "secret_access_key": secret}
        at = store.S3Store(
            where.netloc,
            region=region or "us-east-1",
            virtual_hosted_style_request=not endpoint,
            client_options={"allow_http": endpoint.startswith("http:"), "connect_timeout": "5s"},
            retry_config={"max_retries": TRIES, "retry_timeout": PATIENCE},
            **{name: value for name, value in more.items() if value},
        )
        return cls(at, where.path.strip("/"))

    def keep(self, stream: IO[bytes], name: str, largest: int) -> Kept:
        """Keep what the stream holds; a file that is empty or has more bytes than `largest` is refused, and nothing is
        left of it."""
        with tempfile.TemporaryDirectory(prefix="fundapp-") as folder:
            part = Path(folder) / "part"
            kept = copied(stream, part, name, largest)
            with _answering():
                obstore.put(self.at, self._place(kept.digest), part)
        return kept

    def open(self, digest: str) -> IO[bytes]:
        """The file, whole and as it was kept, to be read from any place of it; FileNotFoundError where it is not."""
        copy = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever asked for it closes it
        try:
            self._copy(digest, copy)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return copy

    def _copy(self, digest: str, copy: Any) -> None:
        found = hashlib.sha256()
        with _answering(there=True):
            for piece in obstore.get(self.at, self._place(digest)).stream(PART):
                found.update(piece)
                copy.write(piece)
        if found.hexdigest() != digest:
            raise refuse("file.store-other")

    def exists(self, digest: str) -> bool:
        """Whether the file is kept."""
        try:
            self.size(digest)
        except FileNotFoundError:
            return False
        return True

    def size(self, digest: str) -> int:
        """How many bytes it has; FileNotFoundError where it is not kept."""
        with _answering(there=True):
            return int(obstore.head(self.at, self._place(digest))["size"])

    def drop(self, digest: str) -> None:
        """Keep a file no longer; only for one that nothing names any more."""
        with _answering():
            obstore.delete(self.at, self._place(digest))

    def within(self, name: str) -> Bucket:
        """A part of its own inside this one: what is dropped there is not missed here."""
        return replace(self, prefix=f"{self.prefix}/{name}".lstrip("/"))

    def _place(self, digest: str) -> str:
        return f"{self.prefix}/{known(digest)[:2]}/{digest}".lstrip("/")


@contextmanager
def _answering(*, there: bool = False) -> Iterator[None]:
    """What goes wrong at the store is refused with a sentence; there: but a file that is not kept is said so."""
    try:
        yield
    except FileNotFoundError:
        if there:
            raise
        raise refuse("file.store-away") from None  # nothing is written to a bucket that is not there
    except exceptions.BaseError:
        raise refuse("file.store-away") from None
