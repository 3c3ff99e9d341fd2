"""What pages say in the same words every time, built once: addresses, and parts made of them. Never what a row says."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, g, request, url_for

from fundapp.web.funds import has_fund
from fundapp.web.languages import language

# (endpoint, fund, where the program is mounted, what else it is told) -> address. Building one takes 25 microseconds,
# and a page has dozens.
_PATHS: dict[tuple[str, ...], str] = {}
_PARTS: dict[tuple[Hashable, ...], str] = {}
_REFERENCE = "0000-0-000"  # stands for a reference while an address is built that is kept


def path(endpoint: str, reference: str = "", **more: str) -> str:
    """The address of a page that needs to be told nothing but its fund, or the reference of a proposal as well; `more`
    is what hardly ever differs, and is kept with it."""
    fund = (g.get("fund_code") or "") if has_fund(endpoint) else "-"
    values: dict[str, Any] = {**more, "reference": _REFERENCE} if reference else {**more}
    key = (endpoint, fund, request.root_path, *values.values())
    if not fund or key not in _PATHS:
        found = url_for(endpoint, **values)
        if not fund:
            return found.replace(_REFERENCE, reference)  # of the first fund, whichever that is
        _PATHS[key] = found
    return _PATHS[key].replace(_REFERENCE, reference) if reference else _PATHS[key]


def kept(name: str, reference: str, *parts: Hashable, caller: Callable[[str], str]) -> str:
    """A part of the pages of proposals that says nothing of any but its reference, which its block is given: links to
    other pages. It is drawn once for each language, fund and `parts`, which are all that it may differ by."""
    fund = g.get("fund_code")
    key = (name, language(), fund, request.root_path, *parts)
    if not fund:
        return caller(reference)
    if key not in _PARTS:
        _PARTS[key] = caller(_REFERENCE)
    return _PARTS[key].replace(_REFERENCE, reference)


def init(app: Flask) -> None:
    """Give both to templates."""
    app.jinja_env.globals.update(path=path, kept=kept)
