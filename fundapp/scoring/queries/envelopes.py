"""Where scenarios learn what a fund may still give: from the package that keeps its money, which comes later and says
here how it is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from fundapp.funds.models import Fund

FROM: list[Callable[[Session, Fund, date], int]] = []


def envelope_on(session: Session, fund: Fund, on: date) -> int | None:
    """What is free for new projects on a day, in cents; none where nobody keeps the money here, or nothing is free."""
    found = FROM[0](session, fund, on) if FROM else 0
    return found if found > 0 else None
