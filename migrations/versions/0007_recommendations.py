"""The register of recommendations: rows are added and never changed; only whether one stands may turn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0007", "0006"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PARTS = ("recommendation_text", "recommending_state", "recommendation_label", "recommendation_goal")
FIXED = (
    *("id", "number", "import_id", "row", "key", "digest", "replaces_id", "mechanism", "body", "state", "cycle"),
    *("session", "symbol", "paragraph", "position", "position_source", "issued", "assessment"),
)


def kind(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def whole(name: str, *, nullable: bool = False, counted: bool = True) -> sa.Column[int]:
    if counted:
        return sa.Column(name, WHOLE, nullable=nullable)
    return sa.Column(name, WHOLE, autoincrement=False, nullable=nullable)


def points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def keep_sqlite() -> list[str]:
    def refuse(table: str) -> str:
        return f"begin select raise(abort, '{table} is append-only'); end"

    every = ("recommendation_import", "recommendation", *PARTS)
    found = [f"create trigger {t}_no_delete before delete on {t} {refuse(t)}" for t in every]
    found += [f"create trigger {t}_no_update before update on {t} {refuse(t)}" for t in PARTS]
    columns = ", ".join(f'"{name}"' for name in FIXED)
    of = f"update of {columns} on recommendation"
    found.append(f"create trigger recommendation_no_update before {of} {refuse('recommendation')}")
    # insert or replace deletes without firing delete triggers: refuse a known key
    found += [
        f"create trigger {t}_no_replace before insert on {t}"
        f" when exists (select 1 from {t} where id = new.id) {refuse(t)}"
        for t in ("recommendation_import", "recommendation")
    ]
    return found


def keep_postgresql() -> list[str]:
    each = "for each row execute function append_only()"
    found = [f"create trigger {t}_kept before update or delete on {t} {each}" for t in PARTS]
    found += [
        f"create trigger {t}_kept before delete on {t} {each}" for t in ("recommendation_import", "recommendation")
    ]
    columns = ", ".join(f'"{name}"' for name in FIXED)
    found.append(f"create trigger recommendation_fixed before update of {columns} on recommendation {each}")
    found += [
        f"create trigger {t}_not_emptied before truncate on {t} for each statement execute function append_only()"
        for t in ("recommendation_import", "recommendation", *PARTS)
    ]
    return found


def register() -> None:
    op.create_table(
        "recommendation_import",
        whole("id"),
        text("name", 255),
        text("layout", 20),
        text("digest", 64),
        sa.Column("at", sa.DateTime(), nullable=False),
        text("by", 255),
        whole("added"),
        whole("changed"),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_import")),
    )
    op.create_table(
        "recommendation",
        whole("id"),
        whole("number"),
        whole("import_id"),
        whole("row"),
        text("key", 160),
        text("digest", 64),
        sa.Column("standing", sa.Boolean(), nullable=False),
        whole("replaces_id", nullable=True),
        sa.Column("mechanism", kind("mechanism", "upr", "treaty-body", "special-procedure"), nullable=False),
        text("body", 120),
        text("state", 3),
        whole("cycle", nullable=True),
        whole("session", nullable=True),
        text("symbol", 60),
        text("paragraph", 40),
        sa.Column("position", kind("position", "supported", "noted", "pending"), nullable=True),
        text("position_source", 200),
        sa.Column("issued", sa.Date(), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=False),
        points("recommendation", "import_id", "recommendation_import.id"),
        points("recommendation", "replaces_id", "recommendation.id"),
        points("recommendation", "state", "country.code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
    )
    stands = sa.column("standing")
    op.create_index(
        "uq_recommendation_key_standing",
        "recommendation",
        ["key"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index("ix_recommendation_state_mechanism", "recommendation", ["state", "mechanism"])
    for column in ("number", "import_id", "replaces_id"):
        op.create_index(f"ix_recommendation_{column}", "recommendation", [column])


def part(name: str, *columns: sa.schema.SchemaItem, key: tuple[str, ...]) -> None:
    """A table of what belongs to a recommendation."""
    op.create_table(
        name,
        whole("recommendation_id"),
        *columns,
        points(name, "recommendation_id", "recommendation.id"),
        sa.PrimaryKeyConstraint("recommendation_id", *key, name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    register()
    words = [sa.Column(name, sa.Text(), nullable=False) for name in ("text", "search")]
    part("recommendation_text", text("language", 2), *words, key=("language",))
    state = points("recommending_state", "country", "country.code")
    part("recommending_state", text("country", 3), state, key=("country",))
    labels = sa.Column("kind", kind("labelkind", "theme", "persons"), nullable=False)
    place, code = whole("place", counted=False), text("code", 160, nullable=True)
    part("recommendation_label", labels, place, text("label", 255), code, key=("kind", "place"))
    goal = points("recommendation_goal", "goal", "goal.number")
    part("recommendation_goal", whole("goal", counted=False), text("target", 5), goal, key=("goal", "target"))
    op.create_index("ix_recommending_state_country", "recommending_state", ["country"])
    op.create_index("ix_recommendation_label_code", "recommendation_label", ["code"])
    op.create_index("ix_recommendation_goal_goal", "recommendation_goal", ["goal"])
    for statement in keep_sqlite() if op.get_bind().dialect.name == "sqlite" else keep_postgresql():
        op.execute(statement)
