"""The fund a page acts on, from its address: /UPR/finance/statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app, g, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter

from fundapp.access.gate import actor, declared
from fundapp.access.policy import Permission, Refused, may
from fundapp.funds import queries
from fundapp.funds.models import Fund
from fundapp.kernel.database import db


class FundCode(BaseConverter):
    """A fund in an address, `/<fund:fund>/…`: two to ten capitals or figures, so that it is no other page's name."""

    regex = "[A-Z][A-Z0-9]{1,9}"


@dataclass(frozen=True, slots=True)
class OfFund:
    """What a page of a fund asks the policy about."""

    fund_id: int


def has_fund(endpoint: str) -> bool:
    """Whether a page's address names a fund."""
    return endpoint in current_app.view_functions and current_app.url_map.is_endpoint_expecting(endpoint, "fund")


def all_funds() -> Sequence[Fund]:
    """Every fund, read once a request."""
    if "funds" not in g:
        g.funds = queries.funds(db.session())
    found: Sequence[Fund] = g.funds
    return found


def _take(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Views do not receive `fund`: they find it in g.fund. An unknown one is a page that does not exist."""
    if values is None or "fund" not in values:
        return
    code = values.pop("fund")
    g.fund_code = code
    g.fund = next((fund for fund in all_funds() if fund.code == code), None)
    if g.fund is None:
        raise NotFound


def _give(endpoint: str, values: dict[str, object]) -> None:
    """Links stay in the fund of the page they stand on, unless they name another."""
    if "fund" in values or not has_fund(endpoint):
        return
    if code := g.get("fund_code") or _first():
        values["fund"] = code


def _first() -> str | None:
    funds = all_funds()
    return funds[0].code if funds else None


def init(app: Flask) -> None:
    """Let addresses name funds."""
    app.url_map.converters["fund"] = FundCode
    app.url_value_preprocessor(_take)
    app.url_defaults(_give)


def _ask() -> None:
    """The gate has asked whether someone may at all; this asks whether in this fund."""
    permission = declared(current_app, request.endpoint or "")
    if g.get("fund") and isinstance(permission, Permission) and not may(actor(), permission, OfFund(g.fund.id)):
        raise Refused(f"{request.endpoint} needs {permission} in {g.fund.code}")


def guard(app: Flask) -> None:
    """After the gate: pages of a fund are for those who hold something in it."""
    app.before_request(_ask)
