"""United Nations operational rates as files: layouts, what is wrong in a row, a changed rate, a second time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from bank import rate_sheet
from commands import Command, command, everything, one_sentence
from flask import Flask
from visiting import as_a, statements, text_of

from fundapp.finance.layouts.rates import day_of, rate_of, read_rates
from fundapp.kernel.database import db
from fundapp.kernel.errors import Faults, Refusal
from fundapp.recommendations.layouts.incoming import incoming
from fundapp.reference.models import ExchangeRate
from fundapp.reference.queries import rate_on

__all__ = ["command"]  # a fixture
pytestmark = pytest.mark.usefixtures("one_click")
KNOWN = {"CHF", "EUR", "JPY", "SGD"}
LIST = "Country,Currency,Abbreviation,Effective Date,Rate\n"
HERE = "/UPR/finance/rates"


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def understood(path: Path) -> tuple[list[tuple[str, str, str]], dict[str, int], list[str]]:
    """Rates, currencies left out, and codes of what is wrong."""
    faults = Faults()
    found = read_rates(incoming(path), KNOWN, date(2020, 12, 31), faults)
    rates = [(one.currency, one.since.isoformat(), str(one.rate)) for one in found.rates]
    return rates, dict(found.left_out), [fault.code for fault in faults]


def test_the_list_of_the_treasury_is_recognised_with_a_currency_of_many_countries(tmp_path: Path) -> None:
    text = (
        LIST + "Switzerland,Swiss Franc,CHF,01 Jan 2020,0.970\nGermany,Euro,EUR,01 Jan 2020,0.893\n"
        "France,Euro,EUR,01 Jan 2020,0.893\nUnited States,Dollar,USD,01 Jan 2020,1.000\n"
        'Venezuela,Bolivar,VEF,01 Jan 2020,10.0\nJapan,Yen,JPY,15-Jan-2020,"1,109.50"\n'
    )
    rates, left_out, wrong = understood(written(tmp_path / "r.csv", text))
    assert rates == [
        ("CHF", "2020-01-01", "0.97"), ("EUR", "2020-01-01", "0.893"), ("JPY", "2020-01-15", "1109.5"),
    ]  # fmt: skip
    assert (left_out, wrong) == ({"VEF": 1}, [])


def test_a_plain_file_and_one_with_a_column_for_each_day_say_the_same(tmp_path: Path) -> None:
    plain = written(tmp_path / "a.csv", "currency,since,rate\nCHF,2020-01-01,0.97\nCHF,2020-02-01,0.96\n")
    grid = written(tmp_path / "b.csv", "Code,2020-01-01,2020-02-01\nCHF,0.97,0.96\nEUR,,\n")
    assert understood(plain)[0] == understood(grid)[0] == [
        ("CHF", "2020-01-01", "0.97"), ("CHF", "2020-02-01", "0.96"),
    ]  # fmt: skip


def test_a_workbook_keeps_figures_and_days_of_its_own_and_they_mean_what_was_typed(tmp_path: Path) -> None:
    sheet = rate_sheet(
        tmp_path / "r.xlsx", ("Currency code", "Effective from", "Rate"), ("CHF", date(2020, 1, 1), 0.1 + 0.2),
        ("JPY", date(2020, 1, 1), 109), ("EUR", "2020-01-01", "0,893"),
    )  # fmt: skip
    assert understood(sheet)[0] == [
        ("CHF", "2020-01-01", "0.3"), ("JPY", "2020-01-01", "109"), ("EUR", "2020-01-01", "0.893"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",,CH,2020-01-01,0.97", "rate.no-code"),
        (",,CHF,2020-02-30,0.97", "rate.no-day"),
        (",,CHF,soon,0.97", "rate.no-day"),
        (",,CHF,03/04/2020,0.97", "rate.two-days"),
        (",,CHF,2021-03-01,0.97", "rate.day-far"),
        (",,CHF,0001-01-01,0.97", "rate.day-far"),
        (",,CHF,2020-01-01,0", "rate.no-rate"),
        (",,CHF,2020-01-01,-1", "rate.no-rate"),
        (',,CHF,2020-01-01,"1,234"', "rate.no-rate"),
        (",,CHF,2020-01-01,0.1234567890123", "rate.no-rate"),
        (",,CHF,2020-01-01,NaN", "rate.no-rate"),
        (",,CHF,2020-01-01,", "rate.no-rate"),
        (",,USD,2020-01-01,1.1", "rate.dollars"),
        (",,CHF,2020-01-01,0.97\n,,CHF,2020-01-01,0.98", "rate.twice"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_with_its_place(tmp_path: Path, row: str, code: str) -> None:
    faults = Faults()
    read_rates(incoming(written(tmp_path / "r.csv", f"{LIST}{row}\n")), KNOWN, date(2020, 12, 31), faults)
    assert [fault.code for fault in faults] == [code]
    assert faults[0].row == 1 + len(row.splitlines())
    assert faults[0].column


def test_days_with_the_month_in_figures_are_read_as_the_file_as_a_whole_tells() -> None:
    assert day_of("03/04/2020", "day") == date(2020, 4, 3)
    assert day_of("03/04/2020", "month") == date(2020, 3, 4)
    assert day_of("03/04/2020", "") is None
    assert day_of("03.04.2020", "") == date(2020, 4, 3)
    assert day_of("4/4/2020", "") == date(2020, 4, 4)
    assert [str(rate_of(text)) for text in ("1 234.50", "0,974", "1,234.5", "1,234,567", "12,5")] == [
        "1234.5", "0.974", "1234.5", "1234567", "12.5",
    ]  # fmt: skip


def test_the_order_of_day_and_month_is_of_the_whole_file(tmp_path: Path) -> None:
    text = "currency,since,rate\nCHF,03/04/2020,0.97\nCHF,15/04/2020,0.96\n"
    assert [since for _code, since, _rate in understood(written(tmp_path / "r.csv", text))[0]] == [
        "2020-04-03", "2020-04-15",
    ]  # fmt: skip
    assert understood(written(tmp_path / "m.csv", text + "CHF,04/15/2020,0.95\n"))[2][0] == "rate.days-mixed"


def test_a_file_of_something_else_is_refused_by_its_headings(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        understood(written(tmp_path / "r.csv", "a,b\n1,2\n"))
    assert refusal.value.faults[0].code == "rate.no-layout"
    with pytest.raises(Refusal) as refusal:
        understood(written(tmp_path / "e.csv", LIST))
    assert refusal.value.faults[0].code == "rate.none"


# ------------------------------------------------------------------------------------------------------ the command


def test_the_command_imports_once_and_a_second_time_changes_nothing(
    seeded: Flask, command: Command, tmp_path: Path
) -> None:
    path = written(tmp_path / "r.csv", f"{LIST},,CHF,2020-01-01,0.97\n,,CHF,2020-02-15,0.965\n,,ZZZ,2020-01-01,5\n")
    before = everything()
    assert command("import", "rates", path, "--dry-run").status == 0
    assert everything() == before
    said = command("import", "rates", path)
    assert (said.status, said.err) == (0, "")
    assert "2 rates added, 0 there already" in said.out
    assert "ZZZ" in said.out
    assert rate_on(db.session(), "CHF", date(2020, 2, 14)) == Decimal("0.97")
    assert rate_on(db.session(), "CHF", date(2020, 2, 15)) == Decimal("0.965")
    again = command("import", "rates", path)
    assert "0 rates added, 2 there already" in again.out
    assert command("trail", "verify").status == 0


def test_a_changed_rate_refuses_the_whole_file_and_says_both(seeded: Flask, command: Command, tmp_path: Path) -> None:
    command("import", "rates", written(tmp_path / "a.csv", f"{LIST},,CHF,2020-01-01,0.97\n"))
    before = everything()
    path = written(tmp_path / "b.csv", f"{LIST},,EUR,2020-01-01,0.9\n,,CHF,2020-01-01,0.98\n")
    for words in ((), ("--dry-run",)):
        said = command("import", "rates", path, *words)
        assert said.status == 1
        assert all(part in one_sentence(said) for part in ("Row 3", "0.98", "0.97", "CHF"))
    assert everything() == before


def test_a_missing_rate_says_which(seeded: Flask) -> None:
    with pytest.raises(Refusal) as refusal:
        rate_on(db.session(), "CHF", date(2020, 1, 1))
    assert dict(refusal.value.faults[0].values) == {"currency": "CHF", "day": "2020-01-01"}


# --------------------------------------------------------------------------------------------------------- the pages


def send(client: object, text: str, name: str = "rates.csv") -> tuple[int, str]:
    answer = client.post(f"{HERE}/import", data={"file": (BytesIO(text.encode()), name)})  # type: ignore[attr-defined]
    return answer.status_code, answer.get_data(as_text=True)


def hidden(text: str, name: str) -> str:
    return text.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_the_page_shows_what_a_file_would_add_and_adds_it_when_told(demo: Flask) -> None:
    client = as_a(demo, "finance-officer")
    status, text = send(client, f"{LIST},,CHF,2020-01-01,0.97\n,,ZZZ,2020-01-01,5\n")
    assert status == 200
    assert "ZZZ" in text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ExchangeRate)) == 0
    db.session.rollback()
    data = {"digest": hidden(text, "digest"), "name": hidden(text, "name")}
    assert client.post(f"{HERE}/import", data=data).status_code == 302
    assert client.post(f"{HERE}/import", data=data).status_code == 302  # twice does no harm
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ExchangeRate)) == 1
    page = text_of(client, HERE)
    assert "0.97" in page and "rates.csv" in page
    assert "0.97" in text_of(client, f"{HERE}?currency=CHF")
    assert "0.97" in client.get(f"{HERE}.csv", buffered=True).text
    assert "No rates" in text_of(client, f"{HERE}?on=2019-12-31")


def test_what_is_wrong_with_a_file_is_said_on_the_page_and_nothing_is_kept(demo: Flask) -> None:
    client = as_a(demo, "finance-officer")
    before = everything()
    for text, said in ((f"{LIST},,CHF,soon,0.97\n", "soon"), ("", "is empty"), ("a,b\n1,2\n", "no file of rates")):
        status, page = send(client, text)
        assert (status, said in page) == (422, True), said
    assert client.post(f"{HERE}/import", data={}).status_code == 422
    assert client.post(f"{HERE}/import", data={"digest": "../../etc/passwd", "name": "x"}).status_code == 422
    assert client.post(f"{HERE}/import", data={"digest": "0" * 64, "name": "x"}).status_code == 422
    assert {k: v for k, v in everything().items() if k == "exchange_rate"} == {"exchange_rate": before["exchange_rate"]}


def test_who_may_not_import_rates_does_not(demo: Flask) -> None:
    for role, reads in (("auditor", 200), ("field-officer", 403)):
        client = as_a(demo, role)
        assert client.get(HERE).status_code in (reads, 404 if reads == 403 else reads)
        assert client.get(f"{HERE}/import").status_code in (403, 404)
        assert send(client, f"{LIST},,CHF,2020-01-01,0.97\n")[0] in (403, 404)


def test_a_page_of_rates_asks_a_constant_number_of_questions(demo: Flask, tmp_path: Path, command: Command) -> None:
    client = as_a(demo, "finance-officer")
    rows = "".join(f",,CHF,2020-01-{day:02},0.9{day:02}\n" for day in range(1, 29))
    command("import", "rates", written(tmp_path / "r.csv", LIST + rows + ",,EUR,2020-01-01,0.9\n"))
    for address in (HERE, f"{HERE}?currency=CHF"):
        with statements() as asked:
            text_of(client, address)
        assert len(asked) <= 8, asked
