"""The chart of accounts, the entries that open the books from a document, and a statement's arithmetic. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from fundapp.finance.printed import Printed, PrintedDonor
from fundapp.finance.statements import Row
from fundapp.kernel.languages import LANGUAGES, long_date, period
from fundapp.ledger.core import Entry, Line
from fundapp.ledger.rules import CONTRIBUTIONS, RECEIVABLE, ChartLine, Nature, unpaid

CASH, EARLIER, ADJUSTMENT = "AST.CASH", "EXP.EARLIER", "PRIOR.ADJ"
ADVANCE, OWED = "LIA.ADVANCE", "LIA.COMMITMENTS"
OPENING, CLOSING, NET = "OPENING", "CLOSING", "NET"
INCOME_TOTAL, EXPENDITURE_TOTAL = "INC.TOTAL", "EXP.TOTAL"
PRIOR_PLEDGES, CURRENT_PLEDGES = "PLEDGES.PRIOR", "PLEDGES.CURRENT"
# Classes of the organisation's ERP that are booked on a line of the statement.
ERP_CLASSES = {
    "EXP.STAFF": "010",
    "EXP.OTHERPERS": "010",
    "EXP.TRAVELSTAFF": "160",
    "EXP.TRAVELREP": "160",
    "EXP.CONTRACT": "120",
    "EXP.OPERATING": "125,130",
    "EXP.EQUIPMENT": "135",
    "EXP.GRANTS": "140,145",
    "EXP.PSC": "155",
}
# What the entries say that open the books; finance/views/memos.py says it in six languages.
TABLE2_PERIOD, TABLE1_LINE = "Table 2: ", "Table 1: "
MEMOS = {
    "opening": "Table 1: opening balance",
    "prior-pledges": "Table 1: unpaid pledges, prior periods",
    "pledges": "Table 1: unpaid pledges",
    "no-donor": "Table 1 beyond Table 2: no donor named",
}
_NATURES = {"income": Nature.INCOME, "expenditure": Nature.EXPENDITURE, "adjustment": Nature.INCOME}
_ASSETS = {
    CASH: ("النقدية", "现金", "Cash", "Trésorerie", "Денежные средства", "Efectivo"),
    RECEIVABLE: (
        "تبرعات مستحقة القبض",
        "应收捐款",
        "Contributions receivable",
        "Contributions à recevoir",
        "Взносы к получению",
        "Contribuciones por recibir",
    ),
}
_LIABILITIES = {
    ADVANCE: (
        "تبرعات مقبوضة سلفا",
        "预收捐款",
        "Contributions received in advance",
        "Contributions reçues d’avance",
        "Взносы, полученные авансом",
        "Contribuciones recibidas por anticipado",
    ),
    OWED: (
        "التزامات مرحّلة من سنوات سابقة",
        "以前年度结转的承付款",
        "Commitments carried over from earlier years",
        "Engagements reportés d’exercices antérieurs",
        "Обязательства, перенесенные с предыдущих лет",
        "Compromisos arrastrados de años anteriores",
    ),
}


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """A line of the statement's layout; labels by language, with {period}, {before}, {opening} and {closing}."""

    code: str
    section: str
    kind: str
    level: int
    if_moved: bool
    labels: Mapping[str, str]

    @property
    def is_account(self) -> bool:
        """Whether entries are posted to it."""
        return self.kind == "account" and self.section in _NATURES


def after(earlier: Sequence[LayoutLine], later: Sequence[LayoutLine]) -> list[LayoutLine]:
    """A layout, and in it the accounts that only an earlier one has, each where it stood: printed where they moved in
    the period, and counted in what there was before it."""
    found, there = list(later), {line.code for line in later}
    for place, line in enumerate(earlier):
        if line.code in there or not line.is_account:
            continue
        before = {one.code for one in earlier[:place]}
        at = max((n for n, one in enumerate(found, 1) if one.code in before), default=0)
        found.insert(at, replace(line, if_moved=True))
        there.add(line.code)
    return found


@dataclass(frozen=True, slots=True)
class Owed:
    """What a donor owed when the period began, promised during it, and paid during it; cents."""

    opening: int
    promised: int
    paid: int


def chart(layout: Sequence[LayoutLine]) -> list[ChartLine]:
    """The accounts of a fund that prints this layout: one for each line, and those of the balance."""
    balance = [
        ChartLine(code, nature, dict(zip(LANGUAGES, names, strict=True)))
        for nature, accounts in ((Nature.ASSET, _ASSETS), (Nature.LIABILITY, _LIABILITIES))
        for code, names in accounts.items()
    ]
    lines = [
        ChartLine(line.code, _NATURES[line.section], plain_labels(line), line.code, ERP_CLASSES.get(line.code))
        for line in layout
        if line.is_account
    ]
    return balance + lines


def plain_labels(line: LayoutLine) -> dict[str, str]:
    """The labels with their years taken out: the name of the account, whatever the period."""
    blanks = {"{period}": "…", "{before}": "…", "{opening}": "…", "{closing}": "…"}
    names = dict(line.labels)
    for blank, dots in blanks.items():
        names = {language: name.replace(blank, dots) for language, name in names.items()}
    return names


def label(template: str, language: str, first: date, last: date) -> str:
    """A label for a period, its years and dates filled in."""
    return template.format(
        period=period(first, last),
        before=first.year - 1,
        opening=long_date(first, language),
        closing=long_date(last, language),
    )


def opening_entries(
    fund_id: int,
    symbol: str,
    printed: Printed,
    layout: Sequence[LayoutLine],
    ids: Mapping[str, int],
    donors: Mapping[str, int],
) -> Iterator[Entry]:
    """The entries that open the books from a printed document, so that they carry its rows and not its totals.

    Contributions by donor and period as Table 2 has them; one amount of earlier expenditure, not itemised, that leads
    to the printed opening balance; the lines of Table 1; and what Table 1 received beyond Table 2, of no donor.
    ids: account code -> its key. donors: donor's code -> its key.
    """
    book = _Book(fund_id, symbol, ids)
    earlier_rows = [row for row in printed.donors if row.last < printed.first.year]
    later_rows = [row for row in printed.donors if row.first > printed.last.year]
    # A biennium that reaches over an end of the period cannot be parted: it is dated in the period, whose total is
    # Table 1's all the same
    period_rows = [row for row in printed.donors if row.last >= printed.first.year and row.first <= printed.last.year]
    yield from book.contributions(earlier_rows, donors)
    eve = printed.first - timedelta(days=1)
    spent = sum(row.cents for row in earlier_rows) - (printed.cents(OPENING) or 0)
    yield from book.paid(eve, MEMOS["opening"], EARLIER, spent)
    yield from book.owed(eve, MEMOS["prior-pledges"], -(printed.cents(PRIOR_PLEDGES) or 0))
    yield from book.contributions(period_rows, donors, printed.last)
    rest = (printed.cents(CONTRIBUTIONS) or 0) - sum(row.cents for row in period_rows)
    yield from book.received(printed.last, MEMOS["no-donor"], CONTRIBUTIONS, rest)
    for line in layout:
        cents = printed.cents(line.code) or 0
        if not line.is_account or line.code == CONTRIBUTIONS:
            continue
        memo = f"{TABLE1_LINE}{line.code}"
        if line.section == "expenditure":
            yield from book.paid(printed.last, memo, line.code, cents)
        else:
            yield from book.received(printed.last, memo, line.code, cents)
    yield from book.owed(printed.last, MEMOS["pledges"], -(printed.cents(CURRENT_PLEDGES) or 0))
    yield from book.contributions(later_rows, donors)


@dataclass(frozen=True, slots=True)
class _Book:
    fund_id: int
    symbol: str
    ids: Mapping[str, int]

    def _entry(self, on: date, memo: str, debit: str, credit: str, cents: int, donor: int | None) -> Iterator[Entry]:
        """An amount of nothing is no entry; a negative one goes the other way round."""
        if cents:
            lines = (Line(self.ids[debit], cents, donor), Line(self.ids[credit], -cents, donor))
            yield Entry(self.fund_id, on, memo, lines, self.symbol)

    def received(self, on: date, memo: str, account: str, cents: int, donor: int | None = None) -> Iterator[Entry]:
        return self._entry(on, memo, CASH, account, cents, donor)

    def paid(self, on: date, memo: str, account: str, cents: int) -> Iterator[Entry]:
        return self._entry(on, memo, account, CASH, cents, None)

    def owed(self, on: date, memo: str, cents: int) -> Iterator[Entry]:
        """Part of the balance is not cash yet: donors owe it, and the document does not say which."""
        return self._entry(on, memo, RECEIVABLE, CASH, cents, None)

    def contributions(
        self, rows: Sequence[PrintedDonor], donors: Mapping[str, int], until: date = date.max
    ) -> Iterator[Entry]:
        for row in rows:
            day = min(date(row.last, 12, 31), until)
            yield from self.received(day, f"{TABLE2_PERIOD}{row.period}", CONTRIBUTIONS, row.cents, donors[row.donor])


def statement_rows(
    layout: Sequence[LayoutLine],
    first: date,
    last: date,
    opening: Mapping[str, int],
    moved: Mapping[str, int],
    owed: Sequence[Owed],
    languages: Sequence[str] = LANGUAGES,
) -> tuple[Row, ...]:
    """The statement's lines for a period; opening and moved are debits less credits by account, in cents.

    languages: those of the labels; a page needs one.
    """
    amounts = _amounts(layout, opening, moved) | _memorandum(owed)
    return tuple(
        Row(
            line.code,
            line.section,
            line.kind,
            line.level,
            {language: label(line.labels[language], language, first, last) for language in languages},
            None if line.kind == "header" else amounts.get(line.code, 0),
        )
        for place, line in enumerate(layout)
        if not line.if_moved or amounts.get(line.code) or (line.kind == "header" and _heads(layout[place:], amounts))
    )


def _heads(lines: Sequence[LayoutLine], amounts: Mapping[str, int]) -> bool:
    """Whether something is printed under a header, the first of these lines."""
    under = takewhile(lambda line: line.level > lines[0].level, lines[1:])
    return any(not line.if_moved or amounts.get(line.code) for line in under)


def _amounts(layout: Sequence[LayoutLine], opening: Mapping[str, int], moved: Mapping[str, int]) -> dict[str, int]:
    accounts = [line for line in layout if line.is_account]
    amounts = {line.code: moved.get(line.code, 0) * (1 if line.section == "expenditure" else -1) for line in accounts}
    total = {s: sum(amounts[line.code] for line in accounts if line.section == s) for s in _NATURES}
    net = total["income"] - total["expenditure"] + total["adjustment"]
    before = -sum(opening.get(line.code, 0) for line in accounts)
    amounts |= {INCOME_TOTAL: total["income"], EXPENDITURE_TOTAL: total["expenditure"], NET: net}
    return amounts | {OPENING: before, CLOSING: before + net}


def _memorandum(owed: Sequence[Owed]) -> dict[str, int]:
    """Payments settle a donor's oldest promise first; what is left is printed in parentheses and not deducted."""
    left = [unpaid([donor.opening, donor.promised], donor.paid) for donor in owed]
    return {PRIOR_PLEDGES: -sum(old for old, _ in left), CURRENT_PLEDGES: -sum(new for _, new in left)}


def contribution_period(year: int, biennial_until: int) -> str:
    """The period a year's contributions are printed under; a biennium begins in an even year."""
    if year > biennial_until:
        return str(year)
    return f"{year - year % 2}-{year - year % 2 + 1}"


def accounts_behind(code: str, layout: Sequence[LayoutLine]) -> tuple[str, ...]:
    """The accounts whose entries make up a printed line."""
    sections = {INCOME_TOTAL: {"income"}, EXPENDITURE_TOTAL: {"expenditure"}}.get(code, set(_NATURES))
    if code in (PRIOR_PLEDGES, CURRENT_PLEDGES):
        return (RECEIVABLE,)
    if code in (INCOME_TOTAL, EXPENDITURE_TOTAL, NET, OPENING, CLOSING):
        return tuple(line.code for line in layout if line.is_account and line.section in sections)
    return (code,)


def dates_behind(code: str, first: date, last: date) -> tuple[date | None, date]:
    """The days whose entries make up a printed line; None for "since the beginning"."""
    if code == OPENING:
        return None, first - timedelta(days=1) if first > date.min else first  # the calendar has no day before it
    if code in (CLOSING, PRIOR_PLEDGES, CURRENT_PLEDGES):
        return None, last
    return first, last
