"""Writing a proposal page by page: what is typed comes back as it was typed, and nothing that was typed is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from calls import draft as draft_of
from calls import someone
from commands import everything
from flask import Flask
from flask.testing import FlaskClient
from proposing import begun, cleared, complete, member, pages, version_of, write, writer
from visiting import statements, text_of
from written import Made, area, at, browser, draft, encoded, kept, save, stands, told

from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, CallQuestion
from fundapp.proposals.operations import ask_for, open_call
from fundapp.proposals.operations.writing import choose_languages
from fundapp.proposals.rules import GivenItem, Item, Places
from fundapp.proposals.rules.fields import FIELDS, LONGEST, Field, Kind, rows_of
from fundapp.proposals.views.proposal.writing import APART

HERE = [name for name in FIELDS if name not in APART]
HARD = [
    "  Two spaces first,\n\nand \"quotes\" & <b>tags</b>, 'ones' ‘too’\n",
    "نص بالعربية، مع «علامات» و١٢٣",
    "中文，全角“引号”…",
    "\nbegins with an empty line",
    "controls \x0b\x1f\x7f and \u200f\u2028 marks",
    "</textarea><script>alert(1)</script>",
]
MOST_QUERIES = 15


@pytest.fixture
def made(demo: Flask) -> Made:
    """A proposal in which only the State is written."""
    return kept(begun())


# --------------------------------------------------------------------------------------------- saved and shown again


@pytest.mark.parametrize("name", HERE)
def test_every_section_saves_and_shows_what_was_typed(demo: Flask, made: Made, name: str) -> None:
    content = pages()[name]
    write(made.row, {"results": pages()["results"]} if name == "activities" else {})
    client = browser(demo)
    answer = save(client, made, name, encoded(name, content))
    assert answer.status_code == 302
    for key, value in content.items():
        assert stands(made, name)[key] == value
    page = text_of(client, at(made, name))
    for field in FIELDS[name]:
        for text in texts_in(field, content):
            assert text in unescape(page)
    assert "Still lacking" not in page or name == "consent"
    again_sent = save(client, made, name, encoded(name, content))
    assert again_sent.status_code == 302 and version_of(made.row, name) <= 2, "the same text is no new version"


def texts_in(field: Field, content: dict[str, Any]) -> list[str]:
    if field.kind is Kind.ROWS:
        return [text for row in content.get(field.name, ()) for one in field.columns for text in texts_in(one, row)]
    value = content.get(field.name, "")
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_stay_what_they_are(demo: Flask, made: Made, text: str) -> None:
    client = browser(demo)
    sent = text.replace("\n", "\r\n")
    row = {"f.named": ["R1"], "f.named.R1.text": sent}
    assert save(client, made, "monitoring", {"f.plan": sent}).status_code == 302
    assert save(client, made, "risks", row).status_code == 302
    assert stands(made, "monitoring")["plan"] == text and rows_of(stands(made, "risks"), "named")[0]["text"] == text
    page = text_of(client, at(made, "monitoring"))
    assert area(page, "plan") == text and "<script>alert" not in page
    assert area(text_of(client, at(made, "risks")), "named.R1.text") == text


@pytest.mark.parametrize("mark", ["²", "٣", "4", "9" * 200, "-1", "two"])
def test_what_is_no_gender_marker_is_none_and_the_pages_stay(demo: Flask, made: Made, mark: str) -> None:
    client = browser(demo)
    assert save(client, made, "gender", {"f.marker": mark, "f.analysis": "Women are half of them."}).status_code == 302
    assert stands(made, "gender")["analysis"] == "Women are half of them."
    assert "Choose the gender marker, from 0 to 3." in text_of(client, at(made, "gender")) and made.row.marker is None
    assert save(client, made, "gender", {"f.marker": "0"}).status_code == 302
    db.session().rollback()
    assert made.row.marker == 0


def test_a_title_turns_no_list_or_letter_round(demo: Flask, made: Made) -> None:
    """Marks that turn the writing round stay in the text as it was typed; where others read the title they are gone."""
    client = browser(demo)
    assert save(client, made, "context", {"f.title": "Fiji\u202e evil\u2066\ttrack می\u200cشود"}).status_code == 302
    assert made.row.title == "Fiji evil track می\u200cشود" and "\u202e" in stands(made, "context")["title"]


def test_a_text_that_is_too_long_is_refused_and_stays_in_the_page(demo: Flask, made: Made) -> None:
    client = browser(demo)
    assert save(client, made, "monitoring", {"f.plan": "a" * LONGEST}).status_code == 302
    before, long = everything(), "Ω" * (LONGEST + 1)
    answer = save(client, made, "monitoring", {"f.plan": long})
    assert answer.status_code == 422 and area(answer.text, "plan") == long and 'href="#f.plan"' in answer.text
    answer = save(client, made, "risks", {"f.named": ["R1"], "f.named.R1.text": long})
    assert answer.status_code == 422 and 'href="#f.named.R1.text"' in answer.text
    found = draft(client, made, "monitoring", version_of(made.row, "monitoring"), plan=long)
    assert found.status_code == 422 and "20001" in told(found)["reasons"][0]
    assert everything() == before


def test_sixty_one_rows_are_refused_and_stay(demo: Flask, made: Made) -> None:
    client = browser(demo)
    ids = [f"R{n}" for n in range(1, 62)]
    rows: dict[str, Any] = {"f.named": ids} | {f"f.named.{key}.text": f"risk {key}" for key in ids}
    answer = save(client, made, "risks", rows)
    assert answer.status_code == 422 and "These are 61; at most 60 are kept." in answer.text
    assert area(answer.text, "named.R61.text") == "risk R61" and not stands(made, "risks")
    rows["f.named.R61.off"] = "1"
    assert save(client, made, "risks", rows).status_code == 302
    assert [row["id"] for row in rows_of(stands(made, "risks"), "named")] == ids[:60]


def test_what_nobody_asks_is_not_kept(demo: Flask, made: Made) -> None:
    client = browser(demo)
    odd = {"f.plan": "Every quarter.", "f.other": "x", "plan": "y", "f.plan.R1.text": "z", "f.budget": "1", "add": "q"}
    assert save(client, made, "monitoring", odd).status_code == 302
    assert stands(made, "monitoring") == {"plan": "Every quarter."}
    rows = {"f.named": ["R1", "R1", "C7", "R99999", "../x", "__id__"], "f.named.R1.text": "a", "f.named.C7.text": "b"}
    assert save(client, made, "risks", rows).status_code == 302
    assert [row["text"] for row in rows_of(stands(made, "risks"), "named")] == ["a", "b"]


def test_a_row_keeps_its_id_and_a_new_one_is_given_the_next(demo: Flask, made: Made) -> None:
    client = browser(demo)
    save(client, made, "risks", {"f.named": ["R1", "R2"], "f.named.R1.text": "a", "f.named.R2.text": "b"})
    data = {"f.named": ["R1", "R2"], "f.named.R1.off": "1", "f.named.R1.text": "a", "f.named.R2.text": "b"}
    answer = save(client, made, "risks", data | {"add": "named"})
    assert answer.headers["Location"].endswith("/write/risks?more=named#more")
    page = text_of(client, answer.headers["Location"])
    assert re.findall(r'name="f\.named" value="([^"]+)"', page) == ["R2", "R3", "__id__"] and 'id="more"' in page


def test_what_can_be_chosen(demo: Flask) -> None:
    made = kept(complete())
    client = browser(demo)
    activities = text_of(client, at(made, "activities"))
    assert "P1 · A mechanism that works." in activities and activities.count("-Q3") > 1
    assert ">C1 · Reports come in time.<" in text_of(client, at(made, "results"))
    assert 'value="16.3"' in text_of(client, at(made, "goals"))
    states = text_of(client, at(made, "country"))
    assert '<option value="FJI" selected>Fiji</option>' in states and 'value="ASM"' not in states
    gone = pages()["results"] | {"outputs": []}
    write(made.row, {"results": gone})
    assert "P1 (not offered any more)" in text_of(client, at(made, "activities"))


def test_a_call_for_some_states_offers_those(demo: Flask) -> None:
    made = kept(begun(places=Places(frozenset({"FJI", "WSM"}), frozenset(), frozenset())))
    wide = kept(begun("2031-2", places=Places(frozenset(), frozenset(), frozenset({"009"}))))  # Oceania, by subregion
    client = browser(demo)
    offered, widely = (
        re.findall(r'<option value="([A-Z]{3})"', text_of(client, at(one, "country"))) for one in (made, wide)
    )
    assert offered == ["FJI", "WSM"]
    assert {"FJI", "AUS", "TUV"} <= set(widely) and "SEN" not in widely


def test_the_questions_of_a_call(demo: Flask) -> None:
    call = draft_of("2031-7", opens_at=now())
    with unit_of_work(someone(Role.DESK_OFFICER)) as work:
        ask_for(work, call, Item.QUESTION, GivenItem("version", {"en": "What <b> lasts?"}, True, 5), call.version)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        open_call(work, call, call.version)
    made = kept(begun("2031-7"))
    client = browser(demo)
    assert db.session().query(CallQuestion).count() and db.session().query(Call).count()
    assert save(client, made, "questions", {"f.version": "One two three four five six"}).status_code == 302
    page = text_of(client, at(made, "questions"))
    assert "What &lt;b&gt; lasts?" in page and "Words: 6 of 5" in page and "Shorten it by 1." in page


def test_translations_have_room_and_are_never_dropped(demo: Flask, made: Made) -> None:
    client = browser(demo)
    assert "_courtesy" not in text_of(client, at(made, "monitoring"))
    with unit_of_work(writer()) as work:
        choose_languages(work, made.row, "ar", "fr")
    page = text_of(client, at(made, "monitoring"))
    assert re.search(r'name="f\.plan" rows="9" lang="ar" dir="rtl"', page)
    assert re.search(r'name="f\.plan_courtesy" rows="9" lang="fr" dir="ltr"', page)
    row = {"f.named": ["R1"], "f.named.R1.text": "خطر", "f.named.R1.text_courtesy": "Un risque"}
    save(client, made, "risks", row)
    save(client, made, "monitoring", {"f.plan": "نص", "f.plan_courtesy": "Un texte"})
    with unit_of_work(writer()) as work:
        choose_languages(work, made.row, "ar", "")
    save(client, made, "monitoring", {"f.plan": "نص آخر"})
    save(client, made, "risks", {"f.named": ["R1"], "f.named.R1.text": "خطر آخر"})
    assert stands(made, "monitoring") == {"plan": "نص آخر", "plan_courtesy": "Un texte"}
    assert rows_of(stands(made, "risks"), "named")[0]["text_courtesy"] == "Un risque"


# ------------------------------------------------------------------------------------------------------ what is lacking


def test_a_page_says_what_it_lacks_once_it_was_saved(demo: Flask, made: Made) -> None:
    client = browser(demo)
    for name in HERE:
        assert "Still lacking" not in text_of(client, at(made, name)), name
    assert (
        save(client, made, "context", {"f.title": "A title", "then": "check"}).headers["Location"].endswith("/context")
    )
    page = text_of(client, at(made, "context"))
    assert "Still lacking" in page and 'aria-describedby="f.problem-hint f.problem-error f.problem-words"' in page
    assert 'href="#f.problem">Problem</a>' in page and "Words: 2 of 25" in page
    row = {"f.indicators": ["I1"], "f.indicators.I1.by_sex": "yes", "f.indicators.I1.text": "People", "f.date": "x"}
    save(client, made, "results", row)
    page = text_of(client, at(made, "results"))
    assert 'href="#f.indicators.I1.women">Indicator I1, Target: women</a>' in page
    save(client, made, "consent", {"f.date": "27 March"})
    page = text_of(client, at(made, "consent"))
    assert 'type="text" value="27 March"' in page and "“27 March”" in page


def test_buttons_lead_on_back_and_nowhere(demo: Flask, made: Made) -> None:
    client = browser(demo)
    for then, where in (("continue", "/write/results"), ("stop", made.reference), ("check", "/write/focus-areas")):
        answer = save(client, made, "focus-areas", {"then": then})
        assert answer.status_code == 302 and answer.headers["Location"].endswith(where)


# ------------------------------------------------------------------------------------------------------------- who may


def test_others_do_not_find_it(demo: Flask, made: Made) -> None:
    member(Role.FIELD_OFFICER, "WAFRICA")
    client = browser(demo, "field-officer.wafrica@example.org")
    before, missing = everything(), made.reference[:-3] + "999"
    for name in ("monitoring", "budget", "nonsense"):
        other, none = (client.get(f"/UPR/proposals/{key}/write/{name}") for key in (made.reference, missing))
        assert other.status_code == none.status_code == 404
    assert save(client, made, "monitoring", {"f.plan": "x"}).status_code == 404
    assert draft(client, made, "monitoring", 0, plan="x").status_code == 404
    assert everything() == before


def test_what_was_handed_in_is_refused_and_the_text_stays(registered: Flask) -> None:
    made = kept(cleared())
    client = browser(registered)
    page = client.get(at(made, "monitoring"))
    assert page.status_code == 409 and "is not being written now" in page.text
    before = everything()
    answer = save(client, made, "monitoring", {"f.plan": "Typed meanwhile"})
    assert answer.status_code == 409 and "is not being written now" in answer.text
    assert area(answer.text, "plan") == "Typed meanwhile"
    found = draft(client, made, "monitoring", 1, plan="x")
    assert found.status_code == 409 and "is not being written now" in told(found)["reasons"][0]
    assert everything() == before


def test_a_section_that_there_is_not(demo: Flask, made: Made) -> None:
    client = browser(demo)
    for name in ("questions", "nonsense", "Context"):
        assert client.get(at(made, name)).status_code == 404
        assert client.post(at(made, name)).status_code == 404
    assert client.post(at(made, "budget")).status_code == 404


# ------------------------------------------------------------------------------------------------------------- queries


def test_few_queries_whatever_is_written(demo: Flask) -> None:
    made = kept(complete())
    client = browser(demo)
    few = asked(client, made)
    rows = [{"id": f"C{n}", "text": "x"} for n in range(1, 41)]
    write(
        made.row,
        {"results": {"outcomes": rows}, "risks": {"named": [{"id": f"R{n}", "text": "x"} for n in range(1, 41)]}},
    )
    assert asked(client, made) == few and max(few.values()) <= MOST_QUERIES, few


def asked(client: FlaskClient, made: Made) -> dict[str, int]:
    found = {}
    for name in HERE:
        with statements() as heard:
            text_of(client, at(made, name))
        found[name] = len(heard)
    return found
