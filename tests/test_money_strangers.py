"""What a stranger tries on the pages, files and commands of the money: answered clearly, and the books hold."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from bank import camt053, entry, lines, mt940
from commands import Command, command, everything, one_sentence
from extracts import line, project, take, tie, written
from flask import Flask
from receiving import rates
from scoring_seen import CALL, keep_from
from test_manual import prepared
from visiting import as_a, text_of

from fundapp.access.policy import Role
from fundapp.contributions.models import Donor
from fundapp.finance.layouts.bank import read_bank
from fundapp.finance.rules.manual import GivenEntry, GivenLine
from fundapp.kernel.database import db
from fundapp.kernel.errors import Refusal
from fundapp.proposals.models import Proposal

__all__ = ["command"]
pytestmark = pytest.mark.usefixtures("one_click")
HERE = "/UPR/finance"
# Words of a query that are options of addresses too: kinds of file, funds, and what url_for itself takes.
OPTIONS = {"kind": "csv", "fund": "AHA", "_external": "1", "_scheme": "https", "_method": "POST", "_anchor": "x"}


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("finance-officer", "/UPR/finance/contributions"),
        ("finance-officer", "/UPR/finance/tie-out"),
        ("administrator", "/people"),
        ("auditor", "/trail"),
        ("finance-officer", "/recommendations/evidence"),
        ("finance-officer", "/recommendations/calendar"),
    ],
)
def test_words_in_an_address_are_no_options_of_the_links_on_its_page(demo: Flask, who: str, address: str) -> None:
    client = as_a(demo, who)
    plain = text_of(client, address)
    for word, value in OPTIONS.items():
        page = text_of(client, f"{address}?{word}={value}")
        assert 'href="https' not in page.split("<main")[-1].split("<footer")[0], (word, value)
        assert (".csv" in page) == (".csv" in plain)
        assert "/AHA/" not in page.split("<main")[-1].split("<footer")[0]


@pytest.mark.parametrize(
    "asked", ["balance?from=9999-12-31", "balance?to=9999-12-31", "available?on=9999-12-31", "balance?to=0001-01-01"]
)
def test_the_calendars_first_and_last_day_are_days(demo: Flask, asked: str) -> None:
    text_of(as_a(demo, "finance-officer"), f"{HERE}/statements/{asked}")


# ------------------------------------------------------------------------------------------------- statements of banks


def test_a_credit_that_is_reversed_leaves_the_account() -> None:
    content = mt940(("200615", "C5,00", "A", "x"), ("200616", "D5,00", "B", "x"))
    [found] = read_bank(content.replace(b"0616D5,00", b"0616RC5,00"), "x.sta")
    assert [one.minor for one in found.movements] == [5_00, -5_00]
    [found] = read_bank(content.replace(b"0616D5,00", b"0616rc5,00").replace(b"0615C5", b"0615RD5"), "x.sta")
    assert [one.minor for one in found.movements] == [5_00, -5_00]


@pytest.mark.parametrize("parts", [("1e999999", "1"), ("NaN", "30"), ("sNaN", "0"), ("40", "-10"), ("٣٠", "0")])
def test_a_payment_whose_amount_is_none_leaves_the_entry_as_one(parts: tuple[str, str]) -> None:
    of = "".join(f'<TxDtls><Amt Ccy="CHF">{one}</Amt></TxDtls>' for one in parts)
    whole = entry("30.00").split("<NtryDtls>")[0] + f"<NtryDtls>{of}</NtryDtls></Ntry>"
    [found] = read_bank(camt053(whole, closing="1030.00"), "x.xml")
    assert [one.minor for one in found.movements] == [30_00]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2007-12-31"])
def test_a_movement_of_no_day_that_can_be_is_refused_before_it_is_taken_in(
    demo: Flask, command: Command, tmp_path: Path, day: str
) -> None:
    content, client = camt053(entry("5.00", day=day), closing="1005.00"), as_a(demo, "finance-officer")
    before = everything()
    file = tmp_path / "june.xml"
    file.write_bytes(content)
    for words in ((), ("--dry-run",)):
        assert day in one_sentence(command("import", "bank-statement", file, "--fund", "UPR", *words))
    sent = {"file": (BytesIO(content), "june.xml")}
    answer = client.post(f"{HERE}/bank/import", data=sent)
    assert answer.status_code == 422 and day in answer.text
    assert lines() == [] and everything() == before


def test_a_dry_run_refuses_a_currency_that_nobody_knows(demo: Flask, command: Command, tmp_path: Path) -> None:
    file = tmp_path / "june.sta"
    file.write_bytes(mt940(("200615", "C5,00", "A", "x"), currency="XQX"))
    assert "XQX" in one_sentence(command("import", "bank-statement", file, "--fund", "UPR", "--dry-run"))


# ------------------------------------------------------------------------------------------- what somebody may not see


def test_the_document_of_an_entry_is_closed_with_the_project_it_is_for(shown: Flask) -> None:
    of = db.session().scalars(sa.select(Proposal).where(Proposal.reference == f"{CALL}-001")).one()
    tie(project("P-1"), of.id)
    lines = (GivenLine("EXP.STAFF", 100, project="P-1"), GivenLine("AST.CASH", -100))
    key = prepared(GivenEntry(date(2021, 3, 5), "Secret work", lines))
    client = as_a(shown, "finance-officer")
    assert "letter.pdf" in text_of(client, f"{HERE}/manual/{key}")
    assert "letter.pdf" in client.get(f"{HERE}/manual/{key}/document").text, "it is lost here, and says which"
    keep_from(1, Role.FINANCE_OFFICER)
    assert "letter.pdf" not in text_of(client, f"{HERE}/manual/{key}")
    closed, none = (client.get(f"{HERE}/manual/{one}/document") for one in (key, key + 999))
    assert (closed.status_code, none.status_code) == (404, 404) and "letter.pdf" not in closed.text


# ------------------------------------------------------------------------------------------------ names and references


def test_a_donor_has_a_name_that_can_be_read(demo: Flask) -> None:
    client = as_a(demo, "finance-officer")
    for name in ("\u200b", "\u200f \u2060", "…", "\u202e"):
        answer = client.post("/UPR/donors/new", data={"kind": "organisation", "name_en": name})
        assert answer.status_code == 422 and "Write the English name." in answer.text, ascii(name)
    said = {"kind": "organisation", "name_en": "The \u202eevil\u2066 one", "name_fr": "\u200b"}
    assert client.post("/UPR/donors/new", data=said).status_code == 302
    [found] = db.session().scalars(sa.select(Donor).where(Donor.code.contains("evil")))
    assert (found.names["en"], found.names["fr"]) == ("The evil one",) * 2


def test_what_a_bank_is_said_to_have_written_turns_nothing_around(demo: Flask) -> None:
    rates()
    client = as_a(demo, "finance-officer")
    said = {"donor": "CHE", "on": "2020-07-01", "currency": "CHF", "amount": "5", "reference": "\u202e=1+1\u2066"}
    assert client.post(f"{HERE}/receipts/new", data=said).status_code == 302
    text = client.get(f"{HERE}/receipts/list.csv", buffered=True).text
    assert "'=1+1" in text and "\u202e" not in text


@pytest.mark.parametrize(
    ("currency", "told"),
    [
        ("", "Choose the currency."), ("A1B", "Nobody knows the currency A1B."), ("A-B", "Nobody knows the currency"),
        ("\u202eCHF", "Nobody knows the currency \ufffdCHF."), ("XQX", "Nobody knows the currency XQX."),
    ],
)  # fmt: skip
def test_a_currency_that_is_none_is_told(demo: Flask, currency: str, told: str) -> None:
    rates()
    said = {"donor": "CHE", "on": "2020-07-01", "currency": currency, "amount": "5", "reference": ""}
    answer = as_a(demo, "finance-officer").post(f"{HERE}/receipts/new", data=said)
    assert answer.status_code == 422 and told in answer.text


# ------------------------------------------------------------------------------------------------------------- no room


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("size", [10_000, 2_000_000])
@pytest.mark.parametrize("address", ["extracts/send", "bank/import", "rates/import", "manual/new"])
def test_a_file_for_which_there_is_no_room_is_told_to_be_that(
    demo: Flask, monkeypatch: pytest.MonkeyPatch, address: str, size: int
) -> None:
    """Smaller ones wait in memory until they are kept, larger ones on the disk while they arrive."""
    monkeypatch.setitem(demo.config, "PROPAGATE_EXCEPTIONS", False)
    client = as_a(demo, "finance-officer")
    text = "\r\n".join(
        ("--x", 'Content-Disposition: form-data; name="profile"', "", "umoja", "--x",
         'Content-Disposition: form-data; name="file"; filename="a.txt"', "", "1,2\n" * (size // 4), "--x--", "")
    )  # fmt: skip
    before, sent = everything(), text.encode()
    said = {"content_length": len(sent), "content_type": "multipart/form-data; boundary=x"}
    with room(5_000):
        answer = client.post(f"{HERE}/{address}", input_stream=BytesIO(sent), **said)
    assert answer.status_code == 503 and "There is no room left for files." in answer.text
    assert everything() == before


# ------------------------------------------------------------------------------------------------------------ extracts


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("place", [2, 700])
def test_the_line_of_an_extract_that_is_no_utf_8_is_named(demo: Flask, tmp_path: Path, end: str, place: int) -> None:
    rows = [line(str(n), text="Zürich" if n == place else "Hosting") for n in range(2, 900)]
    file = written(tmp_path / "a.csv", *rows)
    file.write_bytes(file.read_text("utf-8").replace("\n", end).encode("latin-1"))
    before = everything()
    with pytest.raises(Refusal) as refused:
        take(file)
    [fault] = refused.value.faults
    assert (fault.code, fault.values["line"]) == ("file.encoding", place)
    assert everything() == before


def test_an_extract_in_another_alphabet_of_bytes_is_told_to_be_that(demo: Flask, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", line())
    file.write_bytes(file.read_text("utf-8").encode("utf-16"))
    with pytest.raises(Refusal) as refused:
        take(file)
    assert [fault.code for fault in refused.value.faults] == ["file.encoding"]


def test_rows_of_blanks_are_none(demo: Flask, tmp_path: Path) -> None:
    blank = ("  ", *("",) * 10, " ")
    assert take(written(tmp_path / "a.csv", blank, line(), blank, line("2"), blank)).plan.rows == 2
