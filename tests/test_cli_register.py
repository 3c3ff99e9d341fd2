"""`fundapp recommendations …` on both databases."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from commands import Command, command, everything, rows
from flask import Flask
from pypdf import PdfReader

__all__ = ["command"]  # a fixture


def test_a_list_has_what_is_asked_for(registered: Flask, command: Command) -> None:
    said = command("recommendations", "list", "--state", "Fiji", "--cycle", "4", "--position", "noted")
    assert (said.status, said.err) == (0, "")
    assert [row["Paragraph"] for row in rows(said.out)] == ["139.10", "139.11", "139.15"]
    french = command("recommendations", "list", "--by", "TGO", "--language", "fr")
    [row] = rows(french.out)
    assert "Créer un mécanisme national permanent" in row.values().__str__()
    assert rows(command("recommendations", "list", "--words", "drinking water").out)[0]["Paragraph"] == "139.12"


def test_a_list_as_a_workbook(registered: Flask, command: Command, tmp_path: Path) -> None:
    path = tmp_path / "l.xlsx"
    said = command("recommendations", "list", "--format", "xlsx", "--output", path)
    assert said.status == 0 and path.read_bytes().startswith(b"PK")


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_documents(registered: Flask, command: Command, tmp_path: Path, language: str) -> None:
    for words in (("matrix", "Fiji", "--cycle", "4"), ("trend", "FJI")):
        for kind in ("pdf", "docx"):
            path = tmp_path / f"{words[0]}.{kind}"
            given = ("--language", language, "--format", kind, "--output", path)
            assert command("recommendations", *words, *given).status == 0
            if kind == "pdf":
                assert len(PdfReader(io.BytesIO(path.read_bytes())).pages) > 1
            else:
                assert path.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("matrix", "Fiji", "--cycle", "1"), "has no recommendations of the review of FJI for that cycle (1)"),
        (("trend", "Slovenia"), "has no recommendations of the review of SVN"),
        (("matrix", "Fijji", "--cycle", "4"), "“Fijji” is no State that is known here. The nearest: Fiji"),
        (("list", "--state", "Atlantis"), "“Atlantis” is no State"),
        (("evidence", "999"), "999"),
        (("evidence", "27"), "these are of another mechanism: 27"),
        (("undo", "99"), "There is no import 99"),
        (("undo", "1"), "cannot be undone"),
    ],
)
def test_what_is_refused(registered: Flask, command: Command, words: tuple[str, ...], said: str) -> None:
    before = everything()
    found = command("recommendations", *words)
    assert (found.status, found.out) == (1, "") and said in found.err
    assert everything() == before


def test_misuse(registered: Flask, command: Command) -> None:
    for words in (("matrix", "Fiji"), ("matrix", "Fiji", "--cycle", "9"), ("evidence",), ("undo", "x")):
        assert command("recommendations", *words).status == 2, words


def test_evidence_says_how_it_was_found(registered: Flask, command: Command) -> None:
    found = rows(command("recommendations", "evidence", "5").out)
    assert found[0]["Symbol"] == "DEMO/CEDAW/FJI/1" and found[0]["Strength"] == "Same theme and SDG target"
    assert found[0]["How it was found"].startswith("Same theme: ")
    assert not [row for row in found if "temporary special measures" in row["Text"]]  # a person rejected it


def test_an_import_is_undone(registered: Flask, command: Command) -> None:
    listed = command("recommendations", "imports").out
    assert [line.split()[0] for line in listed.splitlines()] == ["3", "2", "1"]
    assert command("recommendations", "undo", "3").out == "Import 3 is undone: 6 recommendations no longer stand.\n"
    assert "undone" in command("recommendations", "imports").out.splitlines()[0]
    assert "Senegal" not in command("recommendations", "list").out
