"""Search and lists over the register on both databases: what is found, in what order, by how many questions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from lists import CYCLE4, FIRST, annotation, as_json, info, table, word

from conftest import admin, postgresql_app, sqlite_app, vandal
from conftest import wanted as wanted_databases
from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults
from fundapp.kernel.work import NoWork, unit_of_work
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.models import TEXT
from fundapp.recommendations.operations import import_file, undo_import
from fundapp.recommendations.queries import Wanted, count, named_import, search, world
from fundapp.recommendations.rules import Mechanism, Position, Reading, Recommended, searchable, sought, turn, year_of
from fundapp.reference.operations import load

SR = "SR on housing"


def take(path: Path, *, apply: bool = False, language: str = "en") -> int | None:
    file = incoming(path)
    reading = Reading(file.name, world(db.session(), language), Faults())
    with unit_of_work(Console()) as work:
        return import_file(work, None, file, recognise(file), reading, apply_changes=apply).import_id


def texts(wanted: Wanted, **how: Any) -> list[str]:
    """What is found, and that the count agrees."""
    found = [row.text for row in search(db.session(), Console(), wanted, **how)]
    assert count(db.session(), Console(), wanted) == len(found) or how
    db.session.remove()
    return found


def said(path: Path, *found: str, language: str = "en") -> None:
    """Take in recommendations with these words."""
    take(as_json(path, *(annotation(AnnotationId=f"{path.stem}{n}", Text=t) for n, t in enumerate(found))),
         language=language)  # fmt: skip


@contextmanager
def asked() -> Iterator[list[str]]:
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        found.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


# ------------------------------------------------------------------------------------------------------------ words


def test_words_are_found_by_their_beginning_all_in_one_text(seeded: Flask, tmp_path: Path) -> None:
    said(tmp_path / "a.json", "Consider the ratification", "Ratify treaties now", "Stop it")
    assert texts(Wanted(words="ratif")) == ["Consider the ratification", "Ratify treaties now"]
    assert texts(Wanted(words="RATIFY Treat")) == ["Ratify treaties now"]
    assert texts(Wanted(words="atify")) == []
    assert texts(Wanted(words="ratif stop")) == []
    # in two languages of one recommendation, the words are in no text together
    said(tmp_path / "a.json", "Envisager la ratification", "Ratifier maintenant", "Arrêter", language="fr")
    assert texts(Wanted(words="consider envisager")) == []
    assert texts(Wanted(words="arret"), language="fr") == ["Arrêter"]
    assert len(texts(Wanted(words="ratif"))) == 2  # once, though found in both


@pytest.mark.parametrize(
    ("word", "found"),
    [("حقوق", 2), ("الحقوق", 2), ("والحقوق", 2), ("للحقوق", 2), ("حقو", 2), ("التعليم", 1), ("تعليم", 1), ("قوق", 0)],
)
def test_arabic_is_found_with_its_article_and_without(seeded: Flask, tmp_path: Path, word: str, found: int) -> None:
    said(tmp_path / "a.json", "تعزيز الحقوق", "احترام حقوق الإنسان والتعليم", language="ar")
    assert len(texts(Wanted(words=word))) == found


@pytest.mark.parametrize(
    ("word", "found"), [("人权", 1), ("人权教育", 1), ("权", 1), ("育", 1), ("教人", 0), ("死刑", 0)]
)
def test_chinese_is_found_by_pairs_of_signs(seeded: Flask, tmp_path: Path, word: str, found: int) -> None:
    said(tmp_path / "a.json", "促进人权教育", language="zh")
    assert len(texts(Wanted(words=word))) == found


TYPED = (
    '"ratify treaties"', "ratify*", "(ratify)", "search:ratify", "recommendation_words:ratify", "^ratify", "+ratify",
    "ratify AND treaties", "NEAR(ratify treaties)", "-ratify", "ratify'", "ratify;--", "ratify:*", "ratify & !treaties",
    "{ratify}", "\\ratify", "ratify | treaties", "%ratify%", "rat\0ify", "ratify\"", "'ratify':*A", "_ratify_",
)  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_typed_is_data(seeded: Flask, tmp_path: Path, typed: str) -> None:
    """Only its letters and figures are asked for: AND and NEAR are words like others, and in no text here."""
    said(tmp_path / "a.json", "Ratify the treaties", "Stop it")
    plain = [
        word for word in sought(typed) if word not in ("and", "near", "search", "a", "rat", "ify", "recommendation")
    ]
    expected = sought(typed) in (["ratify"], ["ratify", "treaties"]) and len(plain) > 0
    assert texts(Wanted(words=typed)) == (["Ratify the treaties"] if expected else [])


@pytest.mark.parametrize("typed", ["", "  "])
def test_blanks_ask_for_nothing(seeded: Flask, tmp_path: Path, typed: str) -> None:
    said(tmp_path / "a.json", "Ratify the treaties", "Stop it")
    assert len(texts(Wanted(words=typed))) == 2


@pytest.mark.parametrize("typed", ["%", '"', "*", "()", ":", "'", "\\", "\0", "-", "_", "''''", "☃"])
def test_signs_alone_are_in_no_text(seeded: Flask, tmp_path: Path, typed: str) -> None:
    said(tmp_path / "a.json", "Ratify the treaties", "Stop it")
    assert texts(Wanted(words=typed)) == []


def test_words_without_end_are_cut(seeded: Flask, tmp_path: Path) -> None:
    said(tmp_path / "a.json", "a" * 5_000 + "b", "Stop it")
    assert len(texts(Wanted(words="a" * 5_000))) == 1
    assert texts(Wanted(words=f"{'a' * 59}b")) == []
    assert texts(Wanted(words=" ".join(f"w{n}" for n in range(2_000)))) == []


def test_a_paragraph_and_a_symbol_are_looked_for_as_such(seeded: Flask, tmp_path: Path) -> None:
    rows = [(f"140.{n} Do it {n} (Spain);\nSource of Position: A/HRC/59/15/Add.1", *FIRST[1:]) for n in (7, 77, 8)]
    take(word(tmp_path / "a.docx", table(CYCLE4, *rows)))
    said(tmp_path / "a.json", "In 140.7 words")
    assert texts(Wanted(words="140.7")) == ["Do it 7", "Do it 77"]
    assert texts(Wanted(words="140.77")) == ["Do it 77"]
    assert texts(Wanted(words="a/hrc/59/15")) == ["Do it 7", "Do it 77", "Do it 8"]
    assert texts(Wanted(words="A/HRC/59/1")) == ["Do it 7", "Do it 77", "Do it 8"]
    assert texts(Wanted(words="CEDAW/C/SVN/CO/7")) == ["In 140.7 words"]
    assert texts(Wanted(words="CEDAW/C/SVN/CO/7 nothing")) == []
    assert texts(Wanted(words="140.8 A/HRC/59 do")) == ["Do it 8"]
    assert texts(Wanted(words="A/HRC/%")) == [] and texts(Wanted(words="HIV/AIDS")) == []


def test_what_fell_is_not_found(seeded: Flask, tmp_path: Path) -> None:
    first = take(as_json(tmp_path / "a.json", annotation(Text="Ratify it")))
    second = take(as_json(tmp_path / "b.json", annotation(Text="Sign it", Themes=["Right to food"])), apply=True)
    assert (texts(Wanted(words="ratify")), texts(Wanted(words="sign"))) == ([], ["Sign it"])
    assert (texts(Wanted(theme="right-health")), texts(Wanted(theme="right-food"))) == ([], ["Sign it"])
    for number, found in ((second, ["Ratify it"]), (first, [])):
        assert number
        with unit_of_work(Console()) as work:
            undo_import(work, named_import(work.session, number))
        assert texts(Wanted(words="ratify")) == texts(Wanted(theme="right-health")) == found
        assert texts(Wanted(words="sign")) == texts(Wanted(theme="right-food")) == []


# ------------------------------------------------------------------------------------------------------------ lists


def some(tmp_path: Path) -> None:
    """Recommendations of several years, States and mechanisms, two of a year and State."""
    given = [
        annotation(AnnotationId="a", Text="old", PublicationDate="2009-05-01"),
        annotation(AnnotationId="b", Text="no year", PublicationDate=None, Body=SR),
        annotation(AnnotationId="c", Text="new of Togo", PublicationDate="2023-01-01", Countries=["Togo"]),
        annotation(AnnotationId="d", Text="new", PublicationDate="2023-12-31", Sdgs=["5.2", "5.1", "16"]),
        annotation(AnnotationId="e", Text="new too", PublicationDate="2023-06-30", Sdgs=["5"], AffectedPersons=[]),
    ]  # fmt: skip
    take(as_json(tmp_path / "j.json", *given))
    take(info(tmp_path / "i.csv", {"Text": "of 2014", "From": "Spain"}, {"Text": "of 2016", "Session": "26"}))


ORDER = ["new", "new too", "new of Togo", "of 2016", "of 2014", "old", "no year"]


def test_the_newest_year_comes_first_then_states_then_as_taken_in(seeded: Flask, tmp_path: Path) -> None:
    some(tmp_path)
    assert texts(Wanted()) == ORDER


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(state="SVN"), [text for text in ORDER if text != "new of Togo"]),
        (Wanted(state="TGO", theme="right-health"), ["new of Togo"]),
        (Wanted(theme="right-health"), ORDER),
        (Wanted(theme="right-food"), []),
        (Wanted(persons="Women & girls"), ["new", "new of Togo", "old", "no year"]),
        (Wanted(persons="right-health"), []),
        (Wanted(goal=5), ["new", "new too", "new of Togo", "old", "no year"]),
        (Wanted(goal=5, persons="Women & girls", year_from=2010), ["new", "new of Togo"]),
        (Wanted(target="5.2"), ["new", "new of Togo", "old", "no year"]),
        (Wanted(target="5.2", theme="right-health", goal=16), ["new"]),
        (Wanted(year_from=2015), ["new", "new too", "new of Togo", "of 2016"]),
        (Wanted(year_from=0), ORDER[:-1]),
        (Wanted(session=26), ["of 2016"]),
        (Wanted(cycle=2), ["of 2016", "of 2014"]),
        (Wanted(recommending="ESP"), ["of 2014"]),
        (Wanted(recommending="ISL", cycle=2, position=Position.SUPPORTED), ["of 2016"]),
        (Wanted(mechanism=Mechanism.SPECIAL_PROCEDURE), ["no year"]),
        (Wanted(words="new"), ["new", "new too", "new of Togo"]),
        (Wanted(words="new", target="5.2", state="TGO"), ["new of Togo"]),
        (Wanted(words="new", goal=5, mechanism=Mechanism.TREATY_BODY), ["new", "new too", "new of Togo"]),
    ],
)  # fmt: skip
def test_a_list_is_paged_by_what_was_shown_last(
    seeded: Flask, tmp_path: Path, wanted: Wanted, found: list[str]
) -> None:
    some(tmp_path)
    assert texts(wanted) == found
    shown, after = [], 0
    while page := search(db.session(), Console(), wanted, limit=2, after=after):
        shown += [row.text for row in page]
        after = page[-1].turn
    assert shown == found
    db.session.remove()


EVERYTHING = Wanted(
    words="new 140.7 A/HRC", state="SVN", mechanism=Mechanism.UPR, cycle=4, position=Position.NOTED, theme="a", goal=5,
    recommending="FRA", session=48, persons="b", target="5.2", year_from=2020,
)  # fmt: skip


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(words="do"), Wanted(theme="a", goal=5), EVERYTHING])
def test_a_list_and_its_count_are_a_question_each(seeded: Flask, tmp_path: Path, wanted: Wanted) -> None:
    some(tmp_path)
    db.session.connection()
    with asked() as one:
        search(db.session(), Console(), wanted)
    with asked() as other:
        count(db.session(), Console(), wanted)
    assert (len(one), len(other)) == (1, 1)


LISTS = (
    Wanted(), Wanted(state="SVN"), Wanted(state="SVN", cycle=4), Wanted(theme="right-health"), Wanted(goal=5),
    Wanted(target="5.2"), Wanted(recommending="FRA"), Wanted(persons="b"), Wanted(theme="a", goal=5),
    Wanted(position=Position.NOTED, mechanism=Mechanism.UPR), Wanted(year_from=2020), Wanted(theme="a", year_from=2020),
)  # fmt: skip


@pytest.mark.parametrize("wanted", LISTS)
def test_an_index_serves_the_list_in_its_order(seeded: Flask, wanted: Wanted) -> None:
    """What SQLite means to do: the page's rows are sorted, and nothing else but the few of one State, nor is a whole
    table read."""
    if db.engine.name == "sqlite":
        steps = plan(lambda: search(db.session(), Console(), wanted))
        inner = steps[: steps.index("SCAN anon_1")]
        sorts = [step for step in inner if "TEMP B-TREE" in step]
        assert not [step for step in inner if step.startswith("SCAN")], inner
        assert not sorts or any("ix_recommendation_state (state=?" in step for step in inner), inner
        steps = plan(lambda: count(db.session(), Console(), wanted))
        scans = [step for step in steps if step.startswith("SCAN recommendation")]
        assert not [step for step in scans if "COVERING INDEX" not in step and "fallen" not in step], steps


def plan(job: Any) -> list[str]:
    found: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        found.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        job()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    connection = db.session.connection()
    return [row[3] for row in connection.exec_driver_sql(f"explain query plan {found[-1][0]}", found[-1][1])]


def test_the_index_of_words_serves_postgresql(seeded: Flask, tmp_path: Path) -> None:
    """Asked for word for word as the migration makes it, or the index would never be used."""
    said(tmp_path / "a.json", "Ratify the treaties")
    if db.engine.name == "postgresql":
        connection = db.session.connection()
        connection.exec_driver_sql("set local enable_seqscan = off")
        with asked() as found:
            search(db.session(), Console(), Wanted(words="ratify"))
        [statement] = found
        assert "array_to_tsvector" in statement
        shown = connection.exec_driver_sql(
            "explain select 1 from recommendation_text where "
            f"{statement[statement.index('array_to_tsvector'):statement.index(' @@ ')]} @@ '''ratify'':*'::tsquery"
            .replace("%%", "%")
        ).scalars().all()  # fmt: skip
        assert any("recommendation_words" in line for line in shown), shown


# ------------------------------------------------------------------------------------------------------- what keeps it


def test_rows_are_put_in_by_operations_alone(seeded: Flask) -> None:
    with pytest.raises(NoWork), unit_of_work(Console()) as work:
        work.put(TEXT, ("recommendation_id", "language", "text", "search"), [(1, "en", "a", " a ")])


def test_nothing_is_replaced(seeded: Flask, tmp_path: Path) -> None:
    some(tmp_path)
    for name in ("recommendation", "recommendation_text", "recommendation_label", "recommendation_goal",
                 "recommending_state", "recommendation_import") if db.engine.name == "sqlite" else ():  # fmt: skip
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), vandal() as connection:
            connection.exec_driver_sql(f"insert or replace into {name} select * from {name}")


BEFORE = (
    "insert into recommendation_import values (1, 'a', 'b', 'c', '2020-01-01', 'd', 1, 0, null)",
    "insert into recommendation values (5, 5, 1, 1, 'k', 'd', true, null, 'upr', '', 'SVN', 4, 48, '', '', 'noted', '',"
    " null, '', null)",
    "insert into recommendation_text values (5, 'fr', 'Ratifier', ' ratifier ')",
    "insert into recommendation_label values (5, 'theme', 1, 'Right to health', 'right-health')",
)


@contextmanager
def empty(given: dict[str, str], kind: str) -> Iterator[Flask]:
    """The application on a database that has no tables yet."""
    address, name = given["postgresql"], f"empty_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    if kind == "postgresql":
        admin(address, f'create database "{name}"')
    app = sqlite_app() if kind == "sqlite" else postgresql_app(address, name)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if kind == "postgresql":
        admin(address, f'drop database "{name}" with (force)')


def test_what_was_there_before_gets_its_turn_and_its_words(
    given: dict[str, str], request: pytest.FixtureRequest
) -> None:
    """The migration, over rows of the time before it."""
    for kind in wanted_databases(request.config):
        with empty(given, kind):
            upgrade(revision="0008")
            with unit_of_work(Console()) as work:
                load(work, None)
            with vandal() as connection:
                for statement in BEFORE:
                    connection.exec_driver_sql(statement)
            upgrade()
            [row] = search(db.session(), Console(), Wanted(words="ratif", theme="right-health", year_from=2025))
            assert (row.number, row.turn) == (5, turn(2025, "SVN", 5))
            db.session.remove()
            for table in ("recommendation", "recommendation_label"):
                with pytest.raises(sa.exc.DBAPIError, match="append-only"), vandal() as connection:
                    connection.exec_driver_sql(f"update {table} set turn = 1")


def test_turns_are_in_order() -> None:
    given = [(2026, "AFG", 9), (2025, "AFG", 7), (2025, "AFG", 8), (2025, "ALB", 1), (2025, "ZWE", 2), (2008, "AFG", 3),
             (0, "AFG", 4)]  # fmt: skip
    turns = [turn(*one) for one in given]
    assert turns == sorted(turns) and len(set(turns)) == len(turns)
    assert min(turns) > 0 and max(turn(0, "ZZZ", 2**33 - 1), *turns) < 2**60


def test_the_year_of_a_recommendation() -> None:
    assert [year_of(session) for session in (1, 3, 4, 12, 13, 26, 27, 40, 41, 48, 54)] == [
        2008, 2008, 2009, 2011, 2012, 2016, 2017, 2022, 2022, 2025, 2027,
    ]  # fmt: skip
    row = Recommended(1, "k", Mechanism.UPR, "SVN", {"en": "a"})
    assert row.year == 0
    assert row._replace(cycle=3).year == 2017
    assert row._replace(cycle=3, session=40).year == 2022
    assert row._replace(session=40, issued=date(2023, 1, 1)).year == 2022
    assert row._replace(issued=date(2023, 1, 1)).year == 2023


CHANGED: list[dict[str, Any]] = [
    {"body": "a"}, {"cycle": 1}, {"session": 1}, {"symbol": "a"}, {"paragraph": "a"}, {"position": Position.NOTED},
    {"position_source": "a"}, {"issued": date(2020, 1, 1)}, {"assessment": "a"}, {"states": ("SVN",)},
    {"goals": ("1",)},
    {"texts": {"fr": "a"}}, {"texts": {"en": "a", "fr": "a"}}, {"texts": {"en": "b"}}, {"texts": {"en": "a\n"}},
]  # fmt: skip


def test_the_mark_of_a_row_tells_all_that_it_says_apart() -> None:
    row = Recommended(1, "k", Mechanism.UPR, "SVN", {"en": "a"})
    marks = {row.digest(), *(row._replace(**change).digest() for change in CHANGED)}
    assert len(marks) == len(CHANGED) + 1
    assert row._replace(states=("A", "B")).digest() == row._replace(states=("B", "A")).digest()
    assert row._replace(texts={"en": "a", "fr": "b"}).digest() == row._replace(texts={"fr": "b", "en": "a"}).digest()


@pytest.mark.parametrize("text", ["Ratify  the_Protocol, (2008)!", "ASCII-only; words/slashes", "  ", "under_score"])
def test_ascii_is_folded_as_all_else(text: str) -> None:
    assert searchable(text).split() == searchable(f"{text} é").split()[:-1]
