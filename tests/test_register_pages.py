"""The register as its readers use it: searched, filtered, opened, taken away; and what it costs the database."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader
from visiting import as_a, statements, text_of
from werkzeug.datastructures import MultiDict

from fundapp.kernel.languages import LANGUAGES
from fundapp.recommendations.forms import RegisterFilterForm

MOST_OF_A_LIST, MOST_OF_A_PAGE = 4, 15
ALL, FIJI = 45, 39

pytestmark = pytest.mark.usefixtures("one_click")


def total(page: str) -> int:
    [found] = re.findall(r"<b>(\d+) recommendations?</b>", page)
    return int(found)


def opened(page: str) -> list[str]:
    """The addresses of the recommendations of a list."""
    return re.findall(r'<a href="(/recommendations/\d+)">', page)


@pytest.mark.parametrize(
    ("asked", "many"),
    [
        ("", ALL), ("state=FJI", FIJI), ("state=SEN", 6), ("state=FJI&cycle=4", 16), ("mechanism=treaty-body", 6),
        ("mechanism=special-procedure", 1), ("position=noted&cycle=4", 4), ("theme=right-health", 2), ("goal=13", 3),
        ("by=THA&cycle=4", 1), ("q=drinking+water", 2), ("q=d%C3%A9tention", 1), ("q=zzz", 0),
        # what is none is as if it were not there
        ("mechanism=nobody&cycle=x&position=9", ALL), ("goal=99999999", ALL),
    ],
)  # fmt: skip
def test_the_list_is_what_is_asked_for(registered: Flask, asked: str, many: int) -> None:
    page = text_of(as_a(registered, "field-officer"), f"/recommendations?{asked}")
    assert total(page) == len(opened(page)) == many if many else "Nothing found" in page


def test_the_list_goes_on(registered: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fundapp.recommendations.views.register.PAGE", 20)
    client, address, seen = as_a(registered, "trustee"), "/recommendations", list[str]()
    for _ in range(3):
        page = text_of(client, address)
        assert total(page) == ALL
        seen += opened(page)
        [address] = re.findall(r'href="([^"]+)" rel="next"', page) or [""]
        address = address.replace("&amp;", "&")
    assert not address and len(seen) == len(set(seen)) == ALL


@pytest.mark.parametrize("asked", ["", "?q=women+violence", "?state=FJI&theme=right-education&goal=4", "?by=NOR"])
def test_a_list_asks_little(registered: Flask, asked: str) -> None:
    client = as_a(registered, "secretary")
    text_of(client, f"/recommendations{asked}")
    with statements(registered) as questions:
        text_of(client, f"/recommendations{asked}")
    assert 0 < len(questions) <= MOST_OF_A_LIST, [one[:90] for one in questions]


@pytest.mark.parametrize("address", ["/recommendations/1", "/recommendations/states", "/recommendations/states/FJI"])
def test_the_other_pages_ask_little(registered: Flask, address: str) -> None:
    client = as_a(registered, "secretary")
    text_of(client, address)
    with statements(registered) as questions:
        text_of(client, address)
    assert 0 < len(questions) <= MOST_OF_A_PAGE, [one[:90] for one in questions]


def test_one_recommendation_says_all_of_itself(registered: Flask) -> None:
    client = as_a(registered, "reviewer")
    client.get("/help?lang=en")
    page = text_of(client, "/recommendations/5")
    for said in ("shelters and legal aid", "New Zealand", "Canada", "Iceland", "Supported", "Women &amp; girls", "5.2"):
        assert said in page, said
    assert "recommendations.json" in page and "row 5" in page
    arabic = text_of(client, "/recommendations/5?lang=ar")
    assert '<blockquote class="app-said" lang="en" dir="ltr">' in arabic and "العنف ضد المرأة" in arabic


def test_what_is_not_there(registered: Flask) -> None:
    client = as_a(registered, "reviewer")
    for address in ("/recommendations/999999", "/recommendations/states/XXX", "/recommendations/x"):
        assert client.get(address).status_code == 404, address
    assert registered.test_client().get("/recommendations").status_code == 302


def test_html_in_a_search_is_text(registered: Flask) -> None:
    page = text_of(as_a(registered, "reviewer"), "/recommendations?q=<script>alert(1)</script>&state=<b>")
    assert "<script>alert" not in page and "<b></b>" not in page


def test_states(registered: Flask) -> None:
    client = as_a(registered, "desk-officer")
    client.get("/help?lang=en")
    page = text_of(client, "/recommendations/states")
    assert page.count('<th scope="row"') == 2 and "Fiji" in page and "Senegal" in page
    assert "Senegal" not in text_of(client, "/recommendations/states?q=fij")
    assert "No State of that name" in text_of(client, "/recommendations/states?q=zzz")


def test_a_state_counts_by_cycle_and_theme(registered: Flask) -> None:
    page = text_of(as_a(registered, "trustee"), "/recommendations/states/FJI")
    assert "32 recommendations of the review" in page
    assert "<svg" in page and "Cycle 4" in page and "Cycle 3" in page
    assert "Special Rapporteur on the human rights of internally displaced persons" in page
    empty = text_of(as_a(registered, "trustee"), "/recommendations/states/SVN")
    assert "Nothing yet" in empty and "<svg" not in empty.split("<main")[1].split("</main>")[0]


def test_the_list_as_csv_has_what_is_filtered(registered: Flask) -> None:
    client = as_a(registered, "auditor")
    client.get("/help?lang=en")
    found = client.get("/recommendations/list.csv?state=FJI&cycle=4&position=noted", buffered=True)
    assert "attachment" in found.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(found.get_data(as_text=True).removeprefix("\ufeff"), newline="")))
    assert [row["Paragraph"] for row in rows] == ["139.10", "139.11", "139.15"]
    assert rows[0]["Recommending States"] == "Slovenia; Uruguay" and rows[0]["Position"] == "Noted"
    assert client.get("/recommendations/list.xlsx?state=FJI").data.startswith(b"PK")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_matrix_and_the_infographic_are_files_in_six_languages(registered: Flask, language: str) -> None:
    client = as_a(registered, "trustee")
    pdf = client.get(f"/recommendations/states/FJI/matrix-4.pdf?language={language}")
    assert pdf.status_code == 200 and pdf.mimetype == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages)
    assert "139.16" in text and "Ratify the Optional Protocol" in text
    trend = client.get(f"/recommendations/states/FJI/trend.pdf?language={language}")
    assert trend.status_code == 200 and len(PdfReader(io.BytesIO(trend.data)).pages) > 1
    for address in ("matrix-4.docx", "trend.docx"):
        assert client.get(f"/recommendations/states/FJI/{address}?language={language}").data.startswith(b"PK")


def test_documents_that_are_not_there(registered: Flask) -> None:
    client = as_a(registered, "trustee")
    for address in ("FJI/matrix-1.pdf", "SVN/matrix-4.pdf", "SVN/trend.pdf", "FJI/trend.pdf?cycle=9", "XXX/trend.pdf"):
        assert client.get(f"/recommendations/states/{address}").status_code == 404, address
    refused = client.get("/recommendations/states/FJI/trend.pdf?language=xx")
    assert refused.status_code == 409 and "xx" in refused.text


def test_a_long_select_marks_what_is_chosen_and_nothing_else(app: Flask) -> None:
    with app.test_request_context():
        for given, marked in (("b", "b"), ("", ""), ('"><b', ""), ("c", "")):
            form = RegisterFilterForm(MultiDict({"state": given})).offer([("a", "<A>"), ("b", "B & b")], [], [])
            drawn = str(form.state.drawn())
            assert drawn.count(" selected>") == 1 and f'<option value="{marked}" selected>' in drawn
            assert '<option value="a">&lt;A&gt;</option>' in drawn and "B &amp; b</option>" in drawn
