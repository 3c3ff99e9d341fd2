"""Reading the reference tables. Nothing is kept between calls: importers of many rows ask for a gazetteer once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.errors import refuse
from fundapp.reference.models import (
    Country,
    CountryAlias,
    CountryStatus,
    Currency,
    ExchangeRate,
    FormerName,
    Goal,
    Region,
    RegionalGroup,
    Target,
    TreatyBody,
)
from fundapp.reference.rules import Gazetteer, Group, Standing, Status, order_key, spellings


@dataclass(frozen=True, slots=True)
class Listed:
    """A country in a list: its code, what the United Nations calls it, and its standing."""

    code: str
    name: str
    standing: Standing


def country(session: Session, code: str) -> Country | None:
    """The country or area of an ISO 3166 alpha-3 code."""
    return session.scalar(sa.select(Country).where(Country.code == code))


def countries(session: Session, language: str, *, on: date | None = None, members: bool = False) -> list[Listed]:
    """Countries and areas (or Member States alone) in the order of their names; `on` gives the names of that day."""
    names, english = names_on(session, language, on), names_on(session, "en", on)
    asked = sa.select(Country.code, Country.standing)
    if members:
        asked = asked.where(Country.standing == Standing.MEMBER)
    found = [Listed(code, names[code], standing) for code, standing in session.execute(asked)]
    return sorted(found, key=lambda listed: order_key(listed.name, english[listed.code], language))


def names_on(session: Session, language: str, on: date | None = None) -> dict[str, str]:
    """Code -> the name that a document of that day prints (or one of today), for every country in two queries."""
    column = f"name_{language}"
    table, former = Country.__table__, FormerName.__table__
    found = dict(session.execute(sa.select(table.c.code, table.c[column])).all())
    if on is not None:
        past = sa.select(former.c.country, former.c[column]).where(former.c.until > on).order_by(former.c.until.desc())
        found.update(session.execute(past).all())  # the earliest end after that day comes last, and stays
    return found


def name_on(session: Session, code: str, language: str, on: date) -> str:
    """The name that a document of that day prints; a code nobody knows is printed as it is."""
    found = country(session, code)
    return found.name_on(language, on) if found else code


def resolve(session: Session, text: str) -> Country | None:
    """The country that someone wrote down in any of the six languages, under an old name, or as an ISO or M49 code."""
    code = text.strip()
    coded = sa.select(Country).where(sa.or_(Country.code == code, Country.alpha2 == code, Country.m49 == code))
    if found := session.scalar(coded):
        return found
    forms = list(spellings(text))
    asked = sa.select(CountryAlias.form, Country).join(Country, Country.code == CountryAlias.country)
    known = dict(session.execute(asked.where(CountryAlias.form.in_(forms))).all())
    return next((known[form] for form in forms if form in known), None)


def gazetteer(session: Session) -> Gazetteer:
    """Every spelling and code at once, to resolve the rows of a file without a query for each."""
    forms = dict(session.execute(sa.select(CountryAlias.form, CountryAlias.country)).all())
    codes: dict[str, str] = {}
    for code, alpha2, m49 in session.execute(sa.select(Country.code, Country.alpha2, Country.m49)):
        codes.update({code: code, alpha2: code, m49: code})
    return Gazetteer(forms, codes)


def nearest(session: Session, text: str, count: int = 3) -> list[Country]:
    """The countries somebody may have meant, likeliest first; none when nothing is close."""
    codes = gazetteer(session).nearest(text, count)
    found = {row.code: row for row in session.scalars(sa.select(Country).where(Country.code.in_(codes)))}
    return [found[code] for code in codes]


def has_status(session: Session, code: str, status: Status, on: date) -> bool:
    """Whether the country was, say, a least developed one on that day."""
    return code in countries_with(session, status, on)


def countries_with(session: Session, status: Status, on: date) -> set[str]:
    """The codes of the countries that had the status on that day."""
    held = CountryStatus
    asked = sa.select(held.country).where(
        held.status == status,
        sa.or_(held.since.is_(None), held.since <= on),
        sa.or_(held.until.is_(None), held.until > on),
    )
    return set(session.scalars(asked))


def regional_group(session: Session, code: str) -> Group | None:
    """The regional group that a State counts in for elections; none for areas."""
    return session.scalar(sa.select(Country.regional_group).where(Country.code == code))


def regional_groups(session: Session) -> Sequence[RegionalGroup]:
    """The five groups under their names."""
    return session.scalars(sa.select(RegionalGroup).order_by(RegionalGroup.id)).all()


def regions(session: Session) -> Sequence[Region]:
    """Regions and subregions of the M49 standard."""
    return session.scalars(sa.select(Region).order_by(Region.id)).all()


def goals(session: Session) -> Sequence[Goal]:
    """The 17 goals in their order."""
    return session.scalars(sa.select(Goal).order_by(Goal.number)).all()


def targets(session: Session, goal: int) -> Sequence[str]:
    """The codes of a goal's targets in their order: 1.1, 1.2, 1.a."""
    return session.scalars(sa.select(Target.code).where(Target.goal == goal).order_by(Target.id)).all()


def treaty_bodies(session: Session) -> Sequence[TreatyBody]:
    """The committees of the human rights treaties."""
    return session.scalars(sa.select(TreatyBody).order_by(TreatyBody.id)).all()


def currency(session: Session, code: str) -> Currency | None:
    """The currency of an ISO 4217 code."""
    return session.scalar(sa.select(Currency).where(Currency.code == code))


def currencies(session: Session, on: date) -> Sequence[Currency]:
    """The currencies in which money could move on that day, by code."""
    usable = sa.or_(Currency.until.is_(None), Currency.until > on)
    return session.scalars(sa.select(Currency).where(usable).order_by(Currency.code)).all()


def every_currency(session: Session) -> set[str]:
    """The codes of all currencies, those in use and those that were."""
    return set(session.scalars(sa.select(Currency.code)))


def rate_on(session: Session, currency: str, on: date) -> Decimal:
    """Units of a currency for one dollar on a day: the newest United Nations operational rate on or before it; dollars
    are at par. Refused where there is none. One query."""
    if currency == "USD":
        return Decimal(1)
    asked = sa.select(ExchangeRate.rate).where(ExchangeRate.currency == currency, ExchangeRate.since <= on)
    found = session.scalar(asked.order_by(ExchangeRate.since.desc()).limit(1))
    if found is None:
        raise refuse("rate.missing", currency=currency, day=on.isoformat())
    return found


def rates_known(session: Session, currencies: Collection[str]) -> Mapping[tuple[str, date], Decimal]:
    """The rates of some currencies: (code, first day) -> units for one dollar."""
    asked = sa.select(ExchangeRate.currency, ExchangeRate.since, ExchangeRate.rate)
    found = session.execute(asked.where(ExchangeRate.currency.in_(sorted(currencies))))
    return {(code, since): rate for code, since, rate in found}


def rates_in_force(session: Session, on: date) -> Sequence[ExchangeRate]:
    """The rate of each currency on a day, by code; one query."""
    newest = (
        sa.select(ExchangeRate.currency, sa.func.max(ExchangeRate.since).label("since"))
        .where(ExchangeRate.since <= on)
        .group_by(ExchangeRate.currency)
        .subquery()
    )
    joined = sa.and_(ExchangeRate.currency == newest.c.currency, ExchangeRate.since == newest.c.since)
    return session.scalars(sa.select(ExchangeRate).join(newest, joined).order_by(ExchangeRate.currency)).all()


def rates_of(session: Session, currency: str, until: date) -> Sequence[ExchangeRate]:
    """The rates of a currency up to a day, the newest first; one query."""
    asked = sa.select(ExchangeRate).where(ExchangeRate.currency == currency, ExchangeRate.since <= until)
    return session.scalars(asked.order_by(ExchangeRate.since.desc())).all()


def currencies_with_rates(session: Session) -> Sequence[str]:
    """The codes of the currencies that have a rate at all."""
    return session.scalars(sa.select(ExchangeRate.currency).distinct().order_by(ExchangeRate.currency)).all()
