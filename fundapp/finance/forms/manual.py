"""Entries by hand as they are typed: five fields for each line, by the place of its row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Form, SelectField, StringField, TextAreaField

from fundapp.finance.models import ManualStage
from fundapp.finance.rules.manual import MOST_LINES, GivenEntry, GivenLine
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import decimal_mark
from fundapp.kernel.money import parse_typed
from fundapp.proposals.forms.calls import Versioned, choices, lines, typed_day, typed_line, whole

PLACES = tuple(range(1, MOST_LINES + 1))
SPARE = 2  # empty rows beside those that are filled in
FEWEST = 4
STAGES = {
    ManualStage.PREPARED: _l("waits to be certified"),
    ManualStage.CERTIFIED: _l("certified"),
    ManualStage.REFUSED: _l("refused"),
}


class ManualForm(FlaskForm):
    """An entry and the document that it rests on."""

    on = StringField(_l("Day of the entry"))
    memo = StringField(_l("What it is about"))
    late_for = StringField(
        _l("Day that it belongs to"), description=_l("Only where that day takes no entries any more.")
    )
    corrects = StringField(
        _l("Entry that it corrects"),
        description=_l("Its number. Without any lines below, that entry is only undone."),
    )
    file = FileField(_l("Document"), description=_l("The letter, the voucher or the message that the entry rests on."))

    def offer(
        self, accounts: Iterable[tuple[str, str]], donors: Iterable[tuple[str, str]], projects: Iterable[str]
    ) -> ManualForm:
        """Fill in what can be chosen."""
        of_accounts, of_donors = choices(accounts, _("Choose")), choices(donors, _("None"))
        of_projects = choices([(code, code) for code in projects], _("None"))
        for place in PLACES:
            self[f"account_{place}"].choices = of_accounts
            self[f"donor_{place}"].choices = of_donors
            self[f"project_{place}"].choices = of_projects
        return self

    @property
    def rows(self) -> list[int]:
        """The places of the rows to be shown: those that are filled in, and a few more."""
        filled = [place for place in PLACES if self._filled(place)]
        return list(PLACES[: max(max(filled, default=0) + SPARE, FEWEST)])

    @property
    def sent(self) -> Any:
        """The file that was chosen, or None."""
        return self.file.data if self.file.data and self.file.data.filename else None

    def said(self, language: str, faults: list[Fault]) -> GivenEntry:
        """The entry as it was typed; what cannot be read is added to the faults."""
        corrects = (self.corrects.data or "").strip()
        if corrects and not whole(corrects):
            faults.append(Fault("manual.no-entry", {"entry": corrects[:40]}, field="corrects"))
        return GivenEntry(
            typed_day(self.on.data, "on", faults),
            typed_line(self.memo.data),
            [self._line(place, language, faults) for place in PLACES if self._filled(place)],
            typed_day(self.late_for.data, "late_for", faults),
            whole(corrects) or None,
        )

    def _filled(self, place: int) -> bool:
        return any((self[f"{name}_{place}"].data or "").strip() for name in ("account", "debit", "credit"))

    def _line(self, place: int, language: str, faults: list[Fault]) -> GivenLine:
        sides = [self._cents(f"{side}_{place}", language, faults) for side in ("debit", "credit")]
        debit, credit = sides
        if (debit and credit) or min(debit, credit) < 0:
            faults.append(Fault("manual.both-sides", field=f"debit_{place}"))
        elif not (debit or credit) and not any(one.field in (f"debit_{place}", f"credit_{place}") for one in faults):
            faults.append(Fault("manual.lines", field=f"debit_{place}"))
        account, donor, project = (str(self[f"{one}_{place}"].data or "") for one in ("account", "donor", "project"))
        return GivenLine(account, debit - credit, donor, project)

    def _cents(self, name: str, language: str, faults: list[Fault]) -> int:
        text = (self[name].data or "").strip()
        try:
            return parse_typed(text, mark=decimal_mark(language)) if text else 0
        except ValueError:
            faults.append(Fault("call.no-amount", {"text": text[:40]}, field=name))
            return 0


for _place in PLACES:
    for _name, _field in (
        ("account", SelectField(_l("Account"), validate_choice=False)),
        ("debit", StringField(_l("Debit, United States dollars"))),
        ("credit", StringField(_l("Credit, United States dollars"))),
        ("donor", SelectField(_l("Donor"), validate_choice=False)),
        ("project", SelectField(_l("Project account"), validate_choice=False)),
    ):
        setattr(ManualForm, f"{_name}_{_place}", _field)


class AnswerForm(Versioned):
    """Certifying an entry, or refusing it and why."""

    answer = TextAreaField(_l("Why it is refused"))

    @property
    def why(self) -> str:
        """The reason."""
        return lines(self.answer.data)


class ManualFilterForm(Form):
    """What the list is narrowed to."""

    stage = SelectField(_l("Where it stands"), validate_choice=False)

    def offer(self) -> ManualFilterForm:
        """Fill in what can be chosen."""
        self.stage.choices = choices(STAGES.items(), _("Any"))
        return self

    @property
    def wanted(self) -> ManualStage | None:
        """The stage, or none for all."""
        return ManualStage(self.stage.data) if self.stage.data in set(ManualStage) else None
