"""Steps of the Board's members: a seat given, a term corrected or ended before its time, and who chairs."""

from __future__ import annotations

from datetime import date

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.board.forms.members import AppointForm, ChairForm, DaysForm, EndChairForm, EndForm, day, needed_day, plain
from fundapp.board.models import ChairTerm, Trustee, TrusteeTerm
from fundapp.board.operations.members import appoint as give_seat
from fundapp.board.operations.members import change_term, resume_term, set_chair
from fundapp.board.operations.members import end_chair as leave_chair
from fundapp.board.operations.members import end_term as leave_seat
from fundapp.board.queries.members import Body, body, chair_at, term_at, trustee_at
from fundapp.board.queries.sitting import rules_of
from fundapp.board.rules.seats import Seat
from fundapp.board.rules.terms import DAY, last_day
from fundapp.board.views.blueprint import Answer, blueprint
from fundapp.board.views.members import board_here, renew
from fundapp.funds.models import Board
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import Work
from fundapp.proposals.forms.calls import Versioned, lines, whole
from fundapp.proposals.views.calls.blueprint import do, fund_here, status
from fundapp.reference.rules import Group


def body_here() -> Body:
    """The Board of today."""
    return body(db.session(), board_here(), fund_here().id, today(), language())


def term_here(key: int) -> TrusteeTerm:
    """The term of an address; 404 where this Board has none of the kind."""
    return term_at(db.session(), fund_here().board_id, key) or abort(404)


def to_trustee(key: int) -> Response:
    """Back to a trustee."""
    return redirect(url_for("board.trustee", key=key))


def chosen_trustee(work: Work, here: Board, key: int) -> Trustee:
    """The trustee that was chosen; refused for one who is none of this Board."""
    found = trustee_at(work.session, here.id, key)
    if found is None:
        raise Refusal(Fault("board.no-trustee", field="trustee"))
    return found


@blueprint.route("/appoint", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def appoint() -> Answer:
    """Give a trustee a seat, for the first time or for another term."""
    here, seen, form, rest = board_here(), body_here(), AppointForm(), list[Fault]()
    form.offer(((one.id, one.name) for one in seen.members), [(s.group, s.names[language()]) for s in seen.seats])
    if not form.is_submitted():
        _prefill(form, seen)
    elif form.validate():
        faults: list[Fault] = []
        key, group = form.chosen(faults)
        since, until, number = form.days(faults)
        until = until or _whole_term(since, seen.rules.term_years)
        rest = do(form, lambda work: _give(work, here, key, group, since, until, number), faults)
        if not rest and not form.errors:
            return _appointed(key, until)
    left = {s.group: s.before for s in seen.seats if s.now is None and s.before and s.before.ended_on}
    page = render_template(
        "board/appoint.html", form=form, faults=rest, seats=seen.seats, rules=seen.rules, left=left, today=today()
    )
    return page, status(form, rest)


def _whole_term(since: date, years: int) -> date:
    """The last day of a term; of a day that could not be read, or that no calendar goes beyond, that day."""
    return last_day(since, years) if since.year + years < date.max.year else since


def _give(work: Work, here: Board, key: int, group: Group, since: date, until: date, number: int) -> None:
    give_seat(work, here, chosen_trustee(work, here, key), group, since, until, number)


def _appointed(key: int, until: date) -> Response:
    flash(_("The seat is given."), "success")
    if until < today():
        flash(_("The term has ended already: it is recorded as one of the past."), "warning")
    return to_trustee(key)


def _prefill(form: AppointForm, seen: Body) -> None:
    """What an address asks for: the seat, the trustee, and the days that follow from both."""
    key, group = whole(request.args.get("trustee")), plain(request.args.get("seat"))
    member = next((one for one in seen.members if one.id == key), None)
    seat = next((one for one in seen.seats if one.group == group), None)
    last = member.terms[-1] if member and member.terms else None
    if seat is None and last:
        seat = next(one for one in seen.seats if one.id == last.seat)
    form.trustee.data, form.seat.data = str(key or ""), seat.group if seat else ""
    since = today()
    if last and last.last_day >= since:
        since = last.last_day + DAY
    elif seat and seat.now and seat.now.last_day >= since:
        since = seat.now.last_day + DAY
    form.since.data, form.number.data = since.isoformat(), str(last.number + 1 if last else 1)
    form.until.data = _remainder(seat, since) or _whole_term(since, seen.rules.term_years).isoformat()


def _remainder(seat: Seat | None, since: date) -> str:
    """The last day of a term that its holder left before its time: whoever follows them mid-term serves the rest."""
    if seat and seat.now is None and seat.before and seat.before.ended_on and seat.before.until >= since:
        return seat.before.until.isoformat()
    return ""


@blueprint.route("/terms/<int:key>", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def term(key: int) -> Answer:
    """Correct the days or the number of a term."""
    found, here, form, rest = term_here(key), board_here(), DaysForm(), list[Fault]()
    rules = rules_of(db.session(), here.id)
    if not form.is_submitted():
        form.fill(found)
    elif form.validate():
        faults: list[Fault] = []
        since, until, number = form.days(faults)
        until = until or _whole_term(since, rules.term_years)
        rest = do(form, lambda work: change_term(work, here, found, since, until, number, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("The term is corrected."), "success")
            return to_trustee(found.trustee_id)
        renew(form, found.version, rest)
    return _term_page("board/term.html", found, form, rest), status(form, rest)


@blueprint.route("/terms/<int:key>/end", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def end_term(key: int) -> Answer:
    """End a term before its time."""
    found, here, form, rest = term_here(key), board_here(), EndForm(), list[Fault]()
    if not form.is_submitted():
        form.version.data, form.ended_on.data = str(found.version), ""
    elif form.validate():
        faults: list[Fault] = []
        ended, why = day(form.ended_on.data, "ended_on", faults), lines(form.reason.data)
        rest = do(form, lambda work: leave_seat(work, here, found, ended, why, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("The term ends early. The seat can be given to somebody else from the day after."), "success")
            return to_trustee(found.trustee_id)
        renew(form, found.version, rest)
    return _term_page("board/end_term.html", found, form, rest), status(form, rest)


@blueprint.route("/terms/<int:key>/resume", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def resume(key: int) -> Answer:
    """Take back that a term ended early."""
    found, here, form, rest = term_here(key), board_here(), Versioned(), list[Fault]()
    if not form.is_submitted():
        form.version.data = str(found.version)
    elif form.validate():
        rest = do(form, lambda work: resume_term(work, here, found, form.of_version))
        if not rest and not form.errors:
            flash(_("The term goes on as it was given."), "success")
            return to_trustee(found.trustee_id)
        renew(form, found.version, rest)
    return _term_page("board/resume_term.html", found, form, rest), status(form, rest)


def _term_page(template: str, found: TrusteeTerm, form: Versioned, rest: list[Fault]) -> str:
    whose = trustee_at(db.session(), fund_here().board_id, found.trustee_id) or abort(404)
    seen = body_here()
    seat = next(one for one in seen.seats if one.id == found.seat_id)
    chairs = any(one.trustee == whose.id and one.term.on(today()) for one in seen.chairs)
    return render_template(
        template, form=form, faults=rest, term=found, trustee=whose, seat=seat, rules=seen.rules, chairs=chairs
    )


@blueprint.route("/chair", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def chair() -> Answer:
    """Say who chairs from a day on."""
    here, seen, form, rest = board_here(), body_here(), ChairForm(), list[Fault]()
    form.offer(_may_chair(seen))
    if not form.is_submitted():
        form.since.data = today().isoformat()
    elif form.validate():
        faults: list[Fault] = []
        key, since, until = form.said(faults)
        rest = do(form, lambda work: _set(work, here, key, since, until), faults)
        if not rest and not form.errors:
            return _chair_set(_("The chair is recorded."), seen.short)
    return render_template("board/chair.html", form=form, faults=rest, found=seen, state=seen.state), status(form, rest)


def _may_chair(seen: Body) -> list[tuple[int, str]]:
    """Those who hold a seat or held one, with when they chaired last: the chair goes round."""
    last = {one.trustee: one for one in reversed(seen.chairs)}
    found = []
    for one in seen.members:
        if one.terms and (one.last_day or today()) >= today():
            since = last[one.id].since.isoformat() if one.id in last else ""
            name = _("%(name)s (chaired from %(since)s)", name=one.name, since=since) if since else one.name
            found.append((since, one.id, name))
    past = [(one.id, one.name) for one in seen.past]
    return [(key, name) for _since, key, name in sorted(found)] + past


def _set(work: Work, here: Board, key: int, since: date, until: date | None) -> None:
    set_chair(work, here, chosen_trustee(work, here, key), since, until)


def _chair_set(said: str, short: frozenset[int]) -> Response:
    """Back to the Board, told of a chair who made way before covering as many sessions as a chair should."""
    flash(said, "success")
    seen = body_here()
    for one in seen.chairs:
        if one.id in seen.short - short:
            values = {"name": one.name, "sessions": one.sessions, "least": seen.rules.chair_sessions}
            flash(current_app.jinja_env.filters["sentence"](Fault("board.chair-short", values)), "warning")
    return redirect(url_for("board.board"))


@blueprint.route("/chair/<int:key>/end", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def end_chair(key: int) -> Answer:
    """Say until when somebody chairs."""
    here, seen, form, rest = board_here(), body_here(), EndChairForm(), list[Fault]()
    found: ChairTerm = chair_at(db.session(), here.id, key) or abort(404)
    if not form.is_submitted():
        form.version.data, form.until.data = str(found.version), found.until.isoformat() if found.until else ""
    elif form.validate():
        faults: list[Fault] = []
        until = needed_day(form.until.data, "until", faults)
        rest = do(form, lambda work: leave_chair(work, here, found, until, form.of_version), faults)
        if not rest and not form.errors:
            return _chair_set(_("The last day in the chair is recorded."), seen.short)
        renew(form, found.version, rest)
    one = next((one for one in seen.chairs if one.id == key), None) or abort(404)
    return render_template("board/end_chair.html", form=form, faults=rest, chair=one, rules=seen.rules), status(
        form, rest
    )
