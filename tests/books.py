"""Books for the tests of the ledger: the funds, a short chart of accounts, and what is posted into them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.funds.models import Fund
from fundapp.funds.operations import set_up
from fundapp.funds.queries import fund_by_code
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.operations import open_accounts
from fundapp.ledger.queries import accounts
from fundapp.ledger.rules import CONTRIBUTIONS, RECEIVABLE, ChartLine, Nature

CASH, STAFF = "AST.CASH", "EXP.STAFF"
CHART = [
    ChartLine(code, nature, dict.fromkeys(LANGUAGES, code), line, erp)
    for code, nature, line, erp in (
        (CASH, Nature.ASSET, None, None),
        (RECEIVABLE, Nature.ASSET, None, None),
        (CONTRIBUTIONS, Nature.INCOME, CONTRIBUTIONS, None),
        (STAFF, Nature.EXPENDITURE, STAFF, "010"),
    )
]


@dataclass(frozen=True)
class Held:
    role: Role
    fund_id: int | None = None
    office_id: int | None = None


@dataclass(frozen=True)
class Clerk:
    id: int = 7
    grants: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"person:{self.id}"


CLERK = Clerk(7, (Held(Role.FINANCE_OFFICER),))
CERTIFIER = Clerk(8, (Held(Role.CERTIFYING_OFFICER),))


class Books:
    """One fund's books, with accounts by their codes."""

    def __init__(self, fund: Fund) -> None:
        self.id, self.account = fund.id, accounts(db.session())

    @property
    def fund(self) -> Fund:
        return db.session.get_one(Fund, self.id)

    def entry(self, on: date, memo: str, *lines: tuple[Any, ...]) -> Entry:
        """Lines as (code, cents, donor)."""
        return Entry(self.id, on, memo, tuple(Line(self.account[code], *rest) for code, *rest in lines))

    def pledge(self, on: date, cents: int, donor: int | None) -> Entry:
        return self.entry(on, "a pledge", (RECEIVABLE, cents, donor), (CONTRIBUTIONS, -cents, donor))

    def payment(self, on: date, cents: int, donor: int | None) -> Entry:
        return self.entry(on, "a payment", (CASH, cents), (RECEIVABLE, -cents, donor))

    def salary(self, on: date, cents: int) -> Entry:
        return self.entry(on, "a salary", (STAFF, cents), (CASH, -cents))


def open_books(code: str = "UPR") -> Books:
    """The funds and their accounts, as the program sets them up."""
    with unit_of_work(Console()) as work:
        set_up(work, None)
        open_accounts(work, None, CHART)
    fund = fund_by_code(db.session(), code)
    assert fund is not None
    return Books(fund)
