"""United Nations operational rates of exchange: those in force on a day, those of a currency, and their import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from fundapp.access.gate import exports, needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.page import file
from fundapp.access.words import actor_name
from fundapp.finance.bank_words import RATE_LAYOUTS
from fundapp.finance.forms.bank import LookForm, RateFilterForm, TakeForm
from fundapp.finance.layouts.rates import RatesFile, read_rates
from fundapp.finance.views.blueprint import blueprint, day, fund_for
from fundapp.finance.views.looking import keep_sent, kept
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Faults, Refusal
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.views.calls.blueprint import Answer
from fundapp.recommendations.layouts.incoming import Incoming
from fundapp.reference.models import ExchangeRate
from fundapp.reference.operations import compare_rates, keep_rates
from fundapp.reference.queries import currencies_with_rates, every_currency, rates_in_force, rates_of

AHEAD = timedelta(days=45)  # rates are published some days before they take effect
SHOWN = 30  # rates of a file that are shown before it is taken in


def last_day() -> date:
    """No rate takes effect after that day: one that does is a slip of the pen."""
    return today() + AHEAD


def read(found: Incoming) -> RatesFile:
    """The rates of a file; all that is wrong with it is refused together."""
    faults = Faults()
    rates = read_rates(found, every_currency(db.session()), last_day(), faults)
    if faults:
        raise faults.refusal()
    return rates


def _asked() -> tuple[str, date, list[str], Sequence[ExchangeRate]]:
    """What the address asks for: a currency or none, a day, the currencies there are, and the rates."""
    session, on = db.session(), day("on")
    codes = list(currencies_with_rates(session))
    asked = request.args.get("currency", "").strip().upper()
    currency, until = asked if asked in codes else "", on or (last_day() if asked in codes else today())
    found = rates_of(session, currency, until) if currency else rates_in_force(session, until)
    return currency, until, codes, found


@blueprint.get("/rates")
@needs(Permission.BOOKS_READ)
def rates() -> str:
    """The rate of each currency on a day, or all the rates of one."""
    fund = fund_for(Permission.BOOKS_READ)
    currency, until, codes, found = _asked()
    form = RateFilterForm(request.args).offer(codes)
    names = names_of(db.session(), {one.by for one in found})
    return render_template(
        "finance/rates.html",
        form=form,
        currency=currency,
        until=until,
        rates=found,
        chips=[(currency, "currency")] if currency else [],
        people={one.by: actor_name(one.by, names) for one in found},
        filters={"currency": currency or None, "on": request.args.get("on") or None},
        imports=may(signed_in(), Permission.RATE_IMPORT, fund),
    )


@blueprint.get("/rates.<any(csv, xlsx):kind>")
@needs(Permission.BOOKS_READ)
@exports
def rates_file(kind: str) -> Response:
    """The same as a file, which can be taken in elsewhere."""
    fund_for(Permission.BOOKS_READ)
    currency, until, _codes, found = _asked()
    rows: list[tuple[Cell, ...]] = [(one.currency, one.since.isoformat(), str(one.rate), one.source) for one in found]
    name = f"rates-{(currency or until.isoformat()).lower()}"
    return file(kind, name, ("currency", "since", "rate", "source"), rows, len(rows))


@blueprint.route("/rates/import", methods=["GET", "POST"])
@needs(Permission.RATE_IMPORT)
def rates_import() -> Answer:
    """Send a file of rates, look at what it would add, and take it in."""
    fund_for(Permission.RATE_IMPORT)
    look, take, left, shown = LookForm(), TakeForm(), list[Fault](), dict[str, Any]()
    if request.method == "POST":
        try:
            if take.digest.data:
                return _take(take)
            shown = _look(keep_sent(look, take))
        except Refusal as refusal:
            left = list(refusal.faults)
            take.digest.data = ""
    page = render_template(
        "finance/rates_import.html", look=look, take=take, faults=left, layouts=RATE_LAYOUTS, **shown
    )
    return page, 422 if left else 200


def _look(found: Incoming) -> dict[str, Any]:
    """What a file would add."""
    given = read(found)
    fresh, same = compare_rates(db.session(), given.rates, given.name)
    days = Counter(one.since for one in fresh)
    return {"given": given, "fresh": fresh, "same": same, "days": sorted(days.items()), "most": SHOWN}


def _take(take: TakeForm) -> Answer:
    given = read(kept(take))
    with unit_of_work(signed_in()) as work:
        counts = keep_rates(work, None, given.rates, given.name)
    if counts.added:
        said = ngettext("%(num)s rate is imported.", "%(num)s rates are imported.", counts.added)
    else:
        said = _("All the rates of the file were here already; nothing was changed.")
    flash(said, "success")
    return redirect(url_for("finance.rates"))
