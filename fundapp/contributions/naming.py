"""Under which names a document knows donors, read without the models."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.outlines import DAY, KEY, NAMES, TEXT, outline

if TYPE_CHECKING:
    from fundapp.kernel.outlines import Asked

DONOR = outline("donor", id=KEY, code=TEXT, country=TEXT, **NAMES)
COUNTRY = outline("country", code=TEXT, **NAMES)
FORMER = outline("former_name", country=TEXT, until=DAY, **NAMES)
OWN = outline("donor_name", donor_id=KEY, until=DAY, **NAMES)


def names_of_donors(session: Asked, on: date) -> dict[int, tuple[str, dict[str, str]]]:
    """Donor's key -> code and names under which a document of that day knows it; two queries."""
    columns = [f"name_{language}" for language in LANGUAGES]
    now = [sa.func.coalesce(COUNTRY.c[column], DONOR.c[column]) for column in columns]
    asked = sa.select(DONOR.c.id, DONOR.c.code, *now).outerjoin(COUNTRY, COUNTRY.c.code == DONOR.c.country)
    found = {row[0]: (row[1], dict(zip(LANGUAGES, row[2:], strict=True))) for row in session.execute(asked)}
    of_states = sa.select(DONOR.c.id, DONOR.c.code, *(FORMER.c[column] for column in columns)).join(
        FORMER, FORMER.c.country == DONOR.c.country
    )
    of_others = sa.select(DONOR.c.id, DONOR.c.code, *(OWN.c[column] for column in columns)).join(
        OWN, OWN.c.donor_id == DONOR.c.id
    )
    past = [
        asked.add_columns(names.c.until.label("until")).where(names.c.until > on)
        for asked, names in ((of_states, FORMER), (of_others, OWN))
    ]
    # the earliest end after that day comes last, and stays
    for row in session.execute(sa.union_all(*past).order_by(sa.desc("until"))):
        found[row[0]] = (row[1], dict(zip(LANGUAGES, row[2:-1], strict=True)))
    return found
