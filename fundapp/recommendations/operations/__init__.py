"""The verbs of the register."""

from fundapp.recommendations.operations.following import GivenFollowUp, record_follow_up, withdraw_follow_up
from fundapp.recommendations.operations.importing import Outcome, Tick, import_file, preview, undo_import
from fundapp.recommendations.operations.judging import judge, withdraw_judgement
from fundapp.recommendations.operations.letters import (
    GivenArea,
    LetterFile,
    add_area,
    record_letter,
    withdraw_area,
    withdraw_letter,
)
from fundapp.recommendations.operations.pairing import join, join_all, keep_apart, part
from fundapp.recommendations.operations.reviews import GivenReview, record_review

__all__ = [
    "GivenArea",
    "GivenFollowUp",
    "GivenReview",
    "LetterFile",
    "Outcome",
    "Tick",
    "add_area",
    "import_file",
    "join",
    "join_all",
    "judge",
    "keep_apart",
    "part",
    "preview",
    "record_follow_up",
    "record_letter",
    "record_review",
    "undo_import",
    "withdraw_area",
    "withdraw_follow_up",
    "withdraw_judgement",
    "withdraw_letter",
]
