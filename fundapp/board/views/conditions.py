"""Conditions of decisions: the list of a fund, and one followed to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission, may
from fundapp.access.queries import names_of
from fundapp.access.views.page import file, last_page
from fundapp.access.words import actor_name
from fundapp.board.deciding_words import OWNERS, STANDINGS
from fundapp.board.forms.deciding import ConditionFilterForm, ConditionForm
from fundapp.board.models import ConditionStep, DecisionCondition
from fundapp.board.operations.conditions import meet_condition, reopen_condition, waive_condition
from fundapp.board.queries.conditions import PAGE, Followed, Row
from fundapp.board.queries.conditions import condition as condition_of
from fundapp.board.queries.conditions import conditions as conditions_of
from fundapp.board.rules.following import OPEN, Standing
from fundapp.board.views.blueprint import LARGEST_NUMBER, Answer, blueprint
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.kernel.sheets import Cell
from fundapp.kernel.work import Work
from fundapp.proposals.views.calls.blueprint import do, fund_here, status

Act = Callable[[Work, DecisionCondition, str, int], ConditionStep]
ACTS: dict[str, tuple[Act, Permission]] = {
    "meet": (meet_condition, Permission.CONDITION_FOLLOW),
    "waive": (waive_condition, Permission.CONDITION_WAIVE),
    "reopen": (reopen_condition, Permission.CONDITION_FOLLOW),
}
FILTERS = ("q", "standing", "owner", "money", "sort")


def _listed() -> tuple[ConditionFilterForm, list[Row]]:
    form = ConditionFilterForm(request.args).offer()
    return form, conditions_of(db.session(), actor(), fund_here(), form.wanted(request.args.get("sort", "")), today())


@blueprint.get("/conditions")
@needs(Permission.DECISION_READ)
def conditions() -> str:
    """The conditions of the decisions that stand, what is due first."""
    form, rows = _listed()
    last = last_page(len(rows), PAGE)
    page = min(page_of(request.args), last)
    return render_template(
        "board/conditions.html",
        form=form,
        chips=list(form.chips()),
        rows=rows[PAGE * (page - 1) : PAGE * page],
        total=len(rows),
        overdue=sum(row.standing is Standing.OVERDUE for row in rows),
        waits=sum(row.before_allotment and row.standing in OPEN for row in rows),
        page=page,
        last=last,
        filters={name: request.args[name] for name in FILTERS if request.args.get(name)},
    )


@blueprint.get("/conditions/list.<any(csv, xlsx):kind>")
@needs(Permission.DECISION_READ)
@exports
def conditions_file(kind: str) -> Response:
    """The conditions as they are filtered."""
    rows = _listed()[1]
    headings = (
        _("Reference"), _("Title"), _("Office"), _("Condition"), _("Who sees to it"), _("To be met by"),
        _("Money waits for it"), _("Standing"), _("Said with the last step"),
    )  # fmt: skip
    return file(kind, f"{fund_here().code}-conditions", headings, list(_cells(rows)), len(rows))


def _cells(rows: list[Row]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.reference, row.title, row.office, row.text, str(OWNERS[row.owner]), row.due_on.isoformat(),
            _("yes") if row.before_allotment else _("no"), str(STANDINGS[row.standing]), row.settled,
        )  # fmt: skip


def _followed_at(key: int) -> Followed:
    if key > LARGEST_NUMBER * LARGEST_NUMBER:
        abort(404)
    return condition_of(db.session(), actor(), fund_here(), key, today()) or abort(404)


@blueprint.get("/conditions/<int:key>")
@needs(Permission.DECISION_READ)
def condition(key: int) -> str:
    """A condition and what became of it."""
    return _page(_followed_at(key), ConditionForm(), [])


@blueprint.post("/conditions/<int:key>/<any(meet, waive, reopen):act>")
@needs(Permission.DECISION_READ)
def condition_step(key: int, act: str) -> Answer:
    """Record that a condition is met, waive it, or open it again."""
    found, form, rest = _followed_at(key), ConditionForm(), list[Fault]()
    verb, permission = ACTS[act]
    if not may(actor(), permission, found.condition):
        abort(404)
    if form.validate():
        why, seen, which = form.why, form.of_version, found.condition.id
        rest = do(form, lambda work: _take(work, verb, which, why, seen))
        if not rest and not form.errors:
            flash(_said(act), "success")
            return redirect(url_for("board.condition", key=key))
    return _page(_followed_at(key), form, rest), status(form, rest)


def _take(work: Work, verb: Act, key: int, why: str, seen: int) -> None:
    verb(work, work.session.get_one(DecisionCondition, key), why, seen)


def _said(act: str) -> str:
    said = {"meet": _("The condition is met."), "waive": _("The condition is waived.")}
    return str(said.get(act) or _("The condition is open again."))


def _page(found: Followed, form: ConditionForm, rest: list[Fault]) -> str:
    who = actor()
    form.version.data = str(found.last)
    wanted = ("meet", "waive") if found.standing in OPEN else ("reopen",)
    acts = [act for act in wanted if may(who, ACTS[act][1], found.condition)]
    names = names_of(db.session(), {one.by for one in found.steps})
    return render_template(
        "board/condition.html",
        found=found,
        condition=found.condition,
        proposal=found.proposal,
        form=form,
        faults=rest,
        acts=[] if found.standing is Standing.LAPSED else acts,
        people={one.by: actor_name(one.by, names) for one in found.steps},
    )
