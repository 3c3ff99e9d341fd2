"""The Board as a body: its rules and seats, trustees, their terms, and who chairs it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.board.models import BoardRules, BoardSeat, ChairTerm, Trustee, TrusteeTerm
from fundapp.board.operations.readings import end_readings, end_readings_as
from fundapp.board.queries.members import chairs_of, terms_of, who_may_sign_in
from fundapp.board.queries.sitting import rules_of
from fundapp.board.rules.terms import (
    DAY,
    Chairing,
    GivenRules,
    Term,
    chair_faults,
    day_faults,
    ending_faults,
    rules_faults,
    term_faults,
)
from fundapp.funds.models import Board, Fund
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.text import fold
from fundapp.kernel.work import Work
from fundapp.reference.queries import country as country_of
from fundapp.reference.rules import Group

# Practice of the funds of the United Nations, until a Board says otherwise: three of five, three years, twice, and a
# chair for two sessions
QUORUM, YEARS, TERMS, CHAIRED = 3, 3, 2, 2
LONGEST_NAME, LONGEST_REASON = 200, 2_000  # characters


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
def set_rules(work: Work, board: Board, said: GivenRules, version: int) -> None:
    """Say what a Board goes by from now on; sessions that are planned keep their quorum, terms their days."""
    rules = _under_lock(work, board)
    if rules.version != version:
        raise refuse("board.changed")
    _unless(rules_faults(said))
    for name, value in asdict(said).items():
        setattr(rules, name, value)


@operation(Permission.BOARD_SEAT)
def require_approval(work: Work, fund: Fund, needed: bool) -> None:
    """Say whether a decision of a fund needs the Board's approval, or its advice alone."""
    work.session.get_one(Fund, fund.id, with_for_update=True).board_approves = needed


@operation(Permission.BOARD_SEAT)
def add_trustee(work: Work, board: Board, name: str, country: str | None, person: Person | None) -> Trustee:
    """Record somebody as a trustee: their name, nationality, and as whom they sign in."""
    _under_lock(work, board)  # of two who record the same one, the second finds them there
    said = _described(work, board, name, country, person)
    made = Trustee(board_id=board.id, name=said, country=country, person_id=person.id if person else None)
    work.session.add(made)
    return made


@operation(Permission.BOARD_SEAT)
def change_trustee(
    work: Work, board: Board, trustee: Trustee, name: str, country: str | None, person: Person | None, version: int
) -> None:
    """Correct what is recorded of a trustee."""
    _under_lock(work, board)
    _as_seen(board, trustee, trustee.version, version)
    trustee.name = _described(work, board, name, country, person, trustee)
    before = trustee.person_id
    trustee.country, trustee.person_id = country, person.id if person else None
    if before is not None and before != trustee.person_id:
        end_readings_as(work, trustee, before)


def _described(
    work: Work, board: Board, name: str, country: str | None, person: Person | None, known: Trustee | None = None
) -> str:
    """The name as it is kept, where nothing that is said of a trustee is wrong."""
    said, faults = " ".join(name.split()), list[Fault]()
    if not said:
        faults.append(Fault("board.no-name", field="name"))
    elif len(said) > LONGEST_NAME:
        faults.append(Fault("call.long", {"found": len(said), "largest": LONGEST_NAME}, field="name"))
    if country is not None and country_of(work.session, country) is None:
        faults.append(Fault("board.no-state", {"text": country[:20]}, field="country"))
    _unless([*faults, *_known_as(work, board, said, country, person, known)])
    return said


def _known_as(
    work: Work, board: Board, said: str, country: str | None, person: Person | None, known: Trustee | None
) -> Iterator[Fault]:
    """Whether there is a trustee of that name and nationality, and whether somebody can sign in as that person."""
    own, kept = (known.id, known.person_id) if known else (0, None)
    taken = ""
    for other in work.session.scalars(sa.select(Trustee).where(Trustee.board_id == board.id, Trustee.id != own)):
        if fold(other.name) == fold(said) and other.country == country:
            yield Fault("board.trustee-known", {"name": other.name}, field="name")
        if person is not None and other.person_id == person.id:
            taken = other.name
    if taken:
        yield Fault("board.person-known", {"name": taken}, field="person")
    elif person is not None and person.id not in dict(who_may_sign_in(work.session, board, kept)):
        yield Fault("board.person-no-trustee", {"name": person.name}, field="person")


@operation(Permission.BOARD_SEAT)
def appoint(
    work: Work, board: Board, trustee: Trustee, group: Group, since: date, until: date, number: int
) -> TrusteeTerm:  # fmt: skip
    """Give a trustee the seat of a regional group from one day to another; refused where terms overlap or run too
    long."""
    rules = _under_lock(work, board)  # of two who fill a seat the second finds it taken
    _as_seen(board, trustee)
    asked = sa.select(BoardSeat).where(BoardSeat.board_id == board.id, BoardSeat.regional_group == group)
    seat = work.session.scalars(asked).one()
    _fits(work, board, rules, Term(seat.id, trustee.id, number, since, until))
    made = TrusteeTerm(
        trustee_id=trustee.id, seat_id=seat.id, number=number, since=since, until=until, end_reason="", at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    return made


@operation(Permission.BOARD_SEAT)
def change_term(
    work: Work, board: Board, term: TrusteeTerm, since: date, until: date, number: int, version: int
) -> None:  # fmt: skip
    """Correct the days or the number of a term that was recorded wrongly."""
    rules = _under_lock(work, board)
    _as_seen(board, _trustee(work, term), term.version, version)
    whole = Term(term.seat_id, term.trustee_id, number, since, until)
    _unless(day_faults((("since", since), ("until", until)), work.at.date()))
    _unless(term_faults(whole, (), years=rules.term_years, most=rules.most_terms))
    if term.ended_on is not None and not since <= term.ended_on < until:
        raise refuse("board.ended-already", until=term.ended_on)
    _fits(work, board, rules, replace(whole, until=term.ended_on or until), besides=term.id)
    term.since, term.until, term.number = since, until, number
    end_readings(work, board)


@operation(Permission.BOARD_SEAT)
def end_term(
    work: Work, board: Board, term: TrusteeTerm, ended_on: date | None, reason: str, version: int
) -> None:  # fmt: skip
    """End a term before its time, with the reason: the seat is vacant from the day after. Whoever holds it no more
    chairs no more either, and reads no more what is before sessions at which they do not sit."""
    _under_lock(work, board)
    trustee = _trustee(work, term)
    _as_seen(board, trustee, term.version, version)
    if term.ended_on is not None:
        raise refuse("board.ended-already", until=term.ended_on)
    faults = list(ending_faults(term.since, term.until, ended_on))
    if not reason.strip():
        faults.append(Fault("board.no-reason", field="reason"))
    elif len(reason) > LONGEST_REASON:
        faults.append(Fault("call.long", {"found": len(reason), "largest": LONGEST_REASON}, field="reason"))
    _unless(faults)
    assert ended_on is not None
    term.ended_on, term.end_reason = ended_on, reason.strip()
    asked = sa.select(ChairTerm).where(ChairTerm.board_id == board.id, ChairTerm.trustee_id == trustee.id)
    for chair in work.session.scalars(asked):
        during = chair.since <= term.until  # a time in the chair in a later term stays
        if during and (chair.until is None or chair.until > ended_on):
            chair.until = max(ended_on, chair.since - DAY)
    end_readings(work, board)


@operation(Permission.BOARD_SEAT)
def resume_term(work: Work, board: Board, term: TrusteeTerm, version: int) -> None:
    """Take back that a term ended early, where nobody holds the seat since."""
    rules = _under_lock(work, board)
    _as_seen(board, _trustee(work, term), term.version, version)
    if term.ended_on is None:
        raise refuse("board.not-ended")
    _fits(work, board, rules, Term(term.seat_id, term.trustee_id, term.number, term.since, term.until), besides=term.id)
    term.ended_on, term.end_reason = None, ""


@operation(Permission.BOARD_SEAT)
def set_chair(work: Work, board: Board, trustee: Trustee, since: date, until: date | None = None) -> ChairTerm:
    """Have a trustee chair from a day on, until another or until further notice; whoever chaired until further notice
    does so until the day before."""
    _under_lock(work, board)
    _as_seen(board, trustee)
    _unless(day_faults((("since", since), ("until", until)), work.at.date()))
    new, others = Chairing(trustee.id, since, until), chairs_of(work.session, board.id)
    _unless(chair_faults(new, trustee.name, _terms(work, board), [one.term for one in others]))
    for before in others:
        if before.until is None:
            work.session.get_one(ChairTerm, before.id).until = since - DAY
    made = ChairTerm(board_id=board.id, trustee_id=trustee.id, since=since, until=until, at=work.at, by=str(work.actor))
    work.session.add(made)
    return made


@operation(Permission.BOARD_SEAT)
def end_chair(work: Work, board: Board, chair: ChairTerm, until: date, version: int) -> None:
    """Say until when a trustee chairs; the day before they began says that they never took it up."""
    _under_lock(work, board)
    trustee = work.session.get_one(Trustee, chair.trustee_id)
    _as_seen(board, trustee, chair.version, version)
    _unless(day_faults((("until", until),), work.at.date()))
    if until != chair.since - DAY:
        others = [one.term for one in chairs_of(work.session, board.id) if one.id != chair.id]
        new = Chairing(chair.trustee_id, chair.since, until)
        _unless(chair_faults(new, trustee.name, _terms(work, board), others))
    chair.until = until


def _under_lock(work: Work, board: Board) -> BoardRules:
    """The rules of a Board, held to the end of the work: two who change it come one after the other."""
    rules = rules_of(work.session, board.id)
    work.session.refresh(rules, with_for_update=True)
    return rules


def _unless(faults: Iterable[Fault]) -> None:
    if found := list(faults):
        raise Refusal(*found)


def _as_seen(board: Board, trustee: Trustee, version: int = 0, seen: int = 0) -> None:
    """Refused for somebody of another Board, and for what was changed since it was looked at."""
    if trustee.board_id != board.id:
        raise refuse("board.other-board", name=trustee.name)
    if version != seen:
        raise refuse("board.changed")


def _trustee(work: Work, term: TrusteeTerm) -> Trustee:
    return work.session.get_one(Trustee, term.trustee_id)


def _terms(work: Work, board: Board, besides: int = 0) -> Sequence[Term]:
    return [
        Term(one.seat_id, one.trustee_id, one.number, one.since, one.last_day)
        for one in terms_of(work.session, board.id)
        if one.id != besides
    ]


def _fits(work: Work, board: Board, rules: BoardRules, new: Term, besides: int = 0) -> None:
    """Refused where a term does not go with the rules and the other terms of the Board."""
    _unless(day_faults((("since", new.since), ("until", new.until)), work.at.date()))
    _unless(term_faults(new, _terms(work, board, besides), years=rules.term_years, most=rules.most_terms))
