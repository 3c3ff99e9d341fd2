"""Recording what became of a recommendation, and taking that back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.access.views.page import say
from fundapp.access.words import actor_name
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.forms.following import FollowUpForm
from fundapp.recommendations.operations import record_follow_up, withdraw_follow_up
from fundapp.recommendations.queries.following import (
    Followed,
    History,
    follow_up_of,
    followed,
    statement_by_key,
    words_of,
)
from fundapp.recommendations.views.blueprint import blueprint, state_of
from fundapp.recommendations.views.refused import at_fields

Answer = str | Response | tuple[str, int]


@blueprint.route("/<int:number>/follow-up", methods=["GET", "POST"])
@needs(Permission.FOLLOW_UP_RECORD)
def follow_up(number: int) -> Answer:
    """What is said of a recommendation, and a form to say more."""
    found = _followed(number)
    form, faults = FollowUpForm().offer(language()), list[Fault]()
    if not form.is_submitted():
        if found.joined_to is not None:
            flash(_("It is the same as this recommendation from another source, which counts in its place."), "info")
            return redirect(url_for("recommendations.follow_up", number=found.joined_to))
        return _page(found, form, faults)
    if form.validate_on_submit():
        try:
            with unit_of_work(signed_in()) as work:
                record_follow_up(work, None, number, form.given())
            flash(_("It is recorded."), "success")
            return redirect(url_for("recommendations.recommendation", number=number))
        except Refusal as refusal:
            faults = at_fields(form, refusal)
            found = _followed(number)
    return _page(found, form, faults), 422


def _followed(number: int) -> Followed:
    """The recommendation of an address; one whose import was undone is refused in words."""
    found = followed(db.session(), number)
    if found is None:
        abort(404)
    if not found.standing:
        raise refuse("follow-up.not-standing", number=number)
    return found


def _page(found: Followed, form: FollowUpForm, faults: list[Fault]) -> str:
    state = state_of(found.state)
    history = follow_up_of(db.session(), found.number)
    text, spoken = words_of(db.session(), found.number, language())
    return render_template(
        "recommendations/follow_up.html",
        found=found,
        # what was typed for a record that was joined to another meanwhile is sent to that one
        address=url_for("recommendations.follow_up", number=found.joined_to or found.number),
        state=state,
        name=state.name(language()),
        text=text,
        spoken=spoken,
        form=form,
        faults=faults,
        history=history,
        said_by=said_by(history),
        withdrawable=withdrawable(history),
    )


def said_by(history: History) -> dict[str, str]:
    """Actor -> name, of all who recorded or withdrew something."""
    actors = {actor for one in history.statements for actor in (one.by, one.withdrawn_by) if actor}
    return {actor: actor_name(actor, history.names) for actor in actors}


def withdrawable(history: History) -> set[int]:
    """What the person who looks may take back."""
    who = signed_in()
    return {
        one.id
        for one in history.statements
        if one.withdrawn_at is None and may(who, Permission.FOLLOW_UP_WITHDRAW, one)
    }


# may they, is asked again with the statement itself: its author may, and nobody else in a field presence
@blueprint.post("/follow-up/<int:key>/withdraw", endpoint="withdraw_follow_up")
@needs(Permission.FOLLOW_UP_RECORD)
def take_back(key: int) -> Response:
    """Take back what was recorded."""
    said = statement_by_key(db.session(), key)
    if said is None:
        abort(404)
    number = said.recommendation_id
    try:
        with unit_of_work(signed_in()) as work:
            withdraw_follow_up(work, said)
        flash(_("It is withdrawn. It stays in the history, struck through."), "success")
    except Refusal as refusal:
        say(refusal)
    return redirect(url_for("recommendations.recommendation", number=number))
