"""A whole session of the Board in a browser, from its planning to the next one; what somebody who takes no part in a
proposal can open; and what a trustee does, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from browser.conftest import Site, Visit, axe, no_sideways_scroll, visits
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from fundapp.kernel.clock import today
from fundapp.web.calls import this_year

FUND, HERE = "/UPR", "/UPR/board"
OPEN = 14 + 2 * (this_year() - 2020)  # the demonstration's session that is open
NUMBER, NEXT = OPEN + 1, OPEN + 2
BELIZE, NIGERIA, SERBIA, URUGUAY = (f"2020-1-{number}" for number in ("003", "018", "022", "027"))
FOUR = (BELIZE, NIGERIA, SERBIA, URUGUAY)
CHAIR, AFRICAN, GRULAC, WEOG, EASTERN = (
    "trustee", "trustee.african", "trustee.grulac", "trustee.weog", "trustee.eastern",
)  # fmt: skip
NAMES = {
    CHAIR: "سلمى الحداد",
    AFRICAN: "Wanjiru Kamande",
    GRULAC: "Gastón Berrutti",
    WEOG: "Maëlle Thévenin",
    EASTERN: "Ксения Ставрова",
}
# What tells of a proposal: its reference, its title, what it asks for, what the Board advised to pay.
OF_URUGUAY = (URUGUAY, "atraviesa el cambio", "59 217", "59217", "31 500", "31500")
OF_NIGERIA = (NIGERIA, "sentencing and correctional", "45 640", "45640", "40 000", "40000")
SAID = {
    "en": f"The Board adopted its agenda.\n\nOn {URUGUAY} it heard the office.\n\nOn {SERBIA} it heard the adviser.",
    "ar": "أقر المجلس جدول أعماله.",
    "zh": "董事会通过了议程。",
}


def look(page: Page, *widths: int) -> None:
    """What every page must be, at each of these widths."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def at(page: Page, address: str) -> str:
    """An address of the site that the page is of."""
    return re.sub(r"^(https?://[^/]+).*", r"\1", page.url) + address


def go(page: Page, address: str, status: int = 200) -> Page:
    answer = page.goto(at(page, HERE + address))
    assert answer and answer.status == status, (address, answer and answer.status)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def done(page: Page, said: str) -> None:
    expect(page.locator("main").get_by_text(said).first).to_be_visible()


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').check()


def write(page: Page, **said: str) -> None:
    for name, text in said.items():
        page.locator(f'[name="{name}"]').fill(text)


def signed_in(visit: Visit, who: str) -> Page:
    """The page of one of the demonstration's people, who signs in as a visitor does."""
    page = visit(None, "/login")
    page.get_by_role("listitem").filter(has_text=NAMES[who]).get_by_role("button").click()
    page.wait_for_url("**/UPR/**")
    return page


# ------------------------------------------------------------------------------------------------- the secretary


def planned(page: Page, number: int, day: str) -> None:
    """A session of one day, online, with the number that is offered."""
    go(page, "/sessions/new")
    expect(page.get_by_label("Number for UPR")).to_have_value(str(number))
    write(page, since=day)
    page.get_by_label("How the Board meets").select_option("online")
    press(page, "Plan the session")
    done(page, "The session is planned.")


def on_the_agenda(page: Page, number: int, kind: str, title: str, call: str = "") -> None:
    go(page, f"/sessions/{number}/items/new")
    page.get_by_label("What it is about").select_option(kind)
    write(page, name_en=title)
    if call:
        page.get_by_label("For which fund").select_option(label="UPR")
        page.get_by_label("Call", exact=True).select_option(label=call)
    press(page, "Save")
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def to_put_before(page: Page, number: int) -> None:
    """The page on which proposals are chosen, of the item under which they are."""
    go(page, f"/sessions/{number}")
    page.goto(at(page, page.locator('a[href$="/proposals"][href*="/items/"]').first.get_attribute("href") or ""))


def prepared(page: Page) -> None:
    """Four proposals leave the session that is open for one of today."""
    go(page, f"/sessions/{OPEN}")
    for reference in FOUR:
        to_put_before(page, OPEN)
        page.get_by_role("row").filter(has_text=reference).get_by_role("button").click()
        done(page, f"{reference} is not before this session any more.")
    planned(page, NUMBER, today().isoformat())
    on_the_agenda(page, NUMBER, "policy", "Adoption of the agenda")
    on_the_agenda(page, NUMBER, "proposals", "Proposals", "2020-1")
    to_put_before(page, NUMBER)
    for box in page.locator('input[name="proposal"]:checked').all():
        box.uncheck()
    for reference in FOUR:
        page.locator(f'input[name="proposal"][value="{reference}"]').check()
    look(page, 1280, 360)
    press(page, "Put before the Board")
    done(page, "Put before the Board: 4.")
    look(page, 1280, 360)
    follow(page, "Open the session")
    press(page, "Open the session")
    done(page, "The session is open: its trustees are told.")
    for box in go(page, f"/sessions/{NUMBER}/participants").locator('select[name^="presence-"]').all():
        box.select_option("present")
    press(page, "Note who is present")
    done(page, "5")


def advised(page: Page, reference: str, outcome: str, **said: str) -> None:
    """The Board's advice by consensus."""
    go(page, f"/sessions/{NUMBER}/proposals/{reference}")
    follow(page, "Record the advice")
    choose(page, "way", "consensus")
    choose(page, "outcome", outcome)
    write(page, **said)
    press(page, "Record the advice")
    done(page, "By consensus")


def moved(page: Page, reference: str, amount: str, motion: str, number: int = NUMBER) -> None:
    """An advice is put to the vote."""
    go(page, f"/sessions/{number}/proposals/{reference}")
    follow(page, "Put it to the vote")
    choose(page, "outcome", "support-with-conditions")
    write(page, amount=amount, motion=motion)
    press(page, "Open the vote")
    done(page, "The vote is open")


# -------------------------------------------------------------------------------------------------- the trustees


def declared(page: Page, national: str = "") -> None:
    """They declare on all four at once: an interest where the program proposes it, and none in the others."""
    go(page, f"/sessions/{NUMBER}")
    expect(page.get_by_text("4 proposals wait for you to declare your interest")).to_be_visible()
    follow(page, "Declare interests")
    for reference in FOUR:
        proposed = page.locator(f'input[name="{reference}.kind"][value="nationality"]')
        if reference == national:
            expect(proposed).to_be_checked()
        else:
            expect(proposed).to_have_count(0)
            choose(page, f"{reference}.kind", "none")
    look(page, 360) if national else None
    press(page, "Declare")
    done(page, "You have declared on every proposal")


def asked(page: Page, secretary: Page) -> None:
    """A question, its answer, and who reads it."""
    go(page, f"/sessions/{NUMBER}/proposals/{SERBIA}")
    page.get_by_label("Your question").fill("Who keeps the database afterwards?")
    press(page, "Ask")
    done(page, "not answered yet")
    go(secretary, f"/sessions/{NUMBER}/proposals/{SERBIA}")
    secretary.locator("#questions").locator("xpath=..").get_by_role("link", name=re.compile("^Answer")).click()
    write(secretary, text="The ministry does, from the second year.")
    press(secretary, "Answer")
    done(secretary, "The ministry does, from the second year.")
    page.reload()
    expect(page.get_by_text("The ministry does, from the second year.")).to_be_visible()


def voted(page: Page, choice: str, reason: str = "") -> None:
    go(page, f"/sessions/{NUMBER}/proposals/{NIGERIA}")
    choose(page, "choice", choice)
    write(page, reason=reason)
    press(page, "Vote")
    done(page, "You voted:")


def declared_late(page: Page) -> None:
    """An interest is declared after the vote was given: from then on the proposal is not there."""
    go(page, f"/sessions/{NUMBER}/proposals/{NIGERIA}")
    follow(page, "Declare an interest")
    expect(page.get_by_text("A vote that was given before counts no more")).to_be_visible()
    look(page, 1280, 360)
    choose(page, "kind", "worked-for")
    press(page, "Declare")
    expect(page.get_by_role("alert")).to_be_visible()  # the interest has to be said
    write(page, reason="Worked for the office until last year.")
    press(page, "Declare")
    expect(page.locator("main")).not_to_contain_text(NIGERIA)
    go(page, f"/sessions/{NUMBER}/proposals/{NIGERIA}", 404)


# ---------------------------------------------------------------------------------------------------- decisions


def decided(preparer: Page, officer: Page, reference: str, outcome: str, **said: str) -> None:
    """One prepares the decision, another takes it."""
    go(preparer, f"/decisions/{reference}")
    follow(preparer, "Prepare a decision")
    choose(preparer, "outcome", outcome)
    if "text_1" in said:
        preparer.locator('[name="owner_1"]').select_option("office")
        preparer.locator('[name="before_1"]').check()
    write(preparer, **said)
    press(preparer, "Save what is prepared")
    done(preparer, "A decision is prepared and waits to be taken")
    go(officer, f"/decisions/{reference}")
    follow(officer, "Look at it and decide")
    if outcome != "defer":
        look(officer, 1280, 360)
    press(officer, "Take this decision")
    expect(officer.get_by_role("heading", name="The decision", exact=True)).to_be_visible()


def conditional(text: str) -> dict[str, str]:
    return {"text_1": text, "due_1": (today() + timedelta(days=60)).isoformat(), "shared": f"Supported. {text}"}


# -------------------------------------------------------------------------------------------------------- files


def plain(text: str) -> str:
    """In one line, every space a plain one, without marks of direction."""
    return " ".join(re.sub(r"[\u2066-\u2069\u200e\u200f\u2060\u00ad]", "", text).split())


def told(page: Page, address: str) -> str:
    """What is at an address of the fund, as whoever the page is of gets it: a page with its source, or the words of a
    file."""
    answer = page.context.request.get(at(page, FUND + address))
    assert answer.ok, (address, answer.status)
    if "pdf" in answer.headers["content-type"]:
        return plain("\n".join(one.extract_text() for one in PdfReader(BytesIO(answer.body())).pages))
    return plain(answer.text())


# --------------------------------------------------------------------------------------------------- the session


@pytest.fixture(scope="module")
def held(site: Site, chromium: Browser) -> Iterator[dict[str, Page]]:
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
    expect(secretary.locator(".app-head__sub")).to_contain_text("Closed")


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
def test_the_minutes_are_printed_from_the_record(held: dict[str, Page], language: str) -> None:
    text = told(held["secretary"], f"/board/sessions/{NUMBER}/minutes.pdf?version=1&language={language}")
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
    held: dict[str, Page], who: str, marks: tuple[str, ...], search: str
) -> None:
    page, other = held[who], held[AFRICAN]
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


def test_what_was_deferred_comes_before_the_next_session(held: dict[str, Page]) -> None:
    page = held["secretary"]
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
    chair = go(held[CHAIR], f"/sessions/{NEXT}/interests")
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
