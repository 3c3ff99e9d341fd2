"""The declarative base: naming, types and the mark of a secret. Knows SQLAlchemy, not Flask."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

from fundapp.kernel.languages import LANGUAGES

# Every constraint gets a name: SQLite's batch migrations cannot drop what has none.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# info=SECRET: the trail says that the column changed and never to what.
SECRET: dict[str, Any] = {"secret": True}


# What a migration makes beside the models, by the beginning of its name: indexes of words, each database has its own.
BESIDE_MODELS: set[str] = set()


def described(name: str | None, kind: str, _: Any) -> bool:
    """Whether models describe that table or index of the database; for Alembic's `include_name`."""
    return not (name and kind in ("table", "index") and name.startswith(tuple(BESIDE_MODELS)))


class RateText(sa.TypeDecorator[Decimal]):
    """A rate: a decimal kept as text, since SQLite's NUMERIC is a float."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    """Flask-SQLAlchemy copies this class' attributes into its own db.Model. A class attribute `type_annotation_map`
    is then refused ("both a 'registry' attribute and a type_annotation_map entry"): put it on a registry."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            # every StrEnum: by value, as text on both databases; without this by name, and a type of PostgreSQL's own
            StrEnum: sa.Enum(
                StrEnum, native_enum=False, length=40, values_callable=lambda kind: [member.value for member in kind]
            ),
            int: sa.BigInteger().with_variant(sa.Integer(), "sqlite"),  # INTEGER PRIMARY KEY is SQLite's rowid
            datetime: sa.DateTime(),  # UTC, naive: SQLite keeps no zone
            date: sa.Date(),
            str: sa.String(),
            Decimal: RateText(),
            dict[str, Any]: sa.JSON(),
        },
    )
    if TYPE_CHECKING:
        __table__: ClassVar[sa.Table]  # no model of ours maps anything but a table


class Entity(Base):
    """A row with an identity of its own; every change of one leaves a trace."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(primary_key=True)


class SixNames:
    """A name in each official language, equal: titles of accounts, countries and criteria are data, not catalogue."""

    name_ar: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    name_fr: Mapped[str]
    name_ru: Mapped[str]
    name_es: Mapped[str]

    def name(self, language: str) -> str:
        """The name in one of the six languages."""
        return str(getattr(self, f"name_{language}"))

    @property
    def names(self) -> dict[str, str]:
        """Language -> name."""
        return {language: self.name(language) for language in LANGUAGES}
