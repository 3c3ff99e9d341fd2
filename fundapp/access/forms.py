"""What people type on the pages of access, parsed and checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, Form, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import EqualTo, InputRequired, Length

from fundapp.access.models import Office, Person, Scope
from fundapp.access.policy import Role
from fundapp.access.queries import SORTS, PeopleFilter, TrailFilter
from fundapp.access.words import ROLES, actor_name, operation_name, subject_name
from fundapp.kernel.languages import DEFAULT, LANGUAGES, OWN_NAMES

TOO_LONG = _l("This is too long.")


def _choices(pairs: Iterable[tuple[Any, Any]], nothing: Any = None) -> list[SelectChoice]:
    first = [] if nothing is None else [SelectChoice("", str(nothing))]
    return first + [SelectChoice(str(value), str(label)) for value, label in pairs]


def whole(text: str | None) -> int | None:
    """A number from an address; none when it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def page_of(words: MultiDict[str, str]) -> int:
    """Which page of a list an address asks for, from 1."""
    return min(max(1, whole(words.get("page")) or 1), 1_000_000)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


class Posted(FlaskForm):
    """A form that changes something, with its token against requests made elsewhere."""


class PeopleFilterForm(Form):
    """What a list of people is narrowed to."""

    q = StringField(_l("Name or address"))
    role = SelectField(_l("Role"), validate_choice=False)
    office = SelectField(_l("Office"), validate_choice=False)
    state = SelectField(_l("State"), validate_choice=False)

    def offer(self, offices: Sequence[Office]) -> PeopleFilterForm:
        """Fill in what can be chosen."""
        self.role.choices = _choices(ROLES.items(), _("Any"))
        self.office.choices = _choices([(office.id, office.name) for office in offices], _("Any"))
        states = [("active", _("May sign in")), ("invited", _("Invited")), ("disabled", _("Disabled"))]
        self.state.choices = _choices(states, _("Any"))
        return self

    def wanted(self, words: MultiDict[str, str]) -> PeopleFilter:
        """The filter; what an address has that is none is as if it were not there."""
        role = self.role.data if self.role.data in set(Role) else None
        sort = words.get("sort", "name")
        return PeopleFilter(
            words=(self.q.data or "")[:100],
            role=Role(role) if role else None,
            office_id=whole(self.office.data),
            state=self.state.data or "",
            sort=sort if sort.lstrip("-") in SORTS else "name",
            page=page_of(words),
        )


class TrailFilterForm(Form):
    """What the trail is narrowed to."""

    actor = SelectField(_l("Who"), validate_choice=False)
    operation = SelectField(_l("What was done"), validate_choice=False)
    subject = SelectField(_l("To what"), validate_choice=False)
    number = StringField(_l("Number"))
    since = StringField(_l("From"))
    until = StringField(_l("To"))

    def offer(
        self, people: Sequence[tuple[int, str]], operations: Sequence[str], subjects: Sequence[str]
    ) -> TrailFilterForm:
        """Fill in what can be chosen."""
        everyone = [("console", actor_name("console", {})), *((f"person:{id_}", name) for id_, name in people)]
        self.actor.choices = _choices(everyone, _("Anyone"))
        self.operation.choices = _choices([(code, operation_name(code)) for code in operations], _("Anything"))
        self.subject.choices = _choices([(table, subject_name(table)) for table in subjects], _("Anything"))
        return self

    def wanted(self, words: MultiDict[str, str]) -> TrailFilter:
        """The filter; dates that are none are as if they were not there."""
        return TrailFilter(
            actor=self.actor.data or "",
            operation=self.operation.data or "",
            subject=self.subject.data or "",
            subject_id=whole(self.number.data),
            since=_day(self.since.data),
            until=_day(self.until.data),
            page=page_of(words),
        )


class RoleForm(Posted):
    """A role, for which fund and which office."""

    role = SelectField(_l("Role"), validators=[InputRequired(_l("Choose a role."))])
    fund = SelectField(_l("Fund"))
    office = SelectField(_l("Office"), description=_l("For field officers and heads of office only."))

    def offer(self, funds: Sequence[Scope], offices: Sequence[Office]) -> RoleForm:
        """Fill in what can be chosen."""
        self.role.choices = _choices(ROLES.items(), _("Choose"))
        self.fund.choices = _choices([(fund.id, fund.code) for fund in funds], _("All funds"))
        self.office.choices = _choices([(office.id, office.name) for office in offices], _("None"))
        return self


class InviteForm(RoleForm):
    """Someone new, with their first role."""

    email = EmailField(
        _l("Email address"),
        validators=[InputRequired(_l("Enter an email address.")), Length(max=255, message=TOO_LONG)],
    )
    name = StringField(_l("Name"), validators=[InputRequired(_l("Enter a name.")), Length(max=200, message=TOO_LONG)])
    language = SelectField(
        _l("Language"), default=DEFAULT, description=_l("Of letters, and of the first page they see.")
    )

    def offer(self, funds: Sequence[Scope], offices: Sequence[Office]) -> InviteForm:
        """Fill in what can be chosen."""
        super().offer(funds, offices)
        self.language.choices = languages()
        return self


def languages() -> list[SelectChoice]:
    """The six languages, each by its own name."""
    return _choices([(code, OWN_NAMES[code]) for code in LANGUAGES])


class OwnDetailsForm(Posted):
    """One's own name and language."""

    name = StringField(_l("Name"), validators=[InputRequired(_l("Enter a name.")), Length(max=200, message=TOO_LONG)])
    language = SelectField(_l("Language"), description=_l("Of letters, and of pages until you switch."))


class OfficeForm(Posted):
    """A field presence."""

    code = StringField(_l("Code"), validators=[InputRequired(_l("Enter a code.")), Length(max=40, message=TOO_LONG)])
    name = StringField(_l("Name"), validators=[InputRequired(_l("Enter a name.")), Length(max=200, message=TOO_LONG)])
    country = StringField(
        _l("Country"), description=_l("Three letters, like FJI."), validators=[InputRequired(_l("Enter a country."))]
    )


class FirstPasswordForm(Posted):
    """The password someone who was invited chooses."""

    password = PasswordField(
        _l("Password"),
        description=_l("At least 12 characters. A few words in a row are easy to remember and hard to guess."),
        validators=[InputRequired(_l("Enter a password."))],
    )
    again = PasswordField(
        _l("The same password again"),
        validators=[
            InputRequired(_l("Enter the password again.")),
            EqualTo("password", _l("The two passwords are not the same.")),
        ],
    )

    def good_for(self, person: Person) -> bool:
        """Whether it will do for this person; says so beside the field, and keeps its normal form."""
        util = current_app.extensions["security"].password_util
        faults, self.password.data = util.validate(self.password.data, False, user=person)
        self.password.errors = [*self.password.errors, *(faults or ())]
        return not faults
