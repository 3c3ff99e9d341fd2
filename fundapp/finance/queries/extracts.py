"""Extracts of expenditure: their profiles, what came before, the batches, and the lines that wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor
from fundapp.finance.models import ExtractBatch, ExtractLine, ExtractProfile, ProjectAccount
from fundapp.finance.rules.extracts import STANDARD, Booked, Known, Layout, layout_from
from fundapp.finance.rules.revisions import Spent
from fundapp.funds.models import Fund
from fundapp.kernel.errors import refuse
from fundapp.ledger.models import Account
from fundapp.ledger.rules import Nature
from fundapp.proposals.queries.proposals import closed_to

LINE, BATCH = ExtractLine.__table__, ExtractBatch.__table__
PAGE = 50
TOGETHER = 500  # documents that a statement asks for


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as it stands now; edition 0 is one of the program's that the fund did not use yet."""

    code: str
    name: str
    edition: int
    layout: Layout
    key: int | None


def profiles(session: Session, fund: Fund) -> list[Profile]:
    """The profiles of a fund, its newest editions, and those that come with the program; by name."""
    newest = sa.select(sa.func.max(ExtractProfile.id)).where(ExtractProfile.fund_id == fund.id)
    found = {
        one.code: Profile(one.code, one.name, one.edition, layout_from(one.settings), one.id)
        for one in session.scalars(
            sa.select(ExtractProfile).where(ExtractProfile.id.in_(newest.group_by(ExtractProfile.code)))
        )
    }
    for code, (name, layout) in STANDARD.items():
        found.setdefault(code, Profile(code, name, 0, layout, None))
    return sorted(found.values(), key=lambda one: (one.code not in STANDARD, one.name))


def profile(session: Session, fund: Fund, code: str) -> Profile:
    """The profile that somebody names; an unknown one is refused with those there are."""
    there = profiles(session, fund)
    found = next((one for one in there if one.code == code), None)
    if found is None:
        raise refuse("extract.no-profile", code=code[:40], known=", ".join(one.code for one in there))
    return found


def expenditure_accounts(session: Session) -> dict[str, int]:
    """Code -> key of the accounts that expenditure is booked on."""
    asked = sa.select(Account.code, Account.id).where(Account.nature == Nature.EXPENDITURE).order_by(Account.id)
    return dict(session.execute(asked).all())


def project_keys(session: Session, fund: Fund) -> dict[str, int]:
    """What a project is called, by the fund or by the ERP -> key of its account."""
    asked = sa.select(ProjectAccount.code, ProjectAccount.erp_code, ProjectAccount.id)
    found: dict[str, int] = {}
    for code, erp, key in session.execute(asked.where(ProjectAccount.fund_id == fund.id)):
        found[code] = key
        if erp:
            found[erp] = key
    return found


def project_codes(session: Session, fund: Fund, actor: Actor | None = None) -> dict[int, str]:
    """Key -> code of the project accounts, but for those of proposals that are closed to whoever reads."""
    asked = sa.select(ProjectAccount.id, ProjectAccount.code).where(ProjectAccount.fund_id == fund.id)
    closed = closed_to(actor) if actor is not None else frozenset()
    if closed:
        of = ProjectAccount.proposal_id
        asked = asked.where(sa.or_(of.is_(None), of.not_in(sorted(closed))))
    return dict(session.execute(asked.order_by(ProjectAccount.code)).all())


_OF_LINE = (
    LINE.c.document, LINE.c.line, LINE.c.revision, BATCH.c.undone_at, LINE.c.posted_on, LINE.c.project,
    LINE.c.erp_class, LINE.c.commitment, LINE.c.kind, LINE.c.text, LINE.c.currency, LINE.c.minor, LINE.c.cents,
    LINE.c.project_id, LINE.c.account_id, LINE.c.waits,
)  # fmt: skip


def known_lines(session: Session, fund: Fund, source: str, documents: Iterable[str]) -> dict[tuple[str, str], Known]:
    """What of these documents came before, of this source."""
    of_source = sa.and_(LINE.c.fund_id == fund.id, LINE.c.source == source)
    if not session.scalar(sa.select(sa.exists().where(of_source))):
        return {}
    found: dict[tuple[str, str], Known] = {}
    wanted = sorted(set(documents))
    asked = sa.select(*_OF_LINE).join_from(LINE, BATCH).where(of_source)
    for start in range(0, len(wanted), TOGETHER):
        part = asked.where(LINE.c.document.in_(wanted[start : start + TOGETHER]))
        rows = session.execute(part.order_by(LINE.c.document, LINE.c.line, LINE.c.revision))
        for key, revisions in groupby(rows, key=lambda row: (row.document, row.line)):
            found[key] = _known(revisions)
    return found


def _known(revisions: Iterator[Any]) -> Known:
    """Of all revisions the newest number; of those that were not taken back what was said and booked last."""
    newest, facts, booked = 0, None, None
    for row in revisions:
        newest = row.revision
        if row.undone_at is not None:
            continue
        facts = (
            row.posted_on, row.document, row.line, row.project, row.erp_class, row.commitment, row.kind, row.text,
            row.currency, row.minor, row.cents,
        )  # fmt: skip
        if not row.waits and row.account_id is not None:
            booked = Booked(row.posted_on, row.project_id, row.account_id, row.cents, row.commitment)
    return Known(newest, facts, booked)


def batches(session: Session, fund: Fund, page: int) -> tuple[Sequence[ExtractBatch], int]:
    """The batches of a fund, newest first, and how many there are."""
    of_fund = ExtractBatch.fund_id == fund.id
    total = session.scalar(sa.select(sa.func.count()).select_from(ExtractBatch).where(of_fund)) or 0
    asked = sa.select(ExtractBatch).where(of_fund).order_by(ExtractBatch.id.desc())
    return session.scalars(asked.limit(PAGE).offset(PAGE * (page - 1))).all(), total


def batch(session: Session, fund: Fund, key: int) -> ExtractBatch | None:
    """A batch of the fund."""
    found = session.get(ExtractBatch, key)
    return found if found is not None and found.fund_id == fund.id else None


def entries_of(session: Session, batch_id: int) -> list[tuple[int, date]]:
    """The entries that a batch posted, and their days, in their order."""
    asked = sa.select(LINE.c.entry_id, LINE.c.booked_on).where(
        LINE.c.batch_id == batch_id, LINE.c.entry_id.is_not(None)
    )  # fmt: skip
    return [(number, day) for number, day in session.execute(asked.distinct().order_by(LINE.c.entry_id))]


def with_commitments(session: Session, batch_id: int) -> Sequence[str]:
    """The documents of a batch that pay commitments."""
    asked = sa.select(LINE.c.document).where(LINE.c.batch_id == batch_id, LINE.c.commitment != "")
    return session.scalars(asked.distinct()).all()


def built_on(session: Session, batch_id: int) -> str | None:
    """The name of a later batch that stands and changed lines of this one: undone alone, this would leave its
    differences in the air."""
    later, other = LINE.alias(), BATCH.alias()
    same = [later.c[name] == LINE.c[name] for name in ("fund_id", "source", "document", "line")]
    asked = (
        sa.select(other.c.name)
        .select_from(LINE)
        .join(later, sa.and_(*same, later.c.revision > LINE.c.revision, later.c.batch_id != LINE.c.batch_id))
        .join(other, other.c.id == later.c.batch_id)
        .where(LINE.c.batch_id == batch_id, other.c.undone_at.is_(None))
    )
    return session.scalar(asked.limit(1))


def _not_closed(actor: Actor | None) -> list[sa.ColumnElement[bool]]:
    closed = closed_to(actor) if actor is not None else frozenset()
    if not closed:
        return []
    kept = sa.select(ProjectAccount.id).where(ProjectAccount.proposal_id.in_(sorted(closed)))
    return [sa.or_(LINE.c.project_id.is_(None), LINE.c.project_id.not_in(kept))]


def lines(session: Session, batch_id: int, page: int, actor: Actor | None) -> tuple[Sequence[Any], int]:
    """The lines of a batch as they stand in its file, and how many the reader sees."""
    mine = [LINE.c.batch_id == batch_id, *_not_closed(actor)]
    total = session.scalar(sa.select(sa.func.count()).select_from(LINE).where(*mine)) or 0
    asked = sa.select(LINE).where(*mine).order_by(LINE.c.row, LINE.c.revision)
    return session.execute(asked.limit(PAGE).offset(PAGE * (page - 1))).all(), total


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that nobody knows: of a project or a class, as the file has it, and what waits for it."""

    source: str
    what: str
    text: str
    lines: int
    cents: int
    first: date
    last: date


def _newest() -> sa.ColumnElement[bool]:
    """Lines that nothing later took the place of, of batches that stand."""
    later, other = LINE.alias(), BATCH.alias()
    same = [later.c[name] == LINE.c[name] for name in ("fund_id", "source", "document", "line")]
    newer = sa.exists().where(
        *same, later.c.revision > LINE.c.revision, other.c.id == later.c.batch_id, other.c.undone_at.is_(None)
    )
    return sa.and_(BATCH.c.undone_at.is_(None), ~newer)


def waiting(session: Session, fund: Fund, source: str | None = None, batch_id: int | None = None) -> Sequence[Any]:
    """The lines that wait for a name, in the order in which they came."""
    asked = sa.select(LINE).join_from(LINE, BATCH).where(LINE.c.fund_id == fund.id, LINE.c.waits != "", _newest())
    if source is not None:
        asked = asked.where(LINE.c.source == source)
    if batch_id is not None:
        asked = asked.where(LINE.c.batch_id == batch_id)
    return session.execute(asked.order_by(LINE.c.batch_id, LINE.c.row, LINE.c.revision)).all()


def unknown(session: Session, fund: Fund) -> list[Unknown]:
    """What waits for a name, by source and name; two queries."""
    found: list[Unknown] = []
    total = sa.cast(sa.func.sum(LINE.c.cents), sa.BigInteger)
    for what, column in (("project", LINE.c.project), ("class", LINE.c.erp_class)):
        asked = (
            sa.select(
                LINE.c.source, sa.literal(what), column, sa.func.count(), total, sa.func.min(LINE.c.posted_on),
                sa.func.max(LINE.c.posted_on),
            )
            .join_from(LINE, BATCH)
            .where(LINE.c.fund_id == fund.id, LINE.c.waits != "", LINE.c.waits.contains(what), _newest())
            .group_by(LINE.c.source, column)
            .order_by(LINE.c.source, column)
        )  # fmt: skip
        found += [Unknown(*row) for row in session.execute(asked)]
    return found


def spent_of(row: Any) -> Spent:
    """A kept line as its file had it."""
    return Spent(
        row.row, row.posted_on, row.document, row.line, row.project, row.erp_class, row.commitment, row.kind,
        row.text, row.currency, row.minor, row.cents,
    )  # fmt: skip


def account_names(session: Session, codes: Mapping[str, int], language: str) -> dict[str, str]:
    """Code -> name of accounts, in a language."""
    asked = sa.select(Account.code, getattr(Account, f"name_{language}")).where(Account.id.in_(codes.values()))
    return dict(session.execute(asked.order_by(Account.id)).all())
