"""Reading what an address asks for: the language of the page, days and numbers."""

from __future__ import annotations

from datetime import date

from flask import request
from flask_babel import get_locale

from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import DEFAULT


def language() -> str:
    """The language of the page."""
    found = get_locale()
    return found.language if found else DEFAULT


def day(name: str) -> date | None:
    """A date of the address; one that is none is refused by name."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("address.no-date", name=name, text=text[:20]) from None


def number(name: str) -> int | None:
    """A whole number of the address."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise refuse("address.no-number", name=name, text=text[:20])
    return int(text)
