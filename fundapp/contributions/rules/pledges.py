"""What a pledge must say: an amount, in instalments that add up to it, on days that can be. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.money import Money, is_code

MOST_INSTALMENTS = 24
LARGEST = 10**15  # minor units; a trillion dollars is a slip of the pen
LONGEST_REFERENCE, LONGEST_TEXT = 80, 5_000  # characters
EARLIEST, AHEAD = date(1945, 10, 24), 50  # the United Nations were founded; years that are looked ahead
UNBOUND = "none"  # the earmark of what is given for the fund as a whole
OF_A_KIND = frozenset({"theme", "region", "country", "project"})  # earmarks that say for which


@dataclass(frozen=True, slots=True)
class Part:
    """An instalment as it is said: minor units, and the day it is due."""

    minor: int
    due_on: date


@dataclass(frozen=True, slots=True)
class GivenPledge:
    """A pledge as it is said. donor: its key. minor: of the currency. support_cost_rate: a share of one, or none."""

    donor: int
    kind: str
    reference: str
    currency: str
    minor: int
    announced_on: date
    parts: tuple[Part, ...]
    binds_on: date | None = None
    ends_on: date | None = None
    earmark: str = UNBOUND
    earmarked_for: str = ""
    conditions: str = ""
    support_cost_rate: Decimal | None = None
    reporting: str = ""
    report_due_on: date | None = None
    language: str = "en"

    @property
    def in_order(self) -> tuple[Part, ...]:
        """Its instalments by the day they are due."""
        return tuple(sorted(self.parts, key=lambda part: part.due_on))


def pledge_faults(said: GivenPledge, today: date) -> list[Fault]:
    """What is wrong with a pledge, whatever else is recorded."""
    return [*_amount_faults(said), *_day_faults(said, today), *_text_faults(said)]


def _amount_faults(said: GivenPledge) -> Iterator[Fault]:
    if said.minor <= 0:
        yield Fault("pledge.amount", field="amount")
    elif said.minor > LARGEST:
        yield Fault("pledge.amount-large", field="amount")
    if not said.parts:
        yield Fault("pledge.no-instalment", field="amount_1")
        return
    if len(said.parts) > MOST_INSTALMENTS:
        yield Fault("pledge.instalments", {"largest": MOST_INSTALMENTS}, field="amount_1")
    wrong = [number for number, part in enumerate(said.parts, 1) if part.minor <= 0]
    for number in wrong:
        yield Fault("pledge.part-amount", {"number": number}, field=f"amount_{number}")
    total = sum(part.minor for part in said.parts)
    if said.minor > 0 and not wrong and total != said.minor and is_code(said.currency):
        sums = {"found": Money(total, said.currency), "amount": Money(said.minor, said.currency)}
        yield Fault("pledge.sum", sums, field="amount")


def _day_faults(said: GivenPledge, today: date) -> Iterator[Fault]:
    days = {name: getattr(said, name) for name in ("announced_on", "binds_on", "ends_on", "report_due_on")}
    days |= {f"due_{number}": part.due_on for number, part in enumerate(said.parts, 1)}
    yield from far(days, today)
    if said.announced_on > today:
        yield Fault("pledge.announced-ahead", {"day": said.announced_on.isoformat()}, field="announced_on")
    begins = said.binds_on or said.announced_on
    if said.ends_on and said.ends_on < begins:
        yield Fault("pledge.ends-early", {"since": begins.isoformat()}, field="ends_on")
    if said.report_due_on and said.report_due_on < begins:
        yield Fault("pledge.report-early", {"since": begins.isoformat()}, field="report_due_on")


def far(days: dict[str, date | None], today: date) -> Iterator[Fault]:
    """Days that cannot be right, by field."""
    for field, day in days.items():
        if day is not None and not (day >= EARLIEST and day.year <= today.year + AHEAD):
            yield Fault("board.day-far", {"found": day.isoformat(), "ahead": AHEAD}, field=field)


def _text_faults(said: GivenPledge) -> Iterator[Fault]:
    limits = {"reference": LONGEST_REFERENCE, "conditions": LONGEST_TEXT, "reporting": LONGEST_TEXT}
    yield from long({name: (getattr(said, name), largest) for name, largest in limits.items()})
    if said.support_cost_rate is not None and not 0 <= said.support_cost_rate <= 1:
        yield Fault("pledge.rate", field="rate")
    if said.earmark in OF_A_KIND and not said.earmarked_for:
        yield Fault("pledge.no-earmark", field=said.earmark)
    if said.language not in LANGUAGES:
        yield Fault("donor.no-language", field="language")


def long(texts: dict[str, tuple[str, int]]) -> Iterator[Fault]:
    """Texts that have more characters than are kept, by field."""
    for field, (text, largest) in texts.items():
        if len(text) > largest:
            yield Fault("call.long", {"found": len(text), "largest": largest}, field=field)


def shares(minor: int, parts: int) -> list[int]:
    """An amount in so many equal parts, of which the first take what is left over."""
    whole, rest = divmod(minor, parts)
    return [whole + (number < rest) for number in range(parts)]
