"""The shell of the application: languages, funds in addresses, headers, errors, health, logs."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, abort, flash, redirect, render_template_string
from flask.testing import FlaskClient
from signing_in import PASSWORD, enter, one_of_each
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

import fundapp.web.logs
from conftest import SECRETS, vandal
from fundapp.access.gate import needs
from fundapp.access.models import Scope
from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Permission, Refused, Role
from fundapp.funds.operations import set_up
from fundapp.funds.queries import fund_by_code
from fundapp.kernel.database import Busy, db
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import unit_of_work
from fundapp.web import languages
from fundapp.web.assemble import create_app

faulty = Blueprint("faulty", __name__)
RAISED: dict[str, tuple[BaseException, int]] = {
    "refused": (Refused("no"), 403),
    "refusal": (refuse("fund.unknown", code="XYZ", known="UPR, AHA"), 409),
    "address": (refuse("address.no-year", text="20x", first=2008, last=2027), 400),
    "stale": (StaleDataError("somebody was first"), 409),
    "integrity": (IntegrityError("insert", {}, Exception("unique")), 409),
    "busy": (Busy("others write"), 503),
    "locked": (OperationalError("select", {}, Exception("database is locked")), 503),
    "full": (OperationalError("insert", {}, Exception("database or disk is full")), 503),
    "bug": (ZeroDivisionError("a bug"), 500),
}


@faulty.get("/raise/<name>")
@needs(Permission.ANYONE)
def raises(name: str) -> str:
    """Fails as told."""
    raise RAISED[name][0]


@faulty.get("/abort/<int:status>")
@needs(Permission.ANYONE)
def aborts(status: int) -> str:
    """Ends with a status."""
    abort(status)


@faulty.get("/said")
@needs(Permission.ANYONE)
def said() -> Response:
    """Says something on the next page."""
    flash("<b>Saved</b>", "good")
    return redirect("/help")


@faulty.post("/posted")
@needs(Permission.ANYONE)
def posted() -> str:
    """Takes a form."""
    return "taken"


@pytest.fixture(scope="module")
def faults(given: dict[str, str]) -> Flask:
    """The application with pages that fail, and with CSRF on as people have it; its database is away."""
    settings = {**SECRETS, "WTF_CSRF_ENABLED": True, "PROPAGATE_EXCEPTIONS": False}
    app = create_app(**settings, SQLALCHEMY_DATABASE_URI="sqlite:////nowhere/at/all.sqlite")
    app.register_blueprint(faulty)
    return app


@pytest.fixture
def client(faults: Flask) -> FlaskClient:
    return faults.test_client()


@pytest.mark.parametrize("name", RAISED)
def test_what_is_raised_becomes_a_page_with_a_reference(client: FlaskClient, name: str) -> None:
    """Without a database: none of the pages asks it anything."""
    answer = client.get(f"/raise/{name}")
    assert answer.status_code == RAISED[name][1]
    reference = re.search(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", answer.text)
    assert reference and answer.headers["X-Request-ID"] == reference[0]
    assert "<h1>" in answer.text and 'id="main"' in answer.text
    assert "Traceback" not in answer.text and "a bug" not in answer.text


def test_a_page_of_a_fund_says_that_the_database_is_away(client: FlaskClient) -> None:
    for address in ("/UPR/", "/UPR/finance/statement", "/UPR/finance/statement?lang=ar"):
        answer = client.get(address)
        assert answer.status_code == 503 and 'id="main"' in answer.text


def test_a_refusal_says_why(client: FlaskClient) -> None:
    assert "There is no fund XYZ. There are: UPR, AHA." in client.get("/raise/refusal").text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500, 503, 418])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_words_in_the_layout(client: FlaskClient, status: int, language: str) -> None:
    answer = client.get(f"/abort/{status}?lang={language}")
    assert answer.status_code == status
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1>") == 1


def test_programs_get_json_and_files_get_text(client: FlaskClient) -> None:
    found = client.get("/nowhere", headers={"Accept": "application/json"})
    assert found.mimetype == "application/json" and found.json is not None
    assert found.json["reference"] == found.headers["X-Request-ID"]
    for address in ("/nowhere.csv", "/nowhere?format=csv", "/nowhere.pdf", "/nowhere.xlsx"):
        text = client.get(address, headers={"Accept": "text/html,*/*"})
        assert (text.status_code, text.mimetype) == (404, "text/plain")
        assert "<" not in text.text
    assert client.get("/nowhere", headers={"Accept": "text/csv"}).mimetype == "text/plain"
    assert client.get("/nowhere", headers={"Accept": "*/*"}).mimetype == "text/html"


def test_a_form_without_its_token_is_not_taken(client: FlaskClient) -> None:
    assert client.post("/posted", data={"a": "b"}).status_code == 400
    assert client.post("/login", data={"email": "a@b.org", "password": "x"}).status_code == 400


def test_methods_and_sizes(client: FlaskClient) -> None:
    wrong = client.get("/posted")
    assert wrong.status_code == 405 and "POST" in wrong.headers["Allow"]
    assert client.post("/posted", data=b"x" * (21 * 1024 * 1024)).status_code == 413


def test_other_hosts_and_other_computers_are_not_answered(client: FlaskClient) -> None:
    stranger = client.get("/help", headers={"Host": "evil.example"})
    assert stranger.status_code == 400 and "evil.example" not in stranger.text
    assert client.get("/help", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403


def test_a_said_word_is_shown_once_and_is_text(client: FlaskClient) -> None:
    page = client.get("/said", follow_redirects=True).text
    assert '<div class="app-banner app-banner--good" role="status"><p>&lt;b&gt;Saved&lt;/b&gt;</p>' in page
    assert "Saved" not in client.get("/help").text


# ------------------------------------------------------------------------------------------------------ headers


@pytest.mark.parametrize("address", ["/help", "/nowhere", "/raise/bug", "/static/app.css", "/health/live"])
def test_every_answer_carries_the_headers(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    answer.close()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers


def test_production_is_https_only(given: dict[str, str]) -> None:
    settings = {
        **SECRETS,
        "FUNDAPP_MODE": "production",
        "FUNDAPP_ORIGIN": "https://fund.example.org",
        "FUNDAPP_SMTP_URL": "smtp://localhost",
        "SERVER_NAME": "fund.example.org",
        "WTF_CSRF_ENABLED": True,
    }
    app = create_app(**settings, SQLALCHEMY_DATABASE_URI="sqlite://")
    client = app.test_client()
    answer = client.get("/login", base_url="https://fund.example.org", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("__Host-session="))
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")) and "Domain" not in cookie
    assert client.get("/login", base_url="https://127.0.0.1").status_code == 400


def test_static_files_are_kept_for_a_year_by_their_content(client: FlaskClient) -> None:
    [address] = re.findall(r'href="(/static/app\.css\?v=[0-9a-f]{12})"', client.get("/help").text)
    for one, kept in (
        (address, "public, max-age=31536000, immutable"),
        ("/static/app.css", "no-cache"),
        ("/static/app.css?v=000000000000", "no-cache"),
    ):
        with client.get(one) as answer:
            assert answer.headers["Cache-Control"] == kept
            assert "Set-Cookie" not in answer.headers
    assert client.get("/static/../secrets.json").status_code == 404


def test_answers_are_compressed(client: FlaskClient) -> None:
    for encoding in ("br", "gzip"):
        answer = client.get("/help", headers={"Accept-Encoding": encoding})
        assert answer.headers["Content-Encoding"] == encoding
        assert len(answer.data) < 4_000
    assert "Content-Encoding" not in client.get("/help").headers


# ---------------------------------------------------------------------------------------------------- languages


def language_of(answer: Any) -> str:
    found = re.search(r'<html lang="(\w+)" dir="(\w+)"', answer.text)
    assert found and (found[2] == "rtl") == (found[1] == "ar")
    assert answer.headers["Content-Language"] == found[1]
    return found[1]


def test_the_address_then_the_cookie_then_the_browser_say_the_language(client: FlaskClient) -> None:
    french = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}
    assert language_of(client.get("/help")) == "en"
    assert language_of(client.get("/help", headers=french)) == "fr"
    assert language_of(client.get("/help", headers={"Accept-Language": "zh-CN"})) == "zh"
    assert language_of(client.get("/help", headers={"Accept-Language": "de,ru;q=0"})) == "en"
    switched = client.get("/help?lang=ar", headers=french)
    assert language_of(switched) == "ar"
    assert "language=ar" in switched.headers["Set-Cookie"]
    assert language_of(client.get("/help", headers=french)) == "ar"
    nonsense = client.get("/help?lang=xx")
    assert language_of(nonsense) == "ar" and "Set-Cookie" not in nonsense.headers


def test_a_person_s_own_language_comes_before_the_browser_s(app: Flask) -> None:
    with unit_of_work(Console()) as work:
        add_person(work, None, "ru@fund.int", PASSWORD, name="R", language="ru")
    client = app.test_client()
    assert language_of(client.get("/help", headers={"Accept-Language": "fr"})) == "fr"
    enter(client, "ru@fund.int")
    for address in ("/help", "/account", "/nowhere"):
        assert language_of(client.get(address, headers={"Accept-Language": "fr"})) == "ru"
    assert language_of(client.get("/help?lang=es")) == "es"


def test_a_style_sheet_costs_no_query(app: Flask) -> None:
    one_of_each()
    client = app.test_client()
    enter(client, "trustee@fund.int")
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with client.get("/static/app.css") as answer:
            assert "Cookie" not in answer.headers.get("Vary", "")
        client.get("/health/live")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert asked == []


def test_the_switch_keeps_the_page_and_its_filters(client: FlaskClient) -> None:
    page = client.get("/help?b=1&a=x%20y&b=2&lang=es").text
    assert 'href="/help?b=1&amp;b=2&amp;a=x+y&amp;lang=ru" lang="ru" hreflang="ru"' in page


def test_a_query_is_not_taken_for_options(client: FlaskClient) -> None:
    page = client.get("/help?_scheme=javascript&_external=1&_anchor=x&fund=UPR&endpoint=y").text
    assert "javascript:" not in page and 'href="/help?_scheme=javascript' in page


# -------------------------------------------------------------------------------------------------------- funds


def test_home_is_of_a_fund_and_strangers_sign_in(app: Flask) -> None:
    with unit_of_work(Console()) as work:
        set_up(work, None)
    one_of_each()
    client = app.test_client()
    assert client.get("/").headers["Location"] == "/login"
    enter(client, "auditor@fund.int")
    assert client.get("/").headers["Location"] == "/UPR/"
    page = client.get("/AHA/")
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert '<a href="/UPR/"' in page.text and "<bdi>AHA</bdi>" in page.text
    assert client.get("/XYZ/").status_code == 404
    assert client.get("/upr/").status_code == 404


def test_a_role_in_one_fund_opens_no_other(app: Flask) -> None:
    """Pages of the books are asked for again in the fund of the address."""
    with unit_of_work(Console()) as work:
        set_up(work, None)
        fund = fund_by_code(work.session, "AHA")
        person = add_person(work, None, "one@fund.int", PASSWORD, name="One")
        assert fund
        grant(work, person, Role.AUDITOR, fund=work.session.get_one(Scope, fund.id))
    client = app.test_client()
    enter(client, "one@fund.int")
    assert client.get("/").headers["Location"] == "/AHA/"
    assert client.get("/AHA/finance/statement").status_code == 200
    refused = client.get("/UPR/finance/statement")
    assert refused.status_code == 403
    assert '<a href="/AHA/finance/contributions">Contributions</a>' in refused.text
    assert '<a href="/AHA/finance/statement">Finance</a>' in client.get("/account").text
    assert '<a href="/UPR/finance' not in client.get("/account").text


# ------------------------------------------------------------------------------------------------- health, logs


def test_health(client: FlaskClient, app: Flask) -> None:
    assert client.get("/health/live").json == {"status": "live"}
    away = client.get("/health/ready")
    assert (away.status_code, away.json) == (503, {"status": "away", "reason": "database"})
    ready = app.test_client().get("/health/ready")
    assert (ready.status_code, ready.json) == (200, {"status": "ready"})


def test_a_database_of_another_version_is_not_served(app: Flask) -> None:
    version = sa.table("alembic_version", sa.column("version_num"))
    with vandal() as connection:
        before = connection.scalar(sa.select(version.c.version_num))
        connection.execute(version.update().values(version_num="0001"))
    try:
        found = app.test_client().get("/health/ready")
        assert (found.status_code, found.json) == (503, {"status": "away", "reason": "migrations"})
    finally:
        with vandal() as connection:
            connection.execute(version.update().values(version_num=before))


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What the log says, as JSON."""
    said: list[dict[str, Any]] = []
    handler = logging.Handler()
    handler.setFormatter(fundapp.web.logs._formatter("json"))
    handler.emit = lambda record: said.append(json.loads(handler.format(record)))  # type: ignore[method-assign]
    logger = logging.getLogger("fundapp")
    before = logger.handlers[:], logger.level, logger.propagate
    fundapp.web.logs._write("json")
    logger.handlers = [handler]
    yield said
    logger.handlers, logger.level, logger.propagate = before[0], before[1], before[2]


def test_a_request_is_one_line_without_its_query(client: FlaskClient, lines: list[dict[str, Any]]) -> None:
    client.get("/help?password=secret", headers={"X-Request-ID": "from-the-proxy.1"})
    [line] = lines
    assert line["request"] == "from-the-proxy.1"
    assert (line["method"], line["path"], line["status"], line["person"]) == ("GET", "/help", 200, None)
    assert line["ms"] >= 0 and "secret" not in json.dumps(line)


@pytest.mark.parametrize("number", ["x", "a" * 65, 'quoted"123', "line\tfeed99"])
def test_a_strange_number_of_a_request_is_not_taken(client: FlaskClient, number: str) -> None:
    assert client.get("/help", headers={"X-Request-ID": number}).headers["X-Request-ID"] != number


def test_links_that_let_someone_in_are_not_logged(client: FlaskClient, lines: list[dict[str, Any]]) -> None:
    client.get("/reset/WyIxIiwic2VjcmV0Il0.token")
    for address in ("/reset/WyIx.token/", "/invitation/WyIx/", "/Invitation/WyIx>"):  # of no page, and good as a link
        client.get(address)
    fundapp.web.logs.log.error("Exception on /reset/WyIx [POST]")  # as Flask names a failure
    client.get("/%1b[2J%0anow")
    assert "WyIx" not in json.dumps(lines) and lines[0]["path"].startswith("/reset/")
    assert lines[-2]["event"] == "Exception on /reset/… [POST]" and lines[-1]["path"] == "/\ufffd[2J\ufffdnow"


def test_a_failure_is_logged_once_with_the_reference_of_the_page(
    client: FlaskClient, lines: list[dict[str, Any]]
) -> None:
    for name in ("bug", "locked"):
        lines.clear()
        answer = client.get(f"/raise/{name}")
        failures = [line for line in lines if "exception" in line]
        assert len(failures) == 1
        assert failures[0]["request"] == answer.headers["X-Request-ID"]
        assert "raises(name)" in failures[0]["exception"] or "in raises" in failures[0]["exception"]


def test_quiet_pages_leave_no_lines(client: FlaskClient, lines: list[dict[str, Any]]) -> None:
    client.get("/health/live")
    client.get("/static/app.css").close()
    assert lines == []


def test_words_of_templates_come_straight_from_the_catalogue(app: Flask) -> None:
    """Jinja's own way asks twice through the context of the template, and a page has a hundred words."""
    assert app.jinja_env.globals["_"] is app.jinja_env.globals["gettext"] is languages._said
    text = '{{ _("Home") }} {{ _("Signed in as %(name)s", name="<b>") }} {% trans n=2 %}{{ n }} dollars{% endtrans %}'
    with app.test_request_context("/?lang=en"):
        assert render_template_string(text) == "Home Signed in as &lt;b&gt; 2 dollars"
