"""What people say on the pages of bank statements and rates: a file, what a movement pays, why it pays nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Regexp

from fundapp.access.forms import page_of
from fundapp.finance.bank_words import STATES
from fundapp.finance.queries.bank import Row, Wanted
from fundapp.finance.rules.matching import Match, Open
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import decimal_mark
from fundapp.kernel.money import exponent, parse_typed, seen
from fundapp.proposals.forms.calls import Versioned, choices, lines, whole

LONGEST = 200  # characters of the words that are looked for
OTHER, ADVANCE = "other", "advance"
Parts = list[tuple[int, int]]  # instalment's key, minor units
_PARTS = re.compile(r"[1-9]\d{0,9}:[1-9]\d{0,16}(?:\+[1-9]\d{0,9}:[1-9]\d{0,16}){0,40}", re.ASCII)


class LookForm(FlaskForm):
    """A file to look at before it is taken in."""

    file = FileField(_l("File"))


class TakeForm(FlaskForm):
    """A file that was looked at."""

    digest = HiddenField(validators=[Regexp(r"[0-9a-f]{64}\Z")])
    name = HiddenField()


class BankFilterForm(Form):
    """What the list of movements is narrowed to."""

    q = StringField(_l("Search"))
    state = SelectField(_l("Where it stands"), validate_choice=False)
    statement = HiddenField()

    def offer(self) -> BankFilterForm:
        """Fill in what can be chosen."""
        self.state.choices = choices(((state.value, label) for state, label in STATES.items()), _("All"))
        return self

    def wanted(self, words: Mapping[str, str]) -> Wanted:
        """What the address asks for."""
        state = self.state.data if self.state.data in {one.value for one in STATES} else ""
        statement = (self.statement.data or "").strip()
        found = " ".join(seen(self.q.data or "").replace("\0", "").split())[:LONGEST]
        return Wanted(found, state or "", whole(statement) if statement else None, page_of(words))  # type: ignore[arg-type]

    def chips(self, statement: str = "") -> list[tuple[str, str]]:
        """The filters in force: what each says, and its name."""
        found = [(self.q.data or "", "q")] if (self.q.data or "").strip() else []
        labels = {one.value: str(label) for one, label in STATES.items()}
        if self.state.data in labels:
            found.append((labels[self.state.data], "state"))
        if self.statement.data:
            found.append((statement or self.statement.data, "statement"))
        return found


class RateFilterForm(Form):
    """Which rates: those of a day, or all of a currency."""

    currency = SelectField(_l("Currency"), validate_choice=False)
    on = StringField(_l("On"))

    def offer(self, codes: Sequence[str]) -> RateFilterForm:
        """Fill in what can be chosen."""
        self.currency.choices = choices(((code, code) for code in codes), _("All"))
        return self


class AcceptForm(Versioned):
    """What a movement pays: a match that was proposed, another instalment, or nothing that was promised."""

    choice = RadioField(_l("What it pays"), validate_choice=False)
    instalment = SelectField(_l("Instalment"), validate_choice=False)
    amount = StringField(
        _l("How much of it is settled"),
        description=_l("Leave it empty for all that came in, or all that is outstanding."),
    )
    donor = SelectField(_l("Donor"), validate_choice=False)

    def offer(
        self, found: Sequence[Match], instalments: Sequence[tuple[int, str]], donors: Sequence[tuple[int, str]]
    ) -> AcceptForm:
        """Fill in what can be chosen."""
        self.choice.choices = choices([*((one.choice, "") for one in found), (OTHER, ""), (ADVANCE, "")])
        self.instalment.choices = choices(instalments, _("Choose the instalment"))
        self.donor.choices = choices(donors, _("Choose the donor"))
        return self

    def said(self, line: Row, opens: Sequence[Open], tongue: str, faults: list[Fault]) -> tuple[int, Parts]:
        """The donor's key and what is settled; what is wrong goes to the faults. tongue: in which amounts are typed."""
        chosen, known = self.choice.data or "", {one.instalment: one for one in opens}
        if chosen == ADVANCE:
            return self._donor(faults), []
        if chosen == OTHER:
            return self._other(line, known, tongue, faults)
        parts = _parts(chosen)
        donors = {known[key].donor for key, _minor in parts if key in known}
        if len(donors) != 1 or any(key not in known for key, _minor in parts):
            faults.append(Fault("bank.choice", field="choice"))
            return 0, []
        return donors.pop(), parts

    def _donor(self, faults: list[Fault]) -> int:
        key = whole(self.donor.data)
        if not key:
            faults.append(Fault("bank.donor", field="donor"))
        return key

    def _other(self, line: Row, known: Mapping[int, Open], tongue: str, faults: list[Fault]) -> tuple[int, Parts]:
        one = known.get(whole(self.instalment.data))
        if one is None or one.money.currency != line.currency:
            faults.append(Fault("bank.instalment", field="instalment"))
            return 0, []
        minor, text = min(line.minor, one.money.minor), (self.amount.data or "").strip()
        if text:
            try:
                minor = parse_typed(text, exponent(line.currency), decimal_mark(tongue))
            except ValueError:
                minor = 0
        if not 0 < minor < 10**17:
            faults.append(Fault("bank.typed", {"text": text[:40]}, field="amount"))
        return one.donor, [(one.instalment, minor)]


def _parts(text: str) -> Parts:
    """What a choice says: "12:5000000+13:1000000"; nothing where it says nothing."""
    if not _PARTS.fullmatch(text):
        return []
    pairs = (part.split(":") for part in text.split("+"))
    return [(int(key), int(minor)) for key, minor in pairs]


class PassForm(Versioned):
    """Why a movement is no receipt of a contribution."""

    reason = TextAreaField(
        _l("Why it is no receipt"),
        description=_l("For example: interest, a payment that came back, or for another fund."),
    )

    @property
    def said(self) -> str:
        """The reason."""
        return lines(self.reason.data)


class AgainForm(Versioned):
    """A movement that is to be looked at again."""
