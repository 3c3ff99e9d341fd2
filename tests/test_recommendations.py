"""The register on both databases: a file goes in whole or not at all, twice adds nothing, and comes out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from commands import Command, command, everything
from flask import Flask
from lists import CYCLE4, FIRST, SECOND, annotation, as_json, info, sample, table, word

from conftest import vandal
from fundapp.access.operations import Anonymous, Console
from fundapp.access.policy import Refused
from fundapp.kernel import trail
from fundapp.kernel.base import Base
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults, Refusal
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.models import Recommendation, RecommendationLabel, RecommendationText
from fundapp.recommendations.operations import Outcome, import_file, undo_import
from fundapp.recommendations.queries import (
    Wanted,
    Which,
    count,
    evidence,
    imports,
    named_import,
    pointing,
    search,
    standing,
    stored,
    world,
)
from fundapp.recommendations.rules import Mechanism, Position, Reading, Tolerated
from fundapp.recommendations.rules.evidence import Strength

__all__ = ["command"]  # a fixture
ALL = Wanted()


def take(path: Path, *, apply: bool = False, good: bool = False, language: str = "en") -> Outcome:
    """Take a file in as the command line does."""
    file = incoming(path)
    reading = Reading(file.name, world(db.session(), language), Tolerated() if good else Faults())
    with unit_of_work(Console()) as work:
        return import_file(work, None, file, recognise(file), reading, apply_changes=apply)


def undo(number: int) -> int:
    with unit_of_work(Console()) as work:
        return undo_import(work, named_import(work.session, number))


def found(wanted: Wanted = ALL, **how: Any) -> list[tuple[str, str]]:
    """Paragraph and text of what stands."""
    listed = [(row.paragraph, row.text) for row in search(db.session(), Console(), wanted, **how)]
    db.session.remove()
    return listed


def thematic(path: Path, first: str = FIRST[0], position: str = "Supported", **word_parts: str) -> Path:
    return word(path, table(CYCLE4, (first, position, *FIRST[2:]), SECOND), **word_parts)


def holds() -> bool:
    _, problem = trail.verify(db.session())
    db.session.remove()
    return problem is None


def refused(work: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as error:
        work()
    db.session.remove()
    return [fault.code for fault in error.value.faults]


# ------------------------------------------------------------------------------------------------------ real files


@pytest.mark.parametrize(
    ("name", "rows", "supported", "noted"),
    [("ohchr_thematic_list_cycle4_SVN.docx", 254, 217, 37), ("upr_info_sessions_18-20.csv", 7984, 6094, 1890)],
)
def test_real_files_twice(seeded: Flask, command: Command, name: str, rows: int, supported: int, noted: int) -> None:
    said = command("import", "recommendations", sample(name))
    assert (said.status, said.err) == (0, "")
    assert f"{rows} recommendations, {supported} supported, {noted} noted, 0 pending." in said.out
    assert f"{rows} were added, 0 there already" in said.out
    before = everything()
    again = command("import", "recommendations", sample(name))
    assert (again.status, again.err) == (0, "")
    assert f"0 were added, {rows} there already" in again.out
    assert everything() == before
    assert count(db.session(), Console(), Wanted(position=Position.NOTED)) == noted
    assert holds()


# ------------------------------------------------------------------------------------------------ taking in, undoing


def test_what_is_stored_is_what_was_read(seeded: Flask, tmp_path: Path) -> None:
    path = thematic(tmp_path / "l.docx")
    take(path)
    known = standing(db.session(), ["upr:SVN:4:140.7"])["upr:SVN:4:140.7"]
    row = stored(db.session(), [known.id])[known.id]
    assert row.digest() == known.digest and known.number == known.id
    assert (set(row.states), set(row.goals), row.position) == ({"MDV", "PRT"}, {"3", "16"}, Position.SUPPORTED)
    [kept] = imports(db.session())
    assert (kept.name, kept.layout, kept.added, kept.changed, kept.by) == ("l.docx", "ohchr-list", 2, 0, str(Console()))
    assert kept.digest == incoming(path).digest()


def test_a_wrong_row_stores_nothing_unless_the_good_ones_are_asked_for(seeded: Flask, tmp_path: Path) -> None:
    path, before = info(tmp_path / "i.csv", {"Text": "Do"}, {"Text": "a", "From": "Atlantis"}), everything()
    assert refused(lambda: take(path)) == ["state.unknown"]
    assert everything() == before
    assert take(path, good=True).added == 1
    assert [text for _, text in found()] == ["Do"]


def test_a_file_without_recommendations_is_refused(seeded: Flask, tmp_path: Path) -> None:
    assert refused(lambda: take(info(tmp_path / "i.csv"))) == ["recommendation.no-rows"]


def test_a_change_is_told_and_applied_only_when_asked(seeded: Flask, tmp_path: Path) -> None:
    take(thematic(tmp_path / "a.docx"))
    changed = thematic(tmp_path / "b.docx", position="Noted")
    before = everything()
    told = take(changed)
    assert everything() == before
    [change] = told.changes
    assert [(d.field, d.before, d.after) for d in change.differences] == [("position", "supported", "noted")]
    applied = take(changed, apply=True)
    assert (applied.added, applied.same, applied.changed) == (0, 1, 1)
    assert count(db.session(), Console(), Wanted(position=Position.NOTED)) == 2
    assert count(db.session(), Console(), ALL) == 2
    assert take(changed).same == 2
    assert holds()


def test_others_point_at_the_first_version(seeded: Flask, tmp_path: Path) -> None:
    take(thematic(tmp_path / "a.docx"))
    [first, _] = [row.number for row in search(db.session(), Console(), ALL)]
    take(thematic(tmp_path / "b.docx", position="Noted"), apply=True)
    known = standing(db.session(), ["upr:SVN:4:140.7"])["upr:SVN:4:140.7"]
    assert known.number == first != known.id


def test_a_further_language_is_added(seeded: Flask, tmp_path: Path) -> None:
    take(thematic(tmp_path / "a.docx"))
    french = thematic(tmp_path / "b.docx", first=FIRST[0].replace("Ratify", "Ratifier"))
    outcome = take(french, language="fr")
    assert (outcome.translated, outcome.changed) == (2, 0)
    assert found(language="fr")[0][1].startswith("Ratifier") and found()[0][1].startswith("Ratify")
    again = take(french, language="fr")
    assert (again.same, again.import_id) == (2, None)
    assert take(thematic(tmp_path / "a.docx")).same == 2


def test_an_import_is_undone_as_a_whole_and_may_come_again(seeded: Flask, tmp_path: Path) -> None:
    path = thematic(tmp_path / "a.docx")
    number = take(path).import_id
    assert number and undo(number) == 2
    assert found() == []
    assert refused(lambda: undo(number)) == ["import.undone"]
    assert take(path).added == 2
    assert len(found()) == 2 and holds()


def test_what_a_change_replaced_stands_again_when_it_is_undone(seeded: Flask, tmp_path: Path) -> None:
    first = take(thematic(tmp_path / "a.docx")).import_id
    second = take(thematic(tmp_path / "b.docx", position="Noted"), apply=True).import_id
    assert first and second
    assert refused(lambda: undo(first)) == ["import.built-on"]
    undo(second)
    assert count(db.session(), Console(), Wanted(position=Position.NOTED)) == 1
    assert take(thematic(tmp_path / "a.docx")).same == 2
    undo(first)
    assert found() == []


def test_an_import_that_something_points_at_stays(seeded: Flask, tmp_path: Path) -> None:
    number = take(thematic(tmp_path / "a.docx")).import_id
    assert number and pointing(db.session(), named_import(db.session(), number)) is None
    first = search(db.session(), Console(), ALL)[0].number
    pointer = sa.Table("pointer", Base.metadata, sa.Column("of", sa.ForeignKey("recommendation.id")))
    try:
        with vandal() as connection:
            pointer.create(connection)
            connection.execute(sa.insert(pointer), {"of": first})
        assert refused(lambda: undo(number)) == ["import.in-use"]
    finally:
        with vandal() as connection:
            pointer.drop(connection)
        Base.metadata.remove(pointer)


def test_nobody_rewrites_the_register(seeded: Flask, tmp_path: Path) -> None:
    take(thematic(tmp_path / "a.docx"))
    rec, text, label = (kind.__table__ for kind in (Recommendation, RecommendationText, RecommendationLabel))
    for statement in (sa.update(rec).values(position="noted"), sa.update(text).values(text="x"), sa.delete(label)):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), vandal() as connection:
            connection.execute(statement)


def test_only_those_who_may_import(seeded: Flask, tmp_path: Path) -> None:
    file = incoming(thematic(tmp_path / "a.docx"))
    reading = Reading(file.name, world(db.session()), Faults())
    with pytest.raises(Refused), unit_of_work(Anonymous()) as work:
        import_file(work, None, file, "ohchr-list", reading)
    with pytest.raises(Refused):
        search(db.session(), Anonymous(), ALL)


# ----------------------------------------------------------------------------------------------- search and evidence


def test_search(seeded: Flask, tmp_path: Path) -> None:
    take(thematic(tmp_path / "a.docx"))
    texts = {"Text": "Garantir l'égalité à 100%", "From": "France"}, {"Text": "人权教育"}
    take(info(tmp_path / "i.csv", *texts, encoding="utf-8"))
    everything_else = [
        (Wanted(words="protocol RATIFY"), 1), (Wanted(words="egalite"), 1), (Wanted(words="人权教"), 1),
        (Wanted(words="教人"), 0), (Wanted(words="%"), 0), (Wanted(words="100%"), 1),
        (Wanted(state="SVN", cycle=4), 2), (Wanted(theme="right-education"), 1), (Wanted(goal=3), 2),
        (Wanted(goal=16), 1), (Wanted(recommending="FRA"), 1),
        (Wanted(mechanism=Mechanism.TREATY_BODY), 0), (Wanted(position=Position.NOTED), 1), (ALL, 4),
    ]  # fmt: skip
    for wanted, number in everything_else:
        assert (count(db.session(), Console(), wanted), len(found(wanted))) == (number, number), wanted
    assert found(limit=1, after=search(db.session(), Console(), ALL)[0].turn)[0][0] == "140.8"


def test_evidence(seeded: Flask, tmp_path: Path) -> None:
    given = [
        annotation(),
        annotation(AnnotationId="new", PublicationDate="2024-01-01", Body="SR on health", Sdgs=["3"]),
        annotation(AnnotationId="undated", PublicationDate=None, Themes=["Right to food"], Sdgs=["5.2"]),
        annotation(AnnotationId="else", Themes=["Right to food"], Sdgs=[]),
        annotation(AnnotationId="where", Countries=["Fiji"]),
        annotation(AnnotationId="review", Body="UPR", UprSession="48"),
    ]
    take(as_json(tmp_path / "j.json", *given))
    strong = Which(at_least=Strength.TARGET)  # whatever is related
    shown = evidence(db.session(), Console(), "SVN", ["right-health"], ["5.2"], which=strong)
    assert [(e.listed.body, e.themes, e.targets) for e in shown.matches] == [
        ("SR on health", ("right-health",), ()),
        ("CEDAW", ("right-health",), ("5.2",)),
        ("CEDAW", (), ("5.2",)),
    ]


# ------------------------------------------------------------------------------------------------- the command line


def test_what_the_command_says_of_wrong_rows(seeded: Flask, command: Command, tmp_path: Path) -> None:
    path = info(tmp_path / "i.csv", {"Text": "Do"}, {"Text": "a", "From": "Icelund"})
    said = command("import", "recommendations", path)
    assert (said.status, said.out) == (1, "")
    known = "“Icelund” is no State that is known here. The nearest: Iceland"
    assert said.err.startswith(f"Row 3, column From: i.csv: {known}")
    said = command("import", "recommendations", path, "--good-rows")
    assert said.status == 1 and known in said.err
    assert "1 were added, 0 there already, 0 in a further language, 0 changes not applied, 1 faults" in said.out


def test_a_dry_run_changes_nothing(seeded: Flask, command: Command, tmp_path: Path) -> None:
    before = everything()
    said = command("import", "recommendations", thematic(tmp_path / "a.docx"), "--dry-run")
    assert (said.status, said.err) == (0, "")
    assert "2 would be added" in said.out and said.out.endswith("Nothing was changed.\n")
    bad = command("import", "recommendations", info(tmp_path / "i.csv", {"Text": ""}), "--dry-run")
    assert bad.status == 1 and "has no text" in bad.err
    assert everything() == before


def test_changes_are_told_by_row(seeded: Flask, command: Command, tmp_path: Path) -> None:
    command("import", "recommendations", thematic(tmp_path / "a.docx"))
    changed = thematic(tmp_path / "b.docx", position="Noted")
    said = command("import", "recommendations", changed)
    assert said.status == 1
    assert said.out.startswith("Row 2 (140.7) changes position: supported -> noted\n")
    assert "1 changes not applied" in said.out
    said = command("import", "recommendations", changed, "--apply-changes")
    assert said.status == 0 and "1 changes applied" in said.out


def test_a_list_without_title_wants_state_and_session(seeded: Flask, command: Command, tmp_path: Path) -> None:
    path = thematic(tmp_path / "a.docx", title="A list")
    assert "does not say whose review it is" in command("import", "recommendations", path).err
    assert "is no session" in command("import", "recommendations", path, "--session", "99").err
    assert "is no State" in command("import", "recommendations", path, "--state", "Atlantis").err
    said = command("import", "recommendations", path, "--state", "Slovenia", "--session", "48")
    assert said.status == 0 and "2 were added" in said.out


def test_a_layout_may_be_named(seeded: Flask, command: Command, tmp_path: Path) -> None:
    said = command("import", "recommendations", thematic(tmp_path / "a.docx"), "--layout", "simore")
    assert (said.status, "There is no layout simore" in said.err) == (1, True)
    said = command("import", "recommendations", thematic(tmp_path / "a.docx"), "--layout", "upr-info")
    assert said.status == 1 and "lacks the column" in said.err
