"""The Board for tests: trustees in their seats who can sign in, a session, and proposals before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from calls import fund, someone

from fundapp.access.demonstration import TRUSTEES
from fundapp.access.models import Person
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Role
from fundapp.access.queries import person_by_email
from fundapp.board.models import AgendaItem, BoardSession, Considered, ItemKind, Trustee, Way
from fundapp.board.operations.members import add_trustee, appoint, set_chair
from fundapp.board.operations.sessions import GivenSession, add_item, consider, open_session, plan_session
from fundapp.funds.models import Board
from fundapp.funds.queries import board
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.queries import named_call
from fundapp.proposals.rules.stages import Stage
from fundapp.reference.rules import Group

# Of whom the second is a national of a State that a proposal of 2020 is for
NAMES = (("سلمى الحداد", "LBN"), ("Sefanaia Vakatora", "FJI"), ("Ofelia Duarte", "PRY"), ("Klaas Verbeek", "NLD"),
         ("Bohdan Marchuk", "UKR"))  # fmt: skip
GROUPS = (Group.ASIA_PACIFIC, Group.AFRICAN, Group.LATIN_AMERICAN, Group.WESTERN, Group.EASTERN_EUROPEAN)
FIRST = date(2026, 1, 1)


def the_board() -> Board:
    return board(db.session(), fund())


def trustee_emails() -> list[str]:
    """The demonstration's trustee, and four more."""
    return [someone(Role.TRUSTEE).email, *(one.email for one in TRUSTEES)]


def seated() -> list[Trustee]:
    """A Board of five, each of whom signs in; the first chairs. Any trustees there were have no seat."""
    if found := list(db.session().scalars(sa.select(Trustee).where(Trustee.person_id.is_not(None)).order_by("id"))):
        return found
    with unit_of_work(Console()) as work:
        of = work.session.get_one(Board, the_board().id)
        for (name, country), group, email in zip(NAMES, GROUPS, trustee_emails(), strict=True):
            person = person_by_email(work.session, email)
            if person is None:
                person = add_person(work, None, email, "correct horse battery", name=name)
                grant(work, person, Role.TRUSTEE)
            made = add_trustee(work, of, name, country, person)
            appoint(work, of, made, group, FIRST, date(2028, 12, 31), 1)
            if group is GROUPS[0]:
                work.session.refresh(made)
                set_chair(work, of, made, FIRST)
    return list(db.session().scalars(sa.select(Trustee).where(Trustee.person_id.is_not(None)).order_by("id")))


def trustees() -> list[Person]:
    """The people who sign in as the trustees of `seated`."""
    return [db.session.get_one(Person, one.person_id) for one in seated()]


def planned(number: int = 25, *, call: str = "2020-1", proposals: int | None = 4, **more: Any) -> BoardSession:
    """A session in a fortnight, planned by the secretary, with the eligible proposals of a call under its second item;
    proposals: how many, None for all."""
    seated()
    since = today() + timedelta(days=14)
    said = GivenSession(since, since + timedelta(days=1), Way.ONLINE, "Europe/Zurich", {fund().id: number}, **more)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        made = plan_session(work, work.session.get_one(Board, the_board().id), said)
        add_item(work, made, ItemKind.POLICY, {"en": "Adoption of the agenda", "fr": "Adoption de l’ordre du jour"})
        of_call = named_call(work.session, fund(), call)
        item = add_item(work, made, ItemKind.PROPOSALS, {"en": "Proposals"}, fund(), of_call.id)
        for one in eligible(of_call)[:proposals]:
            consider(work, item, one)
    return db.session.get_one(BoardSession, made.id)


def eligible(call: Call) -> Sequence[Proposal]:
    asked = sa.select(Proposal).where(Proposal.call_id == call.id, Proposal.stage == Stage.ELIGIBLE)
    return db.session().scalars(asked.order_by(Proposal.number)).all()


def opened(number: int = 25, **more: Any) -> BoardSession:
    """The same, opened to the trustees."""
    made = planned(number, **more)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        open_session(work, work.session.get_one(BoardSession, made.id))
    return db.session.get_one(BoardSession, made.id)


def considered(of: BoardSession) -> list[Considered]:
    """The proposals before a session, by reference."""
    asked = sa.select(Considered).join(Proposal).where(Considered.session_id == of.id, Considered.removed_at.is_(None))
    return list(db.session().scalars(asked.order_by(Proposal.reference)))


def item_of(of: BoardSession) -> AgendaItem:
    """The item under which proposals are."""
    asked = sa.select(AgendaItem).where(AgendaItem.session_id == of.id, AgendaItem.kind == ItemKind.PROPOSALS)
    return db.session().scalars(asked).one()
