"""Pages of the register of recommendations."""

from fundapp.recommendations.views import (
    calendar,
    duplicates,
    evidence,
    following,
    imports,
    letters,
    measures,
    plan_import,
    plans,
    register,
    reviews,
    sending,
    states,
    uploads,
)
from fundapp.recommendations.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "calendar",
    "duplicates",
    "evidence",
    "following",
    "imports",
    "letters",
    "measures",
    "plan_import",
    "plans",
    "register",
    "reviews",
    "sending",
    "states",
    "uploads",
]
