"""What happened to a proposal: its moves, questions and answers, and for its office what the trail and comments say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.trail import Trace
from fundapp.proposals.models import (
    Proposal,
    ProposalComment,
    ProposalDocument,
    ProposalFile,
    ProposalMove,
    ProposalSection,
    ScreeningAnswer,
    ScreeningQuestion,
)
from fundapp.proposals.queries.proposals import OWN_STAGES

PAGE = 50
# What of the trail's notes on the proposal itself is told; moves are told by their own rows, saves by those of pages.
OF_THE_PROPOSAL = ("proposals.begin_proposal", "proposals.copy_proposal", "proposals.choose_languages")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: kind "move" with the name of the move, "question", "answer" and "comment" with the name
    of the section, or "trace" with the operation and the section or document; many: how often in a row."""

    at: datetime
    by: str
    kind: str
    name: str
    about: str
    text: str
    until: datetime | None
    many: int = 1


def timeline(session: Session, found: Proposal, *, own: bool, page: int) -> tuple[list[Event], int]:
    """A page of what happened, newest first, and how many things did; two queries. The steps that an office takes
    before it hands in are its own alone."""
    everything = sa.union_all(*(_of_the_office(found) if own else ()), *_of_both(found, own)).subquery()
    total = session.scalar(sa.select(sa.func.count()).select_from(everything)) or 0
    asked = sa.select(everything).order_by(everything.c.at.desc(), everything.c.turn.desc())
    rows = session.execute(asked.limit(PAGE).offset(PAGE * (page - 1)))
    return _together(Event(row.at, row.by, row.kind, row.name, row.about, row.text, row.until) for row in rows), total


def _together(events: Iterable[Event]) -> list[Event]:
    """Saves of a page by one person in a row are one line, at the moment of the last."""
    found: list[Event] = []
    for one in events:
        last = found[-1] if found else None
        same = last and one.kind == "trace" and (last.kind, last.by, last.name, last.about) == (
            one.kind, one.by, one.name, one.about,
        )  # fmt: skip
        if last and same:
            found[-1] = Event(last.at, last.by, last.kind, last.name, last.about, "", None, last.many + 1)
        else:
            found.append(one)
    return found


def _event(kind: str, turn: Any, at: Any, by: Any, name: Any, **more: Any) -> sa.Select[Any]:
    return sa.select(
        at.label("at"),
        turn.label("turn"),
        by.label("by"),
        sa.literal(kind).label("kind"),
        sa.cast(name, sa.String).label("name"),
        sa.cast(more.get("about", ""), sa.String).label("about"),
        sa.cast(more.get("text", ""), sa.Text).label("text"),
        more.get("until", sa.cast(sa.null(), sa.DateTime)).label("until"),
    )


def _of_both(found: Proposal, own: bool) -> list[sa.Select[Any]]:
    move, question, answer = ProposalMove, ScreeningQuestion, ScreeningAnswer
    moves = _event("move", move.id, move.at, move.by, move.move, text=move.reason, until=move.due_at).where(
        move.proposal_id == found.id
    )
    if not own:
        moves = moves.where(sa.or_(move.origin.not_in(OWN_STAGES), move.to.not_in(OWN_STAGES)))
    return [
        moves,
        _event("question", question.id, question.at, question.by, question.section, text=question.text).where(
            question.proposal_id == found.id
        ),
        _event("answer", answer.id, answer.at, answer.by, question.section, text=answer.text)
        .join(question, question.id == answer.question_id)
        .where(question.proposal_id == found.id),
    ]


def _of_the_office(found: Proposal) -> list[sa.Select[Any]]:
    section, document, file, comment = ProposalSection, ProposalDocument, ProposalFile, ProposalComment
    return [
        _traced("proposal_section", section.name)
        .join(section, section.id == Trace.subject_id)
        .where(section.proposal_id == found.id),
        _traced("proposal_document", document.title)
        .join(document, document.id == Trace.subject_id)
        .where(document.proposal_id == found.id),
        _traced("proposal_file", file.name)
        .join(file, file.id == Trace.subject_id)
        .join(document, document.id == file.document_id)
        .where(document.proposal_id == found.id, file.number > 1),
        _traced("proposal", "").where(Trace.subject_id == found.id, Trace.operation.in_(OF_THE_PROPOSAL)),
        _event("comment", comment.id, comment.at, comment.by, comment.section, text=comment.text).where(
            comment.proposal_id == found.id
        ),
    ]


def _traced(subject: str, about: Any) -> sa.Select[Any]:
    return _event("trace", Trace.id, Trace.at, Trace.actor, Trace.operation, about=about).where(
        Trace.subject == subject
    )
