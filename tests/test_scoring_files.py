"""The ranking and every score as files and on the command line: the one can be worked out again from the other."""

from __future__ import annotations

import csv
import io
import json
from random import Random

import pytest
from calls import opened
from commands import Command, command, everything, one_sentence, rows
from flask import Flask
from flask.testing import FlaskClient
from scored_again import rank_again, read
from scoring_moves import end, stand
from scoring_seen import CALL, CODES, HERE, Asked, Steps, give, keep_from, open_scoring, scored, shut
from scoring_seen import _open as open_round
from visiting import as_a

from fundapp.access.operations import Console, add_person, grant
from fundapp.access.policy import Role
from fundapp.kernel.work import unit_of_work

__all__ = ["command"]  # a fixture
FOURS, SKIPPED = (4,) * 5, (None,) * 5
COLUMNS = ["rank", "reference", "country", "total", *CODES, "n_reviewers", "sd", "flags"]

pytestmark = pytest.mark.usefixtures("one_click")


def sheet(random: Random) -> Steps:
    """Steps as reviewers give them, now and then "not applicable"."""
    return [None if random.random() < 0.1 else random.randint(0, 4) for _ in CODES]


def a_scored_call() -> None:
    """24 proposals and three reviewers, and all that can be odd about them."""
    random = Random(5)
    scored({number: {name: sheet(random) for name in "ABC"} for number in range(1, 25)}, sheets=3)
    end(3, "B")
    stand(4, "withdrawn")
    give(25, "A", SKIPPED)
    give(26, "A", (1, 2, 3, 4, 0))
    give(27, "A", FOURS)
    give(27, "B", FOURS)
    give(28, "B", FOURS)


def kept(client: FlaskClient, address: str) -> str:
    """A file that is there."""
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def secretary(app: Flask) -> FlaskClient:
    return as_a(app, "secretary")


def test_a_ranking_is_worked_out_again_from_its_scores_to_the_last_digit(shown: Flask, command: Command) -> None:
    a_scored_call()
    again = rank_again(kept(secretary(shown), f"{HERE}/sheets.csv"))
    said = command("rank", CALL, "--format", "csv")
    assert (said.status, said.err) == (0, "")
    found = rows(said.out)
    assert list(found[0]) == COLUMNS and len(found) == 28
    assert set(again) == {row["reference"] for row in found} - {f"{CALL}-004"}
    for row in found:
        other = again.get(row["reference"], {})
        assert {name: row[name] for name in other} == other
    assert [row["rank"] for row in found][:3] == ["1", "1", "3"] and found[-1]["flags"] == "left-out:withdrawn"
    assert {row["flags"] for row in found if row["reference"] == f"{CALL}-025"} == {
        "few-sheets:1/3 one-reviewer not-applicable-only"
    }


def test_the_page_s_file_says_the_same(shown: Flask, command: Command) -> None:
    a_scored_call()
    client = secretary(shown)
    again, found = rank_again(kept(client, f"{HERE}/sheets.csv")), table(kept(client, f"{HERE}/ranking.csv"))
    assert len(found) == 28
    for row in found:
        if row["Reference"] in again:
            one = again[row["Reference"]]
            assert (row["Rank"], row["Total"], row["Standard deviation"], row["Reviewers"]) == (
                one["rank"], one["total"], one["sd"], one["n_reviewers"],
            )  # fmt: skip
            means = [cell for name, cell in row.items() if name.startswith("Mean: ")]
            assert means == [one[code] for code in CODES]
            assert bool(row["Normalised total"]) == bool(row["Normalised rank"]) == bool(row["Rank"])
    for kind in ("ranking", "sheets"):
        book = client.get(f"{HERE}/{kind}.xlsx")
        assert book.status_code == 200 and book.data.startswith(b"PK")
        assert f'filename="UPR-{CALL}-{kind}.xlsx"' in book.headers["Content-Disposition"]


def test_files_have_the_filters_of_the_page(shown: Flask) -> None:
    a_scored_call()
    client = secretary(shown)
    asked = "?country=BHS"
    assert [row["Country"] for row in table(kept(client, f"{HERE}/ranking.csv{asked}"))] == ["Bahamas"]
    scores = read(kept(client, f"{HERE}/sheets.csv{asked}"))
    assert {row["proposal"] for row in scores} == {f"{CALL}-001"} and len(scores) == 15
    few = table(kept(client, f"{HERE}/ranking.csv?flag=few-sheets"))
    assert {row["Reference"] for row in few} == {f"{CALL}-{number:03}" for number in (3, 25, 26, 27, 28)}
    assert [row["Rank"] for row in few] == sorted((row["Rank"] for row in few), key=lambda rank: int(rank or 99))
    for wrong in ("?region=999", "?flag=odd", "?country=%00", "?sort=luck", f"?q={'x' * 300}"):
        for kind in ("ranking", "sheets"):
            assert client.get(f"{HERE}/{kind}.csv{wrong}").status_code in (400, 409, 422), wrong


def test_a_score_as_the_file_has_it(shown: Flask) -> None:
    open_scoring()
    give(1, "A", (4, None, 0, 2, 3), reason="=cmd|' /C calc'!A1 of")
    (first, second, *_) = read(kept(secretary(shown), f"{HERE}/sheets.csv"))
    assert first["reason"].startswith("'=cmd|") and first["step"] == "4" and first["criterion"] == CODES[0]
    assert (second["step"], second["call"], second["reviewer"]) == ("na", CALL, "Reviewer A")
    assert (first["weight"], first["lowest"], first["highest"]) == ("20", "0", "4")
    assert len(first["given_at"]) == len("2026-01-01 10:20:30")


def test_two_reviewers_of_one_name_stay_two(shown: Flask, command: Command) -> None:
    with unit_of_work(Console()) as work:
        made = add_person(work, None, "b@reviewers.example.org", "correct horse battery", name="Reviewer A")
        grant(work, made, Role.REVIEWER)
    scored({1: {"A": FOURS, "B": (1, 1, 2, 3, 4)}})
    again = rank_again(kept(secretary(shown), f"{HERE}/sheets.csv"))
    found = rows(command("rank", CALL, "--format", "csv").out)[0]
    assert again[f"{CALL}-001"] == {name: found[name] for name in again[f"{CALL}-001"]} and found["n_reviewers"] == "2"


def test_what_is_closed_to_somebody_is_in_none_of_their_files(shown: Flask) -> None:
    scored({1: {"A": FOURS}, 2: {"B": FOURS}})
    keep_from(1, Role.SECRETARY)
    client = secretary(shown)
    for kind in ("ranking", "sheets"):
        text = kept(client, f"{HERE}/{kind}.csv")
        assert f"{CALL}-001" not in text and "Bahamas" not in text and "Reviewer A" not in text
        assert f"{CALL}-002" in text
    # as where nobody from there has sent a proposal
    assert len(kept(client, f"{HERE}/ranking.csv?country=BHS").splitlines()) == 1


@pytest.mark.parametrize("role", ["reviewer", "finance-officer", "field-officer", "trustee"])
def test_who_may_not_see_scores_gets_no_file(shown: Flask, role: str) -> None:
    scored({1: {"A": FOURS}})
    client = as_a(shown, role)
    for kind in ("ranking.csv", "sheets.csv", "ranking.xlsx", "sheets.xlsx"):
        assert client.get(f"{HERE}/{kind}").status_code in (403, 404)


def test_a_file_of_what_is_not_there(shown: Flask) -> None:
    client = secretary(shown)
    for place in (HERE, "/UPR/scoring/2099-9", "/UPR/scoring/x", "/AHA/scoring/2020-1"):
        for kind in ("ranking.csv", "sheets.xlsx", "sheets.pdf"):
            assert client.get(f"{place}/{kind}").status_code == 404


# ------------------------------------------------------------------------------------------------------ the command


def test_the_list_of_calls(shown: Flask, command: Command) -> None:
    assert command("rank", "--list").out == "No call is scored yet.\n"
    open_scoring()
    said = command("rank", "--list")
    assert said.status == 0 and said.out.startswith(f"UPR  {CALL}  open  ")
    shut()
    assert rows(command("rank", "--list", "--format", "csv").out)[0]["scoring"] == "closed"
    assert json.loads(command("rank", "--list", "--fund", "AHA", "--format", "json").out) == []
    assert json.loads(command("rank", "--list", "--format", "json").out)[0]["call"] == CALL


def test_a_ranking_as_text_and_as_json(shown: Flask, command: Command) -> None:
    scored({1: {"A": FOURS, "B": (3,) * 5}, 2: {"A": (4, 4, 4, 4, 1), "B": SKIPPED}})
    found = json.loads(command("rank", CALL, "--format", "json").out)
    assert list(found[0]) == COLUMNS
    assert found[0] == {
        "rank": 1, "reference": f"{CALL}-001", "country": "BHS", "total": "87.50", **dict.fromkeys(CODES, "3.50"),
        "n_reviewers": 2, "sd": "17.68", "flags": "",
    }  # fmt: skip
    assert (found[2]["rank"], found[2]["total"], found[2][CODES[0]]) == (None, None, None)
    lines = command("rank", CALL, "--fund", "UPR").out.splitlines()
    assert lines[0].split() == COLUMNS and len(lines) == 1 + 28 + 1
    assert lines[1].split()[:4] == ["1", f"{CALL}-001", "BHS", "87.50"]
    assert lines[3].split()[:4] == ["-", f"{CALL}-003", "BLZ", "-"] and "few-sheets:0/2" in lines[3]
    assert lines[-1].startswith("agreement ") and "Krippendorff" in lines[-1]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("2099-9",), 1, f"There is no call 2099-9. Calls that are scored: {CALL}."),
        (("2031-1",), 1, f"The scoring of call 2031-1 was not opened. Calls that are scored: {CALL}."),
        ((CALL, "--fund", "AHA"), 1, f"There is no call {CALL}. Calls that are scored: -."),
        ((CALL, "--fund", "XXX"), 1, "There is no fund XXX"),
        (("\x1b[31m",), 1, "There is no call"),
        (("",), 1, "There is no call"),
        ((), 2, "Name one CALL, or say --list"),
        ((CALL, "--list"), 2, "Name one CALL, or say --list"),
        ((CALL, "--format", "pdf"), 2, "'pdf' is not one of"),
        ((CALL, CALL), 2, "unexpected extra argument"),
    ],
)
def test_what_is_refused(shown: Flask, command: Command, words: tuple[str, ...], status: int, said: str) -> None:
    open_scoring()
    opened("2031-1")
    before = everything()
    found = command("rank", *words)
    assert found.status == status and said in one_sentence(found)
    assert everything() == before


def test_a_code_that_two_funds_score(shown: Flask, command: Command) -> None:
    scored({1: {"A": FOURS}})
    other = opened(CALL, of="AHA")
    with unit_of_work(Console()) as work:
        open_round(work, work.session.merge(other), Asked())
    assert "Several funds score a call 2020-1: AHA, UPR." in one_sentence(command("rank", CALL))
    assert command("rank", CALL, "--fund", "AHA").out == "No proposals.\n"
    assert command("rank", CALL, "--fund", "AHA", "--format", "json").out == "[]\n"
    assert command("rank", CALL, "--fund", "AHA", "--format", "csv").out == ",".join(COLUMNS) + "\n"
    assert f"{CALL}-001" in command("rank", CALL, "--fund", "UPR").out
    assert [line.split()[:2] for line in command("rank", "--list").out.splitlines()] == [["UPR", CALL], ["AHA", CALL]]
