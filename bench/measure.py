"""Timing two ways of doing the same thing in turns, and the table of what came out."""

from __future__ import annotations

import gc
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

Job = Callable[[], object]
HEADINGS = ("measure", "ours", "compared with", "ratio", "target", "verdict")


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table; a target of None is a figure told for what it is."""

    name: str
    ours: str
    other: str
    ratio: float
    target: float | None = None
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the target is met."""
        if self.target is None:
            return True
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    def cells(self) -> tuple[str, ...]:
        """The line as the table prints it."""
        target = "" if self.target is None else f"{'>=' if self.at_least else '<='} {self.target:g}"
        verdict = "told" if self.target is None else "reached" if self.reached else "MISSED"
        return self.name, self.ours, self.other, f"{self.ratio:.3g}", target, verdict


def timed(job: Job) -> float:
    """How long it takes once, in seconds."""
    start = perf_counter()
    job()
    return perf_counter() - start


def in_turns(*jobs: Job, rounds: int, warm: int = 3) -> list[list[float]]:
    """Seconds of each round of each job, one after the other in turns: a noisy minute meets them all alike."""
    for _ in range(warm):
        for job in jobs:
            job()
    gc.collect()
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(rounds):
        for job, found in zip(jobs, times, strict=True):
            found.append(timed(job))
    return times


def medians(*jobs: Job, rounds: int) -> list[float]:
    """The median of each job, in seconds."""
    return [statistics.median(found) for found in in_turns(*jobs, rounds=rounds)]


def quantile(times: Sequence[float], share: float) -> float:
    """The time that this share of them does not pass."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def ms(seconds: float) -> str:
    """A time to read."""
    return f"{seconds * 1000:.3f} ms"


def rate(count: float, seconds: float) -> str:
    """A rate to read."""
    return f"{count / seconds:,.0f} /s"


def memory() -> str:
    """The most memory that this process has held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{most / (1024 if sys.platform != 'darwin' else 1024**2):,.0f} MiB"


def table(found: Sequence[Measure]) -> str:
    """All of it, in columns."""
    rows = [HEADINGS, *(measure.cells() for measure in found)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
