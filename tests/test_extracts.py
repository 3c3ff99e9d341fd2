"""Expenditure of the ERP comes in whole or not at all, once, and every cent of it can be taken back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter
from commands import Command, command, everything, one_sentence
from crowd import meeting, together
from extracts import HEADINGS, how_many_entries, line, project, spent, take, undo, written
from flask import Flask
from opened import fund

from conftest import ROOT, Instance
from fundapp.access.demonstration import invented
from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.finance.models import ExtractBatch, ExtractLine
from fundapp.finance.operations.extracts import book_waiting, name_and_book
from fundapp.finance.operations.profiles import keep_profile
from fundapp.finance.queries.extracts import unknown
from fundapp.finance.rules.books import CASH
from fundapp.finance.rules.extracts import STANDARD
from fundapp.kernel import trail
from fundapp.kernel.clock import now, today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import Account, JournalEntry, Period, PeriodStage, Posting
from fundapp.ledger.queries import verify

__all__ = ["command"]


def holds() -> bool:
    """The books hold, and so does the trail."""
    return verify(db.session()).holds and trail.verify(db.session())[1] is None


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [fault.code for fault in refused.value.faults]


def name(source: str, what: str, text: str, means: str) -> int:
    with unit_of_work(Console()) as work:
        return name_and_book(work, fund(), source, what, text, means)


def closed(first: date, last: date) -> None:
    """A closed period, as the table has it."""
    with unit_of_work(Console()) as work:
        work.operation = "finance.close_period"
        made = Period(fund_id=fund().id, first=first, last=last, stage=PeriodStage.CLOSED, stage_since=now())
        work.session.add(made)
        work.session.flush()


def test_a_file_posts_an_entry_for_each_day_with_a_line_for_each_row(demo: Flask, tmp_path: Path) -> None:
    before, key = how_many_entries(), project()
    rows = [
        line("1", "1", project="70001", usd="100.10"), line("1", "2", erp_class="010", usd="-20.05"),
        line("2", "1", on="2021-03-06", erp_class="160", usd='"1,000.00"'.strip('"')),
    ]  # fmt: skip
    taken = take(written(tmp_path / "a.csv", *rows))
    assert taken.batch is not None
    assert (taken.plan.added, taken.plan.waiting, taken.plan.cents) == (3, 0, 108005)
    assert how_many_entries() == before + 2
    assert spent() == {"EXP.CONTRACT": 10010, "EXP.STAFF": -2005, "EXP.TRAVELSTAFF": 100000}
    lines = db.session().scalars(sa.select(ExtractLine).order_by(ExtractLine.row)).all()
    assert [one.entry_id is not None for one in lines] == [True] * 3 and lines[0].project_id == key
    first = db.session().execute(
        sa.select(Account.code, Posting.cents, Posting.project_id)
        .join_from(Posting, Account, Account.id == Posting.account_id)
        .where(Posting.entry_id == lines[0].entry_id)
        .order_by(Posting.number)
    )  # fmt: skip
    assert [tuple(row) for row in first] == [
        ("EXP.CONTRACT", 10010, key), ("EXP.STAFF", -2005, None), (CASH, -8005, None)
    ]  # fmt: skip
    assert holds()


def test_the_same_file_twice_does_no_harm(demo: Flask, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", line(), line("2"))
    take(file)
    before = everything()
    again = take(file)
    assert again.batch is None and (again.plan.same, again.plan.added) == (2, 0)
    assert everything() == before


def test_zeros_before_a_number_make_no_other_document(demo: Flask, tmp_path: Path) -> None:
    """A workbook keeps 0000051001 as 51001: the same line out of it is the same."""
    take(written(tmp_path / "a.csv", line("0000051001", "001"), line("A001", "0")))
    before = everything()
    again = take(written(tmp_path / "b.csv", line("51001", "1"), line("A001", "000")))
    assert again.batch is None and again.plan.same == 2
    assert everything() == before


def test_a_changed_line_posts_the_difference(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(), line("2", usd="50.00")))
    taken = take(written(tmp_path / "b.csv", line(usd="130.00"), line("2", usd="50.00"), line("3", usd="1.00")))
    assert (taken.plan.changed, taken.plan.same, taken.plan.added, taken.plan.cents) == (1, 1, 1, 3100)
    assert spent() == {"EXP.CONTRACT": 18100}
    take(written(tmp_path / "c.csv", line(usd="130.00", erp_class="010")))  # another class
    assert spent() == {"EXP.CONTRACT": 5100, "EXP.STAFF": 13000}
    take(written(tmp_path / "d.csv", line(usd="130.00", erp_class="010", text="Said otherwise")))
    assert spent() == {"EXP.CONTRACT": 5100, "EXP.STAFF": 13000}
    assert holds()


def test_a_line_that_moves_to_another_year_leaves_the_one_it_stood_in(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(on="2022-12-30")))
    taken = take(written(tmp_path / "b.csv", line(on="2023-01-02", usd="90.00")))
    assert spent(2022) == {} and spent(2023) == {"EXP.CONTRACT": 9000}
    assert taken.batch is not None and taken.plan.cents == -1000
    again = take(written(tmp_path / "b.csv", line(on="2023-01-02", usd="90.00")))
    assert again.plan.same == 1
    undo(taken.batch.id)
    assert spent(2022) == {"EXP.CONTRACT": 10000} and spent(2023) == {}


@pytest.mark.parametrize("erp_class", ["999", "120"])
def test_what_nobody_knows_waits_and_is_booked_once_it_has_a_name(demo: Flask, tmp_path: Path, erp_class: str) -> None:
    rows = [line(project="X-9", erp_class=erp_class), line("2"), line("3", project="X-9", usd="7.00")]
    taken = take(written(tmp_path / "a.csv", *rows))
    assert taken.plan.waiting == 2 and spent() == {"EXP.CONTRACT": 10000}
    assert ("project", "X-9", 2) in {(one.what, one.text, one.lines) for one in unknown(db.session(), fund())}
    key = project("P-9", None)
    booked = name("umoja", "project", "X-9", "P-9")
    if erp_class == "999":
        assert booked == 1
        booked += name("umoja", "class", "999", "EXP.CONTRACT")
    assert booked == 2 and unknown(db.session(), fund()) == []
    assert spent() == {"EXP.CONTRACT": 20700}
    by = sa.select(sa.func.sum(Posting.cents)).where(Posting.project_id == key)
    assert db.session().scalar(by) == 10700
    assert take(tmp_path / "a.csv").plan.same == 3
    assert taken.batch is not None
    undo(taken.batch.id)
    assert spent() == {} and unknown(db.session(), fund()) == [] and holds()
    assert take(tmp_path / "a.csv").plan.added == 3  # and what it means is remembered
    assert spent() == {"EXP.CONTRACT": 20700}


def test_a_project_that_is_opened_later_lets_its_lines_be_booked(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(project="70001")))
    project()
    with unit_of_work(Console()) as work:
        assert book_waiting(work, fund(), "umoja") == 1
    with unit_of_work(Console()) as work:
        assert book_waiting(work, fund(), "umoja") == 0
    assert spent() == {"EXP.CONTRACT": 10000}


def test_a_name_that_is_none_is_refused(demo: Flask, tmp_path: Path) -> None:
    take(written(tmp_path / "a.csv", line(project="70001", erp_class="999")))
    for what, means, code in (
        ("project", "P-0", "extract.no-project"), ("class", "AST.CASH", "extract.no-account"),
        ("fund", "", "extract.nothing-unknown"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            name("umoja", what, "70001", means)
        assert code_of(refused) == [code]


def test_a_batch_is_taken_back_whole_and_may_come_again(demo: Flask, tmp_path: Path) -> None:
    first = take(written(tmp_path / "a.csv", line(), line("2", on="2021-04-01")))
    later = take(written(tmp_path / "b.csv", line(usd="120.00")))
    assert first.batch is not None and later.batch is not None
    with pytest.raises(Refusal) as refused:
        undo(first.batch.id)
    assert code_of(refused) == ["extract.built-on"]
    assert undo(later.batch.id) == 1 and spent() == {"EXP.CONTRACT": 20000}
    assert undo(first.batch.id) == 2 and spent() == {}
    with pytest.raises(Refusal) as refused:
        undo(first.batch.id)
    assert code_of(refused) == ["extract.undone"]
    assert take(tmp_path / "b.csv").plan.added == 1 and spent() == {"EXP.CONTRACT": 12000}
    assert holds()


def test_a_batch_is_not_taken_back_without_a_reason(demo: Flask, tmp_path: Path) -> None:
    taken = take(written(tmp_path / "a.csv", line()))
    assert taken.batch is not None
    for reason in (" ", "x" * 2001):
        with pytest.raises(Refusal) as refused:
            undo(taken.batch.id, reason)
        assert code_of(refused) == ["extract.no-reason"]
    assert spent() == {"EXP.CONTRACT": 10000}


def test_a_late_line_posts_to_the_first_open_day(demo: Flask, tmp_path: Path) -> None:
    closed(date(2021, 3, 1), date(2021, 3, 31))
    taken = take(written(tmp_path / "a.csv", line(), line("2", on="2021-04-01")))
    assert taken.batch is not None
    kept = db.session().scalars(sa.select(ExtractLine).order_by(ExtractLine.row)).all()
    assert [(one.posted_on.isoformat(), str(one.booked_on)) for one in kept] == [
        ("2021-03-05", "2021-04-01"), ("2021-04-01", "2021-04-01")
    ]  # fmt: skip
    entry = db.session.get_one(JournalEntry, kept[0].entry_id)
    assert "2021-03-05" in entry.memo and entry.posted_on == date(2021, 4, 1)
    closed(date(2021, 4, 1), date(2021, 4, 30))  # and taking it back posts to the day that is open by then
    undo(taken.batch.id)
    last = sa.select(sa.func.max(JournalEntry.posted_on)).where(JournalEntry.corrects_id == kept[0].entry_id)
    assert db.session().scalar(last) == date(2021, 5, 1) and spent() == {} and holds()


WRONG = {
    "extract.no-day": {"on": "05.03.2021"}, "extract.future": {"on": (today() + timedelta(2)).isoformat()},
    "extract.too-early": {"on": "1999-12-31"}, "extract.no-amount": {"usd": "12.345", "amount": "12.34"},
    "extract.large": {"usd": "99999999999999", "amount": "1"}, "extract.no-currency": {"currency": "francs"},
    "extract.no-key": {"document": ""}, "extract.other-fund": {"fund": "AHA"}, "extract.twice": {"document": "51001"},
    "extract.word-long": {"erp_class": "1" * 61},
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_a_row_that_is_wrong_refuses_the_file_and_says_where(demo: Flask, tmp_path: Path, code: str) -> None:
    if code == "extract.other-fund":
        settings_of_the_fund()
    before = everything()
    with pytest.raises(Refusal) as refused:
        take(written(tmp_path / "a.csv", line(), line(**{"document": "2", **WRONG[code]})))
    assert [(one.code, one.row) for one in refused.value.faults] == [(code, 3)]
    assert everything() == before


def settings_of_the_fund() -> None:
    """A profile that says how the file names the fund."""
    label, layout = STANDARD["umoja"]
    with unit_of_work(Console()) as work:
        keep_profile(work, fund(), "umoja", label, replace(layout, fund_codes=("UPR",)), 0)


def test_all_faults_are_told_in_the_order_of_rows(demo: Flask, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        take(written(tmp_path / "a.csv", line(on="x", usd="y", amount="1"), line("2"), line("3", currency="?")))
    assert [(one.row, one.code) for one in refused.value.faults] == [
        (2, "extract.no-day"), (2, "extract.no-amount"), (4, "extract.no-currency")
    ]  # fmt: skip


def test_a_file_cut_anywhere_is_refused_or_says_what_it_had(demo: Flask, tmp_path: Path) -> None:
    """In the middle of a line always; at the end of one where the file says its total."""
    total = ("", "TOTAL", "", "", "", "", "", "", "", "300.00", "", "")
    whole = written(tmp_path / "a.csv", line(), line("2"), line("3"), total).read_bytes()
    body = whole.index(b"\n") + 1
    before = everything()
    for cut in range(body, len(whole) - 1):
        (tmp_path / "cut.csv").write_bytes(whole[:cut])
        if whole[:cut].endswith(b"\n"):
            continue
        with pytest.raises(Refusal):
            take(tmp_path / "cut.csv")
    assert everything() == before
    missing = written(tmp_path / "b.csv", line(), line("3"), total)
    with pytest.raises(Refusal) as refused:
        take(missing)
    assert code_of(refused) == ["extract.total"]
    assert take(tmp_path / "a.csv").plan.added == 3


def test_a_workbook_is_read_like_a_csv(demo: Flask, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, [44260, 51001, 1, "UPR", "", 10, "Staff", "USD", 1234.56, 1234.56, "actual", ""])
        sheet.write_row(2, 0, ["2021-03-05", "51002", "1", "", "", "120", "Said", "CHF", "(0.30)", 0.1 + 0.2])
    taken = take(path)
    assert taken.plan.added == 2 and spent() == {"EXP.STAFF": 123456, "EXP.CONTRACT": 30}
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(Refusal) as refused:
        take(path)
    assert code_of(refused) == ["package.broken"]


def test_amounts_are_read_as_erps_write_them(demo: Flask, tmp_path: Path) -> None:
    amounts = {"12.50-": -1250, "(1 234.50)": -123450, "1,234.5": 123450, "-0.01": -1, "7": 700, "0.00": 0}
    rows = [line(str(n), usd=text) for n, text in enumerate(amounts)]
    take(written(tmp_path / "a.csv", *rows))
    kept = dict(db.session().execute(sa.select(ExtractLine.document, ExtractLine.cents)).all())
    assert [kept[str(n)] for n in range(len(amounts))] == list(amounts.values())


def test_who_may_not_import_changes_nothing(demo: Flask, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", line())
    before = everything()
    for role in (Role.CERTIFYING_OFFICER, Role.AUDITOR, Role.SECRETARY):
        with pytest.raises(Refused):
            take(file, invented(db.session(), role))
    assert everything() == before


def test_two_importing_the_same_file_at_once_book_it_once(demo: Flask, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", *(line(str(n)) for n in range(200)))

    def job() -> int:
        return take(file).plan.added

    with meeting(demo, tmp_path) as app:
        assert sorted(map(str, together(app, *[job] * 4))) == ["0", "0", "0", "200"]
        with app.app_context():
            assert spent() == {"EXP.CONTRACT": 200 * 10000} and holds()
            assert db.session().scalar(sa.select(sa.func.count()).select_from(ExtractBatch)) == 1


def test_the_command_says_what_it_would_do_and_does_it(demo: Flask, tmp_path: Path, command: Command) -> None:
    file = written(tmp_path / "a.csv", line(), line("2", project="X"))
    before = everything()
    said = command("import", "expenditure", file, "--fund", "UPR", "--dry-run")
    assert said.status == 0 and "2 lines, 2 new" in said.out and "Nothing was changed." in said.out
    assert "Nobody knows the project “X” (1 lines)." in said.err
    assert everything() == before
    said = command("import", "expenditure", file, "--fund", "UPR")
    assert said.status == 0 and "100.00 US dollars posted" in said.out
    said = command("import", "expenditure", file, "--fund", "UPR", "--layout", "umoja")
    assert said.status == 0 and "It brings nothing new" in said.out
    file.write_text(file.read_text()[:-30])
    assert "was cut" in one_sentence(command("import", "expenditure", file, "--fund", "UPR"))
    refused = command("import", "expenditure", file, "--fund", "UPR", "--layout", "none")
    assert refused.status == 1 and "There is no profile none" in one_sentence(refused)


def test_killed_at_any_moment_the_import_is_whole_or_was_not(instance: Instance, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", *(line(str(n), on=f"2021-03-{n % 28 + 1:02}") for n in range(8_000)))
    environ = {**os.environ, "FUNDAPP_INSTANCE": str(instance.folder), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "fundapp", "import", "expenditure", str(file), "--fund", "UPR"]
    begun = time.monotonic()
    subprocess.run([*words, "--dry-run"], env=environ, check=True, capture_output=True, cwd=ROOT)
    takes = time.monotonic() - begun
    for share in (0.8, 1.0, 1.1, 1.2, 1.4):
        job = subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        with suppress(subprocess.TimeoutExpired):
            job.wait(takes * share)
        with suppress(ProcessLookupError):
            os.kill(job.pid, signal.SIGKILL)
        job.wait(10)
        with instance.app() as app, app.app_context():
            kept = db.session().scalar(sa.select(sa.func.count()).select_from(ExtractLine))
            assert kept in (0, 8_000) and holds()
            assert spent() == ({"EXP.CONTRACT": 8_000 * 10000} if kept else {})
