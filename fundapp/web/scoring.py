"""The demonstration's scores: the call of 2020 scored by three reviewers, all but a few sheets in, with disagreements
and a scenario. All are invented; what a reviewer gives follows from the reference, so that it is always the same."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import timedelta
from importlib import resources

import sqlalchemy as sa

from fundapp.access.demonstration import PEOPLE, REVIEWERS
from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.access.queries import person_by_email
from fundapp.funds.models import Fund
from fundapp.funds.queries import fund_by_code
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, Proposal
from fundapp.proposals.queries import closing_of, named_call
from fundapp.proposals.queries.proposals import last_version
from fundapp.scoring.models import Assignment, ScoringRound
from fundapp.scoring.operations.assigning import assign
from fundapp.scoring.operations.profiles import set_profile
from fundapp.scoring.operations.rounds import open_scoring
from fundapp.scoring.operations.sheets import give_sheet, save_draft
from fundapp.scoring.queries.assigning import reviewers_of, to_score
from fundapp.scoring.queries.evidence import laid
from fundapp.scoring.queries.rounds import round_of, scales_of
from fundapp.scoring.rules.rounds import GivenRound, interests
from fundapp.scoring.rules.scales import NOT_APPLICABLE, Scale
from fundapp.scoring.rules.sheets import Filled, is_apart
from fundapp.web.calls import FUND

CODE, ZONE = "2020-1", "Europe/Zurich"
DUE = timedelta(days=21)
# Whom the three are nationals of, what they read; the second is of a State that a proposal is for
PROFILES = (("KAZ", "ru en fr es"), ("SEN", "fr en ar es"), ("ESP", "es en fr zh ru ar"))
APART = {
    "en": "What was counted is there, but the text does not bear it out.",
    "fr": "Ce qui a été compté y est, mais le texte ne le confirme pas.",
    "ru": "Подсчитанное есть, но текст этого не подтверждает.",
    "es": "Lo contado está, pero el texto no lo confirma.",
}
LEFT = 4  # proposals that the first reviewer has not scored yet


def demonstrate() -> bool:
    """Put the invented scores into the call of 2020; False where it has some, or where its people are not there."""
    session = db.session()
    fund = fund_by_code(session, FUND)
    assert fund
    people = [found for one in _three() if (found := person_by_email(session, one)) and found.active]
    call = session.scalars(sa.select(Call).where(Call.fund_id == fund.id, Call.code == CODE)).one_or_none()
    if call is None or len(people) < len(PROFILES) or round_of(session, call) or not scales_of(session, call):
        return False
    keys = [one.id for one in people]
    _open(fund.id, keys)
    known = _suggested(fund.id)
    for place, key in enumerate(keys):
        _score(fund.id, place, key, known)
    return True


Suggested = dict[int, dict[str, int | None]]  # proposal -> criterion -> step


def _suggested(fund_id: int) -> Suggested:
    """What the program suggests on each criterion of each proposal, on the day on which the call closed."""
    session = db.session()
    call = named_call(session, session.get_one(Fund, fund_id), CODE)
    scales, on = scales_of(session, call), (closing_of(session, call) or now()).date()
    found: Suggested = {}
    for proposal in session.scalars(sa.select(Proposal).where(Proposal.call_id == call.id)):
        version = last_version(session, proposal)
        assert version
        beside = laid(session, Console(), version.content, scales, proposal.country, on, "en")
        found[proposal.id] = {code: one.step for code, one in beside.by_criterion.items()}
    return found


def _three() -> list[str]:
    return [next(one.email for one in PEOPLE if one.role is Role.REVIEWER), *(one.email for one in REVIEWERS)]


def _open(fund_id: int, people: Sequence[int]) -> None:
    """Open the scoring, and have each of the three score all in which they have no interest."""
    with unit_of_work(Console()) as work:
        call = named_call(work.session, work.session.get_one(Fund, fund_id), CODE)
        made = open_scoring(work, call, GivenRound(3, now() + DUE, ZONE))
        for key, (nationality, languages) in zip(people, PROFILES, strict=True):
            set_profile(work, work.session.get_one(Person, key), nationality, languages.split(), None, 0)
        known = {one.id: one for one in reviewers_of(work.session, fund_id)}
        for proposal in to_score(work.session, work.actor, call, made):
            for key in people:
                if not interests(known[key], proposal, bars_nationality=True):
                    one = work.session.get_one(Proposal, proposal.id)
                    assign(work, made, one, work.session.get_one(Person, key))


def _score(fund_id: int, place: int, person: int, known: Suggested) -> None:
    """Everything that one of the three was assigned, but of the first the last few, of which one is begun."""
    with unit_of_work(db.session().get_one(Person, person)) as work:
        call = named_call(work.session, work.session.get_one(Fund, fund_id), CODE)
        round_ = round_of(work.session, call)
        assert isinstance(round_, ScoringRound)
        scales, language = scales_of(work.session, call), work.session.get_one(Person, person).language
        asked = sa.select(Assignment).where(Assignment.round_id == round_.id, Assignment.person_id == person)
        mine = list(work.session.scalars(asked.order_by(Assignment.proposal_id)))
        for turn, one in enumerate(mine):
            proposal = work.session.get_one(Proposal, one.proposal_id)
            suggested = known[proposal.id]
            sheet = {
                scale.code: _filled(scale, proposal.reference, place, language, suggested[scale.code])
                for scale in scales
            }
            if place == 0 and turn >= len(mine) - LEFT:
                if turn == len(mine) - LEFT:
                    save_draft(work, one, {code: sheet[code] for code in list(sheet)[:2]}, 0)
                continue
            version = last_version(work.session, proposal)
            assert version
            give_sheet(work, one, sheet, suggested, version.number)


def _filled(scale: Scale, reference: str, place: int, language: str, suggested: int | None) -> Filled:
    step = step_of(scale, reference, place, suggested)
    said = NOT_APPLICABLE if step is None else str(step)
    apart = APART.get(language, APART["en"]) if is_apart(step, suggested) else ""
    return Filled(said, reasons()[scale.code, said].get(language) or reasons()[scale.code, said]["en"], apart)


def step_of(scale: Scale, reference: str, place: int, suggested: int | None) -> int | None:
    """What a reviewer gives: what was suggested, and a little of their own; the third is lenient, and on a few they
    are far apart."""
    if suggested is None and scale.may_skip:
        return None
    good, own = _chance(reference, scale.code, 100), _chance(f"{reference}:{place}", scale.code, 100)
    step = suggested if suggested is not None else 2
    step -= (good < 30) + (good < 12) - (good > 92)
    if own < 18:
        step -= 1
    elif own > 84 or (place == 2 and own > 66):
        step += 1
    if own in (20, 50, 60):
        step -= 2
    return min(max(step, scale.lowest), scale.highest)


def _chance(*words: str | int) -> int:
    *text, most = words
    return int.from_bytes(hashlib.sha256(":".join(map(str, text)).encode()).digest()[:4]) % int(most)


def reasons() -> dict[tuple[str, str], dict[str, str]]:
    """(criterion, step) -> language -> a reason for it."""
    text = resources.files("fundapp.web.demonstration").joinpath("score_reasons.csv").read_text("utf-8")
    return {(row["criterion"], row["step"]): row for row in csv.DictReader(io.StringIO(text))}
