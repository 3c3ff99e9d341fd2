"""The pages of sessions: who reads what, what stands on the page of one, and what is said of what was typed wrongly."""

from __future__ import annotations

import re
from typing import Any

import pytest
from boards import opened
from flask import Flask
from flask.testing import FlaskClient
from visiting import as_a, statements, text_of

from fundapp.access.policy import Role

HERE = "/UPR/board/sessions"

pytestmark = pytest.mark.usefixtures("one_click")


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.replace("<wbr>", "")))


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(f"{HERE}{address}", data=data)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


READERS = (Role.SECRETARY, Role.DESK_OFFICER, Role.APPROVING_OFFICER, Role.TRUSTEE, Role.AUDITOR)


@pytest.mark.parametrize("role", Role)
def test_who_reads_a_session(shown: Flask, role: Role) -> None:
    opened()
    client = as_a(shown, role.value)
    assert client.get(f"{HERE}/25").status_code == (200 if role in READERS else 403)
    offices = role in (Role.FIELD_OFFICER, Role.HEAD_OF_OFFICE)
    assert client.get(HERE).status_code == (403 if offices else 200)
    runs = role is Role.SECRETARY
    for page in ("new", "25/change", "25/cancel", "25/items/new", "25/participants/new"):
        assert client.get(f"{HERE}/{page}").status_code == (200 if runs else 403), page


@pytest.mark.parametrize("role", ["secretary", "trustee"])
def test_the_page_asks_six_times_whatever_it_shows(shown: Flask, role: str) -> None:
    opened(proposals=None)
    client = as_a(shown, role)
    client.get(f"{HERE}/25")
    with statements() as asked:
        page = text_of(client, f"{HERE}/25")
    assert len(asked) <= 6, asked
    assert "Session 25 of the Board" in page and page.count("2020-1-0") >= 28
