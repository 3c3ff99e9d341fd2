"""The ranking as it is read: what counts, what is left out, and for whom a proposal is not there."""

from __future__ import annotations

from flask import Flask
from scoring_seen import call, round_now, scored
from visiting import statements

from fundapp.access.operations import Console
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.scoring.queries.ranking import Ranking, ranking
from fundapp.scoring.queries.rounds import scales_of


def seen(actor: object = None, language: str = "en") -> Ranking:
    """The ranking of the call as somebody sees it."""
    of, found = round_now(), call()
    return ranking(db.session(), actor or Console(), found, of, scales_of(db.session(), found), language, now())


def test_x(shown: Flask) -> None:
    scored({1: {"A": (4,) * 5, "B": (3,) * 5}, 2: {"A": (4,None,1,2,3), "B": (None,) * 5}})
    with statements() as asked:
        x = seen()
    for s in asked: print(s)
    for r in x.rows: print(r)
    print(x.reviewers)
    assert 0
