"""The High Commissioner's letters: what is refused, the areas they name, their files, and taking back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from crowd import meeting, together
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from lists import word
from reviewed import ahead, as_a, faults, questions, record, slovenia
from signing_in import one_of_each
from test_documents import pdf

from fundapp.access.operations import Console
from fundapp.access.policy import Refused, Role
from fundapp.kernel import trail
from fundapp.kernel.database import db
from fundapp.kernel.files import Files
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.models import HighCommissionerLetter, LetterArea
from fundapp.recommendations.operations import (
    GivenArea,
    LetterFile,
    add_area,
    record_letter,
    withdraw_area,
    withdraw_letter,
)
from fundapp.recommendations.queries.letters import LetterOf, area_by_key, letter_by_key, letters_of
from fundapp.recommendations.rules.following import goals_typed

SENT = date(2025, 9, 1)
NEW = "/recommendations/states/SVN/letters/new"
WORDS = "End <b>violence</b> against women & girls."


@pytest.fixture
def one_click(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The demonstration's people sign in without proof."""
    monkeypatch.setitem(demo.config, "FUNDAPP_DEMONSTRATION", True)
    return demo


def letter(
    sent_on: date = SENT, cycle: int = 4, state: str = "SVN", file: LetterFile | None = None, by: Any = None
) -> int:
    """Record a letter; its number."""
    with unit_of_work(by or Console()) as work:
        return record_letter(work, None, state, cycle, sent_on, file).id


def the(key: int) -> LetterOf:
    found = letter_by_key(db.session(), key)
    assert found
    return found


def area(key: int, sentence: str = WORDS, language: str = "en", **more: str) -> int:
    """Note an area of a letter; its number."""
    row = the(key).row
    with unit_of_work(Console()) as work:
        return add_area(work, row, GivenArea(sentence, language, **more)).id


# -------------------------------------------------------------------------------------------------------- operations


def test_a_letter_follows_the_review_and_is_not_of_tomorrow(seeded: Flask, tmp_path: Path) -> None:
    with faults(("letter.future", "sent_on")):
        letter(ahead(1))
    with faults(("letter.before-cycle", "sent_on")):  # nothing is known of the review
        letter(date(2022, 10, 31))
    slovenia(tmp_path)
    with faults(("letter.before-review", "sent_on")):  # the month of its session is
        letter(date(2024, 12, 31))
    record()
    with faults(("letter.before-review", "sent_on")):  # the day is
        letter(date(2025, 1, 27))
    for cycle in (0, 6):
        with faults(("letter.cycle", "cycle")):
            letter(cycle=cycle)
    with faults(("review.state", None)):
        letter(state="XXX")
    assert letters_of(db.session(), "SVN") == []
    assert the(letter(date(2025, 1, 28))).row.by == "console"


def test_the_same_letter_twice(seeded: Flask) -> None:
    key = letter()
    with faults(("letter.twice", "sent_on")) as found:
        letter()
    assert found[0].values["number"] == key
    letter(date(2025, 9, 2))
    letter(cycle=3)
    row = the(key).row
    with unit_of_work(Console()) as work:
        withdraw_letter(work, row)
    assert letter() != key
    row = the(key).row
    with faults(("letter.withdrawn", None)), unit_of_work(Console()) as work:
        withdraw_letter(work, row)
    assert len(letters_of(db.session(), "SVN")) == 3
    assert trail.verify(db.session())[1] is None


@pytest.mark.slow
def test_of_two_at_the_same_moment_one_is_told(seeded: Flask, tmp_path: Path) -> None:
    with meeting(seeded, tmp_path) as app:
        one, other = sorted(map(str, together(app, letter, letter)))
        assert one.isdigit() and other == "letter.twice"


def test_a_file_is_kept_when_all_else_is_well(seeded: Flask, tmp_path: Path) -> None:
    kept = Files(tmp_path / "files")

    def keep() -> Any:
        return kept.keep(BytesIO(pdf()), "l.pdf", 10_000)

    with faults(("letter.future", "sent_on")):
        letter(ahead(1), file=LetterFile("l.pdf", keep))
    assert not (tmp_path / "files").exists()
    row = the(letter(file=LetterFile("l.pdf", keep))).row
    assert row.file_digest and kept.path(row.file_digest).read_bytes() == pdf() and row.file_size == len(pdf())


@pytest.mark.parametrize(
    ("text", "goals", "unknown"),
    [
        ("", [], []),
        ("16, 5.2", [(16, ""), (5, "5.2")], []),
        ("5.2;5.2 5", [(5, "5.2"), (5, "")], []),
        ("١٦، ٥.٢", [(16, ""), (5, "5.2")], []),
        ("16、5.C", [(16, ""), (5, "5.c")], []),
        ("0 18 5.99 5.2.1 SDG5 -5", [], ["0", "18", "5.99", "5.2.1", "SDG5", "-5"]),
        ("<b>" + "x" * 50, [], ["<b>" + "x" * 17]),
    ],
)
def test_goals_as_people_type_them(text: str, goals: list[tuple[int, str]], unknown: list[str]) -> None:
    assert goals_typed(text, {"5.2", "5.c"}) == (goals, unknown)


def test_areas_and_what_is_refused_of_them(seeded: Flask) -> None:
    key = letter()
    for given, wrong in (
        ({"sentence": "  "}, ("area.no-sentence", "sentence")),
        ({"sentence": "x" * 2001}, ("area.sentence-long", "sentence")),
        ({"language": "de"}, ("area.language", "language")),
        ({"theme": "no-such"}, ("area.theme", "theme")),
        ({"goals": "5.2, 99"}, ("area.goal", "goals")),
    ):
        with faults(wrong):
            area(key, **given)
    number = area(key, theme="advancement-women", goals="5.2, 16")
    with faults(("area.twice", "sentence")):
        area(key, f" {WORDS} ", theme="advancement-women")
    area(key)  # with another theme, or none
    [found] = letters_of(db.session(), "SVN")
    assert [(one.row.theme, one.goals) for one in found.areas] == [("advancement-women", ("5.2", "16")), (None, ())]
    row = area_by_key(db.session(), number)
    assert row
    with unit_of_work(Console()) as work:
        withdraw_area(work, row)
    with faults(("area.withdrawn", None)), unit_of_work(Console()) as work:
        withdraw_area(work, row)
    assert len(the(key).areas) == 1
    kept = the(key).row
    with unit_of_work(Console()) as work:
        withdraw_letter(work, kept)
    with faults(("letter.withdrawn", None)):
        area(key, "More.")


def test_who_may_not_is_refused(seeded: Flask) -> None:
    people, key = one_of_each(), letter()
    number = area(key)
    for role in set(Role) - {Role.SECRETARY, Role.DESK_OFFICER}:
        row, noted = the(key).row, area_by_key(db.session(), number)
        assert noted
        verbs: list[tuple[Callable[..., object], object, tuple[object, ...]]] = [
            (record_letter, None, ("SVN", 4, date(2025, 9, 3))),
            (withdraw_letter, row, ()),
            (withdraw_area, noted, ()),
            (add_area, row, (GivenArea("x", "en"),)),
        ]
        for verb, subject, more in verbs:
            with pytest.raises(Refused), unit_of_work(people[role]) as work:
                verb(work, subject, *more)


def test_letters_are_read_in_three_queries(seeded: Flask) -> None:
    for sent_on in (SENT, date(2025, 9, 2), date(2025, 9, 3)):
        key = letter(sent_on)
        area(key, "One.", goals="5.2")
        area(key, "Two.", goals="16")
    with questions() as asked:
        found = letters_of(db.session(), "SVN")
    assert [one.row.sent_on.day for one in found] == [3, 2, 1] and len(asked) == 3


# --------------------------------------------------------------------------------------------------------- the pages


def sent(client: FlaskClient, content: bytes | None = None, name: str = "l.pdf", **given: Any) -> Any:
    """Send the form of a letter."""
    data: dict[str, Any] = {"cycle": "4", "sent_on": SENT.isoformat()} | given
    if content is not None:
        data["file"] = (BytesIO(content), name)
    return client.post(NEW, data=data, content_type="multipart/form-data")


def newest(kind: type[HighCommissionerLetter] | type[LetterArea] = HighCommissionerLetter) -> int:
    """The number of what was recorded last: PostgreSQL counts on from test to test."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.max(kind.id))) or 0


def test_a_letter_is_recorded_read_and_downloaded(one_click: Flask) -> None:
    client = as_a(one_click, "desk-officer")
    assert '<option value="4" selected' in client.get(NEW).text
    assert '<option value="2" selected' in client.get(f"{NEW}?cycle=2").text
    done = sent(client, pdf(), "C:\\letters\\Letter <to> Slovenia\u202e.exe")
    assert (done.status_code, done.location) == (302, f"/recommendations/letters/{newest()}")
    page = client.get(done.location).text
    assert "Letter to Slovenia of 1 September 2025" in page
    assert "Letter &lt;to&gt; Slovenia\ufffd.exe" in page and "letters\\" not in page
    found = as_a(one_click, "reviewer").get(f"/recommendations/letters/{newest()}/file", buffered=True)
    assert (found.status_code, found.data, found.mimetype) == (200, pdf(), "application/pdf")
    assert found.headers["Content-Disposition"] == "attachment; filename=letter-SVN-cycle-4-2025-09-01.pdf"
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in found.headers["Cache-Control"]


def test_a_word_document_comes_back_as_one(one_click: Flask, tmp_path: Path) -> None:
    client, content = as_a(one_click, "secretary"), word(tmp_path / "x").read_bytes()
    assert sent(client, content, "letter.pdf").status_code == 302
    found = client.get(f"/recommendations/letters/{newest()}/file", buffered=True)
    assert found.data == content and found.headers["Content-Disposition"].endswith("2025-09-01.docx")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Dear Minister", "is neither PDF nor Word"),
        (b"", "is empty"),
        (pdf(trailer=b" /Encrypt 7 0 R"), "locked with a password"),
        (pdf(b"5 0 obj << /S /Launch >> endobj"), "has something in it that runs"),
    ],
)
def test_a_file_that_is_refused_is_said_at_its_field(one_click: Flask, content: bytes, said: str) -> None:
    client = as_a(one_click, "secretary")
    answer = sent(client, content, "<i>l.pdf")
    assert answer.status_code == 422 and said in answer.text and "&lt;i&gt;l.pdf" in answer.text
    assert 'id="file-error"' in answer.text and 'value="2025-09-01"' in answer.text
    assert "Choose the file again" in answer.text
    assert letters_of(db.session(), "SVN") == []


def test_bad_days_and_the_same_letter(one_click: Flask) -> None:
    client = as_a(one_click, "secretary")
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"sent_on": ""}, "Write the day of the letter."),
        ({"sent_on": "1 September"}, "Write the day as year, month and day"),
        ({"sent_on": ahead(1).isoformat()}, "is still to come"),
        ({"sent_on": "2019-01-01"}, "Cycle 4 began on 2022-11-01"),
        ({"cycle": "9"}, "Not a valid choice"),
    )
    for given, said in wrong:
        answer = sent(client, **given)
        assert answer.status_code == 422 and said in answer.text, given
    assert sent(client).status_code == 302
    twice = sent(client)
    assert twice.status_code == 422 and "is recorded already" in twice.text
    assert f'href="/recommendations/letters/{newest()}">Open the letter of 1 September 2025</a>' in twice.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HighCommissionerLetter)) == 1


def test_areas_are_noted_and_shown_as_text(one_click: Flask) -> None:
    client = as_a(one_click, "desk-officer")
    sent(client)
    address = f"/recommendations/letters/{newest()}/areas"
    wrong = client.post(address, data={"sentence": WORDS, "language": "en", "theme": "", "goals": "99"})
    assert wrong.status_code == 422 and "No goal or target: 99" in wrong.text and 'id="goals-error"' in wrong.text
    assert "End &lt;b&gt;violence&lt;/b&gt; against women &amp; girls.</textarea>" in wrong.text
    given = {"sentence": WORDS, "language": "ar", "theme": "advancement-women", "goals": "5.2"}
    assert client.post(address, data=given).status_code == 302
    page = as_a(one_click, "trustee").get(f"/recommendations/letters/{newest()}?lang=en").text
    assert '<span lang="ar" dir="rtl">End &lt;b&gt;violence&lt;/b&gt; against women &amp; girls.</span>' in page
    assert "Advancement of women" in page and '<bdi dir="ltr">5.2</bdi>' in page
    assert "Note the area" not in page and "Withdraw" not in page  # who may not record is offered nothing
    assert client.post(f"/recommendations/letters/areas/{newest(LetterArea)}/withdraw").status_code == 302
    assert "No area is noted" in client.get(f"/recommendations/letters/{newest()}").text


def test_a_letter_that_is_withdrawn_gives_its_file_no_more(one_click: Flask) -> None:
    client = as_a(one_click, "desk-officer")
    sent(client, pdf())
    assert client.post(f"/recommendations/letters/{newest()}/withdraw").status_code == 302
    page = client.get(f"/recommendations/letters/{newest()}").text
    assert "This letter is withdrawn" in page and "Download the letter" not in page
    assert client.get(f"/recommendations/letters/{newest()}/file").status_code == 404
    client.post(f"/recommendations/letters/{newest()}/withdraw")
    assert "nothing can be done with it any more" in client.get(f"/recommendations/letters/{newest()}").text
    given = {"sentence": "x", "language": "en", "theme": ""}
    late = client.post(f"/recommendations/letters/{newest()}/areas", data=given)
    assert late.status_code == 422 and "nothing can be done with it any more" in late.text


def test_a_file_that_is_gone_is_said(one_click: Flask) -> None:
    client = as_a(one_click, "desk-officer")
    sent(client, pdf(b"% another\n"))
    row = the(newest()).row
    assert row.file_digest
    Files(Path(one_click.instance_path) / "files").path(row.file_digest).unlink()
    found = client.get(f"/recommendations/letters/{newest()}/file")
    assert found.status_code == 409 and "no longer where files are kept" in found.text


def test_who_sees_what(one_click: Flask) -> None:
    sent(as_a(one_click, "secretary"))
    key = newest()
    for role in ("field-officer", "auditor", "trustee"):
        client = as_a(one_click, role)
        assert client.get(f"/recommendations/letters/{newest()}").status_code == 200
        assert client.get(f"/recommendations/letters/{newest()}/file").status_code == 404  # it came without one
        closed = (f"letters/{key}/withdraw", "letters/areas/1/withdraw", f"letters/{key}/areas")
        for path in (*closed, "states/SVN/letters/new"):
            assert client.post(f"/recommendations/{path}").status_code == 403, (role, path)
    client = as_a(one_click, "secretary")
    for path in ("letters/999999", "letters/999999/file", "letters/999999/areas", "states/XXX/letters/new"):
        assert client.get(f"/recommendations/{path}").status_code == 404, path
    for path in ("letters/999999/withdraw", "letters/areas/999999/withdraw"):
        assert client.post(f"/recommendations/{path}").status_code == 404, path
    assert one_click.test_client().get(f"/recommendations/letters/{newest()}").status_code == 302


def test_the_page_of_a_letter_asks_little(one_click: Flask) -> None:
    client = as_a(one_click, "desk-officer")
    sent(client)
    counts = []
    for number in range(3):
        area(newest(), f"Area {number}", goals="5.2, 16")
        client.get(f"/recommendations/letters/{newest()}")
        with questions() as asked:
            assert client.get(f"/recommendations/letters/{newest()}").status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1 and counts[0] <= 8


def test_the_part_on_a_page_of_a_state(seeded: Flask) -> None:
    key = letter()
    area(key, theme="advancement-women", goals="5.2")
    part = '{% from "recommendations/_letters.html" import letters with context %}{{ letters("SVN", found, true) }}'
    with seeded.test_request_context("/?lang=en"):
        said = render_template_string(part, found=letters_of(db.session(), "SVN"))
        nothing = render_template_string(part, found=[])
    assert "Letter of 1 September 2025" in said and "<b>Advancement of women</b>" in said and "&lt;b&gt;" in said
    assert "No letter is recorded." in nothing and 'href="/recommendations/states/SVN/letters/new"' in nothing
