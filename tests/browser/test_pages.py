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
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(visit: Visit, role: str | None, address: str, language: str, width: int) -> None:
    page = visit(role, address, language, width)
    axe(page)
    no_sideways_scroll(page)
    assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    assert page.locator("h1").count() == 1


@every_page
def test_dark(visit: Visit, role: str | None, address: str) -> None:
    axe(visit(role, address, color_scheme="dark"))


@every_page
@pytest.mark.parametrize("language", ["zh", "fr", "ru", "es"])
def test_other_languages_fit_a_small_telephone(visit: Visit, role: str | None, address: str, language: str) -> None:
    no_sideways_scroll(visit(role, address, language, 320))


@every_page
def test_without_javascript(visit: Visit, role: str | None, address: str) -> None:
    page = visit(role, address, java_script_enabled=False)
    assert page.locator("main h1").inner_text()
    page.locator("summary", has_text="English").click()
    page.get_by_role("link", name="Français").click()
    assert page.get_attribute("html", "lang") == "fr"


def test_first_load_is_light(site: Site, visit: Visit) -> None:
    """60 kB compressed with style sheet and scripts, 15 kB for a page after that."""
    page = visit(None, "/login")
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "session", "value": site.cookies["finance-officer"], "url": site.address}])
    first, later = weight(page, site, fresh=True), weight(page, site, fresh=False)
    assert 5_000 < first <= 60_000, first
    assert 0 < later <= 15_000, later


def weight(page: Page, site: Site, *, fresh: bool) -> int:
    """Bytes that come over the wire when the home page opens, in a browser that has been here before or has not."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    if fresh:
        wire.send("Network.clearBrowserCache")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(f"{site.address}/UPR/", wait_until="networkidle")
    wire.detach()
    return int(sum(sizes))
