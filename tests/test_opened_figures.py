"""Each figure of a project, a class or a quarter opens what it is made of, and that adds up to it."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
import sqlalchemy as sa
from calls import someone
from flask import Flask
from flask.testing import FlaskClient
from spending import OFFICER
from visiting import as_a, statements, text_of

from fundapp.access.operations import Console
from fundapp.kernel.money import parse_printed
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import recuse

HERE = "/UPR/finance"
LINK = re.compile(r'<a class="app-fig" href="([^"]+)"[^>]*><bdi dir="ltr"[^>]*>([^<]+)</bdi>')
CELL = r'{}</dt><dd><bdi dir="ltr"[^>]*>([^<]+)</bdi>'
PAGES = (
    "statements/budget?year=2020", "statements/budget?from=2020-07-01&to=2020-09-30", "statements/budget?year=2021",
    "statements/commitments?on=2020-09-30", "statements/commitments?on=2020-12-31", "projects",
    "projects?on=2020-08-31",
)  # fmt: skip
pytestmark = pytest.mark.usefixtures("one_click")


def figures(page: str) -> list[tuple[str, int]]:
    """What a page's figures open, and their cents."""
    return [(unescape(address), parse_printed(shown) or 0) for address, shown in LINK.findall(page)]


def added(client: FlaskClient, address: str, day: str = "") -> set[int]:
    """What the list or page of an address says that it comes to; a commitment, what its steps came to on a day."""
    page = text_of(client, address)
    if "/projects?" in address:
        total = page.split("app-table__grand")[1]
        return {parse_printed(one) or 0 for one in re.findall(r'<bdi dir="ltr"[^>]*>([^<]+)</bdi>', total)}
    if re.search(r"/commitments/C\d", address):
        return steps(page, day)
    found = [one for name in ("They add up to", "Committed", "Open", "Carried over")
             for one in re.findall(CELL.format(name), page)]  # fmt: skip
    return {parse_printed(one) or 0 for one in found}


def steps(page: str, day: str) -> set[int]:
    """What of a commitment was raised, paid, cancelled, is open and carried over at the end of a day."""
    rows = re.findall(
        r'<th scope="row">(\w[\w ]+\w) <span.*?datetime="([\d-]+)".*?app-num">(.*?)</td>.*?app-num">(.*?)</td>', page
    )
    sums: Counter[str] = Counter()
    for name, on, moved, carried in rows:
        if on <= day:
            sums[name] += cents_in(moved)
            sums["open"] += cents_in(moved)
            sums["carried"] += cents_in(carried)
    return {sums["Approved"] + sums["Changed"], -sums["Paid"], -sums["Cancelled"], sums["open"], sums["carried"]}


def cents_in(cell: str) -> int:
    found = re.findall(r"<bdi[^>]*>([^<]+)</bdi>", cell)
    return (parse_printed(found[0]) or 0) if found else 0


def projects_of(client: FlaskClient) -> list[str]:
    found = re.findall(rf'href="{HERE}/projects/([A-Z0-9-]+)"', text_of(client, f"{HERE}/projects"))
    return list(dict.fromkeys(found))


def test_every_figure_of_a_project_is_the_sum_of_what_it_opens(rebuilt: Flask) -> None:
    client, seen = as_a(rebuilt, "auditor"), set[str]()
    pages = [*PAGES, *(f"projects/{code}" for code in projects_of(client))]
    assert len(pages) > len(PAGES) + 3
    for page in pages:
        found = figures(text_of(client, f"{HERE}/{page}"))
        assert found, page
        for address, cents in found:
            seen.add(address.split("?")[0].split("/finance/")[1])
            assert cents in added(client, address, page.rpartition("on=")[2]), (page, address, cents)
    assert {"entries", "commitments", "projects"} <= seen


def test_the_statements_open_what_is_allotted_committed_and_spent(rebuilt: Flask) -> None:
    client = as_a(rebuilt, "auditor")
    found = [
        address
        for address, _cents in figures(text_of(client, f"{HERE}/statements/budget?from=2020-01-01&to=2020-09-30"))
    ]
    for part in ("/allotted?", "/commitments?", "/entries?", "/projects?"):
        assert [one for one in found if part in one], part
    total = [address for address, _ in figures(text_of(client, f"{HERE}/statements/commitments?on=2020-09-30"))][-1]
    assert total == f"{HERE}/commitments?on=2020-09-30"


def test_a_project_page_names_its_classes_and_quarters(rebuilt: Flask) -> None:
    client = as_a(rebuilt, "auditor")
    code = projects_of(client)[0]
    found = [address for address, _cents in figures(text_of(client, f"{HERE}/projects/{code}"))]
    quarters = [one for one in found if "from=2020-07-01&to=2020-09-30" in one and f"project={code}" in one]
    assert any("line=EXP.TOTAL" in one for one in quarters) and any("line=EXP.TOTAL" not in one for one in quarters)


def test_a_list_of_commitments_as_it_stood_on_a_day(rebuilt: Flask) -> None:
    client = as_a(rebuilt, "auditor")
    for address in ("commitments?on=2019-12-31", "commitments?on=0001-01-01"):
        assert "No commitment fits these filters" in text_of(client, f"{HERE}/{address}")
    for address in ("commitments?on=2020-09-30&classes=010&project=none", "commitments?classes=x&on="):
        assert "Filter" in text_of(client, f"{HERE}/{address}")
    assert client.get(f"{HERE}/commitments?on=30.9.2020").status_code in (400, 409, 422)
    rows = client.get(f"{HERE}/commitments/list.csv?on=2020-09-30&classes=010", buffered=True).text.splitlines()[1:]
    every = client.get(f"{HERE}/commitments/list.csv", buffered=True).text.splitlines()[1:]
    assert 0 < len(rows) < len(every)
    stands = [(row.split(",")[9], row.split(",")[11]) for row in rows]
    assert ("Open", "2450.00") in stands and {left for stage, left in stands if stage != "Open"} == {"0.00"}
    still = "commitments/list.csv?on=2020-09-30&classes=010&stage=approved"
    assert len(client.get(f"{HERE}/{still}", buffered=True).text.splitlines()) == 2
    with statements(rebuilt) as asked:
        text_of(client, f"{HERE}/commitments?on=2020-09-30&classes=010")
    assert len(asked) <= 15


def test_what_somebody_is_kept_from_is_in_no_total_that_opens(rebuilt: Flask) -> None:
    code = projects_of(as_a(rebuilt, "auditor"))[0]
    with unit_of_work(Console()) as work:
        of = work.session.scalars(sa.select(Proposal).where(Proposal.reference == code)).one()
        recuse(work, of, someone(OFFICER), "Has an interest in it.")
    client = as_a(rebuilt, "finance-officer")
    for page in ("statements/budget?year=2020", "statements/commitments?on=2020-09-30", "projects?on=2020-12-31"):
        text = text_of(client, f"{HERE}/{page}")
        assert code not in text, page
        for address, cents in figures(text):
            assert cents in added(client, address, page.rpartition("on=")[2]), (page, address)
