"""The first contents of an installation: tables, reference data, funds and their books; and the demonstration's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources

from flask_migrate import upgrade
from sqlalchemy.orm import Session

from fundapp.access.demonstration import people
from fundapp.access.operations import Console
from fundapp.board.operations.members import constitute
from fundapp.contributions.operations import load_schedule
from fundapp.contributions.rules import UN_SCHEDULE, Names, understand
from fundapp.finance.operations import load_document, open_books
from fundapp.finance.printed import COLUMNS
from fundapp.finance.queries import document, understood
from fundapp.funds.operations import set_up
from fundapp.funds.queries import board, fund_by_code, funds
from fundapp.kernel.database import db
from fundapp.kernel.sheets import Source, SourceRow
from fundapp.kernel.work import Work, unit_of_work
from fundapp.reference.operations import load
from fundapp.reference.queries import gazetteer
from fundapp.web import board as web_board
from fundapp.web import calls, money, proposals, register, scoring

SYMBOL, YEAR = "A/HRC/47/19", (date(2020, 1, 1), date(2020, 12, 31))
YEARS = range(2017, 2025)


@dataclass(frozen=True, slots=True)
class Begun:
    """What is new: reference rows, funds, accounts, and whether the demonstration was put in."""

    reference: int
    funds: int
    accounts: int
    demonstration: bool


def initialise(demo: bool) -> Begun:
    """Bring the database to the newest tables and put in what every installation needs; twice is no harm."""
    upgrade()
    db.session.remove()
    with unit_of_work(Console()) as work:
        reference = load(work, None)
        new = set_up(work, None)
        accounts = sum(open_books(work, fund) for fund in funds(work.session))
        for one in {board(work.session, fund) for fund in funds(work.session)}:
            constitute(work, one)
    loaded = demonstrate() if demo else False
    db.session.remove()
    return Begun(reference.added, new, accounts, loaded)


def demonstrate() -> bool:
    """Put in the demonstration: people, books, recommendations, calls, proposals, scores, the Board and its sessions,
    and the year 2020 as it was booked; False where it is there."""
    before = before_the_money()
    return money.demonstrate() or before


def before_the_money() -> bool:
    """All of the demonstration but its year 2020, whose tables are as they were printed; False where it is there."""
    before = before_the_board()
    return web_board.demonstrate() or before


def before_the_board() -> bool:
    """All of the demonstration but its Board; False where it is there."""
    before = before_scores()
    return scoring.demonstrate() or before


def before_scores() -> bool:
    """All of the demonstration but its scores; False where it is there."""
    before = before_proposals()
    more = register.beyond(db.session())
    return proposals.demonstrate() or more or before


def before_proposals() -> bool:
    """All of the demonstration but its proposals; False where it is there."""
    books = people_and_books()
    known = register.demonstrate(db.session())
    return calls.demonstrate() or known or books


def people_and_books() -> bool:
    """A person of each role, the tables of A/HRC/47/19, the schedule of trust funds; False where they are there."""
    with unit_of_work(Console()) as work:
        people(work)
        return _printed(work)


def _printed(work: Work) -> bool:
    fund = fund_by_code(work.session, "UPR")
    assert fund
    if document(work.session, fund, SYMBOL):
        return False
    parts = {part: _table(part) for part in COLUMNS}
    printed = understood(work.session, fund, parts, YEAR)
    load_document(work, fund, SYMBOL, parts, printed)
    every = funds(work.session)
    source = _schedule()
    rows = understand(source, [fund.code for fund in every], names(work.session))
    load_schedule(work, None, rows, name=source.name, layout=UN_SCHEDULE, funds=every)
    return True


def names(session: Session) -> Names:
    """How contributors are known to this installation."""
    known = gazetteer(session)
    return Names(known.resolve, lambda text: ", ".join(known.nearest(text)) or "-")


def _rows(file: str) -> Iterator[dict[str, str]]:
    text = resources.files("fundapp.web.demonstration").joinpath(file).read_text("utf-8")
    yield from csv.DictReader(io.StringIO(text))


def _table(part: str) -> Source:
    """A table of the document in the columns it is imported with."""
    columns = COLUMNS[part]
    found = [row for row in _rows("a_hrc_47_19.csv") if row["part"] == part]
    cells = [(row["place"], row["of"], row["says"]) for row in found]
    rows = tuple(SourceRow(n, dict(zip(columns, cell, strict=True))) for n, cell in enumerate(cells, 2))
    return Source(f"{part}.csv", columns, rows)


def _schedule() -> Source:
    columns = ("year", "fund_code", "contributor", "group", "amount_usd")
    cells = [
        (str(year), row["fund"], row["contributor"], row["kind"], row[str(year)])
        for year in YEARS
        for row in _rows("trust_fund_schedule.csv")
        if row[str(year)]
    ]
    rows = tuple(SourceRow(n, dict(zip(columns, cell, strict=True))) for n, cell in enumerate(cells, 2))
    return Source("Schedule of trust funds 2017-2024", columns, rows)
