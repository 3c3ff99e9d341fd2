"""The documents of a proposal: added, replaced, taken off and brought back; and files that arrive part by part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.kernel.errors import Fault, Refusal, refuse
from fundapp.kernel.files import Kept
from fundapp.kernel.work import Work
from fundapp.proposals.models import Call, Proposal, ProposalDocument, ProposalFile
from fundapp.proposals.operations.writing import hold_writable, index, wrote
from fundapp.proposals.queries.documents import (
    UPLOAD,
    OnItsWay,
    document_at,
    kinds_of,
    last_file,
    open_uploads,
    upload_of,
)
from fundapp.proposals.queries.proposals import OTHER
from fundapp.proposals.rules.documents import MEGABYTE, MOST, MOST_OPEN, plain, stem_of, too_long

NO_PARTS: dict[str, Any] = {"parts": []}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a file: its kind and title, or the document that it replaces the file of, and which version
    of that they saw last (0: they do not say)."""

    kind: str
    title: str = ""
    document: int | None = None
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that was looked at and kept: its name, what it is, and its content."""

    name: str
    media_type: str
    kept: Kept


class Elsewhere(Exception):
    """A part does not begin where the others end."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


@operation(Permission.PROPOSAL_WRITE)
def add_file(work: Work, proposal: Proposal, said: Said, arrived: Arrived) -> ProposalFile:
    """Add a document with its first file, or a further version to one that is there."""
    hold_writable(work.session, proposal)
    document = _document(work, proposal, said, arrived.name) if said.document is None else _known(work, proposal, said)
    last = last_file(work.session, document)
    if last and last.digest == arrived.kept.digest:
        raise Refusal(Fault("document.same", {"number": last.number}, field="file"))
    if said.seen and last and last.number != said.seen:
        raise refuse("document.changed")
    made = ProposalFile(
        document_id=document.id, number=1 + (last.number if last else 0), name=arrived.name,
        media_type=arrived.media_type, digest=arrived.kept.digest, size=arrived.kept.size, at=work.at,
        by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    _changed(work, proposal)
    return made


def check_said(session: Any, proposal: Proposal, said: Said) -> None:
    """Refused where a document of this kind and title cannot be added: asked before a file is sent in vain."""
    if said.document is not None:
        return
    call = session.get_one(Call, proposal.call_id)
    if said.kind not in {kind.code for kind in kinds_of(session, call)}:
        raise Refusal(Fault("document.no-kind", {"kind": plain(said.kind)[:40]}))
    title = plain(said.title)
    if said.kind == OTHER and not title:
        raise Refusal(Fault("document.no-title", field="title"))
    if (fault := too_long(title)) is not None:
        raise Refusal(fault)


def _document(work: Work, proposal: Proposal, said: Said, name: str) -> ProposalDocument:
    check_said(work.session, proposal, said)
    there = sa.select(sa.func.count()).where(
        ProposalDocument.proposal_id == proposal.id, ProposalDocument.removed_at.is_(None)
    )
    if (work.session.scalar(there) or 0) >= MOST:
        raise refuse("document.many", largest=MOST)
    made = ProposalDocument(
        proposal_id=proposal.id, kind=said.kind, title=plain(said.title) or stem_of(name), added_at=work.at,
        added_by=str(work.actor),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    return made


def _known(work: Work, proposal: Proposal, said: Said) -> ProposalDocument:
    found = document_at(work.session, proposal, said.document or 0)
    if found is None:
        raise refuse("document.gone")
    if found.removed_at is not None:
        raise refuse("document.removed")
    return found


def _changed(work: Work, proposal: Proposal) -> None:
    proposal.saved_at = work.at
    work.session.flush()
    wrote(work.session, proposal, work.actor, work.at)
    index(work, proposal)


@operation(Permission.PROPOSAL_WRITE)
def take_document_off(work: Work, proposal: Proposal, key: int) -> None:
    """Take a document off; its files stay, and it can be brought back."""
    hold_writable(work.session, proposal)
    found = document_at(work.session, proposal, key)
    if found is None:
        raise refuse("document.gone")
    if found.removed_at is None:
        found.removed_at, found.removed_by = work.at, str(work.actor)
        _changed(work, proposal)


@operation(Permission.PROPOSAL_WRITE)
def bring_document_back(work: Work, proposal: Proposal, key: int) -> None:
    """Bring a document back that was taken off."""
    hold_writable(work.session, proposal)
    found = document_at(work.session, proposal, key)
    if found is None:
        raise refuse("document.gone")
    if found.removed_at is not None:
        found.removed_at = found.removed_by = None
        _changed(work, proposal)


# ---------------------------------------------------------------------------------------------- files on their way


@operation(Permission.PROPOSAL_WRITE)
def begin_upload(work: Work, proposal: Proposal, said: Said, name: str, size: int, largest: int) -> int:
    """Begin to send a file of so many bytes; the number under which its parts come."""
    hold_writable(work.session, proposal)
    if size <= 0:
        raise Refusal(Fault("file.empty", {"name": name}, field="file"))
    if size > largest:
        raise Refusal(large(size, largest))
    check_said(work.session, proposal, said)
    if said.document is not None:
        _known(work, proposal, said)
    if (many := len(open_uploads(work.session, work.actor.id))) >= MOST_OPEN:
        raise refuse("document.uploads", found=many)
    made = work.session.execute(
        sa.insert(UPLOAD)
        .values(
            proposal_id=proposal.id, document_id=said.document, person_id=work.actor.id, kind=said.kind,
            title=plain(said.title), name=name, size=size, received=0, parts=NO_PARTS, at=work.at,
        )
        .returning(UPLOAD.c.id)
    )  # fmt: skip
    return int(made.scalar_one())


def large(size: int, largest: int) -> Fault:
    """That a file is larger than what is taken."""
    found = -(-size // MEGABYTE)
    return Fault("document.large", {"size": found, "largest": largest // MEGABYTE}, field="file")


@operation(Permission.PROPOSAL_WRITE)
def receive_part(work: Work, proposal: Proposal, key: int, offset: int, kept: Kept) -> int:
    """Note a part that is kept, which goes on where the others end; how many bytes are there now."""
    hold_writable(work.session, proposal)
    found = _held(work, proposal, key)
    if found.done or offset != found.received or offset + kept.size > found.size:
        raise Elsewhere(found.received)
    _note(work, key, [*found.parts, (kept.digest, kept.size)])
    return offset + kept.size


@operation(Permission.PROPOSAL_WRITE)
def cut_upload(work: Work, proposal: Proposal, key: int, lost: str) -> None:
    """Go back to before a part that is no longer kept: it is asked for again."""
    found = _held(work, proposal, key)
    digests = [digest for digest, _size in found.parts]
    if not found.done and lost in digests:
        _note(work, key, list(found.parts[: digests.index(lost)]))


@operation(Permission.PROPOSAL_WRITE)
def finish_upload(work: Work, proposal: Proposal, key: int, arrived: Arrived) -> None:
    """Make a document's file of what arrived; once, however often it is asked for."""
    hold_writable(work.session, proposal)
    found = _held(work, proposal, key)
    if found.done:
        return
    add_file(work, proposal, Said(found.kind, found.title, found.document), arrived)
    _over(work, key)


@operation(Permission.PROPOSAL_WRITE)
def give_up_upload(work: Work, proposal: Proposal, key: int) -> None:
    """Leave a file of which nothing becomes: it was refused, or nobody wants it any more."""
    _held(work, proposal, key)
    _over(work, key)


@operation(Permission.PROPOSAL_WRITE)
def forget_uploads(work: Work, subject: None, before: datetime) -> int:
    """Forget files of which nothing came for long, and those that are over; how many."""
    old = sa.or_(UPLOAD.c.at < before, UPLOAD.c.done_at < before)
    gone: Any = work.session.execute(sa.delete(UPLOAD).where(old))
    return int(gone.rowcount)


def _held(work: Work, proposal: Proposal, key: int) -> OnItsWay:
    found = upload_of(work.session, proposal, work.actor.id, key, hold=True)
    if found is None:
        raise refuse("document.gone")
    return found


def _note(work: Work, key: int, parts: list[tuple[str, int]]) -> None:
    values = {"parts": {"parts": parts}, "received": sum(size for _digest, size in parts), "at": work.at}
    work.session.execute(sa.update(UPLOAD).where(UPLOAD.c.id == key).values(values))


def _over(work: Work, key: int) -> None:
    work.session.execute(sa.update(UPLOAD).where(UPLOAD.c.id == key).values(done_at=work.at, parts=NO_PARTS))
