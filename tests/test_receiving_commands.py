"""The commands of receipts and receivables, and a fund that books contributions when they are paid."""

from __future__ import annotations

import json
from datetime import date

from commands import Command, command, everything, one_sentence, rows
from flask import Flask
from receiving import balance, bound, instalments, paid, put, rates, settles, the_fund

from fundapp.access.operations import Console
from fundapp.contributions.models import Instalment
from fundapp.finance.queries.receiving import standing
from fundapp.funds.models import Basis, Fund
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work

__all__ = ["command"]  # a fixture
FIRST = date(2020, 6, 30)


def test_receipts_are_listed(demo: Flask, command: Command) -> None:
    rates()
    paid(FIRST, 5_000, "JPY", donor="JPN", reference="Tokyo")
    paid(date(2020, 7, 1), 60_000_00)
    before = everything()
    said = command("receipts", "list", "UPR")
    assert said.status == 0
    assert said.out.splitlines()[-1] == "2 receipts, USD 62545.66."
    found = rows(command("receipts", "list", "UPR", "--format", "csv").out)
    assert [(one["number"], one["amount"], one["usd"]) for one in found] == [
        ("R2020-0001", "5000", "45.66"), ("R2020-0002", "60000.00", "62500.00"),
    ]  # fmt: skip
    assert json.loads(command("receipts", "list", "AHA", "--format", "json").out) == []
    assert everything() == before
    assert "There is no fund NONE" in one_sentence(command("receipts", "list", "NONE"))


def test_receivables_are_of_a_day(demo: Flask, command: Command) -> None:
    rates()
    first, _second = instalments(bound())
    settles(paid(date(2020, 6, 15), 60_000_00), first, 60_000_00)
    found = rows(command("receivables", "UPR", "--on", "2020-08-01", "--format", "csv").out)
    assert [(one["pledge"], one["age"], one["days"], one["outstanding"], one["usd"]) for one in found] == [
        ("2020-001/1", "31-90", "32", "40000.00", "41237.11"),
        ("2020-001/2", "current", "0", "100000.00", "103092.78"),
    ]
    said = command("receivables", "UPR", "--on", "2020-06-01").out
    assert "USD 206185.56: current 206185.56, 1-30 0.00" in said
    assert command("receivables", "UPR", "--on", "soon").status == 2


def test_where_the_basis_is_cash_a_contribution_is_income_once_it_is_paid(demo: Flask) -> None:
    rates()
    with unit_of_work(Console()) as work:
        fund = work.session.get_one(Fund, the_fund().id)
        fund.basis = Basis.CASH
        put(work, fund)
    income = balance("INC.CONTRIB")
    [part] = instalments(bound(parts=[(96_00, FIRST)]))
    assert (balance("AST.RECEIVABLE"), balance("INC.CONTRIB")) == (0, income)
    made = settles(paid(FIRST, 96_00), part, 48_00)
    assert (made.cents, made.recognised_cents) == (50_00, 50_00)
    assert balance("INC.CONTRIB") - income == -50_00
    assert balance("LIA.ADVANCE") == -50_00
    stands = standing(db.session(), db.session.get_one(Instalment, part))
    assert (stands.outstanding, stands.recognised, stands.gain) == (48_00, None, 0)
