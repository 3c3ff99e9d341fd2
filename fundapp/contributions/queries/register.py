"""Reading the register of donors: who is in it, and one donor with its contacts, names and spellings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.contributions.models import (
    Donor,
    DonorAlias,
    DonorContact,
    DonorKind,
    DonorName,
    Pledge,
    PledgeStage,
)
from fundapp.contributions.queries.donors import name_in, of_country
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.text import fold
from fundapp.reference.models import Country, CountryAlias
from fundapp.reference.rules import order_key

PAGE = 50
SORTS = ("name", "kind", "pledges", "last")
WITH, WITHOUT = "with", "without"
Sums = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class DonorsWanted:
    """Which donors: words of a name or spelling, a kind, those with pledges to the fund or without."""

    words: str = ""
    kind: DonorKind | None = None
    pledges: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class DonorRow:
    """A donor in the list: how many pledges to the fund bind, how many are drafts, and what those that bind promise,
    by currency; last: when one was announced last."""

    id: int
    code: str
    kind: DonorKind
    name: str
    english: str
    binding: int
    drafts: int
    promised: Sums
    last: date | None


def donor_rows(session: Session, fund_id: int, language: str, wanted: DonorsWanted) -> list[DonorRow]:
    """The donors that are wanted, in the order asked for; two queries, three where words are sought."""
    asked = sa.select(Donor.id, Donor.code, Donor.kind, name_in(language), name_in("en"))
    sums = _sums(session, fund_id)
    rows = [
        DonorRow(key, code, kind, name, english, *sums.get(key, (0, 0, (), None)))
        for key, code, kind, name, english in session.execute(asked.outerjoin(Country, of_country()))
    ]
    spellings = _spellings(session) if wanted.words else {}
    return sorted(
        (row for row in rows if _fits(row, wanted, spellings.get(row.id, ""))),
        key=lambda row: _turn(row, wanted.sort, language),
        reverse=wanted.sort.startswith("-"),
    )


def _sums(session: Session, fund_id: int) -> dict[int, tuple[int, int, Sums, date | None]]:
    """Donor's key -> pledges that bind, drafts, what is promised by currency, and the last announcement."""
    many, total, last = sa.func.count(), sa.func.sum(Pledge.minor), sa.func.max(Pledge.announced_on)
    asked = (
        sa.select(Pledge.donor_id, Pledge.stage, Pledge.currency, many, total, last)
        .where(Pledge.fund_id == fund_id, Pledge.stage != PledgeStage.CANCELLED)
        .group_by(Pledge.donor_id, Pledge.stage, Pledge.currency)
        .order_by(Pledge.currency)
    )
    found: dict[int, tuple[int, int, Sums, date | None]] = {}
    for donor, stage, currency, count, minor, day in session.execute(asked):
        binding, drafts, sums, before = found.get(donor, (0, 0, (), None))
        if stage is PledgeStage.BINDING:
            binding, sums = binding + count, (*sums, (currency, int(minor)))
        else:
            drafts += count
        found[donor] = binding, drafts, sums, max(day, before or day)
    return found


def _spellings(session: Session) -> dict[int, str]:
    """Donor's key -> the spellings by which it is known beside its name, folded."""
    found: dict[int, str] = {}
    asked = sa.select(DonorAlias.donor_id, DonorAlias.form).where(DonorAlias.removed_at.is_(None))
    for donor, form in session.execute(asked):
        found[donor] = f"{found.get(donor, '')} {form}"
    return found


def _fits(row: DonorRow, wanted: DonorsWanted, spellings: str) -> bool:
    if wanted.kind is not None and row.kind is not wanted.kind:
        return False
    if wanted.pledges and (wanted.pledges == WITH) != bool(row.binding or row.drafts):
        return False
    text = f"{fold(f'{row.name} {row.english} {row.code}')} {spellings}"
    return all(word in text for word in fold(wanted.words).split())


def _turn(row: DonorRow, sort: str, language: str) -> tuple[object, ...]:
    by_name = order_key(row.name, row.english, language)
    first = {
        "kind": str(row.kind), "pledges": row.binding + row.drafts, "last": row.last or date.min,
    }.get(sort.lstrip("-"))  # fmt: skip
    return by_name if first is None else (first, *by_name)


def donor_at(session: Session, code: str) -> Donor | None:
    """The donor of a code."""
    return session.scalars(sa.select(Donor).where(Donor.code == code)).one_or_none()


def name_of(session: Session, donor: Donor, language: str) -> str:
    """What a donor is called today."""
    asked = sa.select(name_in(language)).select_from(Donor).outerjoin(Country, of_country())
    return str(session.scalar(asked.where(Donor.id == donor.id)))


def names_by_letters(session: Session, language: str) -> list[tuple[int, str]]:
    """Every donor to choose from, by the letters of its name."""
    asked = sa.select(Donor.id, name_in(language), name_in("en")).outerjoin(Country, of_country())
    rows = sorted(session.execute(asked), key=lambda row: order_key(row[1], row[2], language))
    return [(key, name) for key, name, _english in rows]


def contacts_of(session: Session, donor: Donor) -> Sequence[DonorContact]:
    """Whom to write to at a donor's, first recorded first."""
    asked = sa.select(DonorContact).where(DonorContact.donor_id == donor.id, DonorContact.removed_at.is_(None))
    return session.scalars(asked.order_by(DonorContact.id)).all()


def aliases_of(session: Session, donor: Donor) -> Sequence[DonorAlias]:
    """The spellings of a donor beside its names."""
    asked = sa.select(DonorAlias).where(DonorAlias.donor_id == donor.id, DonorAlias.removed_at.is_(None))
    return session.scalars(asked.order_by(DonorAlias.form)).all()


def former_names(session: Session, donor: Donor) -> Sequence[DonorName]:
    """What a donor was called before, the last first."""
    asked = sa.select(DonorName).where(DonorName.donor_id == donor.id)
    return session.scalars(asked.order_by(DonorName.until.desc())).all()


def known_as(session: Session, form: str) -> Iterator[tuple[int | None, str]]:
    """Who is known by a folded form: keys and names of donors, or none and the name of a State that is no donor yet."""
    columns = [Donor.__table__.c[f"name_{language}"] for language in LANGUAGES]
    for key, english, *names in session.execute(
        sa.select(Donor.id, name_in("en"), *columns).outerjoin(Country, of_country())
    ):
        if form in {fold(name) for name in (english, *names)}:
            yield key, english
    spelled = sa.select(Donor.id, name_in("en")).join(DonorAlias, DonorAlias.donor_id == Donor.id)
    spelled = spelled.outerjoin(Country, of_country())
    for key, english in session.execute(spelled.where(DonorAlias.form == form, DonorAlias.removed_at.is_(None))):
        yield key, english
    of_states = sa.select(Donor.id, Country.name_en).select_from(CountryAlias)
    of_states = of_states.join(Country, Country.code == CountryAlias.country).outerjoin(Donor, of_country())
    for found, english in session.execute(of_states.where(CountryAlias.form == form)):
        yield found, english
