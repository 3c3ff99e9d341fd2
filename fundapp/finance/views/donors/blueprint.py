"""What the pages of donors share: their place in the address, the donor and pledge it names, amounts in currencies."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, current_app, request
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup
from werkzeug.wrappers import Response

from fundapp.access.views.address import language
from fundapp.contributions.models import Donor, Pledge
from fundapp.contributions.queries.pledges import pledge_numbered
from fundapp.contributions.queries.register import donor_at
from fundapp.finance.donor_words import (
    ANSWER_MARKS,
    ANSWERS,
    DONOR_KINDS,
    EARMARKS,
    PAPERS,
    PLEDGE_KINDS,
    PLEDGE_STAGES,
    STAGE_MARKS,
)
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import figure
from fundapp.kernel.money import exponent
from fundapp.proposals.forms.calls import Versioned
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.reference.queries import currencies as usable

blueprint = Blueprint("donors", __name__, url_prefix="/<fund:fund>/donors")
Answer = str | Response | tuple[str, int]


def donor_here(code: str) -> Donor:
    """The donor of an address; 404 where there is none."""
    return donor_at(db.session(), code) or abort(404)


def asked_donor() -> str:
    """The key of the donor that an address asks to begin with, as a form has it; nothing for none."""
    found = donor_at(db.session(), request.args.get("donor", ""))
    return str(found.id) if found else ""


def pledge_here(number: str) -> Pledge:
    """The pledge of an address; 404 where the fund has none of that number."""
    return pledge_numbered(db.session(), fund_here(), number) or abort(404)


def renew(form: Versioned, version: int, rest: Iterable[Fault]) -> bool:
    """Whether somebody else changed it meanwhile; whoever has read that may send theirs again."""
    stale = any(fault.code.endswith(".changed") for fault in rest)
    if stale:
        form.version.data = str(version)
    return stale


def codes() -> list[str]:
    """The currencies in which money can move today, dollars first."""
    found = [one.code for one in usable(db.session(), today())]
    return sorted(found, key=lambda code: (code != "USD", code))


def amount_in(minor: int | None, currency: str) -> Markup:
    """An amount with its currency, isolated so that Arabic does not turn it round."""
    code = currency if currency.isascii() and currency.isalpha() else ""
    shown = figure(minor or 0, language(), exponent(code), "0")
    return Markup(f'<bdi dir="ltr" class="app-nowrap">{shown}\u00a0{code}</bdi>')  # noqa: S704 - digits and letters


def percent(rate: Decimal) -> Markup:
    """A share of one as per cent, without decimals that say nothing."""
    shown = figure(int(rate * 10_000), language(), 2, "0")
    shown = shown.rstrip("0").rstrip(".,") if len(shown) > 1 else shown
    return Markup(f'<bdi dir="ltr">{shown}</bdi>')  # noqa: S704 - digits and a mark


def has_page(endpoint: str) -> bool:
    """Whether the application has a page, which another part may bring."""
    return endpoint in current_app.view_functions


@blueprint.record_once
def _words(state: BlueprintSetupState) -> None:
    words: dict[str, Any] = {
        "donor_kinds": DONOR_KINDS,
        "pledge_kinds": PLEDGE_KINDS,
        "pledge_stages": PLEDGE_STAGES,
        "pledge_marks": STAGE_MARKS,
        "earmark_kinds": EARMARKS,
        "paper_kinds": PAPERS,
        "appeal_answers": ANSWERS,
        "appeal_marks": ANSWER_MARKS,
        "amount_in": amount_in,
        "percent_of": percent,
    }
    state.app.jinja_env.globals.update(words)
