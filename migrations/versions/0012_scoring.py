"""Scoring: editions and scales of criteria, who reads and who is kept from a proposal, sheets, scenarios."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0012", "0011"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
# what was fixed, given and said: rows that nobody changes or takes away
KEPT = (
    "criteria_edition", "criterion_anchor", "call_scale", "call_anchor", "round_move", "round_exception",
    "score_sheet", "score", "sheet_reopening", "moderation", "moderation_comment",
)  # fmt: skip


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=nullable)


def truth(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def rate(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=40), nullable=True)


def json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def six_names() -> list[sa.Column[str]]:
    return [sa.Column(f"name_{language}", sa.String(), nullable=False) for language in LANGUAGES]


def table(name: str, *columns: sa.schema.SchemaItem, points: dict[str, str], index: tuple[str, ...] = ()) -> None:
    """A table with an id; `points` says which columns point where, `index` which are looked up by."""
    keys = [sa.ForeignKeyConstraint([c], [to], name=op.f(f"fk_{name}_{c}")) for c, to in points.items()]
    op.create_table(name, whole("id"), *columns, *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))
    for column in index:
        op.create_index(f"ix_{name}_{column}", name, [column])


def once(name: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{name}_{'_'.join(columns)}"))


def criteria() -> None:
    with op.batch_alter_table("criterion") as batch:
        batch.add_column(sa.Column("edition", WHOLE, nullable=False, server_default="1"))
        for language in LANGUAGES:
            batch.add_column(sa.Column(f"question_{language}", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("lowest", WHOLE, nullable=False, server_default="0"))
        batch.add_column(sa.Column("highest", WHOLE, nullable=False, server_default="4"))
        batch.add_column(sa.Column("may_skip", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(rate("threshold"))
        batch.drop_constraint("uq_criterion_fund_id_code", type_="unique")
        batch.create_unique_constraint("uq_criterion_fund_id_edition_code", ["fund_id", "edition", "code"])
    table(
        "criteria_edition", whole("fund_id"), whole("number"), long("reason"), moment("at"), text("by", 255),
        once("criteria_edition", "fund_id", "number"), points={"fund_id": "fund.id"},
    )  # fmt: skip
    table(
        "criterion_anchor", whole("criterion_id"), whole("step"), *six_names(),
        once("criterion_anchor", "criterion_id", "step"), points={"criterion_id": "criterion.id"},
    )  # fmt: skip


def scales() -> None:
    table(
        "call_scale", whole("criterion_id"), whole("edition"), *(long(f"question_{one}") for one in LANGUAGES),
        whole("lowest"), whole("highest"), truth("may_skip"), rate("threshold"), once("call_scale", "criterion_id"),
        points={"criterion_id": "call_criterion.id"},
    )  # fmt: skip
    table(
        "call_anchor", whole("criterion_id"), whole("step"), *six_names(), once("call_anchor", "criterion_id", "step"),
        points={"criterion_id": "call_criterion.id"},
    )  # fmt: skip


def interests() -> None:
    op.add_column("person", sa.Column("closed", sa.Text(), nullable=False, server_default=""))
    points = {"proposal_id": "proposal.id", "person_id": "person.id"}
    table(
        "proposal_reader", whole("proposal_id"), whole("person_id"), moment("at"), text("by", 255),
        moment("ended_at", nullable=True), text("ended_by", 255, nullable=True), points=points, index=("person_id",),
    )  # fmt: skip
    op.create_index("ix_proposal_reader_proposal_id", "proposal_reader", ["proposal_id", "person_id"])
    table(
        "recusal", whole("proposal_id"), whole("person_id"), text("kind", 40), long("reason"), moment("at"),
        text("by", 255), moment("lifted_at", nullable=True), text("lifted_by", 255, nullable=True),
        long("lift_reason"), points=points, index=("proposal_id", "person_id"),
    )  # fmt: skip


def rounds() -> None:
    table(
        "scoring_round", whole("call_id"), truth("open"), whole("sheets"), moment("due_at"), text("zone", 60),
        truth("shows_others"), truth("bars_nationality"), rate("threshold"), moment("opened_at"),
        text("opened_by", 255), moment("closed_at", nullable=True), whole("version"),
        once("scoring_round", "call_id"), points={"call_id": "call.id"},
    )  # fmt: skip
    table(
        "round_move", whole("round_id"), text("move", 20), long("reason"), moment("at"), text("by", 255),
        points={"round_id": "scoring_round.id"}, index=("round_id",),
    )  # fmt: skip
    table(
        "round_exception", whole("round_id"), whole("proposal_id"), long("reason"), moment("at"), text("by", 255),
        points={"round_id": "scoring_round.id", "proposal_id": "proposal.id"}, index=("round_id", "proposal_id"),
    )  # fmt: skip
    table(
        "reviewer_profile", whole("person_id"), text("nationality", 3, nullable=True), text("languages", 20),
        whole("most", nullable=True), whole("version"), once("reviewer_profile", "person_id"),
        points={"person_id": "person.id", "nationality": "country.code"},
    )  # fmt: skip


def sheets() -> None:
    table(
        "score_sheet", whole("round_id"), whole("proposal_id"), whole("person_id"), whole("number"),
        whole("version_id"), moment("at"), text("by", 255),
        once("score_sheet", "round_id", "proposal_id", "person_id", "number"),
        points={
            "round_id": "scoring_round.id", "proposal_id": "proposal.id", "person_id": "person.id",
            "version_id": "proposal_version.id",
        },
        index=("proposal_id",),
    )  # fmt: skip
    table(
        "assignment", whole("round_id"), whole("proposal_id"), whole("person_id"), whole("sheet_id", nullable=True),
        moment("at"), text("by", 255), moment("ended_at", nullable=True), text("ended_by", 255, nullable=True),
        text("ended", 40, nullable=True), long("end_reason"), whole("version"),
        points={
            "round_id": "scoring_round.id", "proposal_id": "proposal.id", "person_id": "person.id",
            "sheet_id": "score_sheet.id",
        },
        index=("proposal_id", "person_id"),
    )  # fmt: skip
    op.create_index("ix_assignment_round_id", "assignment", ["round_id", "proposal_id", "sheet_id"])
    standing = sa.text("ended_at is null")
    op.create_index(
        "uq_assignment_standing", "assignment", ["proposal_id", "person_id"], unique=True, sqlite_where=standing,
        postgresql_where=standing,
    )  # fmt: skip
    table(
        "score_draft", whole("assignment_id"), json("content"), moment("saved_at"), whole("version"),
        once("score_draft", "assignment_id"), points={"assignment_id": "assignment.id"},
    )  # fmt: skip
    table(
        "score", whole("sheet_id"), whole("criterion_id"), whole("step", nullable=True),
        whole("suggested", nullable=True), long("reason"), long("apart"), once("score", "sheet_id", "criterion_id"),
        points={"sheet_id": "score_sheet.id", "criterion_id": "call_criterion.id"},
    )  # fmt: skip
    op.create_index("ix_score_sheet_id", "score", ["sheet_id", "criterion_id", "step"])
    table(
        "sheet_reopening", whole("sheet_id"), long("reason"), moment("at"), text("by", 255),
        once("sheet_reopening", "sheet_id"), points={"sheet_id": "score_sheet.id"},
    )  # fmt: skip


def seen_afterwards() -> None:
    points = {"proposal_id": "proposal.id", "criterion_id": "call_criterion.id"}
    table(
        "moderation", whole("round_id"), whole("proposal_id"), whole("criterion_id"), text("outcome", 40),
        long("note"), moment("at"), text("by", 255), points={"round_id": "scoring_round.id", **points},
        index=("proposal_id",),
    )  # fmt: skip
    op.create_index("ix_moderation_round_id", "moderation", ["round_id", "proposal_id", "criterion_id"])
    table(
        "moderation_comment", whole("proposal_id"), whole("criterion_id"), long("text"), moment("at"),
        text("by", 255), points=points, index=("proposal_id",),
    )  # fmt: skip
    table(
        "scenario", whole("round_id"), text("name", 120), whole("envelope_cents"), json("asked"), json("found"),
        moment("at"), text("by", 255), moment("carried_at", nullable=True), text("carried_by", 255, nullable=True),
        moment("removed_at", nullable=True), whole("version"), once("scenario", "round_id", "name"),
        points={"round_id": "scoring_round.id"}, index=("round_id",),
    )  # fmt: skip


def keep_sqlite(table: str) -> list[str]:
    refuse = f"begin select raise(abort, '{table} is append-only'); end"
    return [
        f"create trigger {table}_no_update before update on {table} {refuse}",
        f"create trigger {table}_no_delete before delete on {table} {refuse}",
        # insert or replace deletes without firing delete triggers: refuse a known key
        f"create trigger {table}_no_replace before insert on {table}"
        f" when exists (select 1 from {table} where id = new.id) {refuse}",
    ]


def keep_postgresql(table: str) -> list[str]:
    return [
        f"create trigger {table}_kept before update or delete on {table} for each row execute function append_only()",
        f"create trigger {table}_not_emptied before truncate on {table}"
        " for each statement execute function append_only()",
    ]


def upgrade() -> None:
    criteria()
    scales()
    interests()
    rounds()
    sheets()
    seen_afterwards()
    keep = keep_sqlite if op.get_bind().dialect.name == "sqlite" else keep_postgresql
    for name in KEPT:
        for statement in keep(name):
            op.execute(statement)
