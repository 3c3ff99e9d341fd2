"""Two people at once with the same records: one joins them, the other is told; one word holds for a match."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from crowd import meeting, together
from evidence_rows import health, number_of, people, two_sources, works
from flask import Flask

from fundapp.access.policy import Role
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.recommendations.models import REC, EvidenceJudgement, Pairing
from fundapp.recommendations.operations import join, judge
from fundapp.recommendations.rules import Verdict


@pytest.fixture
def begun(seeded: Flask, tmp_path: Path) -> Iterator[Flask]:
    two_sources(tmp_path)
    health(tmp_path)
    people()
    with meeting(seeded, tmp_path) as app:
        yield app


def joins(kept: int, other: int) -> Callable[[], object]:
    def job() -> bool:
        with works(Role.DESK_OFFICER) as work:
            return join(work, None, kept, other).joined

    return job


def test_two_records_are_joined_one_way(begun: Flask) -> None:
    seven, eight, nine = (number_of(f"upr:SVN:4:140.{n}") for n in (7, 8, 9))
    answers = together(begun, joins(seven, eight), joins(eight, seven), joins(eight, nine), joins(nine, seven))
    assert True in answers and {str(one) for one in answers} <= {
        *("True", "pair.is-joined", "pair.kept-is-joined", "pair.has-joined", "pair.joined-already"),
    }, answers
    with begun.app_context():
        asked = sa.select(REC.c.number, REC.c.joined_to).where(REC.c.joined_to.is_not(None))
        away = dict(db.session.execute(asked).all())
        assert len(away) == answers.count(True) and not away.keys() & set(away.values())
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Pairing)) == len(away)
        assert trail.verify(db.session())[1] is None


def test_one_word_holds_for_a_match(begun: Flask) -> None:
    about, found = number_of("r7"), number_of("both")

    def says(verdict: Verdict) -> Callable[[], object]:
        def job() -> str:
            with works(Role.REVIEWER) as work:
                return judge(work, None, about, verdict, "It speaks of it.", found=found).verdict.value

        return job

    together(begun, *[says(verdict) for verdict in (Verdict.ADDED, Verdict.REJECTED, Verdict.ADDED, Verdict.ADDED)])
    with begun.app_context():
        holds = sa.select(sa.func.count()).where(EvidenceJudgement.withdrawn_at.is_(None))
        assert db.session.scalar(holds) == 1
        assert trail.verify(db.session())[1] is None
