"""Looking for recommendations: what is wanted, lists and counts of it.

Lists have the newest year first, then the States, then what was taken in first (rules.turn): one number, which every
table that a filter asks repeats, so that a list is read from an index and read on from the last one shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from fundapp.access.policy import Actor, Permission, Refused, may
from fundapp.recommendations.models import BY, GOAL, LABEL, REC, TEXT, WORDS
from fundapp.recommendations.rules import LabelKind, Mechanism, Position, before, sought

_PARAGRAPH = re.compile(r"\d{1,3}\.\d{1,4}(?:\.\d{1,4})?\.?")
_SYMBOL = re.compile(r"(?:A|E|CAT|CCPR|CED|CEDAW|CERD|CMW|CRC|CRPD)(?:/[\w.*-]+)+/?", re.IGNORECASE)
_EMPTY = sa.literal_column("''", sa.String)  # as the indexes of symbols and paragraphs have it
# As migrations/versions/0009_search.py has it: PostgreSQL uses the index of words only for the same words
_INDEXED = (
    r"array_to_tsvector(array_remove(regexp_split_to_array(btrim("
    r"regexp_replace(search, '(\S{60})\S+', '\1', 'g')), ' +'), ''))"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; an empty field asks for nothing. `words` are all to be found in one text, in any language;
    among them a paragraph (140.7) or a symbol (A/HRC/59/15) is looked for as such."""

    words: str = ""
    state: str = ""
    mechanism: Mechanism | None = None
    cycle: int | None = None
    position: Position | None = None
    theme: str = ""
    goal: int | None = None
    recommending: str = ""
    session: int | None = None
    persons: str = ""
    target: str = ""
    year_from: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A recommendation in a list; `text` is in the language asked for, or the first there is; `turn` is where the next
    page goes on."""

    number: int
    state: str
    mechanism: Mechanism
    body: str
    cycle: int | None
    symbol: str
    paragraph: str
    position: Position | None
    text: str
    language: str
    turn: int


@dataclass(frozen=True, slots=True)
class Part:
    """A table beside the register, by its column of recommendations, and which of its rows are wanted; `turn` is the
    column by which its index has them in the order of lists, if it has."""

    of: sa.ColumnElement[int]
    which: tuple[sa.ColumnElement[bool], ...]
    turn: sa.ColumnElement[int] | None = None

    def has(self, recommendation: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """Whether a recommendation has such a row."""
        if self.turn is None:
            return recommendation.in_(sa.select(self.of).where(*self.which))
        return sa.exists().where(self.of == recommendation, *self.which)


# What is asked of other tables, and of the register itself
Asked = tuple[list[Part], list[sa.ColumnElement[bool]]]


def search(
    session: Session, actor: Actor, wanted: Wanted, *, language: str = "en", limit: int = 50, after: int = 0
) -> list[Listed]:
    """The recommendations that count and are asked for, newest year first, after that turn; one query."""
    may_read(actor)
    return [listed(row) for row in session.execute(_page(_asked(session, wanted), wanted, language, limit, after))]


def searched(
    session: Session, actor: Actor, wanted: Wanted, *, language: str = "en", limit: int = 50, after: int = 0
) -> tuple[list[Listed], int]:
    """The same, and how many there are on all pages; one query, or two where the page is empty."""
    may_read(actor)
    found = _asked(session, wanted)
    asked = _page(found, wanted, language, limit, after)
    rows = session.execute(asked.add_columns(_number(found, wanted).scalar_subquery().label("many"))).all()
    return [listed(row) for row in rows], rows[0].many if rows else count(session, actor, wanted) if after else 0


def count(session: Session, actor: Actor, wanted: Wanted) -> int:
    """How many there are, exactly; one query."""
    may_read(actor)
    return session.scalar(_number(_asked(session, wanted), wanted)) or 0


def some(session: Session, wanted: Wanted, limit: int, after: int) -> list[tuple[int, int]]:
    """(id, turn) of the next that are asked for; one query."""
    ids = _ids(_asked(session, wanted), wanted, limit, after).subquery()
    asked = sa.select(REC.c.id, REC.c.turn).join_from(ids, REC, REC.c.id == ids.c.id).order_by(REC.c.turn)
    return [(found, turn) for found, turn in session.execute(asked)]


def counts() -> list[sa.ColumnElement[bool]]:
    """What makes a row count: it stands, and was not joined to the same recommendation from another source."""
    return [REC.c.standing, REC.c.joined_to.is_(None)]


_COUNTS_NOT = sa.select(REC.c.id).where(sa.or_(~REC.c.standing, REC.c.joined_to.is_not(None)))


def _page(found: Asked, wanted: Wanted, language: str, limit: int, after: int) -> sa.Select[Any]:
    ids = _ids(found, wanted, limit, after).subquery()
    return listing(language).join_from(ids, REC, REC.c.id == ids.c.id).order_by(REC.c.turn)


def _number(found: Asked, wanted: Wanted) -> sa.Select[int]:
    parts, conditions = found
    if parts and not wanted.state:
        first, *others = parts
        asked = sa.select(first.of).where(*first.which, *(part.has(first.of) for part in others))
        if conditions:
            asked = asked.where(REC.c.id == first.of, *counts(), *conditions)
        else:  # an index tells all that is asked, and what does not count is little
            asked = asked.where(first.of.not_in(_COUNTS_NOT))
        once = asked.distinct() if first.turn is None else asked.group_by(first.turn, first.of)
        return sa.select(sa.func.count()).select_from(once.subquery())
    whole = sa.select(sa.func.count()).select_from(REC).where(*counts(), *conditions)
    whole = whole.where(*(part.has(REC.c.id) for part in parts))
    # so that SQLite reads the index with all columns, and not a smaller one and the table
    return whole if wanted.state else whole.where(REC.c.turn > 0)


def may_read(actor: Actor) -> None:
    """Refuse whoever may not read the register."""
    if not may(actor, Permission.RECOMMENDATION_READ):
        raise Refused(f"recommendations need {Permission.RECOMMENDATION_READ}")


@cache  # a statement never changes: what is added to it makes another
def listing(language: str) -> sa.Select[Any]:
    """A list's columns; the text in the language asked for, else in the first there is."""
    first = [
        sa.select(column)
        .where(TEXT.c.recommendation_id == REC.c.id)
        .order_by(sa.case((TEXT.c.language == language, 0), else_=1), TEXT.c.language)
        .limit(1)
        .correlate(REC)
        .scalar_subquery()
        for column in (TEXT.c.text, TEXT.c.language)
    ]
    return sa.select(
        REC.c.number, REC.c.state, REC.c.mechanism, REC.c.body, REC.c.cycle, REC.c.symbol, REC.c.paragraph,
        REC.c.position, first[0].label("text"), first[1].label("language"), REC.c.turn,
    )  # fmt: skip


def listed(row: sa.Row[Any]) -> Listed:
    """A row of those columns."""
    return Listed(
        *(row.number, row.state, row.mechanism, row.body, row.cycle, row.symbol, row.paragraph, row.position),
        *(row.text, row.language, row.turn),
    )


def _ids(found: Asked, wanted: Wanted, limit: int, after: int) -> sa.Select[Any]:
    """The recommendations of a page. Where a part is asked for that has them in order, it is read, and the rest asked
    of each found; but a State's are few enough to ask all of each."""
    parts, conditions = found[0], [*found[1]]
    turn: sa.ColumnElement[int] = REC.c.turn
    of: sa.ColumnElement[int] = REC.c.id
    if parts and (ordered := parts[0].turn) is not None and not wanted.state:
        first, *parts = parts
        turn, of = ordered, first.of
        conditions += [*first.which, REC.c.id == of]
    conditions += [part.has(REC.c.id) for part in parts]
    asked = sa.select(of.label("id")).where(*counts(), turn > after, *conditions).limit(limit)
    if of is REC.c.id:
        return asked.order_by(turn)
    return asked.group_by(turn, of).order_by(turn, of)  # a part may have several rows for one


def _asked(session: Session, wanted: Wanted) -> Asked:
    """What is asked of other tables, words first and then what is likely rare, and of the register itself."""
    equal = ("state", "mechanism", "cycle", "position", "session")
    found = [REC.c[name] == value for name in equal if (value := getattr(wanted, name)) not in ("", None)]
    if wanted.year_from is not None:
        found.append(REC.c.turn < before(max(wanted.year_from, 1) - 1))
    words, named = _read(wanted.words)
    in_sqlite = session.get_bind().dialect.name == "sqlite"
    found += [condition for column, text in named for condition in _begins(column, text, in_sqlite)]
    if wanted.words.strip() and not words and not named:
        found.append(sa.false())  # signs alone, which no text is found by
    parts = [_with_words(session, words)] if words else []
    return parts + _parts(wanted), found


def _parts(wanted: Wanted) -> list[Part]:
    """Each of its own alias: two may be of one table."""
    found = []
    for name, value in (("target", wanted.target or None), ("goal", wanted.goal)):
        if value is not None:
            goals = GOAL.alias()
            found.append(Part(goals.c.recommendation_id, (goals.c[name] == value,), goals.c.turn))
    if wanted.recommending:
        by = BY.alias()
        found.insert(0, Part(by.c.recommendation_id, (by.c.country == wanted.recommending,), by.c.turn))
    for code, kind in ((wanted.theme, LabelKind.THEME), (wanted.persons, LabelKind.PERSONS)):
        if code:
            label = LABEL.alias()
            found.append(Part(label.c.recommendation_id, (label.c.code == code, label.c.kind == kind), label.c.turn))
    return found


def _read(text: str) -> tuple[list[str], list[tuple[sa.Column[str], str]]]:
    """The words that are typed, and what of them is a paragraph or a symbol."""
    words, named = [], []
    for given in text.split():
        if _PARAGRAPH.fullmatch(given):
            named.append((REC.c.paragraph, given.rstrip(".")))
        elif _SYMBOL.fullmatch(given):
            symbol = given.upper() if given.islower() else given
            named.append((REC.c.symbol, symbol.replace("/ADD.", "/Add.")))
        else:
            words.append(given)
    return sought(" ".join(words)), named


def _begins(column: sa.Column[str], text: str, in_sqlite: bool) -> tuple[sa.ColumnElement[bool], ...]:
    if in_sqlite:  # whose LIKE does not know large letters from small
        return column != _EMPTY, column >= text, column < f"{text}\U0010ffff"
    return column != _EMPTY, column.startswith(text, autoescape=True)


def with_words(session: Session, text: str) -> Part | None:
    """The texts that have all the words that are typed, each as the beginning of one; none where no word is."""
    words = sought(text)
    return _with_words(session, words) if words else None


def _with_words(session: Session, words: list[str]) -> Part:
    return _in_sqlite(words) if session.get_bind().dialect.name == "sqlite" else _in_postgresql(words)


# What is typed is data: of it only letters and figures come here, each word as the beginning of one that is found.


def _in_sqlite(words: list[str]) -> Part:
    asked = " ".join(f'"{word}"*' for word in words)
    index = sa.column(WORDS.name, sa.Text)
    return Part(WORDS.c.rowid.op(">>", return_type=sa.BigInteger())(3), (index.op("MATCH")(asked),))


def _in_postgresql(words: list[str]) -> Part:
    asked = sa.cast(" & ".join(f"'{word}':*" for word in words), TSQUERY)
    return Part(TEXT.c.recommendation_id, (sa.literal_column(_INDEXED, sa.Text).op("@@")(asked),))
