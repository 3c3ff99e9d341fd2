"""Numbers in addresses: one that no table can hold is a page that does not exist, and not a fault of the database."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1  # what a key's column holds


class Key(IntegerConverter):
    """A whole number in an address, `/<int:key>`, that a column can hold."""

    def __init__(
        self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int | None = LARGEST, signed: bool = False
    ) -> None:
        super().__init__(map, fixed_digits, min, max, signed)


def init(app: Flask) -> None:
    """Let every `int` of an address be one of these; called before the first page is registered."""
    app.url_map.converters["int"] = Key
