"""When people are reminded of a deadline, and when a digest is written. Pure; moments are UTC."""

from __future__ import annotations

from datetime import datetime, time, timedelta

DAYS = (14, 7, 1)  # before a deadline
DIGEST = time(5)  # the hour from which the digest of a day is written


def due_reminder(deadline: datetime, at: datetime) -> int | None:
    """The reminder that is due: the nearest of the days before a deadline that has come, counted in days of the
    calendar so that the digest of that day takes it along. None while none has, and once the deadline has passed."""
    left = (deadline.date() - at.date()).days
    if deadline <= at or left > DAYS[0]:
        return None
    return min(days for days in DAYS if days >= left)


def window(at: datetime) -> datetime:
    """Until when deadlines are looked at: those later than that ask for no reminder yet."""
    return datetime.combine(at.date() + timedelta(days=DAYS[0] + 1), time(0))


def digest_since(at: datetime) -> datetime:
    """The moment from which the digest of this day counts: whoever had one since then has had theirs."""
    today = datetime.combine(at.date(), DIGEST)
    return today if at >= today else today - timedelta(days=1)


def key(what: str, number: int, deadline: datetime, days: int) -> str:
    """What of a reminder is told only once; a deadline that moves is another."""
    return f"{what}:{number}:{deadline:%Y-%m-%dT%H:%M}:{days}"
