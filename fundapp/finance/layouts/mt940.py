"""Bank statements as SWIFT MT940; the package mt-940 knows its fields, here its messages become statements."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import mt940 as swift

from fundapp.finance.rules.bank import LONGEST_TEXT, Movement, ReadStatement, in_minor, one_line
from fundapp.kernel.errors import refuse

LAYOUT = "mt940"
logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it would write what it cannot read, with names, into the log
_START = re.compile(r"^:20:", re.MULTILINE)
_MOVEMENT = re.compile(r"^:61:", re.MULTILINE)
_END = re.compile(r"^-\}?\s*$|^\{", re.MULTILINE)
# Who is at the other end, as banks write it into field 86
_PAYER = re.compile(r"/(?:ORDP|BENM|CNTP)/(?:[^/\n]*/)?([^/\n]+(?:\n(?![:/])[^/\n]+)*)")
_NAMED = re.compile(r"/NAME/([^/\n]+(?:\n(?![:/])[^/\n]+)*)")
_NONE = {"", "NONREF", "NOTPROVIDED"}
_TEXTS = ("transaction_details", "posting_text", "purpose", "additional_purpose", "extra_details")
_NAMES = ("applicant_name", "recipient_name")
_REFERENCES = ("customer_reference", "end_to_end_reference", "extra_details", "bank_reference")
# A credit that is reversed (RC) leaves the account; without being told so the package has it come in
_OPTIONS = swift.Options(reversal_sign=True, case_insensitive_marks=True)


def read(content: bytes, name: str) -> tuple[ReadStatement, ...]:
    """The statements of a file; pages of one are put together."""
    pages: list[Mapping[str, Any]] = []
    found = []
    for message in _messages(_text(content, name)):
        pages.append(_parsed(message, name))
        if "final_closing_balance" in pages[-1]["data"]:
            found.append(_statement(pages, name))
            pages = []
    if pages or not found:
        raise refuse("bank.cut", name=name)
    return tuple(found)


def _text(content: bytes, name: str) -> str:
    """SWIFT's letters are ASCII; what goes beyond is UTF-8 or the alphabet of Western Europe."""
    if b"\0" in content:
        raise refuse("file.not-text", name=name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _messages(text: str) -> Iterator[str]:
    """Each message from its field 20 to the end of its block."""
    starts = [found.start() for found in _START.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        message = text[start:end]
        over = _END.search(message)
        yield message[: over.start()] if over else message


def _parsed(message: str, name: str) -> Mapping[str, Any]:
    """The fields of a message; a movement that cannot be read is refused, not left out."""
    try:
        found = swift.parse(message, options=_OPTIONS)
    except Exception as error:  # the package says in many ways that it cannot read a field
        raise refuse("bank.broken", name=name) from error
    movements = [dict(one.data) for one in found if one.data.get("amount") is not None]
    if len(movements) != len(_MOVEMENT.findall(message)):
        raise refuse("bank.broken", name=name)
    return {"data": dict(found.data), "movements": movements}


def _statement(pages: list[Mapping[str, Any]], name: str) -> ReadStatement:
    head, end = pages[0]["data"], pages[-1]["data"]
    opening, closing = head.get("final_opening_balance"), end["final_closing_balance"]
    account = one_line(str(head.get("account_identification") or ""), 40)
    if opening is None or not account:
        raise refuse("bank.cut", name=name)
    currency = str(closing.amount.currency)
    if currency != str(opening.amount.currency) or any(
        one_line(str(page["data"].get("account_identification") or ""), 40) != account for page in pages
    ):
        raise refuse("bank.several", name=name)
    number = "/".join(filter(None, (str(head.get(part) or "") for part in ("statement_number", "sequence_number"))))
    moved = tuple(_movement(one, currency) for page in pages for one in page["movements"])
    days = [one.booked_on for one in moved]
    return ReadStatement(
        LAYOUT, account, currency, one_line(number, 60), in_minor(opening.amount.amount, currency),
        in_minor(closing.amount.amount, currency), min([_day(opening.date), *days]), max([_day(closing.date), *days]),
        moved,
    )  # fmt: skip


def _day(found: date) -> date:
    """A plain day: the package has a kind of its own."""
    return date.fromordinal(found.toordinal())


def _movement(one: Mapping[str, Any], currency: str) -> Movement:
    text = " ".join(str(one[part]) for part in _TEXTS if one.get(part))
    details = str(one.get("transaction_details") or "")
    payer = next((str(one[part]) for part in _NAMES if one.get(part)), "")
    if not payer and (found := _NAMED.search(details) or _PAYER.search(details)):
        payer = found[1].replace("\n", "")
    said = (str(one.get(part) or "").strip() for part in _REFERENCES)
    reference = next((part for part in said if part.upper() not in _NONE), "")
    return Movement(
        _day(one.get("entry_date") or one["date"]), in_minor(one["amount"].amount, currency), one_line(reference),
        one_line(payer), one_line(text, LONGEST_TEXT),
    )  # fmt: skip
