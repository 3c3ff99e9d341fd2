"""What is open of a commitment and what of it is carried over a year's end, from its moves. Pure; cents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fundapp.finance.rules.spending import LARGEST, faults_of_reason
from fundapp.kernel.errors import Fault

LONGEST_PAYEE, LONGEST_PURPOSE, LONGEST_REFERENCE = 200, 300, 60
LIQUIDATED = "liquidated"


@dataclass(frozen=True, slots=True)
class Moved:
    """A step: what it adds to what is open, and to what of that is booked as owed."""

    step: str
    on: date
    cents: int
    carried: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open of a commitment; carried: of that, booked as expenditure of a year that is over; paid: of it so far;
    paid_carried: of what was carried."""

    open: int = 0
    carried: int = 0
    paid: int = 0
    paid_carried: int = 0

    @property
    def fresh(self) -> int:
        """What is open and not booked as expenditure yet."""
        return self.open - self.carried


def standing(moves: Iterable[Moved]) -> Standing:
    """Where a commitment stands after its moves."""
    left = carried = paid = paid_carried = 0
    for one in moves:
        left += one.cents
        carried += one.carried
        if one.step == LIQUIDATED:
            paid -= one.cents
            paid_carried -= one.carried
    return Standing(left, carried, paid, paid_carried)


@dataclass(frozen=True, slots=True)
class Payment:
    """What a payment does: cents of what is open, carried of what is owed; beyond: more than is open."""

    cents: int
    carried: int
    beyond: int


def payment(stands: Standing, cents: int) -> Payment:
    """A payment, which takes of what was carried over first; negative: money that came back, which opens it again as
    far as it was paid."""
    if cents >= 0:
        of_it = min(cents, stands.open)
        return Payment(-of_it, -min(of_it, stands.carried), cents - of_it)
    back = min(-cents, stands.paid)
    return Payment(back, min(back, stands.paid_carried), cents + back)


@dataclass(frozen=True, slots=True)
class Carrying:
    """What is carried over a year's end, and what of it was paid or dropped since."""

    carried: int
    paid: int
    dropped: int


def carrying(moves: Iterable[Moved], last: date) -> Carrying:
    """What is to be booked as owed at the end of a day, given that steps since then are already known: what was paid
    since is paid out of it first, and what was taken away since is dropped."""
    every = list(moves)
    then = standing(one for one in every if one.on <= last)
    since = [one for one in every if one.on > last]
    now = standing(every)
    carried = max(then.fresh, 0)
    paid = min(carried, max(-sum(one.cents - one.carried for one in since if one.step == LIQUIDATED), 0))
    dropped = max(carried - paid - max(now.fresh, 0), 0)
    return Carrying(carried, paid, dropped)


@dataclass(frozen=True, slots=True)
class GivenCommitment:
    """A commitment as it is raised; account: the code of the line that it will be booked on."""

    project_id: int | None
    account: str
    erp_class: str
    payee: str
    purpose: str
    reference: str
    committed_on: date | None
    expires_on: date | None
    cents: int | None


def faults_of_commitment(said: GivenCommitment, classes: Iterable[str], today: date) -> list[Fault]:
    """What is wrong with a commitment to be raised; classes: those that can be booked on its account."""
    found = []
    if said.erp_class not in set(classes):
        found.append(Fault("commitment.class", {"text": said.erp_class[:20]}, field="line"))
    for name, text, largest, code in (
        ("payee", said.payee, LONGEST_PAYEE, "commitment.payee"),
        ("purpose", said.purpose, LONGEST_PURPOSE, "commitment.purpose"),
    ):
        if not text.strip() or len(text) > largest:
            found.append(Fault(code, {"largest": largest}, field=name))
    if len(said.reference) > LONGEST_REFERENCE:
        found.append(Fault("commitment.reference", {"largest": LONGEST_REFERENCE}, field="reference"))
    found += _faults_of_days(said, today)
    found += faults_of_amount(said.cents)
    return found


def faults_of_amount(cents: int | None, field: str = "amount") -> list[Fault]:
    """What is wrong with an amount that must be above nil."""
    if cents is None or cents <= 0:
        return [Fault("commitment.amount", field=field)]
    return [Fault("spending.large", {"largest_cents": LARGEST}, field=field)] if cents > LARGEST else []


def _faults_of_days(said: GivenCommitment, today: date) -> list[Fault]:
    if said.committed_on is None:
        return [Fault("commitment.no-day", field="committed_on")]
    if said.committed_on > today:
        return [Fault("commitment.future", {"day": said.committed_on.isoformat()}, field="committed_on")]
    if said.expires_on is None or said.expires_on < said.committed_on:
        return [Fault("commitment.expiry", field="expires_on")]
    return []


def faults_of_step(cents: int | None, on: date | None, reason: str, today: date) -> list[Fault]:
    """What is wrong with a step of a commitment."""
    found = [] if cents is None else faults_of_amount(abs(cents))
    if on is None:
        found.append(Fault("commitment.no-day", field="on"))
    elif on > today:
        found.append(Fault("commitment.future", {"day": on.isoformat()}, field="on"))
    return found + faults_of_reason(reason)
