"""Who takes part in an item: present, not recused; and whether that is enough. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Trustees by id: those whose seats are filled, those present, and those recused from the item; how many must take
    part. The recused are neither in the quorum nor in the count."""

    seated: frozenset[int]
    present: frozenset[int]
    recused: frozenset[int]
    quorum: int

    @property
    def members(self) -> frozenset[int]:
        """Those who are present and may take part."""
        return (self.seated & self.present) - self.recused

    @property
    def enough(self) -> bool:
        """Whether the quorum is there."""
        return len(self.members) >= self.quorum


def chairing(chair: int | None, taking: TakingPart, order: Collection[int]) -> int | None:
    """Who chairs an item: the chair, or where the chair is away or recused the first of the others in the order given;
    None where nobody can."""
    if chair in taking.members:
        return chair
    return next((one for one in order if one in taking.members), None)
