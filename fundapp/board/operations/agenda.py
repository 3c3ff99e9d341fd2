"""The agenda of a session: its items and their order, their documents, and the proposals under them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import Advice, AgendaDocument, AgendaItem, Ballot, Considered, Decision, ItemKind
from fundapp.board.operations.sessions import check_item, consider, hold_session, item_titles
from fundapp.board.queries.agenda import deferred_places
from fundapp.board.queries.withheld import items_read
from fundapp.board.rules.sessions import LONGEST_TITLE, text_faults
from fundapp.funds.models import Fund
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import Kept
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.rules.documents import plain, stem_of

MOST_DOCUMENTS = 40  # of an item


@dataclass(frozen=True, slots=True)
class Paper:
    """A file for an item of the agenda that was looked at and kept: what it is called, its language, and what it is."""

    title: str
    language: str
    name: str
    media_type: str
    kept: Kept


@operation(Permission.SESSION_RUN)
def change_item(
    work: Work, item: AgendaItem, kind: ItemKind, names: Mapping[str, str], fund: Fund | None, call_id: int | None,
    version: int,
) -> None:  # fmt: skip
    """Say otherwise what an item is about; whoever comes second is told."""
    _hold(work, item, version)
    call = work.session.get(Call, call_id) if call_id else None
    said = item_titles(names)
    check_item(work.actor, item.session, said, fund, call)
    fund_id = fund.id if fund else None
    if fund_id is not None and _others_under(work, item, fund_id):
        raise Refusal(Fault("session.item-of-others", field="fund"))
    item.kind, item.fund_id, item.call_id = kind, fund_id, call.id if call else None
    for name, text in said.items():
        setattr(item, name, text)


def _others_under(work: Work, item: AgendaItem, fund_id: int) -> bool:
    """Whether proposals of another fund are under an item."""
    asked = sa.select(Considered.id).join(Proposal, Proposal.id == Considered.proposal_id)
    there = asked.where(Considered.item_id == item.id, Considered.removed_at.is_(None), Proposal.fund_id != fund_id)
    return work.session.scalar(there.limit(1)) is not None


@operation(Permission.SESSION_RUN)
def move_item(work: Work, item: AgendaItem, fund: Fund, up: bool) -> bool:
    """Let an item change places with the one before it, or after it, on the agenda that a fund sees and whoever
    moves it reads; False at either end."""
    _hold(work, item)
    seen = [one for one, _names in items_read(work.session, work.actor, item.session, fund.id)]
    place = next((place for place, one in enumerate(seen) if one.id == item.id), None)
    beside = None if place is None else place + (-1 if up else 1)
    if beside is None or not 0 <= beside < len(seen):
        return False
    other = seen[beside]
    item.position, other.position = other.position, item.position
    return True


@operation(Permission.SESSION_RUN)
def take_item_off(work: Work, item: AgendaItem) -> None:
    """Take an item off the agenda; refused while proposals are under it."""
    _hold(work, item)
    under = sa.select(Considered.id).where(Considered.item_id == item.id, Considered.removed_at.is_(None))
    if work.session.scalar(under.limit(1)) is not None:
        raise refuse("session.item-in-use")
    item.removed_at = work.at


def _hold(work: Work, item: AgendaItem, version: int = 0) -> None:
    hold_session(work.session, item.session)
    work.session.refresh(item)
    if item.removed_at is not None:
        raise refuse("session.item-gone")
    if version and item.version != version:
        raise refuse("session.item-changed")


# ----------------------------------------------------------------------------------------------------------- documents


@operation(Permission.SESSION_RUN)
def add_paper(work: Work, item: AgendaItem, paper: Paper) -> AgendaDocument:
    """Add a document to an item."""
    _hold(work, item)
    title = plain(paper.title) or stem_of(paper.name)
    faults = list(text_faults({"title": title}, LONGEST_TITLE, needed=""))
    if paper.language not in LANGUAGES:
        faults.append(Fault("session.no-language", field="language"))
    there = work.session.scalars(
        sa.select(AgendaDocument).where(AgendaDocument.item_id == item.id, AgendaDocument.removed_at.is_(None))
    ).all()
    if same := next((one for one in there if one.digest == paper.kept.digest), None):
        faults.append(Fault("session.same-paper", {"title": same.title}, field="file"))
    if len(there) >= MOST_DOCUMENTS:
        faults.append(Fault("session.many-papers", {"largest": MOST_DOCUMENTS}, field="file"))
    if faults:
        raise Refusal(*faults)
    made = AgendaDocument(
        item_id=item.id, title=title, language=paper.language, name=paper.name, media_type=paper.media_type,
        digest=paper.kept.digest, size=paper.kept.size, at=work.at, by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.SESSION_RUN)
def take_paper_off(work: Work, item: AgendaItem, paper: AgendaDocument) -> None:
    """Take a document off an item; its file stays."""
    _hold(work, item)
    if paper.item_id != item.id or paper.removed_at is not None:
        raise refuse("session.paper-gone")
    paper.removed_at, paper.removed_by = work.at, str(work.actor)


# ----------------------------------------------------------------------------------------------------------- proposals


@operation(Permission.SESSION_RUN)
def consider_all(work: Work, item: AgendaItem, proposals: Collection[Proposal]) -> int:
    """Put several proposals before the Board under an item, each with where it was deferred from; all or none; how
    many."""
    _hold(work, item)
    earlier = deferred_places(work.session, [one.id for one in proposals], item.session_id)
    for one in sorted(proposals, key=lambda one: one.reference):
        found = earlier.get(one.id)
        consider(work, item, one, work.session.get(Considered, found) if found else None)
    return len(proposals)


@operation(Permission.SESSION_RUN)
def take_proposal_off(work: Work, found: Considered) -> None:
    """Take a proposal off a session; refused once the Board has voted, advised or somebody decided on it."""
    item = work.session.get_one(AgendaItem, found.item_id)
    hold_session(work.session, item.session)
    work.session.refresh(found)
    reference = found.proposal.reference
    if found.removed_at is not None:
        raise refuse("session.not-considered", reference=reference)
    for model in (Ballot, Advice, Decision):
        if work.session.scalar(sa.select(model.id).where(model.considered_id == found.id).limit(1)) is not None:
            raise refuse("session.advised", reference=reference)
    found.removed_at = work.at
