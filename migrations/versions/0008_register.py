"""Around the register: reviews, letters of the High Commissioner, follow-up, plans, pairs, evidence, files sent in."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0008", "0007"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROGRESS = ("not-started", "under-way", "implemented", "no-longer-relevant")
SAYS = ("state", "institution", "civil-society", "united-nations", "other")
STAGES = ("waiting", "reading", "read", "due", "taking", "taken", "refused", "given-up")


def kind(name: str, values: Iterable[str]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=40)


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=nullable)


def day(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=True)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(), nullable=nullable)


def table(name: str, *columns: sa.schema.SchemaItem, points: dict[str, str], index: tuple[str, ...] = ()) -> None:
    """A table with an id; `points` says which columns point where, `index` which are looked up by."""
    keys = [sa.ForeignKeyConstraint([c], [to], name=op.f(f"fk_{name}_{c}")) for c, to in points.items()]
    op.create_table(name, whole("id"), *columns, *keys, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")))
    for column in index:
        op.create_index(f"ix_{name}_{column}", name, [column])


def once(name: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{name}_{'_'.join(columns)}"))


def letters() -> None:
    table(
        "review", text("state", 3), whole("cycle"), whole("session", nullable=True), text("symbol", 60),
        day("documents_due"), day("reviewed_on"), day("adopted_on"), day("midterm_due"), day("next_on"),
        whole("version"), once("review", "state", "cycle"), points={"state": "country.code"},
    )  # fmt: skip
    table(
        "high_commissioner_letter", text("state", 3), whole("cycle"), sa.Column("sent_on", sa.Date(), nullable=False),
        text("file_name", 255), text("file_digest", 64, nullable=True), whole("file_size"), moment("at"),
        text("by", 255), moment("withdrawn_at", nullable=True), points={"state": "country.code"}, index=("state",),
    )  # fmt: skip
    table(
        "letter_area", whole("letter_id"), text("theme", 160, nullable=True), long("sentence"), text("language", 2),
        moment("at"), text("by", 255), moment("withdrawn_at", nullable=True),
        points={"letter_id": "high_commissioner_letter.id"}, index=("letter_id",),
    )  # fmt: skip
    table(
        "letter_area_goal", whole("area_id"), whole("goal"), text("target", 5),
        once("letter_area_goal", "area_id", "goal", "target"),
        points={"area_id": "letter_area.id", "goal": "goal.number"},
    )  # fmt: skip


def following() -> None:
    table(
        "follow_up", whole("recommendation_id"), sa.Column("progress", kind("progress", PROGRESS), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False), sa.Column("says", kind("says", SAYS), nullable=False),
        text("source", 300), long("evidence"), text("language", 2), text("link", 500), text("project", 200),
        moment("at"), text("by", 255), moment("withdrawn_at", nullable=True),
        points={"recommendation_id": "recommendation.id"}, index=("recommendation_id",),
    )  # fmt: skip
    table(
        "implementation_plan", text("state", 3), text("title", 300), text("language", 2), day("since"), day("until"),
        text("source", 255), moment("at"), text("by", 255), whole("version"), moment("withdrawn_at", nullable=True),
        points={"state": "country.code"}, index=("state",),
    )  # fmt: skip
    table(
        "measure", whole("plan_id"), text("reference", 40), long("text"), text("responsible", 300), day("due"),
        long("indicator"), sa.Column("progress", kind("progress", PROGRESS), nullable=False), text("project", 200),
        whole("version"), moment("withdrawn_at", nullable=True), once("measure", "plan_id", "reference"),
        points={"plan_id": "implementation_plan.id"},
    )  # fmt: skip
    table(
        "measure_link", whole("measure_id"), whole("recommendation_id"), moment("withdrawn_at", nullable=True),
        once("measure_link", "measure_id", "recommendation_id"),
        points={"measure_id": "measure.id", "recommendation_id": "recommendation.id"}, index=("recommendation_id",),
    )  # fmt: skip


def judging() -> None:
    both = {"kept_id": "recommendation.id", "other_id": "recommendation.id"}
    table(
        "pairing", whole("kept_id"), whole("other_id"), sa.Column("joined", sa.Boolean(), nullable=False), moment("at"),
        text("by", 255), moment("undone_at", nullable=True), points=both, index=("kept_id", "other_id"),
    )  # fmt: skip
    to = {"recommendation_id": "recommendation.id", "found_id": "recommendation.id", "area_id": "letter_area.id"}
    one = sa.CheckConstraint("(found_id is null) <> (area_id is null)", name=op.f("ck_evidence_judgement_one_match"))
    verdict = sa.Column("verdict", kind("verdict", ("added", "rejected")), nullable=False)
    table(
        "evidence_judgement", whole("recommendation_id"), whole("found_id", nullable=True),
        whole("area_id", nullable=True), verdict, long("reason"), text("language", 2), moment("at"), text("by", 255),
        moment("withdrawn_at", nullable=True), one, points=to, index=("recommendation_id", "found_id"),
    )  # fmt: skip


def sent_in() -> None:
    table(
        "recommendation_upload", text("name", 255), text("digest", 64), whole("size"), text("layout", 20),
        text("state", 3, nullable=True), whole("session", nullable=True), text("language", 2),
        sa.Column("good_rows", sa.Boolean(), nullable=False), sa.Column("apply_changes", sa.Boolean(), nullable=False),
        sa.Column("stage", kind("stage", STAGES), nullable=False), sa.Column("found", sa.JSON(), nullable=False),
        text("report", 64, nullable=True), whole("import_id", nullable=True), moment("at"), text("by", 255),
        moment("claimed_at", nullable=True),
        points={"state": "country.code", "import_id": "recommendation_import.id"},
    )  # fmt: skip
    op.create_table(
        "upload_progress",
        sa.Column("upload_id", WHOLE, autoincrement=False, nullable=False),
        *(whole("rows"), whole("share"), moment("at")),
        sa.PrimaryKeyConstraint("upload_id", name=op.f("pk_upload_progress")),
    )


def joined() -> None:
    """Written out: in SQLite Alembic would build the table anew, and its triggers would be gone."""
    number = "integer" if op.get_bind().dialect.name == "sqlite" else "bigint"
    op.execute(
        f"alter table recommendation add column joined_to {number}"
        " constraint fk_recommendation_joined_to references recommendation (id)"
    )


def upgrade() -> None:
    joined()
    letters()
    following()
    judging()
    sent_in()
