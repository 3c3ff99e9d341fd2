"""Proposals for tests: an office with two people, a proposal that lacks nothing, and its way through the stages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from calls import fund, office, opened, someone

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Permission, Role
from fundapp.access.queries import person_by_email
from fundapp.funds.queries import focus_areas
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call, Proposal, ProposalDocument, ProposalFile, ProposalSection
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.writing import Beginning, begin_proposal, save_section
from fundapp.proposals.queries import named_call
from fundapp.recommendations.models import REC

YEAR = now().year + 1
PASSWORD = "correct horse battery"
Pages = dict[str, dict[str, Any]]


def member(role: Role, code: str = "PACIFIC", name: str = "") -> Person:
    """A person of an office, by role; made when first asked for."""
    email = f"{name or role.value}.{code.lower()}@example.org"
    if (known := person_by_email(db.session(), email)) is not None:
        return known
    with unit_of_work(Console()) as work:
        made = add_person(work, None, email, PASSWORD, name=f"{role.value} {code}")
        grant(work, made, role, office=office(code))
    return made


def writer(code: str = "PACIFIC") -> Person:
    """Who writes in an office."""
    return member(Role.FIELD_OFFICER, code)


def head(code: str = "PACIFIC") -> Person:
    """Who clears in an office."""
    return member(Role.HEAD_OF_OFFICE, code)


def some_recommendation(state: str = "FJI") -> str:
    """The number of a recommendation to a State that it supported, as text; "" where the register has none."""
    asked = sa.select(REC.c.number).where(REC.c.state == state, REC.c.standing, REC.c.position == "supported")
    found = db.session().scalars(asked.order_by(REC.c.number).limit(1)).one_or_none()
    return str(found) if found else ""


def pages(title: str = "A national mechanism that reports", state: str = "FJI") -> Pages:
    """What a proposal says that lacks nothing but the document of consent."""
    area = str(focus_areas(db.session(), fund())[0].id)
    return {
        "country": {"country": state, "partners": "The Ministry of Justice."},
        "consent": {"form": "request", "date": "2026-01-15", "signatory": "The Minister of Justice"},
        "context": {"title": title, "problem": "Reports come late.", "context": "A mechanism was founded."},
        "recommendations": {"linked": [{"number": some_recommendation(state)}]},
        "focus-areas": {"chosen": [area]},
        "results": {
            "outcomes": [{"id": "C1", "text": "Reports come in time."}],
            "outputs": [{"id": "P1", "text": "A mechanism that works.", "outcome": "C1"}],
            "indicators": [
                {"id": "I1", "text": "Reports in time", "of": "C1", "baseline": "0", "target": "3", "by_sex": "no"},
                {
                    "id": "I2", "text": "People trained", "of": "P1", "baseline": "0", "target": "40", "by_sex": "yes",
                    "women": "22", "men": "18",
                },
            ],
        },
        "activities": {
            "starts": f"{YEAR}-Q1", "ends": f"{YEAR}-Q4",
            "planned": [
                {"id": "A1", "text": "Training", "output": "P1", "quarters": [f"{YEAR}-Q1"], "marker": "2"}
            ],
        },
        "national-systems": {"strengthening": "The mechanism stays."},
        "goals": {"targets": ["16.6", "16.10"], "alignment": "Reports feed the national review."},
        "gender": {"marker": "2", "analysis": "Women are half of those trained."},
        "inclusion": {"left-behind": "People on outer islands."},
        "risks": {"named": [{"id": "R1", "text": "Elections", "likelihood": "medium", "measure": "Begin early."}]},
        "sustainability": {"afterwards": "The ministry pays for it."},
        "other-funding": {"declared": "no"},
        "monitoring": {"plan": "Every quarter."},
        "budget": {
            "lines": [
                {
                    "id": "B1", "class": "120", "what": "A trainer", "unit": "day", "unit_cost": "500.00",
                    "quantity": "40", "activity": "A1", "quarter": f"{YEAR}-Q1",
                }
            ]
        },
        "contacts": {"people": [{"id": "K1", "name": "Ana", "email": "ana@example.org"}]},
    }  # fmt: skip


@operation(Permission.PROPOSAL_WRITE, name="tests.add_consent")
def add_consent(work: Work, proposal: Proposal) -> None:
    """A document of consent whose file nobody opens."""
    made = ProposalDocument(proposal_id=proposal.id, kind="consent", title="Letter", added_at=work.at, added_by="test")
    work.session.add(made)
    work.session.flush()
    file = ProposalFile(document_id=made.id, number=1, name="letter.pdf", media_type="application/pdf", size=3)
    file.digest, file.at, file.by = "0" * 64, work.at, "test"
    work.session.add(file)


def begun(code: str = "2031-1", office_code: str = "PACIFIC", **more: Any) -> Proposal:
    """A proposal in which only the State is written; its call is opened where there is none."""
    known = db.session().scalars(sa.select(Call).where(Call.code == code, Call.fund_id == fund().id)).one_or_none()
    call = known or opened(code, **more)
    author = writer(office_code)
    head(office_code)
    with unit_of_work(author) as work:
        where = Beginning(named_call(work.session, fund(), call.code), office(office_code))
        return begin_proposal(work, where, "en")


def again(proposal: Proposal) -> Proposal:
    """A proposal as the table has it now."""
    identity = sa.inspect(proposal).identity  # known also of one whose session is over
    assert identity
    db.session().rollback()
    return db.session().get_one(Proposal, identity[0])


def version_of(proposal: Proposal, name: str) -> int:
    """Which version of a page stands there; 0 for none."""
    asked = sa.select(ProposalSection.version).where(
        ProposalSection.proposal_id == proposal.id, ProposalSection.name == name
    )
    return db.session().scalar(asked) or 0


def write(proposal: Proposal, given: Pages, by: Person | None = None) -> Proposal:
    """Save these pages, one after the other."""
    person = by or writer()
    proposal = again(proposal)
    for name, content in given.items():
        version = version_of(proposal, name)
        with unit_of_work(person) as work:
            save_section(work, proposal, name, content, version, "en")
    return again(proposal)


def complete(code: str = "2031-1", office_code: str = "PACIFIC", state: str = "FJI") -> Proposal:
    """A draft that lacks nothing."""
    made = begun(code, office_code)
    person = writer(office_code)
    with unit_of_work(person) as work:
        add_consent(work, made)
    return write(made, pages(state=state), person)


def cleared(code: str = "2031-1", office_code: str = "PACIFIC") -> Proposal:
    """A draft that its head of office has cleared."""
    made = complete(code, office_code)
    with unit_of_work(head(office_code)) as work:
        moving.clear(work, made)
    return again(made)


def submitted(code: str = "2031-1", office_code: str = "PACIFIC") -> Proposal:
    """One that was handed in."""
    made = cleared(code, office_code)
    with unit_of_work(writer(office_code)) as work:
        moving.submit(work, made)
    return again(made)


def in_screening(code: str = "2031-1", office_code: str = "PACIFIC") -> Proposal:
    """One that the demonstration's desk officer screens."""
    made = submitted(code, office_code)
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        moving.start_screening(work, made)
    return again(made)


def returned(code: str = "2031-1", office_code: str = "PACIFIC") -> Proposal:
    """One that was returned for changes within ten days."""
    made = in_screening(code, office_code)
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        moving.return_proposal(work, made, moving.Given("Say more of the budget.", now() + timedelta(days=10)))
    return again(made)
