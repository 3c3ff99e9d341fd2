"""What contributions can be given for: focus areas of the fund, regions, countries, and projects, of which a later
package says here how they are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.contributions.models import Earmark
from fundapp.funds.models import Fund
from fundapp.funds.queries import focus_areas
from fundapp.reference.models import Country, Region
from fundapp.reference.queries import countries, regions
from fundapp.reference.rules import order_key

Projects = Callable[[Session, Actor, Fund], list[tuple[str, str]]]
PROJECTS: list[Projects] = []


@dataclass(frozen=True, slots=True)
class Earmarks:
    """What can be chosen, as somebody sees it: kind -> (code, name), in order."""

    of: dict[Earmark, list[tuple[str, str]]] = field(default_factory=dict)

    def label(self, earmark: Earmark, code: str) -> str | None:
        """What a code stands for; none for what is not there, or not for whoever reads."""
        return dict(self.of.get(earmark, [])).get(code)


def earmarks(session: Session, actor: Actor, fund: Fund, language: str) -> Earmarks:
    """What a contribution to a fund can be given for, but for projects that somebody may not see; four queries."""
    areas = [(area.code, area.name(language)) for area in focus_areas(session, fund)]
    world = [(one.code, one.name(language), one.name_en) for one in regions(session)]
    places = sorted(world, key=lambda one: order_key(one[1], one[2], language))
    return Earmarks(
        {
            Earmark.THEME: areas,
            Earmark.REGION: [(code, name) for code, name, _english in places],
            Earmark.COUNTRY: [(one.code, one.name) for one in countries(session, language)],
            Earmark.PROJECT: projects(session, actor, fund),
        }
    )


def projects(session: Session, actor: Actor, fund: Fund) -> list[tuple[str, str]]:
    """The projects that a contribution can be given for, as somebody may see them: reference and title."""
    return PROJECTS[0](session, actor, fund) if PROJECTS else []


def label_of(session: Session, actor: Actor, fund: Fund, earmark: Earmark, code: str, language: str) -> str | None:
    """What one code stands for; none for what is not there, or not for whoever reads. One query."""
    if earmark is Earmark.PROJECT:
        return dict(projects(session, actor, fund)).get(code)
    if earmark is Earmark.THEME:
        return next((area.name(language) for area in focus_areas(session, fund) if area.code == code), None)
    table = {Earmark.COUNTRY: Country, Earmark.REGION: Region}.get(earmark)
    if table is None:
        return None
    name = table.__table__.c[f"name_{language}"]
    return session.scalar(sa.select(name).where(table.__table__.c.code == code))
