"""Sentences about decisions on proposals and their conditions."""

from fundapp.web.wording.marked import marked as _l

DECIDING: dict[str, str] = {
    "decision.no-outcome": _l("Say what is decided."),
}
