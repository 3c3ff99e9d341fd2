"""Commands that need the database and the words, and neither pages nor documents: half the time and memory to load."""

from __future__ import annotations

from importlib import import_module

import click

from fundapp.web.cli import LEAN, answers
from fundapp.web.ground import without_pages


def run(words: list[str]) -> int:
    """The exit status of a command of LEAN."""
    group, name = words[:2]
    module, of = LEAN[group, name]
    command = click.Group("fundapp", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
    inner = click.Group(group)
    inner.add_command(getattr(import_module(module), of), name)
    command.add_command(inner)
    return answers.run(words, command, without_pages)
