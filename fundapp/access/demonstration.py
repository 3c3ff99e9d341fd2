"""The people of the demonstration, all invented: one of each role, whom one signs in as with one click on this computer
only, and the colleagues who write and clear with them in the offices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.models import Office, Person
from fundapp.access.operations import add_person, grant, open_office
from fundapp.access.policy import OF_AN_OFFICE, Role
from fundapp.access.queries import person_by_email
from fundapp.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist."""

    role: Role
    name: str
    email: str
    language: str
    office: str = ""

    @property
    def key(self) -> str:
        """What a button names them by: the role, and of those who are not the first of a role the office, or where
        they have none the name of their address."""
        return self.role.value if self in PEOPLE else f"{self.role.value}:{self.office or self.local}"

    @property
    def local(self) -> str:
        """The name of their address."""
        return self.email.partition("@")[0]

    @property
    def place(self) -> str:
        """The name of the office; empty for those of none."""
        return next((name for code, name, _ in OFFICES if code == self.office), "")


OFFICES = (
    ("PACIFIC", "Regional Office for the Pacific, Suva (demonstration)", "FJI"),
    ("WAFRICA", "Regional Office for West Africa, Dakar (demonstration)", "SEN"),
    ("EAFRICA", "Regional Office for East Africa, Addis Ababa (demonstration)", "ETH"),
    ("MENA", "Regional Office for the Middle East and North Africa, Beirut (demonstration)", "LBN"),
    ("SEASIA", "Regional Office for South-East Asia, Bangkok (demonstration)", "THA"),
    ("CASIA", "Regional Office for Central Asia, Bishkek (demonstration)", "KGZ"),
    ("CAMERICA", "Regional Office for Central America and the Caribbean, Panama City (demonstration)", "PAN"),
    ("CAMBODIA", "Country Office, Cambodia (demonstration)", "KHM"),
    ("NIGERIA", "Human Rights Adviser, Nigeria (demonstration)", "NGA"),
    ("PERU", "Country Presence, Peru (demonstration)", "PER"),
    ("MOLDOVA", "Field Presence, Republic of Moldova (demonstration)", "MDA"),
    ("SERBIA", "Human Rights Team, Serbia (demonstration)", "SRB"),
    ("URUGUAY", "Human Rights Adviser, Uruguay (demonstration)", "URY"),
)
PEOPLE = (
    Invented(Role.FIELD_OFFICER, "Awa Sagna (demonstration)", "field-officer@example.org", "fr", "WAFRICA"),
    Invented(Role.HEAD_OF_OFFICE, "Mere Tuilagi (demonstration)", "head-of-office@example.org", "en", "PACIFIC"),
    Invented(Role.DESK_OFFICER, "Lucía Ferrer (demonstration)", "desk-officer@example.org", "es"),
    Invented(Role.REVIEWER, "Дарья Осипова (demonstration)", "reviewer@example.org", "ru"),
    Invented(Role.SECRETARY, "Tomás Aldana (demonstration)", "secretary@example.org", "en"),
    Invented(Role.TRUSTEE, "سلمى الحداد (demonstration)", "trustee@example.org", "ar"),
    Invented(Role.APPROVING_OFFICER, "Henrike Voss (demonstration)", "approving-officer@example.org", "en"),
    Invented(Role.FINANCE_OFFICER, "沈雨桐 (demonstration)", "finance-officer@example.org", "zh"),
    Invented(Role.CERTIFYING_OFFICER, "Pierre Lambelet (demonstration)", "certifying-officer@example.org", "fr"),
    Invented(Role.AUDITOR, "Ngozi Adebola (demonstration)", "auditor@example.org", "en"),
    Invented(Role.ADMINISTRATOR, "Jonas Lindqvist (demonstration)", "administrator@example.org", "en"),
)
# The other of the two in the offices of the first field officer and the first head: with them one goes the whole way
SECONDS = (
    Invented(Role.HEAD_OF_OFFICE, "Ibrahima Ndoye (demonstration)", "head.wafrica@example.org", "fr", "WAFRICA"),
    Invented(Role.FIELD_OFFICER, "Jone Ravulo (demonstration)", "officer.pacific@example.org", "en", "PACIFIC"),
)
# With the first reviewer they score together
REVIEWERS = (
    Invented(Role.REVIEWER, "Aïssata Kanté (demonstration)", "reviewer.two@example.org", "fr"),
    Invented(Role.REVIEWER, "Marisol Etxeberria (demonstration)", "reviewer.three@example.org", "es"),
)
# With the first trustee they are a Board of five, one of each regional group
TRUSTEES = (
    Invented(Role.TRUSTEE, "Wanjiru Kamande (demonstration)", "trustee.african@example.org", "en"),
    Invented(Role.TRUSTEE, "Gastón Berrutti (demonstration)", "trustee.grulac@example.org", "es"),
    Invented(Role.TRUSTEE, "Maëlle Thévenin (demonstration)", "trustee.weog@example.org", "fr"),
    Invented(Role.TRUSTEE, "Ксения Ставрова (demonstration)", "trustee.eastern@example.org", "ru"),
)
# Office -> language, field officer, head of office
COLLEAGUES = {
    "EAFRICA": ("en", "Selam Wondimu", "Achieng Oduya"),
    "MENA": ("ar", "رنا القاسمي", "كريم منصوري"),
    "SEASIA": ("en", "Suda Prasertwong", "林慧敏"),
    "CASIA": ("ru", "Айпери Токтосунова", "Тимур Рахманов"),
    "CAMERICA": ("es", "Yamileth Quirós", "Marlon Baptiste"),
    "CAMBODIA": ("en", "Sokha Vannak", "Ingrid Solberg"),
    "NIGERIA": ("en", "Halima Danjuma", "Chukwuemeka Eze"),
    "PERU": ("es", "Rosa Quispe Huamán", "Gonzalo Arriaga"),
    "MOLDOVA": ("ru", "Наталья Чебан", "Ион Мунтяну"),
    "SERBIA": ("en", "Milica Jovanić", "Anselm Krieger"),
    "URUGUAY": ("es", "Valentina Etcheverry", "Rodrigo Bentancor"),
}


def _colleagues() -> Iterator[Invented]:
    for code, (language, officer, head) in COLLEAGUES.items():
        for role, name, word in ((Role.FIELD_OFFICER, officer, "officer"), (Role.HEAD_OF_OFFICE, head, "head")):
            yield Invented(role, f"{name} (demonstration)", f"{word}.{code.lower()}@example.org", language, code)


EVERYBODY = (*PEOPLE, *SECONDS, *_colleagues(), *REVIEWERS, *TRUSTEES)


def people(work: Work) -> dict[Role, Person]:
    """A person of each role, and their colleagues beside, in all funds, without a password; twice is no harm."""
    found = {office.code: office for office in work.session.scalars(sa.select(Office))}
    for code, name, country in OFFICES:
        if code not in found:
            found[code] = open_office(work, None, code, name, country)
    for one in EVERYBODY[len(PEOPLE) :]:
        _person(work, one, found)
    return {one.role: _person(work, one, found) for one in PEOPLE}


def _person(work: Work, one: Invented, offices: dict[str, Office]) -> Person:
    known = person_by_email(work.session, one.email)
    if known is not None:
        return known
    person = add_person(work, None, one.email, name=one.name, language=one.language)
    grant(work, person, one.role, office=offices[one.office] if one.role in OF_AN_OFFICE else None)
    return person


def invented(session: Session, role: Role, office: str = "") -> Person | None:
    """The demonstration's person of a role, of an office or with an address where one is named, if they are there and
    not disabled."""
    found = (one.email for one in EVERYBODY if one.role is role and office in ("", one.office, one.local))
    email = next(found, "")
    person = person_by_email(session, email)
    return person if person is not None and person.active else None


def offered(session: Session) -> list[Invented]:
    """Whom one can sign in as: one of each role, and the second of the two in their offices; those who are there."""
    every = (*PEOPLE, *SECONDS, *REVIEWERS, *TRUSTEES)
    found = sorted(every, key=lambda one: (one.office != "WAFRICA", one.office != "PACIFIC"))
    emails = [one.email for one in found]
    there = set(session.scalars(sa.select(Person.email).where(Person.email.in_(emails), Person.active)))
    return [one for one in found if one.email in there]
