"""Pages about people: who there is, who they are to which fund, and whether they may sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access import queries
from fundapp.access.forms import InviteForm, OfficeForm, PeopleFilterForm, RoleForm, whole
from fundapp.access.gate import exports, needs, signed_in
from fundapp.access.letters import invitation
from fundapp.access.models import Person, Scope
from fundapp.access.operations import (
    add_person,
    disable,
    enable,
    end_grant,
    forget_second_factor,
    grant,
    invite,
    open_office,
)
from fundapp.access.policy import Permission, Role, may
from fundapp.access.queries import PAGE, HeldRow, PersonRow
from fundapp.access.views.page import blueprint, file, last_page, say
from fundapp.access.words import ROLES
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import Work, unit_of_work

Answer = str | Response


@blueprint.get("/people")
@needs(Permission.PERSON_READ)
def people() -> Answer:
    """Everyone who works with the funds."""
    form = PeopleFilterForm(request.args).offer(queries.offices(db.session()))
    wanted = form.wanted(request.args)
    found, total = queries.people(db.session(), wanted)
    return render_template(
        "access/people.html",
        form=form,
        people=found,
        total=total,
        page=wanted.page,
        last=last_page(total, PAGE),
        may_invite=may(signed_in(), Permission.PERSON_ADD),
    )


@blueprint.get("/people.<any(csv, xlsx):kind>")
@needs(Permission.PERSON_READ)
@exports
def people_file(kind: str) -> Response:
    """The list with the filters of its address, as a file."""
    wanted = PeopleFilterForm(request.args).wanted(request.args)
    found, total = queries.people(db.session(), wanted, all_pages=True)
    headings = [_("Name"), _("Email address"), _("Roles"), _("State"), _("Second factor"), _("Last sign-in (UTC)")]
    return file(kind, "people", headings, [_cells(one) for one in found], total)


def _cells(one: PersonRow) -> list[Cell]:
    state = _("Invited") if one.invited else _("May sign in") if one.active else _("Disabled")
    last = one.last_sign_in.strftime("%Y-%m-%d %H:%M") if one.last_sign_in else ""
    held = "; ".join(in_words(role) for role in one.roles)
    return [one.name, one.email, held, state, _("Yes") if one.second_factor else _("No"), last]


def in_words(held: HeldRow) -> str:
    """A role and where: "Field officer (UPR, PACIFIC)"."""
    where = [code for code in (held.fund, held.office) if code]
    return f"{ROLES[held.role]} ({', '.join(where)})" if where else str(ROLES[held.role])


@blueprint.route("/people/invite", methods=["GET", "POST"], endpoint="invite")
@needs(Permission.PERSON_ADD, fresh=True)
def invite_someone() -> Answer:
    """Add someone with their first role, and send them the link to set their password."""
    form = InviteForm().offer(queries.scopes(db.session(), "fund"), queries.offices(db.session()))
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        try:
            with unit_of_work(signed_in()) as work:
                person = add_person(
                    work, None, form.email.data or "", name=form.name.data or "", language=form.language.data
                )
                _give(work, person, form)
                invite(work, person, invitation)
            flash(_("%(name)s is invited.", name=person.name), "success")
            return redirect(url_for("access.person", person_id=person.id))
        except Refusal as refusal:
            faults = refusal.faults
    return render_template("access/invite.html", form=form, faults=faults)


def _give(work: Work, person: Person, form: RoleForm) -> None:
    fund, office = (whole(field.data) for field in (form.fund, form.office))
    grant(
        work,
        person,
        Role(form.role.data),
        fund=work.session.get(Scope, fund) if fund else None,
        office=work.session.get(Scope, office) if office else None,
    )


def _found(person_id: int) -> Person:
    person = queries.person_by_id(db.session(), person_id)
    if person is None:
        abort(404)
    return person


@blueprint.get("/people/<int:person_id>")
@needs(Permission.PERSON_READ)
def person(person_id: int) -> Answer:
    """One person: their roles now and before, and how they sign in; never a secret."""
    found, who = _found(person_id), signed_in()
    held = queries.roles_held(db.session(), [person_id], ended=True).get(person_id, [])
    permissions = (
        Permission.ROLE_GRANT,
        Permission.PERSON_DISABLE,
        Permission.PERSON_ADD,
        Permission.SECOND_FACTOR_FORGET,
        Permission.TRAIL_READ,
    )
    return render_template(
        "access/person.html",
        person=found,
        held=held,
        passkeys=len(found.webauthn),
        may={permission.name: may(who, permission, found) for permission in permissions},
    )


@blueprint.route("/people/<int:person_id>/roles", methods=["GET", "POST"])
@needs(Permission.ROLE_GRANT, fresh=True)
def give_role(person_id: int) -> Answer:
    """Give someone a role."""
    found = _found(person_id)
    form = RoleForm().offer(queries.scopes(db.session(), "fund"), queries.offices(db.session()))
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        try:
            with unit_of_work(signed_in()) as work:
                _give(work, found, form)
            flash(_("The role is given. Sessions that were open have ended."), "success")
            return redirect(url_for("access.person", person_id=person_id))
        except Refusal as refusal:
            faults = refusal.faults
    return render_template("access/give_role.html", form=form, person=found, faults=faults)


def _do(person_id: int, verb: Callable[[Work, Person], Any], said: str) -> Response:
    """One verb on one person, and back to their page."""
    found = _found(person_id)
    try:
        with unit_of_work(signed_in()) as work:
            verb(work, found)
        flash(said, "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("access.person", person_id=person_id))


@blueprint.post("/people/<int:person_id>/roles/<int:grant_id>/end")
@needs(Permission.ROLE_GRANT, fresh=True, page="access.person")
def end_role(person_id: int, grant_id: int) -> Response:
    """Take a role away."""
    return _do(person_id, lambda work, found: end_grant(work, found, grant_id), _("The role has ended."))


@blueprint.post("/people/<int:person_id>/disable")
@needs(Permission.PERSON_DISABLE, fresh=True, page="access.person")
def disable_person(person_id: int) -> Response:
    """Let someone in no more."""
    return _do(person_id, disable, _("They may no longer sign in; open sessions have ended."))


@blueprint.post("/people/<int:person_id>/enable")
@needs(Permission.PERSON_DISABLE, fresh=True, page="access.person")
def enable_person(person_id: int) -> Response:
    """Let someone in again."""
    return _do(person_id, enable, _("They may sign in again."))


@blueprint.post("/people/<int:person_id>/invitation")
@needs(Permission.PERSON_ADD, fresh=True, page="access.person")
def invite_again(person_id: int) -> Response:
    """Send the link again; the earlier one no longer works."""
    return _do(person_id, lambda work, found: invite(work, found, invitation), _("A new link is on its way."))


@blueprint.post("/people/<int:person_id>/second-factor")
@needs(Permission.SECOND_FACTOR_FORGET, fresh=True, page="access.person")
def remove_second_factor(person_id: int) -> Response:
    """For someone who lost their device."""
    return _do(person_id, forget_second_factor, _("Their next sign-in sets the second factor up anew."))


@blueprint.route("/offices", methods=["GET", "POST"])
@needs(Permission.PERSON_READ)
def offices() -> Answer:
    """The field presences that roles can be given for."""
    form, faults = OfficeForm(), ()  # type: tuple[OfficeForm, tuple[Fault, ...]]
    if form.validate_on_submit():
        try:
            with unit_of_work(signed_in()) as work:
                open_office(work, None, form.code.data or "", form.name.data or "", form.country.data or "")
            flash(_("The office is open."), "success")
            return redirect(url_for("access.offices"))
        except Refusal as refusal:
            faults = refusal.faults
    return render_template(
        "access/offices.html",
        form=form,
        faults=faults,
        offices=queries.offices(db.session()),
        may_open=may(signed_in(), Permission.OFFICE_OPEN),
    )
