"""The register of donors: who is in it, what they are called and were, spellings, and whom to write to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.contributions.models import Donor, DonorAlias, DonorContact, DonorKind, DonorName
from fundapp.contributions.operations.donors import other_code
from fundapp.contributions.queries.register import former_names, known_as
from fundapp.contributions.rules.register import (
    LONGEST_LINE,
    GivenContact,
    GivenDonor,
    contact_faults,
    in_six,
    name_faults,
)
from fundapp.funds.queries import funds, hold
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.languages import DEFAULT
from fundapp.kernel.text import fold
from fundapp.kernel.work import Work
from fundapp.reference.queries import country as country_of

OTHERS = frozenset({DonorKind.ORGANISATION, DonorKind.PRIVATE, DonorKind.OTHER})
CHANGED = "donor.changed"


def unless(faults: Iterable[Fault]) -> None:
    """Refuse for all that is wrong, if anything is."""
    if found := list(faults):
        raise Refusal(*found)


@operation(Permission.DONOR_KEEP)
def register_donor(work: Work, subject: None, said: GivenDonor) -> Donor:
    """Take a donor into the register: a State under the name that the United Nations gives it, anyone else by the
    names that are said. Refused where it is there already."""
    _one_at_a_time(work)
    made = _state(work, said) if said.kind == DonorKind.STATE else _other(work, said)
    work.session.add(made)
    return made


def _state(work: Work, said: GivenDonor) -> Donor:
    state = country_of(work.session, said.country) if said.country else None
    if state is None:
        raise Refusal(Fault("donor.no-state", field="country"))
    if work.session.scalar(sa.select(Donor.id).where(Donor.country == state.code)) is not None:
        raise Refusal(Fault("donor.known", {"name": state.name_en}, field="country"))
    return Donor(code=state.code, kind=DonorKind.STATE, country=state.code, **_columns(state.names))


def _other(work: Work, said: GivenDonor) -> Donor:
    if said.kind not in OTHERS:
        raise Refusal(Fault("donor.no-kind", field="kind"))
    unless(name_faults(said.names))
    names = in_six(said.names)
    _unknown(work, said.names, None)
    code = other_code(names[DEFAULT])
    if work.session.scalar(sa.select(Donor.id).where(Donor.code == code)) is not None:
        raise Refusal(Fault("donor.known", {"name": names[DEFAULT]}, field=f"name_{DEFAULT}"))
    return Donor(code=code, kind=DonorKind(said.kind), country=None, **_columns(names))


def _columns(names: Mapping[str, str]) -> dict[str, str]:
    return {f"name_{language}": name for language, name in names.items()}


def _unknown(work: Work, names: Mapping[str, str], own: int | None) -> None:
    """Refuse names by which another is known: a bank's line would mean two."""
    for language, name in names.items():
        if not name:
            continue
        other = next((found for key, found in known_as(work.session, fold(name)) if own is None or key != own), None)
        if other is not None:
            raise Refusal(Fault("donor.name-taken", {"name": other}, field=f"name_{language}"))


@operation(Permission.DONOR_KEEP)
def rename_donor(work: Work, donor: Donor, names: Mapping[str, str], since: date | None, seen: str) -> None:
    """Give a donor that is no State other names: from a day on, and the ones before it stay for older documents; or
    without a day, where they were never right. seen: its English name as whoever does it saw it."""
    _one_at_a_time(work)
    if donor.kind is DonorKind.STATE:
        raise refuse("donor.state-names")
    if donor.name_en != seen:
        raise refuse(CHANGED)
    unless(name_faults(names))
    said = in_six(names)
    _unknown(work, names, donor.id)
    if said == donor.names:
        raise Refusal(Fault("donor.same-name", field=f"name_{DEFAULT}"))
    if since is not None:
        _keep_names(work, donor, since)
    for column, name in _columns(said).items():
        setattr(donor, column, name)


def _keep_names(work: Work, donor: Donor, since: date) -> None:
    """Keep the names that end on a day, which follows those before and is not to come."""
    if since > work.at.date():
        raise Refusal(Fault("donor.name-ahead", field="since"))
    last = next(iter(former_names(work.session, donor)), None)
    if last is not None and since <= last.until:
        raise Refusal(Fault("donor.name-order", {"since": last.until.isoformat()}, field="since"))
    by = str(work.actor)
    work.session.add(DonorName(donor_id=donor.id, until=since, at=work.at, by=by, **_columns(donor.names)))


def _one_at_a_time(work: Work) -> None:
    """The register is one for all funds: of two who take in the same donor or spelling, the second finds it there."""
    hold(work.session, funds(work.session))


@operation(Permission.DONOR_KEEP)
def add_alias(work: Work, donor: Donor, said: str) -> DonorAlias:
    """Note a spelling by which a bank or a letter names a donor; refused where it means somebody else."""
    _one_at_a_time(work)
    form = fold(said)
    if not form:
        raise Refusal(Fault("donor.no-alias", field="alias"))
    if max(len(said), len(form)) > LONGEST_LINE:
        raise Refusal(Fault("call.long", {"found": len(said), "largest": LONGEST_LINE}, field="alias"))
    for key, name in known_as(work.session, form):
        code = "donor.alias-known" if key == donor.id else "donor.alias-taken"
        raise Refusal(Fault(code, {"name": name}, field="alias"))
    made = DonorAlias(
        donor_id=donor.id, form=form, said=said, at=work.at, by=str(work.actor), removed_at=None, removed_by=None
    )
    work.session.add(made)
    return made


@operation(Permission.DONOR_KEEP)
def drop_alias(work: Work, alias: DonorAlias) -> None:
    """Take a spelling off: it means nobody again."""
    if alias.removed_at is None:
        alias.removed_at, alias.removed_by = work.at, str(work.actor)


@operation(Permission.DONOR_KEEP)
def add_contact(work: Work, donor: Donor, said: GivenContact) -> DonorContact:
    """Note whom to write to at a donor's."""
    unless(contact_faults(said))
    alike = sa.select(DonorContact.id).where(DonorContact.donor_id == donor.id, DonorContact.removed_at.is_(None))
    if work.session.scalar(alike.filter_by(**asdict(said)).limit(1)) is not None:
        raise Refusal(Fault("donor.contact-known", field="name"))
    made = DonorContact(
        donor_id=donor.id, at=work.at, by=str(work.actor), removed_at=None, removed_by=None, **asdict(said)
    )
    work.session.add(made)
    return made


@operation(Permission.DONOR_KEEP)
def change_contact(work: Work, contact: DonorContact, said: GivenContact, version: int) -> None:
    """Correct whom to write to."""
    _stands(contact, version)
    unless(contact_faults(said))
    for name, value in asdict(said).items():
        setattr(contact, name, value)


@operation(Permission.DONOR_KEEP)
def drop_contact(work: Work, contact: DonorContact, version: int) -> None:
    """Take a contact off; what was sent there stays as it was."""
    _stands(contact, version)
    contact.removed_at, contact.removed_by = work.at, str(work.actor)


def _stands(contact: DonorContact, version: int) -> None:
    if contact.removed_at is not None:
        raise refuse("donor.contact-gone")
    if contact.version != version:
        raise refuse(CHANGED)
