"""Which open instalments a movement on the account may pay, and what speaks for and against each. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby

from fundapp.finance.rules.bank import Movement
from fundapp.kernel.errors import Fault
from fundapp.kernel.money import Money
from fundapp.kernel.text import fold

SHORTEST_NAME, SHORTEST_REFERENCE = 4, 4  # characters, folded: less stands in too many texts
LONGEST_NAME = 12  # words
# What speaks for a match, and how much: a reference nearly settles it, a name and an amount do together
NAMED_BY_REFERENCE, NAMED, OTHER_NAMED = 45, 30, -40
SAME_AMOUNT, NEAR_AMOUNT, PART, ADVANCE = 30, 15, 5, -20
NEAR_DAYS, SOME_DAYS = 20, 90
ON_TIME, ROUGHLY = 15, 8
STRONG, LIKELY, LEAST = 70, 45, 25
MOST = 5  # matches that are shown of a movement
CHARGE_SHARE = 200  # a bank may keep up to one part in so many,
CHARGE_LEAST = 60_00  # or so many minor units, on the way
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")


class Strength(StrEnum):
    """How much speaks for a match."""

    STRONG = "strong"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Open:
    """An instalment that is not paid in full, and by what its pledge is known."""

    instalment: int
    number: int
    pledge: str
    reference: str
    donor: int
    money: Money  # still to be paid
    due_on: date


@dataclass(frozen=True, slots=True)
class Match:
    """What a movement may pay: instalments and how much of each, in minor units. The reasons say why, as codes."""

    donor: int
    parts: tuple[tuple[Open, int], ...]
    score: int
    reasons: tuple[Fault, ...]

    @property
    def strength(self) -> Strength:
        """How much speaks for it."""
        if self.score >= STRONG:
            return Strength.STRONG
        return Strength.LIKELY if self.score >= LIKELY else Strength.POSSIBLE

    @property
    def minor(self) -> int:
        """What it settles in all."""
        return sum(minor for _, minor in self.parts)

    @property
    def choice(self) -> str:
        """By which a form names it: "12:5000000+13:1000000"."""
        return "+".join(f"{one.instalment}:{minor}" for one, minor in self.parts)


@dataclass(frozen=True, slots=True)
class Names:
    """By which folded spelling whom a text names: donors' keys; nobody for a State that is no donor, so that
    "Equatorial Guinea" never means Guinea."""

    forms: Mapping[str, frozenset[int]]
    wide: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def named(self, text: str) -> dict[int, str]:
        """Donor's key -> the spelling in the text that names it; the longest spelling at a place counts."""
        words, found = fold(text).split(), dict[int, str]()
        place = 0
        while place < len(words):
            for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
                form = " ".join(words[place : place + length])
                if form in self.forms:
                    found.update(dict.fromkeys(self.forms[form], form))
                    place += length - 1
                    break
            place += 1
        return found | self._wide(text)

    def _wide(self, text: str) -> dict[int, str]:
        """The same for what is written without blanks between words."""
        if not _WIDE.search(text):
            return {}
        whole = fold(text)
        return {donor: form for form, donors in self.wide.items() if form in whole for donor in donors}


def names_of(spellings: Collection[tuple[int | None, str]]) -> Names:
    """Names out of (donor or none, folded spelling); too short ones mean nobody."""
    forms: dict[str, set[int]] = {}
    for donor, form in spellings:
        wide = bool(_WIDE.search(form))
        if len(form) >= (2 if wide else SHORTEST_NAME):
            known = forms.setdefault(form, set())
            if donor is not None:
                known.add(donor)
    frozen = {form: frozenset(donors) for form, donors in forms.items()}
    return Names(frozen, {form: donors for form, donors in frozen.items() if donors and _WIDE.search(form)})


def matches(line: Movement, currency: str, opens: Sequence[Open], names: Names) -> list[Match]:
    """What a movement may pay, what speaks most for first; nothing for what was paid out."""
    if line.minor <= 0:
        return []
    text = " ".join((line.reference, line.counterparty, line.text))
    named, folded = names.named(text), f" {fold(text)} "
    found = []
    for parts in _candidates(line.minor, [one for one in opens if one.money.currency == currency]):
        score, reasons = _weighed(line, parts, named, folded)
        if score >= LEAST:
            found.append(Match(parts[0][0].donor, parts, score, reasons))
    found.sort(key=lambda one: (-one.score, one.parts[0][0].due_on, one.parts[0][0].pledge, one.parts[0][0].number))
    return found[:MOST]


def _candidates(minor: int, opens: Sequence[Open]) -> Iterator[tuple[tuple[Open, int], ...]]:
    """Each instalment alone, and of a pledge several, the earliest first, where the amount reaches that far."""
    for one in opens:
        yield ((one, min(minor, one.money.minor)),)
    ordered = sorted(opens, key=lambda one: (one.pledge, one.due_on, one.number))
    for _pledge, group in groupby(ordered, key=lambda one: one.pledge):
        taken: list[tuple[Open, int]] = []
        left = minor
        for one in group:
            if left > 0:
                taken.append((one, min(left, one.money.minor)))
                left -= one.money.minor
        if len(taken) > 1:
            yield tuple(taken)


def _weighed(
    line: Movement, parts: Sequence[tuple[Open, int]], named: Mapping[int, str], folded: str
) -> tuple[int, tuple[Fault, ...]]:
    """What speaks for a match, added up, and the reasons."""
    first = parts[0][0]
    found = [
        _by_reference(first, folded),
        _by_name(first.donor, named),
        _by_amount(line.minor, parts),
        _by_day(line.booked_on, parts),
    ]
    said = [one for one in found if one is not None]
    return sum(points for points, _ in said), tuple(reason for _, reason in said)


def _by_reference(one: Open, folded: str) -> tuple[int, Fault] | None:
    for text in (one.reference, one.pledge):
        form = fold(text)
        if len(form) >= SHORTEST_REFERENCE and f" {form} " in folded:
            return NAMED_BY_REFERENCE, Fault("match.reference", {"reference": text})
    return None


def _by_name(donor: int, named: Mapping[int, str]) -> tuple[int, Fault] | None:
    if donor in named:
        return NAMED, Fault("match.donor", {"said": named[donor]})
    if named:
        return OTHER_NAMED, Fault("match.other-donor", {"said": next(iter(named.values()))})
    return None


def _by_amount(minor: int, parts: Sequence[tuple[Open, int]]) -> tuple[int, Fault]:
    owed, currency = sum(one.money.minor for one, _ in parts), parts[0][0].money.currency
    outstanding, apart = Money(owed, currency), Money(abs(owed - minor), currency)
    if owed == minor:
        code = "match.amount" if len(parts) == 1 else "match.amounts"
        return SAME_AMOUNT, Fault(code, {"outstanding": outstanding, "parts_count": len(parts)})
    if 0 < owed - minor <= max(CHARGE_LEAST, owed // CHARGE_SHARE) and minor * 2 > owed:
        return NEAR_AMOUNT, Fault("match.charges", {"outstanding": outstanding, "apart": apart})
    if minor < owed:
        return PART, Fault("match.part", {"outstanding": outstanding, "apart": apart})
    return ADVANCE, Fault("match.over", {"outstanding": outstanding, "apart": apart})


def _by_day(on: date, parts: Sequence[tuple[Open, int]]) -> tuple[int, Fault] | None:
    """How far the day is from the nearest day on which one of them is due."""
    due = min((one.due_on for one, _ in parts), key=lambda day: abs((on - day).days))
    days = (on - due).days
    points = ON_TIME if abs(days) <= NEAR_DAYS else ROUGHLY if abs(days) <= SOME_DAYS else 0
    if days == 0:
        return points, Fault("match.on-day", {"due": due})
    code = "match.after" if days > 0 else "match.before"
    return points, Fault(code, {"due": due, "days_count": abs(days)})
