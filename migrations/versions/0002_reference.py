"""Countries under their names, goals, treaty bodies and currencies: the tables that reference.load fills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def six() -> list[sa.Column[str]]:
    return [sa.Column(f"name_{language}", sa.String(), nullable=False) for language in LANGUAGES]


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def table(name: str, *parts: sa.schema.SchemaItem, unique: tuple[tuple[str, ...], ...] = (("code",),)) -> None:
    """A table with a number for each row and the codes its rows are known by."""
    known_by = [sa.UniqueConstraint(*columns, name=op.f(f"uq_{name}_{'_'.join(columns)}")) for columns in unique]
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
    op.create_table(name, sa.Column("id", WHOLE, nullable=False), *parts, key, *known_by)


def points(name: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{name}_{column}"))


def upgrade() -> None:
    table(
        "region", text("code", 3), text("within", 3, nullable=True), *six(), points("region", "within", "region.code")
    )
    table("regional_group", text("code", 40), *six())
    table(
        "currency",
        text("code", 3),
        sa.Column("exponent", WHOLE, nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
    )
    table(
        "country",
        text("code", 3),
        text("alpha2", 2),
        text("m49", 3),
        text("standing", 40),
        text("subregion", 3, nullable=True),
        text("regional_group", 40, nullable=True),
        text("footing", 40, nullable=True),
        text("currency", 3, nullable=True),
        *six(),
        points("country", "subregion", "region.code"),
        points("country", "regional_group", "regional_group.code"),
        points("country", "currency", "currency.code"),
        unique=(("code",), ("alpha2",), ("m49",)),
    )
    table(
        "former_name",
        text("country", 3),
        sa.Column("until", sa.Date(), nullable=False),
        *six(),
        points("former_name", "country", "country.code"),
        unique=(("country", "until"),),
    )
    table(
        "country_alias",
        text("form", 120),
        text("country", 3),
        points("country_alias", "country", "country.code"),
        unique=(("form",),),
    )
    op.create_index("ix_country_alias_country", "country_alias", ["country"])
    table(
        "country_status",
        text("country", 3),
        text("status", 40),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        points("country_status", "country", "country.code"),
        unique=(("country", "status"),),
    )
    table("goal", sa.Column("number", WHOLE, nullable=False), *six(), unique=(("number",),))
    table("target", text("code", 5), sa.Column("goal", WHOLE, nullable=False), points("target", "goal", "goal.number"))
    op.create_index("ix_target_goal", "target", ["goal"])
    table("treaty_body", text("code", 10), text("symbol", 20), text("instrument", 10), *six())
