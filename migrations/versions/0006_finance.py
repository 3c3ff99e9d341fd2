"""Printed tables as they were printed, which nothing may change, and what people say of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("published_document", "published_cell", "annotation")


def keep_sqlite(table: str) -> list[str]:
    refuse = f"begin select raise(abort, '{table} is append-only'); end"
    same = "document_id = new.document_id and part = new.part and row = new.row and position = new.position"
    key = same if table == "published_cell" else "id = new.id"
    return [
        f"create trigger {table}_no_update before update on {table} {refuse}",
        f"create trigger {table}_no_delete before delete on {table} {refuse}",
        # insert or replace deletes without firing delete triggers: refuse a known key
        f"create trigger {table}_no_replace before insert on {table}"
        f" when exists (select 1 from {table} where {key}) {refuse}",
    ]


def keep_postgresql(table: str) -> list[str]:
    return [
        f"create trigger {table}_kept before update or delete on {table} for each row execute function append_only()",
        f"create trigger {table}_not_emptied before truncate on {table}"
        " for each statement execute function append_only()",
    ]


def upgrade() -> None:
    op.create_table(
        "published_document",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("fund_id", WHOLE, nullable=False),
        sa.Column("symbol", sa.String(length=60), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.Column("booked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_published_document_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_document")),
        sa.UniqueConstraint("fund_id", "symbol", name=op.f("uq_published_document_fund_id_symbol")),
    )
    op.create_table(
        "published_cell",
        sa.Column("document_id", WHOLE, nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("row", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("heading", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=True),
        sa.Column("cents", WHOLE, nullable=True),
        sa.Column("places", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["published_document.id"], name=op.f("fk_published_cell_document_id")),
        sa.PrimaryKeyConstraint("document_id", "part", "row", "position", name=op.f("pk_published_cell")),
    )
    op.create_table(
        "annotation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("document_id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["published_document.id"], name=op.f("fk_annotation_document_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_annotation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
    )
    op.create_index("ix_annotation_document_id", "annotation", ["document_id"])
    keep = keep_sqlite if op.get_bind().dialect.name == "sqlite" else keep_postgresql
    for table in KEPT:
        for statement in keep(table):
            op.execute(statement)
