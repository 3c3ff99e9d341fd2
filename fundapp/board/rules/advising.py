"""What trustees declare and vote, what the Board may advise, and what votes come to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from fundapp.kernel.errors import Fault

SHORTEST_REASON, LONGEST_REASON = 10, 2_000  # characters, as of what keeps somebody from a proposal
LONGEST_NOTE, LONGEST_QUESTION, LONGEST_TEXT = 20_000, 2_000, 10_000
NONE, NATIONALITY = "none", "nationality"
SUPPORT, CONDITIONS, DEFER, NOT_SUPPORT = "support", "support-with-conditions", "defer", "not-support"
PAYS = frozenset({SUPPORT, CONDITIONS})  # outcomes that advise an amount
EXPLAINED = frozenset({DEFER, NOT_SUPPORT})  # outcomes that need reasons


def day_that_counts(since: date, until: date, on: date) -> date:
    """The day of a session on which it counts who sits on the Board: today while it lasts, its first day before, its
    last day afterwards."""
    return max(since, min(on, until))


# ---------------------------------------------------------------------------------------------------------- interests


def said_reason(kind: str, reason: str, country: str) -> str:
    """The reason as it is kept: of a nationality the State's code will do."""
    said = reason.strip()
    return f"{country}: nationality" if kind == NATIONALITY and not said else said


def interest_faults(kind: str, reason: str, *, national: bool, field: str = "reason") -> Iterator[Fault]:
    """What is wrong with a declaration. national: whether the proposal is for the State of the trustee's nationality,
    so that to declare no interest needs the reason."""
    said = reason.strip()
    if len(reason) > LONGEST_REASON:
        yield Fault("call.long", {"found": len(reason), "largest": LONGEST_REASON}, field=field)
    elif kind == NATIONALITY and not said and national:
        return
    elif kind == NONE and national and len(said) < SHORTEST_REASON:
        yield Fault("declare.national", {"smallest": SHORTEST_REASON}, field=field)
    elif kind != NONE and len(said) < SHORTEST_REASON:
        yield Fault("reason.short", {"smallest": SHORTEST_REASON}, field=field)


# -------------------------------------------------------------------------------------------------------------- votes


@dataclass(frozen=True, slots=True)
class Count:
    """Votes for and against, and abstentions."""

    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0

    @property
    def cast(self) -> int:
        """How many voted, abstentions too."""
        return self.votes_for + self.votes_against + self.abstained

    @property
    def carried(self) -> bool:
        """More for it than against it; abstentions are not counted."""
        return self.votes_for > self.votes_against


def counted(choices: Iterable[str]) -> Count:
    """What votes come to: "for", "against", "abstain"."""
    many = Counter(choices)
    return Count(many["for"], many["against"], many["abstain"])


def count_faults(count: Count, members: int, quorum: int) -> Iterator[Fault]:
    """What is wrong with counts that are typed. members: how many took part."""
    if min(count.votes_for, count.votes_against, count.abstained) < 0:
        yield Fault("ballot.negative", field="votes_for")
    elif count.cast > members:
        yield Fault("ballot.more-votes", {"found": count.cast, "members": members}, field="votes_for")
    elif count.cast < quorum:
        yield Fault("ballot.few-votes", {"found": count.cast, "quorum": quorum}, field="votes_for")
    elif not count.carried:
        yield Fault("ballot.lost", field="votes_for")


# ------------------------------------------------------------------------------------------------------------- advice


@dataclass(frozen=True, slots=True)
class Said:
    """What is advised, or moved to be: the outcome, an amount in cents where one goes with it, the reasons and the
    conditions."""

    outcome: str
    amount_cents: int | None = None
    reasons: str = ""
    conditions: str = ""


def advice_faults(said: Said, requested: int) -> Iterator[Fault]:
    """What is wrong with an advice. requested: the cents that the proposal asks for."""
    yield from amount_faults(said, requested)
    for field in ("reasons", "conditions"):
        if (found := len(getattr(said, field))) > LONGEST_TEXT:
            yield Fault("call.long", {"found": found, "largest": LONGEST_TEXT}, field=field)
    if said.outcome in EXPLAINED and not said.reasons.strip():
        yield Fault("advice.no-reasons", field="reasons")
    if said.outcome == CONDITIONS and not said.conditions.strip():
        yield Fault("advice.no-conditions", field="conditions")
    if said.outcome != CONDITIONS and said.conditions.strip():
        yield Fault("advice.conditions-of-none", field="conditions")


def amount_faults(said: Said, requested: int) -> Iterator[Fault]:
    """What is wrong with the amount that goes with an outcome."""
    if said.outcome not in PAYS:
        if said.amount_cents is not None:
            yield Fault("advice.amount-of-none", field="amount")
    elif said.amount_cents is None or said.amount_cents <= 0:
        yield Fault("advice.no-amount", field="amount")
    elif said.amount_cents > requested:
        yield Fault("advice.amount-more", {"asked_cents": requested}, field="amount")
