"""Budget against actual: what each project may spend, what is committed and what was spent, by class."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy.orm import Session

from fundapp.finance.queries.parts import ProjectFacts, parts, projects
from fundapp.finance.queries.statements import facts_of
from fundapp.finance.queries.trial import posted
from fundapp.finance.rules.reports import (
    BEGINNING,
    BUDGET,
    Amount,
    Label,
    Opens,
    Part,
    Report,
    ReportCell,
    ReportColumn,
    ReportRow,
    RowKind,
    Term,
    class_groups,
    together,
)
from fundapp.funds.models import Fund
from fundapp.kernel.clock import now
from fundapp.kernel.languages import LANGUAGES
from fundapp.ledger.models import Account

COLUMNS = ("allotted", "committed", "spent-period", "spent", "left", "used")
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

    def only(self, group: str) -> str:
        """The account of a group, where it has one alone: its entries are those behind a figure."""
        accounts = [code for code, known in self._of.items() if known == group]
        return accounts[0] if len(accounts) == 1 else ""


def budget_actual(session: Session, fund: Fund, first: date, last: date, closed: Collection[int] = ()) -> Report:
    """What each project may spend to the end of a period, what of it is committed, and what was spent; projects of
    proposals that are closed to the reader are left out, of the totals too. Six queries."""
    known = projects(session, fund.id, closed)
    chart, every = Chart(session), parts(session, fund.id, first, last)
    rows: list[ReportRow] = []
    totals: list[Part] = []
    for project in (*known.values(), NO_PROJECT):
        found: dict[str, Part] = {}
        for (key, code), part in every.items():
            if key == project.id:
                group = chart.group(code)
                found[group] = found.get(group, Part()) + part
        if found:
            totals.append(together(found.values()))
            rows += _of_project(project, found, chart, (first, last))
    rows.append(_row("TOTAL", "grand", 0, Term("total"), together(totals), None))
    columns = tuple(ReportColumn(code, Term(f"budget.{code}"), figures=code != "used") for code in COLUMNS)
    return Report(
        BUDGET, facts_of(fund), first, last, fund.basis.value, Term("project-class"), columns, tuple(rows),
        (Term("note.budget"), Term("note.committed")), posted(session, fund.id, first, last), now(),
    )  # fmt: skip


def _of_project(
    project: ProjectFacts, found: Mapping[str, Part], chart: Chart, span: tuple[date, date]
) -> Iterator[ReportRow]:
    code = project.code if project.id else "none"
    title: Label = f"{project.code} · {project.title}" if project.id else Term("no-project")
    opens = Opens(thing="project", number=project.code) if project.id else None
    yield ReportRow(project.code, "group", 0, title, (None,) * len(COLUMNS), opens)
    for group in sorted(found):
        leads = (Opens(chart.only(group), *span, project=code), opens)
        yield _row(f"{project.code}/{group}", "account", 1, chart.label(group), found[group], leads)
    total = together(found.values())
    yield _row(
        f"{project.code}/total", "total", 0, Term("total-of-project"), total, (Opens("", *span, project=code), opens)
    )


def _row(
    code: str, kind: RowKind, level: int, label: Label, part: Part, leads: tuple[Opens, Opens | None] | None
) -> ReportRow:
    spent, project = leads if leads and leads[0].line else (None, leads[1] if leads else None)
    whole = Opens(spent.line, BEGINNING, spent.last, project=spent.project) if spent else None
    cells: tuple[ReportCell, ...] = (
        Amount(part.allotted, project), Amount(part.open, project), Amount(part.since, spent),
        Amount(part.spent, whole), Amount(part.left), _used(part),
    )  # fmt: skip
    return ReportRow(code, kind, level, label, cells, None, part.left < 0 and bool(part.allotted))


def _used(part: Part) -> Label | None:
    """What share of the budget is committed or spent, per cent."""
    if part.allotted <= 0:
        return None
    return Term("per-cent", {"number": round((part.open + part.spent) * 100 / part.allotted)})
