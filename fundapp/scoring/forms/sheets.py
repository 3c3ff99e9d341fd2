"""A score sheet as its page sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from fundapp.proposals.forms.calls import lines
from fundapp.scoring.forms.criteria import figure
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.sheets import PARTS, Filled

MINE, THEIRS = "mine", "theirs"


def typed(form: MultiDict[str, str], scales: Sequence[Scale]) -> dict[str, Filled]:
    """The sheet as it was typed; fields are named by the criterion and the part: "gender-perspective.reason"."""
    return {
        scale.code: Filled(
            figure(form.get(f"{scale.code}.step")),
            lines(form.get(f"{scale.code}.reason")),
            lines(form.get(f"{scale.code}.apart")),
        )
        for scale in scales
    }


def settled(form: MultiDict[str, str], given: Mapping[str, Filled], there: Mapping[str, Filled]) -> dict[str, Filled]:
    """The same, with what stood there already where that was chosen of two."""
    found = {}
    for code, one in given.items():
        values = {part: getattr(one, part) for part in PARTS}
        for part in PARTS:
            if form.get(f"choose.{code}.{part}") == THEIRS:
                values[part] = getattr(there.get(code, Filled()), part)
        found[code] = Filled(**values)
    return found


def apart(given: Mapping[str, Filled], there: Mapping[str, Filled]) -> list[tuple[str, str, str, str]]:
    """Where what was typed and what stands there differ: criterion, part, what stands there, what was typed."""
    return [
        (code, part, getattr(there.get(code, Filled()), part), getattr(one, part))
        for code, one in given.items()
        for part in PARTS
        if getattr(there.get(code, Filled()), part) != getattr(one, part)
    ]
