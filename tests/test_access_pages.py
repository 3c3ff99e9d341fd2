"""The pages of signing in, as a browser asks for them: what they say, what they let pass and what they refuse."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_security.core import _default_messages
from signing_in import PASSWORD, do, done, enter, one_of_each, person, post, second_factor, sign_in, two_people

from fundapp.access import datastore, gate
from fundapp.access.datastore import AT_MOST
from fundapp.access.models import ATTEMPTS, Letter, Person, Scope
from fundapp.access.operations import Console, add_person, disable, enable, grant
from fundapp.access.policy import Role
from fundapp.access.queries import PeopleFilter, people
from fundapp.access.words import MESSAGES
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from passkey import SoftKey

WAIT = "Too many wrong attempts. Minutes to wait before the next one: 15."
WRONG = "The email address or the password is not right."


@pytest.fixture
def fund(app: Flask) -> Scope:
    return two_people()


def form(client: FlaskClient, path: str, **fields: str) -> str:
    return client.post(path, data=fields).text


def test_the_lock_tells_nobody_who_has_an_account(app: Flask, fund: Scope) -> None:
    """Someone known, someone unknown and someone disabled: the same answers, first to last."""
    do(disable, "money@fund.int")
    said = {}
    for email in ("plain@fund.int", "nobody@fund.int", "money@fund.int"):
        client = app.test_client()
        pages = [form(client, "/login", email=email, password="wrong wrong wrong") for _ in range(ATTEMPTS + 1)]
        said[email] = [(WRONG in page, WAIT in page) for page in pages]
    assert said["plain@fund.int"] == [(True, False)] * (ATTEMPTS - 1) + [(False, True)] * 2
    assert said["nobody@fund.int"] == said["money@fund.int"] == said["plain@fund.int"]
    assert WAIT in form(app.test_client(), "/login", email="plain@fund.int", password=PASSWORD)


def test_a_reset_tells_nobody_who_has_an_account(app: Flask, fund: Scope) -> None:
    client = app.test_client()
    known, unknown = (form(client, "/reset", email=email) for email in ("plain@fund.int", "nobody@fund.int"))
    hidden = re.compile(r'name="csrf_token" value="[^"]*"|value="(plain|nobody)@fund.int"')
    assert hidden.sub("", known) == hidden.sub("", unknown) and "If the address has an account" in known


def test_a_reset_takes_as_long_for_nobody(app: Flask, fund: Scope) -> None:
    """A token and a letter take a while; an address without an account would be told by the answer's haste."""
    with unit_of_work(Console()) as work:
        add_person(work, None, "invited@fund.int")
    for email in ("nobody@fund.int", "invited@fund.int", "plain@fund.int"):
        begun = time.perf_counter()
        form(app.test_client(), "/reset", email=email)
        assert time.perf_counter() - begun >= datastore.RESET_TAKES


@pytest.mark.parametrize(
    "next_",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "////evil.example",
        " //evil.example",
    ],
)
def test_signing_in_never_leads_away(app: Flask, fund: Scope, next_: str) -> None:
    for where in ({"path": "/login", "query_string": {"next": next_}}, {"path": "/login"}):
        answer = app.test_client().post(
            **where,
            data={"email": "plain@fund.int", "password": PASSWORD, "next": next_},
        )
        target = answer.headers.get("Location", "/")
        assert not re.match(r"\s*([a-z]+:|[/\\]{2}|\\)", target), target


def test_signing_in_leads_back_to_the_page_asked_for(app: Flask, fund: Scope) -> None:
    client = app.test_client()
    asked = client.get("/account?tab=1")
    assert asked.location == "/login?next=/account?tab%3D1"
    answer = client.post(asked.location, data={"email": "plain@fund.int", "password": PASSWORD})
    assert answer.location == "/account?tab=1"


def test_no_form_without_its_token(app: Flask, fund: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = app.test_client()
    posts = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and not rule.arguments]
    assert "/login" in posts and "/logout" in posts and "/people/invite" in posts
    assert {path: client.post(path, data={"email": "plain@fund.int"}).status_code for path in posts} == dict.fromkeys(
        posts, 400
    )
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert token
    fields = {"email": "plain@fund.int", "password": PASSWORD, "csrf_token": token[1]}
    assert client.post("/login", data=fields).status_code == 302


def test_nothing_is_remembered_beyond_the_session(app: Flask, fund: Scope) -> None:
    client = app.test_client()
    answer = client.post("/login", json={"email": "plain@fund.int", "password": PASSWORD, "remember": True})
    assert answer.status_code == 200 and not client.get_cookie("remember_token")
    assert 'name="remember"' not in app.test_client().get("/login").text


def test_no_tokens(app: Flask, fund: Scope) -> None:
    client = app.test_client()
    answer = client.post("/login?include_auth_token", json={"email": "plain@fund.int", "password": PASSWORD}).get_json()
    token = answer["response"]["user"]["authentication_token"]
    other = app.test_client().get("/account", headers={"Authentication-Token": token, "Accept": "application/json"})
    assert other.status_code == 401 and client.get("/account").status_code == 200


def test_a_disabled_person_is_out_at_once(app: Flask, fund: Scope) -> None:
    client, half = app.test_client(), app.test_client()
    sign_in(client, "plain@fund.int")
    totp = second_factor(half)
    assert client.get("/account").status_code == 200
    do(disable, "plain@fund.int")
    do(disable, "money@fund.int")
    assert client.get("/account").status_code == 302
    assert post(half, "/tf-validate", code=totp.now())[0] == 400  # half-way in, and out
    assert sign_in(app.test_client(), "plain@fund.int")[0] == 400
    post(client, "/reset", email="plain@fund.int")
    assert db.session.scalar(sa.select(sa.func.count(Letter.id))) == 0
    do(enable, "plain@fund.int")
    assert client.get("/account").status_code == 302  # the old session stays ended
    assert sign_in(app.test_client(), "plain@fund.int")[0] == 200


def test_a_disabled_person_is_out_with_a_passkey_as_well(app: Flask, fund: Scope) -> None:
    client, key = app.test_client(), SoftKey("http://localhost", "localhost")
    sign_in(client, "plain@fund.int")
    answer = post(client, "/wan-register", name="laptop")[1]
    created = json.dumps(key.create(answer["credential_options"]))
    assert post(client, f"/wan-register/{answer['wan_state']}", credential=created)[0] == 200
    do(disable, "plain@fund.int")
    other = app.test_client()
    answer = post(other, "/wan-signin")[1]
    used = json.dumps(key.get(answer["credential_options"]))
    assert post(other, f"/wan-signin/{answer['wan_state']}", credential=used)[0] == 400
    assert person("plain@fund.int").login_count == 1


def test_a_passkey_must_know_its_person(app: Flask, fund: Scope) -> None:
    """Without finger, face or PIN it is one factor, and would let someone in who needs two."""
    client, key = app.test_client(), SoftKey("http://localhost", "localhost")
    totp = second_factor(client)
    assert post(client, "/tf-validate", code=totp.now())[0] == 200
    answer = post(client, "/wan-register", name="key")[1]
    assert answer["credential_options"]["authenticatorSelection"]["userVerification"] == "required"
    created = json.dumps(key.create(answer["credential_options"]))
    assert post(client, f"/wan-register/{answer['wan_state']}", credential=created)[0] == 200
    for flags, status in ((0x01, 400), (0x05, 200)):
        other = app.test_client()
        answer = post(other, "/wan-signin")[1]
        used = json.dumps(key.get(answer["credential_options"], flags))
        assert post(other, f"/wan-signin/{answer['wan_state']}", credential=used)[0] == status


def test_sessions_with_money_end_after_half_a_day(app: Flask, fund: Scope) -> None:
    client = app.test_client()
    enter(client, "money@fund.int")
    with client.session_transaction() as cookie:
        assert cookie.permanent and app.permanent_session_lifetime == timedelta(hours=12)
        cookie["fs_paa"] = time.time() - AT_MOST.total_seconds() - 1
    assert client.get("/account").status_code == 302
    plain = app.test_client()
    sign_in(plain, "plain@fund.int")
    with plain.session_transaction() as cookie:
        cookie["fs_paa"] = time.time() - AT_MOST.total_seconds() - 1
    assert plain.get("/account").status_code == 200


def test_giving_roles_asks_who_you_are_again(app: Flask) -> None:
    people = one_of_each()
    auditor = people[Role.AUDITOR].id
    client = app.test_client()
    enter(client, "administrator@fund.int")
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = time.time() - gate.FRESH.total_seconds() - 1
    assert client.get(f"/people/{auditor}").status_code == 200
    assert client.get(f"/people/{auditor}/roles").location == f"/verify?next=/people/{auditor}/roles"
    assert client.post(f"/people/{auditor}/disable").location == f"/verify?next=/people/{auditor}"
    answer = client.post(f"/verify?next=/people/{auditor}/roles", data={"password": PASSWORD})
    assert answer.location == f"/people/{auditor}/roles" and client.get(answer.location).status_code == 200


@pytest.mark.parametrize("path", ["/verify", "/change"])
def test_the_password_cannot_be_guessed_from_inside(app: Flask, fund: Scope, path: str) -> None:
    client = app.test_client()
    sign_in(client, "plain@fund.int")
    new = "quite another battery"
    fields = {"new_password": new, "new_password_confirm": new}
    for _ in range(ATTEMPTS):
        client.post(path, data={"password": "wrong wrong wrong", **fields})
    assert person("plain@fund.int").locked_until is not None
    assert WAIT in client.post(path, data={"password": PASSWORD, **fields}).text
    assert sign_in(app.test_client(), "plain@fund.int", new)[0] == 400


def test_changing_the_password_ends_other_sessions(app: Flask, fund: Scope) -> None:
    here, there = app.test_client(), app.test_client()
    sign_in(here, "plain@fund.int")
    sign_in(there, "plain@fund.int")
    new = "quite another battery"
    answer = here.post("/change", data={"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    assert answer.location == "/account"
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)
    assert done()[-1] == "access.change_password"


def test_pages_of_signing_in_are_ours(app: Flask, fund: Scope) -> None:
    """Every one is in our layout, in the reader's language; those we have no use for are closed."""
    anonymous, client, half = app.test_client(), app.test_client(), app.test_client()
    enter(client, "money@fund.int")
    sign_in(half, "money@fund.int")
    pages = [
        (anonymous, ("/login", "/reset", "/wan-signin")),
        (client, ("/verify", "/change", "/tf-setup", "/mf-recovery-codes", "/wan-register", "/wan-verify")),
        (half, ("/tf-validate", "/mf-recovery")),
    ]
    for who, paths in pages:
        for path in paths:
            answer = who.get(path, headers={"Accept-Language": "ar"})
            assert answer.status_code == 200 and 'class="app-bar"' in answer.text, path
            assert 'dir="rtl"' in answer.text, path
    for path in ("/tf-rescue", "/tf-select", "/register", "/confirm", "/us-signin", "/fs-static/js/webauthn.js"):
        assert anonymous.get(path).status_code == 404, path
    assert "data:image/svg+xml" in form(client, "/tf-setup", setup="authenticator")


UNREACHABLE = tuple(
    """CONFIRM EMAIL_CONFIRMED ALREADY_CONFIRMED INVALID_CONFIRMATION EMAIL_ALREADY IDENTITY_ OAUTH LOGIN_E
    INVALID_LOGIN PHONE PASSWORDLESS REFRESH_TOKEN US_ USERNAME CHANGE_EMAIL""".split()
)


def test_every_sentence_of_flask_security_is_ours(app: Flask) -> None:
    missing = [key for key in _default_messages if key not in MESSAGES and not key.startswith(UNREACHABLE)]
    assert missing == [] and set(MESSAGES) - set(_default_messages) == {"LOCKED"}
    for key, (english, _) in MESSAGES.items():
        theirs = set(re.findall(r"%\((\w+)\)s", str(_default_messages.get(key, ("%(minutes)s",))[0])))
        assert set(re.findall(r"%\((\w+)\)s", english)) <= theirs, key
        assert app.config[f"SECURITY_MSG_{key}"][0] == english


def test_letters_are_in_the_language_of_whoever_gets_them(app: Flask, fund: Scope) -> None:
    """And lead to where the program is, whatever host the request claims."""
    client = app.test_client()
    sign_in(client, "plain@fund.int")
    client.post("/account", data={"name": "Plain", "language": "fr"})
    assert person("plain@fund.int").language == "fr" and done()[-1] == "access.change_own_details"
    client.post("/reset", data={"email": "plain@fund.int"}, headers={"Host": "127.0.0.1", "Accept-Language": "ru"})
    letter = db.session.execute(sa.select(Letter)).scalar_one()
    assert letter.language == "fr" and letter.recipient == "plain@fund.int"
    assert f"{app.config['FUNDAPP_ORIGIN']}/reset/" in letter.body


def test_a_page_costs_one_query_for_whoever_asks(app: Flask, fund: Scope) -> None:
    client = app.test_client()
    enter(client, "money@fund.int")
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        assert client.get("/change").status_code == 200
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    about_people = [statement for statement in asked if " person" in statement or "role_grant" in statement]
    assert len(about_people) == 1 and len(asked) <= 2, asked


def test_a_role_of_one_fund_does_not_need_two_factors_of_another(app: Flask, fund: Scope) -> None:
    do(grant, "plain@fund.int", Role.TRUSTEE, fund=fund)
    assert sign_in(app.test_client(), "plain@fund.int")[1]["tf_required"] is False
    assert [held.role for held in person("plain@fund.int").grants] == [Role.TRUSTEE]
    assert isinstance(person("plain@fund.int"), Person)


def test_a_name_whose_letters_unfold_is_found(app: Flask) -> None:
    """One sign may stand for four words: what is searched is longer than the name."""
    with unit_of_work(Console()) as work:
        add_person(work, None, "long@fund.int", name="\ufdfa" * 200)
    assert [one.email for one in people(db.session(), PeopleFilter(words="صلى"))[0]] == ["long@fund.int"]
