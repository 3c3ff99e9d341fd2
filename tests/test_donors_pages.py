"""Pages of donors, with what can be typed wrongly."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa
from calls import faults, someone
from commands import everything
from deciding import before as before_the_board
from deciding import reference, taken
from flask import Flask
from pledges import FIELDS, HERE, donor, drafted, send
from sending_documents import PDF
from visiting import as_a, statements, text_of

from fundapp.access.models import Person
from fundapp.access.operations import Console
from fundapp.access.policy import Role
from fundapp.contributions.models import Appeal, Donor, DonorAlias, DonorContact, Pledge
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal
from fundapp.proposals.operations.interests import recuse

pytestmark = pytest.mark.usefixtures("one_click")


def test_every_page_opens(demo: Flask) -> None:
    found = drafted()
    client = as_a(demo, "finance-officer")
    for address in (
        "", "/new", "/register/CHE", "/register/CHE/contacts/new", "/register/CHE/spellings/new",
        "/register/CHE/rename", "/pledges", "/pledges/new?donor=CHE", f"/pledges/{found.number}",
        f"/pledges/{found.number}/change", f"/pledges/{found.number}/cancel", f"/pledges/{found.number}/papers/new",
        "/requests", "/requests/new?donor=CHE",
    ):  # fmt: skip
        assert "Finance" in text_of(client, f"{HERE}{address}"), address


def test_a_donor_is_added_renamed_and_written_to_in_the_browser(demo: Flask) -> None:
    client = as_a(demo, "secretary")
    names = {"name_en": "Trust <b>", "name_fr": "Fonds"}
    status, page = send(client, "/new", kind="private", country="", **names)
    assert status == 302 and "The donor is in the register." in page and "Trust &lt;b&gt;" in page
    code = db.session.scalars(sa.select(Donor.code).where(Donor.name_fr == "Fonds")).one()
    here = f"/register/{code}"
    status, page = send(client, f"{here}/rename", name_en="Trust", before="Trust <b>", since="2020-01-01")
    assert status == 302 and "until" in page and "Trust &lt;b&gt;" in page
    status, page = send(client, f"{here}/rename", name_en="Other", before="Trust <b>", since="")
    assert status == 409 and faults(page)[0].startswith("Somebody changed this meanwhile")
    given = {"name": "Ana\x07 Pérez", "email": "ana@example.org", "language": "es", "phone": "+41 22 9"}
    status, page = send(client, f"{here}/contacts/new", **given)
    assert status == 302 and "The contact is noted." in page and "Ana Pérez" in page
    key = db.session.scalars(sa.select(DonorContact.id)).one()
    status, page = send(client, f"{here}/contacts/{key}", **given | {"phone": "x"}, version="1")
    assert status == 422 and "“x” is no telephone number." in faults(page)
    status, page = send(client, f"{here}/contacts/{key}", **given | {"phone": "+41 22"}, version="1")
    assert status == 302 and "+41 22" in page
    status, page = send(client, f"{here}/contacts/{key}/take-off", version="1")
    assert status == 302 and "Somebody changed this meanwhile" in page
    assert "taken off" in send(client, f"{here}/contacts/{key}/take-off", version="2")[1]
    status, page = send(client, f"{here}/spellings/new", alias="TRST")
    assert status == 302 and "TRST" in page
    alias = db.session.scalars(sa.select(DonorAlias.id)).one()
    assert "taken off" in send(client, f"{here}/spellings/{alias}/take-off")[1]
    assert client.post(f"{HERE}{here}/spellings/{alias}/take-off").status_code == 404
    assert client.post(f"{HERE}/register/CHE/contacts/{key}/take-off").status_code == 404


def test_a_pledge_is_recorded_changed_and_cancelled_in_the_browser(demo: Flask) -> None:
    client, of = as_a(demo, "finance-officer"), donor().id
    status, page = send(client, "/pledges/new", **FIELDS, donor=of)
    assert status == 302 and "Nothing is booked before it binds." in page, faults(page)
    assert "50\xa0000.00\xa0CHF" in page and "30\xa0000.00\xa0CHF" in page and "7.5" in page and "Français" in page
    status, page = send(client, "/pledges/new", **FIELDS, donor=of)
    assert status == 422 and "This is recorded already, as pledge 2020-001." in faults(page)
    here = "/pledges/2020-001"
    page = text_of(client, f"{HERE}{here}/change")
    assert 'value="20000.00"' in page and 'value="2020-12-31"' in page and 'name="amount_3"' in page
    assert 'name="amount_4"' not in page
    before = everything()
    status, page = send(client, f"{here}/change", **FIELDS | {"version": "1"}, donor=of, more="1")
    assert status == 200 and 'name="amount_8"' in page and everything() == before  # further rows, and nothing else
    changed = FIELDS | {"version": "1", "amount_2": "", "due_2": "", "amount_3": "30 000", "due_3": "2021-01-31"}
    status, page = send(client, f"{here}/change", **changed, donor=of)
    assert status == 302 and "2021-01-31" in page
    status, page = send(client, f"{here}/change", **changed | {"reference": "NV 13"}, donor=of)
    assert status == 409 and "The two texts side by side" in page and "NV 12/2020" in page and "NV 13" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version and version[1] == "2"
    status, page = send(client, f"{here}/cancel", reason="", version="2")
    assert status == 422 and "Give the reason." in faults(page)
    status, page = send(client, f"{here}/cancel", reason="Withdrawn by note.", version="2")
    assert status == 302 and "The draft was cancelled" in page and "Withdrawn by note." in page
    assert client.get(f"{HERE}{here}/change").status_code == 302


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"amount": ""}, "Write an amount above nil."),
        ({"amount": "much"}, "“much” is no amount."),
        ({"amount": "-50000"}, "Write an amount above nil."),
        ({"amount": "50000.005"}, "“50000.005” has more decimals than CHF has, which are: 2."),
        ({"currency": "JPY", "amount": "50000.5"}, "“50000.5” has more decimals than JPY has, which are: 0."),
        ({"currency": "<b>"}, "Choose the currency."),
        ({"amount_2": "20000"}, "The instalments come to 40\xa0000.00 CHF, the pledge to 50\xa0000.00 CHF."),
        ({"amount_1": "60000"}, "Instalment 2 must be above nil."),
        ({"amount_1": ""}, "One instalment alone may leave its amount open"),
        ({"due_1": ""}, "Give the day."),
        ({"due_2": "30/06/2020"}, "“30/06/2020” is no date."),
        ({"announced_on": "2999-01-01"}, "2999-01-01 is to come"),
        ({"announced_on": ""}, "Give the day."),
        ({"rate": "101"}, "Write a rate from 0 to 100 per cent."),
        ({"rate": "seven"}, "Write a rate from 0 to 100 per cent."),
        ({"earmark": "theme", "theme": ""}, "Choose what it is given for."),
        ({"earmark": "x"}, "Say what it is given for."),
        ({"donor": "9" * 30}, "Choose the donor."),
        ({"kind": "loan"}, "Say whether it is a pledge or an agreement."),
        ({"language": "tlh"}, "Choose one of the six languages."),
        ({"reference": "x" * 200}, "These are 200 characters; at most 80 are kept."),
    ],
)
def test_a_pledge_typed_wrongly_changes_nothing(demo: Flask, changed: dict[str, str], told: str) -> None:
    client, given = as_a(demo, "finance-officer"), {**FIELDS, "donor": str(donor().id)} | changed
    before = everything()
    status, page = send(client, "/pledges/new", **given)
    assert status == 422 and any(one.startswith(told) for one in faults(page)), faults(page)
    assert everything() == before


def test_arabic_figures_and_the_rest_in_one_instalment(demo: Flask) -> None:
    client = as_a(demo, "finance-officer")
    given = FIELDS | {"amount": "٥٠٠٠٠", "currency": "KWD", "amount_1": "٢٠٠٠٠٫٥٠٠", "announced_on": "٢٠٢٠-٠٣-٠٢"}
    status, page = send(client, "/pledges/new", **given, donor=donor("KWT").id)
    assert status == 302, faults(page)
    assert [part.minor for part in db.session.scalars(sa.select(Pledge)).one().instalments] == [20_000_500, 29_999_500]


def test_papers_are_looked_at_kept_and_given_out(demo: Flask) -> None:
    number = drafted().number
    client, here = as_a(demo, "finance-officer"), f"/pledges/{number}"
    status, page = send(client, f"{here}/papers/new", kind="letter", file=(io.BytesIO(PDF), "../../Note №1.pdf"))
    assert status == 302 and "Note №1.pdf" in page and "Letter" in page
    link = re.search(rf'href="({HERE}{here}/papers/\d+)"', page)
    assert link
    answer = client.get(link[1], buffered=True)
    assert answer.data == PDF and answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for given, told in (
        ({"kind": "letter", "file": (io.BytesIO(PDF), "again.pdf")}, "This very file is among the papers already."),
        ({"kind": "poem", "file": (io.BytesIO(b"words"), "a.txt")}, "Say what the paper is."),
        ({"kind": "letter"}, "Choose a file."),
        ({"kind": "letter", "file": (io.BytesIO(b""), "a.pdf")}, None),
        ({"kind": "letter", "file": (io.BytesIO(b"MZ\0\0"), "a.pdf")}, None),
        ({"kind": "letter", "file": (io.BytesIO(PDF), "a.docx")}, None),
    ):
        before = everything()
        status, page = send(client, f"{here}/papers/new", **given)
        assert status == 422 and faults(page) and (told is None or told in faults(page)), faults(page)
        assert everything() == before
    auditor = as_a(demo, "auditor")
    assert auditor.get(link[1], buffered=True).data == PDF and "Take off" not in text_of(auditor, f"{HERE}{here}")
    assert client.post(f"{link[1]}/take-off").status_code == 302
    assert client.get(link[1], buffered=True).status_code == client.post(f"{link[1]}/take-off").status_code == 404


def test_a_request_is_recorded_and_answered_in_the_browser(demo: Flask) -> None:
    client, pledge = as_a(demo, "secretary"), drafted()
    key, of = pledge.id, pledge.donor_id
    given = {"donor": "", "name": "A Foundation", "asked_on": "2020-01-05", "purpose": "Parliaments", "currency": "USD",
             "amount": "1 000,50", "answer": "open", "follow_up_on": "2020-02-01", "version": ""}  # fmt: skip
    status, page = send(client, "/requests/new", **given)
    assert status == 302 and "1\xa0000.50\xa0USD" in page and "no donor yet" in page and "due" in page
    made = db.session().scalars(sa.select(Appeal.id)).one()
    status, page = send(client, "/requests/new", **given)
    assert status == 422 and "This request is recorded already." in faults(page)
    changed = given | {"donor": of, "name": "", "answer": "promised", "pledge": key, "version": "1"}
    status, page = send(client, f"/requests/{made}", **changed | {"pledge": "x"})
    assert status == 422 and "The fund has no such pledge." in faults(page)
    status, page = send(client, f"/requests/{made}", **changed)
    assert status == 302 and "Switzerland" in page and "2020-001" in page
    status, page = send(client, f"/requests/{made}", **changed)
    assert status == 409 and "Somebody changed this request meanwhile" in page
    assert client.get(f"{HERE}/requests/{made + 99}").status_code == 404


def test_lists_as_files_are_those_of_the_page(demo: Flask) -> None:
    drafted()
    drafted("FRA", reference="other")
    client = as_a(demo, "auditor")
    answer = client.get(f"{HERE}/pledges/list.csv?q=switz", buffered=True)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["Number"], row["Amount"], row["Currency"]) for row in rows] == [("2020-001", "50000.00", "CHF")]
    answer = client.get(f"{HERE}/list.csv?what=state&pledges=with", buffered=True)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["Code"], row["Drafts"]) for row in rows] == [("FRA", "1"), ("CHE", "1")]
    for name in ("list", "pledges/list", "requests/list"):
        assert client.get(f"{HERE}/{name}.xlsx").data[:2] == b"PK"
    for wrong in ("sort=%01", "page=99", "year=x", "currency=<b>", "q=" + "x" * 5000, "what=9", "what=state"):
        for page in ("", "/pledges", "/requests"):
            assert client.get(f"{HERE}{page}?{wrong}").status_code == 200


@pytest.mark.parametrize("address", ["", "/pledges", "/requests", "/register/CHE", "/pledges/2020-001", "/pledges/new"])
def test_queries_do_not_grow(demo: Flask, address: str) -> None:
    drafted()
    client, more = as_a(demo, "finance-officer"), ("FRA", "DEU", "NOR", "RUS", "CHN", "ITA")
    text_of(client, f"{HERE}{address}")
    with statements(demo) as few:
        text_of(client, f"{HERE}{address}")
    for code in more:
        drafted(code)
        drafted(reference=code)
    with statements(demo) as many:
        text_of(client, f"{HERE}{address}")
    assert len(few) == len(many) <= 15


@pytest.mark.parametrize("role", ["field-officer", "trustee", "reviewer", "administrator"])
def test_others_see_none_of_it(demo: Flask, role: str) -> None:
    number = drafted().number
    client = as_a(demo, role)
    for address in ("", "/list.csv", "/pledges", f"/pledges/{number}", "/requests", "/register/CHE", "/new"):
        assert client.get(f"{HERE}{address}").status_code in (403, 404), address


def test_what_is_not_there_and_what_one_may_not_do(demo: Flask) -> None:
    number = drafted().number
    client = as_a(demo, "auditor")
    for address in ("/register/XXX", "/pledges/2020-999", f"/pledges/{number}/papers/1"):
        assert client.get(f"{HERE}{address}").status_code == 404, address
    assert client.get(f"/AHA/donors/pledges/{number}").status_code == 404  # another fund's
    before = everything()
    for address in ("/new", "/pledges/new", f"/pledges/{number}/change", f"/pledges/{number}/cancel", "/requests/new"):
        assert client.post(f"{HERE}{address}", data=FIELDS).status_code == 403, address
    assert everything() == before
    page = text_of(client, f"{HERE}/pledges/{number}")
    assert "Change the draft" not in page and "Cancel the draft" not in page


def test_pages_do_not_name_a_project_that_an_interest_keeps_the_reader_from(shown: Flask) -> None:
    key = before_the_board()[0]
    taken(key)
    name, kept = reference(key), someone(Role.SECRETARY).id
    number = drafted(earmark="project", earmarked_for=name).number
    client, officer = as_a(shown, "secretary"), as_a(shown, "finance-officer")
    addresses = [f"{HERE}/pledges/{number}", f"{HERE}/pledges/list.csv", f"{HERE}/pledges", f"{HERE}/register/CHE"]
    assert name in text_of(client, addresses[0]) and f'value="{name}"' in text_of(officer, f"{addresses[0]}/change")
    with unit_of_work(Console()) as work:
        found = work.session.scalars(sa.select(Proposal).where(Proposal.reference == name)).one()
        recuse(work, found, work.session.get_one(Person, kept), "A relative works there.")
    for address in addresses:
        assert name not in client.get(address, buffered=True).text, address
    assert name in text_of(officer, addresses[0])
