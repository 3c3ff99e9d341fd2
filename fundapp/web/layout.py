"""The shell around every page: who is here, which fund, where they may go. Navigation is data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.routing import BuildError

from fundapp.access.gate import actor, is_demonstration
from fundapp.access.operations import Anonymous
from fundapp.access.policy import Permission, may
from fundapp.funds.models import Fund
from fundapp.kernel.languages import DEFAULT, LANGUAGES, OWN_NAMES, direction
from fundapp.web.charts import meter
from fundapp.web.funds import OfFund, all_funds, has_fund
from fundapp.web.languages import language


@dataclass(frozen=True, slots=True)
class Page:
    """A page in the navigation; `also` are the pages that lie under it. One the application lacks is not shown."""

    endpoint: str
    label: Any
    permission: Permission
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the product: a tab, and the pages in the rail beside its pages."""

    label: Any
    pages: tuple[Page, ...]


HOME = Area(_l("Home"), (Page("web.home", _l("Home"), Permission.SIGNED_IN, ("web.start",)),))
AREAS = (
    HOME,
    Area(
        _l("Contributions"),
        (
            Page("finance.contributions", _l("By donor and period"), Permission.BOOKS_READ),
            Page("finance.donors", _l("Donors"), Permission.BOOKS_READ, ("finance.donor",)),
        ),
    ),
    Area(
        _l("Finance"),
        (
            Page("finance.statement", _l("Income and expenditure"), Permission.BOOKS_READ),
            Page("finance.entries", _l("Entries"), Permission.BOOKS_READ, ("finance.entry_page",)),
            Page("finance.unattributed", _l("Not attributed"), Permission.BOOKS_READ),
            Page("finance.years", _l("Years"), Permission.BOOKS_READ),
            Page("finance.published", _l("Published documents"), Permission.PUBLISHED_READ, ("finance.document",)),
            Page("finance.tie_out", _l("Tie-out"), Permission.BOOKS_READ, ("finance.annotate",)),
        ),
    ),
    Area(
        _l("Administration"),
        (
            Page("access.people", _l("People"), Permission.PERSON_READ, ("access.person", "access.invite")),
            Page("access.trail", _l("Trail"), Permission.TRAIL_READ, ("access.trace",)),
        ),
    ),
)
OWN = (Page("access.account", _l("Settings and sign-in"), Permission.SIGNED_IN),)
FOOTER = (
    Page("web.help", _l("Help"), Permission.ANYONE),
    Page("web.accessibility", _l("Accessibility"), Permission.ANYONE),
    Page("access.outbox", _l("Outbox"), Permission.DEMONSTRATION),
    Page("publishing.open_data", _l("Open data"), Permission.ANYONE),
)


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
    area: Area = HOME
    rail: Sequence[Link] = ()


def here(**changes: object) -> str:
    """The address of this page with other words in its query: none takes a word away, filters stay."""
    words: dict[str, Any] = request.args.to_dict(flat=False) | changes
    kept = {name: value for name, value in words.items() if value not in (None, [], "")}
    if request.endpoint is None or "GET" not in (request.url_rule.methods or () if request.url_rule else ()):
        return url_for("web.start", **{name: kept[name] for name in ("lang",) if name in kept})
    return url_for(request.endpoint, **{**(request.view_args or {}), **kept})


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
    return Link(page.label, url_for(page.endpoint), _here(page))


def _languages() -> list[Link]:
    now = language()
    return [Link(OWN_NAMES[code], here(lang=code), code == now, code, direction(code)) for code in LANGUAGES]


def funds_of(who: Any) -> list[Fund]:
    """The funds in which someone holds anything."""
    held = {grant.fund_id for grant in who.grants}
    return [fund for fund in all_funds() if None in held or fund.id in held]


def _fund_links(funds: Sequence[Fund], now: Fund | None) -> list[Link]:
    """The same page of each fund, or its home from a page of no fund."""
    rule, values = request.url_rule, request.view_args or {}
    same = rule is not None and "fund" in rule.arguments and "GET" in (rule.methods or ()) and not values
    links = []
    for fund in funds:
        label = f"{fund.code} · {fund.short(language())}"
        endpoint = request.endpoint if same and request.endpoint else "web.home"
        words: dict[str, Any] = request.args.to_dict(flat=False) if same else {}
        links.append(Link(label, url_for(endpoint, fund=fund.code, **words), fund is now))
    return links


def bare() -> Shell:
    """The shell without a question to the database: for a page that says what went wrong."""
    code = language()
    footer = [_link(page) for page in _open(FOOTER, Anonymous(), None)]
    demonstration = bool(current_app.config["FUNDAPP_DEMONSTRATION"])
    return Shell(code, direction(code), OWN_NAMES.get(code, OWN_NAMES[DEFAULT]), _languages(), footer, demonstration)


def shell() -> Shell:
    """The shell of this page for whoever looks at it."""
    plain, who = bare(), actor()
    if isinstance(who, Anonymous):
        return _with(plain, sign_in=_address("security.login"))
    funds = funds_of(who)
    fund = g.get("fund") or (funds[0] if funds else None)
    shown = [(area, _open(area.pages, who, fund)) for area in AREAS]
    shown = [(area, pages) for area, pages in shown if pages]
    area, pages = next(((area, pages) for area, pages in shown if any(map(_here, pages))), (HOME, []))
    return _with(
        plain,
        home=url_for("web.start"),
        fund=fund,
        funds=_fund_links(funds, fund),
        person=who.name or who.email,
        own=[_link(page) for page in _open(OWN, who, fund)],
        sign_out=_address("security.logout"),
        areas=[Link(one.label, url_for(first[0].endpoint), one is area) for one, first in shown],
        area=area,
        rail=[_link(page) for page in pages] if len(pages) > 1 else (),
    )


def _with(plain: Shell, **more: Any) -> Shell:
    kept = {name: getattr(plain, name) for name in Shell.__slots__}
    return Shell(**{**kept, **more})


def _address(endpoint: str) -> str:
    try:
        return url_for(endpoint)
    except BuildError:
        return ""


def _context() -> dict[str, object]:
    return {"shell": bare() if g.get("bare") else shell()}


def init(app: Flask) -> None:
    """Give templates the shell, and links that keep the filters of the page."""
    app.context_processor(_context)
    app.jinja_env.globals.update(here=here)
    app.jinja_env.filters["meter"] = meter
