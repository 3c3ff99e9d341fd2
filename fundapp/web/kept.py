"""What pages say in the same words every time, built once: addresses, and parts made of them. Never what a row says."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, g, request, url_for

from fundapp.web.funds import has_fund
from fundapp.web.languages import language

# (endpoint, fund, where the program is mounted, what else it is told) -> address. Building one takes 25 microseconds,
# and a page has dozens.
_PATHS: dict[tuple[str | None, ...], str] = {}
_PARTS: dict[tuple[Hashable, ...], str] = {}
_WORDS: dict[tuple[str, str], dict[str, str]] = {}
_MOST = 4_000  # parts: of some it depends on how far a proposal is
_REFERENCE = "0000-0-000"  # stands for a reference while an address is built that is kept


def path(endpoint: str, reference: str = "", **more: str) -> str:
    """The address of a page that needs to be told nothing but its fund, or the reference of a proposal as well; `more`
    is what hardly ever differs, and is kept with it."""
    fund = g.get("fund_code")
    values: dict[str, Any] = {**more, "reference": _REFERENCE} if reference else {**more}
    key = (endpoint, fund, request.root_path, *values.values())
    if (found := _PATHS.get(key)) is None:
        found = url_for(endpoint, **values)
        if fund or not has_fund(endpoint):  # else it is of the first fund, whichever that is
            _PATHS[key] = found
    return found.replace(_REFERENCE, reference) if reference else found


def kept(name: str, reference: str, *parts: Hashable, caller: Callable[[str], str]) -> str:
    """A part of the pages of proposals that says nothing of any but its reference, which its block is given: links to
    other pages. It is drawn once for each language, fund and `parts`, which are all that it may differ by."""
    fund = g.get("fund_code")
    key = (name, language(), fund, request.root_path, *parts)
    if not fund:
        return caller(reference)
    if (found := _PARTS.get(key)) is None:
        if len(_PARTS) >= _MOST:
            _PARTS.clear()
        _PARTS[key] = found = caller(_REFERENCE)
    return found.replace(_REFERENCE, reference)


def known_words(template: str) -> dict[str, str] | None:
    """What a template has kept of words that it says every time, in the language of the page; nothing at first."""
    return _WORDS.get((template, language()))


def keep_words(template: str, found: dict[str, str]) -> dict[str, str]:
    """Keep them: a page that says two dozen looks each up once."""
    _WORDS[template, language()] = found
    return found


def init(app: Flask) -> None:
    """Give them to templates."""
    app.jinja_env.globals.update(path=path, kept=kept, known_words=known_words, keep_words=keep_words)
