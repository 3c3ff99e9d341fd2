"""Days as a calendar file (iCalendar, RFC 5545) that people's own calendars read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LINE = 75  # bytes of a line; what is longer goes on in the next, after a blank
MAKER = "-//fundapp//fundapp//EN"


@dataclass(frozen=True, slots=True)
class Event:
    """A whole day, or all of the days up to `until`; `uid` names it for ever, so that a calendar knows it again."""

    uid: str
    on: date
    title: str
    text: str = ""
    until: date | None = None  # the last day of it
    link: str = ""
    tentative: bool = False


def calendar_text(name: str, events: Iterable[Event], at: datetime) -> str:
    """The file: its lines folded and ended as the standard asks."""
    return "".join(f"{folded(line)}\r\n" for line in _lines(name, events, at))


def _lines(name: str, events: Iterable[Event], at: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{MAKER}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
    yield f"X-WR-CALNAME:{escaped(name)}"
    for event in events:
        yield from _event(event, at)
    yield "END:VCALENDAR"


def _event(event: Event, at: datetime) -> Iterator[str]:
    after = (event.until or event.on) + timedelta(days=1)  # the standard names the first day that is not of it
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}")
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{after:%Y%m%d}"
    yield f"SUMMARY:{escaped(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{escaped(event.text)}"
    if event.link:
        yield f"URL:{event.link}"
    yield f"STATUS:{'TENTATIVE' if event.tentative else 'CONFIRMED'}"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")


def escaped(text: str) -> str:
    """Text as a value: the signs that would end it are marked, line ends are written, other controls go."""
    kept = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\\n" if sign == "\n" else sign for sign in kept if sign == "\n" or sign.isprintable())


def folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, no letter cut in two."""
    pieces, piece, size = [], "", 0
    for sign in line:
        bytes_of = len(sign.encode())
        if size + bytes_of > LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += sign
        size += bytes_of
    return "\r\n".join([*pieces, piece])
