"""What people write on the pages of the money."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from fundapp.finance.operations import LONGEST_NOTE
from fundapp.kernel.money import parse_typed
from fundapp.ledger.core import LONGEST_MEMO


class AnnotationForm(FlaskForm):
    """What a difference is, in the officer's words."""

    text = TextAreaField(
        _l("Your note"),
        description=_l("It stands beside the figure, with your name and the date. The printed figure stays as it is."),
        validators=[
            DataRequired(_l("Write the note.")),
            Length(max=LONGEST_NOTE, message=_l("Write at most 2 000 characters.")),
        ],
    )


class AttributionForm(FlaskForm):
    """Who gave income that names nobody."""

    donor = SelectField(_l("Donor"), validators=[InputRequired(_l("Choose the donor."))])
    amount = StringField(
        _l("Amount"),
        description=_l("United States dollars, for example 47 790.13"),
        validators=[InputRequired(_l("Write the amount."))],
    )
    reason = StringField(
        _l("What tells you"),
        description=_l("A document, a letter, a bank statement: it becomes the text of the entry."),
        validators=[
            DataRequired(_l("Say what tells you that this donor gave it.")),
            Length(max=LONGEST_MEMO, message=_l("Write at most 255 characters.")),
        ],
    )

    def validate_amount(self, field: Any) -> None:
        """An amount like 47 790.13, above nil."""
        try:
            cents = parse_typed(field.data or "")
        except ValueError:
            cents = 0
        if cents <= 0:
            raise ValidationError(_l("Write an amount above nil, like 47 790.13."))

    @property
    def cents(self) -> int:
        """The amount in cents."""
        return parse_typed(self.amount.data or "")


class ClosingForm(FlaskForm):
    """Only the button, and the token that proves where it was pressed."""
