"""Files of plans: what goes out comes in again unchanged, others' headings are read, what is wrong is named by row."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from commands import Command, command, everything, one_sentence, rows
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from plans import FULL, OWN, PLAIN, a_plan, as_csv, as_xlsx, content, listed, measure_id, register

from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults, Refusal
from fundapp.kernel.sheets import csv_text, read_csv
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.layouts.plan_files import (
    LAYOUTS,
    Link,
    Written,
    cells,
    field_of,
    headings,
    layout_of,
    progress_of,
    read_plan,
)
from fundapp.recommendations.layouts.sheet import bare
from fundapp.recommendations.models import Measure
from fundapp.recommendations.operations import compare, import_plan, withdraw_measure
from fundapp.recommendations.queries.plans import named_plan, plan_titled, shelf
from fundapp.recommendations.rules import Mechanism, Progress
from fundapp.recommendations.rules.plans import Doing, Placed, Shelf, one_line, tidy

__all__ = ["command"]  # a fixture
SHELF = Shelf([Placed(n, n, Mechanism.UPR, 4, "", f"140.{n}") for n in range(1, 401)])
ONE = {"Reference": "1", "Measure": "Train judges", "Recommendations": "140.7"}
SPANISH = ("Código", "Acción", "Institución responsable", "Fecha límite", "Estado de cumplimiento", "Recomendación")
MESSY = Doing("-1", "=1+1\n\n'=a", "@who", date(2027, 1, 1), '+3\nnot "so", but;so', Progress.IMPLEMENTED, "'x")


def refused(work: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as found:
        work()
    return [fault.code for fault in found.value.faults]


def read(path: Path, layout: str | None = None) -> tuple[list[Doing], list[tuple[int, ...]], Faults]:
    faults = Faults()
    found = read_plan(incoming(path), SHELF, faults, layout)
    return [row.doing for row in found.rows], [row.links for row in found.rows], faults


def wrong(path: Path) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.row, fault.column) for fault in read(path)[2]]


# ----------------------------------------------------------------------------------------------------- round trips


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_goes_out_comes_in_again(seeded: Flask, command: Command, tmp_path: Path, layout: str, kind: str) -> None:
    numbers = register(tmp_path / "r")
    key = a_plan(FULL, PLAIN, MESSY, links=list(numbers.values())[:-1])
    path, before = tmp_path / f"out.{kind}", content(key)
    said = command("plan", "export", "Slovenia", "--format", kind, "--layout", layout, "--output", path)
    assert (said.status, said.out) == (0, "")
    kept = everything()
    again = command("import", "plan", path, "--state", "SVN", "--plan", str(key))
    assert (again.status, again.err) == (0, ""), again
    assert f"out.{kind} ({layout}): 3 measures." in again.out
    assert "0 were added, 3 there already, 0 changes not applied, 0 faults, 0 rows left out." in again.out
    assert everything() == kept
    fresh = command("import", "plan", path, "--state", "SVN", "--title", "A copy")
    assert fresh.status == 0 and "3 were added" in fresh.out
    copy = plan_titled(db.session(), "SVN", "A copy")
    assert copy and content(copy.id) == before


LINES = st.text(max_size=60)


@given(text=LINES, indicator=LINES, who=LINES, layout=st.sampled_from(list(LAYOUTS)))
def test_any_text_comes_in_as_it_went_out(text: str, indicator: str, who: str, layout: str) -> None:
    doing = Doing("1", tidy(text) or "x", one_line(who), None, tidy(indicator))
    sent = csv_text(headings(layout), [cells(Written(doing), layout)])
    [row] = read_csv(sent.encode("utf-8"), "f").rows
    fields = {field_of(heading): bare(cell) for heading, cell in row.cells.items()}
    back = "\n".join(part for part in (fields.get("title"), fields["text"]) if part)
    assert (tidy(back), tidy(fields["indicator"]), one_line(fields["responsible"])) == (
        doing.text,
        doing.indicator,
        doing.responsible,
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_recommendations_of_a_whole_cycle_fit_in_a_cell(tmp_path: Path, layout: str) -> None:
    found = Written(PLAIN, tuple(Link(f"140.{n} (cycle 4)", n, "word " * 40) for n in range(1, 401)))
    path = tmp_path / "p.csv"
    path.write_text(csv_text(headings(layout), [cells(found, layout)]), "utf-8")
    _, links, faults = read(path)
    assert links == [tuple(range(1, 401))] and not faults


# -------------------------------------------------------------------------------------------------- others' headings


def test_headings_in_six_languages() -> None:
    for heading, field in {
        "Institución Responsable": "responsible", "ÉCHÉANCE": "due", "Рекомендации": "links", "建议": "links",
        "الموعد النهائي": "due", "connected_upr_recommendations": "links", "target_date": "due", "Notes": None,
        "N.º de acción": "reference", "Lead institutions": "responsible",
    }.items():  # fmt: skip
        assert field_of(heading) == field, heading


def test_progress_in_six_languages() -> None:
    assert {progress_of(word) for word in ("En curso", "выполняется", "进行中", "قيد التنفيذ", "In progress")} == {
        Progress.UNDER_WAY
    }
    assert progress_of("perhaps") is None
    for layout in LAYOUTS.values():
        assert all(progress_of(word) is one for one, word in layout.progress.items())


def test_each_layout_is_known_by_its_headings() -> None:
    assert {name: layout_of(headings(name)) for name in LAYOUTS} == {name: name for name in LAYOUTS}


def test_a_spanish_sheet(tmp_path: Path) -> None:
    row = {
        "Código": "A-1", "Acción": "Capacitar", "Institución responsable": "Ministerio", "Fecha límite": "31/12/2027",
        "Estado de cumplimiento": "en proceso", "Recomendación": "Ciclo 4: 140.7",
    }  # fmt: skip
    path = as_csv(tmp_path / "s.csv", row, headings=SPANISH, mark="\ufeff")
    doings, links, faults = read(path)
    assert not faults and links == [(7,)]
    assert doings == [Doing("A-1", "Capacitar", "Ministerio", date(2027, 12, 31), "", Progress.UNDER_WAY)]


def test_rows_of_one_measure_for_each_recommendation_are_one_measure(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "p.csv", ONE, {**ONE, "Recommendations": "140.8"})
    assert read(path)[1] == [(7, 8)]
    other = as_csv(tmp_path / "o.csv", ONE, {**ONE, "Measure": "Something else"})
    assert wrong(other) == [("measure.twice", 3, None)]


def test_a_list_of_actions_of_impact_oss(tmp_path: Path) -> None:
    columns = ("id", "title", "description", "target_date", "organisations", "created_at", "connected_recommendations")
    row = {
        "id": "12", "title": "Train judges", "description": "All of them", "target_date": "2027-01-31",
        "organisations": "- Ministry of Justice [MoJ]\n- Courts", "created_at": "20260101-000000",
        "connected_recommendations": "- Do this, and that [140.7]\n- Do more [140.8]",
    }  # fmt: skip
    found = read_plan(incoming(as_csv(tmp_path / "a.csv", row, headings=columns)), SHELF, Faults())
    assert (found.layout, found.unread) == ("impact-oss", ("created_at",))
    assert found.rows[0].doing == Doing(
        "12", "Train judges\nAll of them", "Ministry of Justice [MoJ]; Courts", date(2027, 1, 31)
    )
    assert found.rows[0].links == (7, 8)


def test_the_template_of_impact_oss(tmp_path: Path) -> None:
    columns = ("title", "description", "target_date", "target_date_comment")
    explained = {"title": "Title | text (required)", "target_date": "Target Date | date"}
    path = as_csv(tmp_path / "a.csv", explained, {"title": "Train judges"}, headings=columns)
    found = read_plan(incoming(path), SHELF, Faults())
    assert (found.layout, len(found.rows), found.left_out) == ("impact-oss", 1, 1)
    assert found.rows[0].doing.reference == ""


def test_a_workbook_with_dates_and_numbers(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "p.xlsx", {**ONE, "Reference": 7, "Due": date(2027, 6, 30)}, {}, {**ONE, "Due": 46000})
    doings, _, faults = read(path)
    assert not faults
    assert [(one.reference, one.due) for one in doings] == [("7", date(2027, 6, 30)), ("1", date(2025, 12, 9))]


# ------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        ("Measure", "", "measure.no-text"),
        ("Measure", "x" * 4001, "measure.long"),
        ("Responsible", "x" * 301, "measure.long"),
        ("Due", "2027-02-30", "measure.due"),
        ("Due", "soon", "measure.due"),
        ("Progress", "perhaps", "measure.progress"),
        ("Recommendations", "140.999", "measure.no-recommendation"),
        ("Recommendations", "A/HRC/1/1 9.9", "measure.no-recommendation"),
    ],
)
def test_what_is_wrong_with_a_row(tmp_path: Path, cell: str, text: str, code: str) -> None:
    good = {**ONE, "Reference": "0", "Indicator": "one\ntwo\nthree"}
    path = as_csv(tmp_path / "p.csv", good, {**ONE, cell: text})
    assert wrong(path) == [(code, 3, cell)]
    assert len(read(path)[0]) == 1


def test_files_that_are_none(tmp_path: Path) -> None:
    assert refused(lambda: read(as_csv(tmp_path / "a.csv", headings=("Reference", "Due")))) == ["plan.no-column"]
    assert refused(lambda: read(as_csv(tmp_path / "b.csv", headings=("Action", "Activity")))) == ["plan.columns"]
    assert refused(lambda: read(as_csv(tmp_path / "c.csv", ONE), "other")) == ["layout.unknown"]
    assert refused(lambda: read(as_xlsx(tmp_path / "d.xlsx", ONE, formula=True))) == ["package.formula"]
    path = tmp_path / "latin.csv"
    path.write_bytes("Measure\nÉtat\n".encode("latin-1"))
    assert refused(lambda: read(path)) == ["file.encoding"]
    for name, parts in {
        "macro.xlsx": {"xl/workbook.xml": b"", "xl/vbaProject.bin": b""},
        "word.xlsx": {"word/document.xml": b""},
        "bomb.xlsx": {"xl/workbook.xml": b"0" * 20 * 1024**2},
    }.items():
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as package:
            for part, held in parts.items():
                package.writestr(part, held)
    assert refused(lambda: read(tmp_path / "macro.xlsx")) == ["package.macros"]
    assert refused(lambda: read(tmp_path / "word.xlsx")) == ["package.broken"]
    assert refused(lambda: read(tmp_path / "bomb.xlsx")) == ["package.swells"]
    (tmp_path / "empty.csv").write_bytes(b"")
    assert refused(lambda: read(tmp_path / "empty.csv")) == ["csv.empty"]
    many = as_csv(tmp_path / "m.csv", *({"Measure": f"{n}"} for n in range(5_001)))
    assert refused(lambda: read(many)) == ["csv.rows"]
    wide = as_xlsx(tmp_path / "w.xlsx", {**ONE, "Extra": "x"}, headings=(*OWN, "", "Extra"))
    assert refused(lambda: read(wide)) == ["csv.heading-empty"]


# ---------------------------------------------------------------------------------------------------- taking it in


def test_a_file_begins_a_plan_and_twice_adds_nothing(seeded: Flask, command: Command, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    path = as_csv(tmp_path / "My plan.csv", {**ONE, "Recommendations": "140.8; 140.9"}, {"Measure": "No reference"})
    dry = command("import", "plan", path, "--state", "Slovenia", "--dry-run")
    assert dry.status == 0 and "2 would be added" in dry.out and dry.out.endswith("Nothing was changed.\n")
    assert plan_titled(db.session(), "SVN", "My plan") is None
    assert command("import", "plan", path, "--state", "Slovenia").status == 0
    plan = plan_titled(db.session(), "SVN", "My plan")
    assert plan and plan.source == "My plan.csv"
    key = plan.id
    assert content(key) == [
        (Doing("1", "Train judges"), (numbers["4 140.8"], numbers["4 140.9"])),
        (Doing("2", "No reference"), ()),
    ]
    before = everything()
    again = command("import", "plan", path, "--state", "Slovenia")
    assert again.status == 0 and "0 were added, 2 there already" in again.out
    assert everything() == before


def test_a_change_is_told_and_applied_only_when_asked(seeded: Flask, command: Command, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key = a_plan(FULL, links=[numbers["4 140.8"]])
    row = {"Reference": "1.1", "Measure": FULL.text, "Due": "2028-01-01", "Recommendations": "140.9", "Progress": ""}
    path = as_csv(tmp_path / "p.csv", row, headings=("Reference", "Measure", "Due", "Recommendations", "Progress"))
    before = everything()
    told = command("import", "plan", path, "--state", "SVN", "--plan", str(key))
    assert told.status == 1
    assert (
        "Row 2 (1.1) changes due: 2027-06-30 -> 2028-01-01; links: A/HRC/59/15 140.8 -> A/HRC/59/15 140.9" in told.out
    )
    assert everything() == before
    assert command("import", "plan", path, "--state", "SVN", "--plan", str(key), "--apply-changes").status == 0
    # columns that the file lacks, and a progress that it does not say, stay as they were
    assert content(key) == [(replace(FULL, due=date(2028, 1, 1)), (numbers["4 140.9"],))]


def test_a_wrong_row_stores_nothing_unless_the_good_ones_are_asked_for(
    seeded: Flask, command: Command, tmp_path: Path
) -> None:
    register(tmp_path / "r")
    path = as_csv(
        tmp_path / "p.csv", {**ONE, "Recommendations": "140.8"}, {"Reference": "2", "Measure": "x", "Due": "y"}
    )
    before = everything()
    said = command("import", "plan", path, "--state", "SVN", "--title", "T")
    assert said.status == 1 and "Row 3, column Due" in one_sentence(said)
    assert everything() == before
    good = command("import", "plan", path, "--state", "SVN", "--title", "T", "--good-rows")
    assert good.status == 1 and "1 were added" in good.out
    plan = plan_titled(db.session(), "SVN", "T")
    assert plan and len(listed(plan.id)) == 1


def test_a_withdrawn_measure_comes_back_with_a_file(seeded: Flask, tmp_path: Path) -> None:
    key = a_plan(PLAIN)
    number = measure_id(key, "1.2")
    with unit_of_work(Console()) as work:
        withdraw_measure(work, work.session.get_one(Measure, number))
    path = as_csv(tmp_path / "p.csv", {"Reference": "1.2", "Measure": "Again"})
    faults, known = Faults(), shelf(db.session(), "SVN")
    found = read_plan(incoming(path), known, faults)
    with unit_of_work(Console()) as work:
        outcome = import_plan(work, named_plan(work.session, key), found, faults, known)
    assert len(outcome.added) == 1 and content(key) == [(Doing("1.2", "Again"), ())]


def test_what_is_done_is_what_was_shown(seeded: Flask, tmp_path: Path) -> None:
    key = a_plan(PLAIN)
    path, known = as_csv(tmp_path / "p.csv", {"Reference": "1.2", "Measure": "Otherwise"}), Shelf([])
    found = read_plan(incoming(path), known, Faults())
    seen = compare(db.session(), key, found.rows, known).mark()
    number = measure_id(key, "1.2")
    with unit_of_work(Console()) as work:
        withdraw_measure(work, work.session.get_one(Measure, number))
    before = everything()

    def take() -> None:
        with unit_of_work(Console()) as work:
            import_plan(work, named_plan(work.session, key), found, Faults(), known, apply_changes=True, seen=seen)

    assert refused(take) == ["plan.shown-otherwise"]
    db.session.remove()
    assert everything() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "export", "999999999"), "There is no plan 999999999."),
        (("plan", "export", "Atlantis"), "“Atlantis” is no State that is known here."),
        (("plan", "export", "Fiji"), "Fiji has no plan."),
        (("plan", "export", "SVN"), "Slovenia has more than one plan. Name one by its number:"),
    ],
)
def test_a_plan_that_cannot_be_told(seeded: Flask, command: Command, words: tuple[str, ...], said: str) -> None:
    a_plan(PLAIN)
    a_plan(title="Another")
    found = command(*words)
    assert found.status == 1 and said in one_sentence(found)


def test_misuse(seeded: Flask, command: Command, tmp_path: Path) -> None:
    key, path = a_plan(PLAIN, state="FJI"), as_csv(tmp_path / "p.csv", ONE)
    assert command("import", "plan", path).status == 2
    assert command("import", "plan", path, "--state", "SVN", "--title", "T", "--plan", "1").status == 2
    assert command("import", "plan", path, "--state", "SVN", "--layout", "other").status == 2
    other = command("import", "plan", path, "--state", "SVN", "--plan", str(key))
    assert other.status == 1 and "of another State than Slovenia" in one_sentence(other)
    empty = command("import", "plan", as_csv(tmp_path / "e.csv"), "--state", "SVN", "--title", "Empty")
    assert empty.status == 1 and "has no measures" in one_sentence(empty)
    assert plan_titled(db.session(), "SVN", "Empty") is None


def test_an_export_on_the_terminal_is_csv(seeded: Flask, command: Command) -> None:
    a_plan(FULL)
    said = command("plan", "export", "SVN")
    [row] = rows(said.out.removeprefix("\ufeff"))
    assert (row["Reference"], row["Due"], row["Progress"]) == ("1.1", "2027-06-30", "Under way")
