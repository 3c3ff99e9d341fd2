"""What people write of implementation plans and their measures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Optional, Regexp

from fundapp.kernel.errors import MOST_FAULTS, Fault
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES
from fundapp.recommendations.layouts.plan_files import LAYOUTS
from fundapp.recommendations.queries.plans import MeasuresWanted
from fundapp.recommendations.rules import SESSIONS, Progress
from fundapp.recommendations.rules.plans import Doing, Planned, Shelf, names_in, one_line, tidy
from fundapp.recommendations.words import PLAN_FIELDS, PLAN_LAYOUTS, PROGRESS

_DATE_HINT = _l("Year, month, day: for example, %(example)s", example="2027-06-30")


def _choices(pairs: Iterable[tuple[Any, Any]], nothing: Any = None) -> list[SelectChoice]:
    first = [] if nothing is None else [SelectChoice("", str(nothing))]
    return first + [SelectChoice(str(value), str(label)) for value, label in pairs]


def _day(text: str | None, field: str, faults: list[Fault]) -> date | None:
    bare = (text or "").strip()
    try:
        return date.fromisoformat(bare) if bare else None
    except ValueError:
        faults.append(Fault("plan.no-date", {"text": bare[:40]}, field=field))
        return None


def _number(text: str | None) -> int:
    """A version; what is none is the version of nothing."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class PlanForm(FlaskForm):
    """A plan: what it is called, in which language it is written, from when to when."""

    title = StringField(PLAN_FIELDS["title"], description=_l("As the State calls it."))
    language = SelectField(
        PLAN_FIELDS["language"],
        choices=lambda: _choices((code, OWN_NAMES[code]) for code in LANGUAGES),
        validate_choice=False,
    )
    since = StringField(PLAN_FIELDS["since"], description=_DATE_HINT)
    until = StringField(PLAN_FIELDS["until"], description=_DATE_HINT)
    version = HiddenField()

    def said(self, faults: list[Fault]) -> Planned:
        """What was written; days that are none go to the faults."""
        since, until = (_day(self[name].data, name, faults) for name in ("since", "until"))
        return Planned(one_line(self.title.data or ""), self.language.data or "", since, until)

    def fill(self, said: Planned, version: int) -> None:
        """Show a plan as it is."""
        self.title.data, self.language.data = said.title, said.language
        self.since.data, self.until.data = (day.isoformat() if day else "" for day in (said.since, said.until))
        self.version.data = str(version)

    @property
    def of_version(self) -> int:
        """The version that was changed."""
        return _number(self.version.data)


class MeasureForm(FlaskForm):
    """A measure of a plan, with the recommendations it is to put into practice."""

    reference = StringField(
        PLAN_FIELDS["reference"], description=_l("A number or a code; no two measures of a plan share it.")
    )
    text = TextAreaField(PLAN_FIELDS["text"], description=_l("At most 4 000 characters."))
    responsible = StringField(PLAN_FIELDS["responsible"], description=_l("The body or bodies that do it."))
    due = StringField(PLAN_FIELDS["due"], description=_DATE_HINT)
    indicator = TextAreaField(PLAN_FIELDS["indicator"], description=_l("How one will know that it is done."))
    progress = SelectField(
        PLAN_FIELDS["progress"],
        choices=lambda: _choices((one.value, label) for one, label in PROGRESS.items()),
        validate_choice=False,
    )
    project = StringField(PLAN_FIELDS["project"], description=_l("A project that pays for it, where there is one."))
    links = TextAreaField(
        PLAN_FIELDS["links"],
        description=_l(
            "By paragraph (140.7), by symbol and paragraph (A/HRC/59/15 140.7), or by number in the register (#12),"
            " with commas between."
        ),
    )
    cycle = SelectField(_l("Cycle of the paragraphs that name none"), validate_choice=False)
    version = HiddenField()

    def offer(self) -> MeasureForm:
        """Fill in what can be chosen."""
        cycles = [(cycle, _("Cycle %(number)s", number=cycle)) for cycle in sorted(SESSIONS, reverse=True)]
        self.cycle.choices = _choices(cycles, _("Any"))
        return self

    def said(self, faults: list[Fault]) -> Doing:
        """What was written; a day that is none goes to the faults."""
        return Doing(
            reference=one_line(self.reference.data or ""),
            text=tidy(self.text.data or ""),
            responsible=one_line(self.responsible.data or ""),
            due=_day(self.due.data, "due", faults),
            indicator=tidy(self.indicator.data or ""),
            progress=self._progress(faults),
            project=one_line(self.project.data or ""),
        )

    def _progress(self, faults: list[Fault]) -> Progress:
        if self.progress.data in set(Progress):
            return Progress(self.progress.data)
        faults.append(Fault("measure.progress", {"text": (self.progress.data or "")[:40]}, field="progress"))
        return Progress.NOT_STARTED

    def numbers(self, shelf: Shelf, faults: list[Fault]) -> list[int]:
        """The recommendations that are named; names of none go to the faults."""
        names = names_in(self.links.data or "", cycle=_number(self.cycle.data) or None)
        found, wrong = shelf.numbers(names)
        faults += wrong[:MOST_FAULTS]
        return found

    def fill(self, said: Doing, links: str, version: int) -> None:
        """Show a measure as it is."""
        for name in ("reference", "text", "responsible", "indicator", "project"):
            self[name].data = getattr(said, name)
        self.due.data = said.due.isoformat() if said.due else ""
        self.progress.data, self.links.data, self.version.data = said.progress.value, links, str(version)

    @property
    def of_version(self) -> int:
        """The version that was changed."""
        return _number(self.version.data)


class MeasureFilterForm(Form):
    """What the measures of a plan are narrowed to."""

    q = StringField(_l("Words"))
    progress = SelectField(PLAN_FIELDS["progress"], validate_choice=False)
    late = SelectField(PLAN_FIELDS["due"], validate_choice=False)

    def offer(self) -> MeasureFilterForm:
        """Fill in what can be chosen."""
        self.progress.choices = _choices(((one.value, label) for one, label in PROGRESS.items()), _("Any"))
        self.late.choices = _choices([("yes", _("Overdue"))], _("Any"))
        return self

    def wanted(self, sort: str) -> MeasuresWanted:
        """The filter; what an address has that is none is as if it were not there."""
        known = self.progress.data in set(Progress)
        progress = Progress(self.progress.data) if known else None
        return MeasuresWanted((self.q.data or "")[:100], progress, self.late.data == "yes", sort)


class LookForm(FlaskForm):
    """A file to look at before it is taken into a plan."""

    file = FileField(_l("File"), description=_l("CSV (UTF-8) or XLSX of at most 20 MB, a measure in each row."))
    layout = SelectField(
        _l("Layout"),
        description=_l("How its columns are called."),
        choices=lambda: _choices(((name, PLAN_LAYOUTS[name]) for name in LAYOUTS), _("Recognise it")),
        validate_choice=False,  # the reading of the file says which there are
    )


class TakeForm(FlaskForm):
    """What is to be done with a file that was looked at."""

    digest = HiddenField(validators=[Regexp(r"[0-9a-f]{64}\Z")])
    name = HiddenField()
    layout = HiddenField(validators=[Optional()])
    seen = HiddenField()
    apply = BooleanField(_l("Apply the changes"))
    good = BooleanField(_l("Take the rows that nothing is wrong with, and leave the others out"))
