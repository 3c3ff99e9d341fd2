"""The verbs of the register."""

from fundapp.recommendations.operations.importing import Outcome, Tick, import_file, preview, undo_import

__all__ = ["Outcome", "Tick", "import_file", "preview", "undo_import"]
