"""What the register's kinds are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.recommendations.rules import Mechanism, Moment, Position, Progress, Says, Stage, Verdict

MECHANISMS: dict[Mechanism, LazyString] = {
    Mechanism.UPR: _l("Universal periodic review"),
    Mechanism.TREATY_BODY: _l("Treaty bodies"),
    Mechanism.SPECIAL_PROCEDURE: _l("Special procedures"),
}
POSITIONS: dict[Position, LazyString] = {
    Position.SUPPORTED: _l("Supported"),
    Position.NOTED: _l("Noted"),
    Position.PENDING: _l("Pending"),
}
PROGRESS: dict[Progress, LazyString] = {
    Progress.NOT_STARTED: _l("Not started"),
    Progress.UNDER_WAY: _l("Under way"),
    Progress.IMPLEMENTED: _l("Implemented"),
    Progress.NO_LONGER_RELEVANT: _l("No longer relevant"),
}
SAYS: dict[Says, LazyString] = {
    Says.STATE: _l("The State"),
    Says.INSTITUTION: _l("The national human rights institution"),
    Says.CIVIL_SOCIETY: _l("Civil society"),
    Says.UNITED_NATIONS: _l("The United Nations"),
    Says.OTHER: _l("Somebody else"),
}
VERDICTS: dict[Verdict, LazyString] = {
    Verdict.ADDED: _l("Added by a person"),
    Verdict.REJECTED: _l("Rejected by a person"),
}
STAGES: dict[Stage, LazyString] = {
    Stage.WAITING: _l("Waiting to be read"),
    Stage.READING: _l("Being read"),
    Stage.READ: _l("Read: look, then decide"),
    Stage.DUE: _l("Waiting to be taken in"),
    Stage.TAKING: _l("Being taken in"),
    Stage.TAKEN: _l("Taken in"),
    Stage.REFUSED: _l("Refused"),
    Stage.GIVEN_UP: _l("Given up"),
}
MOMENTS: dict[Moment, LazyString] = {
    Moment.DOCUMENTS: _l("Documents due"),
    Moment.REVIEW: _l("Review in the Working Group"),
    Moment.ADOPTION: _l("Adoption of the outcome"),
    Moment.LETTER: _l("Letter of the High Commissioner"),
    Moment.MID_TERM: _l("Mid-term report due"),
    Moment.NEXT_DOCUMENTS: _l("Documents of the next review due"),
    Moment.NEXT_REVIEW: _l("Next review"),
}
