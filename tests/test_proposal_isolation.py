"""Offices see their own proposals and nothing of anyone else's, on every page that there is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from calls import second_secretary, someone
from flask import Flask
from flask.testing import FlaskClient
from proposing import begun, cleared, complete, head, returned, submitted, write, writer
from test_proposal_pages import as_person
from werkzeug.routing import Rule

from fundapp.access.models import Person
from fundapp.access.operations import Console, end_grant, grant
from fundapp.access.policy import Role
from fundapp.access.queries import person_by_email
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work

TITLE = "Hollow mountains keep their word"
NONE = "2031-1-987"  # a reference that looks like one, and of which there is no proposal
# The number under which a request is logged, and the token of its forms.
OWN_OF_A_PAGE = re.compile(r'\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b|name="csrf_token" value="[^"]+"')
VALUES: dict[str, Any] = {
    "fund": "UPR", "move": "clear", "name": "gender", "number": 1, "key": 1, "kind": "csv", "document": 1, "file": 1,
    "upload": 1, "question": 1, "code": "consent", "job": 1, "digest": "0" * 64, "language": "en", "form": "pdf",
}  # fmt: skip


def rules(app: Flask) -> list[Rule]:
    """Every address of proposals, whichever package has the page."""
    blueprints = ("proposal.", "dossiers.")
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(blueprints)]


def addresses(app: Flask, reference: str, fund: str = "UPR") -> list[tuple[str, str, str]]:
    """Endpoint, method and address of every page of one proposal."""
    places, found = app.url_map.bind("localhost"), []
    for rule in rules(app):
        moves = ("clear", "submit", "withdraw", "start-screening") if "move" in rule.arguments else ("",)
        moves = tuple(getattr(rule._converters.get("move"), "items", moves))
        for move in moves if "reference" in rule.arguments else ():
            values = {name: VALUES.get(name, 1) for name in rule.arguments}
            values |= {"reference": reference, "fund": fund} | ({"move": move} if move else {})
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                found.append((rule.endpoint, method, places.build(rule.endpoint, values, method=method)))
    return found


def answer(client: FlaskClient, method: str, address: str) -> tuple[int, str]:
    """Status and page, without what every page has of its own."""
    found = client.open(
        address, method=method, buffered=True, data={"text": "x", "section": "gender"} if method == "POST" else None
    )
    return found.status_code, OWN_OF_A_PAGE.sub("", found.get_data(as_text=True))


def differing(app: Flask, client: FlaskClient, reference: str, fund: str = "UPR") -> list[str]:
    """The pages that say of a proposal anything else than of one that there is not."""
    found = []
    pairs = zip(addresses(app, reference, fund), addresses(app, NONE, fund), strict=True)
    for (endpoint, method, there), (_, _, missing) in pairs:
        code, page = answer(client, method, there)
        other, blank = answer(client, method, missing)
        if (code, page.replace(reference, "")) != (other, blank.replace(NONE, "")) or code < 400:
            found.append(f"{method} {endpoint}: {code} and {other}")
    return found


def lists(app: Flask, fund: str = "UPR") -> list[tuple[str, str]]:
    """Endpoint and address of every page that is of no single proposal."""
    places, found = app.url_map.bind("localhost"), []
    for rule in rules(app):
        if "GET" in (rule.methods or ()) and not rule.arguments - {"fund", "kind"}:
            values = {name: VALUES[name] for name in rule.arguments} | {"fund": fund}
            found.append((rule.endpoint, places.build(rule.endpoint, values, method="GET")))
    return found


def telling(app: Flask, client: FlaskClient, reference: str, fund: str = "UPR") -> list[str]:
    """The lists, files and the home page that know of a proposal."""
    pages = [*lists(app, fund), ("web.home", f"/{fund}/"), ("proposals.call", f"/{fund}/calls/2031-1")]
    pages += [(f"{endpoint} searched", f"{address}?q=Hollow") for endpoint, address in lists(app, fund)]
    found = []
    for endpoint, address in pages:
        page = client.get(address, follow_redirects=True, buffered=True).get_data()
        said = page.replace(b"?q=Hollow", b"").replace(b'value="Hollow"', b"")
        if any(word.encode() in said for word in (reference, TITLE)):
            found.append(endpoint)
    return found


@pytest.fixture(params=[begun, complete, cleared, submitted, returned])
def reference(request: pytest.FixtureRequest, registered: Flask) -> str:
    """A proposal of the office of the Pacific at one of its stages."""
    made = request.param()
    if made.writable:
        made = write(made, {"context": {"title": TITLE, "problem": "p", "context": "c"}})
    return str(made.reference)


@pytest.mark.parametrize("who", [writer, head])
def test_another_office_is_told_nothing(registered: Flask, reference: str, who: Any) -> None:
    client = as_person(registered, who("WAFRICA"))
    assert differing(registered, client, reference) == []
    assert telling(registered, client, reference) == []


@pytest.mark.parametrize("role", [Role.DESK_OFFICER, Role.SECRETARY, Role.APPROVING_OFFICER])
@pytest.mark.parametrize("make", [begun, complete, cleared])
def test_the_secretariat_is_told_nothing_before_it_is_handed_in(registered: Flask, make: Any, role: Role) -> None:
    made = make()
    if made.writable:
        made = write(made, {"context": {"title": TITLE, "problem": "p", "context": "c"}})
    reference = made.reference
    client = as_person(registered, someone(role))
    assert differing(registered, client, reference) == []
    assert telling(registered, client, reference) == []


def test_what_is_changed_after_a_return_is_the_offices_until_it_is_handed_in(registered: Flask) -> None:
    made = write(returned(), {"context": {"title": TITLE, "problem": TITLE, "context": TITLE}}).reference
    for role in (Role.DESK_OFFICER, Role.SECRETARY):
        client = as_person(registered, someone(role))
        pages = [address for _, method, address in addresses(registered, made) if method == "GET"]
        for address in [*pages, *(address for _, address in lists(registered))]:
            assert TITLE.encode() not in client.get(address, buffered=True).get_data(), address


def test_a_role_in_another_fund_is_told_nothing(registered: Flask, reference: str) -> None:
    other = as_person(registered, second_secretary("aha@example.org", code="AHA"))
    assert differing(registered, other, reference) == []
    assert differing(registered, other, reference, "AHA") == []
    assert telling(registered, other, reference) == [] == telling(registered, other, reference, "AHA")


@pytest.mark.parametrize("role", [Role.TRUSTEE, Role.REVIEWER, Role.FINANCE_OFFICER, Role.ADMINISTRATOR])
def test_roles_that_read_no_proposals_are_told_nothing(registered: Flask, role: Role) -> None:
    reference = submitted().reference
    client = as_person(registered, someone(role))
    assert differing(registered, client, reference) == []


def writer_who_left() -> Person:
    found = person_by_email(db.session(), "field-officer.pacific@example.org")
    assert found
    return found


def test_whoever_left_the_office_sees_no_more(registered: Flask) -> None:
    reference = begun().reference
    client = as_person(registered, writer())
    assert client.get(f"/UPR/proposals/{reference}").status_code == 200
    person = writer()
    with unit_of_work(Console()) as work:
        (held,) = [one for one in person.every_grant if one.ended_at is None]
        end_grant(work, person, held.id)
        grant(work, person, Role.TRUSTEE)
    assert client.get(f"/UPR/proposals/{reference}").status_code == 302  # to sign in again
    assert as_person(registered, writer_who_left()).get(f"/UPR/proposals/{reference}").status_code in (403, 404)


def test_nobody_signed_in_is_asked_to(registered: Flask) -> None:
    reference = submitted().reference
    client = registered.test_client()
    for _, method, address in addresses(registered, reference):
        assert client.open(address, method=method).status_code in (302, 401, 403), address
