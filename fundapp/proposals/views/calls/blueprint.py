"""What the pages of calls share: their place in the address, the call it names, refusals beside their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES, date_and_hour, direction, long_date
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.forms.calls import shown
from fundapp.proposals.models import Call
from fundapp.proposals.queries import call as call_of
from fundapp.proposals.rules import Spoken, Texts, best, is_code, left, local
from fundapp.proposals.words import ITEMS, MARKS, PLACES, STAGES

blueprint = Blueprint("proposals", __name__, url_prefix="/<fund:fund>/calls")
Answer = str | Response | tuple[str, int]
CHANGED = "call.changed"
DAYS, HOURS = 2, 120  # from so many on, time left is said in days; up to so many minutes, in minutes
Compared = list[tuple[Any, str, str]]  # field, what stands there, what the person wrote


def fund_here() -> Fund:
    """The fund of the address; web.funds has asked whether the person may do this in it."""
    found: Fund = g.fund
    return found


def call_at(code: str) -> Call:
    """The call of an address; 404 where there is none, or none that the person may know of."""
    found = call_of(db.session(), actor(), fund_here(), code, now()) if is_code(code) else None
    return found or abort(404)


def draft_at(code: str) -> Call:
    """The draft of an address; refused where the call is one no more."""
    found = call_at(code)
    if found.cancelled_at:
        raise refuse("call.cancelled", code=found.code)
    if found.opened_at:
        raise refuse("call.fixed", code=found.code)
    return found


def does(permission: Permission, subject: Any = None) -> bool:
    """Whether whoever looks may do this with a call, or in the fund."""
    return may(actor(), permission, subject if subject is not None else fund_here())


def to_call(code: str) -> Response:
    """Back to a call's page."""
    return redirect(url_for("proposals.call", code=code))


def do(form: FlaskForm, change: Callable[[Work], None], known: Iterable[Fault] = ()) -> list[Fault]:
    """Do it, unless something is wrong already; what was refused goes beside the fields, and what is of none is
    returned. Without any fault anywhere it is done."""
    faults = list(known)
    try:
        if faults:
            raise Refusal(*faults)
        with unit_of_work(signed_in()) as work:
            change(work)
        return []
    except Refusal as refusal:
        return place(form, refusal.faults)


def place(form: FlaskForm, faults: Iterable[Fault]) -> list[Fault]:
    """Put each fault beside the field it is of; those of no field are left."""
    rest = []
    for fault in faults:
        if fault.field in form:
            field = form[fault.field]
            field.errors = [*field.errors, current_app.jinja_env.filters["sentence"](fault)]
        else:
            rest.append(fault)
    return rest


def status(form: FlaskForm, rest: Iterable[Fault]) -> int:
    """409 where the call is not what it was taken for, 422 where a field is wrong, 200 where nothing is."""
    return 409 if list(rest) else 422 if form.errors else 200


def compared(mine: FlaskForm, theirs: FlaskForm) -> Compared:
    """Where two people wrote different things in the same form: what stands there now beside what this one wrote."""
    pairs = ((theirs[field.name], field) for field in mine if field.name not in ("version", "csrf_token"))
    found = [(there.label.text, shown(there), shown(written)) for there, written in pairs]
    return [one for one in found if one[1] != one[2]]


def spoken(texts: Texts) -> Spoken:
    """A text in the reader's language, or in the one that there is."""
    return best(texts, language())


def text_for(texts: Texts) -> str:
    """The same as plain text, for a file or a list to choose from."""
    return spoken(texts).text


def time_left(until: datetime) -> str:
    """How long there is until a close, in words: in days, or in hours when it is near, or in minutes."""
    days, hours, minutes = left(until, now())
    if days >= DAYS:
        return str(ngettext("%(num)d day left", "%(num)d days left", days))
    if (total := 24 * days + hours) >= DAYS:
        return str(ngettext("%(num)d hour left", "%(num)d hours left", total))
    total = 60 * total + minutes
    return str(ngettext("%(num)d minute left", "%(num)d minutes left", total)) if total else str(_("over"))


def when(moment: datetime, zone: str) -> Markup:
    """A moment as clocks of its zone show it; in Python and not as a macro, for half the pages have one."""
    here = local(moment, zone)
    said = _said_at(here, f'<bdi dir="ltr">{here.isoformat()[11:16]}</bdi>')
    text = f'<time datetime="{moment.isoformat()[:16]}Z">{said}</time>'
    return Markup(f'{text} <span class="app-quiet"><bdi dir="ltr">{escape(zone)}</bdi></span>')  # noqa: S704 - escaped


def said_then(moment: datetime, zone: str) -> Markup:
    """The same in a list of what happened, where the moment of each entry is marked."""
    here = local(moment, zone)
    return Markup(_said_at(here, f'<bdi dir="ltr">{here.isoformat()[11:16]} {escape(zone)}</bdi>'))  # noqa: S704 - escaped


def _said_at(here: datetime, hour: str) -> str:
    spoken = language()
    return date_and_hour(long_date(here.date(), spoken), hour, spoken)


def _languages() -> list[str]:
    """The six languages, the reader's first: it is the one they write in."""
    return sorted(LANGUAGES, key=lambda code: code != language())


@blueprint.record_once
def _words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        {
            "call_stages": STAGES,
            "call_marks": MARKS,
            "call_items": ITEMS,
            "call_places": PLACES,
            "spoken": spoken,
            "time_left": time_left,
            "local_time": local,
            "html_when": when,
            "html_said_then": said_then,
            "way_of_writing": direction,
            "own_name": OWN_NAMES.get,
            "languages_here": _languages,
        }
    )
