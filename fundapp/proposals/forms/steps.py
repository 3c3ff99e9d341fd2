"""What people fill in when they begin a proposal, move it on, or comment on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from fundapp.kernel.languages import LANGUAGES, OWN_NAMES
from fundapp.proposals.forms.calls import DAY_HINT, MomentForm, choices, lines, whole

Pairs = Iterable[tuple[Any, Any]]


class LanguagesForm(FlaskForm):
    """The language that a proposal is written in, and one for translations beside its texts."""

    language = SelectField(_l("Language of the proposal"), validate_choice=False)
    courtesy = SelectField(
        _l("Courtesy translation"),
        validate_choice=False,
        description=_l("Room for a translation beside each text. The proposal counts in its own language."),
    )

    def offer_languages(self, first: str) -> None:
        """Fill in the six languages, the reader's first."""
        ordered = sorted(LANGUAGES, key=lambda code: code != first)
        self.language.choices = choices((code, OWN_NAMES[code]) for code in ordered)
        self.courtesy.choices = choices(((code, OWN_NAMES[code]) for code in ordered), _("None"))

    def show_languages(self, language: str, courtesy: str) -> None:
        """Show the languages of a proposal."""
        self.language.data, self.courtesy.data = language, courtesy


class CallForm(FlaskForm):
    """A call that a proposal is for, and the office where one works for several."""

    call = RadioField(_l("Call"), validate_choice=False)
    office = SelectField(_l("Office"), validate_choice=False)

    def offer(self, calls: Pairs, offices: Pairs) -> None:
        """Fill in what can be chosen."""
        self.call.choices, self.office.choices = choices(calls), choices(offices)

    @property
    def office_id(self) -> int:
        """The office that was chosen; 0 for none."""
        return whole(self.office.data)


class BeginForm(CallForm, LanguagesForm):
    """A proposal to be begun, in a State: without a word in that of the office."""

    state = SelectField(
        _l("Country"), validate_choice=False, description=_l("The State in which the project takes place.")
    )

    def offer_states(self, states: Pairs) -> None:
        """Fill in the States that can be chosen."""
        self.state.choices = choices(states, _("The State of the office"))


class StepForm(MomentForm):
    """A move of a proposal, with why and until when where it asks for that. stage: where it stood when one looked."""

    stage = HiddenField()
    reason = TextAreaField(_l("Reason"), description=_l("Whoever reads the proposal sees it."))
    until_on = StringField(_l("Last day for the changes"), description=DAY_HINT)
    until_hour = StringField(_l("Hour"), description=_l("Like 18:00; without it, at 23:59."))

    @property
    def why(self) -> str:
        """The reason as it was written."""
        return lines(self.reason.data)


class CommentForm(FlaskForm):
    """Something that is said to the colleagues about a page."""

    section = SelectField(_l("Page"), validate_choice=False)
    text = TextAreaField(_l("Comment"), description=_l("The people of your office see it, and nobody else."))

    def offer(self, sections: Pairs) -> None:
        """Fill in what can be chosen."""
        self.section.choices = choices(sections)

    @property
    def said(self) -> str:
        """The comment as it was written."""
        return lines(self.text.data)
