"""`fundapp call …` on both databases."""

from __future__ import annotations

import json

import pytest
from calls import DAY, again, draft, opened, past
from commands import Command, command, everything, one_sentence
from flask import Flask

from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.proposals.queries import closing_of

__all__ = ["command"]  # a fixture
LATER = ("--until", "2031-12-15", "--zone", "Pacific/Fiji", "--reason", "A cyclone")


def test_a_list(demo: Flask, command: Command) -> None:
    assert command("call", "list", "UPR").out == "No calls.\n"
    draft("2031-1", title={"zh": "征集"})
    opened("2031-2", standing=True, closes_at=None)
    past("2021-1")
    said = command("call", "list", "UPR")
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert [line.split()[:2] for line in lines] == [["2031-2", "open"], ["2031-1", "draft"], ["2021-1", "closed"]]
    assert "standing" in lines[0] and lines[1].endswith("征集")


def test_a_call_as_text_and_as_json(registered: Flask, command: Command) -> None:
    said = command("call", "show", "UPR", "2020-1")
    assert said.status == 0 and "closes      2020-10-02 23:59 Europe/Zurich" in said.out
    assert "criterion   gender-perspective 20" in said.out and "every State that may be funded" in said.out
    found = json.loads(command("call", "show", "UPR", "2020-1", "--format", "json").out)
    assert (found["stage"], found["closes"], found["envelope"]) == ("closed", "2020-10-02T21:59Z", "1500000.00")
    assert set(found["title"]) == {"ar", "zh", "en", "fr", "ru", "es"} and found["questions"][0]["words"] == 250


def test_a_draft_is_opened_and_extended(demo: Flask, command: Command) -> None:
    draft()
    said = command("call", "open", "UPR", "2031-1")
    assert said.status == 0 and "2031-1 is released" in said.out and again().opened_by == "console"
    said = command("call", "extend", "UPR", "2031-1", *LATER)
    assert (said.status, said.out) == (0, "2031-1 closes on 2031-12-15 11:59 UTC.\n")
    closes = closing_of(db.session(), again())
    assert closes and f"{closes:%Y-%m-%d %H:%M}" == "2031-12-15 11:59"
    text = command("call", "show", "UPR", "2031-1").out
    assert "extended    to 2031-12-15 23:59 Pacific/Fiji: A cyclone" in text
    db.session.remove()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "XXX"), "There is no fund XXX"),
        (("show", "UPR", "2031-9"), "UPR has no call 2031-9. There are: 2031-2, 2031-1, 2021-1"),
        (("open", "UPR", "2031-1"), "It does not say how much there is"),
        (("open", "UPR", "2021-1"), "was opened: what it says is fixed"),
        (("extend", "UPR", "2031-1", *LATER), "is a draft still"),
        (("extend", "UPR", "2031-2", *LATER), "stands open"),
        (("extend", "UPR", "2021-1", "--until", "soon", *LATER[2:]), "“soon” is no moment"),
        (("extend", "UPR", "2021-1", "--until", "2031-02-30", *LATER[2:]), "“2031-02-30” is no moment"),
        (("extend", "UPR", "2021-1", "--until", "2031-02-28T25:00", *LATER[2:]), "is no moment"),
        (("extend", "UPR", "2021-1", "--until", "2020-01-01", *LATER[2:]), "not after the close"),
        (("extend", "UPR", "2021-1", *LATER[:2], "--zone", "Mars/Base", *LATER[4:]), "“Mars/Base” is no time zone"),
        (("extend", "UPR", "2021-1", *LATER[:4], "--reason", " "), "Give the reason"),
    ],
)
def test_what_is_refused(demo: Flask, command: Command, words: tuple[str, ...], said: str) -> None:
    draft("2031-1", envelope=None)
    opened("2031-2", standing=True, closes_at=None)
    past("2021-1", closed=now() - DAY)
    before = everything()
    found = command("call", *words)
    assert found.status == 1 and said in one_sentence(found)
    assert everything() == before


def test_misuse(demo: Flask, command: Command) -> None:
    assert command("call", "extend", "UPR", "2031-1").status == 2
    assert command("call", "show", "UPR").status == 2
    assert command("call", "show", "UPR", "2031-1", "--format", "xml").status == 2
