"""The first page of a dossier: what the proposal is, how it stands, and its main facts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from fundapp.proposals.rules.content import period
from fundapp.proposals.rules.dossier import DossierFacts
from fundapp.publishing.blocks import Block, Cell, Column, Heading, Line, Note, Notes, Said, Table, Title
from fundapp.publishing.documents.dossier.labels import dollars, language_name, position_name, status_name
from fundapp.publishing.documents.dossier.spoken import cell, own, prose
from fundapp.publishing.words import Words
from fundapp.recommendations.rules import Position

Pair = tuple[str, Cell]
FIRST, SECOND = 1.0, 2.6  # shares of a list's two columns


def cover(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The title, and under it whose proposal it is, to which call, and in which version."""
    title = title_of(facts)
    language = own(facts.written.language, words) if title else ""
    yield Title(title or words.text("Without a title"), standing(facts, words), language)
    yield from translation_of_title(facts, words)
    yield pairs(_identity(facts, words))


def title_of(facts: DossierFacts) -> str:
    """The title of the proposal, as its office wrote it."""
    return str(facts.whole.get("context", {}).get("title") or "")


def translation_of_title(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The translation of the title, where there is one."""
    content = facts.whole.get("context", {})
    yield from prose("", {"title_courtesy": content.get("title_courtesy")}, "title", facts, words)


def standing(facts: DossierFacts, words: Words) -> str:
    """Whether this was handed in, and when."""
    if facts.written.edition is None:
        return words.text("Draft, not handed in")
    day = words.date(facts.written.edition.at.date())
    return words.text("As handed in on %(date)s", date=day)


def _identity(facts: DossierFacts, words: Words) -> Iterator[Pair]:
    yield words.text("Fund"), words.name(facts.fund, facts.fund_code)
    call = words.name(facts.call) or next(filter(None, facts.call.values()), "")
    yield words.text("Call"), f"{words.code(facts.call_code)} {call}".strip()
    yield words.text("Reference"), words.code(facts.reference)
    yield words.text("State"), words.name(facts.state) if facts.state else words.text("Not chosen")
    yield words.text("Office"), Said(facts.office, "en") if own("en", words) else facts.office
    yield words.text("Amount requested"), dollars(facts.totals.total, words)
    yield words.text("Language of the texts"), language_name(facts.written.language, words)
    if facts.written.courtesy:
        yield words.text("Language of the courtesy translations"), language_name(facts.written.courtesy, words)
    edition = facts.written.edition
    if edition is not None:
        yield words.text("Version"), words.count(edition.number)
        yield words.text("Digest of the version (SHA-256)"), cell(edition.digest, "en", words)


def summary(facts: DossierFacts, words: Words) -> Iterator[Block]:
    """The main facts of the proposal."""
    yield Heading(words.text("Summary"))
    yield pairs(_main(facts, words))
    yield Notes(tuple(_notes(facts, words)))


def _main(facts: DossierFacts, words: Words) -> Iterator[Pair]:
    statuses = [status_name(code, words) for code in facts.statuses]
    yield words.text("Situation of the State"), "\n".join(statuses) or words.text("None of the special situations")
    areas = [words.name(names) for names in facts.areas]
    yield words.text("Focus areas"), "\n".join(areas) or words.text("None chosen")
    marker = str(facts.whole.get("gender", {}).get("marker") or "")
    yield words.text("Gender marker"), words.code(marker) or words.text("Not given")
    yield words.text("Recommendations"), recommendations_line(facts, words)
    yield words.text("Period of the activities"), period_line(facts, words)
    yield words.text("Direct costs"), dollars(facts.totals.direct, words)
    yield support_label(facts, words), dollars(facts.totals.support, words)
    yield words.text("Amount requested"), dollars(facts.totals.total, words)


def support_label(facts: DossierFacts, words: Words) -> str:
    """Support costs with their rate."""
    rate = words.figure(round(facts.rate * 10_000)).removesuffix("00").rstrip(".,") if facts.rate else "0"
    return words.text("Programme support costs at %(rate)s per cent", rate=words.code(rate))


def recommendations_line(facts: DossierFacts, words: Words) -> str:
    """How many recommendations the project helps to implement, and what the State said on them."""
    found = Counter(one.position for one in facts.recommendations)
    whole = words.ntext("%(number)s recommendation", "%(number)s recommendations", len(facts.recommendations))
    order = (Position.SUPPORTED, Position.NOTED, Position.PENDING, None)
    parts = [f"{position_name(one, words)}: {words.count(found[one])}" for one in order if found[one]]
    return "\n".join((whole, words.several(parts))) if parts else whole


def period_line(facts: DossierFacts, words: Words) -> str:
    """The quarters from which to which the activities run, and how many these are."""
    quarters = period(facts.whole.get("activities"))
    if not quarters:
        return words.text("Not given")
    span = words.code(f"{quarters[0]} – {quarters[-1]}")
    many = words.ntext("%(number)s quarter", "%(number)s quarters", len(quarters))
    return f"{span}\n{many}"


def _notes(facts: DossierFacts, words: Words) -> Iterator[Note]:
    if facts.written.language != words.language:
        yield Note(words.text("Texts of the proposal are given in the language in which they were written."))
    if facts.budget.faults and facts.written.edition is None:
        yield Note(words.text("The budget is not complete or has faults; what cannot be counted is left out of sums."))
    moment = facts.generated_at
    sentence = words.text(
        "Drawn on %(date)s at %(time)s UTC from the records of the fund.",
        date=words.date(moment.date()),
        time=words.time(moment),
    )
    yield Note(sentence)


def pairs(found: Iterable[Pair]) -> Table:
    """A list of things and what there is to know of each, without a head."""
    rows = tuple(Line("account", (name, value)) for name, value in found)
    return Table("", "", (Column("", share=FIRST), Column("", share=SECOND)), rows)
