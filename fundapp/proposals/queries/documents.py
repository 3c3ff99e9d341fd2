"""Reading the documents of a proposal: what its call asks for, what is there, and who may have which file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from fundapp.proposals.models import (
    Call,
    CallDocument,
    Proposal,
    ProposalDocument,
    ProposalFile,
    ProposalUpload,
    ProposalVersion,
)
from fundapp.proposals.queries.proposals import CONSENT, OTHER

UPLOAD = ProposalUpload.__table__


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document that proposals to a call come with. names: the call's own words, where it has any."""

    code: str
    names: Mapping[str, str] | None
    required: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A document with its files, newest first: those of it that its reader may have."""

    document: ProposalDocument
    files: Sequence[ProposalFile]

    @property
    def newest(self) -> ProposalFile:
        """The file that counts."""
        return self.files[0]


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of document, and what there is of it: what counts, and what was taken off."""

    kind: Kind
    there: Sequence[Shown]
    removed: Sequence[Shown]


def kinds_of(session: Session, call: Call) -> list[Kind]:
    """What proposals to a call come with: consent, what it asks for, and other; one query."""
    asked = sa.select(CallDocument).where(CallDocument.call_id == call.id).order_by(CallDocument.position)
    named = {row.code: Kind(row.code, row.names, row.required) for row in session.scalars(asked)}
    consent = Kind(CONSENT, named[CONSENT].names if CONSENT in named else None, required=True)
    other = named.pop(OTHER, Kind(OTHER, None, required=False))
    return [consent, *(kind for code, kind in named.items() if code != CONSENT), other]


def documents_of(session: Session, proposal: Proposal) -> list[Shown]:
    """All documents with all their files, as the office sees them; one query."""
    asked = (
        sa.select(ProposalDocument, ProposalFile)
        .join(ProposalFile, ProposalFile.document_id == ProposalDocument.id)
        .where(ProposalDocument.proposal_id == proposal.id)
        .order_by(ProposalDocument.id, ProposalFile.number.desc())
    )
    found: dict[int, Shown] = {}
    for document, file in session.execute(asked):
        files = found.setdefault(document.id, Shown(document, [])).files
        assert isinstance(files, list)
        files.append(file)
    return list(found.values())


def handed_in(shown: Iterable[Shown], version: ProposalVersion | None) -> list[Shown]:
    """Of the documents those that a fixed version names, each with that file alone."""
    fixed = _named(version)
    found = []
    for one in shown:
        files = [file for file in one.files if (file.number, file.name, file.digest) in fixed]
        if files:
            found.append(Shown(one.document, files[:1]))
    return found


def grouped(kinds: Sequence[Kind], shown: Sequence[Shown], *, own: bool) -> list[Group]:
    """Documents by kind; own: as the office sees them, with what was taken off."""
    known = {kind.code for kind in kinds}
    strange = [Kind(code, None, False) for code in sorted({one.document.kind for one in shown} - known)]
    return [
        Group(
            kind,
            [one for one in shown if one.document.kind == kind.code and (not own or one.document.removed_at is None)],
            [one for one in shown if one.document.kind == kind.code and own and one.document.removed_at is not None],
        )
        for kind in (*kinds, *strange)
    ]


def file_of(session: Session, proposal: Proposal, document: int, number: int, *, own: bool) -> ProposalFile | None:
    """The file of a document, for somebody who may have it: whoever is not of the office has what a version names."""
    asked = (
        sa.select(ProposalFile)
        .join(ProposalDocument, ProposalDocument.id == ProposalFile.document_id)
        .where(
            ProposalDocument.proposal_id == proposal.id,
            ProposalDocument.id == document,
            ProposalFile.number == number,
        )
    )
    found = session.scalars(asked).one_or_none()
    if found is None or own:
        return found
    versions = session.scalars(sa.select(ProposalVersion).where(ProposalVersion.proposal_id == proposal.id))
    key = (found.number, found.name, found.digest)
    return found if any(key in _named(version) for version in versions) else None


def places_of(session: Session, proposal: Proposal) -> dict[tuple[int, str, str], int]:
    """The documents of all files of a proposal, by number, name and digest of the file, as versions name them; one
    query. Of two documents with the same file either will do."""
    file, document = ProposalFile, ProposalDocument
    asked = sa.select(file.number, file.name, file.digest, document.id).join(document, document.id == file.document_id)
    rows = session.execute(asked.where(document.proposal_id == proposal.id).order_by(document.id.desc()))
    return {(number, name, digest): key for number, name, digest, key in rows}


def _named(version: ProposalVersion | None) -> set[tuple[int, str, str]]:
    """The files that a version names."""
    listed: list[dict[str, Any]] = json.loads(version.content)["documents"] if version else []
    return {(one["number"], one["name"], one["digest"]) for one in listed}


def document_at(session: Session, proposal: Proposal, key: int) -> ProposalDocument | None:
    """A document of the proposal by its number."""
    found = session.get(ProposalDocument, key)
    return found if found is not None and found.proposal_id == proposal.id else None


def last_file(session: Session, document: ProposalDocument) -> ProposalFile | None:
    """The file of a document that counts."""
    asked = sa.select(ProposalFile).where(ProposalFile.document_id == document.id)
    return session.scalars(asked.order_by(ProposalFile.number.desc()).limit(1)).one_or_none()


# ---------------------------------------------------------------------------------------------- files on their way


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A file on its way: what is there of it, as digest and size of each part."""

    id: int
    kind: str
    title: str
    name: str
    document: int | None
    size: int
    received: int
    parts: tuple[tuple[str, int], ...]
    done: bool


def upload_of(session: Session, proposal: Proposal, person: int, key: int, *, hold: bool = False) -> OnItsWay | None:
    """A file that this person sends to this proposal; none for anybody else's. hold: wait for who else goes on."""
    asked = sa.select(UPLOAD).where(
        UPLOAD.c.id == key, UPLOAD.c.proposal_id == proposal.id, UPLOAD.c.person_id == person
    )
    row = session.execute(asked.with_for_update() if hold else asked).one_or_none()
    return _on_its_way(row) if row else None


def _on_its_way(row: Any) -> OnItsWay:
    parts = tuple((str(digest), int(size)) for digest, size in row.parts["parts"])
    return OnItsWay(
        row.id, row.kind, row.title, row.name, row.document_id, row.size, row.received, parts, row.done_at is not None
    )


def open_uploads(session: Session, person: int, proposal: Proposal | None = None) -> list[OnItsWay]:
    """Files of a person that are on their way, newest first."""
    asked = sa.select(UPLOAD).where(UPLOAD.c.person_id == person, UPLOAD.c.done_at.is_(None))
    if proposal is not None:
        asked = asked.where(UPLOAD.c.proposal_id == proposal.id)
    return [_on_its_way(row) for row in session.execute(asked.order_by(UPLOAD.c.id.desc()))]


def parts_in_use(session: Session) -> set[str]:
    """The parts that files on their way still need, whosever they are."""
    rows = session.scalars(sa.select(UPLOAD.c.parts).where(UPLOAD.c.done_at.is_(None)))
    return {str(digest) for parts in rows for digest, _size in parts["parts"]}
