"""Reading what was approved in a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office
from fundapp.access.policy import Actor
from fundapp.board.models import Considered, Decision, DecisionOutcome
from fundapp.board.queries.deciding import decided, stands
from fundapp.board.rules.approved import Approved
from fundapp.board.rules.course import APPROVING
from fundapp.funds.models import FocusArea, Fund
from fundapp.proposals.models import Proposal, ProposalArea
from fundapp.reference.models import Country, CountryStatus, Region
from fundapp.reference.queries import names_on
from fundapp.reference.rules import order_key

FIRST, LAST = 2009, 2100  # years of a fund of this kind


def years(session: Session, actor: Actor, fund: Fund) -> list[int]:
    """The years in which something was approved that somebody may know of, the newest first; one query."""
    asked = sa.select(Decision.at).join(Proposal, Proposal.id == Decision.proposal_id)
    asked = asked.where(decided(actor, fund.id), stands(), Decision.outcome.in_(sorted(APPROVING)))
    return sorted({at.year for at in session.scalars(asked)}, reverse=True)


def approved(session: Session, actor: Actor, fund: Fund, year: int, language: str) -> list[Approved]:
    """What was approved in a year by decisions that stand, in the order of the States' names; names are those of the
    end of that year. Six queries."""
    office = sa.orm.aliased(Office)
    asked = (
        sa.select(Decision, Proposal, office.name, Considered.asked_cents)
        .join(Considered, Considered.id == Decision.considered_id)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .join(office, office.id == Proposal.office_id)
        .where(decided(actor, fund.id), stands(), Decision.outcome.in_(sorted(APPROVING)))
        .where(Decision.at >= _begins(year), Decision.at < _begins(year + 1))
    )
    rows = session.execute(asked.order_by(Proposal.reference)).all()
    last = date(year, 12, 31)
    own, english = names_on(session, language, last), names_on(session, "en", last)
    places, statuses = _regions(session, language), _statuses(session)
    areas = _areas(session, fund, language, [proposal.id for _d, proposal, *_ in rows])
    found = [
        Approved(
            one.reference, one.title, one.language, one.country or "", own.get(one.country or "", ""),
            places.get(one.country or "", ""), areas.get(one.id, ()),
            _held(statuses.get(one.country or "", ()), made.at.date()), made.amount_cents or 0, asked,
            made.outcome is DecisionOutcome.CONDITIONS, made.at.date(), name,
        )
        for made, one, name, asked in rows
    ]  # fmt: skip
    return sorted(
        found, key=lambda one: (*order_key(one.state, english.get(one.country, ""), language), one.reference)
    )  # fmt: skip


def _begins(year: int) -> datetime:
    return datetime.combine(date(year, 1, 1), time())


def _regions(session: Session, language: str) -> Mapping[str, str]:
    """Country -> the region that it lies in, under its name; one query."""
    country, sub, region = Country.__table__, Region.__table__.alias("sub"), Region.__table__.alias("whole")
    name = f"name_{language}"
    asked = (
        sa.select(country.c.code, sa.func.coalesce(region.c[name], sub.c[name], ""))
        .outerjoin(sub, sub.c.code == country.c.subregion)
        .outerjoin(region, region.c.code == sub.c.within)
    )
    return dict(session.execute(asked).all())


def _statuses(session: Session) -> Mapping[str, Sequence[CountryStatus]]:
    found: defaultdict[str, list[CountryStatus]] = defaultdict(list)
    for one in session.scalars(sa.select(CountryStatus)):
        found[one.country].append(one)
    return found


def _held(statuses: Sequence[CountryStatus], on: date) -> tuple[str, ...]:
    """The special situations that a State was in on a day."""
    return tuple(
        sorted(
            one.status.value
            for one in statuses
            if (one.since is None or one.since <= on) and (one.until is None or on < one.until)
        )
    )


def _areas(session: Session, fund: Fund, language: str, keys: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """Proposal -> its focus areas under their names, in the order of the fund's; one query."""
    name = FocusArea.__table__.c[f"name_{language}"]
    asked = sa.select(ProposalArea.proposal_id, name).join(FocusArea, FocusArea.id == ProposalArea.area_id)
    asked = asked.where(FocusArea.fund_id == fund.id, ProposalArea.proposal_id.in_(keys)).order_by(FocusArea.position)
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for key, text in session.execute(asked):
        found[key] += (text,)
    return found
