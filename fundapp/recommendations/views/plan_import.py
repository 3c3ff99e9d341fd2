"""Taking a file into a plan: first a look at what it would do, then doing it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import needs, signed_in
from fundapp.access.policy import Permission
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Faults, Refusal, refuse
from fundapp.kernel.sheets import LARGEST
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.forms.plans import LookForm, TakeForm
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.layouts.plan_files import PlanFile, read_plan
from fundapp.recommendations.operations import PlanOutcome, compare, import_plan
from fundapp.recommendations.operations.plans import stands
from fundapp.recommendations.queries.plans import named_plan, shelf
from fundapp.recommendations.rules import Tolerated
from fundapp.recommendations.views.blueprint import blueprint, files
from fundapp.recommendations.views.plan_parts import plan_at
from fundapp.recommendations.words import PLAN_FIELDS, PLAN_LAYOUTS, PROGRESS


@blueprint.route("/plans/<int:key>/import", methods=["GET", "POST"])
@needs(Permission.PLAN_RECORD)
def plan_import(key: int) -> str | BaseResponse | tuple[str, int]:
    """Send a file, look at what it would do to the plan, and take it in."""
    look, take, left, shown = LookForm(), TakeForm(), list[Fault](), dict[str, Any]()
    stands(plan_at(key))
    if request.method == "POST":
        try:
            if take.digest.data:
                if take.validate():
                    return _take(key, take)
                take.digest.data = ""  # what is no digest must name no file, and there is nothing to look at again
                raise refuse("plan.gone")
            shown = _look(key, look, take)
        except Refusal as refusal:
            left = list(refusal.faults)
            shown = _again(key, take) if take.digest.data else {}
    page = render_template(
        "recommendations/plan_import.html", plan=plan_at(key), look=look, take=take, faults=left, **shown
    )
    return page, 422 if left else 200


def _look(key: int, look: LookForm, take: TakeForm) -> dict[str, Any]:
    """Keep the file that was sent, and say what it would do."""
    sent = look.file.data
    if not look.validate() or not isinstance(sent, FileStorage) or not sent.filename:
        raise refuse("plan.no-file")
    name = printable(sent.filename)[:200]
    kept = files().keep(sent.stream, name, LARGEST)
    take.digest.data, take.name.data, take.layout.data = kept.digest, name, look.layout.data or ""
    return _shown(key, take)


def _again(key: int, take: TakeForm) -> dict[str, Any]:
    """What it would do by now, after it was refused; nothing where the file cannot be read at all."""
    try:
        return _shown(key, take)
    except Refusal:
        take.digest.data = ""
        return {}


def _shown(key: int, take: TakeForm) -> dict[str, Any]:
    faults = Tolerated()
    found = _read(key, take, faults)
    outcome = compare(db.session(), key, found.rows, shelf(db.session(), plan_at(key).state))
    take.seen.data = outcome.mark()
    return {
        "file": found,
        "layout": PLAN_LAYOUTS[found.layout],
        "outcome": outcome,
        "row_faults": list(faults),
        "more_faults": faults.more,
        "changes": _changes(outcome),
    }


def _changes(outcome: PlanOutcome) -> list[tuple[int, str, list[tuple[Any, Any, Any]]]]:
    """Each change field by field, in the reader's words."""
    names = {one.value: label for one, label in PROGRESS.items()}
    return [
        (
            change.row,
            change.key,
            [
                (PLAN_FIELDS[d.field], *(names.get(v, v) if d.field == "progress" else v for v in (d.before, d.after)))
                for d in change.differences
            ],
        )
        for change in outcome.changes
    ]


def _read(key: int, take: TakeForm, faults: Faults) -> PlanFile:
    path = files().path(take.digest.data or "")
    if not path.is_file():
        raise refuse("plan.gone")
    known = shelf(db.session(), plan_at(key).state)
    return read_plan(incoming(path, take.name.data or "-"), known, faults, take.layout.data or None)


def _take(key: int, take: TakeForm) -> BaseResponse:
    """Take the file in, as it was shown."""
    faults = Tolerated() if take.good.data else Faults()
    found, seen, apply = _read(key, take, faults), take.seen.data or "", bool(take.apply.data)
    with unit_of_work(signed_in()) as work:
        plan = named_plan(work.session, key)
        known = shelf(work.session, plan.state)
        outcome = import_plan(work, plan, found, faults, known, apply_changes=apply, seen=seen)
    changed = len(outcome.changes) if apply else 0
    flash(
        _(
            "Taken in: %(added)s measures added, %(changed)s changed, %(same)s there already.",
            added=len(outcome.added),
            changed=changed,
            same=outcome.same,
        ),
        "success",
    )
    return redirect(url_for("recommendations.plan", key=key))
