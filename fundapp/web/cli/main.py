"""The command `fundapp`: its groups, and what becomes of everything that can go wrong."""

from __future__ import annotations

import io
import os
import sys

import click
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.exc import DBAPIError

from fundapp.access.policy import Refused
from fundapp.kernel.database import Busy
from fundapp.kernel.errors import Refusal
from fundapp.web.assemble import create_app
from fundapp.web.cli import books, people, published, setup
from fundapp.web.keys import Unsafe
from fundapp.web.sentences import sentences

REFUSED, MISUSE, STOPPED = 1, 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def fundapp() -> None:
    """The system that a United Nations voluntary fund runs on: the command line beside its pages."""


for command in (*setup.COMMANDS, *people.COMMANDS, *published.COMMANDS, *books.COMMANDS):
    fundapp.add_command(command)


def main() -> None:
    """Run one command; whatever goes wrong is a sentence on the error stream and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """The exit status of a command."""
    try:
        if not words or {"-h", "--help"} & {*words}:
            fundapp.main(words, prog_name="fundapp", standalone_mode=False)
            return 0
        app = create_app()
        with app.app_context(), force_locale("en"):
            return _within(app, words)
    except Unsafe as error:
        return _say(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return MISUSE
    except click.ClickException as error:
        error.show()
        return MISUSE


def _within(app: Flask, words: list[str]) -> int:
    try:
        outcome = fundapp.main(words, prog_name="fundapp", standalone_mode=False)
        return outcome if isinstance(outcome, int) else 0
    except Refusal as refusal:
        return _say(*sentences(refusal))
    except Refused as refused:
        return _say(f"That is not allowed: {refused}.")
    except Busy:
        return _say("The database is being written to by somebody else; nothing was changed. Try again.")
    except DBAPIError as error:
        return _say(database_trouble(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has enough
        return 0
    except OSError as error:
        return _say(f"{error.filename or 'The system'}: {error.strerror or error}. Nothing was changed.")
    except (KeyboardInterrupt, click.Abort):
        return STOPPED


def database_trouble(error: DBAPIError) -> str:
    """What a database that does not answer means, in a sentence; its own words follow, without the address."""
    said = str(error.orig).splitlines()[0] if error.orig else type(error).__name__
    if "no such table" in said or "does not exist" in said:
        return "The database has no tables yet. Run: fundapp init"
    if "locked" in said:
        return "The database is locked by another program; nothing was changed. Close that program and try again."
    if "full" in said:
        return "The disk is full; nothing was changed. Make room and try again."
    return f"The database does not answer as it should ({said}); nothing was changed."


def _say(*lines: str) -> int:
    for line in lines:
        click.echo(line, err=True)
    return REFUSED
