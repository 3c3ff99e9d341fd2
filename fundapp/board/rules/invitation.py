"""A session as calendars of other programs take it: iCalendar, RFC 5545. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import category

from fundapp.kernel.text import TURNS

FOLD = 74  # octets of a line; RFC 5545 has 75 at most
ENDS = frozenset({"Cc", "Zl", "Zp"})  # signs at which one program or another ends a line
PRODUCT = "-//fundapp//Board of Trustees//EN"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session for a calendar: days, what it is called and where, `key`: by which calendars know it again; `changed`:
    how often and when last. `silence`: what the moment is called until which silence lasts, and that moment (UTC)."""

    key: str
    since: date
    until: date
    summary: str
    place: str
    text: str
    address: str
    times: int
    changed: datetime
    cancelled: bool = False
    silence: tuple[str, datetime] | None = None


def calendar(meetings: Iterable[Meeting]) -> str:
    """A calendar with these sessions, one event each, and one more where silence ends."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for one in meetings:
        lines += _event(one)
        lines += _silence(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(one: Meeting) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield from _shared(one, "")
    yield f"DTSTART;VALUE=DATE:{one.since:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.until + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(one.summary)}"
    if one.place:
        yield f"LOCATION:{_escaped(one.place)}"
    if one.text:
        yield f"DESCRIPTION:{_escaped(one.text)}"
    yield "END:VEVENT"


def _silence(one: Meeting) -> Iterator[str]:
    if one.silence is None:
        return
    label, moment = one.silence
    yield "BEGIN:VEVENT"
    yield from _shared(one, "-silence")
    yield f"DTSTART:{moment:%Y%m%dT%H%M%SZ}"
    yield f"DTEND:{moment:%Y%m%dT%H%M%SZ}"
    yield f"SUMMARY:{_escaped(f'{one.summary}: {label}')}"
    yield "END:VEVENT"


def _shared(one: Meeting, part: str) -> Iterator[str]:
    name, at, host = one.key.partition("@")
    yield f"UID:{name}{part}{at}{host}"
    yield f"DTSTAMP:{one.changed:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{one.times}"
    yield f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}"
    yield f"URL:{one.address}"


def _escaped(text: str) -> str:
    plain = "".join(" " if letter != "\n" and category(letter) in ENDS else letter for letter in text)
    plain = plain.translate(TURNS)
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, "\\" + sign)
    return plain.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in pieces that are short enough, and no letter of which is cut."""
    piece, octets = "", 0
    for letter in line:
        width = len(letter.encode("utf-8"))
        if octets + width > FOLD:
            yield piece
            piece, octets = " ", 1
        piece, octets = piece + letter, octets + width
    yield piece
