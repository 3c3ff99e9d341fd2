"""The calendar of reviews: every State by its next moment, on the page and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from fundapp.access.forms import page_of
from fundapp.access.gate import exports, needs
from fundapp.access.policy import Permission
from fundapp.access.views.address import day, language, number
from fundapp.access.views.page import file, last_page
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.errors import refuse
from fundapp.kernel.icalendar import Event, calendar_text
from fundapp.kernel.sheets import Cell
from fundapp.recommendations.forms.calendar import CalendarForm
from fundapp.recommendations.queries.reviews import Due, Place, every_review, moments, places
from fundapp.recommendations.rules import Moment
from fundapp.recommendations.rules.reviews import FIRST_DAY, YEARS_AHEAD, is_over, last_of
from fundapp.recommendations.views.blueprint import blueprint
from fundapp.recommendations.words import MOMENTS
from fundapp.reference.queries import regional_groups, regions

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Which moments: from and to which day (from today on where nothing is said), of which States, which of them."""

    since: date | None
    until: date | None
    moment: str
    state: str
    group: str
    region: str

    def takes(self, due: Due, place: Place) -> bool:
        """Whether a moment is asked for; a reckoned one is where any day of its month is."""
        point = due.point
        return (
            (self.since is None or not is_over(point, self.since))
            and (self.until is None or (point.on.replace(day=1) if point.reckoned else point.on) <= self.until)
            and self.moment in ("", point.moment)
            and self.state in ("", due.review.state)
            and self.group in ("", place.group)
            and self.region in ("", place.subregion)
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A moment in the calendar with the name of its State."""

    due: Due
    name: str


def asked() -> Asked:
    """What the address asks for; what cannot be chosen is refused by name."""
    year, since, until = number("year"), day("from"), day("to")
    if year is not None:
        last = today().year + YEARS_AHEAD + 5
        if not FIRST_DAY.year <= year <= last:
            raise refuse("address.no-year", text=str(year), first=FIRST_DAY.year, last=last)
        since, until = max(since or date.min, date(year, 1, 1)), min(until or date.max, date(year, 12, 31))
    if since and until and until < since:
        raise refuse("period.upside-down", first=since.isoformat(), last=until.isoformat())
    words = {name: request.args.get(name, "").strip() for name in ("moment", "state", "group", "region")}
    if words["moment"] and words["moment"] not in set(Moment):
        raise refuse("address.not-offered", name="moment", text=words["moment"][:20])
    return Asked(since or (None if until else today()), until, **words)


def found(want: Asked, known: Mapping[str, Place]) -> list[Shown]:
    """The moments that are asked for, by their days."""
    for name in ("state", "group", "region"):
        text = getattr(want, name)
        if text and text not in _choices(known)[name]:
            raise refuse("address.not-offered", name=name, text=text[:20])
    every = moments(every_review(db.session()))
    return [Shown(due, known[due.review.state].name) for due in every if want.takes(due, known[due.review.state])]


def _choices(known: Mapping[str, Place]) -> dict[str, set[str]]:
    groups, parts = ({getattr(place, name) for place in known.values()} for name in ("group", "subregion"))
    return {"state": set(known), "group": groups, "region": parts}


@blueprint.get("/calendar")
@needs(Permission.RECOMMENDATION_READ)
def calendar() -> str:
    """What is due when, of all States."""
    want, known = asked(), places(db.session(), language())
    rows = found(want, known)
    last = last_page(len(rows), PAGE)
    page = min(page_of(request.args), last)
    return render_template(
        "recommendations/calendar.html",
        form=_form(known),
        rows=rows[(page - 1) * PAGE : page * PAGE],
        total=len(rows),
        page=page,
        last=last,
        want=want,
        today=today(),
        filters={name: value for name, value in request.args.items() if value and name not in ("page", "lang")},
    )


def _form(known: Mapping[str, Place]) -> CalendarForm:
    """The filters; States to choose from are those of the review, and any other that was asked for."""
    used = {place.subregion for place in known.values() if place.member}
    states = [(code, place.name) for code, place in known.items() if place.member or code == request.args.get("state")]
    groups = [(group.code.value, group.name(language())) for group in regional_groups(db.session())]
    parts = [(region.code, region.name(language())) for region in regions(db.session()) if region.code in used]
    return CalendarForm(request.args).offer(states, groups, sorted(parts, key=lambda one: one[1]))


@blueprint.get("/calendar.<any(csv, xlsx, ics):kind>")
@needs(Permission.RECOMMENDATION_READ)
@exports
def calendar_file(kind: str) -> Response:
    """The calendar with the filters of its address: as a table, or for one's own calendar."""
    rows = found(asked(), places(db.session(), language()))
    if kind == "ics":
        return _for_calendars(rows)
    headings = [_("Date"), _("Reckoned"), _("Code"), _("State under review"), _("Moment"), _("Cycle"), _("Session")]
    return file(kind, "calendar", headings, _cells(rows), len(rows))


def _cells(rows: list[Shown]) -> Iterator[list[Cell]]:
    for row in rows:
        point = row.due.point
        when = point.on.isoformat()[:7] if point.reckoned else point.on.isoformat()
        reckoned = _("Yes") if point.reckoned else _("No")
        moment = str(MOMENTS[point.moment])
        yield [when, reckoned, row.due.review.state, row.name, moment, row.due.cycle, row.due.session]


def _for_calendars(rows: list[Shown]) -> Response:
    text = calendar_text(_("Reviews of States"), map(_event, rows), now())
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return response


def _event(row: Shown) -> Event:
    """A recorded moment is its day; a reckoned one its whole month, as something that is not sure."""
    point, session = row.due.point, row.due.session
    lines = [_("Cycle %(number)s", number=row.due.cycle)]
    lines += [_("Session %(number)s", number=session)] if session else []
    lines += [_("Reckoned: nobody has recorded the day.")] if point.reckoned else []
    return Event(
        uid=f"{row.due.name}@fundapp",
        on=point.on.replace(day=1) if point.reckoned else point.on,
        until=last_of(point.on) if point.reckoned else None,
        title=f"{row.name}: {MOMENTS[point.moment]}",
        text="\n".join(lines),
        link=url_for("recommendations.state", code=row.due.review.state, _external=True),
        tentative=point.reckoned,
    )
