"""What stands on every page about a call's scoring: links to its other pages, and the shades of a score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.access.gate import declared
from fundapp.access.policy import Permission
from fundapp.proposals.models import Call
from fundapp.proposals.views.calls.blueprint import does
from fundapp.scoring.rules.shades import shade
from fundapp.scoring.views.blueprint import blueprint

PAGES: tuple[tuple[str, LazyString], ...] = (
    ("round", _l("Overview")),
    ("ranking", _l("Ranking")),
    ("matrix", _l("Matrix")),
    ("spread", _l("Distribution and reviewers")),
    ("moderation", _l("Disagreements")),
    ("scenarios", _l("Scenarios")),
)
UNDER = {
    "scoring.scenario": "scoring.scenarios", "scoring.new_scenario": "scoring.scenarios",
    "scoring.compare_scenarios": "scoring.scenarios",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tab:
    """A page on a call's scoring."""

    label: LazyString
    href: str
    current: bool


def tabs(call: Call) -> list[Tab]:
    """The pages on a call's scoring that there are and that whoever looks may open."""
    now = UNDER.get(request.endpoint or "", request.endpoint)
    return [
        Tab(label, url_for(f"scoring.{name}", code=call.code), f"scoring.{name}" == now)
        for name, label in PAGES
        if _opens(f"scoring.{name}")
    ]


def _opens(endpoint: str) -> bool:
    found = declared(current_app, endpoint) if endpoint in current_app.view_functions else None
    return isinstance(found, Permission) and does(found)


def address(call: Call) -> str:
    """The overview of a call's scoring for whoever may open it, and the call for others."""
    return url_for("scoring.round" if _opens("scoring.round") else "proposals.call", code=call.code)


def rounds() -> list[tuple[Any, str]]:
    """The list of calls that are scored as a step of where one is, for whoever may open it."""
    return [(_("Calls being scored"), url_for("scoring.rounds"))] if _opens("scoring.rounds") else []


def files(endpoint: str, code: str, what: str = "", query: str = "") -> list[tuple[str, str]]:
    """A table as files to keep, where there is a page that makes them: what each is called, and its address; `query`:
    by what the table is narrowed."""
    if f"scoring.{endpoint}" not in current_app.view_functions:
        return []
    kinds = [(kind, f"{what} {kind.upper()}".strip()) for kind in ("xlsx", "csv")]
    more = f"?{query}" if query else ""
    return [(label, url_for(f"scoring.{endpoint}", code=code, kind=kind) + more) for kind, label in kinds]


def shade_class(step: int | None, lowest: int, highest: int) -> str:
    """How a step looks, among the five shades; "not applicable" has none of them."""
    return "app-h-na" if step is None else f"app-h{shade(Decimal(step), lowest, highest)}"


@blueprint.app_context_processor
def _parts() -> dict[str, Any]:
    return {"round_tabs": tabs, "round_address": address, "rounds_step": rounds, "shade_class": shade_class}
