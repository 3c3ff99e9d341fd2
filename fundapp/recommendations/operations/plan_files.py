"""Taking a file into a plan: what it adds, what it says otherwise, and doing that as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Faults, refuse
from fundapp.kernel.text import fold
from fundapp.kernel.work import Work
from fundapp.recommendations.layouts.plan_files import PlanFile
from fundapp.recommendations.models import ImplementationPlan, Measure
from fundapp.recommendations.operations.plans import add_measures, alone, change_measure
from fundapp.recommendations.queries.plans import known_measures
from fundapp.recommendations.rules import Changed, Tolerated
from fundapp.recommendations.rules.plans import Known, PlanRow, Shelf, measure_differences, merged_measure


@dataclass(slots=True)
class PlanOutcome:
    """What a file comes to for a plan: rows that are new, the same, and changes (applied or not)."""

    rows: int = 0
    same: int = 0
    added: list[PlanRow] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    becoming: list[tuple[Known, PlanRow]] = field(default_factory=list)  # beside each change

    def mark(self) -> str:
        """The mark of all that is to be done: equal where what was shown is what would be done now."""
        said = [repr(row) for row in self.added] + [repr(change) for change in self.changes]
        return hashlib.sha256("\n".join(said).encode("utf-8", "replace")).hexdigest()


def compare(session: Session, plan_id: int | None, rows: Sequence[PlanRow], shelf: Shelf) -> PlanOutcome:
    """What taking the rows in would come to; nothing is stored. Without a plan, all of them are new."""
    known = known_measures(session, plan_id) if plan_id else []
    outcome = PlanOutcome(rows=len(rows))
    for row, earlier in _paired(rows, known):
        if earlier is None or earlier.withdrawn:
            outcome.added.append(row)
        elif found := measure_differences(earlier, row, shelf.name):
            outcome.changes.append(Changed(row.row, row.doing.reference, found))
            outcome.becoming.append((earlier, row))
        else:
            outcome.same += 1
    return outcome


def _paired(rows: Sequence[PlanRow], known: Sequence[Known]) -> Iterator[tuple[PlanRow, Known | None]]:
    """Each row with the measure it speaks of: by its reference, or where it has none by its words; a new one without
    a reference takes the next number."""
    by_reference = {one.doing.reference: one for one in known}
    by_words = {fold(one.doing.text): one for one in known if not one.withdrawn}
    taken = {*by_reference, *(row.doing.reference for row in rows)}
    numbers = (str(n) for n in range(1, len(taken) + len(rows) + 2) if str(n) not in taken)
    for row in rows:
        if row.doing.reference:
            yield row, by_reference.get(row.doing.reference)
            continue
        earlier = by_words.get(fold(row.doing.text))
        reference = earlier.doing.reference if earlier else next(numbers)
        yield replace(row, doing=replace(row.doing, reference=reference)), earlier


@operation(Permission.PLAN_RECORD)
def import_plan(
    work: Work,
    plan: ImplementationPlan,
    file: PlanFile,
    faults: Faults,
    shelf: Shelf,
    *,
    apply_changes: bool = False,
    seen: str | None = None,
) -> PlanOutcome:
    """Take a file into a plan: all of it, or nothing where a row is wrong (unless the faults are tolerated). What is
    there already adds nothing; what a row says otherwise is applied only when asked. `seen` is the mark of what was
    shown before: where something else would be done by now, nothing is."""
    alone(work.session, plan)
    if faults and not isinstance(faults, Tolerated):
        raise faults.refusal()
    if not file.rows and not faults:
        raise refuse("plan.no-rows", name=file.name)
    outcome = compare(work.session, plan.id, file.rows, shelf)
    if seen is not None and seen != outcome.mark():
        raise refuse("plan.shown-otherwise", title=plan.title)
    if outcome.added:
        add_measures(work, plan, [(row.doing, row.links) for row in outcome.added])
    for earlier, row in outcome.becoming if apply_changes else ():
        doing, links = merged_measure(earlier, row)
        measure = work.session.get_one(Measure, earlier.id)
        change_measure(work, measure, doing, measure.version, links)
    return outcome
