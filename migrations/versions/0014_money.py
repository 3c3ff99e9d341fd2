"""The money: rates, donors and their pledges, receipts, allotments, commitments, extracts, periods, certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0014", "0013"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
# what was set, recognised, settled, said and moved: rows that nobody changes or takes away
KEPT = (
    "exchange_rate", "fund_layout", "recognition", "settlement", "reminder", "allotment_line", "commitment_move",
    "support_costs", "period_check", "period_move",
)  # fmt: skip
# A period that is closed takes no entries, until it is opened again
CLOSED = "exists (select 1 from closed_year where fund_id = new.fund_id and last_day >= new.posted_on)"
SHUT = """exists (select 1 from period where fund_id = new.fund_id and stage = 'closed'
 and first <= new.posted_on and last >= new.posted_on)"""
OPEN = "(select count(*) < 2 or coalesce(sum(cents), 1) <> 0 from posting where entry_id = new.id)"
KEPT_JOURNAL = "the journal is append-only"
SAID = ("fund_id", "kind", "first", "last", "layout", "content", "digest", "entries")  # of a certificate, for good


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


def rates_and_layouts() -> None:
    table(
        "exchange_rate", text("currency", 3), day("since"), text("rate", 40), text("source", 255), moment("at"),
        text("by", 255), once("exchange_rate", "currency", "since"),
        points={"currency": "currency.code"},
    )  # fmt: skip
    table(
        "fund_layout", whole("fund_id"), day("since"), whole("layout_id"), once("fund_layout", "fund_id", "since"),
        points={"fund_id": "fund.id", "layout_id": "statement_layout.id"},
    )  # fmt: skip


def donors() -> None:
    table(
        "donor_name", whole("donor_id"), day("until"), moment("at"), text("by", 255), *six_names(),
        once("donor_name", "donor_id", "until"),
        points={"donor_id": "donor.id"},
    )  # fmt: skip
    table(
        "donor_alias", whole("donor_id"), text("form", 200), text("said", 200), moment("at"), text("by", 255),
        moment("removed_at", nullable=True), text("removed_by", 255, nullable=True),
        points={"donor_id": "donor.id"}, index=("donor_id", "form"),
    )  # fmt: skip
    table(
        "donor_contact", whole("donor_id"), text("name", 200), text("function", 200), text("email", 255),
        text("phone", 60), long("address"), text("language", 2), moment("at"), text("by", 255),
        moment("removed_at", nullable=True), text("removed_by", 255, nullable=True), whole("version"),
        points={"donor_id": "donor.id"}, index=("donor_id",),
    )  # fmt: skip


def promises() -> None:
    table(
        "pledge", whole("fund_id"), whole("donor_id"), text("number", 20), text("kind", 40), text("reference", 80),
        text("currency", 3), whole("minor"), day("announced_on"), day("binds_on", nullable=True),
        day("ends_on", nullable=True), text("earmark", 40), text("earmarked_for", 60), long("conditions"),
        text("support_cost_rate", 40, nullable=True), long("reporting"), day("report_due_on", nullable=True),
        text("language", 2), text("stage", 40), whole("prepared_by_id", nullable=True), text("prepared_by", 255),
        moment("prepared_at"), text("bound_by", 255, nullable=True), moment("bound_at", nullable=True),
        text("cancelled_by", 255, nullable=True), moment("cancelled_at", nullable=True), long("cancel_reason"),
        whole("version"), once("pledge", "fund_id", "number"),
        points={"fund_id": "fund.id", "donor_id": "donor.id", "currency": "currency.code",
            "prepared_by_id": "person.id"},
        index=("donor_id",),
    )  # fmt: skip
    table(
        "instalment", whole("pledge_id"), whole("number"), whole("minor"), day("due_on"),
        once("instalment", "pledge_id", "number"),
        points={"pledge_id": "pledge.id"},
    )  # fmt: skip
    table(
        "pledge_file", whole("pledge_id"), text("kind", 40), text("name", 255), text("media_type", 100),
        text("digest", 64), whole("size"), moment("at"), text("by", 255), moment("removed_at", nullable=True),
        text("removed_by", 255, nullable=True),
        points={"pledge_id": "pledge.id"}, index=("pledge_id",),
    )  # fmt: skip
    table(
        "appeal", whole("fund_id"), whole("donor_id", nullable=True), text("name", 200), day("asked_on"),
        long("purpose"), text("currency", 3), whole("minor", nullable=True), text("answer", 40),
        day("follow_up_on", nullable=True), long("note"), whole("pledge_id", nullable=True), moment("at"),
        text("by", 255), whole("version"),
        points={"fund_id": "fund.id", "donor_id": "donor.id", "currency": "currency.code", "pledge_id": "pledge.id"},
        index=("fund_id",),
    )  # fmt: skip


def receiving() -> None:
    table(
        "recognition", whole("instalment_id"), whole("fund_id"), day("recognised_on"), whole("minor"),
        text("rate", 40), whole("cents"), whole("entry_id"), moment("at"), text("by", 255),
        once("recognition", "instalment_id"),
        points={"instalment_id": "instalment.id", "fund_id": "fund.id", "entry_id": "journal_entry.id"},
        index=("fund_id",),
    )  # fmt: skip
    table(
        "bank_statement", whole("fund_id"), text("name", 255), text("layout", 20), text("digest", 64),
        text("account", 40), text("currency", 3), text("number", 60), whole("opening_minor"),
        whole("closing_minor"), day("first"), day("last"), moment("at"), text("by", 255),
        once("bank_statement", "fund_id", "digest"),
        points={"fund_id": "fund.id"}, index=("fund_id",),
    )  # fmt: skip
    table(
        "bank_line", whole("statement_id"), whole("fund_id"), whole("number"), text("mark", 64), day("booked_on"),
        whole("minor"), text("reference", 255), text("counterparty", 255), long("text"), long("passed_reason"),
        moment("passed_at", nullable=True), text("passed_by", 255, nullable=True), whole("version"),
        once("bank_line", "fund_id", "mark"), once("bank_line", "statement_id", "number"),
        points={"statement_id": "bank_statement.id", "fund_id": "fund.id"},
    )  # fmt: skip
    table(
        "receipt", whole("fund_id"), whole("donor_id"), text("number", 20), day("received_on"), text("currency", 3),
        whole("minor"), text("rate", 40), whole("cents"), text("reference", 255), long("note"),
        whole("bank_line_id", nullable=True), whole("entry_id"), moment("at"), text("by", 255),
        moment("undone_at", nullable=True), text("undone_by", 255, nullable=True), long("undone_reason"),
        whole("undone_entry_id", nullable=True), whole("version"), once("receipt", "fund_id", "number"),
        points={"fund_id": "fund.id", "donor_id": "donor.id", "currency": "currency.code",
            "bank_line_id": "bank_line.id", "entry_id": "journal_entry.id", "undone_entry_id": "journal_entry.id"},
        index=("bank_line_id", "donor_id"),
    )  # fmt: skip
    table(
        "settlement", whole("receipt_id"), whole("instalment_id"), day("settled_on"), whole("minor"),
        whole("cents"), whole("recognised_cents"), whole("entry_id", nullable=True), moment("at"), text("by", 255),
        points={"receipt_id": "receipt.id", "instalment_id": "instalment.id", "entry_id": "journal_entry.id"},
        index=("instalment_id", "receipt_id"),
    )  # fmt: skip
    table(
        "pledge_change", whole("fund_id"), whole("pledge_id", nullable=True), whole("instalment_id", nullable=True),
        whole("receipt_id", nullable=True), text("kind", 40), text("stage", 40), whole("minor"), whole("cents"),
        day("changed_on"), long("reason"), whole("prepared_by_id", nullable=True), text("prepared_by", 255),
        moment("prepared_at"), text("settled_by", 255, nullable=True), moment("settled_at", nullable=True),
        long("answer"), whole("entry_id", nullable=True), whole("version"),
        points={"fund_id": "fund.id", "pledge_id": "pledge.id", "instalment_id": "instalment.id",
            "receipt_id": "receipt.id", "prepared_by_id": "person.id", "entry_id": "journal_entry.id"},
        index=("fund_id", "instalment_id", "pledge_id", "receipt_id"),
    )  # fmt: skip
    table(
        "reminder", whole("instalment_id"), whole("number"), day("reminded_on"), text("language", 2),
        whole("outstanding_minor"), moment("at"), text("by", 255), once("reminder", "instalment_id", "number"),
        points={"instalment_id": "instalment.id"},
    )  # fmt: skip


def spending() -> None:
    table(
        "project_account", whole("fund_id"), text("code", 20), text("erp_code", 40, nullable=True),
        text("title", 300), text("country", 3, nullable=True), whole("proposal_id", nullable=True),
        whole("decision_id", nullable=True), day("opened_on"), day("ends_on", nullable=True),
        day("closed_on", nullable=True), moment("at"), text("by", 255), whole("version"),
        once("project_account", "fund_id", "code"), once("project_account", "fund_id", "erp_code"),
        once("project_account", "proposal_id"),
        points={"fund_id": "fund.id", "country": "country.code", "proposal_id": "proposal.id",
            "decision_id": "decision.id"},
    )  # fmt: skip
    table(
        "allotment", whole("fund_id"), whole("project_id"), whole("number"), text("stage", 40), day("since"),
        long("reason"), whole("prepared_by_id", nullable=True), text("prepared_by", 255), moment("prepared_at"),
        text("settled_by", 255, nullable=True), moment("settled_at", nullable=True), long("answer"),
        whole("version"), once("allotment", "project_id", "number"),
        points={"fund_id": "fund.id", "project_id": "project_account.id", "prepared_by_id": "person.id"},
        index=("fund_id",),
    )  # fmt: skip
    table(
        "allotment_line", whole("allotment_id"), text("erp_class", 10), whole("cents"),
        once("allotment_line", "allotment_id", "erp_class"),
        points={"allotment_id": "allotment.id"},
    )  # fmt: skip
    table(
        "commitment", whole("fund_id"), text("number", 20), whole("project_id", nullable=True), whole("account_id"),
        text("erp_class", 10), text("payee", 200), text("purpose", 300), text("reference", 60), day("committed_on"),
        day("expires_on"), whole("cents"), text("stage", 40), whole("prepared_by_id", nullable=True),
        text("prepared_by", 255), moment("prepared_at"), text("settled_by", 255, nullable=True),
        moment("settled_at", nullable=True), long("answer"), whole("version"),
        once("commitment", "fund_id", "number"),
        points={"fund_id": "fund.id", "project_id": "project_account.id", "account_id": "account.id",
            "prepared_by_id": "person.id"},
        index=("project_id",),
    )  # fmt: skip
    table(
        "commitment_move", whole("commitment_id"), text("step", 40), whole("cents"), whole("carried_cents"),
        day("moved_on"), long("reason"), whole("entry_id", nullable=True), moment("at"), text("by", 255),
        points={"commitment_id": "commitment.id", "entry_id": "journal_entry.id"}, index=("commitment_id",),
    )  # fmt: skip


def extracts() -> None:
    table(
        "extract_profile", whole("fund_id"), text("code", 40), whole("edition"), text("name", 200),
        json("settings"), moment("at"), text("by", 255), moment("ended_at", nullable=True),
        once("extract_profile", "fund_id", "code", "edition"),
        points={"fund_id": "fund.id"},
    )  # fmt: skip
    table(
        "extract_batch", whole("fund_id"), whole("profile_id"), text("source", 40), text("name", 255),
        text("digest", 64), whole("rows"), whole("added"), whole("changed"), whole("same"), whole("waiting"),
        whole("cents"), day("first", nullable=True), day("last", nullable=True), moment("at"), text("by", 255),
        moment("undone_at", nullable=True), text("undone_by", 255, nullable=True), long("undone_reason"),
        whole("version"),
        points={"fund_id": "fund.id", "profile_id": "extract_profile.id"}, index=("fund_id",),
    )  # fmt: skip
    table(
        "extract_line", whole("batch_id"), whole("fund_id"), text("source", 40), text("document", 60),
        text("line", 20), whole("revision"), whole("row"), day("posted_on"), day("booked_on", nullable=True),
        text("project", 60), text("erp_class", 60), text("commitment", 60), text("kind", 20), text("text", 255),
        text("currency", 3), whole("minor", nullable=True), whole("cents"), whole("project_id", nullable=True),
        whole("account_id", nullable=True), text("waits", 40), whole("entry_id", nullable=True),
        once("extract_line", "fund_id", "source", "document", "line", "revision"),
        points={"batch_id": "extract_batch.id", "fund_id": "fund.id", "project_id": "project_account.id",
            "account_id": "account.id", "entry_id": "journal_entry.id"},
        index=("batch_id", "entry_id"),
    )  # fmt: skip
    waits = sa.text("waits <> ''")
    op.create_index(
        "ix_extract_line_waits", "extract_line", ["fund_id", "waits"], sqlite_where=waits, postgresql_where=waits
    )
    table(
        "manual_entry", whole("fund_id"), text("stage", 40), day("entry_on"), day("late_for", nullable=True),
        text("memo", 255), json("lines"), whole("corrects_id", nullable=True), text("document", 255),
        text("media_type", 100), text("digest", 64), whole("size"), whole("prepared_by_id", nullable=True),
        text("prepared_by", 255), moment("prepared_at"), text("settled_by", 255, nullable=True),
        moment("settled_at", nullable=True), long("answer"), whole("entry_id", nullable=True), whole("version"),
        points={"fund_id": "fund.id", "corrects_id": "journal_entry.id", "prepared_by_id": "person.id",
            "entry_id": "journal_entry.id"},
        index=("fund_id",),
    )  # fmt: skip
    table(
        "support_costs", whole("fund_id"), whole("year"), whole("month"), whole("run"), text("rate", 40),
        whole("base_cents"), whole("expected_cents"), whole("booked_cents"), day("booked_on"),
        whole("entry_id", nullable=True), moment("at"), text("by", 255),
        once("support_costs", "fund_id", "year", "month", "run"),
        points={"fund_id": "fund.id", "entry_id": "journal_entry.id"},
    )  # fmt: skip


def closing() -> None:
    table(
        "period", whole("fund_id"), day("first"), day("last"), text("stage", 40), moment("stage_since"),
        whole("version"), once("period", "fund_id", "first", "last"),
        sa.CheckConstraint("first <= last", name=op.f("ck_period_days")),
        points={"fund_id": "fund.id"},
    )  # fmt: skip
    op.create_index("ix_period_fund_id_last", "period", ["fund_id", "last"])
    table(
        "period_check", whole("period_id"), text("code", 40), truth("seen_to"), long("note"), moment("at"),
        text("by", 255),
        points={"period_id": "period.id"}, index=("period_id",),
    )  # fmt: skip
    table(
        "period_move", whole("period_id"), text("move", 20), long("reason"), moment("at"), text("by", 255),
        points={"period_id": "period.id"}, index=("period_id",),
    )  # fmt: skip
    table(
        "reopening", whole("period_id"), long("reason"), whole("prepared_by_id", nullable=True),
        text("prepared_by", 255), moment("prepared_at"), truth("granted", nullable=True),
        text("settled_by", 255, nullable=True), moment("settled_at", nullable=True), long("answer"),
        whole("version"),
        points={"period_id": "period.id", "prepared_by_id": "person.id"}, index=("period_id",),
    )  # fmt: skip
    table(
        "certificate", whole("fund_id"), text("kind", 40), text("number", 20, nullable=True), day("first"),
        day("last"), text("layout", 40), long("content"), text("digest", 64), whole("entries"), text("stage", 40),
        whole("prepared_by_id", nullable=True), text("prepared_by", 255), moment("prepared_at"),
        whole("reviewed_by_id", nullable=True), text("reviewed_by", 255, nullable=True),
        moment("reviewed_at", nullable=True), text("certified_by", 255, nullable=True),
        moment("certified_at", nullable=True), text("withdrawn_by", 255, nullable=True),
        moment("withdrawn_at", nullable=True), long("note"), whole("version"),
        once("certificate", "fund_id", "number"),
        points={"fund_id": "fund.id", "prepared_by_id": "person.id", "reviewed_by_id": "person.id"},
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


def periods_sqlite() -> list[str]:
    return [
        f"create trigger entry_shut before insert on journal_entry when {SHUT}"
        " begin select raise(abort, 'the period is closed'); end",
    ]


def periods_postgresql() -> list[str]:
    """As the journal's own, and asks for the period as well; a period is closed by whoever holds the fund's row."""
    return [
        f"""create or replace function seal() returns trigger language plpgsql as $$ begin
       if {CLOSED} then raise exception 'the year is closed'; end if;
       if {SHUT} then raise exception 'the period is closed'; end if;
       if tg_op = 'INSERT' then
         if new.sealed then raise exception 'an entry is sealed after its lines'; end if;
         return new;
       end if;
       if old.sealed or not new.sealed then raise exception '{KEPT_JOURNAL}'; end if;
       if {OPEN} then raise exception 'the entry does not balance'; end if;
       old.sealed := true;
       if new is distinct from old then raise exception 'sealing changes nothing else'; end if;
       return new; end $$""",
    ]


def certificates_sqlite() -> list[str]:
    differs = " or ".join(f"new.{name} is not old.{name}" for name in SAID)
    refuse = "begin select raise(abort, 'what was certified stays'); end"
    return [
        f"create trigger certificate_fixed before update on certificate when {differs} {refuse}",
        f"create trigger certificate_stays before update on certificate when old.stage = 'certified' {refuse}",
        f"create trigger certificate_kept before delete on certificate {refuse}",
        "create trigger certificate_no_replace before insert on certificate"
        f" when exists (select 1 from certificate where id = new.id) {refuse}",
    ]


def certificates_postgresql() -> list[str]:
    differs = " or ".join(f"new.{name} is distinct from old.{name}" for name in SAID)
    return [
        f"""create function certificate_fixed() returns trigger language plpgsql as $$ begin
       if tg_op = 'DELETE' or old.stage = 'certified' or {differs} then
         raise exception 'what was certified stays';
       end if;
       return new; end $$""",
        "create trigger certificate_fixed before update or delete on certificate"
        " for each row execute function certificate_fixed()",
        "create trigger certificate_not_emptied before truncate on certificate"
        " for each statement execute function append_only()",
    ]


def upgrade() -> None:
    rates_and_layouts()
    donors()
    promises()
    receiving()
    spending()
    extracts()
    closing()
    sqlite = op.get_bind().dialect.name == "sqlite"
    keep = keep_sqlite if sqlite else keep_postgresql
    for statement in (statement for name in KEPT for statement in keep(name)):
        op.execute(statement)
    for statement in periods_sqlite() if sqlite else periods_postgresql():
        op.execute(statement)
    for statement in certificates_sqlite() if sqlite else certificates_postgresql():
        op.execute(statement)
