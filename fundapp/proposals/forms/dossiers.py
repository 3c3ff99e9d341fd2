"""The form that asks for dossiers: in which language, and in which form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from fundapp.kernel.languages import LANGUAGES, OWN_NAMES

FORM_NAMES = {"pdf": _l("PDF"), "docx": _l("Word")}


class DossiersForm(FlaskForm):
    """What is asked for; what is none of the choices is refused by the operation, in its own words."""

    language = SelectField(_l("Language"), validate_choice=False)
    form = SelectField(_l("Form"), validate_choice=False)

    def offer(self) -> DossiersForm:
        """With what can be chosen."""
        self.language.choices = [SelectChoice(code, OWN_NAMES[code]) for code in LANGUAGES]
        self.form.choices = [SelectChoice(code, str(label)) for code, label in FORM_NAMES.items()]
        return self
