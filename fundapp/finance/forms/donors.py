"""What people write of donors: who they are, names, spellings, contacts; and what lists of them are narrowed to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField

from fundapp.contributions.models import Donor, DonorContact, DonorKind
from fundapp.contributions.queries.register import SORTS, WITH, WITHOUT, DonorsWanted
from fundapp.contributions.rules.register import GivenContact, GivenDonor
from fundapp.finance.donor_words import DONOR_KINDS
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import DEFAULT, LANGUAGES, OWN_NAMES
from fundapp.kernel.money import seen
from fundapp.proposals.forms.calls import Versioned, choices, lines, typed_day, typed_line

LONGEST_SEARCH = 200
WITH_OR_WITHOUT = {WITH: _l("With pledges"), WITHOUT: _l("Without pledges")}
SAME_NAME = _l("Left empty, it is the English name.")


def languages() -> list[tuple[str, str]]:
    """The six languages to choose from, each under its own name."""
    return [(code, OWN_NAMES[code]) for code in LANGUAGES]


def search(text: str | None) -> str:
    """Words that are sought, in one line."""
    return " ".join(seen(text or "").split())[:LONGEST_SEARCH]


class NamesForm(Versioned):
    """Names in six languages."""

    def names(self) -> dict[str, str]:
        """What was typed."""
        return {code: typed_line(self[f"name_{code}"].data) for code in LANGUAGES}

    def show(self, donor: Donor) -> None:
        """Show the names as they are."""
        for code, name in donor.names.items():
            self[f"name_{code}"].data = name


for _code in LANGUAGES:
    setattr(
        NamesForm, f"name_{_code}", StringField(OWN_NAMES[_code], description="" if _code == DEFAULT else SAME_NAME)
    )


class DonorForm(NamesForm):
    """A donor that comes into the register."""

    kind = SelectField(_l("What it is"), validate_choice=False)
    country = SelectField(
        _l("Which State"),
        validate_choice=False,
        description=_l("For a State: its names are those of the United Nations."),
    )

    def offer(self, states: Iterable[tuple[str, str]]) -> DonorForm:
        """Fill in what can be chosen."""
        self.kind.choices = choices(((kind.value, label) for kind, label in DONOR_KINDS.items()), _("Choose"))
        self.country.choices = choices(states, _("None"))
        return self

    def said(self) -> GivenDonor:
        """What was typed."""
        return GivenDonor(self.kind.data or "", self.country.data or "", self.names())


class RenameForm(NamesForm):
    """Other names of a donor; `before`: the English one that whoever writes saw."""

    before = HiddenField()
    since = StringField(
        _l("From which day on"), description=_l("Left empty, the names were never right, and are corrected.")
    )

    def since_day(self, faults: list[Fault]) -> date | None:
        """The day, where one was typed."""
        return typed_day(self.since.data, "since", faults)


class AliasForm(Versioned):
    """Another spelling."""

    alias = StringField(
        _l("Spelling"), description=_l("As it stands on bank statements or in letters; case and accents do not matter.")
    )

    @property
    def said(self) -> str:
        """What was typed, in one line."""
        return typed_line(self.alias.data)


class ContactForm(Versioned):
    """Whom to write to."""

    name = StringField(_l("Name"))
    function = StringField(_l("Function"))
    email = StringField(_l("E-mail"))
    phone = StringField(_l("Telephone"))
    address = TextAreaField(_l("Postal address"))
    language = SelectField(_l("Written to in"), validate_choice=False)

    def offer(self) -> ContactForm:
        """Fill in what can be chosen."""
        self.language.choices = choices(languages())
        return self

    def said(self) -> GivenContact:
        """What was typed."""
        parts = {name: typed_line(self[name].data) for name in ("name", "function", "email", "phone")}
        return GivenContact(**parts, address=lines(self.address.data), language=self.language.data or "")

    def fill(self, known: DonorContact) -> None:
        """Show a contact as it is."""
        for name in ("name", "function", "email", "phone", "address", "language"):
            self[name].data = getattr(known, name)
        self.version.data = str(known.version)


class DonorFilterForm(Form):
    """What the list of donors is narrowed to."""

    q = StringField(_l("Search"))
    what = SelectField(_l("Kind"), validate_choice=False)
    pledges = SelectField(_l("Pledges"), validate_choice=False)

    def offer(self) -> DonorFilterForm:
        """Fill in what can be chosen."""
        self.what.choices = choices(((kind.value, label) for kind, label in DONOR_KINDS.items()), _("Any"))
        self.pledges.choices = choices(WITH_OR_WITHOUT.items(), _("Any"))
        return self

    def wanted(self, sort: str) -> DonorsWanted:
        """The filter; what an address has that is none is as if it were not there."""
        kind = DonorKind(self.what.data) if self.what.data in set(DonorKind) else None
        pledges = self.pledges.data if self.pledges.data in (WITH, WITHOUT) else ""
        return DonorsWanted(search(self.q.data), kind, pledges, sort if sort.lstrip("-") in SORTS else "name")

    def chips(self) -> Iterator[tuple[str, str]]:
        """The filters in force: what each says, and its name."""
        if found := search(self.q.data):
            yield found, "q"
        if self.what.data in set(DonorKind):
            yield str(DONOR_KINDS[DonorKind(self.what.data)]), "what"
        if self.pledges.data in (WITH, WITHOUT):
            yield str(WITH_OR_WITHOUT[self.pledges.data]), "pledges"
