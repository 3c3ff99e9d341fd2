"""Bars for the screen, as SVG in the page: classes of the style sheet, no style of its own."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from fundapp.kernel.languages import direction
from fundapp.publishing.bars import Part, Plot, Sizes, Strip, Text
from fundapp.publishing.blocks import Bars, legible
from fundapp.publishing.breaking import ideographic

# Letters as the style sheet sets them in charts (.app-chart text, .t and .w)
SIZES = Sizes(width=1000, letters=12.5, small=11.5, leading=16, bar=18, between=2, gap=12)
CLASSES = {"total": "t", "part": "w"}
COLOURS = 6  # classes c1 to c6
EDGE = 6.0  # white around the drawing


def draw(bars: Bars, language: str, id: str) -> Markup:
    """The chart as an image that says its title and what it shows; `id` is its own on the page."""
    turned = direction(language) == "rtl"
    plot = Plot(bars, SIZES, _estimate)
    parts: list[Markup] = []
    y = EDGE
    for strip in (plot.head(), *plot.strips()):
        parts += _strip(strip, y, turned)
        y += strip.height
    # The style sheet sets charts from left to right: in Arabic the group says otherwise, and anchors turn with it
    frame = Markup(
        '<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}'
        '</title><desc id="{id}-d">{text}</desc><g direction="{way}">{parts}</g></svg>'
    )
    return frame.format(
        width=_px(SIZES.width),
        height=_px(y + EDGE),
        id=id,
        title=legible(bars.title),
        text=legible(bars.description),
        way=direction(language),
        parts=Markup("").join(parts),
    )


def _estimate(text: str, size: float) -> float:
    """How wide a text is on a screen whose letters nobody knows: rather too much than too little."""
    return size * sum(1.0 if ideographic(letter) else 0.58 for letter in text)


def _px(place: float) -> str:
    return f"{place:.1f}".removesuffix(".0")


def _strip(strip: Strip, top: float, turned: bool) -> Iterator[Markup]:
    for part in strip.parts:
        yield _part(part, top, turned)
    if strip.axis is not None:
        x = SIZES.width - strip.axis if turned else strip.axis
        yield Markup('<path class="x" d="M{} {}v{}"/>').format(_px(x), _px(top), _px(strip.height))
    for text in strip.texts:
        yield _text(text, top, turned)


def _part(part: Part, top: float, turned: bool) -> Markup:
    x = SIZES.width - part.x - part.width if turned else part.x
    return Markup('<rect class="c{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        part.part % COLOURS + 1, _px(x), _px(top + part.y), _px(part.width), _px(part.height)
    )


def _text(text: Text, top: float, turned: bool) -> Markup:
    kind = CLASSES.get(text.kind)
    css = Markup(' class="{}"').format(kind) if kind else Markup("")
    x = SIZES.width - text.x if turned else text.x
    return Markup('<text{} x="{}" y="{}" text-anchor="{}">{}</text>').format(
        css, _px(x), _px(top + text.y), text.anchor, text.text
    )
