"""What was done with the money, in words: the names of its operations, by part."""

from __future__ import annotations

from flask_babel.speaklater import LazyString

OF_DONORS: dict[str, LazyString] = {}
OF_RECEIVING: dict[str, LazyString] = {}
OF_BANK: dict[str, LazyString] = {}
OF_SPENDING: dict[str, LazyString] = {}
OF_EXTRACTS: dict[str, LazyString] = {}
OF_CLOSING: dict[str, LazyString] = {}
OF_STATEMENTS: dict[str, LazyString] = {}
OF_MONEY = OF_DONORS | OF_RECEIVING | OF_BANK | OF_SPENDING | OF_EXTRACTS | OF_CLOSING | OF_STATEMENTS
