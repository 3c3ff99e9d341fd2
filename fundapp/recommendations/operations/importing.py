"""Taking a file of recommendations in, and undoing that as a whole."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import refuse
from fundapp.kernel.work import Work
from fundapp.recommendations.layouts import rows as read
from fundapp.recommendations.layouts.incoming import About, Incoming
from fundapp.recommendations.models import BY, GOAL, LABEL, REC, TEXT, RecommendationImport
from fundapp.recommendations.queries import Standing, built_on, pointing, standing, stored
from fundapp.recommendations.rules import (
    Changed,
    LabelKind,
    Position,
    Reading,
    Recommended,
    Tolerated,
    differences,
    merged,
    searchable,
)

BATCH = 1_000  # rows that are compared and stored together
MOST_CHANGES = 1_000  # that are told one by one; more are counted
_LOCK = 20261120  # of PostgreSQL: imports wait for one another
_INSERT = sa.insert(REC)
_PARTS = {table: sa.insert(table) for table in (TEXT, BY, LABEL, GOAL)}
_NEXT = sa.select(sa.func.coalesce(sa.func.max(REC.c.id), 0) + 1)
_FALL = sa.update(REC).where(REC.c.id.in_(sa.bindparam("ids", expanding=True))).values(standing=False)


@dataclass(slots=True)
class Outcome:
    """What a file comes to: rows that are new, the same, further languages, and changes (applied or not)."""

    rows: int = 0
    added: int = 0
    same: int = 0
    translated: int = 0
    changed: int = 0
    changes: list[Changed] = field(default_factory=list)  # the first of them
    positions: Counter[Position] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)  # themes that none in use is read as
    import_id: int | None = None

    def count(self, row: Recommended) -> None:
        """Count a row as it is read, whatever becomes of it."""
        self.rows += 1
        if row.position:
            self.positions[row.position] += 1
        self.unread.update(label.text for label in row.themes if label.code is None)

    def change(self, found: Changed) -> None:
        """Count a row that says otherwise."""
        self.changed += 1
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(found)


@dataclass(frozen=True, slots=True)
class Version:
    """A row to be stored, and the version it takes the place of."""

    row: Recommended
    digest: str
    before: Standing | None = None


def preview(session: Session, rows: Iterable[Recommended], tick: Callable[[int], None]) -> Outcome:
    """What taking the rows in would come to; nothing is stored."""
    outcome = Outcome()
    for batch in _batches(rows):
        _sorted(session, batch, outcome, apply_changes=False)
        tick(len(batch))
    return outcome


@operation(Permission.RECOMMENDATION_IMPORT)
def import_file(
    work: Work,
    subject: None,
    file: Incoming,
    layout: str,
    reading: Reading,
    *,
    about: About = About(),  # noqa: B008 - it is frozen
    apply_changes: bool = False,
    tick: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Take a file in: all of it, or nothing where a row is wrong (unless the reading tolerates that). What is there
    already adds nothing; what a row changes is told, and stored only when asked."""
    _alone(work)
    outcome, mark = Outcome(), hashlib.sha256()
    kept: RecommendationImport | None = None
    for batch in _batches(read(file, layout, reading, about)):
        if versions := _sorted(work.session, batch, outcome, apply_changes=apply_changes):
            kept = kept or _begin(work, file, layout)
            _store(work, kept, versions)
            mark.update("".join(version.digest for version in versions).encode())
        tick(len(batch))
    if reading.faults and not isinstance(reading.faults, Tolerated):
        raise reading.faults.refusal()
    if outcome.rows == 0 and not reading.faults:
        raise refuse("recommendation.no-rows", name=file.name)
    if kept:
        kept.added = outcome.added
        kept.changed = outcome.translated + (outcome.changed if apply_changes else 0)
        outcome.import_id = kept.id
        work.note(REC.name, kept.id, {"rows": [0, kept.added + kept.changed], "sha256": [None, mark.hexdigest()]})
    return outcome


@operation(Permission.RECOMMENDATION_IMPORT)
def undo_import(work: Work, found: RecommendationImport) -> int:
    """Let all that an import brought fall, and what it replaced stand again; says how many rows fell. Refused while
    something points at them or a later import changed them."""
    _alone(work)
    if found.undone_at:
        raise refuse("import.undone", name=found.name)
    if later := built_on(work.session, found):
        raise refuse("import.built-on", name=found.name, later=later)
    if where := pointing(work.session, found):
        raise refuse("import.in-use", name=found.name, where=where)
    ours = REC.c.import_id == found.id
    before = sa.select(REC.c.replaces_id).where(ours, REC.c.replaces_id.is_not(None))
    number = work.session.scalar(sa.select(sa.func.count()).select_from(REC).where(ours)) or 0
    work.session.execute(sa.update(REC).where(ours).values(standing=False))
    work.session.execute(sa.update(REC).where(REC.c.id.in_(before)).values(standing=True))
    work.note(REC.name, found.id, {"standing": [number, 0]})
    found.undone_at = work.at
    return number


def _batches(rows: Iterable[Recommended]) -> Iterator[list[Recommended]]:
    """Rows by the batch, so that a file of any length takes the same memory."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _alone(work: Work) -> None:
    """Two imports at once would each find the other's rows missing. SQLite has one writer anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def _begin(work: Work, file: Incoming, layout: str) -> RecommendationImport:
    kept = RecommendationImport(
        name=file.name[:255],
        layout=layout,
        digest=file.digest(),
        at=work.at,
        by=str(work.actor)[:255],
        added=0,
        changed=0,
        undone_at=None,
    )
    work.session.add(kept)
    work.session.flush()
    return kept


def _sorted(session: Session, batch: Sequence[Recommended], outcome: Outcome, *, apply_changes: bool) -> list[Version]:
    """The rows of a batch that are to be stored."""
    known = standing(session, [row.key for row in batch])
    digests = {row.key: row.digest() for row in batch}
    differing = {key: place.id for key, place in known.items() if place.digest != digests[key]}
    before = stored(session, differing.values()) if differing else {}
    found: list[Version] = []
    for row in batch:
        outcome.count(row)
        if row.key not in known:
            outcome.added += 1
            found.append(Version(row, digests[row.key]))
        elif row.key in differing:
            found += _differing(row, before[differing[row.key]], known[row.key], outcome, apply_changes)
        else:
            outcome.same += 1
    return found


def _differing(
    row: Recommended, earlier: Recommended, place: Standing, outcome: Outcome, apply_changes: bool
) -> list[Version]:
    """A row that is not word for word what stands: a further language, a change, or the same in fewer languages."""
    whole = merged(earlier, row)
    if found := differences(earlier, row):
        outcome.change(Changed(row.row, row.paragraph or row.key, found))
        return [Version(whole, whole.digest(), place)] if apply_changes else []
    if whole.texts.keys() == earlier.texts.keys():
        outcome.same += 1
        return []
    outcome.translated += 1
    return [Version(whole, whole.digest(), place)]


def _store(work: Work, kept: RecommendationImport, versions: Sequence[Version]) -> None:
    """New versions, in a statement for each table; those they take the place of fall first."""
    if fallen := [version.before.id for version in versions if version.before]:
        work.session.execute(_FALL, {"ids": fallen})
    ids = _numbers(work, len(versions))
    rows = [_row(number, kept.id, version) for number, version in zip(ids, versions, strict=True)]
    work.session.execute(_INSERT, rows)
    parts: dict[sa.Table, list[dict[str, Any]]] = {table: [] for table in _PARTS}
    for number, version in zip(ids, versions, strict=True):
        _parts(number, version.row, parts)
    for table, cells in parts.items():
        if cells:
            work.session.execute(_PARTS[table], cells)


def _numbers(work: Work, count: int) -> Sequence[int]:
    """Ids for new rows, known before they go in: their parts need them, and so go in without a question for each."""
    if work.session.get_bind().dialect.name == "postgresql":
        drawn = sa.select(sa.func.nextval("recommendation_id_seq")).select_from(sa.func.generate_series(1, count))
        return work.session.scalars(drawn).all()
    first = work.session.scalar(_NEXT) or 1
    return range(first, first + count)


def _row(number: int, import_id: int, version: Version) -> dict[str, Any]:
    row, before = version.row, version.before
    return {
        "id": number,
        "number": before.number if before else number,
        "import_id": import_id,
        "row": row.row,
        "key": row.key,
        "digest": version.digest,
        "standing": True,
        "replaces_id": before.id if before else None,
        "mechanism": row.mechanism,
        "body": row.body,
        "state": row.state,
        "cycle": row.cycle,
        "session": row.session,
        "symbol": row.symbol,
        "paragraph": row.paragraph,
        "position": row.position,
        "position_source": row.position_source,
        "issued": row.issued,
        "assessment": row.assessment,
    }


def _parts(number: int, row: Recommended, parts: dict[sa.Table, list[dict[str, Any]]]) -> None:
    for language, text in row.texts.items():
        parts[TEXT].append(
            {"recommendation_id": number, "language": language, "text": text, "search": searchable(text)}
        )
    parts[BY] += [{"recommendation_id": number, "country": state} for state in row.states]
    for kind, labels in ((LabelKind.THEME, row.themes), (LabelKind.PERSONS, row.persons)):
        parts[LABEL] += [
            {"recommendation_id": number, "kind": kind, "place": place, "label": label.text, "code": label.code}
            for place, label in enumerate(labels, 1)
        ]
    for code in row.goals:
        goal, _, rest = code.partition(".")
        parts[GOAL].append({"recommendation_id": number, "goal": int(goal), "target": code if rest else ""})
