"""The sessions of a fund's Board, and the page of one: what a secretary and a trustee start from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.forms import page_of
from fundapp.access.gate import actor, exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import language
from fundapp.access.views.page import file, last_page
from fundapp.access.words import actor_name
from fundapp.board.forms.sessions import SessionFilterForm
from fundapp.board.models import BoardSession, SessionStage, Way
from fundapp.board.queries.session_list import PAGE, SessionRow, SessionsWanted, sessions_of, years_of
from fundapp.board.queries.session_page import (
    Entry,
    Happened,
    Present,
    Standing,
    agenda,
    opens,
    people_and_moves,
    standings_and_reader,
)
from fundapp.board.queries.sessions import names_known
from fundapp.board.rules.invitation import Meeting, calendar
from fundapp.board.rules.sessions import CHANGEABLE, Prepared, Presence, lacks, presence, recorded, warnings
from fundapp.board.session_words import SESSION_STAGES, WAYS
from fundapp.board.views.blueprint import blueprint, session_at
from fundapp.board.views.session_parts import endpoint_at, may_open
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Cell
from fundapp.proposals.forms.calls import whole
from fundapp.proposals.views.calls.blueprint import does, fund_here

FILTERS = ("q", "stage", "way", "year", "sort")


def _wanted() -> tuple[SessionFilterForm, SessionsWanted]:
    form = SessionFilterForm(request.args).offer(years_of(db.session(), fund_here()))
    return form, form.wanted(request.args.get("sort", ""))


@blueprint.get("/sessions")
@needs(Permission.BOARD_READ)
def sessions() -> str:
    """The sessions of the Board, as the fund numbers them."""
    form, wanted = _wanted()
    rows = sessions_of(db.session(), actor(), fund_here(), wanted, today())
    last = last_page(len(rows), PAGE)
    page = min(page_of(request.args), last)
    return render_template(
        "board/sessions.html",
        form=form,
        wanted=wanted,
        rows=rows[PAGE * (page - 1) : PAGE * page],
        total=len(rows),
        page=page,
        last=last,
        today=today(),
        reads=does(Permission.SESSION_READ),
        runs=does(Permission.SESSION_RUN),
        filters={name: request.args[name] for name in FILTERS if request.args.get(name)},
    )


@blueprint.get("/sessions/list.<any(csv, xlsx):kind>")
@needs(Permission.BOARD_READ)
@exports
def sessions_file(kind: str) -> Response:
    """The sessions as they are filtered."""
    rows = sessions_of(db.session(), actor(), fund_here(), _wanted()[1], today())
    headings = (
        *(_("Number"), _("First day"), _("Last day"), _("Time zone"), _("How the Board meets"), _("Place")),
        *(_("Hosts"), _("Stage"), _("Agenda items"), _("Proposals"), _("Minutes approved")),
    )
    return file(kind, f"{fund_here().code}-sessions", headings, list(_cells(rows)), len(rows))


def _cells(rows: Iterable[SessionRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number, row.since.isoformat(), row.until.isoformat(), row.zone, str(WAYS[row.way]), row.place,
            row.hosts, str(SESSION_STAGES[row.stage]), row.items, row.proposals, _("yes") if row.approved else _("no"),
        )  # fmt: skip


# --------------------------------------------------------------------------------------------------------- one session


@dataclass(frozen=True, slots=True)
class Shown:
    """A session as its page shows it to somebody: the agenda, the proposals by item, who takes part; `mine`: whether
    they are one of its trustees; `undeclared`: proposals of which they have not said whether they have an interest."""

    of: BoardSession
    entries: Sequence[Entry]
    standings: Sequence[Standing]
    people: Sequence[Present]
    moves: Sequence[Happened]
    presence: Presence
    mine: bool

    def under(self, item: int) -> list[Standing]:
        """The proposals under an item."""
        return [one for one in self.standings if one.item_id == item]

    def opens(self, one: Standing) -> bool:
        """Whether a proposal is open to whoever looks."""
        return opens(actor(), one)

    @property
    def undeclared(self) -> list[Standing]:
        """What whoever looks has to declare still."""
        return [one for one in self.standings if one.mine is None] if self.mine else []

    @property
    def advised(self) -> int:
        """On how many of the proposals that are open to whoever looks the Board has advised."""
        return sum(1 for one in self.standings if one.advice and self.opens(one))

    @property
    def decided(self) -> int:
        """On how many of them somebody has decided."""
        return sum(1 for one in self.standings if one.decision and self.opens(one))

    @property
    def declared(self) -> int:
        """How many interests are declared, of all trustees in all proposals."""
        return sum(one.declared for one in self.standings)

    @property
    def expected(self) -> int:
        """How many there are to be declared."""
        return len(self.standings) * self.presence.trustees

    @property
    def cents(self) -> int:
        """What the proposals that are open to whoever looks ask for together."""
        return sum(one.cents for one in self.standings if self.opens(one))

    @property
    def prepared(self) -> Prepared:
        """How far it is prepared."""
        seated = [one for one in self.people if one.seated]
        return Prepared(
            len(self.entries),
            len(self.standings),
            len(seated),
            self.of.quorum,
            any(one.capacity == "chair" for one in seated),
            self.of.way == Way.WRITTEN,
            self.of.silent_until,
            recorded(self.of.planned_at, self.of.until),
        )


def shown(of: BoardSession) -> Shown:
    """A session as whoever looks may see it; three queries."""
    session, fund_id = db.session(), fund_here().id
    rows, kept = standings_and_reader(session, actor(), of, fund_id, language())
    people, moves = people_and_moves(session, of, kept.silent)
    mine = any(one.person_id == actor().id for one in people if one.person_id is not None)
    found = rows if names_known(actor(), of, fund_id, [one.move for one in moves]) else []
    return Shown(of, agenda(session, of, fund_id, kept), found, people, moves, presence(people, of.quorum), mine)


@blueprint.get("/sessions/<int:number>")
@needs(Permission.SESSION_READ)
def session(number: int) -> str:
    """A session of the Board: where it stands, what it takes up, who takes part."""
    of = session_at(number)
    found = shown(of)
    planned = of.stage == SessionStage.PLANNED
    return render_template(
        "board/session.html",
        session=of,
        number=number,
        shown=found,
        lacks=lacks(found.prepared, now()) if planned else [],
        warned=warnings(found.prepared) if planned else [],
        last=found.moves[0] if found.moves else None,
        recorded=recorded(of.planned_at, of.until),
        moved=whole(request.args.get("moved")),
        names={one.by: actor_name(one.by, {one.by: one.name} if one.name else {}) for one in found.moves},
        runs=does(Permission.SESSION_RUN, of),
        changes=does(Permission.SESSION_RUN, of) and of.stage in CHANGEABLE,
        interests=_there("/interests"),
        dossier=_there("/dossier"),
        minutes=_there("/minutes"),
        considers=may_open("board.considered"),
        today=today(),
        now=now(),
    )


def _there(suffix: str) -> str:
    found = endpoint_at(suffix)
    return found if found and may_open(found) else ""


# ------------------------------------------------------------------------------------------------------------ calendars


@blueprint.get("/sessions/<int:number>/session.ics")
@needs(Permission.SESSION_READ)
def session_calendar(number: int) -> Response:
    """A session for somebody's own calendar."""
    of = session_at(number)
    where = url_for("board.session", number=number, _external=True)
    silence = (str(_("Silence ends")), of.silent_until) if of.silent_until else None
    cancelled = of.stage == SessionStage.CANCELLED
    one = Meeting(
        f"board-session-{of.id}@{request.host.partition(':')[0]}", of.since, of.until, _called(number),
        _located(of.way, of.place), of.hosts, where, of.version, of.stage_since, cancelled, silence,
    )  # fmt: skip
    response = Response(calendar([one]), mimetype="text/calendar")
    name = f"{fund_here().code}-session-{number}.ics"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _called(number: int) -> str:
    return str(_("%(fund)s: session %(number)s of the Board of Trustees", fund=fund_here().code, number=number))


def _located(way: Way, place: str) -> str:
    return place if way == Way.PLACE else f"{WAYS[way]}{f': {place}' if place else ''}"
