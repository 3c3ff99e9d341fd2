"""What kinds and stages of receiving are called on the pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from fundapp.finance.models import ChangeKind, ChangeStage
from fundapp.finance.rules.ageing import Age

CHANGES = {
    ChangeKind.REDUCTION: _l("Reduction by the donor"),
    ChangeKind.WRITE_OFF: _l("Write-off"),
    ChangeKind.REFUND: _l("Refund"),
}
CHANGE_STAGES = {
    ChangeStage.PREPARED: _l("Waits for approval"),
    ChangeStage.APPROVED: _l("Approved"),
    ChangeStage.REFUSED: _l("Refused"),
}
CHANGE_MARKS = {ChangeStage.PREPARED: "2", ChangeStage.APPROVED: "done", ChangeStage.REFUSED: "no"}
AGES = {
    Age.CURRENT: _l("Not due yet"),
    Age.MONTH: _l("1 to 30 days"),
    Age.QUARTER: _l("31 to 90 days"),
    Age.YEAR: _l("91 to 365 days"),
    Age.OLDER: _l("More than 365 days"),
}
