"""What minutes are told with on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.board.deciding_words import DECIDED

# By the values of Capacity, in the order in which minutes name them.
CAPACITIES: dict[str, LazyString] = {
    "chair": _l("Chair"),
    "trustee": _l("Trustees"),
    "secretariat": _l("Secretariat"),
    "host": _l("Hosts"),
    "observer": _l("Observers"),
    "guest": _l("Guests"),
}
# By those of Way.
WAYS: dict[str, LazyString] = {
    "place": _l("In person"),
    "online": _l("Online"),
    "written": _l("By written procedure"),
}
# By those of AdviceOutcome and of AdviceWay.
ADVICE: dict[str, LazyString] = {
    "support": _l("The Board supports the proposal"),
    "support-with-conditions": _l("The Board supports the proposal with conditions"),
    "defer": _l("The Board defers the proposal"),
    "not-support": _l("The Board does not support the proposal"),
}
ADVICE_WAYS: dict[str, LazyString] = {
    "consensus": _l("by consensus"),
    "vote": _l("by a recorded vote"),
    "silence": _l("by silence"),
}
# By those of VoteChoice.
CHOICES: dict[str, LazyString] = {
    "for": _l("In favour"),
    "against": _l("Against"),
    "abstain": _l("Abstaining"),
}
# By those of InterestKind.
APART: dict[str, LazyString] = {
    "nationality": _l("national of the State"),
    "worked-for": _l("worked for those who propose it"),
    "other": _l("another interest"),
}
# By those of DecisionOutcome.
DECISIONS: dict[str, LazyString] = {one.value: word for one, word in DECIDED.items()}
# By those of Owner.
OWNERS: dict[str, LazyString] = {
    "office": _l("the office"),
    "secretariat": _l("the secretariat"),
}
STANDINGS: dict[str, LazyString] = {
    "open": _l("not met yet"),
    "met": _l("met"),
    "waived": _l("waived"),
}
WORDS = {
    "capacities": CAPACITIES,
    "ways": WAYS,
    "advice_words": ADVICE,
    "advice_ways": ADVICE_WAYS,
    "vote_words": CHOICES,
    "apart_words": APART,
    "decision_words": DECISIONS,
    "owner_words": OWNERS,
    "standing_words": STANDINGS,
}
