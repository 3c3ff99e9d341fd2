"""What a proposal is asked on each of its pages, as data: the one description that forms, completeness, fixed versions,
comparisons and dossiers read. Pure.

What is typed is kept as text: {"problem": "…"}; of several things that are chosen a list of codes; of rows a list of
{"id": "A1", column: text}. Beside a text "problem" there may be "problem_courtesy", its translation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fundapp.proposals.rules.budget import LONGEST as LONGEST_OF_BUDGET
from fundapp.proposals.rules.budget import MOST_LINES

Content = Mapping[str, Any]  # of a section: field -> what was typed
Whole = Mapping[str, Content]  # of a proposal: section -> content
COURTESY = "_courtesy"  # after the name of a text: its translation
LONGEST = 20_000  # letters of a text: whoever pastes a book is told, and loses nothing of what stood there before
LONGEST_LINE = 300


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"  # paragraphs
    LINE = "line"
    DAY = "day"
    QUARTER = "quarter"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    ONE = "one"  # chosen of a list
    SEVERAL = "several"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Field:
    """Something that is asked. options: the codes of a short list; source: the name of a longer one, that the database
    or another page has ("states", "areas", "targets", "outputs", "activities"). prefix: of the ids of rows.
    longest: letters of a line that may be longer, or must be shorter, than others."""

    name: str
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    source: str = ""
    columns: tuple[Field, ...] = ()
    prefix: str = ""
    most: int = 0  # rows, or choices
    longest: int = 0

    @property
    def holds(self) -> int:
        """How many letters of a text it can hold."""
        return self.longest or (LONGEST if self.kind is Kind.TEXT else LONGEST_LINE)

    def column(self, name: str) -> Field:
        """A column of rows; KeyError where there is none."""
        return {one.name: one for one in self.columns}[name]


def _line(name: str) -> Field:
    return Field(name, Kind.LINE)


def _one(name: str, *options: str, source: str = "") -> Field:
    return Field(name, Kind.ONE, options, source)


def _rows(name: str, prefix: str, *columns: Field, most: int = 60) -> Field:
    return Field(name, Kind.ROWS, columns=columns, prefix=prefix, most=most)


MARKS = ("0", "1", "2", "3")
LEVELS = ("low", "medium", "high")
YES_NO = ("yes", "no")

# In the order of the task list; names of sections and of what they must have are those of completeness.SECTIONS.
FIELDS: dict[str, tuple[Field, ...]] = {
    "country": (_one("country", source="states"), Field("partners")),
    "consent": (_one("form", "request", "consent"), Field("date", Kind.DAY), _line("signatory")),
    "context": (_line("title"), Field("problem"), Field("context")),
    "recommendations": (
        _rows("linked", "", _one("number", source="recommendations"), Field("reason"), most=50),
    ),
    "focus-areas": (Field("chosen", Kind.SEVERAL, source="areas", most=20),),
    "results": (
        _rows("outcomes", "C", Field("text")),
        _rows("outputs", "P", Field("text"), _one("outcome", source="outcomes")),
        _rows(
            "indicators", "I", Field("text"), _one("of", source="results"), _line("baseline"), _line("target"),
            _one("by_sex", *YES_NO), _line("women"), _line("men"), _line("means"),
        ),
    ),
    "activities": (
        Field("starts", Kind.QUARTER), Field("ends", Kind.QUARTER),
        _rows(
            "planned", "A", Field("text"), _one("output", source="outputs"),
            Field("quarters", Kind.SEVERAL, source="quarters", most=40), _one("marker", *MARKS),
        ),
    ),
    "national-systems": (Field("strengthening"), _line("bodies"), _line("laws")),
    "goals": (Field("targets", Kind.SEVERAL, source="targets", most=40), Field("alignment")),
    "gender": (_one("marker", *MARKS), Field("analysis")),
    "inclusion": (Field("left-behind"),),
    "risks": (
        _rows("named", "R", Field("text"), _one("likelihood", *LEVELS), _one("impact", *LEVELS), Field("measure")),
    ),
    "sustainability": (Field("afterwards"),),
    "other-funding": (_one("declared", *YES_NO), Field("sources")),
    "monitoring": (Field("plan"),),
    "budget": (
        _rows(
            "lines", "B", _one("class", source="classes"), _line("what"), _line("grade"), _line("unit"),
            Field("unit_cost", Kind.AMOUNT), Field("quantity", Kind.QUANTITY), _one("activity", source="activities"),
            _one("quarter", source="quarters"),
            Field("reason", Kind.LINE, longest=LONGEST_OF_BUDGET["reason"]), most=MOST_LINES,
        ),
    ),
    "contacts": (_rows("people", "K", _line("name"), _line("function"), _line("email"), _line("phone"), most=10),),
}  # fmt: skip
QUESTIONS = "questions"  # the section of a call's own questions: a text for each code
DOCUMENTS = "documents"  # the page of documents, which has no fields


def fields_of(section: str, questions: Iterable[str] = ()) -> tuple[Field, ...]:
    """What a section asks; of the call's own questions, a text for each."""
    return tuple(Field(code) for code in questions) if section == QUESTIONS else FIELDS.get(section, ())


def texts_of(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields beside which a translation has room."""
    return (one for one in fields if one.kind is Kind.TEXT)


# ---------------------------------------------------------------------------------------------------- as it is kept


def kept(fields: Iterable[Field], given: Content) -> dict[str, Any]:
    """What is kept of a page: known fields alone, without those that are empty and empty rows, rows under their ids."""
    found: dict[str, Any] = {}
    for one in fields:
        value = given.get(one.name)
        tidy = _tidy(one, value)
        if tidy:
            found[one.name] = tidy
        translated = given.get(one.name + COURTESY)
        if one.kind is Kind.TEXT and isinstance(translated, str) and translated.strip():
            found[one.name + COURTESY] = translated
    return found


def _tidy(field: Field, value: object) -> object:
    if field.kind is Kind.ROWS:
        return _tidy_rows(field, value if isinstance(value, list) else [])
    if field.kind is Kind.SEVERAL:
        return list(dict.fromkeys(str(one) for one in value if one)) if isinstance(value, list) else []
    if field.kind is Kind.TEXT:
        return value if isinstance(value, str) and value.strip() else ""
    return value.strip() if isinstance(value, str) else ""


def _tidy_rows(field: Field, rows: list[Any]) -> list[dict[str, Any]]:
    """Rows that say anything; an id that is missing or there twice is given anew, the others stay what they were."""
    found: list[dict[str, Any]] = []
    for row in rows:
        says = kept(field.columns, row) if isinstance(row, Mapping) else {}
        if says:
            found.append({"id": str(row.get("id") or ""), **says})
    seen: set[str] = set()
    for row in found:
        if not _is_id(field, row["id"]) or row["id"] in seen:
            row["id"] = ""
        seen.add(row["id"])
    following = 1 + max((int(one[len(field.prefix) :]) for one in seen if one), default=0)
    for row in found:
        if not row["id"]:
            row["id"], following = f"{field.prefix}{following}", following + 1
    return found


def _is_id(field: Field, text: str) -> bool:
    number = text.removeprefix(field.prefix)
    return text.startswith(field.prefix) and number.isascii() and number.isdigit() and 0 < len(number) <= 4


def rows_of(content: Content | None, name: str) -> list[dict[str, Any]]:
    """The rows of a field; none where nothing is there."""
    found = (content or {}).get(name)
    return found if isinstance(found, list) else []


def following_id(field: Field, rows: Iterable[Mapping[str, Any]]) -> int:
    """The number of the next row of a field."""
    return 1 + max((int(row["id"][len(field.prefix) :]) for row in rows if _is_id(field, row["id"])), default=0)
