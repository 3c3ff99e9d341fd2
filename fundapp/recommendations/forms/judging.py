"""What people say of a match."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length

from fundapp.recommendations.rules import Verdict
from fundapp.recommendations.rules.evidence import LONGEST_REASON, SHORTEST_REASON


class JudgementForm(FlaskForm):
    """Whether something is evidence, and why."""

    verdict = RadioField(
        _l("Is it evidence for this recommendation?"),
        choices=[
            SelectChoice(Verdict.ADDED.value, _l("Yes: it says something on the same matter")),
            SelectChoice(Verdict.REJECTED.value, _l("No: leave it out")),
        ],
        validators=[InputRequired(_l("Choose whether it is evidence."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l(
            "It stands beside the match with your name and the date, and is kept when somebody decides otherwise."
        ),
        validators=[
            DataRequired(_l("Give the reason.")),
            Length(min=SHORTEST_REASON, max=LONGEST_REASON, message=_l("Write a reason of 10 to 2 000 characters.")),
        ],
    )
