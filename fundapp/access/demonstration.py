"""The people of the demonstration: invented, one of each role, signing in with one click on this computer only."""

from __future__ import annotations

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


OFFICES = (
    ("PACIFIC", "Regional Office for the Pacific, Suva (demonstration)", "FJI"),
    ("WAFRICA", "Regional Office for West Africa, Dakar (demonstration)", "SEN"),
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


def people(work: Work) -> dict[Role, Person]:
    """A person of each role, in all funds, without a password; called again, the ones there are."""
    found = {office.code: office for office in work.session.scalars(sa.select(Office))}
    for code, name, country in OFFICES:
        if code not in found:
            found[code] = open_office(work, None, code, name, country)
    return {one.role: _person(work, one, found) for one in PEOPLE}


def _person(work: Work, one: Invented, offices: dict[str, Office]) -> Person:
    known = person_by_email(work.session, one.email)
    if known is not None:
        return known
    person = add_person(work, None, one.email, name=one.name, language=one.language)
    grant(work, person, one.role, office=offices[one.office] if one.role in OF_AN_OFFICE else None)
    return person


def invented(session: Session, role: Role) -> Person | None:
    """The demonstration's person of a role, if the demonstration's data is there and they were not disabled."""
    email = next(one.email for one in PEOPLE if one.role is role)
    person = person_by_email(session, email)
    return person if person is not None and person.active else None


def offered(session: Session) -> list[Invented]:
    """Whom one can sign in as: those of the demonstration who are there."""
    emails = [one.email for one in PEOPLE]
    there = set(session.scalars(sa.select(Person.email).where(Person.email.in_(emails), Person.active)))
    return [one for one in PEOPLE if one.email in there]
