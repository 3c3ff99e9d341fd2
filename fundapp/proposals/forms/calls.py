"""What people write of calls: the draft in sections, what it asks for, and the steps that follow its opening."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES, decimal_mark
from fundapp.kernel.money import decimal_text, parse_typed
from fundapp.kernel.text import TURNS
from fundapp.proposals.queries import CallsWanted
from fundapp.proposals.rules import GivenCall, GivenItem, Places, Stage, Texts, local, said_moment
from fundapp.proposals.words import STAGES

ZONE = "Europe/Zurich"
# Offered as one types; any zone of the IANA database is taken.
ZONES = (
    "Africa/Addis_Ababa Africa/Cairo Africa/Dakar Africa/Johannesburg Africa/Lagos Africa/Nairobi America/Bogota"
    " America/Guatemala America/Havana America/Lima America/Mexico_City America/New_York America/Panama"
    " America/Port-au-Prince America/Santiago America/Sao_Paulo Asia/Amman Asia/Baghdad Asia/Bangkok Asia/Beirut"
    " Asia/Bishkek Asia/Colombo Asia/Dhaka Asia/Jakarta Asia/Kathmandu Asia/Manila Asia/Shanghai Asia/Tashkent"
    " Europe/Belgrade Europe/Chisinau Europe/Kyiv Europe/Moscow Europe/Zurich Pacific/Apia Pacific/Auckland"
    " Pacific/Fiji Pacific/Port_Moresby Pacific/Tongatapu UTC"
).split()
MONEY = ("envelope", "floor", "ceiling")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HOUR = re.compile(r"(\d{1,2})[:.h٫](\d\d)", re.ASCII)
DAY_HINT = _l("Year, month, day: for example, %(example)s", example="2026-12-15")
_ZONE_HINT = _l("A name of the IANA database, like %(example)s.", example="Europe/Zurich")
Resolve = Callable[[str], str | None]


def choices(pairs: Iterable[tuple[Any, Any]], nothing: Any = None) -> list[SelectChoice]:
    """What can be chosen, as forms want it; nothing: what stands first for no choice."""
    first = [] if nothing is None else [SelectChoice("", str(nothing))]
    return first + [SelectChoice(str(value), str(label)) for value, label in pairs]


def _clean(text: str | None) -> str:
    """What was typed without signs that are no letters and that a database does not keep."""
    return "".join(letter for letter in text or "" if letter in "\n\t" or unicodedata.category(letter) != "Cc")


def _plain(text: str | None) -> str:
    """A line that was typed, figures of any script as ours, without blanks around it."""
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in _clean(text).strip())


def whole(text: str | None) -> int:
    """A number that a page carries along; 0 for one that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def lines(text: str | None) -> str:
    """What was typed in a large field, its lines kept and the blanks around it not."""
    return _clean((text or "").replace("\r\n", "\n")).strip()


def typed_line(text: str | None) -> str:
    """A line that was typed, without blanks in a row and signs that are no letters, or would turn what follows it."""
    return " ".join(_clean(text).translate(TURNS).split())


def typed_day(text: str | None, field: str, faults: list[Fault]) -> date | None:
    """A day that was typed; what is none goes to the faults."""
    bare = _plain(text)
    try:
        if bare and not _DAY.fullmatch(bare):
            raise ValueError(bare)
        return date.fromisoformat(bare) if bare else None
    except ValueError:
        faults.append(Fault("call.no-date", {"text": bare[:40]}, field=field))
        return None


def _hour(text: str | None, field: str, faults: list[Fault]) -> time | None:
    bare = _plain(text)
    found = _HOUR.fullmatch(bare)
    try:
        if bare and not found:
            raise ValueError(bare)
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        faults.append(Fault("call.no-hour", {"text": bare[:40]}, field=field))
        return None


def _cents(text: str | None, field: str, tongue: str, faults: list[Fault]) -> int | None:
    bare = (text or "").strip()
    try:
        return parse_typed(bare, mark=decimal_mark(tongue)) if bare else None
    except ValueError:
        faults.append(Fault("call.no-amount", {"text": bare[:40]}, field=field))
        return None


def _six(form: FlaskForm, part: str, tidy: Callable[[str | None], str]) -> Texts:
    return {language: tidy(form[f"{part}_{language}"].data) for language in LANGUAGES}


def shown(field: Field) -> str:
    """What stands in a field, in words, to be set beside what somebody else wrote in it."""
    if isinstance(field, SelectMultipleField):
        choices: Iterable[Any] = field.iter_choices()
        return "; ".join(str(one.label) for one in choices if one.selected)
    if isinstance(field, BooleanField):
        return str(_("yes")) if field.data else str(_("no"))
    return str(field.data or "")


class Versioned(FlaskForm):
    """A form that carries along which version of the call it was made from."""

    version = HiddenField()

    @property
    def of_version(self) -> int:
        """That version; 0 for what is none."""
        return whole(self.version.data)


class MomentForm(FlaskForm):
    """A day, perhaps an hour, and the zone in which they are said."""

    zone = StringField(_l("Time zone"), default=ZONE, description=_ZONE_HINT)

    def moment(self, name: str, faults: list[Fault], *, last: bool) -> datetime | None:
        """The moment that the fields `name`_on and `name`_hour say; what is wrong goes to the faults."""
        known = len(faults)
        day = typed_day(self[f"{name}_on"].data, f"{name}_on", faults)
        hour = _hour(self[f"{name}_hour"].data, f"{name}_hour", faults)
        if day is None and hour is not None and len(faults) == known:
            faults.append(Fault("call.hour-alone", field=f"{name}_on"))
        if day is None or len(faults) > known:
            return None
        try:
            return said_moment(day, hour, self.of_zone, last=last, field=f"{name}_hour" if hour else f"{name}_on")
        except Refusal as refusal:
            faults += [fault for fault in refusal.faults if fault not in faults]
            return None

    @property
    def of_zone(self) -> str:
        """The zone, as it was typed."""
        return (self.zone.data or "").strip()

    def show(self, name: str, moment: datetime | None, zone: str, ordinary: time) -> None:
        """Show a moment as clocks of the zone have it; an hour that needs no saying is left out."""
        here = local(moment, zone) if moment else None
        self[f"{name}_on"].data = here.date().isoformat() if here else ""
        unsaid = here is None or (here.hour, here.minute) == (ordinary.hour, ordinary.minute)
        self[f"{name}_hour"].data = "" if unsaid or here is None else f"{here:%H:%M}"


class CallForm(MomentForm, Versioned):
    """A call as it is prepared."""

    code = StringField(_l("Code"), description=_l("The year and a number, like 2026-1."))
    envelope = StringField(_l("Envelope"), description=_l("For all proposals together, in United States dollars."))
    floor = StringField(_l("The least that a proposal asks for"), description=_l("Leave it empty for no floor."))
    ceiling = StringField(_l("The most that a proposal asks for"))
    opens_on = StringField(_l("Opens on"), description=DAY_HINT)
    opens_hour = StringField(_l("Hour of the opening"), description=_l("Like 09:00; without it, as the day begins."))
    standing = BooleanField(_l("A standing call: it does not close"))
    closes_on = StringField(_l("Closes on"), description=DAY_HINT)
    closes_hour = StringField(_l("Hour of the close"), description=_l("Like 18:00; without it, at 23:59."))
    areas = SelectMultipleField(_l("Focus areas"), validate_choice=False)
    groups = SelectMultipleField(_l("Regional groups"), validate_choice=False)
    regions = SelectMultipleField(_l("Regions"), validate_choice=False)
    states = TextAreaField(
        _l("States"), description=_l("One on each line: its name in any of the six languages, or its code.")
    )

    def offer(self, areas: Sequence[tuple[int, str]], groups: Any, regions: Any) -> CallForm:
        """Fill in what can be chosen."""
        self.areas.choices = choices(areas)
        self.groups.choices, self.regions.choices = choices(groups), choices(regions)
        return self

    def said(self, faults: list[Fault], resolve: Resolve, tongue: str) -> GivenCall:
        """What was written; what means nothing goes to the faults. tongue: the language that amounts are typed in."""
        envelope, floor, ceiling = (_cents(self[name].data, name, tongue, faults) for name in MONEY)
        return GivenCall(
            code=_plain(self.code.data),
            title=_six(self, "title", typed_line),
            guidance=_six(self, "guidance", lines),
            opens_at=self.moment("opens", faults, last=False),
            closes_at=self.moment("closes", faults, last=True),
            zone=self.of_zone,
            standing=bool(self.standing.data),
            envelope=envelope,
            floor=floor,
            ceiling=ceiling,
            areas=frozenset(whole(one) for one in self.areas.data or ()),
            places=self._places(faults, resolve),
        )

    def _places(self, faults: list[Fault], resolve: Resolve) -> Places:
        typed = [typed_line(one) for one in re.split(r"[\n;؛；]", self.states.data or "") if one.strip()]
        codes = {one: resolve(one) for one in typed}
        if unknown := [one[:60] for one, code in codes.items() if code is None]:
            faults.append(Fault("call.no-state", {"found": unknown[:10]}, field="states"))
        states = frozenset(code for code in codes.values() if code)
        return Places(states, frozenset(self.groups.data or ()), frozenset(self.regions.data or ()))

    def fill(self, said: GivenCall, version: int, name: Callable[[str], str]) -> None:
        """Show a call as it is; `name` says what a State is called."""
        self.code.data, self.zone.data, self.standing.data = said.code, said.zone, said.standing
        self.show("opens", said.opens_at, said.zone, time(0))
        self.show("closes", said.closes_at, said.zone, time(23, 59))
        for part in MONEY:
            cents = getattr(said, part)
            self[part].data = decimal_text(cents) if cents is not None else ""
        self.areas.data = [str(one) for one in said.areas]
        self.groups.data, self.regions.data = sorted(said.places.groups), sorted(said.places.regions)
        self.states.data = "\n".join(name(code) for code in sorted(said.places.states))
        fill_texts(self, said.title, said.guidance)
        self.version.data = str(version)


class ReasonForm(Versioned):
    """A step that is explained."""

    reason = TextAreaField(_l("Reason"), description=_l("Everybody who reads the call sees it."))

    @property
    def why(self) -> str:
        """The reason as it was written."""
        return lines(self.reason.data)


class TextsForm(ReasonForm):
    """The texts of a call that is open, to be corrected."""

    def said(self) -> tuple[Texts, Texts]:
        """Title and guidance as they were written."""
        return _six(self, "title", typed_line), _six(self, "guidance", lines)


def fill_texts(form: FlaskForm, title: Texts, guidance: Texts) -> None:
    """Show the texts of a call."""
    for language in LANGUAGES:
        form[f"title_{language}"].data = title.get(language, "")
        form[f"guidance_{language}"].data = guidance.get(language, "")


class ItemForm(Versioned):
    """A document or a question."""

    code = StringField(_l("Code"), description=_l("Small letters, figures and hyphens, like letter-of-consent."))
    required = BooleanField(_l("A proposal cannot be submitted without it"))
    limit = StringField(_l("Most words of an answer"))

    def said(self, faults: list[Fault]) -> GivenItem:
        """What was written."""
        bare = _plain(self.limit.data)
        if bare and not whole(bare):
            faults.append(Fault("call.no-number", {"text": bare[:40]}, field="limit"))
        code = _plain(self.code.data).lower()
        return GivenItem(code, _six(self, "name", typed_line), bool(self.required.data), whole(bare) or None)

    def fill(self, said: GivenItem, version: int) -> None:
        """Show a document or question as it is."""
        self.code.data, self.required.data, self.version.data = said.code, said.required, str(version)
        self.limit.data = str(said.limit or "")
        for language in LANGUAGES:
            self[f"name_{language}"].data = said.names.get(language, "")


class UntilForm(MomentForm, ReasonForm):
    """A later close, for all."""

    until_on = StringField(_l("New day of the close"), description=DAY_HINT)
    until_hour = StringField(_l("Hour"), description=_l("Like 18:00; without it, at 23:59."))

    def until(self, faults: list[Fault]) -> datetime | None:
        """The moment; an empty day is a fault."""
        found = self.moment("until", faults, last=True)
        if found is None and not faults:
            faults.append(Fault("call.no-until", field="until_on"))
        return found


class ExceptionForm(UntilForm):
    """A later close for one office."""

    office = SelectField(_l("Office"), validate_choice=False)

    def offer(self, offices: Iterable[tuple[int, str]]) -> ExceptionForm:
        """Fill in what can be chosen."""
        self.office.choices = choices(offices, _("Choose"))
        return self


class CallFilterForm(Form):
    """What a list of calls is narrowed to."""

    q = StringField(_l("Code or title"))
    stage = SelectField(_l("Stage"), validate_choice=False)
    area = SelectField(_l("Focus area"), validate_choice=False)

    def offer(self, areas: Sequence[tuple[int, str]], drafts: bool) -> CallFilterForm:
        """Fill in what can be chosen; drafts only for those who see them."""
        unseen = () if drafts else (Stage.DRAFT, Stage.SCHEDULED)
        self.stage.choices = choices(((s.value, label) for s, label in STAGES.items() if s not in unseen), _("Any"))
        self.area.choices = choices(areas, _("Any"))
        return self

    def wanted(self, sort: str) -> CallsWanted:
        """The filter; what an address has that is none is as if it were not there."""
        stage = Stage(self.stage.data) if self.stage.data in set(Stage) else None
        return CallsWanted(typed_line(self.q.data)[:100], stage, whole(self.area.data) or None, sort)


def _in_six_languages() -> None:
    """A field for each language: written once and not six times."""
    for code in LANGUAGES:
        for form in (CallForm, TextsForm):
            setattr(form, f"title_{code}", StringField(_l("Title: %(language)s", language=OWN_NAMES[code])))
            guidance = TextAreaField(_l("Guidance: %(language)s", language=OWN_NAMES[code]))
            setattr(form, f"guidance_{code}", guidance)
        setattr(ItemForm, f"name_{code}", TextAreaField(OWN_NAMES[code]))


_in_six_languages()
