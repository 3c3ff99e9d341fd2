"""People from the command line: the first administrator has nobody to be invited by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fundapp.access.letters import invitation, invitation_link
from fundapp.access.models import Person, Scope
from fundapp.access.operations import add_person, grant, invite
from fundapp.access.policy import OF_AN_OFFICE, Role
from fundapp.access.queries import scope_by_code, scopes
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import DEFAULT
from fundapp.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Invited:
    """Someone new, and the link that sets their first password; it is in their letter as well."""

    person: Person
    link: str


def add(
    work: Work,
    email: str,
    *,
    roles: Sequence[str] = (),
    name: str = "",
    language: str = DEFAULT,
    office: str | None = None,
    fund: str | None = None,
) -> Invited:
    """Add someone, give them their roles and invite them. Roles in one fund, or in all when none is named; refused
    when the address is taken or none, or a role, an office or a fund is not known."""
    wanted = [_role(code) for code in roles]
    where = _scope(work, "office", office)
    if where is not None and not any(role in OF_AN_OFFICE for role in wanted):
        raise refuse("role.no-office", role=", ".join(roles))
    scope = _scope(work, "fund", fund)
    person = add_person(work, None, email, name=name, language=language)
    for role in wanted:
        grant(work, person, role, fund=scope, office=where if role in OF_AN_OFFICE else None)
    links: list[str] = []

    def write(invited: Person, token: str) -> tuple[str, str]:
        links.append(invitation_link(token))
        return invitation(invited, token)

    invite(work, person, write)
    return Invited(person, links[0])


def _role(code: str) -> Role:
    try:
        return Role(code)
    except ValueError:
        raise refuse("role.unknown", role=code, known=", ".join(Role)) from None


def _scope(work: Work, kind: str, code: str | None) -> Scope | None:
    if code is None:
        return None
    found = scope_by_code(work.session, kind, code)
    if found is None:
        known = ", ".join(scope.code for scope in scopes(work.session, kind)) or "-"
        raise refuse("office.unknown" if kind == "office" else "fund.unknown", code=code, known=known)
    return found
