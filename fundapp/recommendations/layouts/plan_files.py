"""Files of a State's implementation plan, a row for each measure: read by headings in any of the six languages.

Of the systems that States keep plans in, IMPACT OSS alone shows its layout to the public, in its source: the headings
of its templates and of its lists. For NRTD and SIMORE Plus there is none to be had; what is called by their names here
is a layout of ours that their spreadsheets can be mapped to, heading by heading. See docs/files-of-plans.md.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources

from fundapp.kernel.errors import Fault, Faults, refuse
from fundapp.kernel.sheets import Source, SourceRow
from fundapp.kernel.text import fold
from fundapp.recommendations.layouts.incoming import Incoming, day
from fundapp.recommendations.layouts.sheet import bare, guarded, table
from fundapp.recommendations.rules.following import Progress
from fundapp.recommendations.rules.plans import Doing, PlanRow, Shelf, names_in, one_line, tidy

MOST_MEASURES = 5_000  # of a file; a State's plan has some hundred
FULL = 9_000  # characters that a cell may have and still be read
LONGEST_TITLE = 120  # characters of a recommendation's words beside its name
_TEMPLATE = re.compile(r"title\s*\|", re.IGNORECASE)  # the row of IMPACT OSS's template that explains its columns
_ENGLISH = dict(zip(Progress, ("Not started", "Under way", "Implemented", "No longer relevant"), strict=True))
_SPANISH = dict(zip(Progress, ("No iniciada", "En curso", "Cumplida", "Ya no es pertinente"), strict=True))


@dataclass(frozen=True, slots=True)
class PlanLayout:
    """What a file is written with: field -> heading in their order, the words of progress, titles beside names."""

    headings: Mapping[str, str]
    progress: Mapping[Progress, str]
    titles: bool = False


LAYOUTS: dict[str, PlanLayout] = {
    "own": PlanLayout(
        {
            "reference": "Reference", "text": "Measure", "responsible": "Responsible", "due": "Due",
            "indicator": "Indicator", "progress": "Progress", "project": "Project", "links": "Recommendations",
        },
        _ENGLISH,
    ),
    "impact-oss": PlanLayout(
        {
            "reference": "reference", "title": "title", "text": "description", "due": "target_date",
            "indicator": "indicator_summary", "responsible": "organisations", "progress": "progress",
            "project": "project", "links": "connected_recommendations",
        },
        _ENGLISH,
        titles=True,
    ),
    "simore": PlanLayout(
        {
            "links": "Recomendación", "reference": "Código", "text": "Acción",
            "responsible": "Institución responsable", "due": "Fecha límite", "indicator": "Indicador",
            "progress": "Estado de cumplimiento", "project": "Proyecto",
        },
        _SPANISH,
    ),
    "nrtd": PlanLayout(
        {
            "links": "Recommendation", "reference": "Activity No", "text": "Activity",
            "responsible": "Lead institution", "due": "Deadline", "indicator": "Indicator", "progress": "Status",
            "project": "Project",
        },
        _ENGLISH,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file as it was read: its rows, the columns that mean nothing here, and how many rows are no measures."""

    name: str
    layout: str
    rows: tuple[PlanRow, ...]
    unread: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(slots=True)
class _Reading:
    """A file being read: which column is which field, what names mean, where the faults go."""

    columns: Mapping[str, list[str]]
    shelf: Shelf
    faults: Faults
    left_out: int = 0

    def cell(self, row: SourceRow, field: str) -> str:
        """What a row says of a field, over all columns that speak of it."""
        return "\n".join(cell for heading in self.columns.get(field, ()) if (cell := bare(row.cells.get(heading, ""))))

    def wrong(self, fault: Fault, row: int, field: str) -> None:
        """Note a fault with its row and the heading of its column."""
        heading = next(iter(self.columns.get(field, ())), None)
        self.faults.append(replace(fault, row=row, column=heading, field=None))


@cache
def _words(name: str) -> tuple[tuple[str, str], ...]:
    text = resources.files("fundapp.recommendations").joinpath("data", f"{name}.csv").read_text("utf-8")
    return tuple((key, fold(word)) for key, word in list(csv.reader(io.StringIO(text)))[1:])


@cache
def fields_of() -> dict[str, str]:
    """Folded heading -> the field that it means."""
    return {form: field for field, form in _words("plan_headings")}


@cache
def progress_of(word: str) -> Progress | None:
    """How far a measure has come, in a word of any of the six languages; None for one that nobody knows."""
    return {form: Progress(value) for value, form in _words("plan_progress")}.get(fold(word))


def field_of(heading: str) -> str | None:
    """The field that a heading means; IMPACT OSS writes connected_… before the kind of recommendations."""
    form = fold(heading)
    if form.startswith("connected ") and "recommendation" in form:
        return "links"
    return fields_of().get(form)


def layout_of(headings: Sequence[str]) -> str:
    """The layout whose headings a file has most of; where none has more than another, our own."""
    there = {heading.strip() for heading in headings}
    if any(heading.startswith("connected_") for heading in there) or {"title", "target_date"} <= there:
        return "impact-oss"
    scores = {name: len(there & set(layout.headings.values())) for name, layout in LAYOUTS.items()}
    return max(scores, key=lambda name: scores[name])


def read_plan(file: Incoming, shelf: Shelf, faults: Faults, layout: str | None = None) -> PlanFile:
    """The measures of a file, with the recommendations that they name; what is wrong goes to the faults."""
    if layout is not None and layout not in LAYOUTS:
        raise refuse("layout.unknown", layout=layout, known=", ".join(LAYOUTS))
    source = table(file)
    if len(source.rows) > MOST_MEASURES:
        raise refuse("csv.rows", name=source.name, largest=MOST_MEASURES)
    columns = _columns(source)
    reading = _Reading(columns, shelf, faults)
    rows = tuple(_once((found for row in source.rows if (found := _row(row, reading))), faults))
    unread = tuple(heading for heading in source.headings if field_of(heading) is None)
    return PlanFile(source.name, layout or layout_of(source.headings), rows, unread, reading.left_out)


def _columns(source: Source) -> dict[str, list[str]]:
    """Field -> the headings that mean it; only recommendations may stand in several columns."""
    found: dict[str, list[str]] = {}
    for heading in source.headings:
        if field := field_of(heading):
            found.setdefault(field, []).append(heading)
    if "reference" in found:
        found.pop("id", None)
    if not found.keys() & {"text", "title"}:
        raise refuse("plan.no-column", name=source.name, there=", ".join(source.headings[:12])[:300])
    for field, headings in found.items():
        if len(headings) > 1 and field != "links":
            raise refuse("plan.columns", name=source.name, found=headings)
    return found


def _row(row: SourceRow, reading: _Reading) -> PlanRow | None:
    """A measure; None where the row is none, or something is wrong with it."""
    if _TEMPLATE.match(reading.cell(row, "title")):
        reading.left_out += 1
        return None
    before = len(reading.faults) + getattr(reading.faults, "more", 0)
    doing, given = _doing(row, reading)
    for fault in doing.faults():
        if fault.code != "measure.no-reference":
            reading.wrong(fault, row.number, fault.field or "text")
    links = _links(row, reading)
    if len(reading.faults) + getattr(reading.faults, "more", 0) > before:
        return None
    return PlanRow(row.number, doing, given, links)


def _doing(row: SourceRow, reading: _Reading) -> tuple[Doing, frozenset[str]]:
    said = reading.cell
    text = tidy("\n".join(part for part in (said(row, "title"), said(row, "text")) if part))
    progress, due = _progress(row, reading), _due(row, reading)
    given = {field for field in reading.columns if field not in ("title", "id", "symbol", "cycle")} | {"text"}
    if progress is None:
        given.discard("progress")
    doing = Doing(
        reference=one_line(said(row, "reference") or said(row, "id")),
        text=text,
        responsible=one_line(re.sub(r"\s*\n-\s*", "; ", said(row, "responsible").removeprefix("- "))),
        due=due,
        indicator=tidy(said(row, "indicator")),
        progress=progress or Progress.NOT_STARTED,
        project=one_line(said(row, "project")),
    )
    return doing, frozenset(given)


def _progress(row: SourceRow, reading: _Reading) -> Progress | None:
    """A cell that is empty says nothing."""
    word = one_line(reading.cell(row, "progress"))
    found = progress_of(word) if word else None
    if word and found is None:
        reading.wrong(Fault("measure.progress", {"text": word[:60]}), row.number, "progress")
    return found


def _due(row: SourceRow, reading: _Reading) -> date | None:
    text = one_line(reading.cell(row, "due"))
    try:
        return day(int(text) if text.isascii() and text.isdigit() and len(text) == 5 else text)
    except (ValueError, OverflowError):
        reading.wrong(Fault("measure.due", {"text": text[:40]}), row.number, "due")
        return None


def _links(row: SourceRow, reading: _Reading) -> tuple[int, ...]:
    symbol, words = one_line(reading.cell(row, "symbol")), one_line(reading.cell(row, "cycle"))
    found = re.search(r"\d", words)
    names = names_in(reading.cell(row, "links"), symbol, int(found[0]) if found else None)
    numbers, faults = reading.shelf.numbers(names)
    for fault in faults:
        reading.wrong(fault, row.number, "links")
    return tuple(numbers)


def _once(rows: Iterator[PlanRow], faults: Faults) -> Iterator[PlanRow]:
    """Each measure once: rows that differ in the recommendation alone are one measure of several, others a fault."""
    found: dict[str, PlanRow] = {}
    for row in rows:
        key = row.doing.reference.casefold() or f"\n{fold(row.doing.text)}"
        earlier = found.get(key)
        if earlier is None:
            found[key] = row
        elif earlier.doing == row.doing:
            found[key] = replace(earlier, links=tuple(dict.fromkeys((*earlier.links, *row.links))))
        else:
            faults.append(Fault("measure.twice", {"other": earlier.row, "text": row.doing.reference}, row.row))
    yield from found.values()


# ------------------------------------------------------------------------------------------------------- writing


@dataclass(frozen=True, slots=True)
class Link:
    """A recommendation of a measure: its name in files, its number in the register, the beginning of its words."""

    name: str
    number: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A measure to be written: what it says, and its recommendations by name and words."""

    doing: Doing
    links: tuple[Link, ...] = ()


def headings(layout: str) -> tuple[str, ...]:
    """The headings of a layout, in their order."""
    return tuple(LAYOUTS[layout].headings.values())


def cells(found: Written, layout: str) -> tuple[str, ...]:
    """The row of a measure in a layout."""
    kind = LAYOUTS[layout]
    return tuple(guarded(_CELLS[field](found, kind)) for field in kind.headings)


def _text(found: Written, kind: PlanLayout) -> str:
    return found.doing.text.partition("\n")[2] if "title" in kind.headings else found.doing.text


def _named(found: Written, kind: PlanLayout) -> str:
    """Their names; by number where the names would fill more than a cell."""
    lines = [f"{_short(link.words)} [{link.name}]".strip() for link in found.links] if kind.titles else []
    titled = "\n".join(f"- {line}" for line in lines) if len(lines) > 1 else "".join(lines)
    plain = "; ".join(link.name for link in found.links)
    numbers = "; ".join(f"#{link.number}" for link in found.links)
    return next((said for said in (titled, plain) if said and len(said) < FULL), numbers)


def _short(words: str) -> str:
    plain = one_line(words.replace("[", "(").replace("]", ")"))
    return plain if len(plain) <= LONGEST_TITLE else f"{plain[: LONGEST_TITLE - 1]}…"


_CELLS: dict[str, Callable[[Written, PlanLayout], str]] = {
    "reference": lambda found, _: found.doing.reference,
    "title": lambda found, _: found.doing.text.partition("\n")[0],
    "text": _text,
    "responsible": lambda found, _: found.doing.responsible,
    "due": lambda found, _: found.doing.due.isoformat() if found.doing.due else "",
    "indicator": lambda found, _: found.doing.indicator,
    "progress": lambda found, kind: kind.progress[found.doing.progress],
    "project": lambda found, _: found.doing.project,
    "links": _named,
}
