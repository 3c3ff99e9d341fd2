"""What a secretary writes of the Board as a body: trustees, terms, who chairs, and the rules."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from fundapp.board.models import BoardRules, Trustee, TrusteeTerm
from fundapp.board.rules.terms import LIMITS, GivenRules
from fundapp.kernel.errors import Fault
from fundapp.proposals.forms.calls import Versioned, choices, lines, whole
from fundapp.reference.rules import Group

NEVER = date(1, 1, 1)  # where a day could not be read, which is said beside its field
LAST_OF_TERM = _l("Both days are included. Leave it empty for a whole term.")


def plain(text: str | None) -> str:
    """A line that was typed, its figures of any script as ours, without signs that are no letters."""
    kept = (letter for letter in text or "" if unicodedata.category(letter) != "Cc")
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in kept).strip()


def named(text: str | None) -> str:
    """A name that was typed, in one line."""
    return " ".join(lines(text).split())


def day(text: str | None, field: str, faults: list[Fault]) -> date | None:
    """A day that was typed; a fault for what is none, None where nothing was."""
    bare = plain(text)
    try:
        if bare and not (len(bare) == len("2026-12-15") and bare.isascii()):
            raise ValueError(bare)
        return date.fromisoformat(bare) if bare else None
    except ValueError:
        faults.append(Fault("call.no-date", {"text": bare[:40]}, field=field))
        return None


def needed_day(text: str | None, field: str, faults: list[Fault]) -> date:
    """A day that must be said."""
    known = len(faults)
    found = day(text, field, faults)
    if found is None and len(faults) == known:
        faults.append(Fault("board.no-day", field=field))
    return found or NEVER


def number(text: str | None, field: str, faults: list[Fault]) -> int:
    """A whole number that was typed; a fault for what is none."""
    bare = plain(text)
    if bare.isascii() and bare.isdigit() and len(bare) < 5:
        return int(bare)
    faults.append(Fault("criteria.no-number", {"text": bare[:20]}, field=field))
    return 0


class TrusteeForm(Versioned):
    """A trustee as they are recorded."""

    name = StringField(_l("Name"), description=_l("As it stands in the minutes."))
    country = SelectField(_l("National of"), validate_choice=False)
    person = SelectField(
        _l("Signs in as"),
        validate_choice=False,
        description=_l("Offered are those who hold the role of trustee; an administrator gives it."),
    )

    def offer(self, states: Iterable[tuple[str, str]], people: Iterable[tuple[int, str]]) -> TrusteeForm:
        """Fill in what can be chosen."""
        self.country.choices = choices(states, _("Not known"))
        self.person.choices = choices(people, _("Nobody: never signs in"))
        return self

    def fill(self, known: Trustee) -> None:
        """Show what is recorded."""
        self.name.data, self.country.data = known.name, known.country or ""
        self.person.data, self.version.data = str(known.person_id or ""), str(known.version)

    @property
    def said(self) -> tuple[str, str | None, int]:
        """The name, the code of the State, and the id of the person: 0 for nobody, -1 for what is none."""
        person = plain(self.person.data)
        return named(self.name.data), plain(self.country.data) or None, whole(person) or (-1 if person else 0)


class DaysForm(Versioned):
    """From when to when a seat is held, and which term it is."""

    since = StringField(_l("First day"))
    until = StringField(_l("Last day"), description=LAST_OF_TERM)
    number = StringField(_l("Which term of theirs it is"))

    def days(self, faults: list[Fault]) -> tuple[date, date | None, int]:
        """What was typed; None for a last day that was not."""
        since = needed_day(self.since.data, "since", faults)
        return since, day(self.until.data, "until", faults), number(self.number.data, "number", faults)

    def fill(self, term: TrusteeTerm) -> None:
        """Show a term as it is."""
        self.since.data, self.until.data = term.since.isoformat(), term.until.isoformat()
        self.number.data, self.version.data = str(term.number), str(term.version)


class AppointForm(DaysForm):
    """Who is given which seat."""

    trustee = SelectField(_l("Trustee"), validate_choice=False)
    seat = SelectField(_l("Seat"), validate_choice=False)

    def offer(self, trustees: Iterable[tuple[int, str]], seats: Iterable[tuple[str, str]]) -> AppointForm:
        """Fill in what can be chosen."""
        self.trustee.choices, self.seat.choices = choices(trustees, _("Choose")), choices(seats, _("Choose"))
        return self

    def chosen(self, faults: list[Fault]) -> tuple[int, Group]:
        """The trustee by id, and the group of the seat; what is none goes to the faults."""
        seat, trustee = plain(self.seat.data), whole(plain(self.trustee.data))
        if seat not in set(Group):
            faults.append(Fault("board.no-seat", field="seat"))
        if not trustee:
            faults.append(Fault("board.no-trustee", field="trustee"))
        return trustee, Group(seat) if seat in set(Group) else Group.AFRICAN


class EndForm(Versioned):
    """A term that ends before its time."""

    ended_on = StringField(
        _l("Last day in the seat"),
        description=_l("The day before the first one, where the seat was never taken up."),
    )
    reason = TextAreaField(_l("Reason"), description=_l("It stays on record, for those who work with the Board."))


class ChairForm(Versioned):
    """Who chairs, from when on."""

    trustee = SelectField(_l("Trustee"), validate_choice=False)
    since = StringField(_l("First day in the chair"))
    until = StringField(
        _l("Last day in the chair"), description=_l("Leave it empty where they chair until somebody else does.")
    )

    def offer(self, trustees: Iterable[tuple[int, str]]) -> ChairForm:
        """Fill in what can be chosen."""
        self.trustee.choices = choices(trustees, _("Choose"))
        return self

    def said(self, faults: list[Fault]) -> tuple[int, date, date | None]:
        """The trustee by id, and the days."""
        trustee = whole(plain(self.trustee.data))
        if not trustee:
            faults.append(Fault("board.no-trustee", field="trustee"))
        return trustee, needed_day(self.since.data, "since", faults), day(self.until.data, "until", faults)


class EndChairForm(Versioned):
    """Until when somebody chairs."""

    until = StringField(
        _l("Last day in the chair"),
        description=_l("The day before the first one, where the chair was never taken up."),
    )


class RulesForm(Versioned):
    """What a Board goes by."""

    quorum = StringField(_l("Quorum"), description=_l("Trustees who must take part in an item, the recused left out."))
    term_years = StringField(_l("Years of a term"))
    most_terms = StringField(_l("Terms that a trustee may hold"))
    chair_sessions = StringField(_l("Sessions that a chair covers at least"))
    approves = BooleanField(_l("A decision of this fund needs the Board's approval"))

    def said(self, faults: list[Fault]) -> GivenRules:
        """What was typed."""
        return GivenRules(**{name: number(self[name].data, name, faults) for name in LIMITS})

    def fill(self, rules: BoardRules, approves: bool) -> None:
        """Show the rules as they are."""
        for name in LIMITS:
            self[name].data = str(getattr(rules, name))
        self.approves.data, self.version.data = approves, str(rules.version)
