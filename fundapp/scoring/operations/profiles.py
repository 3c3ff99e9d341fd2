"""What is known of reviewers for assigning: nationality, languages, how much they take."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work
from fundapp.reference.queries import country
from fundapp.scoring.models import ReviewerProfile

MOST = 1_000  # proposals of a call


@operation(Permission.SCORING_RUN)
def set_profile(
    work: Work, person: Person, nationality: str | None, languages: Iterable[str], most: int | None, version: int
) -> ReviewerProfile:
    """Say what is known of a reviewer. version: of what was seen, 0 where nothing was known."""
    known = work.session.scalars(sa.select(ReviewerProfile).where(ReviewerProfile.person_id == person.id)).one_or_none()
    if (known.version if known else 0) != version:
        raise refuse("reviewer.changed", name=person.name)
    if nationality is not None and country(work.session, nationality) is None:
        raise Refusal(Fault("reviewer.no-state", {"text": nationality[:20]}, field="nationality"))
    if most is not None and not 1 <= most <= MOST:
        raise Refusal(Fault("reviewer.most", {"most": MOST}, field="most"))
    read = [one for one in LANGUAGES if one in set(languages)]
    if known is None:
        known = ReviewerProfile(person_id=person.id)
        work.session.add(known)
    known.nationality, known.languages, known.most = nationality, " ".join(read), most
    return known
