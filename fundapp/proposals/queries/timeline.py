"""What happened to a proposal: its moves, whose desk it came to, questions and answers, what was found on the
checklist, and for its office what the trail and comments say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from fundapp.kernel.trail import Trace
from fundapp.proposals.models import (
    Proposal,
    ProposalComment,
    ProposalDocument,
    ProposalFile,
    ProposalMove,
    ProposalSection,
    ScreeningAnswer,
    ScreeningMark,
    ScreeningQuestion,
)
from fundapp.proposals.queries.proposals import OWN_STAGES

PAGE = 50
# What of the trail's notes on the proposal itself is told; moves are told by their own rows, saves by those of pages.
BEGINNINGS, CHOSEN = ("proposals.begin_proposal", "proposals.copy_proposal"), "proposals.choose_languages"
TAKEN_OVER, BEGUN = "proposals.take_over_%", "start-screening"
# Moves that tell an office what was found: what was marked before them it may read from then on.
OUTCOMES = ("return", "find-eligible", "find-ineligible")
# How the trail writes that somebody else sees to a proposal, and that nobody does to a new one.
OFFICER, NOBODY = '%"officer_id":[%', '%"officer_id":[null,null]%'


@dataclass(frozen=True, slots=True)
class Sight:
    """How much somebody sees: own, as the office does; screens, as whoever screens does."""

    own: bool
    screens: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the checklist that was marked: its code, the verdict, and for those who screen the note."""

    code: str
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: kind "move" with the name of the move, "question", "answer" and "comment" with the name
    of the section, "officer" about whom it came to, as the trail names people, "mark" with the points that were marked
    in one go, or "trace" with the operation and the section or document; many: how often in a row."""

    at: datetime
    by: str
    kind: str
    name: str
    about: str
    text: str
    until: datetime | None
    many: int = 1
    points: tuple[Point, ...] = ()


def timeline(session: Session, found: Proposal, sight: Sight, page: int) -> tuple[list[Event], int]:
    """A page of what happened, newest first, and how many things did; two queries. The steps that an office takes
    before it hands in are its own alone; the marks on the checklist are the secretariat's alone until it has told the
    office what was found, and its notes beyond that."""
    everything = sa.union_all(
        *(_of_the_office(found) if sight.own else ()),
        *(_of_the_checklist(found, sight) if sight.own or sight.screens else ()),
        *_of_both(found, sight.own),
    ).subquery()
    total = session.scalar(sa.select(sa.func.count()).select_from(everything)) or 0
    asked = sa.select(everything).order_by(everything.c.at.desc(), everything.c.turn.desc(), everything.c.kind)
    rows = session.execute(asked.limit(PAGE).offset(PAGE * (page - 1)))
    return _together(map(_told, rows)), total


def _told(row: Any) -> Event:
    """An event as its row says it."""
    told = Event(row.at, row.by, row.kind, row.name, row.about, row.text, row.until)
    if row.kind == "officer":
        whose = json.loads(row.text)["officer_id"][1]
        return replace(told, about=f"person:{whose}" if whose else "", text="")
    if row.kind == "mark":
        return replace(told, name="", about="", text="", points=(Point(row.name, row.about, row.text),))
    return told


def _together(events: Iterable[Event]) -> list[Event]:
    """Saves of a page by one person in a row are one line, at the moment of the last; so are the marks of one go."""
    found: list[Event] = []
    for one in events:
        last = found[-1] if found else None
        if last and one.kind == "trace" and _key(last) == _key(one):
            found[-1] = replace(last, text="", until=None, many=last.many + 1)
        elif last and one.kind == "mark" and (last.at, *_key(last)) == (one.at, *_key(one)):
            found[-1] = replace(last, points=(*one.points, *last.points))  # the newest is read first
        else:
            found.append(one)
    return found


def _key(one: Event) -> tuple[str, str, str, str]:
    return one.kind, one.by, one.name, one.about


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
        _traced("proposal", "", kind="officer", text=Trace.change, at=_as_it_moved(found)).where(
            Trace.subject_id == found.id, Trace.change.like(OFFICER), Trace.change.not_like(NOBODY)
        ),
    ]


def _of_the_checklist(found: Proposal, sight: Sight) -> list[sa.Select[Any]]:
    """What was marked: all of it to those who screen, to the office what it was told of, without the notes."""
    mark, move = ScreeningMark, ProposalMove
    note = mark.note if sight.screens else ""
    marks = _event("mark", mark.id, mark.at, mark.by, mark.code, about=mark.verdict, text=note)
    marks = marks.where(mark.proposal_id == found.id)
    if sight.screens:
        return [marks]
    told = sa.select(sa.func.max(move.at)).where(move.proposal_id == found.id, move.move.in_(OUTCOMES))
    return [marks.where(mark.at <= told.scalar_subquery())]


def _of_the_office(found: Proposal) -> list[sa.Select[Any]]:
    section, document, file, comment = ProposalSection, ProposalDocument, ProposalFile, ProposalComment
    return [
        _traced("proposal_section", section.name, at=_no_later(section.saved_at))
        .join(section, section.id == Trace.subject_id)
        .where(section.proposal_id == found.id, Trace.operation.not_in(BEGINNINGS)),
        _traced("proposal_document", document.title, at=_as_taken_over(document.added_at))
        .join(document, document.id == Trace.subject_id)
        .where(document.proposal_id == found.id),
        _traced("proposal_file", file.name, at=_as_taken_over(file.at))
        .join(file, file.id == Trace.subject_id)
        .join(document, document.id == file.document_id)
        .where(document.proposal_id == found.id, file.number > 1),
        _traced("proposal", "", at=_no_later(sa.literal(found.begun_at))).where(Trace.id == _beginning(found)),
        _traced("proposal", "").where(Trace.subject_id == found.id, Trace.operation == CHOSEN),
        _event("comment", comment.id, comment.at, comment.by, comment.section, text=comment.text).where(
            comment.proposal_id == found.id
        ),
    ]


def _traced(subject: str, about: Any, kind: str = "trace", text: Any = "", at: Any = Trace.at) -> sa.Select[Any]:
    return _event(kind, Trace.id, at, Trace.actor, Trace.operation, about=about, text=text).where(
        Trace.subject == subject
    )


def _no_later(at: Any) -> sa.ColumnElement[datetime]:
    """When the trail recorded something, or before, where it was recorded of an earlier time: a page was last saved no
    earlier than it was ever saved."""
    return sa.case((at < Trace.at, at), else_=Trace.at)


def _as_taken_over(at: Any) -> sa.ColumnElement[datetime]:
    """The same of a document that had come by other ways: when it came."""
    return sa.case((Trace.operation.like(TAKEN_OVER), _no_later(at)), else_=Trace.at)


def _beginning(found: Proposal) -> sa.ScalarSelect[int]:
    """The last of the traces that a beginning leaves on a proposal: of one that was copied it says so."""
    first = aliased(Trace)
    return (
        sa.select(sa.func.max(first.id))
        .where(first.subject == "proposal", first.subject_id == found.id, first.operation.in_(BEGINNINGS))
        .scalar_subquery()
    )


def _as_it_moved(found: Proposal) -> sa.ColumnElement[datetime]:
    """The same of what came with a move: when that was made; of one that was taken over, when its screening began."""
    move = ProposalMove
    name = sa.literal("proposals.") + sa.func.replace(move.move, "-", "_")
    begun = sa.and_(Trace.operation.like(TAKEN_OVER), move.move == BEGUN)
    last = sa.select(sa.func.max(move.at)).where(move.proposal_id == found.id, sa.or_(name == Trace.operation, begun))
    return sa.func.coalesce(last.where(move.at <= Trace.at).correlate(Trace).scalar_subquery(), Trace.at)
