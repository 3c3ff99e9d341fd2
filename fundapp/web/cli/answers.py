"""What becomes of a command, and of everything that can go wrong: a sentence on the error stream and an exit status."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.exc import ArgumentError, DBAPIError

from fundapp.access.policy import Refused
from fundapp.kernel.database import Busy
from fundapp.kernel.errors import Refusal
from fundapp.kernel.text import printable
from fundapp.publishing.words import CatalogueMissing
from fundapp.web.keys import Unsafe
from fundapp.web.sentences import sentences

REFUSED, MISUSE, STOPPED = 1, 2, 130
UNDEFINED_TABLE, UNDEFINED_COLUMN, DISK_FULL, READ_ONLY = "42P01", "42703", "53100", "25006"  # of PostgreSQL
MET = ("23505", "40P01")  # of PostgreSQL: the key is there by now; of two that wait for each other one must give way


def run(words: list[str], command: click.Command, application: Callable[[], Flask]) -> int:
    """The exit status of a command, in an application of its own; help needs none."""
    try:
        if not words or {"-h", "--help"} & {*words}:
            return answer(words, command)
        with application().app_context(), force_locale("en"):
            return answer(words, command)
    except Unsafe as error:
        return _say(str(error))
    except (ArgumentError, ModuleNotFoundError):
        return _say("FUNDAPP_DATABASE_URL is not the address of a database that this program knows.")
    except OSError as error:
        return _say(_system_trouble(error))
    except KeyboardInterrupt:
        return STOPPED


def answer(words: list[str], command: click.Command) -> int:
    """The exit status of a command, inside the application that is there."""
    given = sys.stdout
    try:
        outcome = command.main(words, prog_name="fundapp", standalone_mode=False)
        return outcome if isinstance(outcome, int) else 0
    except click.ClickException as error:
        error.show()
        return MISUSE
    except Refusal as refusal:
        return _say(*sentences(refusal))
    except Refused as refused:
        return _say(f"That is not allowed: {refused}.")
    except Busy:
        return _say("The database is being written to by somebody else; nothing was changed. Try again.")
    except (DBAPIError, sqlite3.Error) as error:
        return _say(database_trouble(error))
    except CatalogueMissing as error:
        return _say(str(error))
    except UnicodeEncodeError:
        return _say("An argument has bytes that are no letters.")
    except OSError as error:
        return _say(_system_trouble(error))
    except SystemExit:
        # click puts another stream there when the reader went away, as `head` does: it has enough, nothing is wrong
        return 0 if sys.stdout is not given else REFUSED
    except (KeyboardInterrupt, click.Abort):
        return STOPPED


def database_trouble(error: Exception) -> str:
    """What a database that does not answer means, in a sentence; its own words follow, without the address."""
    told = getattr(error, "orig", None) or error
    said = next(iter(str(told).splitlines()), type(told).__name__)
    kind = getattr(told, "sqlstate", None) or getattr(told, "sqlite_errorcode", 0) & 0xFF
    if kind == UNDEFINED_TABLE or "no such table" in said:
        return "The database has no tables yet. Run: fundapp init"
    if kind == UNDEFINED_COLUMN or "no such column" in said:
        return "The tables are of another version of this program. Run: fundapp init"
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "The database is locked by another program; nothing was changed. Close that program and try again."
    if kind in MET:
        return "Somebody else changed the same records at the same time; nothing of yours was changed. Try again."
    if kind in (DISK_FULL, sqlite3.SQLITE_FULL):
        return "The disk is full; nothing was changed. Make room and try again."
    if kind in (READ_ONLY, sqlite3.SQLITE_READONLY):
        return "The database can only be read; nothing was changed. Let the program write to it and try again."
    return f"The database does not answer as it should ({said}); nothing was changed."


def _system_trouble(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}." if error.filename else f"What the command says cannot be written: {reason}."


def _say(*lines: str) -> int:
    for line in lines:
        click.echo(printable(line), err=True)
    return REFUSED
