"""A document of a proposal as somebody sends it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField

from fundapp.kernel.errors import Fault
from fundapp.proposals.rules.documents import too_long


class FileForm(FlaskForm):
    """A further version of a document; `seen` is the one that its sender saw."""

    file = FileField(_l("File"))
    seen = HiddenField()

    @property
    def sent(self) -> Any:
        """The file that was chosen, or None."""
        return self.file.data if self.file.data and self.file.data.filename else None

    def faults(self) -> list[Fault]:
        """What is wrong before the file is looked at."""
        return [] if self.sent else [Fault("document.none", field="file")]


class DocumentForm(FileForm):
    """A document's file and its title."""

    title = StringField(_l("What the document is"))

    def faults(self) -> list[Fault]:
        """What is wrong before the file is looked at."""
        fault = too_long(self.title.data or "")
        return [*([fault] if fault else []), *super().faults()]
