"""Making donors known, and loading what others say they gave."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import Donor, DonorKind, Schedule, Scheduled
from fundapp.contributions.queries import donors, schedules, stored
from fundapp.contributions.rules import Given
from fundapp.funds.models import Fund
from fundapp.funds.queries import hold
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.text import fold
from fundapp.kernel.trail import canonical
from fundapp.kernel.work import Work
from fundapp.reference.models import Country

_INSERT = sa.insert(Scheduled.__table__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a schedule brought: rows that are new, rows that were there, donors that were not known before."""

    added: int
    known: int
    donors: tuple[str, ...]


@operation(Permission.DONOR_ADD)
def add_state(work: Work, country: Country) -> Donor:
    """Make a State known as a donor, under its ISO 3166 alpha-3 code."""
    donor = Donor(code=country.code, kind=DonorKind.STATE, country=country.code)
    return _add(work, donor, country.names)


@operation(Permission.DONOR_ADD)
def add_other(work: Work, subject: None, name: str) -> Donor:
    """Make a donor known that is no State: it has one name, whatever the language."""
    donor = Donor(code=other_code(name), kind=DonorKind.OTHER, country=None)
    return _add(work, donor, dict.fromkeys(LANGUAGES, name))


def _add(work: Work, donor: Donor, names: dict[str, str]) -> Donor:
    for language, name in names.items():
        setattr(donor, f"name_{language}", name)
    work.session.add(donor)
    return donor


def other_code(name: str) -> str:
    """The code of a donor that is no State: its name folded, and a digest where that is too long for a code."""
    slug = fold(name).replace(" ", "-")
    if 3 < len(slug) <= 48:
        return slug
    mark = hashlib.sha256((slug or name).encode()).hexdigest()[:8]  # a name of signs alone folds to nothing
    return f"{slug[:48]}-{mark}"


@operation(Permission.CONTRIBUTION_IMPORT)
def load_schedule(
    work: Work, subject: None, rows: Sequence[Given], *, name: str, layout: str, funds: Sequence[Fund]
) -> Loaded:
    """Keep a schedule beside the books, for comparison: rows already there add nothing, a changed one refuses all."""
    hold(work.session, funds)
    ids = {fund.code: fund.id for fund in funds}
    known = stored(work.session)
    codes = {row.row: row.state or other_code(row.name) for row in rows}
    fresh = [row for row in rows if (row.year, ids[row.fund], codes[row.row]) not in known]
    _refuse_changes(rows, {row.row: known.get((row.year, ids[row.fund], codes[row.row])) for row in rows}, name)
    digest = _digest(rows)
    if not fresh:
        earlier = next((s for s in schedules(work.session) if s.digest == digest), None)
        raise refuse("schedule.nothing-new", name=name, rows=len(rows), earlier=earlier.name if earlier else name)
    there, made = donors(work.session), []
    ours: dict[str, int] = {code: donor.id for code, donor in there.items()}
    for row in fresh:
        if codes[row.row] not in ours:
            donor = _new_donor(work, row)
            ours[donor.code] = donor.id
            made.append(donor.name_en)
    schedule = Schedule(name=name[:255], layout=layout, digest=digest, loaded_at=work.at, rows=len(fresh))
    work.session.add(schedule)
    work.session.flush()
    cells = [
        {"row": r.row, "fund_id": ids[r.fund], "year": r.year, "donor_id": ours[codes[r.row]], "cents": r.cents}
        for r in fresh
    ]
    work.session.execute(_INSERT, [{"schedule_id": schedule.id, **cell} for cell in cells])
    work.note("scheduled", schedule.id, {"rows": len(cells), "digest": digest})
    return Loaded(len(fresh), len(rows) - len(fresh), tuple(made))


def _new_donor(work: Work, row: Given) -> Donor:
    if row.state is None:
        return add_other(work, None, row.name)
    country = work.session.scalars(sa.select(Country).where(Country.code == row.state)).one()
    return add_state(work, country)


def _refuse_changes(rows: Sequence[Given], earlier: dict[int, int | None], name: str) -> None:
    faults = [
        Fault(
            "schedule.changed",
            {"name": name, "donor": row.name, "year": row.year, "cents": row.cents, "earlier_cents": earlier[row.row]},
            row.row,
            "amount_usd",
        )
        for row in rows
        if earlier[row.row] not in (None, row.cents)
    ]
    if faults:
        raise Refusal(*faults)


def _digest(rows: Sequence[Given]) -> str:
    content = [[row.year, row.fund, row.state or row.name, row.cents] for row in rows]
    return hashlib.sha256(canonical(content).encode()).hexdigest()
