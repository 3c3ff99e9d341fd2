"""Letters to a donor: reminders, receipts, thanks; and its own statement. Pure: facts and words in, blocks out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fundapp.finance.rules.donor_letters import (
    Addressed,
    DonorAccount,
    PaidRow,
    PromisedRow,
    ReceiptFacts,
    ReminderFacts,
    ThanksFacts,
)
from fundapp.kernel.languages import NO_BREAK, decimal_mark, figure
from fundapp.kernel.money import exponent
from fundapp.publishing.blocks import (
    Block,
    Cell,
    Column,
    Figure,
    Foot,
    Heading,
    Line,
    Masthead,
    Note,
    Notes,
    Paragraph,
    Table,
    Title,
)
from fundapp.publishing.documents.dossier.cover import pairs
from fundapp.publishing.words import Words

DOLLARS = "USD"


def amount(minor: int, currency: str, words: Words) -> str:
    """An amount with its currency, "100 000.00 CHF"."""
    return words.code(f"{figure(minor, words.language, exponent(currency), nil='0')}{NO_BREAK}{currency}")


def reminder(facts: ReminderFacts, words: Words) -> tuple[Block, ...]:
    """The letter that reminds a donor of an instalment, the first time or the second."""
    title = words.text("Reminder of a contribution") if facts.number == 1 else words.text("Second reminder")
    return tuple(_letter(facts.to, facts.on, title, facts.pledge, _reminding(facts, words), words))


def receipt(facts: ReceiptFacts, words: Words) -> tuple[Block, ...]:
    """The receipt for what a donor paid."""
    return tuple(
        _letter(facts.to, facts.on, words.text("Official receipt"), facts.number, _received(facts, words), words)
    )


def thanks(facts: ThanksFacts, words: Words) -> tuple[Block, ...]:
    """The letter of thanks for what a donor paid."""
    of, title = facts.of, words.text("Letter of thanks")
    return tuple(_letter(of.to, facts.on, title, of.number, _thanking(of, words), words))


def donor_statement(facts: DonorAccount, words: Words) -> tuple[Block, ...]:
    """A donor's own statement: promised, paid, outstanding, and what the fund spent."""
    title = words.text("Statement of contributions")
    sub = words.text("By the end of %(date)s", date=words.date(facts.last))
    return tuple(_letter(facts.to, facts.last, title, sub, _accounting(facts, words), words))


def _letter(to: Addressed, on: date, title: str, about: str, content: Iterator[Block], words: Words) -> Iterator[Block]:
    """What every letter has: the head, whom it is to, the content, and where its figures come from."""
    yield Masthead(words.name(to.fund, to.fund_code), to.fund_code, (words.date(on),), to.generated_at)
    shown = words.code(about) if about.isascii() else about
    yield Title(title, shown)
    yield pairs([(words.text("To"), "\n".join((words.name(to.donor), *(words.kept(line) for line in to.person))))])
    yield from content
    moment = to.generated_at
    drawn = words.text(
        "Drawn on %(date)s at %(time)s UTC from the records of the fund.",
        date=words.date(moment.date()), time=words.time(moment),
    )  # fmt: skip
    yield Notes((Note(drawn),))
    yield Foot(f"{to.fund_code} · {shown} · {title}", words.text("Page %(page)s of %(pages)s"))


def _reminding(facts: ReminderFacts, words: Words) -> Iterator[Block]:
    named: list[tuple[str, Cell]] = [(words.text("Pledge"), words.code(facts.pledge))]
    if facts.reference:
        named.append((words.text("Your reference"), words.kept(facts.reference)))
    named += [
        (words.text("Announced on"), words.date(facts.announced_on)),
        (words.text("Instalment"), words.count(facts.instalment)),
        (words.text("Due on"), words.date(facts.due_on)),
        (words.text("Amount of the instalment"), amount(facts.promised, facts.currency, words)),
        (words.text("Outstanding"), amount(facts.outstanding, facts.currency, words)),
    ]
    yield pairs(named)
    left, due = amount(facts.outstanding, facts.currency, words), words.date(facts.due_on)
    if facts.first_on is None:
        yield Paragraph(
            words.text(
                "The fund has the honour to recall that an instalment of the contribution named above, which was due on"
                " %(due)s, is outstanding in the amount of %(left)s.", due=due, left=left,
            )
        )  # fmt: skip
    else:
        yield Paragraph(
            words.text(
                "The fund refers to its reminder of %(first)s and has the honour to recall once more that an instalment"
                " of the contribution named above, which was due on %(due)s, is outstanding in the amount of %(left)s.",
                first=words.date(facts.first_on), due=due, left=left,
            )
        )  # fmt: skip
    yield Paragraph(
        words.text("It would be grateful if the payment could be made, or the day of payment be indicated.")
    )
    yield Paragraph(words.text("If the payment was made in the meantime, please disregard this letter."))


def _received(facts: ReceiptFacts, words: Words) -> Iterator[Block]:
    yield Paragraph(
        words.text(
            "The fund confirms that it received %(amount)s on %(date)s.",
            amount=amount(facts.minor, facts.currency, words), date=words.date(facts.on),
        )
    )  # fmt: skip
    named: list[tuple[str, Cell]] = [
        (words.text("Number"), words.code(facts.number)),
        (words.text("Amount"), amount(facts.minor, facts.currency, words)),
    ]
    if facts.currency != DOLLARS:
        rate = facts.rate.replace(".", decimal_mark(words.language))
        named += [
            (
                words.text("United Nations operational rate of exchange"),
                words.code(f"{rate}{NO_BREAK}{facts.currency}"),
            ),
            (words.text("Booked at"), amount(facts.cents, DOLLARS, words)),
        ]
    if facts.reference:
        named.append((words.text("Reference of the payment"), words.kept(facts.reference)))
    yield pairs(named)
    yield from _settled(facts, words)


def _settled(facts: ReceiptFacts, words: Words) -> Iterator[Block]:
    if facts.settled:
        title = words.text("What it pays")
        places = exponent(facts.currency)
        rows = tuple(
            Line("account", (words.code(f"{one.pledge}/{one.instalment}"), Figure(one.minor, places)))
            for one in facts.settled
        )
        columns = (Column(words.text("Pledge and instalment")), Column(words.text("Amount"), figures=True))
        yield Heading(title, 2)
        yield Table(title, facts.currency, columns, rows, words.text("%(title)s (continued)"))
    if facts.left:
        left = amount(facts.left, facts.currency, words)
        yield Paragraph(words.text("%(amount)s is held as received in advance.", amount=left))


def _thanking(facts: ReceiptFacts, words: Words) -> Iterator[Block]:
    said = {"amount": amount(facts.minor, facts.currency, words), "date": words.date(facts.on)}
    yield Paragraph(
        words.text(
            "The fund has the honour to acknowledge with thanks the contribution of %(amount)s, which it received on"
            " %(date)s.", **said,
        )
    )  # fmt: skip
    fund = words.name(facts.to.fund, facts.to.fund_code)
    yield Paragraph(
        words.text(
            "With this support the fund can go on with its work: %(fund)s. It reports on the use of contributions every"
            " year.", fund=fund,
        )
    )  # fmt: skip
    yield Paragraph(words.text("The fund avails itself of this opportunity to express its gratitude."))


def _accounting(facts: DonorAccount, words: Words) -> Iterator[Block]:
    yield pairs(
        [
            (words.text("Paid"), amount(facts.received, DOLLARS, words)),
            (words.text("Outstanding"), amount(facts.outstanding, DOLLARS, words)),
            (
                words.text("Contributions in %(year)s", year=facts.last.year),
                amount(facts.given, DOLLARS, words),
            ),
        ]
    )
    if facts.promised:
        yield from _promised(facts.promised, words)
    if facts.paid:
        yield from _paid(facts.paid, words)
    if facts.spent:
        yield from _spent(facts, words)


def _promised(rows: tuple[PromisedRow, ...], words: Words) -> Iterator[Block]:
    title = words.text("Pledges")
    columns = (
        Column(words.text("Pledge"), share=0.9),
        Column(words.text("Currency"), share=0.7),
        *(Column(head, figures=True) for head in (words.text("Promised"), words.text("Paid"),
          words.text("Reduced or written off"), words.text("Outstanding"))),
    )  # fmt: skip
    lines = tuple(
        Line(
            "account",
            (words.code(row.number), words.code(row.currency),
             *(Figure(minor, exponent(row.currency)) for minor in (row.minor, row.paid, row.lowered, row.outstanding))),
        )
        for row in rows
    )  # fmt: skip
    yield Heading(title, 2)
    yield Table(title, words.text("Each in its currency"), columns, lines, words.text("%(title)s (continued)"))


def _paid(rows: tuple[PaidRow, ...], words: Words) -> Iterator[Block]:
    title = words.text("Payments received")
    columns = (
        Column(words.text("Number"), share=0.9),
        Column(words.text("Date"), share=1.2),
        Column(words.text("Currency"), share=0.7),
        Column(words.text("Amount"), figures=True),
        Column(words.text("United States dollars"), figures=True),
    )
    lines = [
        Line("account", (words.code(row.number), words.date(row.on), words.code(row.currency),
                         Figure(row.minor, exponent(row.currency)), Figure(row.cents)))
        for row in rows
    ]  # fmt: skip
    total = Line("total", (words.text("Total"), None, None, None, Figure(sum(row.cents for row in rows))))
    yield Heading(title, 2)
    yield Table(title, "", columns, (*lines, total), words.text("%(title)s (continued)"))


def _spent(facts: DonorAccount, words: Words) -> Iterator[Block]:
    title = words.text("What the fund spent in %(year)s", year=facts.last.year)
    columns = (Column(words.text("Line of the statement")), Column(words.text("Amount"), figures=True))
    lines = [Line("account", (words.name(row.names), Figure(row.cents))) for row in facts.spent]
    total = Line("grand", (words.text("Total"), Figure(sum(row.cents for row in facts.spent))))
    yield Heading(title, 2)
    yield Paragraph(words.text("All contributions together pay for it."))
    continued = words.text("%(title)s (continued)")
    yield Table(title, words.text("United States dollars"), columns, (*lines, total), continued)
