"""Tables as files: what people send is read or refused with its place; what spreadsheets get does no harm."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fundapp.kernel import sheets
from fundapp.kernel.errors import Refusal
from fundapp.kernel.sheets import (
    HARMFUL,
    PIECE,
    csv_pieces,
    csv_text,
    decode,
    harmless,
    read_bytes,
    read_csv,
    require,
)
from fundapp.kernel.workbook import xlsx

GOOD = "line,printed\nA,1\nB,2\n"


def refused(content: bytes) -> tuple[str, int | None, str | None]:
    with pytest.raises(Refusal) as refusal:
        read_csv(content, "x.csv")
    [fault] = refusal.value.faults
    assert fault.values["name"] == "x.csv"
    return fault.code, fault.row, fault.column


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_marks_and_separators_are_all_the_same(end: str, mark: str, separator: str, last: str) -> None:
    text = mark + (GOOD.strip() + last).replace("\n", end).replace(",", separator)
    found = read_csv(text.encode(), "x.csv")
    assert found.headings == ("line", "printed")
    assert [(row.number, dict(row.cells)) for row in found.rows] == [
        (2, {"line": "A", "printed": "1"}),
        (3, {"line": "B", "printed": "2"}),
    ]


def test_commas_in_the_rows_do_not_part_a_heading_with_semicolons() -> None:
    for end in ("\n", "\r"):
        found = read_csv(f"line;printed{end}A;1,5{end}".encode(), "x.csv")
        assert dict(found.rows[0].cells) == {"line": "A", "printed": "1,5"}


def test_a_row_is_known_by_the_line_it_begins_on() -> None:
    found = read_csv(b'\n\na,b\n\n"1\n2",3\n\n4,5\n', "x.csv")
    assert [row.number for row in found.rows] == [5, 8]
    assert found.rows[0].cells["a"] == "1\n2"
    assert refused(b'a,b\n"1\n2",3\n4\n') == ("csv.width", 4, None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ("csv.empty", None, None)),
        (b" \n\n", ("csv.empty", None, None)),
        (b"\xef\xbb\xbf", ("csv.empty", None, None)),
        (b"PK\x03\x04rest", ("file.is-workbook", None, None)),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ("file.is-workbook", None, None)),
        (b"\x89PNG\r\n\x1a\n\0\0", ("file.not-text", None, None)),
        (b"a,b\n" + b"1,2\n" * 3000 + b"1,\0\n", ("file.not-text", None, None)),
        (GOOD.encode("utf-16"), ("file.encoding", None, None)),
        ("a,b\nCôte,1\n".encode("latin-1"), ("file.encoding", None, None)),
        ("a,b\nCôte,1\n".encode("mac_roman"), ("file.encoding", None, None)),
        (b'a,b\n1,2\n"3,4\n5,6\n', ("csv.broken", 3, None)),
        (b'a,b\n1,"2"x\n', ("csv.broken", 2, None)),
        (b"a,b\n1,2\n3\n", ("csv.width", 3, None)),
        (b"a,b\n1,2,3\n", ("csv.width", 2, None)),
        (b"a,,b\n1,2,3\n", ("csv.heading-empty", 1, None)),
        (b"\n\na,b,a\n1,2,3\n", ("csv.heading-twice", 3, "a")),
        (b"a,b,a\n1,2,3\n", ("csv.heading-twice", 1, "a")),
        (b"a,b, a \n1,2,3\n", ("csv.heading-twice", 1, "a")),
        (b"a," + b"b" * 81 + b"\n1,2\n", ("csv.heading-long", 1, None)),
        (b"a,b\n1," + b"2" * 10_001 + b"\n", ("csv.cell-long", 2, "b")),
        (b"a,b\n1," + b"2" * 200_000 + b"\n", ("csv.broken", 2, None)),
        (b"a,b\n" + b"1,2\n" * (sheets.MOST_ROWS + 1), ("csv.rows", None, None)),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(
    content: bytes, expected: tuple[str, int | None, str | None]
) -> None:
    assert refused(content) == expected


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_the_line_of_a_wrong_encoding_is_named(end: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        decode(end.join([b"a,b", b"1,2", b"C\xf4te,3"]), "x.csv")
    assert refusal.value.faults[0].values["line"] == 3


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        found = read_csv(content, "x.csv")
    except Refusal as refusal:
        assert refusal.faults
        return
    assert all(set(row.cells) == set(found.headings) for row in found.rows)


@given(st.text(alphabet='a,;"\n\r\t ', max_size=40))
def test_any_marks_in_any_order_are_a_table_or_refused(text: str) -> None:
    try:
        found = read_csv(text.encode(), "x.csv")
    except Refusal:
        return
    numbers = [row.number for row in found.rows]
    assert numbers == sorted(set(numbers))
    assert all(number > 1 for number in numbers)


def test_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    for path, code in (
        (large, "file.too-large"),
        (tmp_path / "none.csv", "file.missing"),
        (tmp_path, "file.folder"),
        (large / "in", "file.unreadable"),
    ):
        with pytest.raises(Refusal) as refusal:
            read_bytes(path)
        assert [fault.code for fault in refusal.value.faults] == [code]


def test_what_has_no_end_is_not_read_to_its_end() -> None:
    with pytest.raises(Refusal) as refusal:
        decode(read_bytes(Path("/dev/zero")), "zero")
    assert refusal.value.faults[0].code == "file.too-large"


def test_each_missing_column_is_named() -> None:
    with pytest.raises(Refusal) as refusal:
        require(read_csv(b"a,b\n1,2\n", "x.csv"), "a", "c", "d")
    assert [(fault.code, fault.column) for fault in refusal.value.faults] == [
        ("csv.column-missing", "c"),
        ("csv.column-missing", "d"),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "＝1+1"])
def test_text_that_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    [[heading], [cell]] = csv.reader(io.StringIO(csv_text([text], [[text]]), newline=""))
    assert heading == cell == f"'{text}"
    [[found]] = CalamineWorkbook.from_filelike(io.BytesIO(xlsx(["h"], [[text]]))).get_sheet_by_index(0).to_python()[1:]
    assert str(found).strip() == text.replace("\r", "\n").strip()


def test_a_line_end_of_any_kind_stays_inside_its_cell() -> None:
    rows = [[f"{n}a\rb", f"c\nd{n}", "e\r\nf"] for n in range(PIECE + 1)]
    pieces = list(csv_pieces(["a", "b", "c"], rows))
    assert len(pieces) == 2 and "".join(pieces) == csv_text(["a", "b", "c"], rows)
    assert list(csv.reader(io.StringIO("".join(pieces), newline="")))[1:] == rows


@given(st.one_of(st.text(max_size=8), st.integers(), st.decimals(allow_nan=False, allow_infinity=False, places=2)))
def test_only_numbers_begin_like_formulas(cell: str | int | Decimal) -> None:
    written = harmless(cell)
    if isinstance(cell, str):
        assert not written.startswith(HARMFUL)
    else:
        assert Decimal(written) == cell


def test_negative_numbers_stay_numbers() -> None:
    assert csv_text(["a", "b", "c"], [[Decimal("-5.10"), -3, None]]) == "a,b,c\n-5.10,-3,\n"
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx(["a", "b"], [[Decimal("-5.10"), -3]], rtl=True)))
    assert book.get_sheet_by_index(0).to_python() == [["a", "b"], [-5.1, -3.0]]


def test_amounts_of_any_size_are_grouped_in_threes() -> None:
    """A space is no mark of groups to a spreadsheet: the format must have one for each group."""
    content = xlsx(["a"], [[Decimal("1234567.89")]])
    assert b'formatCode="#,##0.00_);(#,##0.00);-_)"' in ZipFile(io.BytesIO(content)).read("xl/styles.xml")


@given(st.lists(st.lists(st.text(max_size=12) | st.integers(-(10**9), 10**9), min_size=3, max_size=3), max_size=5))
def test_a_workbook_gives_back_what_was_put_in(rows: list[list[str | int]]) -> None:
    content = io.BytesIO(xlsx(["a", "b", "c"], rows))
    found = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert found[0] == ["a", "b", "c"]
    for row, cells in zip(rows, found[1:], strict=False):
        for cell, read in zip(row, cells, strict=False):
            if isinstance(cell, int) or cell.isprintable():
                assert read == cell


def test_a_workbook_has_columns_beyond_the_alphabet_and_cells_of_any_text() -> None:
    headings = [f"h{n}" for n in range(703)]
    texts = ["_x0041_", 'a<b>&"c"', "\x01\x1f", "\ud800", "x" * 40_000, "", "\ufffe"]
    content = xlsx(headings, [texts, []], title="a/b:[c]?" + "long" * 20)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    [name] = book.sheet_names
    assert len(name) <= 31 and "/" not in name
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == headings
    assert rows[1][1] == texts[1] and len(str(rows[1][4])) <= 32_767
    assert ZipFile(io.BytesIO(content)).testzip() is None
