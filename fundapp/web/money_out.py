"""What went out in the demonstration's year 2020: projects with their allotments, commitments, the ERP's extract that
pays them, what is carried over the year's end, support costs; and the income that no donor gave, entered by hand."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.board.models import Decision
from fundapp.finance.models import (
    Allotment,
    AllotmentStage,
    Commitment,
    CommitmentStage,
    ManualEntry,
    ManualStage,
    ProjectAccount,
)
from fundapp.finance.operations.accounts import open_account, prepare_allotment, release_allotment
from fundapp.finance.operations.commitments import approve_commitment, carry_over, raise_commitment
from fundapp.finance.operations.extracts import take_extract
from fundapp.finance.operations.manual import certify_manual, prepare_manual
from fundapp.finance.operations.support_costs import post_support_costs
from fundapp.finance.queries.spending import approval
from fundapp.finance.rules.books import CASH
from fundapp.finance.rules.commitments import GivenCommitment
from fundapp.finance.rules.manual import GivenEntry, GivenLine
from fundapp.finance.rules.spending import GivenAccount, GivenAllotment
from fundapp.funds.models import Fund
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.operations.documents import Arrived
from fundapp.recommendations.layouts.incoming import Incoming
from fundapp.recommendations.views.blueprint import files
from fundapp.web.proposals import person_of
from fundapp.web.written import letter, table

ALLOTMENTS, COMMITMENTS, EXTRACT = "allotments_2020.csv", "commitments_2020.csv", "expenditure_2020.csv"
OTHER_INCOME, PDF, LARGEST = "other_income_2020.csv", "application/pdf", 100_000
OF_2019, PROFILE, YEAR = "2019-1", "plain", 2020
WHOLE, CLOSING_ENTRIES, TRUE_UP = "ERP extract 2020.csv", "ERP extract 2020, closing entries.csv", "true-up"
REASON = "First allotment, as the decision has it by class"


def demonstrate(fund: Fund) -> None:
    """Allot, commit and spend; what is committed still at the year's end is expenditure of it. The ERP's support costs
    are a little more than the rate makes of each month: its last line says by how much."""
    _allot(fund)
    _commit(fund)
    rows = table(EXTRACT)
    _extract(fund, WHOLE, [row for row in rows if row["kind"] != TRUE_UP])
    with unit_of_work(finance()) as work:
        carry_over(work, fund, YEAR)
        for month in range(1, 13):
            post_support_costs(work, fund, YEAR, month)
    _extract(fund, CLOSING_ENTRIES, [row for row in rows if row["kind"] == TRUE_UP])
    _other_income(fund)


def finance() -> Person:
    """The finance officer, who prepares."""
    return person_of(db.session(), Role.FINANCE_OFFICER)


def certifying() -> Person:
    """The certifying officer, who approves and releases."""
    return person_of(db.session(), Role.CERTIFYING_OFFICER)


def _allot(fund: Fund) -> None:
    with unit_of_work(finance()) as work:
        for code in dict.fromkeys(row["project"] for row in table(ALLOTMENTS)):
            rows = [row for row in table(ALLOTMENTS) if row["project"] == code]
            since, ends_on = (date.fromisoformat(rows[0][name]) for name in ("since", "ends_on"))
            said = GivenAccount(erp_code=code, opened_on=since, ends_on=ends_on)
            decision = _decision(work.session, fund, rows[0]["state"])
            assert decision
            account = open_account(work, decision, said)
            work.session.flush()
            classes = {row["class"]: cents(row["usd"]) for row in rows}
            prepare_allotment(work, account, GivenAllotment(since, classes, REASON))
    with unit_of_work(certifying()) as work:
        asked = sa.select(Allotment).where(
            Allotment.fund_id == fund.id, Allotment.stage == AllotmentStage.PREPARED
        ).order_by(Allotment.id)  # fmt: skip
        for one in list(work.session.scalars(asked)):
            release_allotment(work, one, one.version)


def cents(text: str) -> int:
    """Dollars as a file writes them, in cents."""
    whole, _, part = text.partition(".")
    sign = -1 if text.startswith("-") else 1
    return int(whole) * 100 + sign * int(part or 0)


def is_approved(session: Session, fund: Fund) -> bool:
    """Whether all projects that are allotted money come from an approval that stands."""
    return all(_decision(session, fund, state) for state in {row["state"] for row in table(ALLOTMENTS)})


def _decision(session: Session, fund: Fund, state: str) -> Decision | None:
    """The approval of a State's proposal of 2019."""
    of_call = sa.select(Proposal.id).join(Call, Call.id == Proposal.call_id)
    asked = of_call.where(Call.fund_id == fund.id, Call.code == OF_2019, Proposal.country == state)
    key = session.scalar(asked)
    return approval(session, key) if key is not None else None


def _commit(fund: Fund) -> None:
    """Each is raised by one and approved by another."""
    with unit_of_work(finance()) as work:
        projects = dict(work.session.execute(
            sa.select(ProjectAccount.erp_code, ProjectAccount.id).where(ProjectAccount.fund_id == fund.id)
        ).all())  # fmt: skip
        for row in table(COMMITMENTS):
            said = GivenCommitment(
                project_id=projects[row["project"]] if row["project"] else None,
                account=row["account"],
                erp_class=row["class"],
                payee=row["payee"],
                purpose=row["purpose"],
                reference="",
                committed_on=date.fromisoformat(row["committed_on"]),
                expires_on=date.fromisoformat(row["expires_on"]),
                cents=cents(row["usd"]),
            )
            raise_commitment(work, fund, said)
            work.session.flush()
    with unit_of_work(certifying()) as work:
        asked = sa.select(Commitment).where(
            Commitment.fund_id == fund.id, Commitment.stage == CommitmentStage.RAISED
        ).order_by(Commitment.id)  # fmt: skip
        for one in list(work.session.scalars(asked)):
            approve_commitment(work, one, one.version)


def _extract(fund: Fund, name: str, rows: Iterable[dict[str, str]]) -> None:
    """Take in rows of the extract as a file."""
    given = list(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "extract.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(given[0]))
            writer.writeheader()
            writer.writerows(given)
        with unit_of_work(finance()) as work:
            take_extract(work, fund, Incoming(name, path), PROFILE)


def _other_income(fund: Fund) -> None:
    """Entries by hand, each with its document: one prepares them, another certifies."""
    with unit_of_work(finance()) as work:
        for row in table(OTHER_INCOME):
            amount = cents(row["usd"])
            lines = (GivenLine(CASH, amount), GivenLine("INC.MISC", -amount))
            given = GivenEntry(date.fromisoformat(row["on"]), f"{row['text']}: {row['document']}", lines)
            content = letter(f"Demonstration: {row['document']}", row["text"], f"USD {row['usd']}", "Invented.")
            kept = files().keep(io.BytesIO(content), row["document"], LARGEST)
            prepare_manual(work, fund, given, Arrived(f"{row['document']}.pdf", PDF, kept))
    with unit_of_work(certifying()) as work:
        asked = sa.select(ManualEntry).where(ManualEntry.fund_id == fund.id, ManualEntry.stage == ManualStage.PREPARED)
        for one in list(work.session.scalars(asked.order_by(ManualEntry.id))):
            certify_manual(work, one, one.version)
