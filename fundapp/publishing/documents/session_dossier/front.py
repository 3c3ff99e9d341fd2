"""The first pages of the dossier of a session: what session it is, its agenda, and who takes part. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fundapp.board.rules.dossier import Names, SessionDossier
from fundapp.publishing.blocks import Block, Cell, Column, Heading, Line, Note, Notes, Paragraph, Said, Table, Title
from fundapp.publishing.documents.dossier.cover import Pair, pairs
from fundapp.publishing.documents.dossier.spoken import cell, tongue
from fundapp.publishing.words import Words


def title(facts: SessionDossier, words: Words) -> str:
    """What the session is called."""
    return words.text("Session %(number)s of the Board of Trustees", number=words.code(str(facts.session.number)))


def cover(facts: SessionDossier, words: Words) -> Iterator[Block]:
    """The session, its days and place, and how many proposals are before it."""
    yield Title(title(facts, words), words.text("Dossier for the trustees, %(days)s", days=days(facts, words)))
    yield pairs(_session(facts, words))
    if not facts.opened:
        yield Notes((Note(words.text("Proposals are in the dossier once the session is open to the trustees.")),))


def days(facts: SessionDossier, words: Words) -> str:
    """The day of the session, or the first and the last."""
    first, last = facts.session.since, facts.session.until
    if first == last:
        return words.date(first)
    return f"{words.date(first)} – {words.date(last)}"


def _session(facts: SessionDossier, words: Words) -> Iterator[Pair]:
    of = facts.session
    yield words.text("Board"), words.name(of.board)
    yield words.text("Days"), days(facts, words)
    yield words.text("Place"), _place(facts, words)
    if of.hosts:
        yield words.text("Hosts"), cell(of.hosts, tongue(of.hosts, words.language), words)
    if of.silent_until is not None:
        moment = words.text(
            "%(date)s at %(time)s UTC", date=words.date(of.silent_until.date()), time=words.time(of.silent_until)
        )
        yield words.text("Objections until"), moment
    yield words.text("Quorum"), words.ntext("%(number)s trustee", "%(number)s trustees", of.quorum)
    if facts.opened:
        yield words.text("Proposals in this dossier"), words.count(len(facts.briefs))


def _place(facts: SessionDossier, words: Words) -> Cell:
    known = {"online": words.text("Online"), "written": words.text("Written procedure, without a meeting")}
    place = facts.session.place
    found = known.get(facts.session.way, "")
    if found and place:
        return f"{found}\n{place}"
    return found or cell(place, tongue(place, words.language), words) or words.text("Not given")


def agenda(facts: SessionDossier, words: Words) -> Iterator[Block]:
    """The items in their order, each with its documents, which are files of their own."""
    yield Heading(words.text("Agenda"))
    if not facts.items:
        yield Paragraph(words.text("There is no agenda yet."))
        return
    columns = (
        Column(words.text("Item"), share=0.4),
        Column(words.text("Subject"), share=3.0),
        Column(words.text("Documents"), share=2.4),
    )
    lines = [
        Line(
            "account",
            (
                words.count(one.number),
                named(one.names, words) or kind_name(one.kind, words),
                cell("\n".join(paper.title or paper.file for paper in one.papers), words.language, words),
            ),
        )
        for one in facts.items
    ]
    yield Table(words.text("Agenda"), "", columns, tuple(lines), words.text("%(title)s (continued)"))


def kind_name(kind: str, words: Words) -> str:
    """What an item of the agenda is about."""
    return {
        "matters-arising": words.text("Matters arising"),
        "policy": words.text("Policy"),
        "finance": words.text("Finance"),
        "proposals": words.text("Proposals"),
        "briefing": words.text("Briefing"),
        "other": words.text("Other matters"),
    }.get(kind, kind)


def named(names: Names, words: Words) -> Cell:
    """A name in the document's language, or in one that it has, marked as such."""
    if found := names.get(words.language):
        return found
    language = next((code for code in ("en", *names) if names.get(code)), "")
    return Said(names[language], language) if language else None


def people(facts: SessionDossier, words: Words) -> Iterator[Block]:
    """Who takes part, and in what capacity."""
    if not facts.people:
        return
    yield Heading(words.text("Participants"))
    columns = (Column(words.text("Name"), share=1.6), Column(words.text("Capacity")), Column(words.text("Function")))
    lines = [
        Line(
            "account",
            (
                cell(one.name, tongue(one.name, words.language), words),
                capacity_name(one.capacity, words),
                cell(one.function, tongue(one.function, words.language), words),
            ),
        )
        for one in facts.people
    ]
    yield Table(words.text("Participants"), "", columns, tuple(lines), words.text("%(title)s (continued)"))


def capacity_name(capacity: str, words: Words) -> str:
    """In what capacity somebody takes part."""
    return {
        "chair": words.text("Chair"),
        "trustee": words.text("Trustee"),
        "secretariat": words.text("Secretariat"),
        "host": words.text("Host"),
        "observer": words.text("Observer"),
        "guest": words.text("Guest"),
    }.get(capacity, capacity)


def unopened(facts: SessionDossier, words: Words) -> Iterator[Block]:
    """The proposals that the reader has still to declare their interests in."""
    if not facts.unopened:
        return
    yield Heading(words.text("Proposals that are not open to you yet"))
    yield Paragraph(
        words.text("They are part of your dossier once you have declared that you have no interest in them.")
    )
    columns = (Column(words.text("Proposal"), share=1.6), Column(words.text("Title"), share=2.6),
               Column(words.text("Office"), share=1.6))  # fmt: skip
    lines = [
        Line(
            "account",
            (
                f"{words.code(one.reference)} {words.name(one.state)}".strip(),
                cell(one.title, one.language, words),
                cell(one.office, "en", words),
            ),
        )
        for one in facts.unopened
    ]
    yield Table("", "", columns, tuple(lines))
