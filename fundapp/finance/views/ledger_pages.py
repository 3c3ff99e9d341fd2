"""The general ledger as a file, and an account with its lines and the balance after each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, render_template, url_for

from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.page import file
from fundapp.contributions.queries import names_of_donors
from fundapp.finance.queries import account_names
from fundapp.finance.queries.accounts import CardLine, Place, card, general_ledger, lines_of, named_account
from fundapp.finance.rules.reports import eve
from fundapp.finance.views.blueprint import blueprint, day, fund_for, language, number, period, years
from fundapp.finance.views.memos import said
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import is_whole_years
from fundapp.kernel.money import Money
from fundapp.kernel.sheets import Cell
from fundapp.ledger.models import Account
from fundapp.ledger.queries import balances
from fundapp.proposals.queries.proposals import closed_to

HEADINGS = (
    "account", "date", "entry", "line", "memo", "source", "donor", "project", "debit", "credit", "balance", "currency",
    "amount", "rate",
)  # fmt: skip


def _account(code: str) -> Account:
    found = named_account(db.session(), code)
    if found is None:
        raise refuse("address.no-account", account=code[:30])
    return found


def _after() -> Place | None:
    on, entry, line = day("after"), number("behind"), number("line")
    return (on, entry, line) if on and entry and line else None


@blueprint.get("/accounts/<code>")
@needs(Permission.BOOKS_READ)
def account_card(code: str) -> str:
    """An account in a period: what it held, each line with the balance after it, what it holds."""
    fund = fund_for(Permission.BOOKS_READ)
    (first, last), account, after = period(fund), _account(code), _after()
    found = card(db.session(), fund.id, account.id, first, last, after)
    names, closed = names_of_donors(db.session(), last), closed_to(actor())
    titles = {one: labels[language()] for one, labels in account_names(db.session()).items()}
    span: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat()}
    onward: dict[str, Any] = {}
    if found.after:
        onward = {"after": found.after[0].isoformat(), "behind": found.after[1], "line": found.after[2]}
    return render_template(
        "finance/account.html",
        account=account,
        name=account.names[language()],
        card=found,
        rows=[
            (line, said(line.memo, titles), _donor(line, names), _project(line, closed), balance)
            for line, balance in found.lines
        ],
        first=first,
        last=last,
        span=span,
        years=years(),
        whole_year=last.year if is_whole_years(first, last) and first.year == last.year else None,
        next=url_for("finance.account_card", code=code, **span, **onward) if onward else None,
        back=url_for("finance.account_card", code=code, **span) if after else None,
    )


def _donor(line: CardLine, names: dict[int, tuple[str, dict[str, str]]]) -> str:
    return names[line.donor_id][1][language()] if line.donor_id in names else ""


def _project(line: CardLine, closed: Collection[int]) -> str:
    """The project of a line, unless an interest keeps the reader from it."""
    return "" if line.proposal_id in closed else line.project or ""


@blueprint.get("/accounts/<code>.<any(csv, xlsx):kind>")
@needs(Permission.BOOKS_READ)
@exports
def account_file(code: str, kind: str) -> Response:
    """An account in a period as a file, a row for each line."""
    fund = fund_for(Permission.BOOKS_READ)
    return _file(kind, f"{fund.code}-{code}", fund, _account(code))


@blueprint.get("/general-ledger.<any(csv, xlsx):kind>")
@needs(Permission.BOOKS_READ)
@exports
def ledger_file(kind: str) -> Response:
    """All accounts of the fund in a period, line by line."""
    fund = fund_for(Permission.BOOKS_READ)
    return _file(kind, f"{fund.code}-general-ledger", fund, None)


def _file(kind: str, name: str, fund: Fund, account: Account | None) -> Response:
    first, last = period(fund)
    key, closed = account.id if account else None, closed_to(actor())
    count = lines_of(db.session(), fund.id, first, last, key)
    rows = _rows(fund.id, first, last, key, closed)
    return file(kind, f"{name}-{first.isoformat()}-{last.isoformat()}", HEADINGS, rows, count)


def _rows(
    fund_id: int, first: date, last: date, account: int | None, closed: Collection[int]
) -> Iterator[tuple[Cell, ...]]:
    """Runs when the view is over and its session closed: it asks for one of its own."""
    codes = {key: code for key, (code, _names) in names_of_donors(db.session(), date.max).items()}
    held = balances(db.session(), fund_id, eve(first))
    for line in general_ledger(db.session(), fund_id, first, last, account):
        held[line.account] = held.get(line.account, 0) + line.cents
        yield cells(line, held[line.account], codes, closed)


def cells(line: CardLine, balance: int, codes: dict[int, str], closed: Collection[int]) -> tuple[Cell, ...]:
    """A line as files have it."""
    amount = Decimal(abs(line.cents)).scaleb(-2)
    sides = (amount, None) if line.cents > 0 else (None, amount)
    original = (
        (line.currency, Money(line.minor or 0, line.currency).amount, str(line.rate))
        if line.currency
        else ("", None, "")
    )
    return (
        line.account, line.on.isoformat(), line.entry, line.number, line.memo, line.source or "",
        codes.get(line.donor_id or 0, ""), _project(line, closed), *sides, Decimal(balance).scaleb(-2), *original,
    )  # fmt: skip
