"""Budget against actual: what each project may spend, what is committed and what was spent, by class."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from fundapp.finance.drawn import facts_of
from fundapp.finance.queries.parts import ProjectFacts, bound, projects
from fundapp.finance.queries.trial import posted
from fundapp.finance.rules.books import EXPENDITURE_TOTAL
from fundapp.finance.rules.reports import (
    BEGINNING,
    BUDGET,
    Amount,
    Label,
    Opens,
    Report,
    ReportCell,
    ReportColumn,
    ReportRow,
    RowKind,
    Term,
    class_groups,
)
from fundapp.finance.rules.spending import Use, total
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.kernel.languages import LANGUAGES
from fundapp.ledger.models import Account

COLUMNS = ("allotted", "committed", "spent-period", "spent", "left", "used")
NOBODY = "none"  # in the address: lines of no project
NO_PROJECT = ProjectFacts(0, "-", "")


class Chart:
    """The accounts of expenditure: their names, and which classes are booked on them."""

    def __init__(self, session: Session) -> None:
        found = session.query(Account).order_by(Account.code).all()
        self.names = {one.code: one.names for one in found}
        self.groups = class_groups({one.code: one.erp_class for one in found})
        self._of = {one.code: one.erp_class or one.code for one in found}

    def group(self, code: str) -> str:
        """What a class or an account is shown under: the classes that share its accounts."""
        accounts = self.groups.get(code)
        return self._of.get(accounts[0], code) if accounts else self._of.get(code, code)

    def label(self, group: str) -> Label:
        """What a group is called: the names of its accounts."""
        accounts = [code for code, known in self._of.items() if known == group]
        if not accounts:
            return group
        return {one: " / ".join(self.names[code][one] for code in accounts) for one in LANGUAGES}

    def lines(self, group: str) -> str:
        """The accounts of a group, whose entries are those behind its figures."""
        return ",".join(code for code, known in self._of.items() if known == group)


def budget_actual(session: Session, fund: Fund, first: date, last: date, closed: Collection[int] = ()) -> Report:
    """What each project may spend to the end of a period, what of it is committed, and what was spent; projects of
    proposals that are closed to the reader are left out, of the totals too. Four queries."""
    known = projects(session, fund.id, closed)
    chart, every = Chart(session), bound(session, fund.id, last, first).uses
    rows: list[ReportRow] = []
    every_part: list[Use] = []
    budgeted = Use()
    for project in (*known.values(), NO_PROJECT):
        found: dict[str, Use] = {}
        for (key, code), part in every.items():
            if key == project.id:
                group = chart.group(code)
                found[group] = found.get(group, Use()) + part
        if found:
            part = total(found.values())
            every_part.append(part)
            budgeted += part if project.id else Use()
            rows += _of_project(project, found, chart, (first, last))
    spent = None if closed else Opens(EXPENDITURE_TOTAL, first, last)
    rows.append(_total(total(every_part), budgeted, spent))
    columns = tuple(ReportColumn(code, Term(f"budget.{code}"), figures=code != "used") for code in COLUMNS)
    return Report(
        BUDGET, facts_of(fund), first, last, fund.basis.value, Term("project-class"), columns, tuple(rows),
        (Term("note.budget"), Term("note.committed")), posted(session, fund.id, first, last), now(),
    )  # fmt: skip


def _of_project(
    project: ProjectFacts, found: Mapping[str, Use], chart: Chart, span: tuple[date, date]
) -> Iterator[ReportRow]:
    """A project's classes and its total; what was spent of no project has no budget to be set against."""
    known = bool(project.id)
    title: Label = f"{project.code} · {project.title}" if known else Term("no-project")
    thing, of = (Opens(thing="project", number=project.code), project.code) if known else (None, NOBODY)
    yield ReportRow(project.code, "group", 0, title, (None,) * len(COLUMNS), thing)
    for group in sorted(found):
        spent = Opens(chart.lines(group), *span, project=of)
        yield _row(f"{project.code}/{group}", "account", chart.label(group), found[group], spent, thing, known)
    if known:
        spent, whole = Opens(EXPENDITURE_TOTAL, *span, project=of), total(found.values())
        yield _row(f"{project.code}/total", "total", Term("total-of-project"), whole, spent, thing)


def _row(
    code: str, kind: RowKind, label: Label, part: Use, spent: Opens | None, thing: Opens | None, known: bool = True
) -> ReportRow:
    whole = replace(spent, first=BEGINNING if known else spent.first) if spent else None
    cells: tuple[ReportCell, ...] = (
        Amount(part.allotted, thing), Amount(part.committed, thing), Amount(part.since, spent),
        Amount(part.spent, whole), Amount(part.left) if known else None, _used(part),
    )  # fmt: skip
    return ReportRow(code, kind, int(kind == "account"), label, cells, None, part.left < 0 and known)


def _total(part: Use, budgeted: Use, spent: Opens | None) -> ReportRow:
    """Of everything; what is left and used is of the projects, which have a budget."""
    cells: tuple[ReportCell, ...] = (
        Amount(part.allotted), Amount(part.committed), Amount(part.since, spent), Amount(part.spent),
        Amount(budgeted.left), _used(budgeted),
    )  # fmt: skip
    return ReportRow("TOTAL", "grand", 0, Term("total"), cells)


def _used(part: Use) -> Label | None:
    """What share of the budget is committed or spent, per cent."""
    if part.allotted <= 0:
        return None
    return Term("per-cent", {"number": round((part.committed + part.spent) * 100 / part.allotted)})
