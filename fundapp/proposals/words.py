"""What calls are called on screen: stages, fields, and what a call asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.kernel.languages import LANGUAGES
from fundapp.proposals.rules import Item, Stage
from fundapp.proposals.rules.checklist import Verdict
from fundapp.proposals.rules.record import Fate
from fundapp.reference.rules import Status

STAGES: dict[Stage, LazyString] = {
    Stage.DRAFT: _l("Draft"),
    Stage.SCHEDULED: _l("Not open yet"),
    Stage.OPEN: _l("Open"),
    Stage.CLOSED: _l("Closed"),
    Stage.CANCELLED: _l("Cancelled"),
}
# The mark of a stage: a dial and a word, see the layer's app-stage.
MARKS = {
    Stage.DRAFT: "1",
    Stage.SCHEDULED: "2",
    Stage.OPEN: "3",
    Stage.CLOSED: "done",
    Stage.CANCELLED: "no",
}
ITEMS: dict[Item, LazyString] = {
    Item.DOCUMENT: _l("Documents"),
    Item.QUESTION: _l("Questions"),
    Item.CHECK: _l("Checklist"),
}
PLACES: dict[str, LazyString] = {
    "group": _l("Regional groups"),
    "region": _l("Regions"),
    "state": _l("States"),
}
PROPOSAL_STAGES: dict[str, LazyString] = {
    "draft": _l("Draft"),
    "cleared": _l("Cleared by the head of office"),
    "submitted": _l("Handed in"),
    "in-screening": _l("In screening"),
    "returned": _l("Returned for changes"),
    "eligible": _l("Eligible"),
    "ineligible": _l("Not eligible"),
    "withdrawn": _l("Withdrawn"),
    "discarded": _l("Put aside"),
}
VERDICTS: dict[Verdict, LazyString] = {
    Verdict.FULFILLED: _l("Fulfilled"),
    Verdict.NOT_FULFILLED: _l("Not fulfilled"),
    Verdict.NOT_APPLICABLE: _l("Does not apply"),
}
# The points of every checklist.
POINTS: dict[str, LazyString] = {
    "consent": _l("The State requests the project, or consents to it"),
    "country": _l("The country may apply to the call"),
    "budget": _l("The budget is within the limits of the call"),
    "recommendations": _l("The proposal names recommendations that it helps to implement"),
    "gender": _l("The gender page is filled in"),
    "documents": _l("The documents that the call requires are there"),
}
PROPOSAL_MARKS = {
    "draft": "1", "cleared": "2", "submitted": "2", "in-screening": "3", "returned": "back", "eligible": "done",
    "ineligible": "no", "withdrawn": "held", "discarded": "held",
}  # fmt: skip
# The pages of a proposal, in the order of its task list.
SECTIONS: dict[str, LazyString] = {
    "country": _l("Country and partners"),
    "consent": _l("Request or consent of the State"),
    "context": _l("Problem and context"),
    "recommendations": _l("Recommendations"),
    "focus-areas": _l("Focus areas"),
    "results": _l("Results"),
    "activities": _l("Activities"),
    "national-systems": _l("National systems"),
    "goals": _l("Sustainable Development Goals"),
    "gender": _l("Gender"),
    "inclusion": _l("Leaving no one behind"),
    "risks": _l("Risks"),
    "sustainability": _l("Sustainability"),
    "other-funding": _l("Other funding"),
    "monitoring": _l("Monitoring"),
    "budget": _l("Budget"),
    "contacts": _l("Contacts"),
    "questions": _l("Questions of the call"),
    "documents": _l("Documents"),
}
# What became of a document between two versions.
FATES: dict[Fate, LazyString] = {
    Fate.ADDED: _l("Added"),
    Fate.REPLACED: _l("Replaced"),
    Fate.REMOVED: _l("Taken off"),
}
STATUSES: dict[Status, LazyString] = {
    Status.LDC: _l("Least developed country"),
    Status.SIDS: _l("Small island developing State"),
    Status.LLDC: _l("Landlocked developing country"),
}
STATUS_TAGS: dict[Status, LazyString] = {Status.LDC: _l("LDC"), Status.SIDS: _l("SIDS"), Status.LLDC: _l("LLDC")}
# What a list of proposals may have beside reference and title, in this order.
LIST_COLUMNS: dict[str, LazyString] = {
    "call": _l("Call"),
    "state": _l("Country"),
    "office": _l("Office"),
    "area": _l("Focus area"),
    "language": _l("Written in"),
    "marker": _l("Gender marker"),
    "amount": _l("Requested"),
    "stage": _l("Stage"),
    "officer": _l("Desk officer"),
    "submitted": _l("Handed in on"),
    "due": _l("Comes back by"),
    "since": _l("In this stage since"),
}
USUAL_COLUMNS = ("state", "area", "amount", "stage", "officer", "since")


@dataclass(frozen=True, slots=True)
class ListWords:
    """What lists say again and again, in one language."""

    columns: Mapping[str, str]
    stages: Mapping[str, str]
    statuses: Mapping[Status, str]
    tags: Mapping[Status, str]


@lru_cache(maxsize=len(LANGUAGES))
def list_words(_tongue: str) -> ListWords:
    """The same in the language of the page, which is named so that it is looked up once: a page says it hundreds of
    times."""
    found = (LIST_COLUMNS, PROPOSAL_STAGES, STATUSES, STATUS_TAGS)
    return ListWords(*({key: str(word) for key, word in words.items()} for words in found))  # type: ignore[arg-type]


# Dossiers that are made in the background.
JOB_STAGES: dict[str, LazyString] = {
    "waiting": _l("Waiting to be made"),
    "making": _l("Being made"),
    "done": _l("Ready"),
    "failed": _l("Not made"),
    "gone": _l("Thrown away"),
}
JOB_MARKS = {"waiting": "1", "making": "3", "done": "done", "failed": "no", "gone": "held"}
JOB_WHY: dict[str, LazyString] = {
    "not-permitted": _l("You may not make dossiers of this fund any more."),
    "unforeseen": _l("Something went wrong on our side. It is in the log; ask again, or tell the administrator."),
    "nothing-left": _l("None of the proposals could be drawn, or none is there for you any more."),
}
