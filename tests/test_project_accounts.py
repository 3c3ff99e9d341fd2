"""The pages on which accounts of older projects open and accounts close: bad input, refusals, who may, few queries."""

from __future__ import annotations

from datetime import date

import pytest
from calls import fund as decision_fund
from calls import someone
from deciding import before, proposal, taken
from flask import Flask
from flask.testing import FlaskClient
from scoring_seen import keep_from
from spending import (
    CERTIFIER,
    OFFICER,
    WHY,
    allotted,
    cancelled,
    carried,
    committed,
    prepared,
    project,
    raised,
    release,
    spend,
)
from test_spending import opened
from visiting import as_a, statements, text_of

from fundapp.access.operations import Console
from fundapp.finance.models import Allotment, ProjectAccount
from fundapp.finance.operations.accounts import refuse_allotment
from fundapp.finance.queries.spending import waiting_decisions
from fundapp.kernel.clock import today
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work

pytestmark = pytest.mark.usefixtures("one_click")
HERE = "/UPR/finance/projects"
GIVEN = {
    "code": "OLD-2016", "title": "Follow-up in the Pacific", "erp_code": "M1-32-OLD", "country": "FJI",
    "opened_on": "2016-03-01", "ends_on": "2022-12-31",
}  # fmt: skip


def officer(app: Flask) -> FlaskClient:
    return as_a(app, "finance-officer")


def account(code: str) -> ProjectAccount:
    db.session().rollback()
    return db.session.query(ProjectAccount).filter_by(code=code).one()


def close(client: FlaskClient, code: str = "P1", on: str = "2021-12-31", version: str = "1") -> tuple[int, str]:
    answer = client.post(f"{HERE}/{code}/close", data={"on": on, "version": version})
    return answer.status_code, answer.get_data(as_text=True)


def test_the_account_of_an_older_project_opens_from_the_list(demo: Flask) -> None:
    client = officer(demo)
    assert f'href="{HERE}/open"' in text_of(client, HERE)
    assert "Open the account of an older project" in text_of(client, f"{HERE}/open")
    answer = client.post(f"{HERE}/open", data=GIVEN | {"code": "old-2016"})
    assert answer.status_code == 302 and answer.location.endswith("/projects/OLD-2016")
    made = account("OLD-2016")
    assert (made.title, made.erp_code, made.country) == ("Follow-up in the Pacific", "M1-32-OLD", "FJI")
    assert (made.opened_on, made.ends_on) == (date(2016, 3, 1), date(2022, 12, 31))
    assert made.decision_id is None and made.proposal_id is None
    assert "Follow-up in the Pacific" in text_of(client, HERE)
    assert client.post(f"{HERE}/open", data=GIVEN | {"code": "P2", "erp_code": "", "country": ""}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""), ("code", "a b"), ("code", "X" * 21), ("code", "\x07"), ("title", ""), ("title", "t" * 301),
        ("erp_code", "é"), ("erp_code", "e" * 41), ("country", "XXX"), ("country", "Fiji\x07"), ("opened_on", ""),
        ("opened_on", "1 March"), ("opened_on", "2999-01-01"), ("ends_on", "2016-03-01"), ("ends_on", "2016-02-30"),
    ],
)  # fmt: skip
def test_bad_input_names_its_field_and_opens_nothing(demo: Flask, field: str, value: str) -> None:
    answer = officer(demo).post(f"{HERE}/open", data=GIVEN | {field: value})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.get_data(as_text=True)
    assert not db.session.query(ProjectAccount).count()


def test_a_code_that_is_taken_is_refused(demo: Flask) -> None:
    client = officer(demo)
    assert client.post(f"{HERE}/open", data=GIVEN).status_code == 302
    twice = client.post(f"{HERE}/open", data=GIVEN)
    assert twice.status_code == 422
    for field in ("code", "erp_code"):
        assert f'id="{field}-error"' in twice.get_data(as_text=True)
    assert db.session.query(ProjectAccount).count() == 1


def test_an_account_closes_from_its_page(demo: Flask) -> None:
    of = allotted()
    spend(of, 300_00, date(2021, 6, 1))
    client = officer(demo)
    assert f'href="{HERE}/P1/close"' in text_of(client, f"{HERE}/P1")
    assert "1 June 2021" in text_of(client, f"{HERE}/P1/close")
    status, page = close(client, on="2021-06-01")
    assert status == 302 and account("P1").closed_on == date(2021, 6, 1), page
    page = text_of(client, f"{HERE}/P1")
    assert "This account is closed" in page and "/P1/close" not in page and '/P1/allot"' not in page
    assert "Account closed" in text_of(client, HERE)
    again, said = close(client, on="2021-06-01", version=str(account("P1").version))
    assert again == 409 and "Project account P1 is closed" in said


@pytest.mark.parametrize("on", ["", "yesterday", "2999-01-01", "2021-01-03", "2021-05-31", "\x07"])
def test_a_day_that_cannot_be_is_refused_beside_its_field(demo: Flask, on: str) -> None:
    spend(allotted(), 300_00, date(2021, 6, 1))
    status, page = close(officer(demo), on=on)
    assert status == 422 and 'id="on-error"' in page and account("P1").closed_on is None
    assert ("is of 2021-06-01" in page) == (on == "2021-05-31")


def test_an_account_with_open_commitments_does_not_close(demo: Flask) -> None:
    key = committed(allotted(), 200_00)
    client = officer(demo)
    page = text_of(client, f"{HERE}/P1/close")
    assert "The account cannot be closed yet" in page and "200.00" in page and 'name="on"' not in page
    status, said = close(client)
    assert status == 409 and "200.00 dollars together" in said and account("P1").closed_on is None
    carried(2021)
    status, said = close(client)  # owed, though booked as expenditure
    assert status == 409 and "200.00 dollars together" in said
    cancelled(key, date(2022, 2, 1))
    status, said = close(client, on="2022-01-31")
    assert status == 422 and "is of 2022-02-01" in said
    assert close(client, on="2022-02-01")[0] == 302


def test_what_waits_for_a_certifying_officer_comes_before_closing(demo: Flask) -> None:
    of = allotted()
    raised(of, 10_00)
    key = prepared(of, c010=1_00)
    client = officer(demo)
    assert "2 allotments and commitments" in text_of(client, f"{HERE}/P1/close")
    status, said = close(client)
    assert status == 409 and "(2)" in said and account("P1").closed_on is None
    with unit_of_work(someone(CERTIFIER)) as work:
        refuse_allotment(work, work.session.get_one(Allotment, key), WHY, 1)
    assert "(1)" in close(client)[1]


def test_an_account_that_changed_meanwhile_is_looked_at_again(demo: Flask) -> None:
    project()
    for version in ("9", "", "one"):
        status, said = close(officer(demo), version=version)
        assert status == 409 and "changed this meanwhile" in said and account("P1").closed_on is None


def test_only_who_prepares_allotments_opens_and_closes(demo: Flask) -> None:
    project()
    for role in ("certifying-officer", "auditor", "secretary", "trustee"):
        client = as_a(demo, role)
        for path in ("open", "P1/close"):
            assert client.get(f"{HERE}/{path}").status_code == 403, (role, path)
            assert client.post(f"{HERE}/{path}", data=GIVEN).status_code == 403, (role, path)
        if role != "trustee":
            assert f"{HERE}/open" not in text_of(client, HERE) and "/close" not in text_of(client, f"{HERE}/P1")
    client = officer(demo)
    assert client.get("/AHA/finance/projects/P1/close").status_code == 404  # of another fund
    assert client.get(f"{HERE}/NONE/close").status_code == 404 and close(client, "NONE")[0] == 404


def test_an_interest_keeps_the_closing_of_an_account_from_somebody(shown: Flask) -> None:
    key = before()[0]
    taken(key)
    [(decision, _proposal)] = waiting_decisions(db.session(), Console(), decision_fund())
    opened(decision.id)
    reference = proposal(key).reference
    assert officer(shown).get(f"{HERE}/{reference}/close").status_code == 200
    keep_from(int(reference.rpartition("-")[2]), OFFICER)
    client = officer(shown)
    for path in (f"{reference}/close", f"{reference}/allotted"):
        assert client.get(f"{HERE}/{path}").status_code == 404, path
    assert close(client, reference, today().isoformat())[0] == 404


def test_the_allotments_behind_a_figure_add_up_to_it(demo: Flask) -> None:
    of = allotted()
    release(prepared(of, date(2021, 5, 1), c010=200_00, c130=50_00))
    client = officer(demo)
    for path, amount, many in (
        ("", "1 750.00", 2), ("?classes=010", "1 200.00", 2), ("?classes=120", "500.00", 1),
        ("?classes=125,130", "50.00", 1), ("?on=2021-04-30", "1 500.00", 1),
        ("?classes=010&on=2021-04-30", "1 000.00", 1), ("?classes=x%07", "1 750.00", 2),
    ):  # fmt: skip
        page = text_of(client, f"{HERE}/P1/allotted{path}").replace("\u00a0", " ")
        assert f'They add up to</dt><dd><bdi dir="ltr">{amount}</bdi>' in page, path
        assert page.count("/allotments/") == many, path
    assert "Nothing is allotted yet" in text_of(client, f"{HERE}/P1/allotted?on=2020-01-01")
    assert client.get(f"{HERE}/P1/allotted?on=soon").status_code in (400, 409, 422)


def test_the_pages_ask_little(demo: Flask) -> None:
    client, counts = officer(demo), dict[str, int]()
    spend(allotted(), 300_00)
    for _round in range(2):
        for path in ("open", "P1/close", "P1/allotted", "P1", ""):
            text_of(client, f"{HERE}/{path}".rstrip("/"))
            with statements(demo) as asked:
                text_of(client, f"{HERE}/{path}".rstrip("/"))
            assert len(asked) <= 15 and counts.setdefault(path, len(asked)) == len(asked), (path, len(asked))
        if not _round:
            for n in range(2, 6):
                spend(allotted(f"P{n}"), 100_00)
