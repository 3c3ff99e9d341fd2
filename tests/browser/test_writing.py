"""Writing a proposal in a real browser: a field officer's path, a line that breaks, two tabs, a session that ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from browser.addresses import THIS_YEAR
from browser.conftest import Site, Visit, axe, no_sideways_scroll
from calls import fund, office
from playwright.sync_api import Page, Route, expect

from fundapp.access.operations import Console
from fundapp.kernel.database import db
from fundapp.kernel.work import unit_of_work
from fundapp.proposals.operations.writing import Beginning, begin_proposal
from fundapp.proposals.queries import named_call
from fundapp.proposals.rules.words import count
from fundapp.web.assemble import create_app

WAIT = 10_000  # milliseconds
Begin = Callable[..., str]


@pytest.fixture
def begin(site: Site) -> Iterator[Begin]:
    """Begin a proposal of the field officer's office: the address of its pages."""
    kept = os.environ.get("FUNDAPP_INSTANCE")
    os.environ["FUNDAPP_INSTANCE"] = site.folder
    try:
        app = create_app(FUNDAPP_MODE="demonstration", TESTING=True)
    finally:
        os.environ.pop("FUNDAPP_INSTANCE") if kept is None else os.environ.update(FUNDAPP_INSTANCE=kept)

    def make(language: str = "en", courtesy: str = "") -> str:
        with app.app_context():
            call = named_call(db.session(), fund(), f"{THIS_YEAR}-1")
            with unit_of_work(Console()) as work:
                made = begin_proposal(work, Beginning(call, office("WAFRICA")), language, courtesy)
                reference = made.reference
            db.session.remove()
        return f"/UPR/proposals/{reference}/write"

    yield make
    with app.app_context():
        db.engine.dispose()


def box(page: Page, name: str) -> str:
    return f'[name="f.{name}"]'


def said(page: Page, state: str) -> None:
    """Wait until the page says so."""
    page.locator(f'[data-draft-said][data-state="{state}"]').wait_for(timeout=WAIT)


def saved(page: Page) -> None:
    """Wait until the server has it: then no copy is left in the browser."""
    said(page, "Saved")
    assert copies(page) == 0


def copies(page: Page) -> int:
    found: int = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length")
    return found


def looked_at(page: Page) -> None:
    axe(page)
    no_sideways_scroll(page)


def test_a_field_officer_writes_in_french(visit: Visit, begin: Begin) -> None:
    where = begin("fr", "en")
    page = visit("field-officer", f"{where}/context", "fr")
    page.locator(box(page, "title")).fill("Un mécanisme national qui fait rapport")
    page.locator(box(page, "problem")).fill("Les rapports arrivent tard : l’État n’a pas de mécanisme.")
    expect(page.locator('[data-words="f.problem"]')).to_contain_text(
        str(count("Les rapports arrivent tard : l’État n’a pas de mécanisme."))
    )
    saved(page)
    looked_at(page)
    page.locator('[name="then"][value="continue"]').click()
    page.wait_for_url("**/recommendations")
    page.locator('button[name="add"]').first.click()
    page.wait_for_url("**/recommendations")
    page.locator('textarea[name^="reason-"]').fill("L’État l’a demandé")
    saved(page)
    page.reload()
    assert page.locator('textarea[name^="reason-"]').input_value() == "L’État l’a demandé"
    looked_at(page)
    page.goto(page.url.partition("/recommendations")[0] + "/write/focus-areas")
    looked_at(page)
    page.locator('[name="f.chosen"]').first.check()
    page.locator('[name="then"][value="continue"]').click()
    page.wait_for_url("**/write/results")
    page.locator(box(page, "outcomes.C1.text")).fill("Les rapports arrivent à temps")
    page.locator('[name="add"][value="outcomes"]').click()
    assert page.evaluate("document.activeElement.name") == "f.outcomes.C2.text"
    page.keyboard.type("Une loi est adoptée")
    page.locator(box(page, "outputs.P1.text")).fill("Un mécanisme")
    page.locator(box(page, "outputs.P1.outcome")).select_option("C2")  # typed a moment ago
    page.context.set_offline(True)
    page.locator(box(page, "indicators.I1.text")).fill("Rapports à temps")
    said(page, "Offline")
    assert copies(page) == 1
    page.locator('[name="then"][value="continue"]').click()  # nothing leads away from what is not sent
    assert page.url.endswith("/write/results")
    page.context.set_offline(False)
    saved(page)
    looked_at(page)
    page.reload()
    assert page.locator(box(page, "indicators.I1.text")).input_value() == "Rapports à temps"
    assert page.locator(box(page, "outputs.P1.outcome")).input_value() == "C2"
    assert page.locator(box(page, "outcomes.C2.text")).input_value() == "Une loi est adoptée"


def test_the_same_in_arabic_on_a_telephone(visit: Visit, begin: Begin) -> None:
    where = begin("ar", "fr")
    page = visit("field-officer", f"{where}/risks", "ar", 360)
    text = "قد تتأخر الانتخابات، و١٢ اجتماعاً"
    page.locator(box(page, "named.R1.text")).fill(text)
    saved(page)
    page.context.set_offline(True)
    page.locator(box(page, "named.R1.measure")).fill("نبدأ مبكراً")
    said(page, "Offline")
    assert copies(page) == 1
    looked_at(page)
    page.locator('[name="then"][value="stop"]').click()  # at the end of a page that is longer than the screen
    expect(page.locator("[data-draft-said]")).to_be_in_viewport()
    page.context.set_offline(False)
    saved(page)
    page.reload()
    assert page.locator(box(page, "named.R1.text")).input_value() == text
    assert page.locator(box(page, "named.R1.measure")).input_value() == "نبدأ مبكراً"
    assert page.locator(box(page, "named.R1.text")).get_attribute("dir") == "rtl"
    for name in ("country", "consent", "focus-areas", "results", "activities", "goals", "gender", "contacts"):
        page.goto(page.url.rpartition("/")[0] + "/" + name)
        looked_at(page)


def test_a_tab_that_is_closed_while_the_line_is_down(visit: Visit, begin: Begin) -> None:
    page = visit("field-officer", f"{begin()}/risks")
    page.route("**/write/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator(box(page, "named.R1.text")).fill("Kept here")
    page.locator('[name="add"][value="named"]').click()
    page.keyboard.type("In a row that the server has never seen")
    said(page, "Offline")
    later = page.context.new_page()
    page.close()
    later.goto(page.url)
    assert later.locator(box(later, "named.R2.text")).input_value() == "In a row that the server has never seen"
    saved(later)
    later.reload()
    assert later.locator(box(later, "named.R2.text")).input_value() == "In a row that the server has never seen"


def test_a_line_on_which_nothing_moves_counts_as_down(visit: Visit, begin: Begin) -> None:
    """A connection that stalls says nothing for minutes: whoever presses the button waits for one at most."""
    page = visit("field-officer", f"{begin()}/risks")
    page.clock.install()
    page.reload()
    stalled: list[Route] = []
    page.route(
        "**/write/**", lambda route: stalled.append(route) if route.request.method == "POST" else route.continue_()
    )
    page.locator(box(page, "named.R1.text")).fill("Said into silence")
    page.clock.run_for(3_000)
    said(page, "Saving")
    page.clock.run_for(61_000)
    said(page, "Offline")
    assert copies(page) == 1
    page.unroute_all(behavior="ignoreErrors")
    page.clock.run_for(61_000)
    saved(page)


def test_an_answer_that_is_lost_is_no_clash(visit: Visit, begin: Begin) -> None:
    """The server has saved, the line broke before it could say so."""
    page = visit("field-officer", f"{begin()}/monitoring")
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/write/**", lose, times=1)
    page.locator(box(page, "plan")).fill("First")
    said(page, "Offline")
    page.locator(box(page, "plan")).fill("First and second")
    saved(page)
    assert lost == [200] and page.locator("[data-clash]").count() == 0
    page.reload()
    assert page.locator(box(page, "plan")).input_value() == "First and second"


def test_two_tabs_see_both_texts(visit: Visit, begin: Begin) -> None:
    first = visit("field-officer", f"{begin()}/monitoring")
    second = first.context.new_page()
    second.goto(first.url)
    first.locator(box(first, "plan")).fill("Of the first tab")
    saved(first)
    second.locator(box(second, "plan")).fill("Of the second tab")
    second.locator("[data-clash]").wait_for()
    shown = second.locator("[data-clash]").inner_text()
    assert "Of the first tab" in shown and "Of the second tab" in shown and "You saved this page in another" in shown
    assert "You saved this page in another window" in second.locator("[data-draft-said]").inner_text()
    looked_at(second)
    second.locator('[data-clash] [value="both"]').check()
    second.locator("[data-clash] button").click()
    second.locator("[data-clash]").wait_for(state="detached", timeout=WAIT)
    assert second.locator(box(second, "plan")).input_value() == "Of the first tab\n\nOf the second tab"
    assert copies(second) == 0


def test_signing_out_in_another_tab_loses_nothing(site: Site, visit: Visit, begin: Begin) -> None:
    page = visit("field-officer", f"{begin()}/monitoring")
    page.context.clear_cookies(name="session")
    page.locator(box(page, "plan")).fill("Typed after the session had ended")
    said(page, "SignedOut")
    looked_at(page)
    assert copies(page) == 1
    other = page.context.new_page()
    enter(site, other, "head-of-office")
    other.goto(f"{site.address}/UPR/")
    page.evaluate("dispatchEvent(new Event('focus'))")
    said(page, "Other")
    assert page.locator(box(page, "plan")).input_value() == "Typed after the session had ended" and copies(page) == 1
    enter(site, other, "field-officer")
    page.evaluate("dispatchEvent(new Event('focus'))")
    saved(page)
    page.reload()
    assert page.locator(box(page, "plan")).input_value() == "Typed after the session had ended"


def enter(site: Site, page: Page, person: str) -> None:
    """Somebody has signed in in this browser: with a session of their own."""
    page.context.add_cookies([{"name": "session", "value": site.cookies[person], "url": site.address}])


def test_without_javascript_the_text_survives_too(visit: Visit, begin: Begin, site: Site) -> None:
    page = visit("field-officer", f"{begin()}/monitoring", java_script_enabled=False)
    page.locator(box(page, "plan")).fill("Typed without a script")
    session = [one for one in page.context.cookies() if one["name"] == "session"]
    page.context.clear_cookies(name="session")
    page.locator('[name="then"][value="continue"]').click()
    assert "Typed without a script" in page.locator("main").inner_text()
    page.context.add_cookies([{"name": "session", "value": session[0]["value"], "url": site.address}])
    page.locator("main form button").click()
    if page.locator(box(page, "plan")).count():  # the form was of another session: looked at once more
        assert page.locator(box(page, "plan")).input_value() == "Typed without a script"
        page.locator('[name="then"][value="check"]').click()
    assert page.locator(".govuk-error-summary").count() == 0
    page.goto(page.url.partition("/write/")[0] + "/write/monitoring" if "/write/" in page.url else page.url)


TEXTS = (
    "a — b c—d «mot» mot : 10 000", "中文，全角“引号”…abc 1.23", "قال: «نعم»؛ ١٢٣ ٪",
    "e\u0301 \u200b x\u00a0y 5\u00a0% — –",
    "http://x.y/z - & \t\n\n$ ‘a’ “b”", "한국어 단어 ひらがな 。", "😀 👨‍👩‍👧 ok", "",
)  # fmt: skip


def test_words_are_counted_as_the_server_counts_them(visit: Visit, begin: Begin) -> None:
    page = visit("field-officer", f"{begin()}/monitoring")
    for text in TEXTS:
        page.locator(box(page, "plan")).fill(text)
        assert page.locator('[data-words="f.plan"]').inner_text() == f"Words: {count(text)} of 300", text
