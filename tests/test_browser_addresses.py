"""The pages of the money that a browser looks at: none is left out, and each is there."""

from __future__ import annotations

import re

import pytest
from browser.addresses import ADDRESSES, FILES, MADE
from flask import Flask
from visiting import as_a
from werkzeug.exceptions import HTTPException

MONEY = ("donors", "finance", "reports")
REFUSED = [("field-officer", "/UPR/finance/statement")]


def looked_at(app: Flask) -> set[str]:
    """The endpoints of the addresses."""
    found, bound = set(), app.url_map.bind("localhost")
    for _role, address in ADDRESSES:
        try:
            found.add(str(bound.match(address.partition("?")[0], method="GET")[0]))
        except HTTPException:  # what is not there is looked at too
            continue
    return found


def pages(app: Flask) -> set[str]:
    """The endpoints of the money that a browser opens, without those that export what a list shows."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in MONEY
        and "GET" in (rule.methods or ())
        and not rule.rule.endswith(".<any(csv, xlsx):kind>")
    }


def test_every_page_of_the_money_is_looked_at_in_a_browser(app: Flask) -> None:
    seen = looked_at(app)
    assert pages(app) - seen == MADE.keys() | FILES
    assert not seen & MADE.keys()


@pytest.mark.usefixtures("one_click")
def test_every_address_of_the_money_is_a_page(rebuilt: Flask) -> None:
    money = [
        (role, address) for role, address in ADDRESSES if role and re.match(r"/[A-Z]+/(donors|finance)\b", address)
    ]
    clients = {role: as_a(rebuilt, role) for role in {role for role, _ in money}}
    for role, address in money:
        expected = 403 if (role, address) in REFUSED else 200
        assert clients[role].get(address).status_code == expected, (role, address)
