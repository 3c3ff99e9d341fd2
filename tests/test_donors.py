"""The register of donors: names over time, spellings that mean one donor each, and whom to write to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from calls import someone
from flask import Flask
from pledges import do, donor, refused

from fundapp.access.policy import Refused, Role
from fundapp.contributions.models import Donor, DonorAlias, DonorContact, DonorKind
from fundapp.contributions.operations import (
    add_alias,
    add_contact,
    change_contact,
    drop_alias,
    drop_contact,
    register_donor,
    rename_donor,
)
from fundapp.contributions.queries import donors, names_of_donors
from fundapp.contributions.queries.register import DonorsWanted, donor_rows
from fundapp.contributions.rules.register import GivenContact, GivenDonor
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import Work, unit_of_work

NAMES = {"en": "Foundation for Rights", "fr": "Fondation pour les droits"}
CONTACT = GivenContact("Anna Muster", "First Secretary", "anna@example.org", "+41 22 000", "Genève", "fr")


def foundation() -> Donor:
    do(lambda work: register_donor(work, None, GivenDonor("private", "", NAMES)))
    return donors(db.session())["foundation-for-rights"]


def renamed(found: Donor, names: dict[str, str], since: date | None, seen: str) -> Callable[[Work], None]:
    return lambda work: rename_donor(work, found, names, since, seen)


def spelled(found: Donor, said: str) -> Callable[[Work], DonorAlias]:
    return lambda work: add_alias(work, found, said)


def test_a_state_comes_in_under_its_own_names_and_others_under_theirs(demo: Flask) -> None:
    do(lambda work: register_donor(work, None, GivenDonor("state", "FJI", {"en": "Whatever"})))
    state, other = donors(db.session())["FJI"], foundation()
    assert (state.kind, state.country, state.name_en, state.name_fr) == (DonorKind.STATE, "FJI", "Fiji", "Fidji")
    assert (other.kind, other.country, other.name_fr, other.name_ru) == (
        DonorKind.PRIVATE,
        None,
        "Fondation pour les droits",
        "Foundation for Rights",
    )


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        (GivenDonor("state", "", {}), ("donor.no-state", "country")),
        (GivenDonor("state", "XXX", {}), ("donor.no-state", "country")),
        (GivenDonor("state", "RUS", {}), ("donor.known", "country")),
        (GivenDonor("king", "", NAMES), ("donor.no-kind", "kind")),
        (GivenDonor("", "", NAMES), ("donor.no-kind", "kind")),
        (GivenDonor("private", "", {"fr": "Fondation"}), ("donor.no-name", "name_en")),
        (GivenDonor("private", "", {"en": "x" * 256}), ("call.long", "name_en")),
        (GivenDonor("private", "", {"en": "Rus. Federation", "fr": "RUSSIE"}), ("donor.name-taken", "name_fr")),
        (GivenDonor("organisation", "", {"en": "Fiji"}), ("donor.name-taken", "name_en")),
        (GivenDonor("organisation", "", {"en": "FOUNDATION  for rights"}), ("donor.name-taken", "name_en")),
    ],
)
def test_who_is_no_donor_or_is_one_already_is_refused(demo: Flask, told: GivenDonor, fault: tuple[str, str]) -> None:
    foundation()
    assert fault in refused(lambda work: register_donor(work, None, told))


def test_documents_of_a_day_name_a_donor_as_it_was_called_then(demo: Flask) -> None:
    found = foundation()
    for name, since in (("Rights Trust", date(2018, 1, 1)), ("Rights International", date(2020, 7, 1))):
        before = donors(db.session())[found.code].name_en
        do(renamed(found, {"en": name}, since, before))

    def called(on: date, language: str = "en") -> str:
        return names_of_donors(db.session(), on)[found.id][1][language]

    assert [called(day) for day in (date(2017, 12, 31), date(2018, 1, 1), date(2020, 6, 30), date(2020, 7, 1))] == [
        "Foundation for Rights", "Rights Trust", "Rights Trust", "Rights International",
    ]  # fmt: skip
    assert called(date(2010, 1, 1), "fr") == "Fondation pour les droits" and called(date.max) == "Rights International"


def test_a_wrong_name_is_corrected_without_a_trace_in_documents(demo: Flask) -> None:
    found = foundation()
    do(lambda work: rename_donor(work, found, {"en": "Foundation of Rights"}, None, found.name_en))
    assert names_of_donors(db.session(), date(2000, 1, 1))[found.id][1]["en"] == "Foundation of Rights"


@pytest.mark.parametrize(
    ("names", "since", "seen", "fault"),
    [
        ({"en": "New"}, today() + timedelta(days=1), None, ("donor.name-ahead", "since")),
        ({"en": "New"}, date(2018, 1, 1), None, ("donor.name-order", "since")),
        ({"en": ""}, None, None, ("donor.no-name", "name_en")),
        ({"en": "Fiji"}, None, None, ("donor.name-taken", "name_en")),
        ({"en": "Rights Trust"}, None, None, ("donor.same-name", "name_en")),
        ({"en": "New"}, None, "Foundation for Rights", ("donor.changed", None)),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    demo: Flask, names: dict[str, str], since: date | None, seen: str | None, fault: tuple[str, str | None]
) -> None:
    found = foundation()
    do(lambda work: rename_donor(work, found, {"en": "Rights Trust"}, date(2018, 1, 1), found.name_en))
    assert refused(lambda work: rename_donor(work, found, names, since, seen or "Rights Trust")) == {fault}


def test_the_names_of_a_state_are_not_changed_here(demo: Flask) -> None:
    found = donor("RUS")
    given = ({"en": "Russia"}, None, found.name_en)
    assert refused(lambda work: rename_donor(work, found, *given)) == {("donor.state-names", None)}


def test_a_spelling_means_one_donor(demo: Flask) -> None:
    found, other = foundation(), donor("CHE")
    do(lambda work: add_alias(work, found, "FNDN. f. Rights"))
    for wrong, code in (
        ("fndn f rights", "donor.alias-known"),
        ("Fondation pour les DROITS", "donor.alias-known"),
        ("Suisse", "donor.alias-taken"),
        ("Fidji", "donor.alias-taken"),  # a State that gives nothing yet
        ("...", "donor.no-alias"),
        ("x" * 201, "call.long"),
    ):
        assert refused(spelled(found, wrong)) == {(code, "alias")}, wrong
    assert refused(lambda work: add_alias(work, other, "FNDN F RIGHTS")) == {("donor.alias-taken", "alias")}
    row = db.session.scalars(sa.select(DonorAlias)).one()
    do(lambda work: drop_alias(work, row))
    do(lambda work: add_alias(work, other, "FNDN F RIGHTS"))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": "", "function": ""}, ("donor.no-contact", "name")),
        ({"email": "", "phone": "", "address": ""}, ("donor.no-way", "email")),
        ({"email": "anna at example"}, ("donor.no-email", "email")),
        ({"email": "a@b.c\nBcc: d@e.f"}, ("donor.no-email", "email")),
        ({"phone": "call me"}, ("donor.no-phone", "phone")),
        ({"language": "de"}, ("donor.no-language", "language")),
        ({"name": "x" * 201}, ("call.long", "name")),
        ({"address": "x" * 1_001}, ("call.long", "address")),
    ],
)
def test_a_contact_that_nobody_could_write_to_is_refused(
    demo: Flask, changed: dict[str, Any], fault: tuple[str, str]
) -> None:
    found, wrong = foundation(), replace(CONTACT, **changed)
    assert fault in refused(lambda work: add_contact(work, found, wrong))


def test_contacts_are_changed_by_whoever_saw_them_last(demo: Flask) -> None:
    found = foundation()
    do(lambda work: add_contact(work, found, CONTACT))
    assert refused(lambda work: add_contact(work, found, CONTACT)) == {("donor.contact-known", "name")}
    row = db.session.scalars(sa.select(DonorContact)).one()
    do(lambda work: change_contact(work, row, replace(CONTACT, language="ar"), 1))
    assert refused(lambda work: change_contact(work, row, CONTACT, 1)) == {("donor.changed", None)}
    assert refused(lambda work: drop_contact(work, row, 1)) == {("donor.changed", None)}
    do(lambda work: drop_contact(work, row, 2))
    assert refused(lambda work: drop_contact(work, row, 3)) == {("donor.contact-gone", None)}
    do(lambda work: add_contact(work, found, CONTACT))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DESK_OFFICER, Role.TRUSTEE, Role.CERTIFYING_OFFICER])
def test_only_some_keep_the_register(demo: Flask, role: Role) -> None:
    with pytest.raises(Refused), unit_of_work(someone(role)) as work:
        register_donor(work, None, GivenDonor("state", "FJI", {}))
    with unit_of_work(someone(Role.SECRETARY)) as work:
        register_donor(work, None, GivenDonor("state", "FJI", {}))


def test_the_list_is_sought_by_names_and_spellings(demo: Flask) -> None:
    found = foundation()
    do(lambda work: add_alias(work, found, "FRX Lac Léman"))

    def listed(**more: Any) -> list[str]:
        return [row.code for row in donor_rows(db.session(), 1, "ar", DonorsWanted(**more))]

    assert listed(words="leman FRX") == [found.code] and found.code in listed(kind=DonorKind.PRIVATE)
    assert listed(words="Russian") == ["RUS"] and listed(pledges="with") == []
    assert listed(pledges="without") == listed() and listed(sort="-name") == list(reversed(listed()))
