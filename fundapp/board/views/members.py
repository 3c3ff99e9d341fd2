"""The Board as a body: who sits on it on a day, what should be seen to, its trustees and its rules."""

from __future__ import annotations

from datetime import date

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.gate import needs
from fundapp.access.models import Person
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import day, language
from fundapp.access.words import actor_name
from fundapp.board.forms.members import RulesForm, TrusteeForm
from fundapp.board.member_words import TERMS
from fundapp.board.models import Trustee
from fundapp.board.operations.members import add_trustee as add
from fundapp.board.operations.members import change_trustee as change
from fundapp.board.operations.members import require_approval, set_rules
from fundapp.board.queries.members import (
    attended,
    body,
    chairs_of,
    covering,
    seats_of,
    sessions_of,
    signs_in,
    trustee_at,
    who_may_sign_in,
)
from fundapp.board.queries.sitting import rules_of
from fundapp.board.rules.lanes import years_of
from fundapp.board.rules.seats import SOON, graver, other_groups, signing_in, to_see_to
from fundapp.board.rules.terms import GivenRules, Term, seated_through
from fundapp.board.views.blueprint import Answer, blueprint
from fundapp.funds.models import Board, Fund
from fundapp.funds.queries import board as board_of
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import Work
from fundapp.proposals.forms.calls import Versioned
from fundapp.proposals.views.calls.blueprint import do, does, fund_here, status
from fundapp.reference.queries import countries
from fundapp.reference.queries import country as country_of

CHANGED = "board.changed"


def board_here() -> Board:
    """The Board of the fund of the address."""
    return board_of(db.session(), fund_here())


def trustee_here(key: int) -> Trustee:
    """The trustee of an address; 404 where this Board has none of the kind."""
    return trustee_at(db.session(), fund_here().board_id, key) or abort(404)


@blueprint.get("")
@needs(Permission.BOARD_READ)
def board() -> str:
    """Who sits on the Board, today or on a day that the address says."""
    here, asked = board_here(), day("on")
    found = body(db.session(), here, fund_here().id, asked or today(), language())
    state, seats_it, now = found.state, does(Permission.BOARD_SEAT), asked in (None, today())
    return render_template(
        "board/members.html",
        board=here,
        fund=fund_here(),
        names_of_seats={seat.id: seat.names[language()] for seat in found.seats},
        found=found,
        state=state,
        now=now,
        today=today(),
        graver=graver(state) if now else (),
        to_see_to=to_see_to(state) if now else (),
        aside_seen=[*other_groups(found.seats), *signing_in(found.seats, found.still_signing_in)]
        if now and seats_it
        else (),
        soon=SOON,
        years=years_of(found.seats, found.terms, found.day),
        seats_it=seats_it,
        explained=does(Permission.SESSION_READ),
        terms=TERMS,
        has_sessions="board.session" in current_app.view_functions,
    )


@blueprint.get("/trustees/<int:key>")
@needs(Permission.BOARD_READ)
def trustee(key: int) -> str:
    """A trustee: the seats they held, when they chaired, and the sessions they took part in."""
    found, session, fund = trustee_here(key), db.session(), fund_here()
    chaired = covering(chairs_of(session, fund.board_id), sessions_of(session, fund.board_id, fund.id))
    names = names_of(session, {one.by for one in found.terms})
    person = session.get(Person, found.person_id) if found.person_id else None
    return render_template(
        "board/trustee.html",
        trustee=found,
        seats={seat: title for seat, _group, title in seats_of(session, fund.board_id)},
        state=_state(found.country),
        person=person.name if person else "",
        signs_in=signs_in(session, found),
        seated=_seated(found),
        chaired=[one for one in chaired if one.trustee == key],
        attended=attended(session, key, fund.id),
        people={one.by: actor_name(one.by, names) for one in found.terms},
        rules=rules_of(session, fund.board_id),
        today=today(),
        seats_it=does(Permission.BOARD_SEAT),
        explained=does(Permission.SESSION_READ),
        terms=TERMS,
        has_sessions="board.session" in current_app.view_functions,
    )


def _state(code: str | None) -> str:
    found = country_of(db.session(), code) if code else None
    return found.name(language()) if found else ""


def _seated(found: Trustee) -> date | None:
    """Through which day somebody who is seated today will be."""
    terms = [Term(one.seat_id, found.id, one.number, one.since, one.last_day) for one in found.terms]
    return seated_through(terms, today())


@blueprint.route("/trustees/new", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def new_trustee() -> Answer:
    """Record a trustee; then comes the seat."""
    form, rest, here = _offered(TrusteeForm()), list[Fault](), board_here()
    if form.is_submitted() and form.validate():
        made: list[int] = []
        rest = do(form, lambda work: made.append(_add(work, here, form)))
        if made and not rest and not form.errors:
            flash(_("The trustee is recorded. Now say which seat they hold."), "success")
            return redirect(url_for("board.appoint", trustee=made[0]))
    return render_template("board/trustee_form.html", form=form, faults=rest, trustee=None), status(form, rest)


@blueprint.route("/trustees/<int:key>/change", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def change_trustee(key: int) -> Answer:
    """Correct what is recorded of a trustee."""
    found, here, rest = trustee_here(key), board_here(), list[Fault]()
    form = _offered(TrusteeForm(), found.person_id)
    if not form.is_submitted():
        form.fill(found)
    elif form.validate():
        rest = do(form, lambda work: _change(work, here, found, form))
        if not rest and not form.errors:
            flash(_("What is recorded of the trustee is changed."), "success")
            return redirect(url_for("board.trustee", key=key))
        renew(form, found.version, rest)
    return render_template("board/trustee_form.html", form=form, faults=rest, trustee=found), status(form, rest)


def renew(form: Versioned, version: int, rest: list[Fault]) -> None:
    """Whoever has read that somebody else changed it may send theirs again."""
    if any(fault.code == CHANGED for fault in rest):
        form.version.data = str(version)


def _offered(form: TrusteeForm, person: int | None = None) -> TrusteeForm:
    states = [(one.code, one.name) for one in countries(db.session(), language())]
    return form.offer(states, who_may_sign_in(db.session(), board_here(), person))


def _person(work: Work, form: TrusteeForm) -> Person | None:
    """The person that was chosen; refused for one who is none."""
    chosen = form.said[2]
    found = work.session.get(Person, chosen) if chosen > 0 else None
    if chosen and found is None:
        raise Refusal(Fault("board.no-person", field="person"))
    return found


def _add(work: Work, here: Board, form: TrusteeForm) -> int:
    name, state, _chosen = form.said
    return add(work, here, name, state, _person(work, form)).id


def _change(work: Work, here: Board, found: Trustee, form: TrusteeForm) -> None:
    name, state, _chosen = form.said
    change(work, here, found, name, state, _person(work, form), form.of_version)


@blueprint.route("/rules", methods=["GET", "POST"])
@needs(Permission.BOARD_SEAT)
def rules() -> Answer:
    """What the Board goes by, and whether decisions of the fund need its approval."""
    here, fund, form, rest = board_here(), fund_here(), RulesForm(), list[Fault]()
    known = rules_of(db.session(), here.id)
    if not form.is_submitted():
        form.fill(known, fund.board_approves)
    elif form.validate():
        faults: list[Fault] = []
        said = form.said(faults)
        rest = do(form, lambda work: _rule(work, here, fund, said, form), faults)
        if not rest and not form.errors:
            flash(_("The rules of the Board are changed."), "success")
            return redirect(url_for("board.board"))
        renew(form, known.version, rest)
    others = [one.short(language()) for one in here.funds if one.id != fund.id]
    return render_template("board/rules.html", form=form, faults=rest, others=others), status(form, rest)


def _rule(work: Work, here: Board, fund: Fund, said: GivenRules, form: RulesForm) -> None:
    set_rules(work, here, said, form.of_version)
    require_approval(work, fund, bool(form.approves.data))
