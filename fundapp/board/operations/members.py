"""The Board as a body: its rules and seats, trustees, their terms, and who chairs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import BoardRules, BoardSeat, ChairTerm, Trustee, TrusteeTerm
from fundapp.board.queries.sitting import rules_of
from fundapp.board.rules.terms import DAY, Term, term_faults
from fundapp.funds.models import Board
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.reference.rules import Group

# Practice of the funds of the United Nations, until a Board says otherwise: three of five, three years, twice, and a
# chair for two sessions
QUORUM, YEARS, TERMS, CHAIRED = 3, 3, 2, 2


@operation(Permission.BOARD_SEAT)
def constitute(work: Work, board: Board) -> bool:
    """Give a Board its rules and a seat for each regional group; False where it has them."""
    if work.session.scalar(sa.select(BoardRules.id).where(BoardRules.board_id == board.id)) is not None:
        return False
    work.session.add(
        BoardRules(board_id=board.id, quorum=QUORUM, term_years=YEARS, most_terms=TERMS, chair_sessions=CHAIRED)
    )
    work.session.add_all(BoardSeat(board_id=board.id, regional_group=group) for group in Group)
    return True


@operation(Permission.BOARD_SEAT)
def add_trustee(work: Work, board: Board, name: str, country: str | None, person: Person | None) -> Trustee:
    """Record somebody as a trustee: their name, nationality, and as whom they sign in."""
    said = " ".join(name.split())
    if not said:
        raise Refusal(Fault("board.no-name", field="name"))
    made = Trustee(board_id=board.id, name=said, country=country, person_id=person.id if person else None)
    work.session.add(made)
    return made


@operation(Permission.BOARD_SEAT)
def appoint(
    work: Work, board: Board, trustee: Trustee, group: Group, since: date, until: date, number: int
) -> TrusteeTerm:  # fmt: skip
    """Give a trustee the seat of a regional group from one day to another; refused where terms overlap or run too
    long."""
    rules = rules_of(work.session, board.id)
    work.session.refresh(rules, with_for_update=True)  # of two who fill a seat the second finds it taken
    asked = sa.select(BoardSeat).where(BoardSeat.board_id == board.id, BoardSeat.regional_group == group)
    seat = work.session.scalars(asked).one()
    new = Term(seat.id, trustee.id, number, since, until)
    faults = list(term_faults(new, _terms(work, board), years=rules.term_years, most=rules.most_terms))
    if faults:
        raise Refusal(*faults)
    made = TrusteeTerm(
        trustee_id=trustee.id, seat_id=seat.id, number=number, since=since, until=until, end_reason="", at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


def _terms(work: Work, board: Board) -> Sequence[Term]:
    asked = sa.select(TrusteeTerm).join(Trustee, Trustee.id == TrusteeTerm.trustee_id)
    return [
        Term(one.seat_id, one.trustee_id, one.number, one.since, one.last_day)
        for one in work.session.scalars(asked.where(Trustee.board_id == board.id))
    ]


@operation(Permission.BOARD_SEAT)
def set_chair(work: Work, board: Board, trustee: Trustee, since: date) -> ChairTerm:
    """Have a trustee chair from a day on; whoever chaired before does so until the day before."""
    if trustee.board_id != board.id or not any(one.since <= since <= one.last_day for one in trustee.terms):
        raise refuse("board.chair-unseated", name=trustee.name)
    asked = sa.select(ChairTerm).where(ChairTerm.board_id == board.id, ChairTerm.until.is_(None))
    for before in work.session.scalars(asked):
        if before.since >= since:
            raise Refusal(Fault("board.chair-before", {"since": before.since}, field="since"))
        before.until = since - DAY
    made = ChairTerm(board_id=board.id, trustee_id=trustee.id, since=since, until=None, at=work.at, by=str(work.actor))
    work.session.add(made)
    return made
