"""What can be chosen on the pages of a proposal, out of the tables."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.funds.models import FocusArea
from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.models import Call, CallArea, CallPlace, CallQuestion
from fundapp.proposals.rules import Texts
from fundapp.reference.models import Country, Region, Target
from fundapp.reference.rules import Standing, order_key

Pair = tuple[str, str]
_COUNTRY, _REGION, _PLACE = Country.__table__, Region.__table__, CallPlace.__table__


def states_offered(session: Session, call: int, language: str) -> list[Pair]:
    """The States that a call is for, or all where it names no place, by name; one query."""
    above = sa.select(_REGION.c.within).where(_REGION.c.code == _COUNTRY.c.subregion).correlate(_COUNTRY)
    fits = sa.exists().where(
        _PLACE.c.call_id == call,
        sa.or_(
            _PLACE.c.state == _COUNTRY.c.code,
            _PLACE.c.regional_group == _COUNTRY.c.regional_group,
            _PLACE.c.region == _COUNTRY.c.subregion,
            _PLACE.c.region == above.scalar_subquery(),
        ),
    )
    anywhere = ~sa.exists().where(_PLACE.c.call_id == call)
    return _by_name(session, language, sa.or_(anywhere, fits))


def every_state(session: Session, language: str) -> list[Pair]:
    """All States by name; one query."""
    return _by_name(session, language)


def _by_name(session: Session, language: str, *where: sa.ColumnElement[bool]) -> list[Pair]:
    name, english = _COUNTRY.c[f"name_{language}"], _COUNTRY.c.name_en
    asked = sa.select(_COUNTRY.c.code, name.label("name"), english.label("english")).where(
        _COUNTRY.c.standing != Standing.AREA, *where
    )
    found = sorted(session.execute(asked), key=lambda row: order_key(row.name, row.english, language))
    return [(row.code, row.name) for row in found]


def state_name(session: Session, code: str, language: str) -> str:
    """The name of a State by its code, or the code."""
    asked = sa.select(_COUNTRY.c[f"name_{language}"]).where(_COUNTRY.c.code == code)
    return session.scalar(asked) or code


def areas_offered(session: Session, call: Call, language: str) -> list[Pair]:
    """The focus areas that a call is for; one query."""
    asked = sa.select(FocusArea).join(CallArea, CallArea.area_id == FocusArea.id).where(CallArea.call_id == call.id)
    return [(str(one.id), one.name(language)) for one in session.scalars(asked.order_by(FocusArea.position))]


def targets_by_goal(session: Session) -> dict[int, list[str]]:
    """The codes of targets under the number of their goal; one query."""
    found: dict[int, list[str]] = {}
    for goal, code in session.execute(sa.select(Target.goal, Target.code).order_by(Target.goal, Target.id)):
        found.setdefault(goal, []).append(code)
    return found


def questions_of(session: Session, call: Call) -> Sequence[tuple[str, Texts]]:
    """The questions of a call by code, in their order; one query."""
    asked = sa.select(CallQuestion).where(CallQuestion.call_id == call.id).order_by(CallQuestion.position)
    return [(one.code, {code: one.name(code) for code in LANGUAGES}) for one in session.scalars(asked)]
