"""What the secretariat writes of a session: texts of its minutes, versions to keep, and what is to be done."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from fundapp.board.models import AgendaItem, AgendaText, FollowUpAction
from fundapp.board.operations.following import GivenAction
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES
from fundapp.proposals.forms.calls import DAY_HINT, Versioned, choices, lines, whole

CHANGED = "minutes.text-changed"


class TextsForm(FlaskForm):
    """The text of the minutes on an item in six languages; `seen_…`: which version of each one looked at."""

    def said(self) -> dict[str, str]:
        """The texts as they were written, by language."""
        return {language: lines(self[f"text_{language}"].data) for language in LANGUAGES}

    def seen(self) -> dict[str, int]:
        """The versions that one looked at, by language."""
        return {language: whole(self[f"seen_{language}"].data) for language in LANGUAGES}

    def fill(self, texts: Mapping[str, AgendaText]) -> None:
        """Show what is written."""
        for language in LANGUAGES:
            found = texts.get(language)
            self[f"text_{language}"].data = found.text if found else ""
        self.renew(texts)

    def renew(self, texts: Mapping[str, AgendaText]) -> None:
        """Whoever has read what somebody else wrote may save again."""
        for language in LANGUAGES:
            found = texts.get(language)
            self[f"seen_{language}"].data = str(found.version if found else 0)


for _code in LANGUAGES:
    setattr(TextsForm, f"text_{_code}", TextAreaField(OWN_NAMES[_code]))
    setattr(TextsForm, f"seen_{_code}", HiddenField())


class KeepForm(FlaskForm):
    """Minutes as one read them, by their digest."""

    seen = HiddenField()


class PaperForm(FlaskForm):
    """That the chair approved minutes on paper."""

    reason = TextAreaField(_l("Where the paper is"), description=_l("It stays on record."))

    @property
    def said(self) -> str:
        """The reason as it was written."""
        return lines(self.reason.data)


class ActionForm(Versioned):
    """Something that the session asked to be done."""

    text = TextAreaField(_l("What is to be done"))
    owner = StringField(_l("Who sees to it"))
    due_on = StringField(_l("Until when"), description=DAY_HINT)
    item = SelectField(_l("Under which item"), validate_choice=False)

    def offer(self, items: Iterable[tuple[int, str]]) -> ActionForm:
        """Fill in what can be chosen."""
        self.item.choices = choices(items, _("None in particular"))
        return self

    def said(self, items: Mapping[int, AgendaItem], faults: list[Fault]) -> GivenAction:
        """What was written; what means nothing goes to the faults."""
        chosen = self.item.data or ""
        item = items.get(whole(chosen))
        if chosen and item is None:
            faults.append(Fault("minutes.no-item", field="item"))
        return GivenAction(lines(self.text.data), lines(self.owner.data), self._due(faults), item)

    def _due(self, faults: list[Fault]) -> date | None:
        bare = "".join(str(unicodedata.decimal(letter, letter)) for letter in lines(self.due_on.data))
        try:
            if bare and len(bare) != len("2026-12-15"):
                raise ValueError(bare)
            return date.fromisoformat(bare) if bare else None
        except ValueError:
            faults.append(Fault("call.no-date", {"text": bare[:40]}, field="due_on"))
            return None

    def fill(self, action: FollowUpAction) -> None:
        """Show what was said."""
        self.text.data, self.owner.data, self.version.data = action.text, action.owner, str(action.version)
        self.due_on.data = action.due_on.isoformat() if action.due_on else ""
        self.item.data = str(action.item_id or "")


class DoneForm(Versioned):
    """That an action is done, and how."""

    note = TextAreaField(_l("How it was done"))

    @property
    def said(self) -> str:
        """The note as it was written."""
        return lines(self.note.data)
