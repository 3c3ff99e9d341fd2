"""The demonstration's part of the register: invented recommendations, and what its people did with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from importlib import resources

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.demonstration import invented
from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.kernel.errors import Faults, Refusal
from fundapp.kernel.work import Work, unit_of_work
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.models import GOAL, LABEL, REC, HighCommissionerLetter
from fundapp.recommendations.operations import (
    GivenArea,
    GivenFollowUp,
    GivenReview,
    add_area,
    add_measures,
    import_file,
    join,
    judge,
    open_plan,
    record_follow_up,
    record_letter,
    record_review,
)
from fundapp.recommendations.queries import Wanted, imports, search, world
from fundapp.recommendations.rules import Days, LabelKind, Progress, Reading, Says, Verdict
from fundapp.recommendations.rules.plans import Doing, Planned
from fundapp.recommendations.themes import theme_name
from fundapp.reference.queries import country

BEYOND = "recommendations_beyond.json"  # to the States of the proposals of 2020
EVIDENCE = "evidence_2020.json"  # what treaty bodies and special procedures told the same States
SENT = date(2020, 1, 20)  # the letters to these States
# File -> its layout and the language of its texts.
FILES = {
    "recommendations.json": ("uhri-json", "en"),
    "recommendations_by_state.csv": ("upr-info", "en"),
    "recommandations.json": ("uhri-json", "fr"),
}
STATE, CYCLE = "FJI", 4
AREAS = (
    ("women-public-life", "5.5", "More women in parliament, in provincial councils and in senior posts."),
    ("violence-against-women", "5.2", "Shelters and legal aid that women in the outer islands can reach."),
    ("nmirf", "16", "A standing mechanism for implementation, reporting and follow-up, with a database."),
)
SAID = (
    ("139.2", Progress.UNDER_WAY, Says.STATE, "Draft terms of reference are before Cabinet."),
    ("139.5", Progress.UNDER_WAY, Says.STATE, "Two shelters have opened, a third is being built."),
    ("139.5", Progress.NOT_STARTED, Says.CIVIL_SOCIETY, "No shelter has opened outside the two largest islands."),
    ("139.14", Progress.IMPLEMENTED, Says.UNITED_NATIONS, "Training for all recruits; certificates were seen."),
)
MEASURES = (
    ("A1", "Set up the secretariat of the mechanism", "Ministry of Foreign Affairs", 12, ("139.2", "139.3")),
    ("A2", "Open shelters in the northern and eastern divisions", "Ministry of Women", 18, ("139.5",)),
    ("B1", "Make 40 schools accessible", "Ministry of Education", 24, ("139.9",)),
)


def demonstrate(session: Session) -> bool:
    """Put the invented recommendations into a register that has none; False where it has them."""
    if imports(session):
        return False
    for name, (layout, language) in FILES.items():
        with unit_of_work(Console()) as work:
            _take(work, name, layout, language)
    with unit_of_work(_person(session, Role.DESK_OFFICER)) as work:
        _review(work)
        _letter(work)
        _match(work)
    with unit_of_work(_person(session, Role.HEAD_OF_OFFICE)) as work:
        _follow(work)
        _plan(work)
    return True


def beyond(session: Session) -> bool:
    """Add recommendations to States that the demonstration's proposals name; False where they are there, or where the
    register holds what no demonstration brought."""
    known = {one.name for one in imports(session)}
    if BEYOND in known or not known.issuperset(FILES):
        return False
    with unit_of_work(Console()) as work:
        _take(work, BEYOND, "uhri-json", "en")
        _take(work, EVIDENCE, "uhri-json", "en")
    with unit_of_work(_person(session, Role.DESK_OFFICER)) as work:
        _letters(work)
    return True


def _letters(work: Work) -> None:
    """A letter to two of three States, that names what their first recommendations speak of, some by the target too."""
    asked = (
        sa.select(REC.c.state, REC.c.number, LABEL.c.code, GOAL.c.target)
        .join(LABEL, LABEL.c.recommendation_id == REC.c.id)
        .join(GOAL, GOAL.c.recommendation_id == REC.c.id)
        .where(REC.c.symbol.like("DEMO/UPR/%/3"), REC.c.standing, LABEL.c.kind == LabelKind.THEME)
        .where(LABEL.c.code.is_not(None), LABEL.c.place == 1)
        .order_by(REC.c.state, REC.c.number, GOAL.c.target.desc())
    )
    themes: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for state, _number, theme, target in work.session.execute(asked):
        themes[state].setdefault(theme, target)
    for turn, (state, found) in enumerate(sorted(themes.items())):
        if turn % 3 < 2 and (letter := _sent(work, state)):
            for place, (theme, target) in enumerate(list(found.items())[:2]):
                way = (turn + place) % 3
                goals, of = ("" if way == 1 else target), ("" if way == 2 and target else theme)
                add_area(work, letter, GivenArea(f"{theme_name(theme, 'en')}.", "en", of, goals))


def _sent(work: Work, state: str) -> HighCommissionerLetter | None:
    """The letter to a State; none where its review came later."""
    try:
        return record_letter(work, None, state, 3, SENT)
    except Refusal:
        return None


def _person(session: Session, role: Role) -> Person:
    found = invented(session, role)
    assert found
    return found


def _take(work: Work, name: str, layout: str, language: str) -> None:
    with resources.as_file(resources.files("fundapp.web.demonstration").joinpath(name)) as path:
        file = incoming(path)
        reading = Reading(file.name, world(work.session, language), Faults())
        import_file(work, None, file, layout, reading)


def _numbered(work: Work, cycle: int = CYCLE) -> Callable[[str], int]:
    """Paragraph -> number, of the recommendations of the review."""
    rows = search(work.session, work.actor, Wanted(state=STATE, cycle=cycle), limit=100)
    return {row.paragraph: row.number for row in rows}.__getitem__


def _review(work: Work) -> None:
    days = Days(session=48, reviewed_on=date(2025, 1, 29), adopted_on=date(2025, 6, 27))
    record_review(work, None, STATE, CYCLE, GivenReview(days), 0)


def _letter(work: Work) -> None:
    letter = record_letter(work, None, STATE, CYCLE, date(2025, 9, 15))
    for theme, goals, sentence in AREAS:
        add_area(work, letter, GivenArea(sentence, "en", theme, goals))


def _match(work: Work) -> None:
    """One recommendation from two sources, and a match that a person rejects."""
    earlier = search(work.session, work.actor, Wanted(state=STATE, cycle=3, words="permanent mechanism"), limit=10)
    [kept] = [row.number for row in earlier if row.paragraph]
    for row in earlier:
        if not row.paragraph:
            join(work, None, kept, row.number)
    [shelters] = search(work.session, work.actor, Wanted(state=STATE, words="temporary special measures"))
    reason = "It speaks of seats in public life, and the recommendation of shelters."
    judge(work, None, _numbered(work)("139.5"), Verdict.REJECTED, reason, found=shelters.number)


def _follow(work: Work) -> None:
    number = _numbered(work)
    for paragraph, progress, says, words in SAID:
        day = date(2026, 3, 2 if says is Says.STATE else 9)
        said = GivenFollowUp(progress, day, says, "Mid-term consultation (invented)", "en", words)
        record_follow_up(work, None, number(paragraph), said)


def _plan(work: Work) -> None:
    state, number = country(work.session, STATE), _numbered(work)
    assert state
    plan = open_plan(work, state, Planned("Plan for the fourth cycle", "en", date(2026, 1, 1), date(2028, 12, 31)))
    add_measures(work, plan, [_measure(number, *given) for given in MEASURES])


def _measure(
    number: Callable[[str], int], reference: str, text: str, who: str, months: int, paragraphs: tuple[str, ...]
) -> tuple[Doing, list[int]]:
    due = date(2026 + months // 12, months % 12 + 1, 1)
    done = Progress.UNDER_WAY if reference == "A1" else Progress.NOT_STARTED
    doing = Doing(reference, text, who, due, "Reported once a year to the parliamentary committee", done)
    return doing, [number(paragraph) for paragraph in paragraphs]
