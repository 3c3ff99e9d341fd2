"""The dossier of one proposal as people fetch it: each as its reader may see it; and the command."""

from __future__ import annotations

import zipfile
from pathlib import Path

from calls import someone
from commands import Command, command
from dossiers import alone, browser, fetched, word
from flask import Flask
from proposing import (
    begun,
    complete,
    head,
    pages,
    returned,
    submitted,
    version_of,
    write,
    writer,
)
from visiting import as_a, statements

from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.operations import moving
from fundapp.proposals.queries.dossier import dossier_facts

__all__ = ["alone", "command"]  # fixtures


# -------------------------------------------------------------------------------------------------------- one dossier


def test_the_secretariat_reads_what_was_handed_in_and_the_office_what_it_writes(registered: Flask) -> None:
    found = returned()
    reference = found.reference
    write(found, {"context": {**pages()["context"], "problem": "Rewritten since."}})
    mine, theirs = fetched(browser(registered, writer()), reference), fetched(as_a(registered, "secretary"), reference)
    assert "Rewritten since." in mine and "Draft, not handed in" in mine
    assert "Rewritten since." not in theirs and "Reports come late." in theirs and "As handed in on" in theirs


def test_it_holds_what_the_proposal_says(registered: Flask) -> None:
    said = fetched(as_a(registered, "desk-officer"), submitted().reference)
    for text in (
        "A national mechanism that reports", "The Ministry of Justice.", "The Minister of Justice", "A trainer",
        "22\N{NO-BREAK SPACE}600.00", "2\N{NO-BREAK SPACE}600.00", "Elections", "ana@example.org",
        "Reports come in time.", "letter.pdf", "Fiji", "Small island developing State", "16.6", "Supported", "SHA-256",
    ):  # fmt: skip
        assert text in said, text


def test_both_forms_and_the_language_of_the_address(registered: Flask) -> None:
    client, reference = as_a(registered, "secretary"), submitted().reference
    made = client.get(f"/UPR/proposals/{reference}/dossier.pdf?language=ar")
    assert made.data.startswith(b"%PDF") and made.content_type == "application/pdf"
    assert f"UPR-{reference}-ar.pdf" in made.headers["Content-Disposition"]
    assert client.get(f"/UPR/proposals/{reference}/dossier.pdf?language=xx").status_code == 409
    for form in ("odt", "pdf.docx", "PDF"):
        assert client.get(f"/UPR/proposals/{reference}/dossier.{form}").status_code == 404
    for other in ("2031-1-999", "nothing", "2031-1-001'"):
        assert client.get(f"/UPR/proposals/{other}/dossier.pdf").status_code == 404


def test_nobody_beyond_the_office_has_a_dossier_of_a_draft(registered: Flask) -> None:
    draft = complete(office_code="PACIFIC").reference
    other = browser(registered, writer("WAFRICA"))
    for client in (as_a(registered, "secretary"), as_a(registered, "desk-officer"), other):
        assert client.get(f"/UPR/proposals/{draft}/dossier.pdf").status_code == 404
    assert as_a(registered, "trustee").get(f"/UPR/proposals/{draft}/dossier.pdf").status_code in (403, 404)


def test_a_dossier_asks_the_same_however_much_it_says(registered: Flask) -> None:
    found, counted = begun(), list[int]()
    lines = [{**pages()["budget"]["lines"][0], "id": f"B{n}"} for n in range(1, 80)]
    for many in (1, 80):
        write(found, {**pages(), "budget": {"lines": lines[:many]}})
        person = writer()
        assert person.grants
        with statements(registered) as asked:
            dossier_facts(db.session(), person, found, now())
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 20


# ---------------------------------------------------------------------------------------------------------- command


def test_the_command_writes_one_or_all(registered: Flask, tmp_path: Path, command: Command) -> None:
    reference = submitted("2031-1").reference
    db.session.remove()
    done = command(
        "dossier", "UPR", reference, "--language", "fr", "--format", "docx", "--output", tmp_path / "one.docx"
    )
    assert done.status == 0 and "Reports come late." in word((tmp_path / "one.docx").read_bytes())
    done = command("dossier", "UPR", "--call", "2031-1", "--format", "zip", "--output", tmp_path / "all.zip")
    assert done.status == 0
    assert zipfile.ZipFile(tmp_path / "all.zip").namelist() == [f"UPR-{reference}-en.pdf"]
    for words, status in (
        (("UPR", "2031-1-999"), 1), (("UPR",), 2), (("UPR", reference, "--call", "2031-1"), 2), (("XX", reference), 1),
        (("UPR", "--call", "2031-1"), 2), (("UPR", "--call", "2031-7", "--format", "zip"), 1),
        (("UPR", "--call", "2031-1", "--stage", "eligible", "--format", "zip"), 1),
        (("UPR", "--call", "2031-1", "--stage", "elegible", "--format", "zip"), 2),
    ):  # fmt: skip
        said = command("dossier", *words, "--output", tmp_path / "none")
        assert said.status == status and not (tmp_path / "none").exists(), words
        assert said.err and "Traceback" not in said.err


def test_the_version_number_is_on_the_second_edition(registered: Flask) -> None:
    found = returned()
    write(found, {"context": {**pages()["context"], "problem": "Rewritten since."}})
    with unit_of_work(head()) as unit:
        moving.submit_again(unit, found)
    facts = dossier_facts(db.session(), someone(Role.SECRETARY), found, now())
    assert facts.written.edition is not None and facts.written.edition.number == 2
    assert facts.whole["context"]["problem"] == "Rewritten since." and version_of(found, "context") > 1
