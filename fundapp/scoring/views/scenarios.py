"""Scenarios: which proposals can be funded, what one more would displace, two side by side, one for the Board."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import actor, exports, needs, signed_in
from fundapp.access.policy import Permission
from fundapp.access.queries import names_of
from fundapp.access.views.address import language, number
from fundapp.access.views.page import file
from fundapp.access.words import actor_name
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.money import decimal_text
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.views.calls.blueprint import Answer, do, does, fund_here, status
from fundapp.reference.queries import regional_groups
from fundapp.reference.rules import Group
from fundapp.scoring.forms.scenarios import ScenarioForm
from fundapp.scoring.models import Scenario, ScoringRound
from fundapp.scoring.operations.scenarios import carry_scenario, put_aside, save_scenario, take_up
from fundapp.scoring.queries.envelopes import envelope_on
from fundapp.scoring.queries.scenarios import About, about, asked_of, chosen_in, scenario_of, scenarios_of
from fundapp.scoring.rules.scenarios import (
    Candidate,
    cost_of,
    faults_of,
    kept_candidates,
    kept_limits,
    total_of,
    why_out,
)
from fundapp.scoring.solving import Solved, Unfinished, displaced, solve
from fundapp.scoring.views.blueprint import Scored, blueprint, scored_at
from fundapp.scoring.views.candidates import candidates_at


@dataclass(frozen=True, slots=True)
class Funded:
    """A proposal in a scenario: at which step it is funded and what it gets; why not, where it is not."""

    one: Candidate
    about: About
    step: int
    cents: int
    why: Fault | None


@blueprint.get("/<code>/scenarios")
@needs(Permission.SCENARIO_READ)
def scenarios(code: str) -> str:
    """The scenarios of a call."""
    scored = scored_at(code)
    found = scenarios_of(db.session(), actor(), scored.round)
    names = names_of(db.session(), {one.by for one in found})
    return render_template(
        "scoring/scenarios.html",
        scored=scored,
        call=scored.call,
        found=[one for one in found if one.removed_at is None],
        aside=[one for one in found if one.removed_at is not None],
        people={one.by: actor_name(one.by, names) for one in found},
        makes=does(Permission.SCENARIO_MAKE),
    )


@blueprint.route("/<code>/scenarios/new", methods=["GET", "POST"])
@needs(Permission.SCENARIO_MAKE)
def new_scenario(code: str) -> Answer:
    """The limits of a scenario; a POST solves it and keeps it."""
    scored = scored_at(code)
    candidates = candidates_at(scored)
    form, rest = ScenarioForm(), list[Fault]()
    clash: tuple[str, ...] = ()
    if form.is_submitted() and form.validate():
        made, rest, clash = _made(form, scored, candidates)
        if made:
            flash(_("The scenario is kept."), "success")
            return redirect(url_for("scoring.scenario", code=code, key=made))
    elif not form.is_submitted():
        _prefill(form, scored, candidates)
    page = render_template(
        "scoring/new_scenario.html",
        scored=scored,
        call=scored.call,
        form=form,
        faults=rest,
        clash=clash,
        candidates=candidates,
        about=about(db.session(), [one.id for one in candidates], language()),
        groups=_groups(),
    )
    return page, 422 if clash else status(form, rest)


@blueprint.get("/<code>/scenarios/<int:key>")
@needs(Permission.SCENARIO_READ)
def scenario(code: str, key: int) -> str:
    """A scenario: what it funds and what it leaves out, and why; of one proposal more, what it would displace."""
    scored = scored_at(code)
    found = _scenario_at(scored, key)
    rows, out = _funded(found)
    names = names_of(db.session(), {found.by, found.carried_by or ""})
    return render_template(
        "scoring/scenario.html",
        scored=scored,
        call=scored.call,
        scenario=found,
        limits=asked_of(found)[1],
        rows=rows,
        out=out,
        priority=_priority_share(rows),
        displacing=_displacing(found),
        references={one.one.id: one.one.reference for one in (*rows, *out)},
        people={one: actor_name(one, names) for one in (found.by, found.carried_by or "")},
        stale=kept_candidates(candidates_at(scored)) != found.asked["candidates"],
        makes=does(Permission.SCENARIO_MAKE),
        groups=_groups(),
    )


@blueprint.get("/<code>/scenarios/<int:key>.<any(csv, xlsx):kind>")
@needs(Permission.SCENARIO_READ)
@exports
def scenario_file(code: str, key: int, kind: str) -> Response:
    """A scenario as a file: every candidate, with the step at which it is funded."""
    scored = scored_at(code)
    found = _scenario_at(scored, key)
    rows, out = _funded(found)
    headings = [
        *(_("Reference"), _("Country"), _("Title"), _("Score")),
        *(_("Asked for"), _("Step, per cent"), _("Gets"), _("Why not")),
    ]
    sentence = current_app.jinja_env.filters["sentence"]
    cells = [_cells(row, sentence(row.why) if row.why else "") for row in (*rows, *out)]
    return file(kind, f"{scored.call.code}-scenario-{key}", headings, cells, len(cells))


@blueprint.get("/<code>/scenarios/compare")
@needs(Permission.SCENARIO_READ)
def compare_scenarios(code: str) -> str:
    """Two scenarios side by side: what one funds and the other does not."""
    scored = scored_at(code)
    offered = [one for one in scenarios_of(db.session(), actor(), scored.round) if one.removed_at is None]
    pair = [next((one for one in offered if one.id == key), None) for key in (number("one"), number("two"))]
    both = [one for one in pair if one is not None]
    return render_template(
        "scoring/compare_scenarios.html",
        scored=scored,
        call=scored.call,
        offered=offered,
        pair=both if len(both) == 2 else [],
        rows=_side_by_side(both) if len(both) == 2 else [],
    )


@blueprint.post("/<code>/scenarios/<int:key>/<any(carry, aside, take):act>")
@needs(Permission.SCENARIO_MAKE)
def do_scenario(code: str, key: int, act: str) -> Response:
    """Carry a scenario to the Board's session, put it aside, or take it up again."""
    found = _scenario_at(scored_at(code), key)
    verb, said = {
        "carry": (carry_scenario, _("The scenario is the one for the Board's session.")),
        "aside": (put_aside, _("The scenario is put aside.")),
        "take": (take_up, _("The scenario is taken up again.")),
    }[act]
    with unit_of_work(signed_in()) as work:
        verb(work, work.session.get_one(Scenario, found.id))
    flash(said, "success")
    if act == "aside":
        return redirect(url_for("scoring.scenarios", code=code))
    return redirect(url_for("scoring.scenario", code=code, key=key))


# ---------------------------------------------------------------------------------------------------------- the parts


def _cells(row: Funded, why: str) -> list[Cell]:
    one, dollars = row.one, Decimal(100)
    said: list[Cell] = [one.reference, row.about.country, row.about.title, one.score, one.cents / dollars, row.step]
    return [*said, row.cents / dollars, why]


def _scenario_at(scored: Scored, key: int) -> Scenario:
    return scenario_of(db.session(), actor(), scored.round, key) or abort(404)


def _groups() -> dict[str, str]:
    return {one.code: one.name(language()) for one in regional_groups(db.session()) if one.code in set(Group)}


def _prefill(form: ScenarioForm, scored: Scored, candidates: list[Candidate]) -> None:
    """The limits of another scenario, or the envelope of the call, or what the fund has free."""
    references = {one.id: one.reference for one in candidates}
    if (key := number("from")) is not None:
        other = _scenario_at(scored, key)
        form.show(asked_of(other)[1], references)
    elif scored.call.envelope_cents:
        form.envelope.data = decimal_text(scored.call.envelope_cents)
    elif free := envelope_on(db.session(), fund_here(), today()):
        form.envelope.data = decimal_text(free)


def _made(
    form: ScenarioForm, scored: Scored, candidates: list[Candidate]
) -> tuple[int | None, list[Fault], tuple[str, ...]]:
    """The scenario that was kept; or what is wrong, or which limits cannot all hold."""
    faults: list[Fault] = []
    limits = form.limits(candidates, language(), faults)
    faults = faults or list(faults_of(limits, candidates))
    if faults:
        return None, do(form, lambda work: None, faults), ()
    try:
        solved = solve(candidates, limits)
    except Unfinished:
        return None, [Fault("scenario.unfinished")], ()
    if solved.clash:
        return None, [], solved.clash
    made: list[int] = []
    asked = {"limits": kept_limits(limits), "candidates": kept_candidates(candidates)}
    found, name, key = _found(candidates, solved), form.name.data or "", scored.round.id

    def keep(work: Work) -> None:
        round_ = work.session.get_one(ScoringRound, key)
        made.append(save_scenario(work, round_, name, limits.envelope, asked, found).id)

    rest = do(form, keep)
    return (made[0] if made else None), rest, ()


def _found(candidates: list[Candidate], solved: Solved) -> dict[str, Any]:
    return {
        "chosen": {str(candidates[place].id): step for place, step in sorted(solved.chosen.items())},
        "hundredths": total_of(candidates, solved.chosen),
        "cents": cost_of(candidates, solved.chosen),
        "gap": f"{solved.gap:g}",  # as text: the trail takes no float
        "milliseconds": round(solved.seconds * 1000),
    }


def _funded(scenario: Scenario) -> tuple[list[Funded], list[Funded]]:
    """What a scenario funds and what it leaves out, each from the highest score down."""
    candidates, limits = asked_of(scenario)
    chosen = chosen_in(scenario)
    places = {place: chosen[one.id] for place, one in enumerate(candidates) if one.id in chosen}
    known = about(db.session(), [one.id for one in candidates], language())
    funded, out = [], []
    for one in sorted(candidates, key=lambda one: (-one.score, one.reference)):
        step, said = chosen.get(one.id, 0), known.get(one.id, About("", "en", ""))
        if step:
            funded.append(Funded(one, said, step, one.at(step), None))
        else:
            out.append(Funded(one, said, 0, 0, why_out(one, limits, candidates, places)))
    return funded, out


def _priority_share(rows: list[Funded]) -> int | None:
    """The per cent of the money that goes to least developed countries and small island developing States."""
    whole = sum(one.cents for one in rows)
    return round(100 * sum(one.cents for one in rows if one.one.priority) / whole) if whole else None


@dataclass(frozen=True, slots=True)
class Displacing:
    """What one proposal more would displace: all that change, and the sum of scores then, in hundredths."""

    reference: str
    total: int | None
    rows: list[tuple[str, int, int]]  # reference, step before, step after
    clash: tuple[str, ...]


def _displacing(scenario: Scenario) -> Displacing | None:
    """What the proposal of the address would displace; nothing where none is asked about."""
    reference = request.args.get("displace", "")
    candidates, limits = asked_of(scenario)
    place = next((place for place, one in enumerate(candidates) if one.reference == reference), None)
    if place is None:
        return None
    try:
        solved = displaced(candidates, limits, place)
    except Unfinished:
        return Displacing(reference, None, [], ())
    before = chosen_in(scenario)
    after = {candidates[p].id: step for p, step in solved.chosen.items()}
    changed = [
        (one.reference, before.get(one.id, 0), after.get(one.id, 0))
        for one in candidates
        if before.get(one.id, 0) != after.get(one.id, 0)
    ]
    total = None if solved.clash else total_of(candidates, solved.chosen)
    return Displacing(reference, total, [] if solved.clash else changed, solved.clash)


def _side_by_side(pair: list[Scenario]) -> list[dict[str, Any]]:
    """Every proposal that one of two scenarios funds, with its step in both; those that differ first."""
    known = {one.id: one for scenario in pair for one in asked_of(scenario)[0]}
    steps = [chosen_in(one) for one in pair]
    said = about(db.session(), list(known), language())
    rows = [
        {"one": one, "about": said.get(key, About("", "en", "")), "steps": [found.get(key, 0) for found in steps]}
        for key, one in known.items()
        if any(key in found for found in steps)
    ]
    return sorted(rows, key=lambda row: (row["steps"][0] == row["steps"][1], -row["one"].score, row["one"].reference))
