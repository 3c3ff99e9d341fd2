"""Extracts of expenditure for tests: files that an ERP would write, project accounts, and what the books say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from opened import fund

from fundapp.access.operations import Console
from fundapp.finance.models import ExtractBatch, ProjectAccount
from fundapp.finance.operations.extracts import Taken, take_extract, undo_extract
from fundapp.finance.queries.extracts import expenditure_accounts
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.ledger.models import Account, JournalEntry, Posting
from fundapp.recommendations.layouts.incoming import incoming

HEADINGS = (
    "Posting date", "Document", "Line", "Fund", "Project", "Class", "Text", "Currency", "Amount", "Amount in USD",
    "Kind", "Commitment",
)  # fmt: skip


def line(
    document: str = "51001", number: str = "1", on: str = "2021-03-05", project: str = "", erp_class: str = "120",
    usd: str = "100.00", **more: str,
) -> tuple[str, ...]:  # fmt: skip
    """A line of Umoja; what is not said is as it usually is."""
    return (
        on, document, number, more.get("fund", "UPR"), project, erp_class, more.get("text", "Hosting"),
        more.get("currency", "USD"), more.get("amount", usd), usd, more.get("kind", "actual"),
        more.get("commitment", ""),
    )  # fmt: skip


def written(path: Path, *rows: Sequence[str], end: str = "\n") -> Path:
    """A CSV file of these lines."""
    text = "\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in (HEADINGS, *rows))
    path.write_text(text + end, "utf-8")
    return path


def take(path: Path, actor: Any = None, source: str = "umoja") -> Taken:
    """Take a file in."""
    with unit_of_work(actor or Console()) as work:
        return take_extract(work, fund(), incoming(path), source)


def undo(key: int, reason: str = "The wrong file.") -> int:
    """Take a batch back."""
    with unit_of_work(Console()) as work:
        return undo_extract(work, fund(), work.session.get_one(ExtractBatch, key), reason)


def spent(year: int = 2021) -> dict[str, int]:
    """What a year's expenditure comes to, by account; cents."""
    total = sa.cast(sa.func.sum(Posting.cents), sa.BigInteger)
    asked = (
        sa.select(Account.code, total)
        .join_from(Posting, Account, Account.id == Posting.account_id)
        .where(
            Posting.posted_on.between(date(year, 1, 1), date(year, 12, 31)), Posting.fund_id == fund().id,
            Account.id.in_(expenditure_accounts(db.session()).values()),
        )
        .group_by(Account.code)
    )  # fmt: skip
    return {code: cents for code, cents in db.session().execute(asked) if cents}


def how_many_entries() -> int:
    """Entries of the journal."""
    return db.session().scalar(sa.select(sa.func.count()).select_from(JournalEntry)) or 0


def project(code: str = "P-1", erp: str | None = "70001") -> int:
    """A project account, as if it were older than the program."""
    with unit_of_work(Console()) as work:
        work.operation = "finance.open_account"
        made = ProjectAccount(
            fund_id=fund().id, code=code, erp_code=erp, title="A project", opened_on=date(2020, 1, 1), at=now(),
            by="console",
        )  # fmt: skip
        work.session.add(made)
        work.session.flush()
        return made.id


def tie(key: int, proposal: int) -> None:
    """Say that a project account is of a proposal."""
    with unit_of_work(Console()) as work:
        work.operation = "finance.open_account"
        work.session.get_one(ProjectAccount, key).proposal_id = proposal
        work.session.flush()
