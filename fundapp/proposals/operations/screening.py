"""Screening: points of the checklist are marked, questions asked and answered, and somebody sees to each proposal."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission, may
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import DEFAULT
from fundapp.kernel.work import Work
from fundapp.proposals.models import (
    Call,
    Desk,
    Notice,
    Proposal,
    ScreeningAnswer,
    ScreeningMark,
    ScreeningQuestion,
)
from fundapp.proposals.operations.telling import notices
from fundapp.proposals.queries.calls import Subject
from fundapp.proposals.queries.looking import Looked, last_marks, looked
from fundapp.proposals.queries.proposals import asked_of
from fundapp.proposals.rules.checklist import Marked, Verdict, mark_faults
from fundapp.proposals.rules.stages import Stage
from fundapp.reference.models import Region

LONGEST_TEXT = 5_000
SHOWN = 500  # letters of a question or an answer that a letter repeats
# Where the secretariat may ask; what stands elsewhere is decided on, or nobody works on it
ASKED_IN = frozenset({Stage.SUBMITTED, Stage.IN_SCREENING, Stage.RETURNED, Stage.ELIGIBLE})


# ------------------------------------------------------------------------------------------------------- checklist


@operation(Permission.PROPOSAL_SCREEN)
def mark(work: Work, proposal: Proposal, given: Mapping[str, Marked], number: int, last: int) -> int:
    """Say what was found on points of the checklist in version `number`; how many marks are new. `last` is the newest
    mark that the officer had seen: where somebody else marked a point otherwise since, it is refused."""
    found = _screened(work, proposal, number)
    known = last_marks(work.session, proposal)
    fresh = {
        code: said for code, said in given.items() if code in found.codes and not _says(known.get(code), said, number)
    }
    faults = [fault for code, said in fresh.items() for fault in mark_faults(code, said, found.seen.get(code))]
    faults += [
        Fault("screening.marked-meanwhile", field=f"{code}-verdict")
        for code in fresh
        if code in known and known[code].id > last and known[code].by != str(work.actor)
    ]
    if faults:
        raise Refusal(*faults)
    for code, said in fresh.items():
        _mark(work, proposal, number, code, said)
    return len(fresh)


@operation(Permission.PROPOSAL_SCREEN)
def confirm_seen(work: Work, proposal: Proposal, number: int) -> int:
    """Mark as fulfilled what the program sees fulfilled and nobody marked in this version yet; how many those were.
    What it sees lacking is for the officer to say, with the reason."""
    found = _screened(work, proposal, number)
    known = last_marks(work.session, proposal)
    done = {code for code, one in known.items() if one.version_number == number}
    good = [one.code for one in found.seen.values() if one.good and one.code not in done]
    for code in good:
        _mark(work, proposal, number, code, Marked(Verdict.FULFILLED))
    return len(good)


def _screened(work: Work, proposal: Proposal, number: int) -> Looked:
    """What is looked at in a proposal that is being screened; refused where it is not, or of another version."""
    session = work.session
    session.refresh(proposal, with_for_update=True)
    if proposal.stage != Stage.IN_SCREENING:
        raise refuse("screening.not-now", reference=proposal.reference)
    found = looked(session, proposal, session.get_one(Call, proposal.call_id), DEFAULT)
    if found is None or found.version.number != number:
        raise refuse("screening.other-version", reference=proposal.reference)
    return found


def _says(known: ScreeningMark | None, said: Marked, number: int) -> bool:
    """Whether a point is marked so already, in this version."""
    return known is not None and (known.version_number, known.verdict, known.note) == (number, said.verdict, said.note)


def _mark(work: Work, proposal: Proposal, number: int, code: str, said: Marked) -> None:
    made = ScreeningMark(proposal_id=proposal.id, version_number=number, code=code, verdict=said.verdict)
    made.note, made.at, made.by = said.note, work.at, str(work.actor)
    work.session.add(made)


# --------------------------------------------------------------------------------------------- questions and answers


@operation(Permission.PROPOSAL_SCREEN)
def ask_question(work: Work, proposal: Proposal, section: str, text: str) -> ScreeningQuestion:
    """Ask the office something about a page of its proposal, or about all of it; on the record."""
    session = work.session
    session.refresh(proposal, with_for_update=True)
    if proposal.stage not in ASKED_IN:
        raise refuse("screening.not-asked", reference=proposal.reference)
    known = {one.name for one in asked_of(session, session.get_one(Call, proposal.call_id)).sections}
    _told(
        text, "question", Fault("screening.no-section", field="section") if section and section not in known else None
    )
    asked = sa.select(ScreeningQuestion.id).where(
        ScreeningQuestion.proposal_id == proposal.id, ScreeningQuestion.section == section,
        ScreeningQuestion.text == text,
    )  # fmt: skip
    if session.scalars(asked.limit(1)).one_or_none() is not None:
        raise Refusal(Fault("screening.asked-already", field="question"))
    made = ScreeningQuestion(proposal_id=proposal.id, section=section, text=text, at=work.at, by=str(work.actor))
    session.add(made)
    _tell(work, proposal, "question-asked", section, text)
    return made


@operation(Permission.PROPOSAL_WRITE)
def answer_question(work: Work, proposal: Proposal, key: int, text: str) -> ScreeningAnswer:
    """Answer a question of the secretariat; what was answered before stays."""
    session = work.session
    session.refresh(proposal, with_for_update=True)
    question = session.get(ScreeningQuestion, key)
    if question is None or question.proposal_id != proposal.id:
        raise refuse("screening.no-question")
    if not proposal.handed_in or proposal.stage == Stage.WITHDRAWN:
        raise refuse("screening.not-answered", reference=proposal.reference)
    _told(text, "answer")
    asked = sa.select(ScreeningAnswer.id).where(ScreeningAnswer.question_id == key, ScreeningAnswer.text == text)
    if session.scalars(asked.limit(1)).one_or_none() is not None:
        raise Refusal(Fault("screening.answered-already", field="answer"))
    made = ScreeningAnswer(question_id=key, text=text, at=work.at, by=str(work.actor))
    session.add(made)
    _tell(work, proposal, "question-answered", question.section, text)
    return made


def _told(text: str, field: str, more: Fault | None = None) -> None:
    faults = [more] if more else []
    if not text:
        faults.append(Fault(f"screening.no-{field}-text", field=field))
    elif len(text) > LONGEST_TEXT:
        faults.append(Fault("call.long", {"found": len(text), "largest": LONGEST_TEXT}, field=field))
    if faults:
        raise Refusal(*faults)


def _tell(work: Work, proposal: Proposal, kind: str, section: str, text: str) -> None:
    said = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
    details = {"section": section, "text": said}
    work.session.add_all(notices(work.session, proposal, (kind,), details, by=work.actor.id, at=work.at))


# ------------------------------------------------------------------------------------------------------ who sees to it


@operation(Permission.PROPOSAL_ASSIGN)
def assign_officer(work: Work, proposal: Proposal, person: Person) -> None:
    """Have somebody else see to a proposal; nothing happens where they do already."""
    work.session.refresh(proposal, with_for_update=True)
    if not may(person, Permission.PROPOSAL_SCREEN, proposal):
        raise Refusal(Fault("screening.no-officer", {"name": person.name}, field="person"))
    if proposal.officer_id == person.id:
        return
    proposal.officer_id = person.id
    if person.id != work.actor.id:
        made = Notice(fund_id=proposal.fund_id, person_id=person.id, proposal_id=proposal.id, kind="proposal-assigned")
        made.details, made.at = {}, work.at
        work.session.add(made)


@operation(Permission.PROPOSAL_ASSIGN)
def give_desk(work: Work, fund: Fund, region: str, person: Person | None) -> Desk:
    """Have somebody see to a region from now on; whoever did before does so no more."""
    session = work.session
    hold(session, [fund])
    faults = []
    if not region.isprintable() or session.scalar(sa.select(Region.id).where(Region.code == region)) is None:
        faults.append(Fault("screening.no-region", field="region"))
    if person is None:
        faults.append(Fault("screening.no-person", field="person"))
    elif not may(person, Permission.PROPOSAL_SCREEN, Subject(fund.id)):
        faults.append(Fault("screening.no-officer", {"name": person.name}, field="person"))
    if faults:
        raise Refusal(*faults)
    assert person
    for held in _desks(session, fund, region):
        if held.person_id == person.id:
            raise Refusal(Fault("screening.desk-held", {"name": person.name}, field="person"))
        held.ended_at = work.at
    made = Desk(fund_id=fund.id, region=region, person_id=person.id, since=work.at)
    session.add(made)
    return made


@operation(Permission.PROPOSAL_ASSIGN)
def end_desk(work: Work, fund: Fund, key: int) -> None:
    """Have nobody see to a region by itself any more; proposals that somebody sees to stay with them."""
    hold(work.session, [fund])
    found = work.session.get(Desk, key)
    if found is None or found.fund_id != fund.id:
        raise refuse("screening.no-desk")
    if found.ended_at is None:
        found.ended_at = work.at


def _desks(session: Session, fund: Fund, region: str) -> list[Desk]:
    asked = sa.select(Desk).where(Desk.fund_id == fund.id, Desk.region == region, Desk.ended_at.is_(None))
    return list(session.scalars(asked))
