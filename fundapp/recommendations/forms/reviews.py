"""What people type about reviews and letters."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from fundapp.recommendations.forms.fields import DayField, WholeField, languages
from fundapp.recommendations.operations import GivenArea, GivenReview
from fundapp.recommendations.rules import CYCLES, DAY_FIELDS, Days
from fundapp.recommendations.themes import themes

# The fields of a review in their order, by the name they have in the form.
REVIEW_FIELDS = ("session", *DAY_FIELDS, "symbol")


class ReviewForm(FlaskForm):
    """The days of a review. `version` says which record the person began from."""

    version = HiddenField()
    session = WholeField(_l("Session of the Working Group"), description=_l("Its number, for example 48."))
    documents_due = DayField(_l("Documents due"))
    reviewed_on = DayField(_l("Review in the Working Group"))
    adopted_on = DayField(_l("Adoption of the outcome"))
    midterm_due = DayField(_l("Mid-term report due"))
    next_on = DayField(_l("Next review"))
    symbol = StringField(_l("Symbol of the report"), description=_l("Of the Working Group, for example A/HRC/59/15."))

    def given(self) -> GivenReview:
        """What was typed, as the operation takes it."""
        days = Days(session=self.session.data, **{name: self[name].data for name in DAY_FIELDS})
        return GivenReview(days, self.symbol.data or "")

    def began_from(self) -> int:
        """The version of the record that the person saw; 0 for none."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class LetterForm(FlaskForm):
    """A letter: cycle, day and file."""

    cycle = SelectField(_l("Cycle of the review"), coerce=int)
    sent_on = DayField(_l("Day of the letter"), validators=[InputRequired(_l("Write the day of the letter."))])
    file = FileField(
        _l("The letter itself"),
        description=_l("PDF or Word, at most 20 MB, without a password and without macros. You can leave it out."),
    )

    def offer(self, cycle: int) -> LetterForm:
        """Fill in what can be chosen; `cycle` is chosen already where nothing was sent."""
        self.cycle.choices = [SelectChoice(number, _("Cycle %(number)s", number=number)) for number in CYCLES]
        if not self.is_submitted():
            self.cycle.data = cycle
        return self


class AreaForm(FlaskForm):
    """An area that a letter names."""

    sentence = TextAreaField(
        _l("The area in your words"), description=_l("A sentence or two, at most 2 000 characters.")
    )
    language = SelectField(_l("Language of your words"))
    theme = SelectField(_l("Theme"), description=_l("Of the register, where one fits."))
    goals = StringField(
        _l("Sustainable Development Goals and targets"),
        description=_l("Numbers with commas between them, for example 16, 5.2. You can leave it out."),
    )

    def offer(self, language: str) -> AreaForm:
        """Fill in what can be chosen."""
        self.language.choices = languages()
        found = sorted(themes().items(), key=lambda one: one[1])
        self.theme.choices = [SelectChoice("", _("None fits")), *(SelectChoice(code, label) for code, label in found)]
        if not self.is_submitted():
            self.language.data = language
        return self

    def given(self) -> GivenArea:
        """What was typed, as the operation takes it."""
        return GivenArea(
            self.sentence.data or "", self.language.data or "", self.theme.data or "", self.goals.data or ""
        )
