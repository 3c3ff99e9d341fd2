"""Accounts, the journal and its closed years: an entry is sealed once it balances, and then stands for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")

# coalesce(sum, 1): an entry without lines has no sum and must not pass for balanced
OPEN = "(select count(*) < 2 or coalesce(sum(cents), 1) <> 0 from posting where entry_id = new.id)"
CLOSED = "exists (select 1 from closed_year where fund_id = new.fund_id and last_day >= new.posted_on)"
# The years of a fund close one after the other, and what they add up to balances
OUT_OF_ORDER = "(select max(year) + 1 <> new.year from closed_year where fund_id = new.fund_id)"
UNEVEN = """(select coalesce(sum(debits), 0) <> coalesce(sum(credits), 0) from year_total
 where fund_id = new.fund_id and year = new.year)"""
TOTAL_LATE = "exists (select 1 from closed_year where fund_id = new.fund_id and year >= new.year)"
USED = "exists (select 1 from posting where account_id = old.id)"
RENAMED = "(old.id <> new.id or old.code <> new.code or old.nature <> new.nature or old.line is {distinct} new.line)"


def abort(name: str, event: str, table: str, message: str, when: str = "") -> str:
    condition = f" when {when}" if when else ""
    return f"create trigger {name} before {event} on {table}{condition} begin select raise(abort, '{message}'); end"


KEPT = "the journal is append-only"
FIELDS = ", ".join(
    f"{{0}}.{column}"
    for column in ["id", "fund_id", "posted_on", "memo", "source", "corrects_id", "at", "actor", "operation", "digest"]
)
# insert or replace deletes without firing delete triggers (unless recursive_triggers is on): refuse a known key
SEAL_SQLITE = [
    abort(
        "entry_seal",
        "update",
        "journal_entry",
        "the entry does not balance",
        f"new.sealed and not old.sealed and {OPEN}",
    ),
    abort("entry_fixed", "update", "journal_entry", KEPT, "old.sealed or not new.sealed"),
    abort(
        "entry_same",
        "update",
        "journal_entry",
        "sealing changes nothing else",
        f"not old.sealed and ({FIELDS.format('new')}) is not ({FIELDS.format('old')})",
    ),
    abort("entry_born_open", "insert", "journal_entry", "an entry is sealed after its lines", "new.sealed"),
    abort("entry_closed", "insert", "journal_entry", "the year is closed", CLOSED),
    abort(
        "entry_no_replace",
        "insert",
        "journal_entry",
        KEPT,
        "exists (select 1 from journal_entry where id = new.id)",
    ),
    abort("entry_kept", "delete", "journal_entry", KEPT),
    abort("line_fixed", "update", "posting", KEPT),
    abort("line_kept", "delete", "posting", KEPT),
    abort(
        "line_late",
        "insert",
        "posting",
        "the entry is sealed",
        "(select sealed from journal_entry where id = new.entry_id)",
    ),
    abort("origin_fixed", "update", "posting_origin", KEPT),
    abort("origin_kept", "delete", "posting_origin", KEPT),
    abort(
        "origin_late",
        "insert",
        "posting_origin",
        "the entry is sealed",
        "(select sealed from journal_entry where id = new.entry_id)",
    ),
    abort("year_in_order", "insert", "closed_year", "years close in order", OUT_OF_ORDER),
    abort("year_even", "insert", "closed_year", "the year does not balance", UNEVEN),
    abort(
        "year_no_replace",
        "insert",
        "closed_year",
        "a closed year stays closed",
        "exists (select 1 from closed_year where id = new.id)",
    ),
    abort("year_fixed", "update", "closed_year", "a closed year stays closed"),
    abort("year_kept", "delete", "closed_year", "a closed year stays closed"),
    abort("total_late", "insert", "year_total", "the year is closed", TOTAL_LATE),
    abort(
        "total_no_replace",
        "insert",
        "year_total",
        "a total is written once",
        "exists (select 1 from year_total where fund_id = new.fund_id and account_id = new.account_id"
        " and year = new.year and donor_id = new.donor_id)",
    ),
    abort("total_fixed", "update", "year_total", "a total is written once"),
    abort("total_kept", "delete", "year_total", "a total is written once"),
    abort(
        "account_fixed",
        "update",
        "account",
        "the journal uses the account",
        f"{RENAMED.format(distinct='not')} and {USED}",
    ),
    abort("account_kept", "delete", "account", "the journal uses the account", USED),
    abort(
        "account_no_replace",
        "insert",
        "account",
        "the account is there",
        "exists (select 1 from account where id = new.id or code = new.code)",
    ),
]

SEAL_POSTGRESQL = [
    # When an entry is sealed its foreign key already holds the fund's row, which closing a year locks: the year that
    # was open when the entry came in cannot have been closed meanwhile without this seeing it.
    f"""create function seal() returns trigger language plpgsql as $$ begin
       if {CLOSED} then raise exception 'the year is closed'; end if;
       if tg_op = 'INSERT' then
         if new.sealed then raise exception 'an entry is sealed after its lines'; end if;
         return new;
       end if;
       if old.sealed or not new.sealed then raise exception '{KEPT}'; end if;
       if {OPEN} then raise exception 'the entry does not balance'; end if;
       old.sealed := true;
       if new is distinct from old then raise exception 'sealing changes nothing else'; end if;
       return new; end $$""",
    "create trigger entry_seal before insert or update on journal_entry for each row execute function seal()",
    # For each row, by the entry's key: a join with the new rows would be planned once, while the journal is empty, and
    # read all of it for every statement from then on.
    """create function late() returns trigger language plpgsql as $$ begin
       if (select sealed from journal_entry where id = new.entry_id) then raise exception 'the entry is sealed'; end if;
       return new; end $$""",
    f"""create function close_in_order() returns trigger language plpgsql as $$ begin
       perform 1 from fund where id = new.fund_id for update;
       if {OUT_OF_ORDER} then raise exception 'years close in order'; end if;
       if {UNEVEN} then raise exception 'the year does not balance'; end if;
       return new; end $$""",
    "create trigger year_in_order before insert on closed_year for each row execute function close_in_order()",
    f"""create function total_in_time() returns trigger language plpgsql as $$ begin
       if {TOTAL_LATE} then raise exception 'the year is closed'; end if; return new; end $$""",
    "create trigger total_late before insert on year_total for each row execute function total_in_time()",
    f"""create function account_used() returns trigger language plpgsql as $$ begin
       if tg_op = 'DELETE' then
         if {USED} then raise exception 'the journal uses the account'; end if;
         return old;
       end if;
       if {RENAMED.format(distinct="distinct from")} and {USED}
       then raise exception 'the journal uses the account'; end if;
       return new; end $$""",
    "create trigger account_fixed before update or delete on account for each row execute function account_used()",
    *(
        f"create trigger {table}_late before insert on {table} for each row execute function late()"
        for table in ("posting", "posting_origin")
    ),
    *(
        f"create trigger {table}_kept before {event} on {table} for each row execute function append_only()"
        for table, event in (
            ("journal_entry", "delete"),
            ("posting", "update or delete"),
            ("posting_origin", "update or delete"),
            ("closed_year", "update or delete"),
            ("year_total", "update or delete"),
        )
    ),
    *(
        f"create trigger {table}_not_emptied before truncate on {table}"
        " for each statement execute function append_only()"
        for table in ("account", "journal_entry", "posting", "posting_origin", "closed_year", "year_total")
    ),
]


def upgrade() -> None:
    _accounts()
    _journal()
    _years()
    for statement in SEAL_SQLITE if op.get_bind().dialect.name == "sqlite" else SEAL_POSTGRESQL:
        op.execute(statement)


def _accounts() -> None:
    natures = ("asset", "liability", "equity", "income", "expenditure")
    op.create_table(
        "account",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("nature", sa.Enum(*natures, name="nature", native_enum=False, length=40), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=True),
        sa.Column("erp_class", sa.String(length=10), nullable=True),
        *[sa.Column(f"name_{language}", sa.String(), nullable=False) for language in LANGUAGES],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("code", name=op.f("uq_account_code")),
    )


def _journal() -> None:
    op.create_table(
        "journal_entry",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("fund_id", WHOLE, nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("memo", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("corrects_id", WHOLE, nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_journal_entry_fund_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["journal_entry.id"], name=op.f("fk_journal_entry_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("fund_id", "posted_on", "id", name="uq_journal_entry_copies"),
    )
    given = sa.text("corrects_id is not null")
    op.create_index(
        "ix_journal_entry_corrects_id", "journal_entry", ["corrects_id"], sqlite_where=given, postgresql_where=given
    )
    op.create_table(
        "posting",
        sa.Column("entry_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("fund_id", WHOLE, nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("donor_id", WHOLE, nullable=True),
        sa.Column("project_id", WHOLE, nullable=True),
        sa.Column("cents", WHOLE, nullable=False),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_posting_moves")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_posting_account_id")),
        sa.ForeignKeyConstraint(
            ["entry_id", "fund_id", "posted_on"],
            ["journal_entry.id", "journal_entry.fund_id", "journal_entry.posted_on"],
            name="fk_posting_copies",
        ),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_posting")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_posting_statement", "posting", ["account_id", "fund_id", "posted_on", "donor_id", "cents"])
    op.create_table(
        "posting_origin",
        sa.Column("entry_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("minor", WHOLE, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rate", sa.String(length=40), nullable=False),
        sa.CheckConstraint("minor <> 0", name=op.f("ck_posting_origin_moves")),
        sa.ForeignKeyConstraint(
            ["entry_id", "number"], ["posting.entry_id", "posting.number"], name="fk_posting_origin_posting"
        ),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_posting_origin")),
        sqlite_with_rowid=False,
    )


def _years() -> None:
    op.create_table(
        "closed_year",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("fund_id", WHOLE, nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("entries", WHOLE, nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("closed_by", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_closed_year_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_year")),
        sa.UniqueConstraint("fund_id", "year", name=op.f("uq_closed_year_fund_id_year")),
    )
    op.create_index("ix_closed_year_fund_id_last_day", "closed_year", ["fund_id", "last_day"])
    op.create_table(
        "year_total",
        sa.Column("fund_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("account_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("year", WHOLE, autoincrement=False, nullable=False),
        sa.Column("donor_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("debits", WHOLE, nullable=False),
        sa.Column("credits", WHOLE, nullable=False),
        sa.Column("entries", WHOLE, nullable=False),
        sa.CheckConstraint("debits >= 0 and credits >= 0 and entries > 0", name=op.f("ck_year_total_sides")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_year_total_fund_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_year_total_account_id")),
        sa.PrimaryKeyConstraint("fund_id", "account_id", "year", "donor_id", name=op.f("pk_year_total")),
        sqlite_with_rowid=False,
    )
