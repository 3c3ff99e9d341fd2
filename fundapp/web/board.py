"""The demonstration's Board: the trustees of 2020 and of now, and the proposals of a call of 2019 they advised on.

Who sat on it in 2020 is from the fund's report; terms and proposals are invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.access.queries import person_by_email
from fundapp.board.models import Trustee, TrusteeTerm
from fundapp.board.operations.members import add_trustee, appoint, end_term, set_chair
from fundapp.funds.models import Board, Fund
from fundapp.funds.queries import board, fund_by_code
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.operations import Opened, take_over_call
from fundapp.proposals.operations.taking_over import Mark, Step, Taken, take_over_proposal
from fundapp.proposals.queries import named_call
from fundapp.proposals.rules.checklist import STANDARD, Verdict
from fundapp.reference.rules import Group
from fundapp.web.board_sessions import hold
from fundapp.web.calls import FUND, ITEMS, said_call
from fundapp.web.proposals import World, pairs_of, person_of
from fundapp.web.written import pages, table

CODE, OF_2019 = "2019-1", "proposals_2019.csv"
LEFT = "Left the Board before the end of the term."
DAY = timedelta(days=1)
QUARTERS = ("2020-Q2", "2020-Q3", "2020-Q4", "2021-Q1")


def demonstrate() -> bool:
    """Put the invented Board into a fund that has none; False where it has trustees in their seats, or where somebody
    whom the demonstration needs is not there."""
    session = db.session()
    fund = fund_by_code(session, FUND)
    assert fund
    people = [row["email"] for row in table("trustees.csv") if row["email"]]
    if session.scalar(sa.select(TrusteeTerm.id).limit(1)) is not None:
        return False
    if not all((found := person_by_email(session, one)) and found.active for one in people):
        return False
    world = World(session, fund, pairs_of(session))
    if not all(world.supported(row["state"]) for row in table(OF_2019)):
        return False
    _seat(fund)
    _call_of_2019(world)
    hold(fund)
    return True


# ---------------------------------------------------------------------------------------------------- who sits on it


def _seat(fund: Fund) -> None:
    with unit_of_work(Console()) as work:
        of = board(work.session, fund)
        for row in table("trustees.csv"):
            _trustee(work, of, row)


def _trustee(work: Work, of: Board, row: dict[str, str]) -> None:
    person = person_by_email(work.session, row["email"]) if row["email"] else None
    known = sa.select(Trustee).where(Trustee.board_id == of.id, Trustee.name == row["name"])
    one = work.session.scalars(known).first() or add_trustee(work, of, row["name"], row["country"], person)
    days = {name: date.fromisoformat(row[name]) for name in ("since", "until", "ended_on", "chair_since") if row[name]}
    term = appoint(work, of, one, Group(row["group"]), days["since"], days["until"], int(row["number"]))
    if "ended_on" in days:
        end_term(work, of, term, days["ended_on"], LEFT, term.version)
    if "chair_since" in days:
        work.session.refresh(one)
        set_chair(work, of, one, days["chair_since"])


# ------------------------------------------------------------------------------------------------- the call of 2019


def _call_of_2019(world: World) -> None:
    """A call of the year before, whose proposals both sessions of 2020 took up."""
    desk, secretary = person_of(world.session, Role.DESK_OFFICER), person_of(world.session, Role.SECRETARY)
    with unit_of_work(Console()) as work:
        said = said_call(work.session, world.fund, CODE, date(2019, 9, 2), date(2019, 11, 29))
        take_over_call(work, world.fund, said, ITEMS, Opened(desk, secretary))
        call = named_call(work.session, world.fund, CODE)
        for turn, row in enumerate(table(OF_2019), 31):
            take_over_proposal(work, call, _taken(world, row, turn, desk))


def _taken(world: World, row: dict[str, str], turn: int, desk: Person) -> Taken:
    """It was begun in September, handed in before the end of November, and screened within three weeks."""
    pair, begun = world.pairs[row["office"]], _moment(date(2019, 9, 3 + turn % 20), turn)
    cleared = _moment(date(2019, 11, 4 + turn % 20), turn)
    screened = _moment(date(2019, 12, 2 + turn % 9), turn)
    return Taken(
        office=pair.office,
        language=row["language"],
        whole=pages(world.told(row, turn, QUARTERS, date(2019, 9, 2 + turn % 20))),
        papers=world.papers(row, turn),
        begun_at=begun,
        writer=pair.officer,
        steps=(
            Step("clear", cleared, pair.head),
            Step("submit", cleared + DAY, pair.officer),
            Step("start-screening", screened, desk),
            Step("find-eligible", screened + 5 * DAY, desk),
        ),
        marks=[Mark(code, Verdict.FULFILLED) for code in STANDARD],
        officer=desk,
    )


def _moment(day: date, turn: int) -> datetime:
    return datetime.combine(day, time(8 + turn % 9, 7 * turn % 60))
