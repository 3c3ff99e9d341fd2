"""What the scoring of a call is called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from fundapp.proposals.models import Kept
from fundapp.scoring.models import Ended
from fundapp.scoring.rules.rounds import Interest

MOVES: dict[str, LazyString] = {
    "open": _l("Scoring opened"),
    "change": _l("Scoring changed"),
    "close": _l("Scoring closed"),
    "reopen": _l("Scoring opened again"),
}
ENDED: dict[Ended, LazyString] = {
    Ended.TAKEN_BACK: _l("taken back"),
    Ended.ABSTAINED: _l("abstained"),
    Ended.RECUSED: _l("recused"),
}
KEPT: dict[Kept, LazyString] = {
    Kept.ABSTAINED: _l("abstained"),
    Kept.RECUSED: _l("recused"),
}
# Why somebody does not score a proposal.
INTERESTS: dict[Interest, LazyString] = {
    Interest.OFFICE: _l("of their own office"),
    Interest.NATIONALITY: _l("for the State they are nationals of"),
    Interest.WORKED: _l("they worked on it"),
    Interest.KEPT: _l("kept from it by an interest"),
}
