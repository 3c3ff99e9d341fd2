"""Two worlds for tests of recusal: one in which a proposal never was, and one in which it went all the way to being
scored and is closed to somebody. Whatever they open must be the same in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import sqlalchemy as sa
from calls import fund, second_secretary, someone
from docx import Document
from docx.oxml.ns import qn
from flask import Flask
from flask.testing import FlaskClient
from proposing import add_consent, again, begun, head, pages, some_recommendation, write, writer
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from scoring import assigned, eligible, given, opened_round, reviewers, sheet, the_call, the_round
from werkzeug.routing import AnyConverter, Rule

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.operations import Console, open_office
from fundapp.access.policy import Permission, Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import (
    DossierJob,
    Proposal,
    ProposalDocument,
    ProposalUpload,
    Recusal,
    ScreeningQuestion,
)
from fundapp.proposals.operations import moving
from fundapp.proposals.operations.screening import answer_question, ask_question, give_desk, mark
from fundapp.proposals.rules.checklist import STANDARD, Marked
from fundapp.scoring.models import Assignment, Moderation, ModerationComment, Outcome, Scenario, ScoringRound
from fundapp.scoring.operations.assigning import recuse_reviewer
from fundapp.scoring.operations.rounds import except_proposal
from fundapp.scoring.operations.sheets import save_draft
from fundapp.scoring.queries.rounds import scales_of

CALL = "2026-1"
OFFICE = "NIUE"
OCEANIA = "009"
TITLE = "Hollow mountains keep their word"
# How it could be told: what it is called, and what its budget comes to with support costs.
MARKS = ("Hollow", "46953", "46 953", "46\N{NO-BREAK SPACE}953", "46,953", "46.953")
NONE = "2026-1-987"  # of which there is no proposal
# The number under which a request is logged, the token of its forms, and how long ago something was.
OWN_OF_A_PAGE = re.compile(
    r'\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b|name="csrf_token" value="[^"]+"|DTSTAMP:\S+|\d\d:\d\d(:\d\d)?( UTC)?'
)
SEARCHES = (
    "q=Hollow", "q={reference}", "q=Tuvalu", "call={call}", "stage=eligible", "country=TUV", "least=46953&most=46954",
    "sort=-amount", "sort=amount", "sort=reference", "page=2", "officer={person}", "language=en", "ids={proposal}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Away:
    """The proposal that is closed: its reference, and the keys of what hangs on it, by the argument of an address."""

    id: int
    reference: str
    keys: dict[str, dict[str, Any]]  # endpoint -> values


def everyday(role: Role) -> int:
    """What is there in both worlds: the office and its people, a round, sheets on the other proposals, and somebody of
    a role who is kept from another one already; says who."""
    with unit_of_work(Console()) as work:
        open_office(work, None, OFFICE, "Office of the Outer Islands", "TUV")
    writer(OFFICE), head(OFFICE), second_secretary()
    due = now() + timedelta(days=14, hours=12)  # so that the days left are as many all the while
    opened_round(CALL, threshold=50, due_at=due)
    people = reviewers(3)
    keys = [one.id for one in people]
    for place, one in enumerate(eligible(CALL)):
        for step, key in enumerate(keys[:2]):
            made = assigned(db.session.get_one(Proposal, one.id), db.session.get_one(Person, key))
            if place < 2:
                given(made, dict.fromkeys(sheet(), (step + place) % 4))
    person = head(OFFICE) if role is Role.HEAD_OF_OFFICE else someone(role)
    first = db.session.scalars(sa.select(Proposal).where(Proposal.reference == "2020-1-028")).one()
    with unit_of_work(other_secretary()) as work:
        if role is not Role.DESK_OFFICER:  # who has that desk; so that home, desks and letters would tell of it
            give_desk(work, fund(), OCEANIA, work.session.get_one(Person, other_secretary().id))
        recuse_reviewer(work, first, work.session.get_one(Person, person.id), "Has an interest in it.")
    return person.id


def other_secretary() -> Person:
    found = db.session.scalars(sa.select(Person).where(Person.email == "second@example.org")).one()
    return found


def _asked_of(officer: int) -> Proposal:
    """A proposal about hollow mountains that is screened, with a question that waits for an answer."""
    made = begun(CALL, OFFICE)
    author = writer(OFFICE)
    with unit_of_work(author) as work:
        add_consent(work, work.session.get_one(Proposal, made.id))
    said = pages(TITLE, "TUV")
    said["recommendations"] = {"linked": [{"number": some_recommendation("TUV") or some_recommendation()}]}
    said["questions"] = {"lasting": "As hollow as mountains."}
    said["budget"]["lines"][0] |= {"unit_cost": "1038.80", "quantity": "40"}  # 41,552.00, and 13 % make 46,953.76
    made = write(made, said, author)
    with unit_of_work(head(OFFICE)) as work:
        moving.clear(work, work.session.get_one(Proposal, made.id))
    with unit_of_work(author) as work:
        moving.submit(work, work.session.get_one(Proposal, made.id))
    with unit_of_work(db.session.get_one(Person, officer)) as work:
        one = work.session.get_one(Proposal, made.id)
        moving.start_screening(work, one)
        ask_question(work, one, "gender", "Why Hollow?")
    return again(made)


def scored_and_closed(key: int, role: Role) -> Away:
    """The proposal, from its first word until somebody who worked on it as their role has it is kept from it; and with
    two more: one that was returned and is due, and one that waits on the desk."""
    officer = key if role in (Role.DESK_OFFICER, Role.SECRETARY) else other_secretary().id
    made = _asked_of(officer)
    author = writer(OFFICE)
    question = db.session.scalars(sa.select(ScreeningQuestion.id).where(ScreeningQuestion.proposal_id == made.id)).one()
    with unit_of_work(author) as work:
        answer_question(work, work.session.get_one(Proposal, made.id), question, "Because Hollow.")
    with unit_of_work(db.session.get_one(Person, officer)) as work:
        one = work.session.get_one(Proposal, made.id)
        mark(work, one, {code: Marked("fulfilled", "It is so.") for code in STANDARD}, 1, 0)
        moving.find_eligible(work, one)
    due = _asked_of(officer)
    with unit_of_work(db.session.get_one(Person, officer)) as work:
        until = work.at + timedelta(days=6)
        moving.return_proposal(work, work.session.get_one(Proposal, due.id), moving.Given("More of Hollow.", until))
    waits = _asked_of(officer)
    with unit_of_work(other_secretary()) as work:
        who = work.session.get_one(Person, key)
        for one in (due, waits):
            recuse_reviewer(work, work.session.get_one(Proposal, one.id), who, "Has an interest in Hollow.")
    return _scored(again(made), key, role)


def _scored(made: Proposal, key: int, role: Role) -> Away:
    proposal, reference = made.id, made.reference
    people = [one.id for one in reviewers(3)]
    for who in people[:2]:
        one = assigned(db.session.get_one(Proposal, proposal), db.session.get_one(Person, who))
        if who == key:
            with unit_of_work(db.session.get_one(Person, who)) as work:
                save_draft(work, work.session.get_one(Assignment, one.id), sheet(1), 0)
        else:
            given(one, 4)
    with unit_of_work(other_secretary()) as work:
        kept = _around(work, work.session.get_one(Proposal, proposal), key, people)
    with unit_of_work(other_secretary()) as work:
        hollow = work.session.get_one(Proposal, proposal)
        recuse_reviewer(work, hollow, work.session.get_one(Person, key), "Has an interest in Hollow.")
        if key != people[2]:
            recuse_reviewer(work, hollow, work.session.get_one(Person, people[2]), "Knows Hollow well.")
    with unit_of_work(other_secretary()) as work:
        round_ = work.session.get_one(ScoringRound, the_round(CALL).id)
        except_proposal(work, round_, work.session.get_one(Proposal, proposal), "Hollow has one sheet.")
    return Away(proposal, reference, kept | _keys(proposal, people))


@operation(Permission.FUND_SET_UP, name="tests.around")
def _add(work: Work, _: None, *rows: Any) -> None:
    work.session.add_all(rows)


def _around(work: Work, proposal: Proposal, key: int, people: list[int]) -> dict[str, dict[str, Any]]:
    """Rows that no operation of these tests makes: what was said of it, a scenario, a job, an upload, a kept list."""
    round_ = work.session.scalars(sa.select(ScoringRound).where(ScoringRound.call_id == proposal.call_id)).one()
    scale = scales_of(work.session, round_.call)[0]
    work.actor = Console()
    at, by = work.at, f"person:{people[1]}"
    limits = {
        "envelope": 9_000_000, "floors": {}, "priority_share": 0, "per_country": None, "include": [], "exclude": [],
        "steps": [100], "partial": None,
    }  # fmt: skip
    found = {
        "chosen": {str(proposal.id): 100}, "hundredths": 8765, "cents": 4_695_376, "gap": "0", "milliseconds": 100,
    }  # fmt: skip
    row = [proposal.id, proposal.reference, "87.65", 4_695_376, "asia-pacific", "TUV", True]
    scenario = Scenario(
        round_id=round_.id, name="With it", envelope_cents=9_000_000, at=at, by=by,
        asked={"candidates": [row], "limits": limits}, found=found,
    )  # fmt: skip
    job = DossierJob(
        fund_id=proposal.fund_id, person_id=key, proposals={"ids": [proposal.id], "inside": [proposal.id]},
        language="en", form="pdf", stage="done", made=1, total=1, at=at, done_at=at, failure="",
        digest="1" * 64, size=1,
    )  # fmt: skip
    upload = ProposalUpload(
        proposal_id=proposal.id, person_id=key, kind="other", title="Hollow", name="hollow.pdf", size=10, received=0,
        parts={"parts": []}, at=at,
    )  # fmt: skip
    _add(
        work, None, scenario, job, upload,
        Moderation(
            round_id=round_.id, proposal_id=proposal.id, criterion_id=scale.id, outcome=Outcome.NOTED, note="Hollow",
            at=at, by=by,
        ),
        ModerationComment(proposal_id=proposal.id, criterion_id=scale.id, text="Hollow", at=at, by=by),
    )  # fmt: skip
    return {
        "scoring.scenario": {"key": scenario.id}, "scoring.scenario_file": {"key": scenario.id},
        "scoring.do_scenario": {"key": scenario.id},
        "proposal.dossier_job": {"key": job.id}, "proposal.dossier_zip": {"key": job.id},
        "proposal.dossier_state": {"key": job.id}, "proposal.upload_state": {"key": upload.id},
    }  # fmt: skip


def _keys(proposal: int, people: list[int]) -> dict[str, dict[str, Any]]:
    session = db.session
    document = session.scalars(sa.select(ProposalDocument.id).where(ProposalDocument.proposal_id == proposal)).first()
    question = session.scalars(sa.select(ScreeningQuestion.id).where(ScreeningQuestion.proposal_id == proposal)).first()
    recusal = session.scalars(sa.select(Recusal.id).where(Recusal.proposal_id == proposal)).first()
    return {
        "proposal.document_file": {"document": document, "number": 1},
        "proposal.replace_document": {"document": document},
        "proposal.answer": {"key": question},
        "scoring.lift": {"key": recusal},
        "scoring.given": {"person": people[1]},
        "scoring.reopen_sheet": {"person": people[1]},
        "scoring.unassign": {"person": people[1]},
    }


# ------------------------------------------------------------------------------------------------------------ addresses

# Addresses that nobody is asked to open: the style, and what is about signing in alone.
PASSED_OVER = ("static", "security.", "web.ready", "access.outbox", "access.letter", "access.accept_invitation")
EXAMPLES: dict[str, Any] = {
    "fund": "UPR", "language": "en", "code": CALL, "recommendations.code": "TUV", "register_documents.code": "TUV",
    "name": "gender", "scoring.name": "gender-perspective", "move": "withdraw", "symbol": "A/HRC/47/19", "subject": "x",
    "cycle": 3, "year": 2020, "number": 1, "token": "none",
}  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    """Every address that is opened with GET."""
    found = [one for one in app.url_map.iter_rules() if "GET" in (one.methods or ())]
    return sorted((one for one in found if not one.endpoint.startswith(PASSED_OVER)), key=lambda one: one.rule)


def built(app: Flask, rule: Rule, method: str = "GET", **given: Any) -> Iterator[str]:
    """The addresses of a rule, for each kind of file."""
    values: dict[str, Any] = {}
    many: dict[str, list[str]] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            many[name] = sorted(converter.items)
        else:
            package = rule.endpoint.partition(".")[0]
            values[name] = given.get(name, EXAMPLES.get(f"{package}.{name}", EXAMPLES.get(name, 1)))
    for each in product(*many.values()):
        asked = values | dict(zip(many, each, strict=True))
        yield app.url_map.bind("localhost").build(rule.endpoint, asked, method=method)


def everywhere(app: Flask, person: int) -> list[str]:
    """Every address that is not of the proposal itself, lists also searched, sorted and filtered."""
    other, reference, call = eligible(CALL)[0].reference, next_reference(), the_call(CALL).id
    proposal = (db.session.scalar(sa.select(sa.func.max(Proposal.id))) or 0) + 1
    words = {"reference": reference, "call": call, "person": person, "proposal": proposal}
    found = []
    for rule in rules(app):
        for address in built(app, rule, reference=other):
            found.append(address)
            lists = not rule.arguments - {"fund", "kind", "code"}
            if lists and rule.endpoint.startswith(
                ("proposal.", "scoring.", "web.home", "recommendations.", "dossiers.")
            ):
                found += [f"{address}?{one.format(**words)}" for one in SEARCHES]
    return found


def next_reference() -> str:
    """The reference that the next proposal of the call gets."""
    last = db.session.scalar(sa.select(sa.func.max(Proposal.number)).where(Proposal.call_id == the_call(CALL).id))
    return f"{CALL}-{(last or 0) + 1:03}"


def opened(client: FlaskClient, address: str) -> tuple[int, str]:
    """Status and content: of a page, and of what is in a file."""
    answer = client.get(address, buffered=True)
    kind = answer.mimetype or ""
    if "spreadsheet" in kind:
        book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
        text = "\n".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    elif "wordprocessing" in kind:
        text = "\n".join(node.text or "" for node in Document(BytesIO(answer.data)).element.iter(qn("w:t")))
    elif "zip" in kind:
        text = "\n".join(f"{name}: {said}" for name, said in inside(answer.data).items())
    elif "pdf" in kind:
        text = pdf_text(answer.data)
    else:
        text = answer.get_data(as_text=True)
    return answer.status_code, OWN_OF_A_PAGE.sub("", text)


def pdf_text(file: bytes) -> str:
    """What the pages of a PDF say."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages)


def inside(file: bytes) -> dict[str, str]:
    """What the files in a zip say, by name: PDF, Word, and plain text."""
    found = {}
    with ZipFile(BytesIO(file)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith(".pdf"):
                found[name] = pdf_text(content)
            elif name.endswith(".docx"):
                found[name] = "\n".join(node.text or "" for node in Document(BytesIO(content)).element.iter(qn("w:t")))
            else:
                # what a PDF says is compared above; its digest is also of the moment at which it was drawn
                found[name] = re.sub(r"(?m)^[0-9a-f]{64}  \S+\.pdf$", "", content.decode())
    return found


def world(app: Flask, client: FlaskClient, addresses: list[str]) -> dict[str, tuple[int, str]]:
    """What each address says."""
    return {address: opened(client, address) for address in addresses}


def told(app: Flask, client: FlaskClient, away: Away) -> list[str]:
    """The addresses of the proposal that say anything else than those of one that there is not; posts as well."""
    found = []
    for rule in app.url_map.iter_rules():
        if "reference" not in rule.arguments and rule.endpoint not in away.keys:
            continue
        known = away.keys.get(rule.endpoint, {})
        missing = {name: (999_999_999 if isinstance(value, int) else value) for name, value in known.items()}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            there = built(app, rule, method, **known, reference=away.reference)
            blank = built(app, rule, method, **missing, reference=NONE)
            for one, two in zip(there, blank, strict=True):
                data = {"text": "x", "reason": "x" * 20} if method == "POST" else None
                a, b = client.open(one, method=method, data=data), client.open(two, method=method, data=data)
                said, none = (OWN_OF_A_PAGE.sub("", answer.get_data(as_text=True)) for answer in (a, b))
                said = said.replace(one, "").replace(away.reference, "")
                none = none.replace(two, "").replace(NONE, "")
                if a.status_code != b.status_code or said != none or a.status_code < 400:
                    found.append(f"{method} {one}: {a.status_code} and {b.status_code}")
    return found
