"""A whole session of the Board in a browser, from its planning to the next one; what somebody who takes no part in a
proposal can open; and what a trustee does, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from browser.board_steps import (
    AFRICAN,
    BELIZE,
    CHAIR,
    EASTERN,
    FOUR,
    FUND,
    GRULAC,
    HERE,
    NAMES,
    NEXT,
    NIGERIA,
    NUMBER,
    OF_NIGERIA,
    OF_URUGUAY,
    OPEN,
    SAID,
    SERBIA,
    URUGUAY,
    WEOG,
    advised,
    asked,
    at,
    conditional,
    decided,
    declared,
    declared_late,
    done,
    follow,
    go,
    look,
    moved,
    on_the_agenda,
    planned,
    prepared,
    press,
    signed_in,
    to_put_before,
    told,
    voted,
    write,
)
from browser.conftest import Site, Visit, visits
from playwright.sync_api import Browser, Page, expect

from fundapp.kernel.clock import today
from fundapp.web.calls import this_year

# --------------------------------------------------------------------------------------------------- the session


@pytest.fixture(scope="module")
def meeting(site: Site, chromium: Browser) -> Iterator[dict[str, Page]]:
    """A session from its planning until its chair has approved the minutes; the page of each who took part."""
    with visits(site, chromium) as visit:
        secretary, desk, officer = (visit(who, "/UPR/") for who in ("secretary", "desk-officer", "approving-officer"))
        prepared(secretary)
        pages = {who: signed_in(visit, who) for who in NAMES}
        for who, page in pages.items():
            declared(page, URUGUAY if who == GRULAC else "")
        asked(pages[AFRICAN], secretary)
        advised(secretary, SERBIA, "support-with-conditions", amount="35000", conditions="Name who keeps the database.")
        advised(secretary, BELIZE, "defer", reasons="The budget has to be made anew.")
        advised(secretary, URUGUAY, "support", amount="31500")
        voting(secretary, pages)
        decided(desk, officer, SERBIA, "approve-with-conditions", amount="35000", **conditional("Name the keeper."))
        decided(secretary, officer, NIGERIA, "approve-with-conditions", amount="40000", **conditional("Name a judge."))
        decided(desk, officer, BELIZE, "defer", shared="The budget has to be made anew.")
        minuted(secretary, pages[CHAIR])
        yield pages | {"secretary": secretary}


def voting(secretary: Page, pages: dict[str, Page]) -> None:
    """Five vote; one declares an interest after it, and is counted no more."""
    moved(secretary, NIGERIA, "40000", "Name who follows the cases.")
    voted(pages[CHAIR], "for")
    look(go(pages[AFRICAN], f"/sessions/{NUMBER}/proposals/{NIGERIA}"), 1280, 360)
    for who in (AFRICAN, GRULAC, EASTERN):
        voted(pages[who], "for")
    voted(pages[WEOG], "against", "Too much for one year.")
    declared_late(pages[EASTERN])
    go(secretary, f"/sessions/{NUMBER}/proposals/{NIGERIA}")
    expect(secretary.get_by_text("counts no more: declared an interest afterwards")).to_be_visible()
    follow(secretary, "Close the vote")
    press(secretary, "Close the vote")
    done(secretary, "3 for, 1 against, 0 abstaining")
    follow(secretary, "Record the advice")
    press(secretary, "Record the advice")
    done(secretary, "By recorded vote: 3 for, 1 against, 0 abstaining")
    look(secretary, 1280, 360)


def minuted(secretary: Page, chair: Page) -> None:
    """The secretary writes what was said and keeps it; the chair approves it, and the session is closed."""
    go(secretary, f"/sessions/{NUMBER}/minutes")
    secretary.get_by_role("link", name=re.compile("^Write a text")).first.click()
    write(secretary, **{f"text_{language}": text for language, text in SAID.items()})
    press(secretary, "Save")
    look(secretary, 1280, 360)
    press(secretary, "Keep these minutes as version 1")
    done(secretary, "The version is kept.")
    go(chair, f"/sessions/{NUMBER}/minutes")
    follow(chair, "Approve")
    look(chair, 1280, 360)
    press(chair, "Approve the minutes")
    done(chair, "Version 1, approved")
    go(secretary, f"/sessions/{NUMBER}")
    expect(secretary.locator(".app-head__sub")).to_contain_text("Session closed")


# --------------------------------------------------------------------------------------------------------- tests

MINUTES = {
    "en": (
        f"Minutes of session {NUMBER}", "Version 1, approved", "The Board adopted its agenda.",
        "The Board supports the proposal with conditions · by consensus", "The Board defers the proposal",
        "The Board supports the proposal with conditions · by a recorded vote", "Approved with conditions",
        "in favour 3, against 1, abstaining 0", f"counted no more for an interest: {NAMES[EASTERN]}",
        f"{NAMES[GRULAC]} (national of the State)", f"{NAMES[EASTERN]} (worked for those who propose it)",
        "Name the keeper.", "Name a judge.",
    ),
    "ar": ("محضر الدورة", "أقر المجلس جدول أعماله", "يرجئ المجلس المقترح", "من رعايا الدولة", "معتمدة"),
    "zh": (
        f"第{NUMBER}届会议记录", "董事会通过了议程", "董事会推迟审议该提案", "该国国民", "第1版，已核准",
        "有条件核准",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", MINUTES)
def test_the_minutes_are_printed_from_the_record(meeting: dict[str, Page], language: str) -> None:
    text = told(meeting["secretary"], f"/board/sessions/{NUMBER}/minutes.pdf?version=1&language={language}")
    for said in MINUTES[language]:
        assert said in text, (said, text[:3000])
    for said in (*FOUR, NAMES[GRULAC], NAMES[EASTERN], "35 000", "40 000", "31 500"):
        assert said in text, (said, text[:3000])


# Every page and file of the Board that a trustee opens, and the lists of all else in which a proposal could stand.
ADDRESSES = (
    "/", "/board", "/board/sessions", "/board/sessions/list.csv", f"/board/sessions/{NUMBER}",
    f"/board/sessions/{NUMBER}/interests", f"/board/sessions/{NUMBER}/participants",
    f"/board/sessions/{NUMBER}/dossier", f"/board/sessions/{NUMBER}/dossier.pdf", f"/board/sessions/{NUMBER}/minutes",
    f"/board/sessions/{NUMBER}/minutes/1", f"/board/sessions/{NUMBER}/minutes.pdf?version=1",
    f"/board/sessions/{NUMBER}/minutes.pdf?version=1&language=zh", f"/board/sessions/{NUMBER}/actions",
    f"/board/sessions/{NUMBER}/session.ics", f"/board/sessions/{OPEN}", f"/board/sessions/{OPEN}/interests",
    "/board/decisions", "/board/decisions/list.csv", "/board/conditions", "/board/conditions/list.csv",
    f"/board/approved/{this_year()}", f"/board/approved/{this_year()}.csv", "/proposals", "/proposals/list.csv",
    "/proposals/board", "/calls/2020-1",
)  # fmt: skip
OF_ONE = (
    f"/board/sessions/{NUMBER}/proposals/%s", f"/board/sessions/{NUMBER}/interests/%s", "/board/decisions/%s",
    "/board/decisions/%s/letter.pdf", "/proposals/%s", "/proposals/%s/text", "/proposals/%s/dossier.pdf",
)  # fmt: skip


@pytest.mark.parametrize(
    ("who", "marks", "search"),
    [(GRULAC, OF_URUGUAY, "atraviesa"), (EASTERN, OF_NIGERIA, "correctional")],
    ids=["recused by nationality", "declared late"],
)
def test_nothing_tells_a_trustee_of_what_they_take_no_part_in(
    meeting: dict[str, Page], who: str, marks: tuple[str, ...], search: str
) -> None:
    page, other = meeting[who], meeting[AFRICAN]
    for address in (*ADDRESSES, f"/proposals?q={search}", f"/board/decisions?q={search}"):
        text = told(page, address)
        found = [mark for mark in marks if mark in text]
        assert not found, (address, found)
    for address in ("/proposals", "/board/decisions"):  # the page repeats what is looked for, and leads nowhere
        assert f"/{marks[0]}" not in told(page, f"{address}?q={marks[0]}")
    for address in OF_ONE:
        answer = page.context.request.get(at(page, FUND + address % marks[0]))
        none = page.context.request.get(at(page, FUND + address % "2020-1-987"))
        assert (answer.status, none.status) == (404, 404), address
    minutes = told(page, f"/board/sessions/{NUMBER}/minutes.pdf?version=1")
    assert f"{NAMES[who]} (" not in minutes  # not even that they took no part
    # and the others, who have no interest in it, read it there
    for address in ("", "/dossier", "/dossier.pdf", "/minutes/1", "/minutes.pdf?version=1"):
        assert marks[0] in told(other, f"/board/sessions/{NUMBER}{address}"), address


def test_what_was_deferred_comes_before_the_next_session(meeting: dict[str, Page]) -> None:
    page = meeting["secretary"]
    planned(page, NEXT, (today() + timedelta(days=14)).isoformat())
    on_the_agenda(page, NEXT, "matters-arising", "Matters arising from the last session")
    on_the_agenda(page, NEXT, "proposals", "Proposals", "2020-1")
    to_put_before(page, NEXT)
    assert page.locator(f'input[name="proposal"][value="{BELIZE}"]').is_checked()
    expect(page.get_by_role("row").filter(has_text=BELIZE)).to_contain_text(f"deferred by session {NUMBER}")
    for box in page.locator(f'input[name="proposal"]:checked:not([value="{BELIZE}"])').all():
        box.uncheck()
    press(page, "Put before the Board")
    done(page, "Put before the Board: 1.")
    expect(page.get_by_role("row").filter(has_text=BELIZE)).to_contain_text(f"deferred by session {NUMBER}")
    look(page, 1280, 360)
    go(page, f"/sessions/{NEXT}/minutes")
    arising = page.locator("main").inner_text()
    for said in (BELIZE, "Name the keeper.", "Name a judge.", "overdue"):
        assert said in arising, said
    follow(go(page, f"/sessions/{NEXT}"), "Open the session")
    press(page, "Open the session")
    done(page, "The session is open: its trustees are told.")
    chair = go(meeting[CHAIR], f"/sessions/{NEXT}/interests")
    expect(chair.locator("main")).to_contain_text(BELIZE)


def test_the_keyboard_alone_declares_and_votes(visit: Visit) -> None:
    """On the session of the demonstration: a trustee declares on two, and votes on one of them in Arabic."""
    first, second = "2020-1-001", "2020-1-002"
    page = visit(EASTERN, f"{HERE}/sessions/{OPEN}/interests")
    tab_to(page, f'input[name="{first}.kind"]')
    page.keyboard.press("Space")
    expect(page.locator(f'input[name="{first}.kind"][value="none"]')).to_be_checked()
    tab_to(page, f'input[name="{second}.kind"]')
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator(f'input[name="{second}.kind"][value="worked-for"]')).to_be_checked()
    tab_to(page, "details:open > summary, summary")  # under it the reason
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Advised the office on its database in 2019.")
    tab_to(page, "main form button[type=submit], main form .govuk-button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").filter(has_text="Open to you")).to_contain_text(first)
    expect(page.locator("main")).not_to_contain_text(second)

    secretary = visit("secretary", f"{HERE}/sessions/{OPEN}")
    moved(secretary, first, "20000", "Name who reports.", OPEN)
    page = visit(EASTERN, f"{HERE}/sessions/{OPEN}/proposals/{first}", language="ar")
    look(page, 1280, 360)
    tab_to(page, 'input[name="choice"]')
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator('input[name="choice"][value="abstain"]')).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("المبلغ كبير")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('input[name="choice"]')).to_have_count(0)
    expect(page.locator("#vote").locator("xpath=..")).to_contain_text("امتناع")


def tab_to(page: Page, where: str) -> None:
    """Press the tabulator until the focus is on something of this kind, which it shows."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("where => document.activeElement.matches(where)", where):
            return
    pytest.fail(f"the tabulator does not come to {where}")
