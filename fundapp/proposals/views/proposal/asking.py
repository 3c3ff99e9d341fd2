"""Questions of the secretariat and answers of the office, on the record."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.words import actor_name
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.forms.screening import AnswerForm, QuestionForm
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.operations.screening import ASKED_IN, answer_question, ask_question
from fundapp.proposals.queries.proposals import asked_of, of_the_office
from fundapp.proposals.queries.screening import questions as questions_of
from fundapp.proposals.rules.stages import Stage
from fundapp.proposals.views.calls.blueprint import Answer, do, status
from fundapp.proposals.views.proposal.blueprint import blueprint, does, proposal_at
from fundapp.proposals.words import SECTIONS


def _asks(found: Proposal) -> bool:
    return does(Permission.PROPOSAL_SCREEN, found) and found.stage in ASKED_IN


def _answers(found: Proposal) -> bool:
    mine = of_the_office(actor(), found) and does(Permission.PROPOSAL_WRITE, found)
    return mine and found.handed_in and found.stage != Stage.WITHDRAWN


def _form(found: Proposal) -> QuestionForm:
    session = db.session()
    names = (
        [one.name for one in asked_of(session, session.get_one(Call, found.call_id)).sections] if _asks(found) else []
    )
    return QuestionForm().offer([(name, SECTIONS[name]) for name in names])


@blueprint.route("/<reference>/questions", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_READ)
def questions(reference: str) -> Answer:
    """What was asked and answered; a POST asks."""
    found = proposal_at(reference)
    form, rest = _form(found), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _ask(work, found, form))
        if not rest and not form.errors:
            flash(_("The question is asked; the office is told."), "success")
            return _to(reference)
    return _page(found, form, rest, 0), status(form, rest)


def _ask(work: Work, found: Proposal, form: QuestionForm) -> None:
    ask_question(work, found, form.section.data or "", form.text)


@blueprint.route("/<reference>/questions/<int:key>", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
def answer(reference: str, key: int) -> Answer:
    """Answer a question."""
    found = proposal_at(reference)
    if not _answers(found):
        abort(404)
    form, rest = AnswerForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _answer(work, found, key, form))
        if not rest and not form.errors:
            flash(_("The answer is there; the secretariat is told."), "success")
            return _to(reference)
    return _page(found, form, rest, key), status(form, rest)


def _answer(work: Work, found: Proposal, key: int, form: AnswerForm) -> None:
    answer_question(work, found, key, form.text)


def _to(reference: str) -> Response:
    return redirect(url_for("proposal.questions", reference=reference))


def _page(found: Proposal, form: FlaskForm, rest: list[Fault], asked: int) -> str:
    known = questions_of(db.session(), found)
    if asked and asked not in {one.id for one in known}:
        abort(404)
    actors = {one.by for one in known} | {answer.by for one in known for answer in one.answers}
    names = names_of(db.session(), actors)
    return render_template(
        "proposals/proposal/questions.html",
        proposal=found,
        form=form,
        faults=rest,
        questions=known,
        asked=asked,
        asks=_asks(found),
        answers=_answers(found),
        screens=does(Permission.PROPOSAL_SCREEN, found),
        who={one: actor_name(one, names) for one in actors},
    )
