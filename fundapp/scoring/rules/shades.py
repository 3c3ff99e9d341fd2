"""The five shades in which scores of any scale are painted. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

SHADES = 5


def shade(printed: Decimal, lowest: int, highest: int) -> int:
    """The shade, 0 to 4, of a mean as it is printed, so that equal figures have equal shades; on a scale of five steps
    the nearest step."""
    on_four = (printed - lowest) * (SHADES - 1) / (highest - lowest)
    return min(max(int(on_four.quantize(Decimal(1), ROUND_HALF_UP)), 0), SHADES - 1)
