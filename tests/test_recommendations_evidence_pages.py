"""The pages of evidence and of duplicates as their readers use them."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from evidence_rows import HEALTH, health, letter, listed, number_of, take, two_sources
from flask import Flask, render_template_string
from lists import annotation, as_json, info
from visiting import as_a, statements, text_of

from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.recommendations.models import EvidenceJudgement, Pairing
from fundapp.recommendations.queries import Which, evidence_for
from fundapp.recommendations.rules.evidence import Strength

WHY = "Paragraph 30 <b>speaks</b> of it."
MOST_QUERIES = 15

pytestmark = pytest.mark.usefixtures("one_click")


def words(page: str) -> str:
    """The page as it is read: without tags, each blank once."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows_of(kind: type) -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0
    db.session.remove()
    return int(found)


# --------------------------------------------------------------------------------------------------------- evidence


def test_the_evidence_says_how_it_was_found(demo: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    letter("right-health", "5.2")
    r7, r8 = number_of("r7"), number_of("r8")
    page = text_of(as_a(demo, "trustee"), f"/recommendations/evidence?r={r7}&r={r8}")
    said = words(page)
    assert "Evidence for recommendations to Slovenia" in said
    for part in (
        "A/HRC/1 · SR on health · 2024-01-01", "Same theme and SDG target", "Same theme : Right to health",
        "Same SDG target : 5.2", "Reach the rural areas.", "Letters of the High Commissioner",
    ):  # fmt: skip
        assert part.replace(" : ", ": ") in said, part
    assert said.index("A/HRC/1") > said.index("CEDAW/C/SVN/CO/7")  # treaty bodies first
    assert f'href="/recommendations/{number_of("theme")}"' in page
    assert ">Reject<" not in page and "Add evidence" not in page
    judged = text_of(as_a(demo, "reviewer"), f"/recommendations/evidence?r={r7}&r={r8}")
    assert ">Reject<" in judged and f"/recommendations/{r7}/judge?found=" in judged


def test_the_part_for_a_recommendations_own_page(demo: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    letter("right-health", "5.2")
    own = '{% from "recommendations/_evidence.html" import evidence_of with context %}'
    own += "{{ evidence_of(number, found, judges) }}"

    def part(mark: str, *, judges: bool, rows: int = 10) -> str:
        number = number_of(mark)
        with demo.test_request_context():
            found = evidence_for(db.session(), Console(), [number], "en", Which(at_least=Strength.TARGET, rows=rows))
            return words(render_template_string(own, number=number, found=found, judges=judges))

    said = part("r7", judges=True, rows=1)
    assert "Reach the rural areas." in said and "A/HRC/1" in said and "CEDAW/C/SVN/CO/7" not in said
    assert "All the evidence" in said and "Add evidence" in said
    nothing = part("r8", judges=False)
    assert "No treaty body, no special procedure" in nothing and "Add evidence" not in nothing


def test_filters_keep_the_recommendations(demo: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    r7 = number_of("r7")
    client = as_a(demo, "trustee")
    page = text_of(client, f"/recommendations/evidence?r={r7}&strength=theme&mechanism=special-procedure")
    assert "A/HRC/1" in page and "CEDAW/C" not in page
    assert f'<input type="hidden" name="r" value="{r7}">' in page
    none = text_of(client, f"/recommendations/evidence?r={r7}&strength=person")
    assert "No match of another mechanism" in none
    assert "No match" in text_of(client, f"/recommendations/evidence?r={r7}&page=99999999")
    assert client.get(f"/recommendations/evidence?r={r7}&page=-1").status_code == 400


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 200, "No recommendation is chosen"),
        ("r=x", 400, "is no number"),
        ("r=" + "9" * 40, 400, "is no number"),
        ("r=999999", 400, "No recommendation of these numbers stands in the register: 999999."),
        ("r={r7}&strength=huge", 400, "“huge” is none of the choices of “strength”"),
        ("r={r7}&mechanism=court", 400, "none of the choices of “mechanism”"),
        ("r={theme}", 400, "these are of another mechanism"),
        ("r={r7}&r={fiji}", 400, "several States (FJI, SVN)"),
        ("&".join(f"r={n}" for n in range(1, 60)), 400, "Ask for 1 to 50 recommendations"),
    ],
)
def test_an_address_that_asks_for_what_is_not_there(
    demo: Flask, tmp_path: Path, query: str, status: int, said: str
) -> None:
    health(tmp_path)
    take(as_json(tmp_path / "f.json", annotation(AnnotationId="f", Body="UPR", UprSession="48", Countries=["Fiji"])))
    known = {"r7": number_of("r7"), "theme": number_of("theme"), "fiji": number_of("uhri:f:FJI")}
    client = as_a(demo, "trustee")
    answer = client.get("/recommendations/evidence?" + query.format(**known))
    assert answer.status_code == status and said in words(answer.text)
    answer = client.get("/recommendations/evidence.csv?" + query.format(**known))
    assert answer.status_code == 400


def test_a_match_is_judged_on_its_page(demo: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    r7, both = number_of("r7"), number_of("both")
    client, address = as_a(demo, "reviewer"), f"/recommendations/{r7}/judge?found={both}&r={r7}"
    page = text_of(client, address)
    assert 'value="rejected" checked' in page and "Same theme" in page
    for given, said in (
        ({"verdict": "rejected", "reason": "short"}, "Write a reason of 10 to 2 000 characters."),
        ({"verdict": "rejected", "reason": "x" * 2001}, "Write a reason of 10 to 2 000 characters."),
        ({"verdict": "rejected", "reason": " " * 12}, "Give the reason."),
        ({"verdict": "maybe", "reason": WHY}, "Not a valid choice"),
        ({"reason": WHY}, "Choose whether it is evidence."),
    ):
        answer = client.post(address, data=given)
        assert answer.status_code == 422 and said in words(answer.text), given
        assert "<textarea" in answer.text
    assert rows_of(EvidenceJudgement) == 0
    answer = client.post(address, data={"verdict": "rejected", "reason": WHY})
    assert answer.status_code == 302 and answer.location == f"/recommendations/evidence?r={r7}"
    page = text_of(client, answer.location)
    assert "Rejected by a person" in page and "&lt;b&gt;speaks&lt;/b&gt;" in page and "Judge it anew" in page
    again = client.post(address, data={"verdict": "rejected", "reason": WHY})
    assert again.status_code == 422 and "what was said of these two already" in again.text
    assert 'value="added" checked' in text_of(client, address)
    assert client.post(address, data={"verdict": "added", "reason": WHY}).status_code == 302
    assert "Linked by a person" in text_of(client, f"/recommendations/evidence?r={r7}")
    [withdraw] = re.findall(r'action="(/recommendations/judgements/\d+/withdraw[^"]*)"', text_of(client, address))
    assert client.post(unescape(withdraw)).location == f"/recommendations/evidence?r={r7}"
    assert "Linked by a person" not in text_of(client, f"/recommendations/evidence?r={r7}")
    assert client.post(unescape(withdraw)).status_code == 302
    assert "This judgement was withdrawn already." in text_of(client, "/help")


def test_evidence_is_looked_for_and_added(demo: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    r8, near = number_of("r8"), number_of("near")
    client = as_a(demo, "desk-officer")
    assert "Words of it, its symbol or its number" in text_of(client, f"/recommendations/{r8}/judge")
    found = text_of(client, f"/recommendations/{r8}/judge?q=feed")
    assert f"/recommendations/{r8}/judge?found={near}" in found and "Choose this one" in found
    assert "Nothing was found" in text_of(client, f"/recommendations/{r8}/judge?q=%25")
    address = f"/recommendations/{r8}/judge?found={near}"
    assert 'value="added" checked' in text_of(client, address)
    assert client.post(address, data={"verdict": "added", "reason": WHY}).status_code == 302
    assert "Linked by a person" in text_of(client, f"/recommendations/evidence?r={r8}")
    area = letter(None)
    address = f"/recommendations/{r8}/judge?area={area}"
    assert "Reach the rural areas." in text_of(client, address)
    assert client.post(address, data={"verdict": "added", "reason": WHY}).status_code == 302


def test_who_may_not_judge_and_what_is_not_there(demo: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    r7, both, fiji = number_of("r7"), number_of("both"), number_of("uhri:where:FJI")
    address, given = f"/recommendations/{r7}/judge?found={both}", {"verdict": "rejected", "reason": WHY}
    for role in ("trustee", "field-officer", "auditor", "administrator"):
        client = as_a(demo, role)
        assert client.get(address).status_code == client.post(address, data=given).status_code == 403, role
        assert client.post("/recommendations/judgements/1/withdraw").status_code == 403
    client = as_a(demo, "desk-officer")
    for missing in (
        "/recommendations/999999/judge", f"/recommendations/{'9' * 30}/judge", f"/recommendations/{r7}/judge?area=9",
        f"/recommendations/{r7}/judge?found=999999",
    ):  # fmt: skip
        assert client.get(missing).status_code == 404, missing
    assert client.get(f"/recommendations/{both}/judge").status_code == 400
    assert client.get(f"/recommendations/{r7}/judge?found=x").status_code == 400
    assert client.post("/recommendations/judgements/9/withdraw").status_code in (404, 409)
    refused = client.post(f"/recommendations/{r7}/judge?found={fiji}", data=given)
    assert refused.status_code == 422 and "about another State" in refused.text
    assert rows_of(EvidenceJudgement) == 0


def test_the_evidence_as_a_file(demo: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    letter("right-health", "5.2")
    r7, r8 = number_of("r7"), number_of("r8")
    client = as_a(demo, "trustee")
    answer = client.get(f"/recommendations/evidence.csv?r={r7}&r={r8}&strength=target", buffered=True)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence-SVN.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert [row["Symbol"] for row in rows] == ["A/HRC/1", "CEDAW/C/SVN/CO/7", "CEDAW/C/SVN/CO/7", ""]
    assert rows[1]["How it was found"] == "Same theme: Right to health; Same SDG target: 5.2"
    assert (rows[3]["Mechanism"], rows[3]["Text"]) == ("Letter of the High Commissioner", "Reach the rural areas.")
    book = client.get(f"/recommendations/evidence.xlsx?r={r7}", buffered=True)
    assert book.status_code == 200 and book.data.startswith(b"PK")


def test_pages_of_evidence_ask_the_database_little(demo: Flask, tmp_path: Path) -> None:
    health(tmp_path)
    letter("right-health", "5.2")
    r7, r8, both = number_of("r7"), number_of("r8"), number_of("both")
    client = as_a(demo, "desk-officer")
    asked_for: dict[str, int] = {}
    for address in (
        f"/recommendations/evidence?r={r7}", f"/recommendations/evidence?r={r7}&r={r8}",
        f"/recommendations/{r7}/judge?found={both}", f"/recommendations/{r7}/judge?q=do",
    ):  # fmt: skip
        text_of(client, address)
        with statements() as asked:
            text_of(client, address)
        asked_for[address] = len(asked)
    assert max(asked_for.values()) <= MOST_QUERIES, asked_for
    assert len({number for address, number in asked_for.items() if "evidence" in address}) == 1, asked_for


# ------------------------------------------------------------------------------------------------------- duplicates

REVIEW = "/recommendations/duplicates?state=SVN&cycle=4"


def pairs_on(page: str) -> list[str]:
    return re.findall(r'name="pair" type="checkbox" value="(\d+-\d+)"', page)


def test_pairs_are_joined_one_by_one(demo: Flask, tmp_path: Path) -> None:
    two_sources(tmp_path)
    client = as_a(demo, "desk-officer")
    overview = words(text_of(client, "/recommendations/duplicates"))
    assert "List of the Office of the High Commissioner: 3" in overview and "UPR Info: 4 0 3" in overview
    page = text_of(client, REVIEW)
    first, second, third = pairs_on(page)
    assert "<del>" in page and "<ins>" in page and "[only here:" in page
    ours, theirs = third.split("-")
    seven = number_of("upr:SVN:4:140.8")
    assert f'type="radio" value="{seven}" checked' in page
    answer = client.post(REVIEW, data={"one": third, f"keep-{third}": theirs, f"keep-{first}": "7"})
    assert answer.status_code == 302 and answer.location == REVIEW.replace("&", "&")
    db.session.rollback()
    [kept] = db.session.scalars(sa.select(Pairing)).all()
    assert (kept.kept_id, kept.other_id, kept.joined) == (int(theirs), int(ours), True)
    db.session.remove()
    assert client.post(REVIEW, data={"two": second}).status_code == 302
    page = text_of(client, REVIEW)
    assert pairs_on(page) == [first] and "They stay two." in page
    decisions = text_of(client, REVIEW + "&show=decided")
    assert "They are one" in decisions and "They are two" in decisions
    for undo in re.findall(r'action="(/recommendations/duplicates/\d+/part[^"]*)"', decisions):
        assert client.post(unescape(undo)).status_code == 302
    assert "Nothing is decided yet" in text_of(client, REVIEW + "&show=decided")
    assert pairs_on(text_of(client, REVIEW)) == [first, second, third]
    assert client.post(unescape(undo)).status_code == 302
    assert "This was undone already." in text_of(client, "/help")


def test_ticked_pairs_are_joined_together_or_not_at_all(demo: Flask, tmp_path: Path) -> None:
    two_sources(tmp_path)
    client = as_a(demo, "secretary")
    first, second, third = pairs_on(text_of(client, REVIEW))
    seven = first.split("-")[0]
    keep = {f"keep-{pair}": pair.split("-")[0] for pair in (first, second, third)}
    # the first would be joined to a record that the second then joins away
    wrong = {**keep, f"keep-{second}": second.split("-")[1], "pair": [first, second], "ticked": "1"}
    answer = client.post(REVIEW, data=wrong)
    assert answer.status_code == 422 and rows_of(Pairing) == 0
    assert f"Others are joined to record {seven}." in answer.text and answer.text.count(" checked>") >= 4
    assert 'class="govuk-error-message"' in answer.text
    answer = client.post(REVIEW, data={**keep, "pair": [first, second, third], "ticked": "1"})
    assert answer.status_code == 302 and rows_of(Pairing) == 3
    page = text_of(client, REVIEW)
    assert "3 pairs are joined." in page and "No pair waits" in page
    again = client.post(REVIEW, data={**keep, "pair": [first], "ticked": "1"})
    assert again.status_code == 422 and "is joined to" in again.text


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"ticked": "1"}, 422, "Tick at least one pair."),
        ({}, 422, "Tick at least one pair."),
        ({"pair": "x", "ticked": "1"}, 400, "“x” names no pair of records."),
        ({"one": "1-"}, 400, "names no pair"),
        ({"two": "1-2;"}, 422, "names no pair"),
        ({"one": "999998-999999"}, 422, "Say which of the records 999998 and 999999 counts."),
        ({"one": "999998-999999", "keep-999998-999999": "999998"}, 422, "does not stand in the register any more"),
        ({"one": "999998-999999", "keep-999998-999999": "5"}, 422, "Say which of the records"),
        ({"two": "999998-999998"}, 422, "cannot be joined to itself"),
        ({"one": "1-2", "keep-x": "1"}, 400, "names no pair"),
    ],
)
def test_what_a_form_may_not_ask(demo: Flask, tmp_path: Path, form: dict[str, str], status: int, said: str) -> None:
    two_sources(tmp_path)
    answer = as_a(demo, "desk-officer").post(REVIEW, data=form)
    assert answer.status_code == status and said in words(answer.text)
    assert rows_of(Pairing) == 0


def test_who_may_not_join_and_what_is_not_there(demo: Flask, tmp_path: Path) -> None:
    two_sources(tmp_path)
    for role in ("reviewer", "field-officer", "trustee", "auditor"):
        client = as_a(demo, role)
        assert client.get(REVIEW).status_code == client.post(REVIEW, data={"two": "1-2"}).status_code == 403
        assert client.post("/recommendations/duplicates/1/part").status_code == 403
    client = as_a(demo, "desk-officer")
    assert client.get("/recommendations/duplicates?state=XXX&cycle=4").status_code == 404
    assert client.post("/recommendations/duplicates?state=XXX&cycle=4").status_code == 404
    assert client.get("/recommendations/duplicates?state=SVN&cycle=x").status_code == 400
    assert "No pair waits" in text_of(client, "/recommendations/duplicates?state=FJI&cycle=4")
    assert "Reviews with several sources" in text_of(client, "/recommendations/duplicates?state=SVN")
    assert client.post("/recommendations/duplicates/99/part").status_code in (302, 409)
    assert "There is no decision 99" in text_of(client, "/help")


def test_no_review_has_several_sources(demo: Flask) -> None:
    assert "No review has more than one source" in text_of(as_a(demo, "desk-officer"), "/recommendations/duplicates")


def test_one_review_of_the_demonstration_has_several_sources(
    registered: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registered.config, "FUNDAPP_DEMONSTRATION", True)
    assert "Fiji" in text_of(as_a(registered, "desk-officer"), "/recommendations/duplicates").split("<main")[1]


def test_pages_of_duplicates_ask_the_database_little(demo: Flask, tmp_path: Path) -> None:
    two_sources(tmp_path)
    client = as_a(demo, "desk-officer")
    addresses = ("/recommendations/duplicates", REVIEW, REVIEW + "&show=decided")

    def asked_for() -> list[int]:
        found = []
        for address in addresses:
            text_of(client, address)
            with statements() as asked:
                text_of(client, address)
            found.append(len(asked))
        return found

    before = asked_for()
    rows = [(f"141.{n} Protect the right number {n} (Iceland)", *HEALTH) for n in range(30)]
    take(listed(tmp_path / "more.docx", *rows))
    texts = [{"Text": f"Protect the right number {n}", "From": "Iceland", "Session": "48"} for n in range(30)]
    take(info(tmp_path / "more.csv", *texts))
    assert len(pairs_on(text_of(client, REVIEW))) == 20
    assert len(pairs_on(text_of(client, REVIEW + "&page=2"))) == 13
    assert asked_for() == before and max(before) <= MOST_QUERIES, before


def test_signs_that_no_text_holds(demo: Flask, tmp_path: Path) -> None:
    """A nil sign is not stored by PostgreSQL, and a half of a sign by neither database."""
    health(tmp_path)
    r7, both = number_of("r7"), number_of("both")
    client = as_a(demo, "reviewer")
    for query in ("q=%00", "q=a%00b", "q=%ED%A0%80", "found=%00", "area=%D9%A3"):
        assert client.get(f"/recommendations/{r7}/judge?{query}").status_code in (200, 400), query
    for text in ("It speaks of \x00 the treaty.", "It speaks of \ud800 the treaty."):
        body = {"verdict": "rejected", "reason": text.encode("utf-8", "surrogatepass")}
        assert client.post(f"/recommendations/{r7}/judge?found={both}", data=body).status_code in (302, 400, 422), text
