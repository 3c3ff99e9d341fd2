"""Reading reviews and their days: those that someone recorded, and those that the register tells of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.errors import refuse
from fundapp.recommendations.models import HighCommissionerLetter, Recommendation, Review
from fundapp.recommendations.rules import DAY_FIELDS, Days, EntryPoint, Mechanism, Moment, cycle_of, entry_points
from fundapp.recommendations.rules.reviews import is_over, later
from fundapp.reference.models import Country
from fundapp.reference.rules import Standing, order_key

REC, REVIEW, LETTER = (kind.__table__ for kind in (Recommendation, Review, HighCommissionerLetter))
FIRST_CYCLE_WITH_LETTERS = 3  # the High Commissioner has written to States after their reviews since 2017
MONTHS_TO_LETTER = 4  # after the adoption: then a letter that is not here was sent and not recorded
_FOLLOWING = {Moment.NEXT_DOCUMENTS: Moment.DOCUMENTS, Moment.NEXT_REVIEW: Moment.REVIEW}
Key = tuple[str, int]  # State and cycle


@dataclass(frozen=True, slots=True)
class ReviewOf:
    """A review of a State: its days and its moments. version 0: nobody recorded a day, the recommendations tell of it;
    recommended: the register has recommendations of it."""

    state: str
    cycle: int
    days: Days
    symbol: str
    version: int
    recommended: bool
    points: tuple[EntryPoint, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A moment of a State's review, for the calendar; those of the review that follows are of the cycle after."""

    point: EntryPoint
    review: ReviewOf

    @property
    def cycle(self) -> int:
        """The cycle that it belongs to."""
        return self.review.cycle + (self.point.moment in _FOLLOWING)

    @property
    def session(self) -> int | None:
        """The session of that review, where it is known."""
        return None if self.point.moment in _FOLLOWING else self.review.days.session

    @property
    def name(self) -> str:
        """What it is known by for ever: what is now the next review is the same one when its days are recorded."""
        moment = _FOLLOWING.get(self.point.moment, self.point.moment)
        return f"{self.review.state}-{self.cycle}-{moment.value}"


@dataclass(frozen=True, slots=True)
class Place:
    """A State under its name, with the part of the world it lies in and its regional group."""

    name: str
    english: str
    subregion: str
    group: str
    member: bool


def reviews_of(session: Session, state: str) -> list[ReviewOf]:
    """The reviews of a State, by cycle; three queries."""
    return _reviews(session, state)


def every_review(session: Session) -> list[ReviewOf]:
    """The reviews of all States, by State and cycle; three queries."""
    return _reviews(session, "")


def hold(session: Session, state: str) -> None:
    """Let two people who record the same of a State at once stand in line. SQLite has one writer anyway."""
    if session.scalar(sa.select(Country.id).where(Country.code == state).with_for_update()) is None:
        raise refuse("review.state", state=state[:10])


def recorded_review(session: Session, state: str, cycle: int) -> Review | None:
    """What somebody recorded of a review."""
    return session.scalar(sa.select(Review).where(Review.state == state, Review.cycle == cycle))


def review_of(session: Session, state: str, cycle: int) -> ReviewOf | None:
    """One review of a State; none where nothing is known of it."""
    return next((one for one in _reviews(session, state) if one.cycle == cycle), None)


def moments(reviews: Iterable[ReviewOf]) -> list[Due]:
    """All moments of reviews by their days."""
    found = [Due(point, review) for review in reviews for point in review.points]
    order = list(Moment)
    return sorted(found, key=lambda due: (due.point.on, due.review.state, order.index(due.point.moment)))


def without_letter(reviews: Iterable[ReviewOf], today: date) -> list[Due]:
    """The adoption of the newest review of each State, where that was more than four months ago and nobody recorded
    the letter, newest first; only of reviews whose recommendations the register has."""
    newest: dict[str, Due] = {}
    for review in reviews:
        adopted = next((point for point in review.points if point.moment is Moment.ADOPTION), None)
        if adopted and later(adopted.on, MONTHS_TO_LETTER) < today and review.cycle >= FIRST_CYCLE_WITH_LETTERS:
            newest[review.state] = Due(adopted, review)  # by cycle: the last one stays
    found = [due for due in newest.values() if due.review.recommended and due.review.days.letter_on is None]
    return sorted(found, key=lambda due: (-due.point.on.toordinal(), due.review.state))


def coming(reviews: Iterable[ReviewOf], today: date, days: int) -> list[Due]:
    """The moments of the next so many days, by their days."""
    last = date.fromordinal(today.toordinal() + days)
    return [due for due in moments(reviews) if not is_over(due.point, today) and due.point.on <= last]


def places(session: Session, language: str) -> dict[str, Place]:
    """Every country by its code, in the order of names."""
    name = Country.__table__.c[f"name_{language}"]
    asked = sa.select(Country.code, name, Country.name_en, Country.subregion, Country.regional_group, Country.standing)
    found = {
        code: Place(own, english, subregion or "", group.value if group else "", standing is Standing.MEMBER)
        for code, own, english, subregion, group, standing in session.execute(asked)
    }
    return dict(sorted(found.items(), key=lambda one: order_key(one[1].name, one[1].english, language)))


def _reviews(session: Session, state: str) -> list[ReviewOf]:
    recorded = {(row["state"], row["cycle"]): row for row in _recorded(session, state)}
    told, letters = _told(session, state), _letters(session, state)
    found = [
        _review(key, recorded.get(key), told.get(key), letters.get(key), key in told)
        for key in sorted({*recorded, *told})
    ]
    known = {(one.state, one.cycle) for one in found if one.points}
    return [_without_following(one) if (one.state, one.cycle + 1) in known else one for one in found]


def _without_following(review: ReviewOf) -> ReviewOf:
    """The review that came after is known: its own days take the place of what was reckoned or recorded for it."""
    points = tuple(point for point in review.points if point.moment not in _FOLLOWING)
    return ReviewOf(review.state, review.cycle, review.days, review.symbol, review.version, review.recommended, points)


def _review(
    key: Key, row: sa.RowMapping | None, session: int | None, letter_on: date | None, recommended: bool
) -> ReviewOf:
    own = row["session"] if row and row["session"] is not None else session
    known = {name: row[name] for name in DAY_FIELDS} if row else {}
    days = Days(session=own, letter_on=letter_on, **known)
    symbol, version = (row["symbol"], row["version"]) if row else ("", 0)
    return ReviewOf(*key, days, symbol, version, recommended, entry_points(days))


def _recorded(session: Session, state: str) -> Sequence[sa.RowMapping]:
    asked = sa.select(REVIEW)
    return session.execute(asked.where(REVIEW.c.state == state) if state else asked).mappings().all()


def _told(session: Session, state: str) -> dict[Key, int | None]:
    """State and cycle -> session, as the recommendations that stand have it: the one that most of them name."""
    asked = (
        sa.select(REC.c.state, REC.c.cycle, REC.c.session, sa.func.count().label("how_many"))
        .where(REC.c.mechanism == Mechanism.UPR, REC.c.standing, REC.c.joined_to.is_(None))
        .where(sa.or_(REC.c.cycle.is_not(None), REC.c.session.is_not(None)))
        .group_by(REC.c.state, REC.c.cycle, REC.c.session)
    )
    # State by State an index tells all that is asked, and what other mechanisms say is passed over
    asked = asked.where(REC.c.state == state) if state else asked.where(REC.c.state.in_(sa.select(Country.code)))
    counted: defaultdict[Key, dict[int, int]] = defaultdict(dict)
    for code, cycle, number, how_many in session.execute(asked):
        own = cycle if cycle is not None else cycle_of(number)
        if own is not None:
            votes = counted[code, own]
            if number is not None:
                votes[number] = votes.get(number, 0) + how_many
    return {key: max(votes, key=lambda one: (votes[one], -one)) if votes else None for key, votes in counted.items()}


def _letters(session: Session, state: str) -> dict[Key, date]:
    """State and cycle -> the day of the first letter."""
    asked = sa.select(LETTER.c.state, LETTER.c.cycle, sa.func.min(LETTER.c.sent_on))
    asked = asked.where(LETTER.c.withdrawn_at.is_(None)).group_by(LETTER.c.state, LETTER.c.cycle)
    rows = session.execute(asked.where(LETTER.c.state == state) if state else asked)
    return {(code, cycle): sent_on for code, cycle, sent_on in rows}
