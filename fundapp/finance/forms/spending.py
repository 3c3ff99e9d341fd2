"""Project accounts, allotments and commitments as they are typed, and what lists of them are narrowed to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField, TextAreaField

from fundapp.board.deciding_words import CLASSES
from fundapp.finance.queries.commitments import OWN_WORK, Wanted
from fundapp.finance.rules.commitments import GivenCommitment
from fundapp.finance.rules.spending import GROUPS, GivenAccount, GivenAllotment
from fundapp.finance.spending_words import COMMITMENT_STAGES, classes_said
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.money import seen
from fundapp.kernel.text import left_to_right
from fundapp.proposals.forms.calls import Versioned, choices, lines, typed_day, typed_line, whole
from fundapp.proposals.rules.amounts import cents_of

LONGEST_SEARCH = 200
DOLLARS = _l("United States dollars, for example 47 790.13")


class Typed(Versioned):
    """What is typed of money."""

    def cents(self, name: str, language: str, faults: list[Fault], *, negative: bool = False) -> int | None:
        """The cents of an amount; none where nothing was typed, and what cannot be read goes to the faults."""
        text = self[name].data or ""
        if not text.strip():
            return None
        try:
            return cents_of(text, language, negative=negative)
        except Refusal as refusal:
            faults.extend(Fault(one.code, one.values, field=name) for one in refusal.faults)
            return None


class AccountForm(Typed):
    """A project account to be opened."""

    code = StringField(_l("Code"), description=_l("Capital letters, figures, dots and hyphens."))
    title = StringField(_l("Title"))
    erp_code = StringField(_l("Code in the organisation's system"), description=_l("Under which expenditure comes in."))
    opened_on = StringField(_l("Opened on"))
    ends_on = StringField(_l("The project ends on"))

    def said(self, faults: list[Fault]) -> GivenAccount:
        """The account as it was typed."""
        return GivenAccount(
            typed_line(self.code.data).upper(),
            typed_line(self.title.data),
            typed_line(self.erp_code.data),
            "",
            typed_day(self.opened_on.data, "opened_on", faults),
            typed_day(self.ends_on.data, "ends_on", faults),
        )


class OlderAccountForm(AccountForm):
    """The account of a project that no approval of the program stands behind: all of it is typed."""

    country = SelectField(_l("Country"), validate_choice=False)

    def offer(self, states: Iterable[tuple[str, str]]) -> OlderAccountForm:
        """Fill in what can be chosen."""
        self.country.choices = choices(states, _("None"))
        return self

    def said(self, faults: list[Fault]) -> GivenAccount:
        """The account as it was typed."""
        return replace(super().said(faults), country=typed_line(self.country.data))


class CloseForm(Versioned):
    """The day on which a project account closes."""

    on = StringField(
        _l("Closed from"), description=_l("Not before its last entry: from this day on nothing is committed.")
    )

    def day(self, faults: list[Fault]) -> date | None:
        """That day; none, or what is none, goes to the faults."""
        known = len(faults)
        found = typed_day(self.on.data, "on", faults)
        if found is None and len(faults) == known:
            faults.append(Fault("account.no-closing-day", field="on"))
        return found


class AllotmentForm(Typed):
    """An allotment to be prepared, a field for each class."""

    since = StringField(_l("May be spent from"))
    reason = TextAreaField(_l("Reason"), description=_l("Whoever releases it reads this."))

    def said(self, language: str, faults: list[Fault]) -> GivenAllotment:
        """The allotment as it was typed."""
        typed = {code: self.cents(f"class_{code}", language, faults, negative=True) for code in CLASSES}
        return GivenAllotment(
            typed_day(self.since.data, "since", faults),
            {code: cents for code, cents in typed.items() if cents},
            lines(self.reason.data),
        )


for _code, _name in CLASSES.items():
    setattr(AllotmentForm, f"class_{_code}", StringField(_name))


class AnswerForm(Versioned):
    """Why something is refused."""

    answer = TextAreaField(_l("Why not"), description=_l("Whoever prepared it reads this."))


class CommitmentForm(Typed):
    """A commitment to be raised; line: an account and a class, "EXP.STAFF:010"."""

    project = SelectField(_l("Project"), validate_choice=False)
    line = SelectField(_l("Line and class"), validate_choice=False)
    amount = StringField(_l("Amount"), description=DOLLARS)
    payee = StringField(_l("Vendor or person"))
    purpose = StringField(_l("What for"))
    reference = StringField(_l("Number in the organisation's system"))
    committed_on = StringField(_l("Committed on"))
    expires_on = StringField(_l("Lasts until"))

    def offer(self, projects: Sequence[tuple[str, str]], offered: Sequence[tuple[str, str]]) -> CommitmentForm:
        """Fill in what can be chosen."""
        self.project.choices = choices(projects, _("None: the fund's own work"))
        self.line.choices = choices(offered, _("Choose"))
        return self

    def said(self, project: int | None, language: str, faults: list[Fault]) -> GivenCommitment:
        """The commitment as it was typed."""
        account, _colon, erp_class = (self.line.data or "").partition(":")
        return GivenCommitment(
            project,
            account,
            erp_class,
            typed_line(self.payee.data),
            typed_line(self.purpose.data),
            typed_line(self.reference.data),
            typed_day(self.committed_on.data, "committed_on", faults),
            typed_day(self.expires_on.data, "expires_on", faults),
            self.cents("amount", language, faults),
        )


class StepForm(Typed):
    """A step of a commitment."""

    amount = StringField(
        _l("Amount"), description=_l("To pay, or to add; with a minus, to take away. To cancel, leave it empty.")
    )
    on = StringField(_l("On"))
    reason = TextAreaField(_l("Reason"))


class CarryForm(Versioned):
    """The year at whose end commitments are carried over."""

    year = StringField(_l("Year"))

    @property
    def of_year(self) -> int:
        """The year; 0 for what is none."""
        found = whole((self.year.data or "").strip())
        return found if 1900 <= found <= 9998 else 0


class ProjectFilterForm(Form):
    """What the list of projects is narrowed to."""

    q = StringField(_l("Search"))

    @property
    def words(self) -> str:
        """What is looked for."""
        return " ".join(seen(self.q.data or "").split())[:LONGEST_SEARCH]


class CommitmentFilterForm(Form):
    """What the list of commitments is narrowed to."""

    q = StringField(_l("Search"))
    stage = SelectField(_l("Where it stands"), validate_choice=False)
    project = SelectField(_l("Project"), validate_choice=False)
    classes = SelectField(_l("Class"), validate_choice=False)
    on = StringField(_l("As at"))

    def offer(self, projects: Iterable[tuple[str, str]]) -> CommitmentFilterForm:
        """Fill in what can be chosen."""
        self.stage.choices = choices(COMMITMENT_STAGES.items(), _("All"))
        self.project.choices = choices([*projects, (OWN_WORK, _("The fund's own work"))], _("All"))
        groups = sorted(set(GROUPS.values()))
        self.classes.choices = choices(((one, f"{one} {classes_said(one)}") for one in groups), _("All"))
        return self

    def wanted(self, on: date | None) -> Wanted:
        """What the address asks for, as it stood on a day where it names one; what cannot be chosen is as if it were
        not asked."""
        words = " ".join(seen(self.q.data or "").split())[:LONGEST_SEARCH]
        classes = tuple(filter(None, self._known(self.classes).split(",")))
        return Wanted(words, self._known(self.stage), self._known(self.project), classes, on)

    def chips(self) -> Iterable[tuple[str, str]]:
        """The filters in force: what each says, and its name."""
        if (self.q.data or "").strip():
            yield self.q.data or "", "q"
        said: dict[Any, Any] = {**COMMITMENT_STAGES, OWN_WORK: _("The fund's own work")}
        for field in (self.stage, self.project, self.classes):
            if known := self._known(field):
                yield f"{field.label.text}: {said.get(known) or left_to_right(known)}", field.name
        if day := (self.on.data or "").strip():
            yield f"{self.on.label.text}: {left_to_right(day)}", "on"

    @staticmethod
    def _known(field: Any) -> str:
        return field.data if field.data in {str(one.value) for one in field.iter_choices() if one.value} else ""
