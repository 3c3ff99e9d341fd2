"""What a decision must hold, beside what was asked for and what the Board advised. Pure; amounts are cents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fundapp.board.rules.course import APPROVING
from fundapp.kernel.errors import Fault
from fundapp.proposals.rules.budget import ErpClass

MOST_CONDITIONS = 10
SHORTEST, LONGEST = 10, 5_000  # letters of a reason
LONGEST_CONDITION = 1_000
OWNERS = ("office", "secretariat")
LAST_YEAR = 2100
SUPPORTS = frozenset({"support", "support-with-conditions"})
CONDITIONS = "approve-with-conditions"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it is typed: what, by whom, until when (none: not said), whether money waits for it; `place` of
    its row on the form, from 1."""

    text: str
    owner: str
    due_on: date | None
    before_allotment: bool = False
    place: int = 1


@dataclass(frozen=True, slots=True)
class GivenDecision:
    """A decision as it is prepared; `classes`: class of expenditure -> cents, empty where they are those of the budget,
    or in proportion to them."""

    outcome: str
    amount: int | None = None
    classes: Mapping[str, int] = field(default_factory=dict)
    conditions: Sequence[Condition] = ()
    reasons: str = ""
    shared: str = ""
    against_advice: str = ""


@dataclass(frozen=True, slots=True)
class Advised:
    """What the Board advised, and which amount where it said one."""

    outcome: str
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision is held against: what was asked for, the advice, whether the fund needs the Board's approval, the
    day, the envelope of the call and what else of it is approved (none where no envelope was said)."""

    asked: int
    advised: Advised | None
    board_approves: bool
    today: date
    envelope: int | None = None
    approved: int = 0


def decision_faults(said: GivenDecision, known: Known) -> Iterator[Fault]:
    """All that is wrong with a decision."""
    if said.outcome not in ("approve", CONDITIONS, "defer", "decline"):
        yield Fault("decision.no-outcome", field="outcome")
        return
    approves = said.outcome in APPROVING
    yield from _amount_faults(said, known) if approves else _idle_faults(said)
    yield from _condition_faults(said, known.today)
    yield from _advice_faults(said, known)
    yield from _text_faults(said, approves)


def _amount_faults(said: GivenDecision, known: Known) -> Iterator[Fault]:
    amount = said.amount
    if not amount or amount < 0:
        yield Fault("decision.no-amount", field="amount")
        return
    if amount > known.asked:
        values = {"amount_cents": amount, "asked_cents": known.asked}
        yield Fault("decision.above-asked", values, field="amount")
    total = known.approved + amount
    if known.envelope is not None and total > known.envelope:
        values = {"sum_cents": total, "envelope_cents": known.envelope, "over_cents": total - known.envelope}
        yield Fault("decision.above-envelope", values, field="amount")
    yield from _class_faults(said.classes, amount)


def _class_faults(classes: Mapping[str, int], amount: int) -> Iterator[Fault]:
    known = {one.value for one in ErpClass}
    for code, cents in classes.items():
        if code not in known or cents < 0:
            yield Fault("decision.no-class", {"class": code[:10]}, field=f"class_{code}" if code in known else "amount")
    if classes and (total := sum(classes.values())) != amount:
        values = {"sum_cents": total, "amount_cents": amount, "difference_cents": abs(total - amount)}
        yield Fault("decision.classes-sum", values, field="amount")


def _idle_faults(said: GivenDecision) -> Iterator[Fault]:
    if said.amount or said.classes:
        yield Fault("decision.amount-idle", field="amount")


def _condition_faults(said: GivenDecision, today: date) -> Iterator[Fault]:
    if said.outcome == CONDITIONS and not said.conditions:
        yield Fault("decision.no-conditions", field="text_1")
    if said.outcome != CONDITIONS and said.conditions:
        yield Fault("decision.conditions-idle", field="outcome")
    if len(said.conditions) > MOST_CONDITIONS:
        yield Fault("decision.many-conditions", {"most": MOST_CONDITIONS}, field="outcome")
    texts: set[str] = set()
    for one in said.conditions:
        yield from _faults_of(one, today)
        if (text := " ".join(one.text.split()).casefold()) in texts:
            yield Fault("decision.condition-twice", field=f"text_{one.place}")
        texts.add(text)


def _faults_of(one: Condition, today: date) -> Iterator[Fault]:
    if not one.text.strip():
        yield Fault("decision.condition-empty", field=f"text_{one.place}")
    if (found := len(one.text)) > LONGEST_CONDITION:
        yield Fault("call.long", {"found": found, "largest": LONGEST_CONDITION}, field=f"text_{one.place}")
    if one.owner not in OWNERS:
        yield Fault("decision.condition-owner", field=f"owner_{one.place}")
    if one.due_on is None:
        yield Fault("decision.condition-date", field=f"due_{one.place}")
    elif one.due_on < today:
        yield Fault("decision.condition-past", {"day": one.due_on}, field=f"due_{one.place}")
    elif one.due_on.year > LAST_YEAR:
        yield Fault("decision.condition-far", {"year": LAST_YEAR}, field=f"due_{one.place}")


def against(said: GivenDecision, advised: Advised | None) -> bool:
    """Whether a decision is not what the Board advised: approving what it did not support, or with more money, or
    without the conditions that it asked for; declining what it supported. To defer leaves its advice standing."""
    if advised is None:
        return False
    if said.outcome == "decline":
        return advised.outcome in SUPPORTS
    if said.outcome not in APPROVING:
        return False
    if advised.outcome not in SUPPORTS or (advised.amount is not None and (said.amount or 0) > advised.amount):
        return True
    return advised.outcome == "support-with-conditions" and said.outcome != CONDITIONS


def _advice_faults(said: GivenDecision, known: Known) -> Iterator[Fault]:
    if known.board_approves and known.advised is None:
        yield Fault("decision.no-advice")
    elif known.board_approves and said.outcome in APPROVING and known.advised.outcome not in SUPPORTS:  # type: ignore[union-attr]
        yield Fault("decision.not-approved", field="outcome")
    elif known.advised is None and not _told(said.against_advice):
        yield Fault("decision.without-advice", {"smallest": SHORTEST}, field="against_advice")
    elif against(said, known.advised) and not _told(said.against_advice):
        yield Fault("decision.against-advice", {"smallest": SHORTEST}, field="against_advice")


def _told(text: str) -> bool:
    return len(text.strip()) >= SHORTEST


def _text_faults(said: GivenDecision, approves: bool) -> Iterator[Fault]:
    """Whoever is not funded is told why."""
    if not approves and not _told(said.shared):
        yield Fault("decision.no-shared", {"smallest": SHORTEST}, field="shared")
    for name, text in (("reasons", said.reasons), ("shared", said.shared), ("against_advice", said.against_advice)):
        if (found := len(text)) > LONGEST:
            yield Fault("call.long", {"found": found, "largest": LONGEST}, field=name)


def shares(amount: int, budget: Mapping[str, int]) -> dict[str, int]:
    """An amount by class in proportion to a budget, to the cent: what remains goes where most was cut off."""
    whole = sum(budget.values())
    if not whole:
        return {}
    exact = {code: divmod(amount * cents, whole) for code, cents in budget.items()}
    found = {code: cents for code, (cents, _) in exact.items()}
    left = amount - sum(found.values())
    for code in sorted(exact, key=lambda code: (-exact[code][1], code))[:left]:
        found[code] += 1
    return {code: cents for code, cents in found.items() if cents}


# ------------------------------------------------------------------------------------------------------- as it is kept


def kept_conditions(conditions: Sequence[Condition]) -> dict[str, Any]:
    """Conditions as a draft keeps them."""
    rows = [
        {
            "text": one.text, "owner": one.owner, "due_on": one.due_on.isoformat() if one.due_on else "",
            "before_allotment": one.before_allotment,
        }
        for one in conditions
    ]  # fmt: skip
    return {"conditions": rows}


def conditions_from(kept: Mapping[str, Any]) -> list[Condition]:
    """The same read back."""
    return [
        Condition(
            row["text"], row["owner"], date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            row["before_allotment"], place,
        )
        for place, row in enumerate(kept.get("conditions", ()), 1)
    ]  # fmt: skip
