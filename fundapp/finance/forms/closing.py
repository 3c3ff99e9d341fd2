"""What people write when they close periods and have statements certified."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField

from fundapp.finance.models import StatementKind
from fundapp.finance.rules.closing import Span, span_from
from fundapp.finance.words import KINDS
from fundapp.kernel.errors import Fault
from fundapp.proposals.forms.calls import Versioned, choices, lines, typed_line


class PeriodForm(Versioned):
    """A step of a period, and its reason."""

    reason = TextAreaField(_l("Reason"))

    @property
    def why(self) -> str:
        """The reason as it was written."""
        return lines(self.reason.data)


class PointForm(Versioned):
    """What was looked at."""

    note = TextAreaField(_l("What was looked at, or why it may stay as it is"))

    @property
    def said(self) -> str:
        """The note as it was written."""
        return lines(self.note.data)


class AnswerForm(Versioned):
    """The answer to a request to open a period again."""

    answer = TextAreaField(_l("Answer"))

    @property
    def said(self) -> str:
        """The answer as it was written."""
        return lines(self.answer.data)


class StatementForm(FlaskForm):
    """Which statement of which period is prepared to be certified."""

    kind = SelectField(_l("Financial statement"), validate_choice=False)
    period = StringField(
        _l("Period"), description=_l("A year like 2020, or a month like 2020-03; its days must be closed.")
    )
    note = TextAreaField(_l("Note for whoever looks it through"))

    def offer(self, known: Collection[StatementKind]) -> StatementForm:
        """Fill in what can be chosen."""
        kinds = ((one.value, label) for one, label in KINDS.items() if one in known)
        self.kind.choices = choices(kinds, _("Choose"))
        return self

    def said(self, faults: list[Fault]) -> tuple[StatementKind, date, date]:
        """What was written; what cannot be is added to the faults."""
        kind = next((one for one in KINDS if one.value == self.kind.data), None)
        if kind is None:
            faults.append(Fault("certificate.no-kind", field="kind"))
        text = typed_line(self.period.data)
        span = span_from(text)
        if span is None:
            faults.append(Fault("period.unknown", {"text": text[:40]}, field="period"))
        days = span or Span(2020)
        return kind or StatementKind.INCOME, days.first, days.last
