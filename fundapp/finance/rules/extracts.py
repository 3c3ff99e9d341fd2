"""Extracts of expenditure: how a source writes them, what of one is new, and what it posts. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from typing import Any, NamedTuple

from fundapp.finance.rules.books import ERP_CLASSES
from fundapp.finance.rules.revisions import Kept, Move, Revision, Revisions, Spent
from fundapp.kernel.errors import Fault
from fundapp.ledger.core import LARGEST, LONGEST_MEMO, MOST_LINES, Entry, Line

PROJECT, CLASS = "project", "class"  # what of a line may be unknown
REQUIRED = ("posted_on", "document", "line", "project", "class", "cents")
FIELDS = (*REQUIRED, "text", "currency", "minor", "kind", "commitment", "account", "fund")
DAYS = {"ymd": "2020-12-31", "dmy": "31.12.2020", "mdy": "12/31/2020"}
MARKS = (".", ",")
LONGEST_CODE, LONGEST_NAME, LONGEST_HEADING, MOST_NAMES = 40, 200, 80, 500
MEMO = "Expenditure: "  # and the batch and the day; finance/views/memos.py says it in six languages
UNDONE = "Expenditure taken back: "
_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a source writes its extracts. columns: what -> heading; classes: class -> account; projects: what the file
    says -> code of the project account, or nothing where it is the fund's own work."""

    columns: Mapping[str, str]
    days: str = "ymd"
    mark: str = "."
    fund_codes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    total: str = "TOTAL"  # what stands in the place of the document in the row that adds up; "" for none
    classes: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "columns": dict(self.columns), "days": self.days, "mark": self.mark, "fund_codes": list(self.fund_codes),
            "left_out": list(self.left_out), "total": self.total, "classes": dict(self.classes),
            "projects": dict(self.projects),
        }  # fmt: skip


def layout_from(settings: Mapping[str, Any]) -> Layout:
    """The layout that was kept."""
    return Layout(
        settings["columns"], settings["days"], settings["mark"], tuple(settings["fund_codes"]),
        tuple(settings["left_out"]), settings["total"], settings["classes"], settings["projects"],
    )  # fmt: skip


def _classes() -> dict[str, str]:
    """Class -> the first account that it is booked on."""
    found: dict[str, str] = {}
    for account, classes in ERP_CLASSES.items():
        for code in classes.split(","):
            found.setdefault(code, account)
    return found


_UMOJA = {
    "posted_on": "Posting date", "document": "Document", "line": "Line", "fund": "Fund", "project": "Project",
    "class": "Class", "text": "Text", "currency": "Currency", "minor": "Amount", "cents": "Amount in USD",
    "kind": "Kind", "commitment": "Commitment",
}  # fmt: skip
_PLAIN = {
    "posted_on": "posted_on", "document": "document", "line": "line", "project": "project", "class": "class",
    "account": "account", "text": "text", "currency": "currency", "minor": "amount", "cents": "usd", "kind": "kind",
    "commitment": "commitment",
}  # fmt: skip
STANDARD = {
    "umoja": ("Umoja", Layout(_UMOJA, classes=_classes())),
    "plain": ("Plain columns, the account named", Layout(_PLAIN, classes=_classes())),
}


def wrong_with(code: str, name: str, layout: Layout, accounts: Mapping[str, object]) -> list[Fault]:
    """What is wrong with a profile that somebody writes. accounts: those that expenditure is booked on."""
    faults = [] if _CODE.fullmatch(code) else [Fault("extract.profile-code", {"code": code[:40]}, field="code")]
    if not 0 < len(name) <= LONGEST_NAME:
        faults.append(Fault("extract.profile-name", {"largest": LONGEST_NAME}, field="name"))
    faults += [Fault("extract.no-heading", field=f"column_{one}") for one in REQUIRED if not layout.columns.get(one)]
    headings = [heading for heading in layout.columns.values() if heading]
    for one, heading in layout.columns.items():
        if len(heading) > LONGEST_HEADING:
            faults.append(Fault("extract.heading-long", {"largest": LONGEST_HEADING}, field=f"column_{one}"))
        elif heading and headings.count(heading) > 1:
            faults.append(Fault("extract.heading-twice", {"heading": heading}, field=f"column_{one}"))
    if len(layout.classes) > MOST_NAMES or len(layout.projects) > MOST_NAMES:
        faults.append(Fault("extract.many-names", {"largest": MOST_NAMES}, field="classes"))
    for given, account in layout.classes.items():
        if account not in accounts:
            faults.append(Fault("extract.no-account", {"name": given[:60], "account": account[:40]}, field="classes"))
    return faults


class Booked(NamedTuple):
    """How a line stands in the books: what a changed one takes back."""

    posted_on: date
    project_id: int | None
    account_id: int
    cents: int
    commitment: str


class Known(NamedTuple):
    """A line that came before: its newest revision of all, what it said last, and how it stands in the books."""

    revision: int
    facts: tuple[object, ...] | None
    booked: Booked | None


Resolve = Callable[[Spent], tuple[int | None, int | None, str]]  # project, account, what is unknown


@dataclass(slots=True)
class Plan:
    """What a file comes to. cents: what it posts; waiting: its lines whose project or class nobody knows."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    waiting: int = 0
    cents: int = 0
    first: date = date.max
    last: date = date.min
    revisions: Revisions = field(default_factory=Revisions)
    unknown: dict[tuple[str, str], int] = field(default_factory=dict)  # (what, as written) -> lines


Before = Callable[[Sequence[Spent]], Mapping[tuple[str, str], Known]]  # what of some lines came before
TOGETHER = 5_000  # lines of which is asked at a time what came before


def compared(rows: Iterable[Spent], before: Before, resolve: Resolve) -> Plan:
    """What of the rows is new, changed and the same as before."""
    plan, given = Plan(), iter(rows)
    while some := list(islice(given, TOGETHER)):
        known = before(some)
        for row in some:
            _compare(plan, row, known.get((row.document, row.line)) if known else None, resolve)
    return plan


def _compare(plan: Plan, row: Spent, before: Known | None, resolve: Resolve) -> None:
    plan.rows += 1
    if row.posted_on < plan.first:
        plan.first = row.posted_on
    if row.posted_on > plan.last:
        plan.last = row.posted_on
    if before is not None and before.facts == row.facts() and not _moved(row, before, resolve):
        plan.same += 1
        return
    if before is None or before.facts is None:
        plan.added += 1
    else:
        plan.changed += 1
    made = revised(row, before, resolve(row))
    plan.revisions.add(made)
    for one in made:
        for move in one.moves:
            plan.cents += move.cents
    if waits := made[-1].waits:
        plan.waiting += 1
        for what in waits.split(","):
            said = (what, row.project if what == PROJECT else row.erp_class)
            plan.unknown[said] = plan.unknown.get(said, 0) + 1


def _moved(row: Spent, before: Known, resolve: Resolve) -> bool:
    """Whether the file names another account for the line than it is booked on."""
    return bool(row.account and before.booked and before.booked.account_id != resolve(row)[1])


def revised(row: Spent, before: Known | None, meant: tuple[int | None, int | None, str]) -> list[Revision]:
    """The revisions that a new or changed line makes: one, or two where it moved to another day, for then it is taken
    back on the day that it stood on. A line that waits leaves in the books what was there."""
    project, account, waits = meant
    number = 1 + (before.revision if before else 0)
    if waits:
        return [Revision(row, number, row.posted_on, row.cents, project, account, waits, (), ())]
    assert account is not None
    booked = before.booked if before else None
    made = []
    if booked and booked.posted_on != row.posted_on and booked.cents:
        back = (Move(booked.account_id, booked.project_id, -booked.cents),)
        gone = _pays((booked.commitment, -booked.cents))
        made.append(
            Revision(row, number, booked.posted_on, 0, booked.project_id, booked.account_id, "", back, gone)
        )  # fmt: skip
        number, booked = number + 1, None
    moves, pays = _difference(row, project, account, booked)
    return [*made, Revision(row, number, row.posted_on, row.cents, project, account, "", moves, pays)]


def _difference(
    row: Spent, project: int | None, account: int, booked: Booked | None
) -> tuple[tuple[Move, ...], tuple[tuple[str, int], ...]]:
    if booked is None:
        moves = (Move(account, project, row.cents),) if row.cents else ()
        return moves, ((row.commitment, row.cents),) if row.commitment and row.cents else ()
    if (booked.account_id, booked.project_id) == (account, project):
        parts = [Move(account, project, row.cents - booked.cents)]
    else:
        parts = [Move(booked.account_id, booked.project_id, -booked.cents), Move(account, project, row.cents)]
    if booked.commitment == row.commitment:
        pays = _pays((row.commitment, row.cents - booked.cents))
    else:
        pays = _pays((booked.commitment, -booked.cents), (row.commitment, row.cents))
    return tuple(part for part in parts if part.cents), pays


def given_back(
    before: Mapping[tuple[str, str], Known], after: Mapping[tuple[str, str], Known]
) -> Iterator[tuple[str, int]]:
    """What commitments are paid less once a batch is taken back: number and cents, negative."""
    for key, known in before.items():
        was, now = known.booked, after[key].booked
        if was and was.commitment and was != now:
            yield was.commitment, -was.cents
        if now and now.commitment and was != now:
            yield now.commitment, now.cents


def _pays(*parts: tuple[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(part for part in parts if part[0] and part[1])


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry and the revisions that are in it."""

    entry: Entry
    revisions: Sequence[Kept]


def pieces(
    fund_id: int, cash: int, moving: Iterable[Kept], about: str, open_day: Callable[[date], date]
) -> Iterator[Piece]:
    """The entries that revisions post, which come by their days: one for each day, more where a day has more lines than
    an entry takes. Each move is a line, and cash is one. A day that takes no entries any more posts to the first after
    it that does."""
    for day, group in groupby(moving, key=lambda one: one.posted_on):
        booked = open_day(day)
        memo = f"{MEMO}{about}, {day.isoformat()}"[:LONGEST_MEMO]
        for part in _parts(list(group)):
            lines = [Line(account, cents, None, project) for one in part for account, project, cents in one.moves]
            if left := sum(line.cents for line in lines):
                lines.append(Line(cash, -left))
            yield Piece(Entry(fund_id, booked, memo, tuple(lines)), part)


def _parts(group: list[Kept]) -> Iterator[list[Kept]]:
    """A day's revisions, so many at a time as an entry takes: it has room for their lines and for their sum."""
    if len(group) * 2 < MOST_LINES and sum(abs(move[-1]) for one in group for move in one.moves) <= LARGEST:
        yield group
        return
    part: list[Kept] = []
    lines = sides = 0
    for one in group:
        more, much = len(one.moves), sum(abs(move[-1]) for move in one.moves)
        if part and (lines + more >= MOST_LINES or sides + much > LARGEST):
            yield part
            part, lines, sides = [], 0, 0
        part.append(one)
        lines, sides = lines + more, sides + much
    yield part


def resolver(layout: Layout, accounts: Mapping[str, int], projects: Mapping[str, int]) -> Resolve:
    """What a line means. accounts: code -> key, of expenditure; projects: code, or the ERP's -> key."""
    classes = {said: accounts[code] for said, code in layout.classes.items() if code in accounts}
    named: dict[str, int | None] = {"": None}
    named |= projects
    named |= {
        said: projects[code] if code else None for said, code in layout.projects.items() if not code or code in projects
    }
    found: dict[tuple[str, str, str], tuple[int | None, int | None, str]] = {}

    def meant(row: Spent) -> tuple[int | None, int | None, str]:
        key = (row.project, row.erp_class, row.account)
        if (known := found.get(key)) is None:
            account = accounts.get(row.account) if row.account else classes.get(row.erp_class)
            lacking = [PROJECT] * (row.project not in named) + [CLASS] * (account is None)
            known = found[key] = (named.get(row.project), account, ",".join(lacking))
        return known

    return meant
