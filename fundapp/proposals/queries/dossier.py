"""Reading a proposal as facts to be printed: for one reader, with nothing that the page would not show them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office
from fundapp.access.policy import Actor
from fundapp.funds.models import FocusArea, Fund
from fundapp.funds.queries import support_cost_rate
from fundapp.proposals.models import Call, CallDocument, CallQuestion, Proposal, ProposalVersion
from fundapp.proposals.queries.proposals import (
    contents,
    files_of,
    last_version,
    of_the_office,
    visible,
    written_sections,
)
from fundapp.proposals.queries.screening import questions
from fundapp.proposals.rules.content import budget
from fundapp.proposals.rules.dossier import DossierFacts, Edition, Exchange, Filed, Linked, Names, Said, Written
from fundapp.proposals.rules.fields import Whole, rows_of
from fundapp.recommendations.models import REC, TEXT
from fundapp.reference.models import Goal
from fundapp.reference.queries import country

LONGEST_NUMBER = 18  # digits of a key that a database takes
PROPOSAL = Proposal.__table__


def seen(session: Session, actor: Actor, fund: Fund, ids: Sequence[int]) -> list[Proposal]:
    """Those of these proposals that somebody may read now, in the order of their references."""
    asked = sa.select(Proposal).where(visible(actor, fund.id), PROPOSAL.c.id.in_(ids))
    return list(session.scalars(asked.order_by(Proposal.reference)))


def seen_ids(session: Session, actor: Actor, fund: Fund, *which: sa.ColumnElement[bool]) -> list[int]:
    """The proposals that somebody may read and that are such, by id, oldest first."""
    asked = sa.select(PROPOSAL.c.id).where(visible(actor, fund.id), *which)
    return list(session.scalars(asked.order_by(PROPOSAL.c.id)))


def dossier_facts(session: Session, actor: Actor, found: Proposal, at: datetime) -> DossierFacts:
    """All that somebody may read of a proposal that is visible to them: the office what is being written until it is
    handed in, others what was handed in last. About fifteen queries, however much it says."""
    fund, call = session.get_one(Fund, found.fund_id), session.get_one(Call, found.call_id)
    version = None if of_the_office(actor, found) and _being_written(found) else last_version(session, found)
    written, files = _written(session, found, version)
    whole, day = written.whole, (version.at if version else at).date()
    rate = support_cost_rate(session, fund, day)
    state, statuses = _state(session, whole, day)
    return DossierFacts(
        fund.code, fund.names, call.code, call.names, found.reference,
        session.get_one(Office, found.office_id).name, written, at, rate,
        budget(whole, rate, floor=call.floor_cents, ceiling=call.ceiling_cents),
        state=state,
        statuses=statuses,
        areas=_areas(session, fund, whole),
        goals=_goals(session),
        recommendations=_linked(session, whole),
        documents=_filed(session, call, files),
        asked=_asked(session, call),
        exchanges=_exchanges(session, found),
    )  # fmt: skip


def _being_written(found: Proposal) -> bool:
    return found.writable or not found.handed_in


def _written(
    session: Session, found: Proposal, version: ProposalVersion | None
) -> tuple[Written, Sequence[Mapping[str, Any]]]:
    """What it says and its documents, both of the same version."""
    if version is None:
        whole = contents(written_sections(session, found))
        return Written(whole, found.language, found.courtesy), files_of(session, found)
    fixed = json.loads(version.content)
    edition = Edition(version.number, version.digest, version.at)
    return Written(fixed["sections"], fixed["language"], fixed["courtesy"], edition), fixed["documents"]


def _state(session: Session, whole: Whole, day: date) -> tuple[Names | None, tuple[str, ...]]:
    code = whole.get("country", {}).get("country", "")
    state = country(session, code) if code else None
    if state is None:
        return None, ()
    return state.names, tuple(sorted({one.status.value for one in state.statuses if state.has_status(one.status, day)}))


def _areas(session: Session, fund: Fund, whole: Whole) -> tuple[Names, ...]:
    chosen = set(whole.get("focus-areas", {}).get("chosen", ()))
    asked = sa.select(FocusArea).where(FocusArea.fund_id == fund.id).order_by(FocusArea.position)
    return tuple(area.names for area in session.scalars(asked) if str(area.id) in chosen)


def _goals(session: Session) -> dict[int, Names]:
    return {goal.number: goal.names for goal in session.scalars(sa.select(Goal).order_by(Goal.number))}


def _linked(session: Session, whole: Whole) -> tuple[Linked, ...]:
    """The recommendations in the order in which the office named them, as the register has them now; two queries."""
    keys = [str(row.get("number", "")) for row in rows_of(whole.get("recommendations"), "linked")]
    numbers = {int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < LONGEST_NUMBER}
    columns = (REC.c.id, REC.c.number, REC.c.symbol, REC.c.paragraph, REC.c.position)
    rows = session.execute(sa.select(*columns).where(REC.c.number.in_(numbers), REC.c.standing)).all()
    texts: dict[int, dict[str, str]] = {row.id: {} for row in rows}
    asked = sa.select(TEXT.c.recommendation_id, TEXT.c.language, TEXT.c.text)
    for key, language, text in session.execute(asked.where(TEXT.c.recommendation_id.in_(texts))):
        texts[key][language] = text
    known = {
        str(row.number): Linked(str(row.number), texts[row.id], row.symbol, row.paragraph, row.position) for row in rows
    }
    return tuple(known.get(key, Linked(key)) for key in keys)


def _filed(session: Session, call: Call, files: Sequence[Mapping[str, Any]]) -> tuple[Filed, ...]:
    asked = session.scalars(sa.select(CallDocument).where(CallDocument.call_id == call.id))
    names = {one.code: one.names for one in asked}
    return tuple(
        Filed(one["kind"], names.get(one["kind"]), one["title"], one["name"], one["digest"], one["size"])
        for one in files
    )


def _asked(session: Session, call: Call) -> dict[str, Names]:
    asked = sa.select(CallQuestion).where(CallQuestion.call_id == call.id).order_by(CallQuestion.position)
    return {one.code: one.names for one in session.scalars(asked)}


def _exchanges(session: Session, found: Proposal) -> tuple[Exchange, ...]:
    """Questions and answers are between the secretariat and the office: whoever reads the proposal reads them."""
    return tuple(
        Exchange(one.section, Said(one.text, one.at), tuple(Said(answer.text, answer.at) for answer in one.answers))
        for one in questions(session, found)
    )
