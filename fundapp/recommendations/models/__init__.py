"""Tables of the register: recommendations and their imports, reviews and letters, follow-up and plans, judgements."""

from fundapp.recommendations.models.following import (
    FollowUp,
    HighCommissionerLetter,
    ImplementationPlan,
    LetterArea,
    LetterAreaGoal,
    Measure,
    MeasureLink,
    Review,
)
from fundapp.recommendations.models.judging import EvidenceJudgement, Pairing, Upload, UploadProgress
from fundapp.recommendations.models.register import (
    BY,
    GOAL,
    LABEL,
    PARTS,
    REC,
    TEXT,
    Recommendation,
    RecommendationGoal,
    RecommendationImport,
    RecommendationLabel,
    RecommendationText,
    RecommendingState,
)

__all__ = [
    "BY",
    "GOAL",
    "LABEL",
    "PARTS",
    "REC",
    "TEXT",
    "EvidenceJudgement",
    "FollowUp",
    "HighCommissionerLetter",
    "ImplementationPlan",
    "LetterArea",
    "LetterAreaGoal",
    "Measure",
    "MeasureLink",
    "Pairing",
    "Recommendation",
    "RecommendationGoal",
    "RecommendationImport",
    "RecommendationLabel",
    "RecommendationText",
    "RecommendingState",
    "Review",
    "Upload",
    "UploadProgress",
]
