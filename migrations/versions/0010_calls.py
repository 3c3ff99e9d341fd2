"""Calls for proposals: what is asked for, for whom, until when; what was added once they were open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0010", "0009"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
GROUPS = ("african", "asia-pacific", "eastern-european", "grulac", "weog")
ONE_PLACE = (
    "(state is not null and regional_group is null and region is null)"
    " or (state is null and regional_group is not null and region is null)"
    " or (state is null and regional_group is null and region is not null)"
)
# what applicants rely on: rows that nobody changes or takes away
KEPT = ("call_criterion", "call_extension", "call_exception", "call_correction")


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


def call() -> None:
    table(
        "call", whole("fund_id"), text("code", 10), *six_names(),
        *(long(f"guidance_{language}") for language in LANGUAGES),
        moment("opens_at", nullable=True), moment("closes_at", nullable=True), text("zone", 60), truth("standing"),
        whole("envelope_cents", nullable=True), whole("floor_cents", nullable=True),
        whole("ceiling_cents", nullable=True),
        whole("prepared_by_id", nullable=True), text("prepared_by", 255), moment("prepared_at"),
        text("opened_by", 255, nullable=True), moment("opened_at", nullable=True),
        text("cancelled_by", 255, nullable=True), moment("cancelled_at", nullable=True), long("cancel_reason"),
        whole("version"), once("call", "fund_id", "code"),
        points={"fund_id": "fund.id", "prepared_by_id": "person.id"},
    )  # fmt: skip


def for_whom() -> None:
    table(
        "call_area", whole("call_id"), whole("area_id"), once("call_area", "call_id", "area_id"),
        points={"call_id": "call.id", "area_id": "focus_area.id"},
    )  # fmt: skip
    group = sa.Column("regional_group", sa.Enum(*GROUPS, name="group", native_enum=False, length=40), nullable=True)
    table(
        "call_place", whole("call_id"), text("state", 3, nullable=True), group, text("region", 3, nullable=True),
        sa.CheckConstraint(ONE_PLACE, name=op.f("ck_call_place_one_place")),
        points={
            "call_id": "call.id", "state": "country.code", "regional_group": "regional_group.code",
            "region": "region.code",
        },
        index=("call_id",),
    )  # fmt: skip


def asked() -> None:
    to = {"call_id": "call.id"}
    for name, more in (
        ("call_criterion", [whole("weight")]),
        ("call_document", [truth("required")]),
        ("call_question", [truth("required"), whole("word_limit")]),
    ):
        columns = (whole("call_id"), whole("position"), text("code", 40), *six_names(), *more)
        table(name, *columns, once(name, "call_id", "code"), points=to)


def added() -> None:
    said = ("reason", "at", "by")
    to = {"call_id": "call.id"}
    for name, more, points in (
        ("call_extension", [moment("closes_at"), text("zone", 60)], to),
        ("call_exception", [whole("office_id"), moment("until"), text("zone", 60)], {**to, "office_id": "office.id"}),
        ("call_correction", [text("languages", 20)], to),
    ):
        columns = (whole("call_id"), *more, long(said[0]), moment(said[1]), text(said[2], 255))
        table(name, *columns, points=points, index=("call_id",))


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
    call()
    for_whom()
    asked()
    added()
    keep = keep_sqlite if op.get_bind().dialect.name == "sqlite" else keep_postgresql
    for name in KEPT:
        for statement in keep(name):
            op.execute(statement)
