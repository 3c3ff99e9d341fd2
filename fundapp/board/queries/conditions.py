"""Reading conditions: the list of a fund, and one with the steps that were taken on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from fundapp.access.models import Office
from fundapp.access.policy import Actor
from fundapp.board.models import ConditionMove, ConditionStep, Decision, DecisionCondition, Owner
from fundapp.board.queries.deciding import decided, last_step, stands
from fundapp.board.queries.withheld import silent_to
from fundapp.board.rules.following import OPEN, Standing, standing
from fundapp.funds.models import Fund
from fundapp.kernel.text import fold
from fundapp.proposals.models import Proposal

PAGE = 50
SORTS = ("due", "reference", "standing")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of conditions is narrowed to, and its order."""

    words: str = ""
    standing: str = ""
    owner: str = ""
    money: str = ""
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class Row:
    """A condition in a list."""

    id: int
    reference: str
    title: str
    language: str
    office: str
    text: str
    owner: Owner
    due_on: date
    before_allotment: bool
    standing: Standing
    settled: str  # what was said with the last step


def conditions(session: Session, actor: Actor, fund: Fund, wanted: Wanted, today: date) -> list[Row]:
    """The conditions of decisions that stand, on proposals that somebody may read decisions of, but for those
    that name one which is closed to them; two queries at most. There are dozens in a year: what they are narrowed to
    is asked here."""
    step = ConditionStep
    asked = (
        sa.select(DecisionCondition, Proposal.reference, Proposal.title, Proposal.language, Office.name)
        .add_columns(step.move, step.reason)
        .join(Decision, Decision.id == DecisionCondition.decision_id)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .join(Office, Office.id == Proposal.office_id)
        .outerjoin(step, step.id == last_step())
        .where(decided(actor, fund.id), stands())
    )
    silent = silent_to(session, actor)
    rows = [_row(row, today) for row in session.execute(asked)]
    found = [replace(row, settled=silent.of(row.settled)) for row in rows if silent.of(row.text) and _fits(row, wanted)]
    order, down = _order(wanted.sort.lstrip("-")), wanted.sort.startswith("-")
    return sorted(found, key=order, reverse=down)


def _row(row: Any, today: date) -> Row:
    one, reference, title, language, office, move, reason = row
    where = standing(move, one.due_on, today)
    return Row(
        one.id, reference, title, language, office, one.text, one.owner, one.due_on, one.before_allotment, where,
        reason or "",
    )  # fmt: skip


def _fits(row: Row, wanted: Wanted) -> bool:
    stands_so = {"": True, "still-open": row.standing in OPEN}
    if not stands_so.get(wanted.standing, row.standing == wanted.standing):
        return False
    if wanted.owner and row.owner != wanted.owner:
        return False
    if wanted.money and row.before_allotment != (wanted.money == "waits"):
        return False
    text = fold(f"{row.reference} {row.title} {row.office} {row.text}")
    return all(word in text for word in fold(wanted.words).split())


def _order(sort: str) -> Callable[[Row], Any]:
    standings = list(Standing)
    orders: dict[str, Callable[[Row], Any]] = {
        "due": lambda row: (row.due_on, row.reference, row.id),
        "reference": lambda row: (row.reference, row.id),
        "standing": lambda row: (standings.index(row.standing), row.due_on, row.id),
    }
    return orders[sort]


@dataclass(frozen=True, slots=True)
class Followed:
    """A condition with its decision and proposal, the steps taken on it from the first on, and where it stands."""

    condition: DecisionCondition
    proposal: Proposal
    steps: Sequence[ConditionStep]
    standing: Standing

    @property
    def last(self) -> int:
        """The last step by its id; 0 for none."""
        return self.steps[-1].id if self.steps else 0


def condition(session: Session, actor: Actor, fund: Fund, key: int, today: date) -> Followed | None:
    """A condition of a fund; none for one on a proposal that somebody may not read decisions of; three queries."""
    asked = (
        sa.select(DecisionCondition, Proposal, stands())
        .join(Decision, Decision.id == DecisionCondition.decision_id)
        .options(contains_eager(DecisionCondition.decision))
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .where(decided(actor, fund.id), DecisionCondition.id == key)
    )
    row = session.execute(asked).one_or_none()
    if row is None or not silent_to(session, actor).of(row[0].text):
        return None
    found, proposal, holds = row
    steps = steps_of(session, [found.id])[found.id]
    last = steps[-1].move.value if steps else None
    return Followed(found, proposal, steps, standing(last, found.due_on, today, lapsed=not holds))


def steps_of(session: Session, keys: Sequence[int]) -> dict[int, list[ConditionStep]]:
    """The steps taken on conditions, by condition, from the first on; one query."""
    found: dict[int, list[ConditionStep]] = {key: [] for key in keys}
    asked = sa.select(ConditionStep).where(ConditionStep.condition_id.in_(found)).order_by(ConditionStep.id)
    for one in session.scalars(asked) if found else ():
        found[one.condition_id].append(one)
    return found


def standing_of(steps: Sequence[ConditionStep], due_on: date, today: date, *, lapsed: bool = False) -> Standing:
    """Where a condition stands after its steps."""
    last: ConditionMove | None = steps[-1].move if steps else None
    return standing(last.value if last else None, due_on, today, lapsed=lapsed)
