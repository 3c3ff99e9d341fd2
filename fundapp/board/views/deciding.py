"""Decisions: what was decided on a proposal, what is prepared, and taking it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.address import language
from fundapp.access.words import actor_name
from fundapp.board.advising_words import OUTCOMES as ADVISED
from fundapp.board.deciding_words import (
    CLASSES,
    DECIDED,
    DECISION_MARKS,
    OUTCOMES,
    OWNERS,
    STANDING_MARKS,
    STANDINGS,
    STEPS,
)
from fundapp.board.forms.deciding import DecisionForm
from fundapp.board.models import Advice, BoardSession, Considered, Decision, DecisionCondition, DecisionDraft
from fundapp.board.operations.deciding import decide, prepare_decision, said_in
from fundapp.board.queries.conditions import standing_of, steps_of
from fundapp.board.queries.deciding import (
    Budgeted,
    Envelope,
    advice_on,
    budgeted,
    conditions_of,
    considered_last,
    decisions_on,
    draft_of,
    envelope_for,
)
from fundapp.board.rules.deciding import Advised, Condition, GivenDecision, against, shares
from fundapp.board.rules.following import Standing
from fundapp.board.views.blueprint import Answer, blueprint, quiet
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, refuse
from fundapp.kernel.work import Work
from fundapp.proposals.forms.calls import Versioned
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import closed_to
from fundapp.proposals.views.calls.blueprint import Compared, compared, do, fund_here, status

CHANGED = "decision.changed"
PROPOSED = {
    "support": "approve", "support-with-conditions": "approve-with-conditions", "defer": "defer",
    "not-support": "decline",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Followed:
    """A condition and where it stands."""

    condition: DecisionCondition
    standing: Standing


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision with its conditions; stands: whether no other took its place."""

    decision: Decision
    conditions: Sequence[Followed]
    stands: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal that is decided on, as its reader sees it. full: with what is for the secretariat and trustees alone;
    prepares and takes: what they may do."""

    considered: Considered
    session: BoardSession
    decisions: Sequence[Decision]
    full: bool
    prepares: bool
    takes: bool

    @property
    def proposal(self) -> Proposal:
        """The proposal."""
        return self.considered.proposal

    @property
    def number(self) -> int:
        """The number of the session for the fund."""
        return self.session.number(self.considered.fund_id)


def case_at(reference: str) -> Case:
    """What is decided on the proposal of an address; 404 where nothing is, for whoever asks. An office knows of it once
    it is decided."""
    session, who = db.session(), actor()
    found = considered_last(session, who, fund_here(), reference) or abort(404)
    decisions, full = decisions_on(session, found.proposal), may(who, Permission.CONSIDERED_READ, found)
    if not decisions and not full:
        abort(404)
    return Case(
        found,
        session.get_one(BoardSession, found.session_id),
        decisions,
        full,
        may(who, Permission.DECISION_PREPARE, found),
        may(who, Permission.DECISION_TAKE, found),
    )


@blueprint.get("/decisions/<reference>")
@needs(Permission.DECISION_READ)
def decision(reference: str) -> str:
    """What was decided on a proposal, the decision that stands first; to those concerned, what is prepared."""
    case = case_at(reference)
    taken = _taken(case)
    draft = draft_of(db.session(), case.considered) if case.prepares or case.takes else None
    advice = advice_on(db.session(), case.considered) if case.full else None
    return render_template(
        "board/decision.html",
        case=case,
        proposal=case.proposal,
        taken=taken,
        draft=draft,
        advice=advice,
        asked=budgeted(db.session(), case.considered) if case.full else None,
        mine=draft is not None and draft.prepared_by_id == actor().id,
        people=_names([*(one.decision.by for one in taken), *(one.decision.prepared_by for one in taken)], draft),
    )


def _taken(case: Case) -> list[Taken]:
    session, day = db.session(), today()
    conditions = conditions_of(session, [one.id for one in case.decisions])
    steps = steps_of(session, [one.id for found in conditions.values() for one in found])
    superseded = {one.supersedes_id for one in case.decisions}
    return [
        Taken(
            one,
            [
                Followed(each, standing_of(steps[each.id], each.due_on, day, lapsed=one.id in superseded))
                for each in conditions[one.id]
                if quiet(each.text)
            ],
            one.id not in superseded,
        )
        for one in case.decisions
    ]


def _names(actors: Sequence[str], draft: DecisionDraft | None) -> dict[str, str]:
    known = {*actors, *([draft.prepared_by] if draft else [])}
    names = names_of(db.session(), known)
    return {one: actor_name(one, names) for one in known}


# ---------------------------------------------------------------------------------------------------------- preparing


@blueprint.route("/decisions/<reference>/prepare", methods=["GET", "POST"])
@needs(Permission.DECISION_PREPARE)
def prepare(reference: str) -> Answer:
    """Prepare what is to be decided, for somebody else to take."""
    case, form, rest = case_at(reference), DecisionForm().offer(), list[Fault]()
    if not case.prepares:
        abort(404)
    draft, advice = draft_of(db.session(), case.considered), advice_on(db.session(), case.considered)
    asked = budgeted(db.session(), case.considered)
    if not form.is_submitted():
        form.show_draft(draft) if draft else form.show(_proposed(advice, asked))
    elif form.validate():
        faults: list[Fault] = []
        said, key, version = form.said(language(), faults), case.considered.id, form.of_version
        rest = do(form, lambda work: _prepare(work, key, said, version), faults)
        if not rest and not form.errors:
            flash(_("The decision is prepared. Somebody else takes it."), "success")
            return redirect(url_for("board.decision", reference=reference))
    other = _other(form, case) if any(fault.code == CHANGED for fault in rest) else []
    return _preparing(case, form, rest, advice, asked, other), status(form, rest)


def _prepare(work: Work, key: int, said: GivenDecision, version: int) -> None:
    prepare_decision(work, work.session.get_one(Considered, key), said, version)


def _preparing(
    case: Case, form: DecisionForm, rest: list[Fault], advice: Advice | None, asked: Budgeted, other: Compared
) -> str:
    return render_template(
        "board/prepare.html",
        case=case,
        proposal=case.proposal,
        form=form,
        faults=rest,
        advice=advice,
        asked=asked,
        envelope=_envelope(case),
        other=other,
        suggested=_in_proportion(form, asked),
    )


def _envelope(case: Case) -> Envelope | None:
    """What the call has left; not to somebody kept from a proposal of the fund, whom the sum would tell of it."""
    return None if closed_to(actor()) else envelope_for(db.session(), case.proposal)


def _in_proportion(form: DecisionForm, asked: Budgeted) -> dict[str, int]:
    """The amount that stands there by class, in proportion to the budget; nothing where it cannot be read."""
    known: list[Fault] = []
    amount = form.said(language(), known).amount
    return shares(amount, asked.by_class) if amount and not known else {}


def _proposed(advice: Advice | None, asked: Budgeted) -> GivenDecision:
    """What the Board advised, as a decision to begin with."""
    if advice is None:
        return GivenDecision("")
    outcome = PROPOSED[advice.outcome.value]
    if outcome in ("defer", "decline"):
        return GivenDecision(outcome)
    texts = [line.strip(" -•*\t") for line in advice.conditions.splitlines()]
    conditions = [Condition(text, "", None, False, place) for place, text in enumerate(filter(None, texts), 1)]
    return GivenDecision(outcome, advice.amount_cents or asked.total, conditions=conditions)


def _other(form: DecisionForm, case: Case) -> Compared:
    """What somebody else prepared meanwhile beside what this one wrote; saved once more, this one's stands."""
    theirs, draft = DecisionForm(formdata=None).offer(), draft_of(db.session(), case.considered)
    if draft is not None:
        theirs.show_draft(draft)
    form.version.data = str(draft.version if draft else 0)
    return compared(form, theirs)


# ------------------------------------------------------------------------------------------------------------- taking


@blueprint.route("/decisions/<reference>/decide", methods=["GET", "POST"], endpoint="decide")
@needs(Permission.DECISION_TAKE)
def decide_page(reference: str) -> Answer:
    """Take a decision as it was prepared, after a look at all that it says."""
    case, form, rest = case_at(reference), Versioned(), list[Fault]()
    draft = draft_of(db.session(), case.considered)
    if not case.takes:
        abort(404)
    if draft is None:
        raise refuse("decision.taken" if case.decisions else "decision.no-draft", reference=reference)
    if not form.is_submitted():
        form.version.data = str(draft.version)
    elif form.validate():
        key, version = case.considered.id, form.of_version
        rest = do(form, lambda work: _decide(work, key, version, reference))
        if not rest and not form.errors:
            flash(_("The decision is taken, and the office is told."), "success")
            return redirect(url_for("board.decision", reference=reference))
        form.version.data = str(draft.version)
    advice = advice_on(db.session(), case.considered)
    said = said_in(draft)
    page = render_template(
        "board/decide.html",
        case=case,
        proposal=case.proposal,
        draft=draft,
        said=said,
        form=form,
        faults=rest,
        advice=advice,
        departs=against(said, Advised(advice.outcome.value, advice.amount_cents) if advice else None),
        asked=budgeted(db.session(), case.considered),
        envelope=_envelope(case),
        mine=not may(actor(), Permission.DECISION_TAKE, draft),
        people=_names([], draft),
    )
    return page, status(form, rest)


def _decide(work: Work, key: int, version: int, reference: str) -> None:
    draft = draft_of(work.session, work.session.get_one(Considered, key))
    if draft is None:
        raise refuse("decision.taken", reference=reference)
    decide(work, draft, version)


# ---------------------------------------------------------------------------------------------------------- the words


def page_at(endpoint: str, **values: Any) -> str | None:
    """The address of a page of the Board, where there is one."""
    name = f"board.{endpoint}"
    return url_for(name, **values) if name in current_app.view_functions else None


def letter_at(reference: str, written: str | None = None) -> str | None:
    """The address of the letter to the office, where documents are drawn."""
    there = "decisions.letter" in current_app.view_functions
    return url_for("decisions.letter", reference=reference, language=written) if there else None


@blueprint.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "decision_outcomes": OUTCOMES,
        "decision_words": DECIDED,
        "decision_marks": DECISION_MARKS,
        "advice_words": ADVISED,
        "condition_owners": OWNERS,
        "condition_standings": STANDINGS,
        "condition_marks": STANDING_MARKS,
        "condition_steps": STEPS,
        "class_words": CLASSES,
        "board_page": page_at,
        "letter_page": letter_at,
    }
