"""What of the money waits for somebody: for who can act on it, and not for whoever prepared it."""

from __future__ import annotations

import pytest
from calls import fund, someone
from flask import Flask
from spending import CERTIFIER, OFFICER, allotted, approve, prepared, raised, release
from visiting import as_a

from fundapp.access.policy import Role
from fundapp.finance.queries.waiting import Afoot, afoot
from fundapp.kernel.clock import today
from fundapp.kernel.database import db

pytestmark = pytest.mark.usefixtures("one_click")


def waiting(role: Role) -> Afoot:
    found = afoot(db.session(), fund().id, someone(role).id, (), today())
    db.session().rollback()
    return found


def home(app: Flask, who: str, language: str = "en") -> str:
    return as_a(app, who).get(f"/UPR/?lang={language}", follow_redirects=True).get_data(as_text=True)


def test_what_was_raised_waits_for_another(demo: Flask) -> None:
    of = allotted()
    key, grant = raised(of), prepared(of, c010=100_00)
    assert (waiting(CERTIFIER).commitments, waiting(CERTIFIER).allotments) == (1, 1)
    assert (waiting(OFFICER).commitments, waiting(OFFICER).allotments) == (0, 0)
    page = home(demo, "certifying-officer")
    assert "Approve 1 commitment" in page and "Release 1 allotment" in page
    assert "Approve 1 commitment" not in home(demo, "finance-officer")
    approve(key)
    release(grant)
    assert (waiting(CERTIFIER).commitments, waiting(CERTIFIER).allotments) == (0, 0)


def test_what_is_overdue_waits_for_whoever_records(rebuilt: Flask) -> None:
    found = waiting(OFFICER)
    assert found.overdue == 4 and not (found.drafts or found.unsettled or found.unmatched or found.unknown)
    assert "4 instalments are overdue" in home(rebuilt, "finance-officer")
    assert "overdue" not in home(rebuilt, "certifying-officer")


def test_entries_of_the_program_are_said_in_the_readers_language(rebuilt: Flask) -> None:
    for language in ("ar", "zh", "fr", "ru", "es"):
        page = home(rebuilt, "auditor", language)
        assert not [word for word in ("Expenditure:", "Support costs:", "Settlement:") if word in page], language
