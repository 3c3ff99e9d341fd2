"""Decisions and steps on conditions as they are typed, and what lists of them are narrowed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField

from fundapp.board.deciding_words import CLASSES, OUTCOMES, OWNERS, STANDINGS
from fundapp.board.models import DecisionDraft
from fundapp.board.queries.conditions import SORTS, Wanted
from fundapp.board.rules.deciding import MOST_CONDITIONS, Condition, GivenDecision, conditions_from
from fundapp.board.rules.following import Standing
from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.money import decimal_text, seen
from fundapp.proposals.forms.calls import Versioned, choices, lines
from fundapp.proposals.rules.amounts import cents_of

_SHOWN = 40  # letters of what was typed that a message repeats
SPARE = 2  # empty rows for conditions beside those that are filled in
LONGEST_SEARCH = 200
PLACES = tuple(range(1, MOST_CONDITIONS + 1))


class DecisionForm(Versioned):
    """A decision as it is prepared: a field for the amount of each class, and four for each condition, by the place of
    its row."""

    outcome = RadioField(_l("Decision"), validate_choice=False)
    amount = StringField(_l("Amount approved, in United States dollars"))
    reasons = TextAreaField(_l("Reasons, for the file"), description=_l("The secretariat and trustees read them."))
    shared = TextAreaField(
        _l("Reasons that the office may read"),
        description=_l("They stand in the letter, word for word. Write them in the language of the proposal."),
    )
    against_advice = TextAreaField(
        _l("Why it is not what the Board advised"), description=_l("Only where it is not, or where there is no advice.")
    )

    def offer(self) -> DecisionForm:
        """Fill in what can be chosen."""
        self.outcome.choices = choices(OUTCOMES.items())
        for place in PLACES:
            self[f"owner_{place}"].choices = choices(OWNERS.items(), _("Choose"))
        return self

    def show(self, said: GivenDecision) -> None:
        """Fill in a decision."""
        self.outcome.data, self.reasons.data, self.shared.data = said.outcome, said.reasons, said.shared
        self.against_advice.data = said.against_advice
        self.amount.data = decimal_text(said.amount) if said.amount else ""
        for code, cents in said.classes.items():
            if code in CLASSES:
                self[f"class_{code}"].data = decimal_text(cents)
        for place, one in zip(PLACES, said.conditions, strict=False):
            self[f"text_{place}"].data, self[f"owner_{place}"].data = one.text, one.owner
            self[f"due_{place}"].data = one.due_on.isoformat() if one.due_on else ""
            self[f"before_{place}"].data = one.before_allotment

    def show_draft(self, draft: DecisionDraft) -> None:
        """Fill in a draft, and which version of it that is."""
        self.show(
            GivenDecision(
                draft.outcome.value, draft.amount_cents, draft.classes, conditions_from(draft.conditions),
                draft.reasons, draft.shared, draft.against_advice,
            )
        )  # fmt: skip
        self.version.data = str(draft.version)

    def said(self, language: str, faults: list[Fault]) -> GivenDecision:
        """The decision as it was typed; what cannot be read is added to the faults."""
        classes = {code: self._cents(f"class_{code}", language, faults) for code in CLASSES}
        return GivenDecision(
            self.outcome.data or "",
            self._cents("amount", language, faults),
            {code: cents for code, cents in classes.items() if cents},
            [one for place in PLACES if (one := self._condition(place, faults))],
            lines(self.reasons.data),
            lines(self.shared.data),
            lines(self.against_advice.data),
        )

    @property
    def rows(self) -> list[int]:
        """The places of the rows to be shown: those that are filled in, and a few more."""
        filled = [place for place in PLACES if self._filled(place)]
        return list(PLACES[: max(filled, default=0) + SPARE])

    @property
    def classes_said(self) -> bool:
        """Whether an amount stands in the field of a class, or something is wrong with one."""
        return any((self[f"class_{code}"].data or "").strip() for code in CLASSES)

    def _filled(self, place: int) -> bool:
        fields = (f"{name}_{place}" for name in ("text", "owner", "due"))
        return any((self[name].data or "").strip() for name in fields) or bool(self[f"before_{place}"].data)

    def _cents(self, name: str, language: str, faults: list[Fault]) -> int | None:
        text = self[name].data or ""
        if not text.strip():
            return None
        try:
            return cents_of(text, language)
        except Refusal as refusal:
            faults.extend(Fault(one.code, one.values, field=name) for one in refusal.faults)
            return None

    def _condition(self, place: int, faults: list[Fault]) -> Condition | None:
        if not self._filled(place):
            return None
        return Condition(
            lines(self[f"text_{place}"].data),
            self[f"owner_{place}"].data or "",
            self._day(f"due_{place}", faults),
            bool(self[f"before_{place}"].data),
            place,
        )

    def _day(self, name: str, faults: list[Fault]) -> date | None:
        text = seen(self[name].data or "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            faults.append(Fault("decision.condition-day", {"text": text[:_SHOWN]}, field=name))
            return None


for _code, _name in CLASSES.items():
    setattr(DecisionForm, f"class_{_code}", StringField(_name))
for _place in PLACES:
    setattr(DecisionForm, f"text_{_place}", TextAreaField(_l("Condition")))
    setattr(DecisionForm, f"owner_{_place}", SelectField(_l("Who sees to it"), validate_choice=False))
    setattr(DecisionForm, f"due_{_place}", StringField(_l("To be met by")))
    setattr(DecisionForm, f"before_{_place}", BooleanField(_l("No money before it is met")))


class ConditionForm(Versioned):
    """A step on a condition, and why; version: the last step that was looked at."""

    reason = TextAreaField(_l("How it is known, or why"), description=_l("The office reads it."))

    @property
    def why(self) -> str:
        """The reason as it was written."""
        return lines(self.reason.data)


class ConditionFilterForm(Form):
    """What the list of conditions is narrowed to."""

    q = StringField(_l("Search"))
    standing = SelectField(_l("Standing"), validate_choice=False)
    owner = SelectField(_l("Who sees to it"), validate_choice=False)
    money = SelectField(_l("Money"), validate_choice=False)

    def offer(self) -> ConditionFilterForm:
        """Fill in what can be chosen."""
        open_ones = [("still-open", _("All that are open"))]
        known = [(key, word) for key, word in STANDINGS.items() if key is not Standing.LAPSED]
        self.standing.choices = choices([*open_ones, *known], _("All"))
        self.owner.choices = choices(OWNERS.items(), _("All"))
        self.money.choices = choices([("waits", _("Money waits for it")), ("free", _("Money does not wait"))], _("All"))
        return self

    def wanted(self, sort: str) -> Wanted:
        """What the address asks for; what cannot be chosen is as if it were not asked."""
        return Wanted(
            " ".join(seen(self.q.data or "").split())[:LONGEST_SEARCH],
            self._known(self.standing),
            self._known(self.owner),
            self._known(self.money),
            sort if sort.lstrip("-") in SORTS else "due",
        )

    def chips(self) -> Iterable[tuple[str, str]]:
        """The filters in force: what each says, and its name."""
        for name in ("q", "standing", "owner", "money"):
            field = self[name]
            if name == "q" and (field.data or "").strip():
                yield field.data, name
            elif name != "q" and self._known(field):
                yield f"{field.label.text}: {_labels(field).get(field.data, '')}", name

    @staticmethod
    def _known(field: Any) -> str:
        return field.data if field.data in _labels(field) else ""


def _labels(field: Any) -> Mapping[str, str]:
    return {str(one.value): str(one.label) for one in field.iter_choices() if one.value}
