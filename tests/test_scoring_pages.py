"""What the secretariat looks at of a call's scores: ranking, matrix, distribution and reviewers."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from scoring_seen import CODES, HERE, assign, give, keep_from, open_scoring, proposal_in, reopen, scored
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.operation import operation
from fundapp.access.operations import Console, end_grant
from fundapp.access.policy import Permission, Role
from fundapp.kernel.work import Work, unit_of_work
from fundapp.proposals.models import Proposal

# weights of the demonstration: a criterion each; 1 and 3 tie, 4 has one sheet, 5 is all "not applicable"
GIVEN: dict[int, dict[str, Any]] = {
    1: {"demo": [4, 4, 4, 4, 4], "Ada": [2, 2, 2, 2, 2]},
    2: {"Ada": [4, 4, 4, 4, 4], "Ben": [4, 4, 4, 4, 4]},
    3: {"demo": [3, 3, 3, 3, 3], "Ben": [3, 3, 3, 3, 3]},
    4: {"Ada": [1, 1, 1, 1, 1]},
    5: {"Ada": [None] * 5, "Ben": [None] * 5},
    6: {"Ada": [2, None, 3, 2, 2], "Ben": [2, None, 2, 2, 2]},
}
PAGES = ("ranking", "matrix", "spread", "moderation")
FILES = ("matrix.csv", "matrix.xlsx", "spread.csv", "spread.xlsx", "distribution.csv", "distribution.xlsx")

pytestmark = pytest.mark.usefixtures("one_click")


def ranks(page: str) -> list[tuple[str, str, str]]:
    """Rank, reference and total of each row."""
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    found = []
    for row in body.split("<tr ")[1:]:
        figures = re.findall(r'<b><bdi dir="ltr">([\d.]+)</bdi></b>', row)
        found.append((figures[0], re.findall(r"2020-1-\d+", row)[0], figures[1]))
    return found


def read(client: FlaskClient, name: str) -> list[list[str]]:
    """A file of the call, heading first."""
    answer = client.get(f"{HERE}/{name}", buffered=True)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


@operation(Permission.SCORING_RUN, name="tests.rename_person")
def rename(work: Work, person: Person, name: str) -> None:
    """Give somebody another name."""
    work.session.get_one(Person, person.id).name = name


@operation(Permission.SCORING_RUN, name="tests.move_proposal")
def move(work: Work, proposal: Proposal, stage: str) -> None:
    """Put a proposal into another stage."""
    proposal.stage = stage


def reviewer_in(work: Work, name: str) -> Person:
    asked = sa.select(Person).where(Person.email == f"{name.lower()}@reviewers.example.org")
    return work.session.scalars(asked).one()


# ----------------------------------------------------------------------------------------------------------- ranking


def test_equal_totals_share_a_rank(shown: Flask) -> None:
    scored(GIVEN)
    page = text_of(as_a(shown, "secretary"), f"{HERE}/ranking")
    assert ranks(page)[:3] == [
        ("1", "2020-1-002", "100.00"),
        ("2", "2020-1-001", "75.00"),
        ("2", "2020-1-003", "75.00"),
    ]
    assert [row[:2] for row in ranks(page)[3:]] == [("4", "2020-1-006"), ("5", "2020-1-004")]
    assert "5 ranked proposals" in page and "Alpha is" in page
    below = page.partition('id="left-out"')[2]
    assert "2020-1-005" in below and "All not applicable" in below and "2020-1-028" in below


def test_what_is_said_of_a_proposal_is_said_in_words(shown: Flask) -> None:
    scored(GIVEN)
    page = text_of(as_a(shown, "secretary"), f"{HERE}/ranking")
    row = page.partition("2020-1-004</bdi>")[2].partition("</tr>")[0]
    assert "Total under the threshold" in row and "1 of 2 sheets" in row and "One reviewer only" in row
    first = page.partition("2020-1-001</bdi>")[2].partition("</tr>")[0]
    assert "Reviewers apart on 5 criteria" in first and first.count("app-split") == 5 and "under" not in first


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("q=Bangladesh", ["1"]), ("q=2020-1-003", ["2"]), ("q=zzz", []), ("q=...", []), ("country=BHS", ["2"]),
        ("status=sids", ["2", "2"]), ("status=ldc", ["1", "4", "5"]), ("region=019", ["2", "2"]),
        ("flag=one-reviewer", ["5"]), ("flag=apart", ["2"]), ("flag=under-threshold", ["5"]),
        ("region=142&status=ldc&flag=few-sheets", ["5"]), ("country=BHS&region=142", []), ("flag=lost-role", []),
        ("sort=-rank", ["5", "4", "2", "2", "1"]), ("sort=state", ["2", "1", "2", "5", "4"]),
    ],
)  # fmt: skip
def test_filters_never_change_a_rank(shown: Flask, query: str, left: list[str]) -> None:
    scored(GIVEN)
    page = text_of(as_a(shown, "secretary"), f"{HERE}/ranking?{query}")
    assert [row[0] for row in ranks(page)] == left
    assert left or "No ranked proposal fits these words and filters." in page


@pytest.mark.parametrize(
    "query",
    [
        "region=999", "country=XXX", "status=rich", "flag=left-out", "sort=name", f"q={'x' * 201}", "status=lldc",
        "region=142&country=%27", "flag=%F0%9F%98%80",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_said_and_nothing_listed(shown: Flask, query: str) -> None:
    scored(GIVEN)
    answer = as_a(shown, "secretary").get(f"{HERE}/ranking?{query}")
    assert answer.status_code == 400 and ranks(answer.text) == []
    said = answer.text.partition("govuk-error-summary__list")[2]
    assert "cannot be chosen here" in said or "201 characters" in said


def test_the_mildest_reviewer_is_taken_out_beside_the_ranking(shown: Flask) -> None:
    # Ada gives two steps less than Ben: who was scored by her alone is raised, by him alone is lowered
    given: dict[int, dict[str, Any]] = {
        1: {"Ada": [1] * 5, "Ben": [3] * 5},
        2: {"Ada": [2] * 5},
        3: {"Ben": [3] * 5},
    }
    scored(given, sheets=1)
    page = text_of(as_a(shown, "secretary"), f"{HERE}/ranking?sort=normalised")
    # Ada lies 50 points under Ben, so 2 is 50 + 50, 1 is 50 as it is, 3 is 75 - 50
    assert [row[1] for row in ranks(page)] == ["2020-1-002", "2020-1-001", "2020-1-003"]
    assert [row[0] for row in ranks(page)] == ["2", "2", "1"]  # the rank stays
    plain = text_of(as_a(shown, "secretary"), f"{HERE}/ranking")
    assert ranks(plain)[0] == ("1", "2020-1-003", "75.00")


# ------------------------------------------------------------------------------------------------------------ matrix


def test_the_matrix_asks_five_questions_whatever_it_shows(shown: Flask) -> None:
    scored({1: GIVEN[1]})
    client = as_a(shown, "secretary")
    text_of(client, f"{HERE}/matrix")
    with statements() as few:
        text_of(client, f"{HERE}/matrix")
    for number in range(2, 20):
        for name in ("Ada", "Ben", "Cleo"):
            give(number, name, [1, 2, 3, 4, 0])
    text_of(client, f"{HERE}/matrix")
    with statements() as many:
        text_of(client, f"{HERE}/matrix")
    assert len(few) == len(many) == 5, many


def test_a_cell_has_its_figure_and_its_shade(shown: Flask) -> None:
    scored(GIVEN)
    page = text_of(as_a(shown, "secretary"), f"{HERE}/matrix")
    best = page.partition("2020-1-002</bdi>")[2].partition("</tr>")[0]
    assert best.count('<td class="app-h app-h4"><bdi dir="ltr">4.00</bdi></td>') == 5
    assert '<td class="app-h app-h4"><b><bdi dir="ltr">100.00</bdi></b></td>' in best
    apart = page.partition("2020-1-001</bdi>")[2].partition("</tr>")[0]
    assert apart.count("app-split") == 5 and "reviewers two or more apart" in apart
    assert f'href="{HERE}/moderation/2020-1-001/{CODES[0]}"' in apart
    skipped = page.partition("2020-1-006</bdi>")[2].partition("</tr>")[0]
    assert skipped.count("app-h-na") == 1 and "not applicable" in skipped
    blank = page.partition("2020-1-028</bdi>")[2].partition("</tr>")[0]
    assert blank.count("not scored yet") == 5 and "0/2" in blank and "app-h-na" not in blank
    assert "1/2" in page.partition("2020-1-004</bdi>")[2].partition("</tr>")[0]


def test_amounts_are_added_up_as_one_goes_down(shown: Flask) -> None:
    scored(GIVEN)
    rows = read(as_a(shown, "secretary"), "matrix.csv")
    head, body = rows[0], rows[1:]
    asked, running = head.index("Requested"), head.index("Running total")
    total = Decimal(0)
    for row in body:
        total += Decimal(row[asked])
        assert Decimal(row[running]) == total
    assert len(body) == 28 and [row[head.index("Rank")] for row in body[:6]] == ["1", "2", "2", "4", "5", ""]
    one = next(row for row in body if row[1] == "2020-1-006")
    assert one[5:10] == ["2.00", "na", "2.50", "2.00", "2.00"]
    assert [row[5] for row in body if row[1] == "2020-1-028"] == [""]
    assert "Treaty-body overlap" in next(row for row in body if row[1] == "2020-1-001")[head.index("Reviewers apart")]


def test_cells_show_other_figures_in_the_shade_of_the_mean(shown: Flask) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    for show, figure in (("median", "3.00"), ("range", "2–4"), ("sd", "1.41")):
        page = text_of(client, f"{HERE}/matrix?show={show}")
        row = page.partition("2020-1-001</bdi>")[2].partition("</tr>")[0]
        assert row.count(f'<span class="app-split"><bdi dir="ltr">{figure}</bdi></span>') == 5, show
        assert row.count("app-h3") == 6  # five criteria and the total of 75
    assert client.get(f"{HERE}/matrix?show=mode").status_code == 400
    head, *body = read(client, "matrix.csv")
    at = head.index("Median: Treaty-body overlap")
    assert next(row for row in body if row[1] == "2020-1-001")[at : at + 4] == ["3", "2", "4", "1.41"]
    assert next(row for row in body if row[1] == "2020-1-004")[at : at + 4] == ["1", "1", "1", ""]


def test_a_long_matrix_is_paged_and_the_running_total_runs_on(shown: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fundapp.scoring.views.matrix.PAGE", 20)
    scored(GIVEN)
    client = as_a(shown, "secretary")
    first, second = (text_of(client, f"{HERE}/matrix?page={page}") for page in (1, 2))
    assert first.count('<th scope="row">') == 20 and second.count('<th scope="row">') == 8
    last = read(client, "matrix.csv")[-1]
    assert f"{Decimal(last[-2]):,}".replace(",", "\u00a0") in second and last[1] in second and last[1] not in first
    assert text_of(client, f"{HERE}/matrix?page=99").count('<th scope="row">') == 8


def test_what_left_the_round_is_named_and_not_counted(shown: Flask) -> None:
    scored(GIVEN)
    with unit_of_work(Console()) as work:
        move(work, proposal_in(work, 2), "withdrawn")
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/ranking")
    assert ranks(page)[0][:2] == ("1", "2020-1-001") and "4 ranked proposals" in page
    assert "Withdrawn" in page.partition("2020-1-002</bdi>")[2].partition("</li>")[0]
    matrix = text_of(client, f"{HERE}/matrix")
    assert "2020-1-002" in matrix.partition('id="left-out"')[2] and "2020-1-002" not in matrix.partition("</tbody>")[0]
    assert {row[0]: row[1] for row in read(client, "spread.csv")}["Reviewer Ada"] == "4"


def test_who_is_no_reviewer_any_more_is_said(shown: Flask) -> None:
    scored(GIVEN)
    with unit_of_work(Console()) as work:
        for held in list(reviewer_in(work, "Ada").grants):
            end_grant(work, reviewer_in(work, "Ada"), held.id)
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/ranking?flag=lost-role")
    assert len(ranks(page)) == 4 and "1 is no reviewer any more" in page
    assert text_of(client, f"{HERE}/spread").count("no reviewer any more") == 1


# ------------------------------------------------------------------------------------------------------------ spread


def test_the_distribution_has_its_figures_in_a_table(shown: Flask) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/spread")
    assert "At least half of the ranked proposals total 75.00 or more" in page
    assert page.count('role="img"') == 2 and "<title id=" in page and "A dashed line stands at the threshold" in page
    many = {row[0].partition("–")[0]: row[1] for row in read(client, "distribution.csv")[1:]}
    assert many == {str(low): {20: "1", 50: "1", 70: "2", 90: "1"}.get(low, "0") for low in range(0, 100, 10)}


def test_reviewers_are_held_against_each_other_for_the_secretary(shown: Flask) -> None:
    scored(GIVEN)
    assign(7, "Cleo")
    client = as_a(shown, "secretary")
    page = text_of(client, f"{HERE}/spread")
    assert "Against the others" in page and "Reviewer Cleo" in page
    rows = {row[0]: row[1:] for row in read(client, "spread.csv")}
    assert rows["Reviewer Cleo"] == ["0", "1", "", "", ""]
    assert rows["Reviewer Ada"][:2] == ["5", "5"] and Decimal(rows["Reviewer Ada"][4]) < 0
    for role in ("desk-officer", "approving-officer", "auditor"):
        other = as_a(shown, role)
        assert "Against the others" not in text_of(other, f"{HERE}/spread"), role
        assert len(read(other, "spread.csv")[0]) == 5


def test_sheets_that_are_reopened_count_nowhere(shown: Flask) -> None:
    scored(GIVEN)
    reopen(2, "Ada")
    reopen(2, "Ben")
    client = as_a(shown, "secretary")
    assert "2020-1-002" not in {row[1] for row in ranks(text_of(client, f"{HERE}/ranking"))}
    rows = {row[0]: row[1:3] for row in read(client, "spread.csv")}
    assert rows["Reviewer Ben"] == ["3", "4"]


def test_a_reviewer_may_be_called_anything(shown: Flask) -> None:
    scored(GIVEN)
    with unit_of_work(Console()) as work:
        rename(work, reviewer_in(work, "Ada"), '<script>alert("Ada")</script>')
    for page in ("spread", "moderation/2020-1-001/national-systems"):
        assert "<script>alert" not in text_of(as_a(shown, "secretary"), f"{HERE}/{page}")


# ---------------------------------------------------------------------------------------------------------- all pages


@pytest.mark.parametrize("page", ["ranking", "spread", "moderation"])
def test_a_page_asks_as_much_whatever_it_shows(shown: Flask, page: str) -> None:
    scored({1: GIVEN[1]})
    client = as_a(shown, "secretary")
    text_of(client, f"{HERE}/{page}")
    with statements() as few:
        text_of(client, f"{HERE}/{page}")
    for number in range(2, 12):
        for name in ("Ada", "Ben", "Cleo"):
            give(number, name, [1, 2, 3, 4, 0] if name == "Ada" else [4, 0, 1, 2, 3])
    text_of(client, f"{HERE}/{page}")
    with statements() as many:
        text_of(client, f"{HERE}/{page}")
    assert len(few) == len(many) <= 15


@pytest.mark.parametrize("page", [*PAGES, *FILES])
@pytest.mark.parametrize("role", ["reviewer", "trustee", "field-officer", "finance-officer", "administrator"])
def test_scores_are_for_the_secretariat(shown: Flask, page: str, role: str) -> None:
    scored({1: GIVEN[1]})
    assert as_a(shown, role).get(f"{HERE}/{page}", buffered=True).status_code in (403, 404)


@pytest.mark.parametrize("page", [*PAGES, *FILES])
def test_there_is_no_page_before_scoring_opens(shown: Flask, page: str) -> None:
    client = as_a(shown, "secretary")
    assert client.get(f"{HERE}/{page}").status_code == 404
    assert client.get(f"/UPR/scoring/2099-1/{page}").status_code == 404
    assert client.get(f"/UPR/scoring/%00/{page}").status_code in (400, 404)
    assert client.get(f"/AHA/scoring/2020-1/{page}").status_code in (403, 404)


@pytest.mark.parametrize("page", PAGES)
def test_a_call_without_sheets_has_its_pages(shown: Flask, page: str) -> None:
    open_scoring()
    found = text_of(as_a(shown, "secretary"), f"{HERE}/{page}")
    assert "app-empty" in found and "<svg viewBox" not in found.partition("<main")[2]


@pytest.mark.parametrize("language", ["ar", "zh", "fr", "ru", "es"])
@pytest.mark.parametrize("page", [*PAGES, f"moderation/2020-1-001/{CODES[1]}"])
def test_pages_come_in_six_languages(shown: Flask, page: str, language: str) -> None:
    scored(GIVEN)
    client = as_a(shown, "secretary")
    found = client.get(f"{HERE}/{page}?lang={language}")
    assert found.status_code == 200 and f'lang="{language}"' in found.text


@pytest.mark.parametrize("page", [*PAGES, "matrix.csv", "spread.csv", "distribution.csv"])
def test_to_whom_a_proposal_is_closed_it_is_nowhere(shown: Flask, page: str) -> None:
    """Ranks, counts, means and charts are as if it had never been: a gap would tell its place."""
    scored(GIVEN)
    client = as_a(shown, "secretary")
    before = client.get(f"{HERE}/{page}", buffered=True).get_data(as_text=True)
    keep_from(1, Role.SECRETARY)
    after = client.get(f"{HERE}/{page}", buffered=True).get_data(as_text=True)
    assert before != after
    for words in ("2020-1-001", "Bahamas", "BHS"):
        assert words not in re.sub(r"<select.*?</select>", "", after, flags=re.DOTALL), words
    if page == "ranking":
        assert [row[0] for row in ranks(after)] == ["1", "2", "3", "4"] and "4 ranked proposals" in after
    if page == "spread.csv":  # the others' figures are without it too: demo gave one other sheet alone
        rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(after.removeprefix("\ufeff")))}
        assert rows["Reviewer Ada"][:2] == ["4", "4"] and "75.00" in next(rows[key] for key in rows if "Дарья" in key)
