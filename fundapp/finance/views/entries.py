"""The entries behind a figure, and one entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.verbs import OPERATIONS
from fundapp.access.views.page import file
from fundapp.access.words import actor_name
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.queries import account_names, layout_of
from fundapp.finance.queries.evidence import Evidence, evidence, is_document
from fundapp.finance.queries.parts import projects
from fundapp.finance.rules import accounts_behind, dates_behind, label
from fundapp.finance.rules.reports import BEGINNING
from fundapp.finance.views.blueprint import (
    blueprint,
    day,
    fund_for,
    language,
    number,
    period,
)
from fundapp.finance.views.memos import said
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import figure
from fundapp.kernel.money import Money, exponent
from fundapp.kernel.sheets import Cell
from fundapp.ledger.queries import Behind, EntryRow, entry, every_entry, how_many, postings
from fundapp.proposals.queries.proposals import closed_to

EVIDENCE = {
    "pledge": _l("Pledge, recognised"),
    "change": _l("Change of a pledge"),
    "receipt": _l("Receipt"),
    "undone": _l("Receipt, taken back"),
    "settlement": _l("Settlement of a pledge"),
    "commitment": _l("Commitment"),
    "batch": _l("Expenditure extract"),
    "line": _l("Line of the extract"),
    "manual": _l("Entry made by hand"),
    "support-costs": _l("Support costs"),
}
# The pages of what an entry was posted for
PAGES = {
    "pledge": "donors.pledge",
    "receipt": "finance.receipt",
    "undone": "finance.receipt",
    "settlement": "finance.receipt",
    "commitment": "finance.commitment",
    "batch": "finance.extract",
    "manual": "finance.manual_entry",
}
NOBODY = "none"  # in the address: lines that name no donor, or no project


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: of a line of the statement or of accounts (or of all), in a period, of a donor (0: of none), of a
    project (0: of none)."""

    fund: Fund
    line: str
    codes: tuple[str, ...]
    first: date
    last: date
    donor: int | None
    project: int | None
    project_title: str
    sign: int
    title: str


def asked() -> Asked:
    """What the address asks for: a line, or accounts with commas between them; one that nobody knows is refused."""
    fund, line = fund_for(Permission.BOOKS_READ), request.args.get("line", "").strip()
    first, last = period(fund)
    layout = layout_of(db.session(), fund, last)
    found = next((one for one in layout if one.code == line), None)
    accounts = account_names(db.session())
    named = tuple(dict.fromkeys(line.split(",")))
    if line and found is None and any(code not in accounts for code in named):
        raise refuse("address.no-line", line=line[:30])
    codes = accounts_behind(line, layout) if found else named if line else tuple(accounts)
    since, until = dates_behind(line, first, last)
    if found:
        title = label(found.labels[language()], language(), first, last)
    else:
        title = " / ".join(accounts[code][language()] for code in named) if line else _("All entries")
    sign = 1 if line.startswith(("EXP.", "AST.")) or not line else -1
    project, project_title = _project(fund)
    return Asked(fund, line, codes, since or BEGINNING, until, _donor(), project, project_title, sign, title)


def _donor() -> int | None:
    code = request.args.get("donor", "").strip()
    if not code:
        return None
    if code == NOBODY:
        return 0
    known = {known: key for key, (known, _names) in names_of_donors(db.session(), date.max).items()}
    if code not in known:
        raise refuse("address.no-donor", donor=code[:40])
    return known[code]


def _project(fund: Fund) -> tuple[int | None, str]:
    """The project of the address, and what it is called; one that the reader is kept from is not there."""
    code = request.args.get("project", "").strip()
    if not code:
        return None, ""
    if code == NOBODY:
        return 0, _("Of no project")
    found = {one.code: one for one in projects(db.session(), fund.id, closed_to(actor())).values()}
    if code not in found:
        raise refuse("address.no-project", project=code[:40])
    return found[code].id, f"{code} · {found[code].title}"


def _after() -> tuple[date, int] | None:
    on, key = day("after"), number("behind")
    return (on, key) if on and key else None


def _behind(want: Asked) -> Behind:
    return Behind(want.fund.id, want.codes, want.first, want.last, want.donor, want.project)


@blueprint.get("/entries")
@needs(Permission.BOOKS_READ)
def entries() -> str:
    """The entries behind a figure; what they add up to is the figure."""
    want = asked()
    found = postings(db.session(), _behind(want), after=_after())
    names, accounts = names_of_donors(db.session(), want.last), account_names(db.session())
    titles = {code: labels[language()] for code, labels in accounts.items()}
    filters: dict[str, Any] = {
        name: request.args[name]
        for name in ("line", "from", "to", "year", "donor", "project")
        if request.args.get(name)
    }
    onward: dict[str, Any] = {"after": found.after[0].isoformat(), "behind": found.after[1]} if found.after else {}
    return render_template(
        "finance/entries.html",
        want=want,
        found=found,
        rows=[(row, said(row.memo, titles), donors_of(row, names), want.sign * row.cents) for row in found.rows],
        cents=want.sign * found.cents if want.line else None,
        donor=_named(want, names),
        accounts=titles,
        filters=filters,
        next=url_for("finance.entries", **filters, **onward) if onward else None,
        first=url_for("finance.entries", **filters) if _after() else None,
        beginning=BEGINNING,
    )


def _named(want: Asked, names: Mapping[int, tuple[str, dict[str, str]]]) -> str:
    if want.donor is None:
        return ""
    return names[want.donor][1][language()] if want.donor else _("Not attributed to a donor")


def donors_of(row: EntryRow, names: Mapping[int, tuple[str, dict[str, str]]]) -> list[str]:
    """Whom an entry names, in the reader's language."""
    keys = dict.fromkeys(line.donor_id for line in row.lines if line.donor_id)
    return [names[key][1][language()] if key in names else str(key) for key in keys]


@blueprint.get("/entries.<any(csv, xlsx):kind>")
@needs(Permission.BOOKS_READ)
@exports
def entries_file(kind: str) -> Response:
    """The entries behind a figure as a file, a row for each line."""
    want = asked()
    headings = ("entry", "date", "memo", "source", "account", "donor", "debit", "credit")
    count = how_many(db.session(), _behind(want))[0]
    return file(kind, f"{want.fund.code}-entries", headings, _cells(_behind(want)), count)


def _cells(behind: Behind) -> Iterator[tuple[Cell, ...]]:
    """Runs when the view is over and its session closed: it asks for one of its own."""
    codes = {key: code for key, (code, _names) in names_of_donors(db.session(), date.max).items()}
    for row in every_entry(db.session(), behind):
        for line in row.lines:
            amount = Decimal(abs(line.cents)).scaleb(-2)
            sides = (amount, None) if line.cents > 0 else (None, amount)
            donor = codes.get(line.donor_id or 0, "")
            yield row.id, row.on.isoformat(), row.memo, row.source or "", line.account, donor, *sides


@blueprint.get("/entries/<int:key>")
@needs(Permission.BOOKS_READ)
def entry_page(key: int) -> str:
    """One entry: its lines, where it comes from, what it was posted for, who posted it and when."""
    fund = fund_for(Permission.BOOKS_READ)
    found = entry(db.session(), key)
    if found is None or found.fund_id != fund.id:
        abort(404)
    names: dict[str, Any] = names_of(db.session(), [found.actor])
    titles = {code: labels[language()] for code, labels in account_names(db.session()).items()}
    closed = closed_to(actor())
    return render_template(
        "finance/entry.html",
        entry=found,
        memo=said(found.memo, titles),
        donors=names_of_donors(db.session(), found.on),
        projects=projects(db.session(), fund.id, closed) if any(line.project_id for line in found.lines) else {},
        evidence=[(one, _page_of(one)) for one in evidence(db.session(), key, closed)],
        kinds=EVIDENCE,
        original=original,
        is_document=bool(found.source) and is_document(db.session(), fund.id, found.source or ""),
        accounts=titles,
        actor=actor_name(found.actor, names),
        operation=OPERATIONS.get(found.operation, found.operation),
    )


def original(money: Money) -> str:
    """What a line was before it was dollars, as the reader's language writes figures."""
    return f"{money.currency} {figure(abs(money.minor), language(), exponent(money.currency))}"


def _page_of(one: Evidence) -> str | None:
    """The page of what an entry was posted for, where there is one, whatever it calls the number in its address."""
    endpoint = PAGES.get(one.kind, "")
    if endpoint not in current_app.view_functions:
        return None
    names = [name for name in next(current_app.url_map.iter_rules(endpoint)).arguments if name != "fund"]
    given: dict[str, Any] = dict.fromkeys(names, one.number)
    return url_for(endpoint, **given) if len(names) == 1 else None
