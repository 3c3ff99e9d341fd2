"""Tables of scoring."""

from fundapp.scoring.models.rounds import (
    Assignment,
    Ended,
    ReviewerProfile,
    RoundException,
    RoundMove,
    ScoringRound,
)
from fundapp.scoring.models.scenarios import Scenario
from fundapp.scoring.models.sheets import (
    Moderation,
    ModerationComment,
    Outcome,
    Score,
    ScoreDraft,
    ScoreSheet,
    SheetReopening,
)

__all__ = [
    "Assignment",
    "Ended",
    "Moderation",
    "ModerationComment",
    "Outcome",
    "ReviewerProfile",
    "RoundException",
    "RoundMove",
    "Scenario",
    "Score",
    "ScoreDraft",
    "ScoreSheet",
    "ScoringRound",
    "SheetReopening",
]
