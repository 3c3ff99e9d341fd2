"""The Board: seats and terms, sessions, agenda, interests, advice, decisions, conditions, minutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0013", "0012"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
# what was moved, seen, declared, voted, advised, decided and fixed: rows that nobody changes or takes away
KEPT = (
    "session_move", "board_snapshot", "board_interest", "vote", "advice", "decision", "decision_condition",
    "condition_step", "minutes", "minutes_approval",
)  # fmt: skip


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, WHOLE, nullable=nullable)


def truth(name: str, *, nullable: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


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


def members() -> None:
    table(
        "board_rules", whole("board_id"), whole("quorum"), whole("term_years"), whole("most_terms"),
        whole("chair_sessions"), whole("version"), once("board_rules", "board_id"),
        points={"board_id": "board.id"},
    )  # fmt: skip
    table(
        "board_seat", whole("board_id"), text("regional_group", 40), once("board_seat", "board_id", "regional_group"),
        points={"board_id": "board.id", "regional_group": "regional_group.code"},
    )  # fmt: skip
    table(
        "trustee", whole("board_id"), text("name", 200), text("country", 3, nullable=True), whole("person_id",
        nullable=True), whole("version"), once("trustee", "person_id"),
        points={"board_id": "board.id", "country": "country.code", "person_id": "person.id"}, index=("board_id",),
    )  # fmt: skip
    table(
        "trustee_term", whole("trustee_id"), whole("seat_id"), whole("number"), day("since"), day("until"),
        day("ended_on", nullable=True), long("end_reason"), moment("at"), text("by", 255), whole("version"),
        points={"trustee_id": "trustee.id", "seat_id": "board_seat.id"}, index=("trustee_id", "seat_id"),
    )  # fmt: skip
    table(
        "chair_term", whole("board_id"), whole("trustee_id"), day("since"), day("until", nullable=True),
        moment("at"), text("by", 255), whole("version"),
        points={"board_id": "board.id", "trustee_id": "trustee.id"}, index=("board_id",),
    )  # fmt: skip


def sessions() -> None:
    table(
        "board_session", whole("board_id"), day("since"), day("until"), text("zone", 60), text("way", 40),
        text("place", 200), text("hosts", 300), whole("quorum"), moment("silent_until", nullable=True),
        text("stage", 40), moment("stage_since"), moment("planned_at"), text("planned_by", 255), whole("version"),
        points={"board_id": "board.id"}, index=("board_id",),
    )  # fmt: skip
    table(
        "session_number", whole("session_id"), whole("fund_id"), whole("number"), once("session_number",
        "session_id", "fund_id"), once("session_number", "fund_id", "number"),
        points={"session_id": "board_session.id", "fund_id": "fund.id"},
    )  # fmt: skip
    table(
        "session_move", whole("session_id"), text("move", 20), long("reason"), moment("at"), text("by", 255),
        points={"session_id": "board_session.id"}, index=("session_id",),
    )  # fmt: skip
    table(
        "session_participant", whole("session_id"), whole("trustee_id", nullable=True), text("name", 200),
        text("capacity", 40), text("function", 200), truth("present", nullable=True), moment("removed_at",
        nullable=True), whole("version"),
        points={"session_id": "board_session.id", "trustee_id": "trustee.id"}, index=("session_id",),
    )  # fmt: skip
    table(
        "agenda_item", whole("session_id"), whole("position"), text("kind", 40), whole("fund_id", nullable=True),
        whole("call_id", nullable=True), moment("removed_at", nullable=True), whole("version"), *six_names(),
        points={"session_id": "board_session.id", "fund_id": "fund.id", "call_id": "call.id"}, index=("session_id",),
    )  # fmt: skip
    table(
        "agenda_text", whole("item_id"), text("language", 2), long("text"), moment("at"), text("by", 255),
        whole("version"), once("agenda_text", "item_id", "language"),
        points={"item_id": "agenda_item.id"},
    )  # fmt: skip
    table(
        "agenda_document", whole("item_id"), text("title", 200), text("language", 2), text("name", 255),
        text("media_type", 100), text("digest", 64), whole("size"), moment("at"), text("by", 255),
        moment("removed_at", nullable=True), text("removed_by", 255, nullable=True),
        points={"item_id": "agenda_item.id"}, index=("item_id",),
    )  # fmt: skip
    table(
        "board_snapshot", whole("session_id"), text("kind", 40), whole("proposal_id", nullable=True),
        whole("fund_id"), long("content"), text("digest", 64), moment("at"), text("by", 255),
        points={"session_id": "board_session.id", "proposal_id": "proposal.id", "fund_id": "fund.id"},
        index=("session_id", "proposal_id"),
    )  # fmt: skip


def advice() -> None:
    table(
        "considered", whole("session_id"), whole("item_id"), whole("proposal_id"), whole("version_id"),
        whole("asked_cents"), whole("deferred_from_id", nullable=True), moment("at"), text("by", 255),
        moment("removed_at", nullable=True), whole("version"), once("considered", "session_id", "proposal_id"),
        points={"session_id": "board_session.id", "item_id": "agenda_item.id", "proposal_id": "proposal.id",
        "version_id": "proposal_version.id", "deferred_from_id": "considered.id"}, index=("item_id", "proposal_id"),
    )  # fmt: skip
    table(
        "board_interest", whole("considered_id"), whole("trustee_id"), text("kind", 40), long("reason"),
        moment("at"), text("by", 255),
        points={"considered_id": "considered.id", "trustee_id": "trustee.id"}, index=("trustee_id",),
    )  # fmt: skip
    op.create_index("ix_board_interest_considered_id", "board_interest", ["considered_id", "trustee_id"])
    table(
        "trustee_note", whole("considered_id"), whole("trustee_id"), long("text"), moment("saved_at"),
        whole("version"), once("trustee_note", "considered_id", "trustee_id"),
        points={"considered_id": "considered.id", "trustee_id": "trustee.id"}, index=("trustee_id",),
    )  # fmt: skip
    table(
        "board_question", whole("considered_id"), whole("trustee_id"), long("text"), moment("at"), long("answer"),
        moment("answered_at", nullable=True), text("answered_by", 255, nullable=True), whole("version"),
        points={"considered_id": "considered.id", "trustee_id": "trustee.id"}, index=("considered_id", "trustee_id"),
    )  # fmt: skip
    table(
        "ballot", whole("considered_id"), text("outcome", 40), whole("amount_cents", nullable=True), long("motion"),
        moment("at"), text("by", 255), moment("closed_at", nullable=True), text("closed_by", 255, nullable=True),
        whole("version"),
        points={"considered_id": "considered.id"}, index=("considered_id",),
    )  # fmt: skip
    table(
        "vote", whole("ballot_id"), whole("trustee_id"), text("choice", 40), long("reason"), moment("at"),
        text("by", 255), once("vote", "ballot_id", "trustee_id"),
        points={"ballot_id": "ballot.id", "trustee_id": "trustee.id"},
    )  # fmt: skip
    table(
        "advice", whole("considered_id"), text("outcome", 40), text("way", 40), whole("amount_cents",
        nullable=True), long("reasons"), long("conditions"), whole("ballot_id", nullable=True), whole("votes_for"),
        whole("votes_against"), whole("abstained"), whole("recused"), whole("taking_part"), moment("at"), text("by",
        255),
        points={"considered_id": "considered.id", "ballot_id": "ballot.id"}, index=("considered_id",),
    )  # fmt: skip


def decisions() -> None:
    table(
        "decision_draft", whole("considered_id"), text("outcome", 40), whole("amount_cents", nullable=True),
        json("classes"), json("conditions"), long("reasons"), long("shared"), long("against_advice"),
        whole("prepared_by_id", nullable=True), text("prepared_by", 255), moment("prepared_at"), whole("version"),
        once("decision_draft", "considered_id"),
        points={"considered_id": "considered.id", "prepared_by_id": "person.id"},
    )  # fmt: skip
    table(
        "decision", whole("considered_id"), whole("proposal_id"), text("outcome", 40), whole("amount_cents",
        nullable=True), json("classes"), long("reasons"), long("shared"), long("against_advice"), whole("advice_id",
        nullable=True), whole("version_id"), whole("supersedes_id", nullable=True), whole("envelope_cents",
        nullable=True), text("prepared_by", 255), moment("at"), text("by", 255), once("decision", "supersedes_id"),
        points={"considered_id": "considered.id", "proposal_id": "proposal.id", "advice_id": "advice.id",
        "version_id": "proposal_version.id", "supersedes_id": "decision.id"}, index=("considered_id", "proposal_id"),
    )  # fmt: skip
    table(
        "decision_condition", whole("decision_id"), whole("position"), long("text"), text("owner", 40),
        day("due_on"), truth("before_allotment"),
        points={"decision_id": "decision.id"}, index=("decision_id",),
    )  # fmt: skip
    table(
        "condition_step", whole("condition_id"), text("move", 40), long("reason"), moment("at"), text("by", 255),
        points={"condition_id": "decision_condition.id"}, index=("condition_id",),
    )  # fmt: skip
    table(
        "minutes", whole("session_id"), whole("number"), long("content"), text("digest", 64), moment("at"),
        text("by", 255), once("minutes", "session_id", "number"),
        points={"session_id": "board_session.id"},
    )  # fmt: skip
    table(
        "minutes_approval", whole("minutes_id"), whole("trustee_id"), moment("at"), text("by", 255),
        once("minutes_approval", "minutes_id"),
        points={"minutes_id": "minutes.id", "trustee_id": "trustee.id"},
    )  # fmt: skip
    table(
        "follow_up_action", whole("session_id"), whole("item_id", nullable=True), long("text"), text("owner", 200),
        day("due_on", nullable=True), moment("at"), text("by", 255), moment("done_at", nullable=True),
        text("done_by", 255, nullable=True), long("done_note"), whole("version"),
        points={"session_id": "board_session.id", "item_id": "agenda_item.id"}, index=("session_id",),
    )  # fmt: skip


def members_of_before() -> None:
    """Trustees were kept as members, without days: who they are stays, terms are for the secretary to record."""
    op.execute(
        "insert into trustee (board_id, name, country, version) select board_id, name, country, 1 from board_member"
    )
    op.drop_table("board_member")


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
    members()
    members_of_before()
    sessions()
    advice()
    decisions()
    keep = keep_sqlite if op.get_bind().dialect.name == "sqlite" else keep_postgresql
    for name in KEPT:
        for statement in keep(name):
            op.execute(statement)
