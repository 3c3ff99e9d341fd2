"""Pages of bank statements: taking in a file, deciding on a movement; who may, and what is refused."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from bank import camt053, entry, lines, mt940, taken_in
from commands import Command, command, everything, one_sentence
from flask import Flask
from flask.testing import FlaskClient
from receiving import balance, bound, instalments, rates
from visiting import as_a, statements, text_of

from fundapp.finance.models import BankStatement, Receipt, Settlement
from fundapp.kernel.database import db

__all__ = ["command"]  # a fixture
pytestmark = pytest.mark.usefixtures("one_click")
HERE = "/UPR/finance/bank"
SWISS = ("200615", "C60000,00", "AGR 2020-001", "/ORDP/NAME/SWITZERLAND/REMI/VOLUNTARY FUND")


def officer(app: Flask) -> FlaskClient:
    return as_a(app, "finance-officer")


def send(client: FlaskClient, content: bytes, name: str = "june.sta") -> tuple[int, str]:
    answer = client.post(f"{HERE}/import", data={"file": (BytesIO(content), name)})
    return answer.status_code, answer.text


def hidden(text: str, name: str) -> str:
    return text.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def promised() -> list[int]:
    """Two instalments of Switzerland."""
    rates()
    return instalments(bound(date(2020, 2, 1), parts=[(60_000_00, date(2020, 6, 30)), (40_000_00, date(2020, 12, 31))]))


def receipts() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) or 0


def test_a_file_is_shown_first_and_taken_in_when_told_and_books_nothing(demo: Flask) -> None:
    client, cash = officer(demo), balance("AST.CASH", None)
    status, text = send(client, mt940(SWISS, ("200616", "D5,00", "", "CHARGES")))
    assert status == 200
    assert all(said in text for said in ("CH9300762011623852957", "123/1", "MT940", "1\xa0000.00", "60\xa0995.00"))
    assert lines() == []
    data = {"digest": hidden(text, "digest"), "name": hidden(text, "name")}
    assert client.post(f"{HERE}/import", data=data).status_code == 302
    assert [one.minor for one in lines()] == [60_000_00, -5_00]
    assert client.post(f"{HERE}/import", data=data).status_code == 422  # twice
    assert send(client, mt940(SWISS, ("200616", "D5,00", "", "CHARGES")))[0] == 422
    assert len(lines()) == 2
    assert balance("AST.CASH", None) == cash
    page = text_of(client, f"{HERE}/statements")
    assert "123/1" in page
    assert "june.sta" in db.session().scalars(sa.select(BankStatement.name)).all()


def test_an_account_that_is_new_is_pointed_out_where_others_are_known(demo: Flask) -> None:
    client = officer(demo)
    taken_in(mt940(SWISS))
    other = mt940(SWISS, number="9/1").replace(b"CH9300762011623852957", b"DE02120300000000202051")
    assert "DE02120300000000202051" in send(client, other)[1].split("An account of which")[1]


def test_what_is_wrong_with_a_file_is_said_and_nothing_is_kept(demo: Flask) -> None:
    client = officer(demo)
    before = everything()
    for content, said in (
        (mt940(SWISS)[:-60], "not whole"),
        (mt940(SWISS, closing="61001,00"), "does not add up"),
        (b"date;amount\n", "neither MT940 nor camt.053"),
        (b"", "is empty"),
        (camt053(entry("5.00"), closing="1005.00")[:-9], "cannot be read"),
    ):
        status, page = send(client, content)
        assert (status, said in page) == (422, True), said
    for data in ({}, {"digest": "../x", "name": "x"}, {"digest": "0" * 64, "name": "x"}):
        assert client.post(f"{HERE}/import", data=data).status_code == 422
    after = everything()
    assert all(after[name] == before[name] for name in ("bank_statement", "bank_line", "journal_entry", "receipt"))


def test_the_page_of_a_movement_says_what_it_may_pay_and_why(demo: Flask) -> None:
    promised()
    taken_in(mt940(SWISS))
    client = officer(demo)
    [line] = lines()
    listed = text_of(client, HERE)
    assert "Much speaks for it" in listed and "2020-001/1" in listed
    page = text_of(client, f"{HERE}/{line.id}")
    for said in (
        "It names the reference AGR 2020-001.", "It names the donor", "The amount is what is outstanding.",
        "Days before it is due on 30 June 2020: 15.",
    ):  # fmt: skip
        assert said in page, said


def test_a_match_is_accepted_with_one_click_and_only_once(demo: Flask) -> None:
    first, _second = promised()
    taken_in(mt940(SWISS))
    client, [line] = officer(demo), lines()
    data = {"choice": f"{first}:6000000", "version": str(line.version)}
    assert client.post(f"{HERE}/{line.id}/accept", data=data).status_code == 302
    assert client.post(f"{HERE}/{line.id}/accept", data=data).status_code == 409
    assert receipts() == 1
    page = text_of(client, f"{HERE}/{line.id}")
    assert "R2020-0001" in page and "Record the receipt" not in page
    assert "R2020-0001" in text_of(client, f"{HERE}?state=received")


def test_another_instalment_in_part_or_a_donor_without_one_may_be_chosen(demo: Flask) -> None:
    _first, second = promised()
    taken_in(mt940(SWISS, ("200617", "C70,00", "", "UNKNOWN")))
    client, (line, other) = officer(demo), lines()
    data = {"choice": "other", "instalment": str(second), "amount": "1 234.50", "version": "1"}
    assert client.post(f"{HERE}/{line.id}/accept", data=data).status_code == 302
    assert db.session().scalars(sa.select(Settlement.minor)).all() == [1_234_50]
    donor = db.session().scalars(sa.select(Receipt.donor_id)).one()
    data = {"choice": "advance", "donor": str(donor), "version": "1"}
    assert client.post(f"{HERE}/{other.id}/accept", data=data).status_code == 302
    assert receipts() == 2


def test_bad_input_to_a_movement_names_the_field_and_does_nothing(demo: Flask) -> None:
    first, second = promised()
    taken_in(mt940(SWISS))
    client, [line] = officer(demo), lines()
    for data, said in (
        ({"choice": ""}, "Choose what this pays."),
        ({"choice": "x" * 5000}, "Choose what this pays."),
        ({"choice": f"{first}:0"}, "Choose what this pays."),
        ({"choice": "999999:100"}, "Choose what this pays."),
        ({"choice": f"{first}:6000001"}, "More would be settled than came in"),
        ({"choice": f"{first}:5+{first}:5"}, "Choose what this pays."),
        ({"choice": "other", "instalment": ""}, "Choose the instalment."),
        ({"choice": "other", "instalment": "9" * 400}, "Choose the instalment."),
        ({"choice": "other", "instalment": str(second), "amount": "much"}, "is no amount above nil"),
        ({"choice": "other", "instalment": str(second), "amount": "-5"}, "is no amount above nil"),
        ({"choice": "other", "instalment": str(second), "amount": "40 000.01"}, "more than is outstanding"),
        ({"choice": "advance", "donor": "no"}, "Choose the donor."),
        ({"choice": "advance", "donor": "99999"}, "Choose what this pays."),
    ):
        answer = client.post(f"{HERE}/{line.id}/accept", data={**data, "version": "1"})
        assert (answer.status_code in (409, 422), said in answer.text) == (True, True), (data, answer.status_code)
    stale = client.post(f"{HERE}/{line.id}/accept", data={"choice": f"{first}:6000000", "version": "7"})
    assert (stale.status_code, "Somebody else decided" in stale.text) == (409, True)
    for reason in ("", "no", "x" * 3000):
        assert client.post(f"{HERE}/{line.id}/pass", data={"reason": reason, "version": "1"}).status_code == 422
    assert client.post(f"{HERE}/{line.id}/again", data={"version": "1"}).status_code == 409
    assert receipts() == 0
    for address in (f"{HERE}/999999", f"{HERE}/{2**70}", f"/AHA/finance/bank/{line.id}"):
        assert client.get(address).status_code == 404
        assert client.post(f"{address}/pass", data={"reason": "Interest", "version": "1"}).status_code == 404
    assert client.get(f"{HERE}?page=99999&state=zz&statement=x&q=%25_").status_code == 200


def test_what_is_no_receipt_is_noted_and_looked_at_again(demo: Flask) -> None:
    taken_in(mt940(SWISS))
    client, [line] = officer(demo), lines()
    data = {"reason": "Interest of the bank", "version": str(line.version)}
    assert client.post(f"{HERE}/{line.id}/pass", data=data).status_code == 302
    page = text_of(client, f"{HERE}/{line.id}")
    assert "Interest of the bank" in page and "Look at it again" in page
    assert client.post(f"{HERE}/{line.id}/again", data={"version": hidden(page, "version")}).status_code == 302
    assert "Record the receipt" in text_of(client, f"{HERE}/{line.id}")


def test_an_auditor_reads_it_all_and_changes_nothing(demo: Flask) -> None:
    [first, _second] = promised()
    taken_in(mt940(SWISS))
    client, [line] = as_a(demo, "auditor"), lines()
    for address in (HERE, f"{HERE}/statements", f"{HERE}/{line.id}"):
        page = text_of(client, address)
        assert "Take in a statement" not in page and "Record the receipt" not in page
    before = everything()
    assert client.get(f"{HERE}/import").status_code == 403
    assert send(client, mt940(SWISS, number="5/1"))[0] == 403
    for act, data in (("accept", {"choice": f"{first}:6000000"}), ("pass", {"reason": "Interest"}), ("again", {})):
        assert client.post(f"{HERE}/{line.id}/{act}", data={**data, "version": "1"}).status_code == 403
    after = everything()
    assert all(after[name] == before[name] for name in ("bank_line", "receipt", "journal_entry", "bank_statement"))
    assert as_a(demo, "field-officer").get(HERE).status_code in (403, 404)


def test_the_list_is_narrowed_and_goes_into_a_file_the_same_way(demo: Flask) -> None:
    taken_in(mt940(SWISS, ("200616", "D5,00", "", "CHARGES=1")))
    client = officer(demo)
    assert "SWITZERLAND" in text_of(client, f"{HERE}?q=switz")
    assert "No movement fits" in text_of(client, f"{HERE}?q=%25")
    out = client.get(f"{HERE}.csv?state=out", buffered=True).text
    assert "-5.00" in out and "60000" not in out
    assert client.get(f"{HERE}.xlsx").status_code == 200


def test_pages_ask_a_constant_number_of_questions(demo: Flask) -> None:
    promised()
    taken_in(mt940(*((f"2006{day:02}", f"C{day}00,00", f"REF {day}", "SWITZERLAND") for day in range(1, 29))))
    client, every = officer(demo), lines()
    for address in (HERE, f"{HERE}/{every[0].id}", f"{HERE}/statements"):
        with statements() as asked:
            text_of(client, address)
        assert len(asked) <= 15, (address, len(asked), asked)


# ------------------------------------------------------------------------------------------------------ the command


def test_the_command_takes_a_statement_in_and_a_dry_run_changes_nothing(
    demo: Flask, command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "june.sta"
    path.write_bytes(mt940(SWISS))
    before = everything()
    dry = command("import", "bank-statement", path, "--fund", "UPR", "--dry-run")
    assert (dry.status, "1 movements would be added" in dry.out, everything() == before) == (0, True, True)
    said = command("import", "bank-statement", path, "--fund", "UPR")
    assert (said.status, "1000.00 to 61000.00 CHF" in said.out) == (0, True)
    again = command("import", "bank-statement", path, "--fund", "UPR")
    assert (again.status, "here already" in one_sentence(again)) == (1, True)
    assert command("import", "bank-statement", path).status == 2
    assert command("import", "bank-statement", tmp_path / "none", "--fund", "UPR").status == 1
    assert command("import", "bank-statement", path, "--fund", "ZZZ").status == 1
