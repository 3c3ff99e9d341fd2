"""What a ranking says of a proposal beside its place, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from fundapp.proposals.views.calls.blueprint import text_for
from fundapp.proposals.words import PROPOSAL_STAGES
from fundapp.scoring.rules.combining import Flag, Kind
from fundapp.scoring.rules.scales import Scale

# as a filter names them
KINDS: dict[Kind, LazyString] = {
    Kind.UNDER: _l("Under a threshold"),
    Kind.APART: _l("Reviewers apart"),
    Kind.FEW: _l("Fewer sheets than asked for"),
    Kind.EXCEPTION: _l("Ranked by exception"),
    Kind.ONE: _l("One reviewer only"),
    Kind.LOST: _l("Scored by who is no reviewer any more"),
    Kind.SKIPPED: _l("All not applicable"),
}
TONES = {Kind.UNDER: "bad", Kind.APART: "warn", Kind.FEW: "warn", Kind.SKIPPED: "warn"}


@dataclass(frozen=True, slots=True)
class Said:
    """A flag in words, and how it looks: warn, bad, or as any tag."""

    words: str
    tone: str


def said(flags: Iterable[Flag], scales: Sequence[Scale], *, short: bool = False) -> list[Said]:
    """Flags in words; those of a kind that name a criterion each, in one. short: of criteria on which reviewers are
    apart only how many, for where the table marks them."""
    names = {one.code: text_for(one.names) for one in scales}
    found: list[Said] = []
    by_criterion: dict[Kind, list[str]] = {}
    for flag in flags:
        if flag.of and flag.kind in (Kind.UNDER, Kind.APART):
            by_criterion.setdefault(flag.kind, []).append(names.get(flag.of, flag.of))
        else:
            found.append(Said(_words(flag), TONES.get(flag.kind, "")))
    if short and (apart := by_criterion.pop(Kind.APART, [])):
        many = ngettext("Reviewers apart on %(num)s criterion", "Reviewers apart on %(num)s criteria", len(apart))
        found.append(Said(many, TONES[Kind.APART]))
    return found + [_of_criteria(kind, which) for kind, which in by_criterion.items()]


def _of_criteria(kind: Kind, which: Sequence[str]) -> Said:
    names = ", ".join(which)
    if kind is Kind.UNDER:
        return Said(_("Under the threshold: %(names)s", names=names), TONES[kind])
    return Said(_("Reviewers apart: %(names)s", names=names), TONES[kind])


def _words(flag: Flag) -> str:
    stages: Mapping[str, Any] = PROPOSAL_STAGES
    match flag.kind:
        case Kind.UNDER:
            return str(_("Total under the threshold"))
        case Kind.FEW:
            return str(_("%(found)s of %(wanted)s sheets", found=flag.found, wanted=flag.wanted))
        case Kind.LOST:
            return str(ngettext("%(num)s is no reviewer any more", "%(num)s are no reviewers any more", flag.found))
        case Kind.LEFT_OUT:
            return str(stages.get(flag.of, flag.of))
    return str(KINDS.get(flag.kind, flag.kind))
