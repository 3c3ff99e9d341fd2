"""What a pledge, its instalments and a receipt come to: what is open, at what it was booked, gain or loss. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fundapp.finance.rules.books import ADVANCE, CASH
from fundapp.finance.rules.exchange import share
from fundapp.kernel.errors import refuse
from fundapp.kernel.money import Money
from fundapp.ledger.core import Entry, Line, Origin
from fundapp.ledger.rules import CONTRIBUTIONS, RECEIVABLE

FX, FX_PRIOR, FX_YEAR = "INC.FX.", "INC.FX.PRIOR", "INC.FX.YEAR"
FIRST_DAY = date(2008, 1, 1)  # before the first contribution to any of the funds
LONGEST_REFERENCE, LONGEST_TEXT, SHORTEST_REASON = 255, 2000, 5
LARGEST_MINOR = 10**17  # minor units; a slip of the pen beyond it
# What entries say of receipts and pledges; finance/views/memos.py says it in six languages.
PLEDGED, RECEIVED, SETTLED = "Pledge: ", "Receipt: ", "Settlement: "
LOWERED, WRITTEN_OFF, REFUNDED, UNDONE = "Reduction: ", "Write-off: ", "Refund: ", "Undone: "
ARROW, BELONGS = " → ", " · "


@dataclass(frozen=True, slots=True)
class Received:
    """Money that came in, as it is recorded: when, how much, by which reference of the bank."""

    on: date
    money: Money
    reference: str
    note: str = ""
    bank_line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an instalment stands: minor units of its currency, and cents as they were booked.

    recognised: what it was booked at, None where it was not. settled and lowered are by receipts and by changes;
    gave: the cents that receipts gave for what they settled.
    """

    minor: int
    recognised: int | None = None
    settled: int = 0
    settled_cents: int = 0
    gave: int = 0
    lowered: int = 0
    lowered_cents: int = 0

    @property
    def outstanding(self) -> int:
        """What is still to be paid, in minor units."""
        return self.minor - self.settled - self.lowered

    @property
    def outstanding_cents(self) -> int:
        """What the books still hold as receivable."""
        return (self.recognised or 0) - self.settled_cents - self.lowered_cents

    @property
    def gain(self) -> int:
        """What exchange gave (or, negative, took) on what was paid; nothing where it was not booked before."""
        return 0 if self.recognised is None else self.gave - self.settled_cents

    def booked_share(self, part: int) -> int:
        """What `part` of what is open was booked at; the last part takes whatever is left, to the cent."""
        if self.recognised is None:
            return 0
        done = self.settled + self.lowered
        # Measured from what is left and not from the share before: a receipt that was undone may have taken a cent more
        return max(0, share(self.recognised, done + part, self.minor) - self.settled_cents - self.lowered_cents)


@dataclass(frozen=True, slots=True)
class Purse:
    """A receipt and what became of it, in minor units of its currency; cents: what it was booked at.

    What it does not settle is held as received in advance, and goes back first.
    """

    minor: int
    cents: int
    settled: int = 0
    refunded: int = 0

    @property
    def used(self) -> int:
        """What is not held in advance any more."""
        return min(self.minor, self.settled + self.refunded)

    @property
    def left(self) -> int:
        """What may still settle an instalment."""
        return self.minor - self.used

    @property
    def left_cents(self) -> int:
        """What the books hold of it as received in advance."""
        return self.cents - share(self.cents, self.used, self.minor)

    @property
    def refundable(self) -> int:
        """What may still go back."""
        return self.minor - self.refunded

    def gives(self, part: int) -> int:
        """The cents of the next `part` of what is left."""
        return share(self.cents, self.used + part, self.minor) - share(self.cents, self.used, self.minor)

    def goes_back(self, part: int) -> tuple[int, int]:
        """The cents of a refund: out of what is held in advance, and beyond it out of income."""
        held = min(part, self.left)
        begun, beyond = max(0, self.settled + self.refunded - self.minor), part - held
        income = share(self.cents, begun + beyond, self.minor) - share(self.cents, begun, self.minor)
        return self.gives(held), income


def exchange_account(layout: Collection[str], donor: str, recognised_on: date, paid_on: date) -> str:
    """The account of gain or loss on a donor's pledge: its own where the statement prints one, else by whether the
    pledge was booked in an earlier year. layout: the codes of the accounts that the statement prints."""
    own = f"{FX}{donor}"
    if own in layout:
        return own
    if recognised_on.year == paid_on.year and FX_YEAR in layout:
        return FX_YEAR
    if FX_PRIOR in layout:
        return FX_PRIOR
    raise refuse("settle.no-exchange-account")


def belonging(memo: str, on: date, booked: date) -> str:
    """A memo that says to which day it belongs, where that day is closed and the entry is dated later."""
    return memo if on == booked else f"{memo}{BELONGS}{on.isoformat()}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """How the entries of a donor are written: fund, keys of the accounts, the donor."""

    fund_id: int
    ids: Mapping[str, int]
    donor_id: int

    def entry(self, on: date, memo: str, *moves: tuple[str, int, Origin | None]) -> Entry | None:
        """The moves as an entry: debit positive; those of nothing are left out, and of nothing at all is no entry."""
        lines = tuple(
            Line(self.ids[code], cents, self.donor_id, origin=origin) for code, cents, origin in moves if cents
        )
        return Entry(self.fund_id, on, memo, lines) if lines else None

    def recognised(self, on: date, memo: str, cents: int, money: Money, rate: Decimal) -> Entry | None:
        """A promise becomes income."""
        return self._both(on, memo, RECEIVABLE, CONTRIBUTIONS, cents, money, rate)

    def received(self, on: date, memo: str, cents: int, money: Money, rate: Decimal) -> Entry | None:
        """Money comes in, and is held in advance until it is said what it settles."""
        return self._both(on, memo, CASH, ADVANCE, cents, money, rate)

    def _both(
        self, on: date, memo: str, debit: str, credit: str, cents: int, money: Money, rate: Decimal
    ) -> Entry | None:
        if not cents:
            return None
        origin = Origin(money, rate)
        return self.entry(on, memo, (debit, cents, origin), (credit, -cents, -origin))

    def settled(self, on: date, memo: str, gave: int, booked: int | None, exchange: str) -> Entry | None:
        """What was held in advance pays what was promised; booked: None where it becomes income only now."""
        if booked is None:
            return self.entry(on, memo, (ADVANCE, gave, None), (CONTRIBUTIONS, -gave, None))
        moves = ((ADVANCE, gave, None), (RECEIVABLE, -booked, None), (exchange, booked - gave, None))
        return self.entry(on, memo, *moves)

    def lowered(self, on: date, memo: str, cents: int) -> Entry | None:
        """What was promised is not paid after all."""
        return self.entry(on, memo, (CONTRIBUTIONS, cents, None), (RECEIVABLE, -cents, None))

    def refunded(self, on: date, memo: str, held: int, income: int) -> Entry | None:
        """Money goes back, out of what is held in advance and then out of income."""
        return self.entry(on, memo, (ADVANCE, held, None), (CONTRIBUTIONS, income, None), (CASH, -held - income, None))
