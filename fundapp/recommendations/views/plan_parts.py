"""What the pages of plans share: finding what an address names, putting refusals beside their fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import abort, current_app
from flask_wtf import FlaskForm

from fundapp.access.gate import actor
from fundapp.access.policy import Permission, Refused, may
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault
from fundapp.recommendations.models import ImplementationPlan, Measure
from fundapp.recommendations.queries.plans import measure as measure_of
from fundapp.recommendations.queries.plans import plan as plan_of
from fundapp.recommendations.words import PLAN_FIELDS, PROGRESS

CHANGED = frozenset({"plan.changed", "measure.changed"})
Compared = list[tuple[Any, Any, Any]]  # field, what stands there, what the person wrote


def plan_at(key: int) -> ImplementationPlan:
    """The plan of an address; 404 where there is none."""
    return plan_of(db.session(), actor(), key) or abort(404)


def measure_at(key: int) -> Measure:
    """The measure of an address that stands; 404 where there is none."""
    found = measure_of(db.session(), actor(), key)
    return found if found and found.withdrawn_at is None else abort(404)


def records() -> bool:
    """Whether whoever looks may change plans."""
    return may(actor(), Permission.PLAN_RECORD)


def must_record() -> None:
    """Refuse a change to whoever may only read."""
    if not records():
        raise Refused(f"plans need {Permission.PLAN_RECORD}")


def place(form: FlaskForm, faults: Iterable[Fault]) -> list[Fault]:
    """Put each fault beside the field it is of; those of no field are left."""
    left = []
    for fault in faults:
        if fault.field in form:
            field = form[fault.field]
            field.errors = [*field.errors, current_app.jinja_env.filters["sentence"](fault)]
        else:
            left.append(fault)
    return left


def compared(theirs: Any, mine: Any, names: Sequence[str]) -> Compared:
    """Where two people say different things: what stands there now beside what this one wrote."""
    return [
        (PLAN_FIELDS[name], _shown(name, getattr(theirs, name)), _shown(name, getattr(mine, name)))
        for name in names
        if getattr(theirs, name) != getattr(mine, name)
    ]


def _shown(name: str, value: Any) -> Any:
    return PROGRESS[value] if name == "progress" else value.isoformat() if hasattr(value, "isoformat") else value
