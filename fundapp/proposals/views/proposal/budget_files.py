"""The budget as a file: fetched in our own layout, and taken in after a look at what it would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from fundapp.access.gate import exports, needs, signed_in
from fundapp.access.policy import Permission, Refused
from fundapp.access.views.address import language
from fundapp.access.views.page import WORKBOOK, file
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import Files
from fundapp.kernel.sheets import LARGEST
from fundapp.kernel.text import printable
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.forms.budget import LABELS, LookForm, TakeForm, version_of
from fundapp.proposals.layouts import budget_sheet
from fundapp.proposals.layouts.budget_sheet import BudgetFile
from fundapp.proposals.operations.writing import save_section
from fundapp.proposals.rules.budget_rows import Comparison, compare, row_of, too_long
from fundapp.proposals.rules.fields import rows_of
from fundapp.proposals.views.calls.blueprint import Answer
from fundapp.proposals.views.proposal.blueprint import Here, blueprint, here
from fundapp.proposals.views.proposal.budget import (
    LINES,
    SECTION,
    Sheet,
    groups,
    percent,
    sheet_of,
    words_of_lines,
    writes,
)
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.rules import Tolerated
from fundapp.recommendations.views.blueprint import files


@blueprint.get("/<reference>/budget.<any(csv, xlsx):kind>")
@needs(Permission.PROPOSAL_READ)
@exports
def budget_file(reference: str, kind: str) -> Response:
    """The budget in our own layout, as its reader sees it; lines that nobody can understand go as they were typed."""
    sheet = sheet_of(here(reference))
    name = f"{sheet.here.proposal.reference}-budget"
    lines = written_lines(sheet)
    if kind == "csv":
        rows = [budget_sheet.cells(line, language()) for line in lines]
        return file("csv", name, budget_sheet.headings(language()), rows, len(rows))
    content = budget_sheet.write(lines, sheet.budget.totals, language())
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, mimetype=WORKBOOK, headers=headers)


def written_lines(sheet: Sheet) -> list[budget_sheet.Written]:
    """The lines for a file, in their order."""
    known = dict(zip(sheet.budget.ids, sheet.budget.lines, strict=True))
    return [known.get(row["id"], row) for row in sheet.rows]


# ------------------------------------------------------------------------------------------------- taking a file in


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was read: what keeps it from being taken in, what becomes of the budget, and what that comes to."""

    file: BudgetFile
    faults: tuple[Fault, ...]
    more: int
    outcome: Comparison
    after: Sheet


@blueprint.route("/<reference>/budget/import", methods=["GET", "POST"])
@needs(Permission.PROPOSAL_WRITE)
def budget_import(reference: str) -> Answer:
    """Send a file, look at what it would make of the budget, and put it in its place."""
    found = here(reference)
    if not found.own:
        raise Refused(f"{request.endpoint} needs {Permission.PROPOSAL_WRITE}")
    if not writes(found):
        raise refuse("proposal.not-writable", reference=found.proposal.reference)
    look, take, left, looked = LookForm(), TakeForm(), list[Fault](), None
    if request.method == "POST":
        try:
            if take.digest.data:
                return _take(found, take)
            looked = _look(found, look, take)
        except Refusal as refusal:
            left = list(refusal.faults)
            found = here(reference)
            looked = _again(found, take)
    return _page(found, look, take, left, looked), 422 if left else 200


def _look(found: Here, look: LookForm, take: TakeForm) -> Looked:
    """Keep the file that was sent, and say what it would do."""
    sent = look.file.data
    if not look.validate() or not isinstance(sent, FileStorage) or not sent.filename:
        raise refuse("plan.no-file")
    name = printable(sent.filename)[:200]
    take.digest.data = files().keep(sent.stream, name, LARGEST).digest
    take.name.data = name
    return read(found, files(), take)


def _again(found: Here, take: TakeForm) -> Looked | None:
    """What it would do by now, after it was refused; nothing where the file cannot be read at all."""
    try:
        return read(found, files(), take) if take.digest.data else None
    except Refusal:
        take.digest.data = ""
        return None


def read(found: Here, kept: Files, take: TakeForm) -> Looked:
    """What the file would make of the budget as it stands now."""
    if not take.digest.validate(take) or not (path := kept.path(take.digest.data or "")).is_file():
        raise refuse("plan.gone")
    faults = Tolerated()
    given = budget_sheet.read(incoming(path, take.name.data or "-"), language(), faults)
    if not given.lines and not faults:
        raise refuse("budget.file-empty", name=given.name)
    before = sheet_of(found)
    rows = [row_of(one.line) for one in given.lines]
    outcome = compare(before.rows, rows)
    numbers = {n: one.row for n, one in enumerate(given.lines, 1)}
    long = [replace(fault, row=numbers[fault.row or 0]) for fault in too_long(rows)]
    take.version.data = str(before.version)
    return Looked(given, (*faults, *given.placed(long)), faults.more, outcome, sheet_of(found, outcome.rows))


def _take(found: Here, take: TakeForm) -> BaseResponse:
    """Put the lines of the file in the place of the budget's, all of them or none."""
    version = version_of(take.version.data)
    looked = read(found, files(), take)
    if looked.faults:
        raise refuse("budget.file-faults", name=looked.file.name, found=len(looked.faults) + looked.more)
    with unit_of_work(signed_in()) as work:
        rows = {LINES: list(looked.outcome.rows)}
        saved = save_section(work, found.proposal, SECTION, rows, version, language())
    flash(
        _("The file is taken in: the budget has %(found)s lines now.", found=len(rows_of(saved.content, LINES))),
        "success",
    )
    return redirect(url_for("proposal.budget", reference=found.proposal.reference))


def _page(found: Here, look: LookForm, take: TakeForm, left: list[Fault], looked: Looked | None) -> str:
    shown: dict[str, Any] = {}
    if looked:
        shown = {"sums": looked.after.sums, "groups": groups(looked.after), "percent": percent(looked.after.rate)}
        shown["before"] = sheet_of(found).sums["total"]
        shown["draft_faults"] = _placed(looked)
    return render_template(
        "proposals/proposal/budget_import.html",
        here=found,
        proposal=found.proposal,
        look=look,
        take=take,
        left=left,
        looked=looked,
        labels=LABELS,
        **words_of_lines(),
        **shown,
    )


def _placed(looked: Looked) -> list[str]:
    """What is wrong with the lines of the file as a budget, in words, by the rows of the file."""
    say = current_app.jinja_env.filters["sentence"]
    rows = [one.row for one in looked.file.lines]
    long = {(fault.row, fault.column) for fault in looked.faults}
    faults = looked.file.placed(
        replace(fault, row=rows[fault.row - 1] if fault.row else None) for fault in looked.after.budget.faults
    )
    return [say(fault) for fault in faults if (fault.row, fault.column) not in long]
