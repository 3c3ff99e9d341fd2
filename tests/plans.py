"""Plans for tests: a State with recommendations of two cycles and a treaty body, and files of measures."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from lists import CYCLE4, FIRST, annotation, as_json, table, word

from fundapp.access.operations import Console
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults
from fundapp.kernel.work import unit_of_work
from fundapp.recommendations.layouts import recognise
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.recommendations.operations import add_measure, import_file, open_plan
from fundapp.recommendations.queries import world
from fundapp.recommendations.queries.plans import MeasureRow, MeasuresWanted, measures, named_plan, shelf
from fundapp.recommendations.rules import Progress, Reading
from fundapp.recommendations.rules.plans import Doing, Planned
from fundapp.reference.queries import country

OWN = ("Reference", "Measure", "Responsible", "Due", "Indicator", "Progress", "Project", "Recommendations")
FULL = Doing(
    "1.1",
    "Ratify the protocol.\n\n=Then publish it, in Slovene.",
    "Ministry of Justice; Ministry of Health",
    date(2027, 6, 30),
    "Deposited: yes or no",
    Progress.UNDER_WAY,
    "UPR-2026-1",
)
PLAIN = Doing("1.2", "Train 200 judges")


def paragraph(number: str, text: str = "Do it", symbol: str = "A/HRC/59/15") -> Sequence[str]:
    said = f"{number} {text} (Iceland);" + (f"\nSource of Position: {symbol}/Add.1 - Para.3" if symbol else "")
    return (said, "Supported", "- Right to health", "- 3 - GOOD HEALTH AND WELL-BEING")


def take(path: Path) -> None:
    """Take recommendations in as the command line does."""
    file = incoming(path)
    reading = Reading(file.name, world(db.session(), "en"), Faults())
    with unit_of_work(Console()) as work:
        import_file(work, None, file, recognise(file), reading)


def register(folder: Path) -> dict[str, int]:
    """Slovenia: 140.7 to 140.9 of cycle 4, 140.7 and 115.2 of cycle 3, one of CEDAW; name -> number."""
    folder.mkdir(exist_ok=True)
    now = (FIRST, paragraph("140.8", "Consider it"), paragraph("140.9", "Train the police"))
    take(word(folder / "now.docx", table(CYCLE4, *now)))
    older = word(
        folder / "older.docx",
        table(CYCLE4, paragraph("140.7", "An older one", "A/HRC/43/9"), paragraph("115.2", symbol="")),
        title="UPR of Slovenia (3rd Cycle - 34th Session)",
    )
    take(older)
    take(as_json(folder / "cedaw.json", annotation()))
    take(word(folder / "else.docx", table(CYCLE4, paragraph("99.1")), title="UPR of Fiji (4th Cycle - 48th Session)"))
    found = {}
    for state in ("SVN", "FJI"):
        for one in shelf(db.session(), state).of.values():
            found[f"{one.cycle or one.mechanism.value} {one.paragraph}".strip()] = one.number
    db.session.remove()
    return found


def a_plan(*doings: Doing, state: str = "SVN", title: str = "Plan 2026-2029", links: Sequence[int] = ()) -> int:
    """A plan with these measures; all of them put the same recommendations into practice."""
    with unit_of_work(Console()) as work:
        found = country(work.session, state)
        assert found
        plan = open_plan(work, found, Planned(title, "en", date(2026, 1, 1), date(2029, 12, 31)))
        for doing in doings:
            add_measure(work, plan, doing, links)
        return plan.id


def listed(plan: int, **wanted: Any) -> list[MeasureRow]:
    """The measures of a plan as its page lists them."""
    asked = MeasuresWanted(**{"sort": "reference", **wanted})
    rows, _ = measures(db.session(), Console(), named_plan(db.session(), plan), asked, today(), page=None)
    db.session.remove()
    return rows


def content(plan: int) -> list[tuple[Doing, tuple[int, ...]]]:
    """What a plan says, and of which recommendations."""
    return [(row.doing, tuple(sorted(aim.number for aim in row.aims))) for row in listed(plan)]


def measure_id(plan: int, reference: str) -> int:
    return next(row.id for row in listed(plan) if row.doing.reference == reference)


def state_of_plan(plan: int) -> str:
    found = named_plan(db.session(), plan).state
    db.session.remove()
    return found


def as_csv(path: Path, *rows: Mapping[str, str], headings: Sequence[str] = OWN, mark: str = "") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(mark + out.getvalue(), "utf-8")
    return path


def as_xlsx(path: Path, *rows: Mapping[str, Any], headings: Sequence[str] = OWN, formula: bool = False) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            for place, heading in enumerate(headings):
                value = row.get(heading, "")
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, book.add_format({"num_format": "dd/mm/yyyy"}))
                else:
                    sheet.write(number, place, value)
        if formula:
            sheet.write_formula(1, 1, '="a"')
    return path
