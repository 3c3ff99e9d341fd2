"""Sending a file of recommendations, and deciding on one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional, ValidationError

from fundapp.kernel.languages import DEFAULT, LANGUAGES, OWN_NAMES
from fundapp.recommendations import words
from fundapp.recommendations.layouts import LAYOUTS
from fundapp.recommendations.layouts.incoming import About
from fundapp.recommendations.rules import SESSIONS, cycle_of

FIRST, LAST = SESSIONS[min(SESSIONS)][0], SESSIONS[max(SESSIONS)][1]


class SendForm(FlaskForm):
    """A file, and what whoever sends it knows of it."""

    file = FileField(
        _l("File"),
        description=_l("A thematic list of OHCHR, an export of UPR Info or of the Universal Human Rights Index."),
    )
    layout = SelectField(
        _l("Layout"), description=_l("Nearly always recognised. Choose one where it is not."), default=""
    )
    language = SelectField(_l("Language of the texts"), default=DEFAULT)
    state = SelectField(_l("State under review"))
    session = IntegerField(_l("Session of the review"), validators=[Optional()])
    good_rows = BooleanField(_l("Take the good rows even where others are wrong"))

    def offer(self, states: Iterable[tuple[str, str]]) -> SendForm:
        """Fill in what can be chosen; States as code and name."""
        self.layout.choices = [
            SelectChoice("", _("Recognised by itself")),
            *_choices((code, words.LAYOUTS.get(code, code)) for code in LAYOUTS),
        ]
        self.language.choices = _choices((code, OWN_NAMES[code]) for code in LANGUAGES)
        self.state.choices = [SelectChoice("", _("As the file says")), *_choices(states)]
        return self

    def validate_session(self, field: Any) -> None:
        """A session that there is; IntegerField itself says where it is no number."""
        if field.data is not None and cycle_of(field.data) is None:
            raise ValidationError(
                _("Write the number of a session, from %(first)s to %(last)s.", first=FIRST, last=LAST)
            )

    @property
    def about(self) -> About:
        """State and session, where they were given."""
        return About(self.state.data or None, self.session.data)


def _choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, str(label)) for value, label in pairs]


class DecisionForm(FlaskForm):
    """Taking a file in, after looking; `seen` is the digest of the report that was looked at."""

    seen = HiddenField()
    apply_changes = BooleanField(_l("Apply the changes"))


class PlainForm(FlaskForm):
    """Only the button, and the token that proves where it was pressed."""
