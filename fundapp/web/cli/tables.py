"""Lists on the command line: as text in columns, as CSV, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import click

from fundapp.kernel.sheets import Cell, csv_text
from fundapp.kernel.text import printable

NOTHING = "-"


def show(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], kind: str, nothing: str, figures: Collection[str]
) -> None:
    """A list as it is asked for; nothing: what a text says of an empty one; figures: the columns that hold them."""
    if kind == "csv":
        click.echo(csv_text(columns, rows), nl=False)
    elif kind == "json":
        click.echo(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
    elif rows:
        _aligned(columns, rows, figures)
    else:
        click.echo(nothing)


def _aligned(columns: Sequence[str], rows: Sequence[Sequence[Cell]], figures: Collection[str]) -> None:
    """Figures to the right, texts to the left."""
    texts = [[NOTHING if cell in (None, "") else str(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for line in texts:
        cells = zip(columns, line, widths, strict=True)
        text = "  ".join(cell.rjust(width) if name in figures else cell.ljust(width) for name, cell, width in cells)
        click.echo(printable(text.rstrip()))
