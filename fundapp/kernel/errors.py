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


MOST_FAULTS = 100  # of a file: whoever sends it mends these first, and a million more say nothing new


class Faults(list[Fault]):
    """What is wrong with a file so far; the one that is too many ends the reading."""

    def append(self, fault: Fault) -> None:
        """Note a fault."""
        super().append(fault)
        if len(self) >= MOST_FAULTS:
            raise self.refusal(Fault("file.more-faults", {"largest": MOST_FAULTS}))

    def refusal(self, *more: Fault) -> Refusal:
        """The refusal for all of them, in the order of files and rows."""
        return Refusal(*sorted(self, key=lambda fault: (str(fault.values.get("name")), fault.row or 0)), *more)


class Refusal(Exception):
    """The fund does not do it, for these reasons; nothing was changed."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.code} {dict(fault.values)}" for fault in faults))
        self.faults = faults


def refuse(code: str, /, *, row: int | None = None, column: str | None = None, **values: object) -> Refusal:
    """A refusal for one reason, to be raised."""
    return Refusal(Fault(code, values, row, column))
