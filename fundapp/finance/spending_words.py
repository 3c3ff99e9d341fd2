"""What the pages of spending call stages, steps and classes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.board.deciding_words import CLASSES
from fundapp.finance.models import AllotmentStage, CommitmentStage, CommitmentStep
from fundapp.finance.rules.spending import Pace

ALLOTMENT_STAGES: dict[AllotmentStage, LazyString] = {
    AllotmentStage.PREPARED: _l("Waits to be released"),
    AllotmentStage.RELEASED: _l("Released"),
    AllotmentStage.REFUSED: _l("Refused"),
}
COMMITMENT_STAGES: dict[CommitmentStage, LazyString] = {
    CommitmentStage.RAISED: _l("Waits to be approved"),
    CommitmentStage.APPROVED: _l("Open"),
    CommitmentStage.REFUSED: _l("Refused"),
    CommitmentStage.CLOSED: _l("Nothing is open"),
}
STEPS: dict[CommitmentStep, LazyString] = {
    CommitmentStep.APPROVED: _l("Approved"),
    CommitmentStep.CHANGED: _l("Changed"),
    CommitmentStep.LIQUIDATED: _l("Paid"),
    CommitmentStep.CARRIED: _l("Carried over"),
    CommitmentStep.CANCELLED: _l("Cancelled"),
}
PACES: dict[Pace, LazyString] = {
    Pace.EVEN: _l("As planned"),
    Pace.OVER: _l("Above the allotment"),
    Pace.UNDER: _l("Much less than allotted"),
    Pace.NONE: _l("Nothing allotted"),
}
MARKS = {
    **dict.fromkeys((AllotmentStage.PREPARED, CommitmentStage.RAISED), "2"),
    **dict.fromkeys((AllotmentStage.RELEASED, CommitmentStage.APPROVED, Pace.EVEN), "done"),
    **dict.fromkeys((AllotmentStage.REFUSED, CommitmentStage.REFUSED, Pace.OVER), "no"),
    **dict.fromkeys((CommitmentStage.CLOSED, Pace.NONE), "held"),
    Pace.UNDER: "back",
}


def classes_said(group: str) -> str:
    """The classes of a group by their names; an account that is of none as it is."""
    return "; ".join(str(CLASSES.get(one, one)) for one in group.split(","))
