"""The button that posts a month's support costs, and what its page showed."""

from __future__ import annotations

import re

from flask_wtf import FlaskForm
from wtforms import HiddenField

_CENTS = re.compile(r"-?\d{1,15}", re.ASCII)


class MonthForm(FlaskForm):
    """seen: the difference in cents that the page showed."""

    seen = HiddenField()

    @property
    def difference(self) -> int | None:
        """That difference; none where the page did not say."""
        text = self.seen.data or ""
        return int(text) if _CENTS.fullmatch(text) else None
