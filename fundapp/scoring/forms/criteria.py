"""What a secretary writes of criteria: weights and thresholds of all, the words and the scale of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES, OWN_NAMES
from fundapp.proposals.forms.calls import lines, whole
from fundapp.scoring.rules.scales import HIGHEST, LOWEST, Scale

LONGEST_NAME, LONGEST_TEXT = 200, 500  # characters


def figure(text: str | None) -> str:
    """A figure as typed, its digits of any script as ours, a comma or an Arabic mark as a point."""
    digits = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in (text or "").strip())
    return digits.replace(",", ".").replace("\N{ARABIC DECIMAL SEPARATOR}", ".")


def number(text: str | None, field: str, faults: list[Fault]) -> int:
    """A whole number that was typed; -1 and a fault for one that is none."""
    bare = figure(text)
    if bare.isascii() and bare.isdigit() and len(bare) < 5:
        return int(bare)
    faults.append(Fault("criteria.no-number", {"text": (text or "")[:20]}, field=field))
    return -1


def mean(text: str | None, field: str, faults: list[Fault]) -> Decimal | None:
    """A mean that was typed, with at most two decimals; None where nothing was."""
    bare = figure(text)
    if not bare:
        return None
    try:
        found = Decimal(bare)
        if bare.isascii() and found.is_finite() and len(bare) < 8 and found == round(found, 2):
            return found
    except InvalidOperation:
        pass
    faults.append(Fault("criteria.no-mean", {"text": (text or "")[:20]}, field=field))
    return None


class Edition(FlaskForm):
    """Which edition a change is made from, and why it is made."""

    edition = HiddenField()
    reason = TextAreaField(_l("Why the criteria change"))

    @property
    def made_from(self) -> int:
        """The number of that edition; 0 for one that is none."""
        return whole(self.edition.data)

    @property
    def why(self) -> str:
        """The reason."""
        return lines(self.reason.data)


def weights_form(scales: Sequence[Scale]) -> type[Edition]:
    """The form for the weights and thresholds of these criteria."""
    fields: dict[str, object] = {}
    for one in scales:
        fields[f"{one.code}.weight"] = StringField(_l("Weight"), default=str(one.weight))
        shown = "" if one.threshold is None else str(one.threshold)
        fields[f"{one.code}.threshold"] = StringField(_l("Threshold"), default=shown)
        fields[f"{one.code}.may_skip"] = BooleanField(_l("May be scored “not applicable”"), default=one.may_skip)
    return type("WeightsForm", (Edition,), fields)


def weighted(form: FlaskForm, scales: Sequence[Scale], faults: list[Fault]) -> list[Scale]:
    """The criteria with the weights and thresholds as they were typed."""
    found = []
    for one in scales:
        weight, threshold = f"{one.code}.weight", f"{one.code}.threshold"
        found.append(
            replace(
                one,
                weight=number(form[weight].data, weight, faults),
                threshold=mean(form[threshold].data, threshold, faults),
                may_skip=bool(form[f"{one.code}.may_skip"].data),
            )
        )
    return found


def words_form(one: Scale, highest: int) -> type[Edition]:
    """The form for the words of a criterion and of the steps of its scale."""
    fields: dict[str, object] = {"highest": StringField(_l("Highest step"), default=str(one.highest))}
    for language in LANGUAGES:
        said = OWN_NAMES[language]
        fields[f"name_{language}"] = StringField(said, default=one.names.get(language, ""))
        fields[f"question_{language}"] = TextAreaField(said, default=one.question.get(language, ""))
        for step in range(one.lowest, highest + 1):
            given = one.anchors.get(step, {}).get(language, "")
            fields[f"{one.code}.{step}_{language}"] = TextAreaField(said, default=given)
    return type("WordsForm", (Edition,), fields)


def highest_typed(text: str | None, one: Scale) -> int:
    """How many steps a page shows: those of the scale, or as many as were typed."""
    bare = figure(text)
    typed = int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 3 else one.highest
    return min(max(typed, one.lowest + 1), HIGHEST)


def worded(form: FlaskForm, one: Scale, faults: list[Fault]) -> Scale:
    """The criterion with the words and the scale as they were typed."""
    highest = number(form["highest"].data, "highest", faults)
    if not faults and not one.lowest < highest <= HIGHEST:
        values = {"code": one.code, "lowest": LOWEST, "highest": HIGHEST}
        faults.append(Fault("criteria.scale", values, field="highest"))
    names = {language: " ".join(lines(form[f"name_{language}"].data).split()) for language in LANGUAGES}
    question = {language: lines(form[f"question_{language}"].data) for language in LANGUAGES}
    anchors = {
        step: {language: lines(form[f"{one.code}.{step}_{language}"].data) for language in LANGUAGES}
        for step in range(one.lowest, highest + 1)
        if f"{one.code}.{step}_en" in form
    }
    if faults:  # of a scale that is none it makes no sense to ask what its steps stand for
        return one
    faults.extend(_lacking("name", names, LONGEST_NAME))
    faults.extend(_lacking("question", question, LONGEST_TEXT))
    for step, texts in anchors.items():
        faults.extend(_lacking(f"{one.code}.{step}", texts, LONGEST_TEXT))
    return replace(one, names=names, question=question, highest=highest, anchors=anchors)


def _lacking(part: str, texts: Mapping[str, str], longest: int) -> list[Fault]:
    """Words that are missing or too long, beside their fields."""
    empty = [Fault("criteria.no-words", {}, field=f"{part}_{one}") for one, text in texts.items() if not text]
    long = [
        Fault("call.long", {"found": len(text), "largest": longest}, field=f"{part}_{one}")
        for one, text in texts.items()
        if len(text) > longest
    ]
    return empty + long
