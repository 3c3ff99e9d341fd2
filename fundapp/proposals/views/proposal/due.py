"""What is due for whoever looks: closes of calls, returned proposals, unanswered questions, what stands for long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file, last_page
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.icalendar import Event, calendar_text
from fundapp.kernel.sheets import Cell
from fundapp.proposals.queries.board import STANDING, Waits, closes, open_questions, returns, standing
from fundapp.proposals.queries.listing import PAGE
from fundapp.proposals.queries.proposals import HandedIn
from fundapp.proposals.rules import best, local
from fundapp.proposals.views.calls.blueprint import fund_here
from fundapp.proposals.views.proposal.blueprint import blueprint, does
from fundapp.proposals.words import PROPOSAL_STAGES

KINDS = {
    "close": _l("The call closes"),
    "return": _l("It is to come back"),
    "question": _l("A question waits for an answer"),
    "standing": _l("It stands for long"),
}
DEADLINES = frozenset({"close", "return"})  # what has a day by which; the others wait since one


@dataclass(frozen=True, slots=True)
class Due:
    """Something due: its day (a deadline, or since when), what it is about and where that is."""

    kind: str
    on: date
    days: int  # from today; negative for a day that is over
    code: str
    title: str
    language: str
    href: str
    note: str = ""

    @property
    def late(self) -> bool:
        """Whether a deadline is over."""
        return self.kind in DEADLINES and self.days < 0

    @property
    def when(self) -> str:
        """How far away its day is, in words."""
        if self.days == 0:
            return str(_("today"))
        if self.days > 0:
            return str(ngettext("in %(num)s day", "in %(num)s days", self.days))
        return str(ngettext("%(num)s day ago", "%(num)s days ago", -self.days))


def _mine() -> bool:
    return request.args.get("whose", "") == "mine" and does(Permission.PROPOSAL_SCREEN, HandedIn(fund_here().id))


def everything() -> list[Due]:
    """All that is due, the earliest day first; five queries at most."""
    session, who, fund, at, mine = db.session(), actor(), fund_here(), now(), _mine()
    today = at.date()
    found = [*_closes(today)]
    for kind, rows in (
        ("return", returns(session, who, fund, mine=mine)),
        ("question", open_questions(session, who, fund, mine=mine)),
        ("standing", standing(session, who, fund, at, mine=mine)),
    ):
        found += [_waits(kind, row, today) for row in rows]
    return sorted(found, key=lambda one: (one.on, one.code, one.kind))


def _closes(today: date) -> Iterator[Due]:
    for row in closes(db.session(), actor(), fund_here(), now()):
        assert row.closing
        title, on = best(row.title, language()), local(row.closing, row.zone).date()
        href = url_for("proposals.call", code=row.code)
        clock = f"{local(row.closing, row.zone):%H:%M} {row.zone}"
        yield Due("close", on, (on - today).days, row.code, title.text, title.language, href, clock)


def _waits(kind: str, row: Waits, today: date) -> Due:
    on = row.at.date()
    note = str(PROPOSAL_STAGES.get(row.stage, row.stage))
    if kind == "question":
        note = str(ngettext("%(num)s question", "%(num)s questions", row.many))
    href = url_for("proposal.one", reference=row.reference)
    return Due(kind, on, (on - today).days, row.reference, row.title, row.language, href, note)


@blueprint.get("/due")
@needs(Permission.PROPOSAL_READ)
def due() -> str:
    """What is due."""
    rows = everything()
    last = last_page(len(rows), PAGE)
    page = min(page_of(request.args), last)
    handed_in = HandedIn(fund_here().id)
    return render_template(
        "proposals/proposal/due.html",
        rows=rows[(page - 1) * PAGE : page * PAGE],
        total=len(rows),
        late=sum(one.late for one in rows),
        kinds=KINDS,
        page=page,
        last=last,
        mine=_mine(),
        screens=does(Permission.PROPOSAL_SCREEN, handed_in),
        long=STANDING,
    )


@blueprint.get("/due.<any(csv, xlsx, ics):kind>")
@needs(Permission.PROPOSAL_READ)
@exports
def due_file(kind: str) -> Response:
    """What is due as a table, or its deadlines for one's own calendar."""
    rows, name = everything(), f"{fund_here().code}-due"
    if kind == "ics":
        text = calendar_text(_("What is due"), [_event(row) for row in rows if row.kind in DEADLINES], now())
        response = Response(text, mimetype="text/calendar")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
        return response
    headings = (_("Date"), _("Days"), _("What"), _("Code"), _("Title"), _("More"))
    return file(kind, name, headings, list(_cells(rows)), len(rows))


def _cells(rows: Iterable[Due]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield row.on.isoformat(), row.days, str(KINDS[row.kind]), row.code, row.title, row.note


def _event(row: Due) -> Event:
    words: dict[str, Any] = {"what": KINDS[row.kind], "code": row.code}
    return Event(
        uid=f"{fund_here().code}-{row.kind}-{row.code}@fundapp",
        on=row.on,
        title=_("%(code)s: %(what)s", **words),
        text=row.title,
        link=request.url_root.rstrip("/") + row.href,
    )
