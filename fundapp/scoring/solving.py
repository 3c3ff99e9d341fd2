"""Solving a scenario exactly, with HiGHS: the choice that is worth most, which limits cannot all hold, and what one
proposal more would displace."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import highspy
import numpy as np

from fundapp.scoring.rules.scenarios import Candidate, Limits, Row, cost_of, rows_of, worth

SECONDS = 20.0  # after which the solver gives up and says so
MOST_TRIES = 200  # choices that hold to the limits but for a hair
OPTIONS: dict[str, bool | float] = {
    "output_flag": False,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.0,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "time_limit": SECONDS,
}


def _greeted() -> None:
    """Have the library say its greeting unheard. It says it once in a process, to the standard output, where the log
    and the output of commands are read."""
    with suppress(OSError), open(os.devnull, "wb") as nowhere:  # a process may have no standard output
        kept = os.dup(1)
        try:
            os.dup2(nowhere.fileno(), 1)
            highspy.Highs()  # type: ignore[no-untyped-call]
            ctypes.CDLL(None).fflush(None)
        finally:
            os.dup2(kept, 1)
            os.close(kept)


_greeted()


class Unfinished(Exception):
    """The solver did not come to an end in time."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A choice, place of the candidate -> step; the gap that the solver proved between it and the best (0: it is the
    best) and the seconds it took; without a choice, the limits that cannot all hold, by name."""

    chosen: Mapping[int, int]
    gap: float
    seconds: float
    clash: tuple[str, ...] = ()


def solve(candidates: Sequence[Candidate], limits: Limits) -> Solved:
    """The choice that is worth most, and of those the cheapest; or which limits cannot all hold."""
    begun = time.perf_counter()
    rows = rows_of(limits, candidates)
    pairs = [(place, step) for place, one in enumerate(candidates) for step in limits.steps_of(one)]
    values = [worth(candidates[place], step) for place, step in pairs]
    found = _best(pairs, values, rows)
    if found is None:
        return Solved({}, 0.0, time.perf_counter() - begun, _clash(pairs, rows))
    best, gap = found
    # of what is worth as much, the cheapest: the worth is held, and the cost is what is sought now
    held = Row("", dict(zip(pairs, values, strict=True)), least=sum(worth(candidates[p], s) for p, s in best.items()))
    costs = [-candidates[place].at(step) for place, step in pairs]
    cheaper = _best(pairs, costs, [*rows, held])
    if cheaper is not None and cost_of(candidates, cheaper[0]) < cost_of(candidates, best):
        best = cheaper[0]
    return Solved(best, gap, time.perf_counter() - begun)


def displaced(candidates: Sequence[Candidate], limits: Limits, place: int) -> Solved:
    """The best choice with this candidate in it, though it was left out."""
    one = candidates[place]
    forced = replace(limits, include=limits.include | {one.id}, exclude=limits.exclude - {one.id})
    return solve(candidates, forced)


def _best(
    pairs: Sequence[tuple[int, int]], values: Sequence[int], rows: Collection[Row]
) -> tuple[dict[int, int], float] | None:
    """The pairs with the greatest sum of values under these conditions, and the gap; None where there are none."""
    conditions = list(rows)
    for _ in range(MOST_TRIES):
        found = _solved(pairs, values, conditions)
        # the solver reckons with floats and a tolerance: that a choice holds to every limit is found out in whole
        # numbers, and one that does not by a hair is forbidden by name
        if found is None or all(row.holds(found[0]) for row in rows):
            return found
        on = dict.fromkeys(found[0].items(), 1)
        rest = {pair: -1 for pair in pairs if pair not in on}
        conditions.append(Row("", on | rest, most=len(on) - 1))
    raise Unfinished("no choice that holds in whole numbers")


def _solved(
    pairs: Sequence[tuple[int, int]], values: Sequence[int], rows: Collection[Row]
) -> tuple[dict[int, int], float] | None:
    """The same as the solver has it."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in OPTIONS.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(pairs, values, rows))
    solver.run()
    status = solver.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return None
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
        raise Unfinished(str(status))
    on = solver.getSolution().col_value
    chosen = {place: step for (place, step), value in zip(pairs, on, strict=True) if value > 0.5}
    return chosen, float(solver.getInfo().mip_gap) if pairs else 0.0


def _model(pairs: Sequence[tuple[int, int]], values: Sequence[int], rows: Collection[Row]) -> highspy.HighsLp:
    places = {pair: number for number, pair in enumerate(pairs)}
    model, endless = highspy.HighsLp(), highspy.kHighsInf
    model.num_col_, model.num_row_ = len(pairs), len(rows)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.array(values, dtype=np.double)
    model.col_lower_, model.col_upper_ = np.zeros(len(pairs)), np.ones(len(pairs))
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(pairs)
    model.row_lower_ = np.array([-endless if row.least is None else row.least for row in rows], dtype=np.double)
    model.row_upper_ = np.array([endless if row.most is None else row.most for row in rows], dtype=np.double)
    starts, index, value = [0], list[int](), list[int]()
    for row in rows:
        index += [places[pair] for pair in row.terms]
        value += row.terms.values()
        starts.append(len(index))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(index, dtype=np.int32)
    model.a_matrix_.value_ = np.array(value, dtype=np.double)
    return model


def _clash(pairs: Sequence[tuple[int, int]], rows: Sequence[Row]) -> tuple[str, ...]:
    """Limits that cannot all hold, and of which each is needed for that: leave one out, and the others can."""
    names = list(dict.fromkeys(row.name for row in rows if row.name))
    for name in list(names):
        rest = [other for other in names if other != name]
        if _best(pairs, [0] * len(pairs), [row for row in rows if not row.name or row.name in rest]) is None:
            names = rest
    return tuple(names)
