"""No page leads somebody to where they may not go; and fields say what they are for (WCAG 1.3.5)."""

from __future__ import annotations

import re
from html import unescape
from time import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from signing_in import person

from fundapp.access.policy import Role

LINKS = re.compile(r'<a [^>]*?href="(/[^"#]*)')
STARTS = ("/UPR/", "/AHA/", "/UPR/finance/published", "/UPR/finance/published/A/HRC/47/19", "/account", "/help")
FILES = re.compile(r"\.(?:csv|xlsx|pdf)(?:\?|$)")


def visitor(demo: Flask, role: Role) -> FlaskClient:
    client = demo.test_client()
    with client.session_transaction() as cookie:
        cookie.update(_user_id=person(f"{role.value}@example.org").fs_uniquifier, _fresh=True, fs_paa=time())
    return client


@pytest.mark.parametrize("role", [Role.FIELD_OFFICER, Role.ADMINISTRATOR, Role.TRUSTEE, Role.FINANCE_OFFICER])
def test_no_link_is_refused(demo: Flask, role: Role) -> None:
    client = visitor(demo, role)
    found = {start: client.get(f"{start}?lang=en") for start in STARTS}
    assert {answer.status_code for answer in found.values()} == {200}
    links = {unescape(link) for answer in found.values() for link in LINKS.findall(answer.text)}
    links = {link for link in links if "lang=" not in link and link != "/logout" and not FILES.search(link)}
    assert len(links) > 10
    assert {link: status for link in sorted(links) if (status := client.get(link).status_code) >= 400} == {}


def test_fields_of_signing_in_say_what_they_are_for(demo: Flask) -> None:
    text = demo.test_client().get("/login?lang=en").text
    assert set(re.findall(r'autocomplete="([^"]+)"', text)) == {"username", "current-password"}
    text = demo.test_client().get("/reset?lang=en").text
    assert re.search(r'<input[^>]* name="email"[^>]* autocomplete="username"', text)
    text = visitor(demo, Role.ADMINISTRATOR).get("/people/invite?lang=en").text
    assert re.search(r'<input[^>]* name="email"[^>]* spellcheck="false"', text)
