"""Amounts of other currencies in dollars, at a rate of so many units for one dollar. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from fundapp.kernel.money import exponent

DOLLARS = "USD"
PAR = Decimal(1)


def in_cents(minor: int, currency: str, rate: Decimal) -> int:
    """Minor units of a currency in US cents, half a cent rounded away from nil.

    rate: units of the currency for one dollar, as the United Nations publishes it. Dollars are never converted.
    """
    if currency == DOLLARS:
        return minor
    dollars = Decimal(minor).scaleb(-exponent(currency)) / rate
    return int(dollars.scaleb(2).quantize(PAR, ROUND_HALF_UP))


def share(cents: int, part: int, whole: int) -> int:
    """What part of an amount belongs to `part` of `whole` minor units: parts that add up to the whole add up to it when
    each is taken as the share up to it less the share before."""
    if not whole:
        return 0
    return int((Decimal(cents) * part / whole).quantize(PAR, ROUND_HALF_UP))
