"""One's own account: name, language, and how one signs in."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.forms import OwnDetailsForm, languages
from fundapp.access.gate import needs, signed_in
from fundapp.access.operations import change_own_details, rename_passkey
from fundapp.access.policy import Permission
from fundapp.access.queries import roles_held
from fundapp.access.views.page import blueprint, say
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import unit_of_work


@blueprint.route("/account", methods=["GET", "POST"])
@needs(Permission.SIGNED_IN)
def account() -> str | Response:
    """One's own details, second factor, passkeys, recovery codes and password."""
    who = signed_in()
    form = OwnDetailsForm(obj=who)
    form.language.choices = languages()
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        try:
            with unit_of_work(who) as work:
                change_own_details(work, who, form.name.data or "", form.language.data)
            flash(_("Your details are saved."), "success")
            return redirect(url_for("access.account"))
        except Refusal as refusal:
            faults = refusal.faults
    held = roles_held(db.session(), [who.id]).get(who.id, [])
    return render_template(
        "access/account.html", form=form, person=who, passkeys=who.webauthn, held=held, faults=faults
    )


@blueprint.post("/account/passkeys/<int:passkey_id>")
@needs(Permission.SIGNED_IN)
def name_passkey(passkey_id: int) -> Response:
    """Give one of one's passkeys another name."""
    who = signed_in()
    passkey = next((one for one in who.webauthn if one.id == passkey_id), None)
    if passkey is None:
        abort(404)
    try:
        with unit_of_work(who) as work:
            rename_passkey(work, who, passkey, request.form.get("name", ""))
        flash(_("The passkey has its new name."), "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("access.account"))
