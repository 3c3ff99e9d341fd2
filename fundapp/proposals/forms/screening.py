"""What people write when they screen: marks on the checklist, questions and answers, returns, who sees to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, TextAreaField

from fundapp.proposals.forms.calls import Versioned, choices, lines, whole
from fundapp.proposals.models import ScreeningMark
from fundapp.proposals.rules.checklist import Marked
from fundapp.proposals.words import VERDICTS


class MarksForm(Versioned):
    """A verdict and a note for each point of a checklist; `version` is that of the proposal, `last` the newest mark
    that was there when the page was opened."""

    last = HiddenField()

    @property
    def of_last(self) -> int:
        """That mark; 0 before there is one."""
        return whole(self.last.data)

    def given(self, codes: Iterable[str]) -> dict[str, Marked]:
        """What was said of each point on which anything was said."""
        found = {}
        for code in codes:
            said = Marked(self[f"{code}-verdict"].data or "", lines(self[f"{code}-note"].data))
            if said.verdict or said.note:
                found[code] = said
        return found

    def fill(self, known: Mapping[str, ScreeningMark], version: int) -> None:
        """Show what was marked last, of an earlier version too: it is given again by saving."""
        self.version.data, self.last.data = str(version), str(max((one.id for one in known.values()), default=0))
        for code, one in known.items():
            if f"{code}-verdict" in self:
                self[f"{code}-verdict"].data, self[f"{code}-note"].data = one.verdict, one.note


def marks_form(points: Mapping[str, Any]) -> MarksForm:
    """The form of a checklist: its points by code, and what they are called."""
    fields: dict[str, Any] = {}
    for code in points:
        offered = choices(VERDICTS.items())
        fields[f"{code}-verdict"] = RadioField(_l("What you find"), choices=offered, validate_choice=False)
        fields[f"{code}-note"] = TextAreaField(_l("Why"))
    form: MarksForm = type("PointsForm", (MarksForm,), fields)()
    return form


class QuestionForm(FlaskForm):
    """A question to the office."""

    section = SelectField(_l("About"), validate_choice=False)
    question = TextAreaField(_l("Question"), description=_l("The office sees it, and is told of it."))

    def offer(self, sections: Iterable[tuple[str, Any]]) -> QuestionForm:
        """Fill in what can be chosen."""
        self.section.choices = choices(sections, _("The whole proposal"))
        return self

    @property
    def text(self) -> str:
        """The question as it was written."""
        return lines(self.question.data)


class AnswerForm(FlaskForm):
    """The office's answer."""

    answer = TextAreaField(_l("Answer"))

    @property
    def text(self) -> str:
        """The answer as it was written."""
        return lines(self.answer.data)


class OfficerForm(FlaskForm):
    """Who is to see to a proposal."""

    person = SelectField(_l("Desk officer"), validate_choice=False)

    def offer(self, people: Iterable[tuple[int, str]]) -> OfficerForm:
        """Fill in what can be chosen."""
        self.person.choices = choices(people, _("Choose"))
        return self

    @property
    def person_id(self) -> int:
        """Who was chosen; 0 for nobody."""
        return whole(self.person.data)


class DeskForm(OfficerForm):
    """Who is to see to a region."""

    region = SelectField(_l("Region"), validate_choice=False)

    def offer_regions(self, regions: Iterable[tuple[str, str]]) -> DeskForm:
        """Fill in what can be chosen."""
        self.region.choices = choices(regions, _("Choose"))
        return self


class TellingForm(FlaskForm):
    """How one wants to be told."""

    how = RadioField(_l("How you are told"), validate_choice=False)

    def offer(self) -> TellingForm:
        """Fill in what can be chosen."""
        self.how.choices = choices(
            [
                ("digest", _("One letter a day with all that is new, when anything is")),
                ("single", _("A letter for each thing, at once")),
            ]
        )
        return self
