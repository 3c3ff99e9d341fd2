"""The budget as a file: out of the page and into it, whole or not at all; and by the command line."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from commands import Command, command, one_sentence
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from proposing import YEAR, complete, writer
from test_proposal_budget_pages import LINE, Made, as_person, made_of, post, rows, where

from conftest import ROOT
from fundapp.kernel.languages import LANGUAGES, decimal_mark, figure
from fundapp.proposals.forms.budget import as_kept
from fundapp.proposals.rules.budget_rows import compare, sums
from fundapp.proposals.rules.content import budget as understood
from fundapp.recommendations.rules.plans import one_line

__all__ = ["command"]
HEAD = "class,what,grade,unit,unit_cost,quantity,activity,quarter,reason\n"


def sent(client: FlaskClient, made: Made, content: bytes | str, name: str = "b.csv") -> tuple[int, str]:
    """Status and page after a file was chosen."""
    raw = content.encode() if isinstance(content, str) else content
    answer = client.post(where(made, "/import"), data={"file": (io.BytesIO(raw), name)})
    return answer.status_code, answer.get_data(as_text=True)


def take(client: FlaskClient, made: Made, page: str, **more: str) -> tuple[int, str]:
    """Put what was looked at in the place of the budget."""
    fields = dict(re.findall(r'name="(digest|name|version)" value="([^"]*)"', page)) | more
    answer = client.post(where(made, "/import"), data=fields, follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def counts(page: str) -> list[str]:
    keys = page.partition("app-keys")[2].partition("</dl>")[0]
    return re.findall(r'<dd><bdi dir="ltr">(\d+)</bdi></dd>', keys)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_as_it_was(registered: Flask, kind: str, language: str) -> None:
    made = made_of(complete())
    client = as_person(registered, writer(), language)
    staff = {"class": "010", "what": "=1+1 «x»", "grade": "P-3", "unit_cost": "1234.56", "quantity": "2.5"}
    assert post(client, made, LINE | {"id": "B1"}, staff, LINE | {"unit_cost": "unclear"})[0] == 302
    answer = client.get(where(made, f".{kind}"), buffered=True)
    assert answer.status_code == 200 and f"{made.reference}-budget.{kind}" in answer.headers["Content-Disposition"]
    status, page = sent(client, made, answer.data, f"b.{kind}")
    assert status == 200 and "unclear" in page  # the line that nobody understands is in the file, and says so
    post(client, made, LINE | {"id": "B1"}, staff | {"id": "B2"})
    before = rows(made)
    status, page = sent(client, made, client.get(where(made, f".{kind}"), buffered=True).data, f"b.{kind}")
    assert status == 200 and counts(page) == ["0", "0", "0", "2"] and rows(made) == before


def test_a_file_is_looked_at_first_and_then_replaces_all_lines(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    post(client, made, LINE | {"id": "B1"}, LINE | {"id": "B2", "what": "Gone"}, LINE | {"id": "B3", "what": "Same"})
    before = rows(made)
    behind = f",40,A1,{YEAR}-Q1,"
    text = f"{HEAD}120,New,,day,10,1,A1,,\n120,A trainer,,day,600{behind}\n120,Same,,day,500{behind}\n"
    status, page = sent(client, made, text)
    assert status == 200 and counts(page) == ["1", "1", "1", "1"] and rows(made) == before
    status, page = take(client, made, page)
    assert status == 200
    assert [(row["id"], row["what"], row["unit_cost"]) for row in rows(made)] == [
        ("B4", "New", "10.00"), ("B1", "A trainer", "600.00"), ("B3", "Same", "500.00"),
    ]  # fmt: skip


def test_a_look_that_is_old_is_refused_and_shown_again(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    page = sent(client, made, HEAD + "120,New,,day,10,1,A1,,\n")[1]
    post(client, made, LINE | {"id": "B1", "what": "Meanwhile"})
    status, again = take(client, made, page)
    assert status == 422 and "You saved this page in another window" in again and rows(made)[0]["what"] == "Meanwhile"
    assert take(client, made, again)[0] == 200 and rows(made)[0]["what"] == "New"
    assert take(client, made, again, digest="x" * 64)[0] == 422
    assert take(client, made, again, digest="0" * 64)[0] == 422


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("999,x,,day,1,1,,,", "Row 3, column class: “999” is no class"),
        ("120,x,,day,much,1,,,", "Row 3, column unit_cost: “much” is no amount"),
        ("120,x,,day,1,-1,,,", "Row 3, column quantity"),
        ("120,x,,day,1,1,,soon,", "Row 3, column quarter: “soon” is no quarter"),
        (f"120,{'x' * 301},,day,1,1,,,", "Row 3, column what: These are 301 characters"),
    ],
)
def test_a_cell_that_means_nothing_keeps_the_whole_file_out(registered: Flask, row: str, said: str) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    status, page = sent(client, made, f"{HEAD}120,Good,,day,1,1,,,\n{row}\n")
    assert status == 200 and said in page and "cannot be taken in" in page
    digest = hashlib.sha256(f"{HEAD}120,Good,,day,1,1,,,\n{row}\n".encode()).hexdigest()
    assert take(client, made, page, digest=digest, name="b.csv", version="1")[0] == 422
    assert rows(made)[0]["what"] == "A trainer"


def test_a_draft_may_be_wrong_and_a_file_too(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    page = sent(client, made, f"{HEAD}145,Grant,,grant,60000,1,A9,{YEAR + 4}-Q1,\n")[1]
    assert "Row 2, column reason" in page and "Row 2, column activity" in page and "Row 2, column quarter" in page
    assert take(client, made, page)[0] == 200 and rows(made)[0]["what"] == "Grant"


def formula() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["class", "what", "unit_cost", "quantity"])
        sheet.write_row(1, 0, ["120", "x", 1])
        sheet.write_formula(1, 3, "=1+1")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "b.csv", "empty"),
        (b"%PDF-1.7 x", "b.xlsx", "no workbook"),
        (b"\x89PNG\r\n\x1a\n", "b.csv", "no workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "b.xlsx", "locked with a password"),
        (b"PK\x03\x04broken", "b.xlsx", "b.xlsx"),
        (b"a,b\n1,2\n", "b.csv", "Class"),
        (HEAD.encode(), "b.csv", "no line of a budget"),
        (HEAD.encode("utf-16"), "b.csv", "b.csv"),
        ((HEAD + "120,x,,day,1,1,,,\n" * 501).encode(), "b.csv", "500"),
        (formula(), "b.xlsx", "formula"),
    ],
)
def test_what_is_no_budget_is_refused_in_a_sentence(registered: Flask, content: bytes, name: str, said: str) -> None:
    made = made_of(complete())
    status, page = sent(as_person(registered, writer()), made, content, name)
    summary = page.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    assert status == 422 and said in summary, summary
    assert rows(made)[0]["what"] == "A trainer"


def test_no_file_and_one_that_is_too_large(registered: Flask) -> None:
    made = made_of(complete())
    client = as_person(registered, writer())
    assert client.post(where(made, "/import"), data={}).status_code == 422
    assert sent(client, made, b"x" * (21 * 1024 * 1024))[0] == 413


# ----------------------------------------------------------------------------------------------- the command line


def test_the_command_line_writes_and_takes_a_budget(registered: Flask, command: Command, tmp_path: Path) -> None:
    made = made_of(complete())
    said = command("proposal", "budget", "UPR", made.reference)
    assert said.status == 0 and "22600.00" in said.out and "A trainer" in said.out
    path = tmp_path / "b.csv"
    assert command("proposal", "budget", "UPR", made.reference, "--format", "csv", "--output", path).status == 0
    path.write_text(path.read_text("utf-8").replace("500.00", "600"), "utf-8")
    words = ("import", "budget", path, "--fund", "UPR", "--proposal", made.reference)
    said = command(*words, "--dry-run")
    assert said.status == 0 and "1 changed" in said.out and "27120.00" in said.out and "Nothing was changed" in said.out
    assert rows(made)[0]["unit_cost"] == "500.00"
    assert command(*words).status == 0 and rows(made)[0]["unit_cost"] == "600.00"
    book = tmp_path / "b.xlsx"
    assert command("proposal", "budget", "UPR", made.reference, "--format", "xlsx", "--output", book).status == 0
    assert "1 as they were" in command("import", "budget", book, *words[3:]).out
    path.write_text("class,what,unit_cost,quantity\n120,x,much,1\n", "utf-8")
    said = command(*words)
    assert said.status == 1 and "Row 2, column unit_cost" in said.err and rows(made)[0]["unit_cost"] == "600.00"
    assert "2031-1-999" in one_sentence(command("proposal", "budget", "UPR", "2031-1-999"))


# ------------------------------------------------------------------------------- the same arithmetic in the browser

SIGNS = "0123456789 .,'’٫٬٠١٢٣٤٥٦٧٨٩۵０．，-−()$\u00a0\u202fUSDдолл美元\u0007²\u200f\u2066\ufeff"
TYPED = st.one_of(
    st.text(SIGNS, max_size=14),
    st.sampled_from(
        [
            "1 234,56",
            "1.234,56",
            "١٢٣٤٫٥٦",
            "1,234",
            "1.234",
            "US$ 5",
            "5 долл. США",
            "(5)",
            "-",
            "½",
            "5$$US",
            "\u20661 234,56\u2069",
            "\u200f٥",
        ]
    ),
    st.integers(0, 10**13).map(lambda cents: f"{cents // 100}.{cents % 100:02}"),
    st.builds(figure, st.integers(1, 10**9), st.sampled_from(LANGUAGES)),
)
QUARTER_NAMES = [f"{YEAR}-Q{n}" for n in range(1, 5)]
A_LINE = st.fixed_dictionaries(
    {
        "class": st.sampled_from(["", "010", "120", "145", "155", "160"]),
        "what": st.just("x"),
        "unit_cost": TYPED,
        "quantity": st.one_of(TYPED, st.sampled_from(["1", "0.37", "2,5", "12"])),
        "activity": st.sampled_from(["", "A1", "A2"]),
        "quarter": st.sampled_from(["", *QUARTER_NAMES, f"{YEAR + 1}-Q1"]),
    }
)
A_BUDGET = st.tuples(st.lists(A_LINE, max_size=8), st.sampled_from(LANGUAGES), st.booleans())
SCRIPT = """
import { sumsOf } from %s
import { readFileSync } from 'node:fs'
const found = JSON.parse(readFileSync(0, 'utf8')).map(one => Object.fromEntries(
  [...sumsOf(one.lines, one.rate, one.over, one.mark)].map(([name, cents]) => [name, String(cents)])))
console.log(JSON.stringify(found))
"""


def by_node(cases: list[dict[str, Any]]) -> list[dict[str, int]]:
    """What the browser's arithmetic makes of them."""
    source = json.dumps(str(ROOT / "fundapp/web/assets/budget.js"))
    ran = subprocess.run(
        ["node", "--no-warnings", "--input-type=module", "-e", SCRIPT % source],
        input=json.dumps(cases), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return [{name: int(cents) for name, cents in one.items()} for one in json.loads(ran.stdout)]


def by_python(case: dict[str, Any]) -> dict[str, int]:
    """What the server keeps and adds up of the same."""
    typed = [{name: one_line(text) for name, text in line.items()} for line in case["lines"]]
    kept = as_kept(typed, case["language"])
    period = {"starts": case["over"][0], "ends": case["over"][-1]} if case["over"] else {}
    return sums(understood({"budget": {"lines": kept}, "activities": period}, Decimal(case["rate"])).totals)


@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(
        st.tuples(st.lists(A_LINE, max_size=8), st.sampled_from(LANGUAGES), st.booleans()), min_size=40, max_size=60
    )
)
def test_the_browser_adds_up_as_the_server_does(found: list[tuple[Any, str, bool]]) -> None:
    cases = [
        {"lines": lines, "language": language, "mark": decimal_mark(language), "over": QUARTER_NAMES if over else [],
         "rate": "0.13" if over else "0.075"}
        for lines, language, over in found
    ]  # fmt: skip
    for case, there in zip(cases, by_node(cases), strict=True):
        assert there == by_python(case), case


def test_lines_are_known_again_by_what_they_say() -> None:
    one, two = (
        {"id": "B1", "class": "120", "what": "x", "unit_cost": "1.00"},
        {"id": "B2", "class": "120", "what": "x"},
    )
    assert compare([one, two], [{k: v for k, v in two.items() if k != "id"}]).gone == (one,)
    assert compare([one], [one, one]).added[0]["id"] == ""
    assert compare([], []).alike
