"""Receipts, what they settle, changes of pledges and reminders as they are typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, RadioField, SelectField, StringField, TextAreaField

from fundapp.finance.models import ChangeKind
from fundapp.finance.queries.receipts import LEFT, SORTS, UNDONE, UNTHANKED, Wanted
from fundapp.finance.receiving_words import CHANGES
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES, decimal_mark
from fundapp.kernel.money import MoreDecimals, exponent, parse_typed, seen
from fundapp.proposals.forms.calls import choices, lines, typed_day, typed_line

SHOWN = 40  # letters of what was typed that a message repeats
LONGEST_SEARCH = 200
FIRST_YEAR, LAST_YEAR = 2008, 2200


def minor_of(text: str | None, currency: str, language: str, faults: list[Fault], field: str = "amount") -> int:
    """The minor units of an amount that was typed; what is none goes to the faults, and is nothing."""
    bare, places = (text or "").strip(), exponent(currency)
    if not bare:
        faults.append(Fault("receipt.amount", field=field))
        return 0
    try:
        return parse_typed(bare, places, decimal_mark(language))
    except MoreDecimals as error:
        values = {"text": seen(bare)[:SHOWN], "found": error.found, "most": places}
        faults.append(Fault("amount.decimals", values, field=field))
    except ValueError:
        faults.append(Fault("amount.none", {"text": seen(bare)[:SHOWN]}, field=field))
    return 0


def day_of(text: str | None, faults: list[Fault], field: str = "on") -> date:
    """A day that was typed; what is none goes to the faults."""
    known = len(faults)
    found = typed_day(text, field, faults)
    if found is None and len(faults) == known:
        faults.append(Fault("call.no-date", {"text": ""}, field=field))
    return found or date.max


class OnDay(FlaskForm):
    """A form that says a day."""

    on = StringField(_l("Day"))

    def day(self, faults: list[Fault]) -> date:
        """The day."""
        return day_of(self.on.data, faults)


class BindForm(OnDay):
    """From which day a pledge binds."""


class ReceiptForm(OnDay):
    """Money that came in."""

    donor = SelectField(_l("Donor"), validate_choice=False)
    amount = StringField(_l("Amount"), description=_l("In the currency of the account, for example 150 000.00"))
    currency = SelectField(_l("Currency"), validate_choice=False)
    reference = StringField(_l("Reference"), description=_l("As the bank’s statement has it."))
    note = TextAreaField(_l("Note"), description=_l("For the file. It may be left out."))

    def offer(self, donors: Iterable[tuple[str, str]], currencies: Iterable[str]) -> ReceiptForm:
        """Fill in what can be chosen."""
        self.donor.choices = choices(donors, _("Choose"))
        self.currency.choices = choices((code, code) for code in currencies)
        return self

    @property
    def said_reference(self) -> str:
        """The reference, without signs that are no letters."""
        return typed_line(self.reference.data)

    @property
    def said_note(self) -> str:
        """The note, its lines kept."""
        return lines(self.note.data)


class SettleForm(FlaskForm):
    """What of a receipt settles which instalment."""

    instalment = SelectField(_l("Instalment"), validate_choice=False)
    amount = StringField(_l("Amount"))

    def offer(self, parts: Iterable[tuple[int, str]]) -> SettleForm:
        """Fill in what can be chosen."""
        self.instalment.choices = choices(parts)
        return self


class ReasonForm(FlaskForm):
    """Why."""

    reason = TextAreaField(_l("Reason"))

    @property
    def why(self) -> str:
        """The reason as it was written."""
        return lines(self.reason.data)


class RefundForm(OnDay, ReasonForm):
    """Money that goes back."""

    amount = StringField(_l("Amount"))


class ChangeForm(RefundForm):
    """That less is paid of an instalment than was promised."""

    kind = RadioField(_l("What it is"), validate_choice=False)
    instalment = SelectField(_l("Instalment"), validate_choice=False)

    def offer(self, parts: Iterable[tuple[int, str]]) -> ChangeForm:
        """Fill in what can be chosen."""
        kinds = (ChangeKind.REDUCTION, ChangeKind.WRITE_OFF)
        self.kind.choices = choices((kind.value, CHANGES[kind]) for kind in kinds)
        self.instalment.choices = choices(parts)
        return self


class AnswerForm(FlaskForm):
    """What whoever approves or refuses says of it."""

    answer = TextAreaField(_l("Answer"), description=_l("Needed where it is refused."))

    @property
    def said(self) -> str:
        """The answer as it was written."""
        return lines(self.answer.data)


class RemindForm(OnDay):
    """When a donor is reminded or thanked, and in which language."""

    language = SelectField(_l("Language of the letter"), validate_choice=False)

    def offer(self) -> RemindForm:
        """Fill in what can be chosen."""
        self.language.choices = choices((code, OWN_NAMES[code]) for code in LANGUAGES)
        return self


class ReceiptFilterForm(Form):
    """What the list of receipts is narrowed to."""

    q = StringField(_l("Number, donor or reference"))
    year = StringField(_l("Year"))
    state = SelectField(_l("State"), validate_choice=False)

    def offer(self) -> ReceiptFilterForm:
        """Fill in what can be chosen."""
        states = (
            (LEFT, _("Something is left to settle")),
            (UNTHANKED, _("Not thanked for yet")),
            (UNDONE, _("Taken back")),
        )
        self.state.choices = choices(states, _("All that stand"))
        return self

    def wanted(self, sort: str) -> Wanted:
        """What the address asks for; what cannot be chosen is as if it were not asked."""
        sort = sort if sort.lstrip("-") in SORTS else "-date"
        return Wanted(typed_line(self.q.data)[:LONGEST_SEARCH], self._year, self._state, sort)

    @property
    def _year(self) -> int | None:
        text = seen(self.year.data or "").strip()
        found = int(text) if text.isascii() and text.isdigit() and len(text) == len("2020") else 0
        return found if FIRST_YEAR <= found <= LAST_YEAR else None

    @property
    def _state(self) -> str:
        return self.state.data if self.state.data in (LEFT, UNTHANKED, UNDONE) else ""

    def chips(self) -> Iterable[tuple[str, str]]:
        """The filters in force: what each says, and its name."""
        if typed_line(self.q.data):
            yield typed_line(self.q.data)[:LONGEST_SEARCH], "q"
        if self._year:
            yield str(self._year), "year"
        if self._state:
            yield labels(self.state)[self._state], "state"


def labels(field: Any) -> Mapping[str, str]:
    """What can be chosen in a field, by its value."""
    return {str(one.value): str(one.label) for one in field.iter_choices() if one.value}
