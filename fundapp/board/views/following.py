"""What a session asked to be done, and what earlier ones left: the list, and the steps of an action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.board.forms.minutes import ActionForm, DoneForm
from fundapp.board.models import AgendaItem, BoardSession, SessionStage
from fundapp.board.operations.following import add_action, change_action, finish_action, reopen_action
from fundapp.board.queries.following import Followed, action_at, actions_for
from fundapp.board.queries.withheld import Titled, items_read
from fundapp.board.session_words import ITEM_KINDS
from fundapp.board.views.blueprint import Answer, blueprint
from fundapp.board.views.minutes import links, readable_at
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.rules import best
from fundapp.proposals.views.calls.blueprint import do, fund_here, status


@blueprint.get("/sessions/<int:number>/actions")
@needs(Permission.SESSION_READ)
def actions(number: int) -> Answer:
    """What a session asked to be done, and what earlier ones left."""
    of, found = _found(number)
    return _page(of, found, ActionForm(), [])


@blueprint.post("/sessions/<int:number>/actions/add")
@needs(Permission.MINUTES_WRITE)
def new_action(number: int) -> Answer:
    """Record something that the session asked to be done."""
    of, found = _found(number)
    items, form, faults = _items(of), ActionForm(), list[Fault]()
    said = form.said(items, faults)
    rest = do(form, lambda work: _done(add_action(work, of, said)), faults)
    if rest or form.errors:
        return _page(of, found, form, rest), status(form, rest)
    flash(_("The action is recorded."), "success")
    return _to_actions(number)


@blueprint.route("/sessions/<int:number>/actions/<int:key>", methods=["GET", "POST"])
@needs(Permission.MINUTES_WRITE)
def action(number: int, key: int) -> Answer:
    """Say otherwise what the session asked for."""
    of, one = _action(number, key)
    titled, form, rest = _titled(of), ActionForm(), list[Fault]()
    if one.earlier:
        abort(404)
    if not form.is_submitted():
        form.fill(one.action)
    elif form.validate():
        faults = list[Fault]()
        said = form.said({one.id: one for one, _titles in titled}, faults)
        rest = do(form, lambda work: change_action(work, one.action, said, form.of_version), faults)
        if not rest and not form.errors:
            flash(_("The action is changed."), "success")
            return _to_actions(number)
        form.version.data = _renewed(one, rest, form.version.data)
    form.offer(_labels(titled))
    page = render_template("board/minutes_action.html", one=one, form=form, faults=rest, **_around(of))
    return page, status(form, rest)


@blueprint.route("/sessions/<int:number>/actions/<int:key>/done", methods=["GET", "POST"])
@needs(Permission.MINUTES_WRITE)
def action_done(number: int, key: int) -> Answer:
    """Say that an action is done."""
    return _step(number, key, "finish", lambda work, one, form: finish_action(
        work, one.action, form.said, form.of_version
    ))  # fmt: skip


@blueprint.route("/sessions/<int:number>/actions/<int:key>/reopen", methods=["GET", "POST"])
@needs(Permission.MINUTES_WRITE)
def action_reopened(number: int, key: int) -> Answer:
    """Say that an action is not done after all."""
    return _step(number, key, "reopen", lambda work, one, form: reopen_action(work, one.action, form.of_version))


def _step(number: int, key: int, name: str, change: Callable[[Work, Followed, DoneForm], None]) -> Answer:
    of, one = _action(number, key)
    form, rest = DoneForm(), list[Fault]()
    if not form.is_submitted():
        form.version.data = str(one.action.version)
    elif form.validate():
        rest = do(form, lambda work: change(work, one, form))
        if not rest and not form.errors:
            flash(_("The action is done.") if name == "finish" else _("The action is open again."), "success")
            return _to_actions(number)
        form.version.data = _renewed(one, rest, form.version.data)
    page = render_template("board/minutes_done.html", one=one, step=name, form=form, faults=rest, **_around(of))
    return page, status(form, rest)


def _renewed(one: Followed, rest: list[Fault], before: str | None) -> str:
    """Whoever has read that somebody else changed the action may send theirs again."""
    db.session.rollback()
    return str(one.action.version) if any(fault.code == "action.changed" for fault in rest) else before or ""


def _done(_made: object) -> None:
    """An operation whose answer nobody needs."""


def _found(number: int) -> tuple[BoardSession, list[Followed]]:
    of, reader = readable_at(number)
    return of, actions_for(db.session(), of, fund_here(), reader)


def _action(number: int, key: int) -> tuple[BoardSession, Followed]:
    of, found = _found(number)
    one = action_at(found, key)
    return (of, one) if one else abort(404)


def _items(of: BoardSession) -> dict[int, AgendaItem]:
    return {one.id: one for one, _titles in _titled(of)}


def _titled(of: BoardSession) -> Titled:
    return items_read(db.session(), actor(), of, fund_here().id)


def _labels(found: Titled) -> list[tuple[int, str]]:
    return [
        (one.id, f"{place}. {best(titles, language()).text or ITEM_KINDS[one.kind]}")
        for place, (one, titles) in enumerate(found, 1)
    ]


def _to_actions(number: int) -> Response:
    return redirect(url_for("board.actions", number=number))


def _around(of: BoardSession) -> dict[str, Any]:
    return {"of": of, "number": of.number(fund_here().id), "there": links(), "today": today()}


def _page(of: BoardSession, found: list[Followed], form: ActionForm, rest: list[Fault]) -> str:
    titled = _titled(of)
    follows = may(actor(), Permission.MINUTES_WRITE, of)
    return render_template(
        "board/minutes_actions.html",
        own=[one for one in found if not one.earlier],
        left=[one for one in found if one.earlier],
        places={item.id: place for place, (item, _titles) in enumerate(titled, 1)},
        form=form.offer(_labels(titled)),
        faults=rest,
        follows=follows,
        writes=follows and of.stage in (SessionStage.PLANNED, SessionStage.OPEN),
        **_around(of),
    )
