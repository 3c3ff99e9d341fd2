"""What a fund may still commit, and why not more. Pure; cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Available:
    """What a fund has on a day and what of it is bound.

    balance: paid or promised, less what is owed. receivable: of it promised and not paid yet. commitments: open, and
    not yet booked as expenditure. reserve: kept back. allotted: to projects, neither committed nor spent.
    """

    on: date
    balance: int
    receivable: int
    commitments: int
    reserve: int
    allotted: int

    @property
    def cash(self) -> int:
        """What has been paid in: money is committed against nothing else."""
        return self.balance - self.receivable

    @property
    def to_commit(self) -> int:
        """What may be committed within allotments that are there."""
        return self.cash - self.commitments - self.reserve

    @property
    def available(self) -> int:
        """What is free for new projects: the envelope."""
        return self.to_commit - self.allotted
