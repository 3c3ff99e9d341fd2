"""Each layout is read as others write it, and what is wrong is named by row and column; no database."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from lists import (
    CYCLE4,
    FIRST,
    INFO,
    MATRIX,
    OLDER,
    SECOND,
    THEME,
    annotation,
    as_json,
    info,
    read,
    sample,
    table,
    word,
    workbook,
    wrong,
)

from fundapp.kernel.errors import Refusal
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import About, clean, day, incoming
from fundapp.recommendations.rules import Label, Mechanism, Position, cycle_of, position_of, searchable
from fundapp.recommendations.themes import UPR_INFO, persons, theme, themes


def refused(reading: Callable[[], object]) -> list[str]:
    with pytest.raises(Refusal) as found:
        reading()
    return [fault.code for fault in found.value.faults]


# ------------------------------------------------------------------------------------------------------ real files


def test_the_real_list_of_cycle_4() -> None:
    found, reading = read(sample("ohchr_thematic_list_cycle4_SVN.docx"))
    assert not reading.faults
    assert len(found) == 254
    assert Counter(row.position for row in found) == {Position.SUPPORTED: 217, Position.NOTED: 37}
    assert {(row.state, row.cycle, row.session, row.symbol) for row in found} == {("SVN", 4, 48, "A/HRC/59/15")}
    first = found[0]
    assert (first.paragraph, first.states, first.position_source) == (
        "140.7",
        ("MDV", "PRT"),
        "A/HRC/59/15/Add.1 - Para.3",
    )
    assert first.texts["en"].startswith("Ratify the Optional Protocol")
    assert first.texts["en"].endswith("Cultural Rights")
    assert first.goals == tuple("12345678")
    assert sum(len(row.states) for row in found) == 262
    assert not [label for row in found for label in (*row.themes, *row.persons) if label.code is None]


def test_the_real_export_of_upr_info() -> None:
    found, reading = read(sample("upr_info_sessions_18-20.csv"))
    assert not reading.faults
    assert len(found) == 7984
    assert Counter(row.position for row in found) == {Position.SUPPORTED: 6094, Position.NOTED: 1890}
    assert Counter(row.session for row in found) == {18: 2387, 19: 2829, 20: 2768}
    assert {row.cycle for row in found} == {2}
    assert len({row.state for row in found}) == 42
    assert {"PRK", "MKD", "COD", "CIV", "BIH"} <= {row.state for row in found}


# ------------------------------------------------------------------------------------------------------- Word lists


def test_a_list_of_cycle_4(tmp_path: Path) -> None:
    found, reading = read(word(tmp_path / "l.docx", table(CYCLE4, [THEME], FIRST, ["Theme: Cultural rights"], SECOND)))
    assert not reading.faults
    one, two = found
    assert (one.row, one.key, one.texts) == (3, "upr:SVN:4:140.7", {"en": "Ratify the Protocol"})
    assert one.themes == (Label("Right to health", "right-health"), Label("Right to education", "right-education"))
    assert one.persons == (Label("Children", "Children"),)
    assert one.goals == ("3", "16")
    assert [label.code for label in two.themes] == ["cultural-rights", "right-health"]
    assert two.position is Position.NOTED


def test_a_matrix_of_cycle_2(tmp_path: Path) -> None:
    title = "UPR of Fiji (2nd Cycle – 20th session)"
    states, themes = "Spain; Korea, Republic of\nFrance and Italy", "E41 Right to health\nAffected persons:\n- women"
    rows = (["Theme: A12 Acceptance of international norms"], ("99.1. Ratify it", states, "Accepted", themes))
    [found], reading = read(word(tmp_path / "l.docx", table(MATRIX, *rows), title=title))
    assert not reading.faults
    assert (found.state, found.cycle, found.session) == ("FJI", 2, 20)
    assert found.states == ("ESP", "KOR", "FRA", "ITA")
    assert [label.code for label in found.themes] == ["ratification", "right-health"]
    assert found.persons == (Label("women", "Women & girls"),)


@pytest.mark.parametrize("themes", ["A12 Acceptance of international norms", "- Acceptance of international norms"])
def test_lists_of_cycles_2_and_3(tmp_path: Path, themes: str) -> None:
    title = "UPR of Fiji (3rd Cycle - 34th Session)"
    row = (
        "139.3 Ratify (NMIRF) (Venezuela (Bolivarian Republic of)) (Spain, France);",
        "Noted",
        themes,
        "Begun in 2021",
    )
    [found], reading = read(word(tmp_path / "l.docx", table(OLDER, row), title=title))
    assert not reading.faults
    assert (found.texts, found.states) == ({"en": "Ratify (NMIRF)"}, ("VEN", "ESP", "FRA"))
    assert found.themes[0].code == "ratification"
    assert found.assessment == "Begun in 2021"


def test_what_is_wrong_in_a_list(tmp_path: Path) -> None:
    rows = (
        ("140.1 Do it (Franse) (Spain);", *FIRST[1:]),
        ("140.2 Do it;", *FIRST[1:]),
        ("Do it (Spain);", *FIRST[1:]),
        (FIRST[0], "Perhaps", FIRST[2], "- 18 - MORE"),
        SECOND[:3],
        ["Not a theme"],
        SECOND,
        SECOND,
    )
    assert wrong(word(tmp_path / "l.docx", table(CYCLE4, *rows))) == [
        ("state.unknown", 2, "Recommendation"),
        ("recommendation.no-state", 3, "Recommendation"),
        ("list.no-number", 4, "Recommendation"),
        ("recommendation.position", 5, "Position"),
        ("recommendation.goal", 5, "Relevant SDGs"),
        ("list.merged", 6, "-"),
        ("list.section", 7, "-"),
        ("recommendation.twice", 9, None),
    ]
    merged = table(CYCLE4, SECOND, SECOND, merge="continue")
    assert ("list.merged", 3, "-") in wrong(word(tmp_path / "m.docx", merged))


def test_a_state_that_nobody_knows_comes_with_the_nearest(tmp_path: Path) -> None:
    _, reading = read(word(tmp_path / "l.docx", table(CYCLE4, ("140.1 Do it (Icelund);", *FIRST[1:]))))
    assert [fault.values["nearest"] for fault in reading.faults] == ["ISL, IRL, LKA"]


@pytest.mark.parametrize(
    ("tables", "title", "code"),
    [
        ((), "UPR of Slovenia (4th Cycle - 48th Session)", "list.no-table"),
        ((table(("Name", "Age"), ("a", "b")),), "UPR of Slovenia (4th Cycle - 48th Session)", "list.no-table"),
        ((table(CYCLE4[:1] + CYCLE4[2:]),), "UPR of Slovenia (4th Cycle - 48th Session)", "list.no-column"),
        ((table(CYCLE4, SECOND),), "A list", "list.no-title"),
        ((table(CYCLE4, SECOND),), "UPR of Slovenia (3rd Cycle - 48th Session)", "recommendation.cycle"),
        ((table(CYCLE4, SECOND),), "UPR of Atlantis (4th Cycle - 48th Session)", "state.unknown"),
    ],
)
def test_a_document_that_is_no_such_list(tmp_path: Path, tables: tuple[str, ...], title: str, code: str) -> None:
    assert refused(lambda: read(word(tmp_path / "l.docx", *tables, title=title))) == [code]


def test_what_the_document_does_not_say_the_person_says(tmp_path: Path) -> None:
    path = word(tmp_path / "l.docx", table(CYCLE4, SECOND), title="A list")
    [found], _ = read(path, About("SVN", 48))
    assert (found.key, found.session) == ("upr:SVN:4:140.8", 48)
    said = word(tmp_path / "m.docx", table(CYCLE4, SECOND))
    assert refused(lambda: read(said, About("FJI", 48))) == ["list.other-title"]


def test_packages_that_harm_are_not_opened(tmp_path: Path) -> None:
    good = table(CYCLE4, SECOND)
    macros = word(tmp_path / "a.docx", good, word__vbaProject_dot_bin="x")
    assert refused(lambda: read(macros)) == ["package.macros"]
    bomb = word(tmp_path / "b.docx", good, word__media__a="0" * 50_000_000)
    assert refused(lambda: read(bomb)) == ["package.swells"]
    entities = word(tmp_path / "c.docx", good)
    with zipfile.ZipFile(entities, "a") as package:
        package.writestr("word/header2.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert refused(lambda: read(entities)) == ["package.broken"]
    cut = tmp_path / "d.docx"
    cut.write_bytes(word(tmp_path / "e.docx", good).read_bytes()[:300])
    assert refused(lambda: read(cut)) == ["package.broken"]


# -------------------------------------------------------------------------------------------------------- UPR Info


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["mac_roman", "utf-8", "utf-8-sig"])
def test_upr_info_in_any_encoding_and_line_ends(tmp_path: Path, end: str, encoding: str) -> None:
    rows = ({"Text": "Café &amp; <b>more</b>&nbsp;"}, {"Text": "Do", "To": "Swaziland", "Issue": "NHRI,General"})
    (one, two), reading = read(info(tmp_path / "i.csv", *rows, end=end, encoding=encoding))
    assert not reading.faults
    assert one.texts == {"en": "Café & <b>more</b>"}
    assert (one.row, one.cycle, one.session, one.states) == (2, 2, 19, ("ISL",))
    assert (two.row, two.state) == (3, "SWZ")
    assert two.themes == (Label("NHRI", "nhri"), Label("General", None))


def test_what_is_wrong_in_a_file_of_upr_info(tmp_path: Path) -> None:
    rows = ({"Text": ""}, {"Text": "a", "From": "Atlantis", "Response": "Maybe"}, {"Text": "a", "Session": "99"},
            {"Text": "a"}, {"Text": "A"})  # fmt: skip
    assert wrong(info(tmp_path / "i.csv", *rows)) == [
        ("recommendation.no-text", 2, "Text"),
        ("state.unknown", 3, "From"),
        ("recommendation.position", 3, "Response"),
        ("recommendation.session", 4, "Session"),
        ("recommendation.twice", 6, None),
    ]
    short = tmp_path / "s.csv"
    short.write_text(",".join(INFO) + "\na,b\n", "utf-8")
    assert wrong(short) == [("csv.width", 2, None)]
    lacking = tmp_path / "l.csv"
    lacking.write_text("To,Text,From,Response,Issue\n", "utf-8")
    assert refused(lambda: read(lacking)) == ["csv.column-missing"]


# ------------------------------------------------------------------------------------------------------------ UHRI


def test_the_index_as_a_workbook(tmp_path: Path) -> None:
    review = {
        "Text": "140.7 Ratify & act", "Reccomending Body": "- UPR", "UPR Reccomending States": "- Spain\n- France",
        "UPR Position": "- Supported", "UPR Session": 48, "Themes": "- Right to health\n- Cultural rights",
        "Sdgs": "- 3 - GOOD HEALTH\n- 16.3", "Document Symbol": "A/HRC/59/15",
    }  # fmt: skip
    committee = {"Document Publication Date": 45000, "Affected Persons": "- Women & girls", "Type": "- Recommendations"}
    expert = {"Reccomending Body": "- SR on housing", "Document Publication Date": "15 March 2019"}
    expert |= {"Countries Concerned": "- Fiji\n- Togo"}
    found, reading = read(workbook(tmp_path / "w.xlsx", review, committee, expert, {"Type": "- Concerns/Observations"}))
    assert not reading.faults and reading.left_out == 1
    one, two, three, four = found
    assert (one.mechanism, one.cycle, one.session, one.position) == (Mechanism.UPR, 4, 48, Position.SUPPORTED)
    assert (one.paragraph, one.states, one.goals) == ("140.7", ("ESP", "FRA"), ("3", "16.3"))
    assert (two.mechanism, two.body, two.issued) == (Mechanism.TREATY_BODY, "CEDAW", date(2023, 3, 15))
    assert (three.mechanism, three.body) == (Mechanism.SPECIAL_PROCEDURE, "SR on housing")
    assert three.issued == date(2019, 3, 15)
    assert (three.state, four.state, three.row, four.row) == ("FJI", "TGO", 4, 4)


def test_what_is_wrong_in_a_workbook(tmp_path: Path) -> None:
    rows = ({"Document Publication Date": "soon"}, {"Sdgs": "- 16.99"}, {"UPR Position": "- Supported\n- Noted"},
            {"OHCHR Annotation Id": ""})  # fmt: skip
    assert wrong(workbook(tmp_path / "w.xlsx", *rows)) == [
        ("recommendation.date", 2, "Document Publication Date"),
        ("recommendation.goal", 3, "Sdgs"),
        ("recommendation.positions", 4, "UPR Position"),
        ("recommendation.empty", 5, "OHCHR Annotation Id"),
    ]
    with pytest.raises(Refusal) as found:
        read(workbook(tmp_path / "f.xlsx", {}, formula=True))
    assert [(f.code, f.row, f.column) for f in found.value.faults] == [("package.formula", 2, "C")]


def test_the_index_as_json(tmp_path: Path) -> None:
    script = '<p>Stop &amp; <script>alert("1")</script></p><p>now</p>'
    given = annotation(AnnotationId="a2", Text=script, Body="UPR", UprCycle="4th cycle", UprSession="48",
                       UprPositions=["Noted"], UprRecommendingCountry=["Spain"])  # fmt: skip
    (one, two), reading = read(as_json(tmp_path / "j.json", annotation(), given))
    assert not reading.faults
    assert (one.key, one.texts, one.goals, one.issued) == (
        "uhri:a1:SVN",
        {"en": "Do & act."},
        ("5.2",),
        date(2023, 3, 15),
    )
    assert two.texts == {"en": 'Stop & alert("1") now'}
    assert (two.cycle, two.session, two.position, two.states) == (4, 48, Position.NOTED, ("ESP",))


def test_what_is_wrong_in_json(tmp_path: Path) -> None:
    bad = (annotation(UprCycle="3", UprSession="48"), annotation(AnnotationId="a2", Countries=[]), 7)
    assert wrong(as_json(tmp_path / "j.json", *bad)) == [
        ("recommendation.cycle", 1, "UprSession"),
        ("recommendation.empty", 2, "Countries"),
        ("recommendation.no-object", 3, "-"),
    ]
    cut = tmp_path / "c.json"
    cut.write_text(as_json(tmp_path / "j.json", annotation()).read_text()[:-5], "utf-8")
    assert refused(lambda: read(cut)) == ["json.broken"]
    cut.write_text('{"a": 1}', "utf-8")
    assert refused(lambda: read(cut)) == ["json.no-list"]
    cut.write_text("[" * 100_000, "utf-8")
    assert refused(lambda: read(cut)) == ["json.broken"]


def test_an_annotation_may_lie_across_what_is_read_at_a_time(tmp_path: Path) -> None:
    given = [annotation(AnnotationId=f"a{n}", Text="word " * 900) for n in range(40)]
    found, _ = read(as_json(tmp_path / "j.json", *given))
    assert [row.key for row in found] == [f"uhri:a{n}:SVN" for n in range(40)]


# ---------------------------------------------------------------------------------------------------- recognising


def test_layouts_are_recognised(tmp_path: Path) -> None:
    given = {
        "ohchr-list": word(tmp_path / "a", table(CYCLE4, SECOND)),
        "upr-info": info(tmp_path / "b"),
        "uhri-xlsx": workbook(tmp_path / "c"),
        "uhri-json": as_json(tmp_path / "d"),
    }
    assert [recognise(incoming(path)) for path in given.values()] == list(given)
    (tmp_path / "e").write_text("what is this", "utf-8")
    assert refused(lambda: recognise(incoming(tmp_path / "e"))) == ["layout.unrecognised"]
    assert refused(lambda: recognise(incoming(tmp_path / "e"), "none")) == ["layout.unknown"]
    assert refused(lambda: incoming(tmp_path / "none")) == ["file.missing"]
    assert refused(lambda: incoming(tmp_path)) == ["file.folder"]
    assert refused(lambda: incoming(Path("/dev/zero"))) == ["file.unreadable"]


# ------------------------------------------------------------------------------------------------------------ rules


def test_sessions_belong_to_cycles() -> None:
    assert [cycle_of(n) for n in (0, 1, 12, 13, 26, 27, 40, 41, 48, 54, 55)] == [None, 1, 1, 2, 2, 3, 3, 4, 4, 4, None]


def test_positions() -> None:
    assert position_of(" accepted ") is Position.SUPPORTED
    assert position_of("Not supported") is Position.NOTED
    assert position_of("pending") is Position.PENDING
    assert position_of("yes") is None


def test_words_are_searched_for_without_accents_and_chinese_in_pairs() -> None:
    assert searchable("Égalité, ÉGALITÉ!") == " egalite egalite "
    assert searchable("Plain text; more") == " plain text more "
    assert searchable("人权教育").split() == ["人权", "权教", "教育", "育"]


def test_older_labels_are_read_as_those_in_use() -> None:
    assert len(themes()) == 75
    assert theme("Human Rights & drinking water and sanitation").code == "safe-drinking-water-sanitation"
    assert theme("A12 Something else").code == "ratification"
    assert theme("Women's rights").code is None and theme("Women's rights", UPR_INFO).code == "advancement-women"
    assert theme("Business & Human Rights") == Label("Business & Human Rights", None)
    assert persons("youth").code == "Youth & juveniles"


def test_days() -> None:
    assert day("2019-03-15T00:00:00") == day("15/03/2019") == day("15 Mar 2019") == day(43539) == date(2019, 3, 15)
    assert day("") is None and day(None) is None
    for text in ("31/02/2019", "soon", 7):
        with pytest.raises(ValueError):
            day(text)


def test_cells_are_text() -> None:
    assert clean(" a&nbsp;b\0\n<script>x</script> ") == "a b <script>x</script>"
    assert clean("half \ud800") == "half ?"
