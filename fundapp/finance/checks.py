"""Does a printed document add up? Every difference comes out of arithmetic over its rows. Pure; amounts are cents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from fundapp.finance.printed import Printed, PrintedDonor, PrintedLine, StatedFact
from fundapp.finance.tie_out import DOLLAR, TieYear
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES, is_whole_years, period
from fundapp.kernel.money import decimal_text, printed_places
from fundapp.kernel.text import fold


class Status(StrEnum):
    """What a check found: the figures agree, they differ, or there is something a reader must know."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Check:
    """One test of a document: what it prints, what its rows come to, and the difference, printed less computed.

    Figures are plain decimals or counts as text; empty where there is none. title and explanation are codes with
    values, put into words at the edge; of a value named `cents` the edge makes an amount.
    """

    id: str
    title: Fault
    printed: str
    computed: str
    difference: str
    status: Status
    explanation: Fault

    @property
    def agrees(self) -> bool:
        """Whether there is nothing to say."""
        return self.status is Status.AGREES


@dataclass(frozen=True, slots=True)
class Frame:
    """What the checks know beside the document: its layout, the fund's rate, and donors' names by language."""

    income: frozenset[str]
    expenditure: frozenset[str]
    support_rate: Decimal
    names: Mapping[str, Mapping[str, str]]

    def order(self, code: str) -> str:
        """What a donor is put in order by: the English name, without case and accents."""
        return fold(self.label(code)["en"])

    def label(self, code: str) -> Mapping[str, str]:
        """The donor's name by language; a code nobody knows stands for itself."""
        return self.names.get(code) or dict.fromkeys(LANGUAGES, code)

    def labels(self, codes: Iterable[str]) -> list[Mapping[str, str]]:
        """The names of several donors, in their English order."""
        return [self.label(code) for code in sorted(codes, key=self.order)]


def checks(printed: Printed, frame: Frame, ties: Sequence[TieYear]) -> list[Check]:
    """Every test of the document, in the order of its tables."""
    return [
        *table1(printed, frame),
        *_table2(printed, frame),
        *_paragraphs(printed, frame),
        *_second_source(ties, frame),
    ]


def _money(
    name: str, printed: int, computed: int, explanation: Fault, status: Status | None = None, **values: object
) -> Check:
    difference = printed - computed
    found = status or (Status.DIFFERS if difference else Status.AGREES)
    title = Fault(f"check.{name}", values)
    return Check(
        name,
        title,
        decimal_text(printed),
        decimal_text(computed),
        decimal_text(difference),
        found,
        explanation,
    )


def _sum_check(name: str, line: PrintedLine | None, computed: int) -> Iterator[Check]:
    """A printed sum against what it should be; one printed in whole dollars may be rounded, and must not be cut off."""
    if line is None or line.cents is None:
        title, amount = Fault(f"check.{name}"), decimal_text(computed)
        yield Check(name, title, "", amount, "", Status.NOTE, Fault("explain.not-printed"))
        return
    over = line.cents - computed
    if not over:
        why = "explain.adds-up"
    elif not printed_places(line.text) and abs(over) < DOLLAR:
        rounded = int(Decimal(computed).scaleb(-2).quantize(Decimal(1), ROUND_HALF_UP)) * DOLLAR
        why = "explain.rounded" if rounded == line.cents else "explain.cut-off"
    else:
        why = "explain.too-high" if over > 0 else "explain.too-low"
    status = Status.NOTE if why == "explain.rounded" else None
    yield _money(name, line.cents, computed, Fault(why, {"cents": abs(over)}), status)


def table1(printed: Printed, frame: Frame) -> Iterator[Check]:
    """The tests of Table 1 alone: its sums, its balances, its support costs, its memorandum."""
    amounts = {line.line: line.cents or 0 for line in printed.lines}
    income = sum(cents for code, cents in amounts.items() if code in frame.income)
    expenditure = sum(cents for code, cents in amounts.items() if code in frame.expenditure)
    yield from _sum_check("income-total", printed.line("INC.TOTAL"), income)
    yield from _sum_check("expenditure-total", printed.line("EXP.TOTAL"), expenditure)
    net = amounts.get("INC.TOTAL", income) - amounts.get("EXP.TOTAL", expenditure) + amounts.get("PRIOR.ADJ", 0)
    yield from _sum_check("net", printed.line("NET"), net)
    yield from _sum_check("closing", printed.line("CLOSING"), amounts.get("OPENING", 0) + amounts.get("NET", net))
    yield from _support_costs(printed, frame, expenditure)
    yield from _memorandum(printed, amounts, amounts.get("OPENING", 0) + amounts.get("NET", net))


def _support_costs(printed: Printed, frame: Frame, expenditure: int) -> Iterator[Check]:
    charged = printed.cents("EXP.PSC")
    if charged is None or not frame.support_rate:
        return
    direct = expenditure - charged
    due = int((direct * frame.support_rate).quantize(Decimal(1), ROUND_HALF_UP))
    implied = (Decimal(charged) / direct * 100).quantize(Decimal("0.0001")) if direct else Decimal(0)
    percent = (frame.support_rate * 100).normalize()
    values = {"cents": direct, "percent": f"{percent:f}", "implied": f"{implied:f}"}
    why = Fault("explain.support-costs" if charged != due else "explain.support-costs-right", values)
    yield _money("support-costs", charged, due, why, percent=f"{percent:f}")


def _memorandum(printed: Printed, amounts: Mapping[str, int], balance: int) -> Iterator[Check]:
    unpaid = amounts.get("PLEDGES.PRIOR", 0) + amounts.get("PLEDGES.CURRENT", 0)
    closing = printed.cents("CLOSING")
    if closing is None or not unpaid:
        return
    deducted = abs(closing - (balance + unpaid)) < DOLLAR
    why = Fault("explain.memorandum-deducted" if deducted else "explain.memorandum", {"cents": abs(unpaid)})
    yield _money("unpaid-pledges", closing, balance + unpaid, why, Status.NOTE)


def _table2(printed: Printed, frame: Frame) -> Iterator[Check]:
    if not printed.donors:
        return
    yield from _sum_check("table2-total", printed.total, sum(row.cents for row in printed.donors))
    yield from _against_table1(printed)
    yield from _order(printed.donors, frame)


def _against_table1(printed: Printed) -> Iterator[Check]:
    """What Table 2 names donors for in the period of Table 1, unless it has years of it only together with others."""
    first, last, received = printed.first.year, printed.last.year, printed.cents("INC.CONTRIB")
    rows = [row for row in printed.donors if row.last >= first and row.first <= last]
    if received is None:
        return
    name, span = "table2-against-table1", period(printed.first, printed.last)
    whole = is_whole_years(printed.first, printed.last)
    if not whole or any(row.first < first or row.last > last for row in rows):
        title, why = Fault(f"check.{name}", {"period": span}), Fault("explain.periods-differ")
        yield Check(name, title, "", decimal_text(received), "", Status.NOTE, why)
        return
    named = sum(row.cents for row in rows)
    code = "adds-up" if named == received else "donors-high" if named > received else "no-donor"
    yield _money(name, named, received, Fault(f"explain.{code}", {"cents": abs(received - named)}), period=span)


def _order(donors: Sequence[PrintedDonor], frame: Frame) -> Iterator[Check]:
    wrong = {span: codes for span, codes in _by_period(donors).items() if codes != sorted(codes, key=frame.order)}
    title = Fault("check.donor-order")
    if not wrong:
        yield Check("donor-order", title, "", "", "", Status.AGREES, Fault("explain.in-order"))
    for span, codes in wrong.items():
        right = sorted(codes, key=frame.order)
        title = Fault("check.donor-order-of", {"period": span})
        why = Fault("explain.out-of-order", {"donors": frame.labels(_displaced(codes, right))})
        printed_order, english_order = ", ".join(codes), ", ".join(right)
        yield Check(f"donor-order-{span}", title, printed_order, english_order, "", Status.DIFFERS, why)


def _displaced(codes: Sequence[str], right: Sequence[str]) -> list[str]:
    """The fewest donors that would have to move: one alone if taking it out leaves the rest in order."""
    for code in codes:
        if [c for c in codes if c != code] == [c for c in right if c != code]:
            return [code]
    return [code for code, other in zip(codes, right, strict=True) if code != other]


def _by_period(donors: Iterable[PrintedDonor]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in donors:
        found.setdefault(row.period, []).append(row.donor)
    return found


def _paragraphs(printed: Printed, frame: Frame) -> Iterator[Check]:
    """What the paragraphs state, against their own lists and against Table 2."""
    for kind in ("donor", "country"):
        for mark, count in _counts(printed, kind):
            found = len(_listed(printed, kind, count))
            yield _count(f"{kind}-count", mark, count, found, Fault("explain.listed"))
    for mark, count in _counts(printed, "donor") if printed.donors else ():
        yield _donors_against_table2(printed, frame, mark, count)


def _donors_against_table2(printed: Printed, frame: Frame, mark: str, count: StatedFact) -> Check:
    in_table, listed = {row.donor for row in printed.donors}, _listed(printed, "donor", count)
    only_table, only_text = in_table - listed, listed - in_table
    same = not only_table and not only_text
    code = "same-donors" if same else "only-table" if not only_text else "donors-part"
    values = {"donors": frame.labels(only_table), "other_donors": frame.labels(only_text)}
    found = _count("donors-against-table2", mark, count, len(in_table), Fault(f"explain.{code}", values))
    # As many are not the same
    return found if same or not found.agrees else replace(found, status=Status.DIFFERS)


def _counts(printed: Printed, kind: str) -> list[tuple[str, StatedFact]]:
    """What is counted, each with a mark that tells it from the other counts of the same kind."""
    found = printed.stated(f"{kind}_count")
    return [("" if len(found) == 1 else f"-{n}", count) for n, count in enumerate(found, 1)]


def _listed(printed: Printed, kind: str, count: StatedFact) -> set[str]:
    return {fact.value for fact in printed.stated(kind) if fact.paragraph == count.paragraph}


def _count(name: str, mark: str, count: StatedFact, computed: int, why: Fault) -> Check:
    printed = int(count.value)
    status = Status.AGREES if printed == computed else Status.DIFFERS
    title = Fault(f"check.{name}", {"paragraph": count.paragraph})
    return Check(name + mark, title, str(printed), str(computed), str(printed - computed), status, why)


def _second_source(ties: Sequence[TieYear], frame: Frame) -> Iterator[Check]:
    if not ties:
        yield Check("schedule", Fault("check.schedule"), "", "", "", Status.NOTE, Fault("explain.no-schedule"))
    for year in ties:
        if year.table1 is not None:
            close = abs(year.table1 - year.scheduled) < DOLLAR
            why = Fault("explain.whole-dollars" if close else "explain.schedule-differs")
            status = Status.AGREES if close else Status.DIFFERS
            found = _money(f"schedule-against-table1-{year.year}", year.table1, year.scheduled, why, status)
            yield replace(found, title=Fault("check.schedule-against-table1", {"year": year.year}))
        for tie in year.ties:
            if not tie.agrees:
                printed, scheduled = tie.printed or 0, tie.scheduled or 0
                found = _money(f"tie-out-{tie.subject}", printed, scheduled, tie.finding, Status.DIFFERS)
                yield replace(found, title=Fault("check.tie-out", {"year": tie.year, "donors": frame.label(tie.donor)}))
