"""Joining records of one recommendation from several sources, keeping two apart, and undoing either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.work import Work
from fundapp.recommendations.models import REC, Pairing
from fundapp.recommendations.operations.importing import _LOCK
from fundapp.recommendations.rules import Mechanism


@operation(Permission.RECOMMENDATION_JOIN)
def join(work: Work, subject: None, kept: int, other: int) -> Pairing:
    """Say that two records are one recommendation: `kept` counts, `other` stays in the register with its source and is
    left out of lists, counts and evidence. One that others are joined to can only be the one that is kept."""
    ours, theirs = _two(work, kept, other)
    if ours.joined_to:
        raise refuse("pair.kept-is-joined", number=kept, to=ours.joined_to)
    if theirs.joined_to:
        raise refuse("pair.is-joined", number=other, to=theirs.joined_to)
    if work.session.scalar(sa.select(sa.exists().where(REC.c.joined_to == other, REC.c.standing))):
        raise refuse("pair.has-joined", number=other)
    _not_decided(work, kept, other)
    _count_as(work, other, kept)
    return _say(work, kept, other, joined=True)


@operation(Permission.RECOMMENDATION_JOIN)
def join_all(work: Work, subject: None, pairs: Sequence[tuple[int, int]]) -> int:
    """Join several pairs (kept, other), all of them or none; says of each that cannot be joined why."""
    faults: list[Fault] = []
    for kept, other in pairs:
        try:
            join(work, None, kept, other)
        except Refusal as refusal:
            faults += _placed(refusal.faults, kept, other)
    if faults:
        raise Refusal(*faults)
    return len(pairs)


@operation(Permission.RECOMMENDATION_JOIN)
def keep_apart(work: Work, subject: None, ours: int, theirs: int) -> Pairing:
    """Say that two records that look alike are two recommendations; they are not proposed again."""
    _two(work, ours, theirs)
    _not_decided(work, ours, theirs)
    return _say(work, ours, theirs, joined=False)


@operation(Permission.RECOMMENDATION_JOIN)
def part(work: Work, found: Pairing) -> None:
    """Undo what was said of two records: joined ones count on their own again, and may be proposed again."""
    if found.undone_at:
        raise refuse("pair.undone")
    if found.joined:
        _no_import(work)
        _count_as(work, found.other_id, None)
    found.undone_at = work.at


def _placed(faults: Iterable[Fault], kept: int, other: int) -> list[Fault]:
    """The faults with the pair they belong to."""
    return [Fault(fault.code, {**fault.values, "pair": f"{kept}-{other}"}) for fault in faults]


def _two(work: Work, ours: int, theirs: int) -> tuple[sa.Row[Any], sa.Row[Any]]:
    """Two records of one review that stand, held in one order so that two people who join do not wait for each
    other."""
    if ours == theirs:
        raise refuse("pair.itself", number=ours)
    _no_import(work)
    asked: sa.Select[Any] = sa.select(REC.c.number, REC.c.state, REC.c.cycle, REC.c.mechanism, REC.c.joined_to).where(
        REC.c.number.in_((ours, theirs)), REC.c.standing
    )
    rows = {row.number: row for row in work.session.execute(asked.order_by(REC.c.id).with_for_update())}
    for number in (ours, theirs):
        if number not in rows:
            raise refuse("pair.not-standing", number=number)
        if rows[number].mechanism is not Mechanism.UPR or rows[number].cycle is None:
            raise refuse("pair.not-of-the-review", number=number)
    if rows[ours][1:3] != rows[theirs][1:3]:
        raise refuse("pair.other-review", number=ours, other=theirs)
    return rows[ours], rows[theirs]


def _no_import(work: Work) -> None:
    """An import that goes on has read what is joined to what. SQLite has one writer anyway."""
    if work.session.get_bind().dialect.name == "postgresql":
        free = sa.select(sa.func.pg_try_advisory_xact_lock_shared(_LOCK))
        if not work.session.scalar(free):
            raise refuse("pair.import-goes-on")


def _not_decided(work: Work, ours: int, theirs: int) -> None:
    both = ((Pairing.kept_id == ours) & (Pairing.other_id == theirs)) | (
        (Pairing.kept_id == theirs) & (Pairing.other_id == ours)
    )
    earlier = work.session.scalar(sa.select(Pairing).where(both, Pairing.undone_at.is_(None)).limit(1))
    if earlier is not None:
        raise refuse("pair.joined-already" if earlier.joined else "pair.apart-already", number=ours, other=theirs)


def _count_as(work: Work, number: int, kept: int | None) -> None:
    """On all versions of the record, so that one which stands again after an import is undone says the same."""
    before = work.session.scalar(sa.select(REC.c.joined_to).where(REC.c.number == number, REC.c.standing))
    work.session.execute(sa.update(REC).where(REC.c.number == number).values(joined_to=kept))
    work.note(REC.name, number, {"joined_to": [before, kept]})


def _say(work: Work, kept: int, other: int, *, joined: bool) -> Pairing:
    said = Pairing(kept_id=kept, other_id=other, joined=joined, at=work.at, by=str(work.actor)[:255], undone_at=None)
    work.session.add(said)
    return said
