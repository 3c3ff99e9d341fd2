"""The table of scenarios: what could be funded within an envelope. Moments are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fundapp.kernel.base import Entity
from fundapp.scoring.models.rounds import BY, ScoringRound


class Scenario(Entity):
    """A choice of proposals: the envelope, the limits as they were set, what the ranking was then (`asked`), and what
    came out (`found`), as JSON; a change makes another. `carried_at`: since when it is the one for the Board."""

    __tablename__ = "scenario"
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("scoring_round.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    envelope_cents: Mapped[int]
    asked: Mapped[dict[str, Any]]
    found: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(BY)
    carried_at: Mapped[datetime | None]
    carried_by: Mapped[str | None] = mapped_column(BY)
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    round: Mapped[ScoringRound] = relationship(viewonly=True)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy asks for it
    __table_args__ = (sa.UniqueConstraint("round_id", "name"),)

    @property
    def fund_id(self) -> int:
        """The fund of its call, in which the policy asks for roles."""
        return self.round.call.fund_id
