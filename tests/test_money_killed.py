"""Killed before any row of support costs or of a certificate: the books are as they were, and it is done again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import closed
import pytest
import sqlalchemy as sa
from extracts import line, take, written

from conftest import ROOT, Instance, placed
from fundapp.finance.models import Certificate, CertificateStage, SupportCosts
from fundapp.finance.operations.certifying import review_statement
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify

pytestmark = pytest.mark.slow
# Counts what the database is asked to write, and dies before the one with the number it is given.
KILLED = """
import os, signal, sys
import sqlalchemy as sa
sys.path.insert(0, "tests")
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.web.assemble import create_app
left = [int(sys.argv[1])]
def count(_connection, _cursor, statement, *_):
    if statement.startswith(("INSERT", "UPDATE", "insert", "update")):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
app = create_app()
with app.app_context():
    import closed
    from opened import fund
    from fundapp.access.operations import Console
    from fundapp.finance.models import Certificate
    from fundapp.finance.operations.certifying import certify_statement
    from fundapp.finance.operations.support_costs import post_support_costs
    from fundapp.funds.models import Fund
    who = closed.certifier()
    sa.event.listen(db.engine, "before_cursor_execute", count)
    if sys.argv[2] == "support":
        with unit_of_work(Console()) as work:
            post_support_costs(work, work.session.get_one(Fund, fund().id), 2021, 3)
    else:
        with unit_of_work(who) as work:
            found = work.session.query(Certificate).one()
            certify_statement(work, found, found.version)
"""


@pytest.fixture
def of_demo(given: dict[str, str], tmp_path: Path) -> Instance:
    """An installation with the demonstration's people and books."""
    return placed(given, tmp_path, "demo")


def killed(instance: Instance, after: int, what: str) -> bool:
    """Whether it was killed; after: how many rows it may write first."""
    env = {**os.environ, "FUNDAPP_INSTANCE": str(instance.folder), "FUNDAPP_DATABASE_URL": "", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", KILLED, str(after), what]
    done = subprocess.run(words, cwd=ROOT, env=env, check=False, capture_output=True, timeout=60)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode != 0


def finished(instance: Instance, what: str, done: sa.Select[Any]) -> int:
    """Kill it earlier and later until it ends by itself; how often it was killed."""
    for after in range(40):
        was_killed = killed(instance, after, what)
        with instance.app():
            assert verify(db.session()).holds and trail.verify(db.session())[1] is None
            assert db.session.scalar(done) == (0 if was_killed else 1), after
        if not was_killed:
            return after
    raise AssertionError("it never ended")


def test_support_costs_are_posted_whole_or_not(of_demo: Instance, tmp_path: Path) -> None:
    with of_demo.app():
        take(written(tmp_path / "a.csv", line(usd="1000.00")))
    assert finished(of_demo, "support", sa.select(sa.func.count()).select_from(SupportCosts)) >= 3


def test_a_statement_is_certified_whole_or_not(of_demo: Instance) -> None:
    with of_demo.app():
        closed.second_certifier()
        closed.closed()
        key = closed.prepared()
        with unit_of_work(closed.second_certifier()) as work:
            found = work.session.get_one(Certificate, key)
            review_statement(work, found, found.version)
    certified = sa.select(sa.func.count()).where(Certificate.stage == CertificateStage.CERTIFIED)
    assert finished(of_demo, "certify", certified) >= 2
