"""Opening a fund's books, keeping printed tables as printed, naming a donor later, annotating a difference."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import Donor
from fundapp.contributions.operations import add_state
from fundapp.contributions.queries import donors
from fundapp.finance.models import Annotation, PublishedCell, PublishedDocument
from fundapp.finance.printed import TABLE1, Printed
from fundapp.finance.queries import account_ids, document, layout_of, printed_of, unattributed
from fundapp.finance.rules import chart, opening_entries
from fundapp.funds.models import Fund
from fundapp.funds.queries import funds, hold
from fundapp.kernel.errors import refuse
from fundapp.kernel.money import parse_printed, printed_places
from fundapp.kernel.sheets import Source
from fundapp.kernel.trail import canonical
from fundapp.kernel.work import Work
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.operations import open_accounts, post, post_many
from fundapp.ledger.queries import earliest_year
from fundapp.ledger.rules import CONTRIBUTIONS
from fundapp.reference.models import Country

_INSERT_CELLS = sa.insert(PublishedCell.__table__)
LONGEST_SYMBOL, LONGEST_NOTE = 60, 2000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a printed document did: cells kept, and entries posted when it opened the books."""

    document: PublishedDocument
    cells: int
    entries: int


@operation(Permission.FUND_SET_UP)
def open_books(work: Work, fund: Fund) -> int:
    """Open the accounts that the fund's statement needs; says how many were new."""
    return open_accounts(work, None, chart(layout_of(work.session, fund)))


@operation(Permission.PUBLISHED_IMPORT)
def load_document(work: Work, fund: Fund, symbol: str, parts: Mapping[str, Source], printed: Printed) -> Loaded:
    """Keep a document's tables cell by cell, and open the fund's books from them where it has none yet."""
    if not 0 < len(symbol) <= LONGEST_SYMBOL or not symbol.isprintable() or symbol != symbol.strip():
        raise refuse("published.symbol", symbol=symbol[:80], largest=LONGEST_SYMBOL)
    hold(work.session, funds(work.session))  # donors are of all funds: the others may be adding the same ones
    cells = _cells(parts)
    mark = hashlib.sha256(canonical(cells).encode()).hexdigest()
    earlier = document(work.session, fund, symbol)
    if earlier is not None:
        same = printed_of(work.session, fund, earlier) == printed
        code = "published.already" if same else "published.already-otherwise"
        raise refuse(code, symbol=symbol, fund=fund.code, at=earlier.loaded_at.date().isoformat())
    booked = earliest_year(work.session, fund.id) is None
    found = PublishedDocument(
        fund_id=fund.id,
        symbol=symbol,
        first=printed.first,
        last=printed.last,
        digest=mark,
        loaded_at=work.at,
        booked=booked,
    )
    work.session.add(found)
    work.session.flush()
    work.session.execute(_INSERT_CELLS, [{"document_id": found.id, **cell} for cell in cells])
    work.note("published_cell", found.id, {"cells": len(cells), "digest": mark})
    known = _known_donors(work, {row.donor for row in printed.donors})
    entries = 0
    if booked:
        layout, ids = layout_of(work.session, fund, printed.last), account_ids(work.session)
        entries = len(post_many(work, fund, [*opening_entries(fund.id, symbol, printed, layout, ids, known)]))
    return Loaded(found, len(cells), entries)


def _cells(parts: Mapping[str, Source]) -> list[dict[str, str | int | None]]:
    """Every cell, the heading row as row 1 of the file: so the copy can be set beside its source."""
    found: list[dict[str, str | int | None]] = []
    for part, source in sorted(parts.items()):
        rows = [(1, dict(zip(source.headings, source.headings, strict=True)))]
        rows += [(row.number, dict(row.cells)) for row in source.rows]
        for number, cells in rows:
            for position, heading in enumerate(source.headings):
                cell: dict[str, str | int | None] = {
                    "part": part,
                    "row": number,
                    "position": position,
                    "heading": heading,
                }
                figure = _figure(part, number, heading, cells)
                found.append({**cell, "text": cells[heading], **figure})
    return found


def _figure(part: str, number: int, heading: str, cells: Mapping[str, str]) -> dict[str, str | int | None]:
    """What a printed figure of Table 1 comes to: read once, so that a page need not."""
    if part != TABLE1 or heading != "printed" or number == 1:
        return {"line": None, "cents": None, "places": None}
    text = cells["printed"]
    return {"line": cells["line"].strip(), "cents": parse_printed(text), "places": printed_places(text)}


def _known_donors(work: Work, codes: set[str]) -> dict[str, int]:
    """Donor's code -> key; a State that gave for the first time becomes a donor."""
    known = {code: donor.id for code, donor in donors(work.session).items()}
    for country in work.session.scalars(sa.select(Country).where(Country.code.in_(sorted(codes - {*known})))).all():
        known[country.code] = add_state(work, country).id
    return known


@operation(Permission.ENTRY_ATTRIBUTE)
def attribute(work: Work, fund: Fund, donor: Donor, cents: int, on: date, reason: str) -> int:
    """Name the donor of income that the books attribute to none; dated in the year of that income."""
    if not reason.strip():
        raise refuse("attribution.reason")
    hold(work.session, [fund])
    left = unattributed(work.session, fund.id, on.year)
    if cents <= 0 or cents > left:
        raise refuse("attribution.amount", cents=cents, left_cents=left, year=on.year)
    account = account_ids(work.session)[CONTRIBUTIONS]
    lines = (Line(account, cents), Line(account, -cents, donor.id))
    return post(work, fund, Entry(fund.id, on, reason.strip(), lines))


@operation(Permission.PUBLISHED_ANNOTATE)
def annotate(work: Work, fund: Fund, found: PublishedDocument, subject: str, text: str) -> Annotation:
    """Say what a difference is; the note stands beside the figure with its author, and corrects nothing."""
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise refuse("annotation.text", largest=LONGEST_NOTE)
    if found.fund_id != fund.id:
        raise refuse("published.unknown", symbol=found.symbol, fund=fund.code, known="-")
    note = Annotation(document_id=found.id, subject=subject, text=text.strip(), person_id=work.actor.id, at=work.at)
    work.session.add(note)
    return note
