"""Fields that several forms of the register have: a day, a whole number, a language."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import TextInput

from fundapp.kernel.languages import LANGUAGES, OWN_NAMES

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Typed(Field):
    """What somebody typed, shown again as they did, and what it means."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it; an empty field means nothing."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if text:
            self.data = self.meaning(text)

    def meaning(self, text: str) -> Any:
        """What a text means; ValueError with the sentence for one that means nothing."""
        return text


class DayField(Typed):
    """A day like 2025-05-28."""

    def meaning(self, text: str) -> date:
        """The day."""
        if not _DAY.fullmatch(text):
            raise ValueError(_l("Write the day as year, month and day, like 2025-05-28."))
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError(_l("There is no such day in the calendar.")) from None


class WholeField(Typed):
    """A small whole number, of figures in any script."""

    def meaning(self, text: str) -> int:
        """The number."""
        if not (text.isdecimal() and len(text) < 5):
            raise ValueError(_l("Write a whole number."))
        return int(text)


def languages() -> list[SelectChoice]:
    """The six languages, each by its own name."""
    return [SelectChoice(code, OWN_NAMES[code]) for code in LANGUAGES]
