"""Tables as a query needs them: a name and some columns, without the models, which take longer to load than a statement
takes to read. A test holds every outline to its model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from fundapp.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    Asked = Session | sa.Connection  # what answers a query

KEY, CENTS, YEAR, TEXT, DAY, FLAG = (
    sa.BigInteger(),
    sa.BigInteger(),
    sa.BigInteger(),
    sa.String(),
    sa.Date(),
    sa.Boolean(),
)
NAMES: dict[str, TypeEngine[Any]] = {f"name_{language}": TEXT for language in LANGUAGES}
OUTLINES: list[sa.TableClause] = []


def outline(name: str, **columns: TypeEngine[Any]) -> sa.TableClause:
    """A table by its name and those of its columns that queries ask for."""
    made = sa.table(name, *(sa.column(column, kind) for column, kind in columns.items()))
    OUTLINES.append(made)
    return made


def names(row: sa.Row[*tuple[Any, ...]]) -> dict[str, str]:
    """Language -> name, of a row that was asked for NAMES."""
    return {language: getattr(row, f"name_{language}") for language in LANGUAGES}
