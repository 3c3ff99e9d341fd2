"""People of the tests, and how they sign in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import sqlalchemy as sa
from flask.testing import FlaskClient

from fundapp.access.models import Person, Scope
from fundapp.access.operation import operation
from fundapp.access.operations import Console, add_person, grant, open_office
from fundapp.access.policy import OF_AN_OFFICE, Permission, Role
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.trail import Trace
from fundapp.kernel.work import Work, unit_of_work

PASSWORD = "correct horse battery"


@operation(Permission.PERSON_ADD, name="tests.name_fund")
def name_fund(work: Work, _: None, code: str) -> Scope:
    """A fund as access knows it."""
    made = Scope(kind="fund", code=code)
    work.session.add(made)
    return made


def two_people() -> Scope:
    """A fund, someone without a role and someone with money."""
    with unit_of_work(Console()) as work:
        fund = name_fund(work, None, "TST")
        add_person(work, None, "plain@fund.int", PASSWORD, name="Plain")
        grant(work, add_person(work, None, "money@fund.int", PASSWORD), Role.FINANCE_OFFICER, fund=fund)
    return fund


def one_of_each() -> dict[Role, Person]:
    """A person of each role, in all funds."""
    with unit_of_work(Console()) as work:
        office = open_office(work, None, "TSTO", "Office of the tests", "FJI")
        found = {}
        for role in Role:
            found[role] = add_person(work, None, f"{role.value}@fund.int", PASSWORD, name=f"A {role.value}")
            grant(work, found[role], role, office=office if role in OF_AN_OFFICE else None)
    return found


def done() -> list[str]:
    """The operations since the set-up, each once, and the trail holds."""
    db.session.rollback()
    found = db.session.execute(sa.select(Trace.operation).where(Trace.actor != "console").order_by(Trace.id)).scalars()
    assert trail.verify(db.session())[1] is None
    return list(dict.fromkeys(found))


def person(email: str) -> Person:
    """As the table has them now."""
    db.session.rollback()
    return db.session.execute(sa.select(Person).where(Person.email == email)).scalar_one()


def post(client: FlaskClient, path: str, **data: Any) -> tuple[int, dict[str, Any]]:
    """Status and answer of Flask-Security's JSON."""
    answer = client.post(path, json=data)
    return answer.status_code, (answer.json or {}).get("response", {})


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> tuple[int, dict[str, Any]]:
    """Email address and password."""
    return post(client, "/login", email=email, password=password)


def second_factor(client: FlaskClient, email: str = "money@fund.int") -> pyotp.TOTP:
    """Sign in as far as the set-up of the second factor."""
    status, answer = sign_in(client, email)
    assert status == 200 and answer["tf_required"] is True
    status, answer = post(client, "/tf-setup", setup="authenticator")
    return pyotp.TOTP(answer["tf_authr_b32key"])


def enter(client: FlaskClient, email: str) -> None:
    """Sign in, with the second factor where the role needs one."""
    status, answer = sign_in(client, email)
    assert status == 200, answer
    if answer["tf_required"]:
        totp = pyotp.TOTP(post(client, "/tf-setup", setup="authenticator")[1]["tf_authr_b32key"])
        assert post(client, "/tf-validate", code=totp.now())[0] == 200


def do(verb: Callable[..., Any], email: str, *more: Any, by: Any = None, **words: Any) -> Any:
    """One verb on one person, by the command line unless told otherwise."""
    found = person(email)
    with unit_of_work(by or Console()) as work:
        return verb(work, found, *more, **words)
