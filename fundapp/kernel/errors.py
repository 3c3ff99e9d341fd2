"""What can be wrong with what someone asked for: a code and its values, turned into words only at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `row` and `column` say where in a file, `field` where in a form."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    row: int | None = None
    column: str | None = None
    field: str | None = None


class Refusal(Exception):
    """The fund does not do it, for these reasons; nothing was changed."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.code} {dict(fault.values)}" for fault in faults))
        self.faults = faults


def refuse(code: str, /, *, row: int | None = None, column: str | None = None, **values: object) -> Refusal:
    """A refusal for one reason, to be raised."""
    return Refusal(Fault(code, values, row, column))
