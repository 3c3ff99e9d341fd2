"""What is recorded of donors beside what they promise: names, spellings, contacts, and who was asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fundapp.contributions.rules.pledges import LARGEST, LONGEST_TEXT, far, long
from fundapp.contributions.rules.schedules import LONGEST_NAME
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import DEFAULT, LANGUAGES
from fundapp.kernel.text import fold

LONGEST_LINE, LONGEST_EMAIL, LONGEST_PHONE, LONGEST_ADDRESS = 200, 255, 60, 1_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"[0-9+()./ -]{3,}")
STATE = "state"


@dataclass(frozen=True, slots=True)
class GivenDonor:
    """A donor as it is said: a State by its code, anyone else by names in six languages."""

    kind: str
    country: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GivenContact:
    """Whom to write to, as it is said."""

    name: str
    function: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = DEFAULT


@dataclass(frozen=True, slots=True)
class GivenAppeal:
    """That somebody was asked, as it is said. donor: a key, or none with a name; minor: none where no sum was said."""

    donor: int | None
    name: str
    asked_on: date
    purpose: str
    currency: str
    minor: int | None
    answer: str
    follow_up_on: date | None = None
    note: str = ""
    pledge: int | None = None


def in_six(names: Mapping[str, str]) -> dict[str, str]:
    """Names in all six languages: where there is none, the English one."""
    given = {language: name for language, name in names.items() if fold(name)}
    return {language: given.get(language, names.get(DEFAULT, "")) for language in LANGUAGES}


def name_faults(names: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with names."""
    if not fold(names.get(DEFAULT, "")):  # signs without a letter name nobody
        yield Fault("donor.no-name", field=f"name_{DEFAULT}")
    yield from long({f"name_{language}": (name, LONGEST_NAME) for language, name in names.items()})


def contact_faults(said: GivenContact) -> Iterator[Fault]:
    """What is wrong with a contact."""
    if not said.name and not said.function:
        yield Fault("donor.no-contact", field="name")
    if not (said.email or said.phone or said.address):
        yield Fault("donor.no-way", field="email")
    if said.email and not _EMAIL.fullmatch(said.email):
        yield Fault("donor.no-email", {"text": said.email[:60]}, field="email")
    if said.phone and not _PHONE.fullmatch(said.phone):
        yield Fault("donor.no-phone", {"text": said.phone[:60]}, field="phone")
    if said.language not in LANGUAGES:
        yield Fault("donor.no-language", field="language")
    limits = {
        "name": LONGEST_LINE, "function": LONGEST_LINE, "email": LONGEST_EMAIL, "phone": LONGEST_PHONE,
        "address": LONGEST_ADDRESS,
    }  # fmt: skip
    yield from long({name: (getattr(said, name), largest) for name, largest in limits.items()})


def appeal_faults(said: GivenAppeal, today: date) -> Iterator[Fault]:
    """What is wrong with a request, whatever else is recorded."""
    if said.donor is None and not said.name:
        yield Fault("appeal.nobody", field="donor")
    if said.donor is not None and said.name:
        yield Fault("appeal.two", field="name")
    if not said.purpose:
        yield Fault("appeal.no-purpose", field="purpose")
    if said.minor is not None and not 0 < said.minor <= LARGEST:
        yield Fault("pledge.amount", field="amount")
    if said.pledge is not None and said.answer != "promised":
        yield Fault("appeal.pledge-early", field="pledge")
    yield from far({"asked_on": said.asked_on, "follow_up_on": said.follow_up_on}, today)
    if said.asked_on > today:
        yield Fault("appeal.asked-ahead", {"day": said.asked_on.isoformat()}, field="asked_on")
    if said.follow_up_on and said.follow_up_on < said.asked_on:
        yield Fault("appeal.follow-early", {"since": said.asked_on.isoformat()}, field="follow_up_on")
    limits = {"name": LONGEST_LINE, "purpose": LONGEST_TEXT, "note": LONGEST_TEXT}
    yield from long({name: (getattr(said, name), largest) for name, largest in limits.items()})
