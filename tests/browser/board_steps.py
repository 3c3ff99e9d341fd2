"""What a secretary, trustees and officers do on the Board's pages, for tests in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from browser.conftest import Visit, axe, no_sideways_scroll
from playwright.sync_api import Page, expect
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
    press(secretary, "Send the answer")
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
