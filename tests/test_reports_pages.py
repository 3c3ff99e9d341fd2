"""Pages and files of the statements: figures open, files say the same, bad addresses are refused, few queries."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from visiting import as_a, statements, text_of

from fundapp.kernel.languages import LANGUAGES, figure
from fundapp.kernel.money import parse_printed

LINK = re.compile(r'<a class="app-fig" href="([^"]+)"[^>]*><bdi dir="ltr"[^>]*>([^<]+)</bdi>')
PAGES = {
    "balance?year=2020": 12,
    "compared?year=2020": 12,
    "budget?year=2020": 12,
    "commitments?on=2020-12-31": 12,
    "receivables?on=2020-12-31": 12,
    "available?on=2020-12-31": 12,
    "trial-balance?year=2020": 12,
}
FILES = ("changes-in-balance", "compared", "budget-actual", "commitments", "receivables", "available", "trial-balance")

pytestmark = pytest.mark.usefixtures("one_click")


def test_a_page_asks_the_database_little(demo: Flask) -> None:
    client = as_a(demo, "finance-officer")
    for page, most in PAGES.items():
        text_of(client, f"/UPR/finance/statements/{page}")
        with statements() as asked:
            text_of(client, f"/UPR/finance/statements/{page}")
        assert len(asked) <= most, (page, len(asked))


@pytest.mark.parametrize(
    "page", ["balance?year=2020", "compared?year=2020", "budget?year=2020", "receivables?on=2020-12-31"]
)
def test_every_figure_opens_to_entries_that_add_up_to_it(demo: Flask, page: str) -> None:
    client = as_a(demo, "auditor")
    found = LINK.findall(text_of(client, f"/UPR/finance/statements/{page}"))
    assert found
    for address, shown in found:
        entries = text_of(client, address.replace("&amp;", "&"))
        [added] = re.findall(r'They add up to</dt><dd><bdi dir="ltr"[^>]*>([^<]+)</bdi>', entries)
        assert abs(parse_printed(added) or 0) == abs(parse_printed(shown) or 0), address


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_and_files_are_there_in_each_language(demo: Flask, language: str) -> None:
    client = as_a(demo, "auditor")
    page = text_of(client, f"/UPR/finance/statements/balance?year=2020&lang={language}")
    assert figure(-51232371, language) in page
    for kind in FILES:
        for form in ("pdf", "xlsx", "csv", "json"):
            answer = client.get(f"/UPR/finance/statements/{kind}.{form}?year=2020&language={language}")
            assert answer.status_code == 200, (kind, form)
            assert answer.data


def test_what_is_asked_wrongly_is_refused(demo: Flask) -> None:
    client = as_a(demo, "finance-officer")
    for page, status in {
        "balance?from=2020-12-31&to=2020-01-01": 400,
        "balance?from=tomorrow": 400,
        "available?on=31.12.2020": 400,
        "trial-balance?year=1": 400,
        "receivables?on=%00": 400,
        "nothing.csv": 404,
        "balance.csv": 404,
        "available.docx": 404,
        "changes-in-balance.csv?language=xx": 400,
    }.items():
        answer = client.get(f"/UPR/finance/statements/{page}")
        assert answer.status_code == status or (status == 400 and answer.status_code in (409, 422)), (
            page,
            answer.status_code,
        )
    for page, status in {
        "accounts/NONE": 400,
        "accounts/AST.CASH?after=x&behind=1&line=1": 400,
        "entries?line=EXP.STAFF,NONE": 400,
        "entries?project=NONE": 400,
    }.items():
        answer = client.get(f"/UPR/finance/{page}")
        assert answer.status_code in (status, 409, 422), (page, answer.status_code)


def test_who_reads_no_money_sees_no_statement(demo: Flask) -> None:
    trustee = as_a(demo, "trustee")
    assert trustee.get("/UPR/finance/statements/balance").status_code == 200
    for page in ("budget", "commitments", "receivables", "budget-actual.csv", "receivables.pdf"):
        assert trustee.get(f"/UPR/finance/statements/{page}").status_code in (403, 404), page
    officer = as_a(demo, "field-officer")
    for page in ("balance", "trial-balance.csv", "available"):
        assert officer.get(f"/UPR/finance/statements/{page}").status_code in (403, 404), page


def test_an_account_shows_its_lines_and_the_balance_after_each(demo: Flask) -> None:
    client = as_a(demo, "auditor")
    trial = text_of(client, "/UPR/finance/statements/trial-balance?year=2020")
    cards = {address.replace("&amp;", "&") for address, _ in LINK.findall(trial)}
    assert len(cards) == 14
    for address in cards:
        text_of(client, address)
    page = text_of(client, "/UPR/finance/accounts/AST.CASH?year=2020")
    assert figure(224799280, "en") in page
    assert figure(210349568, "en") in page
    with statements() as asked:
        text_of(client, "/UPR/finance/accounts/AST.CASH?year=2020")
    assert len(asked) <= 10
    rows = client.get("/UPR/finance/accounts/AST.CASH.csv?year=2020", buffered=True).text.splitlines()
    assert rows[-1].split(",")[-4] == "2103495.68"
    ledger = client.get("/UPR/finance/general-ledger.csv?year=2020", buffered=True).text.splitlines()
    assert {line.split(",")[0] for line in ledger[1:]} >= {"AST.CASH", "EXP.STAFF", "INC.CONTRIB"}
    assert client.get("/UPR/finance/general-ledger.xlsx?year=2020").data.startswith(b"PK")
