"""What sessions are called on screen: stages, ways of meeting, capacities, items, steps, and how a proposal fares."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.board.models import AdviceOutcome, Capacity, ItemKind, SessionStage, Way

SESSION_STAGES: dict[SessionStage, LazyString] = {
    SessionStage.PLANNED: _l("Planned"),
    SessionStage.OPEN: _l("Open to trustees"),
    SessionStage.CLOSED: _l("Session closed"),
    SessionStage.CANCELLED: _l("Session cancelled"),
}
# The mark of a stage: a dial and a word, see the layer's app-stage.
SESSION_MARKS = {
    SessionStage.PLANNED: "2",
    SessionStage.OPEN: "3",
    SessionStage.CLOSED: "done",
    SessionStage.CANCELLED: "no",
}
WAYS: dict[Way, LazyString] = {
    Way.PLACE: _l("At a place"),
    Way.ONLINE: _l("Online"),
    Way.WRITTEN: _l("Written procedure"),
}
CAPACITIES: dict[Capacity, LazyString] = {
    Capacity.CHAIR: _l("Chair"),
    Capacity.TRUSTEE: _l("Trustee"),
    Capacity.SECRETARIAT: _l("Secretariat"),
    Capacity.HOST: _l("Host"),
    Capacity.OBSERVER: _l("Observer"),
    Capacity.GUEST: _l("Guest"),
}
ITEM_KINDS: dict[ItemKind, LazyString] = {
    ItemKind.MATTERS: _l("Matters arising"),
    ItemKind.POLICY: _l("Policy"),
    ItemKind.FINANCE: _l("Finance"),
    ItemKind.PROPOSALS: _l("Proposals"),
    ItemKind.BRIEFING: _l("Briefing"),
    ItemKind.OTHER: _l("Other matters"),
}
SESSION_MOVES: dict[str, LazyString] = {
    "plan": _l("Planned the session"),
    "record": _l("Recorded the session after it was held"),
    "change": _l("Changed days, place or numbers"),
    "open": _l("Opened the session to the trustees"),
    "close": _l("Closed the session"),
    "cancel": _l("Cancelled the session"),
    "reopen": _l("Took the session up again"),
}
ADVISED: dict[AdviceOutcome, LazyString] = {
    AdviceOutcome.SUPPORT: _l("Advised: support"),
    AdviceOutcome.CONDITIONS: _l("Advised: support with conditions"),
    AdviceOutcome.DEFER: _l("Advised: defer"),
    AdviceOutcome.NOT_SUPPORT: _l("Advised: not support"),
}
