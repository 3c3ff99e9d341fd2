"""The command line: fundapp …. Exit 0 done, 1 refused or found wanting, 2 misuse."""

from fundapp.web.cli.main import main

__all__ = ["main"]
