"""What a list of proposals is narrowed to and which columns it has, out of its address. What an address asks for that
cannot be chosen is said beside its field, and nothing is listed: a wider list than was asked for could mislead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES
from fundapp.kernel.text import fold
from fundapp.proposals.queries.choices import Known
from fundapp.proposals.queries.listing import NEWEST, NOBODY, SORTS, Wanted
from fundapp.proposals.rules.amounts import cents_of
from fundapp.proposals.words import USUAL_COLUMNS, list_words
from fundapp.recommendations.forms.register import LongSelect
from fundapp.reference.rules import Status

LONGEST = 200  # characters of the words that are looked for
MINE, NONE = "mine", "nobody"
FILTERS = (
    *("q", "call", "stage", "region", "country", "status", "area", "least", "most", "officer", "language"),
    *("sort", "columns"),
)
FURTHER = ("country", "status", "area", "least", "most", "language")  # those that are folded away
Words = MultiDict[str, str]
Chip = tuple[str, str, list[str]]  # what it says, the filter it is of, and what is left of that without it


def kept_words(words: Words) -> dict[str, list[str]]:
    """Of an address what narrows and orders a list: what is not empty, each once."""
    found = {name: list(dict.fromkeys(text for text in words.getlist(name) if text)) for name in FILTERS}
    return {name: texts for name, texts in found.items() if texts}


def query_of(words: Words) -> str:
    """The same as the query of an address."""
    return urlencode(kept_words(words), doseq=True)


_BOX = Markup('<label><input class="app-pick" type="checkbox" name="{}" value="{}"{}>{}</label>')


@lru_cache(maxsize=256)
def boxes(name: str, pairs: tuple[tuple[str, str], ...], chosen: frozenset[str]) -> Markup:
    """Boxes to choose several by, drawn once for each language and choice."""
    checked = Markup(" checked")
    return Markup("").join(
        _BOX.format(name, value, checked if value in chosen else "", label) for value, label in pairs
    )


class ProposalsFilterForm(Form):
    """The filters above a list of proposals."""

    q = StringField(_l("Words"))
    call = LongSelect(_l("Call"), validate_choice=False)
    stage = SelectMultipleField(_l("Stage"), validate_choice=False)
    region = LongSelect(_l("Region"), validate_choice=False)
    officer = LongSelect(_l("Desk officer"), validate_choice=False)
    country = LongSelect(_l("Country"), validate_choice=False)
    status = SelectMultipleField(_l("Least developed, small island, landlocked"), validate_choice=False)
    area = LongSelect(_l("Focus area"), validate_choice=False)
    least = StringField(_l("Amount from"))
    most = StringField(_l("Amount to"))
    language = LongSelect(_l("Written in"), validate_choice=False)

    def offer(self, known: Known, tongue: str) -> ProposalsFilterForm:
        """Fill in what can be chosen; desk officers only to whoever sees proposals of more than their offices."""
        world, said = known.world, list_words(tongue)
        self.call.offer([(str(key), _titled(one.code, one.title)) for key, one in known.calls.items()], _("All calls"))
        self.region.offer(world.regions.items(), _("All regions"))
        self.country.offer(world.countries.items(), _("All States"))
        self.area.offer([(str(key), name) for key, name in known.areas.items()], _("All areas"))
        self.language.offer([(code, OWN_NAMES[code]) for code in LANGUAGES], _("All languages"))
        people = [(str(key), name) for key, name in known.officers.items()]
        self.officer.offer([(MINE, _("Mine")), (NONE, _("Nobody yet")), *people] if known.beyond else [], _("Anybody"))
        self.stage.choices = [SelectChoice(stage, said.stages.get(stage, stage)) for stage in known.stages]
        self.status.choices = [SelectChoice(one.value, label) for one, label in said.statuses.items()]
        return self

    def boxes(self, name: str) -> Markup:
        """The boxes of a filter that takes several."""
        field: Any = self[name]
        pairs = tuple((str(one.value), str(one.label)) for one in field.choices)
        return boxes(name, pairs, frozenset(field.data or ()))

    @property
    def further(self) -> bool:
        """Whether a filter that is folded away is in force, or wrong."""
        return any(self[name].data or self[name].errors for name in FURTHER)

    def wanted(self, known: Known, reader: int, tongue: str, sort: str) -> tuple[Wanted, list[Fault]]:
        """Which proposals, and what is wrong with the address; `tongue`: the language that amounts are typed in."""
        faults: list[Fault] = []
        for name in ("call", "region", "officer", "country", "area", "language", "stage", "status"):
            self._offered(name, faults)
        if sort and sort.lstrip("-") not in SORTS:
            faults.append(Fault("address.not-offered", {"name": _("Order"), "text": sort[:20]}))
        words = self._words(faults)
        least, most = self._cents("least", tongue, faults), self._cents("most", tongue, faults)
        if least is not None and most is not None and least > most:
            faults.append(Fault("address.amounts-turned", {"low_cents": least, "high_cents": most}, field="most"))
        if faults:
            return Wanted(nothing=True), faults
        return Wanted(
            words=tuple(words.split()),
            call=_key(self.call.data),
            stages=frozenset(self.stage.data or ()),
            countries=self._countries(known),
            statuses=frozenset(map(Status, self.status.data or ())),
            area=_key(self.area.data),
            least=least,
            most=most,
            officer=self._officer(reader),
            language=self.language.data or "",
            sort=sort or NEWEST,
            nothing=bool((self.q.data or "").strip() and not words),  # signs alone, which no text is found by
        ), []

    def _offered(self, name: str, faults: list[Fault]) -> None:
        field: Any = self[name]
        if not field.data:
            return
        choices: Iterable[Any] = field.pairs if isinstance(field, LongSelect) else field.iter_choices()
        offered = {str(value) for value, *_more in choices}
        given = field.data if isinstance(field, SelectMultipleField) else [field.data]
        for text in [one for one in given if one not in offered][:1]:
            faults.append(Fault("address.not-offered", {"name": field.label.text, "text": text[:20]}, field=name))

    def _words(self, faults: list[Fault]) -> str:
        text = self.q.data or ""
        if len(text) > LONGEST:
            faults.append(Fault("address.long-words", {"found": len(text), "largest": LONGEST}, field="q"))
        return fold(text[:LONGEST])

    def _cents(self, name: str, tongue: str, faults: list[Fault]) -> int | None:
        text = (self[name].data or "").strip()
        try:
            return cents_of(text, tongue) if text else None
        except Refusal:
            said = {"name": self[name].label.text, "text": text[:20]}
            faults.append(Fault("address.no-amount", said, field=name))
            return None

    def _countries(self, known: Known) -> frozenset[str] | None:
        of_region = known.world.countries_of(self.region.data) if self.region.data else None
        if not self.country.data:
            return of_region
        one = frozenset((self.country.data,))
        return one if of_region is None else one & of_region

    def _officer(self, reader: int) -> int | None:
        given = self.officer.data
        return reader if given == MINE else NOBODY if given == NONE else _key(given)

    def chips(self) -> list[Chip]:
        """The filters in force, each to be taken away."""
        found: list[Chip] = [(self.q.data, "q", [])] if self.q.data else []
        for field in self:
            if isinstance(field, SelectMultipleField):
                labels = {str(value): str(label) for value, label, *_more in field.iter_choices()}
                given: Sequence[str] = list(dict.fromkeys(field.data or ()))
                found += [(labels[one], field.name, [x for x in given if x != one]) for one in given if one in labels]
            elif isinstance(field, LongSelect) and field.data:
                label = dict(field.pairs).get(field.data)
                found += [(f"{field.label.text}: {label}", field.name, [])] if label else []
            elif field.name in ("least", "most") and field.data:
                found.append((f"{field.label.text} {field.data.strip()}", field.name, []))
        return found


def _key(text: str | None) -> int | None:
    return int(text) if text else None


def _titled(code: str, title: str) -> str:
    return f"{code} {title[:60]}"


def columns_of(words: Words, beyond: bool, tongue: str) -> tuple[tuple[str, ...], list[Fault]]:
    """The columns that an address asks for, in the order of the table; the usual ones where it names none."""
    offered = offered_columns(beyond, tongue)
    given = {one for text in words.getlist("columns") for one in text.split(",") if one}
    strange = sorted(given - set(offered))
    faults = [Fault("address.not-offered", {"name": _("Columns"), "text": one[:20]}) for one in strange[:1]]
    usual = tuple(name for name in USUAL_COLUMNS if name in offered)
    return tuple(name for name in offered if name in given) or usual, faults


def offered_columns(beyond: bool, tongue: str) -> Mapping[str, str]:
    """What a list may have beside reference and title, by name."""
    return {name: label for name, label in list_words(tongue).columns.items() if beyond or name != "officer"}
