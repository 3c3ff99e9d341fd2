"""Sending a file of recommendations through the page: what is let in, what is shown, what somebody decides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from lists import CYCLE4, FIRST, SECOND, annotation, as_json, info, table, word, workbook
from sent import (
    FILES,
    alone,
    as_a,
    counts,
    found,
    is_kept,
    latest,
    page,
    post,
    report,
    send,
    stage,
    standing,
    take,
    take_in,
    thematic,
    work,
)

from fundapp.access.policy import Role
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES
from fundapp.recommendations.layouts import LAYOUTS
from fundapp.recommendations.models import Recommendation, Upload
from fundapp.recommendations.rules import Stage
from fundapp.recommendations.views import sending
from fundapp.recommendations.words import FATES, FIELDS
from fundapp.recommendations.words import LAYOUTS as NAMES

__all__ = ["alone"]  # a fixture
IMPORTS, SEND = "/recommendations/imports", "/recommendations/imports/send"


def uploads() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Upload)) or 0


# ------------------------------------------------------------------------------------------------- what is let in


def test_the_form_says_what_it_takes(demo: Flask) -> None:
    text = as_a(demo).get(SEND).text
    assert 'type="file"' in text and 'enctype="multipart/form-data"' in text
    assert all(f'<option value="{layout}"' in text for layout in LAYOUTS)
    assert '<option value="SVN">Slovenia</option>' in text


def test_every_layout_and_every_field_has_a_name() -> None:
    assert set(NAMES) >= set(LAYOUTS)
    assert set(FATES) and {"text", "position", "states"} <= set(FIELDS)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARY, Role.DESK_OFFICER}))
def test_nobody_else_sees_what_was_sent(demo: Flask, tmp_path: Path, role: Role) -> None:
    key = take_in(demo, as_a(demo), thematic(tmp_path / "a.docx"))
    client = as_a(demo, role)
    one = f"{IMPORTS}/{latest()}"
    for address in (
        IMPORTS,
        SEND,
        one,
        f"{one}/undo",
        *(f"{FILES}/{key}{end}" for end in ("", "/state", "/report.csv")),
    ):
        assert client.get(address).status_code == 403, address
    assert post(client, thematic(tmp_path / "b.docx", "140.9 Go on (Iceland);")).status_code == 403
    assert not is_kept(tmp_path / "b.docx")
    for address in (f"{FILES}/{key}/take", f"{FILES}/{key}/give-up", f"{one}/undo"):
        assert client.post(address).status_code == 403, address


def test_both_who_may_import_see_the_same(demo: Flask, tmp_path: Path) -> None:
    key = send(as_a(demo), thematic(tmp_path / "a.docx"))
    text = as_a(demo, "desk-officer").get(IMPORTS).text
    assert "Under way" in text and f"{FILES}/{key}" in text and "Tomás Aldana" in text


def test_a_file_that_is_none_is_said_at_the_field(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    empty, picture = tmp_path / "empty.csv", tmp_path / "picture.docx"
    empty.write_bytes(b"")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 900_000)
    cases: tuple[tuple[Path | None, str, str], ...] = (
        (None, "", "Choose a file."),
        (empty, "", "empty.csv is empty."),
        (picture, "", "picture.docx has none of the layouts that are known"),
        (empty, "folder/", "folder is a folder"),
    )
    for path, name, said in cases:
        answer = post(client, path, name)
        assert answer.status_code == 422 and said in answer.text
        assert answer.text.count('id="file-error"') == 1
    assert uploads() == 0 and not is_kept(picture)


def test_a_file_too_large_is_said_at_the_field(demo: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is read where the browser says how large it is, else when there is too much of it."""
    client, path = as_a(demo), info(tmp_path / "i.csv", *({"Text": f"Do {n}"} for n in range(40)))
    monkeypatch.setattr(sending, "LARGEST", 1000)
    answer = post(client, path)
    assert answer.status_code == 422 and "at most 1000 are taken" in answer.text
    monkeypatch.setattr(sending, "BESIDE", 100)
    answer = post(client, path)
    assert answer.status_code == 413 and "at most 1000 are taken" in answer.text
    assert 'id="file-error"' in answer.text and uploads() == 0 and not is_kept(path)


def test_a_disk_that_is_full_is_said(demo: Flask, tmp_path: Path) -> None:
    """As a folder that cannot be made is: nothing is kept, and the form is there again."""
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "files").write_text("in the way")
    answer = post(as_a(demo), thematic(tmp_path / "a.docx"))
    assert answer.status_code == 422 and "a.docx cannot be written" in answer.text and uploads() == 0


def test_large_files_are_let_in_here_and_nowhere_else(
    demo: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(demo.config, "MAX_CONTENT_LENGTH", 5000)
    path = info(tmp_path / "i.csv", *({"Text": f"Do {n}"} for n in range(100)))
    assert path.stat().st_size > 5000
    assert post(as_a(demo), path).status_code == 303
    assert post(as_a(demo, "auditor"), path).status_code == 413  # who may not send is not listened to for long
    assert post(demo.test_client(), path).status_code == 413
    assert as_a(demo).post(f"{FILES}/1/take", data={"seen": "x" * 9000}).status_code == 413


def test_what_is_typed_beside_the_file(demo: Flask, tmp_path: Path) -> None:
    client, path = as_a(demo), thematic(tmp_path / "a.docx", title="A list")
    for number, said in (("99", "Write the number of a session"), ("many", "Not a valid integer value")):
        answer = post(client, path, session=number)
        assert answer.status_code == 422 and said in answer.text and "<details" in answer.text
    assert post(client, path, state="XXX").status_code == 422
    assert post(client, path, layout="simore").status_code == 422
    assert post(client, path, language="xx").status_code == 422
    key = send(client, path, state="SVN", session="48")
    bare = send(client, path)
    assert bare != key and work(demo) == 2
    assert counts(key)[:2] == (2, 2)
    assert stage(bare) is Stage.REFUSED and "does not say whose review it is" in page(client, bare)


def test_names_from_elsewhere_are_kept_as_names(demo: Flask, tmp_path: Path) -> None:
    client, path = as_a(demo), thematic(tmp_path / "a.docx")
    name = "C:\\Users\\x\\..\\<b>قائمة</b>\u202e.docx"
    answer = post(client, path, name)
    key = int(answer.location.rpartition("/")[2])
    assert db.session.get_one(Upload, key).name == "b>\N{REPLACEMENT CHARACTER}.docx"
    again = post(client, path, "<b>قائمة.docx", good_rows="y")
    text = page(client, int(again.location.rpartition("/")[2]))
    assert "&lt;b&gt;قائمة.docx" in text and "<b>قائمة" not in text


def test_the_same_file_twice(demo: Flask, tmp_path: Path) -> None:
    client, path = as_a(demo), thematic(tmp_path / "a.docx")
    key = send(client, path)
    answer = post(as_a(demo, "desk-officer"), path)
    assert answer.location.endswith(f"/{key}") and uploads() == 1
    assert "This file was sent already" in as_a_follow(demo, path)
    work(demo)
    assert send(client, path) == key
    assert send(client, path, good_rows="y") != key  # other words: it is read for itself


def as_a_follow(demo: Flask, path: Path) -> str:
    client = as_a(demo)
    return client.get(post(client, path).location).text


# ----------------------------------------------------------------------------------------------------- what is shown


def test_the_preview(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    rows = ({"Text": "Do <b>it</b> & more", "Issue": "Right to health,Moon rights"}, {"Text": "x", "From": "Icelund"})
    key = send(client, info(tmp_path / "i.csv", *rows), good_rows="y")
    work(demo)
    text = page(client, key)
    assert counts(key) == (1, 1, 0, 0, 0, 1)
    assert "Row 3, column From: i.csv: “Icelund” is no State that is known here. The nearest: Iceland" in text
    assert "Do &lt;b&gt;it&lt;/b&gt; &amp; more" in text and "<b>it" not in text
    assert "1 label is no theme in use" in text and "Moon rights" in text and "Right to health" in text
    assert "Take in 1 recommendation" in text and "You asked for the good rows" in text
    assert "Slovenia" in text and "session 19" in text and "Supported" in text
    heading, good, wrong = report(client, key)
    assert heading == ["Row", "What becomes of it", "Recommendation", "Field", "Before", "After", "Fault"]
    assert (good[:2], wrong[:2], good[3:]) == (["2", "New"], ["3", "Wrong"], [""] * 4)
    assert good[2].startswith("upr-info:SVN:19:ISL:")
    assert wrong[2:6] == [""] * 4 and wrong[6].startswith("Row 3, column From: i.csv: “Icelund” is no State")


def test_a_wrong_row_keeps_the_file_out(demo: Flask, tmp_path: Path) -> None:
    client, path = as_a(demo), info(tmp_path / "i.csv", {"Text": "Do"}, {"Text": "x", "From": "Icelund"})
    key = send(client, path)
    work(demo)
    text = page(client, key)
    assert stage(key) is Stage.READ and "Take in" not in text and "not taken in while rows are wrong" in text
    assert "1 faults are in it" in take(client, key).text
    assert stage(key) is Stage.READ and work(demo) == 0
    good = take_in(demo, client, path, good_rows="y")
    assert standing() == 1 and "It is in the register" in page(client, good)


def test_more_faults_than_are_shown(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    key = send(client, info(tmp_path / "i.csv", *({"Text": "x", "From": "Icelund"} for _ in range(130))))
    work(demo)
    assert found(key)["wrong"] == 130 and len(found(key)["faults"]) == 100
    assert "These are the first 100 of 130" in page(client, key)
    assert len(report(client, key)) == 131


def test_changes_are_shown_field_by_field(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    take_in(demo, client, thematic(tmp_path / "a.docx"))
    first = FIRST[0].replace("Maldives", "France")
    key = send(client, thematic(tmp_path / "b.docx", first, "Noted"))
    work(demo)
    assert counts(key) == (2, 0, 1, 0, 1, 0)
    text = page(client, key)
    for before, after in (("Supported", "Noted"), ("Maldives;", "France;")):
        shown = rf"<del>{before}</del>.*?<ins>{after}</ins>"
        assert re.search(shown, text, re.DOTALL), (before, after)
    assert [line[1:6] for line in report(client, key) if line[1] == "Changed"] == [
        ["Changed", "140.7", "Position", "supported", "noted"],
        ["Changed", "140.7", "Recommending States", "MDV; PRT", "FRA; PRT"],
    ]
    assert "Apply 1 change<" in text
    assert "has nothing to take in" in take(client, key).text  # the register keeps what it has, and that is all
    take(client, key, apply=True)
    work(demo)
    assert stage(key) is Stage.TAKEN and standing() == 2


def test_changes_beside_what_is_new(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    take_in(demo, client, thematic(tmp_path / "a.docx"))
    third = ("140.9 Go on (Iceland);", *SECOND[1:])
    both = word(tmp_path / "b.docx", table(CYCLE4, (FIRST[0], "Noted", *FIRST[2:]), SECOND, third))
    key = send(client, both)
    work(demo)
    text = page(client, key)
    assert "Take in 1 recommendation<" in text and "Apply 1 change as well" in text
    take(client, key)
    work(demo)
    assert standing() == 3
    noted = sa.select(Recommendation.position).where(Recommendation.paragraph == "140.7", Recommendation.standing)
    assert db.session.scalars(noted).one() == "supported"


def test_a_further_language(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    take_in(demo, client, thematic(tmp_path / "a.docx"))
    key = send(client, thematic(tmp_path / "b.docx", "140.7 صدّق عليه (Maldives) (Portugal);"), language="ar")
    work(demo)
    assert counts(key)[3] == 2
    assert '<span lang="ar" dir="rtl">صدّق عليه</span>' in page(client, key)


REFUSED: tuple[tuple[str, str], ...] = (
    ("macros.docx", "has macros"),
    ("bomb.docx", "unpacks to far more than it holds"),
    ("formula.xlsx", "Row 2, column C: formula.xlsx: the cell holds a formula"),
    ("other.docx", "has no table of recommendations"),
    ("column.docx", "lacks a column"),
    ("broken.docx", "is broken, or is not the kind of file"),
    ("none.csv", "has no recommendations"),
)


def bad(folder: Path, name: str) -> Path:
    """A file that nothing can be taken from."""
    path = folder / name
    match path.stem:
        case "macros":
            return thematic(path, word__vbaProject_dot_bin="x")
        case "bomb":
            return thematic(path, word__media_dot_bin="0" * 60_000_000)
        case "formula":
            return workbook(path, {}, formula=True)
        case "other":
            return word(path, table(("Name", "Address"), ("x", "y")))
        case "column":
            return word(path, table(CYCLE4[:2], FIRST[:2]))
        case "broken":
            path.write_bytes(b"PK\x03\x04" + b"x" * 100)
            return path
        case _:
            return info(path)


@pytest.mark.parametrize(("name", "said"), REFUSED)
def test_what_cannot_be_read_is_refused_on_its_page(demo: Flask, tmp_path: Path, name: str, said: str) -> None:
    client = as_a(demo)
    key = send(client, bad(tmp_path, name))
    work(demo)
    text = page(client, key)
    assert stage(key) is Stage.REFUSED and said in text and "The file was refused" in text
    assert standing() == 0 and work(demo) == 0
    assert client.get(f"{FILES}/{key}/report.csv").status_code == 404
    assert "was refused or given up already" in take(client, key, seen="x").text
    assert "Came to nothing" in client.get(IMPORTS).text


def test_merged_cells_are_told_by_row(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    key = send(client, word(tmp_path / "a.docx", table(CYCLE4, FIRST, SECOND, merge="continue")))
    work(demo)
    assert "or a cell is merged with another" in page(client, key)


def test_the_index_comes_in_by_the_page_too(demo: Flask, tmp_path: Path) -> None:
    client = as_a(demo)
    take_in(demo, client, as_json(tmp_path / "u.json", annotation(), annotation(AnnotationId="b")))
    take_in(demo, client, workbook(tmp_path / "u.xlsx", {"Text": "Ratify."}))
    assert standing() == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_each_language(demo: Flask, tmp_path: Path, language: str) -> None:
    client = as_a(demo)
    key = take_in(demo, client, thematic(tmp_path / "a.docx"))
    read = send(client, thematic(tmp_path / "b.docx", position="Noted"))
    work(demo)
    one = f"{IMPORTS}/{latest()}"
    for address in (IMPORTS, SEND, one, f"{one}/undo", f"{FILES}/{key}", f"{FILES}/{read}"):
        answer = client.get(f"{address}?lang={language}")
        assert answer.status_code == 200 and f'<html lang="{language}"' in answer.text
    assert len(report(client, read, language)) == 3
