"""Bank statements as ISO 20022 camt.053, of any version: an entry, or each payment of an entry, is a movement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from fundapp.finance.rules.bank import LONGEST_TEXT, Movement, ReadStatement, in_minor, one_line
from fundapp.kernel.errors import Refusal, refuse

LAYOUT = "camt053"
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_PLAIN = re.compile(r"(?=\.?\d)\d{0,18}(?:\.\d{0,9})?", re.ASCII)
_NOT_GIVEN = {"", "NOTPROVIDED", "NONREF"}
_REFERENCES = (
    "RmtInf/Strd/CdtrRefInf/Ref", "Refs/EndToEndId", "Refs/InstrId", "Refs/TxId", "Refs/AcctSvcrRef",
)  # fmt: skip
_TEXTS = ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf")
_PAYERS = ("RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm", "RltdPties/UltmtDbtr/Nm", "RltdPties/UltmtDbtr/Pty/Nm")
_PAYEES = ("RltdPties/Cdtr/Nm", "RltdPties/Cdtr/Pty/Nm")


def read(content: bytes, name: str) -> tuple[ReadStatement, ...]:
    """The statements of a file; what is pending is no movement yet."""
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise refuse("bank.broken", name=name) from error
    for one in root.iter():
        if isinstance(one.tag, str):
            one.tag = one.tag.rpartition("}")[2]
    found = root.findall("BkToCstmrStmt/Stmt")
    if not found:
        raise refuse("bank.no-layout", name=name)
    try:
        return tuple(_statement(one, name) for one in found)
    except ValueError as error:
        raise refuse("bank.broken", name=name) from error


def _said(of: Element, *paths: str) -> str:
    """The first of these that says something."""
    return next((text for path in paths for one in of.findall(path) if (text := (one.text or "").strip())), "")


def _statement(of: Element, name: str) -> ReadStatement:
    account = one_line(_said(of, "Acct/Id/IBAN", "Acct/Id/Othr/Id"), 40)
    opening, closing = _balance(of, OPENING), _balance(of, CLOSING)
    if not account or opening is None or closing is None:
        raise refuse("bank.cut", name=name)
    before, currency, since = opening
    after, other, until = closing
    moved = tuple(one for entry in of.findall("Ntry") for one in _movements(entry, currency, name))
    if other != currency:
        raise refuse("bank.several", name=name)
    days = [one.booked_on for one in moved]
    number = one_line(_said(of, "ElctrncSeqNb", "LglSeqNb", "Id"), 60)
    return ReadStatement(
        LAYOUT, account, currency, number, before, after, min([since, *days]), max([until, *days]), moved
    )


def _balance(of: Element, kinds: tuple[str, ...]) -> tuple[int, str, date] | None:
    """Minor units, currency and day of a balance of one of these kinds."""
    for kind in kinds:
        for one in of.findall("Bal"):
            if _said(one, "Tp/CdOrPrtry/Cd") == kind:
                minor, currency = _amount(one)
                return minor, currency, _day(_said(one, "Dt/Dt", "Dt/DtTm"))
    return None


def _amount(of: Element, path: str = "Amt") -> tuple[int, str]:
    """Minor units and currency; negative for a debit."""
    found = of.find(path)
    if found is None:
        raise ValueError(path)
    currency = (found.get("Ccy") or "").strip()
    if len(currency) != 3:
        raise ValueError(currency)
    side = _said(of, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise ValueError(side)
    return _minor(found, currency) * (1 if side == "CRDT" else -1), currency


def _minor(of: Element, currency: str) -> int:
    """Minor units; the side is said beside an amount, never by its sign."""
    text = (of.text or "").strip()
    if not _PLAIN.fullmatch(text):
        raise ValueError(text[:40])
    return in_minor(Decimal(text), currency)


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _movements(entry: Element, currency: str, name: str) -> Iterator[Movement]:
    """What an entry moved: each of its payments where these add up to it, and else the entry as one."""
    if _said(entry, "Sts/Cd", "Sts") not in ("BOOK", ""):
        return
    minor, own = _amount(entry)
    if own != currency:
        raise refuse("bank.several", name=name)
    on = _day(_said(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))
    details = entry.findall("NtryDtls/TxDtls")
    parts = [_part(one, currency, minor) for one in details]
    known = [part for part in parts if part is not None]
    if len(details) > 1 and len(known) == len(details) and sum(known) == minor:
        for one, part in zip(details, known, strict=True):
            yield _movement(entry, [one], on, part)
    else:
        yield _movement(entry, details, on, minor)


def _part(of: Element, currency: str, whole: int) -> int | None:
    """What one payment of an entry moved, where it says so in the currency of the account."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        found = of.find(path)
        if found is not None and found.get("Ccy") == currency:
            try:
                minor = _minor(found, currency)
            except (ValueError, Refusal):
                return None
            side = _said(of, "CdtDbtInd") or ("CRDT" if whole > 0 else "DBIT")
            return minor if side == "CRDT" else -minor
    return None


def _movement(entry: Element, details: list[Element], on: date, minor: int) -> Movement:
    references = [_given(_said(one, path)) for one in details for path in _REFERENCES]
    own = _given(_said(entry, "NtryRef")) or _given(_said(entry, "AcctSvcrRef"))
    paths = _PAYERS if minor > 0 else _PAYEES
    payers = dict.fromkeys(filter(None, (_said(one, *paths) for one in details)))
    texts = [one.text or "" for detail in details for path in _TEXTS for one in detail.findall(path)]
    texts += [*filter(None, references), _said(entry, "AddtlNtryInf")]
    return Movement(
        on, minor, one_line(next(filter(None, references), own)), one_line("; ".join(payers)),
        one_line(" ".join(dict.fromkeys(filter(None, texts))), LONGEST_TEXT),
    )  # fmt: skip


def _given(text: str) -> str:
    return "" if text.upper() in _NOT_GIVEN else text
