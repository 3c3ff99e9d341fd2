"""A period closes once its checklist is complete, takes no entries then, and opens again by two people."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from closed import YEAR, add, begun, certifier, close, closed, officer, period, second_certifier, ticked
from commands import Command, command
from crowd import meeting, together
from flask import Flask
from opened import fund, of, refused
from visiting import as_a, statements, text_of

from conftest import ROOT, Instance, placed
from fundapp.access.operations import Console
from fundapp.access.policy import Refused
from fundapp.finance.operations.closing import (
    ask_reopening,
    close_period,
    seal_year,
    see_to,
    settle_reopening,
    stop_closing,
)
from fundapp.finance.queries import layout_of
from fundapp.finance.queries.closing import checklist, moves, period_of, reopenings
from fundapp.finance.rules.closing import Point, Span, covered, not_before, span_from
from fundapp.funds.models import Fund
from fundapp.funds.queries import layout
from fundapp.kernel import trail
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.queries import verify

__all__ = ["command"]
DAY = date(2020, 5, 4)


@pytest.fixture
def shared(demo: Flask, tmp_path: Path) -> Iterator[Flask]:
    with meeting(demo, tmp_path) as app:
        yield app


def test_a_period_is_a_month_or_a_year() -> None:
    assert span_from("2020") == Span(2020) and span_from("2020-02") == Span(2020, 2)
    assert Span(2020, 2).last == date(2020, 2, 29) and Span(2020).last == date(2020, 12, 31)
    assert [span_from(text) for text in ("", "20", "2020-13", "2020-00", "2020-1", "1999", "٢٠٢٠", "2020\n")] == [
        None
    ] * 8


def test_closed_days_may_overlap() -> None:
    months = [(one.first, one.last) for one in YEAR.months]
    assert covered(YEAR.first, YEAR.last, months) and not covered(YEAR.first, YEAR.last, months[1:])
    assert not covered(YEAR.first, YEAR.last, [*months[:5], *months[6:]])


def test_a_clock_that_was_set_back_is_refused() -> None:
    not_before(now(), None, now() - timedelta(seconds=1))
    with refused("clock.set-back"):
        not_before(now(), now() + timedelta(days=1), None)


def test_a_step_before_the_one_that_it_follows_is_refused(demo: Flask) -> None:
    begun()
    with refused("clock.set-back"), unit_of_work(officer(), then=now() - timedelta(days=1)) as work:
        stop_closing(work, period(), "early", period().version)


def test_the_checklist_tells_what_the_tables_know(demo: Flask) -> None:
    def told() -> dict[Point, str]:
        found = checklist(db.session(), fund(), YEAR, period_of(db.session(), fund().id, YEAR))
        return {item.point: item.told.why.code for item in found}

    assert told()[Point.TIE_OUT] == "check.tie-out-later"
    begun()
    assert list(told()) == list(Point) and told() == {
        Point.IMPORTS: "check.imports-none", Point.MATCHES: "check.matches-none",
        Point.SUPPORT_COSTS: "check.support-costs-due", Point.COMMITMENTS: "check.commitments-done",
        Point.TIE_OUT: "check.tie-out-open",
    }  # fmt: skip
    ticked()
    close()
    assert told()[Point.TIE_OUT] == "check.tie-out-then"


def test_a_period_closes_when_its_checklist_is_complete(demo: Flask) -> None:
    begun()
    lacking = ("imports", "matches", "support-costs", "tie-out")
    with refused(*(f"period.lacks-{one}" for one in lacking)):
        close()
    ticked()
    close()
    with refused("entry.period-closed"):
        add(DAY)
    add(date(2021, 1, 1))
    assert [one.move for one in moves(db.session(), period())] == ["closed", "begun"]
    assert verify(db.session()).holds and trail.verify(db.session())[1] is None


def test_what_was_said_of_a_point_meanwhile_is_seen_before_more_is_said(demo: Flask) -> None:
    """In two windows the later note would stand, and the first would have been about something else."""
    begun()
    seen = period().version
    with unit_of_work(officer()) as work:
        see_to(work, period(), Point.IMPORTS, False, "Two extracts of June are lacking.", seen)
    with refused("period.changed"), unit_of_work(officer()) as work:
        see_to(work, period(), Point.IMPORTS, True, "All extracts are there.", seen)
    with refused("period.changed"), unit_of_work(certifier()) as work:
        close_period(work, period(), seen)


def test_a_period_that_is_not_over_is_not_closed(demo: Flask) -> None:
    with refused("period.not-over"):
        begun(Span(today().year))


def test_two_people_open_a_period_again(demo: Flask) -> None:
    closed()
    with unit_of_work(certifier()) as work:
        ask_reopening(work, period(), "an invoice came late")
    [asked] = reopenings(db.session(), period())
    with pytest.raises(Refused), unit_of_work(certifier()) as work:
        settle_reopening(work, asked, True, "", asked.version)
    with pytest.raises(Refused), unit_of_work(officer()) as work:
        settle_reopening(work, asked, True, "", asked.version)
    with refused("reopening.asked-already"), unit_of_work(officer()) as work:
        ask_reopening(work, period(), "twice")
    with unit_of_work(second_certifier()) as work:
        settle_reopening(work, reopenings(work.session, period())[0], True, "", 1)
    add(DAY)
    assert period().stage == "open"
    begun()
    assert not any(item.said for item in checklist(db.session(), fund(), YEAR, period())), "the checklist begins anew"


def test_a_reason_is_needed(demo: Flask) -> None:
    closed()
    with refused("period.no-reason"), unit_of_work(officer()) as work:
        ask_reopening(work, period(), " ")
    with refused("period.reason-long"), unit_of_work(officer()) as work:
        ask_reopening(work, period(), "x" * 2001)


def test_a_year_is_sealed_only_when_its_periods_are_closed(demo: Flask) -> None:
    with refused("year.period-open"), unit_of_work(certifier()) as work:
        seal_year(work, work.session.get_one(Fund, fund().id), 2009)
    closed(Span(2009))
    with unit_of_work(certifier()) as work:
        seal_year(work, work.session.get_one(Fund, fund().id), 2009)
    with refused("period.year-sealed"), unit_of_work(officer()) as work:
        ask_reopening(work, period(Span(2009)), "too late")


def test_two_who_close_at_once_close_once(shared: Flask) -> None:
    with shared.app_context():
        begun()
        ticked()
        version, key = period().version, certifier().id
        assert key
    answers = together(shared, *[lambda: _close(version)] * 4)
    assert sorted(map(str, answers)) == ["closed", *["period.is-closed"] * 3]
    with shared.app_context():
        assert [one.move for one in moves(db.session(), period())] == ["closed", "begun"]
        assert trail.verify(db.session())[1] is None


def _close(version: int) -> str:
    with unit_of_work(certifier()) as work:
        close_period(work, period(), version)
    return "closed"


def test_an_entry_that_waits_for_the_closer_is_refused(shared: Flask) -> None:
    with shared.app_context():
        begun()
        ticked()
    inside, posting = threading.Event(), threading.Event()

    def close_slowly() -> str:
        with unit_of_work(certifier()) as work:
            found = period()
            close_period(work, found, found.version)
            inside.set()
            posting.wait(10)
            threading.Event().wait(0.3)
        return "closed"

    def post_meanwhile() -> int:
        inside.wait(10)
        posting.set()
        return add(DAY)

    assert together(shared, close_slowly, post_meanwhile) == ["closed", "entry.period-closed"]
    with shared.app_context():
        assert verify(db.session()).holds


def test_the_closer_waits_for_an_entry_on_its_way(shared: Flask) -> None:
    with shared.app_context():
        begun()
        ticked()
        before = of(*(YEAR.first, YEAR.last)).amount("EXP.STAFF") or 0
        db.session.remove()
    start = threading.Barrier(4, timeout=10)

    def run(job: object) -> object:
        start.wait()
        return job()  # type: ignore[operator]

    answers = together(shared, lambda: run(close), *[lambda: run(lambda: add(DAY) and "posted")] * 3)
    assert answers[0] == "closed" and {*map(str, answers[1:])} <= {"posted", "entry.period-closed"}
    with shared.app_context():
        assert of(YEAR.first, YEAR.last).amount("EXP.STAFF") == before + 1100 * answers.count("posted")
        assert verify(db.session()).holds


KILLED = """
import os, signal
from fundapp.web.assemble import create_app
from fundapp.access.operations import Console
from fundapp.finance.operations.closing import close_period
from fundapp.finance.queries.closing import period_of
from fundapp.finance.rules.closing import Span
from fundapp.funds.queries import named_fund
from fundapp.kernel.work import unit_of_work
with create_app().app_context(), unit_of_work(Console()) as work:
    found = period_of(work.session, named_fund(work.session, "UPR").id, Span(2020))
    close_period(work, found, found.version)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_in_a_close_leaves_the_period_as_it_was(instance_of_demo: Instance) -> None:
    with instance_of_demo.app():
        begun()
        ticked()
    env = {**os.environ, "FUNDAPP_INSTANCE": str(instance_of_demo.folder), "FUNDAPP_DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, env=env, check=False, capture_output=True, timeout=60
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    with instance_of_demo.app():
        assert period().stage == "closing" and verify(db.session()).holds and trail.verify(db.session())[1] is None
    assert instance_of_demo("period", "close", "UPR", "2020").status == 0


@pytest.fixture
def instance_of_demo(given: dict[str, str], tmp_path: Path) -> Instance:
    return placed(given, tmp_path, "demo")


def test_layouts_have_versions(demo: Flask) -> None:
    session, codes = db.session(), {}
    for year in (2020, 2021):
        codes[year] = [line.code for line in layout(session, fund(), date(year, 12, 31))]
    assert "INC.FX.SGP" in codes[2020] and "INC.FX.YEAR" not in codes[2020]
    assert "INC.FX.SGP" not in codes[2021] and "INC.FX.YEAR" in codes[2021]
    assert "INC.FX.SGP" in [line.code for line in layout_of(session, fund(), date(2021, 12, 31))], "counted in balances"
    printed = [row.line for row in of(date(2021, 1, 1), date(2021, 12, 31)).rows]
    assert not [line for line in printed if line.startswith("INC.FX")], "lines of exchange that are nil"
    assert of(date(2021, 1, 1), date(2021, 12, 31)).amount("OPENING") == of(YEAR.first, YEAR.last).amount("CLOSING")


def test_pages_walk_a_year_to_its_close_and_back(demo: Flask, one_click: None) -> None:
    second_certifier()
    money, certifies, reads = (as_a(demo, role) for role in ("finance-officer", "certifying-officer", "auditor"))
    assert reads.post("/UPR/finance/periods/2020/begin").status_code == 403
    assert "The checklist is open." in money.post("/UPR/finance/periods/2020/begin", follow_redirects=True).text
    assert money.post("/UPR/finance/periods/2020/begin").status_code == 409
    refused_ = money.post("/UPR/finance/periods/2020/points/imports/done", data={"version": "2", "note": " "})
    assert refused_.status_code == 422 and "Write what was looked at" in refused_.text
    ticked()
    stale = certifies.post("/UPR/finance/periods/2020/close", data={"version": "1"})
    assert stale.status_code == 409 and "Somebody else changed the period" in stale.text
    now_at = {"version": str(2 + len(Point))}  # each point that is seen to is a change
    assert money.post("/UPR/finance/periods/2020/close", data=now_at).status_code == 403
    done = certifies.post("/UPR/finance/periods/2020/close", data=now_at, follow_redirects=True)
    assert "takes no more entries" in done.text
    asked = certifies.post("/UPR/finance/periods/2020/ask", data={"reason": "late invoice"}, follow_redirects=True)
    assert "late invoice" in asked.text and "who did not ask" in asked.text
    key = reopenings(db.session(), period())[0].id
    assert certifies.post(f"/UPR/finance/periods/2020/requests/{key}/grant", data={"version": "1"}).status_code == 403
    for bad in ("2020-13", "x", "9999999"):
        assert reads.get(f"/UPR/finance/periods/{bad}").status_code == 404
    assert "Ask for one from 2008" in reads.get("/UPR/finance/periods?year=1800").text


def test_pages_ask_little(demo: Flask, one_click: None) -> None:
    """A month and a year, open, being closed, and closed."""
    reader, spans = as_a(demo, "auditor"), (Span(2020, 5), YEAR)
    steps: tuple[Callable[[Span], object], ...] = (str, begun, ticked, close)
    for step in steps:
        for span in spans:
            step(span)
        for address, most in (("?year=2020", 6), ("/2019", 15), ("/2020", 15), ("/2020-05", 15)):
            text_of(reader, f"/UPR/finance/periods{address}")
            with statements() as asked:
                text_of(reader, f"/UPR/finance/periods{address}")
            assert len(asked) <= most, (address, len(asked), asked)


def test_the_command_line_knows_periods(demo: Flask, command: Command) -> None:
    assert command("period", "begin", "UPR", "2020-13").status == 1
    assert command("period", "begin", "UPR", "2020-01").out == "UPR: 2020-01 is being closed.\n"
    assert "The checklist lacks" in command("period", "close", "UPR", "2020-01").err
    assert "2020-01   closing" in command("period", "list", "UPR", "--year", "2020").out
    assert Console().id == 0
