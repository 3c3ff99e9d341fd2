"""What the fund takes from the world: countries under the names the United Nations gives them, goals, mechanisms.

These rows come with the program (data/SOURCES.md says from where) and only reference.load writes them. They point at
each other by the codes everyone knows them by: ISO 3166 alpha-3, M49, ISO 4217, the number of a goal.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.kernel.base import Entity, SixNames
from fundapp.kernel.work import OWN_TRAIL
from fundapp.reference.rules import Footing, Group, Standing, Status, holds


class Region(Entity, SixNames):
    """A region or subregion of the M49 standard; `within` is the region a subregion lies in."""

    __tablename__ = "region"
    code: Mapped[str] = mapped_column(sa.String(3), unique=True)
    within: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("region.code"))


class RegionalGroup(Entity, SixNames):
    """One of the five regional groups of Member States, under its name."""

    __tablename__ = "regional_group"
    code: Mapped[Group] = mapped_column(unique=True)


class Currency(Entity):
    """A currency by its ISO 4217 code; `exponent` counts its decimals; `until` is the day the euro took its place."""

    __tablename__ = "currency"
    code: Mapped[str] = mapped_column(sa.String(3), unique=True)
    exponent: Mapped[int]
    until: Mapped[date | None]


class Country(Entity, SixNames):
    """A State or area of the M49 standard under the name the United Nations prints today; code is ISO 3166 alpha-3."""

    __tablename__ = "country"
    code: Mapped[str] = mapped_column(sa.String(3), unique=True)
    alpha2: Mapped[str] = mapped_column(sa.String(2), unique=True)
    m49: Mapped[str] = mapped_column(sa.String(3), unique=True)
    standing: Mapped[Standing]
    subregion: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("region.code"))
    regional_group: Mapped[Group | None] = mapped_column(sa.ForeignKey("regional_group.code"))
    footing: Mapped[Footing | None]
    currency: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("currency.code"))
    former_names: Mapped[list[FormerName]] = relationship(order_by="FormerName.until", viewonly=True)
    statuses: Mapped[list[CountryStatus]] = relationship(viewonly=True)

    def name_on(self, language: str, on: date) -> str:
        """The name that a document of that day prints."""
        return next((past.name(language) for past in self.former_names if on < past.until), self.name(language))

    def has_status(self, status: Status, on: date) -> bool:
        """Whether the country was, say, a least developed one on that day."""
        return any(held.status is status and holds(held.since, held.until, on) for held in self.statuses)


class FormerName(Entity, SixNames):
    """What a country was printed as before `until`, the first day of the name that followed."""

    __tablename__ = "former_name"
    country: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    until: Mapped[date]
    __table_args__ = (sa.UniqueConstraint("country", "until"),)


class CountryAlias(Entity):
    """A spelling, folded, that means a country: its names in six languages, old ones, and what files say."""

    __tablename__ = "country_alias"
    form: Mapped[str] = mapped_column(sa.String(120), unique=True)
    country: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"), index=True)


class CountryStatus(Entity):
    """A special situation of a country; without `since`, from before 2009, the fund's first year; `until` the day it
    ended."""

    __tablename__ = "country_status"
    country: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    status: Mapped[Status]
    since: Mapped[date | None]
    until: Mapped[date | None]
    __table_args__ = (sa.UniqueConstraint("country", "status"),)


class Goal(Entity, SixNames):
    """A Sustainable Development Goal under its short title."""

    __tablename__ = "goal"
    number: Mapped[int] = mapped_column(unique=True)


class Target(Entity):
    """A target of a goal, by its code: "16.3", or "16.a" for a means of implementation."""

    __tablename__ = "target"
    code: Mapped[str] = mapped_column(sa.String(5), unique=True)
    goal: Mapped[int] = mapped_column(sa.ForeignKey("goal.number"), index=True)


class TreatyBody(Entity, SixNames):
    """A committee of a human rights treaty; `symbol` begins its documents' symbols, `instrument` is the treaty."""

    __tablename__ = "treaty_body"
    code: Mapped[str] = mapped_column(sa.String(10), unique=True)
    symbol: Mapped[str] = mapped_column(sa.String(20))
    instrument: Mapped[str] = mapped_column(sa.String(10))


class ExchangeRate(Entity):
    """A United Nations operational rate of exchange: units of a currency for one dollar, from a day on until the next.

    source: the file that it came with. A rate that is there is never changed.
    """

    __tablename__ = "exchange_rate"
    currency: Mapped[str] = mapped_column(sa.String(3), sa.ForeignKey("currency.code"))
    since: Mapped[date]
    rate: Mapped[Decimal]
    source: Mapped[str] = mapped_column(sa.String(255))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(255))
    __table_args__ = (sa.UniqueConstraint("currency", "since"),)


# New rows are written in bulk and traced as one digest a table; a row that changes is traced as itself.
TABLES = (
    Region,
    RegionalGroup,
    Currency,
    Country,
    FormerName,
    CountryAlias,
    CountryStatus,
    Goal,
    Target,
    TreatyBody,
)
OWN_TRAIL.update(table.__tablename__ for table in (*TABLES, ExchangeRate))
