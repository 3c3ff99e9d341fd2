"""The minutes of a session: as the record has them, the words of the secretariat on each item, versions, approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.board.forms.minutes import CHANGED, KeepForm, PaperForm, TextsForm
from fundapp.board.minute_words import WORDS
from fundapp.board.models import AgendaItem, AgendaText, BoardSession, Minutes, SessionStage, Trustee
from fundapp.board.operations.minutes import approve_minutes, keep_minutes, take_over_approval, write_texts
from fundapp.board.queries.following import is_kept_from, texts_on
from fundapp.board.queries.minutes import Version, as_read, chair_of, kept_minutes, reader_of, sees_drafts, versions_of
from fundapp.board.queries.record import minutes_facts
from fundapp.board.queries.withheld import items_read
from fundapp.board.rules.minutes import MinutesFacts, Reader, read_by
from fundapp.board.views.blueprint import Answer, blueprint, session_at
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.rules import best
from fundapp.proposals.views.calls.blueprint import do, fund_here, status


@dataclass(frozen=True, slots=True)
class Shown:
    """Minutes as somebody reads them in the pages of a fund: a version that was kept (none: as the record has them),
    and all versions, the last one first. `whole`: what nobody but an operation sees."""

    of: BoardSession
    reader: Reader
    versions: Sequence[Version]
    version: Version | None
    whole: MinutesFacts | None
    facts: MinutesFacts | None

    @property
    def last(self) -> Version | None:
        """The version that was kept last."""
        return self.versions[0] if self.versions else None


def readable_at(number: int) -> tuple[BoardSession, Reader]:
    """The session of an address and what of its minutes the person may read; 404 where they may not know of it."""
    of = session_at(number)
    if not may(actor(), Permission.SESSION_READ, of):
        abort(404)
    return of, reader_of(db.session(), actor(), fund_here())


def minutes_at(number: int, version: int | None = None) -> Shown:
    """The minutes of an address: a version by its number; without one, what the person reads of them by now."""
    session = db.session()
    of, reader = readable_at(number)
    versions = versions_of(session, of)
    if version is not None:
        found = next((one for one in versions if one.number == version), None)
        if found is None:
            abort(404)
    else:
        found = _by_now(of, reader, versions)
    if found is None and not sees_drafts(reader):
        return Shown(of, reader, versions, None, None, None)
    whole = kept_minutes(session, found) if found else minutes_facts(session, of)
    return Shown(of, reader, versions, found, whole, read_by(whole, reader))


def _by_now(of: BoardSession, reader: Reader, versions: Sequence[Version]) -> Version | None:
    """The secretariat works on the record; trustees read what was kept, and so does everybody once it is approved."""
    if versions and (of.stage is SessionStage.CLOSED or not sees_drafts(reader)):
        return versions[0]
    return None


def writes_in(of: BoardSession) -> bool:
    """Whether whoever looks may write in the minutes of a session by now."""
    return of.stage is SessionStage.OPEN and may(actor(), Permission.MINUTES_WRITE, of)


def numbers(facts: MinutesFacts) -> dict[int, int]:
    """The number of each item on the agenda as it is shown, by its key."""
    return {one.key: place for place, one in enumerate(facts.items, 1)}


def links() -> dict[str, bool]:
    """Which pages of the Board there are to lead to."""
    return {name: f"board.{name}" in current_app.view_functions for name in ("sessions", "session", "considered")}


@blueprint.get("/sessions/<int:number>/minutes")
@needs(Permission.SESSION_READ)
def minutes(number: int) -> Answer:
    """The minutes of a session: what the record says by now, or the version that was kept last."""
    return _page(minutes_at(number), KeepForm(), [])


@blueprint.get("/sessions/<int:number>/minutes/<int:version>")
@needs(Permission.SESSION_READ)
def minutes_version(number: int, version: int) -> Answer:
    """A version of the minutes as it was kept."""
    return _page(minutes_at(number, version), KeepForm(), [])


def _page(shown: Shown, form: KeepForm, rest: list[Fault]) -> str:
    session, of = db.session(), shown.of
    chair = chair_of(session, of)
    seen = _digest(shown) if shown.version is None and writes_in(of) else ""
    form.seen.data = seen
    return render_template(
        "board/minutes.html",
        of=of,
        number=of.number(fund_here().id),
        fund_code=fund_here().code,
        shown=shown,
        facts=shown.facts,
        places=numbers(shown.facts) if shown.facts else {},
        chair=chair,
        form=form,
        faults=rest,
        people={one.by: actor_name(one.by, {one.by: one.name}) for one in shown.versions},
        moved=_moved(shown),
        **_may_do(shown, chair),
        **WORDS,
        **_shared(),
    )


def _shared() -> dict[str, Any]:
    return {"there": links(), "files": "session_documents.minutes" in current_app.view_functions}


def _may_do(shown: Shown, chair: Trustee | None) -> dict[str, bool]:
    of, last = shown.of, shown.last
    waits = of.stage is SessionStage.OPEN and last is not None and last.approved_at is None
    writes = writes_in(of)
    return {
        "writes": writes,
        "approves": waits and chair is not None and may(actor(), Permission.MINUTES_APPROVE, chair),
        "on_paper": waits and writes and chair is not None and chair.person_id is None,
        "apart": writes and chair is not None and _chair_apart(shown, chair),
    }


def _chair_apart(shown: Shown, chair: Trustee) -> bool:
    """Whether the chair does not read some part of these minutes, which the secretariat may know."""
    found = (one for item in (shown.facts.items if shown.facts else ()) for one in item.proposals)
    return any(who.name == chair.name for one in found for who in one.recused)


def _digest(shown: Shown) -> str:
    """The digest of what the person reads of the funds all, which they say they read when they keep it."""
    return as_read(db.session(), actor(), shown.of, shown.whole, shown.reader) if shown.whole else ""


def _moved(shown: Shown) -> bool:
    """Whether the record says otherwise by now than the version kept last, in what the person reads of both."""
    if shown.version is not None or shown.last is None or shown.facts is None:
        return False
    return read_by(kept_minutes(db.session(), shown.last), shown.reader) != shown.facts


@blueprint.post("/sessions/<int:number>/minutes/keep")
@needs(Permission.MINUTES_WRITE)
def keep(number: int) -> Answer:
    """Keep the minutes as their next version."""
    of, form = session_at(number), KeepForm()
    seen = str(form.seen.data or "")[:64]
    rest = do(form, lambda work: _done(keep_minutes(work, of, seen)))
    if rest or form.errors:
        db.session.rollback()
        return _page(minutes_at(number), form, rest), status(form, rest)
    flash(_("The version is kept. The trustees can read it, and the chair can approve it."), "success")
    return to_minutes(number)


def _done(_made: object) -> None:
    """An operation whose answer nobody needs."""


def to_minutes(number: int) -> Response:
    """Back to the minutes of a session."""
    return redirect(url_for("board.minutes", number=number))


@blueprint.route("/sessions/<int:number>/minutes/<int:version>/approve", methods=["GET", "POST"])
@needs(Permission.MINUTES_APPROVE)
def approve(number: int, version: int) -> Answer:
    """Approve a version as the chair of the session."""
    shown, chair = _version_at(number, version)
    if chair is None or not may(actor(), Permission.MINUTES_APPROVE, chair):
        abort(404)
    form, rest = KeepForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _done(approve_minutes(work, chair, _row(shown))))
        if not rest:
            flash(_("The minutes are approved, and the session is closed."), "success")
            return to_minutes(number)
    return _approval(shown, chair, form, rest)


@blueprint.route("/sessions/<int:number>/minutes/<int:version>/paper", methods=["GET", "POST"])
@needs(Permission.MINUTES_WRITE)
def paper(number: int, version: int) -> Answer:
    """Record that a chair who does not sign in approved a version on paper."""
    shown, chair = _version_at(number, version)
    if chair is None or chair.person_id is not None:
        raise refuse("minutes.chair-alone")
    form, rest = PaperForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _done(take_over_approval(work, _row(shown), form.said)))
        if not rest and not form.errors:
            flash(_("The minutes are approved, and the session is closed."), "success")
            return to_minutes(number)
    return _approval(shown, chair, form, rest)


def _version_at(number: int, version: int) -> tuple[Shown, Trustee | None]:
    shown = minutes_at(number, version)
    return shown, chair_of(db.session(), shown.of)


def _row(shown: Shown) -> Minutes:
    assert shown.version is not None
    return db.session().get_one(Minutes, shown.version.id)


def _approval(shown: Shown, chair: Trustee | None, form: KeepForm | PaperForm, rest: list[Fault]) -> Answer:
    page = render_template(
        "board/minutes_approve.html",
        of=shown.of,
        number=shown.of.number(fund_here().id),
        shown=shown,
        facts=shown.facts,
        chair=chair,
        form=form,
        faults=rest,
        there=links(),
    )
    return page, status(form, rest)


@blueprint.route("/sessions/<int:number>/minutes/items/<int:key>", methods=["GET", "POST"])
@needs(Permission.MINUTES_WRITE)
def minutes_texts(number: int, key: int) -> Answer:
    """Write what the minutes say on an item, in six languages."""
    of, item = _item_at(number, key)
    form, rest = TextsForm(), list[Fault]()
    texts = texts_on(db.session(), item)
    if is_kept_from(reader_of(db.session(), actor(), fund_here()), item, texts.values()):
        raise refuse("minutes.kept")
    if not form.is_submitted():
        form.fill(texts)
    elif form.validate():
        said, seen = form.said(), form.seen()
        rest = do(form, lambda work: write_texts(work, item, said, seen))
        if not rest and not form.errors:
            flash(_("The text is saved."), "success")
            return redirect(url_for("board.minutes", number=number, _anchor=f"item-{key}"))
        db.session.rollback()
        texts = texts_on(db.session(), item)
    return _texts_page(of, item, form, rest, texts), status(form, rest)


def _item_at(number: int, key: int) -> tuple[BoardSession, AgendaItem]:
    of = session_at(number)
    found = items_read(db.session(), actor(), of, fund_here().id)
    one = next((one for one, titles in found if one.id == key and titles), None)
    return (of, one) if one else abort(404)


def _texts_page(
    of: BoardSession, item: AgendaItem, form: TextsForm, rest: list[Fault], texts: dict[str, AgendaText]
) -> str:
    """Where somebody else wrote meanwhile, what is there now stands beside what this one wrote."""
    clash = {
        code: texts[code].text if code in texts else ""
        for code in LANGUAGES
        if form.is_submitted() and form.seen()[code] != (texts[code].version if code in texts else 0)
    }
    if form.is_submitted():
        form.renew(texts)
    return render_template(
        "board/minutes_texts.html",
        of=of,
        number=of.number(fund_here().id),
        item=item,
        title=best(item.names, language()),
        form=form,
        faults=rest,
        clash=clash,
        changed=CHANGED,
        there=links(),
    )
