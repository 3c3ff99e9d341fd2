"""What time it is: the one place that asks."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """The moment in UTC, without a zone: so it is stored."""
    return datetime.now(UTC).replace(tzinfo=None)


def today() -> date:
    """The day in UTC."""
    return now().date()
