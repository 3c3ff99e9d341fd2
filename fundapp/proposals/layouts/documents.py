"""What a file that is sent with a proposal is, by its content: neither its name nor the browser is believed. Pure."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import filetype

from fundapp.kernel.errors import Refusal, refuse
from fundapp.recommendations.layouts.document import recognised
from fundapp.recommendations.layouts.incoming import PART, Incoming
from fundapp.recommendations.layouts.package import opened

HEAD = 8192
_UNPACKED = 512 * 1024**2  # bytes of all parts of a packed document
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-"
_MARK = codecs.BOM_UTF8
_MARKUP = re.compile(rb"<(?:!doctype|!--|html|head|body|script|iframe|svg|\?xml|\?php|meta|link|style|img|a\s)", re.I)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!", b"@echo")
_UNSEEN = re.compile(rb"[\0-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of file that is taken: what it is called in an answer, and how names of such files end."""

    media_type: str
    endings: tuple[str, ...]


_OPEN, _ODF = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
PDF = Type("application/pdf", ("pdf",))
DOCX = Type(f"{_OPEN}.wordprocessingml.document", ("docx",))
XLSX = Type(f"{_OPEN}.spreadsheetml.sheet", ("xlsx",))
PPTX = Type(f"{_OPEN}.presentationml.presentation", ("pptx",))
ODT = Type(f"{_ODF}.text", ("odt",))
ODS = Type(f"{_ODF}.spreadsheet", ("ods",))
JPEG = Type("image/jpeg", ("jpg", "jpeg", "jpe"))
PNG = Type("image/png", ("png",))
TEXT = Type("text/plain", ("txt", "text", "md"))
CSV = Type("text/csv", ("csv",))
TYPES = (PDF, DOCX, XLSX, PPTX, ODT, ODS, JPEG, PNG, TEXT, CSV)
MEDIA_TYPES = frozenset(one.media_type for one in TYPES)
ENDINGS = tuple(f".{ending}" for one in TYPES for ending in one.endings)  # what browsers offer to choose
_MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_ACTIVE = re.compile(r"(?:word|xl|ppt)/activex/", re.I)


def type_of(file: Incoming) -> Type:
    """What a file is; refused, and told what it is, when it is none of what is taken, is locked, broken, swells or has
    what runs, or when its name says that it is something else."""
    found = _seen(file)
    ending = _ending(file.name)
    if ending and ending not in found.endings and any(ending in one.endings for one in TYPES):
        raise refuse("document.lies", name=file.name, right=f".{found.endings[0]}")
    return found


def named(name: str, found: Type) -> str:
    """The name of a file with an ending that its type has."""
    return name if _ending(name) in found.endings else f"{name}.{found.endings[0]}"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _seen(file: Incoming) -> Type:
    head = file.head(HEAD)
    if not head:
        raise refuse("file.empty", name=file.name)
    if head.removeprefix(_MARK).lstrip().startswith(_PDF):
        recognised(file)
        return PDF
    if head.startswith(_ZIP):
        return _packed(file)
    if head.startswith(_OLE):
        raise _old(file)
    if head.startswith(_PROGRAMS):
        raise refuse("document.is-program", name=file.name)
    known = filetype.guess(head)
    if known is None:
        return _text(file)
    if known.mime == PNG.media_type:
        return _whole(file, PNG, b"IEND", 12)
    if known.mime == JPEG.media_type:
        return _whole(file, JPEG, b"\xff\xd9", 65_536)
    raise refuse("document.is-other", name=file.name, found=known.extension.upper())


def _old(file: Incoming) -> Refusal:
    """An office file of the older kind, or one with a password, which is packed into such a one."""
    try:
        recognised(file)
    except Refusal as refusal:
        if refusal.faults[0].code == "package.locked":
            return refusal
    return refuse("document.is-old", name=file.name)


def _whole(file: Incoming, found: Type, end: bytes, within: int) -> Type:
    """A picture that is there to its end."""
    if end not in file.path.read_bytes()[-within:]:
        raise refuse("package.broken", name=file.name)
    return found


def _packed(file: Incoming) -> Type:
    with opened(file) as package:
        names = set(package.namelist())
        if sum(part.file_size for part in package.infolist()) > _UNPACKED:
            raise refuse("package.swells", name=file.name)
        found = _open_xml(names) or _open_document(package.read("mimetype") if "mimetype" in names else b"")
        if found is None:
            raise refuse("document.is-packed", name=file.name)
        if any(_ACTIVE.match(name) for name in names) or any(name.startswith("Basic/") for name in names):
            raise refuse("package.macros", name=file.name)
        manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        if b"encryption-data" in manifest:
            raise refuse("package.locked", name=file.name)
        if package.testzip() is not None:
            raise refuse("package.broken", name=file.name)
    return found


def _open_xml(names: set[str]) -> Type | None:
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _MAIN.items() if part in names), None)


def _open_document(said: bytes) -> Type | None:
    return next((kind for kind in (ODT, ODS) if said.strip() == kind.media_type.encode()), None)


def _text(file: Incoming) -> Type:
    """Text in UTF-8, to its last byte; pages of the web are text too, and are not taken."""
    if _MARKUP.match(file.head(HEAD).removeprefix(_MARK).lstrip()):
        raise refuse("document.is-page", name=file.name)
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.path.open("rb") as content:
        try:
            while piece := content.read(PART):
                if _UNSEEN.search(piece):
                    raise refuse("document.unknown", name=file.name)
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise refuse("document.unknown", name=file.name) from None
    return CSV if _ending(file.name) in CSV.endings else TEXT
