"""Taking a file of recommendations in, and undoing that as a whole."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import refuse
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import TOGETHER, Work
from fundapp.recommendations.layouts import rows as read
from fundapp.recommendations.layouts.incoming import About, Incoming
from fundapp.recommendations.models import BY, GOAL, LABEL, REC, TEXT, WORDS, Pairing, RecommendationImport
from fundapp.recommendations.queries import Standing, built_on, pointing, standing, stored
from fundapp.recommendations.rules import (
    Changed,
    Difference,
    Fate,
    LabelKind,
    Mechanism,
    Position,
    Reading,
    Recommended,
    Tolerated,
    differences,
    merged,
    searchable,
    turn,
)

Tick = Callable[[int, float], None]  # hears after each batch how many rows are done, and what share of the file
BATCH = 5_000  # rows that are compared and stored together
GLANCE = 1_000  # rows that are compared together where none is stored: whoever waits sees how far it is
MOST_CHANGES = 1_000  # that are told one by one; more are counted
_LOCK = 20261120  # of PostgreSQL: imports wait for one another


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of rows that are stored: their table, and the columns that they fill."""

    table: sa.TableClause
    names: tuple[str, ...]


_FACTS = (
    *("id", "number", "import_id", "standing", "turn", "digest", "row", "key", "mechanism", "state", "body", "cycle"),
    *("session", "symbol", "paragraph", "position", "position_source", "issued", "assessment"),
)
_FIRST, _LATER = Kind(REC, _FACTS), Kind(REC, (*_FACTS, "replaces_id", "joined_to"))
_TEXTS = Kind(TEXT, ("recommendation_id", "language", "text", "search"))
_BY = Kind(BY, ("recommendation_id", "country", "turn"))
_LABELS = Kind(LABEL, ("recommendation_id", "kind", "place", "label", "code", "turn"))
_GOALS = Kind(GOAL, ("recommendation_id", "goal", "target", "turn"))
_WORDS = Kind(WORDS, ("rowid", "search"))
_PLACES = {language: place for place, language in enumerate(LANGUAGES)}
_PLAIN: dict[str | None, str | None] = {None: None, **{one: one.value for one in (*Mechanism, *Position)}}
_THEME, _PERSONS = LabelKind.THEME.value, LabelKind.PERSONS.value
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

    def count(self, rows: Sequence[Recommended]) -> None:
        """Count rows as they are read, whatever becomes of them."""
        self.rows += len(rows)
        self.positions.update(row.position for row in rows if row.position)
        self.unread.update(label.text for row in rows for label in row.themes if label.code is None)

    def tell(self, row: Recommended, what: Fate, differences: Sequence[Difference] = ()) -> None:
        """Hear what becomes of a row; whoever reports row by row writes it down."""

    def change(self, found: Changed) -> None:
        """Count a row that says otherwise."""
        self.changed += 1
        if len(self.changes) < MOST_CHANGES:
            self.changes.append(found)


class Version(NamedTuple):
    """A row to be stored, and the version it takes the place of."""

    row: Recommended
    digest: str
    before: Standing | None = None


def preview(
    session: Session, rows: Iterable[Recommended], reading: Reading, tick: Tick, outcome: Outcome | None = None
) -> Outcome:
    """What taking the rows in would come to; nothing is stored."""
    outcome = outcome or Outcome()
    for batch in _batches(rows, GLANCE):
        _sorted(session, batch, outcome, apply_changes=False)
        tick(outcome.rows, reading.share)
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
    tick: Tick = lambda rows, share: None,
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
        tick(outcome.rows, reading.share)
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
    _unpointed(work, found)
    ours = REC.c.import_id == found.id
    before = sa.select(REC.c.replaces_id).where(ours, REC.c.replaces_id.is_not(None))
    number = work.session.scalar(sa.select(sa.func.count()).select_from(REC).where(ours)) or 0
    work.session.execute(sa.update(REC).where(ours).values(standing=False))
    _unpointed(work, found)  # again: whoever was just writing down what points at one has been waited for
    work.session.execute(sa.update(REC).where(REC.c.id.in_(before)).values(standing=True))
    work.note(REC.name, found.id, {"standing": [number, 0]})
    found.undone_at = work.at
    return number


def _unpointed(work: Work, found: RecommendationImport) -> None:
    """Refuse while something points at what an import brought."""
    if (where := pointing(work.session, found)) == Pairing.__tablename__:
        raise refuse("import.paired", name=found.name)
    if where:
        raise refuse("import.in-use", name=found.name, where=where)


def _batches(rows: Iterable[Recommended], size: int = BATCH) -> Iterator[list[Recommended]]:
    """Rows by the batch, so that a file of any length takes the same memory."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
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
    outcome.count(batch)
    for row in batch:
        if row.key not in known:
            outcome.added += 1
            outcome.tell(row, Fate.ADDED)
            found.append(Version(row, digests[row.key]))
        elif row.key in differing:
            found += _differing(row, before[differing[row.key]], known[row.key], outcome, apply_changes)
        else:
            outcome.same += 1
            outcome.tell(row, Fate.SAME)
    return found


def _differing(
    row: Recommended, earlier: Recommended, place: Standing, outcome: Outcome, apply_changes: bool
) -> list[Version]:
    """A row that is not word for word what stands: a further language, a change, or the same in fewer languages."""
    whole = merged(earlier, row)
    if found := differences(earlier, row):
        outcome.change(Changed(row.row, row.paragraph or row.key, found))
        outcome.tell(row, Fate.CHANGED, found)
        return [Version(whole, whole.digest(), place)] if apply_changes else []
    if whole.texts.keys() == earlier.texts.keys():
        outcome.same += 1
        outcome.tell(row, Fate.SAME)
        return []
    outcome.translated += 1
    outcome.tell(row, Fate.TRANSLATED)
    return [Version(whole, whole.digest(), place)]


def _store(work: Work, kept: RecommendationImport, versions: Sequence[Version]) -> None:
    """New versions, in a statement for each table; those they take the place of fall first."""
    if fallen := [version.before.id for version in versions if version.before]:
        work.session.execute(_FALL, {"ids": fallen})
    apart = work.session.get_bind().dialect.name == "sqlite"
    kinds = (_FIRST, _LATER, _TEXTS, _BY, _LABELS, _GOALS, _WORDS)
    rows: dict[Kind, list[tuple[Any, ...]]] = {kind: [] for kind in kinds}
    for number, version in zip(_numbers(work, len(versions)), versions, strict=True):
        _cells(number, kept.id, version, rows, words_apart=apart)
    for kind, cells in rows.items():
        # The index of words would write down all it has before each statement of several rows
        work.put(kind.table, kind.names, cells, together=1 if kind is _WORDS else TOGETHER)


def _numbers(work: Work, count: int) -> Sequence[int]:
    """Ids for new rows, known before they go in: their parts need them, and so go in without a question for each."""
    if work.session.get_bind().dialect.name == "postgresql":
        drawn = sa.select(sa.func.nextval("recommendation_id_seq")).select_from(sa.func.generate_series(1, count))
        return work.session.scalars(drawn).all()
    first = work.session.scalar(_NEXT) or 1
    return range(first, first + count)


def _cells(
    number: int, import_id: int, version: Version, rows: dict[Kind, list[tuple[Any, ...]]], *, words_apart: bool
) -> None:
    """What is kept of a version, table by table; its words beside its text, or in an index of their own."""
    row, digest, before = version
    place = turn(row.year, row.state, number)
    issued = row.issued.isoformat() if row.issued else None
    cells = (
        number, before.number if before else number, import_id, True, place, digest, row.row, row.key,
        _PLAIN[row.mechanism], row.state, row.body, row.cycle, row.session, row.symbol, row.paragraph,
        _PLAIN[row.position], row.position_source, issued, row.assessment,
    )  # fmt: skip
    if before:
        rows[_LATER].append((*cells, before.id, before.joined_to))
    else:
        rows[_FIRST].append(cells)
    for language, text in row.texts.items():
        words = searchable(text)
        rows[_TEXTS].append((number, language, text, "" if words_apart else words))
        if words_apart:
            rows[_WORDS].append((number << 3 | _PLACES[language], words))
    for state in row.states:
        rows[_BY].append((number, state, place))
    for kind, labels in ((_THEME, row.themes), (_PERSONS, row.persons)):
        for at, (label, code) in enumerate(labels, 1):
            rows[_LABELS].append((number, kind, at, label, code, place))
    for code in row.goals:
        goal, _, rest = code.partition(".")
        rows[_GOALS].append((number, int(goal), code if rest else "", place))
