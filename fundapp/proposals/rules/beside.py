"""What a page still lacks, each beside the control it is of. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from fundapp.kernel.errors import Fault
from fundapp.proposals.rules.content import Held, day
from fundapp.proposals.rules.fields import FIELDS, Field, Kind, Whole, rows_of

Beside = Mapping[str, tuple[Fault, ...]]
# Facts that no control has under their name.
ELSEWHERE = {"period": "starts"}
AT_THE_END = frozenset({"proposal.upside-down", "proposal.long-period"})
ROWS_SAY_IT, NO_LETTER = "proposal.bare", "proposal.no-letter"


def beside(section: str, lacking: Iterable[tuple[str, Fault]], whole: Whole, noted: Collection[str] = ()) -> Beside:
    """Field -> what is wrong with it; of a row, "outcomes.C1.text"."""
    found: dict[str, tuple[Fault, ...]] = {}
    for where, fault in lacking:
        if where == section and fault.code != ROWS_SAY_IT:
            name = _control(fault)
            told = Fault(NO_LETTER) if (section, name) == ("consent", "document") else fault
            found[name] = (*found.get(name, ()), told)
    for field in FIELDS.get(section, ()):
        found |= _unread_day(section, field, whole)
        found |= dict(_of_rows(section, field, whole, noted))
    return found


def _control(fault: Fault) -> str:
    name = (fault.field or "").partition(".")[2]
    return "ends" if fault.code in AT_THE_END else ELSEWHERE.get(name, name)


def _unread_day(section: str, field: Field, whole: Whole) -> Beside:
    text = str(whole.get(section, {}).get(field.name, ""))
    if field.kind is not Kind.DAY or not text or day(text):
        return {}
    return {field.name: (Fault("call.no-date", {"text": text[:40]}),)}


def _of_rows(
    section: str, field: Field, whole: Whole, noted: Collection[str]
) -> Iterator[tuple[str, tuple[Fault, ...]]]:
    if field.kind is not Kind.ROWS:
        return
    held = Held(whole, noted)
    for row in rows_of(whole.get(section), field.name):
        for column in held.lacks(section, field.name, row):
            code = {Kind.ONE: "proposal.no-choice", Kind.SEVERAL: "proposal.no-quarters"}
            fault = Fault(code.get(field.column(column).kind, "proposal.empty"))
            yield f"{field.name}.{row['id']}.{column}", (fault,)
