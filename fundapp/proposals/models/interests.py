"""Tables of who reads a proposal by name, and who is kept from it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from fundapp.kernel.base import Entity
from fundapp.proposals.models.proposals import BY


class Kept(StrEnum):
    """How somebody came to be kept from a proposal: by their own word, or by the secretary's."""

    ABSTAINED = "abstained"
    RECUSED = "recused"


class ProposalReader(Entity):
    """Somebody to whom a proposal that was handed in is open by name, as to a reviewer; ended, it is so no more."""

    __tablename__ = "proposal_reader"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(BY)
    __table_args__ = (sa.Index("ix_proposal_reader_proposal_id", "proposal_id", "person_id"),)


class Recusal(Entity):
    """Somebody who is kept from a proposal, and why; lifted, with a reason, they are so no more. `person.closed` says
    the same of the person, where every check of the policy meets it."""

    __tablename__ = "recusal"
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[Kept]
    reason: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(BY)
    lift_reason: Mapped[str] = mapped_column(sa.Text)
