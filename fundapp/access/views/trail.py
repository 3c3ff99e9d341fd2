"""Pages of the trail: who changed what, when, from which value to which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access import queries
from fundapp.access.forms import TrailFilterForm
from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission, Role
from fundapp.access.queries import PAGE, TraceRow, TrailFilter
from fundapp.access.views.page import blueprint, file, last_page
from fundapp.access.words import ROLES, actor_name, column_name
from fundapp.kernel import trail as chain
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell

HIDDEN = "(secret)"  # as kernel/trail.py writes it


@blueprint.get("/trail")
@needs(Permission.TRAIL_READ)
def trail() -> str:
    """All changes, newest first."""
    session = db.session()
    form = TrailFilterForm(request.args).offer(
        queries.everyone(session), queries.operations_traced(session), queries.subjects_traced(session)
    )
    wanted = form.wanted(request.args)
    found, total = queries.traces(session, wanted)
    return render_template(
        "access/trail.html",
        form=form,
        traces=found,
        total=total,
        page=wanted.page,
        last=last_page(total, PAGE),
        names=queries.names_of(session, {row.actor for row in found}),
    )


@blueprint.get("/trail.<any(csv, xlsx):kind>")
@needs(Permission.TRAIL_READ)
@exports
def trail_file(kind: str) -> Response:
    """The trail with the filters of its address, a row for each column that changed, oldest first."""
    session = db.session()
    wanted = TrailFilterForm(request.args).wanted(request.args)
    total = queries.traces(session, wanted)[1]
    names = {f"person:{person_id}": name for person_id, name in queries.everyone(session)}
    headings = [_("Number"), _("When (UTC)"), _("Who"), _("What was done"), _("To what"), _("Its number")]
    headings += [_("Column"), _("Before"), _("After"), _("Hash")]
    return file(kind, "trail", headings, _rows(wanted, names), total)


def _rows(wanted: TrailFilter, names: dict[str, str]) -> Iterator[list[Cell]]:
    """Runs when the view is over and its session closed: it asks for one of its own."""
    for row in queries.every_trace(db.session(), wanted):
        head: list[Cell] = [row.id, row.at.isoformat(" ", "seconds"), actor_name(row.actor, names)]
        head += [row.operation, row.subject, row.subject_id]
        for column, before, after in row.columns or [("", None, None)]:
            yield [*head, column, plain(before), plain(after), row.hash]


def plain(value: Any) -> Cell:
    """A value of the trail as a cell."""
    if value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@blueprint.get("/trail/<int:trace_id>")
@needs(Permission.TRAIL_READ)
def trace(trace_id: int) -> str:
    """One change: each column, before and after."""
    found = queries.trace(db.session(), trace_id)
    if found is None:
        abort(404)
    references = _people_named(found)
    names = queries.names_of(db.session(), {found.actor, *references})
    changed = [
        (column_name(column), in_words(column, before, names), in_words(column, after, names))
        for column, before, after in found.columns
    ]
    return render_template("access/trace.html", trace=found, names=names, changed=changed)


def _people_named(row: TraceRow) -> set[str]:
    found = [value for column, *pair in row.columns if column == "person_id" for value in pair]
    return {f"person:{value}" for value in found if value is not None}


def in_words(column: str, value: Any, names: dict[str, str]) -> str | None:
    """A value as people read it; None when there was none."""
    if value is None:
        return None
    if value == HIDDEN:
        return str(_("kept secret"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if column == "role" and value in set(Role):
        return str(ROLES[Role(value)])
    if column == "person_id":
        return names.get(f"person:{value}", str(value))
    return str(plain(value))


@blueprint.get("/trail/check")
@needs(Permission.TRAIL_READ)
@exports
def trail_check() -> str:
    """Walk the whole trail again and say whether it holds."""
    count, wrong = chain.verify(db.session())
    _length, last = chain.head(db.session())
    return render_template("access/trail_check.html", walked=count, wrong=wrong, last=last)
