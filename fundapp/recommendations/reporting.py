"""What reading a file found: the report with a line for each row, and the summary that its page shows first."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import IO, Any

from fundapp.kernel.errors import Fault
from fundapp.kernel.files import Files
from fundapp.recommendations.operations import Outcome
from fundapp.recommendations.operations.sending import as_json
from fundapp.recommendations.rules import Changed, Difference, Fate, Label, Reading, Recommended, Tolerated

MOST_CHANGES, MOST_LABELS, SAMPLE = 200, 50, 10  # of a summary
SHOWN = 600  # characters of a text in a summary; the report has all of it
LARGEST_CELL = 100_000  # characters: the csv module reads no cell of more than 131,072
LARGEST = 8 * 1024**3  # bytes of a report: none comes near
Part = tuple[str, bool]  # some words of a text, and whether they are gone or new
COLUMNS = ("row", "fate", "key", "field", "before", "after", "code", "column", "values")


class Report:
    """A report being written: a line for each row that is read, for each field that one changes, for each fault."""

    def __init__(self, file: IO[str]) -> None:
        self._lines = csv.writer(file)
        self._lines.writerow(COLUMNS)
        self._waiting: list[tuple[Any, ...]] = []

    def row(self, row: Recommended, what: Fate, differences: Sequence[Difference]) -> None:
        """What becomes of a row."""
        key = row.paragraph or row.key
        for one in differences:
            before, after = one.before[:LARGEST_CELL], one.after[:LARGEST_CELL]
            self._waiting.append((row.row, what.value, key, one.field, before, after, "", "", ""))
        if not differences:
            self._waiting.append((row.row, what.value, key, "", "", "", "", "", ""))

    def fault(self, fault: Fault) -> None:
        """What is wrong with a row."""
        kept = as_json(fault)
        values = json.dumps(kept["values"], ensure_ascii=False)
        self._waiting.append((fault.row or 0, Fate.WRONG.value, "", "", "", "", fault.code, fault.column or "", values))

    def settle(self) -> None:
        """Write what was heard so far in the order of rows: faults are found while rows are read, what becomes of
        the others a batch later."""
        self._waiting.sort(key=lambda line: int(line[0]))
        self._lines.writerows(self._waiting)
        self._waiting.clear()


class Told(Outcome):
    """An outcome that is told row by row."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report

    def tell(self, row: Recommended, what: Fate, differences: Sequence[Difference] = ()) -> None:
        """Write down what becomes of a row."""
        self.report.row(row, what, differences)


class Heard(Tolerated):
    """Faults of which each goes into the report; the first are kept beside."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report

    def append(self, fault: Fault) -> None:
        """Note a fault, and read on."""
        self.report.fault(fault)
        super().append(fault)


def kept_report(files: Files, file: IO[bytes]) -> str:
    """Keep a report; its digest."""
    file.seek(0)
    return files.keep(file, "report", LARGEST).digest


def opened(files: Files) -> IO[bytes]:
    """A file to write a report into, gone when it is closed; beside the kept files, where there is room for them."""
    files.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return tempfile.TemporaryFile(dir=files.folder)


def lines(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a report, as it was written."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def fault_of(line: dict[str, str]) -> Fault:
    """The fault of a line of a report."""
    return Fault(line["code"], json.loads(line["values"]), int(line["row"]) or None, line["column"] or None)


def from_json(kept: Iterable[dict[str, Any]]) -> list[Fault]:
    """Faults as a summary keeps them."""
    return [Fault(one["code"], one["values"], one["row"], one["column"]) for one in kept]


def sampled(rows: Iterable[Recommended], sample: list[dict[str, Any]]) -> Iterator[Recommended]:
    """The rows; the first of them are kept beside as they would be stored."""
    for row in rows:
        if len(sample) < SAMPLE:
            sample.append(_stored(row))
        yield row


def summary(outcome: Outcome, reading: Reading, sample: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the page shows of a file that was read, as a column of JSON keeps it."""
    return {
        "rows": outcome.rows,
        "added": outcome.added,
        "same": outcome.same,
        "translated": outcome.translated,
        "changed": outcome.changed,
        "wrong": len(reading.faults) + getattr(reading.faults, "more", 0),
        "left_out": reading.left_out,
        "positions": {position.value: number for position, number in outcome.positions.items()},
        "faults": [as_json(fault) for fault in reading.faults],
        "changes": [_change(change) for change in outcome.changes[:MOST_CHANGES]],
        "unread": outcome.unread.most_common(MOST_LABELS),
        "labels": len(outcome.unread),
        "sample": list(sample),
    }


def _change(change: Changed) -> dict[str, Any]:
    parts = [(one.field, short(one.before), short(one.after)) for one in change.differences]
    return {"row": change.row, "key": change.key, "differences": parts}


def compared(before: str, after: str) -> tuple[list[Part], list[Part]]:
    """Both texts in parts of whole words, and whether the other text has them."""
    old, new = before.split(), after.split()
    found: tuple[list[Part], list[Part]] = [], []
    for tag, *(first, last, begin, end) in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for parts, words in zip(found, (old[first:last], new[begin:end]), strict=True):
            if words:
                parts.append((" ".join(words), tag != "equal"))
    return found


def short(text: str) -> str:
    """As much of a text as a summary shows."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _stored(row: Recommended) -> dict[str, Any]:
    found = {**row._asdict(), **row.facts()}
    found["texts"] = {language: short(text) for language, text in row.texts.items()}
    found |= {"mechanism": row.mechanism.value, "themes": _labels(row.themes), "persons": _labels(row.persons)}
    return found


def _labels(labels: Sequence[Label]) -> list[tuple[str, str | None]]:
    return [(label.text, label.code) for label in labels]
