"""What the calendar of reviews is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from fundapp.recommendations.words import MOMENTS

Pairs = Iterable[tuple[str, str]]


class CalendarForm(Form):
    """The filters of the calendar, as they stand in its address."""

    state = SelectField(_l("State under review"), validate_choice=False)
    moment = SelectField(_l("Moment"), validate_choice=False)
    group = SelectField(_l("Regional group"), validate_choice=False)
    region = SelectField(_l("Region"), validate_choice=False)
    year = StringField(_l("Year"))
    since = StringField(_l("From"), name="from")
    until = StringField(_l("To"), name="to")

    def offer(self, states: Pairs, groups: Pairs, regions: Pairs) -> CalendarForm:
        """Fill in what can be chosen."""
        moments = [(moment.value, str(name)) for moment, name in MOMENTS.items()]
        chosen = ((self.state, states), (self.moment, moments), (self.group, groups), (self.region, regions))
        for field, pairs in chosen:
            field.choices = [SelectChoice("", _("Any")), *(SelectChoice(code, name) for code, name in pairs)]
        return self
