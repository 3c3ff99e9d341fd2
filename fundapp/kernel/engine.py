"""Which database, and how a connection to it is settled. Knows SQLAlchemy's core alone, which loads in a third of the
time that its mapper and Flask take: a command that only reads needs no more."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

PATIENCE = 5  # seconds a writer waits for another before "database is locked"


def url(setting: str | None, instance: Path) -> sa.URL:
    """The database to use; PostgreSQL addresses always get the psycopg 3 driver."""
    if not setting:
        return sa.URL.create("sqlite", database=str(instance / "fundapp.sqlite"))
    try:
        found = sa.make_url(setting)
    except ValueError as error:  # a port that is no number
        raise ArgumentError("the address of the database cannot be read") from error
    if found.drivername in ("postgres", "postgresql"):
        return found.set(drivername="postgresql+psycopg")
    return found


def engine_options(found: sa.URL) -> dict[str, object]:
    """Options that differ by database; given to SQLALCHEMY_ENGINE_OPTIONS."""
    if found.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": PATIENCE}}
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 4, "isolation_level": "READ COMMITTED"}


@event.listens_for(sa.Engine, "connect")
def _settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """SQLite per connection. sqlite3's own implicit BEGIN is switched off (Python 3.11 has no `autocommit`):
    it would start a DEFERRED transaction only at the first write, and never before a SELECT."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    _close_to_others(connection)
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "trusted_schema=OFF",
        "cache_size=-32000",  # kB: a transaction that changes more than it holds writes pages more than once
        "recursive_triggers=ON",  # or "insert or replace" deletes a row without asking the triggers that guard it
        f"busy_timeout={PATIENCE * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _close_to_others(connection: sqlite3.Connection) -> None:
    """People, letters and what signs them in are in the file, and it is made as readable as the system makes files.
    Done before the files of the journal are, which take their rights from it."""
    path = next(iter(connection.execute("PRAGMA database_list")))[2]
    if not path:  # in memory
        return
    with suppress(OSError):  # somebody else's, who says who reads it
        mode = os.stat(path).st_mode
        if mode & 0o077:
            os.chmod(path, stat.S_IMODE(mode) & ~0o077)


@event.listens_for(sa.Engine, "begin")
def _begin(connection: sa.Connection) -> None:
    """Readers get one snapshot for the page; they block nobody and nobody blocks them."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
