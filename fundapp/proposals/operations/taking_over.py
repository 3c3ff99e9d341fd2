"""What was done before this program kept proposals, or beside it: recorded from the command line with the moments and
the people of then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office, Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import refuse
from fundapp.kernel.files import Kept
from fundapp.kernel.work import Work
from fundapp.proposals.models import (
    Call,
    Proposal,
    ProposalDocument,
    ProposalFile,
    ProposalMove,
    ProposalSection,
    ProposalWriter,
    ScreeningAnswer,
    ScreeningMark,
    ScreeningQuestion,
)
from fundapp.proposals.operations.moving import fixed
from fundapp.proposals.operations.writing import index
from fundapp.proposals.queries.screening import last_number
from fundapp.proposals.rules.checklist import Verdict
from fundapp.proposals.rules.fields import Whole
from fundapp.proposals.rules.stages import COURSE, allowed, destination

HANDS_IN = frozenset({"submit", "submit-again"})


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with its one file, which is kept already."""

    kind: str
    title: str
    name: str
    media_type: str
    kept: Kept


@dataclass(frozen=True, slots=True)
class Mark:
    """What was found on a point of the checklist."""

    code: str
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a section, who asked it, and the answer with who gave it, if there was one."""

    section: str
    text: str
    by: Person
    answer: str = ""
    answered_by: Person | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A move that was made, when and by whom."""

    move: str
    at: datetime
    by: Person


@dataclass(frozen=True, slots=True)
class Taken:
    """A proposal of then: what it said when it was handed in, its way, and what was found when it was screened."""

    office: Office
    language: str
    whole: Whole
    papers: Sequence[Paper]
    begun_at: datetime
    writer: Person
    steps: Sequence[Step]
    marks: Sequence[Mark] = field(default=())
    officer: Person | None = None
    courtesy: str = ""


@operation(Permission.FUND_SET_UP)
def take_over_proposal(work: Work, call: Call, said: Taken) -> Proposal:
    """Record a proposal that was handed in before this program kept proposals."""
    asked = sa.select(sa.func.max(Proposal.number)).where(Proposal.call_id == call.id)
    number = 1 + (work.session.scalar(asked) or 0)
    at, by = said.begun_at, str(said.writer)
    made = Proposal(
        fund_id=call.fund_id, call_id=call.id, office_id=said.office.id, number=number,
        reference=f"{call.code}-{number:03d}", language=said.language, courtesy=said.courtesy, stage=COURSE.begins,
        before="", stage_since=at, title="", total_cents=0, done=0, sought="", begun_at=at, begun_by=by, saved_at=at,
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    work.session.add(ProposalWriter(proposal_id=made.id, person_id=said.writer.id, since=at))
    for name, content in said.whole.items():
        work.session.add(_page(made, name, content, at, by))
    _keep(work.session, made, said.papers, at, by)
    work.session.flush()
    index(work, made)
    for step in said.steps:
        _went(work, made, step, said.marks)
    made.officer_id = said.officer.id if said.officer else None
    return made


def _page(proposal: Proposal, name: str, content: Mapping[str, Any], at: datetime, by: str) -> ProposalSection:
    return ProposalSection(proposal_id=proposal.id, name=name, content=dict(content), saved_at=at, saved_by=by)


def _went(work: Work, proposal: Proposal, step: Step, marks: Iterable[Mark]) -> None:
    """Make a step of then; what hands in leaves a version, and what was found is marked as the screening begins."""
    if not allowed(proposal.stage, step.move):
        raise refuse("proposal.stands-otherwise", reference=proposal.reference)
    origin, to, by = proposal.stage, destination(step.move, proposal.before), str(step.by)
    proposal.before, proposal.stage, proposal.stage_since = origin, to, step.at
    work.session.add(
        ProposalMove(
            proposal_id=proposal.id, move=step.move, origin=origin, to=to, reason="", due_at=None, at=step.at, by=by
        )
    )
    if step.move in HANDS_IN:
        fixed(work.session, proposal, at=step.at, by=by)
        proposal.submitted_at = proposal.submitted_at or step.at
    elif step.move == "start-screening":
        _found(work.session, proposal, marks, step.at, by)


@operation(Permission.FUND_SET_UP)
def take_over_papers(work: Work, proposal: Proposal, papers: Iterable[Paper], by: Person) -> None:
    """Record documents that somebody of the office sent by other ways."""
    _keep(work.session, proposal, papers, work.at, str(by))
    work.session.flush()
    index(work, proposal)


@operation(Permission.FUND_SET_UP)
def take_over_screening(
    work: Work, proposal: Proposal, marks: Iterable[Mark], questions: Iterable[Asked], by: Person
) -> None:
    """Record what was found and asked when a proposal was screened on paper."""
    _found(work.session, proposal, marks, work.at, str(by))
    for one in questions:
        row = ScreeningQuestion(
            proposal_id=proposal.id, section=one.section, text=one.text, at=work.at, by=str(one.by)
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        if one.answered_by:
            answer = ScreeningAnswer(question_id=row.id, text=one.answer, at=work.at, by=str(one.answered_by))
            work.session.add(answer)


def _keep(session: Session, proposal: Proposal, papers: Iterable[Paper], at: datetime, by: str) -> None:
    for one in papers:
        row = ProposalDocument(proposal_id=proposal.id, kind=one.kind, title=one.title, added_at=at, added_by=by)
        session.add(row)
        session.flush()
        session.add(
            ProposalFile(
                document_id=row.id, number=1, name=one.name, media_type=one.media_type, digest=one.kept.digest,
                size=one.kept.size, at=at, by=by,
            )
        )  # fmt: skip


def _found(session: Session, proposal: Proposal, marks: Iterable[Mark], at: datetime, by: str) -> None:
    number = last_number(session, proposal)
    for one in marks:
        session.add(
            ScreeningMark(
                proposal_id=proposal.id, version_number=number, code=one.code, verdict=one.verdict.value,
                note=one.note, at=at, by=by,
            )
        )  # fmt: skip
