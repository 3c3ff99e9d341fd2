"""Amounts and quantities as people of six languages type them, into cents and hundredths. Pure.

One rule settles what could be read in two ways: the decimal mark of the writer's language groups nothing where it
stands once. "1,234" is 1234 to whoever writes in English, Chinese or Arabic; to whoever writes in French, Russian or
Spanish it has three decimals, which no amount has, and they are asked. "1,23" and "1,234.56" leave no doubt.
"""

from __future__ import annotations

import re
from decimal import Decimal

from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import decimal_mark
from fundapp.kernel.money import MoreDecimals, parse_typed, seen

LARGEST = 1_000_000_000_00  # cents: a thousand million dollars, more than any fund of this kind ever held
LARGEST_QUANTITY = 1_000_000
PLACES = 2
NILS = frozenset("-–—−－")  # what tables of the United Nations print for nothing
_DOLLARS = re.compile(r"\s*(?:USD|US\s?\$|\$\s?US|\$|долл\.?(?:\s*США)?|دولار|美元)\s*", re.IGNORECASE)
_MINUS = re.compile(r"\((.+)\)", re.DOTALL)
_SHOWN = 40  # letters of what was typed that a message repeats


def cents_of(text: str, language: str, *, negative: bool = False, largest: int = LARGEST) -> int:
    """The cents of an amount in dollars, refused where it is none; a dash alone is nothing, as tables print it."""
    return _read(_without_currency(text), text, language, "amount", negative, largest)


def quantity_of(text: str, language: str) -> Decimal:
    """A quantity with at most two decimals: half a month, 12.5 days."""
    hundredths = _read(text.strip(), text, language, "quantity", False, LARGEST_QUANTITY * 10**PLACES)
    return Decimal(hundredths).scaleb(-PLACES)


def _without_currency(text: str) -> str:
    """The figures alone: United States dollars may be named before or behind them, once."""
    bare = seen(text).strip()
    before, behind = _DOLLARS.match(bare), [*_DOLLARS.finditer(bare)][-1:]
    if before and before.end() < len(bare):
        return bare[before.end() :]
    if behind and behind[0].end() == len(bare) and behind[0].start():
        return bare[: behind[0].start()]
    return bare


def _read(bare: str, text: str, language: str, what: str, negative: bool, largest: int) -> int:
    if not bare:
        raise refuse("quantity.empty" if what == "quantity" else "amount.empty")
    if bare in NILS:
        return 0
    shown = seen(text).strip()[:_SHOWN]
    in_brackets = _MINUS.fullmatch(bare)
    try:
        found = parse_typed(in_brackets[1] if in_brackets else bare, PLACES, decimal_mark(language))
    except MoreDecimals as error:
        raise refuse("amount.decimals", text=shown, found=error.found, most=PLACES) from None
    except ValueError:
        raise refuse("quantity.none" if what == "quantity" else "amount.none", text=shown) from None
    if in_brackets and found < 0:
        raise refuse("quantity.none" if what == "quantity" else "amount.none", text=shown)
    found = -found if in_brackets else found
    if found < 0 and not negative:
        raise refuse("amount.negative", text=shown)
    if abs(found) > largest:
        if what == "quantity":
            raise refuse("quantity.large", text=shown, largest_count=largest // 10**PLACES)
        raise refuse("amount.large", text=shown, largest_cents=largest)
    return found
