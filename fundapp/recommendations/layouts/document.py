"""A document that people send along (PDF or Word), recognised by its content; nothing in it may be locked or run."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fundapp.kernel.errors import refuse
from fundapp.recommendations.layouts.incoming import Incoming
from fundapp.recommendations.layouts.package import opened

LARGEST_DOCUMENT = 20 * 1024 * 1024  # bytes
_HEAD = 1024  # bytes in which a PDF must say that it is one
_UNPACKED = 16 * 1024 * 1024  # bytes of packed objects that are looked through
_WORD_UNPACKED = 256 * 1024 * 1024  # bytes of all parts of a Word document
_ABOUT = 1024  # bytes before a stream in which its dictionary stands
_HIDDEN = re.compile(rb"#([0-9A-Fa-f]{2})")  # a letter of a name may be written as its number
_LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_RUNS = re.compile(rb"/JavaScript\b|/JS\s*[(<\d]|/Launch\b|/RichMedia\b")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: how its name ends, and what it is called in an answer."""

    ending: str
    mimetype: str


PDF = Kind("pdf", "application/pdf")
WORD = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


def kind_of(file: Incoming) -> Kind:
    """What a document is by its first bytes, for one that was looked through when it came."""
    return WORD if file.head(4) == _ZIP else PDF


def recognised(file: Incoming) -> Kind:
    """What a document is by its content; refused when it is neither PDF nor Word, is locked, or has what runs."""
    head = file.head(_HEAD)
    if head.startswith(_ZIP):
        return _word(file)
    if head.startswith(_OLE):
        raise refuse("package.locked" if _is_locked(file) else "document.kind", name=file.name)
    if b"%PDF-" in head:
        return _pdf(file)
    raise refuse("document.kind", name=file.name)


def _word(file: Incoming) -> Kind:
    with opened(file) as package:
        names = {name.lower() for name in package.namelist()}
        if sum(part.file_size for part in package.infolist()) > _WORD_UNPACKED:
            raise refuse("package.swells", name=file.name)
        if "word/document.xml" not in names:
            raise refuse("document.kind", name=file.name)
        if any(name.startswith("word/activex/") for name in names):
            raise refuse("package.macros", name=file.name)
        if package.testzip() is not None:
            raise refuse("package.broken", name=file.name)
    return WORD


def _is_locked(file: Incoming) -> bool:
    """Word keeps a document with a password in the older kind of package, under this name."""
    return "EncryptedPackage".encode("utf-16-le") in file.path.read_bytes()


def _pdf(file: Incoming) -> Kind:
    content = file.path.read_bytes()
    if b"%%EOF" not in content[-2048:]:
        raise refuse("package.broken", name=file.name)
    said, packed = _parts(content)
    if _LOCKED.search(said):
        raise refuse("package.locked", name=file.name)
    if any(_RUNS.search(_HIDDEN.sub(_shown, part)) for part in (said, *_unpacked(packed))):
        raise refuse("document.runs", name=file.name)
    return PDF


def _shown(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _parts(content: bytes) -> tuple[bytes, list[bytes]]:
    """What a document says outside its streams, which may be any bytes at all; and the streams with packed objects.
    Looked for step by step: a pattern would go over a hostile file again and again."""
    said, packed, place = [], list[bytes](), 0
    while (start := content.find(b"stream", place)) >= 0 and (end := content.find(b"endstream", start)) > start:
        said.append(content[place:start])
        if b"/ObjStm" in content[max(place, start - _ABOUT) : start]:
            packed.append(content[start + len(b"stream") : end].lstrip(b"\r\n"))
        place = end + len(b"endstream")
    return b"".join([*said, content[place:]]), packed


def _unpacked(streams: Iterable[bytes]) -> Iterator[bytes]:
    """Packed objects; those of a document that swells too far are not looked through to their end."""
    left = _UNPACKED
    for stream in streams:
        if left <= 0:
            return
        try:
            part = zlib.decompressobj().decompress(stream, left)
        except zlib.error:
            continue
        left -= len(part)
        yield part
