"""Packed files (.docx, .xlsx): opened only when nothing in them runs, hides or swells."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL
from lzma import LZMAError

from fundapp.kernel.errors import refuse
from fundapp.recommendations.layouts.incoming import PART, Incoming

MOST_PARTS = 2_000
SWELLS = 150  # times its packed size; sheets of real workbooks swell to 20
SMALL = 5 * 1024**2  # bytes that may swell as they like
MOST = 4 * 1024**3  # bytes unpacked, of all parts
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[\s>/]')
_OVERLAP = 200
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, LZMAError, UnicodeDecodeError, struct.error)


@contextmanager
def opened(file: Incoming) -> Iterator[zipfile.ZipFile]:
    """The parts of a packed file; refused when it is broken, locked, swells too much or carries a macro."""
    try:
        with zipfile.ZipFile(file.path) as package:
            _inspect(package, file.name)
            yield package
    except _BROKEN:
        raise refuse("package.broken", name=file.name) from None
    except OSError as error:
        if error.errno not in (None, EINVAL):  # a place before the file's beginning, or what bz2 cannot unpack
            raise
        raise refuse("package.broken", name=file.name) from None


def _inspect(package: zipfile.ZipFile, name: str) -> None:
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("package.locked", name=name)
    packed, whole = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or whole > MOST or whole > SMALL + SWELLS * packed:
        raise refuse("package.swells", name=name)
    if any(
        part.filename.lower().endswith((".bin", ".vbs", ".js")) and "vba" in part.filename.lower() for part in parts
    ):
        raise refuse("package.macros", name=name)
    if "[Content_Types].xml" in package.namelist() and b"macroEnabled" in package.read("[Content_Types].xml"):
        raise refuse("package.macros", name=name)


def refuse_formulas(package: zipfile.ZipFile, name: str, but: str = "") -> None:
    """Refuse a workbook whose cells are worked out: what they show is not what they hold. A sheet that finds
    its own in passing is left out (`but`)."""
    for part in package.namelist():
        if part.startswith("xl/worksheets/") and part.endswith(".xml") and part != but:
            with package.open(part) as sheet:
                before = b""
                while chunk := sheet.read(PART):
                    if found := _FORMULA.search(before + chunk):
                        raise refuse("package.formula", row=int(found[2]), column=found[1].decode(), name=name)
                    before = chunk[-_OVERLAP:]
