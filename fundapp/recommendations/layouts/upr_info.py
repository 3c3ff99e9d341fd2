"""UPR Info's export: CSV, UTF-8 or Mac Roman, any line ends; a row for each State that recommends."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from io import TextIOWrapper
from itertools import chain

from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.recommendations.layouts.incoming import PART, About, Incoming, clean, known, unique
from fundapp.recommendations.rules import Here, Label, Mechanism, Reading, Recommended, cycle_of, searchable
from fundapp.recommendations.themes import LONGEST, UPR_INFO, theme

TOLD = 500  # rows after which is said how far it is
COLUMNS = ("To", "Text", "From", "Response", "Issue", "Session")


def recognises(file: Incoming) -> bool:
    """Whether the file begins with the headings of this layout."""
    head = file.head().decode("mac_roman").removeprefix("Ôªø").splitlines()
    return bool(head) and len({*COLUMNS} & {cell.strip(' "') for cell in head[0].split(",")}) > len(COLUMNS) // 2


def rows(file: Incoming, reading: Reading, about: About) -> Iterator[Recommended]:
    """The recommendations of the file."""
    name = encoding(file)
    with file.path.open("rb") as content, TextIOWrapper(content, name, newline="") as text:
        cells = csv.reader(text, strict=True)
        number, size = 0, file.path.stat().st_size
        try:
            headings = next(cells, [])
            places = _places(headings, file.name)
            for number, row in enumerate(cells, 2):
                if number % TOLD == 0:
                    reading.reached(content.tell() / size)
                if len(row) == len(headings):
                    yield from _row([row[place] for place in places], Here(reading, number))
                elif row:
                    values = {"name": file.name, "found": len(row), "wanted": len(headings)}
                    reading.faults.append(Fault("csv.width", values, number))
        except csv.Error:
            raise refuse("csv.broken", row=number + 1, name=file.name) from None


def encoding(file: Incoming) -> str:
    """UTF-8 where all of the file is that; else what the exporter's machines write."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with file.path.open("rb") as content:
        try:
            for part in chain(iter(lambda: content.read(PART), b""), [b""]):
                decoder.decode(part, final=not part)
        except UnicodeDecodeError:
            return "mac_roman"
    return "utf-8-sig"


def _places(headings: list[str], name: str) -> list[int]:
    found = [heading.strip() for heading in headings]
    if missing := [column for column in COLUMNS if column not in found]:
        there = ", ".join(found[:12]) or "-"
        raise Refusal(
            *(Fault("csv.column-missing", {"name": name, "heading": c, "there": there[:200]}, 1, c) for c in missing)
        )
    return [found.index(column) for column in COLUMNS]


def _row(cells: list[str], here: Here) -> Iterator[Recommended]:
    to, words, by, response, issue, number = cells
    to, by, response, issue, number = known(to), known(by), known(response), known(issue), known(number)
    text = here.text(clean(words), "Text")
    state, recommending = here.state(to, "To"), here.state(by, "From")
    position = here.position(response, "Response")
    session = here.session(number, "Session")
    for part in _issues(issue):
        here.short(part, "Issue", LONGEST)
    if not here.clean or session is None:
        return
    mark = hashlib.blake2b(searchable(text).encode(), digest_size=12).hexdigest()
    yield Recommended(
        row=here.row,
        key=f"upr-info:{state}:{session}:{recommending}:{mark}",
        mechanism=Mechanism.UPR,
        state=state,
        texts={here.reading.world.language: text},
        cycle=cycle_of(session),
        session=session,
        position=position,
        position_source="UPR Info",
        states=(recommending,),
        themes=_themes(issue),
    )


@lru_cache(maxsize=4096)
def _issues(cell: str) -> tuple[str, ...]:
    return unique(part.strip() for part in cell.split(",") if part.strip())


@lru_cache(maxsize=4096)
def _themes(cell: str) -> tuple[Label, ...]:
    return tuple(theme(part, UPR_INFO) for part in _issues(cell))
