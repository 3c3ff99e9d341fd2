"""Files that nobody has seen: whatever they hold, they are read, or refused in words, and never end in an error."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from lists import CYCLE4, SECOND, UHRI, W, annotation, as_json, info, read, table, word, workbook, wrong
from python_calamine import CalamineWorkbook
from sent import as_a
from test_recommendations import take

from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.kernel.files import Files
from fundapp.kernel.work import unit_of_work
from fundapp.kernel.workbook import xlsx
from fundapp.recommendations.layouts import thematic_list
from fundapp.recommendations.layouts.uhri_json import words
from fundapp.recommendations.operations import open_plan
from fundapp.recommendations.queries import Wanted, count, search
from fundapp.recommendations.rules import Mechanism
from fundapp.recommendations.rules.plans import Placed, Planned, Shelf, names_in
from fundapp.reference.queries import resolve

OSS = "title,reference,accepted,response,state,cycle"
HEAD = "".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in CYCLE4)


def codes(path: Path) -> list[tuple[str, int | None]]:
    """What is wrong with a file, whether it is refused as a whole or row by row."""
    try:
        return [(fault.code, fault.row) for fault in read(path)[1].faults]
    except Refusal as refusal:
        return [(fault.code, fault.row) for fault in refusal.faults]


def texts(path: Path) -> list[str]:
    found, reading = read(path)
    assert not reading.faults
    return [one.texts["en"] for one in found]


def in_word(path: Path, first: str, *, before: str = "", after: str = "", attributes: str = "") -> Path:
    """A list with one recommendation whose first cell is given in Word's own words."""
    others = "".join(
        f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in ("Supported", "Right to health", "3")
    )
    row = f"<w:tr><w:tc>{attributes}<w:p>{first}</w:p></w:tc>{others}</w:tr>"
    return word(path, f"<w:tbl><w:tr>{HEAD}</w:tr>{before}{row}{after}</w:tbl>")


def said(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def json_text(path: Path, text: str) -> Path:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


# ------------------------------------------------------------------------------------------------------ packages


def test_a_package_whose_places_lie(tmp_path: Path) -> None:
    path = word(tmp_path / "list.docx", table(CYCLE4))
    content = bytearray(path.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = b"\xff\xff\x00\x00"  # the size of the directory: it would begin before the file
    path.write_bytes(content)
    assert codes(path) == [("package.broken", None)]
    fine = word(tmp_path / "other.docx", table(CYCLE4)).read_bytes()
    first = fine.index(b"PK\x01\x02")
    path.write_bytes(fine[:first] + fine[first:].replace(b"\x00\x00\x00\x00word/", b"\xf0\xff\xff\xffword/", 1))
    assert codes(path) == [("package.broken", None)]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_package_whose_parts_cannot_be_unpacked(tmp_path: Path, method: int) -> None:
    path = tmp_path / "list.docx"
    with zipfile.ZipFile(path, "w", method) as package:
        package.writestr("word/document.xml", "a" * 5_000)
    content = bytearray(path.read_bytes())
    content[60:75] = b"\xff" * 15
    path.write_bytes(content)
    assert codes(path) == [("package.broken", None)]


def test_a_package_whose_names_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "list.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<a/>")
        package.writestr("é", "")
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xff"))
    assert codes(path) == [("package.broken", None)]


# ---------------------------------------------------------------------------------------------------------- Word


@pytest.mark.parametrize("encoding", ["UTF-5", "x", "utf-7"])
def test_a_document_in_an_encoding_that_nobody_knows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", f'<?xml version="1.0" encoding="{encoding}"?><w:document {W}/>')
    assert codes(path)[0][0] in {"package.broken", "list.no-title"}


@pytest.mark.parametrize("around", ["sdt", "p", "tbl"])
def test_elements_within_elements_without_end(tmp_path: Path, around: str) -> None:
    deep = f"{f'<w:{around}>' * 20_000}{f'</w:{around}>' * 20_000}"
    assert codes(word(tmp_path / "list.docx", deep)) == [("package.broken", None)]
    some = in_word(tmp_path / "list.docx", f"{'<w:smartTag>' * 50}{said('140.1 Do it (Fiji)')}{'</w:smartTag>' * 50}")
    assert texts(some) == ["Do it"]


def test_rows_in_content_controls_come_in_their_order(tmp_path: Path) -> None:
    rows = [table(CYCLE4, (f"140.{n} Do {n} (Fiji)", *SECOND[1:])) for n in (1, 2)]
    cut = [row.split("</w:tr>", 1)[1].removesuffix("</w:tbl>") for row in rows]
    inside = f"<w:sdt><w:sdtContent>{cut[0]}{cut[1]}</w:sdtContent></w:sdt>"
    assert texts(in_word(tmp_path / "list.docx", said("140.3 Do 3 (Fiji)"), before=inside)) == ["Do 1", "Do 2", "Do 3"]


def test_headers_without_end_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thematic_list, "LARGEST", 20_000)
    headers = {f"word__header{n}_dot_xml": f"<a>{'b' * 5_000}</a>" for n in range(2, 8)}
    assert codes(word(tmp_path / "list.docx", table(CYCLE4, SECOND), **headers)) == [("package.swells", None)]
    assert texts(word(tmp_path / "list.docx", table(CYCLE4, SECOND))) == ["Consider it"]


@pytest.mark.parametrize("span", ["²", "9" * 5_000, "-1", "x"])
def test_a_span_that_is_no_number_is_one(tmp_path: Path, span: str) -> None:
    path = in_word(
        tmp_path / "list.docx",
        said("140.1 Do it (Fiji)"),
        attributes=f'<w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>',
    )
    assert texts(path) == ["Do it"]


def test_a_session_of_thousands_of_figures(tmp_path: Path) -> None:
    title = f"UPR of Slovenia (4th Cycle - {'9' * 5_000}th Session)"
    assert codes(word(tmp_path / "list.docx", table(CYCLE4), title=title)) == [("list.no-title", None)]


def test_of_tracked_changes_the_text_as_it_would_be_accepted(tmp_path: Path) -> None:
    changed = (
        said("140.1 Do ")
        + "<w:del><w:r><w:delText>not </w:delText></w:r></w:del>"
        + f"<w:ins>{said('really ')}</w:ins><w:moveFrom>{said('moved away ')}</w:moveFrom>{said('it (Fiji)')}"
    )
    assert texts(in_word(tmp_path / "list.docx", changed)) == ["Do really it"]


def test_a_cell_of_a_hundred_thousand_states_is_not_looked_through(tmp_path: Path) -> None:
    path = in_word(tmp_path / "list.docx", said("140.1 Do it " + "(Fiji) " * 100_000))
    assert codes(path) == [("recommendation.text-long", 2)]


# ---------------------------------------------------------------------------------------------------------- JSON


def test_a_number_of_thousands_of_figures(tmp_path: Path) -> None:
    one = json.dumps(annotation())
    path = json_text(tmp_path / "a.json", f'[{one}, {one[:-1]}, "More": {"9" * 5_000}}}]')
    assert codes(path) == [("json.broken", 2)]


@pytest.mark.parametrize("cycle", ["5", "0", "99999999999999999999", "9" * 5_000, 12])
def test_a_cycle_that_is_none(tmp_path: Path, cycle: Any) -> None:
    assert wrong(as_json(tmp_path / "a.json", annotation(UprCycle=cycle))) == [
        ("recommendation.no-cycle", 1, "UprCycle")
    ]


def test_words_for_a_cycle_say_nothing(tmp_path: Path) -> None:
    [one] = read(as_json(tmp_path / "a.json", annotation(UprCycle="²")))[0]
    assert one.cycle is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("[{0}] and more", "json.more"),
        ('{{"a": [{0}], "b": [{0}]}}', "json.more"),
        ("[{0}][{0}]", "json.more"),
        ('[{{"Text": "first", "Text": "second"}}]', "recommendation.name-twice"),
    ],
)
def test_what_would_be_lost_unsaid_is_refused(tmp_path: Path, given: str, code: str) -> None:
    path = json_text(tmp_path / "a.json", given.format(json.dumps(annotation())))
    assert [found for found, _ in codes(path)] == [code]


@pytest.mark.parametrize("given", ['{{"a": [{0}]}}', '{{"a": [{0}] , "total": 1, "of": "x"}}\n', "[{0},]\n"])
def test_a_list_in_an_object(tmp_path: Path, given: str) -> None:
    assert texts(json_text(tmp_path / "a.json", given.format(json.dumps(annotation())))) == ["Do & act."]


@pytest.mark.parametrize("field", ["Text", "AnnotationId", "Countries", "Themes", "UprSession"])
def test_objects_in_the_place_of_words(tmp_path: Path, field: str) -> None:
    for value in ({"a": 1}, [{"a": 1}], [["Fiji"]]):
        path = as_json(tmp_path / "a.json", annotation(**{field: value}))
        assert wrong(path) == [("recommendation.no-words", 1, field)]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Do</p><p class='a'>it<br/>now &amp; <b>then</b></p><!-- not this -->", "Do it now & then"),
        ("<script>alert(1)</script>Do &lt;b&gt; it", "alert(1)Do <b> it"),
        ("<ul><li>a</li><LI>b</LI></ul>", "a b"),
        ("if a < b and b > c <3", "if a < b and b > c <3"),
        ("<p", "<p"),
    ],
)
def test_the_words_of_a_page(html: str, found: str) -> None:
    assert words(html) == found


@pytest.mark.parametrize("part", ["<a ", "<a b='", "<!", "<!--", "</", "<?", "<![", "<", "<p>&"])
def test_tags_that_are_never_closed_keep_nobody_waiting(part: str) -> None:
    begun = process_time()
    words(part * (1_000_000 // len(part)))
    assert process_time() - begun < 5


def test_what_cannot_be_seen_is_no_part_of_a_text(tmp_path: Path) -> None:
    path = as_json(tmp_path / "a.json", annotation(Text="Do\0 \x01\u202enot\u202c \u2066it\u2069\ufffe now\ud800."))
    assert texts(path) == ["Do not it now?."]
    kept = "افعل\u200f ذلك"  # a mark of direction turns nothing round, and \u200c\u200d are letters' own
    assert texts(as_json(tmp_path / "b.json", annotation(Text=kept))) == [kept]


# ------------------------------------------------------------------------------------------------------- tables


@pytest.mark.parametrize("field", ["Text", "Themes", "Reccomending Body", "Document Symbol"])
def test_an_error_of_a_spreadsheet_is_no_text(tmp_path: Path, field: str) -> None:
    path = workbook(tmp_path / "w.xlsx", {}, {field: "#N/A"})
    assert wrong(path) == [("recommendation.cell-error", 3, field)]


def test_headings_in_another_order_and_case(tmp_path: Path) -> None:
    row = {"Text": "Do it", "Countries Concerned": "- Fiji", "Reccomending Body": "- CEDAW", "OHCHR Annotation Id": "1"}
    with xlsxwriter.Workbook(tmp_path / "w.xlsx") as book:
        sheet = book.add_worksheet()
        for column, heading in enumerate(reversed(UHRI)):
            sheet.write(0, column, heading.upper())
            sheet.write(1, column, row.get(heading, ""))
    assert texts(tmp_path / "w.xlsx") == ["Do it"]
    path = info(tmp_path / "a.csv", {"Text": "Do it"})
    head, _, rest = path.read_bytes().partition(b"\r")
    path.write_bytes(head.upper() + b"\r" + rest)
    assert texts(path) == ["Do it"]


def test_a_heading_twice_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "w.xlsx") as book:
        book.add_worksheet().write_row(0, 0, [*UHRI, "text"])
    assert codes(tmp_path / "w.xlsx") == [("csv.heading-twice", 1)]
    path = info(tmp_path / "a.csv")
    path.write_text(path.read_text("utf-8") + ",TEXT\n", "utf-8")
    assert codes(path) == [("csv.heading-twice", 1)]


def test_rows_of_empty_cells_are_passed_over(tmp_path: Path) -> None:
    empty = dict.fromkeys(("To", "From", "Response", "Issue", "Session"), "")
    assert texts(info(tmp_path / "a.csv", {"Text": "a"}, empty, {"Text": "b"}, empty)) == ["a", "b"]


def test_what_is_too_long_for_a_cell_is_said_in_its_row(tmp_path: Path) -> None:
    assert codes(info(tmp_path / "a.csv", {"Text": "a" * 1_000_000})) == [("csv.broken", 2)]


def test_impact_oss_with_cycles_and_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ["Do it,1,true,,Fiji,²", "Do it,2,true,,Fiji,9", "#REF!,3,true,,Fiji,4"]
    path.write_text("\n".join([OSS, *rows]), "utf-8")
    assert wrong(path) == [("recommendation.no-cycle", 3, "cycle"), ("recommendation.cell-error", 4, "title")]


# -------------------------------------------------------------------------------------- files that are not theirs


@pytest.fixture
def plan(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setitem(demo.config, "FUNDAPP_DEMONSTRATION", True)
    with unit_of_work(Console()) as work:
        country = resolve(work.session, "Fiji")
        assert country is not None
        return open_plan(work, country, Planned("Plan", "en")).id


@pytest.mark.parametrize("traversed", ["absolute", "relative", "long", "none"])
def test_a_plan_is_not_read_from_any_file_of_the_machine(
    demo: Flask, plan: int, tmp_path: Path, traversed: str
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("Measure,The password\nOpen the door,Sesame\n", "utf-8")
    digest = {
        "absolute": str(secret),
        "relative": f"../../../../../../../../..{secret}",
        "long": "a" * 100_000,
        "none": "0" * 64 + "\n",
    }[traversed]
    answer = as_a(demo).post(f"/recommendations/plans/{plan}/import", data={"digest": digest, "name": "x.csv"})
    assert answer.status_code == 422
    assert "The password" not in answer.text
    assert "Open the door" not in answer.text
    assert "Choose it again" in answer.text


@pytest.mark.parametrize("digest", ["/etc/passwd", "../" * 9 + "etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_what_is_no_digest_names_no_file(tmp_path: Path, digest: str) -> None:
    kept = Files(tmp_path)
    with pytest.raises(ValueError, match="is no digest"):
        kept.path(digest)
    given = kept.keep(io.BytesIO(b"a"), "a", 10)
    assert kept.path(given.digest).read_bytes() == b"a"


def test_a_thousand_names_that_mean_nothing_keep_nobody_waiting() -> None:
    known = [Placed(number, number, Mechanism.UPR, 4, "", f"140.{number}") for number in range(1, 1_001)]
    begun = process_time()
    numbers, faults = Shelf(known).numbers(names_in(",".join(f"139.{n}" for n in range(5_000, 15_000))))
    assert (numbers, len(faults)) == ([], 10_000)
    assert faults[0].values["nearest"]
    assert process_time() - begun < 10


# ------------------------------------------------------------------------------------------------- what is looked for


@pytest.mark.parametrize("words", ["%", "😀", "!!!", '"', "* _", "\u202e", "()"])
def test_signs_alone_find_nothing(seeded: Flask, tmp_path: Path, words: str) -> None:
    take(info(tmp_path / "a.csv", {"Text": "Do it"}))
    assert not search(db.session(), Console(), Wanted(words=words))
    assert count(db.session(), Console(), Wanted(words=words)) == 0
    assert len(search(db.session(), Console(), Wanted(words=f"{words} do"))) == 1
    assert len(search(db.session(), Console(), Wanted(words=" "))) == 1


def test_a_cell_of_a_workbook_that_is_too_long_ends_with_a_sign(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(xlsx(("a",), [("b" * 32_767,), ("c" * 40_000,)]))
    cells = [row[0] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]
    assert cells == ["a", "b" * 32_767, "c" * 32_766 + "…"]
