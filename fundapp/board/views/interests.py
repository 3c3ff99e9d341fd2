"""Interests: what a trustee declares of the proposals before a session, and who has declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.board.advising_words import INTERESTS
from fundapp.board.forms.advising import DeclareForm, declared, interests_form
from fundapp.board.models import BoardSession, Considered, InterestKind, SessionStage, Trustee
from fundapp.board.operations.interests import declare as declare_one
from fundapp.board.queries.considering import (
    Mark,
    Seated,
    Voice,
    ballots_on,
    considered_as,
    declared_open,
    marks_of,
    table_for,
)
from fundapp.board.queries.sessions import considered_in
from fundapp.board.queries.sitting import Sitting, sitting
from fundapp.board.rules.advising import day_that_counts
from fundapp.board.views.blueprint import LARGEST_NUMBER, Answer, blueprint, session_at
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import do, does, fund_here, status
from fundapp.reference.queries import names_on

Declared = Mapping[str, tuple[InterestKind, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal before the session, and how the trustee who looks stands to it."""

    considered: Considered
    mark: Mark
    national: bool

    @property
    def reference(self) -> str:
        """Its reference."""
        return self.considered.proposal.reference

    @property
    def settled(self) -> bool:
        """Whether they declared, and its file is open to them."""
        return self.mark.declared is InterestKind.NONE and self.mark.open


@blueprint.route("/sessions/<int:number>/interests", methods=["GET", "POST"])
@needs(Permission.SESSION_READ)
def interests(number: int) -> Answer:
    """A trustee declares on the proposals before a session; the secretariat sees who has declared."""
    of = session_at(number)
    seats = sitting(db.session(), of.board_id, day_that_counts(of.since, of.until, today()))
    mine = next((one for one in seats if one.person == actor().id), None)
    reads = does(Permission.SCORING_READ)
    shown = reads or mine is not None
    rows = considered_in(db.session(), actor(), of, fund_here().id) if shown else []
    marks = marks_of(db.session(), rows, {one.trustee: one.person for one in seats if reads or one is mine})
    own = [_row(one, mine, marks) for one in rows] if mine and shown else []
    open_ = [one for one in own if not one.settled]
    nationals = {one.reference: one.national for one in open_}
    form, rest = interests_form(nationals)(), list[Fault]()
    if form.is_submitted():
        if mine is None or of.stage is not SessionStage.OPEN:
            abort(404)
        if form.validate():
            answered = _declare_all(form, open_, mine, number, rest)
            if answered is not None:
                return answered
    page = render_template(
        "board/interests.html", of=of, number=number, seats=seats, mine=mine, reads=reads, rows=rows, marks=marks,
        open=open_, done=[one for one in own if one.settled], form=form, faults=rest, kinds=INTERESTS,
        states=names_on(db.session(), language()), judges=does(Permission.INTEREST_JUDGE),
    )  # fmt: skip
    return page, status(form, rest)


def _row(one: Considered, mine: Sitting, marks: Mapping[tuple[int, int], Mark]) -> Row:
    national = mine.country is not None and mine.country == one.proposal.country
    return Row(one, marks.get((one.id, mine.trustee), Mark()), national)


def _declare_all(form: FlaskForm, rows: list[Row], mine: Sitting, number: int, rest: list[Fault]) -> Response | None:
    """Declare what was chosen, all or nothing; where it leads then."""
    faults = list[Fault]()
    said = declared(form, {one.reference: one.national for one in rows}, faults)
    if not said and not faults:
        faults.append(Fault("declare.nothing"))
    keys = {one.reference: one.considered.id for one in rows}
    trustee = mine.trustee
    rest.extend(do(form, lambda work: _each(work, keys, trustee, said), faults))
    if rest or form.errors:
        return None
    kept = any(kind is not InterestKind.NONE for kind, _reason in said.values())
    gone = _("Your declarations are recorded. Where you have an interest, the proposal is not there for you any more.")
    flash(gone if kept else _("Your declarations are recorded. The proposals are open to you."), "success")
    return redirect(url_for("board.interests", number=number))


def _each(work: Work, keys: Mapping[str, int], trustee: int, said: Declared) -> None:
    for reference, (kind, reason) in said.items():
        one = work.session.get_one(Considered, keys[reference])
        declare_one(work, Voice(one, work.session.get_one(Trustee, trustee)), kind, reason)


# -------------------------------------------------------------------------------------------------- one declaration


@dataclass(frozen=True, slots=True)
class Declaring:
    """Whose declaration on which proposal."""

    of: BoardSession
    considered: Considered
    seat: Seated
    own: bool

    @property
    def national(self) -> bool:
        """Whether the proposal is for the State of the trustee's nationality."""
        return self.seat.country is not None and self.seat.country == self.considered.proposal.country


def _declaring(number: int, reference: str, trustee: int | None) -> Declaring:
    """What an address names; 404 where it is not there for whoever asks."""
    if number > LARGEST_NUMBER:
        abort(404)
    of, considered = considered_as(db.session(), actor(), fund_here().id, number, reference) or abort(404)
    own = trustee is None
    if own and of.stage is not SessionStage.OPEN:
        abort(404)
    table = table_for(db.session(), of, considered, today())
    seat = table.of_person(signed_in().id) if trustee is None else table.seat(trustee)
    return Declaring(of, considered, seat, own) if seat else abort(404)


@blueprint.route("/sessions/<int:number>/interests/<reference>", methods=["GET", "POST"])
@needs(Permission.SESSION_READ)
def declare(number: int, reference: str) -> Answer:
    """Declare one's own interest in a proposal, also later on."""
    return _declare(number, _declaring(number, reference, None))


@blueprint.route("/sessions/<int:number>/interests/<reference>/<int:trustee>", methods=["GET", "POST"])
@needs(Permission.INTEREST_JUDGE)
def declare_for(number: int, reference: str, trustee: int) -> Answer:
    """Record what a trustee declares, or keep them from a proposal in which they have an interest."""
    return _declare(number, _declaring(number, reference, trustee))


def _declare(number: int, found: Declaring) -> Answer:
    form, rest = DeclareForm(), list[Fault]()
    again = declared_open(found.seat, found.considered.proposal)
    form.offer(national=found.national, none=not again)
    if form.is_submitted() and form.validate():
        faults = list[Fault]()
        kind, reason = form.said(faults, national=found.national)
        voted = _has_voted(found)
        rest = do(form, lambda work: _one(work, found, kind, reason), faults)
        if not rest and not form.errors:
            _told(found, kind, voted=voted)
            return redirect(url_for("board.interests", number=number))
    page = render_template(
        "board/declare.html", number=number, of=found.of, proposal=found.considered.proposal, seat=found.seat,
        own=found.own, again=again, form=form, faults=rest,
    )  # fmt: skip
    return page, status(form, rest)


def _has_voted(found: Declaring) -> bool:
    return any(one.by(found.seat.trustee) for one in ballots_on(db.session(), found.considered))


def _one(work: Work, found: Declaring, kind: InterestKind, reason: str) -> None:
    one = work.session.get_one(Considered, found.considered.id)
    declare_one(work, Voice(one, work.session.get_one(Trustee, found.seat.trustee)), kind, reason)


def _told(found: Declaring, kind: InterestKind, *, voted: bool) -> None:
    """What became of it, in a sentence."""
    if found.own and kind is not InterestKind.NONE:
        flash(_("You take no part in it: the proposal is not there for you any more."), "success")
        if voted:
            flash(_("The vote that you gave counts no more."), "warning")
        return
    flash(_("The declaration is recorded."), "success")
    if voted and kind is not InterestKind.NONE:
        flash(_("The vote of %(name)s counts no more.", name=found.seat.name), "warning")
