"""What people type of sessions: days and place, items of the agenda, documents, participants, steps with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Form, SelectField, StringField, TextAreaField

from fundapp.board.models import BoardSession, Capacity, ItemKind, SessionStage, Way
from fundapp.board.operations.participants import OF_TRUSTEES, GivenParticipant
from fundapp.board.queries.session_list import SessionsWanted
from fundapp.board.rules.sessions import GivenSession, number_field
from fundapp.board.session_words import CAPACITIES, ITEM_KINDS, SESSION_STAGES, WAYS
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES
from fundapp.proposals.forms.calls import DAY_HINT, MomentForm, Versioned, choices, lines, typed_day, typed_line, whole
from fundapp.proposals.rules.calls import local

LAST_MINUTE = time(23, 59)


class SessionForm(MomentForm, Versioned):
    """A session: days, way of meeting, place, and its number for each fund (a field each, added by `session_form`)."""

    since = StringField(_l("First day"), description=DAY_HINT)
    until = StringField(
        _l("Last day"), description=_l("Left empty, it is the first day, or that on which silence ends.")
    )
    way = SelectField(_l("How the Board meets"), validate_choice=False)
    place = StringField(_l("Place"), description=_l("City and country, or how one takes part online."))
    hosts = StringField(_l("Hosts"), description=_l("Whose guest the Board is, and who receives it."))
    silent_on = StringField(_l("Silence lasts until"), description=DAY_HINT)
    silent_hour = StringField(_l("Hour"), description=_l("Like 18:00; without it, at 23:59."))
    record = BooleanField(_l("It was held before, and is put down for the record"))

    def offer(self) -> SessionForm:
        """Fill in what can be chosen."""
        self.way.choices = choices((way.value, label) for way, label in WAYS.items())
        return self

    def said(self, funds: Sequence[Any], faults: list[Fault]) -> GivenSession:
        """What was written; what means nothing goes to the faults."""
        since = typed_day(self.since.data, "since", faults)
        until = typed_day(self.until.data, "until", faults)
        written = self.way.data == Way.WRITTEN
        silence = self.moment("silent", faults, last=True) if written else None
        if since is None and not any(fault.field == "since" for fault in faults):
            faults.append(Fault("session.no-day", field="since"))
        if self.way.data not in set(Way):
            faults.append(Fault("session.no-way", field="way"))
        first = since or date.min
        last = until or (max(first, local(silence, self.of_zone).date()) if silence else first)
        return GivenSession(
            first, last, self.way.data or "", self.of_zone, self._numbers(funds, faults), typed_line(self.place.data),
            typed_line(self.hosts.data), silence, bool(self.record.data),
        )  # fmt: skip

    def _numbers(self, funds: Sequence[Any], faults: list[Fault]) -> Mapping[int, int]:
        found = {}
        for fund in funds:
            name = number_field(fund.id)
            bare = plain_number(self[name].data)
            if bare and not whole(bare):
                faults.append(Fault("session.no-whole", {"text": bare[:20]}, field=name))
            elif bare:
                found[fund.id] = whole(bare)
        return found

    def fill(self, of: BoardSession) -> None:
        """Show a session as it is."""
        self.since.data, self.until.data = of.since.isoformat(), of.until.isoformat()
        self.way.data, self.zone.data, self.place.data, self.hosts.data = of.way.value, of.zone, of.place, of.hosts
        self.show("silent", of.silent_until, of.zone, LAST_MINUTE)
        for one in of.numbers:
            if (name := number_field(one.fund_id)) in self:
                self[name].data = str(one.number)
        self.version.data = str(of.version)


def session_form(funds: Sequence[Any], **more: Any) -> SessionForm:
    """The form of a session of a Board that serves these funds."""
    fields = {
        number_field(fund.id): StringField(_l("Number for %(fund)s", fund=fund.code), description="") for fund in funds
    }
    return type("SessionFormOf", (SessionForm,), fields)(**more).offer()  # type: ignore[no-any-return]


def plain_number(text: str | None) -> str:
    """A number as it was typed, figures of any script as ours."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in typed_line(text))


class StepForm(Versioned):
    """A step that is explained."""

    reason = TextAreaField(_l("Reason"), description=_l("Everybody who reads the session sees it."))

    @property
    def why(self) -> str:
        """The reason as it was written."""
        return lines(self.reason.data)


class OpeningForm(Versioned):
    """That a session is opened, although something should be known of first."""

    sure = BooleanField(_l("Open it all the same"))


class ItemForm(Versioned):
    """An item of the agenda: titles in six languages, added below."""

    kind = SelectField(_l("What it is about"), validate_choice=False)
    fund = SelectField(_l("For which fund"), validate_choice=False)
    call = SelectField(
        _l("Call"),
        validate_choice=False,
        description=_l("Of an item on proposals: the call whose proposals it takes up."),
    )

    def offer(self, funds: Sequence[Any], calls: Sequence[Any]) -> ItemForm:
        """Fill in what can be chosen."""
        self.kind.choices = choices((kind.value, label) for kind, label in ITEM_KINDS.items())
        self.fund.choices = choices(((fund.id, fund.code) for fund in funds), _("All that the Board serves"))
        self.call.choices = choices(((call.id, call.code) for call in calls), _("None"))
        return self

    @property
    def titles(self) -> dict[str, str]:
        """Language -> the title that was written."""
        return {language: typed_line(self[f"name_{language}"].data) for language in LANGUAGES}

    def of_kind(self, faults: list[Fault]) -> ItemKind:
        """The kind that was chosen."""
        if self.kind.data not in set(ItemKind):
            faults.append(Fault("session.no-kind", field="kind"))
            return ItemKind.OTHER
        return ItemKind(self.kind.data)

    def chosen(self, name: str, faults: list[Fault]) -> int | None:
        """The id that was chosen in a field; an id that was not offered is a fault."""
        choices_here: Any = self[name].choices
        data, offered = self[name].data or "", {one.value for one in choices_here}
        if data not in offered:
            faults.append(Fault("session.not-offered", field=name))
        return whole(data) or None


class PaperForm(FlaskForm):
    """A document for an item of the agenda."""

    file = FileField(_l("File"))
    title = StringField(_l("What the document is"))
    language = SelectField(_l("Language"), validate_choice=False)

    def offer(self, own: str) -> PaperForm:
        """Fill in what can be chosen, the reader's language first."""
        codes = sorted(LANGUAGES, key=lambda code: code != own)
        self.language.choices = choices((code, OWN_NAMES[code]) for code in codes)
        return self

    @property
    def sent(self) -> Any:
        """The file that was chosen, or None."""
        return self.file.data if self.file.data and self.file.data.filename else None


class ParticipantForm(Versioned):
    """Somebody who takes part: a trustee who is seated, or anybody else by name."""

    trustee = SelectField(_l("Trustee"), validate_choice=False)
    name = StringField(_l("Name"), description=_l("Of whoever is no trustee."))
    capacity = SelectField(_l("Capacity"), validate_choice=False)
    function = StringField(_l("Function"), description=_l("Like “Chief of Branch” or “Permanent Mission of …”."))

    def offer(self, trustees: Iterable[tuple[int, str]]) -> ParticipantForm:
        """Fill in what can be chosen."""
        self.trustee.choices = choices(trustees, _("Nobody of the Board"))
        self.capacity.choices = choices((one.value, label) for one, label in CAPACITIES.items())
        return self

    def said(self, faults: list[Fault]) -> GivenParticipant:
        """What was written."""
        if self.capacity.data not in set(Capacity):
            faults.append(Fault("session.no-capacity", field="capacity"))
            return GivenParticipant(Capacity.GUEST)
        trustee, capacity = whole(self.trustee.data) or None, Capacity(self.capacity.data)
        offered: Any = self.trustee.choices
        if trustee is not None and str(trustee) not in {one.value for one in offered}:
            faults.append(Fault("session.not-seated", field="trustee"))
        if trustee is not None and capacity not in OF_TRUSTEES:
            faults.append(Fault("session.trustee-capacity", field="capacity"))
        return GivenParticipant(capacity, typed_line(self.name.data), typed_line(self.function.data), trustee)


class SessionFilterForm(Form):
    """What a list of sessions is narrowed to."""

    q = StringField(_l("Number, place or host"))
    stage = SelectField(_l("Stage"), validate_choice=False)
    way = SelectField(_l("How the Board meets"), validate_choice=False)
    year = SelectField(_l("Year"), validate_choice=False)

    def offer(self, years: Sequence[int]) -> SessionFilterForm:
        """Fill in what can be chosen."""
        self.stage.choices = choices(((one.value, label) for one, label in SESSION_STAGES.items()), _("Any"))
        self.way.choices = choices(((one.value, label) for one, label in WAYS.items()), _("Any"))
        self.year.choices = choices(((year, year) for year in years), _("Any"))
        return self

    def wanted(self, sort: str) -> SessionsWanted:
        """The filter; what an address has that is none is as if it were not there."""
        stage = SessionStage(self.stage.data) if self.stage.data in set(SessionStage) else None
        way = Way(self.way.data) if self.way.data in set(Way) else None
        year = whole(self.year.data)
        return SessionsWanted(typed_line(self.q.data)[:100], stage, way, year if 1 <= year <= 9999 else None, sort)


for _code in LANGUAGES:
    setattr(ItemForm, f"name_{_code}", StringField(OWN_NAMES[_code]))
