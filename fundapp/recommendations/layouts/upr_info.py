"""UPR Info's export: CSV, UTF-8 or Mac Roman, any line ends; a row for each State that recommends."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import TextIOWrapper
from itertools import chain
from operator import itemgetter

from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.recommendations.layouts.incoming import PART, About, Incoming, clean, known, unique
from fundapp.recommendations.rules import (
    LONGEST_TEXT,
    Here,
    Label,
    Mechanism,
    Reading,
    Recommended,
    cycle_of,
    position_of,
    searchable,
    session_of,
)
from fundapp.recommendations.themes import LONGEST, UPR_INFO, theme

TOLD = 500  # rows after which is said how far it is
COLUMNS = ("To", "Text", "From", "Response", "Issue", "Session")


def recognises(file: Incoming) -> bool:
    """Whether the file begins with the headings of this layout."""
    head = file.head().decode("mac_roman").removeprefix("Ôªø").splitlines()
    found = {cell.strip(' "').casefold() for cell in head[0].split(",")} if head else set()
    return len(found & {column.casefold() for column in COLUMNS}) > len(COLUMNS) // 2


def rows(file: Incoming, reading: Reading, about: About) -> Iterator[Recommended]:
    """The recommendations of the file."""
    name = encoding(file)
    with file.path.open("rb") as content, TextIOWrapper(content, name, newline="") as text:
        cells = csv.reader(text, strict=True)
        number, size = 0, file.path.stat().st_size
        try:
            headings = next(cells, [])
            wanted, number = itemgetter(*_places(headings, file.name)), 1
            for number, row in enumerate(cells, 2):
                if number % TOLD == 0:
                    reading.reached(content.tell() / size)
                if len(row) == len(headings):
                    if found := _row(wanted(row), reading, number):
                        yield found
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
    found = [heading.strip().casefold() for heading in headings]
    if twice := [column for column in COLUMNS if found.count(column.casefold()) > 1]:
        raise refuse("csv.heading-twice", row=1, column=twice[0], name=name, heading=twice[0])
    if missing := [column for column in COLUMNS if column.casefold() not in found]:
        there = clean(", ".join(headings[:12])) or "-"
        raise Refusal(
            *(Fault("csv.column-missing", {"name": name, "heading": c, "there": there[:200]}, 1, c) for c in missing)
        )
    return [found.index(column.casefold()) for column in COLUMNS]


def _row(cells: Sequence[str], reading: Reading, number: int) -> Recommended | None:
    to, words, by, response, issue, of = cells
    world, text = reading.world, clean(words)
    state, recommending, position = world.state(known(to)), world.state(known(by)), position_of(known(response))
    session, themes = session_of(known(of)), _themes(known(issue))
    if not (state and recommending and position and session and 0 < len(text) <= LONGEST_TEXT) or themes is None:
        if any(cell.strip() for cell in cells):  # a row of empty cells is no row
            _wrong(cells, Here(reading, number))
        return None
    mark = hashlib.blake2b(searchable(text).encode(), digest_size=12).hexdigest()
    return Recommended(
        number, f"upr-info:{state}:{session}:{recommending}:{mark}", Mechanism.UPR, state, {world.language: text}, "",
        cycle_of(session), session, "", "", position, "UPR Info", None, "", (recommending,), themes,
    )  # fmt: skip


def _wrong(cells: Sequence[str], here: Here) -> None:
    """All that is wrong with a row; asked only of those that are not right, for most are."""
    to, words, by, response, issue, of = map(known, cells)
    here.text(words, "Text")
    here.state(to, "To")
    here.state(by, "From")
    here.position(response, "Response")
    here.session(of, "Session")
    for part in _issues(issue):
        here.short(part, "Issue", LONGEST)
    if here.clean:
        raise AssertionError(f"row {here.row} is neither right nor wrong")


@lru_cache(maxsize=4096)
def _issues(cell: str) -> tuple[str, ...]:
    return unique(part.strip() for part in cell.split(",") if part.strip())


@lru_cache(maxsize=4096)
def _themes(cell: str) -> tuple[Label, ...] | None:
    """None where one is too long."""
    parts = _issues(cell)
    return None if any(len(part) > LONGEST for part in parts) else tuple(theme(part, UPR_INFO) for part in parts)
