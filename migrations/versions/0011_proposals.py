"""Proposals: what offices write, their documents, what became fixed; screening, notices, saved lists, dossiers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0011", "0010"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
# what was handed in, found and said: rows that nobody changes or takes away
KEPT = (
    "proposal_file", "proposal_version", "proposal_move", "screening_mark", "screening_question", "screening_answer",
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


def proposal() -> None:
    table(
        "proposal", whole("fund_id"), whole("call_id"), whole("office_id"), text("reference", 20), whole("number"),
        text("language", 2), text("courtesy", 2), text("stage", 40), text("before", 40), moment("stage_since"),
        moment("due_at", nullable=True), text("title", 300), text("country", 3, nullable=True), whole("total_cents"),
        whole("marker", nullable=True), whole("done"), long("sought"), whole("officer_id", nullable=True),
        whole("copied_from_id", nullable=True), moment("begun_at"), text("begun_by", 255), moment("saved_at"),
        moment("submitted_at", nullable=True), whole("version"),
        once("proposal", "fund_id", "reference"), once("proposal", "call_id", "number"),
        points={
            "fund_id": "fund.id", "call_id": "call.id", "office_id": "office.id", "country": "country.code",
            "officer_id": "person.id", "copied_from_id": "proposal.id",
        },
        index=("call_id",),
    )  # fmt: skip
    op.create_index("ix_proposal_fund_id", "proposal", ["fund_id", "stage", "id", "total_cents"])
    op.create_index("ix_proposal_stage_since", "proposal", ["fund_id", "stage_since", "id"])
    op.create_index("ix_proposal_office_id", "proposal", ["office_id", "id"])


def written() -> None:
    to = {"proposal_id": "proposal.id"}
    table(
        "proposal_section", whole("proposal_id"), text("name", 40), json("content"), moment("saved_at"),
        text("saved_by", 255), whole("version"), once("proposal_section", "proposal_id", "name"), points=to,
    )  # fmt: skip
    table(
        "proposal_writer", whole("proposal_id"), whole("person_id"), moment("since"),
        once("proposal_writer", "proposal_id", "person_id"), points={**to, "person_id": "person.id"},
        index=("person_id",),
    )  # fmt: skip
    table(
        "proposal_area", whole("proposal_id"), whole("area_id"), once("proposal_area", "proposal_id", "area_id"),
        points={**to, "area_id": "focus_area.id"}, index=("area_id",),
    )  # fmt: skip
    table(
        "proposal_recommendation", whole("proposal_id"), whole("number"),
        once("proposal_recommendation", "proposal_id", "number"), points={**to, "number": "recommendation.id"},
        index=("number",),
    )  # fmt: skip
    table(
        "proposal_comment", whole("proposal_id"), text("section", 40), long("text"), moment("at"), text("by", 255),
        moment("settled_at", nullable=True), text("settled_by", 255, nullable=True), points=to, index=("proposal_id",),
    )  # fmt: skip


def documents() -> None:
    to = {"proposal_id": "proposal.id"}
    table(
        "proposal_document", whole("proposal_id"), text("kind", 40), text("title", 200), moment("added_at"),
        text("added_by", 255), moment("removed_at", nullable=True), text("removed_by", 255, nullable=True),
        points=to, index=("proposal_id",),
    )  # fmt: skip
    table(
        "proposal_file", whole("document_id"), whole("number"), text("name", 255), text("media_type", 100),
        text("digest", 64), whole("size"), moment("at"), text("by", 255),
        once("proposal_file", "document_id", "number"), points={"document_id": "proposal_document.id"},
    )  # fmt: skip
    table(
        "proposal_upload", whole("proposal_id"), whole("document_id", nullable=True), whole("person_id"),
        text("kind", 40), text("title", 200), text("name", 255), whole("size"), whole("received"), json("parts"),
        moment("at"), moment("done_at", nullable=True),
        points={**to, "document_id": "proposal_document.id", "person_id": "person.id"}, index=("proposal_id",),
    )  # fmt: skip


def fixed() -> None:
    to = {"proposal_id": "proposal.id"}
    table(
        "proposal_version", whole("proposal_id"), whole("number"), long("content"), text("digest", 64), moment("at"),
        text("by", 255), once("proposal_version", "proposal_id", "number"), points=to,
    )  # fmt: skip
    table(
        "proposal_move", whole("proposal_id"), text("move", 40), text("origin", 40), text("to", 40), long("reason"),
        moment("due_at", nullable=True), moment("at"), text("by", 255), points=to, index=("proposal_id",),
    )  # fmt: skip


def screening() -> None:
    to = {"proposal_id": "proposal.id"}
    table(
        "call_check", whole("call_id"), whole("position"), text("code", 40), truth("required"), *six_names(),
        once("call_check", "call_id", "code"), points={"call_id": "call.id"},
    )  # fmt: skip
    table(
        "screening_mark", whole("proposal_id"), whole("version_number"), text("code", 40), text("verdict", 20),
        long("note"), moment("at"), text("by", 255), points=to, index=("proposal_id",),
    )  # fmt: skip
    table(
        "screening_question", whole("proposal_id"), text("section", 40), long("text"), moment("at"), text("by", 255),
        points=to, index=("proposal_id",),
    )  # fmt: skip
    table(
        "screening_answer", whole("question_id"), long("text"), moment("at"), text("by", 255),
        points={"question_id": "screening_question.id"}, index=("question_id",),
    )  # fmt: skip
    table(
        "desk", whole("fund_id"), text("region", 3), whole("person_id"), moment("since"),
        moment("ended_at", nullable=True),
        points={"fund_id": "fund.id", "region": "region.code", "person_id": "person.id"}, index=("fund_id",),
    )  # fmt: skip


def told_and_kept() -> None:
    table(
        "notice", whole("fund_id"), whole("person_id"), whole("proposal_id", nullable=True), text("kind", 40),
        json("details"), text("once", 80, nullable=True), moment("at"), moment("told_at", nullable=True),
        once("notice", "person_id", "once"),
        points={"fund_id": "fund.id", "person_id": "person.id", "proposal_id": "proposal.id"}, index=("proposal_id",),
    )  # fmt: skip
    op.create_index("ix_notice_told_at", "notice", ["told_at", "person_id"])
    table(
        "notice_choice", whole("person_id"), truth("single"), once("notice_choice", "person_id"),
        points={"person_id": "person.id"},
    )  # fmt: skip
    table(
        "saved_view", whole("fund_id"), whole("person_id"), text("name", 80), long("query"), moment("at"),
        once("saved_view", "person_id", "fund_id", "name"), points={"fund_id": "fund.id", "person_id": "person.id"},
    )  # fmt: skip
    table(
        "dossier_job", whole("fund_id"), whole("person_id"), json("proposals"), text("language", 2), text("form", 10),
        text("stage", 20), whole("made"), whole("total"), moment("at"), moment("claimed_at", nullable=True),
        moment("done_at", nullable=True), text("digest", 64, nullable=True), whole("size", nullable=True),
        long("failure"), points={"fund_id": "fund.id", "person_id": "person.id"}, index=("person_id",),
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
    proposal()
    written()
    documents()
    fixed()
    screening()
    told_and_kept()
    keep = keep_sqlite if op.get_bind().dialect.name == "sqlite" else keep_postgresql
    for name in KEPT:
        for statement in keep(name):
            op.execute(statement)
