"""The files that were taken in, and whether one may be undone."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.base import Base
from fundapp.kernel.errors import refuse
from fundapp.recommendations.models import PARTS, REC, Pairing, RecommendationImport


def imports(session: Session) -> Sequence[RecommendationImport]:
    """What was taken in, newest first, also what was undone."""
    return session.scalars(sa.select(RecommendationImport).order_by(RecommendationImport.id.desc())).all()


def named_import(session: Session, identity: int) -> RecommendationImport:
    """The import of that number; refused when there is none."""
    found = session.get(RecommendationImport, identity)
    if found is None:
        raise refuse("import.unknown", number=identity)
    return found


def built_on(session: Session, found: RecommendationImport) -> str | None:
    """The name of a later import that stands and replaced rows of this one."""
    later, ours = REC.alias("later"), REC.alias("ours")
    asked = (
        sa.select(RecommendationImport.name)
        .join(later, later.c.import_id == RecommendationImport.id)
        .join(ours, ours.c.id == later.c.replaces_id)
        .where(ours.c.import_id == found.id, later.c.import_id != found.id, later.c.standing)
    )
    return session.scalar(asked.limit(1))


def pointing(session: Session, found: RecommendationImport) -> str | None:
    """A table beside the register with a row that points at a recommendation which this import brought. What was
    withdrawn points too: it is part of what happened. A pairing that was undone does not: the two are as before."""
    own = {REC.name, *(part.__tablename__ for part in PARTS)}
    first = sa.select(REC.c.id).where(REC.c.import_id == found.id, REC.c.number == REC.c.id)
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys if table.name not in own else ():
            holds = table.c.undone_at.is_(None) if table.name == Pairing.__tablename__ else sa.true()
            if key.column is REC.c.id and session.scalar(sa.select(sa.exists().where(key.parent.in_(first), holds))):
                return table.name
    return None
