"""What waits for a person, and whoever looks: what the parts of a home page share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from fundapp.access.models import Person
from fundapp.funds.models import Fund
from fundapp.web.figures import Year


@dataclass(frozen=True, slots=True)
class Case:
    """Who looks at which fund, and what the page knows already."""

    session: Session
    person: Person
    fund: Fund
    year: Year | None
    lacking: int  # cents of the newest year that the books attribute to no donor


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, where, a word more, and whether it is late."""

    text: Any
    href: str
    note: Any = ""
    when: Any = ""
    due: bool = False


Provider = Callable[[Case], Iterator[Waiting]]
