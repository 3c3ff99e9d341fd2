"""Votes on a proposal, and the Board's advice as the secretary records it."""

from __future__ import annotations

from flask import abort, flash, render_template
from flask_babel import gettext as _

from fundapp.access.gate import needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.board.forms.advising import AdviseForm, CloseForm, MotionForm, VoteForm, hands, hands_form
from fundapp.board.models import AdviceWay, Ballot, InterestKind, VoteChoice, Way
from fundapp.board.operations import advising
from fundapp.board.queries.considering import Balloted, Seated, advice_on, ballots_on
from fundapp.board.rules.advising import Count, Said
from fundapp.board.views.blueprint import Answer, blueprint
from fundapp.board.views.considering import Here, here, page, spoken_of, to_page
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import do, does, status

PLACE = "/sessions/<int:number>/proposals/<reference>"


def _recorded(number: int, reference: str) -> Here:
    """The proposal of an address for whoever records the advice on it; to others the page is not there."""
    found = here(number, reference)
    return found if does(Permission.ADVICE_RECORD, found.considered) else abort(404)


def _last(found: Here) -> Balloted | None:
    """What was put to the vote last."""
    return next(iter(reversed(ballots_on(db.session(), found.considered))), None)


@blueprint.route(f"{PLACE}/ballot", methods=["GET", "POST"])
@needs(Permission.ADVICE_RECORD)
def ballot(number: int, reference: str) -> Answer:
    """Put an advice to the vote."""
    found, form, rest = _recorded(number, reference), MotionForm().offer(), list[Fault]()
    if form.is_submitted() and form.validate():
        faults = list[Fault]()
        said = form.said(language(), faults)
        rest = do(form, lambda work: _open(work, found, said), faults)
        if not rest and not form.errors:
            flash(_("The vote is open."), "success")
            return to_page(found, "vote")
    return render_template("board/ballot.html", found=_recorded(number, reference), form=form, faults=rest), status(
        form, rest
    )


def _open(work: Work, found: Here, said: Said) -> None:
    advising.open_ballot(work, found.again(work), said)


@blueprint.route(f"{PLACE}/vote", methods=["GET", "POST"])
@needs(Permission.CONSIDERED_READ)
def vote(number: int, reference: str) -> Answer:
    """Vote on what is put to the vote."""
    found, form, rest = spoken_of(number, reference), VoteForm().offer(), list[Fault]()
    if not form.is_submitted():
        return to_page(found, "vote")
    last = _last(found)
    if last is None:
        abort(404)
    if form.validate():
        key, faults = last.ballot.id, list[Fault]()
        choice, reason = form.said(faults)
        rest = do(form, lambda work: _vote(work, found, key, choice, reason), faults)
        if not rest and not form.errors:
            flash(_("You have voted."), "success")
            return to_page(found, "vote")
    return page(here(number, reference), voting=form, faults=tuple(rest)), status(form, rest)


def _vote(work: Work, found: Here, key: int, choice: VoteChoice, reason: str) -> None:
    advising.vote(work, found.voice(work), work.session.get_one(Ballot, key), choice, reason)


def _lacking(found: Here, last: Balloted) -> list[Seated]:
    """The trustees who may vote and have not."""
    return [
        one
        for one in found.table.seats
        if not one.kept
        and one.present is not False
        and not last.by(one.trustee)
        and (one.person is None or one.declared is InterestKind.NONE)
    ]


@blueprint.route(f"{PLACE}/hands", methods=["GET", "POST"])
@needs(Permission.ADVICE_RECORD)
def hands_shown(number: int, reference: str) -> Answer:
    """Record a show of hands, for those who do not vote themselves."""
    found = _recorded(number, reference)
    last = _last(found) or abort(404)
    seats, key = _lacking(found, last), last.ballot.id
    form, rest = hands_form(seats)(), list[Fault]()
    if form.is_submitted() and form.validate():
        chosen = hands(form, seats)
        rest = do(form, lambda work: _hands(work, key, chosen))
        if not rest and not form.errors:
            flash(_("The votes are recorded."), "success")
            return to_page(found, "vote")
    values = {"found": found, "form": form, "faults": rest, "seats": seats, "last": last}
    return render_template("board/hands.html", **values), status(form, rest)


def _hands(work: Work, key: int, chosen: advising.Choices) -> None:
    advising.record_hands(work, work.session.get_one(Ballot, key), chosen)


@blueprint.route(f"{PLACE}/ballot/close", methods=["GET", "POST"])
@needs(Permission.ADVICE_RECORD)
def close_ballot(number: int, reference: str) -> Answer:
    """Close the vote."""
    found, form, rest = _recorded(number, reference), CloseForm(), list[Fault]()
    last = _last(found) or abort(404)
    if form.is_submitted() and form.validate():
        key = last.ballot.id
        rest = do(form, lambda work: _close(work, key))
        if not rest and not form.errors:
            flash(_("The vote is closed."), "success")
            return to_page(found, "vote")
    values = {"found": found, "form": form, "faults": rest, "last": last, "lacking": _lacking(found, last)}
    return render_template("board/close_ballot.html", **values), status(form, rest)


def _close(work: Work, key: int) -> None:
    advising.close_ballot(work, work.session.get_one(Ballot, key))


@blueprint.route(f"{PLACE}/advise", methods=["GET", "POST"])
@needs(Permission.ADVICE_RECORD)
def advise(number: int, reference: str) -> Answer:
    """Record what the Board advises."""
    found, form, rest = _recorded(number, reference), AdviseForm(), list[Fault]()
    last, seen = _last(found), len(advice_on(db.session(), found.considered))
    form.open_to(_ways(found), last.ballot if last else None, seen)
    if form.is_submitted() and form.validate():
        faults = list[Fault]()
        said, way = form.said(language(), faults)
        counts = form.counts(faults) if way is AdviceWay.VOTE else None
        rest = do(form, lambda work: _advise(work, found, said, way, form.last_seen, counts), faults)
        if not rest and not form.errors:
            flash(_("The advice of the Board is recorded."), "success")
            return to_page(found, "advice")
        found = _recorded(number, reference)
        if any(fault.code == "advice.meanwhile" for fault in rest):
            form.seen.data = str(len(advice_on(db.session(), found.considered)))
    values = {
        "found": found, "form": form, "faults": rest, "last": last, "past": found.of.until < today(),
        "advice": advice_on(db.session(), found.considered),
    }  # fmt: skip
    return render_template("board/advise.html", **values), status(form, rest)


def _ways(found: Here) -> list[AdviceWay]:
    """The ways in which the Board can come to an advice at this session."""
    if found.of.way is Way.WRITTEN:
        return [AdviceWay.SILENCE, AdviceWay.VOTE]
    return [AdviceWay.VOTE, AdviceWay.CONSENSUS]


def _advise(work: Work, found: Here, said: Said, way: AdviceWay, seen: int, counts: Count | None) -> None:
    advising.advise(work, found.again(work), said, way, seen=seen, counts=counts)
