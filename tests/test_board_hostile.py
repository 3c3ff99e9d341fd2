"""Every form of the Board takes whatever is sent to it: a page with a sentence, never an error of the program."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from advising import all_declare, board, client_of, moved, of_nobody, there
from board_world import decided
from boards import item_of, opened
from calls import second_secretary
from flask import Flask
from flask.testing import FlaskClient
from kept_away import built
from test_board_leaks import GIVEN, of_the_board
from visiting import as_a

HOSTILE = (
    "", "x" * 100_000, "\x00", "\N{RIGHT-TO-LEFT OVERRIDE}abc\n\r\tdef", "0000-00-00", "9999-12-31", "-1", "1e400",
    "9" * 400, "=1+1", "%(x)s {x}", "2" * 19,
)  # fmt: skip
MULTIPART = "multipart/form-data; boundary=x"
RAW = (
    (b"version=%FF%FE&since=%80", "application/x-www-form-urlencoded"),
    (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
    (b"", MULTIPART),
    (b"--x\r\nContent-Disposition: form-data\r\n\r\n", MULTIPART),
    (b"--x\r\nContent-Disposition: form-data; name=file; filename=\r\n\r\n\r\n--x--", MULTIPART),
    (b"{}", "application/json"),
    (b"&" * 3_000, "application/x-www-form-urlencoded"),
)  # fmt: skip


LAST = ("cancel", "close", "reopen", "take-off", "approve", "paper")  # after which other forms are closed


class Fields(HTMLParser):
    """The names and values of a page's fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("input", "select", "textarea") and (name := values.get("name")) and name != "csrf_token":
            self.found.setdefault(name, values.get("value") or "")


def fields(client: FlaskClient, address: str) -> dict[str, str]:
    page = client.get(address)
    reader = Fields()
    if page.status_code == 200 and page.mimetype == "text/html":
        reader.feed(page.text.split("<main")[-1])
    return reader.found


@pytest.mark.slow
@pytest.mark.usefixtures("one_click")
@pytest.mark.parametrize("who", ["secretary", "approving-officer", "trustee"])
def test_whatever_is_sent_is_answered(shown: Flask, who: str) -> None:
    of = opened()
    one, trustees = of_nobody(of), board()
    second_secretary()
    keys = decided(one, 5_000_00)
    all_declare(one, trustees)
    there(of.id, trustees)
    moved(one)
    item = item_of(of).id
    given = GIVEN | {"number": 25, "reference": one.reference, "trustee": trustees[1].id, "key": item}
    client = client_of(shown, trustees[1]) if who == "trustee" else as_a(shown, who)
    bad = []
    for rule in sorted(of_the_board(shown, ("POST",)), key=lambda one: one.rule.rpartition("/")[2] in LAST):
        wanted = given | ({"key": keys["condition"]} if "condition" in rule.rule else {})
        for address in built(shown, rule, "POST", **wanted):
            bad += [(address, *said) for said in errors(client, address)]
    read = given | {"key": keys["condition"]}
    for rule in of_the_board(shown):
        for address in built(shown, rule, **read):
            if client.get(address, buffered=True).status_code >= 500:
                bad.append((address, "read"))
    assert not bad, bad


def errors(client: FlaskClient, address: str) -> Iterator[tuple[object, ...]]:
    """What of all this a form does not take."""
    known = fields(client, address)
    bodies: list[dict[str, Any]] = [{**known, name: value} for name in known for value in HOSTILE]
    bodies += [dict.fromkeys(known, value) for value in HOSTILE] + [{name: ["a", "b"] for name in known}]
    for body in bodies:
        if client.post(address, data=body).status_code >= 500:
            yield ({name: str(value)[:30] for name, value in body.items() if value != known.get(name)},)
    for content, kind in RAW:
        if client.post(address, data=content, content_type=kind).status_code >= 500:
            yield (content[:30], kind)
