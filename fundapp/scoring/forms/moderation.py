"""What is said about a disagreement, and what became of it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField

from fundapp.kernel.errors import Fault
from fundapp.proposals.forms.calls import choices, lines, whole
from fundapp.scoring.models import Outcome

OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.KEPT: _l("The scores are kept as they are"),
    Outcome.REVISED: _l("Reviewers revised their scores"),
    Outcome.NOTED: _l("Noted by the secretary"),
}


class SayForm(FlaskForm):
    """A comment on a disagreement."""

    text = TextAreaField(
        _l("Comment"),
        description=_l(
            "The secretariat reads it, and the reviewers of this proposal where they see each other’s scores."
        ),
    )

    @property
    def said(self) -> str:
        """The comment as it was written."""
        return lines(self.text.data)


class OutcomeForm(FlaskForm):
    """What became of a disagreement. seen: the outcome that stood when one looked."""

    seen = HiddenField()
    outcome = RadioField(_l("Outcome"), validate_choice=False)
    note = TextAreaField(
        _l("Note"),
        description=_l("Goes with the scores to the Board; needed where you note the disagreement as it is."),
    )

    def offer(self) -> OutcomeForm:
        """Fill in what can be chosen."""
        self.outcome.choices = choices((one.value, label) for one, label in OUTCOMES.items())
        return self

    def chosen(self, faults: list[Fault]) -> Outcome:
        """The outcome that was chosen; a fault for none, or for one that is none."""
        if self.outcome.data in {one.value for one in Outcome}:
            return Outcome(self.outcome.data)
        faults.append(Fault("moderation.no-outcome", field="outcome"))
        return Outcome.KEPT

    @property
    def last_seen(self) -> int:
        """The number of the outcome that stood when one looked; 0 for none."""
        return whole(self.seen.data)

    @property
    def said(self) -> str:
        """The note as it was written."""
        return lines(self.note.data)
