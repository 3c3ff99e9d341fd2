"""Figures as templates print them: in Python and not as macros, for a table has hundreds."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from markupsafe import Markup, escape

from fundapp.web.languages import counted, figure, gettext, language

# Strings and not Markup.format, which takes six times as long: what comes from outside is escaped where it enters.
_WORDS: dict[tuple[str, str], Markup] = {}  # (language, sign) -> what is seen and what is heard; one page has dozens


def bare(cents: int, places: int = 2) -> Markup:
    """An amount that is not nil, isolated so that Arabic does not turn it round."""
    return Markup(_bdi(cents, figure(cents, places)))  # noqa: S704 - digits and signs alone


def _bdi(cents: int, shown: str) -> str:
    return f'<bdi dir="ltr" class="app-neg">{shown}</bdi>' if cents < 0 else f'<bdi dir="ltr">{shown}</bdi>'


def nil() -> Markup:
    """Nil: a dash to see, a word to hear."""
    key = (language(), "-")
    return _WORDS.get(key) or _kept(key, "app-nil", gettext("nil"))


def missing() -> Markup:
    """Not available, which is not nil."""
    key = (language(), "…")
    return _WORDS.get(key) or _kept(key, "app-none", gettext("not available"))


def _kept(key: tuple[str, str], kind: str, word: str) -> Markup:
    seen, heard = f'<span class="{kind}" aria-hidden="true">{key[1]}</span>', escape(word)
    _WORDS[key] = Markup(f'{seen}<span class="govuk-visually-hidden">{heard}</span>')  # noqa: S704 - escaped
    return _WORDS[key]


def fig(cents: int | None, places: int = 2, href: str | None = None, label: str | None = None) -> Markup:
    """An amount in cents; places=0 leaves cents out where there are none. href opens the entries behind it, label
    says to a screen reader of what they are."""
    if cents is None:
        return missing()
    if not href:
        return bare(cents, places) if cents else nil()
    shown, said = figure(cents, places), ""
    if label:
        text = gettext("%(label)s: %(amount)s, entries", label=label, amount=shown)
        said = f' aria-label="{escape(text)}"'
    link = f'<a class="app-fig" href="{escape(href)}"{said}>{_bdi(cents, shown)}</a>'
    return Markup(link)  # noqa: S704 - escaped


def count(number: int) -> Markup:
    """How many: grouped, never mirrored."""
    return Markup(f'<bdi dir="ltr">{counted(number)}</bdi>')  # noqa: S704 - digits and signs alone


def symbol(text: object) -> Markup:
    """A document's symbol, a code, an address: left to right in every language."""
    return Markup(f'<bdi dir="ltr">{escape(text)}</bdi>')  # noqa: S704 - escaped


def moment(value: datetime | None) -> Markup:
    """A moment in a table, to the minute: 2020-10-26 14:32 UTC."""
    if not value:
        return Markup("")
    day, _, hour = value.isoformat(" ", "minutes")[:16].partition(" ")
    return Markup(f'<time datetime="{day}T{hour}Z"><bdi dir="ltr">{day} {hour} UTC</bdi></time>')  # noqa: S704 - digits


def init(app: Flask) -> None:
    """Give templates their figures: templates/_parts/figures.html names them."""
    app.jinja_env.globals.update(html_fig=fig, html_nil=nil, html_missing=missing, html_bare=bare)
    app.jinja_env.globals.update(html_count=count, html_symbol=symbol, html_moment=moment)
