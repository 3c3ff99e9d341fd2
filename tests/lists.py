"""Files of recommendations for tests, built here: Word lists in their four layouts, CSV, workbooks, JSON."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from conftest import ROOT
from fundapp.kernel.errors import Faults
from fundapp.kernel.text import fold
from fundapp.recommendations.layouts import recognise, rows
from fundapp.recommendations.layouts.incoming import About, incoming
from fundapp.recommendations.rules import Reading, Recommended, World
from fundapp.reference import source
from fundapp.reference.rules import Gazetteer

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TITLE = "UPR of Slovenia (4th Cycle - 48th Session)"
CYCLE4 = (
    "Recommendation and recommending State",
    "Position of the State under review",
    "Human rights themes and groups of persons",
    "Relevant SDGs",
)
MATRIX = ("Recommendation", "Recommending state/s", "Position", "Rights and affected persons")
OLDER = ("Recommendation", "Position", "Full list of themes", "Assessment/comments on level of implementation")
THEME = "Theme: Right to health"
FIRST = (
    "140.7 Ratify the &nbsp;Protocol (Maldives) (Portugal);\nSource of Position: A/HRC/59/15/Add.1 - Para.3",
    "Supported",
    "- Right to health\n- Right to education\nGroups of Persons: \n- Children",
    "- 3 - GOOD HEALTH AND WELL-BEING\n- 16 - PEACE, JUSTICE AND STRONG INSTITUTIONS",
)
SECOND = ("140.8 Consider it (Iceland);", "Noted", "- Right to health", "- 3 - GOOD HEALTH AND WELL-BEING")
INFO = ("To", "To-Rgrp", "To-Org", "Text", "From", "From-Rgrp", "From-Org", "Response", "Action", "Issue", "Session")
UHRI = (
    *("Text", "Countries Concerned", "Reccomending Body", "Document Symbol", "Themes", "Affected Persons", "Sdgs"),
    *("Document Publication Date", "UPR Reccomending States", "UPR Position", "Type", "OHCHR Annotation Id"),
    *("UPR Session", "Regions Concerned", "Recommending Regions", "Date of publication on UHRI"),
)
Cells = Sequence[str]


def sample(name: str) -> Path:
    """A real file, which lies beside the repository and not in it; a test that needs it says so where it is missing."""
    path = ROOT.parent / "shared/samples" / name
    if not path.is_file():
        pytest.skip(f"the real file is not there: {path}")
    return path


def _cell(text: str, span: int, merge: str = "") -> str:
    joined = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    said = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    return f"<w:tc><w:tcPr>{spans}{joined}</w:tcPr>{said}</w:tc>"


def table(headings: Cells, *body: Cells, merge: str = "") -> str:
    """A table in Word's own words; a row of one cell stands across all columns."""
    width = len(headings)
    found = [
        "".join(_cell(text, width if len(row) == 1 else 1, merge if number == 2 else "") for text in row)
        for number, row in enumerate((headings, *body))
    ]
    return f"<w:tbl>{''.join(f'<w:tr>{cells}</w:tr>' for cells in found)}</w:tbl>"


def word(path: Path, *tables: str, title: str = TITLE, **parts: str) -> Path:
    """A Word document with these tables, and the title as its header; `parts` are further files, __ for a slash."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        body = f"<w:document {W}><w:body>{''.join(tables)}</w:body></w:document>"
        package.writestr("word/document.xml", head + body)
        package.writestr("word/header1.xml", f"{head}<w:hdr {W}><w:p><w:r><w:t>{title}</w:t></w:r></w:p></w:hdr>")
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return path


def info(path: Path, *body: Mapping[str, str], end: str = "\r", encoding: str = "mac_roman") -> Path:
    """An export of UPR Info; what a row does not say is as it usually is."""
    usual = {"To": "Slovenia", "From": "Iceland", "Response": "Accepted", "Issue": "Right to health", "Session": "19"}
    lines = [",".join(INFO)]
    lines += [",".join(f'"{ {**usual, **row}.get(name, "") }"' for name in INFO) for row in body]
    path.write_bytes(end.join(lines).encode(encoding))
    return path


def workbook(path: Path, *body: Mapping[str, Any], formula: bool = False) -> Path:
    """An export of the index as a workbook."""
    usual = {"Text": "Do it.", "Countries Concerned": "- Slovenia", "Reccomending Body": "- CEDAW", "Type": ""}
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, UHRI)
        for number, row in enumerate(body, 1):
            found: dict[str, Any] = {**usual, "OHCHR Annotation Id": f"id-{number}", **row}
            sheet.write_row(number, 0, [found.get(name, "") for name in UHRI])
        if formula:
            sheet.write_formula(1, 2, '="CEDAW"')
    return path


def annotation(**given: Any) -> dict[str, Any]:
    """An annotation of the index as JSON has it."""
    usual = {
        "AnnotationId": "a1", "Symbol": "CEDAW/C/SVN/CO/7", "Text": "<p>Do &amp; act.</p>", "Body": "CEDAW",
        "Countries": ["Slovenia"], "Themes": ["Right to health"], "AffectedPersons": ["Women & girls"],
        "Sdgs": ["5.2"], "UprCycle": "", "UprSession": "", "UprPositions": [], "UprRecommendingCountry": [],
        "PublicationDate": "2023-03-15",
    }  # fmt: skip
    return usual | given


def as_json(path: Path, *found: Any) -> Path:
    """An export of the index as JSON."""
    path.write_text(json.dumps(found), "utf-8")
    return path


def world(language: str = "en") -> World:
    """What names mean, out of the program's own tables and without a database."""
    codes = {code: row["code"] for row in source.countries() for code in (row["code"], row["alpha2"], row["m49"])}
    known = Gazetteer({row["form"]: row["country"] for row in source.aliases()}, codes)
    bodies = {fold(row[name]): row["code"] for row in source.treaty_bodies() for name in ("code", "name_en", "name_fr")}
    targets = frozenset(row["code"] for row in source.targets())
    return World(known.resolve, lambda text: ", ".join(known.nearest(text)), bodies, targets, language)


def read(path: Path, about: About = About(), layout: str | None = None) -> tuple[list[Recommended], Reading]:  # noqa: B008
    """The recommendations of a file, and its reading with what is wrong."""
    file = incoming(path)
    reading = Reading(file.name, world(), Faults())
    return list(rows(file, recognise(file, layout), reading, about)), reading


def wrong(path: Path) -> list[tuple[str, int | None, str | None]]:
    """What is wrong with the rows of a file: code, row, column."""
    return [(fault.code, fault.row, fault.column) for fault in read(path)[1].faults]


SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def raw_workbook(path: Path, rows: str, texts: str = "", *, head: str = "", book: str = "", **more: str) -> Path:
    """A workbook in its own words: the rows of its sheet, and its shared texts; `more` are further parts by name."""
    parts = {
        "xl/workbook.xml": f'<workbook {SHEET} xmlns:r="{RELATED}">{book}<sheets><sheet name="a" r:id="r1"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{RELATED}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"{head}<worksheet {SHEET}><sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {SHEET}>{texts}</sst>",
    } | {name.replace("__", "/").replace("_dot_", "."): text for name, text in more.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return path
