"""What people type about what became of a recommendation."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from fundapp.recommendations.forms.fields import DayField, languages
from fundapp.recommendations.operations import GivenFollowUp
from fundapp.recommendations.rules import Progress, Says
from fundapp.recommendations.words import PROGRESS, SAYS


class FollowUpForm(FlaskForm):
    """How far a recommendation had come on a day, who says so, and on what evidence."""

    progress = RadioField(_l("How far it has come"), validators=[InputRequired(_l("Choose how far it has come."))])
    as_of = DayField(
        _l("As of"),
        description=_l("The day for which this is said, not the day on which you write it down."),
        validators=[InputRequired(_l("Write the day for which this is said."))],
    )
    says = SelectField(_l("Who says so"), validators=[InputRequired(_l("Choose who says so."))])
    source = StringField(
        _l("Source"), description=_l("The document, the body or the meeting, for example the mid-term report of 2024.")
    )
    evidence = TextAreaField(_l("Evidence"), description=_l("What was done, and what shows it. You can leave it out."))
    language = SelectField(_l("Language of the source and the evidence"))
    link = StringField(
        _l("Link"),
        description=_l("The address of a page or document, with https:// at its beginning. You can leave it out."),
    )
    project = StringField(_l("Project"), description=_l("The project that this came of, if there is one."))

    def offer(self, language: str) -> FollowUpForm:
        """Fill in what can be chosen."""
        self.progress.choices = [SelectChoice(code.value, str(PROGRESS[code])) for code in Progress]
        self.says.choices = [
            SelectChoice("", _("Choose")),
            *(SelectChoice(code.value, str(SAYS[code])) for code in Says),
        ]
        self.language.choices = languages()
        if not self.is_submitted():
            self.language.data = language
        return self

    def given(self) -> GivenFollowUp:
        """What was typed, as the operation takes it; only of a form that is valid."""
        return GivenFollowUp(
            progress=Progress(self.progress.data),
            as_of=self.as_of.data,
            says=Says(self.says.data),
            source=self.source.data or "",
            language=self.language.data or "",
            evidence=self.evidence.data or "",
            link=self.link.data or "",
            project=self.project.data or "",
        )
