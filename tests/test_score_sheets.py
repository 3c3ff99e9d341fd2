"""The reviewer's side of scoring: a desk, sheets that save themselves and are given whole, what others see of them."""

from __future__ import annotations

import json
import random
import subprocess
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from calls import someone
from flask import Flask
from flask.testing import FlaskClient
from proposing import head
from scoring import CODES, WHY, assigned, eligible, given, opened_round, reviewers
from visiting import as_a, statements, text_of

from conftest import ROOT
from fundapp.access.models import Person
from fundapp.access.policy import Role
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.models import Proposal, ProposalVersion
from fundapp.scoring.models import Assignment, ScoreDraft, ScoreSheet
from fundapp.scoring.operations.assigning import recuse_reviewer
from fundapp.scoring.operations.sheets import reopen_sheet
from fundapp.scoring.rules.scales import Scale
from fundapp.scoring.rules.sheets import Filled, gaps, own_total

HERE = "/UPR/scoring"
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def one_click(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration's people sign in without proof."""
    if "shown" in request.fixturenames:
        monkeypatch.setitem(request.getfixturevalue("shown").config, "FUNDAPP_DEMONSTRATION", True)


def signed_in_as(app: Flask, person: Person) -> FlaskClient:
    """A browser of somebody who has no button to sign in by."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = person.fs_uniquifier, True
    return client


def typed(version: int, steps: dict[str, str] | str = "3", **more: Any) -> dict[str, Any]:
    """A sheet as its page sends it."""
    chosen = steps if isinstance(steps, dict) else dict.fromkeys(CODES, steps)
    found: dict[str, Any] = {f"{code}.step": step for code, step in chosen.items()}
    found |= {f"{code}.reason": WHY for code in chosen}
    found |= {f"{code}.apart": WHY for code in chosen}
    return found | {"version": str(version), "who": "", "seen": str(seen())} | more


def seen() -> int:
    """The last version of the first proposal that is scored."""
    key = eligible()[0].id
    asked = sa.select(sa.func.max(ProposalVersion.number)).where(ProposalVersion.proposal_id == key)
    return db.session.scalar(asked) or 0


def the_sheet() -> str:
    return f"{HERE}/sheets/{eligible()[0].reference}"


def standing() -> Assignment:
    return db.session.scalars(sa.select(Assignment).order_by(Assignment.id).limit(1)).one()


# --------------------------------------------------------------------------------------------------------------- pages


def test_the_desk_tells_what_is_mine_and_asks_little(shown: Flask) -> None:
    client = as_a(shown, "reviewer")
    assert "Nothing is yours to score" in text_of(client, f"{HERE}/mine")
    opened_round()
    for one in eligible():
        assigned(one, reviewers(1)[0])
    given(db.session.get_one(Assignment, standing().id))
    number, told = len(eligible()) - 1, text_of(client, "/UPR/")
    assert f"Give {number} score sheet" in told
    client.get(f"{HERE}/mine")
    with statements() as asked:
        page = text_of(client, f"{HERE}/mine")
    assert len(asked) <= 4, asked
    assert f"{len(eligible()) - 1} sheets to give" in page
    assert all(one.reference in page.replace("<wbr>", "") for one in eligible())


def test_a_sheet_lays_evidence_beside_each_criterion_and_fills_nothing_in(shown: Flask) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    client, address = as_a(shown, "reviewer"), the_sheet()
    client.get(address)
    with statements() as asked:
        page = text_of(client, address)
    assert len(asked) <= MOST_QUERIES, [one[:90] for one in asked]
    assert page.count('class="app-crit"') == 5 and " checked" not in page
    assert page.count("How was this suggested?") == 5
    assert all(f'name="{code}.reason"' in page for code in CODES)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REVIEWER])
def test_nobody_else_scores(shown: Flask, role: Role) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    client = as_a(shown, role.value)
    for path in ("/mine", f"/sheets/{eligible()[0].reference}", f"/sheets/{eligible()[0].reference}/abstain"):
        assert client.get(HERE + path).status_code == 403, path
    assert client.post(the_sheet(), data=typed(0, then="give")).status_code == 403


def test_what_is_not_mine_to_score_is_not_there(shown: Flask) -> None:
    opened_round()
    mine, other = (one.reference for one in eligible()[:2])
    assigned(eligible()[0], reviewers(1)[0])
    client = as_a(shown, "reviewer")
    for reference in (other, "2026-1-999", "nonsense"):
        assert client.get(f"{HERE}/sheets/{reference}").status_code == 404
        assert client.get(f"/UPR/proposals/{reference}").status_code == 404
    assert client.get(f"/UPR/proposals/{mine}").status_code == 200


# -------------------------------------------------------------------------------------------------------------- saving


def as_draft(client: FlaskClient, version: int, **data: Any) -> Any:
    headers = {"X-Draft": "1", "Accept": "application/json", "If-Match": f'"{version}"'}
    return client.post(the_sheet(), data=typed(version, **data), headers=headers)


def test_a_sheet_saves_itself_and_says_what_became_of_it(shown: Flask) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    client = as_a(shown, "reviewer")
    first = as_draft(client, 0)
    assert first.status_code == 200 and first.json["version"] == 1
    assert as_draft(client, 0).status_code == 200  # word for word what stands there
    clash = as_draft(client, 0, steps={CODES[0]: "1"})
    assert clash.status_code == 412 and clash.json["version"] == 1
    assert "As you wrote it here" in clash.json["html"] and f'name="choose.{CODES[0]}.step"' in clash.json["html"]
    second = as_draft(client, 1, steps={CODES[0]: "1"})
    assert second.status_code == 200
    content = db.session.scalars(sa.select(ScoreDraft)).one().content
    assert content[CODES[0]]["step"] == "1" and content[CODES[1]]["step"] == ""
    assert as_draft(client, 2, who="1").status_code == 401
    assert as_draft(shown.test_client(), 2).status_code == 401
    long = as_draft(client, 2, **{f"{CODES[0]}.reason": "x" * 4_001})
    assert long.status_code == 422 and "at most 2" in long.json["reasons"][0]


def test_two_tabs_lose_nothing(shown: Flask) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    client = as_a(shown, "reviewer")
    assert client.post(the_sheet(), data=typed(0, "2", then="stop")).status_code == 302
    late = client.post(the_sheet(), data=typed(0, "4", then="stop"))
    assert late.status_code == 409 and "saved from another page" in late.text
    assert f'id="{CODES[0]}.step" name="{CODES[0]}.step" type="radio" value="4" checked' in late.text
    chosen = {f"choose.{CODES[0]}.step": "theirs"}
    assert client.post(the_sheet(), data=typed(1, "4", then="save", **chosen)).status_code == 302
    content = db.session.scalars(sa.select(ScoreDraft)).one().content
    assert (content[CODES[0]]["step"], content[CODES[1]]["step"]) == ("2", "4")


def test_a_page_that_is_sent_after_signing_out_gives_the_text_back(shown: Flask) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    answer = shown.test_client().post(the_sheet(), data=typed(0, **{f"{CODES[0]}.reason": "Not to be lost."}))
    assert answer.status_code == 401 and "Not to be lost." in answer.text


# -------------------------------------------------------------------------------------------------------------- giving


def test_a_sheet_with_gaps_says_each_beside_its_criterion_and_is_saved_all_the_same(shown: Flask) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    client = as_a(shown, "reviewer")
    steps = dict.fromkeys(CODES, "3") | {CODES[0]: "", CODES[2]: "na", CODES[3]: "9"}
    answer = client.post(the_sheet(), data=typed(0, steps, then="give", **{f"{CODES[4]}.reason": "no"}))
    assert answer.status_code == 422
    for said in (
        "blank is not zero",
        "“not applicable” is not allowed",
        "a step from 0 to 4",
        "at least 10 characters",
    ):
        assert said in answer.text, said
    assert db.session.scalar(sa.select(ScoreSheet.id)) is None
    assert db.session.scalars(sa.select(ScoreDraft)).one().content[CODES[1]]["step"] == "3"


def test_a_sheet_is_given_once(shown: Flask) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    client = as_a(shown, "reviewer")
    done = client.post(the_sheet(), data=typed(0, then="give"))
    assert done.status_code == 302 and done.location.endswith(f"/{reviewers(1)[0].id}")
    page = text_of(client, done.location)
    assert "75.00" in page and WHY in page
    assert client.get(the_sheet()).location == done.location
    again = client.post(the_sheet(), data=typed(1, "1", then="give"))
    assert again.status_code == 409 and "given already" in again.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ScoreSheet)) == 1


def test_a_sheet_made_on_an_older_version_is_not_given(shown: Flask) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    answer = as_a(shown, "reviewer").post(the_sheet(), data=typed(0, then="give", seen="0"))
    assert answer.status_code == 409 and "A newer version" in answer.text


def test_others_sheets_are_hidden_until_ones_own_is_given(shown: Flask) -> None:
    opened_round()
    me, other = reviewers(2)
    mine, name, own = assigned(eligible()[0], me).id, other.name, f"{the_sheet()}/{me.id}"
    address = f"{the_sheet()}/{given(assigned(eligible()[0], other), 1).person_id}"
    client = as_a(shown, "reviewer")
    assert client.get(address).status_code == 404
    assert name not in text_of(client, the_sheet())
    given(db.session.get_one(Assignment, mine), 4)
    assert client.get(address).status_code == 200
    assert name in text_of(client, own)
    with unit_of_work(someone(Role.SECRETARY)) as work:
        reopen_sheet(work, work.session.get_one(Assignment, mine), "It was given too early.")
    assert client.get(address).status_code == 404  # or it would be filled in with the other's beside it


def test_others_sheets_stay_hidden_where_the_round_says_so(shown: Flask) -> None:
    opened_round(shows_others=False)
    me, other = reviewers(2)
    name, own, theirs = other.name, f"{the_sheet()}/{me.id}", f"{the_sheet()}/{other.id}"
    given(assigned(eligible()[0], me))
    given(assigned(eligible()[0], other), 1)
    client = as_a(shown, "reviewer")
    assert client.get(theirs).status_code == 404
    assert name not in text_of(client, own)
    assert name in text_of(as_a(shown, "secretary"), own)


def test_an_office_never_sees_a_sheet(shown: Flask) -> None:
    opened_round()
    proposal = eligible()[0]
    given(assigned(proposal, reviewers(1)[0]))
    client = signed_in_as(shown, head())
    assert client.get(f"{HERE}/sheets/{proposal.reference}/{reviewers(1)[0].id}").status_code == 403


def test_the_secretary_opens_a_sheet_again_with_a_reason(shown: Flask) -> None:
    opened_round()
    made = given(assigned(eligible()[0], reviewers(1)[0]))
    address = f"{HERE}/sheets/{eligible()[0].reference}/{made.person_id}"
    client = as_a(shown, "secretary")
    assert client.post(f"{address}/reopen", data={"reason": " "}).status_code == 422
    assert client.post(f"{address}/reopen", data={"reason": "Two lines were mixed up."}).status_code == 302
    page = text_of(client, address)
    assert "The sheet was opened again" in page and "Two lines were mixed up." in page
    assert client.get(f"{address}/reopen").status_code == 404
    assert as_a(shown, "desk-officer").get(f"{address}/reopen").status_code == 403
    mine = as_a(shown, "reviewer")
    assert mine.post(the_sheet(), data=typed(0, "1", then="give")).status_code == 302
    assert "Earlier sheet" in text_of(client, address)


def test_stepping_aside_takes_the_proposal_away(shown: Flask) -> None:
    opened_round()
    assigned(eligible()[0], reviewers(1)[0])
    client = as_a(shown, "reviewer")
    address = f"{the_sheet()}/abstain"
    assert "not there for you any more" in text_of(client, address)
    assert client.post(address, data={"reason": "short"}).status_code == 422
    assert client.post(address, data={"reason": "My sister works for the ministry."}).status_code == 302
    for path in (the_sheet(), address, f"/UPR/proposals/{eligible()[0].reference}"):
        assert client.get(path).status_code == 404, path
    assert eligible()[0].reference not in text_of(client, f"{HERE}/mine")


def test_a_recused_secretary_does_not_see_the_sheets(shown: Flask) -> None:
    opened_round()
    proposal = eligible()[0]
    key, desk = proposal.id, someone(Role.DESK_OFFICER).id
    address = f"{the_sheet()}/{given(assigned(proposal, reviewers(1)[0])).person_id}"
    client = as_a(shown, "desk-officer")
    assert client.get(address).status_code == 200
    with unit_of_work(someone(Role.SECRETARY)) as work:
        one = work.session.get_one(Proposal, key)
        recuse_reviewer(work, one, work.session.get_one(Person, desk), "It is of a former office.")
    assert client.get(address).status_code == 404


# --------------------------------------------------------------------------------------------------------------- total


def scale(code: str, weight: int, lowest: int, highest: int, may_skip: bool = True) -> Scale:
    return Scale(0, code, {}, {}, weight, lowest, highest, may_skip, None, {})


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (["4", "4"], Decimal("100.00")),
        (["0", "0"], Decimal("0.00")),
        (["2", ""], Decimal("50.00")),
        (["2", "na"], Decimal("50.00")),
        (["", ""], None),
        (["na", "na"], None),
        (["1", "3"], Decimal("45.00")),
        (["9", "3"], Decimal("75.00")),
    ],
)
def test_the_own_total_leaves_out_what_is_blank_or_not_applicable(steps: list[str], said: Decimal | None) -> None:
    scales = [scale("a", 60, 0, 4), scale("b", 40, 0, 4)]
    assert own_total(scales, {"a": Filled(steps[0]), "b": Filled(steps[1])}) == said


def test_a_blank_sheet_has_a_gap_for_each_criterion() -> None:
    assert [one.code for one in gaps([scale("a", 60, 0, 4), scale("b", 40, 0, 4)], {}, {})] == ["sheet.blank"] * 2


def test_the_page_and_the_server_add_up_alike(shown: Flask) -> None:
    """The script in node, beside the rule, on a thousand invented sheets."""
    chance = random.Random(5)
    sheets = []
    for _ in range(1_000):
        scales = [scale(str(n), chance.randint(1, 60), low := chance.randint(0, 2), low + chance.randint(1, 7))
                  for n in range(5)]  # fmt: skip
        sheets.append([(one, chance.choice([None, *one.steps])) for one in scales])
    sent = [
        [{"step": step, "weight": one.weight, "lowest": one.lowest, "highest": one.highest} for one, step in sheet]
        for sheet in sheets
    ]
    source = (ROOT / "fundapp" / "web" / "assets" / "scores.js").read_text("utf-8")
    script = (
        f"import {{ total }} from 'data:text/javascript,{quote(source)}';"
        "const sheets = JSON.parse(await new Response(process.stdin).text());"
        "console.log(JSON.stringify(sheets.map(total)))"
    )
    command = ["node", "--no-warnings", "--input-type=module", "--eval", script]
    done = subprocess.run(command, input=json.dumps(sent), capture_output=True, text=True, check=True, cwd=ROOT)
    filled = [{one.code: Filled("na" if step is None else str(step)) for one, step in sheet} for sheet in sheets]
    ours = [own_total([one for one, _ in sheet], said) for sheet, said in zip(sheets, filled, strict=True)]
    assert json.loads(done.stdout) == [None if one is None else int(one * 100) for one in ours]
