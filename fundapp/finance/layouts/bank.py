"""Statements of an account at a bank: which layout a file has, and what it says."""

from __future__ import annotations

from fundapp.finance.layouts import camt053, mt940
from fundapp.finance.rules.bank import ReadStatement
from fundapp.kernel.errors import refuse

MOST_STATEMENTS = 400  # of a file: a year of days, and some


def read_bank(content: bytes, name: str) -> tuple[ReadStatement, ...]:
    """The statements of a file, whole and adding up; refused where it is no statement, cut, or of several minds."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096]
    if start.startswith(b"<") or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = camt053.read(content, name)
    elif b":20:" in start:
        found = mt940.read(content, name)
    else:
        raise refuse("bank.no-layout", name=name)
    if len(found) > MOST_STATEMENTS:
        raise refuse("bank.many", name=name, largest=MOST_STATEMENTS)
    return found
