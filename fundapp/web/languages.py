"""Which of the six languages a page is in, and the words of figures and dates in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, has_app_context, request
from flask_babel import Babel, Domain, get_locale, get_translations
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from fundapp.kernel import languages

COOKIE = "language"
YEAR = 365 * 24 * 3600
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


def select() -> str:
    """The language someone asks for: in the address, else as last time, else their own, else their browser's."""
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE), _own()):
        if wanted in languages.LANGUAGES:
            return str(wanted)
    # zh-CN, fr-CA: the first part decides
    asked = [(tag.split("-")[0].lower(), quality) for tag, quality in request.accept_languages]
    best = [tag for tag, quality in asked if quality > 0 and tag in languages.LANGUAGES]
    return best[0] if best else languages.DEFAULT


def _own() -> str | None:
    """What the person who is signed in has chosen; not asked for by pages that say the database is away."""
    if g.get("bare"):
        return None
    with suppress(SQLAlchemyError):
        return getattr(current_user, "language", None)
    return None


def _locale() -> Any:
    """What Flask-Babel has settled on for this page. A page asks a hundred times; get_locale takes 10 microseconds."""
    return getattr(g.get("_flask_babel"), "babel_locale", None) or get_locale()


def language() -> str:
    """The language of this page, as a code: "ar"."""
    locale = _locale()
    return str(locale.language) if locale is not None else languages.DEFAULT


class Catalogues(Domain):  # type: ignore[misc]
    """Flask-Babel's, which goes on looking up what a page has: here also for words that wait to be shown."""

    def get_translations(self) -> Any:
        """The catalogue of this page, looked up again when another language is forced for a letter."""
        if not has_app_context():
            return super().get_translations()
        locale = _locale()
        kept = g.get("catalogue")
        if kept is None or kept[0] is not locale:
            g.catalogue = kept = (locale, super().get_translations())
        return kept[1]


def _catalogue() -> Any:
    kept = g.get("catalogue")
    return kept[1] if kept is not None and kept[0] is _locale() else get_translations()


def gettext(text: str, **values: object) -> str:
    """Flask-Babel's, for what a page says a hundred times."""
    found = str(_catalogue().ugettext(text))
    return found % values if values else found


@pass_context
def _said(context: Context, text: str, **values: object) -> str:
    """The same in a template, with values made safe where it is HTML."""
    found = str(_catalogue().ugettext(text))
    safe = Markup(found) if context.eval_ctx.autoescape else found  # noqa: S704 - a catalogue of ours
    return safe % values if values or "%" in found else safe


def figure(cents: int, places: int = 2) -> str:
    """An amount in this page's language; places=0 leaves out cents that are nil, and keeps those that are not."""
    if places == 0 and cents % 100 == 0:
        return languages.figure(cents // 100, language(), 0)
    return languages.figure(cents, language(), 2)


def counted(number: int) -> str:
    """A number of things; none is 0, for it was counted."""
    return languages.figure(number, language(), 0, nil="0")


def tenth(number: Decimal | int) -> str:
    """A number with one decimal, for shares in per cent."""
    tenths = int((Decimal(number) * 10).to_integral_value(ROUND_HALF_UP))
    return languages.figure(tenths, language(), 1, nil=languages.figure(1, language(), 1).replace("1", "0"))


def hundredth(number: Decimal | int) -> str:
    """A number with two decimals, for means and totals of scores."""
    hundredths = int((Decimal(number) * 100).to_integral_value(ROUND_HALF_UP))
    return languages.figure(hundredths, language(), 2, nil=languages.figure(1, language(), 2).replace("1", "0"))


def unturned(code: str) -> str:
    """A code or reference in running text: after an Arabic word its parts would stand the other way round."""
    return f"\u200e{code}" if language() == "ar" else code


def long_date(day: date) -> str:
    """A date as a sentence of this page says it."""
    return languages.long_date(day, language())


def _remember(response: Response) -> Response:
    """The switch of languages is an address; a cookie keeps the choice for the pages after it."""
    if response.mimetype != "text/html":  # files and health say nothing in a language, or say which in their name
        return response
    wanted = request.args.get("lang")
    if wanted in languages.LANGUAGES and request.cookies.get(COOKIE) != wanted:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(COOKIE, str(wanted), max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    response.headers["Content-Language"] = language()
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def init(app: Flask) -> None:
    """Give the application its six languages."""
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(CATALOGUES))
    Babel(app, default_locale=languages.DEFAULT, locale_selector=select).domain_instance = Catalogues()
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, number: _catalogue().unpgettext(context, one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals.update(gettext=_said, _=_said, language=language, figure=figure)
    app.jinja_env.filters.update(counted=counted, long_date=long_date, tenth=tenth, hundredth=hundredth)
    app.jinja_env.filters.update(unturned=unturned)
    app.after_request(_remember)
