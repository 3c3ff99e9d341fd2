"""The fonts of printed documents: where their files lie, and embedding them so that text can be searched and copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from fundapp.publishing.shaping import PRIVATE, written

Weight = Literal["regular", "bold", "italic"]
Script = Literal["latin", "arabic", "chinese"]

BUILT = Path(__file__).parent.parent.parent / "build" / "fonts"
FILES: dict[tuple[Script, Weight], str] = {
    ("latin", "regular"): "NotoSans-Regular.ttf",
    ("latin", "bold"): "NotoSans-Bold.ttf",
    ("latin", "italic"): "NotoSans-Italic.ttf",
    ("arabic", "regular"): "NotoNaskhArabic_400Regular.ttf",
    ("arabic", "bold"): "NotoNaskhArabic_700Bold.ttf",
    ("chinese", "regular"): "NotoSansSC-Regular.ttf",
    ("chinese", "bold"): "NotoSansSC-Bold.ttf",
}
_LOADING = Lock()
_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def\n"
    "/CMapName /{name} def\n/CMapType 2 def\n1 begincodespacerange\n<00> <{last:02X}>\nendcodespacerange\n"
)
_CMAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
_CMAP_BLOCK = 100  # the most entries one block may have


class FontMissing(RuntimeError):
    """A font that documents are printed in is not there; the message says how to get it."""


class Widths(dict[str, float]):
    """How wide each character is, in thousandths of the size; one that the font has not is as wide as it says."""

    def __init__(self, known: Mapping[int, float], otherwise: float) -> None:
        super().__init__((chr(code), width) for code, width in known.items())
        self.otherwise = otherwise

    def __missing__(self, character: str) -> float:
        """What a character takes that the font has not."""
        return self.otherwise


@dataclass(frozen=True, slots=True)
class Face:
    """A loaded font: its name for the page, and the characters it can draw."""

    name: str
    characters: frozenset[int]
    widths: Widths

    def width(self, text: str, size: float) -> float:
        """How wide the drawn text is, in points."""
        return 0.001 * size * sum(map(self.widths.__getitem__, text))


class Embedded(TTFont):
    """A font whose copied text is what was written, not the joined forms that are drawn."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(name, str(file), shapable=False)
        glyphs, widths = self.face.charToGlyph, self.face.charWidths
        for code, shown in PRIVATE.items():
            glyph = glyphs.get(ord(shown))
            if glyph is not None:
                glyphs[ord(code)], widths[ord(code)] = glyph, widths[ord(shown)]

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab calls it so
        """Write the font's parts into the document, then what each of its codes stands for."""
        state = self.state[doc]
        super().addObjects(doc)
        fonts = doc.idToObject["BasicFonts"].dict
        for place, codes in enumerate(state.subsets):
            font = fonts[f"{state.internalName}+{place}"]
            doc.idToObject[f"toUnicodeCMap:{font.BaseFont}"].content = meanings(font.BaseFont, codes)


def meanings(name: str, codes: Sequence[int]) -> str:
    """The ToUnicode map of an embedded part of a font: what each place in it stands for when copied."""
    blocks = [_CMAP_HEAD.format(name=name, last=len(codes) - 1)]
    for start in range(0, len(codes), _CMAP_BLOCK):
        block = codes[start : start + _CMAP_BLOCK]
        blocks.append(f"{len(block)} beginbfchar\n")
        blocks += [f"<{start + place:02X}> <{_utf16(code)}>\n" for place, code in enumerate(block)]
        blocks.append("endbfchar\n")
    return "".join([*blocks, _CMAP_TAIL])


def _utf16(code: int) -> str:
    return written(code).encode("utf-16-be").hex().upper()


def face(script: Script, weight: Weight) -> Face:
    """The font of a script; Arabic and Chinese have no italic and stay upright."""
    return _loaded(script, weight if (script, weight) in FILES else "regular")


def _loaded(script: Script, weight: Weight) -> Face:
    with _LOADING:
        return _load(FILES[script, weight])


@cache
def _load(file: str) -> Face:
    name = file.removesuffix(".ttf")
    font = Embedded(name, locate(file, folders()))
    pdfmetrics.registerFont(font)
    shape = font.face
    return Face(name, frozenset(shape.charToGlyph), Widths(shape.charWidths, shape.defaultWidth))


def folders() -> tuple[Path, ...]:
    """Where fonts are looked for: what the assets step fetched, then the installed package."""
    package = find_spec("rendercv_fonts")
    installed = package.submodule_search_locations if package else None
    return (BUILT, *(Path(place) / "Noto Sans" for place in installed or ()))


def locate(file: str, places: Sequence[Path]) -> Path:
    """The file of a font in the first of these folders that has it."""
    for place in places:
        if (place / file).is_file():
            return place / file
    sought = ", ".join(str(place) for place in places)
    raise FontMissing(f"The font {file} is in none of these folders: {sought}. Run python3 dev.py assets")
