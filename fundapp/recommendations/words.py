"""What the register's kinds are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.recommendations.rules import Fate, Mechanism, Moment, Position, Progress, Says, Stage, Verdict
from fundapp.recommendations.rules.evidence import Strength, Way
from fundapp.recommendations.rules.pairs import Why

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
FATES: dict[Fate, LazyString] = {
    Fate.ADDED: _l("New"),
    Fate.SAME: _l("There already"),
    Fate.TRANSLATED: _l("In a further language"),
    Fate.CHANGED: _l("Changed"),
    Fate.WRONG: _l("Wrong"),
}
# Of a file: how it is laid out.
LAYOUTS: dict[str, LazyString] = {
    "ohchr-list": _l("Thematic list of OHCHR (Word)"),
    "upr-info": _l("Export of UPR Info (CSV)"),
    "uhri-xlsx": _l("Export of the Universal Human Rights Index (XLSX)"),
    "uhri-json": _l("Export of the Universal Human Rights Index (JSON)"),
    "impact-oss": _l("Recommendations of IMPACT OSS (CSV, XLSX)"),
}
# Of a recommendation: what a file may say otherwise than the register.
FIELDS: dict[str, LazyString] = {
    "text": _l("Text"),
    "body": _l("Body"),
    "cycle": _l("Cycle"),
    "session": _l("Session"),
    "symbol": _l("Symbol"),
    "paragraph": _l("Paragraph"),
    "position": _l("Position"),
    "position_source": _l("Source of the position"),
    "issued": _l("Date"),
    "assessment": _l("Assessment"),
    "states": _l("Recommending States"),
    "themes": _l("Themes"),
    "persons": _l("Groups of persons"),
    "goals": _l("Goals and targets"),
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
WAYS: dict[Way, LazyString] = {
    Way.PERSON: _l("A person's link"),
    Way.SAME_THEME: _l("Same theme"),
    Way.SAME_TARGET: _l("Same SDG target"),
    Way.RELATED_THEME: _l("Related theme"),
}
STRENGTHS: dict[Strength, LazyString] = {
    Strength.RELATED: _l("Related theme only"),
    Strength.TARGET: _l("Same SDG target"),
    Strength.THEME: _l("Same theme"),
    Strength.BOTH: _l("Same theme and SDG target"),
    Strength.PERSON: _l("Linked by a person"),
}
AT_LEAST: dict[Strength, LazyString] = {
    Strength.TARGET: _l("Same SDG target or better"),
    Strength.THEME: _l("Same theme or better"),
    Strength.BOTH: _l("Same theme and SDG target, or a person's link"),
    Strength.PERSON: _l("A person's link"),
}
WHYS: dict[Why, LazyString] = {
    Why.SAME_WORDS: _l("The same words"),
    Why.ALIKE_WORDS: _l("Words alike"),
    Why.SAME_STATES: _l("the same recommending States"),
    Why.STATES_IN_COMMON: _l("recommending States in common"),
}
SOURCES: dict[str, LazyString] = {
    "ohchr-list": _l("List of the Office of the High Commissioner"),
    "upr-info": _l("UPR Info"),
    "uhri": _l("Universal Human Rights Index"),
}
PLAN_FIELDS: dict[str, LazyString] = {
    "title": _l("Title"),
    "language": _l("Language of its texts"),
    "since": _l("First day"),
    "until": _l("Last day"),
    "reference": _l("Reference"),
    "text": _l("What is to be done"),
    "responsible": _l("Responsible"),
    "due": _l("Due"),
    "indicator": _l("Indicator"),
    "progress": _l("Progress"),
    "project": _l("Project"),
    "links": _l("Recommendations"),
}
PLAN_LAYOUTS: dict[str, LazyString | str] = {
    "own": _l("Our own"),
    "impact-oss": "IMPACT OSS",
    "simore": "SIMORE Plus",
    "nrtd": "NRTD",
}
