"""What an office writes: it begins a proposal or copies an earlier one, saves it page by page, comments on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office, Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.funds.models import Fund
from fundapp.funds.queries import focus_areas
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.text import fold
from fundapp.kernel.work import Work
from fundapp.proposals.models import (
    Call,
    Proposal,
    ProposalArea,
    ProposalComment,
    ProposalRecommendation,
    ProposalSection,
    ProposalWriter,
)
from fundapp.proposals.queries import closing_of, course, exceptions_for
from fundapp.proposals.queries.places import outside
from fundapp.proposals.queries.proposals import asked_of, contents, judged, written_sections
from fundapp.proposals.rules import may_submit
from fundapp.proposals.rules.content import budget, marker, understood
from fundapp.proposals.rules.documents import plain
from fundapp.proposals.rules.fields import (
    COURTESY,
    DOCUMENTS,
    Kind,
    Whole,
    fields_of,
    kept,
    rows_of,
)
from fundapp.proposals.rules.stages import Stage
from fundapp.recommendations.models import REC
from fundapp.reference.models import Country

NOT_COPIED = frozenset({"consent"})  # the State is asked anew
LONGEST_COMMENT = 5_000
# Codes of a page that was saved meanwhile: by somebody else, by the same person from another window
CHANGED = frozenset({"proposal.section-changed", "proposal.section-changed-by-you"})
SENT_TWICE = timedelta(minutes=10)  # within which the same, asked for again, is taken for a form that was sent twice


@dataclass(frozen=True, slots=True)
class Beginning:
    """A call, and the office that begins a proposal to it."""

    call: Call
    office: Office

    @property
    def fund_id(self) -> int:
        """What the policy asks of a subject."""
        return self.call.fund_id

    @property
    def office_id(self) -> int:
        """What the policy asks of a subject."""
        return self.office.id


@dataclass(frozen=True, slots=True)
class Saved:
    """A section as it stands after it was saved."""

    version: int
    content: Mapping[str, Any]


@operation(Permission.PROPOSAL_WRITE)
def begin_proposal(
    work: Work, where: Beginning, language: str, courtesy: str = "", *, state: str = "", once: bool = False
) -> Proposal:
    """Begin a proposal of an office to a call that it may hand proposals in to, for a State that the call is for: the
    office's own where none is said. once: a form that was sent twice begins one."""
    _tongues(language, courtesy)
    call = where.call
    _for_the_state(work.session, where, state)
    same = (Proposal.language == language, Proposal.courtesy == courtesy, Proposal.copied_from_id.is_(None))
    if once and (there := _begun_just_now(work, where, state, *same)):
        return there
    late = exceptions_for(work.session, call)
    if not may_submit(course(call, closing_of(work.session, call)), late, where.office_id, work.at):
        raise refuse("proposal.call-not-open", code=call.code)
    work.session.execute(sa.select(Call.id).where(Call.id == call.id).with_for_update())
    asked = sa.select(sa.func.max(Proposal.number)).where(Proposal.call_id == call.id)
    number = 1 + (work.session.scalar(asked) or 0)
    made = Proposal(
        fund_id=call.fund_id, call_id=call.id, office_id=where.office_id, number=number,
        reference=f"{call.code}-{number:03d}", language=language, courtesy=courtesy, stage=Stage.DRAFT.value,
        before="", stage_since=work.at, title="", total_cents=0, done=0, sought="", begun_at=work.at,
        begun_by=str(work.actor), saved_at=work.at,
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    wrote(work.session, made, work.actor, work.at)
    _put(work, made, "country", {"country": state or where.office.country})
    index(work, made)
    return made


@operation(Permission.PROPOSAL_WRITE)
def copy_proposal(work: Work, where: Beginning, earlier: Proposal, *, once: bool = False) -> Proposal:
    """Begin a proposal with what an earlier one of the office says, but the consent of the State and the documents.
    once: a form that was sent twice begins one."""
    if earlier.office_id != where.office_id or earlier.fund_id != where.fund_id:
        raise refuse("proposal.unknown", reference=earlier.reference)
    same = Proposal.copied_from_id == earlier.id
    if once and (there := _begun_just_now(work, where, earlier.country or "", same)):
        return there
    made = begin_proposal(work, where, earlier.language, earlier.courtesy, state=earlier.country or "")
    known = fields_asked(work.session, where.call)
    for name, row in written_sections(work.session, earlier).items():
        if name in known and name not in NOT_COPIED:
            _put(work, made, name, dict(row.content))
    made.copied_from_id = earlier.id
    index(work, made)
    return made


def _begun_just_now(work: Work, where: Beginning, state: str, *same: sa.ColumnElement[bool]) -> Proposal | None:
    """What the same person began in the same way a moment ago, and in which nobody has written since: on a slow line a
    button is pressed again. Whoever sends at the same time waits."""
    work.session.execute(sa.select(Call.id).where(Call.id == where.call.id).with_for_update())
    asked = sa.select(Proposal).where(
        Proposal.call_id == where.call.id, Proposal.office_id == where.office_id, Proposal.stage == Stage.DRAFT.value,
        Proposal.begun_by == str(work.actor), Proposal.begun_at > work.at - SENT_TWICE,
        Proposal.saved_at == Proposal.begun_at, Proposal.country == (state or where.office.country), *same,
    )  # fmt: skip
    return work.session.scalars(asked.order_by(Proposal.id.desc()).limit(1)).first()


def _for_the_state(session: Session, where: Beginning, state: str) -> None:
    """Refused where a project in the State could not be paid for out of the call."""
    known = sa.select(Country.id).where(Country.code == state)
    if state and not (state.isprintable() and session.scalar(known)):
        raise Refusal(Fault("proposal.no-state", field="state"))
    if found := outside(session, where.call, state or where.office.country):
        values = {"code": where.call.code, "state": found.names}
        raise Refusal(Fault("proposal.call-elsewhere", values, field="state" if state else "call"))


def fields_asked(session: Session, call: Call) -> frozenset[str]:
    """The sections that a call's proposals have."""
    return frozenset(one.name for one in asked_of(session, call).sections)


@operation(Permission.PROPOSAL_WRITE)
def save_section(
    work: Work, proposal: Proposal, name: str, given: Mapping[str, Any], version: int, language: str
) -> Saved:
    """Save a page as it was typed in a language; refused where somebody else saved it since `version`, 0 for a page
    that nobody had saved."""
    hold_writable(work.session, proposal)
    call = work.session.get_one(Call, proposal.call_id)
    asked = asked_of(work.session, call)
    if name not in {one.name for one in asked.sections}:
        raise refuse("proposal.no-section", name=name[:40])
    fields = fields_of(name, asked.questions)
    content = kept(fields, understood(fields, given, language))
    _told(too_long(name, fields, content))
    row = work.session.scalars(
        sa.select(ProposalSection).where(ProposalSection.proposal_id == proposal.id, ProposalSection.name == name)
    ).one_or_none()
    if (row.version if row else 0) != version:
        own = row is not None and row.saved_by == str(work.actor)
        raise refuse("proposal.section-changed-by-you" if own else "proposal.section-changed")
    if row is None or row.content != content:
        row = _put(work, proposal, name, content, row)
        wrote(work.session, proposal, work.actor, work.at)
        index(work, proposal)
    return Saved(row.version, row.content)


@operation(Permission.PROPOSAL_WRITE)
def choose_languages(work: Work, proposal: Proposal, language: str, courtesy: str) -> None:
    """Say in which language a proposal is written, and into which one its texts are translated as a courtesy."""
    hold_writable(work.session, proposal)
    _tongues(language, courtesy)
    proposal.language, proposal.courtesy = language, courtesy


@operation(Permission.PROPOSAL_WRITE)
def comment(work: Work, proposal: Proposal, section: str, text: str) -> None:
    """Say something to the colleagues about a section; what stands there word for word, and is not settled, is not said
    again."""
    if not text.strip():
        raise Refusal(Fault("proposal.no-comment", field="text"))
    if len(text) > LONGEST_COMMENT:
        raise Refusal(Fault("call.long", {"found": len(text), "largest": LONGEST_COMMENT}, field="text"))
    if section not in fields_asked(work.session, work.session.get_one(Call, proposal.call_id)) | {DOCUMENTS}:
        raise Refusal(Fault("proposal.no-section", {"name": section[:40]}, field="section"))
    work.session.refresh(proposal, with_for_update=True)
    said = {"proposal_id": proposal.id, "section": section, "text": text.strip(), "by": str(work.actor)}
    there = sa.select(ProposalComment.id).filter_by(**said, settled_at=None)
    if work.session.scalar(there.limit(1)) is None:
        work.session.add(ProposalComment(**said, at=work.at))


@operation(Permission.PROPOSAL_WRITE)
def settle_comment(work: Work, proposal: Proposal, key: int) -> None:
    """Say that what a comment asked for is done."""
    found = work.session.get(ProposalComment, key)
    if found is None or found.proposal_id != proposal.id:
        raise refuse("proposal.comment-gone")
    if found.settled_at is None:
        found.settled_at, found.settled_by = work.at, str(work.actor)


def hold_writable(session: Session, proposal: Proposal) -> None:
    """Wait for whoever else writes in the proposal; refused where nobody does any more."""
    session.refresh(proposal, with_for_update=True)
    if not proposal.writable:
        raise refuse("proposal.not-writable", reference=proposal.reference)


def _tongues(language: str, courtesy: str) -> None:
    if language not in LANGUAGES:
        raise Refusal(Fault("proposal.no-language", field="language"))
    if courtesy and (courtesy not in LANGUAGES or courtesy == language):
        raise Refusal(Fault("proposal.no-courtesy", field="courtesy"))


def _told(faults: list[Fault]) -> None:
    if faults:
        raise Refusal(*faults)


def too_long(section: str, fields: Any, content: Mapping[str, Any], prefix: str = "") -> list[Fault]:
    """What no page can hold: letters of a text, its translation or a line, rows, choices. Of a row, the field of the
    fault is "outcomes.C1.text"."""
    found = []
    for one in fields:
        many = one.kind in (Kind.ROWS, Kind.SEVERAL)
        most = one.most if many else one.holds
        for name in (one.name, one.name + COURTESY):
            if (length := len(content.get(name, ""))) > most:
                values = {"found": length, "largest": most}
                found.append(Fault("proposal.many" if many else "call.long", values, field=prefix + name))
        for row in rows_of(content, one.name) if one.kind is Kind.ROWS else ():
            found += too_long(section, one.columns, row, f"{prefix}{one.name}.{row['id']}.")
    return found


def _put(
    work: Work, proposal: Proposal, name: str, content: Mapping[str, Any], row: ProposalSection | None = None
) -> ProposalSection:
    if row is None:
        asked = sa.select(ProposalSection).where(
            ProposalSection.proposal_id == proposal.id, ProposalSection.name == name
        )
        row = work.session.scalars(asked).one_or_none() or ProposalSection(proposal_id=proposal.id, name=name)
    row.content, row.saved_at, row.saved_by = dict(content), work.at, str(work.actor)
    work.session.add(row)
    proposal.saved_at = work.at
    work.session.flush()
    return row


def wrote(session: Session, proposal: Proposal, actor: Any, at: datetime) -> None:
    """Note who writes: the head of office who did does not clear it."""
    if not isinstance(actor, Person):
        return
    asked = sa.select(ProposalWriter.id).where(
        ProposalWriter.proposal_id == proposal.id, ProposalWriter.person_id == actor.id
    )
    if session.scalar(asked) is None:
        session.add(ProposalWriter(proposal_id=proposal.id, person_id=actor.id, since=at))


# -------------------------------------------------------------------------------------- what lists and filters ask


@operation(Permission.PROPOSAL_WRITE)
def index(work: Work, proposal: Proposal) -> None:
    """Repeat in columns what lists and filters ask of the pages. While a proposal is returned for changes they go on
    saying what was handed in: others than the office read them."""
    session = work.session
    whole = contents(written_sections(session, proposal))
    asked = asked_of(session, session.get_one(Call, proposal.call_id))
    found = judged(session, proposal, whole, asked, work.at.date())
    proposal.done = found.percent
    if proposal.stage == Stage.RETURNED:
        return
    proposal.title = plain(str(whole.get("context", {}).get("title", "")))[:300]
    country = session.scalars(sa.select(Country).where(Country.code == whole.get("country", {}).get("country"))).first()
    proposal.country = country.code if country else None
    proposal.marker = marker(whole.get("gender", {}).get("marker"))
    proposal.total_cents = budget(whole, found.world.rate).totals.total
    names = list(country.names.values()) if country else []
    proposal.sought = fold(" ".join([proposal.reference, proposal.title, *names]))
    _link_areas(work, proposal, whole)
    _link_recommendations(work, proposal, whole)


def _link_areas(work: Work, proposal: Proposal, whole: Whole) -> None:
    chosen = set(whole.get("focus-areas", {}).get("chosen", ()))
    fund = work.session.get_one(Fund, proposal.fund_id)
    known = {str(area.id): area.id for area in focus_areas(work.session, fund)}
    _hold_to(work, proposal, ProposalArea, "area_id", {known[key] for key in chosen if key in known})


def _link_recommendations(work: Work, proposal: Proposal, whole: Whole) -> None:
    typed = {str(row.get("number", "")) for row in rows_of(whole.get("recommendations"), "linked")}
    numbers = {int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 18}
    known = set(work.session.scalars(sa.select(REC.c.number).where(REC.c.number.in_(numbers), REC.c.standing)))
    _hold_to(work, proposal, ProposalRecommendation, "number", known)


def _hold_to(work: Work, proposal: Proposal, kind: Any, column: str, wanted: set[int]) -> None:
    """Have exactly these rows beside the proposal."""
    there = {getattr(row, column): row for row in work.session.scalars(
        sa.select(kind).where(kind.proposal_id == proposal.id)
    )}  # fmt: skip
    for key in there.keys() - wanted:
        work.session.delete(there[key])
    for key in sorted(wanted - there.keys()):
        work.session.add(kind(proposal_id=proposal.id, **{column: key}))
