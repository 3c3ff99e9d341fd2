"""Donors and the schedules of contributions that others keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def upgrade() -> None:
    op.create_table(
        "donor",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.Enum("state", "other", name="donorkind", native_enum=False, length=40), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=True),
        *[sa.Column(f"name_{language}", sa.String(), nullable=False) for language in LANGUAGES],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor")),
        sa.UniqueConstraint("code", name=op.f("uq_donor_code")),
        sa.UniqueConstraint("country", name=op.f("uq_donor_country")),
    )
    op.create_table(
        "schedule",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("layout", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.Column("rows", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("digest", name=op.f("uq_schedule_digest")),
    )
    op.create_table(
        "scheduled",
        sa.Column("schedule_id", WHOLE, nullable=False),
        sa.Column("row", WHOLE, nullable=False),
        sa.Column("fund_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("donor_id", WHOLE, nullable=False),
        sa.Column("cents", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], name=op.f("fk_scheduled_schedule_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_scheduled_fund_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["donor.id"], name=op.f("fk_scheduled_donor_id")),
        sa.PrimaryKeyConstraint("schedule_id", "row", name=op.f("pk_scheduled")),
        sa.UniqueConstraint("fund_id", "year", "donor_id", name=op.f("uq_scheduled_fund_id_year_donor_id")),
    )
    op.create_index("ix_scheduled_donor_id", "scheduled", ["donor_id"])
