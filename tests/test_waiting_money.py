"""What of the money waits for somebody: for who can act on it, and not for whoever prepared it."""

from __future__ import annotations

from datetime import date

import pytest
from calls import fund, someone
from closed import add, begun, closed
from flask import Flask
from spending import CERTIFIER, OFFICER, allotted, approve, prepared, raised, release
from visiting import as_a, statements
from visiting import waiting as listed

from fundapp.access.policy import Role
from fundapp.finance.queries.closing import years_to_close
from fundapp.finance.queries.waiting import Afoot, afoot
from fundapp.finance.rules.closing import OpenYears, Span, open_years
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


def years(app: Flask) -> list[str]:
    """What the certifying officer reads of years."""
    return [text for text in listed(as_a(app, "certifying-officer")) if text.startswith(("Close", "Seal"))]


def test_years_that_are_open_and_the_one_that_can_be_sealed() -> None:
    today, of_2019 = date(2021, 5, 1), (date(2019, 1, 1), date(2019, 12, 31))
    assert open_years(None, None, [], today) == OpenYears((), None)
    assert open_years(2019, None, [], today) == OpenYears((2019, 2020), None)
    assert open_years(2019, None, [of_2019], today) == OpenYears((2020,), 2019)
    assert open_years(2019, 2019, [of_2019], today) == OpenYears((2020,), None)
    assert open_years(2019, None, [(date(2020, 1, 1), date(2020, 12, 31))], today) == OpenYears((2019,), None)
    assert open_years(2019, None, [(date(2019, 1, 1), date(2019, 6, 30))], today) == OpenYears((2019, 2020), None)
    assert open_years(2021, None, [], today) == OpenYears((), None)


def test_a_year_that_is_known_from_print_alone_is_nobodys_to_close(demo: Flask) -> None:
    assert years(demo) == []
    add(date(2020, 5, 5))
    assert years(demo) == ["Close the year 2020"]
    add(date(2018, 5, 5))
    add(date(today().year, 1, 1))  # not over
    assert years(demo) == ["Close the years 2018, 2020"]
    begun()
    assert years(demo) == ["Close the years 2018, 2020"]
    closed(Span(2018))
    assert years(demo) == ["Close the year 2020"]
    assert not [text for text in listed(as_a(demo, "finance-officer")) if text.startswith(("Close", "Seal"))]


def test_a_year_is_sealed_when_it_is_its_turn_and_all_of_it_is_closed(demo: Flask) -> None:
    add(date(2018, 5, 5))
    closed(Span(2018))
    assert years(demo) == []  # the years before it are open
    closed(Span(2009))
    assert years(demo) == ["Seal the year 2009"]
    certifier = as_a(demo, "certifying-officer")
    assert certifier.post("/UPR/finance/years/2009/close").status_code == 302
    assert years(demo) == []
    for month in range(1, 13):
        closed(Span(2010, month))
    assert years(demo) == ["Seal the year 2010"]


def test_the_demonstration_names_the_years_that_were_kept_here(rebuilt: Flask) -> None:
    assert years(rebuilt) == ["Close the years 2018, 2019"]
    page = home(rebuilt, "certifying-officer")
    assert "/UPR/finance/periods?year=2018" in page and "2009" not in page
    key = fund().id
    with statements(rebuilt) as asked:
        years_to_close(db.session(), key, today())
    assert len(asked) <= 4
