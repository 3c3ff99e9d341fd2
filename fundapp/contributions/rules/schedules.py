"""Schedules of contributions as others write them: recognising a layout and understanding its rows. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fundapp.kernel.errors import Fault, Faults, refuse
from fundapp.kernel.money import parse_printed
from fundapp.kernel.sheets import Source, SourceRow, require
from fundapp.kernel.text import fold

UN_SCHEDULE = "un-schedule"
LAYOUTS = {UN_SCHEDULE: ("year", "fund_code", "contributor", "group", "amount_usd")}
GOVERNMENT = "government"
_YEAR = re.compile(r"(?:199|20[0-9])[0-9]|2100")
LARGEST = 10**13  # cents; a hundred billion dollars is a slip of the pen
LONGEST_NAME = 255  # characters of a contributor's name


@dataclass(frozen=True, slots=True)
class Given:
    """A row understood: what a contributor gave a fund in a year, in US cents; state is an ISO code or None."""

    row: int
    year: int
    fund: str
    name: str
    state: str | None
    cents: int

    @property
    def key(self) -> tuple[int, str, str]:
        """What there may be one of: a year, a fund, a donor."""
        return self.year, self.fund, self.state or fold(self.name) or self.name


@dataclass(frozen=True, slots=True)
class Names:
    """How contributors are known: the State a name means, and the States it may have meant."""

    state: Callable[[str], str | None]
    nearest: Callable[[str], str]


def recognise(source: Source, layout: str | None) -> str:
    """The layout of the file, or the one asked for; the columns it lacks are named."""
    if layout is not None and layout not in LAYOUTS:
        raise refuse("layout.unknown", layout=layout, known=", ".join(LAYOUTS))
    chosen = layout or max(LAYOUTS, key=lambda name: len({*LAYOUTS[name]} & {*source.headings}))
    require(source, *LAYOUTS[chosen])
    return chosen


def understand(source: Source, funds: Iterable[str], names: Names, only: str | None = None) -> list[Given]:
    """The rows of a schedule of trust funds, those of one fund if asked; all faults are named at once."""
    faults = Faults()
    known, rows, seen = set(funds), [], dict[tuple[int, str, str], int]()
    for row in source.rows:
        given = _given(row, source.name, known, names, faults)
        if given is None:
            continue
        if given.key in seen:
            values = {"name": source.name, "donor": given.name, "year": given.year, "other": seen[given.key]}
            faults.append(Fault("schedule.twice", values, row.number, "contributor"))
        seen[given.key] = row.number
        if only in (None, given.fund):
            rows.append(given)
    if faults:
        raise faults.refusal()
    if not rows:
        raise refuse("schedule.no-rows", name=source.name, fund=only or ", ".join(sorted(known)))
    return rows


def _given(row: SourceRow, name: str, funds: set[str], names: Names, faults: Faults) -> Given | None:
    year, fund = row.cells["year"].strip(), row.cells["fund_code"].strip()
    contributor, group = row.cells["contributor"].strip(), row.cells["group"].strip()
    before = len(faults)
    if not _YEAR.fullmatch(year):
        faults.append(Fault("schedule.no-year", {"name": name, "text": year[:40]}, row.number, "year"))
    if fund not in funds:
        values = {"name": name, "code": fund[:40], "known": ", ".join(sorted(funds))}
        faults.append(Fault("schedule.fund-unknown", values, row.number, "fund_code"))
    state = names.state(contributor)
    if not contributor or (state is None and fold(group) == GOVERNMENT):
        values = {"name": name, "donor": contributor[:80], "nearest": names.nearest(contributor[:80])}
        faults.append(Fault("donor.unknown", values, row.number, "contributor"))
    elif len(contributor) > LONGEST_NAME:
        long = {"name": name, "donor": contributor[:80], "largest": LONGEST_NAME}
        faults.append(Fault("donor.name-long", long, row.number, "contributor"))
    cents = _cents(row, name, faults)
    if cents is None or len(faults) > before:
        return None
    return Given(row.number, int(year), fund, contributor, state, cents)


def _cents(row: SourceRow, name: str, faults: Faults) -> int | None:
    text = row.cells["amount_usd"]
    try:
        cents = parse_printed(text)
    except ValueError:
        cents = None
    if cents is None or abs(cents) > LARGEST:
        values = {"name": name, "text": text.strip()[:60]}
        faults.append(Fault("schedule.no-amount", values, row.number, "amount_usd"))
        return None
    return cents
