"""The stages of a proposal as data: the moves between them, who makes each, what must be true, whom it tells. Pure.

Permissions and letters are named as text and conditions by name: this table says what is asked, the operations find out
whether it is so. Packages that stand above this one lengthen the course by moves of their own: `COURSE.longer(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where a proposal stands; scoring, the Board and projects add stages of their own behind `eligible`."""

    DRAFT = "draft"
    CLEARED = "cleared"
    SUBMITTED = "submitted"
    IN_SCREENING = "in-screening"
    RETURNED = "returned"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


# Stages in which the office may write; from `submitted` on a version is fixed
WRITABLE = frozenset({Stage.DRAFT, Stage.RETURNED})
# What is still the office's own: nobody beyond it knows of the proposal
OF_THE_OFFICE = frozenset({Stage.DRAFT, Stage.CLEARED, Stage.DISCARDED})
# Stages that packages above this one add, for lists to be narrowed to
LATER_STAGES: list[str] = []
BACK = "back"  # where a move leads that takes a proposal to the stage that it came from


@dataclass(frozen=True, slots=True)
class Move:
    """A move between stages.

    to: a stage, or BACK. permission and roles: who makes it. needs: conditions that must be true. tells: letters that
    go out. undone_by: the move that takes it back while that is harmless; None where it stands.
    """

    name: str
    origins: tuple[str, ...]
    to: str
    permission: str
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    undone_by: str | None = None


_OFFICE, _HEAD = ("field-officer", "head-of-office"), ("head-of-office",)
_DESK, _SECRETARY = ("desk-officer", "secretary"), ("secretary",)
# "not-the-writer" is true of whoever wrote nothing of it, and of the only person that an office has
_WHOLE = ("complete", "consent-given", "budget-within-limits")

MOVES = (
    # --- the office's own
    Move(
        "clear", (Stage.DRAFT,), Stage.CLEARED, "proposal:clear", _HEAD,
        (*_WHOLE, "not-the-writer"), ("proposal-cleared",), "reopen",
    ),
    Move(
        "reopen", (Stage.CLEARED,), Stage.DRAFT, "proposal:write", _OFFICE,
        (), ("proposal-reopened",), None,
    ),
    Move(
        "submit", (Stage.CLEARED,), Stage.SUBMITTED, "proposal:submit", _OFFICE,
        (*_WHOLE, "call-open-or-exception"), ("proposal-received", "proposal-arrived"), "take-back",
    ),
    Move(
        "take-back", (Stage.SUBMITTED,), Stage.CLEARED, "proposal:submit", _OFFICE,
        ("never-returned", "call-open-or-exception"), ("proposal-taken-back",), None,
    ),
    Move(
        "submit-again", (Stage.RETURNED,), Stage.SUBMITTED, "proposal:clear", _HEAD,
        (*_WHOLE, "not-the-writer", "return-in-time-or-exception"),
        ("proposal-received", "proposal-changed"), None,
    ),
    Move(
        "withdraw", (Stage.SUBMITTED, Stage.IN_SCREENING, Stage.RETURNED, Stage.ELIGIBLE), Stage.WITHDRAWN,
        "proposal:withdraw", _HEAD, ("reason-given", "nothing-decided"), ("proposal-withdrawn",), "reinstate",
    ),
    Move(
        "discard", (Stage.DRAFT,), Stage.DISCARDED, "proposal:write", _OFFICE,
        (), ("proposal-discarded",), "bring-back",
    ),
    Move("bring-back", (Stage.DISCARDED,), Stage.DRAFT, "proposal:write", _OFFICE, (), (), "discard"),
    # --- the secretariat's
    Move(
        "start-screening", (Stage.SUBMITTED,), Stage.IN_SCREENING, "proposal:screen", _DESK,
        (), (), "put-back",
    ),
    Move(
        "put-back", (Stage.IN_SCREENING,), Stage.SUBMITTED, "proposal:screen", _DESK,
        ("nothing-marked",), (), "start-screening",
    ),
    Move(
        "return", (Stage.IN_SCREENING,), Stage.RETURNED, "proposal:screen", _DESK,
        ("reason-given", "deadline-ahead"), ("proposal-returned",), "lift-return",
    ),
    Move(
        "lift-return", (Stage.RETURNED,), Stage.IN_SCREENING, "proposal:screen", _DESK,
        ("unchanged-since-return",), ("return-lifted",), None,
    ),
    Move(
        "find-eligible", (Stage.IN_SCREENING,), Stage.ELIGIBLE, "proposal:screen", _DESK,
        ("checklist-passed", "consent-given", "questions-answered"), ("proposal-eligible",), "screen-again",
    ),
    Move(
        "find-ineligible", (Stage.IN_SCREENING,), Stage.INELIGIBLE, "proposal:screen", _DESK,
        ("checklist-filled", "reason-given"), ("proposal-ineligible",), "screen-again",
    ),
    Move(
        "screen-again", (Stage.ELIGIBLE, Stage.INELIGIBLE), Stage.IN_SCREENING, "proposal:screen", _DESK,
        ("reason-given", "nothing-decided"), ("screening-reopened",), None,
    ),
    Move(
        "reinstate", (Stage.WITHDRAWN,), BACK, "proposal:reinstate", _SECRETARY,
        ("reason-given", "nothing-decided"), ("proposal-reinstated",), None,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Course:
    """The whole way of a proposal: where it begins and all moves."""

    begins: str
    moves: tuple[Move, ...]

    def __post_init__(self) -> None:
        names = [move.name for move in self.moves]
        if len(set(names)) < len(names):
            raise ValueError("two moves have one name")
        if unknown := {move.undone_by for move in self.moves if move.undone_by} - set(names):
            raise ValueError(f"no move is called {', '.join(sorted(unknown))}")

    def longer(self, *moves: Move) -> Course:
        """The course with further moves, of a package that knows further stages."""
        return Course(self.begins, (*self.moves, *moves))

    def move(self, name: str) -> Move:
        """The move of that name; KeyError where there is none."""
        return {move.name: move for move in self.moves}[name]

    def stages(self) -> tuple[str, ...]:
        """Every stage, in the order of the moves."""
        found = (stage for move in self.moves for stage in (*move.origins, move.to) if stage != BACK)
        return tuple(dict.fromkeys((self.begins, *found)))

    def moves_from(self, stage: str) -> tuple[Move, ...]:
        """What can become of a proposal that stands there."""
        return tuple(move for move in self.moves if stage in move.origins)

    def destinations(self, move: Move) -> tuple[str, ...]:
        """Where a move may lead: of one that leads back, wherever its stages were come to from."""
        if move.to != BACK:
            return (move.to,)
        return tuple(
            dict.fromkeys(origin for other in self.moves if other.to in move.origins for origin in other.origins)
        )


COURSE = Course(Stage.DRAFT, MOVES)


def moves_from(stage: str, course: Course = COURSE) -> tuple[Move, ...]:
    """The moves that a stage has, whoever makes them."""
    return course.moves_from(stage)


def allowed(stage: str, move: str, course: Course = COURSE) -> bool:
    """Whether a move begins at a stage; who may make it and what it needs is asked apart."""
    return any(found.name == move for found in course.moves_from(stage))


def missing(move: str, facts: Mapping[str, bool], course: Course = COURSE) -> tuple[str, ...]:
    """The conditions of a move that are not true, in their order; what nobody has found out is not true."""
    return tuple(need for need in course.move(move).needs if not facts.get(need, False))


def destination(move: str, before: str, course: Course = COURSE) -> str:
    """The stage that a move leads to; before: the stage that the proposal had before the one it has now."""
    found = course.move(move)
    if found.to != BACK:
        return found.to
    if before not in course.destinations(found):
        raise ValueError(f"{move} does not lead back to {before}")
    return before


def ends(course: Course = COURSE) -> tuple[str, ...]:
    """Stages that nothing leads on from but what takes a move back."""
    undoing = {move.undone_by for move in course.moves}
    return tuple(stage for stage in course.stages() if all(move.name in undoing for move in course.moves_from(stage)))


# -------------------------------------------------------------------------------------------------------- drawing

COLUMNS = ("move", "from", "to", "who", "needs", "tells", "undone by")


def drawn(course: Course = COURSE, say: Callable[[str], str] = str) -> str:
    """The table of moves as text, for a page of documents; say: the words of a name, in some language."""
    rows = [tuple(map(say, COLUMNS)), *(tuple(_cells(move, say)) for move in course.moves)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(COLUMNS))]
    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    head, *body = (_row(row, widths) for row in rows)
    return "\n".join((head, rule, *body)) + "\n"


def _cells(move: Move, say: Callable[[str], str]) -> Iterator[str]:
    parts = (
        *((move.name,), move.origins, (move.to,), move.roles),
        *(move.needs, move.tells, (move.undone_by,) if move.undone_by else ()),
    )
    for names in parts:
        yield ", ".join(map(say, names)) or "-"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))} |"
