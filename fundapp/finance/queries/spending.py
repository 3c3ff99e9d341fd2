"""Reading project accounts: what was allotted, what is committed and spent, by class and by quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.board.models import Considered, Decision
from fundapp.board.queries.deciding import decided, stands
from fundapp.board.rules.course import APPROVING
from fundapp.finance.models import Allotment, ProjectAccount
from fundapp.finance.queries.commitments import may_be_seen
from fundapp.finance.queries.parts import Bound, bound
from fundapp.finance.rules.spending import Pace, Use, forecast, group_of, pace, quarter, total
from fundapp.funds.models import Fund
from fundapp.kernel.text import fold
from fundapp.ledger.models import Account, Posting
from fundapp.ledger.rules import Nature
from fundapp.proposals.models import Proposal

PAGE = 50
SORTS = ("code", "title", "allotted", "committed", "spent", "left", "forecast")


@dataclass(frozen=True, slots=True)
class Row:
    """A project in the list: its account, what it may spend and has, and where it will stand at the year's end."""

    code: str
    title: str
    country: str
    opened_on: date
    closed_on: date | None
    use: Use
    foreseen: int

    @property
    def pace(self) -> Pace:
        """Whether it spends as planned."""
        return pace(self.use.allotted, self.foreseen)


@dataclass(frozen=True, slots=True)
class Quarter:
    """What a project spent in a quarter, by group of classes."""

    year: int
    number: int
    spent: Mapping[str, int]

    @property
    def cents(self) -> int:
        """All classes together."""
        return sum(self.spent.values())


def account(session: Session, actor: Actor, fund: Fund, code: str) -> ProjectAccount | None:
    """A project account by its code; none for what somebody may not see, as for what is not there. One query."""
    asked = sa.select(ProjectAccount).where(
        ProjectAccount.fund_id == fund.id, ProjectAccount.code == code, may_be_seen(actor)
    )
    return session.scalars(asked).one_or_none()


def accounts(session: Session, actor: Actor, fund: Fund) -> Sequence[ProjectAccount]:
    """The project accounts of a fund that somebody may see, in the order of their codes; one query."""
    asked = sa.select(ProjectAccount).where(ProjectAccount.fund_id == fund.id, may_be_seen(actor))
    return session.scalars(asked.order_by(ProjectAccount.code)).all()


def uses(session: Session, fund_id: int, on: date, project_id: int | None = None) -> Mapping[int, Mapping[str, Use]]:
    """Project -> group of classes -> what was allotted, is committed and is spent to the end of a day; one query."""
    return by_group(bound(session, fund_id, on, project_id=project_id))


def by_group(found: Bound) -> dict[int, dict[str, Use]]:
    """Project -> group of classes -> what became of it; what is of no project is left out."""
    sums: defaultdict[int, defaultdict[str, Use]] = defaultdict(lambda: defaultdict(Use))
    for (project, code), use in found.uses.items():
        if project:
            sums[project][group_of(code)] += use
    return {project: dict(sorted(groups.items())) for project, groups in sums.items()}


def projects(session: Session, actor: Actor, fund: Fund, on: date, q: str = "", sort: str = "code") -> list[Row]:
    """The projects of a fund that somebody may see, with what they may spend on a day and have; two queries."""
    used = by_group(bound(session, fund.id, on, date(on.year, 1, 1)))
    found = []
    for one in accounts(session, actor, fund):
        use = total(used.get(one.id, {}).values())
        foreseen = forecast(use.spent - use.since, use.since, use.committed, on)
        found.append(Row(one.code, one.title, one.country or "", one.opened_on, one.closed_on, use, foreseen))
    words, name = fold(q), sort.lstrip("-")
    found = [row for row in found if words in fold(f"{row.code} {row.title} {row.country}")]
    return sorted(found, key=lambda row: _key(row, name), reverse=sort.startswith("-"))


def _key(row: Row, name: str) -> tuple[int, str]:
    if name == "title":
        return 0, fold(row.title)
    if name == "forecast":
        return row.foreseen, row.code
    return (int(getattr(row.use, name)) if name in SORTS and name != "code" else 0), row.code


def quarters(session: Session, fund_id: int, project_id: int, last: date) -> list[Quarter]:
    """What a project spent in each quarter from its first entry to its last by a day; one query."""
    asked = (
        sa.select(Posting.posted_on, Account.code, sa.cast(sa.func.sum(Posting.cents), sa.BigInteger))
        .join(Account, Account.id == Posting.account_id)
        .where(Account.nature == Nature.EXPENDITURE, Posting.fund_id == fund_id, Posting.project_id == project_id)
        .where(Posting.posted_on <= last)
        .group_by(Posting.posted_on, Account.code)
    )
    found: defaultdict[tuple[int, int], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for on, code, cents in session.execute(asked):
        found[on.year, quarter(on)][group_of(code)] += int(cents)
    if not found:
        return []
    first, newest = min(found), max(found)
    every = [(year, n) for year in range(first[0], newest[0] + 1) for n in (1, 2, 3, 4)]
    return [Quarter(*key, dict(found.get(key, {}))) for key in every if first <= key <= newest]


def allotments(session: Session, project_id: int) -> Sequence[Allotment]:
    """The allotments of a project, the newest first; their lines come with them. Two queries."""
    asked = sa.select(Allotment).where(Allotment.project_id == project_id).options(sa.orm.selectinload(Allotment.lines))
    return session.scalars(asked.order_by(Allotment.number.desc())).all()


def waiting_decisions(session: Session, actor: Actor, fund: Fund) -> Sequence[tuple[Decision, Proposal]]:
    """The approvals that stand and have no project account yet, the oldest first; one query."""
    known = sa.exists().where(ProjectAccount.proposal_id == Proposal.id)
    asked = (
        sa.select(Decision, Proposal)
        .join(Proposal, Proposal.id == Decision.proposal_id)
        .join(Considered, Considered.id == Decision.considered_id)
        .where(decided(actor, fund.id), stands(), Decision.outcome.in_(sorted(APPROVING)), ~known)
    )
    return [(decision, proposal) for decision, proposal in session.execute(asked.order_by(Decision.id))]


def approval(session: Session, proposal_id: int) -> Decision | None:
    """The decision that stands on a proposal, where it approves; one query."""
    asked = sa.select(Decision).where(Decision.proposal_id == proposal_id, stands())
    found = session.scalars(asked).one_or_none()
    return found if found is not None and found.outcome in APPROVING else None
