"""A score sheet: what is filled in, what a sheet lacks before it is given, and its own total. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from fundapp.kernel.errors import Fault
from fundapp.scoring.rules.scales import NOT_APPLICABLE, Scale

SHORTEST_REASON, LONGEST_REASON = 10, 2_000  # characters
NEAR = 1  # steps between a score and what was suggested, for which nobody asks why
PARTS = ("step", "reason", "apart")


@dataclass(frozen=True, slots=True)
class Filled:
    """What is filled in on a criterion, as it was typed; `step`: a number, "na" for not applicable, or nothing."""

    step: str = ""
    reason: str = ""
    apart: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing is scored: that is not zero, and not "not applicable"."""
        return not self.step

    def given(self, scale: Scale) -> int | None:
        """The step as a number, none for "not applicable"; ValueError for what may not be scored."""
        if self.step == NOT_APPLICABLE and scale.may_skip:
            return None
        step = int(self.step) if self.step.isascii() and self.step.removeprefix("-").isdigit() else None
        if step is None or not scale.takes(step):
            raise ValueError(self.step)
        return step


def filled_from(content: Mapping[str, Any]) -> dict[str, Filled]:
    """A sheet by criterion, out of the JSON in which it is kept."""
    return {
        code: Filled(*(str(one.get(part, "")) for part in PARTS))
        for code, one in content.items()
        if isinstance(one, dict)
    }


def kept(sheet: Mapping[str, Filled]) -> dict[str, Any]:
    """A sheet as JSON."""
    return {code: {part: getattr(one, part) for part in PARTS} for code, one in sheet.items()}


def is_apart(step: int | None, suggested: int | None) -> bool:
    """Whether a score is further from what was suggested than anybody would pass over."""
    return step is not None and suggested is not None and abs(step - suggested) > NEAR


def gaps(scales: Sequence[Scale], sheet: Mapping[str, Filled], suggested: Mapping[str, int | None]) -> Iterator[Fault]:
    """What a sheet lacks before it can be given, criterion by criterion."""
    for scale in scales:
        yield from _gaps(scale, sheet.get(scale.code, Filled()), suggested.get(scale.code))


def _gaps(scale: Scale, one: Filled, suggested: int | None) -> Iterator[Fault]:
    place = {"criterion": scale.code}
    if one.blank:
        yield Fault("sheet.blank", place, field=f"{scale.code}.step")
        return
    try:
        step = one.given(scale)
    except ValueError:
        skipped = one.step == NOT_APPLICABLE
        values = place | {"lowest": scale.lowest, "highest": scale.highest, "text": one.step[:20]}
        yield Fault("sheet.may-not-skip" if skipped else "sheet.off-scale", values, field=f"{scale.code}.step")
        return
    yield from _reason(scale, "reason", one.reason, "sheet.no-reason")
    if is_apart(step, suggested):
        yield from _reason(scale, "apart", one.apart, "sheet.no-apart", suggested=suggested)


def _reason(scale: Scale, part: str, text: str, code: str, **more: object) -> Iterator[Fault]:
    found, field = len(text.strip()), f"{scale.code}.{part}"
    if found < SHORTEST_REASON:
        yield Fault(code, {"criterion": scale.code, "smallest": SHORTEST_REASON, **more}, field=field)
    elif found > LONGEST_REASON:
        yield Fault("call.long", {"found": found, "largest": LONGEST_REASON}, field=field)


def own_total(scales: Sequence[Scale], sheet: Mapping[str, Filled]) -> Decimal | None:
    """The total of what is scored so far, of 100: the weights of what is blank, off the scale or not applicable are
    left out; none where nothing is scored."""
    share, weight = Fraction(0), 0
    for scale in scales:
        try:
            step = sheet.get(scale.code, Filled()).given(scale)
        except ValueError:
            continue
        if step is not None:
            share += Fraction(scale.weight * (step - scale.lowest), scale.highest - scale.lowest)
            weight += scale.weight
    if not weight:
        return None
    exact = share / weight * 100
    hundredths = Decimal((exact * 100).numerator) / Decimal((exact * 100).denominator)
    return hundredths.quantize(Decimal(1), ROUND_HALF_UP) / 100
