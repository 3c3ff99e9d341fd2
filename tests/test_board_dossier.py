"""The dossier of a session: what its reader may read, what the Board saw, and that both stay as they were."""

from __future__ import annotations

from boards import opened
from calls import fund, someone
from flask import Flask
from visiting import statements

from fundapp.access.policy import Role
from fundapp.board.models import BoardSession
from fundapp.board.queries.dossier import session_dossier
from fundapp.board.rules.dossier import SessionDossier
from fundapp.kernel.clock import now
from fundapp.kernel.database import db


def read(of: BoardSession, role: Role = Role.SECRETARY) -> SessionDossier:
    return session_dossier(db.session(), someone(role), db.session.get_one(BoardSession, of.id), fund(), now())


def test_it_holds_what_the_session_has(shown: Flask) -> None:
    of = opened(proposals=None)
    with statements() as asked:
        found = read(of)
    print(len(asked))
    print(found.situation, found.kept[:2], found.scenarios and found.scenarios[0].rows[:2])
    print([(one.rank, one.seen.reference, one.seen.scores and one.seen.scores.total) for one in found.rankings[0].rows])
    print(found.people, found.items)
    assert 0
