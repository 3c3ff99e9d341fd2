"""Funds with their rates, criteria, focus areas, statement layout and Board."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def six(prefix: str) -> list[sa.Column[str]]:
    return [sa.Column(f"{prefix}_{language}", sa.String(), nullable=False) for language in LANGUAGES]


def named() -> list[sa.Column[str]]:
    return [*six("name"), sa.Column("to_check", sa.String(length=20), server_default="", nullable=False)]


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        *named(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
        sa.UniqueConstraint("code", name=op.f("uq_board_code")),
    )
    op.create_table(
        "board_member",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("board_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("chair", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_board_member_board_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_member")),
    )
    op.create_index("ix_board_member_board_id", "board_member", ["board_id"])
    op.create_table(
        "statement_layout",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_layout")),
        sa.UniqueConstraint("code", name=op.f("uq_statement_layout_code")),
    )
    op.create_table(
        "statement_line",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("layout_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("level", WHOLE, nullable=False),
        sa.Column("if_moved", sa.Boolean(), nullable=False),
        *named(),
        sa.ForeignKeyConstraint(["layout_id"], ["statement_layout.id"], name=op.f("fk_statement_line_layout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint("layout_id", "code", name=op.f("uq_statement_line_layout_id_code")),
    )
    op.create_table(
        "fund",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        *named(),
        *six("short"),
        sa.Column("basis", sa.Enum("accrual", "cash", name="basis", native_enum=False, length=40), nullable=False),
        sa.Column("reserve_rate", sa.String(length=40), nullable=False),
        sa.Column("biennial_until", WHOLE, nullable=False),
        sa.Column("board_approves", sa.Boolean(), nullable=False),
        sa.Column("board_id", WHOLE, nullable=False),
        sa.Column("layout_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["scope.id"], name=op.f("fk_fund_id")),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_fund_board_id")),
        sa.ForeignKeyConstraint(["layout_id"], ["statement_layout.id"], name=op.f("fk_fund_layout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("code", name=op.f("uq_fund_code")),
    )
    op.create_table(
        "support_cost_rate",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("fund_id", WHOLE, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("rate", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_support_cost_rate_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_cost_rate")),
    )
    op.create_index("ix_support_cost_rate_fund_id", "support_cost_rate", ["fund_id"])
    for table, extra in (("criterion", [sa.Column("weight", WHOLE, nullable=False)]), ("focus_area", [])):
        op.create_table(
            table,
            sa.Column("id", WHOLE, nullable=False),
            sa.Column("fund_id", WHOLE, nullable=False),
            sa.Column("position", WHOLE, nullable=False),
            sa.Column("code", sa.String(length=40), nullable=False),
            *extra,
            *named(),
            sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f(f"fk_{table}_fund_id")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("fund_id", "code", name=op.f(f"uq_{table}_fund_id_code")),
        )
        op.create_index(f"ix_{table}_fund_id", table, ["fund_id"])
