"""Letters about proposals: reminders are laid down, and what people are to hear of is written to them, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.operations import keep_letter
from fundapp.access.policy import Permission
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.work import Work
from fundapp.proposals.models import Notice, NoticeChoice
from fundapp.proposals.queries.reminding import (
    DIGEST_LETTER,
    SINGLE_LETTER,
    Heard,
    had_digest,
    heard,
    reminders,
    wants_single,
)
from fundapp.proposals.rules.reminders import digest_since

Writer = Callable[[Person, Sequence[Heard]], tuple[str, str]]  # -> title and body, in the person's language
DIGEST, SINGLE = "digest", "single"


@operation(Permission.NOTICE_CHOOSE)
def choose_telling(work: Work, person: Person, how: str) -> None:
    """Say how one wants to be told: a digest a day, or a letter for each thing."""
    if how not in (DIGEST, SINGLE):
        raise Refusal(Fault("notice.no-choice", field="how"))
    session = work.session
    session.refresh(person, ["version"], with_for_update=True)  # of two tabs the second finds the row of the first
    found = session.scalars(sa.select(NoticeChoice).where(NoticeChoice.person_id == person.id)).one_or_none()
    found = found or NoticeChoice(person_id=person.id)
    found.single = how == SINGLE
    session.add(found)


@operation(Permission.NOTICE_TELL)
def remind(work: Work, _: None, at: datetime) -> int:
    """Lay down the reminders that are due; how many. Two processes wait for each other, and the second finds those of
    the first."""
    session = work.session
    hold(session, session.scalars(sa.select(Fund)).all())
    found = reminders(session, at)
    for one in found:
        made = Notice(fund_id=one.fund_id, person_id=one.person_id, proposal_id=one.proposal_id, kind=one.kind)
        made.once, made.details, made.at = one.once, dict(one.details), at
        session.add(made)
    return len(found)


@operation(Permission.NOTICE_TELL)
def tell(work: Work, person: Person, at: datetime, write: Writer) -> int:
    """Write to a person what waits for them; how many letters. What they may not hear any more is put aside. Two
    processes wait for each other here, and the second finds nothing left."""
    session = work.session
    session.refresh(person, ["version"], with_for_update=True)
    single = wants_single(session, person.id)
    asked = sa.select(Notice).where(Notice.person_id == person.id, Notice.told_at.is_(None), Notice.at <= at)
    waiting = session.scalars(asked.order_by(Notice.id)).all()
    if not single and (had_digest(session, person.id, at) or all(one.at >= digest_since(at) for one in waiting)):
        return 0
    told = heard(session, person, waiting, at)
    for one in waiting:
        one.told_at = at
    letters = [[one] for one in told] if single else [told] if told else []
    for part in letters:
        title, body = write(person, part)
        keep_letter(work, person, SINGLE_LETTER if single else DIGEST_LETTER, title, body, at)
    return len(letters)
