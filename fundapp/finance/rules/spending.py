"""What a project may spend, what of it is committed and spent, and its forecast to the year's end. Pure; cents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fundapp.finance.rules.books import ERP_CLASSES
from fundapp.kernel.errors import Fault

LARGEST = 1_000_000_000_00  # cents
LONGEST_TITLE, LONGEST_CODE, LONGEST_ERP, LONGEST_REASON, SHORTEST_REASON = 300, 20, 40, 2_000, 10
QUARTERS = 4
LITTLE = 75  # per cent of what was allotted: whoever will have spent less is behind
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,19}")
_ERP = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}")
CLASSES = ("010", "120", "125", "130", "135", "140", "145", "155", "160")


# Class or account -> the classes that are booked on the same accounts, which the books do not tell apart: "125,130"
GROUPS = {one: classes for classes in ERP_CLASSES.values() for one in classes.split(",")} | ERP_CLASSES


def group_of(code: str) -> str:
    """The classes with which a class is held to its allotment, or that are booked on an account; the account itself
    where it is of none."""
    return GROUPS.get(code, code)


def accounts_of(group: str) -> tuple[str, ...]:
    """The accounts on which the classes of a group are booked; an account that is of none is its own group."""
    return tuple(code for code, classes in ERP_CLASSES.items() if classes == group) or (group,)


def choices_of(code: str) -> list[str]:
    """The classes that can be booked on an account."""
    return ERP_CLASSES[code].split(",") if code in ERP_CLASSES else []


class Pace(StrEnum):
    """How a project spends: as planned, more than it may, or much less."""

    EVEN = "even"
    OVER = "over"
    UNDER = "under"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Use:
    """What was allotted, what of it is committed and not booked as expenditure yet, and what is spent; since: of that,
    from a day on that was asked for."""

    allotted: int = 0
    committed: int = 0
    spent: int = 0
    since: int = 0

    @property
    def left(self) -> int:
        """What may still be committed; negative where more was spent than was allotted."""
        return self.allotted - self.committed - self.spent

    def __add__(self, other: Use) -> Use:
        return Use(
            self.allotted + other.allotted, self.committed + other.committed, self.spent + other.spent,
            self.since + other.since,
        )  # fmt: skip


def total(parts: Iterable[Use]) -> Use:
    """Several together."""
    return sum(parts, Use())


def forecast(spent_before: int, spent: int, committed: int, on: date) -> int:
    """What will have been spent at the year's end: as quickly as so far this year, or at least all that is committed.

    spent_before: in earlier years; spent: this year, to that day.
    """
    first, last = date(on.year, 1, 1), date(on.year, 12, 31)
    passed, whole = (on - first).days + 1, (last - first).days + 1
    return spent_before + max(spent * whole // passed, spent + committed)


def pace(allotted: int, foreseen: int) -> Pace:
    """How what will have been spent at the year's end stands to what was allotted."""
    if not allotted:
        return Pace.OVER if foreseen > 0 else Pace.NONE
    if foreseen > allotted:
        return Pace.OVER
    return Pace.UNDER if foreseen * 100 < allotted * LITTLE else Pace.EVEN


def quarter(on: date) -> int:
    """The quarter of a day, from 1."""
    return (on.month - 1) // 3 + 1


def quarter_days(year: int, number: int) -> tuple[date, date]:
    """The first and the last day of a quarter."""
    month = 3 * number - 2
    after = date(year + month // 10, (month + 2) % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GivenAccount:
    """A project account as it is opened; code and title empty: those of the proposal."""

    code: str = ""
    title: str = ""
    erp_code: str = ""
    country: str = ""
    opened_on: date | None = None
    ends_on: date | None = None


def faults_of_account(said: GivenAccount, today: date) -> list[Fault]:
    """What is wrong with an account to be opened."""
    found = []
    if not _CODE.fullmatch(said.code):
        found.append(Fault("account.code", {"largest": LONGEST_CODE}, field="code"))
    if not said.title or len(said.title) > LONGEST_TITLE:
        found.append(Fault("account.title", {"largest": LONGEST_TITLE}, field="title"))
    if said.erp_code and not _ERP.fullmatch(said.erp_code):
        found.append(Fault("account.erp-code", {"largest": LONGEST_ERP}, field="erp_code"))
    if said.opened_on is None:
        found.append(Fault("account.no-day", field="opened_on"))
    elif said.opened_on > today:
        found.append(Fault("account.future", {"day": said.opened_on.isoformat()}, field="opened_on"))
    elif said.ends_on is not None and said.ends_on <= said.opened_on:
        found.append(Fault("account.ends-before", field="ends_on"))
    return found


@dataclass(frozen=True, slots=True)
class GivenAllotment:
    """An allotment as it is prepared: cents by class; negative takes away."""

    since: date | None
    classes: Mapping[str, int]
    reason: str

    @property
    def cents(self) -> int:
        """All classes together."""
        return sum(self.classes.values())


def faults_of_allotment(said: GivenAllotment, opened_on: date) -> list[Fault]:
    """What is wrong with an allotment to be prepared."""
    found = []
    if said.since is None:
        found.append(Fault("allotment.no-day", field="since"))
    elif said.since < opened_on:
        found.append(Fault("allotment.before", {"day": opened_on.isoformat()}, field="since"))
    if not any(said.classes.values()):
        found.append(Fault("allotment.empty"))
    for code, cents in said.classes.items():
        if code not in CLASSES:
            found.append(Fault("allotment.class", {"text": code[:20]}))
        elif abs(cents) > LARGEST:
            found.append(Fault("spending.large", {"largest_cents": LARGEST}, field=f"class_{code}"))
    found += faults_of_reason(said.reason)
    return found


def faults_of_reason(reason: str, field: str = "reason") -> list[Fault]:
    """What is wrong with a reason."""
    if len(reason.strip()) < SHORTEST_REASON:
        return [Fault("spending.reason-short", {"smallest": SHORTEST_REASON}, field=field)]
    if len(reason) > LONGEST_REASON:
        return [Fault("spending.reason-long", {"largest": LONGEST_REASON}, field=field)]
    return []
