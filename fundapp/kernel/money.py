"""Money: whole minor units of one currency. Pure; floats are refused, currencies never mix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# ISO 4217: currencies whose minor unit is not a hundredth.
_WHOLE = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
    *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
)
_THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
EXPONENTS = {
    **dict.fromkeys(_WHOLE, 0),
    **dict.fromkeys(_THOUSANDTHS, 3),
}
_CODE = re.compile(r"[A-Z]{3}")
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009"), None)
# Arabic, Persian and full-width figures, their separators, and the signs that stand for a minus or an apostrophe
_TYPED = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９٫٬．，\u2212－’'\u00a0\u202f\u2009\u3000",
    "0123456789" * 3 + ".,.,--" + " " * 6,
)
# Marks of direction and signs of no width, which come with what is copied out of an Arabic letter or a page of ours
_UNSEEN = dict.fromkeys(
    [0x061C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF]
)
_GROUPED = re.compile(r"[0-9]+|[0-9]{1,3}(?:(?P<mark>[ ,.])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
# "346 597.13", "1234.5", "(5 647.59)", "-12": a space may group thousands, and then must do so properly
_PRINTED = re.compile(r"([0-9]{1,3}(?:[ \u00a0\u202f\u2009][0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")


def exponent(currency: str) -> int:
    """How many decimals the currency's minor unit has: 2 for USD, 0 for JPY, 3 for KWD."""
    return EXPONENTS.get(currency, 2)


def is_code(text: str) -> bool:
    """Whether a text looks like the code of a currency."""
    return _CODE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` counts the currency's minor units (cents of USD)."""

    minor: int
    currency: str = "USD"

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"money counts whole minor units, not {type(self.minor).__name__}")
        if not is_code(self.currency):
            raise ValueError(f"{self.currency!r} is no ISO 4217 code")

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Shares in proportion to the weights that add up to the whole: largest remainder, the first wins a tie."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights are 0 or more, and not all 0")
        shares = [abs(self.minor) * weight // total for weight in weights]
        remainders = [abs(self.minor) * weight % total for weight in weights]
        order = sorted(range(len(weights)), key=lambda n: -remainders[n])
        for n in order[: abs(self.minor) - sum(shares)]:
            shares[n] += 1
        sign = -1 if self.minor < 0 else 1
        return tuple(Money(sign * share, self.currency) for share in shares)


def parse_printed(text: str, places: int = 2) -> int | None:
    """Minor units of a figure as a table prints it: "(5 647.59)" is negative, "-" is 0, "" is None (a header line).

    Raises ValueError for anything else, and for more decimals than the currency has.
    """
    bare = text.strip().replace("\u2212", "-")
    if not bare:
        return None
    if bare in {"-", "\u2013", "\u2014"}:
        return 0
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        negative, bare = True, bare[1:-1].strip()
    elif bare.startswith("-"):
        negative, bare = True, bare[1:].strip()
    found = _PRINTED.fullmatch(bare)
    if not found:
        raise ValueError(f"{text!r} is no figure")
    whole, part = found[1].translate(_SPACES), found[2] or ""
    if len(part) > places:
        raise ValueError(f"{text!r} has more than {places} decimals")
    minor = int(whole + part.ljust(places, "0"))
    return -minor if negative else minor


class MoreDecimals(ValueError):
    """An amount that has more decimals than its currency, or may have; `found` says how many."""

    def __init__(self, text: str, found: int) -> None:
        super().__init__(f"{text!r} is no amount: it has {found} decimals")
        self.found = found


def seen(text: str) -> str:
    """A figure or code as its reader sees it, without the signs that only turn its direction."""
    return text if text.isascii() else text.translate(_UNSEEN)


def parse_typed(text: str, places: int = 2, mark: str | None = None) -> int:
    """Minor units of an amount as people of six languages type it: 1 234,56 and 1.234,56 and 1,234.56 and ١٢٣٤٫٥٦.

    The last separator is the decimal one if no more than `places` digits follow it; the others group thousands, and
    must do so properly. mark: the decimal mark of the writer's language, which groups nothing where it stands once:
    "1,234" is 1234 to an English writer, and may be 1.234 to a French one, whose three decimals are refused. Raises
    MoreDecimals for these, and ValueError for anything else that is no amount.
    """
    plain = seen(text).strip().translate(_TYPED)
    mark = "." if "٫" in text or "٬" in text else mark  # Arabic has a sign of its own for each
    sign, digits = (-1, plain[1:].lstrip()) if plain.startswith("-") else (1, plain)
    last = max(digits.rfind("."), digits.rfind(","))
    whole, part = digits, ""
    if last >= 0 and digits.count(digits[last]) == 1:
        before, after = digits[:last], digits[last + 1 :]
        is_decimal = len(after) != 3 or digits[last] == mark or not before.isdigit()
        if len(after) <= places:
            whole, part = before, after
        elif is_decimal and _GROUPED.fullmatch(before) and after.isascii() and after.isdigit():
            raise MoreDecimals(text, len(after))
    if not _GROUPED.fullmatch(whole) or not (part == "" or (part.isascii() and part.isdigit())):
        raise ValueError(f"{text!r} is no amount")
    return sign * int(re.sub("[ ,.]", "", whole) + part.ljust(places, "0"))


def printed_places(text: str) -> int:
    """How many decimals a figure was printed with."""
    return len(text.strip(" ()").partition(".")[2])


def decimal_text(minor: int, places: int = 2) -> str:
    """An amount for a machine: plain decimal, a minus for negative, nothing grouped."""
    whole, part = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}" + (f".{part:0{places}d}" if places else "")
