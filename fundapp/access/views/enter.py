"""Coming in without having signed in: by an invitation, or as one of the demonstration's people; and its outbox."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security.utils import hash_password, login_user, logout_user, validate_redirect_url
from werkzeug.wrappers import Response

from fundapp.access import demonstration
from fundapp.access.forms import FirstPasswordForm
from fundapp.access.gate import needs
from fundapp.access.models import INVITED_FOR, Letter, Person
from fundapp.access.operations import accept_invitation as accept
from fundapp.access.operations import fingerprint
from fundapp.access.policy import Permission, Role
from fundapp.access.queries import letters, person_by_invitation
from fundapp.access.views.page import blueprint, say
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@needs(Permission.ANYONE)
def accept_invitation(token: str) -> str | Response | tuple[str, int]:
    """Set the first password, by the link of an invitation."""
    person = _invited(token)
    if person is None:
        return render_template("access/invitation_over.html"), 404
    form = FirstPasswordForm()
    if not (form.validate_on_submit() and form.good_for(person)):
        return render_template("access/accept_invitation.html", form=form, person=person)
    hashed = hash_password(form.password.data or "")  # before the unit of work: it takes a while, and holds the lock
    try:
        with unit_of_work(person) as work:
            accept(work, person, fingerprint(token), hashed)
        flash(_("Your password is set. Sign in with it."), "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("security.login"))


def _invited(token: str) -> Person | None:
    person = person_by_invitation(db.session(), fingerprint(token))
    if person is None or person.invited_at is None or person.invited_at + INVITED_FOR < now():
        return None
    return person


@blueprint.post("/demonstration")
@needs(Permission.DEMONSTRATION)
def sign_in_for_demonstration() -> Response:
    """One click: sign in as the demonstration's person of a role, without password or second factor."""
    role, __, office = request.form.get("role", "").partition(":")
    person = demonstration.invented(db.session(), Role(role), office) if role in set(Role) else None
    if person is None:
        abort(404)
    start = _start()  # before it is the person's own language
    logout_user()
    login_user(person, authn_via=["demonstration"])  # type: ignore[arg-type]
    current_app.extensions["security"].datastore.commit()
    wanted = request.form.get("next", "")
    here = wanted.startswith("/") and wanted.isprintable() and validate_redirect_url(wanted)
    return redirect(wanted if here else start)


def _start() -> str:
    """The front door in the language of this page: whoever tries the program keeps the one they read."""
    locale = get_locale()
    return url_for("web.start", lang=locale.language if locale else None)


@blueprint.get("/outbox")
@needs(Permission.DEMONSTRATION)
def outbox() -> str:
    """The letters of the demonstration, which are sent to nobody."""
    return render_template("access/outbox.html", letters=letters(db.session()))


@blueprint.get("/outbox/<int:letter_id>")
@needs(Permission.DEMONSTRATION)
def letter(letter_id: int) -> str:
    """One letter, with the link it brings."""
    found = db.session.get(Letter, letter_id)
    if found is None:
        abort(404)
    return render_template("access/letter.html", letter=found)
