"""Reading proposals: whose they are to see, one with all it says, and what it is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.policy import Actor, Permission, Refused, may
from fundapp.funds.models import Fund
from fundapp.funds.queries import support_cost_rate
from fundapp.kernel.errors import Fault
from fundapp.proposals.models import (
    Call,
    CallDocument,
    CallQuestion,
    Proposal,
    ProposalDocument,
    ProposalFile,
    ProposalMove,
    ProposalReader,
    ProposalSection,
    ProposalVersion,
    ProposalWriter,
)
from fundapp.proposals.queries.calls import Subject, offices_of
from fundapp.proposals.rules.completeness import Section, Share, held_against, sections, together
from fundapp.proposals.rules.content import World, facts
from fundapp.proposals.rules.fields import Whole, rows_of
from fundapp.proposals.rules.stages import OF_THE_OFFICE
from fundapp.recommendations.models import REC
from fundapp.recommendations.rules import Position

PROPOSAL = Proposal.__table__
OWN_STAGES = sorted(OF_THE_OFFICE)
CONSENT, OTHER = "consent", "other"  # kinds of document beside those that a call asks for


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A proposal of a fund that was handed in, as the policy is asked about it in general: of no office by name, and
    opened to nobody by name."""

    fund_id: int
    office_id: int = 0
    handed_in: bool = True
    opened_to: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class OfTheOffice:
    """One that was not."""

    fund_id: int
    office_id: int = 0
    handed_in: bool = False
    opened_to: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody may see of a fund's proposals: all of them, or what was handed in, those of their offices, and
    those opened to them by name; of all these none that an interest keeps them from."""

    fund_id: int
    everything: bool
    handed_in: bool
    offices: frozenset[int]
    reader: int | None = None
    closed: frozenset[int] = frozenset()


def scope(actor: Actor, fund_id: int) -> Scope:
    """What somebody may see: offices their own, the secretariat what was handed in. The same rule as the policy's."""
    if not may(actor, Permission.PROPOSAL_READ, Subject(fund_id)):
        raise Refused(f"proposals need {Permission.PROPOSAL_READ}")
    everything = may(actor, Permission.PROPOSAL_READ, OfTheOffice(fund_id))
    handed_in = everything or may(actor, Permission.PROPOSAL_READ, HandedIn(fund_id))
    by_name = HandedIn(fund_id, 0, True, frozenset({actor.id}))
    reader = actor.id if not handed_in and may(actor, Permission.PROPOSAL_READ, by_name) else None
    return Scope(fund_id, everything, handed_in, frozenset(offices_of(actor, fund_id)), reader, closed_to(actor))


def closed_to(actor: Actor) -> frozenset[int]:
    """The proposals that an interest keeps somebody from."""
    names: frozenset[str] = getattr(actor, "closed_names", frozenset())
    return frozenset(int(name.partition(":")[2]) for name in names if name.startswith("proposal:"))


def within(seen: Scope) -> sa.ColumnElement[bool]:
    """The same as a filter."""
    ways: list[sa.ColumnElement[bool]] = []
    if seen.everything:
        ways.append(sa.true())
    elif seen.handed_in:
        ways.append(PROPOSAL.c.stage.not_in(OWN_STAGES))
    if seen.offices:
        ways.append(PROPOSAL.c.office_id.in_(sorted(seen.offices)))
    if seen.reader is not None and not (seen.everything or seen.handed_in):
        ways.append(sa.and_(PROPOSAL.c.stage.not_in(OWN_STAGES), PROPOSAL.c.id.in_(_opened_to(seen.reader))))
    open_ones = [PROPOSAL.c.id.not_in(sorted(seen.closed))] if seen.closed else []
    return sa.and_(PROPOSAL.c.fund_id == seen.fund_id, sa.or_(*ways) if ways else sa.false(), *open_ones)


def _opened_to(person: int) -> sa.Select[int]:
    reader = ProposalReader
    return sa.select(reader.proposal_id).where(reader.person_id == person, reader.ended_at.is_(None))


def visible(actor: Actor, fund_id: int) -> sa.ColumnElement[bool]:
    """What somebody may see of a fund's proposals, as the one filter for lists, counts, searches, files and letters."""
    return within(scope(actor, fund_id))


def proposal(session: Session, actor: Actor, fund: Fund, reference: str) -> Proposal | None:
    """The proposal of a reference; none for one that somebody may not see, as for one that is not there."""
    where = (PROPOSAL.c.reference == reference, visible(actor, fund.id))
    return session.scalars(sa.select(Proposal).where(*where)).one_or_none()


def of_the_office(actor: Actor, found: Proposal) -> bool:
    """Whether somebody reads a proposal as its office does, and so sees what is being written; others see what was
    handed in last."""
    return found.office_id in offices_of(actor, found.fund_id)


def written_sections(session: Session, found: Proposal) -> dict[str, ProposalSection]:
    """What is being written, by section; one query."""
    rows = session.scalars(sa.select(ProposalSection).where(ProposalSection.proposal_id == found.id))
    return {row.name: row for row in rows}


def contents(rows: Mapping[str, ProposalSection]) -> Whole:
    """The contents of sections."""
    return {name: row.content for name, row in rows.items()}


def versions(session: Session, found: Proposal) -> Sequence[ProposalVersion]:
    """What was handed in, oldest first."""
    asked = sa.select(ProposalVersion).where(ProposalVersion.proposal_id == found.id)
    return session.scalars(asked.order_by(ProposalVersion.number)).all()


def last_version(session: Session, found: Proposal) -> ProposalVersion | None:
    """What was handed in last; none before that."""
    asked = sa.select(ProposalVersion).where(ProposalVersion.proposal_id == found.id)
    return session.scalars(asked.order_by(ProposalVersion.number.desc()).limit(1)).one_or_none()


def moves(session: Session, found: Proposal) -> Sequence[ProposalMove]:
    """How a proposal came to where it stands, oldest first."""
    asked = sa.select(ProposalMove).where(ProposalMove.proposal_id == found.id)
    return session.scalars(asked.order_by(ProposalMove.id)).all()


def writers_of(session: Session, found: Proposal) -> Sequence[str]:
    """The names of those who wrote in a proposal, who began first; one query."""
    writer = ProposalWriter
    asked = sa.select(Person.name).join(writer, writer.person_id == Person.id).where(writer.proposal_id == found.id)
    return session.scalars(asked.order_by(writer.id)).all()


def files_of(session: Session, proposal: Proposal) -> list[dict[str, object]]:
    """The newest file of each document of a proposal, as its versions name them."""
    newest = (
        sa.select(ProposalFile.document_id, sa.func.max(ProposalFile.number).label("number"))
        .group_by(ProposalFile.document_id)
        .subquery()
    )
    asked = (
        sa.select(ProposalDocument, ProposalFile)
        .join(newest, newest.c.document_id == ProposalDocument.id)
        .join(
            ProposalFile,
            sa.and_(ProposalFile.document_id == ProposalDocument.id, ProposalFile.number == newest.c.number),
        )
        .where(ProposalDocument.proposal_id == proposal.id, ProposalDocument.removed_at.is_(None))
        .order_by(ProposalDocument.id)
    )
    return [
        {
            "kind": document.kind, "title": document.title, "name": file.name, "number": file.number,
            "digest": file.digest, "size": file.size, "media_type": file.media_type,
        }
        for document, file in session.execute(asked)
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------- what it is held against


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call asks of each of its proposals: sections with what they must have, kinds of document, questions by
    code with their words, limits in cents, and the rate of support costs."""

    sections: tuple[Section, ...]
    documents: tuple[str, ...]
    questions: Mapping[str, int]
    floor: int | None
    ceiling: int | None


def asked_of(session: Session, call: Call) -> Asked:
    """What a call asks; two queries."""
    documents = session.scalars(sa.select(CallDocument).where(CallDocument.call_id == call.id)).all()
    questions = session.scalars(
        sa.select(CallQuestion).where(CallQuestion.call_id == call.id).order_by(CallQuestion.position)
    ).all()
    return asked_from(
        call.floor_cents,
        call.ceiling_cents,
        [(one.code, one.required) for one in documents],
        [(one.code, one.word_limit, one.required) for one in questions],
    )


def asked_from(
    floor: int | None,
    ceiling: int | None,
    documents: Sequence[tuple[str, bool]],
    questions: Sequence[tuple[str, int, bool]],
) -> Asked:
    """The same, where the limits, the documents and whether each is required, and the questions with their words, were
    read."""
    words = {code: limit for code, limit, _ in questions}
    left = {code for code, _, required in questions if not required}
    required = [code for code, needed in documents if needed and code != CONSENT]
    return Asked(
        sections(None, words, required, left),
        tuple(code for code, _ in documents),
        words,
        floor,
        ceiling,
    )


def document_counts(session: Session, found: Proposal) -> dict[str, int]:
    """How many documents of each kind a proposal has."""
    kind = ProposalDocument.kind
    asked = sa.select(kind, sa.func.count().label("many")).where(
        ProposalDocument.proposal_id == found.id, ProposalDocument.removed_at.is_(None)
    )
    return {row.kind: row.many for row in session.execute(asked.group_by(kind))}


def noted(session: Session, whole: Whole) -> frozenset[str]:
    """Which of the linked recommendations the State only noted, by number as text."""
    numbers = [int(row["number"]) for row in rows_of(whole.get("recommendations"), "linked") if _is_number(row)]
    if not numbers:
        return frozenset()
    asked = sa.select(REC.c.number).where(REC.c.number.in_(numbers), REC.c.standing, REC.c.position == Position.NOTED)
    return frozenset(str(number) for number in session.scalars(asked))


def _is_number(row: Mapping[str, Any]) -> bool:
    text = str(row.get("number", ""))
    return text.isascii() and text.isdigit() and len(text) < 18


def world_of(session: Session, found: Proposal, whole: Whole, asked: Asked, today: date) -> World:
    """What is known beside the pages; three queries."""
    fund = session.get_one(Fund, found.fund_id)
    return World(
        today,
        support_cost_rate(session, fund, today),
        asked.floor,
        asked.ceiling,
        document_counts(session, found),
        noted(session, whole),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposal held against what it must have: what is lacking by section, the share done of each section and of
    all, and what it was judged by."""

    lacking: Sequence[tuple[str, Fault]]
    shares: Mapping[str, Share]
    percent: int
    world: World


def judged(session: Session, found: Proposal, whole: Whole, asked: Asked, today: date) -> Judged:
    """How complete a proposal is."""
    return judge(whole, asked, world_of(session, found, whole, asked, today))


def judge(whole: Whole, asked: Asked, world: World) -> Judged:
    """The same, where all is known that it is judged by."""
    missing, shares = held_against(facts(whole, world), asked.sections)
    return Judged(missing, shares, together(shares.values()).percent, world)
