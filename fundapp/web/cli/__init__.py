"""The command line: fundapp …. Exit 0 done, 1 refused or found wanting, 2 misuse."""

from __future__ import annotations

import sys
from importlib import import_module

QUICK = {("statement", "income-expenditure"), ("statement", "contributions")}


def main() -> None:
    """Run one command. A statement for a terminal or another program is drawn without the application around it, whose
    pages take four times as long to load as the statement takes; whatever is unusual about it is for the whole one."""
    if tuple(sys.argv[1:3]) in QUICK and import_module("fundapp.web.cli.quick").said(sys.argv[2:]):
        return
    import_module("fundapp.web.cli.main").main()


__all__ = ["main"]
