"""Files that people sent in and what was taken in, as the imports' pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.kernel.base import Base
from fundapp.kernel.work import OWN_TRAIL
from fundapp.recommendations.models import (
    Recommendation,
    RecommendationImport,
    RecommendationText,
    Upload,
    UploadProgress,
)
from fundapp.recommendations.rules import Stage

PAGE = 25  # imports on a page
MOST_OPEN, MOST_OVER = 50, 10  # files that are shown beside them
OPEN = (Stage.WAITING, Stage.READING, Stage.READ, Stage.DUE, Stage.TAKING)
OVER = (Stage.REFUSED, Stage.GIVEN_UP)
DUE = (Stage.WAITING, Stage.DUE)
CLAIMED = (Stage.READING, Stage.TAKING)
FILE_COLUMNS = frozenset({"digest", "file_digest", "report"})  # what names a kept file, in whatever table
_UPLOAD, _IMPORT = Upload.__table__, RecommendationImport.__table__
_REC, _TEXT = Recommendation.__table__, RecommendationText.__table__


@dataclass(frozen=True, slots=True)
class Earlier:
    """An import of the very same file that still stands: its number, when and by whom."""

    id: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Brought:
    """A recommendation that an import brought, as its page lists it; `language` is that of the text."""

    number: int
    row: int
    state: str
    paragraph: str
    position: str | None
    text: str
    language: str


def taken_in(session: Session, page: int) -> tuple[Sequence[RecommendationImport], int]:
    """A page of what was taken in, newest first, and how many imports there are; two queries."""
    total = session.scalar(sa.select(sa.func.count()).select_from(_IMPORT)) or 0
    asked = sa.select(RecommendationImport).order_by(RecommendationImport.id.desc())
    return session.scalars(asked.limit(PAGE).offset((page - 1) * PAGE)).all(), total


def sent_in(session: Session, stages: Sequence[Stage], most: int) -> Sequence[Any]:
    """Files in these stages, newest first, without what reading them found; one query."""
    columns = (_UPLOAD.c[name] for name in ("id", "name", "layout", "stage", "at", "by"))
    asked = sa.select(*columns).where(_UPLOAD.c.stage.in_(stages)).order_by(_UPLOAD.c.id.desc())
    return session.execute(asked.limit(most)).all()


def locked(session: Session, key: int) -> Upload | None:
    """A file that was sent in, held until the unit of work ends: of two people who decide, the second sees what the
    first did."""
    return session.get(Upload, key, with_for_update=True, populate_existing=True)


def progress(session: Session, key: int) -> UploadProgress | None:
    """How far the reading of a file is, where it is being read."""
    return session.get(UploadProgress, key)


def to_do(since: datetime) -> sa.Select[Upload]:
    """The file to work on next: the oldest that waits, or that somebody claimed and left before that moment."""
    moves = sa.exists().where(UploadProgress.upload_id == Upload.id, UploadProgress.at > since)
    left = sa.and_(Upload.stage.in_(CLAIMED), Upload.claimed_at <= since, ~moves)
    return sa.select(Upload).where(sa.or_(Upload.stage.in_(DUE), left)).order_by(Upload.id).limit(1)


def waits(session: Session, since: datetime) -> bool:
    """Whether a file is to be worked on; asked without the lock that claiming it takes."""
    return session.scalar(to_do(since).with_only_columns(Upload.id)) is not None


def to_decide(session: Session) -> Sequence[Any]:
    """Files that were read and wait for somebody's decision: key, name and day, oldest first."""
    asked = sa.select(_UPLOAD.c.id, _UPLOAD.c.name, _UPLOAD.c.at).where(_UPLOAD.c.stage == Stage.READ)
    return session.execute(asked.order_by(_UPLOAD.c.id)).all()


def same_open(session: Session, wanted: dict[str, Any]) -> Upload | None:
    """The same file, sent with the same words, that is still under way."""
    asked = sa.select(Upload).where(Upload.stage.in_(OPEN), *(_UPLOAD.c[name] == wanted[name] for name in wanted))
    return session.scalar(asked.order_by(Upload.id.desc()).limit(1))


def earlier(session: Session, digest: str, but: int | None = None) -> Earlier | None:
    """An import of the same file that stands, other than the one numbered `but`."""
    asked = sa.select(_IMPORT.c.id, _IMPORT.c.at, _IMPORT.c.by).where(
        _IMPORT.c.digest == digest, _IMPORT.c.undone_at.is_(None)
    )
    if but is not None:
        asked = asked.where(_IMPORT.c.id != but)
    row = session.execute(asked.order_by(_IMPORT.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Earlier(*row)


def upload_of(session: Session, import_id: int) -> int | None:
    """The file that was sent in through the page and became this import."""
    return session.scalar(sa.select(_UPLOAD.c.id).where(_UPLOAD.c.import_id == import_id).limit(1))


def brought(session: Session, import_id: int, language: str, most: int) -> list[Brought]:
    """The first recommendations that an import brought, each in the language asked for or else in one there is."""
    own = sa.select(_TEXT.c.language).where(_TEXT.c.recommendation_id == _REC.c.id)
    spoken = own.order_by(sa.case((_TEXT.c.language == language, 0), else_=1), _TEXT.c.language).limit(1)
    chosen = spoken.correlate(_REC).scalar_subquery()
    asked = (
        sa.select(
            _REC.c.number, _REC.c.row, _REC.c.state, _REC.c.paragraph, _REC.c.position, _TEXT.c.text, _TEXT.c.language
        )
        .join(_TEXT, sa.and_(_TEXT.c.recommendation_id == _REC.c.id, _TEXT.c.language == chosen))
        .where(_REC.c.import_id == import_id)
        .order_by(_REC.c.id)
        .limit(most)
    )
    return [Brought(*row) for row in session.execute(asked)]


def is_named(session: Session, digest: str) -> bool:
    """Whether a row of any table names the kept file of a digest; one that was given up names none. Rows of the
    register have digests of another kind."""
    for table in Base.metadata.tables.values():
        wanted = () if table is not _UPLOAD else (_UPLOAD.c.stage != Stage.GIVEN_UP,)
        columns = [column for column in table.c if column.name in FILE_COLUMNS and table.name not in OWN_TRAIL]
        for column in columns:
            if session.scalar(sa.select(sa.exists().where(column == digest, *wanted))):
                return True
    return False
