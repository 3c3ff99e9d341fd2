"""A recommendation of the Universal Human Rights Index, whichever kind of file it comes in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from fundapp.kernel.text import fold
from fundapp.recommendations.layouts.incoming import clean, day, first_number, unique
from fundapp.recommendations.rules import Here, Mechanism, Recommended, World, cycle_of
from fundapp.recommendations.themes import LONGEST, persons, theme

_REVIEW = frozenset({"upr", "universal periodic review"})
_PARAGRAPH = re.compile(r"(\d{1,3}\.\d{1,4})\.?\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a file of the index says of one annotation; `columns` are the file's own words for each field."""

    id: str
    text: str
    body: str
    symbol: str
    issued: object
    countries: list[str]
    themes: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    cycle: str = ""
    session: str = ""
    positions: list[str] = field(default_factory=list)
    recommending: list[str] = field(default_factory=list)


def mechanism(body: str, world: World) -> tuple[Mechanism, str]:
    """Who recommends, and the code of a treaty body or the name of a special procedure."""
    form = fold(body)
    if form in _REVIEW:
        return Mechanism.UPR, ""
    if code := world.bodies.get(form):
        return Mechanism.TREATY_BODY, code
    return Mechanism.SPECIAL_PROCEDURE, body


def recommended(found: Annotation, here: Here, columns: Mapping[str, str]) -> Iterator[Recommended]:
    """The recommendation, once for each State that it concerns."""
    text = here.text(found.text, columns["text"])
    if not found.id or not found.body or not found.countries:
        missing = "id" if not found.id else "countries" if found.body else "body"
        here.wrong("recommendation.empty", columns[missing])
    of, body = mechanism(here.short(found.body, columns["body"], 120), here.reading.world)
    states = unique(here.state(name, columns["countries"]) for name in found.countries)
    by = unique(here.state(name, columns["recommending"]) for name in found.recommending)
    session = here.session(first_number(found.session), columns["session"]) if found.session else None
    cycle = here.cycle(first_number(found.cycle), columns.get("cycle", "-"))
    here.in_cycle(session, cycle, columns["session"])
    positions = {here.position(word, columns["positions"]) for word in found.positions}
    if len(positions) > 1:
        here.wrong("recommendation.positions", columns["positions"])
    goals = here.goals(found.goals, columns["goals"])
    issued = _issued(found, here, columns)
    for label in (*found.themes, *found.persons):
        here.short(label, columns["themes"], LONGEST)
    symbol = here.short(found.symbol, columns["symbol"], 60)
    numbered = _PARAGRAPH.match(text)
    text = text[numbered.end() :] if numbered else text
    mark = here.short(found.id, columns["id"], 100)
    for state in states if here.clean else ():
        yield Recommended(
            row=here.row,
            key=f"uhri:{mark}:{state}",
            mechanism=of,
            state=state,
            texts={here.reading.world.language: text},
            body=body,
            cycle=cycle or (cycle_of(session) if session else None),
            session=session,
            symbol=symbol,
            paragraph=numbered[1] if numbered else "",
            position=next(iter(positions), None),
            position_source="UHRI" if positions else "",
            issued=issued,
            states=by,
            themes=tuple(theme(label) for label in unique(found.themes)),
            persons=tuple(persons(label) for label in unique(found.persons)),
            goals=goals,
        )


def _issued(found: Annotation, here: Here, columns: Mapping[str, str]) -> date | None:
    try:
        return day(found.issued)
    except ValueError:
        here.wrong("recommendation.date", columns["issued"], text=clean(str(found.issued))[:40])
        return None
