"""The shell around every page: who is here, which fund, where they may go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request, url_for
from werkzeug.routing import BuildError

from fundapp.access.gate import actor, is_demonstration
from fundapp.access.operations import Anonymous
from fundapp.access.policy import Permission, may
from fundapp.funds.models import Fund
from fundapp.kernel.languages import DEFAULT, LANGUAGES, OWN_NAMES, direction
from fundapp.web.charts import meter
from fundapp.web.funds import OfFund, all_funds, has_fund
from fundapp.web.kept import path
from fundapp.web.languages import gettext, language
from fundapp.web.navigation import AREAS, FOOTER, HOME, OWN, Page


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go from here."""

    label: Any
    href: str
    current: bool = False
    code: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Shell:
    """What templates/_layout reads."""

    language: str
    direction: str
    own_name: str
    languages: Sequence[Link]
    footer: Sequence[Link]
    demonstration: bool
    home: str = "/"
    fund: Fund | None = None
    funds: Sequence[Link] = ()
    person: str = ""
    own: Sequence[Link] = ()
    sign_in: str = ""
    sign_out: str = ""
    areas: Sequence[Link] = ()
    area: str = ""
    rail: Sequence[Link] = ()

    @property
    def place(self) -> tuple[str, str]:
        """The area of this page and its first page, as a step of the way here."""
        return next(((one.label, one.href) for one in self.areas if one.current), (self.area, self.home))


def here(**changes: object) -> str:
    """The address of this page with other words in its query: none takes a word away, filters stay."""
    words: dict[str, Any] = request.args.to_dict(flat=False) | changes
    if request.endpoint is None or not _is_read():
        return _with_query(url_for("web.start"), {"lang": words.get("lang")})
    if "here" not in g:  # a list has a dozen links to itself
        g.here = url_for(request.endpoint, **(request.view_args or {}))
    return _with_query(g.here, words)


def alike(endpoint: str, **values: Any) -> str:
    """The address of another page, such as this one as a file, with the words of this page's query."""
    return _with_query(
        url_for(endpoint, **values), {k: v for k, v in request.args.lists() if k not in ("lang", "page")}
    )


def _is_read() -> bool:
    """Whether the address of this request shows the page again."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _with_query(path: str, words: dict[str, Any]) -> str:
    """Not by url_for: what somebody writes into a query must not be taken for its options (_scheme, _external)."""
    kept = {name: value for name, value in words.items() if value not in (None, [], "")}
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def exists(page: Page) -> bool:
    """Whether this application has the page yet."""
    return page.endpoint in current_app.view_functions


def _open(pages: Iterable[Page], who: Any, fund: Fund | None) -> list[Page]:
    """A page of a fund needs one: somebody without a role yet has none."""
    there = [page for page in pages if exists(page) and (fund is not None or not has_fund(page.endpoint))]
    return [page for page in there if _may(who, page, fund)]


def _may(who: Any, page: Page, fund: Fund | None) -> bool:
    if page.permission is Permission.DEMONSTRATION:
        return is_demonstration()
    return may(who, page.permission, OfFund(fund.id) if fund and has_fund(page.endpoint) else None)


def _here(page: Page) -> bool:
    return request.endpoint in (page.endpoint, *page.also)


def _link(page: Page) -> Link:
    return Link(gettext(page.label), path(page.endpoint), _here(page))


def _languages() -> list[Link]:
    now = language()
    return [Link(OWN_NAMES[code], here(lang=code), code == now, code, direction(code)) for code in LANGUAGES]


def funds_of(who: Any) -> list[Fund]:
    """The funds in which someone holds anything."""
    held = {grant.fund_id for grant in who.grants}
    return [fund for fund in all_funds() if None in held or fund.id in held]


def _fund_links(funds: Sequence[Fund], now: Fund | None) -> list[Link]:
    """The same page of each fund, or its home from a page of no fund or of one thing in it."""
    same = bool(_is_read() and request.endpoint and has_fund(request.endpoint) and not request.view_args)
    endpoint = request.endpoint if same and request.endpoint else "web.home"
    words = request.args.to_dict(flat=False) if same else {}
    return [
        Link(
            f"{fund.code} · {fund.short(language())}",
            _with_query(url_for(endpoint, fund=fund.code), words),
            fund is now,
        )
        for fund in funds
    ]


def bare() -> Shell:
    """The shell without a question to the database: for a page that says what went wrong."""
    code = language()
    footer = [_link(page) for page in _open(FOOTER, Anonymous(), None)]
    demonstration = bool(current_app.config["FUNDAPP_DEMONSTRATION"])
    return Shell(code, direction(code), OWN_NAMES.get(code, OWN_NAMES[DEFAULT]), _languages(), footer, demonstration)


def shell() -> Shell:
    """The shell of this page for whoever looks at it."""
    who, plain = actor(), bare()  # in this order: a person says which language
    if isinstance(who, Anonymous):
        return _with(plain, sign_in=_address("security.login"))
    funds = funds_of(who)
    fund = g.get("fund") if g.get("fund") in funds else (funds[0] if funds else None)
    g.fund_code = fund.code if fund else None  # where links of this page lead
    shown = [(area, _open(area.pages, who, fund)) for area in AREAS]
    shown = [(area, pages) for area, pages in shown if pages]
    area, pages = next(((area, pages) for area, pages in shown if any(map(_here, pages))), (HOME, []))
    return _with(
        plain,
        home=path("web.start"),
        fund=fund,
        funds=_fund_links(funds, fund),
        person=who.name or who.email,
        own=[_link(page) for page in _open(OWN, who, fund)],
        sign_out=_address("security.logout"),
        areas=[Link(gettext(one.label), path(first[0].endpoint), one is area) for one, first in shown],
        area=gettext(area.label),
        rail=[_link(page) for page in pages] if len(pages) > 1 and area is not HOME else (),
    )


def _with(plain: Shell, **more: Any) -> Shell:
    kept = {name: getattr(plain, name) for name in Shell.__slots__}
    return Shell(**{**kept, **more})


def _address(endpoint: str) -> str:
    try:
        return path(endpoint)
    except BuildError:
        return ""


def _context() -> dict[str, object]:
    return {"shell": bare() if g.get("bare") else shell()}


def init(app: Flask) -> None:
    """Give templates the shell, and links that keep the filters of the page."""
    app.context_processor(_context)
    app.jinja_env.globals["here"] = here
    app.jinja_env.globals["alike"] = alike
    app.jinja_env.filters["meter"] = meter
