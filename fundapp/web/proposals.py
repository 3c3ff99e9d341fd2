"""The demonstration's proposals: one of each country of 2020, all found eligible, and two dozen to the open call, on
their way through every stage in every language. All are invented."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.demonstration import EVERYBODY, invented
from fundapp.access.models import Office, Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.funds.models import Fund
from fundapp.funds.queries import focus_areas, fund_by_code
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.files import Kept
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.operations import moving, taking_over, writing
from fundapp.proposals.operations.moving import Given
from fundapp.proposals.operations.screening import give_desk
from fundapp.proposals.operations.taking_over import Asked, Mark, Paper, Step, Taken
from fundapp.proposals.queries import named_call, stage_of
from fundapp.proposals.queries.proposals import written_sections
from fundapp.proposals.rules import Stage, said_moment
from fundapp.proposals.rules.checklist import STANDARD, Verdict
from fundapp.recommendations.models import REC
from fundapp.recommendations.rules import Position
from fundapp.recommendations.views.blueprint import files
from fundapp.reference.models import Country
from fundapp.web.calls import FUND, ZONE, this_year
from fundapp.web.moments import Moments, moments
from fundapp.web.written import ABOUT, Linked, Pages, Told, letter, pages, table, words

OF_2020, OPEN = "proposals_2020.csv", "proposals_open.csv"
PDF, LARGEST = "application/pdf", 100_000
DAY = timedelta(days=1)
WHOLE = 17  # pages of a proposal that lacks none of them
# How far each of the open call goes: the moves that its end needs
CLEARED = frozenset(
    {"cleared", "submitted", "again", "in-screening", "returned", "eligible", "ineligible", "withdrawn"}
)
SUBMITTED = CLEARED - {"cleared"}
SCREENED = SUBMITTED - {"submitted"}
# Who sees to which region: Africa, Asia, Oceania and Europe, and the Americas
DESKS = dict.fromkeys(("002", "142", "009", "150"), Role.DESK_OFFICER) | {"019": Role.SECRETARY}


@dataclass(frozen=True, slots=True)
class Pair:
    """Who writes and who clears in an office."""

    office: Office
    officer: Person
    head: Person


@dataclass(slots=True)
class Planned:
    """A proposal to the open call, as its row says; made: the proposal, once it was begun."""

    turn: int
    said: dict[str, str]
    pair: Pair
    pages: Pages
    when: Moments
    made: Proposal | None = None

    @property
    def proposal(self) -> Proposal:
        """The proposal, which was begun."""
        assert self.made
        return self.made

    def phrase(self, name: str) -> str:
        """Something that is said about it, in its own language."""
        return str(words(self.said["language"])["said"][name])


def demonstrate() -> bool:
    """Put the invented proposals into a fund that has none; False where it has, or where somebody whom the
    demonstration needs, one of its calls or what it recommends to a State is not there."""
    session = db.session()
    fund = fund_by_code(session, FUND)
    assert fund
    if session.scalar(sa.select(sa.func.count()).select_from(Proposal).where(Proposal.fund_id == fund.id)):
        return False
    if not (_people_there(session) and _calls_there(session, fund)):
        return False
    world = World(session, fund, pairs_of(session))
    if not all(world.supported(row["state"]) for row in (*table(OF_2020), *table(OPEN))):
        return False
    _of_2020(world)
    _of_this_year(world)
    return True


def _people_there(session: Session) -> bool:
    emails = [one.email for one in EVERYBODY]
    asked = sa.select(sa.func.count()).select_from(Person).where(Person.email.in_(emails), Person.active)
    return session.scalar(asked) == len(emails)


def _calls_there(session: Session, fund: Fund) -> bool:
    codes = ("2020-1", f"{this_year()}-1")
    found = session.scalars(sa.select(Call).where(Call.fund_id == fund.id, Call.code.in_(codes)).order_by(Call.code))
    return [stage_of(session, call, now()) for call in found] == [Stage.CLOSED, Stage.OPEN]


def pairs_of(session: Session) -> dict[str, Pair]:
    """Who writes and who clears in each office of the demonstration."""
    offices = {one.code: one for one in session.scalars(sa.select(Office))}
    return {
        code: Pair(
            offices[code], person_of(session, Role.FIELD_OFFICER, code), person_of(session, Role.HEAD_OF_OFFICE, code)
        )
        for code in dict.fromkeys(one.office for one in EVERYBODY if one.office)
    }


def person_of(session: Session, role: Role, office: str = "") -> Person:
    """The demonstration's person of a role, who is there."""
    found = invented(session, role, office)
    assert found
    return found


class World:
    """What the texts name of the fund and its register, read once."""

    def __init__(self, session: Session, fund: Fund, pairs: dict[str, Pair]) -> None:
        self.session, self.fund, self.pairs = session, fund, pairs
        self.areas = {area.code: area.id for area in focus_areas(session, fund)}
        self.states = {one.code: one for one in session.scalars(sa.select(Country))}
        self.linked: dict[str, list[Linked]] = {}
        asked = sa.select(REC.c.state, REC.c.number, REC.c.position).where(REC.c.standing, REC.c.position.is_not(None))
        for row in session.execute(asked.order_by(REC.c.number)):
            found = Linked(row.number, row.position == Position.NOTED)
            self.linked.setdefault(row.state, []).append(found)

    def told(self, row: dict[str, str], turn: int, quarters: Sequence[str], consent: date) -> Told:
        """What the proposal of a row is about."""
        state, pair = self.states[row["state"]], self.pairs[row["office"]]
        return Told(
            text=row["text"],
            language=row["language"],
            courtesy=row.get("courtesy", ""),
            state={"code": state.code} | {language: state.name(language) for language in LANGUAGES},
            area=self.areas[ABOUT[row["text"]][0]],
            linked=self._taken_up(state.code, turn),
            quarters=quarters,
            consent_on=consent.isoformat(),
            contacts=[(person.name, person.email) for person in (pair.officer, pair.head)],
            turn=turn,
        )

    def supported(self, state: str) -> list[Linked]:
        """What a State supported."""
        return [one for one in self.linked.get(state, []) if not one.noted]

    def _taken_up(self, state: str, turn: int) -> list[Linked]:
        """A few that the State supported; every third proposal takes up one that it only noted."""
        known, supported = self.linked.get(state, []), self.supported(state)
        start = turn % max(1, len(supported) - 3)
        return supported[start : start + 2 + turn % 2] + [one for one in known if one.noted and turn % 3 == 0][:1]

    def papers(self, row: dict[str, str], turn: int) -> list[Paper]:
        """The State's letter, and now and then one of a partner, kept as files."""
        said, state = words(row["language"])["pools"], self.states[row["state"]]
        found = [_paper("consent", said["letter"], "letter-of-consent", state.code, state.name("en"))]
        if turn % 4 == 1:
            found.append(_paper("partner-letter", said["partner"], "letter-of-a-partner", state.code, state.name("en")))
        return found


def _paper(kind: str, title: str, name: str, code: str, state: str) -> Paper:
    content = letter(f"Demonstration: {name.replace('-', ' ')}", state, "Nobody wrote this letter: it is invented.")
    return Paper(kind, title, f"{name}-{code.lower()}.pdf", PDF, _keep(content, name))


def _keep(content: bytes, name: str) -> Kept:
    return files().keep(io.BytesIO(content), name, LARGEST)


# -------------------------------------------------------------------------------------------------- the call of 2020


def _of_2020(world: World) -> None:
    desk = person_of(world.session, Role.DESK_OFFICER)
    with unit_of_work(Console()) as work:
        call = named_call(work.session, world.fund, "2020-1")
        for turn, row in enumerate(table(OF_2020), 1):
            taking_over.take_over_proposal(work, call, _taken(world, row, turn, desk))


def _then(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime.combine(date(2020, month, day), time(hour, minute % 60))


def _taken(world: World, row: dict[str, str], turn: int, desk: Person) -> Taken:
    """It was begun in August, handed in before the second of October, and screened within three weeks."""
    pair, begun = world.pairs[row["office"]], _then(8, 4 + turn % 20, 7 + turn % 8, 13 * turn)
    cleared = _then(9, 7 + turn % 22, 9 + turn % 6, 7 * turn)
    screened = _then(10, 5 + turn % 8, 8 + turn % 7, 11 * turn)
    quarters = ("2020-Q4", "2021-Q1", "2021-Q2", "2021-Q3")
    return Taken(
        office=pair.office,
        language=row["language"],
        whole=pages(world.told(row, turn, quarters, date(2020, 7, 6 + turn % 24))),
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


# ----------------------------------------------------------------------------------------------------- the open call


def _of_this_year(world: World) -> None:
    call = named_call(world.session, world.fund, f"{this_year()}-1")
    year, opened = this_year() + 1, call.opens_at
    assert opened
    quarters = tuple(f"{year}-Q{n}" for n in range(1, 5))
    every, at = [], now()
    for turn, row in enumerate(table(OPEN), 3):
        whole = pages(world.told(row, turn, quarters, opened.date() + DAY * (turn % 16)))
        every.append(Planned(turn, row, world.pairs[row["office"]], whole, moments(turn, row["ends"], at)))
    _give_desks(world, opened + DAY)
    _write(call, every)
    _send_papers(world, every)
    _each(every, _heads, "cleared", CLEARED, lambda work, one: moving.clear(work, one.proposal))
    _each(every, _officers, "submitted", SUBMITTED, lambda work, one: moving.submit(work, one.proposal))
    _screen(world, every)
    _after(every)


def _give_desks(world: World, at: datetime) -> None:
    """The regions: the secretary sees to one, the desk officer to the others."""
    for region, role in DESKS.items():
        with unit_of_work(person_of(world.session, Role.SECRETARY), then=at) as work:
            give_desk(work, world.fund, region, person_of(work.session, role))


def _officers(one: Planned) -> Person:
    return one.pair.officer


def _heads(one: Planned) -> Person:
    return one.pair.head


def _each(
    every: Iterable[Planned],
    who: Callable[[Planned], Person],
    when: str,
    ends: Iterable[str],
    do: Callable[[Work, Planned], object],
) -> None:
    """Do something with all that end so, each at its own moment."""
    for one in every:
        if one.said["ends"] in ends:
            with unit_of_work(who(one), then=getattr(one.when, when)) as work:
                do(work, one)


def _write(call: Call, every: list[Planned]) -> None:
    """The officers begin, and write as far as they come; the heads say what they think of drafts."""

    def begin(work: Work, one: Planned) -> None:
        where = writing.Beginning(call, one.pair.office)
        said = one.said
        one.made = writing.begin_proposal(work, where, said["language"], said["courtesy"], state=said["state"])
        _save(work, one, [*one.pages][:1])

    def write_on(work: Work, one: Planned) -> None:
        _save(work, one, [*one.pages][1 : _many(one)])

    def comment(work: Work, one: Planned) -> None:
        writing.comment(work, one.proposal, "context", one.phrase("comment"))

    ends = {one.said["ends"] for one in every}
    _each(every, _officers, "begun", ends, begin)
    _each(every, _officers, "written", ends, write_on)
    _each([one for one in every if _many(one) > 3], _heads, "aside", {"draft"}, comment)


def _many(one: Planned) -> int:
    pages = int(one.said["pages"])
    return len(one.pages) if pages == WHOLE else pages


def _save(work: Work, one: Planned, names: Iterable[str]) -> None:
    """Save pages as they stand in what is planned."""
    there = written_sections(work.session, one.proposal)
    for name in names:
        version = there[name].version if name in there else 0
        writing.save_section(work, one.proposal, name, one.pages[name], version, one.said["language"])


def _send_papers(world: World, every: list[Planned]) -> None:
    for one in every:
        if one.said["ends"] in CLEARED or _many(one) > 10:
            papers = world.papers(one.said, one.turn)
            with unit_of_work(Console(), then=one.when.papers) as work:
                taking_over.take_over_papers(work, one.proposal, papers, one.pair.officer)


def _screen(world: World, every: list[Planned]) -> None:
    """Whoever sees to it begins, marks and asks; what is recorded of it stands before it is decided."""
    at = now()

    def desks(one: Planned) -> Person:
        return world.session.get_one(Person, one.proposal.officer_id)

    def send_back(work: Work, one: Planned) -> None:
        due = said_moment((at + (6 + one.turn % 9) * DAY).date(), None, ZONE, last=True, field="")
        moving.return_proposal(work, one.proposal, Given(one.phrase("return"), due))

    _each(every, desks, "screening", SCREENED, lambda work, one: moving.start_screening(work, one.proposal))
    for one in every:
        if one.said["ends"] in SCREENED:
            desk = desks(one)
            with unit_of_work(Console(), then=one.when.marked) as work:
                taking_over.take_over_screening(work, one.proposal, _marks(one), _asked(one, desk), desk)
    _each(every, desks, "decided", {"eligible"}, lambda work, one: moving.find_eligible(work, one.proposal))
    _each(
        every, desks, "decided", {"ineligible"},
        lambda work, one: moving.find_ineligible(work, one.proposal, Given(one.phrase("ineligible"))),
    )  # fmt: skip
    _each(every, desks, "decided", {"returned", "again"}, send_back)


def _marks(one: Planned) -> list[Mark]:
    """All points where it was decided, some where it was not; the letter of one that is not eligible is none."""
    many = len(STANDARD) if one.said["ends"] in ("eligible", "ineligible") else 1 + one.turn % 4
    note = one.phrase("note")
    found = [Mark(code, Verdict.FULFILLED, note if code == "consent" else "") for code in STANDARD[:many]]
    if one.said["ends"] == "ineligible":
        found[0] = Mark("consent", Verdict.NOT_FULFILLED, one.phrase("ineligible"))
    return found


def _asked(one: Planned, desk: Person) -> list[Asked]:
    """A question on some; those that are still screened have one without an answer now and then."""
    ends = one.said["ends"]
    if ends not in ("eligible", "in-screening"):
        return []
    if ends == "in-screening" and one.turn % 2:
        return [Asked("sustainability", one.phrase("question"), desk)]
    return [Asked("sustainability", one.phrase("question"), desk, one.phrase("answer"), one.pair.officer)]


def _after(every: list[Planned]) -> None:
    """What offices do afterwards: they change what was returned, hand it in again, withdraw, put drafts aside."""

    def change(work: Work, one: Planned) -> None:
        _changed(one)
        _save(work, one, ("context", "results", "budget"))

    _each(every, _officers, "changed", {"again"}, change)
    _each(every, _heads, "again", {"again"}, lambda work, one: moving.submit_again(work, one.proposal))
    _each([one for one in every if one.said["state"] == "DOM"], _officers, "changed", {"returned"}, change)
    _each(
        every,
        _heads,
        "withdrawn",
        {"withdrawn"},
        lambda work, one: moving.withdraw(work, one.proposal, Given(one.phrase("withdraw"))),
    )
    _each(every, _officers, "aside", {"discarded"}, lambda work, one: moving.discard(work, one.proposal))


def _changed(one: Planned) -> None:
    """A sentence more, a source for the indicator, a line for interpretation, fewer days of advice."""
    context, said = one.pages["context"], words(one.said["language"])["pools"]
    context["problem"] = f"{context['problem']} {one.phrase('added')}"
    first = one.pages["results"]["indicators"][0]
    first["target"], first["means"] = str(int(first["target"]) + 5), said["means"][1]
    lines = one.pages["budget"]["lines"]
    lines[1]["quantity"] = str(int(lines[1]["quantity"]) - 3)
    more = dict(lines[2], id=f"B{len(lines) + 1}", quantity="2", quarter="")
    lines.append(more)
