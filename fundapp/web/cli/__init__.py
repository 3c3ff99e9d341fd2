"""The command line: fundapp …. Exit 0 done, 1 refused or found wanting, 2 misuse."""

from __future__ import annotations

import io
import sys
from importlib import import_module

QUICK = {("statement", "income-expenditure"), ("statement", "contributions")}
# Commands that show no page and draw no document, and where they are
LEAN = {("import", "expenditure"): ("fundapp.web.cli.extracts", "import_expenditure")}


def main() -> None:
    """Run one command. A statement for a terminal or another program is drawn without the application around it, whose
    pages take four times as long to load as the statement takes; whatever is unusual about it is for the whole one."""
    words = sys.argv[1:]
    if tuple(words[:2]) in QUICK and import_module("fundapp.web.cli.quick").said(words[1:]):
        return
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    sys.exit(run(words))


def run(words: list[str]) -> int:
    """The exit status of a command."""
    if tuple(words[:2]) in LEAN:
        return int(import_module("fundapp.web.cli.lean").run(words))
    return int(import_module("fundapp.web.cli.main").run(words))


__all__ = ["main", "run"]
