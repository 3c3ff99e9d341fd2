"""What is looked at when a proposal is screened, and what the program can see by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from fundapp.kernel.errors import Fault
from fundapp.proposals.rules.completeness import SECTIONS, Facts, lacking
from fundapp.proposals.rules.words import count


class Verdict(StrEnum):
    """What was found on a point."""

    FULFILLED = "fulfilled"
    NOT_FULFILLED = "not-fulfilled"
    NOT_APPLICABLE = "not-applicable"


# The points of every call; a call adds its own.
STANDARD = ("consent", "country", "budget", "recommendations", "gender", "documents")
LONGEST_NOTE = 2_000
Names = Mapping[str, str]  # in six languages


@dataclass(frozen=True, slots=True)
class Seen:
    """What the program sees on a point: fulfilled or not, and why, as the code of a sentence with its values."""

    code: str
    good: bool
    why: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def said(self) -> Fault:
        """The reason, as sentences are asked for."""
        return Fault(self.why, self.values)


@dataclass(frozen=True, slots=True)
class Linked:
    """A recommendation that a version names: whether the register has it, to which State it is, what that State said
    to it, and whether the office gives a reason."""

    number: str
    there: bool
    state: str = ""
    noted: bool = False
    reason: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a version that was handed in. facts: as completeness has them. state: its code, `names` what
    it is called, `is_state` whether it is a State, `included` whether the call is for it. Amounts are cents; `faults`
    of the budget's lines. missing: documents that the call requires and that are not there; required: how many it
    requires."""

    facts: Facts
    state: str
    names: Names
    is_state: bool
    included: bool
    total: int
    floor: int | None
    ceiling: int | None
    faults: int
    linked: Sequence[Linked]
    required: int
    missing: Sequence[Names]


def seen(known: Evidence) -> tuple[Seen, ...]:
    """What the program sees on the points of every call, in their order."""
    looks = (_consent, _country, _budget, _recommendations, _gender, _documents)
    return tuple(look(known) for look in looks)


def _consent(known: Evidence) -> Seen:
    lacks = {str(fault.field): fault.code for fault in _lacks_of(known, "consent")}
    for name in ("document", "form", "date", "signatory"):
        if f"consent.{name}" in lacks:
            late = lacks[f"consent.{name}"] == "proposal.day-to-come"
            return Seen("consent", False, "checklist.consent-late" if late else f"checklist.no-consent-{name}")
    values = {"day": str(known.facts["consent.date"]), "signatory": str(known.facts["consent.signatory"])}
    return Seen("consent", True, "checklist.consent", values)


def _country(known: Evidence) -> Seen:
    if not known.state:
        return Seen("country", False, "checklist.no-country")
    values = {"state": known.names}
    if not known.is_state:
        return Seen("country", False, "checklist.not-a-state", values)
    why = "checklist.country" if known.included else "checklist.country-outside"
    return Seen("country", known.included, why, values)


def _budget(known: Evidence) -> Seen:
    values: dict[str, object] = {"total_cents": known.total}
    if known.total <= 0:
        return Seen("budget", False, "checklist.no-budget")
    if known.ceiling is not None and known.total > known.ceiling:
        return Seen("budget", False, "checklist.budget-above", values | {"ceiling_cents": known.ceiling})
    if known.floor is not None and known.total < known.floor:
        return Seen("budget", False, "checklist.budget-below", values | {"floor_cents": known.floor})
    if known.faults:
        return Seen("budget", False, "checklist.budget-faults", values | {"found": known.faults})
    if known.ceiling is None:
        return Seen("budget", True, "checklist.budget-free", values)
    return Seen("budget", True, "checklist.budget", values | {"ceiling_cents": known.ceiling})


def _recommendations(known: Evidence) -> Seen:
    linked = known.linked
    values = {"found": len(linked), "noted": sum(one.noted for one in linked)}
    if not linked:
        return Seen("recommendations", False, "checklist.no-recommendations")
    for code, wrong in (
        ("checklist.recommendations-gone", [one for one in linked if not one.there]),
        ("checklist.recommendations-elsewhere", [one for one in linked if one.there and one.state != known.state]),
        ("checklist.recommendations-bare", [one for one in linked if one.noted and not one.reason]),
    ):
        if wrong:
            return Seen("recommendations", False, code, values | {"wrong": len(wrong)})
    return Seen("recommendations", True, "checklist.recommendations", values)


def _gender(known: Evidence) -> Seen:
    text = str(known.facts.get("gender.analysis") or "")
    values = {"marker": known.facts.get("gender.marker"), "words": count(text)}
    lacks = {str(fault.field): fault for fault in _lacks_of(known, "gender")}
    if "gender.marker" in lacks:
        return Seen("gender", False, "checklist.no-marker")
    if (fault := lacks.get("gender.analysis")) is not None:
        long = fault.code == "proposal.words"
        return Seen("gender", False, "checklist.long-analysis" if long else "checklist.no-analysis", values)
    return Seen("gender", True, "checklist.gender", values)


def _documents(known: Evidence) -> Seen:
    if known.missing:
        return Seen("documents", False, "checklist.documents-missing", {"missing": [*known.missing]})
    if not known.required:
        return Seen("documents", True, "checklist.documents-none")
    return Seen("documents", True, "checklist.documents", {"found": known.required})


def _lacks_of(known: Evidence, section: str) -> Iterator[Fault]:
    return (fault for _, fault in lacking(known.facts, [one for one in SECTIONS if one.name == section]))


# ------------------------------------------------------------------------------------------------- what is marked


@dataclass(frozen=True, slots=True)
class Marked:
    """What a desk officer says of a point: the verdict, and why."""

    verdict: str
    note: str = ""


def mark_faults(code: str, said: Marked, looked: Seen | None) -> list[Fault]:
    """What is wrong with a mark: the reason is given of whatever is not plainly fulfilled, and of what the program
    sees otherwise."""
    if said.verdict not in set(Verdict):
        return [Fault("screening.no-verdict", field=f"{code}-verdict")]
    if len(said.note) > LONGEST_NOTE:
        return [Fault("call.long", {"found": len(said.note), "largest": LONGEST_NOTE}, field=f"{code}-note")]
    if not said.note:
        if said.verdict != Verdict.FULFILLED:
            return [Fault("screening.no-note", field=f"{code}-note")]
        if looked is not None and not looked.good:
            return [Fault("screening.otherwise", field=f"{code}-note")]
    return []
