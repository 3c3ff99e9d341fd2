"""The statements as facts: what a page, a file and a document all say. Pure; amounts are US cents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class FundFacts:
    """What a statement says of its fund; names by language."""

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the statement of income and expenditure; amount None for a header line.

    kind: header, account, total, grand or memo. level: how far it is set in, 0 to 2.
    """

    line: str
    section: str
    kind: str
    level: int
    labels: Mapping[str, str]
    amount: int | None


@dataclass(frozen=True, slots=True)
class IncomeExpenditure:
    """Income, expenditure and fund balance of a period, both days included."""

    fund: FundFacts
    first: date
    last: date
    basis: str
    rows: tuple[Row, ...]
    entries: int
    generated_at: datetime

    def amount(self, line: str) -> int | None:
        """The amount of one line, in cents."""
        return next(row.amount for row in self.rows if row.line == line)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one donor gave in one period; donor None where the books name none."""

    period: str
    donor: str | None
    labels: Mapping[str, str]
    amount: int


@dataclass(frozen=True, slots=True)
class Contributions:
    """Contributions since the fund was set up, by period and donor in the order of English names."""

    fund: FundFacts
    last: date
    basis: str
    rows: tuple[Contribution, ...]
    total: int
    entries: int
    generated_at: datetime

    def periods(self) -> Sequence[str]:
        """The periods in their order, each once."""
        return list(dict.fromkeys(row.period for row in self.rows))
