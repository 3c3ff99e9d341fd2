"""The budget of a proposal on its page: lines are kept as they were typed, sums are the server's, nobody reads what is
not theirs to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from proposing import YEAR, begun, complete, head, submitted, version_of, write, writer
from signing_in import enter
from visiting import as_a, statements, text_of

from fundapp.access.models import Office, Person
from fundapp.kernel.database import db
from fundapp.proposals.models import Proposal
from fundapp.proposals.queries.proposals import contents, written_sections
from fundapp.proposals.rules.budget_rows import sums
from fundapp.proposals.rules.content import budget as understood

RATE = Decimal("0.13")
LINE = {
    "class": "120", "what": "A trainer", "unit": "day", "unit_cost": "500", "quantity": "40", "activity": "A1",
    "quarter": f"{YEAR}-Q1",
}  # fmt: skip
NBSP = "\u00a0"


def as_person(app: Flask, person: Person, language: str = "en") -> FlaskClient:
    """A browser in which somebody of an office has signed in."""
    client = app.test_client()
    enter(client, person.email)
    client.get(f"/help?lang={language}")
    return client


@dataclass(frozen=True, slots=True)
class Made:
    """A proposal that outlives the session of a request."""

    reference: str
    id: int

    @property
    def row(self) -> Proposal:
        """As the table has it now."""
        db.session().rollback()
        return db.session().get_one(Proposal, self.id)


def made_of(proposal: Proposal) -> Made:
    return Made(proposal.reference, proposal.id)


def where(proposal: Made, more: str = "") -> str:
    return f"/UPR/proposals/{proposal.reference}/budget{more}"


def fields(*lines: dict[str, str], version: int = 0) -> dict[str, str]:
    """What the page sends for these lines."""
    found = {f"lines-{n}-{name}": text for n, line in enumerate(lines) for name, text in line.items()}
    return {**found, "version": str(version)}


def rows(proposal: Made) -> list[dict[str, str]]:
    """The lines as they are kept."""
    found = contents(written_sections(db.session(), proposal.row)).get("budget", {})
    return list(found.get("lines", []))


def post(client: FlaskClient, proposal: Made, *lines: dict[str, str], **more: Any) -> tuple[int, str]:
    """Status and page of what is sent; where it leads, that page."""
    version = more.pop("version", None)
    version = version_of(proposal.row, "budget") if version is None else version
    answer = client.post(where(proposal), data=fields(*lines, version=version) | more)
    if answer.status_code == 302:
        return 302, text_of(client, answer.headers["Location"])
    return answer.status_code, answer.get_data(as_text=True)


def draft(client: FlaskClient, proposal: Made, *lines: dict[str, str], version: int, **more: str) -> Any:
    """What a script is answered."""
    headers = {"X-Draft": "1", "If-Match": f'"{version}"', "Accept": "application/json"}
    return client.post(where(proposal), data=fields(*lines) | more, headers=headers)


def wrong(page: str) -> list[str]:
    """What stands beside fields."""
    return re.findall(r'govuk-error-message"[^>]*>.*?</span> (.*?)</p>', page)


def shows(page: str, what: str) -> bool:
    """Whether a line says this."""
    return f">\n{what}</textarea>" in page


def figure(page: str, name: str) -> str:
    found = re.search(rf'data-sum="{re.escape(name)}">([^<]*)<', page)
    assert found, name
    return found[1].replace(NBSP, " ")


# ----------------------------------------------------------------------------------------------------------- saving


def test_lines_are_saved_and_added_up(registered: Flask) -> None:
    made = made_of(begun())
    client = as_person(registered, writer())
    page = text_of(client, where(made))
    assert page.count('data-row="') == 4 and 'value="B1"' in page  # three to write in and one to copy
    staff = {"class": "010", "what": "Officer", "grade": "P-3", "unit_cost": "12,000.50", "quantity": "2.5"}
    status, page = post(client, made, LINE, {}, staff)
    assert status == 302
    assert [row["id"] for row in rows(made)] == ["B1", "B2"]
    assert rows(made)[1] == {
        "id": "B2", "class": "010", "what": "Officer", "grade": "P-3", "unit": "month", "unit_cost": "12000.50",
        "quantity": "2.5",
    }  # fmt: skip
    assert (figure(page, "direct"), figure(page, "support")) == ("50 001.25", "6 500.16")
    assert figure(page, "total") == "56 501.41"
    assert made.row.total_cents == 56_501_41
    assert f'value="12{NBSP}000.50"' in page and 'value="2.5"' in page


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
@pytest.mark.parametrize("typed", ["1 234,56", "1.234,56", "١٢٣٤٫٥٦", "1,234.56"])
def test_amounts_are_understood_and_shown_in_the_readers_way(registered: Flask, typed: str, language: str) -> None:
    made = made_of(begun())
    client = as_person(registered, writer(), language)
    status, page = post(client, made, LINE | {"unit_cost": typed, "quantity": "1,5" if language == "fr" else "1.5"})
    assert status == 302 and rows(made)[0]["unit_cost"] == "1234.56" and rows(made)[0]["quantity"] == "1.5"
    mark = "," if language in ("fr", "ru", "es") else "."
    assert f'value="1{NBSP}234{mark}56"' in page and f'value="1{mark}5"' in page
    shown = {"unit_cost": f"1{NBSP}234{mark}56", "quantity": f"1{mark}5"}
    assert post(client, made, LINE | {"id": "B1"} | shown)[0] == 302  # sent back as it was shown
    assert version_of(made.row, "budget") == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"unit_cost": "0"}, "The unit cost is nothing"),
        ({"unit_cost": "-5"}, "The unit cost is negative"),
        ({"unit_cost": "(5)"}, "The unit cost is negative"),
        ({"unit_cost": "twelve"}, "“twelve” is no amount"),
        ({"unit_cost": "1.234"}, "“1.234” has 3 decimals"),
        ({"unit_cost": ""}, "Write an amount"),
        ({"quantity": "0"}, "The quantity is nothing"),
        ({"quantity": "-1"}, "is negative"),
        ({"quantity": "1.005"}, "has 3 decimals"),
        ({"unit_cost": "999999999999999", "quantity": "999999999"}, "no fund has"),
        ({"what": ""}, "Say what the money is for"),
        ({"unit": ""}, "Say what is counted"),
        ({"class": ""}, "Say the class"),
        ({"class": "155"}, "worked out by the program"),
        ({"class": "010"}, "Say the grade"),
        ({"grade": "P-3"}, "Only lines of staff"),
        ({"quarter": f"{YEAR + 3}-Q1"}, "is outside the proposal"),
        ({"quarter": "soon"}, "“soon” is no quarter"),
        ({"activity": "A9"}, "The proposal has no activity A9"),
        ({"class": "145", "unit_cost": "50000", "quantity": "1"}, "grants out stay below"),
    ],
)
def test_what_is_wrong_stays_as_it_was_typed_and_says_so(registered: Flask, changed: dict[str, str], said: str) -> None:
    made = made_of(complete())
    status, page = post(as_person(registered, writer()), made, LINE | changed)
    assert status == 302
    assert any(said in text for text in wrong(page)), wrong(page)
    [row] = rows(made)
    for name, text in changed.items():
        assert row.get(name, "") in (
            text,
            {"-5": "-5.00", "(5)": "-5.00", "0": "0.00", "50000": "50000.00"}.get(text, f"{text}.00"),
        )
    assert "Row 1, column" in page  # and at the head of the page, leading to the field


def test_a_grant_of_fifty_thousand_needs_a_reason(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    grant = LINE | {"class": "145", "unit_cost": "50000", "quantity": "1"}
    assert not wrong(post(client, made, grant | {"unit_cost": "49999.99"})[1])
    assert wrong(post(client, made, grant)[1])
    assert not wrong(post(client, made, grant | {"reason": "One partner covers all islands."})[1])


def test_the_reason_of_a_large_grant_may_be_long(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    assert 'name="lines-0-reason" rows="2" maxlength="1000"' in " ".join(text_of(client, where(made)).split())
    grant = LINE | {"class": "145", "unit_cost": "50000", "quantity": "1"}
    long = "One partner covers all islands. " * 31 + "x" * 8
    assert len(long) == 1000
    code, page = post(client, made, grant | {"reason": long})
    assert code == 302 and shows(page, long) and rows(made)[0]["reason"] == long
    code, page = post(client, made, grant | {"reason": long + "y"})
    assert code == 422 and "at most 1000" in page.replace("\u00a0", "").replace("1 000", "1000")
    assert post(client, made, grant | {"reason": "Two\r\nlines"})[0] == 302
    assert rows(made)[0]["reason"] == "Two lines"


def test_the_limits_of_the_call(registered: Flask) -> None:
    made = made_of(complete())  # 10,000 to 100,000
    client = as_person(registered, writer())
    above = post(client, made, LINE | {"unit_cost": "88495.58", "quantity": "1"})[1]
    assert "100 000.01" in above.replace(NBSP, " ") and "0.01" in figure(above, "over")
    below = post(client, made, LINE | {"unit_cost": "10", "quantity": "1"})[1]
    assert figure(below, "lacking") == "9 988.70" and 'data-verdict="below" hidden' not in below
    inside = post(client, made, LINE)[1]
    assert 'data-verdict="within" hidden' not in inside and "What is wrong" not in inside


def test_lines_are_added_and_taken_off_without_a_script(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    status, page = post(client, made, LINE | {"id": "B1"}, LINE | {"what": "Another"}, more="1")
    assert status == 200 and page.count('data-row="') == 2 + 5 + 1 and shows(page, "Another")
    assert "This is not saved yet." in page
    status, page = post(client, made, LINE | {"id": "B1"}, LINE | {"id": "B2", "what": "Another"}, **{"take-off": "0"})
    assert status == 200 and shows(page, "A trainer") is False and 'name="lines-0-id" value="B2"' in page
    assert [row["what"] for row in rows(made)] == ["A trainer"]  # nothing is saved yet
    post(client, made, LINE | {"id": "B2", "what": "Another"})
    assert [(row["id"], row["what"]) for row in rows(made)] == [("B2", "Another")]


def test_of_two_who_write_the_second_sees_both(registered: Flask) -> None:
    made = made_of(complete())
    one, other = as_person(registered, writer()), as_person(registered, head())
    version = version_of(made.row, "budget")
    assert post(one, made, LINE | {"id": "B1", "what": "Theirs"}, version=version)[0] == 302
    status, page = post(other, made, LINE | {"id": "B1", "what": "Mine"}, version=version)
    assert status == 409
    assert shows(page, "Mine") and "Theirs" in page and f'name="version" value="{version + 1}"' in page
    assert rows(made)[0]["what"] == "Theirs"
    assert post(other, made, LINE | {"id": "B1", "what": "Mine"}, version=version + 1)[0] == 302
    assert post(other, made, LINE | {"id": "B1", "what": "Mine"}, version=version + 1)[0] == 302  # clicked twice


def test_more_than_five_hundred_lines_are_refused_and_stay_on_the_page(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    status, page = post(client, made, *(LINE | {"what": f"Trip {n}"} for n in range(501)))
    assert status == 422 and "at most 500" in page and shows(page, "Trip 500")
    assert len(rows(made)) == 1


def test_five_hundred_lines_are_kept_and_shown_at_once(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    lines = [LINE | {"what": "بند طويل جدا " * 10, "unit_cost": "1.5", "quantity": "1"} for _ in range(500)]
    begin = perf_counter()
    status, page = post(client, made, *lines)
    assert status == 302 and len(rows(made)) == 500
    assert perf_counter() - begin < 10
    assert figure(page, "direct") == "750.00" and "as many lines as one may have" in page


@pytest.mark.parametrize("text", ["x" * 301, "x" * 5_000])
def test_a_text_that_no_line_holds_is_named_by_its_line_and_column(registered: Flask, text: str) -> None:
    made = made_of(complete())
    status, page = post(as_person(registered, writer()), made, LINE, LINE | {"what": text})
    assert status == 422 and "Row 2, column Description" in page and text in page


def test_controls_and_forged_names_do_no_harm(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    odd = {"lines-9999-what": "Last\x07\r\n one", "lines-x-what": "no", "lines-3-evil": "no", "lines-3-id": "<script>"}
    assert post(client, made, LINE, **odd)[0] == 302
    assert [(row["id"], row["what"]) for row in rows(made)] == [("B1", "A trainer"), ("B2", "Last one")]
    assert post(client, made, LINE, version="nonsense")[0] == 409


# ------------------------------------------------------------------------------------------- drafts of a script


def test_a_script_is_answered_with_the_servers_figures(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    version = version_of(made.row, "budget")
    found = draft(client, made, LINE | {"id": "B1", "quantity": "x"}, {}, LINE | {"id": "B2"}, version=version)
    assert found.status_code == 200 and found.json["version"] == version + 1
    assert found.json["totals"]["total"] == f"22{NBSP}600.00" and found.json["lines"] == {"lines-2": f"20{NBSP}000.00"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.json["time"])
    assert any("column Quantity" in text for text in found.json["faults"])
    stale = draft(client, made, LINE | {"id": "B1", "what": "Mine"}, version=version)
    assert stale.status_code == 412 and stale.json["version"] == version + 1
    assert stale.json["theirs"]["lines-0-what"] == "A trainer" and "Mine" in stale.json["html"]
    lost = draft(client, made, LINE | {"id": "B1", "quantity": "x"}, LINE | {"id": "B2"}, version=version)
    assert lost.status_code == 200 and lost.json["version"] == version + 1  # its first answer was lost
    refused = draft(client, made, LINE | {"what": "x" * 301}, version=version + 1)
    assert refused.status_code == 422 and refused.json["reasons"]
    assert draft(client, made, LINE, version=version + 1, who="999").status_code == 401
    client.post("/logout")
    assert draft(client, made, LINE, version=version + 1).status_code == 401


# ----------------------------------------------------------------------------------------------------- who sees what


def test_another_office_finds_nothing(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer(other_office()))
    for more in ("", ".xlsx", ".csv", "/import"):
        assert client.get(where(made, more)).status_code == 404, more
    assert client.post(where(made), data=fields(LINE)).status_code == 404
    assert draft(client, made, LINE, version=1).status_code == 404


def other_office() -> str:
    return str(
        db.session().scalars(sa.select(Office.code).where(Office.code != "PACIFIC").order_by(Office.code)).first()
    )


def test_the_secretariat_reads_what_was_handed_in_and_nothing_before(registered: Flask) -> None:
    made = made_of(complete())
    client = as_a_reader(registered)
    assert client.get(where(made)).status_code == 404
    assert client.get(where(made, ".csv")).status_code == 404


def test_who_reads_does_not_write(registered: Flask) -> None:
    made = made_of(submitted())
    for client in (as_person(registered, writer()), as_a_reader(registered)):
        page = text_of(client, where(made))
        assert "<form" not in page.partition("<main")[2].partition("</main")[0] and "A trainer" in page
        assert figure(page, "total") == "22 600.00"
    assert as_a_reader(registered).post(where(made), data=fields(LINE)).status_code == 403
    status, page = post(as_person(registered, writer()), made, LINE | {"what": "Too late"})
    assert status == 409 and shows(page, "Too late") and rows(made)[0]["what"] == "A trainer"


def as_a_reader(app: Flask) -> FlaskClient:
    """The demonstration's desk officer."""
    app.config["FUNDAPP_DEMONSTRATION"] = True
    return as_a(app, "desk-officer")


# ---------------------------------------------------------------------------------------------------------- figures


def test_all_views_add_up_to_the_total(registered: Flask) -> None:
    made = made_of(write(complete(), {"budget": {"lines": [
        {"id": f"B{n}", "class": code, "what": "x", "unit": "day", "grade": "P-3" if code == "010" else "",
         "unit_cost": f"{33 + n}.33", "quantity": "0.37", "activity": activity, "quarter": quarter}
        for n, (code, activity, quarter) in enumerate(
            [("010", "A1", ""), ("120", "", f"{YEAR}-Q2"), ("145", "A1", f"{YEAR}-Q1"), ("160", "", "")], 1)
    ]}}))  # fmt: skip
    whole = contents(written_sections(db.session(), made.row))
    found = sums(understood(whole, RATE).totals)
    for kind in ("class", "year", "activity", "quarter"):
        assert sum(cents for name, cents in found.items() if name.startswith(f"{kind}:")) == found["total"], kind
    page = text_of(as_person(registered, writer()), where(made))
    for name, cents in found.items():
        assert figure(page, name) == f"{Decimal(cents).scaleb(-2):,}".replace(",", " ")


def test_a_page_asks_the_same_whatever_it_lists(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    text_of(client, where(made))
    with statements(registered) as few:
        text_of(client, where(made))
    lines = [LINE | {"id": f"B{n}"} for n in range(1, 101)]
    assert post(client, made, *lines)[0] == 302
    with statements(registered) as many:
        text_of(client, where(made))
    assert len(few) == len(many) <= 12, few
