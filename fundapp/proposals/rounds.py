"""A round of telling: reminders that are due are laid down, and whoever is to hear of something is written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.letters import written
from fundapp.proposals.operations.letters import remind, tell
from fundapp.proposals.queries.reminding import people_due, reminders


@dataclass(frozen=True, slots=True)
class Told:
    """What a round did."""

    reminders: int
    letters: int


def tell_due(at: datetime) -> Told:
    """Do what is due at a moment: a person at a time, so that what goes wrong with one keeps nothing from another; it
    is raised when all others were written to."""
    laid = 0
    if reminders(db.session(), at):
        with unit_of_work(Console()) as work:
            laid = remind(work, None, at)
    due = people_due(db.session(), at)
    letters = 0
    failed: Exception | None = None
    for key in due:
        try:
            with unit_of_work(Console()) as work:
                letters += tell(work, work.session.get_one(Person, key), at, written)
        except Exception as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return Told(laid, letters)
