"""Setting a fund up: its names, rates, criteria, focus areas, statement layout and Board."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from importlib import resources

import sqlalchemy as sa

from fundapp.access.models import Scope
from fundapp.access.operation import operation
from fundapp.access.policy import Permission
from fundapp.funds.models import (
    Basis,
    Board,
    CriteriaEdition,
    Criterion,
    CriterionAnchor,
    FocusArea,
    Fund,
    FundLayout,
    StatementLayout,
    StatementLine,
    SupportCostRate,
)
from fundapp.funds.queries import funds
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.work import Work

STANDARD_RATE = Decimal("0.13")  # of expenditure, for programme support; the organisation's standard
RESERVE = Decimal("0.15")  # of the year's estimated expenditure, kept back
LAST_BIENNIUM = 2017  # A/HRC/47/19 prints biennia until 2016-2017, then single years
FIRST_DAY = date(2008, 1, 1)
BOARD_NAMES = {
    "name_ar": "مجلس أمناء صندوق التبرعات من أجل التعاون التقني",
    "name_zh": "技术合作自愿基金董事会",
    "name_en": "Board of Trustees of the Voluntary Fund for Technical Cooperation",
    "name_fr": "Conseil d’administration du Fonds pour la coopération technique",
    "name_ru": "Совет попечителей Фонда технического сотрудничества",
    "name_es": "Junta de Síndicos del Fondo para la Cooperación Técnica",
}


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("fundapp.funds").joinpath("data", f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def _six(row: dict[str, str]) -> dict[str, str]:
    return {f"name_{language}": row[f"name_{language}"] for language in LANGUAGES}


def _names(row: dict[str, str]) -> dict[str, str]:
    return _six(row) | {"to_check": row["to_check"]}


@operation(Permission.FUND_SET_UP)
def set_up(work: Work, subject: None) -> int:
    """Set up the funds that are not there yet, with the Board they share; says how many were new."""
    for known_fund in funds(work.session):
        _first_edition(work, known_fund.id)
    known = {fund.code for fund in funds(work.session)}
    wanted = [row for row in _rows("funds") if row["code"] not in known]
    layouts = _layouts(work)
    if not wanted:
        _follow(work, layouts)
        return 0
    board, layout = _board(), next(iter(layouts.values()))
    work.session.add(board)
    work.session.flush()
    for row in wanted:
        scope = Scope(kind="fund", code=row["code"])
        work.session.add(scope)
        work.session.flush()
        work.session.add(_fund(row, scope, board, layout))
        work.session.flush()
        work.session.add_all(_criteria(scope.id))
        work.session.flush()
        _first_edition(work, scope.id)
    _follow(work, layouts)
    return len(wanted)


def _layouts(work: Work) -> dict[date, StatementLayout]:
    """The layouts of the statement by the day that each is printed from, the oldest first; new ones are added."""
    known = {one.code: one for one in work.session.scalars(sa.select(StatementLayout))}
    found: dict[date, StatementLayout] = {}
    for row in _rows("layouts"):
        if (one := known.get(row["code"])) is None:
            one = StatementLayout(code=row["code"], lines=_lines(row["lines"]))
            work.session.add(one)
            work.session.flush()
        found[date.fromisoformat(row["since"])] = one
    return found


def _follow(work: Work, layouts: dict[date, StatementLayout]) -> None:
    """Have each fund print the layouts from their days on, where it does not yet; funds were set up before there was
    more than one."""
    known = {(one.fund_id, one.since) for one in work.session.scalars(sa.select(FundLayout))}
    work.session.add_all(
        FundLayout(fund_id=fund.id, since=since, layout_id=one.id)
        for fund in funds(work.session)
        for since, one in layouts.items()
        if (fund.id, since) not in known
    )


def _first_edition(work: Work, fund_id: int) -> None:
    """Give a fund's first criteria their questions and scales; funds were set up before criteria had any."""
    known = sa.select(CriteriaEdition.id).where(CriteriaEdition.fund_id == fund_id).limit(1)
    if work.session.scalar(known) is not None:
        return
    steps = _rows("criterion_steps")
    asked = {row["code"]: row for row in _rows("criterion_questions")}
    for one in work.session.scalars(sa.select(Criterion).where(Criterion.fund_id == fund_id)):
        if (row := asked.get(one.code)) is None:
            continue
        for language in LANGUAGES:
            setattr(one, f"question_{language}", row[f"question_{language}"])
        one.lowest, one.highest, one.may_skip = int(row["lowest"]), int(row["highest"]), row["may_skip"] == "1"
        work.session.add_all(
            CriterionAnchor(criterion_id=one.id, step=int(step["step"]), **_six(step))
            for step in steps
            if step["code"] == one.code
        )
    work.session.add(CriteriaEdition(fund_id=fund_id, number=1, reason="", at=work.at, by=str(work.actor)))


def _fund(row: dict[str, str], scope: Scope, board: Board, layout: StatementLayout) -> Fund:
    return Fund(
        id=scope.id,
        code=row["code"],
        **_names(row),
        **{f"short_{language}": row[f"short_{language}"] for language in LANGUAGES},
        basis=Basis.ACCRUAL,
        reserve_rate=RESERVE,
        biennial_until=LAST_BIENNIUM,
        board_approves=False,
        board_id=board.id,
        layout_id=layout.id,
        rates=[SupportCostRate(since=FIRST_DAY, rate=STANDARD_RATE)],
    )


def _board() -> Board:
    return Board(code="AHA", to_check="ar,zh,fr,ru,es", **BOARD_NAMES)


def _lines(file: str) -> list[StatementLine]:
    return [
        StatementLine(
            position=int(row["position"]),
            code=row["code"],
            section=row["section"],
            kind=row["kind"],
            level=int(row["level"]),
            if_moved=row["if_moved"] == "1",
            **_names(row),
        )
        for row in _rows(file)
    ]


def _criteria(fund_id: int) -> list[Criterion | FocusArea]:
    criteria: list[Criterion | FocusArea] = [
        Criterion(fund_id=fund_id, position=int(r["position"]), code=r["code"], weight=int(r["weight"]), **_names(r))
        for r in _rows("criteria")
    ]
    areas = [
        FocusArea(fund_id=fund_id, position=int(row["position"]), code=row["code"], **_names(row))
        for row in _rows("focus_areas")
    ]
    return criteria + areas
