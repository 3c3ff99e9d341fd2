"""The scenario carried to the Board and the fund's financial situation, on paper. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fundapp.board.rules.dossier import Chosen, ScenarioFacts, SessionDossier
from fundapp.board.rules.situation import Situation
from fundapp.publishing.blocks import Block, Cell, Column, Figure, Heading, Line, Note, Notes, Table
from fundapp.publishing.documents.dossier.labels import dollars
from fundapp.publishing.documents.dossier.spoken import cell
from fundapp.publishing.words import Words


def scenario(found: ScenarioFacts, words: Words) -> Iterator[Block]:
    """What could be funded, and what is left out; sums only where the reader sees all of it."""
    yield Heading(words.text("Scenario carried to the Board"))
    columns = (
        Column(words.text("Proposal"), share=1.5),
        Column(words.text("Title"), share=2.6),
        Column(words.text("Asked for"), figures=True, tight=True),
        Column(words.text("Amount in the scenario"), figures=True, tight=True),
    )
    funded = [one for one in found.rows if one.share]
    left = [one for one in found.rows if not one.share]
    lines = [*_group(words.text("Funded"), funded, words), *_group(words.text("Left out"), left, words)]
    if found.whole:
        asked = Figure(sum(one.cents for one in found.rows))
        lines.append(Line("grand", (words.text("Total"), None, asked, Figure(found.given))))
    unit, again = words.text("United States dollars"), words.text("%(title)s (continued)")
    yield Table(words.text("Scenario carried to the Board"), unit, columns, tuple(lines), again)
    yield Notes(tuple(_notes(found, words)))


def _group(title: str, found: Iterable[Chosen], words: Words) -> Iterator[Line]:
    rows = [
        Line(
            "account",
            (
                f"{words.code(one.reference)} {words.name(one.state)}".strip(),
                cell(one.title, one.language, words),
                Figure(one.cents),
                Figure(one.share.cents) if one.share else None,
            ),
        )
        for one in found
    ]
    if rows:
        yield Line("group", (title, None, None, None))
        yield from rows


def _notes(found: ScenarioFacts, words: Words) -> Iterator[Note]:
    if found.whole:
        yield Note(words.text("Envelope: %(amount)s", amount=dollars(found.envelope, words)))
        left = dollars(found.envelope - found.given, words)
        yield Note(words.text("Left of the envelope: %(amount)s", amount=left))
    else:
        yield Note(words.text("Only the proposals in this dossier are shown; sums are left out."))


def situation(facts: SessionDossier, words: Words) -> Iterator[Block]:
    """What the fund has, and what is kept back of it."""
    found = facts.situation
    if found is None:
        return
    title = words.text("Financial situation of the fund on %(date)s", date=words.date(found.on))
    yield Heading(title)
    columns = (Column(words.text("Line")), Column(words.text("Amount"), figures=True))
    lines = tuple(Line("account", cells) for cells in _before(found, words))
    unit, again = words.text("United States dollars"), words.text("%(title)s (continued)")
    yield Table(title, unit, columns, (*lines, *_after(found, words)), again)
    yield Notes(tuple(_sources(found, words)))


def _before(found: Situation, words: Words) -> Iterator[tuple[Cell, ...]]:
    yield words.text("Balance on %(date)s", date=words.date(found.on.replace(month=1, day=1))), Figure(found.opening)
    yield words.text("Income of the year so far"), Figure(found.income)
    yield words.text("Expenditure of the year so far"), Figure(-found.expenditure)
    if found.adjustments:
        yield words.text("Adjustments of prior years"), Figure(found.adjustments)


def _after(found: Situation, words: Words) -> Iterator[Line]:
    yield Line("total", (words.text("Balance on %(date)s", date=words.date(found.on)), Figure(found.balance)))
    yield Line("account", (words.text("Pledged and not paid yet"), Figure(-found.pledges)))
    yield Line("account", (words.text("Operating reserve, kept back"), Figure(-found.reserve)))
    if not found.commitments and not found.allotted:
        yield Line("grand", (words.text("Paid in, less the reserve"), Figure(found.free)))
        return
    yield Line("account", (words.text("Committed and not paid yet"), Figure(-found.commitments)))
    yield Line("account", (words.text("Allotted and not committed yet"), Figure(-found.allotted)))
    yield Line("grand", (words.text("Available to commit"), Figure(found.free)))


def _sources(found: Situation, words: Words) -> Iterator[Note]:
    if found.reserve_year is not None:
        rate = words.figure(round(found.reserve_rate * 10_000)).removesuffix("00").rstrip(".,")
        yield Note(
            words.text(
                "The reserve is %(rate)s per cent of the expenditure of %(year)s: %(amount)s.",
                rate=words.code(rate),
                year=words.code(str(found.reserve_year)),
                amount=dollars(found.reserve_base, words),
            )
        )
    if found.last_entry is not None:
        yield Note(words.text("The newest entry in the books is of %(date)s.", date=words.date(found.last_entry)))
