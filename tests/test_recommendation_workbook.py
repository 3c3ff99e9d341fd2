"""The reader of workbooks: whatever way a program writes a cell, row by row, and what is no workbook refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lists import raw_workbook, read, workbook

from fundapp.kernel.errors import Refusal
from fundapp.recommendations.layouts import workbook as reader
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.layouts.package import opened
from fundapp.recommendations.layouts.workbook import Workbook


def rows(path: Path) -> list[tuple[int, dict[int, Any]]]:
    with opened(incoming(path)) as package:
        return list(Workbook(package, path.name, lambda _: None).rows())


def refused(path: Path) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(Refusal) as found:
        rows(path)
    return [(fault.code, fault.row, fault.column) for fault in found.value.faults]


def cell(kind: str, value: str, place: str = "A1") -> str:
    return f'<row r="1"><c r="{place}" t="{kind}">{value}</c></row>'


@pytest.mark.parametrize(
    ("given", "text", "value"),
    [
        (cell("s", "<v>1</v>"), "<si><t>a</t></si><si><t xml:space='preserve'> b </t></si>", " b "),
        (cell("s", "<v>0</v>"), "<si><r><rPr><b/></rPr><t>Ra</t></r><r><t>tify</t></r></si>", "Ratify"),
        (cell("s", "<v>0</v>"), "<si><t>漢字</t><rPh sb='0' eb='2'><t>かんじ</t></rPh></si>", "漢字"),
        (cell("s", "<v>0</v>"), "<si><t>one_x000D_\ntwo_x0041_</t></si>", "one\r\ntwoA"),
        (cell("inlineStr", "<is><t>a</t></is>"), "", "a"),
        (cell("inlineStr", "<is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></is>"), "", "ab"),
        (cell("str", "<v>a &amp; b</v>"), "", "a & b"),
        (cell("n", "<v>45000</v>"), "", 45000),
        (cell("n", "<v>4.5E1</v>"), "", 45),
        (cell("n", "<v>0.5</v>"), "", 0.5),
        (cell("b", "<v>1</v>"), "", True),
        (cell("b", "<v>0</v>"), "", False),
        (cell("d", "<v>2019-03-15T00:00:00</v>"), "", "2019-03-15T00:00:00"),
        (cell("e", "<v>#N/A</v>"), "", "#N/A"),
        ("<row><c><v>1</v></c></row>", "", 1),
    ],
)
def test_a_cell(tmp_path: Path, given: str, text: str, value: object) -> None:
    [(number, cells)] = rows(raw_workbook(tmp_path / "w.xlsx", given, text))
    assert (number, cells, type(cells[0])) == (1, {0: value}, type(value))


def test_cells_stand_where_they_say_and_else_where_they_follow(tmp_path: Path) -> None:
    given = '<row r="3"><c r="B3"><v>1</v></c><c><v>2</v></c><c r="AA3"><v>3</v></c></row>'
    given += '<row><c r="A4"/><c><v>4</v></c></row><row r="9"/>'
    head = '<?xml version="1.0"?>'
    path = raw_workbook(tmp_path / "w.xlsx", given, head=head)
    assert rows(path) == [(3, {1: 1, 2: 2, 26: 3}), (4, {1: 4}), (9, {})]


def test_a_wrong_dimension_and_prefixes_make_no_difference(tmp_path: Path) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<x:worksheet xmlns:x="{main}"><x:dimension ref="A1"/><x:sheetData><x:row><x:c r="C1"><x:v>1</x:v></x:c>'
    sheet += "</x:row></x:sheetData></x:worksheet>"
    path = raw_workbook(tmp_path / "w.xlsx", "", xl__worksheets__sheet1_dot_xml=sheet)
    assert rows(path) == [(1, {2: 1})]


DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'


@pytest.mark.parametrize(
    ("given", "text", "head"),
    [
        (cell("s", "<v>1</v>"), "<si><t>a</t></si>", ""),
        (cell("s", "<v>-1</v>"), "<si><t>a</t></si>", ""),
        (cell("s", "<v>a</v>"), "<si><t>a</t></si>", ""),
        (cell("n", "<v>soon</v>"), "", ""),
        (cell("n", "<v>inf</v>"), "", ""),
        (cell("n", "<v>1</v>", "XFE1"), "", ""),
        (cell("n", "<v>1</v>", "é1"), "", ""),
        ('<row r="x"/>', "", ""),
        ("<row>", "", ""),
        (cell("n", "<v>1</v>"), "", DOCTYPE),
        (cell("str", "<v>&b;</v>"), "", ""),
    ],
)
def test_what_is_broken(tmp_path: Path, given: str, text: str, head: str) -> None:
    assert refused(raw_workbook(tmp_path / "w.xlsx", given, text, head=head)) == [("package.broken", None, None)]


def test_parts_that_are_missing(tmp_path: Path) -> None:
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        path = raw_workbook(tmp_path / "w.xlsx", "", **{part.replace("/", "__").replace(".", "_dot_"): "<a/>"})
        assert refused(path) == [("package.broken", None, None)]
    nowhere = '<Relationships><Relationship Id="r1" Target="worksheets/none.xml"/></Relationships>'
    path = raw_workbook(tmp_path / "w.xlsx", "", xl___rels__workbook_dot_xml_dot_rels=nowhere)
    assert refused(path) == [("package.broken", None, None)]


def test_a_text_or_a_number_of_texts_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LONGEST", 1_000)
    assert refused(raw_workbook(tmp_path / "a.xlsx", cell("str", f"<v>{'a' * 1_001}</v>")))
    assert rows(raw_workbook(tmp_path / "b.xlsx", cell("str", f"<v>{'a' * 1_000}</v>")))
    monkeypatch.setattr(reader, "MOST_TEXTS", 3)
    assert refused(raw_workbook(tmp_path / "c.xlsx", "", "<si/>" * 4))
    assert not rows(raw_workbook(tmp_path / "d.xlsx", "", "<si/>" * 3))


def test_formulas_are_refused_on_every_sheet(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "w.xlsx", '<row r="7"><c r="AB7"><f>A1</f><v>1</v></c></row>')
    assert refused(path) == [("package.formula", 7, "AB")]
    other = '<worksheet><sheetData><row r="2"><c r="C2"><f>A1</f></c></row></sheetData></worksheet>'
    with pytest.raises(Refusal) as found:
        read(raw_workbook(tmp_path / "o.xlsx", "", xl__worksheets__sheet2_dot_xml=other))
    assert [(f.code, f.row, f.column) for f in found.value.faults] == [("package.formula", 2, "C")]


def test_rows_come_while_the_sheet_is_read(tmp_path: Path) -> None:
    told: list[float] = []
    given = "".join(f'<row r="{n}"><c t="inlineStr"><is><t>text {n}</t></is></c></row>' for n in range(1, 8_001))
    path = raw_workbook(tmp_path / "w.xlsx", given)
    with opened(incoming(path)) as package:
        found = Workbook(package, path.name, told.append).rows()
        assert next(found) == (1, {0: "text 1"})
        assert 0 < told[-1] < 0.5
        assert sum(1 for _ in found) == 7_999
    assert told == sorted(told) and told[-1] == 1.0


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    from_1900 = workbook(tmp_path / "a.xlsx", {"Document Publication Date": 45_000})
    [one], _ = read(from_1900)
    with opened(incoming(from_1900)) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}
    book = parts["xl/workbook.xml"].replace("<workbookPr ", '<workbookPr date1904="1" ')
    assert book != parts["xl/workbook.xml"]
    named = {name.replace("/", "__").replace(".", "_dot_"): text for name, text in parts.items()}
    [other], _ = read(raw_workbook(tmp_path / "b.xlsx", "", **{**named, "xl__workbook_dot_xml": book}))
    assert one.issued and other.issued and (other.issued - one.issued).days == 1_462
