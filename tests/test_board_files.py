"""What is typed into the Board's forms does no harm in what is taken away: sheets, calendars, letters, minutes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from board_sessions import HERE, plan, said
from calls import fund
from deciding import APPROVE, before, condition, reference, taken
from flask import Flask
from python_calamine import CalamineWorkbook
from visiting import as_a

from fundapp.board.models import Way
from fundapp.kernel.clock import today

pytestmark = pytest.mark.usefixtures("one_click")
FORMULA = '=HYPERLINK("http://evil.example","here")'
HOSTILE = f"{FORMULA}\n\N{RIGHT-TO-LEFT OVERRIDE}<b>&amp;{'x' * 900}"
LISTS = ("/UPR/board/conditions/list", "/UPR/board/decisions/list", f"/UPR/board/approved/{today().year}",
         f"{HERE}/list")  # fmt: skip


def hostile(app: Flask) -> str:
    """A decision with such a condition and reasons; its reference."""

    key = before()[0]
    said_so = replace(APPROVE, outcome="approve-with-conditions", shared=HOSTILE, reasons=HOSTILE,
                      conditions=(condition(text=HOSTILE[:1_000]),))  # fmt: skip
    taken(key, said_so)
    return reference(key)


def test_no_sheet_holds_a_formula(shown: Flask) -> None:
    hostile(shown)
    plan(said(place=FORMULA, hosts="+1+1", numbers={fund().id: 41}, way=Way.PLACE))
    client = as_a(shown, "secretary")
    for address in LISTS:
        answer = client.get(f"{address}.csv", buffered=True)
        assert answer.status_code == 200, address
        for row in csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\N{ZERO WIDTH NO-BREAK SPACE}"))):
            assert not [cell for cell in row if cell.startswith(("=", "+", "@"))], (address, row)
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}.xlsx", buffered=True).data))
        assert book.get_sheet_by_index(0).to_python()


def test_a_calendar_keeps_its_lines(shown: Flask) -> None:
    hosts = "A; B, C\\D\N{RIGHT-TO-LEFT OVERRIDE}\N{LINE SEPARATOR}BEGIN:VEVENT" + "ض" * 200
    plan(said(place="X\r\nATTACH:http://evil.example", hosts=hosts, numbers={fund().id: 41}, way=Way.PLACE))
    text = as_a(shown, "secretary").get(f"{HERE}/41/session.ics", buffered=True).data
    lines = text.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not [line for line in lines if line.startswith(b"ATTACH")] and lines.count(b"BEGIN:VEVENT") == 1
    assert len(text.decode().splitlines()) == len(lines) - 1, "no other sign ends a line"


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_letters_and_minutes_are_drawn_whatever_is_typed(shown: Flask, language: str) -> None:
    name = hostile(shown)
    client = as_a(shown, "secretary")
    for address in (f"/UPR/board/decisions/{name}/letter.pdf", f"{HERE}/25/minutes.pdf", f"{HERE}/25/minutes.docx",
                    f"{HERE}/25/dossier.pdf"):  # fmt: skip
        answer = client.get(f"{address}?language={language}", buffered=True)
        assert answer.status_code == 200 and len(answer.data) > 1_000, address
