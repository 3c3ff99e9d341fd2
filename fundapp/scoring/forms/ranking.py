"""What a ranking is narrowed to, out of its address. Filters choose which rows are shown, and never change a rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField

from fundapp.kernel.errors import Fault
from fundapp.kernel.text import fold
from fundapp.proposals.forms.calls import choices
from fundapp.proposals.queries.choices import World
from fundapp.proposals.words import list_words
from fundapp.recommendations.forms.register import LongSelect
from fundapp.reference.rules import Status

LONGEST = 200  # characters of the words that are looked for
FILTERS = ("q", "region", "country", "status", "flag", "sort")
SORTS = ("rank", "normalised", "sd", "state")
EITHER = "ldc-or-sids"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are shown; an empty field asks for nothing. words: folded, all to be found. countries: only these.
    nothing: what was asked for cannot be."""

    words: tuple[str, ...] = ()
    countries: frozenset[str] | None = None
    flag: str = ""
    sort: str = "rank"
    nothing: bool = False

    def takes(self, country: str | None, flags: Iterable[str], sought: str) -> bool:
        """Whether a proposal is among them; `sought` is what its words are looked for in, folded."""
        if self.nothing or (self.countries is not None and country not in self.countries):
            return False
        return (not self.flag or self.flag in flags) and all(word in sought for word in self.words)


class RankingFilterForm(Form):
    """The filters above a ranking."""

    q = StringField(_l("Words"))
    region = LongSelect(_l("Region"), validate_choice=False)
    country = LongSelect(_l("Country"), validate_choice=False)
    status = SelectField(_l("Least developed, small island"), validate_choice=False)
    flag = SelectField(_l("Flag"), validate_choice=False)

    def offer(self, world: World, flags: Mapping[str, Any], tongue: str) -> RankingFilterForm:
        """Fill in what can be chosen."""
        said = list_words(tongue)
        pairs = [(one.value, said.statuses[one]) for one in (Status.LDC, Status.SIDS)]
        self.region.offer(world.regions.items(), _("All regions"))
        self.country.offer(world.countries.items(), _("All States"))
        self.status.choices = choices([*pairs, (EITHER, _("Either"))], _("All"))
        self.flag.choices = choices(flags.items(), _("All"))
        return self

    def wanted(
        self, world: World, statuses: Mapping[str, tuple[Status, ...]], sort: str
    ) -> tuple[Wanted, list[Fault]]:  # fmt: skip
        """Which rows, and what is wrong with the address. statuses: those of countries on the day that counts."""
        faults: list[Fault] = []
        for name in ("region", "country", "status", "flag"):
            self._offered(name, faults)
        if sort and sort.lstrip("-") not in SORTS:
            faults.append(Fault("address.not-offered", {"name": _("Order"), "text": sort[:20]}))
        text = self.q.data or ""
        if len(text) > LONGEST:
            faults.append(Fault("address.long-words", {"found": len(text), "largest": LONGEST}, field="q"))
        if faults:
            return Wanted(nothing=True), faults
        words = tuple(fold(text).split())
        return Wanted(
            words, self._countries(world, statuses), self.flag.data or "", sort or "rank",
            nothing=bool(text.strip() and not words),  # signs alone, which no text is found by
        ), []  # fmt: skip

    def _offered(self, name: str, faults: list[Fault]) -> None:
        field: Any = self[name]
        pairs = field.pairs if isinstance(field, LongSelect) else field.iter_choices()
        if field.data and field.data not in {str(value) for value, *_more in pairs}:
            faults.append(Fault("address.not-offered", {"name": field.label.text, "text": field.data[:20]}, field=name))

    def _countries(self, world: World, statuses: Mapping[str, tuple[Status, ...]]) -> frozenset[str] | None:
        parts = []
        if self.region.data:
            parts.append(world.countries_of(self.region.data))
        if self.country.data:
            parts.append(frozenset((self.country.data,)))
        if self.status.data:
            asked = {Status.LDC, Status.SIDS} if self.status.data == EITHER else {Status(self.status.data)}
            parts.append(frozenset(code for code, has in statuses.items() if asked & set(has)))
        return frozenset.intersection(*parts) if parts else None

    def chips(self) -> list[tuple[str, str]]:
        """The filters in force, each to be taken away: what it says, and its name."""
        found = [(self.q.data, "q")] if self.q.data else []
        for field in (self.region, self.country, self.status, self.flag):
            pairs: Iterable[Any] = field.pairs if isinstance(field, LongSelect) else field.iter_choices()
            labels = {str(value): str(label) for value, label, *_more in pairs}
            if field.data and field.data in labels:
                found.append((f"{field.label.text}: {labels[field.data]}", field.name))
        return found
