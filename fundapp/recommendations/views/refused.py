"""What an operation refused, at the fields it is about."""

from __future__ import annotations

from typing import Any

from flask import current_app

from fundapp.kernel.errors import Fault, Refusal


def at_fields(form: Any, refusal: Refusal, rest: str = "") -> list[Fault]:
    """Put each reason at its field of the form; those of none go to the field `rest`, or are handed back."""
    left: list[Fault] = []
    for fault in refusal.faults:
        name = fault.field or rest
        if name and name in form:
            form[name].errors = [*form[name].errors, current_app.jinja_env.filters["sentence"](fault)]
        else:
            left.append(fault)
    return left
