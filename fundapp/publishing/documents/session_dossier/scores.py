"""The ranking of a session's proposals and how far apart their reviewers are, on paper. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fundapp.board.rules.dossier import RankingFacts
from fundapp.board.rules.seen import Given, Placed, Scores
from fundapp.kernel.languages import decimal_mark
from fundapp.publishing.blocks import (
    Block,
    Cell,
    Column,
    Figure,
    Heading,
    Line,
    Note,
    Notes,
    Paragraph,
    Spread,
    Spreads,
    Table,
)
from fundapp.publishing.words import Words

HUNDRED = 10_000  # hundredths
APART = "*"


def hundredths(number: Decimal) -> int:
    """A figure of two decimals as a whole number."""
    return int(number.scaleb(2))


def decimal(number: Decimal | None, words: Words) -> str:
    """A mean or a total as words have it; nil is 0.00."""
    if number is None:
        return ""
    return words.figure(hundredths(number)) if number else f"0{decimal_mark(words.language)}00"


def ranking(found: RankingFacts, words: Words) -> Iterator[Block]:
    """The proposals of a call by their totals: a chart of how far their reviewers are apart, and the figures."""
    yield Heading(words.text("Ranking of the proposals to call %(code)s", code=words.code(found.call)))
    scored = [(one, one.seen.scores) for one in found.rows if one.seen.scores and one.seen.scores.total is not None]
    if not scored:
        yield Paragraph(words.text("No proposal is scored yet."))
        return
    yield Spreads(
        title=words.text("Totals, and the reviewers’ own totals from the lowest to the highest"),
        unit=words.text("Of 100"),
        whole=HUNDRED,
        rows=tuple(_spread(one, scores, found, words) for one, scores in scored),
        continued=words.text("%(title)s (continued)"),
    )
    yield _table(found, words)
    yield Notes(tuple(_notes(found, words)))


def _spread(one: Placed, scores: Scores, found: RankingFacts, words: Words) -> Spread:
    total = scores.total or Decimal(0)
    owns = (*scores.owns, total)
    text = f"{words.code(str(one.rank))} {_state(one, found, words)} {words.code(one.seen.reference)}"
    return Spread(text, hundredths(min(owns)), hundredths(max(owns)), hundredths(total))


def _state(one: Placed, found: RankingFacts, words: Words) -> str:
    return words.name(found.states.get(one.seen.state, {}), one.seen.state)


def _table(found: RankingFacts, words: Words) -> Table:
    columns = (
        Column(words.text("Rank"), share=0.8),
        Column(words.text("Proposal"), share=2.0),
        *(Column(words.code(str(place)), share=0.9) for place, _ in enumerate(found.criteria, 1)),
        Column(words.text("Total"), figures=True, tight=True),
        Column(words.text("Standard deviation"), figures=True, tight=True),
        Column(words.text("Asked for"), figures=True, tight=True),
    )
    lines = tuple(_row(one, found, words) for one in found.rows)
    title = words.text("Means of the criteria, with the lowest and the highest step")
    return Table(title, title, columns, lines, words.text("%(title)s (continued)"))


def _row(one: Placed, found: RankingFacts, words: Words) -> Line:
    scores = one.seen.scores
    criteria = {each.code: each for each in scores.criteria} if scores else {}
    return Line(
        "account",
        (
            words.code(str(one.rank)) if one.rank is not None else None,
            f"{words.code(one.seen.reference)}\n{_state(one, found, words)}",
            *(_given(criteria.get(each.code), words) for each in found.criteria),
            Figure(hundredths(scores.total)) if scores and scores.total is not None else None,
            Figure(hundredths(scores.sd)) if scores and scores.sd is not None else None,
            Figure(one.seen.cents),
        ),
    )


def _given(each: Given | None, words: Words) -> Cell:
    if each is None or each.mean is None:
        return None
    return f"{words.code(decimal(each.mean, words))}\n{words.code(steps(each))}"


def steps(each: Given) -> str:
    """The lowest and the highest step that were given, marked where these are two or more apart."""
    low, high = each.steps[0], each.steps[-1]
    return (str(low) if low == high else f"{low}–{high}") + (APART if each.apart else "")


def _notes(found: RankingFacts, words: Words) -> Iterator[Note]:
    for place, one in enumerate(found.criteria, 1):
        weight = words.text("%(name)s, weight %(weight)s", name=words.name(one.names, one.code), weight=one.weight)
        yield Note(weight, words.code(str(place)))
    yield Note(words.text("Reviewers are two steps or more apart."), APART)
    yield Note(words.text("The total is of 100, from the means of the criteria by their weights."))
    yield Note(words.text("Places are among the proposals in this dossier."))


def own_scores(scores: Scores, words: Words) -> Table:
    """The scores of one proposal, criterion by criterion."""
    columns = (
        Column(words.text("Criterion"), share=3.2),
        Column(words.text("Weight"), share=0.8),
        Column(words.text("Steps given"), share=1.2),
        Column(words.text("Mean"), figures=True, tight=True),
    )
    lines = [
        Line(
            "account",
            (
                words.name(one.names, one.code),
                words.code(str(one.weight)),
                words.code(", ".join(map(str, one.steps)) + (APART if one.apart else "")) if one.steps else None,
                None if one.mean is None else Figure(hundredths(one.mean)),
            ),
        )
        for one in scores.criteria
    ]
    owns = words.code(", ".join(decimal(one, words) for one in scores.owns))
    total = None if scores.total is None else Figure(hundredths(scores.total))
    lines.append(Line("grand", (words.text("Total of 100, and each reviewer’s own"), None, owns, total)))
    return Table(words.text("Scores"), "", columns, tuple(lines), words.text("%(title)s (continued)"))
