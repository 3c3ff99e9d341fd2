"""What calls are called on screen: stages, fields, and what a call asks for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.proposals.rules import Item, Stage

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
ITEMS: dict[Item, LazyString] = {Item.DOCUMENT: _l("Documents"), Item.QUESTION: _l("Questions")}
PLACES: dict[str, LazyString] = {
    "group": _l("Regional groups"),
    "region": _l("Regions"),
    "state": _l("States"),
}
