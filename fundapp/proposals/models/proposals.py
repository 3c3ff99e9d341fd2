"""Tables of proposals: what an office writes, its documents, and what became fixed when it was handed in.

What is typed is kept as it was typed, section by section (rules/fields.py says what a section holds); the columns of
`proposal` that lists and filters ask repeat some of it, and are written by the same operation. Moments are UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.kernel.base import Entity
from fundapp.kernel.work import NO_RECORD
from fundapp.proposals.rules.stages import OF_THE_OFFICE, WRITABLE

if TYPE_CHECKING:
    from fundapp.proposals.models.interests import ProposalReader

BY = sa.String(255)
DIGEST = sa.String(64)


class Proposal(Entity):
    """A proposal of an office to a call. `stage` is one of rules.stages (as text: later packages add theirs), `before`
    the one it came from. Amounts are cents; `language` is that of the texts, `courtesy` that of the translation beside
    them, or empty. `sought`: reference, title and State's names, folded."""

    __tablename__ = "proposal"
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("call.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    reference: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[int]  # within its call
    language: Mapped[str] = mapped_column(sa.String(2))
    courtesy: Mapped[str] = mapped_column(sa.String(2))
    stage: Mapped[str] = mapped_column(sa.String(40))
    before: Mapped[str] = mapped_column(sa.String(40))
    stage_since: Mapped[datetime]
    due_at: Mapped[datetime | None]  # until when a returned proposal comes back
    title: Mapped[str] = mapped_column(sa.String(300))
    country: Mapped[str | None] = mapped_column(sa.String(3), sa.ForeignKey("country.code"))
    total_cents: Mapped[int]
    marker: Mapped[int | None]
    done: Mapped[int]  # per cent of what it must have
    sought: Mapped[str] = mapped_column(sa.Text)
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))  # the desk officer who sees to it
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"))
    begun_at: Mapped[datetime]
    begun_by: Mapped[str] = mapped_column(BY)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]  # first
    version: Mapped[int] = mapped_column()
    readers: Mapped[list[ProposalReader]] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (
        sa.UniqueConstraint("fund_id", "reference"),
        sa.UniqueConstraint("call_id", "number"),
        sa.Index("ix_proposal_fund_id", "fund_id", "stage", "id", "total_cents"),  # what a list counts and sums up
        sa.Index("ix_proposal_stage_since", "fund_id", "stage_since", "id"),  # the order of a list
        sa.Index("ix_proposal_office_id", "office_id", "id"),
    )

    @property
    def handed_in(self) -> bool:
        """Whether the secretariat may know of it; what an office has not handed in is the office's alone."""
        return self.stage not in OF_THE_OFFICE

    @property
    def writable(self) -> bool:
        """Whether the office may write in it."""
        return self.stage in WRITABLE

    @property
    def opened_to(self) -> frozenset[int]:
        """The people to whom it is open by name, beside those whose role opens it to them."""
        return frozenset(one.person_id for one in self.readers if one.ended_at is None)

    def __str__(self) -> str:
        return f"proposal:{self.id}"


class ProposalSection(Entity):
    """What is written in a section; `version` counts its saves, so that two who write in it at once notice."""

    __tablename__ = "proposal_section"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    name: Mapped[str] = mapped_column(sa.String(40))
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str] = mapped_column(BY)
    version: Mapped[int] = mapped_column()
    __table_args__ = (sa.UniqueConstraint("proposal_id", "name"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it


class ProposalWriter(Entity):
    """Somebody who wrote in a proposal: whoever did does not clear it."""

    __tablename__ = "proposal_writer"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    since: Mapped[datetime]
    __table_args__ = (sa.UniqueConstraint("proposal_id", "person_id"),)


class ProposalArea(Entity):
    """A focus area that a proposal is for."""

    __tablename__ = "proposal_area"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("focus_area.id"), index=True)
    __table_args__ = (sa.UniqueConstraint("proposal_id", "area_id"),)


class ProposalRecommendation(Entity):
    """A recommendation that a proposal helps to implement, by the number of its first version."""

    __tablename__ = "proposal_recommendation"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    number: Mapped[int] = mapped_column(sa.ForeignKey("recommendation.id"), index=True)
    __table_args__ = (sa.UniqueConstraint("proposal_id", "number"),)


class ProposalDocument(Entity):
    """A document of a proposal, under a kind: consent, what its call asks for by code, or other. Taken off, its files
    stay."""

    __tablename__ = "proposal_document"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(200))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(BY)
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(BY)


class ProposalFile(Entity):
    """A version of a document: a file, kept by its digest; never changed."""

    __tablename__ = "proposal_file"
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_document.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(255))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    digest: Mapped[str] = mapped_column(DIGEST)
    size: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    __table_args__ = (sa.UniqueConstraint("document_id", "number"),)


class ProposalUpload(Entity):
    """A file on its way, that goes on where it broke off; `received` bytes of `size` are there, as kept parts. No
    record of anything: what becomes of it is."""

    __tablename__ = "proposal_upload"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal_document.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(200))
    name: Mapped[str] = mapped_column(sa.String(255))
    size: Mapped[int]
    received: Mapped[int]
    parts: Mapped[dict[str, Any]]  # {"parts": [[digest, size], …]} in their order
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]


NO_RECORD |= {ProposalUpload.__tablename__}


class ProposalVersion(Entity):
    """A proposal as it was handed in: all that it says as canonical JSON, and its digest; never changed."""

    __tablename__ = "proposal_version"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    number: Mapped[int]
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(DIGEST)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    __table_args__ = (sa.UniqueConstraint("proposal_id", "number"),)


class ProposalMove(Entity):
    """A move from one stage to another, with its reason where it asks for one; never changed."""

    __tablename__ = "proposal_move"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    move: Mapped[str] = mapped_column(sa.String(40))
    origin: Mapped[str] = mapped_column(sa.String(40))
    to: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str] = mapped_column(sa.Text)
    due_at: Mapped[datetime | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)


class ProposalComment(Entity):
    """What people of the office say to each other about a section; never changed, but may be settled."""

    __tablename__ = "proposal_comment"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    section: Mapped[str] = mapped_column(sa.String(40))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(BY)
