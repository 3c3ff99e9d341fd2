"""Writing a proposal page by page: what is typed comes back as it was typed, and nothing that was typed is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from calls import draft as draft_of
from calls import someone
from commands import everything
from flask import Flask
from flask.testing import FlaskClient
from proposing import begun, cleared, complete, member, pages, version_of, write, writer
from signing_in import enter
from visiting import statements, text_of
from werkzeug.test import TestResponse

from fundapp.access.policy import Role
from fundapp.kernel.clock import now
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Call, CallQuestion, Proposal, ProposalSection
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


@dataclass(frozen=True)
class Made:
    """A proposal as requests leave it: its key and its reference."""

    id: int
    reference: str

    @property
    def row(self) -> Proposal:
        return db.session().get_one(Proposal, self.id)


def kept(proposal: Proposal) -> Made:
    return Made(proposal.id, proposal.reference)


@pytest.fixture
def made(demo: Flask) -> Made:
    """A proposal in which only the State is written."""
    return kept(begun())


def browser(app: Flask, email: str = "field-officer.pacific@example.org") -> FlaskClient:
    """A browser of somebody of the office."""
    client = app.test_client()
    enter(client, email)
    client.get("/help?lang=en")
    return client


def at(proposal: Made, name: str) -> str:
    return f"/UPR/proposals/{proposal.reference}/write/{name}"


def encoded(name: str, content: dict[str, Any]) -> dict[str, Any]:
    """A page as a browser sends it."""
    found: dict[str, Any] = {}
    for field in FIELDS.get(name, ()):
        value = content.get(field.name)
        if field.kind is Kind.ROWS:
            found[f"f.{field.name}"] = [row["id"] for row in value or ()]
            for row in value or ():
                found |= {f"f.{field.name}.{row['id']}.{key}": one for key, one in row.items() if key != "id"}
        elif value:
            found[f"f.{field.name}"] = value
            if field.name + "_courtesy" in content:
                found[f"f.{field.name}_courtesy"] = content[field.name + "_courtesy"]
    return found


def save(client: FlaskClient, proposal: Made, name: str, data: dict[str, Any], version: int | None = None) -> Any:
    of = version_of(proposal.row, name) if version is None else version
    return client.post(at(proposal, name), data={"version": str(of), **data})


def draft(client: FlaskClient, proposal: Made, name: str, version: int, **data: Any) -> TestResponse:
    headers = {"X-Draft": "1", "If-Match": f'"{version}"', "Accept": "application/json"}
    return client.post(at(proposal, name), data={f"f.{key}": text for key, text in data.items()}, headers=headers)


def told(answer: TestResponse) -> dict[str, Any]:
    """What a script reads."""
    found: dict[str, Any] = answer.get_json()
    return found


def stands(proposal: Made, name: str) -> dict[str, Any]:
    db.session().rollback()
    found = db.session().query(ProposalSection).filter_by(proposal_id=proposal.id, name=name).one_or_none()
    return dict(found.content) if found else {}


def area(page: str, name: str) -> str:
    """What a textarea holds, as a browser reads it."""
    found = re.search(rf'<textarea[^>]*name="f\.{re.escape(name)}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found, name
    return unescape(found[1])


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
    offered = re.findall(r'<option value="([A-Z]{3})"', text_of(browser(demo), at(made, "country")))
    assert offered == ["FJI", "WSM"]


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


# -------------------------------------------------------------------------------------------------------- two who write


def test_who_comes_second_sees_both_and_loses_nothing(demo: Flask, made: Made) -> None:
    first, second = browser(demo), browser(demo, "head-of-office.pacific@example.org")
    save(first, made, "monitoring", {"f.plan": "Base"})
    assert save(first, made, "monitoring", {"f.plan": "Theirs <b>"}, 1).status_code == 302
    answer = save(second, made, "monitoring", {"f.plan": "Mine"}, 1)
    assert answer.status_code == 409 and "Theirs &lt;b&gt;" in answer.text and area(answer.text, "plan") == "Mine"
    assert stands(made, "monitoring") == {"plan": "Theirs <b>"} and 'name="version" value="2"' in answer.text
    for choice, text in (("theirs", "Theirs <b>"), ("both", "Theirs <b>\n\nMine"), ("mine", "Mine")):
        of = version_of(made.row, "monitoring")
        assert save(second, made, "monitoring", {"f.plan": "Mine", "choice.plan": choice}, of).status_code == 302
        assert stands(made, "monitoring") == {"plan": text}
        save(first, made, "monitoring", {"f.plan": "Theirs <b>"})


def test_rows_of_both_stay_unless_somebody_chooses(demo: Flask, made: Made) -> None:
    client = browser(demo)

    def sent(**texts: str) -> dict[str, Any]:
        return {"f.named": list(texts)} | {f"f.named.{key}.text": text for key, text in texts.items()}

    save(client, made, "risks", sent(R1="Base"))
    save(client, made, "risks", sent(R1="Base", R2="Theirs"), 1)
    answer = save(client, made, "risks", sent(R1="Base", R2="Mine", R3="Mine too"), 1)
    assert answer.status_code == 409
    assert set(re.findall(r'name="(choice[^"]+)"', answer.text)) == {"choice.named.R2", "choice.named.R3"}
    both = sent(R1="Base", R2="Mine", R3="Mine too") | {"choice.named.R2": "both", "choice.named.R3": "mine"}
    save(client, made, "risks", both)
    assert {row["text"] for row in rows_of(stands(made, "risks"), "named")} == {"Base", "Theirs", "Mine", "Mine too"}
    only = save(client, made, "risks", sent(R1="Base"), 1)
    assert 'value="theirs" checked' in only.text, "a row that only the other has stays unless one says otherwise"


# --------------------------------------------------------------------------------------------------------- drafts


def test_a_draft_is_saved_and_told(demo: Flask, made: Made) -> None:
    client = browser(demo)
    found = draft(client, made, "context", 0, title="One two", problem="三个字")
    assert found.status_code == 200 and told(found)["version"] == 1
    assert told(found)["words"] == {"f.title": 2, "f.problem": 3, "f.context": 0} and told(found)["lacking"] == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told(found)["time"])
    assert told(draft(client, made, "context", 0, title="One two", problem="三个字"))["version"] == 1, "said twice"


def test_a_draft_of_an_older_version_gets_both_texts(demo: Flask, made: Made) -> None:
    client = browser(demo)
    draft(client, made, "monitoring", 0, plan="Theirs")
    found = draft(client, made, "monitoring", 0, plan="Mine")
    assert found.status_code == 412 and told(found)["version"] == 1
    assert "Theirs" in told(found)["html"] and "Mine" in told(found)["html"]


def test_a_draft_whose_answer_was_lost_goes_on(demo: Flask, made: Made) -> None:
    """The line broke after the server had saved: what follows is no clash with oneself."""
    client = browser(demo)
    draft(client, made, "monitoring", 0, plan="One\nline ")
    headers = {"X-Draft": "1", "If-Match": '"0"'}
    data = {"f.plan": "One line and more", "before": urlencode({"f.plan": "One\r\nline "})}
    found = client.post(at(made, "monitoring"), data=data, headers=headers)
    assert found.status_code == 200 and stands(made, "monitoring") == {"plan": "One line and more"}
    data = {"f.plan": "Another", "before": urlencode({"f.plan": "Never sent"})}
    assert client.post(at(made, "monitoring"), data=data, headers=headers).status_code == 412


def test_somebody_signed_out_keeps_the_text(demo: Flask, made: Made) -> None:
    nobody = demo.test_client()
    text = "Typed for an hour <b> & all"
    found = draft(nobody, made, "monitoring", 0, plan=text)
    assert found.status_code == 401 and told(found) == {"error": "signed-out"}
    answer = save(nobody, made, "monitoring", {"f.plan": text, "then": "continue"})
    assert answer.status_code == 401 and 'href="/login"' in answer.text and text in unescape(answer.text)
    assert 'name="f.plan" value="Typed for an hour &lt;b&gt; &amp; all"' in answer.text
    assert nobody.get(at(made, "monitoring")).status_code == 302 and not stands(made, "monitoring")


def test_somebody_else_who_signed_in_saves_nothing(demo: Flask, made: Made) -> None:
    other = browser(demo, "head-of-office.pacific@example.org")
    data = {"f.plan": "Written by the first", "who": str(writer().id)}
    answer = save(other, made, "monitoring", data)
    assert answer.status_code == 409 and "Written by the first" in answer.text and not stands(made, "monitoring")
    found = other.post(at(made, "monitoring"), data=data, headers={"X-Draft": "1", "If-Match": '"0"'})
    assert found.status_code == 401 and told(found) == {"error": "other"}


def test_a_token_of_an_earlier_signing_in_loses_nothing(
    demo: Flask, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(demo)
    monkeypatch.setitem(demo.config, "WTF_CSRF_ENABLED", True)
    answer = save(client, made, "monitoring", {"f.plan": "Long work", "csrf_token": "stale"})
    assert answer.status_code == 409 and area(answer.text, "plan") == "Long work" and not stands(made, "monitoring")
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token and "You signed in again" in answer.text
    found = draft(client, made, "monitoring", 0, plan="Long work")
    assert found.status_code == 409 and told(found)["error"] == "token"
    sent = {"f.plan": "Long work", "csrf_token": told(found)["token"]}
    assert save(client, made, "monitoring", sent).status_code == 302 and stands(made, "monitoring")
    foreign = client.post(at(made, "monitoring"), data={"f.plan": "x"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 400 and "evil" not in foreign.text
    assert save(demo.test_client(), made, "monitoring", {"f.plan": "Long work"}).status_code == 401
    other = client.post(f"/UPR/proposals/{made.reference[:-3]}999/write/monitoring", data={"f.plan": "x"})
    assert other.status_code == 409 and "csrf" not in other.text.partition("f.plan")[2]


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
