"""What the Board sees of a proposal, on the day: its version, what it asks for, what its reviewers gave. Pure.

What is said of one proposal says nothing of any other: no place in a ranking, which would tell a trustee who is kept
from another how that one was scored. Places are worked out among those that somebody sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from fundapp.scoring.rules.combining import Flag, Kind, Ranked
from fundapp.scoring.rules.scales import Scale

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a criterion: the steps that were given in their order, none where nobody scored it."""

    code: str
    names: Names
    weight: int
    lowest: int
    highest: int
    steps: tuple[int, ...]
    mean: Decimal | None
    apart: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """What the reviewers gave a proposal: its total of 100 and each reviewer's own, lowest first, with the sample
    standard deviation; `under`: whether it is under a threshold; `few`: on fewer sheets than were asked for."""

    total: Decimal | None
    owns: tuple[Decimal, ...]
    sd: Decimal | None
    sheets: int
    under: bool
    few: bool
    criteria: tuple[Given, ...]

    @property
    def apart(self) -> bool:
        """Whether reviewers are two steps or more apart on a criterion."""
        return any(one.apart for one in self.criteria)


@dataclass(frozen=True, slots=True)
class Share:
    """What the scenario carried to the Board gives a proposal: the per cent of what it asks for, and that in cents;
    nothing where it is left out."""

    scenario: str
    step: int
    cents: int


@dataclass(frozen=True, slots=True)
class SeenProposal:
    """A proposal as the Board sees it on a day. `cents`: what it asks for, with support costs; by_class: direct costs
    by class of expenditure. number and digest: of its version."""

    reference: str
    call: str
    title: str
    language: str
    state: str
    office: str
    number: int
    digest: str
    handed_in: date
    cents: int
    support_cents: int
    by_class: Mapping[str, int]
    scores: Scores | None
    share: Share | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A proposal with its place among those that somebody sees; none for one without a total."""

    rank: int | None
    seen: SeenProposal


def scores_of(found: Ranked, scales: Sequence[Scale]) -> Scores:
    """The scores of a proposal as a ranking has them."""
    flags = {flag.kind for flag in found.flags}
    pairs = zip(scales, found.spreads, strict=True)
    criteria = tuple(
        Given(
            scale.code, scale.names, scale.weight, scale.lowest, scale.highest, each.steps if each else (),
            each.mean if each else None, bool(each and each.apart),
        )
        for scale, each in pairs
    )  # fmt: skip
    owns = tuple(sorted(one for one in found.own if one is not None))
    return Scores(found.total, owns, found.sd, found.n, Kind.UNDER in flags, Kind.FEW in flags, criteria)


def is_left_out(flags: Iterable[Flag]) -> bool:
    """Whether a proposal stands where it is not ranked."""
    return any(flag.kind is Kind.LEFT_OUT for flag in flags)


def placed(rows: Iterable[SeenProposal]) -> Iterator[Placed]:
    """The proposals from the highest total to the lowest, the same place for the same total; those without one last,
    by their references."""
    rank, before = 0, Decimal(-1)
    for place, one in enumerate(sorted(rows, key=_order), 1):
        total = one.scores.total if one.scores else None
        if total is None:
            yield Placed(None, one)
            continue
        if total != before:
            rank, before = place, total
        yield Placed(rank, one)


def _order(one: SeenProposal) -> tuple[bool, Decimal, str]:
    total = one.scores.total if one.scores else None
    return total is None, -(total or Decimal(0)), one.reference


# ------------------------------------------------------------------------------------------------- as it is kept


def kept(one: SeenProposal) -> dict[str, Any]:
    """A proposal as JSON: decimals and days as text."""
    return {
        "reference": one.reference, "call": one.call, "title": one.title, "language": one.language,
        "state": one.state, "office": one.office,
        "version": {"number": one.number, "digest": one.digest, "handed_in": one.handed_in.isoformat()},
        "budget": {"cents": one.cents, "support_cents": one.support_cents, "by_class": dict(one.by_class)},
        "scores": _kept_scores(one.scores),
        "scenario": None
        if one.share is None
        else {"name": one.share.scenario, "step": one.share.step, "cents": one.share.cents},
    }  # fmt: skip


def _kept_scores(found: Scores | None) -> dict[str, Any] | None:
    if found is None:
        return None
    criteria = [
        {
            "code": one.code, "names": dict(one.names), "weight": one.weight, "lowest": one.lowest,
            "highest": one.highest, "steps": list(one.steps), "mean": _text(one.mean), "apart": one.apart,
        }
        for one in found.criteria
    ]  # fmt: skip
    return {
        "total": _text(found.total), "owns": [str(one) for one in found.owns], "sd": _text(found.sd),
        "sheets": found.sheets, "under": found.under, "few": found.few, "criteria": criteria,
    }  # fmt: skip


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def seen_from(said: Mapping[str, Any]) -> SeenProposal:
    """A proposal out of JSON."""
    version, money, share = said["version"], said["budget"], said["scenario"]
    return SeenProposal(
        said["reference"], said["call"], said["title"], said["language"], said["state"], said["office"],
        version["number"], version["digest"], date.fromisoformat(version["handed_in"]), money["cents"],
        money["support_cents"], money["by_class"], _scores_from(said["scores"]),
        Share(share["name"], share["step"], share["cents"]) if share else None,
    )  # fmt: skip


def _scores_from(said: Mapping[str, Any] | None) -> Scores | None:
    if said is None:
        return None
    criteria = tuple(
        Given(
            one["code"], one["names"], one["weight"], one["lowest"], one["highest"], tuple(one["steps"]),
            _number(one["mean"]), one["apart"],
        )
        for one in said["criteria"]
    )  # fmt: skip
    owns = tuple(Decimal(one) for one in said["owns"])
    total, deviation = _number(said["total"]), _number(said["sd"])
    return Scores(total, owns, deviation, said["sheets"], said["under"], said["few"], criteria)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
