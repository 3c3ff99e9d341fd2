"""The budget of a proposal: its lines, and what they come to. Whoever writes for the office saves it here; everybody
else who may read the proposal sees it under the same address as it was handed in last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.gate import keeps, needs, signed_in
from fundapp.access.policy import Permission, Refused
from fundapp.access.views.address import language
from fundapp.funds.queries import support_cost_rate
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import decimal_mark, figure
from fundapp.kernel.text import left_to_right
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.budget import (
    LABELS,
    MORE,
    SPARE,
    LineField,
    as_kept,
    lines_of,
    place,
    posted_rows,
    said_in,
    version_of,
)
from fundapp.proposals.layouts.budget_sheet import word
from fundapp.proposals.operations.writing import CHANGED, save_section
from fundapp.proposals.rules import budget_rows
from fundapp.proposals.rules.budget import LONGEST, MOST_LINES, TYPED, ErpClass, Quarter
from fundapp.proposals.rules.budget_rows import Comparison, Row, compare, names_in, sums, too_long
from fundapp.proposals.rules.content import Budget, period
from fundapp.proposals.rules.content import budget as understood_budget
from fundapp.proposals.rules.fields import rows_of
from fundapp.proposals.views.calls.blueprint import Answer, fund_here
from fundapp.proposals.views.proposal.blueprint import Here, blueprint, does, here
from fundapp.proposals.views.proposal.writing import unsent_apart

SECTION, LINES = "budget", "lines"
CLOSED = "proposal.not-writable"
ISO = "%Y-%m-%dT%H:%M:%SZ"
MOST_SAID = 20  # faults that the head of the page lists; each stands beside its field too
SHORT = 40  # letters of an activity in a list to choose from


@dataclass(frozen=True, slots=True)
class Sheet:
    """A budget on its page: its lines as they are kept, the version they were written over, and what they come to."""

    here: Here
    rows: Sequence[Row]
    version: int
    rate: Decimal
    budget: Budget

    @property
    def over(self) -> tuple[Quarter, ...]:
        """The quarters of the proposal."""
        return period(self.here.whole.get("activities"))

    @property
    def planned(self) -> dict[str, str]:
        """Its activities by id, each with what it is called."""
        return {row["id"]: row.get("text", "") for row in rows_of(self.here.whole.get("activities"), "planned")}

    @property
    def sums(self) -> dict[str, int]:
        """What it comes to, by the names of sums."""
        return sums(self.budget.totals)


def sheet_of(found: Here, rows: Sequence[Row] | None = None) -> Sheet:
    """The budget of a proposal as it stands, or as these lines would make it."""
    kept = found.rows.get(SECTION)
    said = rows_of(found.whole.get(SECTION), LINES) if rows is None else rows
    rate = support_cost_rate(db.session(), fund_here(), today())
    whole = {**found.whole, SECTION: {LINES: list(said)}}
    judged = understood_budget(whole, rate, floor=found.asked.floor, ceiling=found.asked.ceiling)
    return Sheet(found, said, kept.version if kept else 0, rate, judged)


def writes(found: Here) -> bool:
    """Whether whoever looks writes this budget now."""
    return found.own and found.proposal.writable and does(Permission.PROPOSAL_WRITE, found.proposal)


@blueprint.route("/<reference>/budget", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_READ)
@keeps(unsent_apart)
def budget(reference: str) -> Answer:
    """The budget of a proposal."""
    found = here(reference)
    if request.method != "POST":
        return _page(sheet_of(found), writes(found))
    if not (found.own and does(Permission.PROPOSAL_WRITE, found.proposal)):
        raise Refused(f"{request.endpoint} needs {Permission.PROPOSAL_WRITE}")
    rows = posted_rows(request.form, without=request.form.get("take-off", ""))
    if request.headers.get("X-Draft"):
        return _draft(found, rows)
    if {"take-off", "more"} & {*request.form}:
        return _go_on(found, rows)
    try:
        save(found, rows, version_of(request.form.get("version")))
    except Refusal as refusal:
        return _refused(reference, rows, refusal.faults)
    return _saved(reference)


def save(found: Here, rows: Sequence[Mapping[str, str]], version: int) -> tuple[int, datetime, Sequence[Row]]:
    """Save lines over a version: the new version, when that was, and the lines as they are kept."""
    if faults := too_long(as_kept(rows, language())):
        raise Refusal(*faults)
    with unit_of_work(signed_in()) as work:
        saved = save_section(work, found.proposal, SECTION, {LINES: list(rows)}, version, language())
        at = work.at
    return saved.version, at, rows_of(saved.content, LINES)


def _saved(reference: str) -> Response:
    flash(_("The budget is saved."), "success")
    return redirect(url_for("proposal.budget", reference=reference))


def _go_on(found: Here, rows: Sequence[Mapping[str, str]]) -> Answer:
    """The page with what was typed and more room, or without the line that was taken off; nothing is saved yet."""
    spare = MORE if "more" in request.form else SPARE
    sheet = replace(sheet_of(found, as_kept(rows, language())), version=version_of(request.form.get("version")))
    return _page(sheet, writes(found), spare=spare, unsaved=True)


def _refused(reference: str, rows: Sequence[Mapping[str, str]], faults: Sequence[Fault]) -> Answer:
    """What was typed, why it was not saved, and beside it what somebody else has saved in the meantime."""
    found = here(reference)  # as it is by now
    mine = as_kept(rows, language())
    clash = any(fault.code in CHANGED for fault in faults)
    theirs = compare(rows_of(found.whole.get(SECTION), LINES), mine)
    if clash and theirs.alike and found.proposal.writable:
        return _saved(reference)  # sent twice
    page = _page(sheet_of(found, mine), True, why=faults, theirs=theirs if clash else None, unsaved=True)
    return page, _status(faults)


def _status(faults: Iterable[Fault]) -> int:
    """409 where the budget is not what it was taken for, 422 where something in it cannot be kept."""
    return 409 if any(fault.code in {*CHANGED, CLOSED} for fault in faults) else 422


# ------------------------------------------------------------------------------------------------------- the page


def _page(
    sheet: Sheet,
    editable: bool,
    *,
    spare: int = SPARE,
    why: Sequence[Fault] = (),
    theirs: Comparison | None = None,
    unsaved: bool = False,
) -> str:
    spare = max(0, min(spare if sheet.rows else 1 + SPARE, MOST_LINES - len(sheet.rows))) if editable else 0
    lines = lines_of(sheet.rows, language(), spare=spare)
    totals_of_lines(lines, sheet)
    shown = sheet.budget.faults if sheet.rows and sheet.here.own else ()
    rest = place(lines, (*why, *shown), language())
    return render_template(
        "proposals/proposal/budget.html",
        here=sheet.here,
        proposal=sheet.here.proposal,
        sheet=sheet,
        lines=lines,
        blank=LineField(0, "", "__id__"),
        sums=sheet.sums,
        groups=groups(sheet),
        offered=offered(sheet),
        longest=LONGEST,
        labels=LABELS,
        lacks=[*_said([one for one in rest if one not in why]), *_of_lines(lines)],
        why=[one for one in why if one in rest],
        most_said=MOST_SAID,
        theirs=theirs,
        unsaved=unsaved,
        editable=editable,
        full=len(sheet.rows) >= MOST_LINES,
        mark=decimal_mark(language()),
        percent=percent(sheet.rate),
        rate=f"{sheet.rate:f}",
        who=signed_in().id,
        **words_of_lines(),
    )


def words_of_lines() -> dict[str, Any]:
    """How templates say the amounts, the cells and the classes of lines."""
    return {
        "amount": lambda cents: figure(cents, language()),
        "said_in": lambda row, name: said_in(row, name, language()),
        "class_words": {one.value: f"{one.value} {word(one.value, language())}" for one in ErpClass},
    }


def totals_of_lines(lines: Sequence[LineField], sheet: Sheet) -> None:
    """Say on each line what it comes to, where that is understood."""
    known = {key: line.cents for key, line in zip(sheet.budget.ids, sheet.budget.lines, strict=True)}
    for line in lines:
        line.cents = known.get(line.id)


def _said(faults: Iterable[Fault]) -> list[tuple[str, str]]:
    """Faults in words, each with the field it leads to, or none."""
    say = current_app.jinja_env.filters["sentence"]
    return [(say(fault), "") for fault in faults]


def _of_lines(lines: Sequence[LineField]) -> list[tuple[str, str]]:
    say = current_app.jinja_env.filters["sentence"]
    return [
        (say(replace(fault, row=line.number, column=str(LABELS[column]))), f"{line.place}-{column}")
        for line in lines
        for column, faults in line.faults.items()
        for fault in faults
    ]


def offered(sheet: Sheet) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen on a line."""
    activities = [(key, f"{key} {_short(text)}".strip()) for key, text in sheet.planned.items()]
    return {
        "class": [(one.value, f"{one.value} {word(one.value, language())}") for one in TYPED],
        "activity": activities,
        "quarter": [(str(one), left_to_right(one)) for one in sheet.over],  # no markup in an option
    }


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def groups(sheet: Sheet) -> dict[str, list[tuple[str, str]]]:
    """The tables of sums: kind -> the name of each sum, and what it is called."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in names_in(sheet.rows, sheet.over, sheet.planned):
        kind, _colon, key = name.partition(":")
        found.setdefault(kind, []).append((name, _called(kind, key, sheet)))
    return found


def _called(kind: str, key: str, sheet: Sheet) -> str:
    if not key:
        return str(_("For all activities") if kind == "activity" else _("No quarter known"))
    if kind == "class":
        return f"{key} {word(key, language())}"
    return f"{key} {_short(sheet.planned.get(key, ''))}".strip() if kind == "activity" else key


def percent(rate: Decimal) -> str:
    """A rate as a page says it: 13%, 12,5%."""
    text = f"{(rate * 100).normalize():f}"
    return text.replace(".", decimal_mark(language()))


# ------------------------------------------------------------------------------------- drafts that save themselves


def _draft(found: Here, rows: Sequence[Mapping[str, str]]) -> Answer:
    """Save what a script sends while somebody types; the answer is the server's figures, or what stands there now."""
    if request.form.get("who", "") not in ("", str(signed_in().id)):
        return _json(401, error="other")  # somebody else has signed in on the same computer
    sent = request.headers.get("If-Match", "").removeprefix("W/").strip('"') or request.form.get("version")
    try:
        version, at, kept = save(found, rows, version_of(sent))
    except Refusal as refusal:
        return _draft_refused(found.proposal.reference, rows, refusal.faults)
    after = here(found.proposal.reference)
    return _json(200, version=version, time=f"{at:{ISO}}", **_figures(sheet_of(after), rows, kept))


def _figures(sheet: Sheet, sent: Sequence[Mapping[str, str]], kept: Sequence[Row]) -> dict[str, Any]:
    """Sums and lines as words, and what is wrong."""
    lines = lines_of(kept, language())
    totals_of_lines(lines, sheet)
    rest = place(lines, sheet.budget.faults if kept else (), language())
    places = [row["at"] for row in sent if _says_anything(row)]
    return {
        "totals": {name: figure(cents, language()) for name, cents in sheet.sums.items()},
        "lines": {
            at: figure(line.cents, language()) for at, line in zip(places, lines, strict=True) if line.cents is not None
        },
        "faults": [said for said, _at in (*_said(rest), *_of_lines(lines))],
    }


def _says_anything(row: Mapping[str, str]) -> bool:
    return any(row.get(name) for name in budget_rows.COLUMNS)


def _draft_refused(reference: str, rows: Sequence[Mapping[str, str]], faults: Sequence[Fault]) -> Answer:
    say = current_app.jinja_env.filters["sentence"]
    told = [say(replace(one, column=str(LABELS.get(one.column or "", "")) or None)) for one in faults]
    if not any(fault.code in CHANGED for fault in faults):
        return _json(_status(faults), error="refused", reasons=told)
    now = here(reference)
    sheet = sheet_of(now)
    if compare(sheet.rows, as_kept(rows, language())).alike:  # sent twice: the first answer was lost on the way
        row = now.rows[SECTION]
        return _json(200, version=row.version, time=f"{row.saved_at:{ISO}}", **_figures(sheet, rows, sheet.rows))
    theirs = compare(sheet.rows, as_kept(rows, language()))
    html = render_template(
        "proposals/proposal/_budget_clash.html", here=now, theirs=theirs, labels=LABELS, **words_of_lines()
    )
    values = {
        f"{line.place}-{name}": line.values.get(name, "")
        for line in lines_of(sheet.rows, language())
        for name in budget_rows.COLUMNS
    }
    return _json(412, error="clash", theirs=values, html=html, version=sheet.version, faults=told)


def _json(status: int, **answer: Any) -> Response:
    found: Response = jsonify(answer)
    found.status_code = status
    return found
