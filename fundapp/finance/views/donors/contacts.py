"""Whom to write to at a donor's, and the spellings by which it is known."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.forms import Posted
from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import say
from fundapp.contributions.models import Donor, DonorAlias, DonorContact
from fundapp.contributions.operations.register import (
    add_alias,
    add_contact,
    change_contact,
    drop_alias,
    drop_contact,
)
from fundapp.contributions.queries.register import name_of
from fundapp.finance.forms.donors import AliasForm, ContactForm
from fundapp.finance.views.donors.blueprint import Answer, blueprint, donor_here, renew
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.calls import Versioned
from fundapp.proposals.views.calls.blueprint import do, status


def _contact(donor: Donor, key: int) -> DonorContact:
    """A contact of a donor's that stands; 404 where there is none."""
    found = db.session().get(DonorContact, key)
    return found if found and found.donor_id == donor.id and found.removed_at is None else abort(404)


def _page(donor: Donor, form: ContactForm, rest: list[Fault], contact: DonorContact | None) -> Answer:
    name = name_of(db.session(), donor, language())
    page = render_template(
        "contributions/contact.html", form=form, faults=rest, donor=donor, name=name, contact=contact
    )
    return page, status(form, rest)


@blueprint.route("/register/<code>/contacts/new", methods=["GET", "POST"])
@needs(Permission.DONOR_KEEP)
def new_contact(code: str) -> Answer:
    """Note whom to write to."""
    donor, form, rest = donor_here(code), ContactForm().offer(), list[Fault]()
    if not form.is_submitted():
        form.language.data = language()
    else:
        made: list[DonorContact] = []
        rest = do(form, lambda work: made.append(add_contact(work, donor, form.said())))
        if not rest and not form.errors:
            flash(_("The contact is noted."), "success")
            return _back(code)
    return _page(donor, form, rest, None)


@blueprint.route("/register/<code>/contacts/<int:contact>", methods=["GET", "POST"])
@needs(Permission.DONOR_KEEP)
def contact(code: str, contact: int) -> Answer:
    """Correct a contact."""
    donor, form, rest = donor_here(code), ContactForm().offer(), list[Fault]()
    found = _contact(donor, contact)
    if not form.is_submitted():
        form.fill(found)
    else:
        rest = do(form, lambda work: change_contact(work, found, form.said(), form.of_version))
        if not rest and not form.errors:
            flash(_("The contact is changed."), "success")
            return _back(code)
        renew(form, found.version, rest)
    return _page(donor, form, rest, found)


@blueprint.post("/register/<code>/contacts/<int:contact>/take-off")
@needs(Permission.DONOR_KEEP)
def drop(code: str, contact: int) -> Response:
    """Take a contact off."""
    found, form = _contact(donor_here(code), contact), Versioned()
    try:
        with unit_of_work(signed_in()) as work:
            drop_contact(work, found, form.of_version)
        flash(_("The contact is taken off."), "success")
    except Refusal as refusal:
        say(refusal)
    return _back(code)


@blueprint.route("/register/<code>/spellings/new", methods=["GET", "POST"])
@needs(Permission.DONOR_KEEP)
def new_alias(code: str) -> Answer:
    """Note another spelling of a donor's name."""
    donor, form, rest = donor_here(code), AliasForm(), list[Fault]()
    if form.is_submitted():
        made: list[DonorAlias] = []
        rest = do(form, lambda work: made.append(add_alias(work, donor, form.said)))
        if not rest and not form.errors:
            flash(_("The spelling is noted."), "success")
            return _back(code)
    name = name_of(db.session(), donor, language())
    return render_template("contributions/alias.html", form=form, faults=rest, donor=donor, name=name), status(
        form, rest
    )


@blueprint.post("/register/<code>/spellings/<int:alias>/take-off")
@needs(Permission.DONOR_KEEP)
def take_alias_off(code: str, alias: int) -> Response:
    """Take a spelling off."""
    found, _form = db.session().get(DonorAlias, alias), Posted()
    if found is None or found.donor_id != donor_here(code).id or found.removed_at is not None:
        abort(404)
    with unit_of_work(signed_in()) as work:
        drop_alias(work, found)
    flash(_("The spelling is taken off."), "success")
    return _back(code)


def _back(code: str) -> Response:
    return redirect(url_for("donors.donor", code=code))
