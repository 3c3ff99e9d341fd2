"""Statements as text, CSV and JSON without the application around them: the books, the words, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from fundapp.finance.drawn import contributions, fund_asked, statement
from fundapp.kernel import engine
from fundapp.publishing.plain import Facts, as_csv, as_json, as_text
from fundapp.publishing.words import Words
from fundapp.web import settings

WRITTEN = {"text": as_text, "csv": as_csv, "json": as_json}
OPTIONS = {"income-expenditure": {"--from", "--to"}, "contributions": {"--to"}}
SHARED = {"--language": "en", "--format": "text"}


def said(words: Sequence[str]) -> bool:
    """Whether a statement was asked for as it is said quickly, and is printed; else nothing was, and somebody else says
    what is wrong or writes the file."""
    try:
        text = _drawn(words)
        if text is not None:
            _write(text.encode())
    except Exception:
        return False
    return text is not None


def _write(content: bytes) -> None:
    """Past Python's buffer: what it could not write it would keep, and try again at the very end."""
    stream = sys.stdout.fileno()
    while content:
        content = content[os.write(stream, content) :]


def _drawn(words: Sequence[str]) -> str | None:
    kind, asked = words[0], _asked(words)
    if asked is None:
        return None
    instance = settings.instance_folder()
    found = settings.read(instance, os.environ, {})
    address = engine.url(found.database_url or None, instance)
    with sa.create_engine(address, **engine.engine_options(address)).connect() as session:
        fund = fund_asked(session, asked["fund"])
        if fund is None:
            return None
        last = date.fromisoformat(asked["--to"])
        facts: Facts
        if kind == "contributions":
            facts = contributions(session, fund, last)
        else:
            facts = statement(session, fund, date.fromisoformat(asked["--from"]), last)
    return WRITTEN[asked["--format"]](facts, Words(asked["--language"]))


def _asked(words: Sequence[str]) -> dict[str, str] | None:
    """The fund and the options, each named once and followed by its value; None for anything else."""
    needed = OPTIONS[words[0]]
    found: dict[str, str] = {}
    rest = list(words[1:])
    while rest:
        word = rest.pop(0)
        name, value = (word, rest.pop(0) if rest else "") if word.startswith("-") else ("fund", word)
        if name in found or not value or (name != "fund" and name not in needed | SHARED.keys()):
            return None
        found[name] = value
    if not {"fund", *needed} <= found.keys():
        return None
    return SHARED | found
