"""Whether the program lives, and whether it can serve: for whoever watches over it."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from fundapp.kernel.database import db
from fundapp.web.settings import ROOT


@cache
def _heads() -> frozenset[str]:
    """The newest migration this program was made for."""
    return frozenset(ScriptDirectory(str(ROOT / "migrations")).get_heads())


def trouble() -> str | None:
    """Why the program cannot serve: "database" when that is away, "migrations" when it is of another version."""
    try:
        with db.engine.connect() as connection:
            connection.execute(sa.select(1))
            found = frozenset(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError:
        return "database"
    return None if found == _heads() else "migrations"
