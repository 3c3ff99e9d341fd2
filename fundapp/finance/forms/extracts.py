"""What people say of extracts: the file and its profile, what an unknown name means, why one is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from fundapp.finance.rules.extracts import DAYS, FIELDS, MARKS, REQUIRED, Layout
from fundapp.kernel.errors import Fault
from fundapp.proposals.forms.calls import choices, lines, typed_line, whole

COLUMNS: dict[str, LazyString] = {
    "posted_on": _l("Posting date"),
    "document": _l("Document"),
    "line": _l("Line of the document"),
    "project": _l("Project"),
    "class": _l("Class of expenditure"),
    "cents": _l("Amount in United States dollars"),
    "text": _l("Text"),
    "currency": _l("Currency"),
    "minor": _l("Amount in that currency"),
    "kind": _l("Kind of line"),
    "commitment": _l("Number of the commitment"),
    "account": _l("Line of the statement"),
    "fund": _l("Fund"),
}
LONGEST_LIST = 20_000  # characters of a list in a profile


class SendForm(FlaskForm):
    """A file of expenditure, and how its source writes."""

    profile = SelectField(_l("Profile"), validate_choice=False)
    file = FileField(_l("File"), description=_l("CSV in UTF-8, or a workbook; its first sheet is read."))

    def offer(self, profiles: Iterable[tuple[str, str]]) -> SendForm:
        """Fill in what can be chosen."""
        self.profile.choices = choices(profiles)
        return self

    @property
    def sent(self) -> Any:
        """The file that was chosen, or None."""
        return self.file.data if self.file.data and self.file.data.filename else None


class TakeForm(FlaskForm):
    """A file that was looked at and is now taken in: where it is kept, its name, its profile."""

    digest, name, profile = HiddenField(), HiddenField(), HiddenField()


class ReasonForm(FlaskForm):
    """Why an extract is taken back."""

    reason = TextAreaField(_l("Why it is taken back"), description=_l("It stays in the file of the extract."))

    @property
    def why(self) -> str:
        """The reason."""
        return lines(self.reason.data)


class NameForm(FlaskForm):
    """What a name that nobody knows means."""

    source, what, text = HiddenField(), HiddenField(), HiddenField()
    means = SelectField(_l("What it means"), validate_choice=False)

    def offer(self, pairs: Iterable[tuple[str, str]]) -> NameForm:
        """Fill in what can be chosen."""
        self.means.choices = choices(pairs)
        return self


class ProfileForm(FlaskForm):
    """How a source writes its extracts; a field for the heading of each column."""

    code = StringField(_l("Code"), description=_l("Small letters, figures and hyphens, like umoja."))
    name = StringField(_l("Name"))
    seen = HiddenField()
    days = RadioField(_l("How days are written"), validate_choice=False)
    mark = RadioField(_l("Decimal mark"), validate_choice=False)
    total = StringField(
        _l("Word for the total"),
        description=_l("What stands in the column of documents in the row that adds up; empty where there is none."),
    )
    fund_codes = StringField(
        _l("The fund in the file"),
        description=_l("How the source names the fund; several with commas. Rows of others are refused."),
    )
    left_out = StringField(
        _l("Kinds that are left out"), description=_l("Such as budget or commitment; several with commas.")
    )
    classes = TextAreaField(_l("Classes"), description=_l("One on a line, with the account: 010 = EXP.STAFF"))
    projects = TextAreaField(
        _l("Projects"),
        description=_l("One on a line, with the project account; nothing after the sign: the fund’s own work."),
    )

    def offer(self) -> ProfileForm:
        """Fill in what can be chosen."""
        self.days.choices = choices(DAYS.items())
        self.mark.choices = choices([(".", _("Point")), (",", _("Comma"))])
        return self

    def show(self, code: str, name: str, edition: int, layout: Layout) -> None:
        """Fill in a profile."""
        self.code.data, self.name.data, self.seen.data = code, name, str(edition)
        self.days.data, self.mark.data, self.total.data = layout.days, layout.mark, layout.total
        self.fund_codes.data, self.left_out.data = ", ".join(layout.fund_codes), ", ".join(layout.left_out)
        self.classes.data, self.projects.data = _as_lines(layout.classes), _as_lines(layout.projects)
        for what in FIELDS:
            self[f"column_{what}"].data = layout.columns.get(what, "")

    def said(self, faults: list[Fault]) -> Layout:
        """The profile as it was typed; what cannot be read is added to the faults."""
        days, mark = self.days.data or "", self.mark.data or ""
        if days not in DAYS:
            faults.append(Fault("extract.no-choice", field="days"))
        if mark not in MARKS:
            faults.append(Fault("extract.no-choice", field="mark"))
        found = {what: typed_line(self[f"column_{what}"].data) for what in FIELDS}
        return Layout(
            {what: heading for what, heading in found.items() if heading},
            days,
            mark,
            _listed(self.fund_codes.data),
            _listed(self.left_out.data),
            typed_line(self.total.data)[:60],
            self._pairs("classes", faults),
            self._pairs("projects", faults),
        )

    @property
    def edition(self) -> int:
        """The edition that it was made from."""
        return whole(self.seen.data)

    @property
    def columns(self) -> list[Any]:
        """The fields of the headings."""
        return [self[f"column_{what}"] for what in FIELDS]

    def _pairs(self, name: str, faults: list[Fault]) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in lines(self[name].data)[:LONGEST_LIST].splitlines():
            said, sign, means = line.rpartition("=")
            said, means = typed_line(said), typed_line(means)
            if not line.strip():
                continue
            if not sign or not said or len(said) > 60 or said in found:
                faults.append(Fault("extract.no-pair", {"text": line.strip()[:60]}, field=name))
                break
            found[said] = means
        return found


for _what in FIELDS:
    _field = StringField(COLUMNS[_what], description=_l("Needed") if _what in REQUIRED else "")
    setattr(ProfileForm, f"column_{_what}", _field)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(one for part in (text or "")[:LONGEST_LIST].split(",") if (one := typed_line(part)))[:50]


def _as_lines(pairs: Mapping[str, str]) -> str:
    return "\n".join(f"{said} = {means}" for said, means in sorted(pairs.items()))


def named(pairs: Mapping[str, str], nothing: str | None = None) -> Sequence[tuple[str, str]]:
    """Codes with their names, to choose from; nothing: what no code means."""
    first = [] if nothing is None else [("", nothing)]
    return [*first, *((code, name if code == "-" else f"{code} {name}".strip()) for code, name in pairs.items())]
