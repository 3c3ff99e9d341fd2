"""The beginning of a proposal: to which call, for which office, in which languages; anew or out of an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import flash, render_template, request
from flask_babel import gettext as _

from fundapp.access.gate import actor, needs
from fundapp.access.models import Office
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.work import Work
from fundapp.proposals.forms.steps import BeginForm, CallForm, LanguagesForm
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.operations.writing import Beginning, begin_proposal, choose_languages, copy_proposal
from fundapp.proposals.queries.asking import every_state, states_offered
from fundapp.proposals.queries.beginning import Opening, answered, offices_named, openings
from fundapp.proposals.views.calls.blueprint import do, fund_here, status, text_for
from fundapp.proposals.views.proposal.blueprint import Answer, blueprint, to_proposal, writable_at
from fundapp.proposals.views.proposal.parts import own_at


def _offer(form: CallForm, office: int = 0, state: str = "") -> tuple[list[Opening], Sequence[Office]]:
    """Fill in the calls that there are; office: the only one that counts, 0 for all of one's own; state: the one that
    the proposal is for, where that is said already."""
    every = openings(db.session(), actor(), fund_here(), now(), state)
    found = [_of_one(one, office) for one in every if not office or office in one.offices]
    offices = offices_named(db.session(), sorted({office} if office else {key for one in found for key in one.offices}))
    form.offer([(one.row.code, _labelled(one)) for one in found], [(one.id, one.name) for one in offices])
    if not form.is_submitted():
        wanted = request.args.get("call", "")
        codes = [one.row.code for one in found]
        fits = [one.row.code for one in found if not one.elsewhere]
        form.call.data = wanted if wanted in codes else fits[0] if len(codes) == 1 and fits else None
    return found, offices


def _of_one(one: Opening, office: int) -> Opening:
    """A call as one office sees it; 0: as it is."""
    if not office:
        return one
    return replace(
        one,
        offices=frozenset({office}),
        outside={key: state for key, state in one.outside.items() if key == office},
    )


def _labelled(one: Opening) -> str:
    notes = [_("for your office by exception")] if one.late else []
    notes += [_("not for %(states)s", states=states_outside(one))] if one.elsewhere else []
    return " ".join([f"{one.row.code}: {text_for(one.row.title)}", *(f"({note})" for note in notes)])


def states_outside(one: Opening) -> str:
    """The States of somebody's offices that a call is not for, in the reader's language."""
    return ", ".join(dict.fromkeys(text_for(ground.names) for ground in one.outside.values()))


def _states(form: BeginForm, found: Sequence[Opening], offices: Sequence[Office]) -> None:
    """Fill in the States: those of the call where it is the only one; that of the office comes first."""
    one = found[0].row.id if len(found) == 1 else 0
    offered = states_offered(db.session(), one, language()) if one else every_state(db.session(), language())
    form.offer_states(offered)
    if not form.is_submitted() and len(offices) == 1:
        form.state.data = offices[0].country if offices[0].country in dict(offered) else ""


def _chosen(form: CallForm, found: Sequence[Opening], offices: Sequence[Office], faults: list[Fault]) -> Opening | None:
    """The call that was chosen; what is wrong goes to the faults."""
    one = next((one for one in found if one.row.code == form.call.data), None)
    if one is None:
        faults.append(Fault("proposal.no-call", field="call"))
    elif one.elsewhere and "state" not in form:  # of a copy, the State is said already
        names = next(iter(one.outside.values())).names
        faults.append(Fault("proposal.call-elsewhere", {"code": one.row.code, "state": names}, field="call"))
    if len(offices) > 1 and form.office_id not in {office.id for office in offices}:
        faults.append(Fault("proposal.no-office", field="office"))
    return one


def _make(
    form: CallForm,
    found: Sequence[Opening],
    offices: Sequence[Office],
    make: Callable[[Work, Beginning], Proposal],
) -> tuple[list[Fault], str]:
    """Begin it; what is wrong beside no field, and the reference."""
    faults: list[Fault] = []
    one = _chosen(form, found, offices, faults)
    made: list[str] = []

    def change(work: Work) -> None:
        assert one
        key = form.office_id if len(offices) > 1 else offices[0].id
        where = Beginning(work.session.get_one(Call, one.row.id), work.session.get_one(Office, key))
        made.append(make(work, where).reference)

    rest = do(form, change, faults)
    return rest, made[0] if made and not rest and not form.errors else ""


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
def begin() -> Answer:
    """Begin a proposal."""
    form, rest = BeginForm(), list[Fault]()
    form.offer_languages(language())
    found, offices = _offer(form)
    _states(form, found, offices)
    if not form.is_submitted():
        form.show_languages(language(), "")
    elif form.validate() and found:
        rest, reference = _make(form, found, offices, lambda work, where: _begun(work, where, form))
        if reference:
            flash(_("The proposal is begun. Each page is saved by itself, in any order."), "success")
            return to_proposal(reference)
    page = render_template(
        "proposals/proposal/begin.html",
        form=form,
        faults=rest,
        openings=found,
        offices=offices,
        answered=answered(db.session(), actor(), fund_here()),
        states_outside=states_outside,
    )
    return page, status(form, rest)


def _begun(work: Work, where: Beginning, form: BeginForm) -> Proposal:
    languages = form.language.data or "", form.courtesy.data or ""
    return begin_proposal(work, where, *languages, state=form.state.data or "", once=True)


def _copied(work: Work, where: Beginning, earlier: Proposal) -> Proposal:
    return copy_proposal(work, where, earlier, once=True)


@blueprint.route("/<reference>/copy", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
def copy(reference: str) -> Answer:
    """Begin a proposal with what an earlier one of the office says."""
    earlier = own_at(reference)
    form, rest = CallForm(), list[Fault]()
    found, offices = _offer(form, earlier.proposal.office_id, earlier.proposal.country or "")
    if form.is_submitted() and form.validate() and found:
        rest, made = _make(form, found, offices, lambda work, where: _copied(work, where, earlier.proposal))
        if made:
            flash(
                _("The proposal is copied. The consent of the State and the documents are asked for anew."), "success"
            )
            return to_proposal(made)
    page = render_template(
        "proposals/proposal/copy.html",
        form=form,
        faults=rest,
        openings=found,
        proposal=earlier.proposal,
        states_outside=states_outside,
    )
    return page, status(form, rest)


@blueprint.route("/<reference>/languages", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
def languages(reference: str) -> Answer:
    """In which language a proposal is written, and into which one its texts are translated."""
    own_at(reference)
    found, form, rest = writable_at(reference), LanguagesForm(), list[Fault]()
    form.offer_languages(language())
    if not form.is_submitted():
        form.show_languages(found.language, found.courtesy)
    elif form.validate():
        chosen = form.language.data or "", form.courtesy.data or ""
        rest = do(form, lambda work: choose_languages(work, found, *chosen))
        if not rest and not form.errors:
            flash(_("The languages are changed."), "success")
            return to_proposal(reference)
    page = render_template("proposals/proposal/languages.html", form=form, faults=rest, proposal=found)
    return page, status(form, rest)
