"""That a donor was thanked for a receipt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0015", "0014"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SQLITE = "begin select raise(abort, 'thanks is append-only'); end"


def upgrade() -> None:
    op.create_table(
        "thanks",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("receipt_id", WHOLE, nullable=False),
        sa.Column("thanked_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_thanks_receipt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thanks")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_thanks_receipt_id")),
    )
    for statement in kept_sqlite() if op.get_bind().dialect.name == "sqlite" else kept_postgresql():
        op.execute(statement)


def kept_sqlite() -> list[str]:
    return [
        f"create trigger thanks_no_update before update on thanks {SQLITE}",
        f"create trigger thanks_no_delete before delete on thanks {SQLITE}",
        # insert or replace deletes without firing delete triggers: refuse a known key
        "create trigger thanks_no_replace before insert on thanks"
        " when exists (select 1 from thanks where id = new.id or receipt_id = new.receipt_id)"
        f" {SQLITE}",
    ]


def kept_postgresql() -> list[str]:
    return [
        "create trigger thanks_kept before update or delete on thanks for each row execute function append_only()",
        "create trigger thanks_not_emptied before truncate on thanks for each statement execute function append_only()",
    ]
