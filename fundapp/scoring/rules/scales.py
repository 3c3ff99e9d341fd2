"""The scale of a criterion: its steps with what each stands for, its weight, and what may be scored on it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fundapp.kernel.errors import Fault

WHOLE = 100  # what the weights of a fund's criteria total
LOWEST, HIGHEST = 0, 10  # within which a scale lies
NOT_APPLICABLE = "na"  # as it is typed and exported


@dataclass(frozen=True, slots=True)
class Scale:
    """A criterion as it is scored: `id` of the call's criterion (0 before a call has it), texts by language, the whole
    steps from lowest to highest, what each stands for; `threshold`: the mean under which a proposal is marked."""

    id: int
    code: str
    names: Mapping[str, str]
    question: Mapping[str, str]
    weight: int
    lowest: int
    highest: int
    may_skip: bool
    threshold: Decimal | None
    anchors: Mapping[int, Mapping[str, str]]

    @property
    def steps(self) -> range:
        """Every step that may be given."""
        return range(self.lowest, self.highest + 1)

    def takes(self, step: int | None) -> bool:
        """Whether that may be scored; None is "not applicable"."""
        return self.may_skip if step is None else step in self.steps


def faults_of(scales: Sequence[Scale], languages: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with criteria: weights that do not total 100, what is no scale, steps that stand for nothing."""
    if not scales:
        yield Fault("criteria.none")
    elif (total := sum(one.weight for one in scales)) != WHOLE:
        yield Fault("criteria.weights", {"found": total, "wanted": WHOLE})
    for one in scales:
        yield from _faults(one, languages)


def _faults(one: Scale, languages: Sequence[str]) -> Iterator[Fault]:
    if one.weight < 1:
        yield Fault("criteria.weight", {"code": one.code}, field=f"{one.code}.weight")
    if not LOWEST <= one.lowest < one.highest <= HIGHEST:
        yield Fault(
            "criteria.scale", {"code": one.code, "lowest": LOWEST, "highest": HIGHEST}, field=f"{one.code}.highest"
        )
        return
    for step in one.steps:
        if lacking := [tongue for tongue in languages if not one.anchors.get(step, {}).get(tongue, "").strip()]:
            values = {"code": one.code, "step": step, "languages": ", ".join(lacking)}
            yield Fault("criteria.anchor", values, field=f"{one.code}.{step}")
    if one.threshold is not None and not one.lowest <= one.threshold <= one.highest:
        yield Fault("criteria.threshold", {"code": one.code}, field=f"{one.code}.threshold")
