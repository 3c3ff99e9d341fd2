"""A ranking worked out again from the file of scores alone, with decimals, by code that shares nothing with the
program's: what somebody with a spreadsheet and the published rule would do."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, localcontext

COLUMNS = ("call", "proposal", "reviewer", "criterion", "weight", "lowest", "highest", "step", "reason", "given_at")
Scores = dict[str, dict[str, Decimal]]  # criterion -> reviewer -> step


def read(text: str) -> list[dict[str, str]]:
    """The rows of the file, whatever language its headings are in."""
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]]


def said(value: Decimal | None) -> str:
    return "" if value is None else str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def rank_again(text: str) -> dict[str, dict[str, str]]:
    """Proposal -> rank, total, means by criterion, n_reviewers, sd, as a ranking prints them."""
    with localcontext() as context:
        context.prec = 50
        found = {reference: _worked_out(rows) for reference, rows in _by_proposal(read(text)).items()}
    totals = sorted((Decimal(one["total"]) for one in found.values() if one["total"]), reverse=True)
    for one in found.values():
        one["rank"] = str(totals.index(Decimal(one["total"])) + 1) if one["total"] else ""
    return found


def _by_proposal(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        found[row["proposal"]].append(row)
    return found


def _worked_out(rows: list[dict[str, str]]) -> dict[str, str]:
    scales = {row["criterion"]: row for row in rows}
    given: Scores = {code: {} for code in scales}
    for row in rows:
        if row["step"] != "na":
            given[row["criterion"]][row["reviewer"]] = Decimal(row["step"])
    means = {code: sum(steps.values(), Decimal(0)) / len(steps) if steps else None for code, steps in given.items()}
    reviewers = {row["reviewer"] for row in rows}
    owns = [_total({code: steps.get(one) for code, steps in given.items()}, scales) for one in reviewers]
    return {
        **{code: said(mean) for code, mean in means.items()},
        "total": said(_total(means, scales)),
        "n_reviewers": str(len(reviewers)),
        "sd": said(_deviation([own for own in owns if own is not None])),
    }


def _total(marks: dict[str, Decimal | None], scales: dict[str, dict[str, str]]) -> Decimal | None:
    points = weights = Decimal(0)
    for code, mark in marks.items():
        if mark is not None:
            weight, lowest, highest = (Decimal(scales[code][name]) for name in ("weight", "lowest", "highest"))
            points += weight * (mark - lowest) / (highest - lowest)
            weights += weight
    return points / weights * 100 if weights else None


def _deviation(values: list[Decimal]) -> Decimal | None:
    if len(values) < 2:
        return None
    mean = sum(values, Decimal(0)) / len(values)
    return (sum(((value - mean) ** 2 for value in values), Decimal(0)) / (len(values) - 1)).sqrt()
