"""What a secretary writes of the scoring of a call: its settings, who scores what, and reasons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES
from fundapp.proposals.forms.calls import DAY_HINT, MomentForm, Versioned, choices, lines, whole
from fundapp.scoring.forms.criteria import mean, number
from fundapp.scoring.models import ReviewerProfile, ScoringRound
from fundapp.scoring.rules.rounds import MOST_SHEETS, GivenRound

_NEVER = datetime.fromisoformat("9999-01-01")  # where a deadline could not be read, which is said beside its field
_LAST = time(23, 59)  # said by a day alone


class WhyForm(Versioned):
    """A step that is explained; nobody sees the reason who does not see the scoring."""

    reason = TextAreaField(_l("Reason"), description=_l("It stays on record."))

    @property
    def why(self) -> str:
        """The reason as it was written."""
        return lines(self.reason.data)


class RoundForm(MomentForm, WhyForm):
    """What a round is set to."""

    sheets = StringField(_l("Sheets that each proposal needs"), default="2")
    due_on = StringField(_l("Sheets are due on"), description=DAY_HINT)
    due_hour = StringField(_l("Hour"), description=_l("Like 18:00; without it, at 23:59."))
    threshold = StringField(
        _l("Threshold"), description=_l("The total, of 100, under which a proposal is marked; empty for no mark.")
    )
    shows_others = BooleanField(_l("Whoever gave a sheet then sees those that others gave"), default=True)
    bars_nationality = BooleanField(_l("Nobody scores a proposal for the State they are nationals of"), default=True)

    def said(self, faults: list[Fault]) -> GivenRound:
        """What was written; what means nothing goes to the faults."""
        sheets = number(self.sheets.data, "sheets", faults)
        due = self.moment("due", faults, last=True)
        if due is None and not any(fault.field in ("due_on", "due_hour", "zone") for fault in faults):
            faults.append(Fault("round.no-due", field="due_on"))
        threshold = mean(self.threshold.data, "threshold", faults)
        shown, bars = bool(self.shows_others.data), bool(self.bars_nationality.data)
        return GivenRound(sheets, due or _NEVER, self.of_zone, shown, bars, threshold)

    def fill(self, round_: ScoringRound) -> None:
        """Show what a round is set to."""
        self.sheets.data, self.zone.data = str(round_.sheets), round_.zone
        self.show("due", round_.due_at, round_.zone, _LAST)
        self.threshold.data = "" if round_.threshold is None else f"{round_.threshold.normalize():f}"
        self.shows_others.data, self.bars_nationality.data = round_.shows_others, round_.bars_nationality
        self.version.data = str(round_.version)


class AssignForm(FlaskForm):
    """A proposal and who scores it."""

    proposal = SelectField(_l("Proposal"), validate_choice=False)
    person = SelectField(_l("Reviewer"), validate_choice=False)

    def offer(self, proposals: Iterable[tuple[int, str]], people: Iterable[tuple[int, str]]) -> AssignForm:
        """Fill in what can be chosen."""
        self.proposal.choices = choices(proposals, _("Choose"))
        self.person.choices = choices(people, _("Choose"))
        return self

    @property
    def chosen(self) -> tuple[int, int]:
        """The ids; 0 for what is none."""
        return whole(self.proposal.data), whole(self.person.data)


class RecuseForm(AssignForm, WhyForm):
    """Somebody who is kept from a proposal, and why."""

    person = SelectField(_l("Who is kept from it"), validate_choice=False)


class PlanForm(FlaskForm):
    """A plan that was looked at, by its digest."""

    plan = HiddenField()


class ReviewerForm(Versioned):
    """What is known of a reviewer."""

    nationality = SelectField(_l("National of"), validate_choice=False)
    languages = SelectMultipleField(_l("Languages they read"), validate_choice=False)
    most = StringField(
        _l("The most proposals of a call that they take"), description=_l("Leave it empty for no limit.")
    )

    def offer(self, states: Iterable[tuple[str, str]]) -> ReviewerForm:
        """Fill in what can be chosen."""
        self.nationality.choices = choices(states, _("Not known"))
        self.languages.choices = choices((code, OWN_NAMES[code]) for code in LANGUAGES)
        return self

    def limit(self, faults: list[Fault]) -> int | None:
        """The most that they take; None for no limit."""
        return number(self.most.data, "most", faults) if (self.most.data or "").strip() else None

    def fill(self, known: ReviewerProfile | None) -> None:
        """Show what is known."""
        self.version.data = str(known.version if known else 0)
        self.nationality.data = (known.nationality if known else None) or ""
        self.languages.data = known.languages.split() if known else []
        self.most.data = str(known.most or "") if known else ""


SHEETS_HINT = _l("From 1 to %(most)s.", most=MOST_SHEETS)
