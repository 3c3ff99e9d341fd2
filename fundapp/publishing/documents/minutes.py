"""The minutes of a session, as a document: who met, what was on the agenda, what was said and decided of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fundapp.board.rules.minutes import Action, Arising, Item, MinutesFacts, Names, Numbered
from fundapp.publishing.blocks import (
    Block,
    Cell,
    Column,
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
from fundapp.publishing.documents.dossier.cover import Pair, pairs
from fundapp.publishing.documents.dossier.spoken import cell, own, tongue
from fundapp.publishing.documents.minutes_words import advice, capacity, decision, standing, way
from fundapp.publishing.documents.proposals_said import proposal_said
from fundapp.publishing.documents.session_dossier.front import kind_name
from fundapp.publishing.words import Words

CAPACITIES = ("chair", "trustee", "secretariat", "host", "observer", "guest")
MATTERS = "matters-arising"


@dataclass(frozen=True, slots=True)
class MinutesPrinted:
    """Minutes to be printed for a fund: a version by its number, or none of the record as it stands (0); when the chair
    approved it; its digest; when this was drawn."""

    fund: str
    names: Names
    facts: MinutesFacts
    generated_at: datetime
    version: int = 0
    digest: str = ""
    approved_on: date | None = None
    chair: str = ""


def minutes(printed: MinutesPrinted, words: Words) -> tuple[Block, ...]:
    """The minutes of a session, to be printed."""
    return tuple(_blocks(printed, words))


def _blocks(printed: MinutesPrinted, words: Words) -> Iterator[Block]:
    facts, number = printed.facts, printed.facts.number(printed.fund)
    drawn = words.text("Drawn on %(date)s", date=words.date(printed.generated_at.date()))
    name, said = words.name(printed.names, printed.fund), _standing(printed, words)
    yield Masthead(name, printed.fund, (drawn, said), printed.generated_at)
    title = words.text("Minutes of session %(number)s", number=words.count(number))
    yield Title(title, _days(facts.since, facts.until, words))
    yield pairs(_session(facts, words))
    yield from _participants(facts, words)
    yield from _agenda(facts, words)
    yield from _all_items(printed, words)
    yield from _asked_for(facts, words)
    yield Notes(tuple(_notes(printed, words)))
    yield Foot(f"{printed.fund} · {title} · {said}", words.text("Page %(page)s of %(pages)s"))


def _standing(printed: MinutesPrinted, words: Words) -> str:
    if not printed.version:
        return words.text("Draft, as the record stands")
    number = words.count(printed.version)
    if printed.approved_on is None:
        return words.text("Version %(number)s, not approved yet", number=number)
    return words.text("Version %(number)s, approved", number=number)


def _days(since: date, until: date, words: Words) -> str:
    return words.date(since) if since == until else f"{words.date(since)} – {words.date(until)}"


def _session(facts: MinutesFacts, words: Words) -> Iterator[Pair]:
    found = (f"{words.count(one.number)} · {words.name(one.names, one.fund)}" for one in facts.numbers)
    yield words.text("Session"), "\n".join(found)
    yield words.text("Days"), _days(facts.since, facts.until, words)
    met = way(facts.way, words)
    yield words.text("How it met"), _with(met, words.kept(facts.place), words)
    if facts.hosts:
        yield words.text("Hosts"), words.kept(facts.hosts)
    if facts.silent_until:
        moment = facts.silent_until
        yield (
            words.text("Silence until"),
            words.text("%(date)s at %(time)s UTC", date=words.date(moment.date()), time=words.time(moment)),
        )
    yield words.text("Quorum"), words.ntext("%(number)s trustee", "%(number)s trustees", facts.quorum)


def _with(said: str, more: str, words: Words) -> str:
    return words.several((said, more)) if more else said


def _spoken(text: str, words: Words) -> Cell:
    """Words of people, in whichever language their letters are of."""
    return cell(text, tongue(text, words.language), words)


def _participants(facts: MinutesFacts, words: Words) -> Iterator[Block]:
    yield Heading(words.text("Participants"))
    if not facts.participants:
        yield Paragraph(words.text("No participant is recorded."))
        return
    columns = (
        Column(words.text("Name"), share=1.6),
        Column(words.text("Country or function"), share=2.0),
        Column(words.text("Presence"), share=0.8),
    )
    rows: list[Line] = []
    for code in CAPACITIES:
        found = [one for one in facts.participants if one.capacity == code]
        if found:
            rows.append(Line("group", (capacity(code, words), None, None)))
        for one in found:
            known = words.several(filter(None, (words.name(one.state) if one.state else "", words.kept(one.function))))
            rows.append(Line("account", (words.kept(one.name), known or None, _present(one.present, words))))
    yield Table(words.text("Participants"), "", columns, tuple(rows), words.text("%(title)s (continued)"))


def _present(present: bool | None, words: Words) -> str | None:
    return None if present is None else words.text("present") if present else words.text("absent")


def _agenda(facts: MinutesFacts, words: Words) -> Iterator[Block]:
    yield Heading(words.text("Agenda"))
    lines = (_numbered(place, _title(one, words)) for place, one in enumerate(facts.items, 1))
    yield Paragraph("\n".join(lines) or words.text("The agenda has no item."))


def _numbered(place: int, title: str) -> str:
    return f"{place}. {title}"


def _title(item: Item, words: Words) -> str:
    return words.name(item.names) or next(filter(None, item.names.values()), "") or kind_name(item.kind, words)


def _all_items(printed: MinutesPrinted, words: Words) -> Iterator[Block]:
    """Items in their order; what earlier sessions left stands under its item, or before all where there is none."""
    facts = printed.facts
    under = next((one.key for one in facts.items if one.kind == MATTERS), None)
    if facts.arising and under is None:
        yield Heading(words.text("Matters arising"))
        yield from _arising(facts.arising, printed, words)
    for place, item in enumerate(facts.items, 1):
        yield Heading(_numbered(place, _title(item, words)))
        said = [*_text(item, words)]
        yield from said
        if facts.arising and item.key == under:
            yield from _arising(facts.arising, printed, words)
        for one in item.proposals:
            yield from proposal_said(one, words)
        if not said and not item.proposals and item.key != under:
            yield Paragraph(words.text("Nothing is recorded under this item."))


def _text(item: Item, words: Words) -> Iterator[Paragraph]:
    """The words of the secretariat in the document's language, or in the one that they were written in."""
    order = dict.fromkeys((words.language, "en", *item.texts))
    found = next((code for code in order if item.texts.get(code)), None)
    if found:
        yield Paragraph(item.texts[found], own(found, words))


def _arising(left: Arising, printed: MinutesPrinted, words: Words) -> Iterator[Block]:
    if left.actions:
        yield Heading(words.text("Actions that earlier sessions asked for"), 2)
        yield _actions_left(left.actions, printed, words)
    if left.proposals:
        number = _session_number(left.of, printed, words) or ""
        title = words.text("What became of the proposals of session %(number)s", number=number)
        yield Heading(title, 2)
        yield _proposals_left(left, title, words)
    if not (left.actions or left.proposals):
        yield Paragraph(words.text("Nothing is left of earlier sessions."))


def _actions_left(actions: Sequence[Action], printed: MinutesPrinted, words: Words) -> Table:
    columns = (
        Column(words.text("Action"), share=2.6),
        Column(words.text("Session"), share=0.8),
        Column(words.text("Who sees to it"), share=1.2),
        Column(words.text("Until when"), share=1.1),
        Column(words.text("Where it stands"), share=1.1),
    )
    rows = tuple(
        Line(
            "account",
            (
                _spoken(one.text, words),
                _session_number(one.of, printed, words),
                _spoken(one.owner, words),
                words.date(one.due_on) if one.due_on else None,
                _done(one, printed.facts.until, words),
            ),
        )
        for one in actions
    )
    title = words.text("Actions that earlier sessions asked for")
    return Table(title, "", columns, rows, words.text("%(title)s (continued)"))


def _session_number(numbers: Iterable[Numbered], printed: MinutesPrinted, words: Words) -> str | None:
    return next((words.count(one.number) for one in numbers if one.fund == printed.fund), None)


def _done(one: Action, until: date, words: Words) -> str:
    if one.done_on:
        return words.text("done on %(date)s", date=words.date(one.done_on))
    return words.text("overdue") if one.due_on and one.due_on < until else words.text("open")


def _proposals_left(left: Arising, title: str, words: Words) -> Table:
    columns = (
        Column(words.text("Proposal"), share=1.5),
        Column(words.text("Advice"), share=1.6),
        Column(words.text("Decision"), share=1.4),
        Column(words.text("Conditions"), share=2.0),
    )
    rows = []
    for one in left.proposals:
        state = words.name(one.state) if one.state else ""
        named = "\n".join(filter(None, (words.code(one.reference), state)))
        came = advice(one.advice.outcome, one.advice.way, words) if one.advice else None
        made = decision(one.decision.outcome, words) if one.decision else words.text("none yet")
        said = "\n".join(
            f"{condition.text} ({standing(condition.standing, words)})"
            for condition in (one.decision.conditions if one.decision else ())
        )
        rows.append(Line("account", (named, came, None if one.withheld else made, _spoken(said, words))))
    return Table(title, "", columns, tuple(rows), words.text("%(title)s (continued)"))


def _asked_for(facts: MinutesFacts, words: Words) -> Iterator[Block]:
    """What the session asked to be done; the number of the item is that of the agenda as it is printed here."""
    if not facts.actions:
        return
    places = {one.key: place for place, one in enumerate(facts.items, 1)}
    columns = (
        Column(words.text("Action"), share=3.0),
        Column(words.text("Item"), share=0.6),
        Column(words.text("Who sees to it"), share=1.4),
        Column(words.text("Until when"), share=1.2),
    )
    rows = tuple(Line("account", tuple(_asked(one, places.get(one.item or 0), words))) for one in facts.actions)
    yield Heading(words.text("What the session asked for"))
    yield Table(
        words.text("What the session asked for"), "", columns, rows, words.text("%(title)s (continued)")
    )  # fmt: skip


def _asked(one: Action, place: int | None, words: Words) -> Iterator[Cell]:
    yield _spoken(one.text, words)
    yield words.count(place) if place else None
    yield _spoken(one.owner, words)
    yield words.date(one.due_on) if one.due_on else None


def _notes(printed: MinutesPrinted, words: Words) -> Iterator[Note]:
    if printed.approved_on:
        yield Note(
            words.text(
                "Approved by the chair, %(name)s, on %(date)s.",
                name=words.kept(printed.chair),
                date=words.date(printed.approved_on),
            )
        )
    texts = [item.texts for item in printed.facts.items if item.texts]
    if any(words.language not in one for one in texts):
        yield Note(words.text("Texts are given in the language in which they were written."))
    if printed.digest:
        yield Note(words.text("Digest of the version (SHA-256): %(digest)s", digest=words.code(printed.digest)))
