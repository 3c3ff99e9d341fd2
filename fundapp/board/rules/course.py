"""What a decision does to a proposal: the moves that it adds to the course, and where they lead. Pure."""

from __future__ import annotations

from fundapp.proposals.rules.stages import COURSE as BEFORE_THE_BOARD
from fundapp.proposals.rules.stages import LATER_STAGES, Move, Stage

APPROVED, DECLINED = "approved", "declined"
DECIDED = (APPROVED, DECLINED)
_FROM, _WHO, _NEEDS = (Stage.ELIGIBLE, *DECIDED), ("approving-officer",), ("prepared-by-another",)
MOVES = (
    Move("approve", _FROM, APPROVED, "decision:take", _WHO, _NEEDS, ("decision-approved",)),
    Move("decline", _FROM, DECLINED, "decision:take", _WHO, _NEEDS, ("decision-declined",)),
    # it stays eligible, or is so again, and can come before another session
    Move("defer", _FROM, Stage.ELIGIBLE, "decision:take", _WHO, _NEEDS, ("decision-deferred",)),
)
COURSE = BEFORE_THE_BOARD.longer(*MOVES)
# What is decided -> the move that it is
MOVE_OF = {"approve": "approve", "approve-with-conditions": "approve", "defer": "defer", "decline": "decline"}
APPROVING = frozenset(outcome for outcome, move in MOVE_OF.items() if move == "approve")

LATER_STAGES.extend(stage for stage in DECIDED if stage not in LATER_STAGES)
