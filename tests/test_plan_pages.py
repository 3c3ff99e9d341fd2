"""The pages of plans: what they show, who sees and who changes them, bad input, two at once, files, few queries."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from commands import everything, rows
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from plans import FULL, PLAIN, a_plan, as_csv, as_xlsx, content, listed, measure_id, register
from signing_in import enter, one_of_each
from visiting import as_a, statements, text_of, waiting

from fundapp.access.operations import Console
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.recommendations.queries.plans import PAGE, measures_on, plans_of
from fundapp.recommendations.rules import Progress
from fundapp.recommendations.rules.plans import Doing

MEASURE = {
    "reference": "1.1", "text": "Ratify it", "responsible": "Ministry", "due": "2027-06-30", "indicator": "",
    "progress": "under-way", "project": "", "links": "140.8, 140.9", "cycle": "", "version": "1",
}  # fmt: skip
HIDDEN = re.compile(r'<input type="hidden" name="(digest|name|layout|seen|version)" value="([^"]*)">')

pytestmark = pytest.mark.usefixtures("one_click")


def send(client: FlaskClient, address: str, **data: Any) -> tuple[int, str]:
    """Status and page of what is posted; where it leads, that page."""
    answer = client.post(address, data=data, content_type="multipart/form-data")
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    return dict(HIDDEN.findall(page))


def look(client: FlaskClient, key: int, path: Path, **more: str) -> tuple[int, str]:
    file = (io.BytesIO(path.read_bytes()), path.name)
    return send(client, f"/recommendations/plans/{key}/import", file=file, **more)


# --------------------------------------------------------------------------------------------------------- reading


def test_a_plan_shows_its_measures(demo: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    late = replace(PLAIN, due=date(2026, 3, 1), text="<script>alert(1)</script>")
    key = a_plan(FULL, late, replace(PLAIN, reference="9", due=date(2031, 1, 1)), links=[numbers["4 140.8"]])
    page = text_of(as_a(demo, "trustee"), f"/recommendations/plans/{key}")
    assert "Implementation plan of Slovenia · 1 January 2026 to 31 December 2029" in page.replace("\xa0", " ")
    assert "A/HRC/59/15 140.8" in page and "Ministry of Justice" in page and "Under way" in page
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert page.count("overdue</span>") == 1 and page.count("outside the plan") == 1
    assert "Add a measure" not in page and "Withdraw the plan" not in page
    assert "Add a measure" in text_of(as_a(demo, "field-officer"), f"/recommendations/plans/{key}")


def test_filters_and_order(demo: Flask, tmp_path: Path) -> None:
    doings = [Doing(f"M{n}", f"Measure {n}", due=date(2027, 1, 31 - n)) for n in range(1, 4)]
    key = a_plan(*doings, replace(PLAIN, reference="M0", progress=Progress.IMPLEMENTED, responsible="50% of_us"))
    client = as_a(demo, "auditor")

    def shown(query: str) -> list[str]:
        page = text_of(client, f"/recommendations/plans/{key}{query}")
        return re.findall(r'href="/recommendations/measures/\d+"><bdi>(M\d)', page)

    assert shown("") == ["M3", "M2", "M1", "M0"]
    assert shown("?sort=-due") == ["M1", "M2", "M3", "M0"]
    assert shown("?sort=-reference") == ["M3", "M2", "M1", "M0"]
    assert shown("?sort=nonsense&page=x") == shown("")
    assert shown("?q=measure+2") == ["M2"]
    assert (shown("?q=50%25"), shown("?q=%25x")) == (["M0"], [])
    assert shown("?progress=implemented") == ["M0"]
    assert shown("?late=yes") == []
    assert shown("?page=7") == []


def test_a_plan_of_many_measures_asks_no_more(demo: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    few, many = (
        a_plan(*(replace(PLAIN, reference=f"{n}") for n in range(count)), title=f"{count}", links=[numbers["4 140.8"]])
        for count in (1, PAGE + 5)
    )
    client = as_a(demo, "desk-officer")
    counted = []
    for key in (few, few, many):
        with statements(demo) as asked:
            page = text_of(client, f"/recommendations/plans/{key}")
        counted.append(len(asked))
    assert page.count('href="/recommendations/measures/') == PAGE
    assert counted[1] == counted[2] <= 12, counted
    with statements(demo) as asked:
        text_of(client, f"/recommendations/measures/{measure_id(many, '7')}")
    assert len([one for one in asked if "tests" not in one]) <= 14


def test_no_such_plan_or_measure(demo: Flask) -> None:
    client = as_a(demo, "secretary")
    for address in ("plans/9", "measures/9", "plans/9/change", "plans/9/import", "plans/9.csv", "states/XXX/plans/new"):
        assert client.get(f"/recommendations/{address}").status_code == 404, address
    assert client.post("/recommendations/measures/9/withdraw").status_code == 404


def test_nobody_signed_in_reads_a_plan(demo: Flask) -> None:
    key = a_plan(PLAIN)
    for address in (f"plans/{key}", f"plans/{key}.csv", f"measures/{measure_id(key, '1.2')}"):
        assert "/login" in demo.test_client().get(f"/recommendations/{address}").headers["Location"]


def test_who_may_not_change_is_refused_and_nothing_happens(demo: Flask) -> None:
    key = a_plan(PLAIN)
    measure, client = measure_id(key, "1.2"), as_a(demo, "trustee")
    before = everything()
    for address in (
        f"plans/{key}/change", f"plans/{key}/withdraw", f"plans/{key}/measures/new", f"plans/{key}/import",
        f"measures/{measure}", f"measures/{measure}/withdraw", f"measures/{measure}/link",
        f"measures/{measure}/unlink", "states/SVN/plans/new",
    ):  # fmt: skip
        assert client.post(f"/recommendations/{address}", data=MEASURE).status_code == 403, address
    assert everything() == before
    assert "Change the measure" not in text_of(client, f"/recommendations/measures/{measure}")


# --------------------------------------------------------------------------------------------------------- writing


def test_a_plan_is_begun_changed_and_withdrawn_on_its_pages(demo: Flask) -> None:
    client = as_a(demo, "field-officer")
    said = {"title": " Plan  A ", "language": "es", "since": "2026-01-01", "until": ""}
    status, page = send(client, "/recommendations/states/SVN/plans/new", **said)
    assert status == 302 and "Plan A" in page and "No measures yet" in page
    [row] = plans_of(db.session(), Console(), "SVN", today())
    db.session.remove()
    form = text_of(client, f"/recommendations/plans/{row.id}/change")
    assert 'value="2026-01-01"' in form and '<option value="es" selected>' in form
    status, page = send(client, f"/recommendations/plans/{row.id}/change", **{**said, "title": "B", **hidden(form)})
    assert status == 302 and "<h1>B</h1>" in page
    assert client.post(f"/recommendations/plans/{row.id}/withdraw").status_code == 302
    page = text_of(client, f"/recommendations/plans/{row.id}")
    assert "This plan was a mistake" in page and "Add a measure" not in page


def test_what_is_wrong_with_a_plan_stands_beside_its_field(demo: Flask) -> None:
    client = as_a(demo, "secretary")
    said = {"title": "", "language": "en", "since": "1.1.2026", "until": "2026-02-30"}
    status, page = send(client, "/recommendations/states/SVN/plans/new", **said)
    assert status == 422
    for words, field in (("Give the plan a title.", "title"), ("is no date", "since"), ("is no date", "until")):
        assert re.search(rf'<p id="{field}-error"[^>]*>[^<]*<span[^>]*>[^<]*</span> [^<]*{words}', page), field
    assert 'value="1.1.2026"' in page
    assert send(client, "/recommendations/states/SVN/plans/new", **{**said, "language": "xx"})[0] == 422
    assert plans_of(db.session(), Console(), "SVN", today()) == []


def test_a_measure_is_added_changed_and_withdrawn_on_its_pages(demo: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key, client = a_plan(), as_a(demo, "head-of-office")
    status, page = send(client, f"/recommendations/plans/{key}/measures/new", **{**MEASURE, "due": "2031-01-01"})
    assert status == 302 and "outside the days of the plan" in page
    measure = measure_id(key, "1.1")
    assert "A/HRC/59/15 140.8, A/HRC/59/15 140.9</textarea>" in page
    changed = {**MEASURE, "links": "140.7", "cycle": "3", **hidden(page), "text": "One\r\n\r\n  Two  "}
    assert send(client, f"/recommendations/measures/{measure}", **changed)[0] == 302
    [(doing, links)] = content(key)
    assert (doing.text, doing.due, doing.progress) == ("One\n\n  Two", date(2027, 6, 30), Progress.UNDER_WAY)
    assert links == (numbers["3 140.7"],)
    assert client.post(f"/recommendations/measures/{measure}/withdraw").status_code == 302
    assert content(key) == []
    assert client.get(f"/recommendations/measures/{measure}").status_code == 404


def test_what_is_wrong_with_a_measure_stands_beside_its_field(demo: Flask, tmp_path: Path) -> None:
    register(tmp_path / "r")
    key, client = a_plan(PLAIN), as_a(demo, "secretary")
    wrong = {**MEASURE, "reference": "", "text": "x" * 4001, "due": "soon", "links": "140.7, 140.77, #99999"}
    status, page = send(client, f"/recommendations/plans/{key}/measures/new", **wrong)
    assert status == 422
    for words in (
        "Give the measure a reference", "These are 4001 characters; at most 4000", "“soon” is no date",
        "“140.7” may be more than one recommendation", "“140.77” is no recommendation", "“#99999” is no recommendation",
    ):  # fmt: skip
        assert words in page, words
    assert page.count('class="govuk-error-message"') == 6
    assert send(client, f"/recommendations/plans/{key}/measures/new", **{**MEASURE, "progress": "none"})[0] == 422
    taken = {**MEASURE, "reference": "1.2", "links": ""}
    status, page = send(client, f"/recommendations/plans/{key}/measures/new", **taken)
    assert status == 422 and "Another measure of the plan has the reference 1.2" in page
    assert [doing for doing, _ in content(key)] == [PLAIN]


def test_who_saves_a_measure_second_sees_both_and_loses_nothing(demo: Flask, tmp_path: Path) -> None:
    register(tmp_path / "r")
    key = a_plan(PLAIN)
    address = f"/recommendations/measures/{measure_id(key, '1.2')}"
    one, two = as_a(demo, "secretary"), as_a(demo, "desk-officer")
    first, second = (hidden(text_of(client, address)) for client in (one, two))
    assert send(one, address, **{**MEASURE, **first, "text": "The first one's", "links": "140.8"})[0] == 302
    mine = {**MEASURE, **second, "text": "The second one's", "links": "140.9"}
    status, page = send(two, address, **mine)
    assert status == 409 and "Somebody else saved first" in page
    assert "<bdi>The first one&#39;s</bdi>" in page and "The second one&#39;s</textarea>" in page
    assert "140.8</bdi>" in page and "140.9</textarea>" in page
    assert content(key)[0][0].text == "The first one's"
    assert send(two, address, **{**mine, **hidden(page)})[0] == 302
    assert content(key)[0][0].text == "The second one's"


def test_who_saves_a_plan_second_sees_both(demo: Flask) -> None:
    key = a_plan()
    address, client = f"/recommendations/plans/{key}/change", as_a(demo, "secretary")
    form = hidden(text_of(client, address))
    said = {"language": "en", "since": "", "until": "", **form}
    assert send(client, address, **said, title="First")[0] == 302
    status, page = send(client, address, **said, title="Second")
    assert status == 409 and "<bdi>First</bdi>" in page and 'value="Second"' in page
    assert send(client, address, **{**said, **hidden(page)}, title="Second")[0] == 302


def test_recommendations_are_searched_for_and_ticked(demo: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key, client = a_plan(PLAIN), as_a(demo, "secretary")
    address = f"/recommendations/measures/{measure_id(key, '1.2')}"
    page = text_of(client, f"{address}?find=police")
    assert re.findall(r'name="number" type="checkbox" value="(\d+)"', page) == [str(numbers["4 140.9"])]
    both = [str(numbers["4 140.9"]), str(numbers["4 140.8"])]
    answer = client.post(f"{address}/link", data={"number": both})
    assert answer.status_code == 302
    assert content(key)[0][1] == tuple(sorted(map(int, both)))
    assert "Nothing found" in text_of(client, f"{address}?find=police")
    assert client.post(f"{address}/unlink", data={"number": both[0]}).status_code == 302
    assert content(key)[0][1] == (int(both[1]),)
    before = everything()
    for number in ("x", "-1", "9" * 30, "999999", ""):
        assert client.post(f"{address}/link", data={"number": number}).status_code == 302
        assert client.post(f"{address}/unlink", data={"number": number}).status_code == 302
    assert everything() == before


# ----------------------------------------------------------------------------------------------------------- files


def test_the_files_of_a_plan(demo: Flask, tmp_path: Path) -> None:
    register(tmp_path / "r")
    key, client = a_plan(FULL, PLAIN), as_a(demo, "auditor")
    own = client.get(f"/recommendations/plans/{key}.csv?q=train", buffered=True)
    assert own.headers["Content-Disposition"] == f'attachment; filename="SVN-plan-{key}.csv"'
    assert [row["Reference"] for row in rows(own.get_data(as_text=True).removeprefix("\ufeff"))] == ["1.2"]
    other = client.get(f"/recommendations/plans/{key}.csv?layout=simore", buffered=True).get_data(as_text=True)
    assert other.startswith("\ufeffRecomendación,Código,Acción")
    assert client.get(f"/recommendations/plans/{key}.xlsx").data[:2] == b"PK"
    assert client.get(f"/recommendations/plans/{key}.csv?layout=nonsense").status_code == 400


def test_a_file_is_looked_at_and_taken_in(demo: Flask, tmp_path: Path) -> None:
    register(tmp_path / "r")
    key, client = a_plan(FULL), as_a(demo, "field-officer")
    path = as_xlsx(
        tmp_path / "p.xlsx",
        {"Reference": "1.1", "Measure": FULL.text, "Progress": "Implemented", "Recommendations": "140.8"},
        {"Reference": "2", "Measure": "<b>New</b>"},
        {"Reference": "3", "Measure": "Bad", "Due": "soon"},
        headings=("Reference", "Measure", "Due", "Progress", "Recommendations", "Remarks"),
    )
    before = everything()
    status, page = look(client, key, path)
    assert status == 200
    for words in (
        "&lt;b&gt;New&lt;/b&gt;", "<bdi>Implemented</bdi>", "<bdi>Under way</bdi>", "Row 4, column Due", "Remarks",
    ):  # fmt: skip
        assert words in page, words
    assert everything() == before
    address = f"/recommendations/plans/{key}/import"
    status, page = send(client, address, **hidden(page))
    assert status == 422 and "Row 4, column Due" in page and everything() == before
    status, page = send(client, address, **hidden(page), good="y")
    assert status == 302 and "Taken in: 1 measures added, 0 changed, 0 there already." in page
    assert [doing.progress for doing, _ in content(key)] == [Progress.UNDER_WAY, Progress.NOT_STARTED]
    status, page = look(client, key, path)
    status, page = send(client, address, **hidden(page), good="y", apply="y")
    assert status == 302 and "Taken in: 0 measures added, 1 changed, 1 there already." in page
    assert content(key)[0][0].progress is Progress.IMPLEMENTED
    status, page = look(client, key, path)
    assert 'name="seen"' not in page and "There is nothing to take in." in page


def test_a_plan_that_changed_since_the_look_is_looked_at_again(demo: Flask, tmp_path: Path) -> None:
    key, client = a_plan(PLAIN), as_a(demo, "secretary")
    path = as_csv(tmp_path / "p.csv", {"Reference": "1.2", "Measure": "Otherwise"})
    _, page = look(client, key, path)
    assert client.post(f"/recommendations/measures/{measure_id(key, '1.2')}/withdraw").status_code == 302
    status, page = send(client, f"/recommendations/plans/{key}/import", **hidden(page), apply="y")
    assert status == 422 and "was changed since this file was looked at" in page and content(key) == []
    assert send(client, f"/recommendations/plans/{key}/import", **hidden(page))[0] == 302
    assert len(content(key)) == 1


def test_files_that_are_none(demo: Flask, tmp_path: Path) -> None:
    key, client = a_plan(PLAIN), as_a(demo, "secretary")
    address, before = f"/recommendations/plans/{key}/import", everything()
    path = tmp_path / "p.csv"
    for content_, words in {
        b"": "is empty", b"\xff\xfe\x00": "UTF-8", b"a,b\n1,2\n": "no column that says what is to be done",
        b"PK\x03\x04 not so": "is broken", b"Measure\n\"x": "",
    }.items():  # fmt: skip
        path.write_bytes(content_)
        status, page = look(client, key, path)
        assert status == 422 and words in page, (content_, words)
    assert send(client, address)[0] == 422
    assert send(client, address, file="text")[0] == 422
    for digest in ("../../settings", "0" * 64, "x"):
        status, page = send(client, address, digest=digest, name="n", layout="", seen="")
        assert status == 422 and "not kept here any more" in page
    good = as_csv(tmp_path / "g.csv", {"Reference": "1", "Measure": "x"})
    assert look(client, key, good, layout="nonsense")[0] == 422
    assert everything() == before


# --------------------------------------------------------------------------------------------- parts of other pages


def test_what_stands_on_other_pages(demo: Flask, tmp_path: Path) -> None:
    numbers = register(tmp_path / "r")
    key = a_plan(FULL, replace(PLAIN, due=date(2026, 2, 1)), links=[numbers["4 140.8"]])
    with statements(demo) as asked:
        rows_here = measures_on(db.session(), Console(), numbers["4 140.8"], date(2026, 5, 1))
        plans_here = plans_of(db.session(), Console(), "SVN", date(2026, 5, 1))
    assert len(asked) == 2
    with demo.test_request_context("/?lang=en"):
        page = render_template_string(
            '{% from "recommendations/_plan.html" import measures_here, plans_here with context %}'
            '{{ measures_here(here) }}{{ plans_here(plans, "SVN", true) }}{{ measures_here([]) }}',
            here=rows_here,
            plans=plans_here,
        )
    assert page.count(f'href="/recommendations/plans/{key}"') == 3
    assert f"/recommendations/plans/{key}?late=yes" in page
    assert "/recommendations/states/SVN/plans/new" in page and "No plan names a measure for it." in page
    db.session.remove()


def test_what_is_late_waits_for_the_people_of_the_country(demo: Flask) -> None:
    one_of_each()  # the field officer's office is in Fiji
    key = a_plan(*(replace(PLAIN, reference=str(n), due=date(2026, 2, n)) for n in (1, 2)), state="FJI")
    a_plan(replace(PLAIN, due=date(2026, 2, 1)), state="SVN")
    client = demo.test_client()
    enter(client, "field-officer@fund.int")
    assert waiting(client) == ["2 measures of the plan “Plan 2026-2029” are overdue"]
    assert f"/recommendations/plans/{key}?late=yes" in text_of(client, "/UPR/?lang=en")
    assert len(listed(key, late=True)) == 2
    other = demo.test_client()
    enter(other, "desk-officer@fund.int")
    assert waiting(other) == []
