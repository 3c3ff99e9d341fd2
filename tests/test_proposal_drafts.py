"""Two who write at once, drafts that a script saves, sessions that end: nothing that was typed is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from proposing import begun, version_of, write, writer
from written import Made, area, at, browser, draft, kept, save, stands, told

from fundapp.proposals.rules.fields import rows_of


@pytest.fixture
def made(demo: Flask) -> Made:
    """A proposal in which only the State is written."""
    return kept(begun())


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


OWN, OTHERS = "You saved this page in another window", "Somebody else saved this page"


def test_a_clash_with_oneself_is_no_clash_with_somebody_else(demo: Flask, made: Made) -> None:
    """Two windows of one person, with and without a script, on a page, in the budget and among recommendations."""
    mine, theirs = browser(demo), browser(demo, "head-of-office.pacific@example.org")
    save(mine, made, "monitoring", {"f.plan": "One"})
    for client, said, other in ((mine, OWN, OTHERS), (theirs, OTHERS, OWN)):
        page = save(client, made, "monitoring", {"f.plan": "Two"}, 0)
        sent = draft(client, made, "monitoring", 0, plan="Two")
        assert page.status_code == 409 and sent.status_code == 412
        for text in (page.text, told(sent)["html"]):
            assert text.count(said) >= 2 and f'data-clash="{said}' in text
        assert other not in told(sent)["html"] and ("somebody else" in told(sent)["html"]) == (client is theirs)
    for place, data in (("budget", {"lines-0-what": "Two"}), ("recommendations", {"id": "1", "number": "1"})):
        content = {"lines": [{"what": "One"}]} if place == "budget" else {"linked": [{"number": "2", "reason": "x"}]}
        write(made.row, {place: content})
        for client, said, other in ((mine, OWN, OTHERS), (theirs, OTHERS, OWN)):
            sent = client.post(
                at(made, place).replace("/write/", "/"), data=data, headers={"X-Draft": "1", "If-Match": '"0"'}
            )
            assert sent.status_code == 412, sent.text
            assert f'data-clash="{said}' in told(sent)["html"] and other not in told(sent)["html"]


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
