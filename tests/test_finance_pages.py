"""The pages of the money as their readers use them: figures open to entries, differences are named, notes stay."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from closed import closed
from flask import Flask
from flask_babel import force_locale
from visiting import as_a, statements, text_of

from fundapp.access.views import page
from fundapp.finance.rules.closing import Span
from fundapp.finance.statements import Contribution, Contributions, FundFacts
from fundapp.finance.views.contributions import givers
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.languages import LANGUAGES, figure
from fundapp.kernel.money import parse_printed
from fundapp.ledger.models import Posting

PRINTED = "A/HRC/47/19"
LINK = re.compile(r'<a class="app-fig" href="([^"]+)"[^>]*><bdi dir="ltr"[^>]*>([^<]+)</bdi>')

pytestmark = pytest.mark.usefixtures("one_click")


def test_every_figure_of_the_statement_opens_to_entries_that_add_up_to_it(demo: Flask) -> None:
    client = as_a(demo, "auditor")
    page = text_of(client, "/UPR/finance/statement?year=2020")
    links = LINK.findall(page)
    assert len(links) == 17  # 21 lines with a figure, four of them nil
    for address, shown in links:
        entries = text_of(client, address.replace("&amp;", "&"))
        [added] = re.findall(r'They add up to</dt><dd><bdi dir="ltr"[^>]*>([^<]+)</bdi>', entries)
        assert parse_printed(added) == parse_printed(shown), address


def test_every_figure_of_the_contributions_opens_too(demo: Flask) -> None:
    client = as_a(demo, "trustee")
    page = text_of(client, "/UPR/finance/contributions?year=2020")
    links = LINK.findall(page)
    assert len(links) == 44 + 1 + 20  # a donor's periods, the one of nobody, and a total for each
    for address, shown in links[:8] + links[-3:]:
        entries = text_of(client, address.replace("&amp;", "&"))
        [added] = re.findall(r'They add up to</dt><dd><bdi dir="ltr"[^>]*>([^<]+)</bdi>', entries)
        assert parse_printed(added) == parse_printed(shown), address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_statement_says_the_same_in_each_language(demo: Flask, language: str) -> None:
    page = text_of(as_a(demo, "auditor"), f"/UPR/finance/statement?year=2020&lang={language}")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    for cents in (51232371, -14449712, 220849568, 220849500 // 100):
        assert figure(cents, language, 0 if cents == 2208495 else 2) in page


def test_a_page_asks_the_database_little(demo: Flask) -> None:
    client = as_a(demo, "finance-officer")
    budget = {
        "/UPR/finance/statement?year=2020": 3,
        "/UPR/finance/contributions?year=2020": 8,
        "/UPR/finance/entries?year=2020": 8,
        "/UPR/finance/tie-out": 12,
        f"/UPR/finance/published/{PRINTED}": 12,
        "/UPR/finance/years": 5,
        "/UPR/finance/not-attributed": 4,
        "/UPR/": 15,
    }
    for address, most in budget.items():
        client.get(address)  # what is read once for all
        with statements(demo) as asked:
            client.get(address)
        assert 0 < len(asked) <= most, (address, len(asked), asked)


def test_a_period_upside_down_is_a_sentence(demo: Flask) -> None:
    client = as_a(demo, "auditor")
    for query, said in (
        ("from=2020-12-31&to=2020-01-01", "before it begins"),
        ("from=20-12-31", "is no date"),
        ("year=1066", "There is nothing for the year 1066"),
        ("year=x", "is no number"),
    ):
        found = client.get(f"/UPR/finance/statement?{query}")
        assert found.status_code == 400 and said in found.get_data(as_text=True), query
    assert client.get("/UPR/finance/entries?line=EXP.PARTY").status_code == 400
    assert client.get("/UPR/finance/entries?donor=XXX").status_code == 400
    assert client.get("/XYZ/finance/statement").status_code == 404
    assert client.get("/UPR/finance/published/A/HRC/0/0").status_code == 404
    assert client.get("/UPR/finance/entries/999999").status_code == 404
    assert client.get("/AHA/finance/entries/1").status_code == 404  # of the other fund


def test_a_difference_is_annotated_by_a_finance_officer_and_nobody_else(demo: Flask) -> None:
    address = f"/UPR/finance/annotate/2020-ROU/{PRINTED}"
    assert as_a(demo, "auditor").post(address, data={"text": "x"}).status_code == 403
    client = as_a(demo, "finance-officer")
    assert client.post(address, data={"text": "  "}).status_code == 422
    assert client.post(address, data={"text": "x" * 2001}).status_code == 422
    note = "The letter of 3 March <b>names</b> Romania."
    assert client.post(address, data={"text": note}).status_code == 302
    page = text_of(client, "/UPR/finance/tie-out")
    assert "The letter of 3 March &lt;b&gt;names&lt;/b&gt; Romania." in page
    assert client.get(f"/UPR/finance/annotate/2020-XXX/{PRINTED}").status_code == 404


def test_income_of_nobody_gets_its_donor(demo: Flask) -> None:
    address = "/UPR/finance/not-attributed/2020"
    assert as_a(demo, "certifying-officer").get(address).status_code == 403
    client = as_a(demo, "finance-officer")
    wrong: tuple[dict[str, str], ...] = (
        {"donor": "ROU", "amount": "47 790.14", "reason": "too much"},
        {"donor": "ROU", "amount": "-5"},
        {},
    )
    for data in wrong:
        assert client.post(address, data=data).status_code == 422, data
    given = {"donor": "ROU", "amount": "47 790.13", "reason": "Schedule of trust funds 2020"}
    assert client.post(address, data=given).status_code == 302
    page = text_of(client, "/UPR/finance/contributions?year=2020")
    assert "Romania" in page and "Not attributed" not in re.sub(r"<nav.*?</nav>", "", page, flags=re.S)
    assert "6\u00a0713\u00a0707.13" in page
    assert client.post(address, data=given).status_code == 422  # nothing is left


def test_files_hold_what_the_page_shows(demo: Flask) -> None:
    client = as_a(demo, "auditor")
    kinds = {"pdf": b"%PDF-", "xlsx": b"PK", "csv": "\ufeffline".encode(), "json": b"{"}
    for kind, begins in kinds.items():
        found = client.get(f"/UPR/documents/income-expenditure.{kind}?year=2020&language=ar")
        assert found.status_code == 200 and found.data.startswith(begins)
        assert f'-ar.{kind}"' in found.headers["Content-Disposition"]
    assert client.get("/UPR/documents/contributions.pdf?to=2020-12-31").data.startswith(b"%PDF-")
    rows = client.get("/UPR/finance/contributions.csv?year=2020&donor=spain", buffered=True).text.splitlines()
    assert len(rows) == 2 and rows[1].endswith("195655.00")
    entries = client.get("/UPR/finance/entries.csv?line=EXP.TRAVELREP&year=2020", buffered=True).text
    assert "AST.CASH,,5647.59," in entries and "EXP.TRAVELREP,,,5647.59" in entries
    ties = client.get("/UPR/finance/tie-out.csv?show=differences", buffered=True).text
    assert len(ties.splitlines()) == 8 and "ROU" in ties


def test_donors_stand_in_the_order_of_their_english_names_without_accents(demo: Flask) -> None:
    names = {"TUV": "Tuvalu", "TUR": "Türkiye", "CIV": "Côte d'Ivoire", "CUB": "Cuba"}
    rows = [Contribution("2020", code, dict.fromkeys(LANGUAGES, name), 100) for code, name in names.items()]
    nobody = Contribution("2020", None, {}, 1)
    facts = Contributions(FundFacts("UPR", {}), date(2020, 12, 31), "cash", (nobody, *rows), 401, 5, now())
    with demo.test_request_context("/UPR/finance/contributions"):
        assert [giver.code for giver in givers(facts)] == ["CIV", "CUB", "TUR", "TUV", None]


def test_a_file_has_every_entry_or_is_refused(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, every = as_a(demo, "auditor"), "/UPR/finance/entries.{}?from=2009-01-01&to=2020-12-31"
    lines = db.session.scalar(sa.select(sa.func.count()).select_from(Posting))
    monkeypatch.setattr(page, "MOST_ROWS", 2)
    found = client.get(every.format("csv"), buffered=True).text
    assert found.startswith("\ufeffentry,") and len(found.splitlines()) == 1 + (lines or 0)
    refused = client.get(every.format("xlsx"))
    assert refused.status_code == 409 and "take CSV" in refused.text


def test_a_year_is_closed_in_order_by_the_certifying_officer(demo: Flask) -> None:
    assert as_a(demo, "finance-officer").post("/UPR/finance/years/2009/close").status_code == 403
    client = as_a(demo, "certifying-officer")
    assert client.post("/UPR/finance/years/2009/close").status_code == 409  # its period is open
    for year in (2009, 2015):
        closed(Span(year))
    assert client.post("/UPR/finance/years/2015/close").status_code == 409  # 2009 comes first
    assert client.post("/UPR/finance/years/2009/close").status_code == 302
    assert "closed" in text_of(client, "/UPR/finance/years")
    assert client.post("/UPR/finance/years/2009/close").status_code == 409


def test_terms_to_check_are_for_administrators(demo: Flask) -> None:
    assert "Unpaid pledges" in text_of(as_a(demo, "administrator"), "/terms")
    assert as_a(demo, "trustee").get("/terms").status_code == 403


def test_an_entry_says_who_posted_it_and_lists_take_the_commas_of_the_language(demo: Flask) -> None:
    client = as_a(demo, "auditor")
    assert "Command line" in text_of(client, "/UPR/finance/entries/1?lang=en")
    listed = demo.jinja_env.filters["listed"]
    for language, expected in (("ar", "أ، ب"), ("zh", "أ、ب"), ("fr", "أ, ب")):
        with demo.test_request_context("/help"), force_locale("zh_Hans" if language == "zh" else language):
            assert listed(["أ", "ب"]) == expected
