"""People and their roles: who may give what to whom, invitations, and that nobody locks everybody out."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from python_calamine import CalamineWorkbook
from signing_in import PASSWORD, do, enter, name_fund, one_of_each, person, sign_in

from fundapp.access import console
from fundapp.access.demonstration import PEOPLE, people
from fundapp.access.models import Grant, Letter, Person, Scope
from fundapp.access.operations import (
    Console,
    add_person,
    disable,
    enable,
    end_grant,
    forget_second_factor,
    grant,
    invite,
    open_office,
)
from fundapp.access.policy import OF_AN_OFFICE, SECOND_FACTOR, Permission, Refused, Role, may
from fundapp.access.queries import PeopleFilter
from fundapp.access.queries import people as listed
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.work import unit_of_work


def refused(refusal: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [fault.code for fault in refusal.value.faults]


def writer(_: Person, token: str) -> tuple[str, str]:
    return "title", token


# ------------------------------------------------------------------------------------------------- invitations


def invited(app: Flask, email: str = "new@fund.int") -> str:
    """Someone invited by the command line; the path of their link."""
    with unit_of_work(Console()) as work:
        return re.sub("^https?://[^/]+", "", console.add(work, email, roles=["secretary"], name="New One").link)


def test_an_invitation_sets_the_first_password_once(app: Flask) -> None:
    path, new = invited(app), "a first password of mine"
    letter = db.session.execute(sa.select(Letter)).scalar_one()
    assert app.config["FUNDAPP_ORIGIN"] + path in letter.body and letter.recipient == "new@fund.int"
    client = app.test_client()
    assert sign_in(client, "new@fund.int", "")[0] == 400
    assert "new@fund.int" in client.get(path).text
    assert "too short" in client.post(path, data={"password": "short", "again": "short"}).text
    assert "not the same" in client.post(path, data={"password": new, "again": new + "x"}).text
    assert client.post(path, data={"password": new, "again": new}).location == "/login"
    assert sign_in(client, "new@fund.int", new)[0] == 200
    assert client.get(path).status_code == 404
    assert (
        app.test_client()
        .post(path, data={"password": "another one of mine", "again": "another one of mine"})
        .status_code
        == 404
    )
    secret = path.rpartition("/")[2]
    kept = db.session.execute(sa.text("select change from trace")).scalars()  # noqa: TID251
    assert not any(secret in change for change in kept)


def test_a_reset_ends_an_invitation(app: Flask) -> None:
    """Who was invited and asked for a reset instead has a password: the first link must not set another."""
    client = app.test_client()
    path = invited(app)
    client.post("/reset", data={"email": "new@fund.int"})
    link = re.search(
        r"/reset/[\w.\-]+", db.session.scalars(sa.select(Letter.body).order_by(Letter.id.desc())).first() or ""
    )
    assert link
    client.post(link[0], data={"password": "set by the reset", "password_confirm": "set by the reset"})
    before = person("new@fund.int").password
    client.post(path, data={"password": "set by the invitation", "again": "set by the invitation"})
    assert before and person("new@fund.int").password == before


def test_an_invitation_grows_old_and_is_replaced(app: Flask) -> None:
    old = invited(app)
    client = app.test_client()
    do(invite, "new@fund.int", writer)
    assert client.get(old).status_code == 404  # a newer one was sent
    newest = "/invitation/" + db.session.scalars(sa.select(Letter.body).order_by(Letter.id.desc())).first()  # type: ignore[operator]
    assert client.get(newest).status_code == 200

    def age(work: Any, one: Person) -> None:
        work.operation = "tests.age"
        one.invited_at = now() - timedelta(days=7, minutes=1)

    do(age, "new@fund.int")
    assert client.get(newest).status_code == 404
    do(disable, "new@fund.int")
    with pytest.raises(Refusal) as refusal:
        do(invite, "new@fund.int", writer)
    assert refused(refusal) == ["person.disabled"]


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"email": "no address"}, "person.email-invalid"),
        ({"email": "New@Fund.int"}, "person.email-exists"),
        ({"email": "b@fund.int", "roles": ["king"]}, "role.unknown"),
        ({"email": "b@fund.int", "roles": ["field-officer"], "office": "NOWHERE"}, "office.unknown"),
        ({"email": "b@fund.int", "roles": ["field-officer"]}, "role.needs-office"),
        ({"email": "b@fund.int", "roles": ["auditor"], "office": "TSTO"}, "role.no-office"),
        ({"email": "b@fund.int", "roles": ["auditor"], "fund": "NONE"}, "fund.unknown"),
        ({"email": "b@fund.int", "roles": ["administrator", "finance-officer"]}, "role.apart"),
        ({"email": "b@fund.int", "roles": ["auditor", "trustee"]}, "role.apart"),
        ({"email": "b@fund.int", "roles": ["trustee", "trustee"]}, "role.held"),
        ({"email": "b@fund.int", "language": "de"}, "language.unknown"),
    ],
)
def test_nobody_is_half_added(app: Flask, wrong: dict[str, Any], code: str) -> None:
    invited(app)
    with unit_of_work(Console()) as work:
        open_office(work, None, "TSTO", "Office", "FJI")
    before = db.session.scalar(sa.select(sa.func.count(Person.id)))
    with pytest.raises(Refusal) as refusal, unit_of_work(Console()) as work:
        console.add(work, **wrong)
    assert refused(refusal) == [code]
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == before
    with app.test_request_context():
        said = app.jinja_env.filters["sentence"](refusal.value.faults[0])
    assert said.endswith(".") and "%" not in said and "refused" not in said


# ------------------------------------------------------------------------------------------------------- roles


def test_an_administrator_gives_no_role_to_themselves(app: Flask) -> None:
    found = one_of_each()
    administrator = found[Role.ADMINISTRATOR]
    for role in Role:
        with pytest.raises(Refused):
            do(grant, administrator.email, role, by=administrator)
    for verb in (disable, enable, forget_second_factor):
        with pytest.raises(Refused):
            do(verb, administrator.email, by=administrator)
    do(grant, found[Role.TRUSTEE].email, Role.SECRETARY, by=administrator)
    client = app.test_client()
    enter(client, administrator.email)
    form = {"role": "finance-officer", "fund": "", "office": ""}
    assert client.post(f"/people/{administrator.id}/roles", data=form).status_code == 403


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_an_administrator_sees_to_people(app: Flask, role: Role) -> None:
    found = one_of_each()
    target = found[Role.REVIEWER if role is not Role.REVIEWER else Role.SECRETARY]
    for verb, more in ((grant, [Role.TRUSTEE]), (disable, []), (enable, []), (invite, [writer])):
        with pytest.raises(Refused):
            do(verb, target.email, *more, by=found[role])
    with pytest.raises(Refused), unit_of_work(found[role]) as work:
        add_person(work, None, "x@fund.int")
    assert may(found[role], Permission.PERSON_READ) is (role is Role.AUDITOR)


def test_an_administrator_of_one_fund_gives_roles_there(app: Flask) -> None:
    with unit_of_work(Console()) as work:
        here, there = name_fund(work, None, "HERE"), name_fund(work, None, "THERE")
        administrator = add_person(work, None, "admin@fund.int")
        grant(work, administrator, Role.ADMINISTRATOR, fund=here)
        add_person(work, None, "plain@fund.int")
    do(grant, "plain@fund.int", Role.TRUSTEE, fund=here, by=administrator)
    for fund in (there, None):
        with pytest.raises(Refused):
            do(grant, "plain@fund.int", Role.SECRETARY, fund=fund, by=administrator)
    elsewhere = do(grant, "plain@fund.int", Role.SECRETARY, fund=there)
    with pytest.raises(Refused):
        do(end_grant, "plain@fund.int", elsewhere.id, by=administrator)
    with pytest.raises(Refused):  # it would reach into the other fund
        do(disable, "plain@fund.int", by=administrator)


def test_a_role_that_ended_is_over_and_remembered(app: Flask) -> None:
    one_of_each()
    client = app.test_client()
    enter(client, "finance-officer@fund.int")
    held = person("finance-officer@fund.int").grants[0].id
    do(end_grant, "finance-officer@fund.int", held)
    assert client.get("/account").status_code == 302  # the session ended with the role
    finance = person("finance-officer@fund.int")
    assert list(finance.grants) == [] and not may(finance, Permission.ENTRY_POST)
    kept = db.session.get(Grant, held)
    assert kept is not None and kept.ended_at is not None and kept.ended_at >= kept.given_at
    with pytest.raises(Refusal) as refusal:
        do(end_grant, "finance-officer@fund.int", held)
    assert refused(refusal) == ["role.not-held"]


def test_there_is_always_an_administrator(app: Flask) -> None:
    found = one_of_each()
    last = found[Role.ADMINISTRATOR]
    for verb, more in ((disable, []), (end_grant, [person(last.email).grants[0].id])):
        with pytest.raises(Refusal) as refusal:
            do(verb, last.email, *more)
        assert refused(refusal) == ["person.last-administrator"]
    with unit_of_work(Console()) as work:
        other = add_person(work, None, "second@fund.int", PASSWORD)
        grant(work, other, Role.ADMINISTRATOR)
    do(disable, last.email, by=other)
    assert not person(last.email).active
    with pytest.raises(Refusal):
        do(disable, "second@fund.int")


def test_someone_disabled_may_do_nothing(app: Flask) -> None:
    found = one_of_each()
    administrator = found[Role.ADMINISTRATOR]
    with unit_of_work(Console()) as work:
        grant(work, add_person(work, None, "second@fund.int"), Role.ADMINISTRATOR)
    do(disable, administrator.email)
    assert [p for p in Permission if may(person(administrator.email), p)] == [Permission.ANYONE]
    with pytest.raises(Refused):
        do(disable, found[Role.TRUSTEE].email, by=person(administrator.email))


# ------------------------------------------------------------------------------------------------------- pages


def test_the_list_and_its_files_agree(app: Flask) -> None:
    one_of_each()
    with unit_of_work(Console()) as work:
        add_person(work, None, "evil@fund.int", name='=cmd("x")')
    client = app.test_client()
    enter(client, "auditor@fund.int")
    page = client.get("/people?q=OFFICER&sort=-name").text
    shown = re.findall(r"<bdi>(A [\w-]+)</bdi></a>", page)
    rows = list(csv.reader(io.StringIO(client.get("/people.csv?q=OFFICER&sort=-name", buffered=True).text)))
    assert [row[0] for row in rows[1:]] == shown == sorted(shown, reverse=True) and len(shown) == 5
    assert [row[0] for row in csv.reader(io.StringIO(client.get("/people.csv?q=cmd", buffered=True).text))][1:] == [
        '\'=cmd("x")'
    ]
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/people.xlsx?role=trustee").data))
    assert [row[0] for row in book.get_sheet_by_index(0).to_python()[1:]] == ["A trustee"]


def test_names_are_found_without_accents_and_case(app: Flask) -> None:
    with unit_of_work(Console()) as work:
        people(work)
    for words, expected in (("LUCIA", "Lucía"), ("الحداد", "سلمى"), ("осипова", "Дарья"), ("沈雨", "沈雨桐")):
        found, total = listed(db.session(), PeopleFilter(words=words))
        assert total == 1 and expected in found[0].name


def test_a_person_page_shows_no_secret(app: Flask) -> None:
    one_of_each()
    number = person("finance-officer@fund.int").id
    client = app.test_client()
    enter(client, "administrator@fund.int")
    text = client.get(f"/people/{number}").text
    finance = person("finance-officer@fund.int")
    for secret in (finance.password, finance.fs_uniquifier):
        assert secret is not None and secret not in text
    assert client.get("/people/999999").status_code == 404


def test_the_auditor_reads_and_changes_nothing(app: Flask) -> None:
    one_of_each()
    trustee = person("trustee@fund.int").id
    client = app.test_client()
    enter(client, "auditor@fund.int")
    for path in ("/people", f"/people/{trustee}", "/trail", "/trail/1", "/trail.csv", "/trail/check", "/offices"):
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200 and "app-act--main" not in answer.text, path
    for path in (
        "/people/invite",
        f"/people/{trustee}/roles",
        f"/people/{trustee}/disable",
        f"/people/{trustee}/enable",
    ):
        assert client.post(path).status_code == 403, path
    assert client.post("/offices", data={"code": "NEW", "name": "New", "country": "FJI"}).status_code == 403


def test_inviting_on_the_page(app: Flask) -> None:
    one_of_each()
    client = app.test_client()
    enter(client, "administrator@fund.int")
    form = {
        "email": "guest@fund.int",
        "name": "Guest",
        "language": "ar",
        "role": "field-officer",
        "fund": "",
        "office": "",
    }
    assert "Name the office" in client.post("/people/invite", data=form).text
    office = db.session.scalars(sa.select(Scope.id).where(Scope.code == "TSTO")).one()
    answer = client.post("/people/invite", data={**form, "office": str(office)})
    guest = person("guest@fund.int")
    assert answer.location == f"/people/{guest.id}" and guest.language == "ar"
    assert "already" in client.post("/people/invite", data={**form, "office": str(office)}).text
    assert "Invited" in client.get("/people?state=invited").text


# ----------------------------------------------------------------------------------------------- demonstration


def test_the_demonstration_has_one_of_each_role_and_no_passwords(app: Flask) -> None:
    with unit_of_work(Console()) as work:
        first = {role: one.id for role, one in people(work).items()}
    with unit_of_work(Console()) as work:
        assert {role: one.id for role, one in people(work).items()} == first
    assert set(first) == set(Role) and {one.language for one in PEOPLE} == {"ar", "zh", "en", "fr", "ru", "es"}
    for one in PEOPLE:
        there = person(one.email)
        assert there.password is None and "(demonstration)" in there.name and one.email.endswith("@example.org")
        assert [(given.role, given.office_id is not None) for given in there.grants] == [
            (one.role, one.role in OF_AN_OFFICE)
        ]


@pytest.mark.parametrize(
    "demonstration, host, remote, status",
    [
        (True, "localhost", "127.0.0.1", 302),
        (True, "127.0.0.1:5000", "127.0.0.1", 302),
        (True, "localhost", "::1", 302),
        (False, "localhost", "127.0.0.1", 404),
        (True, "localhost", "192.0.2.7", 404),
        (True, "localhost", "not an address", 404),
        (True, "fund.example.org", "127.0.0.1", 404),
        (True, "localhost.example.org", "127.0.0.1", 404),
    ],
)
def test_one_click_only_here(
    app: Flask, monkeypatch: pytest.MonkeyPatch, demonstration: bool, host: str, remote: str, status: int
) -> None:
    monkeypatch.setitem(app.config, "FUNDAPP_DEMONSTRATION", demonstration)
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", None)
    monkeypatch.setitem(app.config, "SERVER_NAME", None)
    with unit_of_work(Console()) as work:
        people(work)
    client = app.test_client()
    where = {"headers": {"Host": host}, "environ_overrides": {"REMOTE_ADDR": remote}}
    offered = client.get("/login", **where).text
    assert ("finance-officer" in offered) is (status == 302)
    answer = client.post("/demonstration", data={"role": "finance-officer"}, **where)
    # somebody else's computer is refused every page of a demonstration
    expected = {302} if status == 302 else {403, 404}
    assert answer.status_code in expected
    assert client.get("/outbox", **where).status_code in ({200} if status == 302 else expected)
    assert (client.get("/account", **where).status_code == 200) is (status == 302)
    assert person("finance-officer@example.org").login_count == (1 if status == 302 else 0)


@pytest.mark.parametrize("role", sorted(Role))
def test_one_click_for_each_role(app: Flask, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    monkeypatch.setitem(app.config, "FUNDAPP_DEMONSTRATION", True)
    with unit_of_work(Console()) as work:
        people(work)
    client = app.test_client()
    assert app.test_client().post("/demonstration", data={"role": role, "next": "/\r\nX: y"}).location == "/?lang=en"
    answer = client.post("/demonstration", data={"role": role, "next": "//evil.example"})
    assert answer.location == "/?lang=en" and client.get("/account").status_code == 200
    assert person(f"{role}@example.org").needs_second_factor() is (role in SECOND_FACTOR)
    if role is Role.ADMINISTRATOR:  # nobody here has a password to give again
        assert client.get("/people/invite").status_code == 200
    assert client.post("/demonstration", data={"role": "king"}).status_code == 404
