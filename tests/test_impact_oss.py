"""Recommendations as IMPACT OSS has them: its template and its lists, read by their headings; what is wrong by row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Command, command, everything
from flask import Flask
from lists import info, read
from plans import as_csv, as_xlsx

from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import About, incoming
from fundapp.recommendations.queries import Wanted, search
from fundapp.recommendations.rules import Mechanism, Position

__all__ = ["command"]  # a fixture
TEMPLATE = ("title", "reference", "accepted", "response")
LIST = (
    *("id", "reference", "title", "description", "support_level", "response", "human_rights_bodies", "upr_cycles"),
    *("recommending_states", "human_rights_issues", "affected_persons", "sdgs", "connected_actions"),
)
SLOVENIA = About("SVN")
ROW = {"title": "Ratify the protocol", "reference": "140.7", "accepted": "true", "response": "It is being prepared."}
LISTED = {
    "id": "17",
    "reference": "UPR4-140.8",
    "title": "Consider it",
    "support_level": "Noted",
    "human_rights_bodies": "Universal Periodic Review [UPR]",
    "upr_cycles": "Cycle 4 [4]",
    "recommending_states": "- Iceland [ISL]\n- Fiji [FJI]",
    "human_rights_issues": "- Right to health [health]\n- Something of our own",
    "affected_persons": "Children",
    "sdgs": "- 3 Good health [SDG 3]\n- 16.3 Rule of law",
    "connected_actions": "Train judges [12]",
}


def refused(work: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as found:
        work()
    return [fault.code for fault in found.value.faults]


def faults(path: Path, about: About = SLOVENIA) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.row, fault.column) for fault in read(path, about)[1].faults]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_its_template(tmp_path: Path, mark: str) -> None:
    explained = {"title": "Title | text (required)", "reference": "Reference | text (required)"}
    noted = {**ROW, "reference": "140.8", "accepted": "FALSE", "response": ""}
    path = as_csv(tmp_path / "r.csv", explained, ROW, noted, headings=TEMPLATE, mark=mark)
    assert recognise(incoming(path)) == "impact-oss"
    found, reading = read(path, SLOVENIA)
    assert (len(found), reading.left_out, list(reading.faults)) == (2, 1, [])
    one = found[0]
    assert (one.row, one.state, one.mechanism, one.paragraph) == (3, "SVN", Mechanism.UPR, "140.7")
    assert (one.texts, one.position, one.assessment) == (
        {"en": "Ratify the protocol"},
        Position.SUPPORTED,
        "It is being prepared.",
    )
    assert (found[1].position, found[1].position_source, one.cycle) == (Position.NOTED, "IMPACT OSS", None)


def test_its_list_with_categories(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "l.csv", LISTED, headings=LIST)
    assert recognise(incoming(path)) == "impact-oss"
    [one], reading = read(path, SLOVENIA)
    assert not reading.faults
    assert (one.mechanism, one.cycle, one.paragraph, one.position) == (Mechanism.UPR, 4, "140.8", Position.NOTED)
    assert (one.states, one.goals) == (("ISL", "FJI"), ("3", "16.3"))
    assert [label.text for label in one.themes] == ["Right to health", "Something of our own"]
    assert [label.code is None for label in one.themes] == [False, True]
    assert [label.text for label in one.persons] == ["Children"]


def test_other_mechanisms(tmp_path: Path) -> None:
    rows = [
        {**LISTED, "reference": "1", "human_rights_bodies": body, "upr_cycles": "", "support_level": ""}
        for body in (
            "Committee on the Elimination of Discrimination against Women [CEDAW]",
            "Special Rapporteur on water",
        )
    ]
    rows[1]["reference"] = "12 (a)"
    found, reading = read(as_csv(tmp_path / "l.csv", *rows, headings=LIST), SLOVENIA)
    assert not reading.faults
    assert [(one.mechanism, one.body, one.paragraph, one.cycle, one.position) for one in found] == [
        (Mechanism.TREATY_BODY, "CEDAW", "1", None, None),
        (Mechanism.SPECIAL_PROCEDURE, "Special Rapporteur on water", "12 (a)", None, None),
    ]


def test_the_state_of_the_row_or_the_one_given(tmp_path: Path) -> None:
    headings = (*TEMPLATE, "State")
    rows = ({**ROW, "State": "Fiji"}, {**ROW, "reference": "1.2"})
    path = as_csv(tmp_path / "r.csv", *rows, headings=headings)
    assert faults(path, About()) == [("impact.row-state", 3, "State")]
    assert faults(path, About("FJI")) == []
    assert [one.state for one in read(path, About("FJI"))[0]] == ["FJI", "FJI"]
    assert faults(path, SLOVENIA) == [("impact.other-state", 2, "State")]
    without = as_csv(tmp_path / "w.csv", ROW, headings=TEMPLATE)
    assert refused(lambda: read(without)) == ["impact.no-state"]


def test_the_session_that_is_given_says_the_cycle(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "r.csv", ROW, headings=TEMPLATE)
    [one], _ = read(path, About("SVN", 48))
    assert (one.cycle, one.session) == (4, 48)
    listed = as_csv(tmp_path / "l.csv", LISTED, headings=LIST)
    assert faults(listed, About("SVN", 34)) == [("recommendation.cycle", 2, "upr_cycles")]


@pytest.mark.parametrize(
    ("cell", "text", "code", "column"),
    [
        ("title", "", "recommendation.no-text", "title"),
        ("reference", "", "recommendation.empty", "reference"),
        ("reference", "x" * 41, "recommendation.cell-long", "reference"),
        ("support_level", "maybe", "recommendation.position", "support_level"),
        ("recommending_states", "Atlantis", "state.unknown", "recommending_states"),
        ("sdgs", "18", "recommendation.goal", "sdgs"),
        ("human_rights_bodies", "- CEDAW\n- CAT", "impact.bodies", "human_rights_bodies"),
    ],
)
def test_what_is_wrong_with_a_row(tmp_path: Path, cell: str, text: str, code: str, column: str) -> None:
    path = as_csv(tmp_path / "l.csv", {**LISTED, "reference": "1.1"}, {**LISTED, cell: text}, headings=LIST)
    assert faults(path) == [(code, 3, column)]
    assert len(read(path, SLOVENIA)[0]) == 1


def test_one_reference_twice(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "r.csv", ROW, ROW, headings=TEMPLATE)
    assert faults(path) == [("recommendation.twice", 3, None)]


def test_other_files(tmp_path: Path) -> None:
    assert recognise(incoming(info(tmp_path / "i.csv"))) == "upr-info"
    plain = as_csv(tmp_path / "p.csv", headings=("title", "reference"))
    assert refused(lambda: recognise(incoming(plain))) == ["layout.unrecognised"]
    lacking = as_csv(tmp_path / "x.csv", headings=("title", "accepted"))
    assert refused(lambda: read(lacking, SLOVENIA, "impact-oss")) == ["csv.column-missing"]
    latin = tmp_path / "latin.csv"
    latin.write_bytes("title,reference,accepted\nÉtat,1,true\n".encode("latin-1"))
    assert refused(lambda: read(latin, SLOVENIA)) == ["file.encoding"]


def test_a_workbook_made_of_it(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "r.xlsx", {**ROW, "accepted": True}, headings=TEMPLATE)
    [one], reading = read(path, SLOVENIA, "impact-oss")
    assert (one.paragraph, one.position, list(reading.faults)) == ("140.7", Position.SUPPORTED, [])
    formula = as_xlsx(tmp_path / "f.xlsx", ROW, headings=TEMPLATE, formula=True)
    assert refused(lambda: read(formula, SLOVENIA, "impact-oss")) == ["package.formula"]


def test_from_the_command_line_twice(seeded: Flask, command: Command, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "l.csv", {**LISTED, "title": "=Consider <b>it</b>"}, headings=LIST)
    assert command("import", "recommendations", path).status == 1
    said = command("import", "recommendations", path, "--state", "Slovenia")
    assert (said.status, said.err) == (0, "")
    assert "l.csv (impact-oss): 1 recommendations, 0 supported, 1 noted" in said.out
    before = everything()
    assert "0 were added, 1 there already" in command("import", "recommendations", path, "--state", "SVN").out
    assert everything() == before
    [one] = search(db.session(), Console(), Wanted(state="SVN"))
    assert one.text == "=Consider <b>it</b>"
