"""The verbs of the register."""

from fundapp.recommendations.operations.importing import Outcome, import_file, preview, undo_import

__all__ = ["Outcome", "import_file", "preview", "undo_import"]
