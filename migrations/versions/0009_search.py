"""Search and lists of the register: an index of words, and a turn in lists that every filter has in order."""

from __future__ import annotations

from bisect import bisect_left

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0009", "0008"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# The last session of each year from 2008, and the first of each cycle
LAST_OF_YEAR = (3, 6, 9, 12, 14, 17, 20, 23, 26, 28, 31, 34, 36, 39, 41, 44, 47, 50, 53, 54)
FIRST = {1: 1, 2: 13, 3: 27, 4: 41}
FIXED = (
    *("id", "number", "import_id", "row", "key", "digest", "replaces_id", "mechanism", "body", "state", "cycle"),
    *("session", "symbol", "paragraph", "position", "position_source", "issued", "assessment", "turn"),
)
PARTS = {
    "recommending_state": ("country",),
    "recommendation_label": ("kind", "place", "label", "code"),
    "recommendation_goal": ("goal", "target"),
}
LANGUAGES = "ar zh en fr ru es"
# No parser of PostgreSQL's: words are folded by the program and stand between blanks, in any script
WORDS = r"array_to_tsvector(array_remove(regexp_split_to_array(btrim(regexp_replace(search, '(\S{60})\S+', '\1', 'g')), ' +'), ''))"  # noqa: E501


def turn(year: int, state: str, number: int) -> int:
    letters = sum((ord(letter) & 31) << (5 * place) for place, letter in enumerate(reversed(state)))
    return (4095 - year) << 48 | letters << 33 | number


def year(cycle: int | None, session: int | None, issued: object) -> int:
    if issued and not session:
        return int(str(issued)[:4])
    met = session or FIRST.get(cycle or 0)
    return 2008 + bisect_left(LAST_OF_YEAR, met) if met else 0


def give_turns() -> None:
    """To the rows that are there."""
    connection = op.get_bind()
    columns = "id, state, cycle, session, issued"
    found = connection.exec_driver_sql(f"select {columns} from recommendation").all()
    if found:
        connection.execute(
            sa.text("update recommendation set turn = :turn where id = :id"),
            [{"id": r[0], "turn": turn(year(r[2], r[3], r[4]), r[1], r[0])} for r in found],
        )


def turn_column() -> sa.Column[int]:
    return sa.Column("turn", WHOLE, server_default="0", nullable=False)


def indexes() -> None:
    for name in (
        "uq_recommendation_key_standing",
        "ix_recommendation_state_mechanism",
        "ix_recommendation_replaces_id",
    ):
        op.drop_index(name, "recommendation")

    def only(name: str, columns: list[str], which: str, **how: object) -> None:
        op.create_index(
            name, "recommendation", columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which), **how
        )

    # SQLite uses an index of some rows only where the question says the same: "standing = 1", as SQLAlchemy asks
    sqlite = op.get_bind().dialect.name == "sqlite"
    stands, fallen = ("standing = 1", "standing = 0") if sqlite else ("standing", "not standing")
    counts, counts_not = f"{stands} and joined_to is null", f"{fallen} or joined_to is not null"
    only("uq_recommendation_key_standing", ["key"], stands, unique=True)
    only("ix_recommendation_turn", ["turn", "state", "cycle", "session", "mechanism", "position"], counts)
    only("ix_recommendation_state", ["state", "mechanism", "cycle", "session", "turn"], counts)
    only("ix_recommendation_fallen", ["turn"], counts_not)
    for column in ("replaces_id", "joined_to"):
        only(f"ix_recommendation_{column}", [column], f"{column} is not null")
    for column in ("symbol", "paragraph"):
        ops = {column: "text_pattern_ops"}
        only(f"ix_recommendation_{column}", [column, "turn"], f"{stands} and {column} != ''", postgresql_ops=ops)
    op.create_index("ix_recommending_state_country", "recommending_state", ["country", "turn", "recommendation_id"])
    label, goal = "recommendation_label", "recommendation_goal"
    op.create_index("ix_recommendation_label_code", label, ["code", "kind", "turn", "recommendation_id"])
    op.create_index("ix_recommendation_goal_goal", goal, ["goal", "turn", "recommendation_id"])
    op.create_index("ix_recommendation_goal_target", goal, ["target", "turn", "recommendation_id"])


def part(name: str, *columns: sa.schema.SchemaItem, key: tuple[str, ...]) -> None:
    """A table of what belongs to a recommendation, on SQLite: its key is the table, and no second tree beside it."""
    op.create_table(
        name,
        sa.Column("recommendation_id", WHOLE, nullable=False),
        *columns,
        turn_column(),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name=op.f(f"fk_{name}_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("recommendation_id", *key, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def parts_sqlite() -> None:
    """The tables of the parts again, with their rows and guards."""
    for table in PARTS:
        op.rename_table(table, f"{table}_before")
    state = sa.ForeignKeyConstraint(["country"], ["country.code"], name="fk_recommending_state_country")
    part("recommending_state", text("country", 3), state, key=("country",))
    kind = sa.Column(
        "kind", sa.Enum("theme", "persons", name="labelkind", native_enum=False, length=40), nullable=False
    )
    place = sa.Column("place", WHOLE, autoincrement=False, nullable=False)
    labels = (kind, place, text("label", 255), text("code", 160, nullable=True))
    part("recommendation_label", *labels, key=("kind", "place"))
    number = sa.Column("goal", WHOLE, autoincrement=False, nullable=False)
    goal = sa.ForeignKeyConstraint(["goal"], ["goal.number"], name="fk_recommendation_goal_goal")
    part("recommendation_goal", number, text("target", 5), goal, key=("goal", "target"))
    for table, names in PARTS.items():
        columns = ", ".join(("recommendation_id", *names))
        op.execute(
            f"insert into {table} ({columns}, turn) select {columns}, turn from {table}_before"
            " join (select id, turn from recommendation) on id = recommendation_id"
        )
        op.execute(f"drop table {table}_before")
        for verb in ("delete", "update"):
            op.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, '{table} is append-only'); end"
            )


def parts_postgresql() -> None:
    for table in PARTS:
        op.add_column(table, turn_column())
        op.execute(f"alter table {table} disable trigger {table}_kept")
        op.execute(f"update {table} set turn = r.turn from recommendation r where r.id = recommendation_id")
        op.execute(f"alter table {table} enable trigger {table}_kept")
    for name, table in (("ix_recommending_state_country", "recommending_state"),
                        ("ix_recommendation_label_code", "recommendation_label"),
                        ("ix_recommendation_goal_goal", "recommendation_goal")):  # fmt: skip
        op.drop_index(name, table)


def words_sqlite() -> None:
    """Contentless, without places of words: a text is told by its number alone, eight times the id of its
    recommendation and the place of its language. Not by its turn, which would spare sorting: numbers far apart make
    the index five times as large and twice as dear to fill. No trigger fills it, for with trusted_schema=OFF none may:
    imports do, in the order of the numbers, as FTS5 wants them."""
    # With columnsize=0 the table could not be read through, and so the database not be dumped as text.
    # Beside letters and figures of ASCII, that tokenizer takes every other sign for a letter: words end at blanks
    op.execute(
        "create virtual table recommendation_words using fts5(search, content='', detail=none, tokenize='ascii')"
    )
    # A commit writes down what it gathered: of a file of thousands in one piece, not in several to be merged
    op.execute("insert into recommendation_words (recommendation_words, rank) values ('hashsize', 4000000)")
    op.execute(
        "insert into recommendation_words (rowid, search)"
        f" select recommendation_id * 8 + instr('{LANGUAGES}', language) / 3 as number, search from recommendation_text"
        " order by number"
    )


def fixed_again(sqlite: bool) -> None:
    """The guard of the columns that never change, with the turn among them."""
    columns = ", ".join(f'"{name}"' for name in FIXED)
    if sqlite:
        # It made SQLite keep what every statement changed, to take it back: half of the time of an import. "insert or
        # replace" is refused by the guard against deleting, since kernel/database.py turns recursive_triggers on
        op.execute("drop trigger recommendation_no_replace")
        op.execute("drop trigger recommendation_no_update")
        op.execute(
            f"create trigger recommendation_no_update before update of {columns} on recommendation"
            " begin select raise(abort, 'recommendation is append-only'); end"
        )
    else:
        op.execute("drop trigger recommendation_fixed on recommendation")
        op.execute(
            f"create trigger recommendation_fixed before update of {columns} on recommendation"
            " for each row execute function append_only()"
        )


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("recommendation", turn_column())
    give_turns()
    if sqlite:
        parts_sqlite()
    else:
        parts_postgresql()
    indexes()
    if sqlite:
        words_sqlite()
    else:
        op.execute(f"create index recommendation_words on recommendation_text using gin (({WORDS}))")
    fixed_again(sqlite)
