"""A proposal before the Board: its text and scores, one's own note, questions and answers, votes, advice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, keeps, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.board.advising_words import CHOICES, OUTCOME_MARKS, OUTCOMES, WAYS
from fundapp.board.forms.advising import AskForm, TextForm, VoteForm
from fundapp.board.models import BoardQuestion, BoardSession, Considered, InterestKind, SessionStage, Trustee
from fundapp.board.operations import advising
from fundapp.board.queries.considering import (
    Balloted,
    Seated,
    Table,
    Voice,
    advice_on,
    ballots_on,
    beside,
    considered_as,
    note_of,
    questions_on,
    shaken,
    table_for,
)
from fundapp.board.views.blueprint import LARGEST_NUMBER, Answer, blueprint, quiet
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.forms.calls import whole as number_of
from fundapp.proposals.queries.facing import Facing, said_in
from fundapp.proposals.views.calls.blueprint import do, does, fund_here, status
from fundapp.proposals.views.proposal.parts import facing_at
from fundapp.proposals.views.proposal.reading import Names, sections_of
from fundapp.proposals.views.proposal.writing import is_draft, refused_draft
from fundapp.scoring.queries.matrix import matrix
from fundapp.scoring.rules.combining import Ranked
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.views.sheet import unsent

ELSEWHERE = "note.saved-elsewhere"
APART = ("questions", "budget")  # sections with pages of their own


@dataclass(frozen=True, slots=True)
class Here:
    """A proposal before a session as somebody sees it: its session with the number in the address, the table, and the
    seat of whoever looks, if they have one."""

    number: int
    of: BoardSession
    considered: Considered
    table: Table
    mine: Seated | None

    @property
    def reference(self) -> str:
        """The reference of the proposal."""
        return self.considered.proposal.reference

    @property
    def running(self) -> bool:
        """Whether something may be said of it still."""
        return self.of.stage is SessionStage.OPEN

    @property
    def speaks(self) -> bool:
        """Whether whoever looks is a trustee who may say something of it."""
        return self.running and self.mine is not None

    def voice(self, work: Work) -> Voice:
        """The trustee who looks, as they speak of it."""
        assert self.mine
        session = work.session
        return Voice(session.get_one(Considered, self.considered.id), session.get_one(Trustee, self.mine.trustee))

    def again(self, work: Work) -> Considered:
        """The proposal before the session, read under the lock."""
        return work.session.get_one(Considered, self.considered.id)


def here(number: int, reference: str) -> Here:
    """The proposal before a session that an address names; 404 where there is none, or none that is open to whoever
    asks: to a trustee those before an open session at which they sit, and in which they declared no interest."""
    if number > LARGEST_NUMBER:
        abort(404)
    of, considered = considered_as(db.session(), actor(), fund_here().id, number, reference) or abort(404)
    if not does(Permission.CONSIDERED_READ, considered):
        abort(404)
    table = table_for(db.session(), of, considered, today())
    mine = table.of_person(actor().id)
    if not does(Permission.SCORING_READ, considered) and (mine is None or of.stage is SessionStage.PLANNED):
        abort(404)  # a trustee who does not sit here, or before their time
    return Here(number, of, considered, table, mine)


def spoken_of(number: int, reference: str) -> Here:
    """The same for a trustee who has a seat; to others the page is not there."""
    found = here(number, reference)
    return found if found.mine else abort(404)


def to_page(found: Here, anchor: str | None = None) -> Response:
    """Back to the proposal."""
    return redirect(url_for("board.considered", number=found.number, reference=found.reference, _anchor=anchor))


@blueprint.get("/sessions/<int:number>/proposals/<reference>")
@needs(Permission.CONSIDERED_READ)
def considered(number: int, reference: str) -> str:
    """A proposal before the Board."""
    return page(here(number, reference))


# ------------------------------------------------------------------------------------ notes, questions, answers


@blueprint.route("/sessions/<int:number>/proposals/<reference>/note", methods=["GET", "POST"])
@needs(Permission.CONSIDERED_READ)
@keeps(unsent)
def note(number: int, reference: str) -> Answer:
    """Save one's own note; a script saves it as it is written."""
    found = spoken_of(number, reference)
    if request.method == "GET":
        return to_page(found, "note")
    if request.form.get("who", "") not in ("", str(actor().id)):
        return unsent()
    form = TextForm()
    text, version = form.said, form.of_version
    if is_draft():
        version = number_of((request.headers.get("If-Match") or "").strip('"'))
    if request.form.get("choose") == "theirs":
        text = _there(found)
    try:
        saved = _save(found, text, version)
    except Refusal as refusal:
        return _unsaved(found, form, refusal)
    if is_draft():
        return jsonify(version=saved, time=now().isoformat(timespec="seconds") + "Z")
    flash(_("Your note is saved. Nobody else reads it."), "success")
    return to_page(found, "note")


def _there(found: Here) -> str:
    """What stands in the note by now."""
    there = note_of(db.session(), found.considered, found.mine.trustee) if found.mine else None
    return there.text if there else ""


def _save(found: Here, text: str, version: int) -> int:
    """Save it and say its version; what stands there word for word is saved, whatever version it was sent for."""
    assert found.mine
    there = note_of(db.session(), found.considered, found.mine.trustee)
    if there is not None and there.text == text:
        return there.version
    with unit_of_work(signed_in()) as work:
        return advising.save_note(work, found.voice(work), text, version).version


def _unsaved(found: Here, form: TextForm, refusal: Refusal) -> Answer:
    """What was typed again, and why it was not saved."""
    found = here(found.number, found.reference)
    assert found.mine
    there = note_of(db.session(), found.considered, found.mine.trustee)
    clash = any(fault.code == ELSEWHERE for fault in refusal.faults)
    both = {"theirs": there.text if there else "", "mine": form.said}
    if is_draft() and clash:
        html = render_template("board/_note_clash.html", clash=both)
        return refused_draft("clash", 412, version=there.version if there else 0, html=html)
    if is_draft():
        return refused_draft("refused", 422, reasons=[_sentence(fault) for fault in refusal.faults])
    return page(found, note=form, clash=both if clash else None, faults=refusal.faults), 409 if clash else 422


def _sentence(fault: Fault) -> str:
    return str(current_app.jinja_env.filters["sentence"](fault))


@blueprint.route("/sessions/<int:number>/proposals/<reference>/ask", methods=["GET", "POST"])
@needs(Permission.CONSIDERED_READ)
@keeps(unsent)
def ask(number: int, reference: str) -> Answer:
    """Ask the secretariat about it."""
    found, form, rest = spoken_of(number, reference), AskForm(), list[Fault]()
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _ask(work, found, form))
        if not rest and not form.errors:
            flash(_("Your question is asked. The answer comes here."), "success")
            return to_page(found, "questions")
    return page(here(number, reference), asking=form, faults=tuple(rest)), status(form, rest)


def _ask(work: Work, found: Here, form: AskForm) -> None:
    advising.ask(work, found.voice(work), form.said)


@blueprint.route("/sessions/<int:number>/proposals/<reference>/questions/<int:place>", methods=["GET", "POST"])
@needs(Permission.QUESTION_ANSWER)
def answer(number: int, reference: str, place: int) -> Answer:
    """Answer a trustee's question: the first that was asked of the proposal, the second, and so on."""
    found, form, rest = here(number, reference), TextForm(), list[Fault]()
    asked = questions_on(db.session(), found.considered)
    if not 1 <= place <= len(asked) or not does(Permission.QUESTION_ANSWER, asked[place - 1][0]):
        abort(404)
    question, name = asked[place - 1]
    key = question.id
    if not quiet(question.text):
        abort(404)
    if form.is_submitted() and form.validate():
        rest = do(form, lambda work: _answer(work, key, form))
        if not rest and not form.errors:
            flash(_("The answer is there, for all trustees who read the proposal."), "success")
            return to_page(found, "questions")
        question = questions_on(db.session(), found.considered)[place - 1][0]
        if any(fault.code == "question.changed" for fault in rest):
            form.version.data = str(question.version)  # whoever has read what stands there now sends it again
    else:
        form.text.data, form.version.data = question.answer, str(question.version)
    values = {"found": found, "question": question, "name": name, "form": form, "faults": rest}
    return render_template("board/answer.html", **values), status(form, rest)


def _answer(work: Work, key: int, form: TextForm) -> None:
    advising.answer(work, work.session.get_one(BoardQuestion, key), form.said, form.of_version)


# ------------------------------------------------------------------------------------------------------------ drawing


@dataclass(frozen=True, slots=True)
class Score:
    """How a proposal was scored, among those that whoever looks may see: its place, of how many, whether the round is
    open still, and the figures by criterion."""

    ranked: Ranked
    of: int
    open: bool
    scales: tuple[Scale, ...]


def page(
    found: Here, *, note: TextForm | None = None, asking: AskForm | None = None, voting: VoteForm | None = None,
    clash: dict[str, str] | None = None, faults: tuple[Fault, ...] = (),
) -> str:  # fmt: skip
    """The page of a proposal before the Board, with what was typed wrongly."""
    session, facing = db.session(), facing_at(found.reference)
    ballots, advice = ballots_on(session, found.considered), advice_on(session, found.considered)
    questions = questions_on(session, found.considered)
    own = note_of(session, found.considered, found.mine.trustee) if found.mine else None
    if note is None:
        note = TextForm(formdata=None)
        note.text.data, note.version.data = (own.text, str(own.version)) if own else ("", "0")
    who = {one.by for one in advice} | {one.answered_by for one, _name in questions if one.answered_by}
    names = names_of(session, who)
    return render_template(
        "board/considered.html",
        found=found,
        facing=facing,
        proposal=facing.proposal,
        sections=sections_of(_said(facing), Names({}, {}, {}, {})),
        score=_score(facing),
        own=own,
        note=note,
        asking=asking or AskForm(formdata=None),
        voting=(voting or VoteForm(formdata=None)).offer(),
        clash=clash,
        faults=faults,
        questions=[(place, one, name) for place, (one, name) in enumerate(questions, 1) if quiet(one.text)],
        ballots=ballots,
        advice=advice,
        shaken=shaken(advice[-1] if advice else None, ballots),
        people={by: actor_name(by, names) for by in who},
        beside=beside(session, actor(), found.of, found.considered.fund_id, found.reference),
        who=actor().id,
        outcomes=OUTCOMES,
        marks=OUTCOME_MARKS,
        ways=WAYS,
        choices=CHOICES,
        **_may(found, ballots),
    )


def _may(found: Here, ballots: list[Balloted] | Any) -> dict[str, Any]:
    """What whoever looks may do."""
    last = ballots[-1] if ballots else None
    going = last if last and last.ballot.closed_at is None else None
    mine = found.mine
    records = found.running and does(Permission.ADVICE_RECORD, found.considered)
    votes = bool(going and found.speaks and mine and mine.declared is InterestKind.NONE and not going.by(mine.trustee))
    return {
        "going": going,
        "records": records,
        "reads_all": does(Permission.SCORING_READ, found.considered),
        "answers": found.running and does(Permission.QUESTION_ANSWER, found.considered),
        "votes": votes,
        "decides": "board.decision" in current_app.view_functions,
    }


def _said(facing: Facing) -> dict[str, Any]:
    """What was handed in last, but for the parts that have pages of their own."""
    whole = said_in(db.session(), facing)
    return {name: one for name, one in whole.items() if name not in APART}


def _score(facing: Facing) -> Score | None:
    """How it was scored; none where the scoring of its call was not opened, or it is not among what is ranked."""
    found = matrix(db.session(), actor(), fund_here(), facing.call.code, language(), now())
    ranked = [one for _proposed, one in found.rows] if found else []
    mine = next((one for one in ranked if one.proposal == facing.proposal.id), None)
    if found is None or mine is None:
        return None
    return Score(mine, sum(one.rank is not None for one in ranked), found.round.open, found.scales)
