"""The verbs of the register."""

from fundapp.recommendations.operations.importing import Outcome, Tick, import_file, preview, undo_import
from fundapp.recommendations.operations.judging import judge, withdraw_judgement
from fundapp.recommendations.operations.pairing import join, join_all, keep_apart, part

__all__ = [
    "Outcome",
    "Tick",
    "import_file",
    "join",
    "join_all",
    "judge",
    "keep_apart",
    "part",
    "preview",
    "undo_import",
    "withdraw_judgement",
]
