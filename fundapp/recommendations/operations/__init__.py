"""The verbs of the register: taking files in, undoing that, and what people record beside the recommendations."""

from fundapp.recommendations.operations.following import GivenFollowUp, record_follow_up, withdraw_follow_up
from fundapp.recommendations.operations.importing import BATCH, GLANCE, Outcome, Tick, import_file, preview, undo_import
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
from fundapp.recommendations.operations.plan_files import PlanOutcome, compare, import_plan
from fundapp.recommendations.operations.plans import (
    add_measure,
    add_measures,
    change_measure,
    change_plan,
    link_measure,
    open_plan,
    unlink_measure,
    withdraw_measure,
    withdraw_plan,
)
from fundapp.recommendations.operations.reviews import GivenReview, record_review

__all__ = [
    "BATCH",
    "GLANCE",
    "GivenArea",
    "GivenFollowUp",
    "GivenReview",
    "LetterFile",
    "Outcome",
    "PlanOutcome",
    "Tick",
    "add_area",
    "add_measure",
    "add_measures",
    "change_measure",
    "change_plan",
    "compare",
    "import_file",
    "import_plan",
    "join",
    "join_all",
    "judge",
    "keep_apart",
    "link_measure",
    "open_plan",
    "part",
    "preview",
    "record_follow_up",
    "record_letter",
    "record_review",
    "undo_import",
    "unlink_measure",
    "withdraw_area",
    "withdraw_follow_up",
    "withdraw_judgement",
    "withdraw_letter",
    "withdraw_measure",
    "withdraw_plan",
]
