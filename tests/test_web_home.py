"""The home page says what waits for whom, out of facts; and what the record shows has a name."""

from __future__ import annotations

from time import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from signing_in import one_of_each, sign_in
from signing_in import person as person_by_email
from sqlalchemy import event
from visiting import waiting

from fundapp.access.models import Letter
from fundapp.access.operation import OPERATIONS, operation
from fundapp.access.operations import Console
from fundapp.access.policy import Permission, Role
from fundapp.access.verbs import OPERATIONS as WORDS
from fundapp.access.words import SUBJECTS
from fundapp.kernel.base import Base, Entity
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work

UNTRACED = {"access.count_use", "access.forget_uses"}
MOST_QUERIES = 15


def enter(demo: Flask, role: Role) -> FlaskClient:
    """The demonstration's person of a role, signed in with one click."""
    client = demo.test_client()
    person = person_by_email(f"{role.value}@example.org")
    with client.session_transaction() as cookie:
        cookie.update(_user_id=person.fs_uniquifier, _fresh=True, fs_paa=time())
    return client


@operation(Permission.PERSON_ADD, name="tests.fail_a_letter")
def fail_a_letter(work: Work, _: None) -> None:
    """A letter that a server refused."""
    work.session.add(
        Letter(kind="welcome", language="en", recipient="a@b.org", title="t", body="b", written_at=now(), failure="no")
    )


def test_a_finance_officer_sees_what_is_open(demo: Flask) -> None:
    found = waiting(enter(demo, Role.FINANCE_OFFICER))
    assert found == [
        "Explain 7 differences in the tie-out of A/HRC/47/19",
        "Attribute 47\u00a0790.13 of 2020 to a donor",
        "Make your recovery codes",
    ]


def test_what_is_done_waits_no_longer(demo: Flask) -> None:
    client = enter(demo, Role.FINANCE_OFFICER)
    done = client.post("/UPR/finance/annotate/2020-ROU/A/HRC/47/19", data={"text": "Received, not printed."})
    assert done.status_code in (302, 303)
    assert waiting(client)[0] == "Explain 6 differences in the tie-out of A/HRC/47/19"


def test_each_role_sees_its_own(demo: Flask) -> None:
    assert waiting(enter(demo, Role.CERTIFYING_OFFICER)) == ["Make your recovery codes"]
    assert waiting(enter(demo, Role.ADMINISTRATOR))[0].startswith("4 people have not set up the second factor")
    assert waiting(enter(demo, Role.SECRETARY)) == ["5 seats of the Board are vacant"]
    for role in (Role.TRUSTEE, Role.AUDITOR, Role.FIELD_OFFICER):
        page = enter(demo, role).get("/UPR/?lang=en").text
        assert "Nothing waits for you" in page, role
        assert ("app-keys" in page) == (role is not Role.FIELD_OFFICER), role
        assert ("Latest in the record" in page) == (role is Role.AUDITOR), role


def test_a_letter_that_did_not_go_comes_first(demo: Flask) -> None:
    with unit_of_work(Console()) as work:
        fail_a_letter(work, None)
    assert waiting(enter(demo, Role.ADMINISTRATOR))[0] == "1 letter could not be sent"


def test_the_figures_are_those_of_the_statement(demo: Flask) -> None:
    page = enter(demo, Role.AUDITOR).get("/UPR/?lang=en").text
    for figure in ("2 208 495.68", "346 597.13", "512 323.71", "(144 497.12)", "105 000.00", "47 790.13", "62.1"):
        assert figure.replace(" ", "\u00a0") in page, figure
    french = enter(demo, Role.AUDITOR).get("/UPR/?lang=fr").text
    assert "2\u00a0208\u00a0495,68" in french and "62,1" in french


def test_a_fund_without_books_is_no_mistake(demo: Flask) -> None:
    page = enter(demo, Role.FINANCE_OFFICER).get("/AHA/?lang=en").text
    assert "app-keys" not in page and "differences" not in page


def test_no_fund_at_all(app: Flask) -> None:
    one_of_each()
    client = app.test_client()
    assert client.get("/").headers["Location"] == "/login"
    sign_in(client, "trustee@fund.int")
    page = client.get("/")
    assert page.status_code == 200 and "No fund is set up" in page.text


@pytest.mark.parametrize("role", list(Role))
def test_the_page_asks_the_database_little(demo: Flask, role: Role) -> None:
    client = enter(demo, role)
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(statement)

    client.get("/UPR/")  # whatever is read once
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get("/UPR/").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert 0 < len(asked) <= MOST_QUERIES, (len(asked), [one[:80] for one in asked])


def test_whatever_is_recorded_has_a_name(app: Flask) -> None:
    nameless = {name for name in OPERATIONS if not name.startswith("tests.")} - set(WORDS) - UNTRACED
    assert not nameless
    tables = {
        mapper.class_.__tablename__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Entity)
    } - set(SUBJECTS)
    assert not tables
