"""The limits of a scenario as a secretary types them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from fundapp.kernel.errors import Fault, Refusal
from fundapp.kernel.money import decimal_text
from fundapp.proposals.rules.amounts import cents_of
from fundapp.reference.rules import Group
from fundapp.scoring.forms.criteria import figure
from fundapp.scoring.rules.scenarios import WHOLE, Candidate, Limits

_BETWEEN = re.compile(r"[\s,;،、，；]+")
_SHOWN = 20  # letters of what was typed that a message repeats


class ScenarioForm(FlaskForm):
    """A name and the limits; floors are a field for each regional group."""

    name = StringField(_l("Name of the scenario"))
    envelope = StringField(_l("Envelope, in dollars"))
    priority_share = StringField(
        _l("Least share for least developed countries and small island developing States, per cent")
    )
    per_country = StringField(_l("At most so many proposals for one State"))
    include = TextAreaField(_l("Proposals that must be funded"))
    exclude = TextAreaField(_l("Proposals that must not be funded"))
    steps = StringField(_l("Steps at which a proposal may be funded, per cent"), default="100")
    partial = TextAreaField(_l("Proposals that may be funded in part"))
    floor_african = StringField()
    floor_asia_pacific = StringField()
    floor_eastern_european = StringField()
    floor_grulac = StringField()
    floor_weog = StringField()

    @staticmethod
    def floor_of(group: str) -> str:
        """The name of the field for the floor of a regional group."""
        return f"floor_{group.replace('-', '_')}"

    def show(self, limits: Limits, references: Mapping[int, str]) -> None:
        """Fill in limits that were set before."""
        self.envelope.data = decimal_text(limits.envelope)
        self.priority_share.data = str(limits.priority_share or "")
        self.per_country.data = str(limits.per_country or "")
        for group, least in limits.floors.items():
            self[self.floor_of(group)].data = str(least)
        for field, ids in (
            (self.include, limits.include),
            (self.exclude, limits.exclude),
            (self.partial, limits.partial),
        ):
            field.data = ", ".join(references[one] for one in sorted(ids or ()) if one in references)
        self.steps.data = ", ".join(map(str, limits.steps))

    def limits(self, candidates: Sequence[Candidate], language: str, faults: list[Fault]) -> Limits:
        """The limits as they were typed; what is wrong with a field is added to the faults."""
        known = {one.reference: one.id for one in candidates}
        share = self._whole("priority_share", faults)
        country = self._whole("per_country", faults)
        floors = {group.value: self._whole(self.floor_of(group), faults) for group in Group}
        partial = self._named("partial", known, faults)
        return Limits(
            self._envelope(language, faults),
            {group: least for group, least in floors.items() if least},
            share or 0,
            country,
            self._named("include", known, faults),
            self._named("exclude", known, faults),
            self._steps(faults),
            partial or None,
        )

    def _envelope(self, language: str, faults: list[Fault]) -> int:
        try:
            return cents_of(self.envelope.data or "", language)
        except Refusal as refusal:
            faults.extend(Fault(one.code, one.values, field="envelope") for one in refusal.faults)
            return 1  # some amount: that it is none is said already

    def _whole(self, name: str, faults: list[Fault]) -> int | None:
        text = self[name].data or ""
        bare = figure(text).rstrip("%٪ ")
        if not bare:
            return None
        if bare.isascii() and bare.isdigit() and len(bare) < 5:
            return int(bare)
        faults.append(Fault("criteria.no-number", {"text": text[:_SHOWN]}, field=name))
        return None

    def _steps(self, faults: list[Fault]) -> tuple[int, ...]:
        parts = [figure(part).rstrip("%٪") for part in _BETWEEN.split((self.steps.data or "").strip()) if part]
        if wrong := [part for part in parts if not (part.isascii() and part.isdigit() and len(part) < 4)]:
            faults.append(Fault("criteria.no-number", {"text": wrong[0][:_SHOWN]}, field="steps"))
            return (WHOLE,)
        return tuple(sorted({int(part) for part in parts} or {WHOLE}, reverse=True))

    def _named(self, name: str, known: Mapping[str, int], faults: list[Fault]) -> frozenset[int]:
        parts = [figure(part) for part in _BETWEEN.split((self[name].data or "").strip()) if part]
        if wrong := [part for part in parts if part not in known]:
            shown = ", ".join(one[:_SHOWN] for one in wrong[:5])
            faults.append(Fault("scenario.unknown", {"references": shown}, field=name))
        return frozenset(known[part] for part in parts if part in known)
