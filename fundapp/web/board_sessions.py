"""The demonstration's sessions: the two of 2020, with advice, decisions and minutes, and one of this year that is
open to the trustees. Days and places of 2020 are from the fund's report; all that is said of proposals is invented."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Actor, Role
from fundapp.board.models import (
    AdviceWay,
    AgendaItem,
    BoardSession,
    Capacity,
    Considered,
    DecisionCondition,
    DecisionDraft,
    InterestKind,
    ItemKind,
    Minutes,
    Owner,
    Participant,
    Trustee,
)
from fundapp.board.operations.advising import advise, ask
from fundapp.board.operations.conditions import meet_condition
from fundapp.board.operations.deciding import decide, prepare_decision
from fundapp.board.operations.following import GivenAction, add_action
from fundapp.board.operations.interests import declare
from fundapp.board.operations.minutes import keep_minutes, take_over_approval, write_texts
from fundapp.board.operations.participants import GivenParticipant, add_participant, note_presence
from fundapp.board.operations.sessions import add_item, consider, open_session, plan_session
from fundapp.board.queries.considering import Voice
from fundapp.board.queries.minutes import reader_of
from fundapp.board.queries.record import minutes_facts
from fundapp.board.rules.advising import Count, Said
from fundapp.board.rules.deciding import Condition, GivenDecision
from fundapp.board.rules.keeping import canonical, digest
from fundapp.board.rules.minutes import read_by
from fundapp.board.rules.sessions import GivenSession
from fundapp.funds.models import Fund
from fundapp.funds.queries import board, funds
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.queries import named_call
from fundapp.proposals.rules.stages import Stage
from fundapp.web.calls import ZONE, this_year
from fundapp.web.proposals import person_of

OF_2019, SCORED = "2019-1", "2020-1"
DAY, NOON = timedelta(days=1), time(12)
AHEAD = 18 * DAY  # of the session of this year
ON_PAPER = "Approved by the chair on paper; a demonstration has none."
FOR, AGAINST, ABSTAINED = 4, 0, 1
OTHERS = (("OHCHR", Capacity.SECRETARIAT), ("Field presences", Capacity.GUEST))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a session of 2020 made of a proposal: what the Board advised and how, and what was decided; empty where
    nothing was."""

    state: str
    advice: str
    decided: str = ""
    voted: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A session of 2020: its number and that of the other fund, its days, where, its items, and the proposals."""

    number: int
    other: int
    days: tuple[date, date]
    way: str
    place: str
    items: tuple[tuple[ItemKind, str], ...]
    taken: tuple[Taken, ...]


THIRTEENTH = Held(
    13, 50, (date(2020, 5, 20), date(2020, 5, 20)), "online", "",
    ((ItemKind.POLICY, "agenda"), (ItemKind.BRIEFING, "pandemic"), (ItemKind.FINANCE, "finance"),
     (ItemKind.PROPOSALS, "proposals"), (ItemKind.OTHER, "other")),
    (Taken("FJI", "support", "approve"), Taken("SEN", "support-with-conditions", "approve-with-conditions"),
     Taken("TUN", "defer", "defer"), Taken("PER", "not-support", "decline")),
)  # fmt: skip
FOURTEENTH = Held(
    14, 51, (date(2020, 11, 17), date(2020, 11, 18)), "online", "Lund (Sweden)",
    ((ItemKind.POLICY, "agenda"), (ItemKind.MATTERS, "matters"), (ItemKind.POLICY, "guidance"),
     (ItemKind.FINANCE, "finance"), (ItemKind.PROPOSALS, "proposals"), (ItemKind.OTHER, "other")),
    (Taken("TUN", "support", "approve"), Taken("MNG", "support", "approve", voted=True)),
)  # fmt: skip
OF_THIS_YEAR = (
    (ItemKind.POLICY, "agenda"), (ItemKind.MATTERS, "matters"), (ItemKind.FINANCE, "finance"),
    (ItemKind.PROPOSALS, "proposals"), (ItemKind.OTHER, "other"),
)  # fmt: skip


@cache
def _told() -> Any:
    return json.loads(resources.files("fundapp.web.demonstration").joinpath("sessions.json").read_text("utf-8"))


def hold(fund: Fund) -> None:
    """Hold the sessions of 2020, and open one of this year."""
    for held in (THIRTEENTH, FOURTEENTH):
        _held(fund.id, held)
    _this_year(fund.id)


# ------------------------------------------------------------------------------------------------- the two of 2020


def _held(fund_id: int, held: Held) -> None:
    first, last = held.days
    secretary, officer = Role.SECRETARY, Role.APPROVING_OFFICER
    with unit_of_work(_person(secretary), then=_at(first - 42 * DAY)) as work:
        key = _plan(work, fund_id, held).id
    with unit_of_work(_person(secretary), then=_at(first - 21 * DAY)) as work:
        _put_before(work, fund_id, key, held)
        open_session(work, work.session.get_one(BoardSession, key))
    with unit_of_work(Console(), then=_at(first - 7 * DAY)) as work:
        _declared(work, key)
    with unit_of_work(_person(secretary), then=_at(first)) as work:
        _are_there(work, key)
    with unit_of_work(_person(secretary), then=_at(last + DAY)) as work:
        for one in held.taken:
            _advise(work, key, one)
    with unit_of_work(_person(Role.DESK_OFFICER), then=_at(last + 12 * DAY)) as work:
        for one in held.taken:
            _prepare(work, key, one, last)
    with unit_of_work(_person(officer), then=_at(last + 16 * DAY)) as work:
        asked = sa.select(DecisionDraft).join(Considered, Considered.id == DecisionDraft.considered_id)
        for draft in work.session.scalars(asked.where(Considered.session_id == key).order_by(DecisionDraft.id)):
            decide(work, draft, draft.version)
    with unit_of_work(_person(secretary), then=_at(last + 20 * DAY)) as work:
        _write_minutes(work, key)
    with unit_of_work(_person(secretary), then=_at(last + 30 * DAY)) as work:
        minutes = work.session.scalars(sa.select(Minutes).where(Minutes.session_id == key)).one()
        take_over_approval(work, minutes, ON_PAPER)
    with unit_of_work(_person(Role.DESK_OFFICER), then=_at(last + 60 * DAY)) as work:
        _follow(work, key)


def _person(role: Role) -> Actor:
    return person_of(db.session(), role)


def _at(day: date) -> datetime:
    return datetime.combine(day, NOON)


def _plan(work: Work, fund_id: int, held: Held) -> BoardSession:
    fund = work.session.get_one(Fund, fund_id)
    numbers = {one.id: held.number if one.id == fund_id else held.other for one in funds(work.session)}
    said = GivenSession(*held.days, held.way, ZONE, numbers, place=held.place)
    return plan_session(work, board(work.session, fund), said)


def _items(work: Work, of: BoardSession, fund: Fund, call: Call, items: Iterable[tuple[ItemKind, str]]) -> AgendaItem:
    """The agenda; says under which item the proposals are."""
    made = {}
    for kind, name in items:
        ours = kind is ItemKind.PROPOSALS
        made[kind] = add_item(
            work, of, kind, _told()["items"][name], fund if ours else None, call.id if ours else None
        )  # fmt: skip
    return made[ItemKind.PROPOSALS]


def _put_before(work: Work, fund_id: int, key: int, held: Held) -> None:
    fund, of = work.session.get_one(Fund, fund_id), work.session.get_one(BoardSession, key)
    call = named_call(work.session, fund, OF_2019)
    item = _items(work, of, fund, call, held.items)
    for one in held.taken:
        asked = sa.select(Proposal).where(Proposal.call_id == call.id, Proposal.country == one.state)
        proposal = work.session.scalars(asked).one()
        earlier = sa.select(Considered).where(Considered.proposal_id == proposal.id).order_by(Considered.id.desc())
        consider(work, item, proposal, work.session.scalars(earlier).first())


def _declared(work: Work, key: int) -> None:
    """On paper all of the Board of 2020 declared, and nobody had an interest."""
    for one in _before(work, key):
        for trustee in _trustees(work, key):
            declare(work, Voice(one, trustee), InterestKind.NONE)


def _before(work: Work, key: int) -> list[Considered]:
    asked = sa.select(Considered).where(Considered.session_id == key).order_by(Considered.id)
    return list(work.session.scalars(asked))


def _trustees(work: Work, key: int) -> list[Trustee]:
    asked = sa.select(Trustee).join(Participant, Participant.trustee_id == Trustee.id)
    return list(work.session.scalars(asked.where(Participant.session_id == key).order_by(Trustee.id)))


def _are_there(work: Work, key: int) -> None:
    of = work.session.get_one(BoardSession, key)
    for name, capacity in OTHERS:
        add_participant(work, of, GivenParticipant(capacity, f"{name} (demonstration)"))
    asked = sa.select(Participant.id).where(Participant.session_id == key)
    note_presence(work, of, dict.fromkeys(work.session.scalars(asked), True))


def _advise(work: Work, key: int, one: Taken) -> None:
    found = next(case for case in _before(work, key) if case.proposal.country == one.state)
    amount = _amount(found.proposal) if one.advice.startswith("support") else None
    condition = _told()["conditions"][0]["en"] if one.advice == "support-with-conditions" else ""
    said = Said(one.advice, amount, _said(one.advice, "en"), condition)
    counts = Count(FOR, AGAINST, ABSTAINED) if one.voted else None
    advise(work, found, said, AdviceWay.VOTE if one.voted else AdviceWay.CONSENSUS, seen=0, counts=counts)


def _said(advice: str, language: str) -> str:
    name = {"support-with-conditions": "conditions"}.get(advice, advice)
    texts: dict[str, str] = _told()["said"][name]
    return texts.get(language, texts["en"])


def _amount(proposal: Proposal) -> int:
    """What was asked, in whole thousands."""
    return proposal.total_cents // 1_000_00 * 1_000_00


def _prepare(work: Work, key: int, one: Taken, on: date) -> None:
    if not one.decided:
        return
    found = next(case for case in _before(work, key) if case.proposal.country == one.state)
    language = found.proposal.language
    conditions = [
        Condition(text.get(language, text["en"]), owner, on + days * DAY, before, place)
        for place, (text, owner, days, before) in enumerate(
            zip(_told()["conditions"], (Owner.OFFICE, Owner.SECRETARIAT), (45, 200), (True, False), strict=True), 1
        )
    ]
    approves = one.decided.startswith("approve")
    said = GivenDecision(
        one.decided,
        _amount(found.proposal) if approves else None,
        conditions=conditions if one.decided == "approve-with-conditions" else (),
        reasons=_said(one.advice, "en"),
        shared=_said(one.advice, language),
    )
    prepare_decision(work, found, said)


def _write_minutes(work: Work, key: int) -> None:
    of = work.session.get_one(BoardSession, key)
    titles = {texts["en"]: name for name, texts in _told()["items"].items()}
    items = list(work.session.scalars(sa.select(AgendaItem).where(AgendaItem.session_id == key)))
    for item in items:
        if texts := _told()["texts"].get(titles.get(item.name_en, "")):
            write_texts(work, item, texts, dict.fromkeys(texts, 0))
    if not work.session.scalar(sa.select(sa.func.count()).select_from(Minutes)):
        action = GivenAction(_told()["actions"]["en"], "Secretariat", date(2020, 9, 30), items[-1])
        add_action(work, of, action)
    work.session.flush()
    reader = reader_of(work.session, work.actor, None, of.fund_ids)
    keep_minutes(work, of, digest(canonical(read_by(minutes_facts(work.session, of), reader))))


def _follow(work: Work, key: int) -> None:
    """The condition that money waited for was met, and the action is done."""
    asked = sa.select(DecisionCondition).join(DecisionCondition.decision)
    for one in work.session.scalars(asked.where(DecisionCondition.before_allotment)):
        if one.decision.considered.session_id == key:
            meet_condition(work, one, "The office sent the plan; it names who reports and when.")


# -------------------------------------------------------------------------------------------------- that of this year


def _this_year(fund_id: int) -> None:
    """A session in some weeks, open to the trustees, with the proposals that are being scored; some have declared."""
    since = today() + AHEAD
    with unit_of_work(_person(Role.SECRETARY)) as work:
        fund = work.session.get_one(Fund, fund_id)
        number = 14 + 2 * (this_year() - 2020)
        numbers = {one.id: number if one.id == fund_id else number + 37 for one in funds(work.session)}
        said = GivenSession(since, since + DAY, "place", ZONE, numbers, place="Geneva", hosts="OHCHR (demonstration)")
        of = plan_session(work, board(work.session, fund), said)
        work.session.flush()
        work.session.refresh(of)
        call = named_call(work.session, fund, SCORED)
        item = _items(work, of, fund, call, OF_THIS_YEAR)
        asked = sa.select(Proposal).where(Proposal.call_id == call.id, Proposal.stage == Stage.ELIGIBLE)
        for one in list(work.session.scalars(asked.order_by(Proposal.number))):
            consider(work, item, one)
        work.session.flush()
        open_session(work, of)
        key = of.id
    _declare_now(key)


def _declare_now(key: int) -> None:
    """Two of the five have declared on all; of these one is a national of a State that a proposal is for, and the other
    asks something. The first trustee, the one whom visitors sign in as, has still to declare."""
    with unit_of_work(Console()) as work:
        people = {one.id: (one.country, one.person_id) for one in _trustees(work, key)}
    for trustee, person in [(one, person) for one, (country, person) in people.items() if country in ("KEN", "BEL")]:
        with unit_of_work(db.session().get_one(Person, person)) as work:
            who = work.session.get_one(Trustee, trustee)
            for case in _before(work, key):
                national = case.proposal.country == who.country
                declare(work, Voice(case, who), InterestKind.NATIONALITY if national else InterestKind.NONE)
            if who.country == "BEL":
                work.session.flush()
                ask(work, Voice(_before(work, key)[0], who), _told()["question"]["en"])
