"""Every page in English and Arabic, on a desk and on a telephone, in the dark and without JavaScript."""

from __future__ import annotations

import pytest
from browser.addresses import ADDRESSES
from browser.conftest import Site, Visit, axe, no_sideways_scroll
from playwright.sync_api import Page

NAMES = [f"{role or 'nobody'} {address}" for role, address in ADDRESSES]
every_page = pytest.mark.parametrize(("role", "address"), ADDRESSES, ids=NAMES)


@every_page
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(visit: Visit, role: str | None, address: str, language: str) -> None:
    """At 1280 and 360 pixels; the dark is the same page in other colours."""
    page = visit(role, address, language)
    assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    assert page.locator("h1").count() == 1
    axe(page)
    no_sideways_scroll(page)
    if language == "en":
        page.emulate_media(color_scheme="dark")
        axe(page)
    page.set_viewport_size({"width": 360, "height": 740})
    axe(page)
    no_sideways_scroll(page)


@every_page
def test_other_languages_fit_a_small_telephone(visit: Visit, role: str | None, address: str) -> None:
    page = visit(role, address, "zh", 320)
    for language in ("zh", "fr", "ru", "es"):
        page.goto(f"{page.url.partition('?')[0]}?lang={language}")
        no_sideways_scroll(page)


@every_page
def test_without_javascript(visit: Visit, role: str | None, address: str) -> None:
    page = visit(role, address, java_script_enabled=False)
    title = page.locator("main h1").inner_text()
    page.locator(".app-menu summary", has_text="English").click()  # forms name languages too
    page.locator(".app-menu").get_by_role("link", name="Français").click()  # files are offered in languages too
    assert page.get_attribute("html", "lang") == "fr"
    assert page.locator("main h1").inner_text()
    assert title


def test_axe_is_awake(visit: Visit) -> None:
    """A planted fault is found: the check that finds nothing elsewhere can find something."""
    page = visit(None, "/help")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_the_keyboard_goes_everywhere(visit: Visit) -> None:
    """The first stop skips to the page itself; a menu opens, closes and gives the focus back."""
    page = visit("auditor", "/UPR/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("summary", has_text="UPR").focus()
    page.keyboard.press("Enter")
    assert page.locator("details.app-menu[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("details.app-menu[open]").count() == 0
    assert "UPR" in page.evaluate("document.activeElement.innerText")


def test_the_fund_changes_and_the_page_stays(visit: Visit) -> None:
    page = visit("auditor", "/UPR/finance/statement?year=2020")
    page.locator("summary", has_text="UPR").click()
    page.get_by_role("link", name="AHA").click()
    assert page.url.endswith("/AHA/finance/statement?year=2020")


def test_first_load_is_light(site: Site, visit: Visit) -> None:
    """60 kB compressed with style sheet and scripts, 15 kB for a page after that."""
    page = visit(None, "/login")
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "session", "value": site.cookies["finance-officer"], "url": site.address}])
    first = weight(page, f"{site.address}/UPR/", fresh=True)
    assert 5_000 < first <= 60_000, first
    for address in ("/UPR/", "/UPR/finance/statement", "/UPR/finance/contributions", "/UPR/finance/tie-out"):
        later = weight(page, site.address + address, fresh=False)
        assert 0 < later <= 15_000, (address, later)


def weight(page: Page, address: str, *, fresh: bool) -> int:
    """Bytes that come over the wire when a page opens, in a browser that has been here before or has not."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    if fresh:
        wire.send("Network.clearBrowserCache")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    wire.detach()
    return int(sum(sizes))
