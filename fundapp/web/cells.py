"""Figures as templates print them: in Python and not as macros, for a table has hundreds."""

from __future__ import annotations

from flask import Flask
from markupsafe import Markup

from fundapp.web.languages import figure, gettext

_FIGURE = Markup('<bdi dir="ltr"{}>{}</bdi>')
_HIDDEN = Markup('<span class="{}" aria-hidden="true">{}</span><span class="govuk-visually-hidden">{}</span>')
_OPENS = Markup('<a class="app-fig" href="{}"{}>{}</a>')
_SAID = Markup(' aria-label="{}"')
_NEGATIVE = Markup(' class="app-neg"')
_PLAIN = Markup("")


def bare(cents: int, places: int = 2) -> Markup:
    """An amount that is not nil, isolated so that Arabic does not turn it round."""
    return _FIGURE.format(_NEGATIVE if cents < 0 else _PLAIN, figure(cents, places))


def nil() -> Markup:
    """Nil: a dash to see, a word to hear."""
    return _HIDDEN.format("app-nil", "-", gettext("nil"))


def missing() -> Markup:
    """Not available, which is not nil."""
    return _HIDDEN.format("app-none", "…", gettext("not available"))


def fig(cents: int | None, places: int = 2, href: str | None = None, label: str | None = None) -> Markup:
    """An amount in cents; places=0 leaves cents out where there are none. href opens the entries behind it, label
    says to a screen reader of what they are."""
    if cents is None:
        return missing()
    if not href:
        return bare(cents, places) if cents else nil()
    shown = bare(cents, places)
    if not label:
        return _OPENS.format(href, _PLAIN, shown)
    text = gettext("%(label)s: %(amount)s, entries", label=label, amount=figure(cents, places))
    return _OPENS.format(href, _SAID.format(text), shown)


def init(app: Flask) -> None:
    """Give templates their figures: templates/_parts/figures.html names them."""
    app.jinja_env.globals.update(html_fig=fig, html_nil=nil, html_missing=missing, html_bare=bare)
