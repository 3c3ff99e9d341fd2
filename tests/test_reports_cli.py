"""fundapp statement balance, budget, commitments …: exit status, and the same figures as the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Command, command, one_sentence, rows
from flask import Flask
from spent import a_year_of_spending

__all__ = ["command"]
PERIODS = ("balance", "compared", "budget", "trial")
DAYS = ("commitments", "receivables", "available")


def test_each_statement_is_given_in_each_format(demo: Flask, command: Command, tmp_path: Path) -> None:
    a_year_of_spending()
    for word in (*PERIODS, *DAYS):
        days = ("--from", "2021-01-01", "--to", "2021-12-31") if word in PERIODS else ("--on", "2021-12-31")
        for form in ("text", "csv", "json"):
            said = command("statement", word, "UPR", *days, "--format", form, "--language", "en")
            assert said.status == 0 and said.out, (word, form)
        for form in ("xlsx", "pdf"):
            path = tmp_path / f"{word}.{form}"
            assert command("statement", word, "UPR", *days, "--format", form, "--output", path).status == 0
            assert path.read_bytes()[:2] in (b"PK", b"%P")
    said = command("statement", "budget", "UPR", "--from", "2021-01-01", "--to", "2021-12-31", "--format", "csv")
    found = {row["line"]: row for row in rows(said.out)}
    assert (found["P-1/total"]["allotted"], found["P-1/total"]["left"]) == ("12000.00", "7700.00")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("balance", "UPR"), 2),
        (("balance", "UPR", "--from", "x", "--to", "2020-12-31"), 2),
        (("trial", "NONE", "--from", "2020-01-01", "--to", "2020-12-31"), 1),
        (("trial", "UPR", "--from", "2020-12-31", "--to", "2020-01-01"), 1),
        (("available", "UPR", "--on", "2020-02-30"), 2),
        (("commitments", "UPR", "--format", "docx"), 2),
    ],
)
def test_what_is_asked_wrongly_is_refused(demo: Flask, command: Command, words: tuple[str, ...], status: int) -> None:
    said = command("statement", *words)
    assert said.status == status
    if status == 1:
        one_sentence(said)


def test_a_day_is_today_where_none_is_named(demo: Flask, command: Command) -> None:
    assert command("statement", "available", "UPR").status == 0
