"""Does a printed document add up? Every difference comes out of arithmetic over its rows. Pure; amounts are cents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from fundapp.finance.printed import Printed, PrintedDonor
from fundapp.finance.tie_out import TieYear
from fundapp.kernel.errors import Fault
from fundapp.kernel.languages import LANGUAGES
from fundapp.kernel.money import decimal_text, printed_places

DOLLAR = 100


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
        """What a donor is put in order by: the English name."""
        return self.label(code)["en"]

    def label(self, code: str) -> Mapping[str, str]:
        """The donor's name by language; a code nobody knows stands for itself."""
        return self.names.get(code) or dict.fromkeys(LANGUAGES, code)

    def labels(self, codes: Iterable[str]) -> list[Mapping[str, str]]:
        """The names of several donors, in their English order."""
        return [self.label(code) for code in sorted(codes, key=self.order)]


def checks(printed: Printed, frame: Frame, ties: Sequence[TieYear]) -> list[Check]:
    """Every test of the document, in the order of its tables."""
    return [
        *_table1(printed, frame),
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


def _sum_check(name: str, printed: int | None, computed: int) -> Iterator[Check]:
    if printed is None:
        title, amount = Fault(f"check.{name}"), decimal_text(computed)
        yield Check(name, title, "", amount, "", Status.NOTE, Fault("explain.not-printed"))
        return
    over = printed - computed
    why = "explain.adds-up" if not over else "explain.too-high" if over > 0 else "explain.too-low"
    yield _money(name, printed, computed, Fault(why, {"cents": abs(over)}))


def _table1(printed: Printed, frame: Frame) -> Iterator[Check]:
    amounts = {line.line: line.cents or 0 for line in printed.lines}
    income = sum(cents for code, cents in amounts.items() if code in frame.income)
    expenditure = sum(cents for code, cents in amounts.items() if code in frame.expenditure)
    yield from _sum_check("income-total", printed.cents("INC.TOTAL"), income)
    yield from _sum_check("expenditure-total", printed.cents("EXP.TOTAL"), expenditure)
    net = amounts.get("INC.TOTAL", income) - amounts.get("EXP.TOTAL", expenditure) + amounts.get("PRIOR.ADJ", 0)
    yield from _sum_check("net", printed.cents("NET"), net)
    yield from _closing(printed, amounts.get("OPENING", 0) + amounts.get("NET", net))
    yield from _support_costs(printed, frame, expenditure)
    yield from _memorandum(printed, amounts, amounts.get("OPENING", 0) + amounts.get("NET", net))


def _closing(printed: Printed, computed: int) -> Iterator[Check]:
    line = printed.line("CLOSING")
    if line is None or line.cents is None:
        yield from _sum_check("closing", None, computed)
        return
    over, whole = line.cents - computed, not printed_places(line.text)
    if not over:
        why = Fault("explain.adds-up", {"cents": 0})
    elif whole and abs(over) < DOLLAR:
        rounded = int(Decimal(computed).scaleb(-2).quantize(Decimal(1), ROUND_HALF_UP)) * DOLLAR
        why = Fault("explain.rounded" if rounded == line.cents else "explain.cut-off", {"cents": abs(over)})
    else:
        why = Fault("explain.too-high" if over > 0 else "explain.too-low", {"cents": abs(over)})
    status = Status.NOTE if why.code == "explain.rounded" else None
    yield _money("closing", line.cents, computed, why, status)


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
    total = sum(row.cents for row in printed.donors)
    yield from _sum_check("table2-total", printed.total.cents if printed.total else None, total)
    years = (printed.first.year, printed.last.year)
    rows = [row for row in printed.donors if (row.first, row.last) == years]
    received = printed.cents("INC.CONTRIB")
    if rows and received is not None:
        named = sum(row.cents for row in rows)
        why = "explain.adds-up" if named == received else "explain.no-donor"
        code = "explain.donors-high" if named > received else why
        explanation = Fault(code, {"cents": abs(received - named)})
        yield _money("table2-against-table1", named, received, explanation, period=rows[0].period)
    yield from _order(printed.donors, frame)


def _order(donors: Sequence[PrintedDonor], frame: Frame) -> Iterator[Check]:
    wrong = {period: codes for period, codes in _by_period(donors).items() if codes != sorted(codes, key=frame.order)}
    title = Fault("check.donor-order")
    if not wrong:
        yield Check("donor-order", title, "", "", "", Status.AGREES, Fault("explain.in-order"))
    for period, codes in wrong.items():
        right = sorted(codes, key=frame.order)
        title = Fault("check.donor-order-of", {"period": period})
        why = Fault("explain.out-of-order", {"donors": frame.labels(_displaced(codes, right))})
        printed_order, english_order = ", ".join(codes), ", ".join(right)
        yield Check(f"donor-order-{period}", title, printed_order, english_order, "", Status.DIFFERS, why)


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
        for count in printed.stated(f"{kind}_count"):
            listed = [fact.value for fact in printed.stated(kind) if fact.paragraph == count.paragraph]
            yield _count(f"{kind}-count", int(count.value), len(set(listed)), Fault("explain.listed"), count.paragraph)
    in_table = {row.donor for row in printed.donors}
    for count in printed.stated("donor_count") if in_table else ():
        listed = [fact.value for fact in printed.stated("donor") if fact.paragraph == count.paragraph]
        only_table, only_text = sorted(in_table - {*listed}), sorted({*listed} - in_table)
        same = not only_table and not only_text
        code = "explain.same-donors" if same else "explain.only-table" if not only_text else "explain.donors-part"
        why = Fault(code, {"donors": frame.labels(only_table), "other_donors": frame.labels(only_text)})
        found = _count("donors-against-table2", int(count.value), len(in_table), why, count.paragraph)
        if not same and found.agrees:  # as many, but not the same
            found = Check(*(found.id, found.title, found.printed, found.computed, "0"), Status.DIFFERS, why)
        yield found


def _count(name: str, printed: int, computed: int, why: Fault, paragraph: str) -> Check:
    status = Status.AGREES if printed == computed else Status.DIFFERS
    title = Fault(f"check.{name}", {"paragraph": paragraph})
    return Check(name, title, str(printed), str(computed), str(printed - computed), status, why)


def _second_source(ties: Sequence[TieYear], frame: Frame) -> Iterator[Check]:
    if not ties:
        yield Check("schedule", Fault("check.schedule"), "", "", "", Status.NOTE, Fault("explain.no-schedule"))
    for year in ties:
        if year.table1 is not None:
            close = abs(year.table1 - year.scheduled) < DOLLAR
            why = Fault("explain.whole-dollars" if close else "explain.schedule-differs")
            status = Status.AGREES if close else Status.DIFFERS
            name = f"schedule-against-table1-{year.year}"
            found = _money(name, year.table1, year.scheduled, why, status)
            title = Fault("check.schedule-against-table1", {"year": year.year})
            yield Check(name, title, found.printed, found.computed, found.difference, status, why)
        for tie in year.ties:
            if not tie.agrees:
                name = f"tie-out-{tie.subject}"
                found = _money(name, tie.printed or 0, tie.scheduled or 0, tie.finding, Status.DIFFERS)
                title = Fault("check.tie-out", {"year": tie.year, "donors": frame.label(tie.donor)})
                yield Check(name, title, found.printed, found.computed, found.difference, found.status, tie.finding)
